package gpu_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/aruminium-go/aruminium/gpu"
)

// exampleSource is the MSL of the examples.
const exampleSource = `
#include <metal_stdlib>
using namespace metal;

kernel void saxpy(device float *y [[buffer(0)]],
                  device const float *x [[buffer(1)]],
                  constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}

kernel void square(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) {
    a[id] = a[id] * a[id];
}

kernel void reverse(device uint *a [[buffer(0)]],
                    threadgroup uint *t [[threadgroup(0)]],
                    uint id [[thread_index_in_threadgroup]],
                    uint size [[threads_per_threadgroup]]) {
    t[id] = a[id];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    a[id] = t[size - 1 - id];
}
`

// must keeps the examples short; a program handles its errors.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// The whole way, from the device to the result.
func Example() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	saxpy := must(lib.Pipeline("saxpy"))
	defer saxpy.Close()

	y := must(gpu.From(dev, []float32{1, 2, 3}))
	defer y.Close()
	x := must(gpu.From(dev, []float32{4, 5, 6}))
	defer x.Close()
	check(queue.Run(context.Background(), saxpy, gpu.D1(3), y, x, float32(2)))
	fmt.Println(y.Slice())
	// Output: [9 12 15]
}

func ExampleOpen() {
	dev, err := gpu.Open()
	if errors.Is(err, gpu.ErrNoDevice) {
		log.Fatal(err) // says what was tried
	}
	defer dev.Close()
	fmt.Println(dev.Name() != "")
	// Output: true
}

func ExampleAll() {
	devices := must(gpu.All())
	for _, d := range devices {
		info := d.Info()
		_ = info.Name + info.LanguageVersion
		d.Close()
	}
	fmt.Println(len(devices) > 0)
	// Output: true
}

func ExampleFromRaw() {
	// An MTLDevice that other code has.
	other := must(gpu.Open())
	defer other.Close()

	dev := must(gpu.FromRaw(other.Raw()))
	defer dev.Close()
	fmt.Println(dev.Name() == other.Name())
	// Output: true
}

func ExampleFromRawWithQueue() {
	other := must(gpu.Open())
	defer other.Close()
	otherQueue := must(other.Queue())
	defer otherQueue.Close()

	dev, queue, err := gpu.FromRawWithQueue(other.Raw(), otherQueue.Raw())
	check(err)
	defer dev.Close()
	defer queue.Close()
	fmt.Println(queue.Raw() == otherQueue.Raw())
	// Output: true
}

func ExampleAutoreleasePool() {
	gpu.AutoreleasePool(func() {
		// Code that sends messages itself.
		fmt.Println("in a pool")
	})
	// Output: in a pool
}

func ExampleSetLogger() {
	gpu.SetLogger(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	gpu.SetLogger(nil) // silent again
	// Output:
}

func ExampleDevice_Info() {
	dev := must(gpu.Open())
	defer dev.Close()
	info := dev.Info()
	fmt.Println(info.Name == dev.Name(), info.Limits.MaxBufferLength == dev.MaxBufferLength())
	// Output: true true
}

func ExampleDevice_Buffer() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(1024))
	defer buf.Close()
	buf.SetLabel("scratch")
	fmt.Println(buf.Len(), buf.Shared())

	_, err := dev.Buffer(0)
	fmt.Println(err)
	// Output:
	// 1024 true
	// gpu: Device.Buffer: a buffer of 0 bytes: the length must be at least 1
}

// A private buffer is filled and read through shared ones.
func ExampleDevice_BufferPrivate() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	staging := must(dev.BufferFrom([]byte("by way of the device")))
	defer staging.Close()
	private := must(dev.BufferPrivate(staging.Len()))
	defer private.Close()
	back := must(dev.Buffer(staging.Len()))
	defer back.Close()

	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.Copy(private, 0, staging, 0, staging.Len())
	c.Copy(back, 0, private, 0, staging.Len())
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(string(back.Bytes()))
	fmt.Println(private.Read(func([]byte) {}))
	// Output:
	// by way of the device
	// gpu: Buffer.Read: private memory: the CPU has no access
}

func ExampleDevice_BufferFrom() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.BufferFrom([]byte{1, 2, 3}))
	defer buf.Close()
	fmt.Println(buf.Bytes())
	// Output: [1 2 3]
}

