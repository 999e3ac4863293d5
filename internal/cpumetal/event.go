package cpumetal

import (
	"sync"
	"time"
)

// Event is a counter that command buffers, and for a shared event programs,
// raise and wait for.
type Event struct {
	mu      sync.Mutex
	value   uint64
	waiters []eventWaiter
}

// eventWaiter wants to know when the event has reached a value.
type eventWaiter struct {
	value uint64
	wake  func(value uint64)
}

// NewEvent returns an event of value 0.
func (d *Device) NewEvent() *Event { return new(Event) }

// Value returns the value last signaled.
func (e *Event) Value() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.value
}

// Set sets the value, be it more or less than the one before, and wakes whom it
// satisfies. setSignaledValue:
func (e *Event) Set(value uint64) { e.set(value, false) }

// signal is what a command buffer does: it only ever raises the value.
func (e *Event) signal(value uint64) { e.set(value, true) }

func (e *Event) set(value uint64, raise bool) {
	e.mu.Lock()
	if raise && value <= e.value {
		e.mu.Unlock()
		return
	}
	e.value = value
	var ready []eventWaiter
	rest := e.waiters[:0]
	for _, w := range e.waiters {
		if w.value <= value {
			ready = append(ready, w)
		} else {
			rest = append(rest, w)
		}
	}
	clear(e.waiters[len(rest):])
	e.waiters = rest
	e.mu.Unlock()
	for _, w := range ready {
		w.wake(value)
	}
}

// await calls wake once the event has reached value: now, or on the goroutine
// that raises it.
func (e *Event) await(value uint64, wake func(uint64)) {
	e.mu.Lock()
	if current := e.value; current >= value {
		e.mu.Unlock()
		wake(current)
		return
	}
	e.waiters = append(e.waiters, eventWaiter{value, wake})
	e.mu.Unlock()
}

// wait blocks until the event has reached value.
func (e *Event) wait(value uint64) {
	if e.Value() >= value {
		return
	}
	reached := make(chan struct{})
	e.await(value, func(uint64) { close(reached) })
	<-reached
}

// WaitTimeout blocks until the event has reached value, or d has passed; it
// reports which. waitUntilSignaledValue:timeoutMS:
func (e *Event) WaitTimeout(value uint64, d time.Duration) bool {
	if e.Value() >= value {
		return true
	}
	reached := make(chan struct{})
	e.await(value, func(uint64) { close(reached) })
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-reached:
		return true
	case <-timer.C:
		return e.Value() >= value
	}
}

// Notify calls f on l with the event's value once that has reached value.
// notifyListener:atValue:block:
func (e *Event) Notify(l *Listener, value uint64, f func(value uint64)) {
	e.await(value, func(reached uint64) { l.post(func() { f(reached) }) })
}

// Listener runs notifications one after another, on a goroutine that lives only
// while there are some.
type Listener struct {
	mu      sync.Mutex
	pending []func()
	running bool
}

// NewListener returns a listener.
func NewListener() *Listener { return new(Listener) }

func (l *Listener) post(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, f)
	if !l.running {
		l.running = true
		go l.run()
	}
}

func (l *Listener) run() {
	for {
		l.mu.Lock()
		if len(l.pending) == 0 {
			l.running = false
			l.mu.Unlock()
			return
		}
		f := l.pending[0]
		l.pending = l.pending[1:]
		l.mu.Unlock()
		f()
	}
}

// Fence orders the encoders of one queue. A queue runs its encoders one after
// another, so every fence is passed when it is waited for.
type Fence struct{}

// NewFence returns a fence.
func (d *Device) NewFence() *Fence { return new(Fence) }
