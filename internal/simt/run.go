package simt

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// A job is a launch that is running. Its threadgroups are handed out in order,
// a share at a time, to whoever has joined: the goroutine that called Run, and
// helpers if there is enough to do.
type job struct {
	l       *Launch
	groups  Size
	total   uint64
	timeout time.Duration
	workers int

	next  atomic.Uint64 // first group not handed out
	limit atomic.Uint64 // groups above this need not run: it has faulted
	mu    sync.Mutex
	fault Fault     // of group limit
	since time.Time // when pace was first asked
	first uint64    // groups that were done then

	// members counts who has joined, and most is how many may, which changes; closed
	// is added to members once nobody may.
	members atomic.Int64
	most    atomic.Int64
	size    atomic.Uint64 // of the shares of the member that leads: one for others to begin with
	idle    chan struct{} // told when the last member leaves a closed job
	helped  helped        // what helpers have done, in this launch and in others
	spared  atomic.Bool   // Launch.Spare has been called
	lead    lead
}

const closed = 1 << 32

var jobs = sync.Pool{New: func() any { return newJob() }}

func newJob() *job {
	j := &job{idle: make(chan struct{}, 1)}
	j.members.Store(closed)
	return j
}

// run runs a launch that has been checked.
func run(l *Launch) *Fault {
	div := func(a, b uint32) uint32 { return uint32((uint64(a) + uint64(b) - 1) / uint64(b)) }
	groups := Size{div(l.Grid.X, l.Group.X), div(l.Grid.Y, l.Group.Y), div(l.Grid.Z, l.Group.Z)}
	total := groups.Volume()
	if total == 0 {
		return nil
	}
	workers := l.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	j := jobs.Get().(*job)
	j.l, j.groups, j.total = l, groups, total
	j.timeout = l.Timeout
	if j.timeout <= 0 {
		j.timeout = DefaultTimeout
	}
	j.workers = workers
	j.spared.Store(false)
	j.next.Store(0)
	j.limit.Store(math.MaxUint64)
	j.most.Store(1)
	j.size.Store(1)
	if total == 1 || workers == 1 {
		j.work(nil)
	} else {
		j.share()
	}
	var fault *Fault
	if j.limit.Load() != math.MaxUint64 {
		f := j.fault
		fault = &f
	}
	j.l, j.lead, j.fault, j.since = nil, lead{}, Fault{}, time.Time{}
	jobs.Put(j)
	return fault
}

// share works on j together with the helpers that join.
func (j *job) share() {
	j.members.Store(1)
	j.lead = lead{j: j}
	j.work(&j.lead)

	// Wait for the helpers that have joined; later ones are turned away.
	if j.members.Add(closed-1) != closed {
		<-j.idle
	}
	j.members.Store(closed)
	j.lead.ended()
}

// help joins j and works on it, unless it is closed. If j has come to serve
// another launch since, help is welcome there.
func (j *job) help() {
	for {
		n := j.members.Load()
		if n >= closed || n >= j.most.Load() {
			return
		}
		if j.members.CompareAndSwap(n, n+1) {
			break
		}
	}
	for j.work(nil) {
		if j.leave() {
			return
		}
	}
	if j.members.Add(-1) == closed {
		j.idle <- struct{}{}
	}
}

// polled is called by members whose groups take long: this may be the time to ask for
// help, or to tell that processors are to spare.
func (j *job) polled(m *machine) {
	done := j.next.Load()
	if ld := m.lead; ld != nil && (!ld.asked || ld.brief) && done < j.total {
		ld.look(m, done)
	}
	if spare := j.l.Spare; spare != nil && done == j.total && max(1, j.members.Load()%closed) < int64(j.workers) && !j.spared.Swap(true) {
		spare()
	}
}

// crowded reports whether j has more members than it is to have.
func (j *job) crowded() bool {
	n := j.members.Load()
	return n < closed && n > j.most.Load()
}

