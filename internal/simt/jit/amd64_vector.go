package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// plainRows are operations that are one instruction of two operands.
var plainRows = [...][ir.F32 + 1]*x.Vec{
	ir.OpAdd:  {ir.I32: &x.VPADDD, ir.I64: &x.VPADDQ},
	ir.OpSub:  {ir.I32: &x.VPSUBD, ir.I64: &x.VPSUBQ},
	ir.OpMul:  {ir.I32: &x.VPMULLD, ir.I64: &x.VPMULLQ},
	ir.OpAnd:  {ir.I32: &x.VPAND, ir.I64: &x.VPAND},
	ir.OpOr:   {ir.I32: &x.VPOR, ir.I64: &x.VPOR},
	ir.OpXor:  {ir.I32: &x.VPXOR, ir.I64: &x.VPXOR},
	ir.OpUMin: {ir.I32: &x.VPMINUD, ir.I64: &x.VPMINUQ},
	ir.OpUMax: {ir.I32: &x.VPMAXUD, ir.I64: &x.VPMAXUQ},
	ir.OpSMin: {ir.I32: &x.VPMINSD, ir.I64: &x.VPMINSQ},
	ir.OpSMax: {ir.I32: &x.VPMAXSD, ir.I64: &x.VPMAXSQ},
	ir.OpFAdd: {ir.F32: &x.VADDPS},
	ir.OpFSub: {ir.F32: &x.VSUBPS},
	ir.OpFMul: {ir.F32: &x.VMULPS},
	ir.OpFDiv: {ir.F32: &x.VDIVPS},
}

func plainRow(op ir.Op, t ir.Type) *x.Vec {
	return rowOf(plainRows[:], op, t)
}

// rounding returns the mode of VROUNDPS, exceptions off, or 0.
func rounding(op ir.Op) uint8 {
	switch op {
	case ir.OpFRint:
		return 8
	case ir.OpFFloor:
		return 9
	case ir.OpFCeil:
		return 10
	case ir.OpFTrunc:
		return 11
	}
	return 0
}

func commutes(op ir.Op) bool {
	switch op {
	case ir.OpAdd, ir.OpMul, ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpFAdd, ir.OpFMul:
		return true
	}
	return op >= ir.OpUMin && op <= ir.OpSMax
}

func (amd64) inStep(op ir.Op, t ir.Type) bool {
	if plainRow(op, t) != nil {
		return true
	}
	return op == ir.OpFFma || op == ir.OpFSqrt || rounding(op) != 0 || op == ir.OpFNeg || op == ir.OpFAbs
}

func (b amd64) vectorRow(op ir.Op, t, from ir.Type) bool {
	evex := b.isa != AVX2
	switch {
	case t == ir.Ref || from == ir.Ref:
		return op == ir.OpSelect
	case op >= ir.OpEq && op <= ir.OpFLe, t == ir.Bool, op == ir.OpSelect, op == ir.OpFConv,
		op == ir.OpZExt, op == ir.OpSExt, op == ir.OpTrunc, op == ir.OpBitcast:
		return true
	}
	switch t {
	case ir.I64:
		if p := plainRow(op, t); p != nil {
			return evex || p.Encs != x.OnlyEVEX || op == ir.OpMul
		}
		return op == ir.OpNot || op == ir.OpNeg || op == ir.OpShl || op == ir.OpLShr || op == ir.OpAShr && evex || op == ir.OpUMulHi
	case ir.I8, ir.I16:
		return op >= ir.OpAdd && op <= ir.OpSMax || op == ir.OpFToS || op == ir.OpFToU
	case ir.I32:
		switch op {
		case ir.OpFToU, ir.OpClz:
			return evex
		}
		return true
	case ir.F32:
		switch op {
		case ir.OpFRem:
			return false
		case ir.OpUToF:
			return from.Bits() < 32 || evex && from == ir.I32
		case ir.OpSToF:
			return from != ir.I64
		}
		return true
	}
	switch op { // F16, BF16
	case ir.OpFRem, ir.OpFFma:
		return false
	case ir.OpSToF, ir.OpUToF:
		return from.Bits() < 32
	}
	return true
}

// all returns the pool's vector with x in every 32-bit word.
func (e *emitter) all(bits uint32) x.Mem {
	return e.constant(e.l.splatConst(ir.I32, uint64(bits)))
}

