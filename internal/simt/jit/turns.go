package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// A loop that counts up to what is the same for all threads, as
//
//	for (uint k = i; k < n; k += size)
//
// takes some instructions a turn to find out whether there is another. Several
// turns that all threads of a chunk take are lowered one after the other: all of
// them where their number is known, else so many at a time as are short, as long
// as that many are left. What that leaves over, the loop does as it is written.

// A counted is such a loop.
type counted struct {
	loop  *ir.Instr
	exit  int      // index in its body of the If that it is left by
	k     ir.Value // the parameter that counts, from first by step, while it is less than n
	first ir.Value
	n     ir.Value
	by    ir.Value // the step, and the number that it is if that is known, else 0
	step  uint64

	signed bool
	equal  bool // or equal to n

	turns int  // that every thread of the group takes, as far as that is known
	exact bool // no thread takes more
}

// Limits: of the turns that are lowered one after the other, where their number
// is known and where it is not, and of the instructions in all of them.
const (
	knownTurns = 16
	someTurns  = 4
	turnsCost  = 128
)

// exitOf returns the index in a loop's body of the If that it is left by, if
// that is the only way out of it, for beyond it and by a comparison of linear
// values, and a turn begins nowhere but at its end; -1 otherwise.
func (l *lower) exitOf(loop *ir.Instr) int {
	f := l.sh.Flow(loop)
	body := loop.Body[0]
	last := body.Last()
	if f.Outward || f.Again != 1 || last.Op != ir.OpContinue || last.Imm != 0 {
		return -1
	}
	at := -1
	for i, in := range body.Code {
		if x := l.sh.Flow(in); x != nil && x.Outward {
			if at >= 0 || in.Op != ir.OpIf || len(in.Outs) > 0 {
				return -1
			}
			at = i
		}
	}
	if at < 0 {
		return -1
	}
	test := body.Code[at]
	stay := stays(test)
	if stay < 0 || !simpleArm(test.Body[stay]) || !l.sh.Orders(test.Args[0]) {
		return -1
	}
	for _, in := range test.Body[1-stay].Code {
		if in.Op.Info().Class != ir.Input && in.Op != ir.OpBreak {
			return -1
		}
	}
	return at
}

// counts tells how a loop counts, if it does: nil if it does not.
func (l *lower) counts(loop *ir.Instr) *counted {
	c := &counted{loop: loop, exit: l.exitOf(loop), by: ir.NoValue}
	if c.exit < 0 {
		return nil
	}
	body := loop.Body[0]
	test := body.Code[c.exit]
	cond := l.sh.Defs[test.Args[0]]
	if stays(test) != 0 || cond.Op < ir.OpULt || cond.Op > ir.OpSLe {
		return nil
	}
	c.signed, c.equal = cond.Op >= ir.OpSLt, cond.Op == ir.OpULe || cond.Op == ir.OpSLe
	c.k, c.n = cond.Args[0], cond.Args[1]
	for i, p := range body.Params {
		if p != c.k {
			continue
		}
		next := l.sh.Defs[body.Last().Args[i]]
		if next == nil || next.Op != ir.OpAdd || next.Args[0] != c.k {
			return nil
		}
		c.first, c.by = loop.Args[i], next.Args[1]
		step, known := l.sh.Constant(c.by)
		if known && (step == 0 || step >= shape.MaxStep) || l.sh.Values[c.by].Kind > shape.Uniform || !before(loop, c.by) {
			return nil
		}
		c.step = step
	}
	if c.by == ir.NoValue || l.sh.Values[c.n].Kind > shape.Uniform || !before(loop, c.n) {
		return nil
	}
	c.findTurns(l.sh)
	return c
}

// before reports whether v is there before a loop begins.
func before(loop *ir.Instr, v ir.Value) bool {
	inside := false
	is := func(vs []ir.Value) {
		for _, x := range vs {
			inside = inside || x == v
		}
	}
	is(loop.Body[0].Params)
	loop.Body[0].Walk(func(in *ir.Instr) bool {
		inside = inside || in.Out == v && v != ir.NoValue
		is(in.Outs)
		for _, b := range in.Body {
			is(b.Params)
		}
		return !inside
	})
	return !inside
}

