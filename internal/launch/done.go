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
// without a context allocates nothing; a channel is made only for who asks for one. A moment that
// nobody has begun to wait for costs one atomic operation.
type Done struct {
	state atomic.Uint32
	mu    sync.Mutex // held while the state changes from or to one with waiters
	cond  sync.Cond
	ch    chan struct{}
}

// The states of a Done.
const (
	doneAhead   = iota // nobody waits
	doneAwaited        // somebody waits, or has the channel
	doneOver           // nobody has waited
	doneTold           // over, and who waits is told under mu
)

// Finish is the moment. It is called once.
func (d *Done) Finish() {
	if d.state.CompareAndSwap(doneAhead, doneOver) {
		return // d may be used again from here on
	}
	d.mu.Lock()
	d.state.Store(doneTold)
	if d.ch != nil {
		close(d.ch)
	}
	waits := d.cond.L != nil
	d.mu.Unlock()
	if waits {
		d.cond.Broadcast() // who waits for a moment that is ahead again looks in vain
	}
}

// Again makes a Done that is over, and that nobody waits for, one whose moment is ahead.
func (d *Done) Again() {
	if d.state.Load() == doneTold {
		d.mu.Lock() // behind Finish
		d.ch = nil
		d.mu.Unlock()
	}
	d.state.Store(doneAhead)
}

// Over tells whether the moment has come.
func (d *Done) Over() bool { return d.state.Load() >= doneOver }

// Chan is closed when the moment comes.
func (d *Done) Chan() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ch == nil {
		d.ch = make(chan struct{})
		if !d.await() {
			d.state.Store(doneTold)
			close(d.ch)
		}
	}
	return d.ch
}

// await notes that somebody waits, unless the moment has come. d.mu is held.
func (d *Done) await() bool {
	d.state.CompareAndSwap(doneAhead, doneAwaited)
	return !d.Over()
}

// Wait returns when the moment has come.
func (d *Done) Wait() {
	if !d.Over() {
		d.wait()
	}
}

func (d *Done) wait() {
	defer waiting(context.Background())()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cond.L = &d.mu
	for d.await() {
		d.cond.Wait()
	}
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
