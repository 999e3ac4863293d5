package gpu_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/aruminium-go/aruminium/gpu"
)

// A wrong launch is an error, and nothing of its Commands is run.
func ExampleLaunchError() {
	_, queue, square, end := setup("square")
	defer end()

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

// A failure on the device: what it says, and a sentinel to tell the kinds apart.
func ExampleCommandError() {
	dev, queue, square, end := setup("square")
	defer end()
	a := must(gpu.From(dev, []float32{1, 2, 3}))
	defer a.Close()

	err := queue.Run(context.Background(), square, gpu.D1(3), a)
	var ce *gpu.CommandError
	switch {
	case err == nil:
		fmt.Println(a.Slice())
	case errors.Is(err, gpu.ErrPageFault):
		fmt.Println("the kernel reached past a buffer:", err)
	case errors.Is(err, gpu.ErrTimeout):
		fmt.Println("the kernel did not end:", err)
	case errors.As(err, &ce):
		fmt.Println(ce.Domain, ce.Code, ce.Msg)
	default:
		fmt.Println("not run:", err)
	}
	// Output: [1 4 9]
}

// Objects that were never closed are told of when the collector finds them.
func ExampleSetLogger() {
	gpu.SetLogger(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	defer gpu.SetLogger(nil) // silent again
	dev := must(gpu.Open())
	defer dev.Close()
	buf := must(dev.Buffer(16))
	buf.SetLabel("scratch") // shows in the message, if Close is forgotten
	fmt.Println(buf.Close())
	// Output: <nil>
}