func (e *emitter) all64(bits uint64) x.Mem {
	return e.constant(e.l.splatConst(ir.I64, bits))
}

// vectorRow emits an operation on vectors of I32, I64 or F32.
func (e *emitter) vectorRow(in *ins) {
	t, op := in.t, in.irop
	if vec := plainRow(op, t); vec != nil && (e.evex || vec.Encs != x.OnlyEVEX) {
		a, b := in.s[0], in.s[1]
		if commutes(op) && (a < 0 || e.l.regs[a].phys < 0) {
			a, b = b, a
		}
		d := e.dst(in.d[0])
		e.v3(vec, d, e.vec(a, 0), e.rm(b))
		e.put(in.d[0], d)
		return
	}
	d := e.dst(in.d[0])
	defer func() { e.put(in.d[0], d) }()
	switch op {
	case ir.OpFSqrt:
		e.v2(&x.VSQRTPS, d, e.rm(in.s[0]))
	case ir.OpFRint, ir.OpFFloor, ir.OpFCeil, ir.OpFTrunc:
		e.vi(&x.VROUNDPS, d, 0, e.rm(in.s[0]), rounding(op))
	case ir.OpFNeg:
		e.v3(&x.VPXOR, d, e.vec(in.s[0], 0), x.M(e.all(1<<31)))
	case ir.OpFAbs:
		e.v3(&x.VPAND, d, e.vec(in.s[0], 0), x.M(e.all(1<<31-1)))
	case ir.OpFCopysign:
		e.v3(&x.VPAND, e.tmp[0], e.vec(in.s[0], 0), x.M(e.all(1<<31-1)))
		e.v3(&x.VPAND, e.tmp[1], e.vec(in.s[1], 1), x.M(e.all(1<<31)))
		e.v3(&x.VPOR, d, e.tmp[0], x.X(e.tmp[1]))
	case ir.OpFMin, ir.OpFMax:
		if e.evex {
			e.rangeOf(in, d)
		} else {
			e.minMax(op, d, e.vec(in.s[0], 1), e.vec(in.s[1], 2))
		}
	case ir.OpFRound:
		e.roundAway(d, e.vec(in.s[0], 1))
	case ir.OpFFma:
		e.fma(d, in.s)
	case ir.OpMul: // I64 without AVX-512
		a, b := e.vec(in.s[0], 1), e.vec(in.s[1], 2)
		e.V(&x.VPSRLQI, e.mode(), e.tmp[0], 0, x.X(a), 32)
		e.v3(&x.VPMULUDQ, e.tmp[0], e.tmp[0], x.X(b))
		e.V(&x.VPSRLQI, e.mode(), e.tmp[1], 0, x.X(b), 32)
		e.v3(&x.VPMULUDQ, e.tmp[1], e.tmp[1], x.X(a))
		e.v3(&x.VPADDQ, e.tmp[0], e.tmp[0], x.X(e.tmp[1]))
		e.V(&x.VPSLLQI, e.mode(), e.tmp[0], 0, x.X(e.tmp[0]), 32)
		e.v3(&x.VPMULUDQ, e.tmp[1], a, x.X(b))
		e.v3(&x.VPADDQ, d, e.tmp[0], x.X(e.tmp[1]))
	case ir.OpUDiv, ir.OpURem, ir.OpSDiv, ir.OpSRem:
		if len(in.s) > 2 {
			e.divideBy(in, d)
			return
		}
		if t == ir.I64 {
			e.divide64(d, e.vec(in.s[0], 1), e.vec(in.s[1], 2))
			return
		}
		e.divideV(op, d, e.vec(in.s[0], 1), e.vec(in.s[1], 2))
	case ir.OpNot:
		e.v3(&x.VPXOR, d, e.vec(in.s[0], 0), x.M(e.all(1<<32-1)))
	case ir.OpNeg:
		e.v3(&x.VPXOR, e.tmp[0], e.tmp[0], x.X(e.tmp[0]))
		sub := &x.VPSUBD
		if t == ir.I64 {
			sub = &x.VPSUBQ
		}
		e.v3(sub, d, e.tmp[0], e.rm(in.s[0]))
	case ir.OpShl, ir.OpLShr, ir.OpAShr:
		e.shiftV(in, d)
	case ir.OpUMulHi, ir.OpSMulHi:
		if t == ir.I64 {
			e.mulHi64(d, e.vec(in.s[0], 1), e.vec(in.s[1], 2))
			return
		}
		mul := &x.VPMULUDQ
		if op == ir.OpSMulHi {
			mul = &x.VPMULDQ
		}
		a, b := e.vec(in.s[0], 1), e.vec(in.s[1], 2)
		e.v3(mul, e.tmp[0], a, x.X(b)) // of the even lanes
		e.V(&x.VPSRLQI, e.mode(), e.tmp[0], 0, x.X(e.tmp[0]), 32)
		e.V(&x.VPSRLQI, e.mode(), e.tmp[1], 0, x.X(a), 32)
		e.V(&x.VPSRLQI, e.mode(), e.tmp[2], 0, x.X(b), 32)
		e.v3(mul, e.tmp[1], e.tmp[1], x.X(e.tmp[2])) // of the odd ones
		e.v3(&x.VPAND, e.tmp[1], e.tmp[1], x.M(e.all64(0xffffffff<<32)))
		e.v3(&x.VPOR, d, e.tmp[0], x.X(e.tmp[1]))
	case ir.OpBitRev, ir.OpPopcnt, ir.OpCtz:
		e.bitsRow(op, d, e.vec(in.s[0], 1))
	case ir.OpClz:
		e.v2(&x.VPLZCNTD, d, e.rm(in.s[0]))
	case ir.OpSToF:
		e.v2(&x.VCVTDQ2PS, d, e.rm(in.s[0]))
	case ir.OpUToF:
		e.v2(&x.VCVTUDQ2PS, d, e.rm(in.s[0]))
	case ir.OpFToS:
		e.floatToInt(d, e.vec(in.s[0], 1))
	case ir.OpFToU:
		e.floatToUint(d, e.vec(in.s[0], 1))
	case ir.OpBitcast:
		e.bitcast16(t, d, e.vec(in.s[0], 1))
	case ir.OpFConv: // a float32 rounded to t, as a float32
		e.roundTo(t, d, e.vec(in.s[0], 1))
	default:
		panic("jit: no row for " + op.String())
	}
}

