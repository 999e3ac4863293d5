package jit

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// The registers of amd64. R15 is the context, SP and BP are the caller's. AX,
// CX and DX, some vector registers and two masks hold what is in memory while
// an instruction works on it, and what it needs for itself.
const ctxReg = x.R15

var (
	scalarRegs = [...]int8{int8(x.BX), int8(x.SI), int8(x.DI), int8(x.R8), int8(x.R9), int8(x.R10), int8(x.R11), int8(x.R12), int8(x.R13), int8(x.R14)}
	vectorRegs = [...]int8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25}
	maskRegs   = [...]int8{1, 2, 3, 4, 5}
)

// vexRegs is how many vector registers are given out where there are 16.
const vexRegs = 10

// emitter makes machine code of low-level instructions.
type emitter struct {
	*x.Asm
	l      *lower
	cpu    amd64
	evex   bool
	len    x.Len
	labels []x.Label
	pool   []x.Const // of lower.consts
	coldCode
	walks   map[walk]x.Label
	fillers map[int32]x.Label // of tiles
	out     x.Label           // saves all registers and returns

	load [3]uint8 // vector registers for operands in memory
	tmp  [3]uint8 // and for rows
	half int      // lanes of 64 bits
}

const (
	k6 = 6
	k7 = 7
)

// amd64 is the backend for processors of that kind.
type amd64 struct{ isa ISA }

func (b amd64) lanes() int {
	if b.isa == AVX512 {
		return 16
	}
	return 8
}

func (b amd64) wideMasks() bool { return b.isa == AVX2 }

func (b amd64) files() ([]file, [numClasses]int) {
	if b.isa == AVX2 {
		return []file{{scalarRegs[:]}, {vectorRegs[:vexRegs]}}, [numClasses]int{0, 1, 1}
	}
	return []file{{scalarRegs[:]}, {vectorRegs[:]}, {maskRegs[:]}}, [numClasses]int{0, 1, 2}
}

func (b amd64) assemble(l *lower) (code []byte, start, resume int, err error) {
	e := &emitter{Asm: asmOf[x.Asm](l.room), l: l, cpu: b, evex: b.isa != AVX2, len: x.L256, half: l.geo.v / 2}
	if b.isa == AVX512 {
		e.len = x.L512
	}
	e.Reset()
	e.load, e.tmp = [3]uint8{26, 27, 28}, [3]uint8{29, 30, 31}
	if !e.evex {
		e.load, e.tmp = [3]uint8{10, 11, 12}, [3]uint8{13, 14, 15}
	}
	e.labels = make([]x.Label, l.labels)
	for i := range e.labels {
		e.labels[i] = e.NewLabel()
	}
	e.pool = make([]x.Const, max(1, len(l.consts)))
	e.out = e.NewLabel()
	for i := range l.code {
		e.ins(&l.code[i], i)
	}
	e.emitCold()
	e.saveAll()
	resume = len(e.Code)
	e.restoreAll()
	code, err = e.Finish()
	return code, 0, resume, err
}

// saveAll returns to the caller with all registers in the context; AX is the
// address to go on at.
func (e *emitter) saveAll() {
	e.Bind(e.out)
	e.Store(64, x.At(ctxReg, wordResume), x.AX)
	e.registers(func(r x.Reg, m x.Mem) { e.Store(64, m, r) }, func(r uint8, m x.Mem) { e.storeV(m, r) }, func(k uint8, m x.Mem) { e.V(&x.KMOVQs, x.Mode{}, k, 0, x.M(m), 0) })
	e.settle()
	e.VZeroUpper()
	e.Ret()
}

func (e *emitter) restoreAll() {
	e.registers(func(r x.Reg, m x.Mem) { e.Load(64, r, m) }, func(r uint8, m x.Mem) { e.loadV(r, m) }, func(k uint8, m x.Mem) { e.V(&x.KMOVQ, x.Mode{}, k, 0, x.M(m), 0) })
	e.JmpM(x.At(ctxReg, wordResume))
}

