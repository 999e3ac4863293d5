package simt

import (
	"time"

	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// While machine code runs, its goroutine cannot be preempted, and the collector
// waits. So the code gets work for a slice of time, returns when that is done,
// and is entered again once others have had their turn. How long a unit of work
// takes depends on what the kernel does and on what is in the caches, which can
// make a difference of a hundred times; so it is measured as the code runs.
type slice struct {
	rate  float64   // units of work in a nanosecond; 0 if it has not been measured
	haste float64   // how many times the fastest rate that is believed the last one was, if more than once
	given int64     // units to the code that is running
	done  int64     // units since begun
	total int64     // units ever
	begun time.Time // when the clock was last looked at; zero if other things have been done since
}

const (
	usualRate = 4.      // and the fastest that is believed
	leastRate = 1. / 64 // the slowest
	lookAfter = 25_000  // units of work between looks at the clock, and the most before the first
)

// fill lets the code run until the machine is to poll.
func (m *machine) fill(c *jit.Context) {
	s := &m.native.slice
	if s.rate == 0 {
		s.given = min(m.fuel*usualRate, lookAfter)
	} else {
		s.given = int64(float64(m.fuel) * s.rate)
	}
	if few := nativeFuel.Load(); few > 0 {
		s.given = min(s.given, few)
	}
	c.SetFuel(s.given)
}

// drain takes in what the code has done since fill.
func (m *machine) drain(c *jit.Context) {
	s := &m.native.slice
	n := s.given - c.Fuel()
	s.done += n
	s.total += n
	m.fuel -= s.price(n)
	if s.done >= lookAfter {
		m.look(time.Now())
	}
}

// price is what the machine pays for n units of work.
func (s *slice) price(n int64) int64 {
	if s.rate == 0 {
		return n/usualRate + 1
	}
	return int64(float64(n)/s.rate) + 1
}

// rest is for code that is out of work: it polls, which lets others run, and
// fills again.
func (m *machine) rest(c *jit.Context) {
	m.drain(c)
	if m.fuel < fuelTank/16 || nativeFuel.Load() > 0 {
		if m.native.slice.done > 0 { // too little work for drain to look: the rate would stay as low as it is
			m.look(time.Now())
		}
		m.poll()
		m.native.slice.restart(m.resumed)
	}
	m.fill(c)
}

// look compares the clock with the work done, and has the machine pay for what
// that has taken longer than was thought.
func (m *machine) look(now time.Time) {
	s := &m.native.slice
	if !s.begun.IsZero() {
		took := int64(now.Sub(s.begun))
		m.fuel -= max(0, took-s.price(s.done))
		s.measure(took)
	}
	s.restart(now)
}

func (s *slice) restart(now time.Time) { s.done, s.begun = 0, now }

// measure sets the rate after work that took so many nanoseconds. The system may
// have run something else meanwhile, so the rate falls at once, which is safe,
// and rises by steps.
func (s *slice) measure(took int64) {
	rate := float64(s.done) / float64(max(took, 1))
	s.haste = rate / usualRate
	if s.rate != 0 {
		rate = min(rate, 2*s.rate)
	}
	s.rate = max(leastRate, min(rate, usualRate))
}

// hurry returns how many times as fast as its fuel says the code runs: what only adds
// up numbers in the caches is faster than is believed of any, for safety's sake.
func (s *slice) hurry() float64 { return max(1, s.haste) }
