package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Much that is written for the rim of a grid changes nothing inside of it: a
// coordinate is clamped to where there are pixels, threads beyond the end return.
// And a row of pixels is longer than a chunk. So the kernel is lowered twice. In
// the first version such an operation is guessed to make no difference: the
// lesser of a linear and a uniform value is the linear one, a comparison of the
// two gives the same for all lanes, and so does a division. Where that
// turns out to be wrong, which a comparison of scalars tells, the chunk begins
// anew with the second version. Nothing may have been written until then.

// maxGuessing is how many instructions a kernel may have to be there twice.
const maxGuessing = 600

// maxGuards is how many it may have for each of its guards, if there is nothing else to
// guess; the first counts for two. Where masks are registers of their own they cost
// little, and among much else next to nothing.
const maxGuards = 32

// guesses tells what may be guessed of a kernel.
type guesses struct {
	geo   *geometry
	early []bool            // by Instr.ID: nothing has been written before it
	want  map[ir.Value]bool // what comparisons are guessed to give

	// Divisors are guessed to be powers of two, and rows aligned, so that values can
	// be split, rather than quotients to be the same for a chunk.
	splits bool
}

// guessable finds what there is to guess, of splits or without them; nil if there is
// nothing.
func (l *lower) guessable(splits bool) *guesses {
	if l.f.NumInstrs() > 16*maxGuessing {
		return nil
	}
	g := &guesses{geo: &l.geo, early: make([]bool, l.f.NumInstrs()), want: map[ir.Value]bool{}, splits: splits}
	found, n := false, 0
	loops := 0 // enclosing ones
	var walk func(b *ir.Block, written bool) bool
	walk = func(b *ir.Block, written bool) bool {
		for _, in := range b.Code {
			n++
			g.early[in.ID] = !written
			switch {
			case in.Op == ir.OpIf:
				// A way out of a loop is taken in the end: that would be wrong in every chunk.
				if !written && (loops == 0 || !breaks(in)) {
					g.wish(l.sh, in.Args[0], wantedArm(in) == 0)
				}
				then := walk(in.Body[0], written)
				// Where threads part, one arm is run after the other.
				written = walk(in.Body[1], written || then && l.sh.Values[in.Args[0]].Kind != shape.Uniform) || then
			case in.Op == ir.OpLoop:
				loops++
				written = walk(in.Body[0], written || writes(in.Body[0]))
				loops--
			case in.Op == ir.OpBlock:
				written = walk(in.Body[0], written)
			case in.Op.Info().Class == ir.Effect:
				written = written || writesMemory(in.Op)
			case in.Op == ir.OpSelect && in.Type == ir.I32 && !written:
				// One of the two is what is clamped.
				if a, b := l.sh.Values[in.Args[1]].Kind, l.sh.Values[in.Args[2]].Kind; (a == shape.Uniform) != (b == shape.Uniform) {
					g.wish(l.sh, in.Args[0], b == shape.Uniform)
				}
			case len(in.Args) == 2 && in.Type == ir.I32 && !written:
				found = found || unclamped(l.sh, in) >= 0 || g.quotient(l.sh, in) != 0
			}
		}
		return written
	}
	walk(l.f.Body, false)
	if splits {
		if n > maxSplitting || !l.findSplits(g.early) {
			return nil
		}
		return g
	}
	if !found && (len(g.want) == 0 || n > maxGuards*max(2, len(g.want)) && !l.cpu.wideMasks()) || n > maxGuessing {
		return nil
	}
	return g
}

// breaks reports whether an arm of an If breaks out.
func breaks(in *ir.Instr) bool {
	return in.Body[0].Last().Op == ir.OpBreak || in.Body[1].Last().Op == ir.OpBreak
}

// wish notes what the comparisons of a condition must give so that it is as
// wanted.
func (g *guesses) wish(sh *shape.Info, cond ir.Value, truth bool) {
	d := sh.Defs[cond]
	if d == nil {
		return
	}
	switch {
	case d.Op == ir.OpAnd && truth, d.Op == ir.OpOr && !truth:
		g.wish(sh, d.Args[0], truth)
		g.wish(sh, d.Args[1], truth)
	case d.Op == ir.OpNot:
		g.wish(sh, d.Args[0], !truth)
	case sh.Orders(cond), meets(sh, d) >= 0 && truth == (d.Op == ir.OpNe):
		if _, ok := g.want[cond]; !ok {
			g.want[cond] = truth
		}
	}
}