// mulHi64 sets d to the upper halves of products of 64-bit lanes, of four products of
// their halves. It spoils all of tmp, where a and b may be.
func (e *emitter) mulHi64(d, a, b uint8) {
	t0, t1, t2 := e.tmp[0], e.tmp[1], e.tmp[2]
	mul := func(d, a, b uint8) { e.v3(&x.VPMULUDQ, d, a, x.X(b)) }
	add := func(d, a uint8) { e.v3(&x.VPADDQ, d, d, x.X(a)) }
	upper := func(d, a uint8) { e.V(&x.VPSRLQI, e.mode(), d, 0, x.X(a), 32) }
	mul(t0, a, b)
	upper(t0, t0)
	upper(d, a)
	mul(d, d, b)
	add(d, t0) // upper a times lower b, and what comes up from below it
	upper(t2, b)
	mul(t0, a, t2)
	upper(t1, a)
	mul(t1, t1, t2)
	e.v3(&x.VPAND, t2, d, x.M(e.all64(1<<32-1)))
	add(t0, t2)
	upper(t0, t0)
	upper(d, d)
	add(d, t0)
	add(d, t1)
}

// divide64 divides unsigned 64-bit lanes, one after the other; by 0 it gives all ones.
// There is no such row: lower makes of it the divisions that have no shorter way.
func (e *emitter) divide64(d, a, b uint8) {
	cell := func(i int) int32 { return e.l.lay.cell(i) }
	e.storeV(x.At(ctxReg, cell(0)), a)
	e.storeV(x.At(ctxReg, cell(1)), b)
	room := x.At(ctxReg, e.l.lay.regsAt)
	e.Store(64, room, x.R8)
	loop, zero := e.NewLabel(), e.NewLabel()
	e.MovI(x.CX, uint64(e.half-1))
	e.Bind(loop)
	e.Load(64, x.R8, x.Indexed(ctxReg, x.CX, 8, cell(1)))
	e.ArithI(x.OR, 64, x.AX, -1)
	e.Test(64, x.R8, x.R8)
	e.Jcc(x.E, zero)
	e.Load(64, x.AX, x.Indexed(ctxReg, x.CX, 8, cell(0)))
	e.Arith(x.XOR, 32, x.DX, x.DX)
	e.Unary(x.DIV, 64, x.R8)
	e.Bind(zero)
	e.Store(64, x.Indexed(ctxReg, x.CX, 8, cell(0)), x.AX)
	e.ArithI(x.SUB, 32, x.CX, 1)
	e.Jcc(x.AE, loop)
	e.Load(64, x.R8, room)
	e.loadV(d, x.At(ctxReg, cell(0)))
}

