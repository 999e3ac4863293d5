package dispatch_test

import (
	"fmt"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// A kernel is bound until the next one.
func ExampleBatch_Bind() {
	d, add, buf, end := setup("add")
	defer end()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
		b.Launch(gpu.D1(3), gpu.D1(3)) // the same again
	}))
	fmt.Println(buf.Slice())
	// Output: [3 4 5]
}

// A part of a buffer: the offset is in bytes.
func ExampleBatch_BindBuffer() {
	d, add, buf, end := setup("add")
	defer end()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.Push(float(10), 1)
		b.BindBuffer(buf.Buffer, 1*4, 0)
		b.Launch(gpu.D1(1), gpu.D1(1))
	}))
	fmt.Println(buf.Slice())
	// Output: [1 12 3]
}

// Each launch gets the data that was pushed last, in the form that the kernel reads.
func ExampleBatch_Push() {
	d, add, buf, end := setup("add")
	defer end()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		for _, v := range []float32{100, 20} {
			b.Push(float(v), 1)
			b.Launch(gpu.D1(3), gpu.D1(3))
		}
	}))
	fmt.Println(buf.Slice())
	// Output: [121 122 123]
}

func ExampleBatch_Threadgroup() {
	d, reverse, buf, end := setup("reverse")
	defer end()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(reverse)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Threadgroup(3*4, 0) // a float for each thread
		b.LaunchGroups(gpu.D1(1), gpu.D1(3))
	}))
	fmt.Println(buf.Slice())
	// Output: [3 2 1]
}

// The grid need not be a multiple of the threadgroup.
func ExampleBatch_Launch() {
	d, add, buf, end := setup("add")
	defer end()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(2)) // threads in all, threads per threadgroup
	}))
	fmt.Println(buf.Slice())
	// Output: [2 3 4]
}

func ExampleBatch_LaunchGroups() {
	d, add, buf, end := setup("add")
	defer end()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.LaunchGroups(gpu.D1(1), gpu.D1(2)) // one threadgroup of two threads
	}))
	fmt.Println(buf.Slice())
	// Output: [2 3 3]
}

// The number of threadgroups is read on the device, when the launch runs.
func ExampleBatch_LaunchIndirect() {
	d, add, buf, end := setup("add")
	defer end()
	dev := must(gpu.Open())
	defer dev.Close()
	groups := must(gpu.From(dev, []uint32{2, 1, 1}))
	defer groups.Close()
	check(d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.LaunchIndirect(groups.Buffer, 0, gpu.D1(1))
	}))
	fmt.Println(buf.Slice())
	// Output: [2 3 3]
}

// Launches that do not need each other's results may run at the same time.
func ExampleBatch_Barrier() {
	_, add, buf, end := setup("add")
	defer end()
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	d := must(dispatch.NewWith(queue, dispatch.Options{Concurrent: true}))
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
		b.Launch(gpu.D1(3), gpu.D1(3)) // needs all three
	}))
	fmt.Println(buf.Slice())
	// Output: [3 4 5]
}