// meets returns which argument of in is a coordinate in the grid, if in tells whether it is one that is
// the same for all lanes, as at the rim: -1 if none is.
func meets(sh *shape.Info, in *ir.Instr) int {
	if in.Op != ir.OpEq && in.Op != ir.OpNe {
		return -1
	}
	for i, v := range in.Args {
		if x := sh.Values[v]; x.Kind == shape.Linear && !x.Each && sh.Values[in.Args[1-i]].Kind == shape.Uniform && coordinate(sh, v) {
			return i
		}
	}
	return -1
}

// coordinate reports whether v is a position in the grid, moved or not.
func coordinate(sh *shape.Info, v ir.Value) bool {
	d := sh.Defs[v]
	for d != nil && (d.Op == ir.OpAdd || d.Op == ir.OpSub) && sh.Values[d.Args[1]].Kind == shape.Uniform {
		d = sh.Defs[d.Args[0]]
	}
	return d != nil && d.Op == ir.OpBuiltin && ir.Builtin(d.Imm) <= ir.ThreadPositionInGridZ
}

// unlessApart jumps to a label unless the coordinate that in compares is in no lane of the chunk
// what it is compared to.
func (l *lower) unlessApart(in *ir.Instr, label int64) {
	i := meets(l.sh, in)
	least, span := l.geo.lanes(l.sh.Values[in.Args[i]])
	first := l.plus(ir.I32, l.g(in.Args[i], 0), least)
	behind := l.scalarOp(ir.OpSub, ir.I32, ir.I32, l.g(in.Args[1-i], 0), first)
	l.emit(ins{op: lJumpCmp, irop: ir.OpULe, from: ir.I64, imm: label, s: l.list(behind, l.imm(uint64(span)))})
}

// wantedArm returns the arm of an If that threads inside of a grid may be
// expected to take: that which does not leave, or does something.
func wantedArm(in *ir.Instr) int {
	if stay := stays(in); stay >= 0 {
		return stay
	}
	if len(in.Outs) == 0 && simpleArm(in.Body[0]) {
		return 1
	}
	return 0
}

// writesMemory reports whether it shows that an operation has been done twice.
func writesMemory(op ir.Op) bool {
	return op.Info().Class == ir.Effect && op != ir.OpBarrier && op != ir.OpFence && (op < ir.OpShuffle || op > ir.OpMatMulAdd || op == ir.OpMatStore)
}

func writes(b *ir.Block) bool {
	found := false
	b.Walk(func(in *ir.Instr) bool {
		found = found || writesMemory(in.Op)
		return !found
	})
	return found
}

// Result returns the shape of the result of in if it is guessed.
func (g *guesses) Result(s *shape.Info, in *ir.Instr) (x shape.Shape, ok bool) {
	if g == nil {
		return x, false
	}
	if len(in.Args) == 2 && g.early[in.ID] {
		if i := unclamped(s, in); i >= 0 {
			return s.Values[in.Args[i]], true
		}
		switch g.quotient(s, in) {
		case ir.OpUDiv:
			return shape.Shape{Kind: shape.Linear}, true
		case ir.OpURem:
			return s.Values[in.Args[0]], true
		}
	}
	switch {
	case in.Op == ir.OpSelect:
		if truth, ok := g.Truth(s, in.Args[0]); ok {
			return s.Values[in.Args[chosen(truth)]], true
		}
	case in.Type == ir.Bool:
		if _, ok := g.Truth(s, in.Out); ok {
			return shape.Shape{Kind: shape.Uniform}, true
		}
	}
	return shape.Shape{}, false
}

// chosen returns which argument of a Select it gives.
func chosen(truth bool) int {
	if truth {
		return 1
	}
	return 2
}

// unclamped returns which argument of a minimum or maximum is guessed to be the
// result, -1 if none is.
func unclamped(s *shape.Info, in *ir.Instr) int {
	if in.Type != ir.I32 || in.Op < ir.OpUMin || in.Op > ir.OpSMax {
		return -1
	}
	a, b := s.Values[in.Args[0]], s.Values[in.Args[1]]
	switch {
	case a.Kind == shape.Linear && !a.Each && b.Kind == shape.Uniform:
		return 0
	case b.Kind == shape.Linear && !b.Each && a.Kind == shape.Uniform:
		return 1
	}
	return -1
}

