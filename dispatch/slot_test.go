package dispatch_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// Changes of a recording cost no allocation, and neither do the runs after them.
func TestChangesAllocateNothing(t *testing.T) {
	if raceEnabled || fixture {
		t.Skip("the race detector and the fixture allocate")
	}
	h := open(t, dispatch.Options{})
	add := h.pipeline(t, "add")
	total := h.pipeline(t, "total")
	a, b := h.floats(t, 64), h.floats(t, 64)
	large := [2][]byte{bytesOf([2000]float32{1}), bytesOf([2000]float32{2})}
	r, err := h.disp.Record(func(rec *dispatch.Batch) {
		rec.Bind(add)
		rec.BindBuffer(a.Buffer, 0, 0)
		rec.Push(bytesOf(float32(1)), 1)
		rec.Launch(gpu.D1(4), gpu.D1(4))
		rec.Bind(total)
		rec.Push(large[0], 1)
		rec.Launch(gpu.D1(4), gpu.D1(4))
	})
	require.NoError(t, err)
	defer r.Close()
	values := [2][]byte{bytesOf(float32(1)), bytesOf(float32(2))}
	bufs := [2]*gpu.Buffer{a.Buffer, b.Buffer}
	for name, wait := range map[string]bool{"one after the other": true, "in flight": false} {
		i := 0
		var last *dispatch.Future
		allocs := testing.AllocsPerRun(500, func() {
			i++
			err := r.SetBytes(0, values[i%2])
			if err == nil && wait {
				err = r.SetBytes(1, large[i%2])
			}
			if err == nil {
				err = r.SetBuffer(0, bufs[i/2%2], i%4*4)
			}
			if err == nil {
				err = r.SetOffset(0, i%8*4)
			}
			if err == nil && wait {
				err = r.Run()
			} else if err == nil {
				last, err = r.RunAsync()
			}
			if err != nil {
				t.Error(err)
			}
		})
		require.Zero(t, allocs, name)
		if !wait {
			require.NoError(t, last.Wait())
		}
	}
}

// A recording with many launches is changed at random, and run at once or in flight; a model in Go
// does the same. Each launch adds a value of its own to four numbers from an offset on.
func TestChangesAgainstAModel(t *testing.T) {
	const bufs, launches, size, rounds = 4, 12, 64, 300
	h := open(t, dispatch.Options{InFlight: 8})
	add := h.pipeline(t, "add")
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 7))
			var mem [bufs]gpu.Of[float32]
			var model [bufs][size]float32
			for i := range mem {
				mem[i] = h.floats(t, size)
			}
			type bind struct{ buf, off int }
			var binds []bind     // by slot
			var values []float32 // by slot
			var uses [][2]int    // of each launch, the slots of its buffer and its value
			anyBind := func() bind { return bind{rng.IntN(bufs), rng.IntN(size - 4)} }
			bound, pushed := -1, -1
			r, err := h.disp.Record(func(b *dispatch.Batch) {
				b.Bind(add)
				for i := range launches {
					if i == 0 || rng.IntN(2) == 0 {
						at := anyBind()
						bound = b.BindBuffer(mem[at.buf].Buffer, at.off*4, 0)
						binds = append(binds, at)
					}
					if i == 0 || rng.IntN(2) == 0 {
						values = append(values, float32(rng.IntN(9)))
						pushed = b.Push(bytesOf(values[len(values)-1]), 1)
					}
					uses = append(uses, [2]int{bound, pushed})
					b.Launch(gpu.D1(4), gpu.D1(4))
				}
			})
			require.NoError(t, err)
			defer r.Close()
			var air []*dispatch.Future
			for range rounds {
				for range rng.IntN(4) {
					switch slot := rng.IntN(len(binds)); rng.IntN(3) {
					case 0:
						slot = rng.IntN(len(values))
						values[slot] = float32(rng.IntN(9))
						require.NoError(t, r.SetBytes(slot, bytesOf(values[slot])))
					case 1:
						binds[slot] = anyBind()
						require.NoError(t, r.SetBuffer(slot, mem[binds[slot].buf].Buffer, binds[slot].off*4))
					case 2:
						binds[slot].off = rng.IntN(size - 4)
						require.NoError(t, r.SetOffset(slot, binds[slot].off*4))
					}
				}
				for _, u := range uses {
					at := binds[u[0]]
					for i := range 4 {
						model[at.buf][at.off+i] += values[u[1]]
					}
				}
				if rng.IntN(2) == 0 {
					require.NoError(t, r.Run())
				} else {
					f, err := r.RunAsync()
					require.NoError(t, err)
					air = append(air, f)
				}
			}
			for _, f := range air {
				require.NoError(t, f.Wait())
			}
			for i := range mem {
				require.Equal(t, model[i][:], mem[i].Slice(), "buffer %d", i)
			}
		})
	}
}