// divideV divides 32-bit integers as float64s: the quotient rounds to no
// integer that the true one does not reach, for it is too far from it.
func (e *emitter) divideV(op ir.Op, d, a, b uint8) {
	q, t1, t2 := e.tmp[2], e.tmp[0], e.tmp[1]
	signed := op == ir.OpSDiv || op == ir.OpSRem
	from, to := &x.VCVTDQ2PD, &x.VCVTTPD2DQ
	if !signed && e.evex {
		from, to = &x.VCVTUDQ2PD, &x.VCVTTPD2UDQ
	}
	shifted := !signed && !e.evex // by 2^31, to be signed
	float := func(d, s uint8, h int) {
		if h == 1 {
			e.upper(d, s)
			s = d
		}
		if shifted {
			e.v3(&x.VPXOR, d, s, x.M(e.all(1<<31)))
			s = d
		}
		e.v2(from, d, x.X(s))
		if shifted {
			e.v3(&x.VADDPD, d, d, x.M(e.all64(0x41e0000000000000)))
		}
	}
	for h := range 2 {
		float(t1, a, h)
		float(t2, b, h)
		e.v3(&x.VDIVPD, t1, t1, x.X(t2))
		if shifted {
			e.vi(&x.VROUNDPD, t1, 0, x.X(t1), 11)
			e.v3(&x.VADDPD, t1, t1, x.M(e.all64(0xc1e0000000000000)))
		}
		if h == 0 {
			e.v2(to, q, x.X(t1))
			continue
		}
		e.v2(to, t1, x.X(t1))
		if e.len == x.L512 {
			e.vi(&x.VINSERTI256, q, q, x.X(t1), 1)
		} else {
			e.vi(&x.VINSERTI128, q, q, x.X(t1), 1)
		}
	}
	if shifted {
		e.v3(&x.VPXOR, q, q, x.M(e.all(1<<31)))
	}
	if op == ir.OpUDiv || op == ir.OpSDiv {
		// By zero: all ones, which the unsigned conversion gives.
		if e.evex {
			if signed {
				e.v3(&x.VPXOR, t1, t1, x.X(t1))
				e.vi(&x.VPCMPD, k7, b, x.X(t1), 0)
				e.V(&x.VMOVUPS, e.masked(k7), q, 0, x.M(e.all(1<<32-1)), 0)
			}
		} else {
			e.v3(&x.VPXOR, t1, t1, x.X(t1))
			e.v3(&x.VPCMPEQD, t1, t1, x.X(b))
			e.v3(&x.VPOR, q, q, x.X(t1))
		}
		e.movV(d, q)
		return
	}
	e.v3(&x.VPMULLD, q, q, x.X(b))
	e.v3(&x.VPSUBD, d, a, x.X(q))
}

// where sets d to b in the lanes where a and c, compared, give pred.
func (e *emitter) where(pred uint8, a uint8, c x.Operand, d uint8, b x.Operand) {
	if e.evex {
		e.V(&x.VCMPPS, e.mode(), k7, a, c, pred)
		e.V(&x.VMOVUPS, e.masked(k7), d, 0, b, 0)
		return
	}
	t := e.tmp[2]
	e.V(&x.VCMPPS, e.mode(), t, a, c, pred)
	e.V(&x.VBLENDVPS, e.mode(), d, d, b, t<<4)
}

// Predicates of VCMPPS.
const (
	predEQ    = 0
	predLT    = 0x11
	predLE    = 0x12
	predUnord = 3
	predNE    = 4
	predGE    = 0x1d
)

