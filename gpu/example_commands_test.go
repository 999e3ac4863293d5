package gpu_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aruminium-go/aruminium/gpu"
)

// Two encoders, one after the other: the second sees what the first has written.
func ExampleCommands_Encoder() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()

	cmd := must(queue.Commands())
	for range 2 {
		enc := must(cmd.Encoder())
		enc.Bind(square)
		enc.BindBuffer(a.Buffer, 0, 0)
		enc.Launch(gpu.D1(3), gpu.D1(3))
		check(enc.Finish())
	}
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [1 16 81]
}

// Launches that do not need each other's results may run at the same time.
func ExampleCommands_ConcurrentEncoder() {
	dev, queue, square, end := setup("square")
	defer end()
	a, b := must(gpu.From(dev, []float32{2})), must(gpu.From(dev, []float32{3}))
	defer a.Close()
	defer b.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.ConcurrentEncoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	enc.BindBuffer(b.Buffer, 0, 0)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(a.At(0), b.At(0))
	// Output: 4 9
}

// A launch, and a copy of its result.
func ExampleCommands_Copier() {
	dev, queue, square, end := setup("square")
	defer end()
	work := must(gpu.From(dev, []float32{1, 2, 3}))
	defer work.Close()
	result := must(gpu.Make[float32](dev, 3))
	defer result.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(work.Buffer, 0, 0)
	enc.Launch(gpu.D1(3), gpu.D1(3))
	check(enc.Finish())
	c := must(cmd.Copier())
	c.Copy(result.Buffer, 0, work.Buffer, 0, 3*4)
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(result.Slice())
	// Output: [1 4 9]
}

// Submit returns what an encoder has met, so Finish may go unasked.
func ExampleCommands_Submit() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(0), gpu.D1(3))
	enc.Finish()
	var le *gpu.LaunchError
	fmt.Println(errors.As(cmd.Submit(), &le), a.Slice())

	cmd = must(queue.Commands()) // begin anew
	check(cmd.Submit())
	fmt.Println(errors.Is(cmd.Submit(), gpu.ErrClosed)) // once is enough
	// Output:
	// true [1 2 3]
	// true
}

func ExampleCommands_Wait() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(3), gpu.D1(3))
	check(enc.Finish())
	check(cmd.Submit())
	// The processor is free to do something else, but not to touch a.
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [1 4 9]
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

// Work as one case of a select.
func ExampleCommands_Done() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	stop := make(chan struct{}) // nobody closes it here

	cmd := must(queue.Commands())
	check(cmd.Submit())
	select {
	case <-cmd.Done():
		fmt.Println("done", cmd.Wait())
	case <-stop:
		fmt.Println("stopped")
	}
	// Output: done <nil>
}

func ExampleCommands_Status() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()

	cmd := must(queue.Commands())
	fmt.Println(cmd.Status())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(cmd.Status(), cmd.Status() == gpu.StatusCompleted)
	// Output:
	// not enqueued
	// completed true
}

// squared gives the examples of times work that is done.
func squared() *gpu.Commands {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.Make[float32](dev, 1<<12))
	defer a.Close()
	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(a.Len()), square.Group(gpu.D1(a.Len())))
	check(enc.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	return cmd
}

// How long the device worked, without the way there and back.
func ExampleCommands_GPUTime() {
	cmd := squared()
	fmt.Println(cmd.GPUTime() > 0)
	// Output: true
}

func ExampleCommands_GPUStartTime() {
	first, second := squared(), squared()
	fmt.Println(first.GPUStartTime() < second.GPUStartTime())
	// Output: true
}

func ExampleCommands_GPUEndTime() {
	cmd := squared()
	fmt.Println(cmd.GPUEndTime()-cmd.GPUStartTime() == cmd.GPUTime())
	// Output: true
}

// The label is part of what a failure says.
func ExampleCommands_SetLabel() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()

	cmd := must(queue.Commands())
	cmd.SetLabel("frame 1")
	check(cmd.Submit())
	err := cmd.Wait()
	var ce *gpu.CommandError
	if errors.As(err, &ce) {
		fmt.Println(ce.Label, "failed:", ce.Msg)
	}
	fmt.Println(err)
	// Output: <nil>
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

	sooner := must(first.Commands())
	c := must(sooner.Copier())
	c.Fill(buf, 0, 4, 'a')
	check(c.Finish())
	check(sooner.Signal(ev, 1))
	check(sooner.Submit())

	later := must(second.Commands())
	check(later.Await(ev, 1))
	c = must(later.Copier())
	c.Fill(buf, 0, 2, 'b')
	check(c.Finish())
	check(later.Submit())
	check(later.Wait())
	fmt.Println(string(buf.Bytes()))
	// Output: bbaa
}

// Work that is submitted before the data is there.
func ExampleCommands_Await() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.Make[float32](dev, 3))
	defer a.Close()
	filled := must(dev.SharedEvent())
	defer filled.Close()

	cmd := must(queue.Commands())
	check(cmd.Await(filled, 1))
	enc := must(cmd.Encoder())
	enc.Bind(square)
	enc.BindBuffer(a.Buffer, 0, 0)
	enc.Launch(gpu.D1(3), gpu.D1(3))
	check(enc.Finish())
	check(cmd.Submit())

	copy(a.Slice(), []float32{5, 6, 7})
	check(filled.Set(1))
	check(cmd.Wait())
	fmt.Println(a.Slice())
	// Output: [25 36 49]
}