// A change moves bounds too: what was in the buffer before is outside of the next.
func TestChangesMoveBounds(t *testing.T) {
	h := open(t, dispatch.Options{})
	h.faults(t)
	inc := h.pipeline(t, "inc")
	long, short := h.floats(t, 64), h.floats(t, 32)
	r, err := h.disp.Record(func(b *dispatch.Batch) {
		b.Bind(inc)
		b.BindBuffer(long.Buffer, 0, 0)
		b.Launch(gpu.D1(64), gpu.D1(64))
	})
	require.NoError(t, err)
	defer r.Close()
	require.NoError(t, r.Run())
	require.NoError(t, r.SetBuffer(0, short.Buffer, 0))
	require.ErrorIs(t, r.Run(), gpu.ErrPageFault)
	require.NoError(t, r.SetBuffer(0, long.Buffer, 0))
	require.NoError(t, r.Run())
	require.NoError(t, r.SetOffset(0, 4))
	require.ErrorContains(t, r.Run(), "252")
	require.ErrorContains(t, r.SetOffset(0, 256), "past the buffer's end at 256")
	require.ErrorContains(t, r.SetOffset(0, -4), "negative")
	require.ErrorContains(t, r.SetOffset(0, 6), "alignment 4")
	require.ErrorContains(t, r.SetOffset(1, 0), "no slot 1: the recording has 1 bound buffer")
	require.ErrorContains(t, r.SetBytes(0, nil), "no slot 0: the recording has no pushes")
	require.NoError(t, r.SetOffset(0, 0))
	require.NoError(t, r.Run())
	require.Equal(t, float32(3), long.At(0))
}

// Changes and runs of one recording on many goroutines: each run sees whole changes.
func TestChangesConcurrently(t *testing.T) {
	h := open(t, dispatch.Options{InFlight: 4})
	add := h.pipeline(t, "add")
	start := live(t)
	first, err := gpu.Make[float32](h.dev, 4)
	require.NoError(t, err)
	r, err := h.disp.Record(func(b *dispatch.Batch) {
		b.Bind(add)
		b.BindBuffer(first.Buffer, 0, 0)
		b.Push(bytesOf(float32(1)), 1)
		b.Launch(gpu.D1(4), gpu.D1(4))
	})
	require.NoError(t, err)
	const goroutines, rounds = 4, 100
	var bufs [goroutines]gpu.Of[float32]
	var all sync.WaitGroup
	for g := range goroutines {
		bufs[g], err = gpu.Make[float32](h.dev, 4)
		require.NoError(t, err)
		all.Go(func() {
			for i := range rounds {
				err := r.SetBuffer(0, bufs[g].Buffer, 0)
				if err == nil && i%3 == 0 {
					err = r.SetBytes(0, bytesOf(float32(1+i%2)))
				}
				if err == nil && i%2 == 0 {
					err = r.Run()
				} else if err == nil {
					_, err = r.RunAsync()
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	require.NoError(t, h.queue.Sync(background()))
	sum := first.At(3)
	for _, b := range bufs {
		require.Equal(t, b.At(0), b.At(3), "a run has one value for all threads")
		sum += b.At(3)
		require.NoError(t, b.Close())
	}
	require.GreaterOrEqual(t, sum, float32(goroutines*rounds))
	require.LessOrEqual(t, sum, float32(2*goroutines*rounds))
	require.NoError(t, first.Close())
	require.NoError(t, r.Close())
	settles(t, start+5)
}
