// Saxpy computes y = a*x + y for a million numbers and checks every one.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/aruminium-go/aruminium/gpu"
)

const source = `
#include <metal_stdlib>
using namespace metal;

kernel void saxpy(device float *y [[buffer(0)]],
                  device const float *x [[buffer(1)]],
                  constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}
`

func main() {
	if err := run(os.Stdout, 1<<20); err != nil {
		log.Fatal(err)
	}
}

func run(out io.Writer, n int) error {
	dev, err := gpu.Open()
	if err != nil {
		return err
	}
	defer dev.Close()
	lib, err := dev.Compile(source)
	if err != nil {
		return err
	}
	defer lib.Close()
	saxpy, err := lib.Pipeline("saxpy")
	if err != nil {
		return err
	}
	defer saxpy.Close()
	queue, err := dev.Queue()
	if err != nil {
		return err
	}
	defer queue.Close()

	x, err := gpu.Make[float32](dev, n)
	if err != nil {
		return err
	}
	defer x.Close()
	y, err := gpu.Make[float32](dev, n)
	if err != nil {
		return err
	}
	defer y.Close()
	for i := range n {
		x.Slice()[i], y.Slice()[i] = float32(i%1000), 1
	}

	if err := queue.Run(context.Background(), saxpy, gpu.D1(n), y, x, float32(2)); err != nil {
		return err
	}
	for i, got := range y.All() {
		if want := 2*float32(i%1000) + 1; got != want {
			return fmt.Errorf("y[%d] = %v, want %v", i, got, want)
		}
	}
	fmt.Fprintf(out, "saxpy of %d numbers on %s: all right\n", n, dev.Name())
	return nil
}
