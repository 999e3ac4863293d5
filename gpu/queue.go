package gpu

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Queue runs Commands in the order of their Submit: a MTLCommandQueue. It is for any goroutine.
// Metal lets 64 command buffers be in flight on a queue; the next Submit waits for one to end.
type Queue struct {
	h   *queue
	net runtime.Cleanup
}

type queue struct {
	run *launch.Queue
	dev *device
	raw mtl.CommandQueue

	shots sync.Pool // of *shot
}

// Queue makes a queue. The caller closes it.
func (d *Device) Queue() (*Queue, error) {
	if err := d.use("Queue"); err != nil {
		return nil, err
	}
	defer d.done()
	raw := d.h.raw.NewCommandQueue()
	if raw.IsNil() {
		return nil, fmt.Errorf("gpu: Device.Queue: the device gave no queue: %w", ErrMemory)
	}
	return d.h.newQueue(raw), nil
}

// newQueue takes over raw.
func (d *device) newQueue(raw mtl.CommandQueue) *Queue {
	d.life.Keep()
	h := &queue{dev: d, raw: raw}
	h.run = launch.NewQueue(raw, d.raw, d.limits, func() { raw.Release(); d.life.Drop() })
	q := &Queue{h: h}
	q.net = runtime.AddCleanup(q, func(h *queue) { forgotten(h.run.Life, "Queue", "") }, h)
	return q
}

// SetLabel names the queue in tools.
func (q *Queue) SetLabel(label string) {
	if q.none() || !q.h.run.Hold() {
		return
	}
	defer q.h.run.Drop()
	q.h.raw.SetLabel(label)
}

// Raw is the MTLCommandQueue. The Queue owns it: retain what is to outlive Close.
func (q *Queue) Raw() objc.ID {
	if q.none() {
		return 0
	}
	return q.h.raw.ID()
}

// Sync waits until everything submitted to the queue before the call is done, and returns its
// first error, a *CommandError. If ctx ends first, Sync returns the context's error; the work goes
// on.
func (q *Queue) Sync(ctx context.Context) error {
	if q.none() {
		return errNone("Queue.Sync", "queue")
	}
	if ctx == nil {
		return errNoContext("Queue.Sync")
	}
	return public(q.h.run.Sync(ctx), "Sync")
}

// Close ends the use of the queue. What is in flight goes on to its end. Close may be called again
// and on nil.
func (q *Queue) Close() error {
	if !q.none() && q.h.run.Close() {
		q.net.Stop()
	}
	return nil
}