// registers calls a function for every register that the allocator gives.
func (e *emitter) registers(scalar func(x.Reg, x.Mem), vector func(uint8, x.Mem), mask func(uint8, x.Mem)) {
	files, _ := e.l.cpu.files()
	saved := &e.l.lay.saved
	for _, r := range files[1].regs {
		vector(uint8(r), x.At(ctxReg, saved[1][r]))
	}
	for _, r := range files[0].regs {
		scalar(x.Reg(r), x.At(ctxReg, saved[0][r]))
	}
	if e.evex {
		for _, r := range files[2].regs {
			mask(uint8(r), x.At(ctxReg, saved[2][r]))
		}
	}
}

// mode returns how to encode an instruction of whole vectors.
func (e *emitter) mode() x.Mode { return x.Mode{EVEX: e.evex, L: e.len} }

func (e *emitter) masked(k uint8) x.Mode { return x.Mode{EVEX: true, L: e.len, K: k} }

func (e *emitter) zeroing(k uint8) x.Mode { return x.Mode{EVEX: true, L: e.len, K: k, Z: true} }

// v3 is op d, a, b.
func (e *emitter) v3(op *x.Vec, d, a uint8, b x.Operand) { e.V(op, e.mode(), d, a, b, 0) }

// v2 is op d, a.
func (e *emitter) v2(op *x.Vec, d uint8, a x.Operand) { e.V(op, e.mode(), d, 0, a, 0) }

func (e *emitter) vi(op *x.Vec, d, a uint8, b x.Operand, imm uint8) { e.V(op, e.mode(), d, a, b, imm) }

func (e *emitter) loadV(r uint8, m x.Mem)  { e.v2(&x.VMOVUPS, r, x.M(m)) }
func (e *emitter) storeV(m x.Mem, r uint8) { e.V(&x.VMOVUPSs, e.mode(), r, 0, x.M(m), 0) }
func (e *emitter) movV(d, s uint8) {
	if d != s {
		e.v2(&x.VMOVAPS, d, x.X(s))
	}
}

// isMaskReg reports whether v is in the mask registers' file.
func (e *emitter) isMaskReg(v vreg) bool { return e.evex && v > 0 && e.l.regs[v].class == mask }

func (e *emitter) slot(v vreg) x.Mem { return x.At(ctxReg, e.l.regs[v].slot) }

// constant returns where constant vector v is.
func (e *emitter) constant(v vreg) x.Mem {
	for int(-v) >= len(e.pool) {
		e.pool = append(e.pool, 0)
	}
	if e.pool[-v] == 0 {
		e.pool[-v] = e.Pool(e.l.consts[-v])
	}
	return e.pool[-v].Mem()
}

// vec returns the register that holds v: its own, or n of those for operands
// in memory.
func (e *emitter) vec(v vreg, n int) uint8 {
	if v < 0 {
		e.loadV(e.load[n], e.constant(v))
		return e.load[n]
	}
	if r := &e.l.regs[v]; r.phys >= 0 {
		return uint8(r.phys)
	}
	e.copyV(e.load[n], v)
	return e.load[n]
}

// rm returns v as an operand that may be in memory.
func (e *emitter) rm(v vreg) x.Operand {
	if v < 0 {
		return x.M(e.constant(v))
	}
	switch r := &e.l.regs[v]; {
	case r.phys >= 0:
		return x.X(uint8(r.phys))
	case r.place != 0:
		return e.operandAt(&e.l.operands[r.place-1])
	}
	return x.M(e.slot(v))
}

// dst returns the register to compute v in; put must follow.
func (e *emitter) dst(v vreg) uint8 {
	if r := &e.l.regs[v]; r.phys >= 0 {
		return uint8(r.phys)
	}
	return e.load[0]
}

// put ends the computation of v in r.
func (e *emitter) put(v vreg, r uint8) {
	if e.l.regs[v].phys < 0 {
		e.storeV(e.slot(v), r)
	}
}

// maskIn returns the register that holds mask v; scratch is one to load it in.
func (e *emitter) maskIn(v vreg, scratch uint8) uint8 {
	if !e.evex {
		return e.vec(v, int(scratch-k6))
	}
	if r := &e.l.regs[v]; r.phys >= 0 {
		return uint8(r.phys)
	}
	e.V(&x.KMOVW, x.Mode{}, scratch, 0, x.M(e.slot(v)), 0)
	return scratch
}

