package cpumetal

import (
	"sync"
	"time"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Dispatches of a concurrent encoder run abreast, up to the next barrier. The goroutine
// that runs the command buffer takes one after the other, and so do partners, which
// join it where that pays: while a launch has no more threadgroups to hand out than
// are running, and so leaves processors unused; and once the goroutine has been at it
// for abreastAfter.
type abreast struct {
	cb      *CommandBuffer
	invite  func() // has one more partner join
	partake func() // what that does

	mu        sync.Mutex
	next, end int // commands that nobody has taken
	room      int // so many partners may still join

	// The first command that has failed.
	failed int
	err    *Error

	partners sync.WaitGroup
}

// abreastAfter is work that is worth sharing with another goroutine, which takes some
// microseconds to join.
const abreastAfter = 50 * time.Microsecond

// runAbreast runs commands from to end, all of them dispatches. It returns the first
// that failed, and the error.
func (cb *CommandBuffer) runAbreast(from, end int) (failed int, err *Error) {
	a := cb.abreast
	if a == nil {
		a = &abreast{cb: cb}
		a.invite, a.partake = a.join, a.help
		cb.abreast = a
	}
	a.next, a.end = from, end
	a.room = cb.queue.device.parallelism(cb.scheduleTime) - 1
	begun := time.Now()
	for a.step(&cb.launch) {
		if time.Since(begun) > abreastAfter {
			a.join()
			begun = time.Now()
		}
	}
	a.partners.Wait()
	failed, err = a.failed, a.err
	a.failed, a.err = 0, nil
	return failed, err
}

// join has another partner join, if there is anything for it to do.
func (a *abreast) join() {
	a.mu.Lock()
	joins := a.room > 0 && a.next < a.end
	if joins {
		a.room--
		a.partners.Add(1)
	}
	a.mu.Unlock()
	if joins {
		spawn(a.partake)
	}
}

var launches = sync.Pool{New: func() any { return new(simt.Launch) }}

// help is a partner.
func (a *abreast) help() {
	l := launches.Get().(*simt.Launch)
	for a.step(l) {
	}
	*l = simt.Launch{}
	launches.Put(l)
	a.partners.Done()
}

// step takes a command and runs it. It reports whether there was one.
func (a *abreast) step(l *simt.Launch) bool {
	a.mu.Lock()
	i := a.next
	if i >= a.end {
		a.mu.Unlock()
		return false
	}
	a.next++
	c := &a.cb.commands[i]
	does, err := a.cb.prepare(c, l) // not by two at a time
	if a.room > 0 && a.next < a.end {
		l.Spare = a.invite
	}
	a.mu.Unlock()
	if does {
		err = a.cb.run(c, l)
	}
	if err != nil {
		a.fail(i, err)
	}
	return true
}

// fail notes that command i has failed, behind which none is taken any more.
func (a *abreast) fail(i int, err *Error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil || i < a.failed {
		a.failed, a.err = i, err
	}
	a.next = a.end
}
