package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/aruminium-go/aruminium/bench/cc"
	"github.com/aruminium-go/aruminium/bench/turns"
	"github.com/aruminium-go/aruminium/gpu"
)

// The kernels of a well-known measure of memory bandwidth, and saxpy.
const streamKernels = `
#include <metal_stdlib>
using namespace metal;

#define STREAM(NAME, VALUE) \
kernel void NAME(device float *z [[buffer(0)]], device const float *x [[buffer(1)]], device const float *y [[buffer(2)]], \
                 uint i [[thread_position_in_grid]]) { z[i] = VALUE; }

STREAM(copy, x[i])
STREAM(scale, 0.75f * x[i])
STREAM(add, x[i] + y[i])
STREAM(triad, x[i] + 0.75f * y[i])
STREAM(saxpy, 0.75f * x[i] + z[i])
`

// The same in C, from one thread up to another.
const streamLoops = `
#define STREAM(NAME, VALUE) \
void NAME(float *restrict z, const float *restrict x, const float *restrict y, long from, long to) { \
	for (long i = from; i < to; i++) z[i] = VALUE; }

STREAM(copy, x[i])
STREAM(scale, 0.75f * x[i])
STREAM(add, x[i] + y[i])
STREAM(triad, x[i] + 0.75f * y[i])
STREAM(saxpy, 0.75f * x[i] + z[i])
`

// streamed is a kernel, and how many words it reads and writes a thread.
type streamed struct {
	name  string
	words int
}

var streamedKernels = []streamed{{"copy", 2}, {"scale", 2}, {"add", 3}, {"triad", 3}, {"saxpy", 3}}

// streams measures the bandwidth of kernels that do little but load and store,
// by the clock and in processor time, against C with as many threads as the
// device has, and both with one. All use the same memory.
func streams(e *env) error {
	fmt.Printf("\nstreams of %d floats, against gcc -O3 -march=native; GB/s by the clock\n", streamLength)
	c, err := cc.Load(streamLoops, "-O3", "-march=native")
	if errors.Is(err, cc.ErrNoCompiler) {
		fmt.Println(" ", err)
		return nil
	} else if err != nil {
		return err
	}
	lib, err := e.dev.Compile(streamKernels)
	if err != nil {
		return err
	}
	defer lib.Close()
	x, y, err := two(e.dev, streamLength)
	if err != nil {
		return err
	}
	defer x.Close()
	defer y.Close()
	z, err := gpu.Make[float32](e.dev, streamLength)
	if err != nil {
		return err
	}
	defer z.Close()
	for i := range x.Slice() {
		x.Slice()[i], y.Slice()[i] = float32(i%17), float32(i%23)
	}
	for _, k := range streamedKernels {
		if err := e.stream(k, c, lib, z, x, y); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	return nil
}

const streamLength = 16 << 20

// noticed is for how long a device may believe in an old number of processors.
const noticed = 200 * time.Millisecond

func (e *env) stream(k streamed, c *cc.Library, lib *gpu.Library, z, x, y gpu.Of[float32]) error {
	loop, err := c.Func(k.name)
	if err != nil {
		return err
	}
	pipe, err := lib.Pipeline(k.name)
	if err != nil {
		return err
	}
	defer pipe.Close()
	threads := func(n int) func() error {
		return func() error {
			var all sync.WaitGroup
			for t := range n {
				all.Go(func() {
					from, to := streamLength*t/n, streamLength*(t+1)/n
					loop(cc.Address(z.Slice()), cc.Address(x.Slice()), cc.Address(y.Slice()), uintptr(from), uintptr(to))
				})
			}
			all.Wait()
			return nil
		}
	}
	kernel := func() error { return e.queue.Run(context.Background(), pipe, gpu.D1(streamLength), z, x, y) }
	cores := runtime.GOMAXPROCS(0)
	ways := []struct {
		name string
		run  func() error
	}{{"C", threads(cores)}, {"kernel", kernel}, {"C, one thread", threads(1)}, {"kernel, one thread", kernel}}

	clear(z.Slice())
	if err := ways[0].run(); err != nil {
		return err
	}
	want := slices.Clone(z.Slice())
	clear(z.Slice())
	if err := ways[1].run(); err != nil {
		return err
	}
	if !slices.Equal(z.Slice(), want) {
		return errors.New("the kernel and C differ")
	}

	wall, cpu := make([][]float64, len(ways)), make([][]float64, len(ways))
	round := func(i int) error {
		begin, used := time.Now(), turns.CPUTime()
		if err := ways[i].run(); err != nil {
			return err
		}
		wall[i] = append(wall[i], float64(time.Since(begin)))
		cpu[i] = append(cpu[i], float64(turns.CPUTime()-used))
		return nil
	}
	for _, pair := range []struct{ first, procs int }{{0, cores}, {2, 1}} {
		first, before := pair.first, runtime.GOMAXPROCS(pair.procs)
		time.Sleep(noticed)
		for range e.rounds {
			err = errors.Join(err, round(first), round(first+1))
		}
		runtime.GOMAXPROCS(before)
	}
	if err != nil {
		return err
	}
	time.Sleep(noticed)
	fmt.Printf("  %s\n", k.name)
	for i, w := range ways {
		fmt.Printf("    %-20s%12s   processor time%12s%8.1f GB/s\n", w.name, duration(middle(wall[i])), duration(middle(cpu[i])),
			rate(float64(4*k.words*streamLength), middle(wall[i])))
	}
	e.ratios.Add("stream/"+k.name+"/c", middle(wall[1])/middle(wall[0]))
	e.ratios.Add("stream/"+k.name+"/c-one-thread", middle(wall[3])/middle(wall[2]))
	return nil
}
