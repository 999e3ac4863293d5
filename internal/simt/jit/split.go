package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// A butterfly has its lanes where bits of a position tell,
//
//	uint a = (i / d) * 2 * d + i % d, b = a + d;
//	uint partner = i ^ d;
//
// and d is the same for all threads, but another in the next launch. A row of
// positions that begins at a multiple of its length has some bits in common, and
// in the others each lane has its number. So such an index is the sum of a scalar
// for each part of the chunk and a comb: a vector that is the same for all parts. An
// access to it has one look at the comb for all parts. If that
// picks from no more than two rows, a load is a permutation of these, and
// a store moves the lanes to where they go.
//
// Divisors are guessed to be powers of two, see guess.go.

// A split is a value of 32 bits in two parts.
type split struct {
	base []vreg // scalars: one for all parts of the chunk, or one each
	comb
}

// A comb is what the lanes of a vector have beside the scalar of a split.
type comb struct {
	lanes vreg    // a vector; 0 if there is nothing
	bits  vreg    // a scalar: bits that lanes may have and scalars have not; 0 if they may have the same
	near  vreg    // a scalar: whether all lanes are in two rows; 0 if nobody asks
	plain vreg    // and whether they are one row
	once  vreg    // and no two in one place
	from  [2]vreg // vectors, by row: the lane for each word, all ones for none
}

// splitUse is what a split is wanted for.
type splitUse uint8

const (
	splitPart  splitUse = 1 << iota // others are made of it
	splitLoad                       // it is where lanes load from
	splitStore                      // or store to
)

// maxSplitting is how many instructions a kernel may have to be there once more
// for splits that are guessed.
const maxSplitting = 160

// A splitter finds values to be split.
type splitter struct {
	l       *lower
	early   []bool // by Instr.ID: what may be guessed; nil if nothing may
	guessed bool   // something is
	seen    map[ir.Value]splittable
}

// splittable tells how a value can be split.
type splittable struct {
	ok    bool
	apart bool // lanes and scalar have no bits in common
	bits  bool // it is made by operations on bits, so that it is no row
	guess bool // it is a row that is guessed to be aligned where it is wanted
}

// findSplits finds the values to be split, and reports whether some are by guess:
// early tells which instructions may go by one.
func (l *lower) findSplits(early []bool) (guessed bool) {
	l.splits = nil
	if l.straight || !l.cpu.hasSplits() {
		return false
	}
	s := splitter{l: l, early: early, seen: map[ir.Value]splittable{}}
	l.f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op != ir.OpLoad && in.Op != ir.OpStore || in.Type.Size() != 4 {
			return true
		}
		if leaf, ok := l.wordIndex(in.Args[1]); ok {
			if x := s.look(leaf, 16); x.ok && x.bits {
				if l.splits == nil {
					l.splits = map[ir.Value]splitUse{}
				}
				use := splitLoad
				if in.Op == ir.OpStore {
					use = splitStore
				}
				s.mark(leaf)
				l.splits[leaf] |= use
			}
		}
		return true
	})
	return s.guessed && l.splits != nil
}

// wordIndex returns the index that differs from lane to lane of an offset of words.
func (l *lower) wordIndex(off ir.Value) (leaf ir.Value, ok bool) {
	scale := uint64(1)
	for l.sh.Values[off].Kind == shape.Varying {
		d := l.sh.Defs[off]
		if d == nil {
			return 0, false
		}
		switch d.Op {
		case ir.OpZExt, ir.OpSExt:
			return d.Args[0], scale == 4 && l.f.TypeOf(d.Args[0]) == ir.I32 && l.sh.Values[d.Args[0]].Kind == shape.Varying
		case ir.OpAdd:
			off = d.Args[0]
			if l.sh.Values[off].Kind != shape.Varying {
				off = d.Args[1]
			}
		case ir.OpMul, ir.OpShl:
			c, known := l.sh.Constant(d.Args[1])
			if d.Op == ir.OpShl {
				c = 1 << (c & 63)
			}
			if !known || c > 4 {
				return 0, false
			}
			scale *= c
			off = d.Args[0]
		default:
			return 0, false
		}
	}
	return 0, false
}

// look finds out whether v can be split; depth is how far to look.
func (s *splitter) look(v ir.Value, depth int) splittable {
	x, ok := s.seen[v]
	if !ok {
		x = s.find(v, depth)
		s.seen[v] = x
	}
	return x
}

