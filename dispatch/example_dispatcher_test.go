package dispatch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

func ExampleNew() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	d := must(dispatch.New(queue))
	defer d.Close()
	fmt.Println(d.Batch(func(b *dispatch.Batch) {})) // nothing to do
	// Output: <nil>
}

// Two batches on the device at once, whose name shows in tools and errors.
func ExampleNewWith() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	d := must(dispatch.NewWith(queue, dispatch.Options{InFlight: 2, Label: "steps"}))
	defer d.Close()

	_, err := dispatch.NewWith(queue, dispatch.Options{InFlight: 1000})
	fmt.Println(err != nil) // more than a queue takes
	// Output: true
}

// A timeline of batches, which https://ui.perfetto.dev opens: what is recorded while the device
// works, and who waits.
func ExampleOptions_trace() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	var out bytes.Buffer // or os.Create("run.json")
	d := must(dispatch.NewWith(queue, dispatch.Options{Label: "step", Trace: &out}))
	check(d.Pipeline(context.Background(), 10, func(i int, b *dispatch.Batch) {}))
	check(d.Close())

	fmt.Println(json.Valid(out.Bytes()), bytes.Count(out.Bytes(), []byte(`"name":"step"`)))
	// Output: true 20
}

func ExampleDispatcher_Dispatch() {
	d, add, buf, end := setup("add")
	defer end()
	// The number comes from a buffer too: element 0 of the same one.
	check(d.Dispatch(add, gpu.D1(1), gpu.D1(1),
		dispatch.Bind{Buffer: buf.Buffer, Offset: 8, Index: 0}, dispatch.Bind{Buffer: buf.Buffer, Index: 1}))
	fmt.Println(buf.Slice())
	// Output: [1 2 4]
}

func ExampleDispatcher_DispatchBytes() {
	d, add, buf, end := setup("add")
	defer end()
	check(d.DispatchBytes(add, gpu.D1(3), gpu.D1(3), float(10), 1, dispatch.Bind{Buffer: buf.Buffer, Index: 0}))
	fmt.Println(buf.Slice())
	// Output: [11 12 13]
}

// Many launches in one command buffer.
func ExampleDispatcher_Batch() {
	d, add, buf, end := setup("add")
	defer end()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		for i := range 10 {
			b.Push(float(float32(i)), 1)
			b.Launch(gpu.D1(3), gpu.D1(3))
		}
	}))
	fmt.Println(buf.Slice())
	// Output: [46 47 48]
}

// A batch with a mistake is not run at all.
func ExampleDispatcher_Batch_error() {
	d, add, buf, end := setup("add")
	defer end()
	err := d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
		b.Launch(gpu.D1(3), gpu.D1(0))
	})
	var le *gpu.LaunchError
	fmt.Println(errors.As(err, &le), le.Kernel, buf.Slice())
	// Output: true add [1 2 3]
}

func ExampleDispatcher_BatchRaw() {
	d, add, buf, end := setup("add")
	defer end()
	gpu.AutoreleasePool(func() {
		for range 100 {
			check(d.BatchRaw(func(b *dispatch.Batch) {
				b.Bind(add)
				b.BindBuffer(buf.Buffer, 0, 0)
				b.Push(float(1), 1)
				b.Launch(gpu.D1(3), gpu.D1(3))
			}))
		}
	})
	fmt.Println(buf.Slice())
	// Output: [101 102 103]
}

// The next batch is recorded while the device works on this one.
func ExampleDispatcher_BatchAsync() {
	d, add, buf, end := setup("add")
	defer end()
	step := func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}
	first := must(d.BatchAsync(step))
	second := must(d.BatchAsync(step))
	check(errors.Join(first.Wait(), second.Wait()))
	fmt.Println(buf.Slice())
	// Output: [3 4 5]
}

// A hundred batches, the next of which are recorded while the device works.
func ExampleDispatcher_Pipeline() {
	d, add, buf, end := setup("add")
	defer end()
	check(d.Pipeline(context.Background(), 100, func(i int, b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(float32(i)), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	fmt.Println(buf.Slice())
	// Output: [4951 4952 4953]
}

// A batch that is recorded once and run twice.
func ExampleDispatcher_Record() {
	d, add, buf, end := setup("add")
	defer end()
	r := must(d.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	defer r.Close()
	fmt.Println(buf.Slice()) // not run yet
	check(r.Run())
	check(r.Run())
	fmt.Println(buf.Slice())
	// Output:
	// [1 2 3]
	// [3 4 5]
}

// What is in flight goes on to its end.
func ExampleDispatcher_Close() {
	d, add, buf, end := setup("add")
	defer end()
	step := func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}
	f := must(d.BatchAsync(step))
	check(d.Close())
	check(f.Wait())
	fmt.Println(buf.Slice(), errors.Is(d.Batch(step), gpu.ErrClosed))
	// Output: [2 3 4] true
}
