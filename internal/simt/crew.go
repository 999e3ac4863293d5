package simt

import (
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aruminium-go/aruminium/internal/cpuid"
)

// How many processors a launch takes. Memory that one of them keeps busy gives two
// of them hardly more, and each then takes twice the time for its half: time that
// others could use. So a program notes, for launches of about a size, how fast the
// work goes with one number of members and with about twice as many, by turns while
// it runs, and takes the larger number where it is worth its while. What is worth
// it changes with the machine's other loads and with what is in its caches; so the
// program looks again now and then.
//
// Work is counted in units of machine code's fuel, which are the same however long
// they take: groups of a launch may differ by a thousand times. What the interpreter
// runs is never bound by memory. Of short launches, to which it is a cost to wake
// anybody, the work is the number of threads.

const (
	// A launch that takes less, in nanoseconds, is too short for a comparison. It is
	// one sample of those for which such launches take turns.
	crewBeyond = 200_000

	// A sample takes so long, or a share of the launch's first member, or of another.
	crewSample = 25 * time.Microsecond

	// The two numbers of members take turns of so many samples.
	crewTurn  = 4
	crewTurns = 4

	// Twice as many members are to be this much faster: then they cost a third more
	// processor time than half as many. Threads of one core share what computes; they
	// are worth having for what they are, which costs nobody else a core.
	crewGain       = 1.5
	crewGainShared = 1.15

	// It must be that much more to change what has been found before, and less to keep
	// it, so that a launch does not change its mind all the time.
	crewScruple = 0.05

	// How long launches run from one comparison to the next, if it tells nothing new:
	// comparisons take a millisecond or two, in half of which a launch is as slow, or
	// as dear, as with the worse number.
	crewShortRest = 16 * time.Millisecond
	crewLongRest  = 128 * time.Millisecond
)

// A crew is what is known of launches of about a size.
type crew struct {
	mu    sync.Mutex // nobody waits for it
	all   int        // processors there are
	cores int        // the first of them do not share theirs
	best  int        // number of members that has been found best

	// The comparison of two numbers of members.
	few, many int
	samples   int
	rates     [2][crewTurn * crewTurns / 2]float64 // of few and of many: units of work in a nanosecond, of all members

	rest, lastRest time.Duration // until the next comparison begins
}

// crews are those of a program, by the logarithm of the number of threads.
type crews [40]atomic.Pointer[crew]

// of returns the crew of launches of about so many threads.
func (cs *crews) of(threads uint64) *crew {
	p := &cs[min(bits.Len64(threads), len(cs)-1)]
	if c := p.Load(); c != nil {
		return c
	}
	p.CompareAndSwap(nil, new(crew))
	return p.Load()
}

// cores returns how many cores the processors are threads of.
var cores = sync.OnceValue(func() int { return max(1, runtime.NumCPU()/cpuid.ThreadsPerCore()) })

// start makes c ready for a launch that may have so many members, on a machine of so
// many cores.
func (c *crew) start(all, cores int) {
	if c.all == all {
		return
	}
	c.all, c.cores, c.best, c.samples = all, cores, all, 0
	c.few, c.many = (all+1)/2, all
	c.rest, c.lastRest = 0, 0
}

// members returns how many members a launch is to have now.
func (c *crew) members() int {
	switch {
	case c.rest > 0:
		return c.best
	case c.turn() == 0:
		return c.few
	}
	return c.many
}

// turn returns whose turn it is: 0 is few. Many come first: that is how to run what
// is only run once.
func (c *crew) turn() int { return 1 - c.samples/crewTurn%2 }

// note takes in that each of so many members has done work in so long, on average.
func (c *crew) note(members int, work int64, took time.Duration) {
	if c.rest > 0 {
		c.rest -= took
		return
	}
	turn := c.turn()
	if turn == 0 && (members > c.few || members <= c.few/2) || turn == 1 && (members > c.many || members <= c.few) {
		return // they are still on their way, or about to leave
	}
	c.rates[turn][c.samples/crewTurn/2*crewTurn+c.samples%crewTurn] = float64(members) * float64(work) / float64(max(took, 1))
	if c.samples++; c.samples == crewTurn*crewTurns {
		c.judge()
	}
}

// judge ends a comparison.
func (c *crew) judge() {
	gain := usual(c.rates[1][:]) / usual(c.rates[0][:])
	enough := crewGain
	if c.many > c.cores {
		enough = crewGainShared
	}
	if c.best == c.many {
		enough -= crewScruple
	} else {
		enough += crewScruple
	}
	enough = 1 + (enough-1)*float64(c.many-c.few)/float64(c.few) // many are not always twice as many
	c.samples = 0
	fewer, before := gain < enough, c.best
	if c.best = c.many; fewer {
		c.best = c.few
	}
	// The next comparison is with numbers that way, as far as there are any: at once,
	// if this one has told something new.
	further := true
	switch {
	case fewer && c.best > 1:
		c.few, c.many = c.best/2, c.best
	case !fewer && c.best < c.all:
		c.few, c.many = c.best, min(2*c.best, c.all)
	default:
		further = false
	}
	switch {
	case c.best == before:
		c.lastRest = min(max(2*c.lastRest, crewShortRest), crewLongRest)
	case further:
		c.lastRest = 0
	default:
		c.lastRest = crewShortRest
	}
	c.rest = c.lastRest
}

// usual returns the upper quartile of v, which it sorts: the rate of samples that
// nothing has come between. Now and then the system runs something else on a
// processor, or two members on one.
func usual(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)*3/4]
}
