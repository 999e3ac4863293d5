// Reduction sums a million numbers in two launches: every threadgroup sums its
// share by halving, then one group sums what they left.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/aruminium-go/aruminium/gpu"
)

const source = `
#include <metal_stdlib>
using namespace metal;

kernel void block_sum(device const uint *in [[buffer(0)]],
                      device uint *out [[buffer(1)]],
                      constant uint &n [[buffer(2)]],
                      threadgroup uint *part [[threadgroup(0)]],
                      uint tid [[thread_index_in_threadgroup]],
                      uint group [[threadgroup_position_in_grid]],
                      uint size [[threads_per_threadgroup]],
                      uint all [[threads_per_grid]]) {
    // Each thread sums every all-th number first.
    uint sum = 0;
    for (uint i = group * size + tid; i < n; i += all) sum += in[i];
    part[tid] = sum;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint step = size / 2; step > 0; step /= 2) {
        if (tid < step) part[tid] += part[tid + step];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (tid == 0) out[group] = part[0];
}
`

func main() {
	if err := run(os.Stdout, 1_000_003); err != nil {
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
	sum, err := lib.Pipeline("block_sum")
	if err != nil {
		return err
	}
	defer sum.Close()
	queue, err := dev.Queue()
	if err != nil {
		return err
	}
	defer queue.Close()

	const groups, size = 64, 256
	in, err := gpu.Make[uint32](dev, n)
	if err != nil {
		return err
	}
	defer in.Close()
	partial, err := gpu.Make[uint32](dev, groups)
	if err != nil {
		return err
	}
	defer partial.Close()
	total, err := gpu.Make[uint32](dev, 1)
	if err != nil {
		return err
	}
	defer total.Close()
	var want uint32
	for i, s := 0, in.Slice(); i < n; i++ {
		s[i] = uint32(i*i) % 1000
		want += s[i]
	}

	cmd, err := queue.Commands()
	if err != nil {
		return err
	}
	enc, err := cmd.Encoder()
	if err != nil {
		return err
	}
	// Launches of one encoder run in order: the second sees what the first
	// wrote.
	launch := func(from, to *gpu.Buffer, count uint32, groups int) {
		enc.Bind(sum)
		enc.BindBuffer(from, 0, 0)
		enc.BindBuffer(to, 0, 1)
		gpu.Push(enc, count, 2)
		enc.Threadgroup(size*4, 0)
		enc.LaunchGroups(gpu.D1(groups), gpu.D1(size))
	}
	launch(in.Buffer, partial.Buffer, uint32(n), groups)
	launch(partial.Buffer, total.Buffer, groups, 1)
	if err := enc.Finish(); err != nil {
		return err
	}
	if err := cmd.Submit(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	if got := total.At(0); got != want {
		return fmt.Errorf("the sum is %d, want %d", got, want)
	}
	fmt.Fprintf(out, "the sum of %d numbers is %d\n", n, want)
	return nil
}
