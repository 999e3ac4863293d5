package dispatch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

func TestSlots(t *testing.T) {
	h := open(t, dispatch.Options{})
	add := h.pipeline(t, "add")
	a, b := h.floats(t, 64), h.floats(t, 128)
	var buffer, first, second int
	r, err := h.disp.Record(func(rec *dispatch.Batch) {
		rec.Bind(add)
		buffer = rec.BindBuffer(a.Buffer, 0, 0)
		first = rec.Push(bytesOf(float32(1)), 1)
		rec.Launch(gpu.D1(64), gpu.D1(64))
		second = rec.Push(bytesOf(float32(10)), 1)
		rec.Launch(gpu.D1(64), gpu.D1(64))
	})
	require.NoError(t, err)
	defer r.Close()
	require.Equal(t, [3]int{0, 0, 1}, [3]int{buffer, first, second})
	require.NoError(t, r.Run())
	require.Equal(t, float32(11), a.At(63))

	require.NoError(t, r.SetBytes(second, bytesOf(float32(100))))
	require.NoError(t, r.SetBuffer(buffer, b.Buffer, 4*64))
	require.NoError(t, r.Run())
	require.Equal(t, float32(11), a.At(63))
	require.Equal(t, float32(0), b.At(63))
	require.Equal(t, float32(101), b.At(64))

	for want, err := range map[string]error{
		"no slot 2":             r.SetBytes(2, bytesOf(float32(0))),
		"no slot -1":            r.SetBytes(-1, bytesOf(float32(0))),
		"has 4 bytes":           r.SetBytes(0, bytesOf(float64(0))),
		"no slot 1":             r.SetBuffer(1, a.Buffer, 0),
		"nil":                   r.SetBuffer(0, nil, 0),
		"past the buffer's end": r.SetBuffer(0, a.Buffer, 256),
		"alignment 4":           r.SetBuffer(0, a.Buffer, 2),
		"negative":              r.SetBuffer(0, a.Buffer, -4),
	} {
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, r.Run(), "a refused change changes nothing")
	require.Equal(t, float32(202), b.At(64))
}

// Changes beside runs in flight: each run has what was set when it began.
func TestSlotsInFlight(t *testing.T) {
	h := open(t, dispatch.Options{InFlight: 8})
	add := h.pipeline(t, "add")
	start := live(t)
	first, err := gpu.Make[float32](h.dev, 64)
	require.NoError(t, err)
	r, err := h.disp.Record(func(rec *dispatch.Batch) {
		rec.Bind(add)
		rec.BindBuffer(first.Buffer, 0, 0)
		rec.Push(bytesOf(float32(0)), 1)
		rec.Launch(gpu.D1(64), gpu.D1(64))
	})
	require.NoError(t, err)
	require.NoError(t, first.Close(), "the recording keeps it")
	require.NoError(t, r.Run())
	var futures []*dispatch.Future
	var bufs []gpu.Of[float32]
	for i := range 50 {
		buf, err := gpu.Make[float32](h.dev, 64)
		require.NoError(t, err)
		bufs = append(bufs, buf)
		require.NoError(t, r.SetBuffer(0, buf.Buffer, 0))
		require.NoError(t, r.SetBytes(0, bytesOf(float32(i+1))))
		f, err := r.RunAsync()
		require.NoError(t, err)
		futures = append(futures, f)
	}
	for i, f := range futures {
		require.NoError(t, f.Wait())
		require.Equal(t, float32(i+1), bufs[i].At(63))
		require.NoError(t, bufs[i].Close())
	}
	require.NoError(t, r.Close())
	settles(t, start+8)
}

// Bytes past 4 KiB are in a buffer of the recording's; they can be replaced too.
func TestLargeSlot(t *testing.T) {
	h := open(t, dispatch.Options{})
	total, out := h.pipeline(t, "total"), h.floats(t, 4)
	start := live(t)
	fill := func(v float32) []byte {
		var data [2000]float32
		for i := range data {
			data[i] = v
		}
		return bytesOf(data)
	}
	r, err := h.disp.Record(func(b *dispatch.Batch) {
		b.Bind(total)
		b.BindBuffer(out.Buffer, 0, 0)
		b.Push(fill(1), 1)
		b.Launch(gpu.D1(4), gpu.D1(4))
	})
	require.NoError(t, err)
	require.NoError(t, r.Run())
	require.Equal(t, float32(2000), out.At(3))
	for i := range 20 {
		require.NoError(t, r.SetBytes(0, fill(float32(i))))
		f, err := r.RunAsync()
		require.NoError(t, err)
		require.NoError(t, r.SetBytes(0, fill(-1)), "replaced while it may be in flight")
		require.NoError(t, f.Wait())
		require.Equal(t, float32(2000*i), out.At(0))
	}
	require.ErrorContains(t, r.SetBytes(0, []byte{1}), "has 8000 bytes")
	require.NoError(t, r.Close())
	settles(t, start+3)
}
