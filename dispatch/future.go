package dispatch

import (
	"context"
	"errors"
	"time"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// A Future is the end of a batch that is in flight. It is for any goroutine, and stays what it is
// for ever.
type Future struct {
	of    *dispatcher
	op    string
	done  launch.Done
	timed bool  // somebody may ask for time
	err   error // set before done
	time  time.Duration
}

// A watcher is a Future as its flight sees it.
type watcher Future

// Landed takes in the end of the batch.
func (w *watcher) Landed(out launch.Outcome) {
	f := (*Future)(w)
	f.time = out.End - out.Start
	if out.Err != nil {
		f.err = launch.Inside.Error(out.Err, f.op)
	}
	room := f.of.room
	f.done.Finish() // whoever waited may use f anew from here on
	room.leave()    // only now, so that no more than InFlight are ever not done
}

// Timed tells whether somebody may ask how long the device worked.
func (w *watcher) Timed() bool { return w.timed }

// Wait waits until the batch is done and returns its error, a *gpu.CommandError.
func (f *Future) Wait() error {
	if f.none() {
		return errNilFuture
	}
	f.done.Wait()
	return f.err
}

// WaitContext is Wait with an end: if ctx ends first, it returns the context's error. The batch
// goes on and keeps what it needs.
func (f *Future) WaitContext(ctx context.Context) error {
	if f.none() {
		return errNilFuture
	}
	if ctx == nil {
		return errNoContext("Future.WaitContext")
	}
	if err := f.done.WaitContext(ctx); err != nil {
		return err
	}
	return f.err
}

// none tells of a nil Future, and of one that no call has made.
func (f *Future) none() bool { return f == nil || f.of == nil }

// errNilFuture is for who did not look at the error of BatchAsync.
var errNilFuture = errors.New("dispatch: Future.Wait: the future is nil, or no call has made it: its batch was never run")

// Done is closed when the batch is done. Wait then returns at once.
func (f *Future) Done() <-chan struct{} {
	if f.none() {
		over := make(chan struct{})
		close(over)
		return over
	}
	return f.done.Chan()
}

// GPUTime is how long the device worked on the batch; 0 until it is done.
func (f *Future) GPUTime() time.Duration {
	if f.none() || !f.done.Over() {
		return 0
	}
	return f.time
}
