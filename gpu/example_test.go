package gpu_test

import (
	"context"
	"fmt"
	"log"

	"github.com/aruminium-go/aruminium/gpu"
)

const saxpySource = `
#include <metal_stdlib>
using namespace metal;

kernel void saxpy(device float *y [[buffer(0)]],
                  device const float *x [[buffer(1)]],
                  constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}
`

// The whole way, from the device to the result.
func Example() {
	dev, err := gpu.Open()
	if err != nil {
		log.Fatal(err)
	}
	defer dev.Close()
	queue, err := dev.Queue()
	if err != nil {
		log.Fatal(err)
	}
	defer queue.Close()
	lib, err := dev.Compile(saxpySource)
	if err != nil {
		log.Fatal(err) // names line and column
	}
	defer lib.Close()
	saxpy, err := lib.Pipeline("saxpy")
	if err != nil {
		log.Fatal(err)
	}
	defer saxpy.Close()

	y, err := gpu.From(dev, []float32{1, 2, 3})
	if err != nil {
		log.Fatal(err)
	}
	defer y.Close()
	x, err := gpu.From(dev, []float32{4, 5, 6})
	if err != nil {
		log.Fatal(err)
	}
	defer x.Close()
	if err := queue.Run(context.Background(), saxpy, gpu.D1(y.Len()), y, x, float32(2)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(y.Slice())
	// Output: [9 12 15]
}