func (e *emitter) maskDst(v vreg) uint8 {
	if !e.evex {
		return e.dst(v)
	}
	if r := &e.l.regs[v]; r.phys >= 0 {
		return uint8(r.phys)
	}
	return k6
}

func (e *emitter) maskPut(v vreg, r uint8) {
	if !e.evex {
		e.put(v, r)
		return
	}
	if e.l.regs[v].phys < 0 {
		e.V(&x.KMOVQs, x.Mode{}, r, 0, x.M(e.slot(v)), 0)
	}
}

// g returns the register that holds scalar v; scratch is one to load it in.
func (e *emitter) g(v vreg, scratch x.Reg) x.Reg {
	r := &e.l.regs[v]
	switch {
	case r.konst:
		e.MovI(scratch, r.bits)
		return scratch
	case r.phys >= 0:
		return x.Reg(r.phys)
	}
	e.Load(64, scratch, e.slot(v))
	return scratch
}

// move copies scalar v to d.
func (e *emitter) move(d x.Reg, v vreg) {
	if r := e.g(v, d); r != d {
		e.Mov(64, d, r)
	}
}

func (e *emitter) gDst(v vreg) x.Reg {
	if r := &e.l.regs[v]; r.phys >= 0 {
		return x.Reg(r.phys)
	}
	return x.AX
}

func (e *emitter) gPut(v vreg, r x.Reg) {
	if e.l.regs[v].phys < 0 {
		e.Store(64, e.slot(v), r)
	}
}

// small returns the value of a scalar that fits an immediate.
func (e *emitter) small(v vreg, size int) (int32, bool) {
	r := &e.l.regs[v]
	if !r.konst {
		return 0, false
	}
	if size == 32 {
		return int32(uint32(r.bits)), true
	}
	return int32(r.bits), int64(r.bits) == int64(int32(r.bits))
}

// arith is op d, v.
func (e *emitter) arith(op x.Arith, size int, d x.Reg, v vreg) {
	if i, ok := e.small(v, size); ok {
		e.ArithI(op, size, d, i)
		return
	}
	if r := &e.l.regs[v]; !r.konst && r.phys < 0 {
		e.ArithM(op, size, d, e.slot(v))
		return
	}
	e.Arith(op, size, d, e.g(v, x.DX))
}

