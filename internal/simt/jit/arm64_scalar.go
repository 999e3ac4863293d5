package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

func (arm64) scalarRow(op ir.Op, t ir.Type) bool {
	if t.IsFloat() || t == ir.Ref {
		return false
	}
	switch op {
	case ir.OpSelect, ir.OpTrunc, ir.OpZExt, ir.OpSExt:
		return true
	}
	return op >= ir.OpAdd && op <= ir.OpSLe
}

// All rows write their result once they are done with the operands.
func (arm64) inPlace(ir.Op, ir.Type) bool { return true }

var armArith = [...]x.Arith{ir.OpAdd: x.ADD, ir.OpSub: x.SUB, ir.OpAnd: x.AND, ir.OpOr: x.ORR, ir.OpXor: x.EOR}

var armLogic = [...]x.Logic{ir.OpAnd: x.ANDI, ir.OpOr: x.ORRI, ir.OpXor: x.EORI}

var armConds = [...]x.Cond{ir.OpEq: x.EQ, ir.OpNe: x.NE, ir.OpULt: x.LO, ir.OpULe: x.LS, ir.OpSLt: x.LT, ir.OpSLe: x.LE}

// scalarRow emits an operation on scalars. What is narrower than 32 bits is
// cleared above the bits of its type at the end.
func (e *armEmitter) scalarRow(in *ins) {
	t := in.t
	size := bitsOf(t)
	narrow := t.Bits() < 32
	d := e.gDst(in.d[0])
	a := func() x.Reg { return e.g(in.s[0], x.X17) }
	b := func() x.Reg { return e.g(in.s[1], x.X15) }
	switch op := in.irop; op {
	case ir.OpAdd, ir.OpSub, ir.OpAnd, ir.OpOr, ir.OpXor:
		e.arith3(op, size, d, in.s[0], in.s[1])
	case ir.OpMul:
		if k := &e.l.regs[in.s[1]]; k.konst && bits.OnesCount64(k.bits) == 1 {
			e.ShlI(size, d, a(), uint8(bits.TrailingZeros64(k.bits))&uint8(size-1))
			break
		}
		e.Mul(size, d, a(), b())
	case ir.OpUDiv, ir.OpURem, ir.OpSDiv, ir.OpSRem:
		e.divide(op, t, d, in.s[0], in.s[1])
	case ir.OpNot:
		if t == ir.Bool {
			e.OpBits(x.EORI, 32, d, a(), 1)
		} else {
			e.Op(x.ORN, size, d, x.ZR, a())
		}
	case ir.OpNeg:
		e.Op(x.SUB, size, d, x.ZR, a())
	case ir.OpShl, ir.OpLShr, ir.OpAShr:
		e.shift(in, d)
	case ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax:
		m, n := e.pair(op >= ir.OpSMin, t, in.s[0], in.s[1])
		e.Cmp(size, m, n)
		e.Choose(x.CSEL, size, d, m, n, [...]x.Cond{ir.OpUMin: x.LO, ir.OpUMax: x.HI, ir.OpSMin: x.LT, ir.OpSMax: x.GT}[op])
	case ir.OpUMulHi, ir.OpSMulHi:
		signed := op == ir.OpSMulHi
		m, n := e.pair(signed, t, in.s[0], in.s[1])
		long, high := x.UMADDL, x.UMULH
		if signed {
			long, high = x.SMADDL, x.SMULH
		}
		if t == ir.I64 {
			e.MulLong(high, d, m, n, x.ZR)
			break
		}
		e.MulLong(long, d, m, n, x.ZR)
		e.ShrI(false, 64, d, d, uint8(t.Bits()))
		if t == ir.I32 {
			e.Mov(32, d, d)
		}
	case ir.OpClz:
		e.Op1(x.CLZ, size, d, a())
		if narrow {
			e.AddI(32, d, d, int64(t.Bits()-32))
		}
	case ir.OpCtz:
		r := a()
		if narrow {
			e.OpBits(x.ORRI, 32, scratch, r, 1<<t.Bits())
			r = scratch
		}
		e.Op1(x.RBIT, size, d, r)
		e.Op1(x.CLZ, size, d, d)
	case ir.OpPopcnt:
		e.SetLane(x.D2, spare(0), 0, a())
		e.V2(&x.CNT, x.B8, spare(0), spare(0))
		e.V2(&x.ADDV, x.B8, spare(0), spare(0))
		e.GetLane(x.B16, d, spare(0), 0)
	case ir.OpBitRev:
		e.Op1(x.RBIT, size, d, a())
		if narrow {
			e.ShrI(false, 32, d, d, uint8(32-t.Bits()))
		}
	case ir.OpEq, ir.OpNe, ir.OpULt, ir.OpULe, ir.OpSLt, ir.OpSLe:
		e.Set(d, e.cmp(op, in.from, in.s[0], in.s[1]))
		narrow = false
	case ir.OpSelect:
		e.CmpI(32, a(), 0)
		e.Choose(x.CSEL, 64, d, b(), e.g(in.s[2], x.X14), x.NE)
	case ir.OpTrunc:
		e.Mov(size, d, a())
	case ir.OpZExt:
		e.Mov(64, d, a())
	case ir.OpSExt:
		e.signed(d, in.from, size, in.s[0])
	default:
		panic(unsupported("no row on scalars for " + op.String()))
	}
	if narrow {
		e.Field(false, 32, d, d, 0, uint8(t.Bits()-1))
	}
	e.gPut(in.d[0], d)
}

