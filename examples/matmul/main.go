// Matmul multiplies two matrices twice, by a kernel that reads its operands
// straight from memory and by one that keeps tiles of them in threadgroup
// memory, checks both against float64 arithmetic and prints their rates.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"

	"github.com/aruminium-go/aruminium/gpu"
)

const source = `
#include <metal_stdlib>
using namespace metal;

struct Shape { uint m, n, k; };

kernel void naive(device const float *a [[buffer(0)]],
                  device const float *b [[buffer(1)]],
                  device float *c [[buffer(2)]],
                  constant Shape &s [[buffer(3)]],
                  uint2 gid [[thread_position_in_grid]]) {
    if (gid.y >= s.m || gid.x >= s.n) return;
    float sum = 0;
    for (uint i = 0; i < s.k; i++)
        sum += a[gid.y * s.k + i] * b[i * s.n + gid.x];
    c[gid.y * s.n + gid.x] = sum;
}

constant uint TILE = 16;

// Every group of 16x16 threads computes a tile of c from a row of tiles of a
// and a column of tiles of b.
kernel void tiled(device const float *a [[buffer(0)]],
                  device const float *b [[buffer(1)]],
                  device float *c [[buffer(2)]],
                  constant Shape &s [[buffer(3)]],
                  uint2 gid [[thread_position_in_grid]],
                  uint2 tid [[thread_position_in_threadgroup]]) {
    threadgroup float ta[16][16];
    threadgroup float tb[16][16];
    float sum = 0;
    for (uint t = 0; t < s.k; t += TILE) {
        ta[tid.y][tid.x] = gid.y < s.m && t + tid.x < s.k ? a[gid.y * s.k + t + tid.x] : 0.0f;
        tb[tid.y][tid.x] = gid.x < s.n && t + tid.y < s.k ? b[(t + tid.y) * s.n + gid.x] : 0.0f;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint i = 0; i < TILE; i++)
            sum += ta[tid.y][i] * tb[i][tid.x];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (gid.y < s.m && gid.x < s.n) c[gid.y * s.n + gid.x] = sum;
}
`

func main() {
	n := flag.Int("n", 256, "rows and columns")
	flag.Parse()
	if err := run(os.Stdout, *n, *n+3, *n-5); err != nil {
		log.Fatal(err)
	}
}

func run(out io.Writer, m, n, k int) error {
	if m < 1 || n < 1 || k < 1 {
		return fmt.Errorf("a matrix of %dx%d by one of %dx%d: sizes must be positive", m, k, k, n)
	}
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
	queue, err := dev.Queue()
	if err != nil {
		return err
	}
	defer queue.Close()

	av, bv := make([]float32, m*k), make([]float32, k*n)
	for i := range av {
		av[i] = float32(i%13) - 6
	}
	for i := range bv {
		bv[i] = float32(i%7)/4 - 0.75
	}
	a, err := gpu.From(dev, av)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := gpu.From(dev, bv)
	if err != nil {
		return err
	}
	defer b.Close()
	c, err := gpu.Make[float32](dev, m*n)
	if err != nil {
		return err
	}
	defer c.Close()

	const tile = 16
	up := func(x int) int { return (x + tile - 1) / tile }
	for _, name := range []string{"naive", "tiled"} {
		pipe, err := lib.Pipeline(name)
		if err != nil {
			return err
		}
		defer pipe.Close()
		cmd, err := queue.Commands()
		if err != nil {
			return err
		}
		enc, err := cmd.Encoder()
		if err != nil {
			return err
		}
		enc.Bind(pipe)
		enc.BindBuffer(a.Buffer, 0, 0)
		enc.BindBuffer(b.Buffer, 0, 1)
		enc.BindBuffer(c.Buffer, 0, 2)
		gpu.Push(enc, [3]uint32{uint32(m), uint32(n), uint32(k)}, 3)
		// Whole groups: the tiled kernel needs every thread of them.
		enc.LaunchGroups(gpu.D2(up(n), up(m)), gpu.D2(tile, tile))
		if err := enc.Finish(); err != nil {
			return err
		}
		if err := cmd.Submit(); err != nil {
			return err
		}
		if err := cmd.Wait(); err != nil {
			return err
		}
		if err := check(c.Slice(), av, bv, m, n, k); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		rate := 2 * float64(m) * float64(n) * float64(k) / cmd.GPUTime().Seconds() / 1e9
		fmt.Fprintf(out, "%s: %dx%d by %dx%d is right, %.2f GFLOP/s\n", name, m, k, k, n, rate)
	}
	return nil
}

func check(c, a, b []float32, m, n, k int) error {
	for i := range m {
		for j := range n {
			var want float64
			for x := range k {
				want += float64(a[i*k+x]) * float64(b[x*n+j])
			}
			if got := float64(c[i*n+j]); math.Abs(got-want) > 1e-3*math.Max(1, math.Abs(want)) {
				return fmt.Errorf("c[%d][%d] = %v, want %v", i, j, got, want)
			}
		}
	}
	return nil
}