// minMax is the lesser or greater of a and b; the processor's instructions
// return b if either is NaN or both are zeros.
func (e *emitter) minMax(op ir.Op, d, a, b uint8) {
	t0, t1 := e.tmp[0], e.tmp[1]
	vec, join := &x.VMINPS, &x.VPOR // of zeros, -0
	if op == ir.OpFMax {
		vec, join = &x.VMAXPS, &x.VPAND
	}
	e.v3(vec, t0, a, x.X(b))
	e.v3(vec, t1, b, x.X(a))
	e.v3(join, t0, t0, x.X(t1))
	e.where(predUnord, a, x.X(a), t0, x.X(b))
	e.where(predUnord, b, x.X(b), t0, x.X(a))
	e.movV(d, t0)
}

// Choices of VRANGEPS: the lesser or greater number, with its own sign.
const (
	rangeMin = 4
	rangeMax = 5
)

// rangeOf is minMax by one instruction, for operands that are no signalling NaNs:
// it makes others quiet first.
func (e *emitter) rangeOf(in *ins, d uint8) {
	imm := uint8(rangeMin)
	if in.irop == ir.OpFMax {
		imm = rangeMax
	}
	a := e.vec(in.s[0], 1)
	if in.imm&1 == 0 {
		e.vi(&x.VRANGEPS, e.tmp[0], a, x.X(a), imm)
		a = e.tmp[0]
	}
	b := e.rm(in.s[1])
	if in.imm&2 == 0 {
		r := e.vec(in.s[1], 2)
		e.vi(&x.VRANGEPS, e.tmp[1], r, x.X(r), imm)
		b = x.X(e.tmp[1])
	}
	e.vi(&x.VRANGEPS, d, a, b, imm)
}

// roundAway rounds to the nearest integer, ties away from zero.
func (e *emitter) roundAway(d, a uint8) {
	t0, t1 := e.tmp[0], e.tmp[1]
	e.vi(&x.VROUNDPS, t0, 0, x.X(a), rounding(ir.OpFTrunc))
	e.v3(&x.VSUBPS, t1, a, x.X(t0)) // exact
	e.v3(&x.VPAND, t1, t1, x.M(e.all(1<<31-1)))
	// Add one, or zero, with the sign of a.
	if e.evex {
		e.V(&x.VCMPPS, e.mode(), k7, t1, x.M(e.all(0x3f000000)), predGE)
		e.V(&x.VMOVUPS, e.zeroing(k7), t1, 0, x.M(e.all(0x3f800000)), 0)
	} else {
		e.V(&x.VCMPPS, e.mode(), t1, t1, x.M(e.all(0x3f000000)), predGE)
		e.v3(&x.VPAND, t1, t1, x.M(e.all(0x3f800000)))
	}
	e.v3(&x.VPAND, e.tmp[2], a, x.M(e.all(1<<31)))
	e.v3(&x.VPOR, t1, t1, x.X(e.tmp[2]))
	e.v3(&x.VADDPS, t0, t0, x.X(t1))
	e.v3(&x.VPOR, d, t0, x.X(e.tmp[2])) // -0 + 0 would be 0
}

// fma is s0*s1 + s2. The instruction writes one of its operands, and takes
// another from memory.
func (e *emitter) fma(d uint8, s []vreg) {
	a, b, c := s[0], s[1], s[2]
	if e.isIn(b, d) || e.register(b) && !e.register(a) {
		a, b = b, a // a, if any, is in a register
	}
	switch {
	case e.isIn(c, d):
		e.v3(&x.VFMADD231PS, d, e.vec(a, 1), e.rm(b))
	case e.isIn(a, d) && e.register(c) && !e.register(b):
		e.v3(&x.VFMADD132PS, d, e.vec(c, 0), e.rm(b))
	case e.isIn(a, d):
		e.v3(&x.VFMADD213PS, d, e.vec(b, 1), e.rm(c))
	case e.register(c) && !e.register(b):
		e.copyV(d, c)
		e.v3(&x.VFMADD231PS, d, e.vec(a, 1), e.rm(b))
	case e.register(a) && !e.register(b):
		e.copyV(d, b)
		e.v3(&x.VFMADD213PS, d, e.vec(a, 1), e.rm(c))
	default:
		e.copyV(d, a)
		e.v3(&x.VFMADD213PS, d, e.vec(b, 1), e.rm(c))
	}
}

// register reports whether vector v is in a register, isIn whether in that one.
func (e *emitter) register(v vreg) bool { return v > 0 && e.l.regs[v].phys >= 0 }