// ins emits instruction i.
func (e *emitter) ins(in *ins, i int) {
	switch in.op {
	case lNop, lDef, lLoop, lEnd, lTurn:
	case lMov:
		e.mov(in.d[0], in.s[0])
	case lMovM:
		e.movMasked(in)
	case lCtx:
		if r := &e.l.regs[in.d[0]]; r.phys >= 0 {
			e.Load(64, x.Reg(r.phys), x.At(ctxReg, int32(in.imm)))
		}
	case lSetCtx:
		e.Store(64, x.At(ctxReg, int32(in.imm)), e.g(in.s[0], x.AX))
	case lScalar:
		e.scalarRow(in)
	case lLea:
		d := e.gDst(in.d[0])
		e.Lea(bitsOf(in.t), d, x.At(e.g(in.s[0], x.AX), int32(in.imm)))
		e.gPut(in.d[0], d)
	case lTable:
		d := e.gDst(in.d[0])
		e.Load(32, d, x.Indexed(ctxReg, e.g(in.s[0], x.AX), 4, int32(in.imm)))
		e.gPut(in.d[0], d)
	case lTableV:
		d := e.dst(in.d[0])
		e.loadV(d, x.Indexed(ctxReg, e.g(in.s[0], x.AX), 4, int32(in.imm)))
		e.put(in.d[0], d)
	case lSplat, lSplat64, lReciprocal, lRamp, lMaskOf, lExtract, lMaskBit, lTail:
		e.cross(in)
	case lVec:
		e.vectorRow(in)
	case lWiden, lNarrow:
		e.widen(in)
	case lCmp:
		e.compare(in)
	case lSelect:
		e.selectRow(in)
	case lMaskOp:
		e.maskOp(in)
	case lMaskAll:
		d := e.maskDst(in.d[0])
		e.maskAll(d, in.imm != 0)
		e.maskPut(in.d[0], d)
	case lMaskBits:
		d := e.maskDst(in.d[0])
		e.MovI(x.AX, uint64(in.imm))
		e.V(&x.KMOVWg, x.Mode{}, d, 0, x.GR(x.AX), 0)
		e.maskPut(in.d[0], d)
	case lAny:
		d := e.g(in.d[0], x.AX)
		k := e.maskIn(in.s[0], k6)
		if e.evex {
			e.V(&x.KMOVWr, x.Mode{}, uint8(x.DX), 0, x.X(k), 0)
		} else {
			e.V(&x.VMOVMSKPS, e.mode(), uint8(x.DX), 0, x.X(k), 0)
		}
		e.Arith(x.OR, 32, d, x.DX)
		e.gPut(in.d[0], d)
	case lBits, lPermute, lShuffle, lSlide:
		e.simd(in)
	case lNear, lInverse:
		e.comb(in)
	case lSaveV, lLoadV, lSaveM, lLoadM:
		e.arrays(in)
	case lLabel:
		e.Bind(e.labels[in.imm])
	case lJump:
		if e.l.falls(i, in.imm) {
			return
		}
		e.Jmp(e.labels[in.imm])
	case lJumpIf:
		r := e.g(in.s[0], x.AX)
		e.Test(32, r, r)
		c := x.NE
		if in.irop == ir.OpNot {
			c = x.E
		}
		e.Jcc(c, e.labels[in.imm])
	case lJumpCmp:
		c := e.cmp(in.irop, in.from, in.s[0], in.s[1])
		if in.inout {
			c = c.Not()
		}
		e.Jcc(c, e.labels[in.imm])
	case lJumpNone:
		e.jumpNone(in)
	case lFuel:
		e.fuel(in)
	case lTiles:
		e.emptyTiles(in)
	case lClear:
		e.clear()
	case lNext:
		e.nextGroup(in)
	case lExit:
		e.exit(in)
	case lCall:
		leaveFor[x.Label](e, in)
	case lLoadS:
		e.loadScalar(in)
	case lMatrix:
		e.matrix(in)
	case lAtomic:
		e.atomic(in)
	case lUpdate:
		e.update(in)
	case lAtomicAdd:
		e.atomicAdd(in)
	case lStoreS:
		e.storeScalar(in)
	case lBundle:
		e.bundle(in)
	case lAccess:
		e.access(in)
	default:
		panic(fmt.Sprintf("jit: no code for low-level operation %d", in.op))
	}
}

func (e *emitter) mov(d, s vreg) {
	switch {
	case e.l.regs[d].class == scalar:
		r := e.gDst(d)
		if e.l.regs[s].konst && e.l.regs[s].bits == 0 {
			e.Arith(x.XOR, 32, r, r)
		} else {
			e.move(r, s)
		}
		e.gPut(d, r)
	case e.isMaskReg(d):
		r := e.maskDst(d)
		if from := e.maskIn(s, r); from != r {
			e.V(&x.KMOVW, x.Mode{}, r, 0, x.X(from), 0)
		}
		e.maskPut(d, r)
	case e.l.regs[d].phys < 0:
		e.put(d, e.vec(s, 0))
	default:
		e.copyV(e.dst(d), s)
	}
}

// movMasked is d = s where the mask is set.
func (e *emitter) movMasked(in *ins) {
	d := e.vec(in.d[0], 0)
	s := e.vec(in.s[0], 1)
	if e.evex {
		k := e.halfMask(e.maskIn(in.s[1], k6), in.t, in.imm)
		if in.t == ir.I64 {
			e.V(&x.VBLENDMPD, e.masked(k), d, d, x.X(s), 0)
		} else {
			e.V(&x.VMOVAPS, e.masked(k), d, 0, x.X(s), 0)
		}
	} else {
		k := e.halfMask(e.vec(in.s[1], 2), in.t, in.imm)
		e.V(&x.VBLENDVPS, e.mode(), d, d, x.X(s), k<<4)
	}
	e.put(in.d[0], d)
}