// Memory that both sides use, without a copy.
func ExampleDevice_Wrap() {
	dev := must(gpu.Open())
	defer dev.Close()
	mem := must(gpu.Alloc(8))
	defer mem.Close()
	binary.NativeEndian.PutUint32(mem.Bytes()[4:], 77)
	buf := must(dev.Wrap(mem))
	defer buf.Close()
	fmt.Println(must(gpu.As[uint32](buf)).At(1))
	// Output: 77
}

// A file as a buffer: its pages are read when they are touched.
func ExampleMapFile() {
	dir := must(os.MkdirTemp("", "gpu"))
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "weights")
	check(os.WriteFile(path, []byte("many megabytes"), 0o600))

	dev := must(gpu.Open())
	defer dev.Close()
	mem := must(gpu.MapFile(path))
	defer mem.Close()
	weights := must(dev.Wrap(mem))
	defer weights.Close()
	fmt.Println(weights.Len())
	// Output: 14
}

func ExampleBuffer_Write() {
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(4))
	defer buf.Close()
	check(buf.Write(func(b []byte) { copy(b, "abcd") }))
	check(buf.Read(func(b []byte) { fmt.Printf("%s\n", b) }))
	// Output: abcd
}

func ExampleMake() {
	dev := must(gpu.Open())
	defer dev.Close()
	sums := must(gpu.Make[uint32](dev, 4))
	defer sums.Close()
	sums.Slice()[2] = 5
	fmt.Println(sums.Len(), sums.At(2), sums.Slice())
	// Output: 4 5 [0 0 5 0]
}

func ExampleMakePrivate() {
	dev := must(gpu.Open())
	defer dev.Close()
	work := must(gpu.MakePrivate[float32](dev, 1000))
	defer work.Close()
	fmt.Println(work.Len(), work.Shared(), work.Slice() == nil)
	// Output: 1000 false true
}

func ExampleFrom() {
	dev := must(gpu.Open())
	defer dev.Close()
	x := must(gpu.From(dev, []int16{-1, 0, 1}))
	defer x.Close()
	for i, v := range x.All() {
		fmt.Println(i, v)
	}
	// Output:
	// 0 -1
	// 1 0
	// 2 1
}

// A struct of MSL as a Go struct.
func ExampleAs() {
	type particle struct {
		Pos  [4]float32 // float4
		Mass float32
		Kind uint32
		_    [2]uint32 // MSL rounds the struct up to the alignment of float4
	}
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(320))
	defer buf.Close()
	p := must(gpu.As[particle](buf))
	p.Slice()[9].Mass = 2
	fmt.Println(p.Len(), p.At(9).Mass)
	// Output: 10 2
}

func ExampleDevice_Compile() {
	dev := must(gpu.Open())
	defer dev.Close()
	_, err := dev.Compile("kernel void k(device float *a [[buffer(0)]]) {\n  a[0] = b;\n}\n")
	var ce *gpu.CompileError
	if errors.As(err, &ce) {
		d := ce.Diagnostics[0]
		fmt.Println(d.Pos.Line, d.Pos.Column, d.Severity)
	}
	// Output: 2 10 error
}

func ExampleDevice_CompileWith() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.CompileWith(`kernel void k(device float *a [[buffer(0)]]) { a[0] = VALUE; }`,
		gpu.CompileOptions{Macros: map[string]string{"VALUE": "42"}, MathMode: gpu.MathSafe}))
	defer lib.Close()
	fmt.Println(lib.FunctionNames(), len(lib.Warnings()))
	// Output: [k] 0
}

func ExampleLibrary_Function() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	fn := must(lib.Function("square"))
	defer fn.Close()
	square := must(dev.Pipeline(fn))
	defer square.Close()
	fmt.Println(square.Name())

	_, err := lib.Function("cube")
	fmt.Println(err)
	// Output:
	// square
	// gpu: Library.Function: function "cube": not found; the library has reverse, saxpy, square
}

func ExamplePipeline_Args() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	saxpy := must(lib.Pipeline("saxpy"))
	defer saxpy.Close()
	for a := range saxpy.Args() {
		fmt.Println(a.Index, a.Kind, a.Type, a.Name, a.Access)
	}
	// Output:
	// 0 buffer float y read-write
	// 1 buffer float x read
	// 2 buffer float a read
}

