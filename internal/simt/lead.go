package simt

import "time"

// A lead decides how many members a job has, for the one that has begun it: no others
// as long as the launch may be a short one, then as many as the crew of such launches
// says.
type lead struct {
	j     *job
	asked bool
	crew  *crew // nil if the launch is too short for one

	// The sample under way, and what the machine had done when it began.
	begun   time.Time
	used    int64 // fuel
	work    int64 // units
	members int64
}

// look is called after a share, and in the first one if that takes long; the job's groups before done have been handed out.
func (ld *lead) look(m *machine, done uint64) {
	j, used := ld.j, m.used()
	switch {
	case !ld.asked:
		if !worthHelp(used, done, j.total-done) {
			return
		}
		ld.asked = true
		if float64(used)*float64(j.total) > crewBeyond*float64(done) {
			ld.crew = m.p.crews.of(m.l.Grid.Volume())
		}
		ld.take(0, 0, 0)
	case ld.crew == nil || used-ld.used < crewSample:
		return
	default:
		work := m.native.slice.total - ld.work
		if m.native.left || ld.members != j.members.Load() {
			work = 0
		}
		ld.take(int(ld.members), work, time.Since(ld.begun))
	}
	if ld.crew != nil {
		ld.begun, ld.used, ld.work, ld.members = time.Now(), used, m.native.slice.total, j.members.Load()
		m.native.left = false
	}
}

// take gives the crew a sample, if it has any work, and has the job have as many
// members as the crew wants then.
func (ld *lead) take(members int, work int64, took time.Duration) {
	c, want := ld.crew, ld.j.workers
	if c != nil {
		if !c.mu.TryLock() {
			return // another launch gives it one
		}
		c.start(ld.j.workers, cores())
		if work > 0 {
			c.note(members, work, took)
		}
		want = c.members()
		c.mu.Unlock()
	}
	if j := ld.j; want != int(j.most.Load()) {
		j.most.Store(int64(want))
		if missing := int64(want) - j.members.Load(); missing > 0 {
			wake(j, int(min(uint64(missing), j.total-j.next.Load())))
		}
	}
}
