package dispatch_test

import (
	"encoding/binary"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// Batches that take next to no time and long ones, in turns: the results are those of one after the
// other, on each of several pipelines on one queue.
func TestPipelineOfBriefAndLongBatches(t *testing.T) {
	h := open(t, dispatch.Options{})
	inc, slow := h.pipeline(t, "inc"), h.pipeline(t, "slow")
	rounds := binary.NativeEndian.AppendUint32(nil, slowRounds/8)
	var all sync.WaitGroup
	for range 3 {
		buf, scratch := h.floats(t, 4), h.floats(t, 64)
		all.Go(func() {
			const n = 300
			err := h.disp.Pipeline(background(), n, func(i int, b *dispatch.Batch) {
				if i%50 == 49 {
					b.Bind(slow)
					b.BindBuffer(scratch.Buffer, 0, 0)
					b.Push(rounds, 1)
					b.Launch(gpu.D1(64), gpu.D1(64))
				}
				b.Bind(inc)
				b.BindBuffer(buf.Buffer, 0, 0)
				b.Launch(gpu.D1(4), gpu.D1(4))
			})
			if err != nil {
				t.Error(err)
			}
			if got := buf.At(3); got != n {
				t.Errorf("%v of %v batches", got, n)
			}
		})
	}
	all.Wait()
}

// A pipeline whose batches have been brief so far still records ahead when the queue stops.
func TestPipelineGoesOnRecording(t *testing.T) {
	h := open(t, dispatch.Options{InFlight: 3})
	inc, buf := h.pipeline(t, "inc"), h.floats(t, 1)
	open := func() {}
	require.NoError(t, h.disp.Pipeline(background(), 100, func(i int, b *dispatch.Batch) {
		switch i {
		case 50:
			open = h.gate(t)
		case 53:
			require.Equal(t, float32(50), buf.At(0))
			open()
		}
		b.Bind(inc)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(1), gpu.D1(1))
	}))
	require.Equal(t, float32(100), buf.At(0))
}

// The first failure of brief batches ends a pipeline, as of others.
func TestPipelineOfBriefBatchesFails(t *testing.T) {
	h := open(t, dispatch.Options{})
	h.faults(t)
	past, buf := h.pipeline(t, "past"), h.floats(t, 4)
	recorded := 0
	err := h.disp.Pipeline(background(), 1000, func(i int, b *dispatch.Batch) {
		recorded++
		far := uint32(0)
		if i == 500 {
			far = 100
		}
		b.Bind(past)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(binary.NativeEndian.AppendUint32(nil, far), 1)
		b.Launch(gpu.D1(1), gpu.D1(1))
	})
	var failed *gpu.CommandError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "Pipeline", failed.Op)
	require.ErrorIs(t, err, gpu.ErrPageFault)
	require.LessOrEqual(t, recorded, 501+4)
}
