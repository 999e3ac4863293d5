package simt

// How the threadgroups of a launch are shared among processors. Who has joined
// takes some at a time, in order. A share is as large as takes about half of
// fullShare: two processors that stream through memory each reach what they reach
// alone only if each stays in one place for some hundred kilobytes, and what a
// share costs beside its groups is nothing then. Shares are smaller at the end,
// where a large one would be waited for.

const (
	// helpBeyond is how long a launch must take alone, in nanoseconds, for a second
	// processor to be worth waking.
	helpBeyond = 30_000

	// A share that uses more than fullShare is too large, and one that uses less
	// than a quarter of it too small.
	fullShare = 100_000

	// A share is at most one in so many, for each processor, of the groups that
	// are left.
	inReserve = 2
)

// A share is what one member of a job takes.
type share struct {
	j     *job
	size  uint64 // groups of the next one
	taken uint64 // shares so far
}

// next takes groups that nobody has taken; the two are the same if there are none
// any more.
func (s *share) next() (g, end uint64) {
	j := s.j
	s.taken++
	for {
		g = j.next.Load()
		left := j.total - g
		if left == 0 {
			return g, g
		}
		n := min(s.size, left)
		if members := uint64(j.most.Load()); members > 1 {
			n = min(n, max(1, left/(inReserve*members)))
		}
		if j.next.CompareAndSwap(g, g+n) {
			return g, g + n
		}
	}
}

// ran takes in how much fuel the last share has used, to find a size that suits
// the kernel: nothing is known of it at first. So many groups at least are run side
// by side.
func (s *share) ran(fuel int64, abreast uint64) {
	switch {
	case fuel < fullShare/4 && s.size <= s.j.total/2:
		s.size *= 2
	case fuel > fullShare && s.size > 1:
		s.size /= 2
	}
	s.size = max(s.size, abreast)
}

// worthHelp reports whether helpers could do something about left groups, if those
// done have taken so many nanoseconds: not if that is soon done alone.
func worthHelp(took int64, done, left uint64) bool {
	return took > helpBeyond || float64(took)*float64(left) > helpBeyond*float64(done)
}
