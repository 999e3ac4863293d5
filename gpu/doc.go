// Package gpu runs Metal compute kernels: on the GPU of a Mac and, with the same code, on a device
// made of the processor everywhere else.
//
//	dev, err := gpu.Open()
//	lib, err := dev.Compile(source)
//	saxpy, err := lib.Pipeline("saxpy")
//	y, err := gpu.From(dev, []float32{1, 2, 3})
//	x, err := gpu.From(dev, []float32{4, 5, 6})
//	queue, err := dev.Queue()
//	err = queue.Run(ctx, saxpy, gpu.D1(3), y, x, float32(2))
//	fmt.Println(y.Slice())
//
// A [Device] makes everything else. A [Library] holds compiled MSL, a [Pipeline] one kernel of it
// that is ready to launch. A [Buffer] is memory, and [Of] a typed view of one; a [Texture] is an
// image and a [Sampler] a way to read one. A [Queue] runs
// [Commands], which an [Encoder] (launches) and a [Copier] (copies) record. [Queue.Run] does all
// of that for one launch. Package dispatch is for launching the same kernels again and again.
//
// # Ends
//
// What a function returns is the caller's to Close. Close may be called twice, and on nil. It
// never waits: what is in flight keeps what it needs until the device is done, and what a device or
// library has made stays usable after its Close; Commands, though, need their queue until Submit.
// What is closed gives [ErrClosed] to new uses. An object that is collected without a Close is freed then, and told of to the logger of
// [SetLogger]; a buffer whose bytes were handed out by [Buffer.Bytes] or [Of.Slice] is not freed,
// since the slice may be in use.
//
// # Errors
//
// Every launch is checked against the limits of the kernel and the device, and what is bound
// against the kernel's arguments. What does not pass is a [*LaunchError], and nothing of its
// Commands reaches the device. Methods of an Encoder and a Copier return nothing: the first error
// stays and comes back from Finish and from [Commands.Submit]. A method called after Finish
// panics, as the mistake is in the program. A failure on the device is a [*CommandError] from the
// wait, with one of the sentinels under it. A source that does not compile is a [*CompileError].
//
// # Waiting
//
// A wait ends with the work, or with its context. The end of a context stops the waiting, not the
// device: Metal cannot recall what was committed.
//
// # Concurrency
//
//	Device, Queue, Library, Function, Pipeline   any goroutine
//	Buffer, Of, Memory, Texture                  any goroutine; the bytes are guarded by nothing
//	Sampler, Heap                                any goroutine
//	Fence, Event, SharedEvent                    any goroutine
//	Commands                                     one goroutine records and submits; any waits
//	Encoder, Copier                              one goroutine, that of their Commands
package gpu
