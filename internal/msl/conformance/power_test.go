package conformance

import (
	"math"
	"math/big"
)

const precision = 160 // of the logarithms and powers in this file

func float(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func zero() *big.Float { return new(big.Float).SetPrec(precision) }

// naturalLog is the logarithm of a number in [0.5, 2], by the series of the
// inverse hyperbolic tangent.
func naturalLog(x *big.Float) *big.Float {
	s := zero().Quo(zero().Sub(x, float(1)), zero().Add(x, float(1)))
	square, term, sum := zero().Mul(s, s), zero().Set(s), zero().Set(s)
	for n := 3; term.Sign() != 0 && sum.MantExp(nil)-term.MantExp(nil) < precision; n += 2 {
		term.Mul(term, square)
		sum.Add(sum, zero().Quo(term, float(float64(n))))
	}
	return sum.Mul(sum, float(2))
}

var ln2 = naturalLog(float(2))

// power is C's pow. A large power of a number near 1 is computed with many digits:
// float64 would lose some.
func power(x, y float64) float64 {
	r := math.Pow(x, y)
	if !(math.Abs(y) > 64) || math.IsInf(y, 0) || !(math.Abs(r) > 0x1p-1000) || math.Abs(r) > 0x1p1000 {
		return r
	}
	frac, exp := math.Frexp(math.Abs(x))
	log := zero().Add(naturalLog(float(frac)), zero().Mul(float(float64(exp)), ln2))
	log.Mul(log, float(y))
	halvings, _ := zero().Quo(log, ln2).Float64()
	n := math.RoundToEven(halvings)
	log.Sub(log, zero().Mul(float(n), ln2)) // below 0.35
	sum, term := float(1), float(1)
	for i := 1.0; term.Sign() != 0 && term.MantExp(nil) > -precision; i++ {
		term.Mul(term, log)
		term.Quo(term, float(i))
		sum.Add(sum, term)
	}
	v, _ := sum.Float64()
	return math.Copysign(math.Ldexp(v, int(n)), r)
}
