package lower

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// addMath adds the mathematical functions (MSL spec, section 6.5). Those that
// the IR has as operations of floats are done in float for half and bfloat,
// and rounded; the rest is exact in every type.
func addMath(m map[string]libFunc) {
	for name, o := range map[string]ir.Op{
		"exp": ir.OpExp, "exp2": ir.OpExp2, "exp10": ir.OpExp10,
		"log": ir.OpLog, "log2": ir.OpLog2, "log10": ir.OpLog10,
		"sin": ir.OpSin, "cos": ir.OpCos, "tan": ir.OpTan,
		"asin": ir.OpAsin, "acos": ir.OpAcos, "atan": ir.OpAtan, "atan2": ir.OpAtan2,
		"sinh": ir.OpSinh, "cosh": ir.OpCosh, "tanh": ir.OpTanh,
		"asinh": ir.OpAsinh, "acosh": ir.OpAcosh, "atanh": ir.OpAtanh,
		"sinpi": ir.OpSinPi, "cospi": ir.OpCosPi, "tanpi": ir.OpTanPi,
		"pow": ir.OpPow, "powr": ir.OpPowr, "rsqrt": ir.OpRsqrt,
	} {
		m[name] = mathFunc(o)
	}
	m["sincos"] = sincos
	m["sqrt"] = each(op(ir.OpFSqrt))
	m["fabs"] = each(op(ir.OpFAbs))
	m["floor"] = each(op(ir.OpFFloor))
	m["ceil"] = each(op(ir.OpFCeil))
	m["trunc"] = each(op(ir.OpFTrunc))
	m["rint"] = each(op(ir.OpFRint))
	m["round"] = each(op(ir.OpFRound))
	m["fma"] = each(op(ir.OpFFma))
	m["fmod"] = each(op(ir.OpFRem))
	m["divide"] = each(op(ir.OpFDiv))
	m["copysign"] = each(op(ir.OpFCopysign))
	m["fmin"] = each(op(ir.OpFMin))
	m["fmax"] = each(op(ir.OpFMax))
	m["fdim"] = each(fdim)
	m["fract"] = each(fract)
	m["nextafter"] = each(nextafter)
	m["ldexp"] = each(ldexp)
	m["ilogb"] = each(ilogb)
	for name, x := range map[string]float32{
		"__builtin_inff": float32(math.Inf(1)), "__builtin_huge_valf": float32(math.Inf(1)), "__builtin_nanf": float32(math.NaN()),
	} {
		m[name] = func(l *lowerer, e *sem.Builtin) []ir.Value { return []ir.Value{l.b.F32(x)} }
	}
	m["frexp"] = frexp
	m["modf"] = modf
}

// mathFunc is a function of floats that the IR has.
func mathFunc(o ir.Op) libFunc {
	return func(l *lowerer, e *sem.Builtin) []ir.Value {
		return each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
			return l.widened(t, x, func(x []ir.Value) ir.Value { return l.math(o, e.Mode, x...) })
		})(l, e)
	}
}

// math emits a mathematical operation, in its fast form where that will do.
func (l *lowerer) math(o ir.Op, mode sem.Mode, x ...ir.Value) ir.Value {
	var fast int64
	if mode == sem.Fast || mode == sem.Default && l.fast {
		fast = 1
	}
	return l.b.EmitImm(o, ir.F32, fast, append([]ir.Value(nil), x...)...)
}

// sincos returns the sine and stores the cosine.
func sincos(l *lowerer, e *sem.Builtin) []ir.Value {
	x := l.value(e.Args[0])
	p := l.place(e.Args[1])
	t := elemOf(e.Args[0].Type())
	sin, cos := make([]ir.Value, len(x)), make([]ir.Value, len(x))
	for i, v := range x {
		sin[i] = l.widened(t, []ir.Value{v}, func(x []ir.Value) ir.Value { return l.math(ir.OpSin, e.Mode, x...) })
		cos[i] = l.widened(t, []ir.Value{v}, func(x []ir.Value) ir.Value { return l.math(ir.OpCos, e.Mode, x...) })
	}
	l.store(p, cos, e.P)
	return sin
}

// fdim is x-y where x is greater, else 0; NaN if one is NaN.
func fdim(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	return l.b.Select(l.test(ir.OpFLe, x[0], x[1]), l.b.Zero(it), l.fsub(it, x[0], x[1]))
}

// fract is min(x - floor(x), the largest number below 1); NaN stays NaN.
func fract(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	below1 := map[ir.Type]uint64{ir.F32: 0x3f7fffff, ir.F16: 0x3bff, ir.BF16: 0x3f7f}[it]
	limit := l.b.Const(it, below1)
	r := l.fsub(it, x[0], l.b.Emit(ir.OpFFloor, it, x[0]))
	return l.b.Select(l.test(ir.OpFLt, limit, r), limit, r)
}

// nextafter steps from x towards y.
func nextafter(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	n := it.Int()
	a, b := x[0], x[1]
	zero := l.b.Zero(it)
	bits := l.bits(a, n)
	// Away from zero if the step leads there.
	up := l.test(ir.OpEq, l.test(ir.OpFLt, a, b), l.test(ir.OpFLt, zero, a))
	step := l.b.Select(up, l.imm(n, 1), l.imm(n, -1))
	next := l.bits(l.b.Emit(ir.OpAdd, n, bits, step), it)
	least := l.b.Emit(ir.OpFCopysign, it, l.b.Const(it, 1), b)
	next = l.b.Select(l.test(ir.OpFEq, a, zero), least, next)
	next = l.b.Select(l.test(ir.OpFEq, a, b), b, next)
	nan := l.b.Emit(ir.OpOr, ir.Bool, l.test(ir.OpFNe, a, a), l.test(ir.OpFNe, b, b))
	return l.b.Select(nan, l.fadd(it, a, b), next)
}

