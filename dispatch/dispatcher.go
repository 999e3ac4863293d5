package dispatch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/launch"
)

// Options are how a Dispatcher works. The zero value is what New uses.
type Options struct {
	// InFlight is how many batches may be on the device at once; submitting one more waits for one
	// to end. 0 is 3, and 64, what a Metal queue takes, is the most.
	InFlight int
	// Unretained makes command buffers that retain nothing. The dispatcher keeps what is bound
	// alive either way.
	Unretained bool
	// Concurrent lets the launches of a batch run at the same time; Batch.Barrier separates those
	// that must not.
	Concurrent bool
	// Label names the command buffers in tools and errors.
	Label string
	// Trace, if there is one, gets a timeline of what the program does with devices, this
	// dispatcher's batches and all else, up to Close, which returns the first error of writing it.
	// It is the timeline of gpu.StartTrace, of which there is one at a time.
	Trace io.Writer
}

const (
	defaultInFlight = 3
	mostInFlight    = 64
)

// A Dispatcher launches kernels on a queue again and again without allocating. It is for any
// goroutine.
type Dispatcher struct {
	*dispatcher
	net runtime.Cleanup
}

type dispatcher struct {
	queue *launch.Queue
	owner *gpu.Queue // keeps the queue from being collected
	opt   Options
	room  *gate // for each batch on the device
	line  *launch.Timeline

	mu      sync.Mutex
	closed  bool
	idle    []*recorder
	waiters []*Future // of recordings that are waited for by the call that ran them
	futures []Future  // not handed out yet
}

// New makes a dispatcher for a queue. The caller closes it, and the queue after it.
func New(q *gpu.Queue) (*Dispatcher, error) { return NewWith(q, Options{}) }

// NewWith is New with options.
func NewWith(q *gpu.Queue, o Options) (*Dispatcher, error) {
	run := launch.Inside.Queue(q)
	switch {
	case run == nil:
		return nil, errors.New("dispatch: New: the queue is nil")
	case run.Closed():
		return nil, fmt.Errorf("dispatch: New: the queue is closed: %w", gpu.ErrClosed)
	case o.InFlight < 0 || o.InFlight > mostInFlight:
		return nil, fmt.Errorf("dispatch: New: Options.InFlight of %d: it is 1 to %d, or 0 for %d", o.InFlight, mostInFlight, defaultInFlight)
	case o.InFlight == 0:
		o.InFlight = defaultInFlight
	}
	run.Expect(o.InFlight)
	d := &dispatcher{queue: run, owner: q, opt: o, room: newGate(o.InFlight)}
	if o.Trace != nil {
		if d.line = launch.StartTimeline(o.Trace, launch.Stopped); d.line == nil {
			return nil, errors.New("dispatch: New: Options.Trace: a timeline is being written already")
		}
	}
	disp := &Dispatcher{dispatcher: d}
	// A dispatcher owns only memory and, with a label, a string: the collector may take them in
	// silence.
	disp.net = runtime.AddCleanup(disp, func(d *dispatcher) { d.close() }, d)
	return disp, nil
}

// Close ends the use of the dispatcher. Batches in flight go on to their end, and so do
// recordings. It returns the first error of writing Options.Trace. Close may be called again and
// on nil.
func (d *Dispatcher) Close() error {
	if d.inner() == nil {
		return nil
	}
	d.net.Stop()
	return d.close()
}

func (d *dispatcher) close() (err error) {
	if d.line != nil {
		if err = d.line.Stop(); err != nil {
			err = fmt.Errorf("dispatch: Close: Options.Trace: %w", err)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	for _, r := range d.idle {
		r.prog.Close()
	}
	d.idle = nil
	return err
}

// A recorder is the memory of one batch.
type recorder struct {
	prog  launch.Program
	batch Batch
	end   Future // of a batch that is waited for by the call that made it
}

// inner is nil for a nil Dispatcher, and for one that no call has made.
func (d *Dispatcher) inner() *dispatcher {
	if d == nil {
		return nil
	}
	return d.dispatcher
}

func errNil(op string) error {
	return errors.New("dispatch: " + op + ": the dispatcher is nil, or no call has made it")
}

func errNoContext(op string) error { return errors.New("dispatch: " + op + ": the context is nil") }

// take gives out a recorder with an empty program.
func (d *dispatcher) take(op string) (*recorder, error) {
	if d == nil {
		return nil, errNil(op)
	}
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil, fmt.Errorf("dispatch: %s: the dispatcher is closed: %w", op, gpu.ErrClosed)
	}
	if n := len(d.idle); n > 0 {
		r := d.idle[n-1]
		d.idle = d.idle[:n-1]
		d.mu.Unlock()
		r.prog.Begin()
		return r, nil
	}
	d.mu.Unlock()
	r := new(recorder)
	r.prog.Init(d.queue, d.programs())
	return r, nil
}

// programs are the options of the dispatcher's programs.
func (d *dispatcher) programs() launch.Options {
	only := launch.OneSerial
	if d.opt.Concurrent {
		only = launch.OneConcurrent
	}
	return launch.Options{Label: d.opt.Label, Unretained: d.opt.Unretained, Only: only}
}

// give takes a recorder back, and lets go of what it still holds.
func (d *dispatcher) give(r *recorder) {
	r.batch.enc.Abandon()
	r.prog.Discard()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		r.prog.Close()
		return
	}
	d.idle = append(d.idle, r)
}

// record runs f over an empty batch. If f panics the batch is gone and the panic goes on.
func (d *dispatcher) record(op string, f func(*Batch)) (*recorder, error) {
	if f == nil {
		return nil, errNoFunction(op)
	}
	r, err := d.take(op)
	if err != nil {
		return nil, err
	}
	recorded := false
	defer func() {
		if !recorded {
			d.give(r)
		}
	}()
	r.batch.begin(&r.prog, d.opt.Concurrent)
	f(&r.batch)
	if err := r.batch.enc.Finish(); err != nil {
		return nil, err
	}
	recorded = true
	return r, nil
}

