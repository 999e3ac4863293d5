package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

// armRows are operations that are one instruction.
var armRows = [...][ir.F32 + 1]*x.Form{
	ir.OpAdd:   {ir.I32: &x.VADD, ir.I64: &x.VADD},
	ir.OpSub:   {ir.I32: &x.VSUB, ir.I64: &x.VSUB},
	ir.OpMul:   {ir.I32: &x.VMUL},
	ir.OpAnd:   {ir.I32: &x.VAND, ir.I64: &x.VAND},
	ir.OpOr:    {ir.I32: &x.VORR, ir.I64: &x.VORR},
	ir.OpXor:   {ir.I32: &x.VEOR, ir.I64: &x.VEOR},
	ir.OpUMin:  {ir.I32: &x.UMIN},
	ir.OpUMax:  {ir.I32: &x.UMAX},
	ir.OpSMin:  {ir.I32: &x.SMIN},
	ir.OpSMax:  {ir.I32: &x.SMAX},
	ir.OpFAdd:  {ir.F32: &x.FADD},
	ir.OpFSub:  {ir.F32: &x.FSUB},
	ir.OpFMul:  {ir.F32: &x.FMUL},
	ir.OpFDiv:  {ir.F32: &x.FDIV},
	ir.OpNot:   {ir.I32: &x.NOT, ir.I64: &x.NOT},
	ir.OpNeg:   {ir.I32: &x.VNEG, ir.I64: &x.VNEG},
	ir.OpClz:   {ir.I32: &x.VCLZ},
	ir.OpFNeg:  {ir.F32: &x.FNEG},
	ir.OpFAbs:  {ir.F32: &x.FABS},
	ir.OpFSqrt: {ir.F32: &x.FSQRT},
	ir.OpSToF:  {ir.F32: &x.SCVTF},
	ir.OpUToF:  {ir.F32: &x.UCVTF},
	// Toward zero, saturating, NaN to 0.
	ir.OpFToS:   {ir.I32: &x.FCVTZS},
	ir.OpFToU:   {ir.I32: &x.FCVTZU},
	ir.OpFRint:  {ir.F32: &x.FRINTN},
	ir.OpFFloor: {ir.F32: &x.FRINTM},
	ir.OpFCeil:  {ir.F32: &x.FRINTP},
	ir.OpFTrunc: {ir.F32: &x.FRINTZ},
	ir.OpFRound: {ir.F32: &x.FRINTA},
}

func armRow(op ir.Op, t ir.Type) *x.Form {
	return rowOf(armRows[:], op, t)
}

func (arm64) inStep(op ir.Op, t ir.Type) bool { return armRow(op, t) != nil || op == ir.OpFFma }

func (arm64) vectorRow(op ir.Op, t, from ir.Type) bool {
	switch {
	case t == ir.Ref || from == ir.Ref:
		return op == ir.OpSelect
	case op >= ir.OpEq && op <= ir.OpFLe, t == ir.Bool, op == ir.OpSelect, op == ir.OpFConv,
		op == ir.OpZExt, op == ir.OpSExt, op == ir.OpTrunc, op == ir.OpBitcast:
		return true
	case op == ir.OpFRem:
		return false
	case op == ir.OpSToF, op == ir.OpUToF:
		return from.Bits() < 32 || from == ir.I32 && t == ir.F32
	case op == ir.OpFToS, op == ir.OpFToU:
		return t != ir.I64
	case t.IsFloat():
		return op != ir.OpFFma || t == ir.F32
	case t == ir.I8 || t == ir.I16:
		return op >= ir.OpAdd && op <= ir.OpSMax
	}
	return op >= ir.OpAdd && op <= ir.OpBitRev
}

// arrangement is how lanes of I32, I64 or F32 lie in a vector.
func arrangement(t ir.Type) x.Arr {
	if t == ir.I64 {
		return x.D2
	}
	return x.S4
}

