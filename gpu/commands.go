package gpu

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// Commands is work for a device, recorded with encoders and run as a whole: one MTLCommandBuffer.
//
// Nothing reaches the device before Submit, and nothing at all if an encoder met an error. What is
// bound is kept alive until the work is done, even if it is closed. One goroutine at a time
// records; any number may wait.
type Commands struct {
	h   *commands
	net runtime.Cleanup
}

// commands is the part that must not lead back to the Commands, or these would never be collected.
type commands struct {
	queue   *Queue
	prog    *launch.Program // until it is submitted
	encoder *launch.Encoder // the open one, or
	copier  *launch.Copier  // this one

	done launch.Done
	mu   sync.Mutex
	st   Status
	out  launch.Outcome
	err  error // why it was never submitted
}

// Status is how far Commands have come, MTLCommandBufferStatus.
type Status int

const (
	StatusNotEnqueued Status = iota // being recorded
	StatusEnqueued
	StatusCommitted // submitted
	StatusScheduled
	StatusCompleted // done, without an error
	StatusError     // Wait returns why
)

func (s Status) String() string {
	switch s {
	case StatusNotEnqueued:
		return "not enqueued"
	case StatusEnqueued:
		return "enqueued"
	case StatusCommitted:
		return "committed"
	case StatusScheduled:
		return "scheduled"
	case StatusCompleted:
		return "completed"
	case StatusError:
		return "error"
	}
	return fmt.Sprintf("Status(%d)", int(s))
}

// Commands begins new work for the queue.
func (q *Queue) Commands() (*Commands, error) {
	if q.none() {
		return nil, errNone("Queue.Commands", "queue")
	}
	if q.h.run.Closed() {
		return nil, fmt.Errorf("gpu: Queue.Commands: the queue is closed: %w", ErrClosed)
	}
	h := &commands{queue: q, prog: q.h.run.Program()}
	if launch.TimelineActive() { // which shows encoders too, where the device tells of them
		if t, err := q.h.run.NewTiming(); err == nil {
			h.prog.Time(t)
		}
	}
	c := &Commands{h: h}
	c.net = runtime.AddCleanup(c, (*commands).discard, h)
	return c, nil
}

// SetLabel names the work in tools and in its CommandError. After Submit it does
// nothing.
func (c *Commands) SetLabel(label string) {
	if !c.none() && c.Status() == StatusNotEnqueued {
		c.h.prog.Label(label)
	}
}

// Encoder opens an encoder for launches that run one after the other, each seeing what those
// before it wrote. Finish ends it; one encoder or copier is open at a time.
func (c *Commands) Encoder() (*Encoder, error) { return c.newEncoder("Encoder", false) }

// ConcurrentEncoder opens an encoder whose launches may run at the same time. Barrier separates
// those that must not.
func (c *Commands) ConcurrentEncoder() (*Encoder, error) {
	return c.newEncoder("ConcurrentEncoder", true)
}

func (c *Commands) newEncoder(op string, concurrent bool) (*Encoder, error) {
	if err := c.mayOpen(op); err != nil {
		return nil, err
	}
	e := &Encoder{e: new(launch.Encoder), of: c.h, owner: c}
	e.e.Begin(c.h.prog, concurrent)
	c.h.encoder = e.e
	return e, nil
}

// Copier opens an encoder for copies between buffers.
func (c *Commands) Copier() (*Copier, error) {
	if err := c.mayOpen("Copier"); err != nil {
		return nil, err
	}
	p := &Copier{c: new(launch.Copier), of: c.h, owner: c}
	p.c.Begin(c.h.prog)
	c.h.copier = p.c
	return p, nil
}

func (c *Commands) mayOpen(op string) error {
	if c.none() {
		return errNilCommands(op)
	}
	h := c.h
	switch {
	case c.Status() != StatusNotEnqueued:
		return fmt.Errorf("gpu: Commands.%s after Submit: begin new Commands: %w", op, ErrClosed)
	case h.encoder != nil || h.copier != nil:
		return fmt.Errorf("gpu: Commands.%s: another encoder is open: call its Finish first", op)
	}
	return nil
}

// Submit gives the work to the device and returns at once. It may be called once. If an encoder
// met an error, Submit returns it and nothing is given to the device; Wait then returns the same
// error.
func (c *Commands) Submit() error {
	if c.none() {
		return errNilCommands("Submit")
	}
	h := c.h
	h.mu.Lock()
	if h.st != StatusNotEnqueued {
		h.mu.Unlock()
		return fmt.Errorf("gpu: Commands.Submit: submitted before: %w", ErrClosed)
	}
	failed := h.prog.Err()
	if failed == nil && (h.encoder != nil || h.copier != nil) {
		h.mu.Unlock()
		return errors.New("gpu: Commands.Submit: an encoder is open: call its Finish first")
	}
	h.st = StatusCommitted
	h.mu.Unlock()
	if failed == nil {
		if failed = h.queue.h.run.Run(h.prog, h, nil, launch.Async); failed == nil {
			h.prog.Free() // Metal has what it needs, and the flight holds what was bound
			runtime.KeepAlive(c)
			return nil
		}
	}
	if h.encoder != nil {
		h.encoder.Abandon()
	}
	if h.copier != nil {
		h.copier.Abandon()
	}
	h.prog.Free()
	h.mu.Lock()
	h.st, h.err = StatusError, public(failed, "Submit")
	h.mu.Unlock()
	h.done.Finish()
	return h.err
}

