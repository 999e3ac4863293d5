package dispatch_test

import (
	"fmt"
	"testing"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// What a launch costs beside the kernel: batches of small launches, recorded each time and replayed.
func BenchmarkBatch(b *testing.B) {
	h := open(b, dispatch.Options{})
	add, buf := h.pipeline(b, "add"), h.floats(b, 1)
	one := bytesOf(float32(1))
	for _, launches := range []int{1, 100} {
		step := func(b *dispatch.Batch) {
			b.Bind(add)
			for range launches {
				b.BindBuffer(buf.Buffer, 0, 0)
				b.Push(one, 1)
				b.Launch(gpu.D1(1), gpu.D1(1))
			}
		}
		rec, err := h.disp.Record(step)
		if err != nil {
			b.Fatal(err)
		}
		for name, f := range map[string]func() error{
			"Batch":     func() error { return h.disp.Batch(step) },
			"Recording": rec.Run,
		} {
			b.Run(fmt.Sprintf("%s/%d", name, launches), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		rec.Close()
	}
}
