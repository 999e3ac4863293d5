package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// Lanes hold 8- and 16-bit integers zero-extended to 32 bits, and 16-bit
// floats as the float32s they stand for. Operations on them are those of 32
// bits, with what it takes to come back.

func (l *lower) clear(x vreg, t ir.Type) vreg {
	if t.Bits() >= 32 {
		return x
	}
	return l.vop(ir.OpAnd, ir.I32, ir.I32, x, l.splatConst(ir.I32, ir.Mask(t)))
}

// sext extends lanes of type t to 32 bits by their sign.
func (l *lower) sext(x vreg, t ir.Type) vreg {
	if t.Bits() >= 32 {
		return x
	}
	n := l.splatConst(ir.I32, uint64(32-t.Bits()))
	return l.vop(ir.OpAShr, ir.I32, ir.I32, l.vop(ir.OpShl, ir.I32, ir.I32, x, n), n)
}

func (l *lower) narrow(op ir.Op, t, from ir.Type, s []vreg) vreg {
	word := func(op ir.Op, s ...vreg) vreg { return l.vop(op, ir.I32, ir.I32, s...) }
	c := func(x uint64) vreg { return l.splatConst(ir.I32, x) }
	switch op {
	case ir.OpZExt:
		return s[0]
	case ir.OpSExt:
		return l.clear(l.sext(s[0], from), t)
	case ir.OpTrunc:
		return l.clear(s[0], t)
	case ir.OpFConv:
		if t == ir.F32 {
			return s[0]
		}
		return l.vop(op, t, ir.F32, s[0])
	case ir.OpBitcast:
		x := s[0]
		switch from {
		case ir.F16:
			x = l.vop(op, ir.I16, ir.F16, x)
		case ir.BF16:
			x = word(ir.OpLShr, x, c(16))
		}
		switch t {
		case ir.F16:
			x = l.vop(op, ir.F16, ir.I16, x)
		case ir.BF16:
			x = word(ir.OpShl, x, c(16))
		}
		return x
	case ir.OpSToF, ir.OpUToF: // of integers that float32 has exactly
		x := s[0]
		if op == ir.OpSToF {
			x = l.sext(x, from)
		}
		x = l.vop(ir.OpSToF, ir.F32, ir.I32, x)
		if t != ir.F32 {
			x = l.vop(ir.OpFConv, t, ir.F32, x)
		}
		return x
	case ir.OpFToS, ir.OpFToU:
		if t.Bits() == 32 {
			return l.vop(op, t, ir.F32, s[0])
		}
		x := l.vop(ir.OpFToS, ir.I32, ir.F32, s[0])
		least, most := uint64(0), ir.Mask(t)
		if op == ir.OpFToS {
			most >>= 1
			least = uint64(uint32(^most))
		}
		x = word(ir.OpSMax, word(ir.OpSMin, x, c(most)), c(least))
		return l.clear(x, t)
	}
	if t.IsFloat() {
		x := l.vop(op, ir.F32, ir.F32, s...)
		if op <= ir.OpFDiv || op == ir.OpFSqrt {
			x = l.vop(ir.OpFConv, t, ir.F32, x)
		}
		return x
	}
	width := c(uint64(t.Bits() - 1))
	switch op {
	case ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpUMin, ir.OpUMax:
		return word(op, s...)
	case ir.OpSMin, ir.OpSMax, ir.OpSDiv, ir.OpSRem:
		return l.clear(word(op, l.sext(s[0], t), l.sext(s[1], t)), t)
	case ir.OpAShr:
		return l.clear(word(op, l.sext(s[0], t), word(ir.OpAnd, s[1], width)), t)
	case ir.OpShl, ir.OpLShr:
		return l.clear(word(op, s[0], word(ir.OpAnd, s[1], width)), t)
	}
	return l.clear(word(op, s...), t)
}
