package expand

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// pair is an unevaluated sum hi+lo of two float32s, |lo| at most half a unit in
// the last place of hi.
type pair struct{ hi, lo ir.Value }

// exactSum returns a+b exactly where |a| >= |b|.
func (e *emitter) exactSum(a, b ir.Value) pair {
	s := e.add(a, b)
	return pair{s, e.sub(b, e.sub(s, a))}
}

// log2Pair returns log2 of a positive finite x to about 40 bits.
func (e *emitter) log2Pair(x ir.Value) pair {
	k, f := e.normalize(x)
	// s = f/(2+f) as a pair, by one step of correction.
	den := e.add(e.c(2), f) // exact enough: what is lost is found again below
	lost := e.sub(f, e.sub(den, e.c(2)))
	s := e.div(f, den)
	rem := e.fma(e.neg(s), den, f)
	rem = e.sub(rem, e.mul(s, lost))
	slo := e.div(rem, den)
	// log(1+f) = 2s + 2s³/3 + 2s⁵/5 + …; from the cubic term on one float does
	// for s⁵ and on, the cubic term itself wants a pair.
	z := e.mul(s, s)
	zlo := e.add(e.fma(s, s, e.neg(z)), e.mul(e.mul(e.c(2), s), slo))
	tail := e.poly(z, 0.40000000596, 0.28571429849, 0.22222213447, 0.18181991577, 0.15313837)
	tail = e.mul(e.mul(z, z), tail)
	twoThirds := pair{e.c(2.0 / 3), e.c(2.0/3 - float64(float32(2.0/3)))}
	cubic := e.mul(z, twoThirds.hi)
	cubicLo := e.add(e.fma(z, twoThirds.hi, e.neg(cubic)), e.add(e.mul(z, twoThirds.lo), e.mul(zlo, twoThirds.hi)))
	series := e.exactSum(e.c(2), cubic)
	series = e.exactSum(series.hi, e.add(series.lo, e.add(cubicLo, tail)))
	// times s, times 1/ln2
	l := e.mulPair(series, pair{s, slo})
	const inv = math.Log2E
	l = e.mulPair(l, pair{e.c(inv), e.c(inv - float64(float32(inv)))})
	sum := e.exactSum(k, l.hi)
	zero := e.eq(k, e.c(0)) // then l is the greater
	sum.hi = e.sel(zero, l.hi, sum.hi)
	sum.lo = e.sel(zero, e.c(0), sum.lo)
	return e.exactSum(sum.hi, e.add(sum.lo, l.lo))
}

// mulPair returns the product, rounded to a pair.
func (e *emitter) mulPair(a, b pair) pair {
	p := e.mul(a.hi, b.hi)
	lo := e.fma(a.hi, b.hi, e.neg(p))
	lo = e.add(lo, e.add(e.mul(a.hi, b.lo), e.mul(a.lo, b.hi)))
	return e.exactSum(p, lo)
}

// power is |x|**y for finite x that are not zero; NaN where y is one.
func (e *emitter) power(x, y ir.Value) ir.Value {
	l := e.log2Pair(e.abs(x))
	p := e.mul(y, l.hi)
	lo := e.fma(y, l.hi, e.neg(p))
	lo = e.add(lo, e.mul(y, l.lo))
	// Beyond this the result is 0 or an infinity, and lo may be a NaN.
	big := e.lt(e.c(200), e.abs(p))
	p = e.clamp(p, -200, 200)
	lo = e.sel(big, e.c(0), lo)
	n, i := e.round(p, 1)
	r := e.add(e.sub(p, n), lo)
	return e.scale(e.exp2Poly(r), i)
}

func (e *emitter) pow(x, y ir.Value) ir.Value {
	zero, one, inf := e.c(0), e.c(1), e.inf()
	ax, ay := e.abs(x), e.abs(y)

	r := e.power(e.sel(e.or(e.eq(x, zero), e.eq(ax, inf)), one, x), e.sel(e.eq(ay, inf), one, y))

	// An infinite y: 0, 1 or infinity, by whether |x| is above 1.
	above := e.lt(one, ax)
	positive := e.lt(zero, y)
	grows := e.emit(ir.OpEq, ir.Bool, above, positive)
	edge := e.sel(e.eq(ax, one), one, e.sel(grows, inf, zero))
	r = e.sel(e.eq(ay, inf), edge, r)
	// x zero or infinite.
	isZero := e.eq(x, zero)
	vanishes := e.emit(ir.OpEq, ir.Bool, isZero, positive)
	r = e.sel(e.or(isZero, e.eq(ax, inf)), e.sel(vanishes, zero, inf), r)

	// A negative x: the sign of the result is that of y's parity, and there is
	// no result where y is not an integer.
	integer := e.eq(e.rint(y), y)
	half := e.mul(y, e.c(0.5))
	odd := e.and(integer, e.emit(ir.OpFNe, ir.Bool, e.rint(half), half))
	negative := e.emit(ir.OpSLt, ir.Bool, e.bits(x), e.i(0))
	r = e.sel(e.and(negative, odd), e.neg(r), r)
	finite := e.and(e.and(e.lt(x, zero), e.lt(ax, inf)), e.lt(ay, inf))
	r = e.sel(e.and(finite, e.not(integer)), e.nan(), r)

	r = e.sel(e.or(e.isNaN(x), e.isNaN(y)), e.nan(), r)
	return e.sel(e.or(e.eq(y, zero), e.eq(x, one)), one, r)
}

// powr is pow for x >= 0 as exp2(y*log2(x)) defines it: NaN for negative x,
// for 0**0, for an infinity to the 0 and 1 to an infinity.
func (e *emitter) powr(x, y ir.Value) ir.Value {
	zero, inf := e.c(0), e.inf()
	r := e.pow(e.abs(x), y)
	bad := e.lt(x, zero)
	noBase := e.or(e.eq(x, zero), e.eq(x, inf))
	bad = e.or(bad, e.and(noBase, e.eq(y, zero)))
	bad = e.or(bad, e.and(e.eq(x, e.c(1)), e.eq(e.abs(y), inf)))
	bad = e.or(bad, e.or(e.isNaN(x), e.isNaN(y)))
	return e.sel(bad, e.nan(), r)
}