// quotient tells what in is for a linear dividend: OpUDiv if it is a quotient,
// guessed to be the same in all lanes, OpURem if it is the rest, which then goes
// on from lane to lane as the dividend does, or 0.
func (g *guesses) quotient(s *shape.Info, in *ir.Instr) ir.Op {
	a, b := s.Values[in.Args[0]], s.Values[in.Args[1]]
	if g.splits || in.Type != ir.I32 || a.Kind != shape.Linear || a.Each || b.Kind != shape.Uniform {
		return 0
	}
	c, isConst := s.Constant(in.Args[1])
	op, divisor := ir.OpUDiv, c
	switch in.Op {
	case ir.OpUDiv, ir.OpSDiv:
	case ir.OpURem, ir.OpSRem:
		op = ir.OpURem
	case ir.OpLShr:
		divisor = 1 << (c & 31)
	case ir.OpAnd:
		if !isConst || c&(c+1) != 0 {
			return 0
		}
		op, divisor = ir.OpURem, c+1
	default:
		return 0
	}
	if _, span := g.geo.lanes(a); isConst && divisor <= uint64(span) || span == 0 {
		return 0 // it cannot be so, or is so anyway
	}
	return op
}

// lanes returns the least of what lanes of a chunk add to the scalar of a linear
// value, and how much more the greatest is.
func (g *geometry) lanes(x shape.Shape) (least, span int64) {
	lo, hi := x.Part.Span(0, g.u)
	across := x.Step * int64(g.v-1)
	lo, hi = lo+min(0, across), hi+max(0, across)
	return lo, hi - lo
}

// guessQuotient lowers a division of a linear value whose quotient is guessed to
// be the same in all lanes, and what is left.
func (l *lower) guessQuotient(in *ir.Instr, op ir.Op) vreg {
	i64 := func(op ir.Op, s ...vreg) vreg { return l.scalarOp(op, ir.I64, ir.I64, s...) }
	least, span := l.geo.lanes(l.sh.Values[in.Args[0]])
	first := l.plus(ir.I32, l.g(in.Args[0], 0), least)
	signed := in.Op == ir.OpSDiv || in.Op == ir.OpSRem
	by := l.g(in.Args[1], 0)
	last := l.plus(ir.I64, first, span)
	switch c, _ := l.sh.Constant(in.Args[1]); in.Op {
	case ir.OpLShr:
		n := l.scalarOp(ir.OpAnd, ir.I32, ir.I32, by, l.imm(31))
		q := i64(ir.OpLShr, first, n)
		l.emit(ins{op: lJumpCmp, irop: ir.OpEq, from: ir.I64, imm: l.wrong, s: []vreg{q, i64(ir.OpLShr, last, n)}, inout: true})
		return q
	case ir.OpAnd:
		rest := l.scalarOp(ir.OpAnd, ir.I32, ir.I32, first, by)
		l.emit(ins{op: lJumpCmp, irop: ir.OpULe, from: ir.I64, imm: l.wrong, s: []vreg{l.plus(ir.I64, rest, span), l.imm(c)}, inout: true})
		return l.plus(ir.I32, rest, -least)
	}
	end := uint64(1) << 32
	if signed { // both are positive
		end = 1 << 31
		l.emit(ins{op: lJumpCmp, irop: ir.OpULt, from: ir.I64, imm: l.wrong, s: []vreg{by, l.imm(end)}, inout: true})
	}
	l.emit(ins{op: lJumpCmp, irop: ir.OpULt, from: ir.I64, imm: l.wrong, s: []vreg{last, l.imm(end)}, inout: true})
	q := l.scalarOp(ir.OpUDiv, ir.I32, ir.I32, first, by)
	rest := i64(ir.OpSub, first, i64(ir.OpMul, q, by))
	l.emit(ins{op: lJumpCmp, irop: ir.OpULt, from: ir.I64, imm: l.wrong, s: []vreg{l.plus(ir.I64, rest, span), by}, inout: true})
	if op == ir.OpUDiv {
		return q
	}
	return l.plus(ir.I32, rest, -least)
}

// Truth returns what a condition is guessed to be.
func (g *guesses) Truth(s *shape.Info, cond ir.Value) (truth, ok bool) {
	if g == nil {
		return false, false
	}
	d := s.Defs[cond]
	if d == nil {
		return false, false
	}
	switch d.Op {
	case ir.OpNot:
		truth, ok = g.Truth(s, d.Args[0])
		return !truth, ok
	case ir.OpAnd, ir.OpOr:
		a, isA := g.Truth(s, d.Args[0])
		b, isB := g.Truth(s, d.Args[1])
		if d.Op == ir.OpAnd {
			return a && b, isA && isB
		}
		return a || b, isA && isB
	}
	truth, ok = g.want[cond]
	return truth, ok && g.early[d.ID] && (s.Orders(cond) || meets(s, d) >= 0) && s.Values[d.Args[0]].Kind+s.Values[d.Args[1]].Kind > 2*shape.Uniform
}

