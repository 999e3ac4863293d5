package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Reductions and scans, as ir.GroupReduce and ir.GroupScan define them: in as
// many steps as the width has bits, each of them on whole vectors. Vectors are
// lists in the order of their lanes; those of 64-bit values have half as many.

// hasCombine reports whether there is code for op on values of type t.
func (l *lower) hasCombine(op ir.GroupOp, t ir.Type) bool {
	if t.IsInt() && t.Bits() < 32 {
		t = ir.I32
	}
	return t.IsInt() && (op == ir.GroupAnd || op == ir.GroupOr || op == ir.GroupXor) || l.cpu.vectorRow(op.Op(t), t, t)
}

// combine is op, lane by lane. Narrow integers may get bits beyond their width,
// which clean removes.
func (l *lower) combine(op ir.GroupOp, t ir.Type, a, b vreg) vreg {
	o := op.Op(t)
	switch {
	case t == ir.I64 || t == ir.F32:
		return l.vop(o, t, t, a, b)
	case t.IsFloat():
		return l.narrow(o, t, t, []vreg{a, b})
	case o == ir.OpSMin || o == ir.OpSMax:
		a, b = l.sext(a, t), l.sext(b, t)
	}
	return l.vop(o, ir.I32, ir.I32, a, b)
}

// clean clears what combine may have left above the bits of t.
func (l *lower) clean(t ir.Type, x []vreg) []vreg {
	if t.IsInt() {
		for i := range x {
			x[i] = l.clear(x[i], t)
		}
	}
	return x
}

// perVector is how many lanes of type t a vector has.
func (l *lower) perVector(t ir.Type) int { return l.geo.v / halves(t) }

// reduce combines the lanes of every group of width, and returns the results:
// one vector for each SIMD group, or, of quad groups, for each of x.
func (l *lower) reduce(op ir.GroupOp, t ir.Type, width int, x []vreg) []vreg {
	n := 1
	if width == ir.SimdLanes {
		n = ir.SimdLanes / l.perVector(t)
	}
	var rs []vreg
	for ; len(x) > 0; x = x[n:] {
		if width == ir.SimdLanes && l.nobody(len(rs)) {
			rs = append(rs, l.splatConst(t, 0))
			continue
		}
		g := append([]vreg(nil), x[:n]...)
		for len(g) > 1 {
			half := len(g) / 2
			for i := range half {
				g[i] = l.combine(op, t, g[i], g[i+half])
			}
			g = g[:half]
		}
		for d := min(width, l.perVector(t)) / 2; d > 0; d /= 2 {
			g[0] = l.combine(op, t, g[0], l.permute(g[0], t, func(i int) int { return i ^ d }))
		}
		rs = append(rs, g[0])
	}
	rs = l.clean(t, rs)
	for _, r := range rs {
		if r > 0 && width == ir.SimdLanes && t.Size() <= 4 {
			l.regs[r].even = true
		}
	}
	return rs
}

// nobody reports whether no lane of a SIMD group of the chunk is active.
func (l *lower) nobody(group int) bool {
	for p := range l.partsOf() {
		if lanes, known := l.lanesOf(group*l.partsOf() + p); !known || lanes != 0 {
			return false
		}
	}
	return true
}

// reduced makes the results of reduce the value of in.
func (l *lower) reduced(in *ir.Instr, rs []vreg) {
	h := halves(in.Type)
	if len(rs) == l.geo.u*h { // quad groups
		l.vals[in.Out] = value{v: rs}
		return
	}
	x := value{}
	for _, r := range rs {
		for range l.partsOf() * h {
			x.v = append(x.v, r)
		}
	}
	if l.geo.oneGroup() || len(rs) == 1 {
		x.v = x.v[:h]
		if kind := l.sh.Values[in.Out].Kind; kind == shape.Linear || kind == shape.Uniform && !in.Type.IsFloat() {
			x.g = []vreg{l.first(in.Type, rs[0])}
		}
	}
	l.vals[in.Out] = x
}

// first returns the first lane of a vector.
func (l *lower) first(t ir.Type, v vreg) vreg {
	r := l.emit1(lExtract, scalar, 0, v)
	l.code[len(l.code)-1].t = t
	return r
}

// scan combines the lanes of every group of width up to each.
func (l *lower) scan(op ir.GroupOp, t ir.Type, width int, inclusive bool, x []vreg) []vreg {
	return l.scanOf(op, t, width, inclusive, x, laneBits(t, ir.GroupNeutral(op, t)), laneBits(t, ir.GroupIdentity(op, t)))
}

// scanOf is scan with what changes nothing, and what an exclusive scan begins
// with, as lanes hold them.
func (l *lower) scanOf(op ir.GroupOp, t ir.Type, width int, inclusive bool, x []vreg, neutral, identity uint64) []vreg {
	none := l.splatLane(t, neutral)
	n := 1
	if width == ir.SimdLanes {
		n = ir.SimdLanes / l.perVector(t)
	}
	var rs []vreg
	for ; len(x) > 0; x = x[n:] {
		g := append([]vreg(nil), x[:n]...)
		for d := 1; d < width; d *= 2 {
			up := l.moveUp(t, width, g, d, none)
			for i := range g {
				if up[i] != none {
					g[i] = l.combine(op, t, up[i], g[i])
				}
			}
		}
		if !inclusive {
			g = l.moveUp(t, width, g, 1, none)
			if identity != neutral {
				for i := range g {
					g[i] = l.combine(op, t, l.splatLane(t, identity), g[i])
				}
			}
		}
		rs = append(rs, g...)
	}
	return l.clean(t, rs)
}

// moveUp gives every lane of a group what is d lanes before it, or none. d is a
// power of two.
func (l *lower) moveUp(t ir.Type, width int, g []vreg, d int, none vreg) []vreg {
	up := l.room.lists.take(len(g))
	per := l.perVector(t)
	if width < ir.SimdLanes { // quad groups
		m := uint64(0)
		for i := range l.geo.v {
			if i%width >= d {
				m |= 1 << i
			}
		}
		for i, v := range g {
			// Halves of 64 bits have the same lanes at their beginning.
			up[i] = l.selectHalf(t, 0, l.maskConst(m), l.permute(v, t, func(i int) int { return (i - d) & (per - 1) }), none)
		}
		return up
	}
	for i := range g {
		before := func(n int) vreg {
			if i < n {
				return none
			}
			return g[i-n]
		}
		if d >= per {
			up[i] = before(d / per)
			continue
		}
		up[i] = l.reg(vector)
		l.emit(ins{op: lSlide, imm: int64(d * halves(t)), d: []vreg{up[i]}, s: []vreg{g[i], before(1)}, early: true})
	}
	return up
}

// permute returns v with every lane, of type t, from another.
func (l *lower) permute(v vreg, t ir.Type, from func(i int) int) vreg {
	h := halves(t)
	w := l.perLane()
	for i := range w {
		w[i] = uint64(from(i/h)*h + i%h)
	}
	r := l.reg(vector)
	l.emit(ins{op: lPermute, d: []vreg{r}, s: []vreg{v, l.constVec(w, 4)}})
	l.regs[r].quiet = l.isQuiet(v)
	return r
}
