package expand

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// scale returns x * 2**i for i in [-250, 250], rounded once: in two steps, so that
// neither factor leaves the range of a float32.
func (e *emitter) scale(x, i ir.Value) ir.Value {
	half := e.int(ir.OpAShr, i, e.i(1))
	rest := e.int(ir.OpSub, i, half)
	power := func(i ir.Value) ir.Value {
		return e.float(e.int(ir.OpShl, e.int(ir.OpAdd, i, e.i(127)), e.i(23)))
	}
	return e.mul(e.mul(x, power(half)), power(rest))
}

// clamp returns x within [lo, hi], and x itself if it is a NaN.
func (e *emitter) clamp(x ir.Value, lo, hi float64) ir.Value {
	x = e.sel(e.lt(x, e.c(lo)), e.c(lo), x)
	return e.sel(e.lt(e.c(hi), x), e.c(hi), x)
}

// expPoly is e**r for |r| <= ln(2)/2, to 2⁻²⁸ before it is rounded.
func (e *emitter) expPoly(r ir.Value) ir.Value {
	return e.poly(r, 1, 1, 4.9999993413e-1, 1.6666520108e-1, 4.1668394208e-2, 8.3687804024e-3, 1.3814467184e-3)
}

// lessLn2 takes n times the logarithm of 2, in two parts, from x.
func (e *emitter) lessLn2(x, n ir.Value) ir.Value {
	r := e.fma(n, e.c(-0.693359375), x)
	return e.fma(n, e.c(2.12194440e-4), r)
}

func (e *emitter) exp(x, _ ir.Value) ir.Value {
	if e.fast {
		t := e.roundBits(x, math.Log2E)
		p := e.expPoly(e.lessLn2(x, e.sub(t, e.c(0x1.8p23))))
		return e.scaleFast(p, t, x, -87.33654, 88.72283)
	}
	// Outside this range the result is 0 or an infinity whatever x is.
	x = e.clamp(x, -110, 100)
	n, i := e.round(x, math.Log2E)
	return e.scale(e.expPoly(e.lessLn2(x, n)), i)
}

// scaleFast returns p * 2**n for the n in the last bits of t, p in [0.7, 1.5]: 0
// where x is below lo, where the result is subnormal, and x plus infinity where
// it is above hi, or a NaN.
func (e *emitter) scaleFast(p, t, x ir.Value, lo, hi float64) ir.Value {
	y := e.float(e.int(ir.OpAdd, e.bits(p), e.int(ir.OpShl, e.bits(t), e.i(23))))
	y = e.sel(e.le(x, e.c(hi)), y, e.add(x, e.inf()))
	return e.sel(e.lt(x, e.c(lo)), e.c(0), y)
}

func (e *emitter) exp2(x, _ ir.Value) ir.Value {
	if e.fast {
		t := e.roundBits(x, 1)
		p := e.exp2Poly(e.sub(x, e.sub(t, e.c(0x1.8p23))))
		return e.scaleFast(p, t, x, -126, 127.99999)
	}
	x = e.clamp(x, -160, 140)
	n, i := e.round(x, 1)
	return e.scale(e.exp2Poly(e.sub(x, n)), i)
}

// exp2Poly is 2**r for |r| <= 0.5.
func (e *emitter) exp2Poly(r ir.Value) ir.Value {
	return e.poly(r, 1, 6.931472028550421e-1, 2.402264791363012e-1, 5.550332471162809e-2, 9.618437357674640e-3, 1.339887440266574e-3, 1.535336188319500e-4)
}

func (e *emitter) exp10(x, _ ir.Value) ir.Value {
	// log10(2) in two parts, as in exp.
	reduce := func(n ir.Value) ir.Value {
		r := e.fma(n, e.c(-0.301025390625), x)
		r = e.fma(n, e.c(-4.60503898119521e-6), r)
		return e.mul(r, e.c(math.Ln10))
	}
	if e.fast {
		t := e.roundBits(x, math.Log2E*math.Ln10)
		return e.scaleFast(e.expPoly(reduce(e.sub(t, e.c(0x1.8p23)))), t, x, -37.92977, 38.53183)
	}
	x = e.clamp(x, -48, 42)
	n, i := e.round(x, math.Log2E*math.Ln10)
	return e.scale(e.expPoly(reduce(n)), i)
}

// normalize splits a positive x into k and f with x = 2**k * (1+f) and 1+f in
// [sqrt(1/2), sqrt(2)); k is an integral float. Subnormals are scaled first.
func (e *emitter) normalize(x ir.Value) (k, f ir.Value) {
	small := e.lt(x, e.c(0x1p-126))
	k, f = e.split(e.sel(small, e.mul(x, e.c(0x1p25)), x))
	return e.sub(k, e.sel(small, e.c(25), e.c(0))), f
}

// split is normalize for normal numbers.
func (e *emitter) split(x ir.Value) (k, f ir.Value) {
	// Moving the bits so that sqrt(1/2) stands at a power of two makes the
	// exponent field count from there.
	bits := e.int(ir.OpAdd, e.bits(x), e.i(0x3f800000-0x3f3504f3))
	exp := e.int(ir.OpSub, e.int(ir.OpAShr, bits, e.i(23)), e.i(127))
	m := e.int(ir.OpAdd, e.int(ir.OpAnd, bits, e.i(0x7fffff)), e.i(0x3f3504f3))
	return e.fromInt(exp), e.sub(e.float(m), e.c(1))
}

