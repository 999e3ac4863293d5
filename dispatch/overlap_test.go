package dispatch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// gate keeps the queue from running what is submitted after it until it is opened.
func (h *house) gate(t *testing.T) (open func()) {
	t.Helper()
	event, err := h.dev.SharedEvent()
	require.NoError(t, err)
	c, err := h.queue.Commands()
	require.NoError(t, err)
	require.NoError(t, c.Await(event, 1))
	require.NoError(t, c.Submit())
	return func() {
		event.Set(1)
		require.NoError(t, c.Wait())
		require.NoError(t, event.Close())
	}
}

// While the device has not even begun with the first batch, Pipeline records as many more as may be
// in flight.
func TestPipelineRecordsAhead(t *testing.T) {
	h := open(t, dispatch.Options{InFlight: 3})
	inc, buf := h.pipeline(t, "inc"), h.floats(t, 64)
	open := h.gate(t)
	require.NoError(t, h.disp.Pipeline(background(), 10, func(i int, b *dispatch.Batch) {
		if i == 3 {
			require.Equal(t, float32(0), buf.At(0), "nothing has run")
			open()
		}
		b.Bind(inc)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(64), gpu.D1(64))
	}))
	require.Equal(t, float32(10), buf.At(63))
}

// What a batch uses may be closed while it is in flight, whether the command buffer retains it or
// the dispatcher does.
func TestCloseOfWhatIsInFlight(t *testing.T) {
	for name, o := range map[string]dispatch.Options{"retained": {}, "unretained": {Unretained: true}} {
		t.Run(name, func(t *testing.T) {
			h := open(t, o)
			out := h.floats(t, 64)
			start := live(t)
			add, err := h.lib.Pipeline("add")
			require.NoError(t, err)
			buf, err := gpu.Make[float32](h.dev, 64)
			require.NoError(t, err)
			record := func(b *dispatch.Batch) {
				b.Bind(add)
				for _, x := range []gpu.Of[float32]{buf, out} {
					b.BindBuffer(x.Buffer, 0, 0)
					b.Push(bytesOf(float32(2)), 1)
					b.Launch(gpu.D1(64), gpu.D1(64))
				}
			}
			rec, err := h.disp.Record(record)
			require.NoError(t, err)
			open := h.gate(t)
			batch, err := h.disp.BatchAsync(record)
			require.NoError(t, err)
			replay, err := rec.RunAsync()
			require.NoError(t, err)
			require.NoError(t, rec.Close())
			require.NoError(t, buf.Close())
			require.NoError(t, add.Close())
			open()
			require.NoError(t, batch.Wait())
			require.NoError(t, replay.Wait())
			require.Equal(t, float32(4), out.At(63))
			settles(t, start+3) // the blocks of three flights, for later ones
		})
	}
}

// What was behind a failure is skipped, and says because of whom.
func TestSkippedNamesTheCulprit(t *testing.T) {
	h := open(t, dispatch.Options{Label: "broken"})
	h.faults(t)
	past, inc, buf := h.pipeline(t, "past"), h.pipeline(t, "inc"), h.floats(t, 64)
	open := h.gate(t)
	culprit, err := h.disp.BatchAsync(func(b *dispatch.Batch) {
		b.Bind(past)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(bytesOf(uint32(1<<20)), 1)
		b.Launch(gpu.D1(64), gpu.D1(64))
	})
	require.NoError(t, err)
	rec, err := h.disp.Record(func(b *dispatch.Batch) {
		b.Bind(inc)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(64), gpu.D1(64))
	})
	require.NoError(t, err)
	defer rec.Close()
	behind, err := rec.RunAsync()
	require.NoError(t, err)
	open()
	require.ErrorIs(t, culprit.Wait(), gpu.ErrPageFault)
	err = behind.Wait()
	require.ErrorIs(t, err, gpu.ErrSkipped)
	require.ErrorContains(t, err, `"broken"`)
	require.ErrorContains(t, err, "past")
	require.Equal(t, float32(0), buf.At(0))
	require.NoError(t, rec.Run(), "what comes after the failure runs")
	require.Equal(t, float32(1), buf.At(0))
}
