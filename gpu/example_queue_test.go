package gpu_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/mtl"
)

// A program has one queue, as a rule.
func ExampleDevice_Queue() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	fmt.Println(queue.Sync(context.Background())) // nothing to wait for
	// Output: <nil>
}

// A kernel over a grid of two dimensions.
func ExampleQueue_Run() {
	dev, queue, times, end := setup("times")
	defer end()
	table := must(gpu.Make[uint32](dev, 4*3))
	defer table.Close()
	check(queue.Run(context.Background(), times, gpu.D2(4, 3), table))
	for row := range 3 {
		fmt.Println(table.Slice()[4*row : 4*row+4])
	}
	// Output:
	// [1 2 3 4]
	// [2 4 6 8]
	// [3 6 9 12]
}

// Launches that follow each other in one command buffer.
func ExampleQueue_Commands() {
	dev, queue, square, end := setup("square")
	defer end()
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
	fmt.Println(a.Slice())
	// Output: [1 16 81]
}

// One wait for all that was submitted.
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

func ExampleQueue_SetLabel() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	queue.SetLabel("uploads")
	fmt.Println(mtl.CommandQueueFromID(queue.Raw()).Label())
	// Output: uploads
}

// The queue as package mtl has it, for what this package does not cover.
func ExampleQueue_Raw() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	raw := mtl.CommandQueueFromID(queue.Raw()) // borrowed
	cb := raw.CommandBuffer()
	defer cb.Release()
	cb.Commit()
	cb.WaitUntilCompleted()
	fmt.Println(cb.Status() == mtl.CommandBufferStatusCompleted)
	// Output: true
}

// What was submitted goes on to its end.
func ExampleQueue_Close() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	buf := must(dev.Buffer(4))
	defer buf.Close()
	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.Fill(buf, 0, 4, 'z')
	check(c.Finish())
	check(cmd.Submit())
	check(queue.Close())
	check(cmd.Wait())
	fmt.Println(string(buf.Bytes()))

	_, err := queue.Commands()
	fmt.Println(errors.Is(err, gpu.ErrClosed))
	// Output:
	// zzzz
	// true
}