// leave makes the calling helper no member any more, if j is still crowded.
func (j *job) leave() bool {
	for {
		n := j.members.Load()
		if n >= closed || n <= j.most.Load() {
			return false
		}
		if j.members.CompareAndSwap(n, n-1) {
			return true
		}
	}
}

// work runs groups until none is left, or until a helper finds that it is one too
// many, which it reports. The member that leads has a lead, which sees to it that
// there is help.
func (j *job) work(ld *lead) (tooMany bool) {
	p := j.l.Program
	if end := p.told(); end != nil {
		defer end()
	}
	busy.Add(1)
	defer busy.Add(-1)
	m := p.acquire(j)
	m.lead = ld
	ok := false
	defer func() {
		if !ok {
			j.crash(m, recover())
			return // the machine may be in any state
		}
		p.release(m)
	}()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	sh := share{j: j, size: 1}
	if ld == nil {
		sh.size = j.size.Load()
	}
	ended := time.Now() // the last share
	for {
		g, end := sh.next()
		before, work := m.used(), m.native.slice.total
		for g < end {
			if j.limit.Load() < g {
				ok = true
				return false
			}
			g = m.runGroups(g, end)
			if m.faulted {
				j.report(m.index, &m.fault)
				ok = true
				return false
			}
		}
		if end == j.total {
			ok = true
			return false
		}
		took := m.used() - before
		sh.ran(took, m.abreast)
		if ld != nil {
			j.size.Store(sh.size)
			ld.look(m, end)
		} else {
			before := ended
			ended = time.Now()
			if !m.native.left {
				j.helped.add(m.native.slice.total-work, ended.Sub(before))
			}
			m.native.left = false
			if j.crowded() {
				ok = true
				return true
			}
		}
		if sh.taken%paceEvery == 0 || took > fullShare {
			if f := j.pace(m, end); f != nil {
				j.report(end, f)
				ok = true
				return false
			}
		}
	}
}

// A grid can have more threadgroups than anybody would wait for, and the queue behind it waits as
// well. So a launch that has run for its timeout, and would at its pace take patience times as
// long, ends there.
const (
	patience  = 60
	paceEvery = 64 // shares between looks at the clock, if they are quick
)

// pace returns the fault of a launch that would take too long; groups before done have been begun.
func (j *job) pace(m *machine, done uint64) *Fault {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := time.Now()
	if j.since.IsZero() {
		j.since, j.first = now, done
		return nil
	}
	ran := now.Sub(j.since)
	if ran < j.timeout || done <= j.first {
		return nil
	}
	left := ran.Seconds() / float64(done-j.first) * float64(j.total-done)
	if left < patience*j.timeout.Seconds() {
		return nil
	}
	return &Fault{Kind: Timeout, Kernel: m.p.name, Mem: -1, Threadgroup: m.pos,
		Msg: fmt.Sprintf("the launch would take about %v: %d of its %d threadgroups ran in %v", duration(left), done-j.first, j.total, ran.Round(time.Millisecond))}
}

// duration is a number of seconds to read.
func duration(s float64) string {
	switch h := s / 3600; {
	case h > 1e6*24*365:
		return "more than a million years"
	case h > 24*365:
		return fmt.Sprintf("%.0f years", h/24/365)
	case h > 48:
		return fmt.Sprintf("%.0f days", h/24)
	}
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}

// report notes that group g has faulted; the first group's fault stays.
func (j *job) report(g uint64, f *Fault) {
	j.mu.Lock()
	if g < j.limit.Load() {
		j.fault = *f
		j.limit.Store(g)
	}
	j.mu.Unlock()
}

// crash reports a panic, which is a mistake in this package.
func (j *job) crash(m *machine, what any) {
	f := Fault{Kind: Internal, Kernel: m.p.name, Mem: -1, Threadgroup: m.pos, Msg: fmt.Sprint(what)}
	if err, ok := what.(interface{ Addr() uintptr }); ok {
		f.Msg += fmt.Sprintf(" at %#x", err.Addr())
	}
	j.report(m.index, &f)
}