func errNoFunction(op string) error {
	return errors.New("dispatch: " + op + ": the function that records the batch is nil")
}

// submit sends a recorded batch when there is room on the device, and takes the recorder back.
func (d *dispatcher) submit(ctx context.Context, r *recorder, f *Future, m launch.Manner) error {
	defer d.give(r)
	return d.run(ctx, &r.prog, f, nil, m)
}

// run sends a program when there is room on the device.
func (d *dispatcher) run(ctx context.Context, p *launch.Program, f *Future, owner *launch.Life, m launch.Manner) error {
	if err := d.room.enter(ctx); err != nil {
		return err
	}
	if err := d.queue.Run(p, (*watcher)(f), owner, m); err != nil {
		d.room.leave()
		return err
	}
	return nil
}

// finish sends a recorded batch, waits for its end and returns its error.
func (d *dispatcher) finish(r *recorder, op string) error {
	f := &r.end
	f.of, f.op = d, op
	err := f.await(d.run(context.Background(), &r.prog, f, nil, launch.Wait))
	d.give(r)
	return launch.Inside.Error(err, op)
}

// await waits for what f was submitted for, unless that failed, returns the error and makes f
// one whose end is ahead.
func (f *Future) await(err error) error {
	if err != nil {
		f.done.Finish()
	}
	f.done.Wait()
	if err == nil {
		err = f.err
	}
	f.again()
	return err
}

// again makes a Future that is over, and that nobody else has, one whose end is ahead.
func (f *Future) again() {
	f.done.Again()
	f.err = nil
}

// waiter is a Future that only the call which takes it sees, with or without the time on the device. It gives
// it to waited once it is over.
func (d *dispatcher) waiter(op string, timed bool) *Future {
	d.mu.Lock()
	defer d.mu.Unlock()
	var f *Future
	if n := len(d.waiters); n > 0 {
		f = d.waiters[n-1]
		d.waiters = d.waiters[:n-1]
		f.op = op
	} else {
		f = d.newFuture(op)
	}
	f.timed = timed
	return f
}

// waited takes back a waiter whose end is ahead.
func (d *dispatcher) waited(f *Future) {
	d.mu.Lock()
	d.waiters = append(d.waiters, f)
	d.mu.Unlock()
}

// future is a Future for the caller, who may keep it for ever.
func (d *dispatcher) future(op string) *Future {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.newFuture(op)
	f.timed = true
	return f
}

// newFuture cuts a Future from a run of them, so that a batch costs no allocation of its own.
func (d *dispatcher) newFuture(op string) *Future {
	if len(d.futures) == 0 {
		d.futures = make([]Future, 64)
	}
	f := &d.futures[0]
	d.futures = d.futures[1:]
	f.of, f.op = d, op
	return f
}

// Dispatch runs one kernel over grid threads, in threadgroups of group threads, and waits for it.
func (d *Dispatcher) Dispatch(p *gpu.Pipeline, grid, group gpu.Size, binds ...Bind) error {
	return d.inner().one("Dispatch", p, grid, group, nil, 0, binds)
}

// DispatchBytes is Dispatch with data for the kernel's [[buffer(index)]], as Batch.Push gives it.
func (d *Dispatcher) DispatchBytes(p *gpu.Pipeline, grid, group gpu.Size, data []byte, index int, binds ...Bind) error {
	if data == nil {
		data = []byte{}
	}
	return d.inner().one("DispatchBytes", p, grid, group, data, index, binds)
}

func (d *dispatcher) one(op string, p *gpu.Pipeline, grid, group gpu.Size, data []byte, index int, binds []Bind) error {
	r, err := d.take(op)
	if err != nil {
		return err
	}
	b := &r.batch
	b.begin(&r.prog, d.opt.Concurrent)
	b.Bind(p)
	for _, bind := range binds {
		b.BindBuffer(bind.Buffer, bind.Offset, bind.Index)
	}
	if data != nil {
		b.Push(data, index)
	}
	b.Launch(grid, group)
	if err := b.enc.Finish(); err != nil {
		d.give(r)
		return launch.Inside.Error(err, op)
	}
	return d.finish(r, op)
}

// Batch runs what f records as one command buffer and waits for it. If f panics nothing is run and
// the panic goes on.
func (d *Dispatcher) Batch(f func(*Batch)) error { return d.inner().batch("Batch", f) }

// BatchRaw is Batch, for loops that hold an autorelease pool (gpu.AutoreleasePool) for reasons of
// their own. No batch needs that pool: each crosses in one that it brings along.
func (d *Dispatcher) BatchRaw(f func(*Batch)) error { return d.inner().batch("BatchRaw", f) }

func (d *dispatcher) batch(op string, f func(*Batch)) error {
	r, err := d.record(op, f)
	if err != nil {
		return launch.Inside.Error(err, op)
	}
	return d.finish(r, op)
}

// BatchAsync runs what f records as one command buffer and does not wait for its end: the Future
// does. With Options.InFlight batches on the device it waits for one to end first.
func (d *Dispatcher) BatchAsync(f func(*Batch)) (*Future, error) {
	const op = "BatchAsync"
	in := d.inner()
	r, err := in.record(op, f)
	if err != nil {
		return nil, launch.Inside.Error(err, op)
	}
	future := in.future(op)
	if err := in.submit(context.Background(), r, future, launch.Async); err != nil {
		return nil, launch.Inside.Error(err, op)
	}
	return future, nil
}