func (s *splitter) find(v ir.Value, depth int) splittable {
	l := s.l
	d := l.sh.Defs[v]
	switch kind := l.sh.Values[v].Kind; {
	case l.f.TypeOf(v) != ir.I32 || depth == 0:
		return splittable{}
	case kind <= shape.Uniform:
		return splittable{ok: true, apart: true}
	case kind == shape.Linear:
		if l.aligned(v) {
			return splittable{ok: true, apart: true}
		}
		if s.early != nil && l.inGrid(v) {
			s.guessed = true
			return splittable{ok: true, apart: true, guess: true}
		}
		return splittable{ok: true}
	case d == nil || d.Op.Info().Class != ir.Pure || len(d.Args) != 2:
		return splittable{}
	}
	a, b := s.look(d.Args[0], depth-1), s.look(d.Args[1], depth-1)
	flat := func(i int) bool { return l.sh.Values[d.Args[i]].Kind <= shape.Uniform }
	r := splittable{ok: a.ok && b.ok, apart: a.apart && b.apart, bits: a.bits || b.bits}
	early := s.early == nil || s.early[d.ID]
	r.ok = r.ok && (early || !a.guess && !b.guess)
	switch d.Op {
	case ir.OpAdd, ir.OpSub:
		r.apart = false
	case ir.OpMul:
		r.ok, r.apart = r.ok && (flat(0) || flat(1)), false
	case ir.OpShl:
		r.ok = r.ok && flat(1)
	case ir.OpAnd, ir.OpOr, ir.OpXor:
		r.ok, r.bits = r.ok && early && r.apart && (flat(0) || flat(1)), true
	case ir.OpLShr:
		r.ok, r.bits = r.ok && early && r.apart && flat(1), true
	case ir.OpUDiv, ir.OpURem:
		_, known := l.sh.Constant(d.Args[1])
		r.ok, r.bits = r.ok && s.early != nil && early && r.apart && flat(1) && !known, true
		s.guessed = s.guessed || r.ok
	default:
		return splittable{}
	}
	return r
}

// mark notes that v is to be split, and what it is made of.
func (s *splitter) mark(v ir.Value) {
	l := s.l
	if l.sh.Values[v].Kind != shape.Varying || l.splits[v]&splitPart != 0 {
		return
	}
	l.splits[v] |= splitPart
	for _, a := range l.sh.Defs[v].Args {
		s.mark(a)
	}
}

// aligned reports whether the rows of a linear value begin at multiples of their
// length.
func (l *lower) aligned(v ir.Value) bool {
	d := l.sh.Defs[v]
	if d == nil || d.Op != ir.OpBuiltin || l.sh.Values[v].Step != 1 {
		return false
	}
	b := ir.Builtin(d.Imm)
	return b == ir.ThreadPositionInThreadgroupX || b == ir.ThreadIndexInThreadgroup || b == ir.ThreadIndexInSimdgroup
}

// inGrid reports whether v is a position in the grid, whose rows are aligned if the
// first of a chunk is.
func (l *lower) inGrid(v ir.Value) bool {
	d, s := l.sh.Defs[v], l.sh.Values[v]
	return d != nil && d.Op == ir.OpBuiltin && ir.Builtin(d.Imm) == ir.ThreadPositionInGridX && s.Step == 1 && !s.Each
}

// splitPure lowers an operation whose result is to be split, if its operands are.
func (l *lower) splitPure(in *ir.Instr) bool {
	if l.splits[in.Out] == 0 {
		return false
	}
	for _, v := range in.Args {
		if l.ensure(v); l.sh.Values[v].Kind == shape.Varying && l.vals[v].split == nil {
			return false // it comes from another region
		}
	}
	a, b := l.splitOf(in.Args[0]), l.splitOf(in.Args[1])
	var r split
	switch in.Op {
	case ir.OpAdd, ir.OpSub:
		r = split{base: l.splitBases(in.Op, a, b)}
		switch {
		case b.lanes == 0:
			r.comb = a.comb
		case a.lanes == 0 && in.Op == ir.OpAdd:
			r.comb = b.comb
		case a.lanes == 0:
			r.lanes = l.vop(ir.OpSub, ir.I32, ir.I32, l.splatConst(ir.I32, 0), b.lanes)
		default:
			r.lanes = l.vop(in.Op, ir.I32, ir.I32, a.lanes, b.lanes)
		}
		r.bits = 0
	case ir.OpUDiv:
		r = l.splitBits(ir.OpLShr, a, split{base: []vreg{l.logOf(in.Args[1])}})
	case ir.OpURem:
		l.logOf(in.Args[1])
		r = l.splitBits(ir.OpAnd, a, split{base: []vreg{l.plus(ir.I32, b.base[0], -1)}})
	default:
		if in.Op != ir.OpShl && in.Op != ir.OpLShr && a.lanes == 0 {
			a, b = b, a
		}
		r = l.splitBits(in.Op, a, b)
	}
	use := l.splits[in.Out]
	if use&(splitLoad|splitStore) != 0 && r.near == 0 {
		r.near, r.plain = l.reg(scalar), l.reg(scalar)
		l.emit(ins{op: lNear, d: l.list(r.near, r.plain), s: l.list(r.lanes, l.ramp(0, 1)), early: true})
	}
	if use&splitStore != 0 && r.once == 0 {
		for i := range r.from {
			r.from[i] = l.reg(vector)
		}
		r.once = l.reg(scalar)
		l.emit(ins{op: lInverse, imm: int64(l.lay.array(1)), d: l.list(r.from[0], r.from[1], r.once), s: l.list(r.lanes, r.near), early: true})
	}
	l.vals[in.Out] = value{split: &r}
	return true
}

