package gpu_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/aruminium-go/aruminium/gpu"
)

// An event orders the work of two queues.
func ExampleDevice_Event() {
	dev := must(gpu.Open())
	defer dev.Close()
	uploads, downloads := must(dev.Queue()), must(dev.Queue())
	defer uploads.Close()
	defer downloads.Close()
	src, private, dst := must(dev.BufferFrom([]byte("hello"))), must(dev.BufferPrivate(5)), must(dev.Buffer(5))
	defer src.Close()
	defer private.Close()
	defer dst.Close()
	arrived := must(dev.Event())
	defer arrived.Close()

	down := must(downloads.Commands())
	check(down.Await(arrived, 1))
	c := must(down.Copier())
	c.Copy(dst, 0, private, 0, 5)
	check(c.Finish())
	check(down.Submit()) // waits on the device

	up := must(uploads.Commands())
	c = must(up.Copier())
	c.Copy(private, 0, src, 0, 5)
	check(c.Finish())
	check(up.Signal(arrived, 1))
	check(up.Submit())
	check(down.Wait())
	fmt.Println(string(dst.Bytes()))
	// Output: hello
}

// A shared event tells the processor how far work has come, and work how far the processor has.
func ExampleDevice_SharedEvent() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	progress := must(dev.SharedEvent())
	defer progress.Close()

	cmd := must(queue.Commands())
	check(cmd.Signal(progress, 1)) // half of the work is done
	check(cmd.Await(progress, 2))  // until the processor says to go on
	check(cmd.Signal(progress, 3))
	check(cmd.Submit())
	check(progress.Wait(1, time.Minute))
	check(progress.Set(2))
	check(cmd.Wait())
	fmt.Println(progress.Value())
	// Output: 3
}

func ExampleSharedEvent_Set() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	start := must(dev.SharedEvent())
	defer start.Close()

	cmd := must(queue.Commands())
	check(cmd.Await(start, 1))
	check(cmd.Submit())
	check(start.Set(1))
	fmt.Println(cmd.Wait())
	// Output: <nil>
}

func ExampleSharedEvent_Value() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	ev := must(dev.SharedEvent())
	defer ev.Close()
	fmt.Println(ev.Value())

	cmd := must(queue.Commands())
	check(cmd.Signal(ev, 7))
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(ev.Value())
	// Output:
	// 0
	// 7
}

func ExampleSharedEvent_Wait() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	ev := must(dev.SharedEvent())
	defer ev.Close()

	cmd := must(queue.Commands())
	check(cmd.Signal(ev, 1))
	check(cmd.Submit())
	fmt.Println(ev.Wait(1, time.Minute))
	fmt.Println(errors.Is(ev.Wait(2, time.Millisecond), gpu.ErrTimeout)) // nobody signals 2
	// Output:
	// <nil>
	// true
}

// Metal orders encoders by the buffers that they use. A fence is for what it cannot see, such as a
// buffer that is reached through a pointer in another one.
func ExampleDevice_Fence() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{2}))
	defer a.Close()
	fence := must(dev.Fence())
	defer fence.Close()

	cmd := must(queue.Commands())
	for i := range 3 {
		enc := must(cmd.Encoder())
		if i > 0 {
			enc.WaitFence(fence)
		}
		enc.Bind(square)
		enc.BindBuffer(a.Buffer, 0, 0)
		enc.Launch(gpu.D1(1), gpu.D1(1))
		enc.UpdateFence(fence)
		check(enc.Finish())
	}
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.At(0))
	// Output: 256
}

// Launches, then a copy of what they wrote.
func ExampleEncoder_UpdateFence() {
	dev, queue, square, end := setup("square")
	defer end()
	a, b := must(gpu.From(dev, []float32{3})), must(gpu.Make[float32](dev, 1))
	defer a.Close()
	defer b.Close()
	squared := must(dev.Fence())
	defer squared.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	enc.UpdateFence(squared)
	check(enc.Finish())
	c := must(cmd.Copier())
	c.WaitFence(squared)
	c.Copy(b.Buffer, 0, a.Buffer, 0, 4)
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(b.At(0))
	// Output: 9
}

// A copy, then a launch that reads what it brought.
func ExampleEncoder_WaitFence() {
	dev, queue, square, end := setup("square")
	defer end()
	src, a := must(gpu.From(dev, []float32{5})), must(gpu.Make[float32](dev, 1))
	defer src.Close()
	defer a.Close()
	copied := must(dev.Fence())
	defer copied.Close()

	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.Copy(a.Buffer, 0, src.Buffer, 0, 4)
	c.UpdateFence(copied)
	check(c.Finish())
	enc := must(cmd.Encoder())
	enc.WaitFence(copied)
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.At(0))
	// Output: 25
}

// Two copiers, the second of which reads what the first has written.
func ExampleCopier_UpdateFence() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	buf := must(dev.BufferFrom([]byte("ab....")))
	defer buf.Close()
	fence := must(dev.Fence())
	defer fence.Close()

	cmd := must(queue.Commands())
	first := must(cmd.Copier())
	first.Copy(buf, 2, buf, 0, 2)
	first.UpdateFence(fence)
	check(first.Finish())
	second := must(cmd.Copier())
	second.WaitFence(fence)
	second.Copy(buf, 4, buf, 2, 2)
	check(second.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(string(buf.Bytes()))
	// Output: ababab
}

// The fence may have been updated by Commands before.
func ExampleCopier_WaitFence() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	buf := must(dev.Buffer(4))
	defer buf.Close()
	fence := must(dev.Fence())
	defer fence.Close()

	first := must(queue.Commands())
	c := must(first.Copier())
	c.Fill(buf, 0, 4, '1')
	c.UpdateFence(fence)
	check(c.Finish())
	check(first.Submit())

	second := must(queue.Commands())
	c = must(second.Copier())
	c.WaitFence(fence)
	c.Fill(buf, 2, 2, '2')
	check(c.Finish())
	check(second.Submit())
	check(second.Wait())
	fmt.Println(string(buf.Bytes()))
	// Output: 1122
}
