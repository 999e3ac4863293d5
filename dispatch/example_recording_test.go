package dispatch_test

import (
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

func ExampleRecording_Run() {
	d, add, buf, end := setup("add")
	defer end()
	r := must(d.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	defer r.Close()
	for range 10 {
		check(r.Run())
	}
	fmt.Println(buf.Slice())
	// Output: [11 12 13]
}

func ExampleRecording_RunAsync() {
	d, add, buf, end := setup("add")
	defer end()
	r := must(d.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	defer r.Close()
	first := must(r.RunAsync())
	second := must(r.RunAsync()) // after the first, on the device
	check(errors.Join(first.Wait(), second.Wait()))
	fmt.Println(buf.Slice())
	// Output: [3 4 5]
}

// New data for a Push of the recording.
func ExampleRecording_SetBytes() {
	d, add, buf, end := setup("add")
	defer end()
	var amount int
	r := must(d.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		amount = b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	defer r.Close()
	check(r.Run())
	check(r.SetBytes(amount, float(100)))
	check(r.Run())
	fmt.Println(buf.Slice())
	// Output: [102 103 104]
}

// Another buffer, or here another place in it, for a BindBuffer of the recording.
func ExampleRecording_SetBuffer() {
	d, add, buf, end := setup("add")
	defer end()
	var target int
	r := must(d.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		target = b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(10), 1)
		b.Launch(gpu.D1(1), gpu.D1(1))
	}))
	defer r.Close()
	check(r.Run())
	check(r.SetBuffer(target, buf.Buffer, 2*4)) // the third element
	check(r.Run())
	fmt.Println(buf.Slice())
	// Output: [11 2 13]
}

// A recording outlives its dispatcher, and keeps what it binds until its own Close.
// A recording that walks through a buffer.
func ExampleRecording_SetOffset() {
	d, add, buf, end := setup("add")
	defer end()
	slot := 0
	rec := must(d.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		slot = b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(10), 1)
		b.Launch(gpu.D1(1), gpu.D1(1))
	}))
	defer rec.Close()
	check(rec.Run())
	check(rec.SetOffset(slot, 8)) // bytes
	check(rec.Run())
	fmt.Println(buf.Slice())
	// Output: [11 2 13]
}

func ExampleRecording_Close() {
	d, add, buf, end := setup("add")
	defer end()
	r := must(d.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(float(1), 1)
		b.Launch(gpu.D1(3), gpu.D1(3))
	}))
	check(d.Close())
	check(r.Run())
	fmt.Println(buf.Slice())

	check(r.Close())
	fmt.Println(errors.Is(r.Run(), gpu.ErrClosed))
	// Output:
	// [2 3 4]
	// true
}