func (e *emitter) isIn(v vreg, r uint8) bool { return e.register(v) && uint8(e.l.regs[v].phys) == r }

// copyV sets d to vector v.
func (e *emitter) copyV(d uint8, v vreg) {
	switch o := e.rm(v); {
	case o.Bcast:
		e.v2(&x.VPBROADCASTD, d, x.M(o.M))
	case o.IsMem:
		e.loadV(d, o.M)
	default:
		e.movV(d, o.R)
	}
}

// shiftV shifts lanes by the counts in other lanes, modulo the width.
func (e *emitter) shiftV(in *ins, d uint8) {
	vec := [...][2]*x.Vec{ir.OpShl: {&x.VPSLLVD, &x.VPSLLVQ}, ir.OpLShr: {&x.VPSRLVD, &x.VPSRLVQ}, ir.OpAShr: {&x.VPSRAVD, &x.VPSRAVQ}}[in.irop]
	i, limit := 0, x.Mem{}
	if in.t == ir.I64 {
		i, limit = 1, e.all64(63)
	} else {
		limit = e.all(31)
	}
	count := in.s[1]
	if n, ok := e.even(count); ok && in.t == ir.I32 && n < 32 {
		at := [...]*x.Vec{ir.OpShl: &x.VPSLLDI, ir.OpLShr: &x.VPSRLDI, ir.OpAShr: &x.VPSRADI}[in.irop]
		e.V(at, e.mode(), d, 0, x.X(e.vec(in.s[0], 0)), uint8(n))
		return
	}
	if count < 0 && e.below(count, in.t) {
		e.v3(vec[i], d, e.vec(in.s[0], 0), e.rm(count))
		return
	}
	e.v3(&x.VPAND, e.tmp[0], e.vec(count, 1), x.M(limit))
	e.v3(vec[i], d, e.vec(in.s[0], 0), x.X(e.tmp[0]))
}

// even returns the word in all lanes of a constant, if v is one and has the same in
// all.
func (e *emitter) even(v vreg) (uint32, bool) {
	if v >= 0 {
		return 0, false
	}
	w := e.l.constWords(v)
	return w[0], !slices.ContainsFunc(w, func(x uint32) bool { return x != w[0] })
}

// below reports whether the lanes of a constant are shift counts below the
// width.
func (e *emitter) below(c vreg, t ir.Type) bool {
	b := e.l.consts[-c]
	for i, x := range b {
		n := 4
		if t == ir.I64 {
			n = 8
		}
		if i%n == 0 && int(x) >= t.Bits() || i%n != 0 && x != 0 {
			return false
		}
	}
	return true
}

// floatToInt converts to I32, saturating, NaN to 0; the processor gives the
// smallest integer for what does not fit.
func (e *emitter) floatToInt(d, a uint8) {
	t0 := e.tmp[0]
	e.v2(&x.VCVTTPS2DQ, t0, x.X(a))
	e.where(predGE, a, x.M(e.all(0x4f000000)), t0, x.M(e.all(1<<31-1))) // from 2^31
	e.v3(&x.VPXOR, e.tmp[1], e.tmp[1], x.X(e.tmp[1]))
	e.where(predUnord, a, x.X(a), t0, x.X(e.tmp[1]))
	e.movV(d, t0)
}

// floatToUint does the same for unsigned integers; the processor gives all ones
// for what does not fit.
func (e *emitter) floatToUint(d, a uint8) {
	t0 := e.tmp[0]
	e.v3(&x.VPXOR, e.tmp[1], e.tmp[1], x.X(e.tmp[1]))
	e.v2(&x.VCVTTPS2UDQ, t0, x.X(a))
	// Not greater than 0: negative, or NaN.
	e.where(0x1a, a, x.X(e.tmp[1]), t0, x.X(e.tmp[1]))
	e.movV(d, t0)
}

