package cpumetal

import (
	"sync"
	"time"
)

// The goroutines of all queues. One that has finished its work waits a little
// for more before it ends: a fresh goroutine has a small stack, and growing it
// to what the engine needs takes longer than a small dispatch.
var runners struct {
	mu       sync.Mutex
	idle     []*runner // last in, first out
	sweeping bool      // a sweep is due
}

type runner struct {
	work chan func() // has room for one; closed to end the runner
	old  bool        // was idle at the last sweep
}

// sweepTime is how often idle runners are looked at. One that was idle twice
// ends.
const sweepTime = 100 * time.Millisecond

// spawn has f run on a goroutine.
func spawn(f func()) {
	runners.mu.Lock()
	var r *runner
	if n := len(runners.idle); n > 0 {
		r = runners.idle[n-1]
		runners.idle[n-1] = nil
		runners.idle = runners.idle[:n-1]
	}
	runners.mu.Unlock()
	if r == nil {
		r = &runner{work: make(chan func(), 1)}
		go r.loop()
	}
	r.work <- f
}

func (r *runner) loop() {
	for f := range r.work {
		f()
		runners.mu.Lock()
		r.old = false
		runners.idle = append(runners.idle, r)
		if !runners.sweeping {
			runners.sweeping = true
			time.AfterFunc(sweepTime, sweep)
		}
		runners.mu.Unlock()
	}
}

// sweep ends the runners that have been idle since the sweep before.
func sweep() {
	runners.mu.Lock()
	defer runners.mu.Unlock()
	kept := runners.idle[:0]
	for _, r := range runners.idle {
		if r.old {
			close(r.work)
			continue
		}
		r.old = true
		kept = append(kept, r)
	}
	clear(runners.idle[len(kept):])
	runners.idle = kept
	runners.sweeping = len(kept) > 0
	if runners.sweeping {
		time.AfterFunc(sweepTime, sweep)
	}
}