// splitBases does an operation on the scalars of two splits.
func (l *lower) splitBases(op ir.Op, a, b split) []vreg {
	r := l.room.lists.take(max(len(a.base), len(b.base)))
	for p := range r {
		r[p] = l.scalarOp(op, ir.I32, ir.I32, a.base[min(p, len(a.base)-1)], b.base[min(p, len(b.base)-1)])
	}
	return r
}

// splitBits does an operation on bits, or a multiplication, on a split and what is
// the same for all lanes.
func (l *lower) splitBits(op ir.Op, a, b split) (r split) {
	with := b
	word := func(op ir.Op, x, y vreg) vreg { return l.scalarOp(op, ir.I32, ir.I32, x, y) }
	switch by := b.base[0]; op {
	case ir.OpOr, ir.OpXor: // each in its bits
		with.base = []vreg{word(ir.OpAnd, by, a.bits)}
		b.base = []vreg{word(ir.OpAnd, by, word(ir.OpXor, a.bits, l.imm(1<<32-1)))}
		r.bits = a.bits
	case ir.OpAnd:
		r.bits = a.bits
	case ir.OpShl, ir.OpLShr:
		if a.bits != 0 {
			r.bits = word(op, a.bits, by)
		}
	}
	r.base = l.splitBases(op, a, b)
	r.lanes = l.vop(op, ir.I32, ir.I32, a.lanes, l.splat(ir.I32, with.base[0]))
	return r
}

// splitOf returns v in two parts.
func (l *lower) splitOf(v ir.Value) split {
	l.ensure(v)
	if s := l.vals[v].split; s != nil {
		return *s
	}
	sh := l.sh.Values[v]
	var s split
	n := 1
	if sh.Kind == shape.Linear && (sh.Each || sh.Part != shape.Offsets{}) {
		n = l.geo.u
	}
	for p := range n {
		s.base = append(s.base, l.g(v, p))
	}
	if sh.Kind == shape.Linear && sh.Step != 0 {
		s.lanes = l.ramp(0, sh.Step)
		switch {
		case l.aligned(v):
			s.bits = l.imm(uint64(l.geo.v - 1))
		case l.inGrid(v) && l.guess != nil && l.guess.splits:
			s.bits = l.imm(uint64(l.geo.v - 1))
			odd := l.scalarOp(ir.OpAnd, ir.I32, ir.I32, s.base[0], s.bits)
			l.emit(ins{op: lJumpIf, imm: l.wrong, s: l.list(odd)})
		}
	}
	l.remember(v)
	l.vals[v].split = &s
	return s
}

// logOf returns the logarithm of a divisor, which is guessed to be a power of two.
func (l *lower) logOf(v ir.Value) vreg {
	l.ensure(v)
	if log := l.vals[v].log; log != 0 {
		return log
	}
	g := l.g(v, 0)
	rest := l.scalarOp(ir.OpAnd, ir.I32, ir.I32, g, l.plus(ir.I32, g, -1))
	l.emit(ins{op: lJumpIf, imm: l.wrong, s: l.list(rest)})
	l.emit(ins{op: lJumpIf, irop: ir.OpNot, imm: l.wrong, s: l.list(g)})
	l.remember(v)
	log := l.scalarOp(ir.OpCtz, ir.I32, ir.I32, g)
	l.vals[v].log = log
	return log
}

// spreadSplit makes vectors of a split.
func (l *lower) spreadSplit(s *split) []vreg {
	rs := l.space(l.geo.u)
	for p := range l.geo.u {
		if p >= len(s.base) {
			rs = append(rs, rs[0])
			continue
		}
		r := l.splat(ir.I32, s.base[p])
		if s.lanes != 0 {
			r = l.vop(ir.OpAdd, ir.I32, ir.I32, r, s.lanes)
		}
		rs = append(rs, r)
	}
	return rs
}