// roundTo rounds float32s to a 16-bit type.
func (e *emitter) roundTo(t ir.Type, d, a uint8) {
	t0, t1 := e.tmp[0], e.tmp[1]
	if t == ir.F16 {
		e.V(&x.VCVTPS2PH, e.mode(), a, 0, x.X(t0), 0) // to nearest even
		e.v2(&x.VCVTPH2PS, d, x.X(t0))
		return
	}
	// Add half of the last digit kept, less one if that digit is even; NaNs
	// stay what they are, quiet.
	e.V(&x.VPSRLDI, e.mode(), t0, 0, x.X(a), 16)
	e.v3(&x.VPAND, t0, t0, x.M(e.all(1)))
	e.v3(&x.VPADDD, t0, t0, x.M(e.all(0x7fff)))
	e.v3(&x.VPADDD, t0, t0, x.X(a))
	e.v3(&x.VPOR, t1, a, x.M(e.all(0x400000)))
	e.where(predUnord, a, x.X(a), t0, x.X(t1))
	e.v3(&x.VPAND, d, t0, x.M(e.all(0xffff0000)))
}

// bitcast16 turns words into halves (as float32s) and back.
func (e *emitter) bitcast16(t ir.Type, d, a uint8) {
	if t == ir.I16 {
		e.V(&x.VCVTPS2PH, e.mode(), a, 0, x.X(e.tmp[0]), 0)
		e.v2(&x.VPMOVZXWD, d, x.X(e.tmp[0]))
		return
	}
	e.words(e.tmp[0], a)
	e.v2(&x.VCVTPH2PS, d, x.X(e.tmp[0]))
}

// words packs the low 16 bits of the lanes of a, whose upper bits are zero, in
// the lower half of d.
func (e *emitter) words(d, a uint8) {
	if e.evex {
		e.V(&x.VPMOVDW, e.mode(), a, 0, x.X(d), 0)
		return
	}
	e.v3(&x.VPACKUSDW, d, a, x.X(a))
	e.vi(&x.VPERMQI, d, 0, x.X(d), 0x08)
}

// compare emits lCmp.
func (e *emitter) compare(in *ins) {
	d := e.maskDst(in.d[0])
	defer func() { e.maskPut(in.d[0], d) }()
	if in.irop >= ir.OpFEq {
		pred := [...]uint8{ir.OpFEq: predEQ, ir.OpFNe: predNE, ir.OpFLt: predLT, ir.OpFLe: predLE}[in.irop]
		e.vi(&x.VCMPPS, d, e.vec(in.s[0], 0), e.rm(in.s[1]), pred)
		return
	}
	wide := in.from == ir.I64
	if e.evex {
		imm := [...]uint8{ir.OpEq: 0, ir.OpNe: 4, ir.OpULt: 1, ir.OpULe: 2, ir.OpSLt: 1, ir.OpSLe: 2}[in.irop]
		vec := &x.VPCMPUD
		switch {
		case wide && (in.irop == ir.OpSLt || in.irop == ir.OpSLe):
			vec = &x.VPCMPQ
		case wide:
			vec = &x.VPCMPUQ
		case in.irop == ir.OpSLt || in.irop == ir.OpSLe:
			vec = &x.VPCMPD
		}
		if !wide {
			e.vi(vec, d, e.vec(in.s[0], 0), e.rm(in.s[1]), imm)
			return
		}
		e.vi(vec, k7, e.vec(in.s[2], 0), e.rm(in.s[3]), imm)
		e.vi(vec, d, e.vec(in.s[0], 0), e.rm(in.s[1]), imm)
		e.V(&x.KSHIFTLW, x.Mode{}, k7, 0, x.X(k7), uint8(e.half))
		e.kop(&x.KORW, d, d, k7)
		return
	}
	if !wide {
		e.compare32(in.irop, d, e.vec(in.s[0], 1), e.vec(in.s[1], 2))
		return
	}
	not := e.compare64(in.irop, e.tmp[0], in.s[0], in.s[1])
	e.compare64(in.irop, e.tmp[1], in.s[2], in.s[3])
	e.vi(&x.VSHUFPS, d, e.tmp[0], x.X(e.tmp[1]), 0x88)
	e.vi(&x.VPERMQI, d, 0, x.X(d), 0xd8)
	if not {
		e.v3(&x.VPXOR, d, d, x.M(e.all(1<<32-1)))
	}
}

