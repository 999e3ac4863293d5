package cpumetal

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/profile"
)

// Queue runs command buffers in the order in which they were enqueued.
//
// It has a goroutine while there is work, and another while handlers run: the
// goroutine that finished a command buffer goes on as the one that calls its
// handlers, and only if more work waits is another started for that. So a lone
// command buffer costs one hand-off, and a handler that blocks holds up the
// handlers behind it but no work, as on a GPU.
type Queue struct {
	device *Device

	mu          sync.Mutex
	fewer       sync.Cond      // signaled when unfinished falls while somebody waits for that
	first, last *CommandBuffer // enqueued, not yet taken
	running     bool           // a goroutine runs or is about to run command buffers

	runs, called func() // q.run and q.call: made once, for they allocate

	calls   []callback // handlers to be called, in order
	calling bool       // a goroutine calls or is about to call handlers

	limit      int64        // of unfinished
	unfinished atomic.Int64 // command buffers that have not completed
	waiting    atomic.Int64 // callers who wait for fewer
}

// callback is a turn of handlers: those that follow the scheduling of a command
// buffer, or those that follow its completion.
type callback struct {
	cb        *CommandBuffer
	completed bool
}

// NewQueue returns a queue that admits n unfinished command buffers, Metal's 64
// if n is 0.
func (d *Device) NewQueue(n uint64) *Queue {
	if n == 0 {
		n = maxCommandBuffers
	}
	q := &Queue{device: d, limit: int64(min(n, math.MaxInt64))}
	q.fewer.L = &q.mu
	q.runs, q.called = q.run, q.call
	return q
}

// Device returns the queue's device.
func (q *Queue) Device() *Device { return q.device }

// CommandBuffer returns an empty command buffer. It blocks while as many as the
// queue admits are unfinished. Recycle gives it back.
func (q *Queue) CommandBuffer(retained bool, options ErrorOptions) *CommandBuffer {
	if !q.admit() {
		q.mu.Lock()
		q.waiting.Add(1) // from here on leave tells of room
		for !q.admit() {
			q.fewer.Wait()
		}
		q.waiting.Add(-1)
		q.mu.Unlock()
	}
	return q.newCommandBuffer(retained, options)
}

