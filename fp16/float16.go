package fp16

import (
	"math"
	"strconv"
)

// Float16 is an IEEE 754 binary16: one sign bit, five of exponent, ten of
// fraction. Its zero value is +0.
type Float16 uint16

const (
	signMask16 = 0x8000
	infinity16 = 0x7c00
	quiet16    = 0x0200
)

// Limits of Float16.
const (
	MaxFloat16             Float16 = 0x7bff // 65504
	SmallestNormalFloat16  Float16 = 0x0400 // 2**-14
	SmallestNonzeroFloat16 Float16 = 0x0001 // 2**-24
	EpsilonFloat16         Float16 = 0x1400 // 2**-10, the step from 1 to the next
)

// FromFloat32 returns the Float16 nearest to f, ties to even.
func FromFloat32(f float32) Float16 {
	bits := math.Float32bits(f)
	sign := uint16(bits>>16) & signMask16
	bits &= 0x7fffffff
	switch {
	case bits >= 0x47800000: // 65536 and more, infinity, NaN
		if bits > 0x7f800000 {
			return Float16(sign | infinity16 | quiet16 | uint16(bits>>13)&0x3ff)
		}
		return Float16(sign | infinity16)
	case bits < 0x38800000: // below 2**-14: a subnormal, or rounds up to the first normal
		// Adding 0.5 moves the last bit of a subnormal half to the last bit of
		// the float32 sum, so that the addition does the rounding.
		sum := math.Float32frombits(bits) + 0.5
		return Float16(sign | uint16(math.Float32bits(sum)-0x3f000000))
	}
	// Round the 13 bits that go; a carry runs into the exponent as it should,
	// at the top into infinity.
	bits += 0xfff + bits>>13&1
	return Float16(sign | uint16((bits-0x38000000)>>13))
}

// Float32 returns h, exactly.
func (h Float16) Float32() float32 {
	bits := uint32(h&0x7fff) << 13
	sign := uint32(h&signMask16) << 16
	if h&infinity16 == infinity16 {
		bits |= 0x7f800000
		if h&0x3ff != 0 {
			bits |= 0x400000
		}
		return math.Float32frombits(bits | sign)
	}
	// The fraction is in place; scaling mends the exponent, of subnormals too.
	f := math.Float32frombits(bits) * 0x1p112
	return math.Float32frombits(math.Float32bits(f) | sign)
}

// Float16FromBits returns the Float16 with these bits.
func Float16FromBits(bits uint16) Float16 { return Float16(bits) }

// Bits returns the bits of h.
func (h Float16) Bits() uint16 { return uint16(h) }

// IsNaN reports whether h is a NaN.
func (h Float16) IsNaN() bool { return h&0x7fff > infinity16 }

// IsInf reports whether h is an infinity: of any sign if sign is 0, positive
// if sign > 0, negative if sign < 0.
func (h Float16) IsInf(sign int) bool {
	return sign >= 0 && h == infinity16 || sign <= 0 && h == signMask16|infinity16
}

// IsFinite reports whether h is neither an infinity nor a NaN.
func (h Float16) IsFinite() bool { return h&infinity16 != infinity16 }

// IsNormal reports whether h is neither zero, subnormal, infinite nor a NaN.
func (h Float16) IsNormal() bool { return h.IsFinite() && h&infinity16 != 0 }

// Signbit reports whether h is negative or negative zero.
func (h Float16) Signbit() bool { return h&signMask16 != 0 }

// Neg returns h with its sign changed, of NaNs too.
func (h Float16) Neg() Float16 { return h ^ signMask16 }

// Abs returns h without its sign.
func (h Float16) Abs() Float16 { return h &^ signMask16 }

// String formats h as the shortest decimal that reads back as its value.
func (h Float16) String() string {
	return shortest(h.Float32(), func(f float32) bool { return FromFloat32(f) == h })
}

// shortest formats f with as few digits as read back, by same, as the half it
// came from.
func shortest(f float32, same func(float32) bool) string {
	for digits := 1; digits < 9; digits++ {
		s := strconv.FormatFloat(float64(f), 'g', digits, 32)
		if g, err := strconv.ParseFloat(s, 32); err == nil && same(float32(g)) {
			return s
		}
	}
	return strconv.FormatFloat(float64(f), 'g', -1, 32)
}