// halfMask returns the mask for half h of a value of type t: k itself, or in k7
// or a temporary register.
func (e *emitter) halfMask(k uint8, t ir.Type, h int64) uint8 {
	switch {
	case t != ir.I64:
		return k
	case e.evex:
		if h == 0 {
			return k
		}
		e.V(&x.KSHIFTRW, x.Mode{}, k7, 0, x.X(k), uint8(e.half))
		return k7
	}
	w := e.tmp[2]
	if h == 1 {
		e.vi(&x.VEXTRACTI128, k, 0, x.X(w), 1)
		k = w
	}
	e.v2(&x.VPMOVSXDQ, w, x.X(k))
	return w
}

// halves of vectors

// widen emits lWiden and lNarrow.
func (e *emitter) widen(in *ins) {
	d := e.dst(in.d[0])
	s := e.vec(in.s[0], 1)
	switch {
	case in.op == lWiden:
		op := &x.VPMOVZXDQ
		if in.irop == ir.OpSExt {
			op = &x.VPMOVSXDQ
		}
		if in.imm == 1 {
			e.upper(e.tmp[0], s)
			s = e.tmp[0]
		}
		e.v2(op, d, x.X(s))
	case in.irop == ir.OpUMin && e.evex:
		hi, insert := e.vec(in.s[1], 2), &x.VINSERTI128
		if e.len == x.L512 {
			insert = &x.VINSERTI256
		}
		e.V(&x.VPMOVUSQD, e.mode(), s, 0, x.X(e.tmp[0]), 0)
		e.V(&x.VPMOVUSQD, e.mode(), hi, 0, x.X(e.tmp[1]), 0)
		e.vi(insert, d, e.tmp[0], x.X(e.tmp[1]), 1)
	case in.irop == ir.OpUMin:
		// The upper words that are not 0 make all ones.
		t, hi := e.tmp[0], e.vec(in.s[1], 2)
		e.vi(&x.VSHUFPS, t, s, x.X(hi), 0xdd)
		e.v3(&x.VPXOR, e.tmp[1], e.tmp[1], x.X(e.tmp[1]))
		e.v3(&x.VPCMPEQD, t, t, x.X(e.tmp[1]))
		e.v3(&x.VPXOR, t, t, x.M(e.all(1<<32-1)))
		e.vi(&x.VSHUFPS, d, s, x.X(hi), 0x88)
		e.v3(&x.VPOR, d, d, x.X(t))
		e.vi(&x.VPERMQI, d, 0, x.X(d), 0xd8)
	case e.len == x.L512:
		hi := e.vec(in.s[1], 2)
		e.V(&x.VPMOVQD, e.mode(), s, 0, x.X(e.tmp[0]), 0)
		e.V(&x.VPMOVQD, e.mode(), hi, 0, x.X(e.tmp[1]), 0)
		e.vi(&x.VINSERTI256, d, e.tmp[0], x.X(e.tmp[1]), 1)
	default:
		e.vi(&x.VSHUFPS, d, s, e.rm(in.s[1]), 0x88)
		e.vi(&x.VPERMQI, d, 0, x.X(d), 0xd8)
	}
	e.put(in.d[0], d)
}

// upper sets the lower half of d to the upper half of s.
func (e *emitter) upper(d, s uint8) {
	op := &x.VEXTRACTI128
	if e.len == x.L512 {
		op = &x.VEXTRACTI256
	}
	e.V(op, e.mode(), s, 0, x.X(d), 1)
}

