package jit

import (
	"encoding/binary"
	"fmt"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// unsupported is the panic that ends a compilation of what there is no code for.
type unsupported string

// lower makes low-level instructions of a kernel.
type lower struct {
	f    *ir.Func
	cpu  backend
	geo  geometry
	sh   *shape.Info
	lay  *layout
	room *room
	code []ins
	regs []vinfo
	vals []value // by ir.Value

	consts   [][]byte // vectors of the pool, by -vreg; the first is nothing
	known    map[[64]byte]vreg
	patterns map[pattern]vreg
	splats   []int32                   // by ir.Value: the vector of a constant, as far as it was wanted
	lanes    map[vreg]uint64           // of masks that are known
	products map[*ir.Instr][]*ir.Instr // see findProducts
	useVec   []bool                    // by ir.Value: a uniform or linear value is wanted as a vector
	used     []bool                    // by ir.Value: it is an operand of something

	labels     int64
	loops      int64
	builtins   []*ir.Instr
	sites      []*Site
	moreSites  []Site  // to make them of
	moreConsts []byte  // and constants
	morePlaces []int32 // and lists of where their cells are

	lane     vreg   // number of the first lane of the chunk
	act      []vreg // masks of the active lanes, a part each; nil if all are
	stack    []*target
	inner    *ir.Instr             // innermost Loop
	journal  []change              // see scope
	granules []int64               // of thread memory: see Options
	once     map[*ir.Instr]bool    // done once for all SIMD groups, see findAlike
	gr       *groups               // of a kernel with barriers
	joins    []int64               // labels where lanes that have parted meet
	isDead   bool                  // no lane can be active
	sunk     map[ir.Value]bool     // see findSunk
	guess    *guesses              // what sh goes by, if anything is guessed
	splits   map[ir.Value]splitUse // see split.go
	waiting  bool                  // there are barriers
	straight bool                  // see straight.go
	words    *words                // of a straight kernel
	wrong    int64                 // label where to go on when a guess is wrong
	seen     []*seenRows           // see slide.go
	seenAt   int                   // the instruction up to which memory has not changed since
	slides   bool                  // rows have been made of others
	bundles  map[*ir.Instr]*bundle // by member, of those that are being lowered
	collect  *[]ins                // where accesses go that belong to a bundle
	tiles    *tiles                // of the loop, if its loads may have some
	sure     map[*ir.Instr]bool    // accesses known to be inside of their memory: see checkAhead
	limit    map[limitKey]int32
	bases    map[int32]vreg
	streamed []int32 // by memory: the word that tells if it is a Stream, 0 if it is none
	streams  []Stream
	reads    []Traffic
	operands []place // in memory
	kept     []Kept
	written  []bool   // memories that the kernel may change, once asked for
	grouply  []bool   // see ofGroup
	turns    *counted // the loop whose turns are lowered one after the other

	turnsDone int // how many of them have been
}

// A value is where an ir.Value is.
type value struct {
	g    []vreg // scalars: one, or one a part
	v    []vreg // vectors or masks: one for all parts or one a part; of I64 two each
	addr *address
	over vreg // see reciprocal

	split *split
	log   vreg // see logOf
}

func (l *lower) fail(format string, args ...any) { panic(unsupported(fmt.Sprintf(format, args...))) }

func (l *lower) reg(c class) vreg {
	l.regs = append(l.regs, vinfo{class: c, first: -1, phys: -1})
	return vreg(len(l.regs) - 1)
}

// newRegs returns n registers.
func (l *lower) newRegs(c class, n int) []vreg {
	vs := l.room.lists.take(n)
	for i := range vs {
		vs[i] = l.reg(c)
	}
	return vs
}

func (l *lower) label() int64 {
	l.labels++
	return l.labels - 1
}

func (l *lower) emit(in ins) *ins {
	l.code = append(l.code, in)
	return &l.code[len(l.code)-1]
}

func (l *lower) emit1(op lop, c class, imm int64, s ...vreg) vreg {
	d := l.reg(c)
	l.emit(ins{op: op, d: l.list(d), s: l.list(s...), imm: imm})
	return d
}

// scalar operations

func (l *lower) imm(x uint64) vreg {
	d := l.reg(scalar)
	l.regs[d].konst, l.regs[d].bits = true, x
	return d
}

func (l *lower) scalarOp(op ir.Op, t, from ir.Type, s ...vreg) vreg {
	if op == ir.OpZExt {
		return s[0] // it is zero-extended anyway
	}
	if x, ok := l.foldScalar(op, t, from, s); ok {
		return l.imm(x)
	}
	d := l.reg(scalar)
	l.emit(ins{op: lScalar, irop: op, t: t, from: from, d: l.list(d), s: l.list(s...), early: !l.cpu.inPlace(op, t)})
	return d
}

// plus returns s + x modulo the width of t.
func (l *lower) plus(t ir.Type, s vreg, x int64) vreg {
	if x == 0 {
		return s
	}
	if r := &l.regs[s]; r.konst {
		return l.imm((r.bits + uint64(x)) & ir.Mask(t))
	}
	if x != int64(int32(x)) {
		return l.scalarOp(ir.OpAdd, t, t, s, l.imm(uint64(x)&ir.Mask(t)))
	}
	d := l.reg(scalar)
	l.emit(ins{op: lLea, t: t, d: l.list(d), s: l.list(s), imm: x})
	return d
}

// ctx returns the word of the context at off, which does not change while a
// threadgroup runs.
func (l *lower) ctx(off int32) vreg {
	d := l.emit1(lCtx, scalar, int64(off))
	l.regs[d].home = off
	return d
}

// A pattern is a constant vector: lane i of so many bytes is bits + i*step.
type pattern struct {
	size int
	bits uint64
	step int64
}

// constVec returns a constant vector with a 32-bit word a lane, or the two
// halves of 64-bit ones.
func (l *lower) constVec(words []uint64, size int) vreg {
	p := pattern{size: size, bits: words[0], step: int64(words[1] - words[0])}
	mask := p.mask()
	for i, w := range words {
		if (w-p.lane(i))&mask == 0 {
			continue
		}
		var key [64]byte
		n := len(putLanes(key[:0], words, size))
		c, ok := l.known[key]
		if !ok {
			c = l.newConst(key[:n])
			l.known[key] = c
		}
		return c
	}
	return l.constant(p)
}

// mask has the bits of a lane.
func (p *pattern) mask() uint64 { return 1<<(8*p.size-1)<<1 - 1 }

// lane returns lane i; only the bits of a lane count.
func (p *pattern) lane(i int) uint64 { return p.bits + uint64(p.step)*uint64(i) }

// constant returns the constant vector of a pattern.
func (l *lower) constant(p pattern) vreg {
	p.bits, p.step = p.bits&p.mask(), int64(uint64(p.step)&p.mask())
	if p.size == 8 && p.step == 0 && p.bits>>32 == p.bits&(1<<32-1) {
		p.size, p.bits = 4, p.bits>>32
	}
	if v, ok := l.patterns[p]; ok {
		return v
	}
	var w [16]uint64
	n := l.geo.v * 4 / p.size
	for i := range n {
		w[i] = p.lane(i)
	}
	var b [64]byte
	v := l.newConst(putLanes(b[:0], w[:n], p.size))
	l.patterns[p] = v
	return v
}

// putLanes appends lanes of so many bytes.
func putLanes(b []byte, words []uint64, size int) []byte {
	for _, w := range words {
		if size == 8 {
			b = binary.LittleEndian.AppendUint64(b, w)
		} else {
			b = binary.LittleEndian.AppendUint32(b, uint32(w))
		}
	}
	return b
}

// newConst returns a constant vector of these bytes, which is not there yet.
func (l *lower) newConst(b []byte) vreg {
	if len(l.consts) == 0 {
		l.consts = append(l.consts, nil)
	}
	if cap(l.moreConsts)-len(l.moreConsts) < len(b) {
		l.moreConsts = make([]byte, 0, 16*len(b))
	}
	at := len(l.moreConsts)
	l.moreConsts = append(l.moreConsts, b...)
	l.consts = append(l.consts, l.moreConsts[at:len(l.moreConsts):len(l.moreConsts)])
	return vreg(1 - len(l.consts))
}

// splatConst is a constant in every lane.
func (l *lower) splatConst(t ir.Type, bits uint64) vreg {
	if t == ir.I64 {
		return l.constant(pattern{size: 8, bits: bits})
	}
	return l.constant(pattern{size: 4, bits: laneBits(t, bits)})
}

// splat is a scalar in every lane.
func (l *lower) splat(t ir.Type, g vreg) vreg {
	if k := &l.regs[g]; k.konst {
		return l.splatConst(t, k.bits)
	}
	r := l.reg(vector)
	l.emit(ins{op: lSplat, t: t, d: l.list(r), s: l.list(g)})
	return r
}

// laneBits is how a lane holds a value: 16-bit floats as float32.
func laneBits(t ir.Type, bits uint64) uint64 {
	if t == ir.F16 || t == ir.BF16 {
		return ir.Narrow(ir.F32, ir.Widen(t, bits))
	}
	return bits
}

// ramp is a constant vector of step*lane + base.
func (l *lower) ramp(base, step int64) vreg {
	return l.constant(pattern{size: 4, bits: uint64(base), step: step})
}

// halves is how many vectors a part of a value of type t takes.
func halves(t ir.Type) int {
	if t == ir.I64 {
		return 2
	}
	return 1
}

func classOf(t ir.Type) class {
	if t == ir.Bool {
		return mask
	}
	return vector
}

// parts is how many parts the operands have that differ.
func (l *lower) parts(args ...ir.Value) int {
	for _, a := range args {
		if !l.isShared(a) {
			return l.geo.u
		}
	}
	return 1
}

func (l *lower) isShared(v ir.Value) bool {
	if s := l.sh.Values[v]; s.Kind != shape.Varying {
		return s.Kind == shape.Uniform || !s.Each && s.Part == shape.Offsets{}
	}
	l.ensure(v)
	x := &l.vals[v]
	return len(x.v) == halves(l.f.TypeOf(v))
}

// g returns the scalar of part p of a uniform or linear value.
func (l *lower) g(v ir.Value, p int) vreg {
	l.ensure(v)
	x := &l.vals[v]
	if len(x.g) == 0 {
		l.fail("value %d has no scalar", v)
	}
	if len(x.g) > 1 {
		return x.g[p]
	}
	return l.plus(l.f.TypeOf(v), x.g[0], int64(l.sh.Values[v].Part[p]))
}

// vec returns half h of part p of a value as a vector, or a Bool as a mask.
func (l *lower) vec(v ir.Value, p, h int) vreg {
	t := l.f.TypeOf(v)
	if c := vreg(l.splats[v]); c != 0 {
		return c
	}
	if c, ok := l.sh.Constant(v); ok && t != ir.Bool {
		r := l.splatConst(t, c)
		l.splats[v] = int32(r)
		return r
	}
	l.ensure(v)
	x := &l.vals[v]
	if len(x.v) == 0 {
		l.spread(v)
		x = &l.vals[v]
	}
	n := halves(t)
	if len(x.v) == n {
		return x.v[h]
	}
	return x.v[p*n+h]
}

// spread makes vectors of a value that has scalars or an address only.
func (l *lower) spread(v ir.Value) {
	l.remember(v)
	x := &l.vals[v]
	t := l.f.TypeOf(v)
	s := l.sh.Values[v]
	switch {
	case x.split != nil && len(x.g) == 0:
		rs := l.spreadSplit(x.split)
		l.vals[v].v = rs
	case x.addr != nil && len(x.g) == 0:
		l.spreadAddress(v)
	case t == ir.Bool:
		x.v = l.list(l.emit1(lMaskOf, mask, 0, l.g(v, 0)))
	case t == ir.I64:
		for p := range l.parts(v) {
			g := l.g(v, p)
			r := l.reg(vector)
			l.emit(ins{op: lSplat64, d: []vreg{r}, s: []vreg{g}})
			x = &l.vals[v]
			x.v = append(x.v, r, r)
		}
	default:
		n := l.parts(v)
		x.v = l.space(n)
		for p := range n {
			var r vreg
			if s.Kind == shape.Linear && !(s.Step == 0 && s.Part[p] == 0) {
				g, base := x.g[0], int64(s.Part[p])
				if len(x.g) > 1 {
					g, base = x.g[p], 0
				}
				if k := &l.regs[g]; k.konst {
					r = l.ramp(int64(k.bits)+base, s.Step)
				} else {
					r = l.reg(vector)
					l.emit(ins{op: lRamp, d: l.list(r), s: l.list(g, l.ramp(base, s.Step))})
				}
			} else {
				r = l.splat(t, l.g(v, p))
			}
			x = &l.vals[v]
			x.v = append(x.v, r)
		}
	}
}

// block lowers b up to its terminator, which is returned.
func (l *lower) block(b *ir.Block) *ir.Instr {
	for i, in := range b.Code {
		if in.Op.Info().Class == ir.Term {
			return in
		}
		if l.bundled(b.Code, i) {
			continue
		}
		l.instr(in)
		if l.dead() {
			return nil
		}
	}
	return nil
}

// instr lowers one instruction.
func (l *lower) instr(in *ir.Instr) {
	if l.sunk[in.Out] {
		return
	}
	switch in.Op {
	case ir.OpConst, ir.OpBuiltin, ir.OpMem, ir.OpTexture, ir.OpSampler:
		return // when first used
	case ir.OpFence, ir.OpBarrier:
		l.seen = l.seen[:0]
		if l.straight {
			l.emit(ins{op: lTurn})
		}
		return
	case ir.OpIf:
		if !l.settledIf(in) {
			l.apart(in, func() { l.ifElse(in) })
		}
		return
	case ir.OpLoop:
		l.apart(in, func() { l.withTiles(in, func() { l.loop(in) }) })
		return
	case ir.OpBlock:
		l.apart(in, func() { l.blockOp(in) })
		return
	case ir.OpLoad:
		l.load(in)
	case ir.OpStore:
		l.store(in)
	case ir.OpAtomicLoad, ir.OpAtomicStore, ir.OpAtomicRMW, ir.OpAtomicCAS:
		l.vals[in.Out] = value{}
		l.touch(in)
		if !l.atomic(in) {
			l.call(in)
		}
	case ir.OpMatLoad, ir.OpMatStore:
		l.touch(in)
		l.matAccess(in)
	case ir.OpMatMulAdd:
		l.matMulAdd(in)
	case ir.OpTexQuery:
		l.call(in)
	default:
		l.touch(in)
		if in.Op.Info().Class == ir.Pure {
			l.pure(in)
		} else if in.Op.IsTexture() {
			l.callTexture(in)
		} else if in.Op < ir.OpShuffle || in.Op > ir.OpBallot || !l.groupOp(in) {
			l.call(in)
		}
	}
	if in.Out != ir.NoValue && l.useVec[in.Out] && len(l.vals[in.Out].v) == 0 {
		l.spread(in.Out)
	}
}

// pure lowers an operation that is a function of its operands.
func (l *lower) pure(in *ir.Instr) {
	s := l.sh.Values[in.Out]
	t := in.Type
	var from ir.Type
	if len(in.Args) > 0 {
		from = l.f.TypeOf(in.Args[0])
	}
	x := &l.vals[in.Out]
	if l.splitPure(in) || l.guessPure(in) || l.addressForm(in) {
		return
	}
	switch {
	case s.Kind != shape.Varying && !t.IsFloat() && !from.IsFloat():
		if !l.cpu.scalarRow(in.Op, t) || in.Op == ir.OpBitcast {
			if in.Op == ir.OpBitcast {
				x.g = []vreg{l.g(in.Args[0], 0)}
				return
			}
			l.call(in)
			return
		}
		n := 1
		if s.Each {
			n = l.geo.u
		}
		rs := l.space(n)
		for p := range n {
			var args [3]vreg
			for i, a := range in.Args {
				args[i] = l.g(a, p)
			}
			rs = append(rs, l.scalarOp(in.Op, t, from, args[:len(in.Args)]...))
		}
		l.vals[in.Out].g = rs
		return
	case !l.cpu.vectorRow(in.Op, t, from) && !l.madeOfOthers(in, from):
		l.call(in)
		return
	}
	// Vectors; of a uniform value one, whose first lane is the scalar.
	n := l.parts(in.Args...)
	if s.Kind == shape.Uniform {
		n = 1
	}
	var rs []vreg
	if t == ir.F32 && from == ir.F32 && in.Op != ir.OpSelect && in.Op != ir.OpBitcast && l.cpu.vectorRow(in.Op, t, from) {
		rs = l.floatOps(in, n)
	} else {
		rs = l.space(n * halves(t))
		for p := range n {
			rs = l.vectorOp(rs, in, t, from, p)
		}
	}
	x = &l.vals[in.Out]
	if s.Kind == shape.Uniform && !t.IsFloat() {
		op := lExtract
		if t == ir.Bool {
			op = lMaskBit
		}
		r := l.emit1(op, scalar, 0, rs[0])
		l.code[len(l.code)-1].t = t
		x = &l.vals[in.Out]
		x.g = l.list(r)
		return
	}
	x.v = rs
}

// floatOps emits an operation on 32-bit floats for the first n parts: the most frequent
// kind, of which there is nothing to find out part by part.
func (l *lower) floatOps(in *ir.Instr, n int) []vreg {
	var args [3][]vreg // a vector each part, or one for all
	for i, v := range in.Args {
		args[i] = []vreg{l.vec(v, 0, 0)}
		if x := l.vals[v].v; len(x) > 1 && args[i][0] == x[0] {
			args[i] = x
		}
	}
	ds, k := l.newRegs(vector, n), len(in.Args)
	ss := l.room.lists.take(n * k)
	for p := range n {
		s := ss[p*k : (p+1)*k : (p+1)*k]
		for i := range s {
			s[i] = args[i][min(p, len(args[i])-1)]
		}
		l.emitVec(in.Op, ir.F32, ir.F32, ds[p:p+1:p+1], s)
	}
	return ds
}

// vectorOp emits op for part p and appends the halves of its result to ds.
func (l *lower) vectorOp(ds []vreg, in *ir.Instr, t, from ir.Type, p int) []vreg {
	arg := func(i, h int) vreg { return l.vec(in.Args[i], p, h) }
	switch {
	case !l.cpu.vectorRow(in.Op, t, from):
		return l.makeOp(ds, in, from, p)
	case in.Op == ir.OpBitcast && t == ir.I64:
		return append(ds, arg(0, 0), arg(0, 1))
	case in.Op >= ir.OpEq && in.Op <= ir.OpFLe:
		return append(ds, l.compare(in, from, p))
	case t == ir.Bool && in.Op == ir.OpSelect:
		a, b, c := arg(1, 0), arg(2, 0), arg(0, 0)
		return append(ds, l.blend(c, a, b))
	case t == ir.Bool && len(in.Args) == 1:
		return append(ds, l.maskOp(in.Op, arg(0, 0)))
	case t == ir.Bool:
		return append(ds, l.maskOp(in.Op, arg(0, 0), arg(1, 0)))
	case in.Op == ir.OpSelect:
		for h := range halves(t) {
			ds = append(ds, l.selectHalf(t, h, arg(0, 0), arg(1, h), arg(2, h)))
		}
		return ds
	case from == ir.Bool: // ZExt, SExt
		one := uint64(1)
		if in.Op == ir.OpSExt {
			one = ir.Mask(t)
		}
		for h := range halves(t) {
			ds = append(ds, l.selectHalf(t, h, arg(0, 0), l.splatConst(t, one), l.splatConst(t, 0)))
		}
		return ds
	case t == ir.I64 && from != ir.I64: // ZExt, SExt
		s := arg(0, 0)
		if from != ir.I32 && in.Op == ir.OpSExt {
			s = l.sext(s, from)
		}
		for h := range 2 {
			d := l.emit1(lWiden, vector, int64(h), s)
			l.code[len(l.code)-1].irop = in.Op
			ds = append(ds, d)
		}
		return ds
	case from == ir.I64 && t != ir.I64: // Trunc
		d := l.emit1(lNarrow, vector, 0, arg(0, 0), arg(0, 1))
		l.code[len(l.code)-1].early = true
		return append(ds, l.clear(d, t))
	case t != ir.I64 && from != ir.I64 && (t.Bits() < 32 || from.Bits() < 32 || in.Op == ir.OpBitcast):
		s := l.space(len(in.Args))
		for i := range in.Args {
			s = append(s, arg(i, 0))
		}
		return append(ds, l.narrow(in.Op, t, from, s))
	}
	for h := range halves(t) {
		var s [3]vreg
		for i := range in.Args {
			s[i] = arg(i, h)
		}
		n := len(in.Args)
		if over := l.reciprocal(in); over != 0 && s[0] >= 0 {
			s[n] = over
			n++
		}
		ds = append(ds, l.vop(in.Op, t, from, s[:n]...))
	}
	return ds
}

// compare emits a comparison for part p.
func (l *lower) compare(in *ir.Instr, from ir.Type, p int) vreg {
	a, b := l.vec(in.Args[0], p, 0), l.vec(in.Args[1], p, 0)
	switch {
	case from == ir.Bool:
		d := l.maskOp(ir.OpXor, a, b)
		if in.Op == ir.OpEq {
			d = l.maskOp(ir.OpNot, d)
		}
		return d
	case from == ir.I32 && a < 0 && b < 0:
		return l.foldCompare(in.Op, a, b)
	case from.IsInt() && from.Bits() < 32 && (in.Op == ir.OpSLt || in.Op == ir.OpSLe):
		a, b = l.sext(a, from), l.sext(b, from)
	}
	s := l.list(a, b)
	if from == ir.I64 {
		s = l.list(a, b, l.vec(in.Args[0], p, 1), l.vec(in.Args[1], p, 1))
	}
	d := l.reg(mask)
	l.emit(ins{op: lCmp, irop: in.Op, from: from, d: l.list(d), s: s, early: true})
	return d
}

func (l *lower) vop(op ir.Op, t, from ir.Type, s ...vreg) vreg {
	if foldable(op, t, from, s) {
		return l.fold(op, s)
	}
	d := l.reg(vector)
	l.emitVec(op, t, from, l.list(d), l.list(s...))
	return d
}

// emitVec emits op on vectors; the lists must last as long as the compilation.
func (l *lower) emitVec(op ir.Op, t, from ir.Type, d, s []vreg) {
	x := ins{op: lVec, irop: op, t: t, from: from, d: d, s: s, early: !l.cpu.inStep(op, t)}
	if op == ir.OpFMin || op == ir.OpFMax {
		for i, v := range s {
			if l.isQuiet(v) {
				x.imm |= 1 << i
			}
		}
	}
	l.emit(x)
	l.regs[d[0]].quiet = t == ir.F32 && quiets(op)
}

// selectHalf is half h of a where m, else b, of type t.
func (l *lower) selectHalf(t ir.Type, h int, m, a, b vreg) vreg {
	if r, ok := l.foldSelect(t, m, a, b); ok {
		return r
	}
	d := l.reg(vector)
	l.emit(ins{op: lSelect, t: t, imm: int64(h), d: l.list(d), s: l.list(m, a, b), early: true})
	l.regs[d].quiet = l.isQuiet(a) && l.isQuiet(b)
	return d
}

// masks

func (l *lower) maskOp(op ir.Op, s ...vreg) vreg {
	if r, ok := l.foldMask(op, false, s); ok {
		return r
	}
	d := l.reg(mask)
	l.emit(ins{op: lMaskOp, irop: op, d: l.list(d), s: l.list(s...)})
	return d
}

func (l *lower) andNot(a, b vreg) vreg {
	if r, ok := l.foldMask(ir.OpAnd, true, []vreg{a, b}); ok {
		return r
	}
	d := l.reg(mask)
	l.emit(ins{op: lMaskOp, irop: ir.OpAnd, andnot: true, d: l.list(d), s: l.list(a, b)})
	return d
}

// blend is a where c, else b, of masks.
func (l *lower) blend(c, a, b vreg) vreg {
	return l.maskOp(ir.OpOr, l.maskOp(ir.OpAnd, c, a), l.andNot(b, c))
}

// actOf returns the mask of the active lanes of part p; 0 if all are.
func (l *lower) actOf(p int) vreg {
	if l.act == nil {
		return 0
	}
	return l.act[p]
}
