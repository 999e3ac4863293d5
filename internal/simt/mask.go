package simt

import "math/bits"

const maxWords = MaxThreads / 64

// lanes is a set of lanes: bit i%64 of word i/64 is lane i. Bits past the
// threads of the group are zero.
type lanes [maxWords]uint64

// setAct makes w the active lanes. Once the machine is dead there are none.
func (m *machine) setAct(w *lanes) {
	if m.dead {
		m.kill()
		return
	}
	first, last, same := -1, -1, true
	for i := range m.words {
		x := w[i]
		m.act[i] = x
		if x != 0 {
			last = i
			if first < 0 {
				first = i
			}
		}
		same = same && x == m.all[i]
	}
	m.full = same
	if first < 0 {
		m.none = true
		m.lo, m.hi = 0, 0
		return
	}
	m.none = false
	m.lo = first * 64
	m.hi = last*64 + bits.Len64(m.act[last])
}

// clearAct leaves no lane active.
func (m *machine) clearAct() {
	m.none, m.full = true, false
	m.lo, m.hi = 0, 0
	for i := range m.words {
		m.act[i] = 0
	}
}

// kill ends the threadgroup: no lane will be active again.
func (m *machine) kill() {
	m.dead = true
	m.clearAct()
}

// firstActive returns the lowest active lane.
func (m *machine) firstActive() int {
	for i := range m.words {
		if x := m.act[i]; x != 0 {
			return i*64 + bits.TrailingZeros64(x)
		}
	}
	return 0
}

// lastActive returns the highest active lane.
func (m *machine) lastActive() int { return m.hi - 1 }

// nextRun returns the first run [start, end) of active lanes at or after lane
// i, below limit; start is limit if there is none.
func (m *machine) nextRun(i, limit int) (start, end int) {
	w := i >> 6
	x := m.act[w&(maxWords-1)] &^ (1<<(uint(i)&63) - 1)
	for x == 0 {
		w++
		if w*64 >= limit {
			return limit, limit
		}
		x = m.act[w]
	}
	start = w*64 + bits.TrailingZeros64(x)
	if start >= limit {
		return limit, limit
	}
	// The first zero after start.
	x = ^x &^ (1<<(uint(start)&63) - 1)
	for x == 0 {
		w++
		if w*64 >= limit {
			return start, limit
		}
		x = ^m.act[w]
	}
	return start, min(w*64+bits.TrailingZeros64(x), limit)
}
