package simt

import (
	"runtime"
	"sync/atomic"
	"time"
)

// A lead decides how many members a job has, for the one that has begun it: no others
// as long as the launch may be a short one, then as many as the crew of such launches
// says.
type lead struct {
	j     *job
	asked bool
	all   int    // members there may be
	crew  *crew  // nil before others are asked, and if there can be none
	brief bool   // the launch is a sample as a whole: there is no time for more
	done  uint64 // groups before it has begun, if it is

	// The sample under way, and what the machine and the helpers had done when it began.
	begun   time.Time
	used    int64 // fuel
	work    int64 // units
	helped  tally
	members int64
}

// A tally is what helpers have done in shares that have ended, and how long those have
// taken them together, the waits for a processor with them: a helper that others keep
// from running is no help.
type tally struct {
	work int64 // units
	took time.Duration
}

// helped is the tally of a job.
type helped struct{ work, took atomic.Int64 }

func (h *helped) add(work int64, took time.Duration) {
	h.work.Add(work)
	h.took.Add(int64(took))
}

func (h *helped) since(t tally) tally {
	return tally{h.work.Load() - t.work, time.Duration(h.took.Load()) - t.took}
}

// average returns what each of so many members has done in so long, if the one that
// leads has done work and the others t. It reports false if too little is known of
// those yet.
func (t tally) average(members, work int64, took time.Duration) (int64, bool) {
	all := took + t.took
	if all < took*time.Duration(members+1)/2 {
		return 0, false
	}
	return int64(float64(work+t.work) * float64(took) / float64(all)), true
}

// look is called after a share, and in the first one if that takes long; the job's groups before done have been handed out.
func (ld *lead) look(m *machine, done uint64) {
	j, used := ld.j, m.used()
	ran := int64(float64(used) / m.native.slice.hurry()) // about, in nanoseconds
	switch {
	case !ld.asked:
		if !worthHelp(ran, done, j.total-done) {
			return
		}
		ld.asked = true
		if ld.all = min(j.workers, runtime.GOMAXPROCS(0)); ld.all == 1 {
			return // there are fewer processors than when Workers was set
		}
		ld.brief, ld.done = float64(ran)*float64(j.total) <= crewBeyond*float64(done), done
		ld.meet(m)
	case ld.crew == nil:
		return
	case ld.brief:
		if ran < 2*crewBeyond {
			return
		}
		ld.brief = false // it only seemed so
		ld.meet(m)
	case used-ld.used < int64(crewSample): // a unit of fuel is a nanosecond, or less
		return
	default:
		work, took := m.native.slice.total-ld.work, time.Since(ld.begun)
		if m.native.left || ld.members != j.members.Load() {
			work = 0
		} else if took < crewSample {
			return
		} else if ld.members > 1 {
			var known bool
			if work, known = j.helped.since(ld.helped).average(ld.members, work, took); !known {
				return
			}
		}
		ld.take(int(ld.members), work, took)
	}
	ld.begun, ld.used, ld.work, ld.members = time.Now(), used, m.native.slice.total, j.members.Load()
	ld.helped = j.helped.since(tally{})
	m.native.left = false
}

// meet finds the crew, and asks it for the first time.
func (ld *lead) meet(m *machine) {
	of := &m.p.crews
	if ld.brief {
		of = &m.p.brief
	}
	ld.crew = of.of(m.l.Grid.Volume())
	ld.take(0, 0, 0)
}

// ended is called when the job has no members any more. If that was a sample, the crew
// hears of it.
func (ld *lead) ended() {
	if !ld.brief || !ld.crew.mu.TryLock() {
		return
	}
	j, members := ld.j, ld.j.most.Load()
	threads := (j.total - ld.done) * j.l.Group.Volume()
	ld.crew.note(int(members), int64(threads)/members, time.Since(ld.begun))
	ld.crew.mu.Unlock()
}

// take gives the crew a sample, if it has any work, and has the job have as many
// members as the crew wants then.
func (ld *lead) take(members int, work int64, took time.Duration) {
	c := ld.crew
	if !c.mu.TryLock() {
		return // another launch gives it one
	}
	c.start(ld.all, cores())
	if work > 0 {
		c.note(members, work, took)
	}
	want := c.members()
	c.mu.Unlock()
	if j := ld.j; want != int(j.most.Load()) {
		j.most.Store(int64(want))
		if missing := int64(want) - j.members.Load(); missing > 0 {
			wake(j, int(min(uint64(missing), j.total-j.next.Load())))
		}
	}
}
