package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

func (amd64) scalarRow(op ir.Op, t ir.Type) bool {
	if t.IsFloat() || t == ir.Ref {
		return false
	}
	switch op {
	case ir.OpBitRev:
		return false
	case ir.OpSelect, ir.OpTrunc, ir.OpZExt, ir.OpSExt:
		return true
	}
	return op >= ir.OpAdd && op <= ir.OpSLe
}

var arithOf = [...]x.Arith{ir.OpAdd: x.ADD, ir.OpSub: x.SUB, ir.OpAnd: x.AND, ir.OpOr: x.OR, ir.OpXor: x.XOR}

var condOf = [...]x.Cond{ir.OpEq: x.E, ir.OpNe: x.NE, ir.OpULt: x.B, ir.OpULe: x.BE, ir.OpSLt: x.L, ir.OpSLe: x.LE}

// scalarRow emits an operation on scalars. Results are computed in AX, and
// there cleared above the bits of their type.
func (e *emitter) scalarRow(in *ins) {
	t := in.t
	size := bitsOf(t)
	narrow := t.Bits() < 32
	switch in.irop {
	case ir.OpAdd, ir.OpSub, ir.OpAnd, ir.OpOr, ir.OpXor:
		if t == ir.I32 || t == ir.I64 {
			e.arith3(in, size)
			return
		}
		e.move(x.AX, in.s[0])
		e.arith(arithOf[in.irop], 32, x.AX, in.s[1])
	case ir.OpMul:
		if t == ir.I32 || t == ir.I64 {
			d := e.gDst(in.d[0])
			if i, ok := e.small(in.s[1], size); ok {
				e.ImulI(size, d, e.g(in.s[0], x.AX), i)
			} else {
				a, b := in.s[0], in.s[1]
				if e.in(b, d) {
					a, b = b, a
				}
				e.move(d, a)
				e.Imul(size, d, e.g(b, x.DX))
			}
			e.gPut(in.d[0], d)
			return
		}
		e.move(x.AX, in.s[0])
		e.Imul(32, x.AX, e.g(in.s[1], x.DX))
	case ir.OpUDiv, ir.OpURem, ir.OpSDiv, ir.OpSRem:
		e.divide(in.irop, t, in.s[0], in.s[1])
	case ir.OpNot:
		e.move(x.AX, in.s[0])
		if t == ir.Bool {
			e.ArithI(x.XOR, 32, x.AX, 1)
		} else {
			e.Unary(x.NOT, size, x.AX)
		}
	case ir.OpNeg:
		e.move(x.AX, in.s[0])
		e.Unary(x.NEG, size, x.AX)
	case ir.OpShl, ir.OpLShr, ir.OpAShr:
		e.shift(in)
	case ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax:
		c := [...]x.Cond{ir.OpUMin: x.A, ir.OpUMax: x.B, ir.OpSMin: x.G, ir.OpSMax: x.L}[in.irop]
		e.pair(in.irop == ir.OpSMin || in.irop == ir.OpSMax, t, in.s[0], in.s[1])
		e.Arith(x.CMP, size, x.AX, x.DX)
		e.Cmov(c, size, x.AX, x.DX)
	case ir.OpUMulHi, ir.OpSMulHi:
		e.pair(in.irop == ir.OpSMulHi, t, in.s[0], in.s[1])
		if narrow {
			e.Imul(32, x.AX, x.DX)
			e.ShiftI(x.SHR, 32, x.AX, uint8(t.Bits()))
			break
		}
		u := x.MUL
		if in.irop == ir.OpSMulHi {
			u = x.IMUL
		}
		e.Unary(u, size, x.DX)
		e.Mov(size, x.AX, x.DX)
	case ir.OpClz:
		e.move(x.AX, in.s[0])
		e.Lzcnt(size, x.AX, x.AX)
		if narrow {
			e.ArithI(x.SUB, 32, x.AX, int32(32-t.Bits()))
		}
	case ir.OpCtz:
		e.move(x.AX, in.s[0])
		if narrow {
			e.ArithI(x.OR, 32, x.AX, 1<<t.Bits())
		}
		e.Tzcnt(size, x.AX, x.AX)
	case ir.OpPopcnt:
		e.Popcnt(size, x.AX, e.g(in.s[0], x.AX))
	case ir.OpEq, ir.OpNe, ir.OpULt, ir.OpULe, ir.OpSLt, ir.OpSLe:
		c := e.cmp(in.irop, in.from, in.s[0], in.s[1])
		e.Set(c, x.AX)
		narrow = false
	case ir.OpSelect:
		e.move(x.AX, in.s[2])
		e.move(x.DX, in.s[1])
		r := e.g(in.s[0], x.CX)
		e.Test(32, r, r)
		e.Cmov(x.NE, 64, x.AX, x.DX)
	case ir.OpTrunc:
		e.move(x.AX, in.s[0])
		if t == ir.I32 {
			e.Mov(32, x.AX, x.AX)
		}
	case ir.OpZExt:
		e.move(x.AX, in.s[0])
		narrow = false
	case ir.OpSExt:
		e.signed(x.AX, in.from, size, in.s[0])
	}
	if narrow {
		e.ArithI(x.AND, 32, x.AX, int32(ir.Mask(t)))
	}
	if d := e.gDst(in.d[0]); d != x.AX {
		e.Mov(64, d, x.AX)
	}
	e.gPut(in.d[0], x.AX)
}

