package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/aruminium-go/aruminium/gpu"
)

// The kernels beside which garbage is collected: each would keep a processor from Go's scheduler in
// its own way, were it let. turns sets how long they run.
const busySource = `
#include <metal_stdlib>
using namespace metal;

// One threadgroup a processor, which does not end for a long time.
kernel void loop(device float *data, constant uint &n, constant uint &turns, uint id [[thread_position_in_grid]]) {
    float x = data[id], y = x;
    for (uint i = 0; i < turns; i++) {
        x = fma(x, 0.999f, y);
        y = fma(y, 0.998f, x * 1e-3f);
    }
    data[id] = x + y;
}

// Memory as fast as it comes.
kernel void stream(device float *data, constant uint &n, constant uint &turns, uint id [[thread_position_in_grid]], uint all [[threads_per_grid]]) {
    for (uint t = 0; t < turns; t++)
        for (uint i = id; i < n; i += all)
            data[i] = data[i] * 0.5f + 1.0f;
}

// Memory where no cache has it.
kernel void gather(device float *data, constant uint &n, constant uint &turns, uint id [[thread_position_in_grid]]) {
    uint at = id;
    float sum = 0;
    for (uint i = 0; i < turns; i++) {
        at = at * 1664525u + 1013904223u;
        sum += data[at & (n - 1)];
    }
    data[id] = sum;
}

// By turns arithmetic, and memory where no cache has it: the same fuel takes a hundred times as long.
kernel void phases(device float *data, constant uint &n, constant uint &turns, uint id [[thread_position_in_grid]]) {
    uint at = id;
    float x = data[id], sum = 0;
    for (uint i = 0; i < turns; i++) {
        for (uint k = 0; k < 20000; k++)
            x = fma(x, 0.999f, 0.5f);
        for (uint k = 0; k < 20000; k++) {
            at = at * 1664525u + 1013904223u;
            sum += data[at & (n - 1)];
        }
    }
    data[id] = sum + x;
}

// Memory that everybody wants.
kernel void atomics(device atomic_uint *data, constant uint &n, constant uint &turns, uint id [[thread_position_in_grid]]) {
    uint at = id;
    for (uint i = 0; i < turns; i++) {
        at = at * 1664525u + 1013904223u;
        atomic_fetch_xor_explicit(&data[at & (n - 1)], at, memory_order_relaxed);
    }
}

// Barriers, and memory of the threadgroup.
kernel void barriers(device float *data, constant uint &n, constant uint &turns, uint id [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]], uint w [[threads_per_threadgroup]]) {
    threadgroup float tile[1024];
    tile[t] = data[id];
    for (uint i = 0; i < turns; i++) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        float x = tile[(t + i) % w];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        tile[t] += x * 0.25f;
    }
    data[id] = tile[t];
}

// Division, for which processors have no vectors.
kernel void divide(device ulong *data, constant uint &n, constant uint &turns, uint id [[thread_position_in_grid]]) {
    ulong x = data[id] + id;
    for (uint i = 1; i <= turns; i++)
        x = x / i + (x % (i + 7)) * 1000003ul;
    data[id] = x;
}

// Threadgroups that end at once.
kernel void groups(device float *data, constant uint &n, constant uint &turns, uint id [[thread_position_in_grid]]) {
    data[id & (n - 1)] += 1;
}
`

// A busyKernel is one of them, and its grid for so many turns.
type busyKernel struct {
	name  string
	turns int // of a first run
	grid  func(turns int) gpu.Size
}

func busyKernels() []busyKernel {
	all := func(int) gpu.Size { return gpu.D1(1024 * runtime.GOMAXPROCS(0)) }
	return []busyKernel{
		{"loop", 1 << 16, all}, {"stream", 2, all}, {"gather", 1 << 10, all}, {"phases", 1, all}, {"atomics", 1 << 8, all},
		{"barriers", 1 << 12, all}, {"divide", 1 << 8, all},
		{"groups", 1 << 10, func(turns int) gpu.Size { return gpu.D2(1024, turns) }},
	}
}

// collections measures how much longer runtime.GC takes while a kernel of about
// a second is running on all processors.
func collections(e *env) error {
	fmt.Println("\ngc: runtime.GC() beside a kernel of about a second, and without, in ms")
	lib, err := e.dev.Compile(busySource)
	if err != nil {
		return err
	}
	defer lib.Close()
	const n = 1 << 24
	data, err := gpu.Make[float32](e.dev, n)
	if err != nil {
		return err
	}
	defer data.Close()
	fmt.Printf("  %-12s%12s%12s%12s%12s%12s\n", "", "alone", "beside", "longer", "9 of 10", "at most")
	for _, k := range busyKernels() {
		if err := e.collectBeside(lib, k, data); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	return nil
}

func (e *env) collectBeside(lib *gpu.Library, k busyKernel, data gpu.Of[float32]) error {
	pipe, err := lib.Pipeline(k.name)
	if err != nil {
		return err
	}
	defer pipe.Close()
	turns := k.turns
	run := func() error {
		return e.queue.Run(context.Background(), pipe, k.grid(turns), data, uint32(data.Len()), uint32(turns))
	}
	for range 12 { // until it takes about a second
		begin := time.Now()
		if err := run(); err != nil {
			return err
		}
		if took := time.Since(begin); took < 700*time.Millisecond {
			turns = max(turns+1, int(float64(turns)*min(16, 1/took.Seconds())))
		} else {
			break
		}
	}
	var alone, beside []float64
	for range max(1, e.rounds/2) {
		for range 20 {
			alone = append(alone, collect())
		}
		done := make(chan error, 1)
		go func() { done <- run() }()
		time.Sleep(50 * time.Millisecond)
		for running := true; running; {
			took := collect()
			select {
			case err := <-done:
				if err != nil {
					return err
				}
				running = false // and so it may have been before the end
			default:
				beside = append(beside, took)
			}
			time.Sleep(time.Millisecond)
		}
	}
	if len(beside) == 0 {
		return fmt.Errorf("no collection ended before the kernel did")
	}
	slices.Sort(alone)
	slices.Sort(beside)
	middle := alone[len(alone)/2]
	longer, nine, most := beside[len(beside)/2]-middle, beside[len(beside)*9/10]-middle, beside[len(beside)-1]-middle
	fmt.Printf("  %-12s%12.3f%12.3f%12.3f%12.3f%12.3f\n", k.name, middle, beside[len(beside)/2], longer, nine, most)
	e.ratios.Add("gc/"+k.name+"/ms-longer", longer)
	e.ratios.Add("gc/"+k.name+"/ms-longer-at-most", most)
	return nil
}

// collect runs the collector and returns the milliseconds it took.
func collect() float64 {
	begin := time.Now()
	runtime.GC()
	return time.Since(begin).Seconds() * 1e3
}
