package dispatch_test

import (
	"encoding/binary"
	"fmt"
	"log"
	"math"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

const addSource = `
#include <metal_stdlib>
using namespace metal;

kernel void add(device float *a [[buffer(0)]],
                constant float &v [[buffer(1)]],
                uint id [[thread_position_in_grid]]) {
    a[id] += v;
}
`

// Ten launches in one command buffer, from the device to the result.
func Example() {
	dev, err := gpu.Open()
	if err != nil {
		log.Fatal(err)
	}
	defer dev.Close()
	lib, err := dev.Compile(addSource)
	if err != nil {
		log.Fatal(err)
	}
	defer lib.Close()
	add, err := lib.Pipeline("add")
	if err != nil {
		log.Fatal(err)
	}
	defer add.Close()
	buf, err := gpu.From(dev, []float32{1, 2, 3})
	if err != nil {
		log.Fatal(err)
	}
	defer buf.Close()
	queue, err := dev.Queue()
	if err != nil {
		log.Fatal(err)
	}
	defer queue.Close()
	d, err := dispatch.New(queue)
	if err != nil {
		log.Fatal(err)
	}
	defer d.Close()

	err = d.Batch(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(buf.Buffer, 0, 0)
		for i := range 10 {
			b.Push(binary.NativeEndian.AppendUint32(nil, math.Float32bits(float32(i))), 1)
			b.Launch(gpu.D1(3), gpu.D1(3))
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(buf.Slice())
	// Output: [46 47 48]
}
