package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// ownMost is how many bytes a thread's memory may have where indices of 32 bits count
// the words of all threads.
const ownMost = 1 << 20

// ownLanes lowers an access to a word of each thread's own memory, at an index that
// differs from thread to thread: a table, a stack or counters of its own. The words
// with one index lie side by side, so that where they are is a matter of arithmetic.
func (l *lower) ownLanes(in *ir.Instr, mem int, addr *address) bool {
	m := &l.f.Mems[mem]
	if m.Kind != ir.MemThread || m.Size > ownMost || mem >= len(l.granules) || l.granules[mem] != 4 || in.Type != ir.I32 && in.Type != ir.F32 ||
		addr == nil || addr.base != nil || addr.scale%4 != 0 || !l.cpu.hasOwnLanes() {
		return false
	}
	a := l.newAccess(in)
	a.form, a.own = toLanes, 4
	a.signed, a.scale = addr.signed, addr.scale
	a.k += addr.add
	if a.k < 0 || a.k > ownMost || a.k%4 != 0 {
		return false
	}
	l.rowAccess(in, mem, a, addr)
	return true
}
