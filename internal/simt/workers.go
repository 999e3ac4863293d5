package simt

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// The helpers are goroutines of the whole process that join jobs. They are
// started when first needed, wait a while for more, and then end.
var helpers struct {
	sync.Mutex
	idle  []*helper // last in, first out
	alive int
}

// busy counts the goroutines that run threadgroups, and lastYield is when the last of
// them has yielded its processor.
var busy, lastYield atomic.Int64

// yieldApart is the time from one yield to the next of another goroutine, for each
// processor.
const yieldApart = 10 * time.Microsecond

// yield lets other goroutines run, unless another has done so just now: if two wait at
// once, one of two processors takes both and leaves the other with none. It returns the
// time after it.
//
// If others have run, the threads they run on may be more than there are processors. The
// system puts a thread that wakes up where it was before, though it finds this one there
// and another processor without work, and leaves it waiting for some milliseconds: a
// collection of garbage would wait with it. So for a while threads give way, too.
func yield(now time.Time, procs int) time.Time {
	at, last := now.UnixNano(), lastYield.Load()
	if since := time.Duration(at - last); since < 0 || since >= yieldApart/time.Duration(procs) {
		if lastYield.CompareAndSwap(last, at) {
			runtime.Gosched()
			now = time.Now()
			if after := now.UnixNano(); after-at > int64(othersRan) {
				giveWayUntil.Store(after + int64(giveWayFor))
			}
		}
	}
	if now.UnixNano() < giveWayUntil.Load() {
		giveWay()
		now = time.Now()
	}
	return now
}

// giveWayUntil is until when threads give way, in nanoseconds since 1970.
var giveWayUntil atomic.Int64

const (
	othersRan  = 15 * time.Microsecond // a yield that takes longer has let others run
	giveWayFor = 10 * time.Millisecond
)

type helper struct {
	job chan *job // has room for one
}

// idleTime is how long a helper waits for more work before it ends.
const idleTime = time.Second

// wake asks up to n helpers to join j.
func wake(j *job, n int) {
	for range n {
		helpers.Lock()
		var h *helper
		if k := len(helpers.idle); k > 0 {
			h = helpers.idle[k-1]
			helpers.idle = helpers.idle[:k-1]
		} else if helpers.alive < runtime.GOMAXPROCS(0) {
			helpers.alive++
			h = &helper{job: make(chan *job, 1)}
			go h.loop()
		}
		helpers.Unlock()
		if h == nil {
			return
		}
		h.job <- j
	}
}

func (h *helper) loop() {
	timer := time.NewTimer(idleTime)
	defer timer.Stop()
	for {
		select {
		case j := <-h.job:
			j.help()
			timer.Reset(idleTime)
			helpers.Lock()
			helpers.idle = append(helpers.idle, h)
			helpers.Unlock()
		case <-timer.C:
			if h.leave() {
				return
			}
			timer.Reset(idleTime)
		}
	}
}

// leave takes h out of the idle ones; it reports false if a job is on its way.
func (h *helper) leave() bool {
	helpers.Lock()
	defer helpers.Unlock()
	for i, x := range helpers.idle {
		if x == h {
			helpers.idle = append(helpers.idle[:i], helpers.idle[i+1:]...)
			helpers.alive--
			return true
		}
	}
	return false
}