func ExamplePipeline_Group() {
	dev := must(gpu.Open())
	defer dev.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	square := must(lib.Pipeline("square"))
	defer square.Close()
	group := square.Group(gpu.D2(1920, 1080))
	fmt.Println(group.X%square.ThreadExecutionWidth(), group.Count() <= square.MaxTotalThreadsPerThreadgroup())
	// Output: 0 true
}

// Launches that follow each other in one command buffer.
func ExampleQueue_Commands() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	square := must(lib.Pipeline("square"))
	defer square.Close()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(3), gpu.D1(3))
	enc.Launch(gpu.D1(3), gpu.D1(3)) // sees what the first has written
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice(), cmd.Status(), cmd.GPUTime() > 0)
	// Output: [1 16 81] completed true
}

func ExamplePush() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	saxpy := must(lib.Pipeline("saxpy"))
	defer saxpy.Close()
	y := must(gpu.From(dev, []float32{1, 1}))
	defer y.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(saxpy)
	enc.BindBuffer(y.Buffer, 0, 0)
	enc.BindBuffer(y.Buffer, 0, 1)
	gpu.Push(enc, float32(3), 2)
	enc.Launch(gpu.D1(2), gpu.D1(2))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(y.Slice())
	// Output: [4 4]
}

func ExampleEncoder_Threadgroup() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	reverse := must(lib.Pipeline("reverse"))
	defer reverse.Close()
	a := must(gpu.From(dev, []uint32{1, 2, 3, 4}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(reverse)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Threadgroup(4*4, 0) // a uint for each thread
	enc.LaunchGroups(gpu.D1(1), gpu.D1(4))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [4 3 2 1]
}

// A wrong launch is an error, and nothing of its Commands is run.
func ExampleLaunchError() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	square := must(lib.Pipeline("square"))
	defer square.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.Launch(gpu.D1(64), gpu.D1(64))
	fmt.Println(enc.Finish())
	var le *gpu.LaunchError
	fmt.Println(errors.As(cmd.Submit(), &le), le.Kernel)
	// Output:
	// gpu: launch of square, grid 64, group 64: the argument a at index 0 is not bound
	// true square
}

func ExampleCopier_Fill() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	buf := must(dev.Buffer(8))
	defer buf.Close()
	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.Fill(buf, 0, 8, 'x')
	c.Fill(buf, 2, 4, '-')
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(string(buf.Bytes()))
	// Output: xx----xx
}

// The end of a context ends the waiting, not the work.
func ExampleCommands_WaitContext() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	ready := must(dev.SharedEvent())
	defer ready.Close()

	cmd := must(queue.Commands())
	check(cmd.Await(ready, 1)) // nobody has signalled yet
	check(cmd.Submit())
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(cmd.WaitContext(ctx))
	check(ready.Set(1))
	fmt.Println(cmd.Wait())
	// Output:
	// context deadline exceeded
	// <nil>
}

// Work of one queue that waits for another's.
func ExampleCommands_Signal() {
	dev := must(gpu.Open())
	defer dev.Close()
	first, second := must(dev.Queue()), must(dev.Queue())
	defer first.Close()
	defer second.Close()
	buf := must(dev.Buffer(4))
	defer buf.Close()
	ev := must(dev.Event())
	defer ev.Close()

	later := must(second.Commands())
	check(later.Await(ev, 1))
	c := must(later.Copier())
	c.Fill(buf, 0, 2, 'b')
	check(c.Finish())
	check(later.Submit())

	sooner := must(first.Commands())
	c = must(sooner.Copier())
	c.Fill(buf, 0, 4, 'a')
	check(c.Finish())
	check(sooner.Signal(ev, 1))
	check(sooner.Submit())
	check(later.Wait())
	fmt.Println(string(buf.Bytes()))
	// Output: bbaa
}

func ExampleQueue_Sync() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	buf := must(dev.Buffer(3))
	defer buf.Close()
	for i := range 3 {
		cmd := must(queue.Commands())
		c := must(cmd.Copier())
		c.Fill(buf, i, 1, byte('a'+i))
		check(c.Finish())
		check(cmd.Submit())
	}
	check(queue.Sync(context.Background()))
	fmt.Println(string(buf.Bytes()))
	// Output: abc
}
