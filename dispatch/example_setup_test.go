package dispatch_test

import (
	"encoding/binary"
	"log"
	"math"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// exampleSource is the MSL of the examples.
const exampleSource = addSource + `
kernel void reverse(device float *a [[buffer(0)]],
                    threadgroup float *t [[threadgroup(0)]],
                    uint id [[thread_index_in_threadgroup]],
                    uint size [[threads_per_threadgroup]]) {
    t[id] = a[id];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    a[id] = t[size - 1 - id];
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

// setup gives an example a dispatcher, a kernel of exampleSource and a buffer of 1, 2 and 3. The
// package's own example shows each step.
func setup(kernel string) (d *dispatch.Dispatcher, p *gpu.Pipeline, buf gpu.Of[float32], end func()) {
	dev := must(gpu.Open())
	defer dev.Close() // what it has made lives on
	lib := must(dev.Compile(exampleSource))
	defer lib.Close()
	p = must(lib.Pipeline(kernel))
	queue := must(dev.Queue())
	buf = must(gpu.From(dev, []float32{1, 2, 3}))
	d = must(dispatch.New(queue))
	return d, p, buf, func() {
		d.Close()
		queue.Close()
		buf.Close()
		p.Close()
	}
}

// float is a float32 as a kernel reads it.
func float(v float32) []byte {
	return binary.NativeEndian.AppendUint32(nil, math.Float32bits(v))
}