// konst returns the value of a constant scalar, sign-extended from size bits.
func (e *armEmitter) konst(v vreg, size int) (int64, bool) {
	r := &e.l.regs[v]
	if size == 32 {
		return int64(int32(uint32(r.bits))), r.konst
	}
	return int64(r.bits), r.konst
}

// arith3 emits sums, differences and logic.
func (e *armEmitter) arith3(op ir.Op, size int, d x.Reg, a, b vreg) {
	if e.l.regs[a].konst && op != ir.OpSub {
		a, b = b, a
	}
	n := e.g(a, x.X17)
	if k, ok := e.konst(b, size); ok {
		switch {
		case op == ir.OpAdd && x.Imm12(k):
			e.AddI(size, d, n, k)
			return
		case op == ir.OpSub && x.Imm12(-k):
			e.AddI(size, d, n, -k)
			return
		case op >= ir.OpAnd:
			if _, ok := x.BitPattern(size, uint64(k)); ok {
				e.OpBits(armLogic[op], size, d, n, uint64(k))
				return
			}
		}
	}
	e.Op(armArith[op], size, d, n, e.g(b, x.X15))
}

// signed sets d to v, of type t, sign-extended to size bits.
func (e *armEmitter) signed(d x.Reg, t ir.Type, size int, v vreg) {
	r := e.g(v, d)
	switch {
	case t.Bits() < size:
		e.Field(true, size, d, r, 0, uint8(t.Bits()-1))
	case d != r:
		e.Mov(size, d, r)
	}
}

// pair returns registers with two operands, sign-extended to 32 bits at least
// if signed.
func (e *armEmitter) pair(signed bool, t ir.Type, a, b vreg) (m, n x.Reg) {
	if signed && t.Bits() < 32 {
		e.signed(x.X17, t, 32, a)
		e.signed(x.X15, t, 32, b)
		return x.X17, x.X15
	}
	return e.g(a, x.X17), e.g(b, x.X15)
}

// cmp compares and returns the condition under which op holds.
func (e *armEmitter) cmp(op ir.Op, t ir.Type, a, b vreg) x.Cond {
	size := bitsOf(t)
	if (op == ir.OpSLt || op == ir.OpSLe) && t.Bits() < 32 {
		m, n := e.pair(true, t, a, b)
		e.Cmp(32, m, n)
	} else if k, ok := e.konst(b, size); ok && x.Imm12(k) {
		e.CmpI(size, e.g(a, x.X17), k)
	} else {
		e.Cmp(size, e.g(a, x.X17), e.g(b, x.X15))
	}
	return armConds[op]
}

// shift emits a shift; the count is taken modulo the width.
func (e *armEmitter) shift(in *ins, d x.Reg) {
	t := in.t
	size := bitsOf(t)
	var r x.Reg
	if in.irop == ir.OpAShr && t.Bits() < 32 {
		e.signed(x.X17, t, 32, in.s[0])
		r = x.X17
	} else {
		r = e.g(in.s[0], x.X17)
	}
	if c := &e.l.regs[in.s[1]]; c.konst {
		n := uint8(c.bits) & uint8(t.Bits()-1)
		if in.irop == ir.OpShl {
			e.ShlI(size, d, r, n)
		} else {
			e.ShrI(in.irop == ir.OpAShr, size, d, r, n)
		}
		return
	}
	count := e.g(in.s[1], x.X15)
	if t.Bits() < 32 {
		e.Field(false, 32, x.X15, count, 0, uint8(widthBits(t)-1))
		count = x.X15
	}
	e.Op2([...]x.Two{ir.OpShl: x.LSLV, ir.OpLShr: x.LSRV, ir.OpAShr: x.ASRV}[in.irop], size, d, r, count)
}

// widthBits is how many bits a shift count of t has.
func widthBits(t ir.Type) int {
	n := 0
	for 1<<n < t.Bits() {
		n++
	}
	return n
}

// divide sets d to the quotient or remainder of a and b. The processor has 0
// for x/0, and what is wanted for the smallest integer by -1.
func (e *armEmitter) divide(op ir.Op, t ir.Type, d x.Reg, a, b vreg) {
	signed := op == ir.OpSDiv || op == ir.OpSRem
	m, n := e.pair(signed, t, a, b)
	e.quotient(op, bitsOf(t), d, m, n)
}

// quotient is d = m op n. It uses X16.
func (e *armEmitter) quotient(op ir.Op, size int, d, m, n x.Reg) {
	div := x.UDIV
	if op == ir.OpSDiv || op == ir.OpSRem {
		div = x.SDIV
	}
	e.Op2(div, size, scratch, m, n)
	if op == ir.OpURem || op == ir.OpSRem {
		e.Msub(size, d, scratch, n, m) // of x%0, x
		return
	}
	e.CmpI(size, n, 0)
	e.Choose(x.CSINV, size, d, scratch, x.ZR, x.NE)
}