// Landed takes in the end of the work.
func (h *commands) Landed(out launch.Outcome) {
	h.mu.Lock()
	h.out = out
	h.st = StatusCompleted
	if out.Err != nil {
		h.st = StatusError
	}
	h.mu.Unlock()
	h.done.Finish()
}

// Timed is true: who has the Commands may ask for the times at any moment after.
func (h *commands) Timed() bool { return true }

// discard lets go of what was recorded and never submitted.
func (h *commands) discard() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.st == StatusNotEnqueued {
		h.prog.Free()
	}
}

// Wait waits until the work is done and returns its error: a *CommandError from the device, or
// what Submit returned.
func (c *Commands) Wait() error { return c.WaitContext(context.Background()) }

// WaitContext is Wait with an end: if ctx ends first, it returns the context's error. The work
// goes on and keeps what it needs.
func (c *Commands) WaitContext(ctx context.Context) error {
	if c.none() {
		return errNilCommands("Wait")
	}
	h := c.h
	if c.Status() == StatusNotEnqueued {
		return errors.New("gpu: Commands.Wait before Submit: it would never end")
	}
	if ctx == nil {
		return errNoContext("Commands.WaitContext")
	}
	if err := h.done.WaitContext(ctx); err != nil {
		return err
	}
	return c.result()
}

func (c *Commands) result() error {
	h := c.h
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err == nil && h.out.Err != nil {
		h.err = public(h.out.Err, "Wait")
	}
	return h.err
}

// Done is closed when the work is done. Wait then returns at once.
func (c *Commands) Done() <-chan struct{} {
	if c.none() {
		over := make(chan struct{})
		close(over)
		return over
	}
	return c.h.done.Chan()
}

// Status is how far the work has come.
func (c *Commands) Status() Status {
	if c.none() {
		return StatusNotEnqueued
	}
	c.h.mu.Lock()
	defer c.h.mu.Unlock()
	return c.h.st
}

// GPUStartTime is when the device began the work, since it booted. It is 0 until the work is done.
func (c *Commands) GPUStartTime() time.Duration { return c.outcome().Start }

// GPUEndTime is when the device ended the work, since it booted. It is 0 until the work is done.
func (c *Commands) GPUEndTime() time.Duration { return c.outcome().End }

// GPUTime is how long the device worked: GPUEndTime - GPUStartTime.
func (c *Commands) GPUTime() time.Duration {
	out := c.outcome()
	return out.End - out.Start
}

// An EncoderTime is when the device worked on one encoder or copier.
type EncoderTime struct {
	Label      string        // its label, or else its first kernel; "" of a copier without a label
	Start, End time.Duration // since the device booted; 0 if its work did not end
}

// Time is End - Start.
func (e EncoderTime) Time() time.Duration { return e.End - e.Start }

// TimeEncoders has the device take the times of the encoders and copiers that are opened from now
// on, the first 64 of them, for EncoderTimes. It costs the device a little for each. The error wraps
// ErrUnsupported if the device does not sample its clock at the ends of encoders, which Apple's own
// GPUs do: MTLCounterSampleBuffer.
func (c *Commands) TimeEncoders() error {
	if err := c.mayOpen("TimeEncoders"); err != nil {
		return err
	}
	t, err := c.h.queue.h.run.NewTiming()
	if err != nil {
		return fmt.Errorf("gpu: Commands.TimeEncoders: %w", err)
	}
	c.h.prog.Time(t)
	return nil
}

// EncoderTimes is when the device worked on each encoder and copier, in the order in which they were
// opened, if TimeEncoders was called. It is nil until the work is done.
func (c *Commands) EncoderTimes() []EncoderTime {
	var times []EncoderTime
	for _, e := range c.outcome().Encoders {
		times = append(times, EncoderTime{Label: e.Name, Start: e.Start, End: e.End})
	}
	return times
}

func (c *Commands) outcome() launch.Outcome {
	if c.none() {
		return launch.Outcome{}
	}
	c.h.mu.Lock()
	defer c.h.mu.Unlock()
	return c.h.out
}

func errNilCommands(op string) error {
	return errors.New("gpu: Commands." + op + ": the commands are nil, or no call has made them")
}