// vectorRow emits an operation on vectors of I32, I64 or F32.
func (e *armEmitter) vectorRow(in *ins) {
	t, op := in.t, in.irop
	arr := arrangement(t)
	d := e.dst(in.d[0])
	defer func() { e.put(in.d[0], d) }()
	if f := armRow(op, t); f != nil {
		if len(in.s) == 1 {
			e.V2(f, arr, d, e.vec(in.s[0], 1))
			return
		}
		if op >= ir.OpAnd && op <= ir.OpXor {
			arr = x.B16
		}
		e.V3(f, arr, d, e.vec(in.s[0], 1), e.vec(in.s[1], 2))
		return
	}
	switch op {
	case ir.OpFFma:
		e.fma(d, in.s)
	case ir.OpFCopysign:
		s := spare(4)
		e.splat(s, 1<<31)
		e.V3(&x.BSL, x.B16, s, e.vec(in.s[1], 2), e.vec(in.s[0], 1))
		e.movV(d, s)
	case ir.OpFMin, ir.OpFMax:
		// The instructions want no signaling NaNs: products by 1 are quiet.
		f := &x.FMINNM
		if op == ir.OpFMax {
			f = &x.FMAXNM
		}
		one, a, b := spare(4), spare(5), spare(6)
		e.splat(one, 0x3f800000)
		e.V3(&x.FMUL, x.S4, a, e.vec(in.s[0], 1), one)
		e.V3(&x.FMUL, x.S4, b, e.vec(in.s[1], 2), one)
		e.V3(f, x.S4, d, a, b)
	case ir.OpShl, ir.OpLShr, ir.OpAShr:
		e.shiftV(in, d)
	case ir.OpMul: // I64
		a, b := e.vec(in.s[0], 1), e.vec(in.s[1], 2)
		t0, t1 := spare(4), spare(5)
		e.V2(&x.REV64, x.S4, t0, b)
		e.V3(&x.VMUL, x.S4, t0, t0, a)
		e.V2(&x.UADDLP, x.S4, t0, t0)
		e.VShift(&x.SHL, x.D2, t0, t0, 32)
		e.V2(&x.XTN, x.S2, t1, a)
		e.V2(&x.XTN, x.S2, spare(6), b)
		e.V3(&x.UMLAL, x.S2, t0, t1, spare(6))
		e.movV(d, t0)
	case ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax: // I64
		f := &x.CMHI
		if op >= ir.OpSMin {
			f = &x.CMGT
		}
		a, b, t0 := e.vec(in.s[0], 1), e.vec(in.s[1], 2), spare(4)
		e.V3(f, x.D2, t0, a, b)
		if op == ir.OpUMin || op == ir.OpSMin {
			a, b = b, a
		}
		e.V3(&x.BSL, x.B16, t0, a, b)
		e.movV(d, t0)
	case ir.OpUMulHi, ir.OpSMulHi:
		e.mulHi(op, t, d, in.s)
	case ir.OpUDiv, ir.OpURem, ir.OpSDiv, ir.OpSRem:
		e.laneByLane(t, d, in.s, func(d, a, b x.Reg) { e.quotient(op, bitsOf(t), d, a, b) })
	case ir.OpClz: // I64
		e.laneByLane(t, d, in.s, func(d, a, _ x.Reg) { e.Op1(x.CLZ, 64, d, a) })
	case ir.OpPopcnt:
		e.V2(&x.CNT, x.B16, d, e.vec(in.s[0], 1))
		e.V2(&x.UADDLP, x.B16, d, d)
		e.V2(&x.UADDLP, x.H8, d, d)
		if t == ir.I64 {
			e.V2(&x.UADDLP, x.S4, d, d)
		}
	case ir.OpCtz:
		if t == ir.I64 {
			e.laneByLane(t, d, in.s, func(d, a, _ x.Reg) {
				e.Op1(x.RBIT, 64, d, a)
				e.Op1(x.CLZ, 64, d, d)
			})
			break
		}
		e.reverse(t, d, e.vec(in.s[0], 1))
		e.V2(&x.VCLZ, x.S4, d, d)
	case ir.OpBitRev:
		e.reverse(t, d, e.vec(in.s[0], 1))
	case ir.OpBitcast:
		e.bitcast16(t, d, e.vec(in.s[0], 1))
	case ir.OpFConv: // a float32 rounded to t, as a float32
		e.roundTo(t, d, e.vec(in.s[0], 1))
	default:
		panic(unsupported("no row on vectors for " + op.String()))
	}
}

