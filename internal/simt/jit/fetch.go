package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// A loop that goes through memory in steps longer than what it loads, as
//
//	for (uint k = 0; k < n; k++)
//		use(x[k * size + i]);
//
// does, where size is more than a chunk, is slow while the processor does not guess
// what comes next: in large steps it soon leaves the page, where it stops guessing.
// So what is loaded some turns later is asked for.

const (
	fetchTurns = 8    // ahead
	fetchStep  = 1024 // bytes of the shortest step that processors need help with
	fetchMost  = 1 << 20
	fetchWork  = 32 // instructions of a turn, beside which asking costs nothing
)

// fetchAhead returns how many bytes behind what in loads is what it loads some turns
// later, 0 if that is not to be asked for.
func (l *lower) fetchAhead(in *ir.Instr, mem int) int64 {
	if l.turns == nil || in.Op != ir.OpLoad || l.f.Mems[mem].Kind != ir.MemBuffer {
		return 0
	}
	step, ok := l.slope(l.turns, in.Args[1])
	if step *= int64(l.turns.step) * fetchTurns; !ok || step < fetchStep*fetchTurns || step > fetchMost || !works(l.turns.loop) {
		return 0
	}
	return step
}

// works reports whether a turn of a loop takes long: an atomic operation is one a lane.
func works(loop *ir.Instr) bool {
	n := 0
	loop.Body[0].Walk(func(in *ir.Instr) bool {
		if n++; in.Op >= ir.OpAtomicLoad && in.Op <= ir.OpAtomicCAS {
			n += fetchWork
		}
		return true
	})
	return n >= fetchWork
}

// slope returns how much v grows when a loop counts by one, if that is known.
func (l *lower) slope(c *counted, v ir.Value) (int64, bool) {
	if v == c.k {
		return 1, true
	}
	if before(c.loop, v) {
		return 0, true
	}
	d := l.sh.Defs[v]
	if d == nil {
		return 0, false
	}
	switch d.Op {
	case ir.OpZExt, ir.OpSExt:
		return l.slope(c, d.Args[0])
	case ir.OpAdd:
		a, isA := l.slope(c, d.Args[0])
		b, isB := l.slope(c, d.Args[1])
		return a + b, isA && isB
	case ir.OpMul, ir.OpShl:
		by, isConst := l.sh.Constant(d.Args[1])
		if d.Op == ir.OpShl {
			by = 1 << (by & 31)
		}
		a, isA := l.slope(c, d.Args[0])
		return a * int64(by), isA && isConst && by <= fetchMost && max(a, -a) <= fetchMost
	}
	return 0, false
}
