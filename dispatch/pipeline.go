package dispatch

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// Pipeline runs n batches in order, f recording batch i while the device works on those before it,
// and waits for all of them. After a failure no more are recorded; the error joins those of all
// that failed, the work that was skipped because of the first among them. If ctx ends first, its
// error is part of the result and what is in flight goes on.
//
// The CPU device works on batches that take it next to no time while f does not record: handing
// them to another processor would take longer.
func (d *Dispatcher) Pipeline(ctx context.Context, n int, f func(i int, b *Batch)) error {
	if n < 0 {
		return fmt.Errorf("dispatch: Pipeline: %d batches are negative", n)
	}
	if f == nil && n > 0 {
		return errNoFunction("Pipeline")
	}
	if d.inner() == nil {
		return errNil("Pipeline")
	}
	if ctx == nil {
		return errNoContext("Pipeline")
	}
	p := pipeline{d: d.dispatcher, ctx: ctx, air: make([]*Future, 0, d.opt.InFlight), last: brief}
	i := 0
	step := func(b *Batch) { f(i, b) }
	for ; i < n && len(p.errs) == 0; i++ {
		p.launch(step)
	}
	for len(p.air) > 0 && ctx.Err() == nil {
		p.land()
	}
	if len(p.air) > 0 && len(p.errs) == 0 {
		p.errs = append(p.errs, ctx.Err())
	}
	if len(p.errs) == 1 {
		return p.errs[0]
	}
	return errors.Join(p.errs...)
}

// A pipeline is one call of Pipeline.
type pipeline struct {
	d    *dispatcher
	ctx  context.Context
	air  []*Future // batches in flight, the oldest first
	errs []error
	last time.Duration // what the device took for the last batch that is known to be done
}

// brief is the time on the device below which a batch is not worth handing over.
const brief = 2 * time.Microsecond

// moment is how often a pipeline looks whether the last of its brief batches is done: when it is,
// there is no other goroutine at work any more, and the pipeline works on the next ones itself.
const moment = 32

// launch records and submits a batch, and waits for the oldest if there are too many.
func (p *pipeline) launch(step func(*Batch)) {
	if err := p.ctx.Err(); err != nil {
		p.errs = append(p.errs, err)
		return
	}
	manner := launch.Async
	if p.last < brief && p.d.queue.Local() && p.idle() {
		manner = launch.Brief
	}
	const op = "Pipeline"
	r, err := p.d.record(op, step)
	if err != nil {
		p.errs = append(p.errs, launch.Inside.Error(err, op))
		return
	}
	future := p.d.waiter(op, p.d.queue.Local()) // for p.last
	if err := p.d.submit(p.ctx, r, future, manner); err != nil {
		p.d.waited(future)
		p.errs = append(p.errs, launch.Inside.Error(err, op))
		return
	}
	if len(p.air) == cap(p.air) {
		p.land()
	}
	p.air = append(p.air, future)
}

// idle gives the device a moment to finish, and tells whether it has.
func (p *pipeline) idle() bool {
	n := len(p.air)
	if n == 0 {
		return true
	}
	newest := p.air[n-1]
	for i := 0; !newest.done.Over(); i++ {
		if i == moment {
			return false
		}
		runtime.Gosched()
	}
	p.last = newest.time
	return p.last < brief
}

// land waits for the oldest batch.
func (p *pipeline) land() {
	f := p.air[0]
	p.air = append(p.air[:0], p.air[1:]...)
	if err := f.done.WaitContext(p.ctx); err != nil {
		p.errs = append(p.errs, err) // f is still needed
		return
	}
	p.last = f.time
	if f.err != nil {
		p.errs = append(p.errs, f.err)
	}
	f.again()
	p.d.waited(f)
}
