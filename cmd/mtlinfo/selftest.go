package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aruminium-go/aruminium/gpu"
)

const selfTestSource = `
#include <metal_stdlib>
using namespace metal;

// Sums the squares of each group of 64 numbers.
kernel void squares(device const uint *in [[buffer(0)]],
                    device uint *out [[buffer(1)]],
                    uint id [[thread_position_in_grid]],
                    uint tid [[thread_index_in_threadgroup]],
                    uint group [[threadgroup_position_in_grid]]) {
    threadgroup uint part[64];
    part[tid] = in[id] * in[id];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint step = 32; step > 0; step /= 2) {
        if (tid < step) part[tid] += part[tid + step];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (tid == 0) out[group] = part[0];
}
`

// selfTestResult is how a device did.
type selfTestResult struct {
	OK        bool   `json:"ok"`
	Error     string `json:"error,omitempty"`
	CompileNS int64  `json:"compileNanoseconds"` // source to pipeline
	RunNS     int64  `json:"runNanoseconds"`     // launch to result
	Threads   int    `json:"threads"`
}

// selfTest compiles and runs a kernel on dev and checks what it computed.
func selfTest(dev *gpu.Device) *selfTestResult {
	r := &selfTestResult{Threads: 1 << 16}
	if err := r.run(dev); err != nil {
		r.Error = err.Error()
		return r
	}
	r.OK = true
	return r
}

func (r *selfTestResult) run(dev *gpu.Device) error {
	begin := time.Now()
	lib, err := dev.Compile(selfTestSource)
	if err != nil {
		return err
	}
	defer lib.Close()
	pipe, err := lib.Pipeline("squares")
	if err != nil {
		return err
	}
	defer pipe.Close()
	r.CompileNS = time.Since(begin).Nanoseconds()

	queue, err := dev.Queue()
	if err != nil {
		return err
	}
	defer queue.Close()
	const group = 64
	numbers := make([]uint32, r.Threads)
	want := make([]uint32, len(numbers)/group)
	for i := range numbers {
		x := uint32(i) * 2654435761
		numbers[i] = x
		want[i/group] += x * x
	}
	in, err := gpu.From(dev, numbers)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := gpu.Make[uint32](dev, len(want))
	if err != nil {
		return err
	}
	defer out.Close()

	begin = time.Now()
	cmd, err := queue.Commands()
	if err != nil {
		return err
	}
	enc, err := cmd.Encoder()
	if err != nil {
		return err
	}
	enc.Bind(pipe)
	enc.BindBuffer(in.Buffer, 0, 0)
	enc.BindBuffer(out.Buffer, 0, 1)
	enc.LaunchGroups(gpu.D1(len(want)), gpu.D1(group))
	enc.Finish()
	if err := cmd.Submit(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := cmd.WaitContext(ctx); err != nil {
		return err
	}
	r.RunNS = time.Since(begin).Nanoseconds()
	for i, got := range out.Slice() {
		if got != want[i] {
			return fmt.Errorf("group %d summed to %d, want %d", i, got, want[i])
		}
	}
	return nil
}

func (r *selfTestResult) String() string {
	if !r.OK {
		return "FAILED: " + r.Error
	}
	return fmt.Sprintf("ok, %d threads; compiled in %v, ran in %v", r.Threads,
		time.Duration(r.CompileNS).Round(time.Microsecond), time.Duration(r.RunNS).Round(time.Microsecond))
}
