package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// addInteger adds the integer functions (MSL spec, section 6.4), for integers
// of every width.
func addInteger(m map[string]libFunc) {
	m["clz"] = each(op(ir.OpClz))
	m["ctz"] = each(op(ir.OpCtz))
	m["popcount"] = each(op(ir.OpPopcnt))
	m["reverse_bits"] = each(op(ir.OpBitRev))
	m["mulhi"] = each(bySign(ir.OpSMulHi, ir.OpUMulHi, ir.OpInvalid))
	m["absdiff"] = each(absdiff)
	m["addsat"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value { return l.addsat(t, x[0], x[1]) })
	m["subsat"] = each(subsat)
	m["hadd"] = each(hadd)
	m["rhadd"] = each(rhadd)
	m["mul24"] = each(op(ir.OpMul))
	m["mad24"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		it := l.scalarType(t)
		return l.b.Emit(ir.OpAdd, it, l.b.Emit(ir.OpMul, it, x[0], x[1]), x[2])
	})
	m["madhi"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		it := l.scalarType(t)
		return l.b.Emit(ir.OpAdd, it, bySign(ir.OpSMulHi, ir.OpUMulHi, ir.OpInvalid)(l, t, x[:2]), x[2])
	})
	m["madsat"] = each(madsat)
	m["rotate"] = each(rotate)
	m["extract_bits"] = each(extractBits)
	m["insert_bits"] = each(insertBits)
}

func signedMin(t ir.Type) int64 { return -1 << (t.Bits() - 1) }
func signedMax(t ir.Type) int64 { return 1<<(t.Bits()-1) - 1 }

// absdiff is |x-y| without overflow, unsigned.
func absdiff(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	less := ir.OpULt
	if t.IsSigned() {
		less = ir.OpSLt
	}
	return l.b.Select(l.test(less, x[0], x[1]),
		l.b.Emit(ir.OpSub, it, x[1], x[0]), l.b.Emit(ir.OpSub, it, x[0], x[1]))
}

// limit is the smallest number where x is negative, else the largest.
func (l *lowerer) limit(it ir.Type, x ir.Value) ir.Value {
	return l.b.Select(l.test(ir.OpSLt, x, l.b.Zero(it)), l.imm(it, signedMin(it)), l.imm(it, signedMax(it)))
}

func (l *lowerer) addsat(t *types.Basic, x, y ir.Value) ir.Value {
	it := l.scalarType(t)
	sum := l.b.Emit(ir.OpAdd, it, x, y)
	if !t.IsSigned() {
		return l.b.Select(l.test(ir.OpULt, sum, x), l.imm(it, -1), sum)
	}
	// It overflowed if the sum has neither's sign.
	over := l.b.Emit(ir.OpAnd, it, l.b.Emit(ir.OpXor, it, x, sum), l.b.Emit(ir.OpXor, it, y, sum))
	return l.b.Select(l.test(ir.OpSLt, over, l.b.Zero(it)), l.limit(it, x), sum)
}

func subsat(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	diff := l.b.Emit(ir.OpSub, it, x[0], x[1])
	if !t.IsSigned() {
		return l.b.Select(l.test(ir.OpULt, x[0], x[1]), l.b.Zero(it), diff)
	}
	over := l.b.Emit(ir.OpAnd, it, l.b.Emit(ir.OpXor, it, x[0], x[1]), l.b.Emit(ir.OpXor, it, x[0], diff))
	return l.b.Select(l.test(ir.OpSLt, over, l.b.Zero(it)), l.limit(it, x[0]), diff)
}

// hadd is (x+y)>>1 without overflow: what both have, and half of what one has.
func hadd(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	return l.b.Emit(ir.OpAdd, it, l.b.Emit(ir.OpAnd, it, x[0], x[1]), l.halfDiff(t, x))
}

// rhadd is (x+y+1)>>1 without overflow.
func rhadd(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	return l.b.Emit(ir.OpSub, it, l.b.Emit(ir.OpOr, it, x[0], x[1]), l.halfDiff(t, x))
}