// findTurns finds how many turns every thread takes, from the bounds of where it
// begins.
func (c *counted) findTurns(sh *shape.Info) {
	n, ok := sh.Constant(c.n)
	end := uint64(1) << 32
	if c.signed {
		end = 1 << 31
	}
	if c.equal {
		n++
	}
	if !ok || c.step == 0 || n+c.step > end { // what counts might wrap, or is never less
		return
	}
	turns := func(from uint64) uint64 {
		if from >= n {
			return 0
		}
		return (n - from + c.step - 1) / c.step
	}
	least, most := uint64(0), sh.Bound(c.first).Most
	if x, ok := sh.Constant(c.first); ok {
		least = x
	}
	if c.signed && most > 1<<31-1 {
		return
	}
	if few := turns(most); few <= knownTurns {
		c.turns = int(few)
		c.exact = few == turns(least)
	}
}

// turnsOf returns how many turns of a loop are to be lowered one after the other,
// 0 if none are, and whether those are all.
func (l *lower) turnsOf(c *counted) (n int, known bool) {
	if c == nil || l.walks(c.loop) {
		return 0, false
	}
	n = turnsCost / max(1, l.sh.Flow(c.loop).Cost<<(2*max(0, nested(c.loop.Body[0], maxNested)-1)))
	if l.straight && c.exact { // there is no loop behind them that counts
		n *= 2
	}
	switch {
	case c.turns > 0 && c.turns <= n:
		return c.turns, true
	case n < 2:
		return 0, false
	}
	return min(n, someTurns), false
}

// maxNested is how deep loops are looked for in a loop. Whatever is in several of its
// turns is there as often, with several turns of the loops inside: beyond the first of
// them that makes more code than it gains.
const maxNested = 4

// nested returns how deep loops are nested in b, up to most.
func nested(b *ir.Block, most int) (depth int) {
	for _, in := range b.Code {
		own := 0
		if in.Op == ir.OpLoop {
			own = 1
		}
		for _, inner := range in.Body {
			if depth < most {
				depth = max(depth, own+nested(inner, most-own))
			}
		}
	}
	return depth
}

// severalTurns lowers n turns of a loop that counts one after the other, in front
// of the loop. In a straight line single turns that all threads take follow, by the If
// at index test of the loop's body, if there is one: what they access is known to be
// inside there, too, so that it need not all be in registers at a time. It reports
// whether it has lowered those.
func (l *lower) severalTurns(t *target, c *counted, n int, known bool, test int) (single bool) {
	single = l.straight && !known && test >= 0
	l.inTurns(t, c, func(rest int64) {
		if known {
			for range n {
				l.turn(t, c)
			}
			l.giveTurns(t)
			return
		}
		head, few, start := l.label(), rest, int64(len(l.code))
		if single {
			few = l.label()
		}
		l.loops++
		l.emit(ins{op: lLoop, imm: l.loops})
		l.bind(head)
		l.scope(func() {
			l.unlessLeft(c, uint64(n-1), few)
			for range n {
				l.turn(t, c)
			}
			l.giveTurns(t)
		})
		l.emit(ins{op: lFuel, imm: int64(len(l.code)) - start, src: t.in})
		l.jump(head)
		l.emit(ins{op: lEnd})
		if single {
			l.bind(few)
			l.startTurns(t)
			l.stack = l.stack[:len(l.stack)-1]
			l.together(t, test)
			l.stack = append(l.stack, t)
		}
	})
	return single
}

// allTurns lowers the n turns that every thread takes of a loop one after the other.
// What follows is reached only by code whose accesses may be outside of their
// memory: it is in a loop that is hardly ever reached, which is to be ended behind
// it. There the places of the parameters, params, begin their lives; those of the
// results do with the first value that they get.
func (l *lower) allTurns(t *target, c *counted, n int, params []ins) {
	args := t.in.Body[0].Params
	l.inTurns(t, c, func(int64) {
		for i, p := range args {
			l.vals[p] = l.placed(&t.params[i], p, t.in.Args[i])
		}
		for range n {
			l.turn(t, c)
		}
		l.leaveTurns(t, c)
	})
	l.loops++
	l.emit(ins{op: lLoop, imm: l.loops, early: true})
	l.code = append(l.code, params...)
	l.scope(func() { l.give(t.params, args, t.in.Args, false) }) // what is made available here is not where threads have left
}

