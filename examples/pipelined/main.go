// Pipelined runs a small simulation, heat that spreads along a rod, in the hot
// loop: while the device computes some steps the program encodes the next, and
// a recording replays two steps at the cost of one call.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"time"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

const source = `
#include <metal_stdlib>
using namespace metal;

kernel void spread(device const float *now [[buffer(0)]],
                   device float *next [[buffer(1)]],
                   constant float &k [[buffer(2)]],
                   uint i [[thread_position_in_grid]],
                   uint n [[threads_per_grid]]) {
    float left = now[i == 0 ? 0 : i - 1], right = now[i == n - 1 ? i : i + 1];
    next[i] = now[i] + k * (left - 2.0f * now[i] + right);
}
`

func main() {
	if err := run(os.Stdout, 10_000, 400); err != nil {
		log.Fatal(err)
	}
}

func run(out io.Writer, n, steps int) error {
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
	spread, err := lib.Pipeline("spread")
	if err != nil {
		return err
	}
	defer spread.Close()
	queue, err := dev.Queue()
	if err != nil {
		return err
	}
	defer queue.Close()
	disp, err := dispatch.New(queue)
	if err != nil {
		return err
	}
	defer disp.Close()

	var rods [2]gpu.Of[float32]
	for i := range rods {
		if rods[i], err = gpu.Make[float32](dev, n); err != nil {
			return err
		}
		defer rods[i].Close()
	}
	const k = 0.25
	group := spread.Group(gpu.D1(n))
	coefficient := math.Float32bits(k)
	pushed := []byte{byte(coefficient), byte(coefficient >> 8), byte(coefficient >> 16), byte(coefficient >> 24)}
	step := func(i int, b *dispatch.Batch) {
		b.Bind(spread)
		b.BindBuffer(rods[i%2].Buffer, 0, 0)
		b.BindBuffer(rods[1-i%2].Buffer, 0, 1)
		b.Push(pushed, 2)
		b.Launch(gpu.D1(n), group)
	}
	reset := func() {
		clear(rods[0].Slice())
		rods[0].Slice()[n/2] = 1000
	}
	want := simulate(n, steps, k)
	check := func(how string, took time.Duration) error {
		for i, got := range rods[steps%2].Slice() {
			if math.Abs(float64(got)-want[i]) > 1e-3 {
				return fmt.Errorf("%s: rod[%d] = %v, want %v", how, i, got, want[i])
			}
		}
		fmt.Fprintf(out, "%-9s %d steps in %v\n", how, steps, took.Round(time.Microsecond))
		return nil
	}

	reset()
	begin := time.Now()
	for i := range steps {
		if err := disp.Batch(func(b *dispatch.Batch) { step(i, b) }); err != nil {
			return err
		}
	}
	if err := check("one each", time.Since(begin)); err != nil {
		return err
	}

	reset()
	begin = time.Now()
	if err := disp.Pipeline(context.Background(), steps, step); err != nil {
		return err
	}
	if err := check("pipelined", time.Since(begin)); err != nil {
		return err
	}

	reset()
	two, err := disp.Record(func(b *dispatch.Batch) {
		step(0, b)
		step(1, b)
	})
	if err != nil {
		return err
	}
	defer two.Close()
	begin = time.Now()
	for range steps / 2 {
		if err := two.Run(); err != nil {
			return err
		}
	}
	return check("recorded", time.Since(begin))
}

// simulate does the same in float64.
func simulate(n, steps int, k float64) []float64 {
	now, next := make([]float64, n), make([]float64, n)
	now[n/2] = 1000
	for range steps {
		for i := range now {
			left, right := now[max(i-1, 0)], now[min(i+1, n-1)]
			next[i] = now[i] + k*(left-2*now[i]+right)
		}
		now, next = next, now
	}
	return now
}