func (l *lowerer) halfDiff(t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	o := ir.OpLShr
	if t.IsSigned() {
		o = ir.OpAShr
	}
	return l.b.Emit(o, it, l.b.Emit(ir.OpXor, it, x[0], x[1]), l.imm(it, 1))
}

// madsat is x*y + z, saturated.
func madsat(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	signed := t.IsSigned()
	if it != ir.I64 {
		// Exact in 64 bits, but for the largest uints, whose sum still fits.
		wide := func(v ir.Value) ir.Value { return l.resize(v, ir.I64, signed) }
		r := l.b.Emit(ir.OpAdd, ir.I64, l.b.Emit(ir.OpMul, ir.I64, wide(x[0]), wide(x[1])), wide(x[2]))
		if signed {
			r = l.b.Emit(ir.OpSMax, ir.I64, r, l.b.I64(signedMin(it)))
			r = l.b.Emit(ir.OpSMin, ir.I64, r, l.b.I64(signedMax(it)))
		} else {
			r = l.b.Emit(ir.OpUMin, ir.I64, r, l.b.Const(ir.I64, ir.Mask(it)))
		}
		return l.b.Emit(ir.OpTrunc, it, r)
	}
	lo := l.b.Emit(ir.OpMul, it, x[0], x[1])
	sum := l.b.Emit(ir.OpAdd, it, lo, x[2])
	carry := l.test(ir.OpULt, sum, lo)
	if !signed {
		hi := l.b.Emit(ir.OpUMulHi, it, x[0], x[1])
		over := l.b.Emit(ir.OpOr, ir.Bool, carry, l.test(ir.OpNe, hi, l.b.Zero(it)))
		return l.b.Select(over, l.imm(it, -1), sum)
	}
	hi := l.b.Emit(ir.OpSMulHi, it, x[0], x[1])
	hi = l.b.Emit(ir.OpAdd, it, hi, l.b.Emit(ir.OpAShr, it, x[2], l.b.I64(63)))
	hi = l.b.Emit(ir.OpAdd, it, hi, l.b.Emit(ir.OpZExt, it, carry))
	over := l.test(ir.OpNe, hi, l.b.Emit(ir.OpAShr, it, sum, l.b.I64(63)))
	return l.b.Select(over, l.limit(it, hi), sum)
}

// rotate rotates to the left, by y modulo the width.
func rotate(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	return l.b.Emit(ir.OpOr, it,
		l.b.Emit(ir.OpShl, it, x[0], x[1]),
		l.b.Emit(ir.OpLShr, it, x[0], l.b.Emit(ir.OpNeg, it, x[1])))
}

// extractBits is the field of n bits at offset of x, with x's sign.
func extractBits(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	offset, n := l.resize(x[1], it, false), l.resize(x[2], it, false)
	width := l.imm(it, int64(it.Bits()))
	right := l.b.Emit(ir.OpSub, it, width, n)
	left := l.b.Emit(ir.OpSub, it, right, offset)
	o := ir.OpLShr
	if t.IsSigned() {
		o = ir.OpAShr
	}
	field := l.b.Emit(o, it, l.b.Emit(ir.OpShl, it, x[0], left), right)
	return l.b.Select(l.test(ir.OpEq, n, l.b.Zero(it)), l.b.Zero(it), field)
}

// insertBits puts the low n bits of y at offset of x.
func insertBits(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	offset, n := l.resize(x[2], it, false), l.resize(x[3], it, false)
	right := l.b.Emit(ir.OpSub, it, l.imm(it, int64(it.Bits())), n)
	mask := l.b.Emit(ir.OpShl, it, l.b.Emit(ir.OpLShr, it, l.imm(it, -1), right), offset)
	kept := l.b.Emit(ir.OpAnd, it, x[0], l.b.Emit(ir.OpNot, it, mask))
	put := l.b.Emit(ir.OpAnd, it, l.b.Emit(ir.OpShl, it, x[1], offset), mask)
	return l.b.Select(l.test(ir.OpEq, n, l.b.Zero(it)), x[0], l.b.Emit(ir.OpOr, it, kept, put))
}
