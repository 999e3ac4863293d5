package ref

import (
	"iter"
	"sync"
)

// A coroutine runs one thread after the other. Coroutines are kept: of one that
// ends, the race detector keeps what it has noted, some hundred kilobytes, since
// the runtime does not tell it.
type coroutine struct {
	t     *thread
	next  func() (struct{}, bool)
	yield func(struct{}) bool
}

// idle are the coroutines without a thread.
var idle struct {
	sync.Mutex
	all []*coroutine
}

// start gives t a coroutine and runs it to its first stop.
func (t *thread) start() {
	idle.Lock()
	if n := len(idle.all); n > 0 {
		t.co, idle.all = idle.all[n-1], idle.all[:n-1]
	} else {
		t.co = new(coroutine)
		t.co.next, _ = iter.Pull(t.co.run)
	}
	idle.Unlock()
	t.co.t = t
	t.goOn()
}

// goOn runs t to its next stop or its end. Then it has no coroutine any more.
func (t *thread) goOn() {
	t.co.next()
	if t.co.t == nil {
		idle.Lock()
		idle.all = append(idle.all, t.co)
		idle.Unlock()
		t.co, t.at = nil, nil
	}
}

// stop waits until others let t go on.
func (t *thread) stop() {
	t.co.yield(struct{}{})
	if t.quit {
		panic(errStop)
	}
}

// end ends t, wherever it is.
func (t *thread) end() {
	if t.co != nil {
		t.quit = true
		t.goOn()
	}
}

func (c *coroutine) run(yield func(struct{}) bool) {
	for c.yield = yield; ; yield(struct{}{}) {
		c.t.run()
		c.t = nil
	}
}
