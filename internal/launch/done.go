package launch

import (
	"context"
	"runtime/pprof"
	"runtime/trace"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aruminium-go/aruminium/internal/profile"
)

// Done is a moment that comes once and that any number of goroutines may wait for. Waiting
// without a context allocates nothing; a channel is made only for who asks for one.
// Arm it before anybody can wait.
type Done struct {
	wait sync.WaitGroup
	over atomic.Bool
	mu   sync.Mutex
	ch   chan struct{}
}

// Arm makes the moment one to be waited for.
func (d *Done) Arm() { d.wait.Add(1) }

// Finish is the moment. It is called once.
func (d *Done) Finish() {
	d.mu.Lock()
	d.over.Store(true)
	if d.ch != nil {
		close(d.ch)
	}
	d.mu.Unlock()
	d.wait.Done()
}

// Again makes a Done that is over, and that nobody waits for, ready to be armed anew.
func (d *Done) Again() {
	d.mu.Lock()
	d.ch = nil
	d.over.Store(false)
	d.mu.Unlock()
}

// Over tells whether the moment has come.
func (d *Done) Over() bool { return d.over.Load() }

// Chan is closed when the moment comes.
func (d *Done) Chan() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ch == nil {
		d.ch = make(chan struct{})
		if d.over.Load() {
			close(d.ch)
		}
	}
	return d.ch
}

// Wait returns when the moment has come.
func (d *Done) Wait() {
	if d.Over() {
		return
	}
	defer waiting(context.Background())()
	d.wait.Wait()
}

// waiting begins a wait and returns the function that ends it: a trace shows it as a region, a
// timeline as a span.
func waiting(ctx context.Context) func() {
	t := active.Load()
	if t == nil && !trace.IsEnabled() {
		return noWait
	}
	begun, region := time.Now(), trace.StartRegion(ctx, "gpu.wait")
	return func() {
		region.End()
		if t != nil {
			t.wait(begun)
		}
	}
}

func noWait() {}

// WaitContext returns when the moment has come, with nil, or when ctx ends, with its error.
func (d *Done) WaitContext(ctx context.Context) error {
	if ctx.Done() == nil {
		d.Wait()
		return nil
	}
	if d.Over() {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return ctx.Err()
	}
	defer waiting(ctx)()
	if profile.Labels() {
		pprof.SetGoroutineLabels(pprof.WithLabels(ctx, pprof.Labels("gpu", "wait")))
		defer pprof.SetGoroutineLabels(ctx)
	}
	select {
	case <-d.Chan():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