// inTurns lowers turns, which go to the label rest, behind them, where accesses may
// be outside of their memory.
func (l *lower) inTurns(t *target, c *counted, turns func(rest int64)) {
	sure, rest := l.sure, l.label()
	defer func(outer int) { l.turnsDone = outer }(l.turnsDone)
	l.turnsDone, l.seen = 0, l.seen[:0]
	l.stack = append(l.stack, t)
	l.scope(func() {
		l.checkAhead(c, rest)
		turns(rest)
	})
	l.bind(rest)
	l.stack = l.stack[:len(l.stack)-1]
	l.sure = sure
	l.startTurns(t)
}

// startTurns forgets what is known in a turn; the parameters are in their places.
func (l *lower) startTurns(t *target) {
	body := t.in.Body[0]
	body.Walk(l.forget)
	for i, p := range body.Params {
		l.vals[p] = t.params[i]
	}
}

// walks reports whether a loop has loads with tiles, which serve one turn after the
// other.
func (l *lower) walks(loop *ir.Instr) bool {
	found := false
	loop.Body[0].Walk(func(in *ir.Instr) bool {
		if in.Op == ir.OpLoad && l.tiles != nil && in.Type.Size() <= 4 {
			step, ok := l.sh.Stride(in.Args[1])
			found = found || ok && step != 0 && step != int64(in.Type.Size())
		}
		return !found
	})
	return found
}

// turn lowers a turn that all threads take. Afterwards the parameters have the
// values for the next.
func (l *lower) turn(t *target, c *counted) {
	body := t.in.Body[0]
	defer func(outer *counted) { l.turns = outer }(l.turns)
	l.turns = c
	l.run(body.Code[:c.exit])
	l.run(body.Code[c.exit+1 : len(body.Code)-1])
	l.emit(ins{op: lTurn})
	l.turnsDone++
	next := make([]value, len(body.Params))
	for i, p := range body.Params {
		next[i] = l.placed(&t.params[i], p, body.Last().Args[i])
	}
	body.Walk(l.forget)
	for i, p := range body.Params {
		l.vals[p] = next[i]
	}
}

// placed returns v as copies would put it into x, the place of p.
func (l *lower) placed(x *value, p, v ir.Value) (now value) {
	for _, c := range l.copies(nil, x, p, v) {
		if len(x.g) > 0 {
			now.g = append(now.g, c.s)
		} else {
			now.v = append(now.v, c.s)
		}
	}
	return now
}

// giveTurns puts what the parameters are now where the loop wants them.
func (l *lower) giveTurns(t *target) {
	var list []pair
	for i, p := range t.in.Body[0].Params {
		list = l.copies(list, &t.params[i], p, p)
	}
	l.assign(list, nil)
}

// leaveTurns is what a loop does when no thread goes on.
func (l *lower) leaveTurns(t *target, c *counted) {
	body := t.in.Body[0]
	test := body.Code[c.exit]
	for _, in := range body.Code[:c.exit] {
		l.instr(in)
	}
	l.give(l.outsOf(t.outs), t.outs, test.Body[1-stays(test)].Last().Args, false)
	l.jump(t.done)
}

// unlessLeft jumps to a label unless all threads of the chunk will still be in
// the loop after so many turns more. It may jump when that is so all the same.
func (l *lower) unlessLeft(c *counted, turns uint64, label int64) {
	i64 := func(op ir.Op, a, b vreg) vreg { return l.scalarOp(op, ir.I64, ir.I64, a, b) }
	ext, op := ir.OpZExt, ir.OpULt
	if c.signed {
		ext, op = ir.OpSExt, ir.OpSLt
	}
	if c.equal {
		op++
	}
	least, span := l.geo.lanes(l.sh.Values[c.k])
	most := l.plus(ir.I64, l.scalarOp(ext, ir.I64, ir.I32, l.plus(ir.I32, l.g(c.k, 0), least)), span)
	most = i64(ir.OpAdd, most, i64(ir.OpMul, l.g(c.by, 0), l.imm(turns))) // a step below zero is very great
	l.emit(ins{op: lJumpCmp, irop: op, from: ir.I64, imm: label, s: []vreg{most, l.scalarOp(ext, ir.I64, ir.I32, l.g(c.n, 0))}, inout: true})
}
