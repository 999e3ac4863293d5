package ir

import (
	"math"

	"github.com/aruminium-go/aruminium/fp16"
)

// The three float types share one arithmetic: operands widen exactly, one
// operation is done in a wider type, and the result is rounded. For + - * /
// and sqrt rounding the float32 result to 16 bits is the same as rounding the
// exact one, since float32 has more than twice the digits; where that does not
// hold the intermediate is rounded to odd, which keeps the second rounding
// right.

// Widen returns the float32 that the bits of t, a float type, stand for.
func Widen(t Type, bits uint64) float32 {
	switch t {
	case F16:
		return fp16.Float16(bits).Float32()
	case BF16:
		return fp16.BFloat16(bits).Float32()
	}
	return math.Float32frombits(uint32(bits))
}

// Narrow returns the bits of the t nearest to x.
func Narrow(t Type, x float32) uint64 {
	switch t {
	case F16:
		return uint64(fp16.FromFloat32(x))
	case BF16:
		return uint64(fp16.BFromFloat32(x))
	}
	return uint64(math.Float32bits(x))
}

// Narrow64 returns the bits of the t nearest to x, rounded once.
func Narrow64(t Type, x float64) uint64 {
	if t == F32 {
		return uint64(math.Float32bits(float32(x)))
	}
	return Narrow(t, odd32(x))
}

// odd32 rounds x to float32, to odd: where x is not a float32, it returns
// whichever neighbour has its last bit set.
func odd32(x float64) float32 {
	f := float32(x)
	if float64(f) == x || f != f {
		return f
	}
	bits := math.Float32bits(f)
	if bits&1 == 0 { // an infinity, too, steps back to the largest number
		if away := (float64(f) < x) == (x > 0); away {
			bits++
		} else {
			bits--
		}
	}
	return math.Float32frombits(bits)
}

// FMA returns a*b+c of float32s, before the one rounding that is left: a
// float64 that Narrow64 rounds to any of the types as the exact sum would be.
func FMA(a, b, c float32) float64 {
	p := float64(a) * float64(b) // exact: 48 bits
	d := float64(c)
	s := p + d
	if math.IsInf(s, 0) || s != s {
		return s
	}
	// The error of the sum, exactly (Knuth's two-sum).
	t := s - p
	e := (p - (s - t)) + (d - t)
	if e != 0 {
		if bits := math.Float64bits(s); bits&1 == 0 {
			if (e > 0) == (s > 0) {
				bits++
			} else {
				bits--
			}
			s = math.Float64frombits(bits)
		}
	}
	return s
}

// Min returns the lesser of x and y: the other if one is a NaN; -0 is less
// than +0. Max is alike.
func Min(x, y float32) float32 {
	switch {
	case x != x:
		return y
	case y != y, x < y:
		return x
	case x == y && x == 0 && math.Signbit(float64(x)):
		return x
	}
	return y
}

// Max returns the greater of x and y: see Min.
func Max(x, y float32) float32 {
	switch {
	case x != x:
		return y
	case y != y, x > y:
		return x
	case x == y && x == 0 && !math.Signbit(float64(x)):
		return x
	}
	return y
}

// ToInt converts x to an integer of t, toward zero, saturating; NaN gives 0.
func ToInt(t Type, signed bool, x float32) uint64 {
	if x != x {
		return 0
	}
	f, bits := math.Trunc(float64(x)), uint(t.Bits())
	if signed {
		limit := math.Ldexp(1, int(bits-1))
		switch {
		case f >= limit:
			return 1<<(bits-1) - 1
		case f < -limit:
			return 1 << (bits - 1)
		}
		return uint64(int64(f)) & Mask(t)
	}
	switch {
	case f <= 0:
		return 0
	case f >= math.Ldexp(1, int(bits)):
		return Mask(t)
	}
	return uint64(f)
}

// FromInt converts the integer x, already extended to 64 bits by its sign, to
// the float type t, to nearest even.
func FromInt(t Type, signed bool, x uint64) uint64 {
	if t == F32 {
		if signed {
			return uint64(math.Float32bits(float32(int64(x))))
		}
		return uint64(math.Float32bits(float32(x)))
	}
	// To 16 bits in two steps: make the first one round to odd. The upper 32
	// bits and whether anything is below them decide.
	neg := signed && int64(x) < 0
	if neg {
		x = -x
	}
	if x >= 1<<40 {
		sticky := uint64(0)
		if x&(1<<24-1) != 0 {
			sticky = 1 << 24
		}
		x = x&^(1<<24-1) | sticky
	}
	f := float64(x) // at most 40 digits count, so it is exact
	if neg {
		f = -f
	}
	return Narrow64(t, f)
}

// Round functions of float32; each is exact.

// RoundAway rounds to the nearest integer, ties away from zero.
func RoundAway(x float32) float32 { return float32(math.Round(float64(x))) }

// RoundEven rounds to the nearest integer, ties to even.
func RoundEven(x float32) float32 { return float32(math.RoundToEven(float64(x))) }

// Rem returns the remainder of x/y with the quotient truncated, as C's fmod.
func Rem(x, y float32) float32 { return float32(math.Mod(float64(x), float64(y))) }