// admit counts one more command buffer if there is room for it.
func (q *Queue) admit() bool {
	for {
		n := q.unfinished.Load()
		if n >= q.limit {
			return false
		}
		if q.unfinished.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (q *Queue) newCommandBuffer(retained bool, options ErrorOptions) *CommandBuffer {
	cb := commandBuffers.Get().(*CommandBuffer)
	cb.queue = q
	cb.retained = retained
	cb.options = options
	cb.serial = lastSerial.Add(1)
	return cb
}

var lastSerial atomic.Uint64

// leave counts a command buffer as finished.
func (q *Queue) leave() {
	q.unfinished.Add(-1)
	if q.waiting.Load() > 0 {
		q.mu.Lock()
		q.fewer.Signal()
		q.mu.Unlock()
	}
}

// enqueue gives cb its place in the queue, if it has none yet.
func (q *Queue) enqueue(cb *CommandBuffer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.place(cb)
}

func (q *Queue) place(cb *CommandBuffer) {
	if cb.Status() != StatusNotEnqueued {
		return
	}
	cb.status.Store(uint32(StatusEnqueued))
	if q.last == nil {
		q.first = cb
	} else {
		q.last.next = cb
	}
	q.last = cb
}

// withdraw takes a command buffer that will never be committed out of the queue.
func (q *Queue) withdraw(cb *CommandBuffer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var prev *CommandBuffer
	for c := q.first; c != nil; prev, c = c, c.next {
		if c != cb {
			continue
		}
		if prev == nil {
			q.first = c.next
		} else {
			prev.next = c.next
		}
		if q.last == c {
			q.last = prev
		}
		c.next = nil
		break
	}
	q.start()
}

// commit makes cb ready to run. It reports whether it was not so before.
func (q *Queue) commit(cb *CommandBuffer) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if cb.Status() >= StatusCommitted {
		return false
	}
	q.place(cb)
	cb.status.Store(uint32(StatusCommitted))
	q.start()
	return true
}

// commitHere is commit for a caller whose goroutine runs cb if the queue has
// nothing else to do; with wait it waits for the end if not. It reports whether cb
// was not committed before.
func (q *Queue) commitHere(cb *CommandBuffer, wait bool) bool {
	q.mu.Lock()
	if cb.Status() >= StatusCommitted {
		q.mu.Unlock()
		return false
	}
	q.place(cb)
	cb.status.Store(uint32(StatusCommitted))
	if q.running || q.first != cb || profile.Labels() { // labels are not for the caller's goroutine
		q.start()
		q.mu.Unlock()
		if wait {
			cb.WaitUntilCompleted()
		}
		return true
	}
	q.running = true
	q.remove()
	q.mu.Unlock()
	q.runHere(cb, wait)
	return true
}

// runHere runs cb, the only command buffer that is ready, on the caller's goroutine.
func (q *Queue) runHere(cb *CommandBuffer, wait bool) {
	told, waiting := q.runOne(cb, cb.times.KernelStart) // now, but for a tick
	q.mu.Lock()
	q.running = false
	q.start()
	if told || q.calling { // other handlers come first
		q.calls = append(q.calls, callback{cb, true})
		q.startCalling()
		q.mu.Unlock()
		if wait {
			cb.WaitUntilCompleted()
		}
		return
	}
	if !waiting {
		q.mu.Unlock()
		cb.finish()
		return
	}
	q.calling = true
	q.mu.Unlock()
	cb.finish()
	q.mu.Lock()
	q.calling = false
	q.startCalling()
	q.mu.Unlock()
}

// start sees to it that a goroutine runs what is ready. q.mu is held.
func (q *Queue) start() {
	if !q.running && q.ready() {
		q.running = true
		spawn(q.runs)
	}
}

func (q *Queue) ready() bool { return q.first != nil && q.first.Status() == StatusCommitted }

// take returns the next command buffer to run; without one the caller's turn as
// the running goroutine is over.
func (q *Queue) take() *CommandBuffer {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.ready() {
		q.running = false
		return nil
	}
	return q.remove()
}

// remove takes the first command buffer out of the queue. q.mu is held.
func (q *Queue) remove() *CommandBuffer {
	cb := q.first
	q.first = cb.next
	if q.first == nil {
		q.last = nil
	}
	cb.next = nil
	return cb
}

// run runs command buffers until none is ready or until it has handlers to call.
func (q *Queue) run() {
	for {
		cb := q.take()
		if cb == nil {
			return
		}
		// What has scheduled handlers is finished behind them: they may still run.
		if told, waiting := q.runOne(cb, now()); !told && !waiting {
			cb.finish()
			continue
		}
		if q.adopt(callback{cb, true}) {
			q.call()
			return
		}
	}
}

// runOne runs a command buffer, at a time by the device's clock. It reports whether it had handlers for its
// scheduling, which have been posted, and whether some wait for its end.
func (q *Queue) runOne(cb *CommandBuffer, at float64) (told, waiting bool) {
	told = cb.schedule(at)
	if told {
		q.post(callback{cb, false})
	}
	err := cb.execute()
	if cb.faulted {
		q.skip(cb, err)
	}
	return told, cb.settle(err)
}

// skip marks what is committed behind a command buffer that faulted: it would
// work on what the faulting one has left half done.
func (q *Queue) skip(culprit *CommandBuffer, err *Error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for cb := q.first; cb != nil; cb = cb.next {
		if cb.Status() == StatusCommitted && cb.skippedBy == nil {
			cb.skippedBy = errorf(DomainCommandBuffer, CodeAccessRevoked,
				"Ignored (for causing prior/excessive GPU errors): %s was committed behind %s, which failed: %s",
				cb.describe(), culprit.describe(), err.Text)
		}
	}
}

// post adds a turn of handlers and starts a goroutine for it if there is none.
func (q *Queue) post(c callback) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls = append(q.calls, c)
	q.startCalling()
}

// startCalling sees to it that a goroutine calls the handlers there are. q.mu is
// held.
func (q *Queue) startCalling() {
	if !q.calling && len(q.calls) > 0 {
		q.calling = true
		spawn(q.called)
	}
}

// adopt adds a turn of handlers. If nobody calls handlers yet it makes the
// running goroutine the calling one, leaves the running to another if there is
// something to run, and reports true.
func (q *Queue) adopt(c callback) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls = append(q.calls, c)
	if q.calling {
		return false
	}
	q.calling = true
	q.running = false
	q.start()
	return true
}

// call calls handlers until there are none.
func (q *Queue) call() {
	for {
		q.mu.Lock()
		if len(q.calls) == 0 {
			q.calling = false
			q.mu.Unlock()
			return
		}
		c := q.calls[0]
		n := copy(q.calls, q.calls[1:])
		q.calls[n] = callback{}
		q.calls = q.calls[:n]
		q.mu.Unlock()
		if c.completed {
			c.cb.finish()
		} else {
			c.cb.callScheduled()
		}
	}
}
