package dispatch_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"log"
	"math"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// setup is what every example needs: a device with a queue, a kernel that adds a number to each
// element of a buffer, and the buffer.
func setup() (queue *gpu.Queue, add *gpu.Pipeline, buf gpu.Of[float32]) {
	dev, err := gpu.Open()
	check(err)
	defer dev.Close() // what it has made lives on
	lib, err := dev.Compile(`
kernel void add(device float *a [[buffer(0)]], constant float &v [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    a[id] += v;
}`)
	check(err)
	defer lib.Close()
	add, err = lib.Pipeline("add")
	check(err)
	queue, err = dev.Queue()
	check(err)
	buf, err = gpu.From(dev, []float32{1, 2, 3})
	check(err)
	return queue, add, buf
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func float(v float32) []byte {
	return binary.NativeEndian.AppendUint32(nil, math.Float32bits(v))
}

func ExampleDispatcher_Dispatch() {
	queue, add, buf := setup()
	d, err := dispatch.New(queue)
	check(err)
	defer d.Close()
	// The number comes from a buffer too: element 0 of the same one.
	check(d.Dispatch(add, gpu.D1(1), gpu.D1(1),
		dispatch.Bind{Buffer: buf.Buffer, Offset: 8, Index: 0}, dispatch.Bind{Buffer: buf.Buffer, Index: 1}))
	fmt.Println(buf.Slice())
	// Output: [1 2 4]
}

func ExampleDispatcher_DispatchBytes() {
	queue, add, buf := setup()
	d, err := dispatch.New(queue)
	check(err)
	defer d.Close()
	check(d.DispatchBytes(add, gpu.D1(3), gpu.D1(3), float(10), 1, dispatch.Bind{Buffer: buf.Buffer, Index: 0}))
	fmt.Println(buf.Slice())
	// Output: [11 12 13]
}

// Many launches in one command buffer.
func ExampleDispatcher_Batch() {
	queue, add, buf := setup()
	d, err := dispatch.New(queue)
	check(err)
	defer d.Close()
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

func ExampleDispatcher_BatchRaw() {
	queue, add, buf := setup()
	d, err := dispatch.New(queue)
	check(err)
	defer d.Close()
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
	queue, add, buf := setup()
	d, err := dispatch.New(queue)
	check(err)
	defer d.Close()
	var last *dispatch.Future
	for range 5 {
		last, err = d.BatchAsync(func(b *dispatch.Batch) {
			b.Bind(add)
			b.BindBuffer(buf.Buffer, 0, 0)
			b.Push(float(1), 1)
			b.Launch(gpu.D1(3), gpu.D1(3))
		})
		check(err)
	}
	check(last.Wait()) // batches of a queue run in order
	fmt.Println(buf.Slice(), last.GPUTime() > 0)
	// Output: [6 7 8] true
}

func ExampleFuture_WaitContext() {
	queue, add, buf := setup()
	d, err := dispatch.New(queue)
	check(err)
	defer d.Close()
	f, err := d.BatchAsync(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	})
	check(err)
	check(f.WaitContext(context.Background()))
	fmt.Println(buf.Slice())
	// Output: [2 3 4]
}

func ExampleDispatcher_Pipeline() {
	queue, add, buf := setup()
	d, err := dispatch.NewWith(queue, dispatch.Options{InFlight: 2, Label: "steps"})
	check(err)
	defer d.Close()
	check(d.Pipeline(context.Background(), 100, func(i int, b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(float32(i)), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	fmt.Println(buf.Slice())
	// Output: [4951 4952 4953]
}

// A batch that is recorded once, with data and a buffer that change.
func ExampleDispatcher_Record() {
	queue, add, buf := setup()
	d, err := dispatch.New(queue)
	check(err)
	defer d.Close()
	var amount, target int
	r, err := d.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		target = b.BindBuffer(buf.Buffer, 0, 0)
		amount = b.Push(float(1), 1)
		b.Launch(gpu.D1(1), gpu.D1(1))
	})
	check(err)
	defer r.Close()
	check(r.Run())
	check(r.Run())
	check(r.SetBytes(amount, float(100)))
	check(r.SetBuffer(target, buf.Buffer, 8)) // the third element
	f, err := r.RunAsync()
	check(err)
	check(f.Wait())
	fmt.Println(buf.Slice())
	// Output: [3 2 103]
}

// Launches that do not need each other's results may run at the same time.
func ExampleBatch_Barrier() {
	queue, add, buf := setup()
	d, err := dispatch.NewWith(queue, dispatch.Options{Concurrent: true})
	check(err)
	defer d.Close()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.Push(float(1), 1)
		for i := range 3 {
			b.BindBuffer(buf.Buffer, 4*i, 0)
			b.Launch(gpu.D1(1), gpu.D1(1))
		}
		b.Barrier()
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	fmt.Println(buf.Slice())
	// Output: [3 4 5]
}
