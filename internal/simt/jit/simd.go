package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// Operations of the threads of SIMD groups: a chunk holds whole groups, each of
// so many vectors.

// groupOp lowers one, if there is code for it.
func (l *lower) groupOp(in *ir.Instr) bool {
	op, width, inclusive := ir.UnpackGroup(in.Imm)
	n := 32 / l.geo.v // parts of a group
	if width != 32 || l.geo.u%n != 0 || l.sh.of[in.Out].kind != varying {
		return false
	}
	t := in.Type
	switch in.Op {
	case ir.OpBallot:
		l.ballot(in, n)
	case ir.OpShuffle:
		if t == ir.I64 || t == ir.Ref || t == ir.Bool {
			return false
		}
		l.shuffle(in, n)
	case ir.OpGroupReduce:
		switch {
		case t == ir.Bool:
			l.reduceBools(in, op, n)
		case t == ir.I64 || t == ir.Ref:
			return false
		case t.IsFloat() && (op == ir.GroupAdd || op == ir.GroupMul):
			if t != ir.F32 {
				return false
			}
			l.reduceInOrder(in, op, n)
		case t.IsInt() && op == ir.GroupMul && t != ir.I32:
			return false
		default:
			l.reduceTree(in, op, n)
		}
	default: // OpGroupScan
		if t != ir.I32 && t != ir.F32 || op != ir.GroupAdd && op != ir.GroupMul {
			return false
		}
		if !inclusive && t == ir.F32 && l.act != nil {
			return false // what comes before the first is 0, not the -0 of inactive lanes
		}
		l.scan(in, op, n, inclusive)
	}
	return true
}

// activeOr returns the vectors of v, with bits in the lanes that are not
// active.
func (l *lower) activeOr(v ir.Value, bits uint64) []vreg {
	t := l.f.TypeOf(v)
	vs := make([]vreg, l.geo.u)
	for p := range vs {
		vs[p] = l.vec(v, p, 0)
		if l.act != nil {
			d := l.reg(vector)
			l.emit(ins{op: lSelect, t: t, d: []vreg{d}, s: []vreg{l.act[p], vs[p], l.splatConst(ir.I32, bits)}, early: true})
			vs[p] = d
		}
	}
	return vs
}