// in reports whether scalar v is in register r.
func (e *emitter) in(v vreg, r x.Reg) bool {
	i := &e.l.regs[v]
	return !i.konst && i.phys == int8(r)
}

// arith3 emits sums, differences and logic of whole registers.
func (e *emitter) arith3(in *ins, size int) {
	a, b := in.s[0], in.s[1]
	d := e.gDst(in.d[0])
	defer func() { e.gPut(in.d[0], d) }()
	if e.in(b, d) && !e.in(a, d) {
		if in.irop == ir.OpSub {
			e.move(x.AX, a)
			e.Arith(x.SUB, size, x.AX, d)
			e.Mov(64, d, x.AX)
			return
		}
		a, b = b, a
	}
	if in.irop == ir.OpAdd && !e.in(a, d) {
		ra, rb := &e.l.regs[a], &e.l.regs[b]
		if i, ok := e.small(b, size); ok && ra.phys >= 0 {
			e.Lea(size, d, x.At(x.Reg(ra.phys), i))
			return
		}
		if ra.phys >= 0 && rb.phys >= 0 && !ra.konst && !rb.konst {
			e.Lea(size, d, x.Indexed(x.Reg(ra.phys), x.Reg(rb.phys), 1, 0))
			return
		}
	}
	e.move(d, a)
	e.arith(arithOf[in.irop], size, d, b)
}

func (amd64) inPlace(op ir.Op, t ir.Type) bool {
	switch op {
	case ir.OpAdd, ir.OpSub, ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpMul:
		return t == ir.I32 || t == ir.I64
	}
	return false
}

// signed sets d to v, of type t, sign-extended to size bits.
func (e *emitter) signed(d x.Reg, t ir.Type, size int, v vreg) {
	r := e.g(v, d)
	switch t {
	case ir.Bool:
		e.Mov(32, d, r)
		e.Unary(x.NEG, size, d)
	case ir.I8:
		e.Extend(x.SX8, size, d, r)
	case ir.I16:
		e.Extend(x.SX16, size, d, r)
	case ir.I32:
		if size == 64 {
			e.Extend(x.SX32, 64, d, r)
			return
		}
		e.Mov(32, d, r)
	default:
		e.Mov(64, d, r)
	}
}

// pair loads AX and DX with two operands, sign-extended to 32 bits at least if
// signed.
func (e *emitter) pair(signed bool, t ir.Type, a, b vreg) {
	if signed {
		e.signed(x.AX, t, bitsOf(t), a)
		e.signed(x.DX, t, bitsOf(t), b)
		return
	}
	e.move(x.AX, a)
	e.move(x.DX, b)
}

// cmp compares and returns the condition under which op holds.
func (e *emitter) cmp(op ir.Op, t ir.Type, a, b vreg) x.Cond {
	if (op == ir.OpSLt || op == ir.OpSLe) && t.Bits() < 32 {
		e.pair(true, t, a, b)
		e.Arith(x.CMP, 32, x.AX, x.DX)
		return condOf[op]
	}
	e.arith(x.CMP, bitsOf(t), e.g(a, x.AX), b)
	return condOf[op]
}

// shift emits a shift into AX; the count is taken modulo the width.
func (e *emitter) shift(in *ins) {
	t := in.t
	size := bitsOf(t)
	op := [...]x.Shift{ir.OpShl: x.SHL, ir.OpLShr: x.SHR, ir.OpAShr: x.SAR}[in.irop]
	if in.irop == ir.OpAShr {
		e.signed(x.AX, t, size, in.s[0])
	} else {
		e.move(x.AX, in.s[0])
	}
	if r := &e.l.regs[in.s[1]]; r.konst {
		if n := uint8(r.bits) & uint8(t.Bits()-1); n > 0 {
			e.ShiftI(op, size, x.AX, n)
		}
		return
	}
	e.move(x.CX, in.s[1])
	if t.Bits() < 32 {
		e.ArithI(x.AND, 32, x.CX, int32(t.Bits()-1))
	}
	e.ShiftCL(op, size, x.AX)
}

// divide sets AX to the quotient or remainder of a and b.
func (e *emitter) divide(op ir.Op, t ir.Type, a, b vreg) {
	size := bitsOf(t)
	signed := op == ir.OpSDiv || op == ir.OpSRem
	e.pair(signed, t, a, b)
	e.Mov(size, x.CX, x.DX)
	done, special := e.NewLabel(), e.NewLabel()
	// x/0, and what is about the smallest integer.
	e.Test(size, x.CX, x.CX)
	e.Jcc(x.E, special)
	if signed {
		minus := e.NewLabel()
		e.ArithI(x.CMP, size, x.CX, -1)
		e.Jcc(x.E, minus)
		e.Cqo(size)
		e.Unary(x.IDIV, size, x.CX)
		e.later(func() {
			e.Bind(minus)
			if op == ir.OpSDiv {
				e.Unary(x.NEG, size, x.AX)
			} else {
				e.Arith(x.XOR, 32, x.AX, x.AX)
			}
			e.Jmp(done)
		})
	} else {
		e.Arith(x.XOR, 32, x.DX, x.DX)
		e.Unary(x.DIV, size, x.CX)
	}
	rest := op == ir.OpURem || op == ir.OpSRem
	if rest {
		e.Mov(size, x.AX, x.DX)
	}
	e.Bind(done)
	e.later(func() {
		e.Bind(special)
		if !rest {
			e.ArithI(x.OR, size, x.AX, -1)
		}
		e.Jmp(done)
	})
}
