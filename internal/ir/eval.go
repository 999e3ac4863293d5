package ir

import (
	"math"
	"math/bits"
)

// Mask returns the bits that a value of type t may have set.
func Mask(t Type) uint64 {
	if n := t.Bits(); n < 64 && n > 0 {
		return 1<<n - 1
	}
	return math.MaxUint64
}

// Eval is the reference for every Pure operation: it returns the bits of op's
// result, of type t, for arguments of type from (that of the first; a select's
// second and third have type t) with bits a, b and c. It reports false for an
// operation that is not a function of its arguments alone. Engines must agree
// with it to the bit, but for which NaN is a NaN.
func Eval(op Op, t, from Type, a, b, c uint64) (uint64, bool) {
	switch {
	case op >= OpEq && op <= OpFLe:
		return boolBits(compare(op, from, a, b)), true
	case op >= OpFAdd && op <= OpFRem:
		return evalFloat(op, t, a, b, c), true
	case op >= OpAdd && op <= OpBitRev:
		return evalInt(op, t, a, b) & Mask(t), true
	}
	switch op {
	case OpSelect:
		if a != 0 {
			return b, true
		}
		return c, true
	case OpTrunc, OpZExt, OpBitcast:
		return a & Mask(t), true
	case OpSExt:
		return signExtend(from, a) & Mask(t), true
	case OpFToS:
		return ToInt(t, true, Widen(from, a)), true
	case OpFToU:
		return ToInt(t, false, Widen(from, a)), true
	case OpSToF:
		return FromInt(t, true, signExtend(from, a)), true
	case OpUToF:
		return FromInt(t, false, a), true
	case OpFConv:
		return Narrow(t, Widen(from, a)), true
	}
	return 0, false
}

func boolBits(x bool) uint64 {
	if x {
		return 1
	}
	return 0
}

func signExtend(t Type, x uint64) uint64 {
	shift := 64 - uint(t.Bits())
	return uint64(int64(x<<shift) >> shift)
}

func evalInt(op Op, t Type, a, b uint64) uint64 {
	width := uint(t.Bits())
	mask := Mask(t)
	sa, sb := int64(signExtend(t, a)), int64(signExtend(t, b))
	count := b & uint64(width-1)
	switch op {
	case OpAdd:
		return a + b
	case OpSub:
		return a - b
	case OpMul:
		return a * b
	case OpUDiv:
		if b == 0 {
			return mask
		}
		return a / b
	case OpSDiv:
		switch sb {
		case 0:
			return mask
		case -1:
			return -a // Go's division may not meet the one overflow
		}
		return uint64(sa / sb)
	case OpURem:
		if b == 0 {
			return a
		}
		return a % b
	case OpSRem:
		switch sb {
		case 0:
			return a
		case -1:
			return 0
		}
		return uint64(sa % sb)
	case OpAnd:
		return a & b
	case OpOr:
		return a | b
	case OpXor:
		return a ^ b
	case OpNot:
		return ^a
	case OpNeg:
		return -a
	case OpShl:
		return a << count
	case OpLShr:
		return a >> count
	case OpAShr:
		return uint64(sa >> count)
	case OpUMin:
		return min(a, b)
	case OpUMax:
		return max(a, b)
	case OpSMin:
		return uint64(min(sa, sb))
	case OpSMax:
		return uint64(max(sa, sb))
	case OpUMulHi:
		hi, lo := bits.Mul64(a, b)
		if width == 64 {
			return hi
		}
		return lo >> width
	case OpSMulHi:
		if width < 64 {
			return uint64(sa * sb >> width)
		}
		hi, _ := bits.Mul64(a, b)
		if sa < 0 {
			hi -= b
		}
		if sb < 0 {
			hi -= a
		}
		return hi
	case OpClz:
		return uint64(bits.LeadingZeros64(a)) - uint64(64-width)
	case OpCtz:
		return uint64(min(bits.TrailingZeros64(a), int(width)))
	case OpPopcnt:
		return uint64(bits.OnesCount64(a))
	default: // OpBitRev
		return bits.Reverse64(a) >> (64 - width)
	}
}

func compare(op Op, from Type, a, b uint64) bool {
	switch op {
	case OpEq:
		return a == b
	case OpNe:
		return a != b
	case OpULt:
		return a < b
	case OpULe:
		return a <= b
	case OpSLt:
		return int64(signExtend(from, a)) < int64(signExtend(from, b))
	case OpSLe:
		return int64(signExtend(from, a)) <= int64(signExtend(from, b))
	}
	x, y := Widen(from, a), Widen(from, b)
	switch op {
	case OpFEq:
		return x == y
	case OpFNe:
		return x != y
	case OpFLt:
		return x < y
	default: // OpFLe
		return x <= y
	}
}

func evalFloat(op Op, t Type, a, b, c uint64) uint64 {
	sign := uint64(1) << (t.Bits() - 1)
	switch op { // on the bits alone, NaNs too
	case OpFNeg:
		return a ^ sign
	case OpFAbs:
		return a &^ sign
	case OpFCopysign:
		return a&^sign | b&sign
	}
	x, y := Widen(t, a), Widen(t, b)
	switch op {
	case OpFAdd:
		return Narrow(t, x+y)
	case OpFSub:
		return Narrow(t, x-y)
	case OpFMul:
		return Narrow(t, x*y)
	case OpFDiv:
		return Narrow(t, x/y)
	case OpFMin:
		return Narrow(t, Min(x, y))
	case OpFMax:
		return Narrow(t, Max(x, y))
	case OpFFloor:
		return Narrow(t, float32(math.Floor(float64(x))))
	case OpFCeil:
		return Narrow(t, float32(math.Ceil(float64(x))))
	case OpFTrunc:
		return Narrow(t, float32(math.Trunc(float64(x))))
	case OpFRint:
		return Narrow(t, RoundEven(x))
	case OpFRound:
		return Narrow(t, RoundAway(x))
	case OpFSqrt:
		return Narrow(t, float32(math.Sqrt(float64(x))))
	case OpFFma:
		return Narrow64(t, FMA(x, y, Widen(t, c)))
	default: // OpFRem
		return Narrow(t, Rem(x, y))
	}
}