// fma is s0*s1 + s2. The instruction adds to its destination, which may be
// where an operand is.
func (e *armEmitter) fma(d x.V, s []vreg) {
	a, b, c := e.vec(s[0], 1), e.vec(s[1], 2), e.vec(s[2], 3)
	sum := d
	if d != c && (d == a || d == b) {
		sum = spare(4)
	}
	e.movV(sum, c)
	e.V3(&x.FMLA, x.S4, sum, a, b)
	e.movV(d, sum)
}

// reverse reverses the bits of lanes.
func (e *armEmitter) reverse(t ir.Type, d, a x.V) {
	e.V2(&x.VRBIT, x.B16, d, a)
	if t == ir.I64 {
		e.V2(&x.REV64, x.B16, d, d)
	} else {
		e.V2(&x.REV32, x.B16, d, d)
	}
}

// laneByLane does an operation of one or two operands on scalars: f must not
// change but X12 to X17, and its result.
func (e *armEmitter) laneByLane(t ir.Type, d x.V, s []vreg, f func(d, a, b x.Reg)) {
	arr, n := arrangement(t), uint8(16/scaleOf(t))
	a := e.vec(s[0], 1)
	b := a
	if len(s) > 1 {
		b = e.vec(s[1], 2)
	}
	for i := range n {
		e.GetLane(arr, x.X17, a, i)
		if len(s) > 1 {
			e.GetLane(arr, x.X15, b, i)
		}
		f(x.X14, x.X17, x.X15)
		e.SetLane(arr, d, i, x.X14)
	}
}

// mulHi is the upper half of products.
func (e *armEmitter) mulHi(op ir.Op, t ir.Type, d x.V, s []vreg) {
	if t == ir.I64 {
		long := x.UMULH
		if op == ir.OpSMulHi {
			long = x.SMULH
		}
		e.laneByLane(t, d, s, func(d, a, b x.Reg) { e.MulLong(long, d, a, b, x.ZR) })
		return
	}
	f := &x.UMULL
	if op == ir.OpSMulHi {
		f = &x.SMULL
	}
	a, b := e.vec(s[0], 1), e.vec(s[1], 2)
	e.V3(f, x.S2, spare(4), a, b)
	e.V3(f, x.S4, spare(5), a, b)
	e.V3(&x.UZP2, x.S4, d, spare(4), spare(5))
}

// splatOf returns the value that all lanes of a constant have.
func (e *armEmitter) splatOf(v vreg, t ir.Type) (uint64, bool) {
	if v >= 0 {
		return 0, false
	}
	b := e.l.consts[-v]
	n := int(scaleOf(t))
	for i := n; i < len(b); i++ {
		if b[i] != b[i-n] {
			return 0, false
		}
	}
	k := uint64(0)
	for i := range n {
		k |= uint64(b[i]) << (8 * i)
	}
	return k, true
}

// shiftV shifts lanes by the counts in other lanes, modulo the width.
func (e *armEmitter) shiftV(in *ins, d x.V) {
	arr, width := arrangement(in.t), uint64(in.t.Bits())
	if k, ok := e.splatOf(in.s[1], in.t); ok {
		a := e.vec(in.s[0], 1)
		switch k &= width - 1; {
		case k == 0:
			e.movV(d, a)
		case in.irop == ir.OpShl:
			e.VShift(&x.SHL, arr, d, a, uint8(k))
		case in.irop == ir.OpLShr:
			e.VShift(&x.USHR, arr, d, a, uint8(k))
		default:
			e.VShift(&x.SSHR, arr, d, a, uint8(k))
		}
		return
	}
	// The instructions take the low byte, as a signed number.
	count := spare(4)
	e.splat(count, uint32(width-1))
	e.V3(&x.VAND, x.B16, count, count, e.vec(in.s[1], 2))
	f := &x.USHL
	if in.irop != ir.OpShl {
		e.V2(&x.VNEG, arr, count, count)
		if in.irop == ir.OpAShr {
			f = &x.SSHL
		}
	}
	e.V3(f, arr, d, e.vec(in.s[0], 1), count)
}

