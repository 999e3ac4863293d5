package dispatch

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Never more than the limit are inside, and nobody waits for ever while others give up.
func TestGate(t *testing.T) {
	for _, limit := range []int{1, 3} {
		g := newGate(limit)
		var inside, most, gaveUp atomic.Int64
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				for range 500 {
					ctx, cancel := context.WithCancel(t.Context())
					if i%4 == 0 {
						go cancel()
					}
					if err := g.enter(ctx); err != nil {
						gaveUp.Add(1)
						cancel()
						continue
					}
					n := inside.Add(1)
					for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
					}
					runtime.Gosched()
					inside.Add(-1)
					g.leave()
					cancel()
				}
			})
		}
		all.Wait()
		require.LessOrEqual(t, most.Load(), int64(limit))
		require.Zero(t, g.inside.Load())
		require.Zero(t, g.waiting.Load())
		for range limit {
			require.True(t, g.try())
		}
		require.False(t, g.try())
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, g.enter(ended), context.Canceled)
	}
}
