package dispatch

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/launch"
)

// A Recording is a batch that was recorded once and can be run any number of times. It keeps what
// is bound alive until Close. It is for any goroutine.
//
// SetBytes, SetBuffer and SetOffset change it between runs, at the cost of what they change: on
// the CPU device what was prepared stays so. Runs that have begun keep what was set then; of
// several changes a run that begins between them on another goroutine has the first ones only.
type Recording struct {
	*recording
	net runtime.Cleanup
}

type recording struct {
	of   *dispatcher
	life *launch.Life // the recording itself and each of its runs in flight
	prog launch.Program
}

// Record records what f does, checked as ever, without running it. The caller closes the
// recording.
func (d *Dispatcher) Record(f func(*Batch)) (*Recording, error) {
	if d.inner() == nil {
		return nil, errNil("Record")
	}
	if f == nil {
		return nil, errNoFunction("Record")
	}
	d.mu.Lock()
	closed := d.closed
	d.mu.Unlock()
	if closed {
		return nil, fmt.Errorf("dispatch: Record: the dispatcher is closed: %w", gpu.ErrClosed)
	}
	r := &recording{of: d.dispatcher}
	opt := d.programs()
	opt.Keep = true
	r.prog.Init(d.queue, opt)
	recorded := false
	defer func() {
		if !recorded {
			r.prog.Close()
		}
	}()
	var b Batch
	b.begin(&r.prog, d.opt.Concurrent)
	f(&b)
	if err := b.enc.Finish(); err != nil {
		return nil, launch.Inside.Error(err, "Record")
	}
	recorded = true
	r.life = launch.NewLife(r.prog.Close)
	rec := &Recording{recording: r}
	rec.net = runtime.AddCleanup(rec, func(l *launch.Life) { l.Close() }, r.life)
	return rec, nil
}

// Run runs the recording and waits for it.
func (r *Recording) Run() error {
	if r.none() {
		return errNilRecording("Run")
	}
	f := r.of.waiter("Recording.Run", false)
	err := f.await(r.run(f, launch.Wait))
	r.of.waited(f)
	return err
}

// RunAsync runs the recording and does not wait for its end: the Future does. It may run several
// times at once, one after the other on the device.
func (r *Recording) RunAsync() (*Future, error) {
	if r.none() {
		return nil, errNilRecording("RunAsync")
	}
	f := r.of.future("Recording.RunAsync")
	if err := r.run(f, launch.Async); err != nil {
		return nil, err
	}
	return f, nil
}

func (r *Recording) run(f *Future, m launch.Manner) error {
	defer runtime.KeepAlive(r)
	if !r.life.Hold() {
		return fmt.Errorf("dispatch: %s: the recording is closed: %w", f.op, gpu.ErrClosed)
	}
	defer r.life.Drop()
	return launch.Inside.Error(r.of.run(context.Background(), &r.prog, f, r.life, m), f.op)
}

// SetBytes replaces the data of a Push by as many bytes, for the runs that begin after it. The
// slot is what Push returned: the number of the Push in the recording.
func (r *Recording) SetBytes(slot int, data []byte) error {
	return r.change("SetBytes", func(p *launch.Program) error { return p.SetBytes(slot, data) })
}

// SetBuffer replaces the buffer and offset of a BindBuffer, for the runs that begin after it. The
// slot is what BindBuffer returned: the number of the BindBuffer in the recording. The buffer is
// checked against the kernels launched with it. The recording keeps it alive until it is replaced
// and the runs that use it have ended.
func (r *Recording) SetBuffer(slot int, b *gpu.Buffer, offset int) error {
	return r.change("SetBuffer", func(p *launch.Program) error {
		return p.SetBuffer(slot, launch.Inside.Buffer(b), offset)
	})
}

// SetOffset replaces the offset of a BindBuffer, in bytes from the start of the buffer that is
// there, for the runs that begin after it. It is checked as SetBuffer does.
func (r *Recording) SetOffset(slot, offset int) error {
	return r.change("SetOffset", func(p *launch.Program) error { return p.SetOffset(slot, offset) })
}

func (r *Recording) change(op string, set func(*launch.Program) error) error {
	if r.none() {
		return errNilRecording(op)
	}
	if !r.life.Hold() {
		return fmt.Errorf("dispatch: Recording.%s: the recording is closed: %w", op, gpu.ErrClosed)
	}
	defer r.life.Drop()
	if err := set(&r.prog); err != nil {
		return fmt.Errorf("dispatch: Recording.%s: %w", op, err)
	}
	return nil
}

func errNilRecording(op string) error {
	return errors.New("dispatch: Recording." + op + ": the recording is nil, or no call has made it")
}

// none tells of a nil Recording, and of one that no call has made.
func (r *Recording) none() bool { return r == nil || r.recording == nil }

// Close ends the use of the recording; runs in flight go on to their end. Close may be called
// again and on nil.
func (r *Recording) Close() error {
	if !r.none() && r.life.Close() {
		r.net.Stop()
	}
	return nil
}