// logPoly returns s and r with log(1+f) = f - hfsq + s*(hfsq+r), where hfsq is
// f*f/2: the series of log((1+s)/(1-s)), s = f/(2+f).
func (e *emitter) logPoly(f ir.Value) (hfsq, s, r ir.Value) {
	s = e.div(f, e.add(e.c(2), f))
	z := e.mul(s, s)
	r = e.mul(z, e.poly(z, 0.66666662693, 0.40000972152, 0.28498786688, 0.24279078841))
	hfsq = e.mul(e.mul(f, f), e.c(0.5))
	return hfsq, s, r
}

// logEdges puts the results for arguments that are not positive and finite in
// place of y.
func (e *emitter) logEdges(x, y ir.Value) ir.Value {
	y = e.sel(e.eq(x, e.inf()), x, y)
	y = e.sel(e.eq(x, e.c(0)), e.c(math.Inf(-1)), y)
	return e.sel(e.le(e.c(0), x), y, e.nan())
}

// logFast splits a normal x as normalize does, and returns log(1+f) with k, to 2⁻²⁵.
func (e *emitter) logFast(x ir.Value) (k, y ir.Value) {
	k, f := e.split(x)
	p := e.poly(f, -4.9999991599e-1, 3.3333950651e-1, -2.5001756435e-1, 1.9962053570e-1, -1.6570464932e-1, 1.4918147111e-1, -1.4307936820e-1, 8.7348410092e-2)
	return k, e.fma(e.mul(f, f), p, f)
}

// logFastEdges is logEdges where subnormals count as zero.
func (e *emitter) logFastEdges(x, y ir.Value) ir.Value {
	y = e.sel(e.le(x, e.c(math.MaxFloat32)), y, x)
	return e.sel(e.lt(x, e.c(0x1p-126)), e.sel(e.lt(x, e.c(0)), e.nan(), e.c(math.Inf(-1))), y)
}

func (e *emitter) log(x, _ ir.Value) ir.Value {
	if e.fast {
		k, y := e.logFast(x)
		return e.logFastEdges(x, e.fma(k, e.c(math.Ln2), y)) // ln 2 is off by a third of 2⁻²⁷
	}
	k, f := e.normalize(x)
	hfsq, s, r := e.logPoly(f)
	// k*ln2 in two parts, the first exact.
	y := e.add(e.mul(s, e.add(hfsq, r)), e.mul(k, e.c(9.0580006145e-06)))
	y = e.sub(e.sub(hfsq, y), f)
	y = e.sub(e.mul(k, e.c(6.9313812256e-01)), y)
	return e.logEdges(x, y)
}

// upper returns x with the lower 12 bits of its fraction cleared: a product of
// two such is exact.
func (e *emitter) upper(x ir.Value) ir.Value {
	return e.float(e.int(ir.OpAnd, e.bits(x), e.i(-0x1000)))
}

// logTo returns the logarithm of x to the base whose 1/ln is hi+lo and whose
// logarithm of 2 is twoHi+twoLo: the logarithm of the fraction is split so that
// the product with hi is exact.
func (e *emitter) logTo(x ir.Value, hi, lo, twoHi, twoLo float64) ir.Value {
	k, f := e.normalize(x)
	hfsq, s, r := e.logPoly(f)
	top := e.upper(e.sub(f, hfsq))
	rest := e.add(e.sub(e.sub(f, top), hfsq), e.mul(s, e.add(hfsq, r)))
	y := e.mul(k, e.c(twoLo))
	y = e.add(y, e.mul(e.add(rest, top), e.c(lo)))
	y = e.add(y, e.mul(rest, e.c(hi)))
	big := e.mul(k, e.c(twoHi))
	mid := e.mul(top, e.c(hi))
	// The greater parts are added with their error.
	sum := e.add(big, mid)
	err := e.add(e.sub(big, sum), mid)
	return e.logEdges(x, e.add(e.add(y, err), sum))
}

func (e *emitter) log2(x, _ ir.Value) ir.Value {
	if e.fast {
		k, y := e.logFast(x)
		return e.logFastEdges(x, e.fma(y, e.c(math.Log2E), k))
	}
	return e.logTo(x, 1.4428710938e+00, -1.7605285393e-04, 1, 0)
}

func (e *emitter) log10(x, _ ir.Value) ir.Value {
	if e.fast {
		k, y := e.logFast(x)
		return e.logFastEdges(x, e.fma(k, e.c(math.Ln2/math.Ln10), e.mul(y, e.c(math.Log10E))))
	}
	return e.logTo(x, 4.3432617188e-01, -3.1689971365e-05, 3.0102920532e-01, 7.9034151668e-07)
}

// rsqrt is 1/sqrt(x), which is off by less than an ulp and a half. But for the
// fast form, a step of Newton's method, whose residual 1-x*y*y is computed with
// the digits that x*y loses, rounds it correctly.
func (e *emitter) rsqrt(x, _ ir.Value) ir.Value {
	y := e.div(e.c(1), e.sqrt(x))
	if e.fast {
		return y
	}
	p := e.mul(x, y)
	rest := e.fma(x, y, e.neg(p))
	residual := e.fma(e.neg(rest), y, e.fma(e.neg(p), y, e.c(1)))
	r := e.fma(e.mul(y, e.c(0.5)), residual, y)
	return e.sel(e.isNaN(r), y, r) // of zeros, infinities and NaNs
}