// splitAccess lowers an access at the index of a split, if it is one.
func (l *lower) splitAccess(in *ir.Instr, mem int, a *access, addr *address) bool {
	if a.form != toLanes || addr == nil || a.k < 0 || a.k > 1<<30 || a.size != 4 || a.scale != 4 || a.t == ir.Bool {
		return false
	}
	sp := l.vals[addr.leaf].split
	if sp == nil || sp.near == 0 || a.write && sp.once == 0 {
		return false
	}
	a.form = toSplit
	s := l.addSite(Site{Instr: in, Parts: l.geo.u, Loop: l.inner})
	s.Args = append(s.Args, l.operand(s, in.Args[0]), l.splitOperand(s, addr, sp))
	if a.write {
		s.Args = append(s.Args, l.operand(s, in.Args[2]))
	}
	if l.act != nil {
		s.Act = Operand{Kind: Mask, Type: ir.Bool, Cell: len(s.cells), Each: true}
		s.cells = append(s.cells, l.act...)
	}
	// The limit for two rows, or 0 if the lanes are not in two.
	fits := sp.near
	if a.write {
		fits = sp.once
	}
	limit := func(rows int) int32 {
		last := int64(rows*l.geo.v - 1)
		if addr.base != nil {
			return l.limitOf(limitKey{mem: mem, size: 4 + 4*last, add: a.k, unit: 1, most: 1 << 62})
		}
		return l.limitOf(limitKey{mem: mem, size: 4, add: a.k, unit: 4, span: last, most: 1<<31 - last})
	}
	a.beside, a.each = l.lay.word(), limit(1)
	l.emit(ins{op: lSetCtx, imm: int64(a.beside), s: l.list(l.scalarOp(ir.OpMul, ir.I64, ir.I64, fits, l.ctx(limit(2))))})
	u := l.geo.u
	cells := append(l.space(len(s.cells)+5*u+5), s.cells...)
	operand := func(vs ...vreg) int {
		cells = append(cells, vs...)
		return len(cells) - len(vs)
	}
	each := func(vs []vreg) int {
		if len(vs) == 1 {
			vs = slices.Repeat(vs, u)
		}
		return operand(vs...)
	}
	a.parts = u
	a.leaf, a.lanes, a.plain = each(sp.base), operand(sp.lanes), operand(sp.plain)
	if addr.base != nil {
		a.add = each(addr.base)
	}
	if l.act != nil {
		a.act = operand(l.act...)
	}
	var outs []vreg
	if a.write {
		a.from = operand(sp.from[:]...)
		a.val = len(cells)
		for p := range u {
			operand(l.vec(in.Args[2], p, 0))
		}
	} else {
		outs = l.newRegs(vector, u)
		s.Out = Operand{Kind: Vector, Type: in.Type, Cell: len(s.cells), Each: true}
		l.vals[in.Out].v = outs
	}
	a.base = operand(l.baseOf(mem))
	apart := *a
	apart.form = toLanes
	a.limit, a.exact, a.home = l.limitFor(mem, &apart), l.limitOf(limitKey{mem: mem, size: 4, unit: 1, most: 1 << 62}), l.lay.mem(mem)
	l.lay.cells = max(l.lay.cells, len(s.cells)+len(outs), walkCells)
	l.emit(ins{op: lAccess, t: in.Type, d: outs, s: cells, x: s, a: a, early: true, src: in})
	return true
}

// splitOperand is addressOperand of an address whose leaf is split.
func (l *lower) splitOperand(s *Site, a *address, sp *split) Operand {
	o := Operand{Type: ir.I64, Kind: Address, Signed: a.signed, Scale: a.scale, Add: a.add}
	if a.base != nil {
		o.Base = &Operand{Type: ir.I64, Kind: Scalar, Cell: len(s.cells), Each: len(a.base) > 1, Part: a.part}
		s.cells = append(s.cells, a.base...)
	}
	base := &Operand{Type: ir.I32, Kind: Scalar, Cell: len(s.cells), Each: len(sp.base) > 1}
	s.cells = append(s.cells, sp.base...)
	lanes := &Operand{Type: ir.I32, Kind: Vector, Cell: len(s.cells)}
	s.cells = append(s.cells, sp.lanes)
	o.Leaf = &Operand{Type: ir.I32, Kind: Address, Base: base, Leaf: lanes, Scale: 1}
	return o
}
