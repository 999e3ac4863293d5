package fp16

import "math"

// BFloat16 is the upper half of a float32: one sign bit, eight of exponent,
// seven of fraction. Its zero value is +0.
type BFloat16 uint16

const (
	infinityB = 0x7f80
	quietB    = 0x0040
)

// Limits of BFloat16.
const (
	MaxBFloat16             BFloat16 = 0x7f7f // about 3.39e38
	SmallestNormalBFloat16  BFloat16 = 0x0080 // 2**-126
	SmallestNonzeroBFloat16 BFloat16 = 0x0001 // 2**-133
	EpsilonBFloat16         BFloat16 = 0x3c00 // 2**-7, the step from 1 to the next
)

// BFromFloat32 returns the BFloat16 nearest to f, ties to even.
func BFromFloat32(f float32) BFloat16 {
	bits := math.Float32bits(f)
	if bits&0x7fffffff > 0x7f800000 {
		return BFloat16(bits>>16 | quietB)
	}
	return BFloat16((bits + 0x7fff + bits>>16&1) >> 16)
}

// Float32 returns b, exactly.
func (b BFloat16) Float32() float32 {
	return math.Float32frombits(uint32(b) << 16)
}

// BFloat16FromBits returns the BFloat16 with these bits.
func BFloat16FromBits(bits uint16) BFloat16 { return BFloat16(bits) }

// Bits returns the bits of b.
func (b BFloat16) Bits() uint16 { return uint16(b) }

// IsNaN reports whether b is a NaN.
func (b BFloat16) IsNaN() bool { return b&0x7fff > infinityB }

// IsInf reports whether b is an infinity: of any sign if sign is 0, positive
// if sign > 0, negative if sign < 0.
func (b BFloat16) IsInf(sign int) bool {
	return sign >= 0 && b == infinityB || sign <= 0 && b == signMask16|infinityB
}

// IsFinite reports whether b is neither an infinity nor a NaN.
func (b BFloat16) IsFinite() bool { return b&infinityB != infinityB }

// IsNormal reports whether b is neither zero, subnormal, infinite nor a NaN.
func (b BFloat16) IsNormal() bool { return b.IsFinite() && b&infinityB != 0 }

// Signbit reports whether b is negative or negative zero.
func (b BFloat16) Signbit() bool { return b&signMask16 != 0 }

// Neg returns b with its sign changed, of NaNs too.
func (b BFloat16) Neg() BFloat16 { return b ^ signMask16 }

// Abs returns b without its sign.
func (b BFloat16) Abs() BFloat16 { return b &^ signMask16 }

// String formats b as the shortest decimal that reads back as its value.
func (b BFloat16) String() string {
	return shortest(b.Float32(), func(f float32) bool { return BFromFloat32(f) == b })
}
