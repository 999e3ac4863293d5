package jit

import (
	"math"
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Operations on vectors that are lowered to others where the processor has none
// for them: 64-bit arithmetic, conversions between integers and floats, and what bits.go
// has.

// madeOfOthers reports whether there is such a way for in, which has operands of
// type from.
func (l *lower) madeOfOthers(in *ir.Instr, from ir.Type) bool {
	t := in.Type
	switch in.Op {
	case ir.OpClz, ir.OpCtz, ir.OpPopcnt, ir.OpBitRev:
		return t.IsInt()
	case ir.OpSMulHi, ir.OpAShr, ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax:
		return t == ir.I64
	case ir.OpUDiv, ir.OpURem, ir.OpSDiv, ir.OpSRem:
		return t == ir.I64
	case ir.OpFFma:
		return t == ir.F16
	case ir.OpSToF, ir.OpUToF:
		return from == ir.I32 || from == ir.I64 && t != ir.BF16
	case ir.OpFToU:
		return t == ir.I32 || t == ir.I64
	case ir.OpFToS:
		return t == ir.I64
	}
	return false
}

// makeOp lowers in for part p and appends the halves of its result to ds.
func (l *lower) makeOp(ds []vreg, in *ir.Instr, from ir.Type, p int) []vreg {
	t := in.Type
	var args [3][2]vreg
	for i, a := range in.Args {
		for h := range halves(from) {
			args[i][h] = l.vec(a, p, h)
		}
	}
	a, b := args[0], args[1]
	switch op := in.Op; op {
	case ir.OpFFma:
		return append(ds, l.fmaHalf(a[0], b[0], args[2][0]))
	case ir.OpSToF, ir.OpUToF:
		return append(ds, l.intToFloat(op == ir.OpSToF, t, from, a))
	case ir.OpFToU, ir.OpFToS:
		if t == ir.I32 {
			return append(ds, l.floatToUint(a[0]))
		}
		r := l.floatToWide(op == ir.OpFToS, a[0])
		return append(ds, r[0], r[1])
	case ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax:
		less := ir.OpULt
		if op == ir.OpSMin || op == ir.OpSMax {
			less = ir.OpSLt
		}
		m := l.cmpWide(less, a, b)
		if op == ir.OpUMax || op == ir.OpSMax {
			a, b = b, a
		}
		return append(ds, l.selectHalf(t, 0, m, a[0], b[0]), l.selectHalf(t, 1, m, a[1], b[1]))
	}
	var zero vreg
	if in.Op == ir.OpSDiv && !l.divisor(in) {
		zero = l.cmpWide(ir.OpEq, b, [2]vreg{l.wideConst(0), l.wideConst(0)})
	}
	for h := range halves(t) {
		var r vreg
		switch op := in.Op; op {
		case ir.OpSMulHi:
			r = l.mulHiWide(a[h], b[h])
		case ir.OpAShr:
			r = l.shiftWide(a[h], b[h])
		case ir.OpUDiv, ir.OpURem, ir.OpSDiv, ir.OpSRem:
			c, _ := l.sh.Constant(in.Args[1])
			signed := op == ir.OpSDiv || op == ir.OpSRem
			switch {
			case !l.divisor(in):
				r = l.divideLanes(signed, a[h], b[h])
			case signed:
				r = l.divideSignedWide(a[h], int64(c))
			default:
				r = l.divideWide(a[h], c)
			}
			if op == ir.OpURem || op == ir.OpSRem { // all of it if the divisor is 0
				r = l.wide(ir.OpSub, a[h], l.wide(ir.OpMul, r, b[h]))
			} else if zero != 0 {
				r = l.selectHalf(t, h, zero, l.wideConst(math.MaxUint64), r)
			}
		default:
			r = l.bitRow(op, t, a[h])
		}
		ds = append(ds, r)
	}
	return ds
}

func (l *lower) wide(op ir.Op, s ...vreg) vreg  { return l.vop(op, ir.I64, ir.I64, s...) }
func (l *lower) word(op ir.Op, s ...vreg) vreg  { return l.vop(op, ir.I32, ir.I32, s...) }
func (l *lower) float(op ir.Op, s ...vreg) vreg { return l.vop(op, ir.F32, ir.F32, s...) }

func (l *lower) wideConst(x uint64) vreg   { return l.splatConst(ir.I64, x) }
func (l *lower) wordConst(x uint32) vreg   { return l.splatConst(ir.I32, uint64(x)) }
func (l *lower) floatConst(x float32) vreg { return l.wordConst(math.Float32bits(x)) }

// cmp compares vectors of words or float32s, cmpWide those of I64.
func (l *lower) cmp(op ir.Op, from ir.Type, a, b vreg) vreg {
	d := l.reg(mask)
	l.emit(ins{op: lCmp, irop: op, from: from, d: l.list(d), s: l.list(a, b), early: true})
	return d
}

func (l *lower) cmpWide(op ir.Op, a, b [2]vreg) vreg {
	d := l.reg(mask)
	l.emit(ins{op: lCmp, irop: op, from: ir.I64, d: l.list(d), s: l.list(a[0], b[0], a[1], b[1]), early: true})
	return d
}

// widen extends words to 64 bits by zeros, narrowWide takes their lower halves.
func (l *lower) widen(x vreg) (w [2]vreg) {
	for h := range w {
		w[h] = l.emit1(lWiden, vector, int64(h), x)
		l.code[len(l.code)-1].irop = ir.OpZExt
	}
	return w
}

func (l *lower) narrowWide(x [2]vreg) vreg {
	d := l.emit1(lNarrow, vector, 0, x[0], x[1])
	l.code[len(l.code)-1].early = true
	return d
}

// signs is all ones where lanes are negative, else 0.
func (l *lower) signs(x vreg) vreg { return l.wide(ir.OpNeg, l.wide(ir.OpLShr, x, l.wideConst(63))) }

func (l *lower) shiftWide(x, by vreg) vreg {
	if l.cpu.vectorRow(ir.OpAShr, ir.I64, ir.I64) {
		return l.wide(ir.OpAShr, x, by)
	}
	s := l.signs(x)
	return l.wide(ir.OpXor, l.wide(ir.OpLShr, l.wide(ir.OpXor, x, s), by), s)
}

// mulHiWide is the upper half of the product of signed numbers: that of unsigned ones,
// less one number where the other is negative.
func (l *lower) mulHiWide(a, b vreg) vreg {
	r := l.wide(ir.OpUMulHi, a, b)
	r = l.wide(ir.OpSub, r, l.wide(ir.OpAnd, l.signs(a), b))
	return l.wide(ir.OpSub, r, l.wide(ir.OpAnd, l.signs(b), a))
}

// divideWide divides by c, at least 2, with a product (Granlund and Montgomery, Division
// by Invariant Integers using Multiplication, figure 4.1).
func (l *lower) divideWide(x vreg, c uint64) vreg {
	n := bits.Len64(c - 1)
	m, _ := bits.Div64(1<<n-c, 0, c) // 1<<64 is 0, and the difference right
	t := l.wide(ir.OpUMulHi, x, l.wideConst(m+1))
	t = l.wide(ir.OpAdd, t, l.wide(ir.OpLShr, l.wide(ir.OpSub, x, t), l.wideConst(1)))
	return l.wide(ir.OpLShr, t, l.wideConst(uint64(n-1)))
}

// divideSignedWide divides by c, neither 0, 1 nor -1 (the same, figure 5.2).
func (l *lower) divideSignedWide(x vreg, c int64) vreg {
	d := uint64(max(c, -c))
	n := max(bits.Len64(d-1), 1)
	m, _ := bits.Div64(1<<(n-1), 0, d)
	q := l.wide(ir.OpAdd, x, l.mulHiWide(x, l.wideConst(m+1)))
	q = l.wide(ir.OpSub, l.shiftWide(q, l.wideConst(uint64(n-1))), l.signs(x))
	if c < 0 {
		q = l.wide(ir.OpNeg, q)
	}
	return q
}

// divisor reports whether in divides by a constant that is neither 0, 1 nor -1.
func (l *lower) divisor(in *ir.Instr) bool {
	c, known := l.sh.Constant(in.Args[1])
	return known && c+1 > 2
}

// divideLanes divides by anything, but leaves undefined what a signed number divided by 0
// is: it divides numbers without their signs.
func (l *lower) divideLanes(signed bool, a, b vreg) vreg {
	l.lay.cells = max(l.lay.cells, walkCells)
	if !signed {
		return l.wide(ir.OpUDiv, a, b)
	}
	abs := func(x, sign vreg) vreg { return l.wide(ir.OpSub, l.wide(ir.OpXor, x, sign), sign) }
	signA, signB := l.signs(a), l.signs(b)
	q := l.wide(ir.OpUDiv, abs(a, signA), abs(b, signB))
	return abs(q, l.wide(ir.OpXor, signA, signB))
}

// fmaHalf is a*b + c of 16-bit floats. The product has no more digits than a float32;
// the sum is rounded to odd, so that it can be rounded again.
func (l *lower) fmaHalf(a, b, c vreg) vreg {
	p := l.float(ir.OpFMul, a, b)
	s := l.float(ir.OpFAdd, p, c)
	v := l.float(ir.OpFSub, s, p) // what is lost is the sum of two differences (Knuth)
	lost := l.float(ir.OpFAdd, l.float(ir.OpFSub, p, l.float(ir.OpFSub, s, v)), l.float(ir.OpFSub, c, v))
	zero := l.floatConst(0)
	inexact := l.maskOp(ir.OpOr, l.cmp(ir.OpFLt, ir.F32, lost, zero), l.cmp(ir.OpFLt, ir.F32, zero, lost))
	// Toward zero, and odd: the last digit of what is nearest is one too many if
	// what was lost has the other sign.
	other := l.word(ir.OpLShr, l.word(ir.OpXor, s, lost), l.wordConst(31))
	odd := l.word(ir.OpOr, l.word(ir.OpSub, s, other), l.wordConst(1))
	return l.vop(ir.OpFConv, ir.F16, ir.F32, l.selectHalf(ir.F32, 0, inexact, odd, s))
}

// floatToUint converts float32s to words: from 2^31 on, what is above it.
func (l *lower) floatToUint(x vreg) vreg {
	toInt := func(x vreg) vreg { return l.vop(ir.OpFToS, ir.I32, ir.F32, x) }
	half := l.floatConst(1 << 31)
	upper := l.word(ir.OpXor, toInt(l.float(ir.OpFSub, x, half)), l.wordConst(1<<31))
	lower := l.word(ir.OpSMax, toInt(x), l.wordConst(0))
	return l.selectHalf(ir.I32, 0, l.cmp(ir.OpFLe, ir.F32, half, x), upper, lower)
}

// floatToWide converts float32s to I64: the digits are shifted by the exponent.
func (l *lower) floatToWide(signed bool, x vreg) (r [2]vreg) {
	exp := l.word(ir.OpAnd, l.word(ir.OpLShr, x, l.wordConst(23)), l.wordConst(255))
	up := l.word(ir.OpSub, exp, l.wordConst(127+23))
	zero := l.wordConst(0)
	left := l.widen(l.word(ir.OpSMin, l.word(ir.OpSMax, up, zero), l.wordConst(40)))
	right := l.widen(l.word(ir.OpSMin, l.word(ir.OpSMax, l.word(ir.OpNeg, up), zero), l.wordConst(24)))
	digits := l.widen(l.word(ir.OpOr, l.word(ir.OpAnd, x, l.wordConst(1<<23-1)), l.wordConst(1<<23)))
	least, most, end := uint64(0), uint64(math.MaxUint64), l.floatConst(1<<64)
	if signed {
		least, most, end = 1<<63, 1<<63-1, l.floatConst(1<<63)
	}
	negative := l.cmp(ir.OpFLt, ir.F32, x, l.floatConst(0))
	above := l.cmp(ir.OpFLe, ir.F32, end, x)
	below, nan := negative, l.cmp(ir.OpFNe, ir.F32, x, x)
	if signed {
		below = l.cmp(ir.OpFLt, ir.F32, x, l.floatConst(-1<<63))
	}
	for h := range r {
		v := l.wide(ir.OpLShr, l.wide(ir.OpShl, digits[h], left[h]), right[h])
		if signed {
			v = l.selectHalf(ir.I64, h, negative, l.wide(ir.OpNeg, v), v)
		}
		v = l.selectHalf(ir.I64, h, above, l.wideConst(most), v)
		v = l.selectHalf(ir.I64, h, below, l.wideConst(least), v)
		r[h] = l.selectHalf(ir.I64, h, nan, l.wideConst(0), v)
	}
	return r
}

// intToFloat converts words, or I64 to what is no BF16.
func (l *lower) intToFloat(signed bool, t, from ir.Type, x [2]vreg) vreg {
	toFloat := func(x vreg) vreg { return l.vop(ir.OpSToF, ir.F32, ir.I32, x) }
	switch {
	case t == ir.F16: // from 65520 on it is infinite
		const most = 1 << 17
		if from == ir.I64 {
			x[0] = l.narrowWide(l.clampWide(signed, x, most))
		} else if signed {
			x[0] = l.word(ir.OpSMax, l.word(ir.OpSMin, x[0], l.wordConst(most)), l.wordConst(-most&math.MaxUint32))
		} else {
			x[0] = l.word(ir.OpUMin, x[0], l.wordConst(most))
		}
		return l.vop(ir.OpFConv, t, ir.F32, toFloat(x[0]))
	case from == ir.I64:
		return l.wideToFloat(signed, x)
	case t == ir.BF16:
		return l.wordToBF16(signed, x[0])
	case signed:
		return toFloat(x[0])
	}
	// Both halves are exact, and the sum is rounded once.
	upper := toFloat(l.word(ir.OpLShr, x[0], l.wordConst(16)))
	lower := toFloat(l.word(ir.OpAnd, x[0], l.wordConst(1<<16-1)))
	return l.float(ir.OpFFma, upper, l.floatConst(1<<16), lower)
}

// clampWide is x, or ±most if it is beyond.
func (l *lower) clampWide(signed bool, x [2]vreg, most uint64) (r [2]vreg) {
	m := [2]vreg{l.wideConst(most), l.wideConst(most)}
	n := [2]vreg{l.wideConst(-most), l.wideConst(-most)}
	less := ir.OpULt
	if signed {
		less = ir.OpSLt
	}
	above := l.cmpWide(less, m, x)
	var below vreg
	if signed {
		below = l.cmpWide(less, x, n)
	}
	for h := range r {
		r[h] = l.selectHalf(ir.I64, h, above, m[h], x[h])
		if signed {
			r[h] = l.selectHalf(ir.I64, h, below, n[h], r[h])
		}
	}
	return r
}

// wideToFloat converts I64 to float32: numbers of up to 48 bits are two halves that are
// exact, and whose sum is rounded once. Of others the lowest 16 bits matter only as to
// whether they are 0.
func (l *lower) wideToFloat(signed bool, x [2]vreg) vreg {
	var sign, upper, lower, all [2]vreg
	for h := range x {
		if signed {
			sign[h] = l.signs(x[h])
			x[h] = l.wide(ir.OpSub, l.wide(ir.OpXor, x[h], sign[h]), sign[h])
		}
		all[h] = l.wideConst(1<<48 - 1)
	}
	large := l.cmpWide(ir.OpULt, all, x)
	low := l.wideConst(1<<16 - 1)
	for h := range x {
		rest := l.wide(ir.OpLShr, l.wide(ir.OpAdd, l.wide(ir.OpAnd, x[h], low), low), l.wideConst(16))
		short := l.wide(ir.OpOr, l.wide(ir.OpLShr, x[h], l.wideConst(16)), rest)
		v := l.selectHalf(ir.I64, h, large, short, x[h])
		upper[h] = l.wide(ir.OpLShr, v, l.wideConst(24))
		lower[h] = l.wide(ir.OpAnd, v, l.wideConst(1<<24-1))
	}
	toFloat := func(x [2]vreg) vreg { return l.vop(ir.OpSToF, ir.F32, ir.I32, l.narrowWide(x)) }
	f := l.float(ir.OpFFma, toFloat(upper), l.floatConst(1<<24), toFloat(lower))
	f = l.selectHalf(ir.F32, 0, large, l.float(ir.OpFMul, f, l.floatConst(1<<16)), f)
	if signed {
		f = l.float(ir.OpFCopysign, f, l.narrowWide(sign))
	}
	return f
}

// wordToBF16 converts words: of those above 24 bits the lowest 8 matter only as to
// whether they are 0.
func (l *lower) wordToBF16(signed bool, x vreg) vreg {
	toFloat := func(x vreg) vreg { return l.vop(ir.OpSToF, ir.F32, ir.I32, x) }
	var sign vreg
	if signed {
		sign = l.word(ir.OpAShr, x, l.wordConst(31))
		x = l.word(ir.OpSub, l.word(ir.OpXor, x, sign), sign)
	}
	low := l.wordConst(1<<8 - 1)
	rest := l.word(ir.OpLShr, l.word(ir.OpAdd, l.word(ir.OpAnd, x, low), low), l.wordConst(8))
	upper := l.word(ir.OpLShr, x, l.wordConst(8))
	large := l.cmp(ir.OpULt, ir.I32, l.wordConst(1<<24-1), x)
	f := l.selectHalf(ir.F32, 0, large, l.float(ir.OpFMul, toFloat(l.word(ir.OpOr, upper, rest)), l.floatConst(1<<8)), toFloat(x))
	if signed {
		f = l.float(ir.OpFCopysign, f, sign)
	}
	return l.vop(ir.OpFConv, ir.BF16, ir.F32, f)
}
