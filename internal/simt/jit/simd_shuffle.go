package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// shuffle gives every lane the value of a lane of its group, or 0.
func (l *lower) shuffle(in *ir.Instr, width int) {
	t := in.Type
	var vs []vreg
	if t == ir.Bool { // as numbers
		for p := range l.geo.u {
			m := l.vec(in.Args[0], p, 0)
			if l.act != nil {
				m = l.maskOp(ir.OpAnd, m, l.act[p])
			}
			vs = append(vs, l.selectHalf(ir.I32, 0, m, l.splatConst(ir.I32, 1), l.splatConst(ir.I32, 0)))
		}
	} else {
		vs = l.groupLanes(in.Args[0], t, 0)
	}
	h := halves(t)
	group := 1 // parts that a lane may look at
	if width == ir.SimdLanes {
		group = l.partsOf()
	}
	var rs []vreg
	for p := range l.geo.u {
		if p > 0 && group == l.geo.u && l.isShared(in.Args[1]) {
			break // as in the first part
		}
		base := p - p%group
		from := vs[base*h : (base+group)*h]
		idx := l.vec(in.Args[1], p, 0)
		inside := l.reg(mask)
		if idx < 0 {
			inside = l.foldCompare(ir.OpULt, idx, l.splatConst(ir.I32, uint64(width)))
		} else {
			l.emit(ins{op: lCmp, irop: ir.OpULt, from: ir.I32, d: []vreg{inside}, s: []vreg{idx, l.splatConst(ir.I32, uint64(width))}, early: true})
		}
		if width < ir.SimdLanes {
			word := func(op ir.Op, a vreg, b vreg) vreg { return l.vop(op, ir.I32, ir.I32, a, b) }
			quad := word(ir.OpAnd, l.ramp(0, 1), l.splatConst(ir.I32, uint64(-width)&ir.Mask(ir.I32)))
			idx = word(ir.OpOr, word(ir.OpAnd, idx, l.splatConst(ir.I32, uint64(width-1))), quad)
		}
		for i := range h {
			r := l.pick(t, i, idx, from)
			rs = append(rs, l.selectHalf(t, i, inside, r, l.splatLane(t, 0)))
		}
	}
	if t == ir.Bool {
		for i, r := range rs {
			m := l.reg(mask)
			l.emit(ins{op: lCmp, irop: ir.OpNe, from: ir.I32, d: []vreg{m}, s: []vreg{r, l.splatConst(ir.I32, 0)}, early: true})
			rs[i] = m
		}
	}
	l.vals[in.Out] = value{v: rs}
}

// pick returns half h of the lanes, of type t, of some vectors by their
// indices, modulo the number of lanes.
func (l *lower) pick(t ir.Type, h int, idx vreg, from []vreg) vreg {
	if t == ir.I64 {
		return l.pickWords(l.wordIndices(idx, h), from)
	}
	return l.pickWords(idx, from)
}

// pickWords picks 32-bit words.
func (l *lower) pickWords(idx vreg, from []vreg) vreg {
	if idx < 0 {
		if r, ok := l.pickKnown(l.constWords(idx), from); ok {
			return r
		}
	}
	d := l.reg(vector)
	l.emit(ins{op: lShuffle, d: []vreg{d}, s: append([]vreg{idx}, from...), early: true})
	return d
}

// pickKnown is pickWords where the indices are known and all words are of one
// vector.
func (l *lower) pickKnown(idx []uint32, from []vreg) (vreg, bool) {
	v := uint32(l.geo.v)
	part := func(i uint32) uint32 { return i / v % uint32(len(from)) }
	q, same := part(idx[0]), true
	w := l.perLane()
	for i, x := range idx {
		if part(x) != q {
			return 0, false
		}
		w[i] = uint64(x % v)
		same = same && x%v == uint32(i)
	}
	if same {
		return from[q], true
	}
	d := l.reg(vector)
	l.emit(ins{op: lPermute, d: []vreg{d}, s: []vreg{from[q], l.constVec(w, 4)}})
	return d, true
}

// wordIndices returns the indices of the words of 64-bit lanes: of half h of
// the lanes of idx.
func (l *lower) wordIndices(idx vreg, h int) vreg {
	if idx < 0 {
		w := l.perLane()
		for i := range w {
			w[i] = uint64(l.constWords(idx)[h*l.geo.v/2+i/2]*2) + uint64(i%2)
		}
		return l.constVec(w, 4)
	}
	low := l.reg(vector)
	l.emit(ins{op: lWiden, irop: ir.OpZExt, imm: int64(h), d: []vreg{low}, s: []vreg{l.vop(ir.OpAdd, ir.I32, ir.I32, idx, idx)}})
	long := func(op ir.Op, a, b vreg) vreg { return l.vop(op, ir.I64, ir.I64, a, b) }
	both := long(ir.OpOr, low, long(ir.OpShl, low, l.splatConst(ir.I64, 32)))
	return long(ir.OpOr, both, l.splatConst(ir.I64, 1<<32))
}
