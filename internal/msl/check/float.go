package check

import (
	"math"
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// format is a binary floating-point format of IEEE 754.
type format struct {
	mant   int // stored bits of the significand
	bias   int
	maxExp int // exponent field of infinities and NaNs
}

var (
	halfFormat   = format{10, 15, 31}
	bfloatFormat = format{7, 127, 255}
)

// round returns the bits of f in the format, rounded to nearest even.
func (m format) round(f float64) uint64 {
	b := math.Float64bits(f)
	width := m.mant + bits.Len(uint(m.maxExp))
	sign := b >> 63 << width
	inf := uint64(m.maxExp) << m.mant
	if f != f {
		return sign | inf | 1<<(m.mant-1)
	}
	if f == 0 {
		return sign
	}
	if math.IsInf(f, 0) {
		return sign | inf
	}
	frac, exp := math.Frexp(math.Abs(f)) // frac in [0.5, 1)
	e := exp - 1 + m.bias                // exponent field if normal
	keep := m.mant + 1                   // significand bits that stay
	if e < 1 {
		keep += e - 1
		e = 0
	}
	sig := uint64(math.Ldexp(frac, 53)) // 53 bits, exact
	if keep < 0 {
		return sign
	}
	drop := 53 - keep
	q, rem, tie := sig>>drop, sig&(1<<drop-1), uint64(1)<<(drop-1)
	if rem > tie || rem == tie && q&1 == 1 {
		q++
	}
	var out uint64
	if e == 0 {
		out = q // a carry makes it the smallest normal
	} else {
		out = uint64(e-1)<<m.mant + q // q has the hidden bit, which adds 1 to the exponent
	}
	if out >= inf {
		out = inf
	}
	return sign | out
}

// value returns the number with the given bits.
func (m format) value(b uint64) float64 {
	width := m.mant + bits.Len(uint(m.maxExp))
	sign := 1.0
	if b>>width&1 == 1 {
		sign = -1
	}
	e := int(b>>m.mant) & m.maxExp
	frac := b & (1<<m.mant - 1)
	switch {
	case e == m.maxExp && frac != 0:
		return math.NaN()
	case e == m.maxExp:
		return math.Inf(int(sign))
	case e == 0:
		return sign * math.Ldexp(float64(frac), 1-m.bias-m.mant)
	}
	return sign * math.Ldexp(float64(frac|1<<m.mant), e-m.bias-m.mant)
}

// floatOf returns the number that the bits of a floating type stand for.
func floatOf(k types.Kind, b uint64) float64 {
	switch k {
	case types.Half:
		return halfFormat.value(b)
	case types.BFloat:
		return bfloatFormat.value(b)
	}
	return float64(math.Float32frombits(uint32(b)))
}

// floatBits rounds f to a floating type. Results of one +, -, *, / or square
// root computed in float64 are rounded correctly: 53 bits are more than twice
// those of any type here, and two.
func floatBits(k types.Kind, f float64) uint64 {
	switch k {
	case types.Half:
		return halfFormat.round(f)
	case types.BFloat:
		return bfloatFormat.round(f)
	}
	return uint64(math.Float32bits(float32(f)))
}
