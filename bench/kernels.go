package main

import (
	"context"
	"fmt"
	"math"

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

kernel void matmul(device const float *a [[buffer(0)]],
                   device const float *b [[buffer(1)]],
                   device float *c [[buffer(2)]],
                   constant uint &n [[buffer(3)]],
                   uint2 gid [[thread_position_in_grid]]) {
    float sum = 0.0f;
    for (uint i = 0; i < n; i++)
        sum += a[gid.y * n + i] * b[i * n + gid.x];
    c[gid.y * n + gid.x] = sum;
}
`

// kernels compares kernels on the device with the same loops in Go, on one
// goroutine.
func kernels(e *env) error {
	lib, err := e.dev.Compile(source)
	if err != nil {
		return err
	}
	defer lib.Close()
	if err := e.saxpy(lib); err != nil {
		return err
	}
	return e.matmul(lib)
}

func (e *env) saxpy(lib *gpu.Library) error {
	const n = 1 << 24
	fmt.Printf("\nsaxpy of %d numbers, against a Go loop on one core\n", n)
	pipe, err := lib.Pipeline("saxpy")
	if err != nil {
		return err
	}
	defer pipe.Close()
	x, y, err := two(e.dev, n)
	if err != nil {
		return err
	}
	defer x.Close()
	defer y.Close()
	gx, gy := make([]float32, n), make([]float32, n)
	for i := range gx {
		gx[i] = float32(i % 17)
		x.Slice()[i] = gx[i]
	}
	times, err := e.compare(
		candidate{"Go loop", 1, func(int) error { goSaxpy(gy, gx, 0.5); return nil }},
		candidate{"kernel", 1, func(int) error {
			return e.queue.Run(context.Background(), pipe, gpu.D1(n), y, x, float32(0.5))
		}},
	)
	if err != nil {
		return err
	}
	for i, v := range y.All() {
		if v != gy[i] {
			return fmt.Errorf("y[%d] = %v, the Go loop has %v", i, v, gy[i])
		}
	}
	e.ratio("saxpy/go", times[1], times[0])
	fmt.Printf("  the kernel moves %.1f GB/s, the Go loop %.1f GB/s\n", rate(12*n, times[1]), rate(12*n, times[0]))
	return nil
}

func goSaxpy(y, x []float32, a float32) {
	y = y[:len(x)]
	for i := range x {
		y[i] = float32(a*x[i]) + y[i]
	}
}

func (e *env) matmul(lib *gpu.Library) error {
	const n = 256
	fmt.Printf("\nnaive matmul of %dx%d, against the same loops in Go on one core\n", n, n)
	pipe, err := lib.Pipeline("matmul")
	if err != nil {
		return err
	}
	defer pipe.Close()
	a, b, err := two(e.dev, n*n)
	if err != nil {
		return err
	}
	defer a.Close()
	defer b.Close()
	c, err := gpu.Make[float32](e.dev, n*n)
	if err != nil {
		return err
	}
	defer c.Close()
	ga, gb, gc := make([]float32, n*n), make([]float32, n*n), make([]float32, n*n)
	for i := range ga {
		ga[i], gb[i] = float32(i%13)/8, float32(i%7)/4-1
		a.Slice()[i], b.Slice()[i] = ga[i], gb[i]
	}
	times, err := e.compare(
		candidate{"Go loops", 1, func(int) error { goMatmul(gc, ga, gb, n); return nil }},
		candidate{"kernel", 1, func(int) error {
			return e.queue.Run(context.Background(), pipe, gpu.D2(n, n), a, b, c, uint32(n))
		}},
	)
	if err != nil {
		return err
	}
	for i, v := range c.All() {
		if math.Abs(float64(v-gc[i])) > 1e-3 {
			return fmt.Errorf("c[%d] = %v, the Go loops have %v", i, v, gc[i])
		}
	}
	e.ratio("matmul/go", times[1], times[0])
	fmt.Printf("  the kernel does %.2f GFLOP/s, the Go loops %.2f GFLOP/s\n", rate(2*n*n*n, times[1]), rate(2*n*n*n, times[0]))
	return nil
}

func goMatmul(c, a, b []float32, n int) {
	for y := range n {
		for x := range n {
			var sum float32
			for i := range n {
				sum += float32(a[y*n+i] * b[i*n+x])
			}
			c[y*n+x] = sum
		}
	}
}

func two(dev *gpu.Device, n int) (a, b gpu.Of[float32], err error) {
	if a, err = gpu.Make[float32](dev, n); err != nil {
		return a, b, err
	}
	if b, err = gpu.Make[float32](dev, n); err != nil {
		a.Close()
	}
	return a, b, err
}

// rate is n in so many nanoseconds, in units of 1e9 a second.
func rate(n, ns float64) float64 { return n / ns }