// ldexp is x times 2 to the k, rounded once: factors that could make the
// product subnormal too early keep 24 digits in reserve.
func ldexp(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	k := x[1]
	if l.b.F.TypeOf(k) != ir.I32 {
		k = l.resize(k, ir.I32, true)
	}
	return l.widened(t, x[:1], func(x []ir.Value) ir.Value {
		y := x[0]
		for range 2 {
			big := l.test(ir.OpSLt, l.b.I32(127), k)
			y = l.b.Select(big, l.fmul(ir.F32, y, l.b.F32(0x1p127)), y)
			k = l.b.Select(big, l.b.Emit(ir.OpSub, ir.I32, k, l.b.I32(127)), k)
			small := l.test(ir.OpSLt, k, l.b.I32(-126))
			y = l.b.Select(small, l.fmul(ir.F32, y, l.b.F32(0x1p-102)), y)
			k = l.b.Select(small, l.b.Emit(ir.OpAdd, ir.I32, k, l.b.I32(102)), k)
		}
		k = l.b.Emit(ir.OpSMin, ir.I32, l.b.Emit(ir.OpSMax, ir.I32, k, l.b.I32(-126)), l.b.I32(127))
		exp := l.b.Emit(ir.OpShl, ir.I32, l.b.Emit(ir.OpAdd, ir.I32, k, l.b.I32(127)), l.b.I32(23))
		return l.fmul(ir.F32, y, l.bits(exp, ir.F32))
	})
}

// split takes a float apart: x = mantissa * 2^exp with a mantissa in [0.5, 1).
// Zeros, infinities and NaNs have exponent 0 and are their own mantissa.
func (l *lowerer) splitFloat(x ir.Value) (mantissa, exp ir.Value, finite ir.Value) {
	abs := l.b.Emit(ir.OpFAbs, ir.F32, x)
	small := l.test(ir.OpFLt, abs, l.b.F32(0x1p-126))
	y := l.b.Select(small, l.fmul(ir.F32, x, l.b.F32(0x1p24)), x)
	bits := l.bits(y, ir.I32)
	e := l.b.Emit(ir.OpAnd, ir.I32, l.b.Emit(ir.OpLShr, ir.I32, bits, l.b.I32(23)), l.b.I32(0xff))
	bias := l.b.Select(small, l.b.I32(126+24), l.b.I32(126))
	e = l.b.Emit(ir.OpSub, ir.I32, e, bias)
	m := l.b.Emit(ir.OpOr, ir.I32, l.b.Emit(ir.OpAnd, ir.I32, bits, l.imm(ir.I32, 0x807fffff)), l.b.I32(126<<23))
	finite = l.b.Emit(ir.OpAnd, ir.Bool,
		l.test(ir.OpFLt, abs, l.b.F32(float32(math.Inf(1)))),
		l.test(ir.OpFNe, x, l.b.F32(0)))
	mantissa = l.b.Select(finite, l.bits(m, ir.F32), x)
	exp = l.b.Select(finite, e, l.b.I32(0))
	return mantissa, exp, finite
}

// frexp returns the mantissa and stores the exponent.
func frexp(l *lowerer, e *sem.Builtin) []ir.Value {
	x := l.value(e.Args[0])
	p := l.place(e.Args[1])
	t := elemOf(e.Args[0].Type())
	mant, exp := make([]ir.Value, len(x)), make([]ir.Value, len(x))
	for i, v := range x {
		mant[i] = l.widened(t, []ir.Value{v}, func(x []ir.Value) ir.Value {
			var m ir.Value
			m, exp[i], _ = l.splitFloat(x[0])
			return m
		})
		exp[i] = l.resize(exp[i], l.scalarType(elemOf(e.Args[1].Type())), true)
	}
	l.store(p, exp, e.P)
	return mant
}

// ilogb is the exponent of x as an int: that of frexp less one. It is the
// smallest int for 0 and the largest for infinities and NaNs.
func ilogb(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	v := x[0]
	if t.Kind != types.Float {
		v = l.b.Emit(ir.OpFConv, ir.F32, v)
	}
	_, exp, finite := l.splitFloat(v)
	r := l.b.Emit(ir.OpSub, ir.I32, exp, l.b.I32(1))
	odd := l.b.Select(l.test(ir.OpFEq, v, l.b.F32(0)), l.b.I32(math.MinInt32), l.b.I32(math.MaxInt32))
	return l.b.Select(finite, r, odd)
}

// modf returns the fraction of x and stores the rest, both with x's sign.
func modf(l *lowerer, e *sem.Builtin) []ir.Value {
	x := l.value(e.Args[0])
	p := l.place(e.Args[1])
	it := l.scalarType(elemOf(e.Args[0].Type()))
	whole, frac := make([]ir.Value, len(x)), make([]ir.Value, len(x))
	for i, v := range x {
		whole[i] = l.b.Emit(ir.OpFTrunc, it, v)
		f := l.b.Select(l.test(ir.OpFEq, whole[i], v), l.b.Zero(it), l.fsub(it, v, whole[i]))
		frac[i] = l.b.Emit(ir.OpFCopysign, it, f, v)
	}
	l.store(p, whole, e.P)
	return frac
}