// guessing lowers what runs for a chunk with what can be guessed, and returns how
// many versions that makes. For each, what is emitted next runs if a guess is wrong,
// up to an lEnd; label end is behind all.
func (l *lower) guessing(body func(), end int64) (versions int) {
	for _, splits := range []bool{false, true} {
		if g := l.guessable(splits); g != nil && l.guessWith(g, body, end) {
			versions++
		}
	}
	l.findSplits(nil)
	return versions
}

// guessWith lowers a version with guesses, if that is another one than without.
func (l *lower) guessWith(g *guesses, body func(), end int64) bool {
	sh := shape.Of(l.f, shape.Config{Group: &l.geo, Guess: g, Old: &l.room.shapes[1]})
	any := g.splits
	l.f.Body.Walk(func(in *ir.Instr) bool {
		if in.Out != ir.NoValue {
			_, ok := g.Result(sh, in)
			any = any || ok
		}
		return !any
	})
	if !any {
		return false
	}
	general, vectors, sunk := l.sh, l.useVec, l.sunk
	act, stack, joins := l.act, l.stack, l.joins
	l.sh, l.guess, l.useVec, l.wrong = sh, g, make([]bool, len(l.f.Values)), l.label()
	l.wantVectors()
	if g.splits {
		l.findSplits(g.early)
	} else {
		l.findSplits(nil)
	}
	f := &shape.Flow{Ragged: sh.Ragged()}
	l.stack, l.joins = []*target{{flow: f, entry: l.act, done: end, end: end}}, nil
	if f.Ragged {
		l.joins = []int64{end}
	}
	l.isDead = false
	l.scope(func() {
		l.inputs(true)
		body()
	})
	l.jump(end)
	l.loops++
	l.emit(ins{op: lLoop, imm: l.loops, inout: true})
	l.bind(l.wrong)
	l.f.Body.Walk(l.forget)
	l.sh, l.guess, l.useVec, l.sunk, l.wrong = general, nil, vectors, sunk, 0
	l.act, l.stack, l.joins, l.isDead = act, stack, joins, false
	return true
}

// forget drops what is known of the results of an instruction that will be
// lowered again.
func (l *lower) forget(in *ir.Instr) bool {
	if in.Op.Info().Class != ir.Input {
		l.vals[in.Out] = value{}
	}
	for _, v := range in.Outs {
		l.vals[v] = value{}
	}
	return true
}

// guessPure lowers an operation whose result is guessed, and goes where the
// guess is wrong if it is.
func (l *lower) guessPure(in *ir.Instr) bool {
	if _, ok := l.guess.Result(l.sh, in); !ok {
		return false
	}
	x := &l.vals[in.Out]
	if len(in.Args) == 2 {
		if op := l.guess.quotient(l.sh, in); op != 0 {
			g := l.guessQuotient(in, op)
			l.vals[in.Out].g = []vreg{g}
			return true
		}
	}
	switch {
	case in.Op >= ir.OpUMin && in.Op <= ir.OpSMax:
		i := unclamped(l.sh, in)
		a, b := in.Args[i], in.Args[1-i]
		if in.Op == ir.OpUMax || in.Op == ir.OpSMax {
			l.unlessBelow(b, a, false, in.Op == ir.OpSMax, l.wrong)
		} else {
			l.unlessBelow(a, b, false, in.Op == ir.OpSMin, l.wrong)
		}
		x.g = []vreg{l.g(a, 0)}
	case in.Op == ir.OpSelect:
		truth, _ := l.guess.Truth(l.sh, in.Args[0])
		v := in.Args[chosen(truth)]
		l.ensure(v)
		*x = l.vals[v]
	default:
		truth, _ := l.guess.Truth(l.sh, in.Out)
		if in.Op >= ir.OpULt && in.Op <= ir.OpSLe {
			l.unlessAll(in.Out, truth, l.wrong)
		} else if meets(l.sh, in) >= 0 {
			l.unlessApart(in, l.wrong)
		}
		bits := uint64(0)
		if truth {
			bits = 1
		}
		x.g = []vreg{l.imm(bits)}
	}
	return true
}

// knownIf lowers the arm of an If that all threads take, as is guessed.
func (l *lower) knownIf(in *ir.Instr, truth bool) {
	outs := l.places(in.Outs)
	b := in.Body[chosen(truth)-1]
	l.scope(func() {
		switch last := l.block(b); {
		case last == nil: // dead
		case last.Op == ir.OpYield:
			l.give(outs, in.Outs, last.Args, false)
		default:
			l.terminator(last)
		}
	})
}