// cross emits what goes between scalars, vectors and masks.
func (e *emitter) cross(in *ins) {
	switch in.op {
	case lSplat:
		d := e.dst(in.d[0])
		e.splat32(d, e.g(in.s[0], x.AX))
		e.put(in.d[0], d)
	case lSplat64:
		d := e.dst(in.d[0])
		e.splat64(d, e.g(in.s[0], x.AX))
		e.put(in.d[0], d)
	case lReciprocal:
		d := e.dst(in.d[0])
		e.reciprocal(d, e.g(in.s[0], x.AX))
		e.put(in.d[0], d)
	case lRamp:
		d := e.dst(in.d[0])
		e.splat32(d, e.g(in.s[0], x.AX))
		e.v3(&x.VPADDD, d, d, e.rm(in.s[1]))
		e.put(in.d[0], d)
	case lExtract:
		d := e.gDst(in.d[0])
		r := e.vec(in.s[0], 1)
		op := &x.VMOVDs
		if in.t == ir.I64 {
			op = &x.VMOVQs
		}
		e.V(op, x.Mode{EVEX: r >= 16}, r, 0, x.GR(d), 0)
		e.gPut(in.d[0], d)
	case lMaskOf:
		r := e.g(in.s[0], x.AX)
		if r != x.AX {
			e.Mov(32, x.AX, r)
		}
		e.Unary(x.NEG, 32, x.AX)
		d := e.maskDst(in.d[0])
		if e.evex {
			if e.l.geo.v == 8 {
				e.Extend(x.ZX8, 32, x.AX, x.AX)
			}
			e.V(&x.KMOVWg, x.Mode{}, d, 0, x.GR(x.AX), 0)
		} else {
			e.splat32(d, x.AX)
		}
		e.maskPut(in.d[0], d)
	case lMaskBit:
		d := e.gDst(in.d[0])
		k := e.maskIn(in.s[0], k6)
		if e.evex {
			e.V(&x.KMOVWr, x.Mode{}, uint8(d), 0, x.X(k), 0)
		} else {
			e.V(&x.VMOVDs, x.Mode{}, k, 0, x.GR(d), 0)
		}
		e.ArithI(x.AND, 32, d, 1)
		e.gPut(in.d[0], d)
	case lTail:
		e.move(x.AX, in.s[0])
		e.arith(x.SUB, 32, x.AX, in.s[1])
		e.ArithI(x.SUB, 32, x.AX, int32(in.imm))
		e.splat32(e.tmp[0], x.AX)
		d := e.maskDst(in.d[0])
		if e.evex {
			e.V(&x.VPCMPD, e.mode(), d, e.tmp[0], x.M(e.constant(in.s[2])), 6) // greater
		} else {
			e.v3(&x.VPCMPGTD, d, e.tmp[0], x.M(e.constant(in.s[2])))
		}
		e.maskPut(in.d[0], d)
	}
}

func (e *emitter) splat32(d uint8, g x.Reg) {
	if e.evex {
		e.v2(&x.VBROADCASTDG, d, x.GR(g))
		return
	}
	e.V(&x.VMOVD, x.Mode{}, d, 0, x.GR(g), 0)
	e.v2(&x.VPBROADCASTD, d, x.X(d))
}

func (e *emitter) splat64(d uint8, g x.Reg) {
	if e.evex {
		e.v2(&x.VBROADCASTQG, d, x.GR(g))
		return
	}
	e.V(&x.VMOVQ, x.Mode{}, d, 0, x.GR(g), 0)
	e.v2(&x.VPBROADCASTQ, d, x.X(d))
}

// arrays emits the moves of values of all lanes from region to region.
func (e *emitter) arrays(in *ins) {
	at := int32(in.imm) + e.l.lay.arraysAt()
	m := x.Indexed(ctxReg, e.g(in.s[0], x.AX), scaleOf(in.t), at)
	switch in.op {
	case lSaveV:
		e.storeV(m, e.vec(in.s[1], 0))
	case lLoadV:
		d := e.dst(in.d[0])
		e.loadV(d, m)
		e.put(in.d[0], d)
	case lSaveM:
		k := e.maskIn(in.s[1], k6)
		if e.evex {
			e.V(&x.KMOVWs, x.Mode{}, k, 0, x.M(m), 0)
		} else {
			e.storeV(m, k)
		}
	case lLoadM:
		d := e.maskDst(in.d[0])
		if e.evex {
			e.V(&x.KMOVW, x.Mode{}, d, 0, x.M(m), 0)
		} else {
			e.loadV(d, m)
		}
		e.maskPut(in.d[0], d)
	}
}

// control

// jumpNone jumps if all masks are empty.
func (e *emitter) jumpNone(in *ins) { e.noneTo(in, e.labels[in.imm]) }

