package gpu_test

import (
	"log"

	"github.com/aruminium-go/aruminium/gpu"
)

// exampleSource is the MSL of the examples.
const exampleSource = saxpySource + `
kernel void square(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) {
    a[id] = a[id] * a[id];
}

kernel void times(device uint *table [[buffer(0)]],
                  uint2 p [[thread_position_in_grid]],
                  uint2 n [[threads_per_grid]]) {
    table[p.y * n.x + p.x] = (p.x + 1) * (p.y + 1);
}

kernel void reverse(device uint *a [[buffer(0)]],
                    threadgroup uint *t [[threadgroup(0)]],
                    uint id [[thread_index_in_threadgroup]],
                    uint size [[threads_per_threadgroup]]) {
    t[id] = a[id];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    a[id] = t[size - 1 - id];
}

kernel void sum(device const uint *in [[buffer(0)]],
                device uint *out [[buffer(1)]],
                uint id [[thread_index_in_threadgroup]],
                uint size [[threads_per_threadgroup]]) {
    threadgroup uint part[64];
    part[id] = in[id];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint step = size / 2; step > 0; step /= 2) {
        if (id < step) part[id] += part[id + step];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (id == 0) out[0] = part[0];
}
`

// must and check keep the examples short; a program handles its errors.
func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// setup gives an example a device, a queue and a kernel of exampleSource. The package's own
// example shows each step.
func setup(kernel string) (dev *gpu.Device, queue *gpu.Queue, p *gpu.Pipeline, end func()) {
	dev = must(gpu.Open())
	queue = must(dev.Queue())
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	p = must(lib.Pipeline(kernel))
	return dev, queue, p, func() {
		p.Close()
		queue.Close()
		dev.Close()
	}
}