// ballots returns, for every group, a scalar with a bit for each active lane
// for which v holds.
func (l *lower) ballots(v ir.Value, n int) []vreg {
	var out []vreg
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

func (l *lower) ballot(in *ir.Instr, n int) {
	var rs []vreg
	for _, g := range l.ballots(in.Args[0], n) {
		r := l.emit1(lSplat64, vector, 0, g)
		for range n {
			rs = append(rs, r, r)
		}
	}
	l.vals[in.Out] = value{v: rs}
}

// reduceBools is and, or and xor of Bools.
func (l *lower) reduceBools(in *ir.Instr, op ir.GroupOp, n int) {
	var acts []vreg
	if op == ir.GroupAnd && l.act != nil {
		for base := 0; base < l.geo.u; base += n {
			acts = append(acts, l.emit1(lBits, scalar, 0, l.act[base:base+n]...))
			l.code[len(l.code)-1].early = true
		}
	}
	var rs []vreg
	for i, g := range l.ballots(in.Args[0], n) {
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

// reduceInOrder adds or multiplies floats from the first active lane to the
// last. Lanes that are not active have what changes nothing.
func (l *lower) reduceInOrder(in *ir.Instr, op ir.GroupOp, n int) {
	none, fop := uint64(1<<31), ir.OpFAdd // -0
	if op == ir.GroupMul {
		none, fop = 0x3f800000, ir.OpFMul
	}
	vs := l.activeOr(in.Args[0], none)
	var rs []vreg
	for base := 0; base < l.geo.u; base += n {
		d := l.reg(vector)
		l.emit(ins{op: lChain, irop: fop, d: []vreg{d}, s: append([]vreg(nil), vs[base:base+n]...), early: true})
		l.lay.cells = max(l.lay.cells, (base/n+1)*2)
		l.code[len(l.code)-1].imm = int64(base / n * 2) // where it puts the lanes
		for range n {
			rs = append(rs, d)
		}
	}
	l.vals[in.Out] = value{v: rs}
}

// reduceTree combines values by an operation whose order does not matter.
func (l *lower) reduceTree(in *ir.Instr, op ir.GroupOp, n int) {
	t := in.Type
	none := ir.Mask(ir.I32)
	var o ir.Op
	switch op {
	case ir.GroupAdd:
		o, none = ir.OpAdd, 0
	case ir.GroupMul:
		o, none = ir.OpMul, 1
	case ir.GroupAnd:
		o = ir.OpAnd
	case ir.GroupOr:
		o, none = ir.OpOr, 0
	case ir.GroupXor:
		o, none = ir.OpXor, 0
	case ir.GroupUMin:
		o = ir.OpUMin
	case ir.GroupUMax:
		o, none = ir.OpUMax, 0
	case ir.GroupSMin:
		o, none = ir.OpSMin, 1<<31-1
	case ir.GroupSMax:
		o, none = ir.OpSMax, 1<<31
	case ir.GroupFMin, ir.GroupFMax: // a NaN gives way to all others
		o, none = ir.OpFMin+ir.Op(op-ir.GroupFMin), 0x7fc00000
	}
	word := ir.I32
	if t.IsFloat() {
		word = ir.F32
	}
	signed := t.IsInt() && (op == ir.GroupSMin || op == ir.GroupSMax)
	vs := l.activeOr(in.Args[0], none)
	if signed && t != ir.I32 {
		// Extend first; then what is not active gets its value.
		for p := range vs {
			vs[p] = l.sext(l.vec(in.Args[0], p, 0), t)
			if l.act != nil {
				d := l.reg(vector)
				l.emit(ins{op: lSelect, t: ir.I32, d: []vreg{d}, s: []vreg{l.act[p], vs[p], l.splatConst(ir.I32, none)}, early: true})
				vs[p] = d
			}
		}
	}
	var rs []vreg
	for base := 0; base < l.geo.u; base += n {
		r := vs[base]
		for _, v := range vs[base+1 : base+n] {
			r = l.vop(o, word, word, r, v)
		}
		for d := l.geo.v / 2; d > 0; d /= 2 {
			r = l.vop(o, word, word, r, l.permute(r, d))
		}
		if t.IsInt() {
			r = l.clear(r, t)
		}
		for range n {
			rs = append(rs, r)
		}
	}
	l.vals[in.Out] = value{v: rs}
}

// permute returns v with lane i from lane i^d.
func (l *lower) permute(v vreg, d int) vreg {
	w := make([]uint64, l.geo.v)
	for i := range w {
		w[i] = uint64(i ^ d)
	}
	r := l.reg(vector)
	l.emit(ins{op: lPermute, d: []vreg{r}, s: []vreg{v, l.constVec(w, 4)}})
	return r
}

// shuffle gives every lane the value of a lane of its group, or 0.
func (l *lower) shuffle(in *ir.Instr, n int) {
	vs := l.activeOr(in.Args[0], 0)
	inside := false
	if c, ok := l.sh.constant(in.Args[1]); ok && c < 32 {
		inside = true
	}
	rs := make([]vreg, l.geo.u)
	for p := range rs {
		base := p - p%n
		idx := l.vec(in.Args[1], p, 0)
		d := l.reg(vector)
		l.emit(ins{op: lShuffle, d: []vreg{d}, s: append([]vreg{idx}, vs[base:base+n]...), early: true})
		if !inside {
			m := l.reg(mask)
			l.emit(ins{op: lCmp, irop: ir.OpULt, from: ir.I32, d: []vreg{m}, s: []vreg{idx, l.splatConst(ir.I32, 32)}, early: true})
			e := l.reg(vector)
			l.emit(ins{op: lSelect, t: ir.I32, d: []vreg{e}, s: []vreg{m, d, l.splatConst(ir.I32, 0)}, early: true})
			d = e
		}
		rs[p] = d
	}
	l.vals[in.Out] = value{v: rs}
}

// scan combines the values of the active lanes up to each, in order.
func (l *lower) scan(in *ir.Instr, op ir.GroupOp, n int, inclusive bool) {
	none, word := uint64(0), ir.I32
	var o ir.Op
	switch op {
	case ir.GroupAdd:
		o = ir.OpAdd
	default:
		o, none = ir.OpMul, 1
	}
	if in.Type == ir.F32 {
		word = ir.F32
		o, none = ir.OpFAdd, 1<<31
		if op == ir.GroupMul {
			o, none = ir.OpFMul, 0x3f800000
		}
	}
	vs := l.activeOr(in.Args[0], none)
	imm := int64(0)
	if inclusive {
		imm = 1
	}
	rs := make([]vreg, l.geo.u)
	for p := range rs {
		rs[p] = l.reg(vector)
	}
	for base := 0; base < l.geo.u; base += n {
		l.emit(ins{op: lScan, irop: o, t: word, imm: imm, d: rs[base : base+n : base+n], s: append([]vreg(nil), vs[base:base+n]...), early: true})
	}
	l.lay.cells = max(l.lay.cells, 4)
	l.vals[in.Out] = value{v: rs}
}

// matMulAdd multiplies matrices that lie across SIMD groups: for every lane
// two elements, each the sum of eight products in order.
func (l *lower) matMulAdd(in *ir.Instr) {
	n := 32 / l.geo.v
	if l.geo.u%n != 0 {
		l.fail("a chunk smaller than a SIMD group")
	}
	var elems [6][]vreg
	for i := range elems {
		elems[i] = l.activeOr(in.Args[i], 0)
	}
	// lane returns which lane holds an element.
	lane := func(row, col int) uint64 {
		for i := range 32 {
			if r, c := ir.MatrixElement(i, 0); r == row && c == col&^1 {
				return uint64(i)
			}
		}
		panic("jit: no such element")
	}
	var outs [2][]vreg
	for p := range l.geo.u {
		base := p - p%n
		pick := func(from []vreg, source func(row, col int) uint64) vreg {
			w := make([]uint64, l.geo.v)
			for i := range w {
				w[i] = source(ir.MatrixElement(p%n*l.geo.v+i, 0))
			}
			d := l.reg(vector)
			l.emit(ins{op: lShuffle, d: []vreg{d}, s: append([]vreg{l.constVec(w, 4)}, from[base:base+n]...), early: true})
			return d
		}
		sums := [2]vreg{elems[4][p], elems[5][p]}
		for k := range ir.MatrixDim {
			x := pick(elems[k&1], func(row, _ int) uint64 { return lane(row, k) })
			for i := range sums {
				y := pick(elems[2+i], func(_, col int) uint64 { return lane(k, col) })
				sums[i] = l.vop(ir.OpFFma, ir.F32, ir.F32, x, y, sums[i])
			}
		}
		for i, s := range sums {
			if in.Type != ir.F32 {
				s = l.vop(ir.OpFConv, in.Type, ir.F32, s)
			}
			outs[i] = append(outs[i], s)
		}
	}
	for i, v := range in.Outs {
		l.vals[v] = value{v: outs[i]}
	}
}