func (e *emitter) noneTo(in *ins, to x.Label) {
	if !e.evex {
		m := e.vec(in.s[0], 0)
		for _, s := range in.s[1:] {
			e.v3(&x.VPOR, e.tmp[0], m, e.rm(s))
			m = e.tmp[0]
		}
		e.v2(&x.VPTEST, m, x.X(m))
		e.Jcc(x.E, to)
		return
	}
	k := e.maskIn(in.s[0], k6)
	for _, s := range in.s[1 : len(in.s)-min(1, len(in.s)-1)] {
		e.kop(&x.KORW, k6, k, e.maskIn(s, k7))
		k = k6
	}
	other := k
	if len(in.s) > 1 {
		other = e.maskIn(in.s[len(in.s)-1], k7)
	}
	e.V(&x.KORTESTW, x.Mode{}, k, 0, x.X(other), 0)
	e.Jcc(x.E, to)
}

func (e *emitter) kop(op *x.Vec, d, a, b uint8) { e.V(op, x.Mode{L: x.L256}, d, a, x.X(b), 0) }

// fuel pays for the work of a turn; when there is none left, the code returns
// and comes back.
func (e *emitter) fuel(in *ins) {
	e.ArithMI(x.SUB, 64, x.At(ctxReg, wordFuel), int32(max(in.imm, 1)))
	empty, back := e.NewLabel(), e.NewLabel()
	e.Jcc(x.S, empty)
	e.Bind(back)
	s := e.l.addOwnSite(SiteFuel, in.src)
	e.later(func() {
		e.Bind(empty)
		e.leave(s, back)
	})
}

// clear clears threadgroup memory for the group that begins.
func (e *emitter) clear() {
	e.Load(64, x.AX, x.At(ctxReg, wordShared))
	e.Load(64, x.CX, x.At(ctxReg, wordCleared))
	e.v3(&x.VPXOR, e.tmp[0], e.tmp[0], x.X(e.tmp[0]))
	again, done := e.NewLabel(), e.NewLabel()
	e.Bind(again)
	e.ArithI(x.SUB, 64, x.CX, 64)
	e.Jcc(x.B, done)
	for at := 0; at < 64; at += e.len.Bytes() {
		e.storeV(x.Indexed(x.AX, x.CX, 1, int32(at)), e.tmp[0])
	}
	e.Jmp(again)
	e.Bind(done)
}

// nextGroup goes on with the next threadgroup of the row, if there is one.
func (e *emitter) nextGroup(in *ins) {
	last := e.NewLabel()
	e.ArithMI(x.SUB, 64, x.At(ctxReg, wordGroups), 1)
	e.Jcc(x.S, last)
	e.ArithMI(x.ADD, 64, x.At(ctxReg, e.l.lay.builtin(ir.ThreadgroupPositionInGridX)), 1)
	e.Load(64, x.AX, x.At(ctxReg, wordStepX))
	e.ArithMR(x.ADD, 64, x.At(ctxReg, e.l.lay.builtin(ir.ThreadPositionInGridX)), x.AX)
	e.Jmp(e.labels[in.imm])
	e.Bind(last)
}

func (e *emitter) exit(in *ins) {
	s := e.l.addOwnSite(SiteDone, nil)
	e.StoreI(64, x.At(ctxReg, wordSite), int32(s.ID))
	e.settle()
	e.VZeroUpper()
	e.Ret()
}

// settle makes what has been written past the caches there for others.
func (e *emitter) settle() {
	if len(e.l.streams) > 0 {
		e.SFence()
	}
}

func (e *emitter) jump(to x.Label) { e.Jmp(to) }

func (e *emitter) lower() *lower { return e.l }

func (e *emitter) leave(s *Site, back x.Label) {
	e.StoreI(64, x.At(ctxReg, wordSite), int32(s.ID))
	e.LeaLabel(x.AX, back)
	e.Jmp(e.out)
}

func (e *emitter) results(in *ins) {
	for i, v := range in.d {
		m := x.At(ctxReg, e.l.lay.cell(i))
		switch {
		case e.l.regs[v].class == scalar:
			d := e.gDst(v)
			e.Load(64, d, m)
			e.gPut(v, d)
		case e.isMaskReg(v):
			d := e.maskDst(v)
			load := &x.KMOVW
			if e.l.geo.v == 8 { // no mask has lanes that are not there; the cell may
				load = &x.KMOVB
			}
			e.V(load, x.Mode{}, d, 0, x.M(m), 0)
			e.maskPut(v, d)
		default:
			d := e.dst(v)
			e.loadV(d, m)
			e.put(v, d)
		}
	}
}