// compare32 compares without AVX-512, which knows equal and, signed, greater.
func (e *emitter) compare32(op ir.Op, d, a, b uint8) {
	t := e.tmp[0]
	not := false
	switch op {
	case ir.OpEq, ir.OpNe:
		e.v3(&x.VPCMPEQD, d, a, x.X(b))
		not = op == ir.OpNe
	case ir.OpSLt:
		e.v3(&x.VPCMPGTD, d, b, x.X(a))
	case ir.OpSLe:
		e.v3(&x.VPCMPGTD, d, a, x.X(b))
		not = true
	case ir.OpULe:
		e.v3(&x.VPMINUD, t, a, x.X(b))
		e.v3(&x.VPCMPEQD, d, t, x.X(a))
	case ir.OpULt:
		e.v3(&x.VPMINUD, t, a, x.X(b))
		e.v3(&x.VPCMPEQD, d, t, x.X(b))
		not = true
	}
	if not {
		e.v3(&x.VPXOR, d, d, x.M(e.all(1<<32-1)))
	}
}

// compare64 does the same for one half of 64-bit lanes; it reports whether d
// has the opposite.
func (e *emitter) compare64(op ir.Op, d uint8, va, vb vreg) (not bool) {
	a, b := e.vec(va, 1), e.vec(vb, 2)
	if op == ir.OpULt || op == ir.OpULe {
		sign := x.M(e.all64(1 << 63))
		e.v3(&x.VPXOR, d, a, sign)
		e.v3(&x.VPXOR, e.tmp[2], b, sign)
		a, b = d, e.tmp[2]
	}
	switch op {
	case ir.OpEq, ir.OpNe:
		e.v3(&x.VPCMPEQQ, d, a, x.X(b))
	case ir.OpULt, ir.OpSLt:
		e.v3(&x.VPCMPGTQ, d, b, x.X(a))
	default:
		e.v3(&x.VPCMPGTQ, d, a, x.X(b))
	}
	return op == ir.OpNe || op == ir.OpULe || op == ir.OpSLe
}

// selectRow emits lSelect: s1 where mask s, else s2.
func (e *emitter) selectRow(in *ins) {
	d := e.dst(in.d[0])
	if e.evex {
		k := e.halfMask(e.maskIn(in.s[0], k6), in.t, in.imm)
		vec := &x.VBLENDMPS
		if in.t == ir.I64 {
			vec = &x.VBLENDMPD
		}
		e.V(vec, e.masked(k), d, e.vec(in.s[2], 1), e.rm(in.s[1]), 0)
	} else {
		k := e.halfMask(e.vec(in.s[0], 0), in.t, in.imm)
		e.V(&x.VBLENDVPS, e.mode(), d, e.vec(in.s[2], 1), e.rm(in.s[1]), k<<4)
	}
	e.put(in.d[0], d)
}

// maskOp emits logic on masks.
func (e *emitter) maskOp(in *ins) {
	d := e.maskDst(in.d[0])
	a := e.maskIn(in.s[0], k6)
	b := a
	if len(in.s) > 1 {
		b = e.maskIn(in.s[1], k7)
	}
	if !e.evex {
		switch {
		case in.andnot:
			e.v3(&x.VPANDN, d, b, x.X(a))
		case in.irop == ir.OpNot:
			e.v3(&x.VPXOR, d, a, x.M(e.all(1<<32-1)))
		default:
			e.v3(plainRow(in.irop, ir.I32), d, a, x.X(b))
		}
		e.maskPut(in.d[0], d)
		return
	}
	switch {
	case in.andnot:
		e.kop(&x.KANDNW, d, b, a)
	case in.irop == ir.OpNot && e.l.geo.v == 8:
		e.V(&x.KNOTB, x.Mode{}, d, 0, x.X(a), 0)
	case in.irop == ir.OpNot:
		e.V(&x.KNOTW, x.Mode{}, d, 0, x.X(a), 0)
	default:
		e.kop([...]*x.Vec{ir.OpAnd: &x.KANDW, ir.OpOr: &x.KORW, ir.OpXor: &x.KXORW}[in.irop], d, a, b)
	}
	e.maskPut(in.d[0], d)
}

// maskAll sets a mask to all lanes or none.
func (e *emitter) maskAll(d uint8, all bool) {
	switch {
	case !e.evex && all:
		e.v3(&x.VPCMPEQD, d, d, x.X(d))
	case !e.evex:
		e.v3(&x.VPXOR, d, d, x.X(d))
	case !all:
		e.kop(&x.KXORW, d, d, d)
	case e.l.geo.v == 8:
		e.kop(&x.KXNORB, d, d, d)
	default:
		e.kop(&x.KXNORW, d, d, d)
	}
}