// roundTo rounds float32s to a 16-bit type.
func (e *armEmitter) roundTo(t ir.Type, d, a x.V) {
	if t == ir.F16 {
		e.V2(&x.FCVTN, x.B8, d, a)
		e.V2(&x.FCVTL, x.B8, d, d)
		return
	}
	// Add half of the last digit kept, less one if that digit is even; NaNs
	// stay what they are, quiet.
	t0, t1, t2 := spare(4), spare(5), spare(6)
	e.VShift(&x.USHR, x.S4, t0, a, 16)
	e.splat(t1, 1)
	e.V3(&x.VAND, x.B16, t0, t0, t1)
	e.splat(t1, 0x7fff)
	e.V3(&x.VADD, x.S4, t0, t0, t1)
	e.V3(&x.VADD, x.S4, t0, t0, a)
	e.splat(t1, 0x400000)
	e.V3(&x.VORR, x.B16, t1, t1, a)
	e.V3(&x.FCMEQ, x.S4, t2, a, a)
	e.V3(&x.BSL, x.B16, t2, t0, t1)
	e.splat(t1, 0xffff0000)
	e.V3(&x.VAND, x.B16, d, t2, t1)
}

// bitcast16 turns words into halves (as float32s) and back.
func (e *armEmitter) bitcast16(t ir.Type, d, a x.V) {
	if t == ir.I16 {
		e.V2(&x.FCVTN, x.B8, d, a)
		e.VShift(&x.USHLL, x.H4, d, d, 0)
		return
	}
	e.V2(&x.XTN, x.H4, d, a)
	e.V2(&x.FCVTL, x.B8, d, d)
}

// halves of vectors

// halfMask returns the mask for half h of a value of type t: k itself, or spare
// 6.
func (e *armEmitter) halfMask(k x.V, t ir.Type, h int64) x.V {
	if t != ir.I64 {
		return k
	}
	f := &x.ZIP1
	if h == 1 {
		f = &x.ZIP2
	}
	e.V3(f, x.S4, spare(6), k, k)
	return spare(6)
}

// widen emits lWiden and lNarrow.
func (e *armEmitter) widen(in *ins) {
	d := e.dst(in.d[0])
	s := e.vec(in.s[0], 1)
	if in.op == lNarrow {
		e.V3(&x.UZP1, x.S4, d, s, e.vec(in.s[1], 2))
	} else {
		f, arr := &x.USHLL, x.S2+x.Arr(in.imm)
		if in.irop == ir.OpSExt {
			f = &x.SSHLL
		}
		e.VShift(f, arr, d, s, 0)
	}
	e.put(in.d[0], d)
}

