package gpu_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/objc"
)

// Run uses its memory again: beside what its caller boxes it allocates nothing.
func TestRunDoesNotAllocate(t *testing.T) {
	h := open(t)
	inc, buf := h.pipeline(t, "inc"), h.floats(t, 8)
	run := func() {
		if err := h.queue.Run(background(), inc, gpu.D1(8), buf.Buffer); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		run()
	}
	start := live(t)
	n := testing.AllocsPerRun(300, run)
	if !raceEnabled && !objc.Native {
		require.Zero(t, n)
	}
	settles(t, start)
	require.Equal(t, float32(401), buf.At(7))
}

// Many goroutines, some of which give up at once: each run is done once.
func TestRunFromManyGoroutines(t *testing.T) {
	h := open(t)
	inc := h.pipeline(t, "inc")
	var all sync.WaitGroup
	for g := range 8 {
		buf := h.floats(t, 8)
		all.Go(func() {
			for range 50 {
				ctx, cancel := background(), context.CancelFunc(func() {})
				if g%2 == 1 {
					ctx, cancel = context.WithCancel(ctx)
					go cancel()
				}
				if err := h.queue.Run(ctx, inc, gpu.D1(8), buf); g%2 == 0 && err != nil {
					t.Error(err)
				}
				cancel()
			}
			if g%2 == 0 && buf.At(7) != 50 {
				t.Errorf("%v of 50 runs", buf.At(7))
			}
		})
	}
	all.Wait()
	require.NoError(t, h.queue.Sync(background()))
}

func TestRunOfAClosedQueue(t *testing.T) {
	h := open(t)
	inc, buf := h.pipeline(t, "inc"), h.floats(t, 8)
	q, err := h.dev.Queue()
	require.NoError(t, err)
	require.NoError(t, q.Run(background(), inc, gpu.D1(8), buf))
	require.NoError(t, q.Close())
	require.ErrorIs(t, q.Run(background(), inc, gpu.D1(8), buf), gpu.ErrClosed)
	q = nil
	require.ErrorContains(t, q.Run(background(), inc, gpu.D1(8), buf), "the queue is nil")
}
