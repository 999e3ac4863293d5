package dispatch

import (
	"context"
	"sync/atomic"
)

// A gate lets so many batches be on the device at once. Where there is room, going through costs an
// atomic operation.
type gate struct {
	limit   int64
	inside  atomic.Int64
	waiting atomic.Int64
	wake    chan struct{} // tells who waits to look again; has room for limit
}

func newGate(limit int) *gate {
	return &gate{limit: int64(limit), wake: make(chan struct{}, limit)}
}

// try goes in if there is room.
func (g *gate) try() bool {
	for {
		n := g.inside.Load()
		if n >= g.limit {
			return false
		}
		if g.inside.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// enter goes in when there is room, or returns the context's error.
func (g *gate) enter(ctx context.Context) error {
	if g.try() {
		return nil
	}
	// From here on leave tells of room, so none is missed: what was left before is seen by try.
	g.waiting.Add(1)
	defer g.waiting.Add(-1)
	for !g.try() {
		select {
		case <-g.wake:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// leave goes out. A full channel has a word for everybody who could go in.
func (g *gate) leave() {
	g.inside.Add(-1)
	if g.waiting.Load() > 0 {
		select {
		case g.wake <- struct{}{}:
		default:
		}
	}
}