// cross emits what goes between scalars, vectors and masks.
func (e *armEmitter) cross(in *ins) {
	switch in.op {
	case lExtract, lMaskBit:
		d := e.gDst(in.d[0])
		e.GetLane(arrangement(in.t), d, e.vec(in.s[0], 1), 0)
		if in.op == lMaskBit {
			e.OpBits(x.ANDI, 32, d, d, 1)
		}
		e.gPut(in.d[0], d)
		return
	case lAny:
		d := e.g(in.d[0], x.X16)
		e.anyOf(x.X17, e.vec(in.s[0], 1))
		e.Op(x.ORR, 32, d, d, x.X17)
		e.gPut(in.d[0], d)
		return
	}
	d := e.dst(in.d[0])
	switch in.op {
	case lSplat:
		e.Dup(x.S4, d, e.g(in.s[0], x.X17))
	case lSplat64:
		e.Dup(x.D2, d, e.g(in.s[0], x.X17))
	case lRamp:
		e.Dup(x.S4, d, e.g(in.s[0], x.X17))
		e.V3(&x.VADD, x.S4, d, d, e.vec(in.s[1], 2))
	case lMaskOf:
		e.Dup(x.S4, d, e.g(in.s[0], x.X17))
		e.V3(&x.CMTST, x.S4, d, d, d)
	case lTail:
		e.arith3(ir.OpSub, 32, scratch, in.s[0], in.s[1])
		if in.imm != 0 {
			e.addSmall(32, scratch, scratch, -in.imm)
		}
		e.Dup(x.S4, spare(4), scratch)
		e.V3(&x.CMGT, x.S4, d, spare(4), e.vec(in.s[2], 2))
	}
	e.put(in.d[0], d)
}

// compare emits lCmp.
func (e *armEmitter) compare(in *ins) {
	d := e.dst(in.d[0])
	arr := arrangement(in.from)
	if in.from != ir.I64 {
		e.compareV(in.irop, arr, d, e.vec(in.s[0], 1), e.vec(in.s[1], 2))
	} else {
		e.compareV(in.irop, arr, spare(4), e.vec(in.s[0], 1), e.vec(in.s[1], 2))
		e.compareV(in.irop, arr, spare(5), e.vec(in.s[2], 1), e.vec(in.s[3], 2))
		e.V3(&x.UZP1, x.S4, d, spare(4), spare(5))
	}
	e.put(in.d[0], d)
}

func (e *armEmitter) compareV(op ir.Op, arr x.Arr, d, a, b x.V) {
	switch op {
	case ir.OpEq, ir.OpNe:
		e.V3(&x.CMEQ, arr, d, a, b)
	case ir.OpULt:
		e.V3(&x.CMHI, arr, d, b, a)
	case ir.OpULe:
		e.V3(&x.CMHS, arr, d, b, a)
	case ir.OpSLt:
		e.V3(&x.CMGT, arr, d, b, a)
	case ir.OpSLe:
		e.V3(&x.CMGE, arr, d, b, a)
	case ir.OpFEq, ir.OpFNe:
		e.V3(&x.FCMEQ, arr, d, a, b)
	case ir.OpFLt:
		e.V3(&x.FCMGT, arr, d, b, a)
	case ir.OpFLe:
		e.V3(&x.FCMGE, arr, d, b, a)
	default:
		panic(unsupported("no comparison for " + op.String()))
	}
	if op == ir.OpNe || op == ir.OpFNe {
		e.V2(&x.NOT, x.B16, d, d)
	}
}

// selectRow emits lSelect: s1 where mask s, else s2.
func (e *armEmitter) selectRow(in *ins) {
	d := e.dst(in.d[0])
	k := e.halfMask(e.vec(in.s[0], 3), in.t, in.imm)
	if bits, ok := e.splatOf(in.s[2], ir.I32); ok && bits == 0 {
		e.V3(&x.VAND, x.B16, d, e.vec(in.s[1], 1), k)
	} else {
		e.movV(spare(4), k)
		e.V3(&x.BSL, x.B16, spare(4), e.vec(in.s[1], 1), e.vec(in.s[2], 2))
		e.movV(d, spare(4))
	}
	e.put(in.d[0], d)
}

// maskOp emits logic on masks.
func (e *armEmitter) maskOp(in *ins) {
	d := e.dst(in.d[0])
	a := e.vec(in.s[0], 1)
	switch {
	case in.andnot:
		e.V3(&x.VBIC, x.B16, d, a, e.vec(in.s[1], 2))
	case in.irop == ir.OpNot:
		e.V2(&x.NOT, x.B16, d, a)
	default:
		e.V3(armRow(in.irop, ir.I32), x.B16, d, a, e.vec(in.s[1], 2))
	}
	e.put(in.d[0], d)
}

func (arm64) hasReciprocals() bool { return false }
