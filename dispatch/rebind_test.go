package dispatch_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// What is bound again, what changes and what stays between launches comes to what a model says, in batches
// and in recordings.
func TestRebindingAgainstAModel(t *testing.T) {
	h := open(t, dispatch.Options{})
	inc, add := h.pipeline(t, "inc"), h.pipeline(t, "add")
	const size = 64
	bufs := []gpu.Of[float32]{h.floats(t, size), h.floats(t, size)}
	large := make([]byte, 5000) // more than a command takes
	copy(large, bytesOf(float32(7)))
	model := make([][]float32, len(bufs))
	for i := range model {
		model[i] = make([]float32, size)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		buf, offset, value := 0, 0, float32(0)
		record := func(b *dispatch.Batch) {
			with := rnd.IntN(2) == 0
			bind := func() { b.BindBuffer(bufs[buf].Buffer, 4*offset, 0) }
			push := func() {
				if value == 7 {
					b.Push(large, 1)
				} else {
					b.Push(bytesOf(value), 1)
				}
			}
			use := func() {
				if b.Bind(inc); with {
					b.Bind(add)
				}
			}
			bind()
			push()
			use()
			for range 1 + rnd.IntN(12) {
				switch rnd.IntN(6) {
				case 0:
					buf = rnd.IntN(len(bufs))
					bind()
				case 1:
					offset = rnd.IntN(3)
					bind()
				case 2:
					value = float32(rnd.IntN(3) + 5)
					push()
				case 3:
					with = !with
					use()
				case 4: // what is there already
					bind()
					push()
					use()
				}
				n := 1 + rnd.IntN(size-4)
				b.Launch(gpu.D1(n), gpu.D1(1+rnd.IntN(2)))
				for i := range n {
					if with {
						model[buf][offset+i] += value
					} else {
						model[buf][offset+i]++
					}
				}
			}
		}
		if round%4 == 3 {
			r, err := h.disp.Record(record)
			require.NoError(t, err)
			require.NoError(t, r.Run())
			require.NoError(t, r.Close())
		} else {
			require.NoError(t, h.disp.Batch(record))
		}
		for i, b := range bufs {
			require.Equal(t, model[i], b.Slice(), "round %d", round)
		}
	}
}

// A launch after a good one is checked for what has changed since.
func TestChangesAreChecked(t *testing.T) {
	h := open(t, dispatch.Options{})
	inc, add, scratch := h.pipeline(t, "inc"), h.pipeline(t, "add"), h.pipeline(t, "scratch")
	buf := h.floats(t, 64)
	one := gpu.D1(1)
	for name, c := range map[string]struct {
		change func(b *dispatch.Batch)
		want   string
	}{
		"fewer bytes":     {func(b *dispatch.Batch) { b.Push([]byte{1, 2}, 1) }, "takes 4 bytes and was given 2"},
		"odd offset":      {func(b *dispatch.Batch) { b.BindBuffer(buf.Buffer, 6, 0) }, "no multiple of its alignment"},
		"another kernel":  {func(b *dispatch.Batch) { b.Bind(scratch) }, "has no memory"},
		"too much memory": {func(b *dispatch.Batch) { b.Threadgroup(32<<10, 0); b.Threadgroup(16, 1) }, "threadgroup memory"},
		"large group":     {func(b *dispatch.Batch) { b.Launch(one, gpu.D1(2000)) }, "limit"},
		"no group":        {func(b *dispatch.Batch) { b.Launch(one, gpu.Size{}) }, "at least 1"},
		"no grid":         {func(b *dispatch.Batch) { b.Launch(gpu.D1(0), one) }, "grid"},
		"large grid":      {func(b *dispatch.Batch) { b.Launch(gpu.D3(1, 1, 1<<32), one) }, "past 4294967295"},
	} {
		t.Run(name, func(t *testing.T) {
			record := func(b *dispatch.Batch) {
				b.Bind(add)
				b.BindBuffer(buf.Buffer, 0, 0)
				b.Push(bytesOf(float32(1)), 1)
				b.Launch(one, one)
				c.change(b)
				b.Launch(one, one)
			}
			var le *gpu.LaunchError
			require.ErrorAs(t, h.disp.Batch(record), &le)
			require.Contains(t, le.Reason, c.want)
			_, err := h.disp.Record(record)
			require.ErrorAs(t, err, &le)
			require.Contains(t, le.Reason, c.want)
			require.Zero(t, buf.At(0))
		})
	}
	// A buffer that was closed since is not bound again.
	closing := h.floats(t, 4)
	err := h.disp.Batch(func(b *dispatch.Batch) {
		b.Bind(inc)
		b.BindBuffer(closing.Buffer, 0, 0)
		b.Launch(one, one)
		require.NoError(t, closing.Close())
		b.Launch(one, one) // it is held
		b.BindBuffer(closing.Buffer, 0, 0)
	})
	require.ErrorIs(t, err, gpu.ErrClosed)
	// Nothing of a batch is bound in the next one.
	require.NoError(t, h.disp.Batch(func(b *dispatch.Batch) {
		b.Bind(inc)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(one, one)
	}))
	require.ErrorContains(t, h.disp.Batch(func(b *dispatch.Batch) { b.Bind(inc); b.Launch(one, one) }), "is not bound")
	require.ErrorContains(t, h.disp.Batch(func(b *dispatch.Batch) { b.BindBuffer(buf.Buffer, 0, 0); b.Launch(one, one) }), "no pipeline")
}
