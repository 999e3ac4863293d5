package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// Operations of the threads of SIMD groups and quad groups. A chunk holds whole
// SIMD groups, each of so many vectors, and a vector whole quad groups.

// groupOp lowers one, if there is code for it.
func (l *lower) groupOp(in *ir.Instr) bool {
	op, width, inclusive := ir.UnpackGroup(in.Imm)
	t := in.Type
	switch {
	case t == ir.Ref || width != ir.SimdLanes && width != 4 || l.geo.v%4 != 0 || width == ir.SimdLanes && l.geo.u*l.geo.v%ir.SimdLanes != 0:
		return false
	case in.Op == ir.OpBallot:
		l.ballot(in, width)
		return true
	case in.Op == ir.OpShuffle:
		l.shuffle(in, width)
		return true
	case t == ir.Bool:
		l.combineBools(in, op, width, inclusive)
		return true
	case !l.hasCombine(op, t):
		return false
	}
	x := l.groupLanes(in.Args[0], t, laneBits(t, ir.GroupNeutral(op, t)))
	if l.straight && l.once[in] { // the first SIMD group does it for all
		x = x[:l.partsOf()*halves(t)]
	}
	if in.Op == ir.OpGroupReduce {
		l.reduced(in, l.reduce(op, t, width, x))
	} else {
		l.vals[in.Out] = value{v: l.scan(op, t, width, inclusive, x)}
	}
	return true
}

// partsOf is how many parts a SIMD group has.
func (l *lower) partsOf() int { return ir.SimdLanes / l.geo.v }

// oneGroup reports whether a chunk is one SIMD group: what all its threads have
// together is the same in the whole chunk then.
func (g *geometry) oneGroup() bool { return g.u*g.v == ir.SimdLanes }

// groupLanes returns the vectors of v, of type t, in the order of their lanes,
// with neutral in the lanes that are not active.
func (l *lower) groupLanes(v ir.Value, t ir.Type, neutral uint64) []vreg {
	var vs []vreg
	for p := range l.geo.u {
		for h := range halves(t) {
			x := l.vec(v, p, h)
			if l.act != nil {
				x = l.selectHalf(t, h, l.act[p], x, l.splatLane(t, neutral))
			}
			vs = append(vs, x)
		}
	}
	return vs
}

// splatLane is splatConst of what a lane holds.
func (l *lower) splatLane(t ir.Type, bits uint64) vreg {
	if t == ir.I64 {
		return l.splatConst(t, bits)
	}
	return l.splatConst(ir.I32, bits)
}

// ballots returns, for every SIMD group, a scalar with a bit for each active
// lane for which v holds.
func (l *lower) ballots(v ir.Value) []vreg {
	var out []vreg
	n := l.partsOf()
	for base := 0; base < l.geo.u; base += n {
		var ms []vreg
		for p := base; p < base+n; p++ {
			m := l.vec(v, p, 0)
			if l.act != nil {
				m = l.maskOp(ir.OpAnd, m, l.act[p])
			}
			ms = append(ms, m)
		}
		out = append(out, l.emit1(lBits, scalar, 0, ms...))
		l.code[len(l.code)-1].early = true
	}
	return out
}

func (l *lower) ballot(in *ir.Instr, width int) {
	if width == ir.SimdLanes {
		gs := l.ballots(in.Args[0])
		x := value{}
		if l.geo.oneGroup() {
			x.g = gs
		} else {
			for _, g := range gs {
				r := l.emit1(lSplat64, vector, 0, g)
				for range l.partsOf() {
					x.v = append(x.v, r, r)
				}
			}
		}
		l.vals[in.Out] = x
		return
	}
	// A bit for the lane, and those of a quad together.
	bit := l.vop(ir.OpShl, ir.I32, ir.I32, l.splatConst(ir.I32, 1), l.vop(ir.OpAnd, ir.I32, ir.I32, l.ramp(0, 1), l.splatConst(ir.I32, 3)))
	var rs []vreg
	for p := range l.geo.u {
		m := l.vec(in.Args[0], p, 0)
		if l.act != nil {
			m = l.maskOp(ir.OpAnd, m, l.act[p])
		}
		x := l.reduce(ir.GroupOr, ir.I32, width, []vreg{l.selectHalf(ir.I32, 0, m, bit, l.splatConst(ir.I32, 0))})[0]
		for h := range 2 {
			r := l.reg(vector)
			l.emit(ins{op: lWiden, irop: ir.OpZExt, imm: int64(h), d: []vreg{r}, s: []vreg{x}})
			rs = append(rs, r)
		}
	}
	l.vals[in.Out] = value{v: rs}
}

// combineBools is a reduction or scan of Bools, as numbers.
func (l *lower) combineBools(in *ir.Instr, op ir.GroupOp, width int, inclusive bool) {
	if in.Op == ir.OpGroupReduce && width == ir.SimdLanes {
		l.reduceBools(in, op)
		return
	}
	one, zero := l.splatConst(ir.I32, 1), l.splatConst(ir.I32, 0)
	var x []vreg
	for p := range l.geo.u {
		w := l.selectHalf(ir.I32, 0, l.vec(in.Args[0], p, 0), one, zero)
		if l.act != nil {
			w = l.selectHalf(ir.I32, 0, l.act[p], w, l.splatConst(ir.I32, ir.GroupNeutral(op, ir.Bool)))
		}
		x = append(x, w)
	}
	if in.Op == ir.OpGroupReduce {
		x = l.reduce(op, ir.I32, width, x)
	} else {
		x = l.scanOf(op, ir.I32, width, inclusive, x, ir.GroupNeutral(op, ir.Bool), ir.GroupIdentity(op, ir.Bool))
	}
	for p, w := range x {
		m := l.reg(mask)
		l.emit(ins{op: lCmp, irop: ir.OpNe, from: ir.I32, d: []vreg{m}, s: []vreg{w, zero}, early: true})
		x[p] = m
	}
	l.vals[in.Out] = value{v: x}
}

// reduceBools is and, or and xor of the Bools of a SIMD group.
func (l *lower) reduceBools(in *ir.Instr, op ir.GroupOp) {
	n := l.partsOf()
	var acts []vreg
	if op == ir.GroupAnd && l.act != nil {
		for base := 0; base < l.geo.u; base += n {
			acts = append(acts, l.emit1(lBits, scalar, 0, l.act[base:base+n]...))
			l.code[len(l.code)-1].early = true
		}
	}
	var rs []vreg
	for i, g := range l.ballots(in.Args[0]) {
		var b vreg
		switch op {
		case ir.GroupAnd:
			all := l.imm(1<<32 - 1)
			if acts != nil {
				all = acts[i]
			}
			b = l.scalarOp(ir.OpEq, ir.Bool, ir.I64, g, all)
		case ir.GroupOr:
			b = l.scalarOp(ir.OpNe, ir.Bool, ir.I64, g, l.imm(0))
		default:
			b = l.scalarOp(ir.OpAnd, ir.I64, ir.I64, l.scalarOp(ir.OpPopcnt, ir.I64, ir.I64, g), l.imm(1))
		}
		m := l.emit1(lMaskOf, mask, 0, b)
		for range n {
			rs = append(rs, m)
		}
	}
	l.vals[in.Out] = value{v: rs}
}
