package check

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// width returns the bits of an integer type; bool counts as 1.
func width(b *types.Basic) uint {
	if b.Kind == types.Bool {
		return 1
	}
	return uint(b.Size()) * 8
}

// wrap reduces v to the integer type: its low bits, zero-extended.
func wrap(b *types.Basic, v uint64) uint64 {
	if w := width(b); w < 64 {
		return v & (1<<w - 1)
	}
	return v
}

// signed returns the value of an integer constant, sign-extended if its type
// is signed.
func signed(b *types.Basic, v uint64) int64 {
	if !b.IsSigned() {
		return int64(v)
	}
	s := 64 - width(b)
	return int64(v<<s) >> s
}

// convertBits converts one component from one scalar type to another.
func convertBits(from, to *types.Basic, v uint64) uint64 {
	if from == to {
		return v
	}
	if to.Kind == types.Bool {
		if from.IsFloat() {
			if floatOf(from.Kind, v) != 0 {
				return 1
			}
			return 0
		}
		if v != 0 {
			return 1
		}
		return 0
	}
	switch {
	case from.IsFloat() && to.IsFloat():
		return floatBits(to.Kind, floatOf(from.Kind, v))
	case from.IsFloat():
		return floatToInt(to, floatOf(from.Kind, v))
	case to.IsFloat():
		return intToFloat(from, to, v)
	}
	return wrap(to, uint64(signed(from, v)))
}

// floatToInt truncates toward zero and saturates; NaN gives 0.
func floatToInt(to *types.Basic, f float64) uint64 {
	if f != f {
		return 0
	}
	f = math.Trunc(f)
	w := width(to)
	if to.IsSigned() {
		lo, hi := -math.Ldexp(1, int(w)-1), math.Ldexp(1, int(w)-1)
		if f < lo {
			f = lo
		}
		if f >= hi {
			return 1<<(w-1) - 1
		}
		return wrap(to, uint64(int64(f)))
	}
	if f <= 0 {
		return 0
	}
	if f >= math.Ldexp(1, int(w)) {
		return wrap(to, math.MaxUint64)
	}
	return uint64(f)
}

func intToFloat(from, to *types.Basic, v uint64) uint64 {
	neg := false
	if s := signed(from, v); from.IsSigned() && s < 0 {
		neg, v = true, uint64(-s)
	}
	// Rounding to odd at 53 bits keeps the second rounding correct.
	if v >= 1<<53 {
		sticky := v&(1<<11-1) != 0
		v = v >> 11 << 11
		if sticky {
			v |= 1 << 11
		}
	}
	f := float64(v)
	if neg {
		f = -f
	}
	return floatBits(to.Kind, f)
}

func boolBits(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// foldBinary computes one component of x op y, both of type b. ok is false if
// the operation has no value at compile time (division by zero, overflow of
// the quotient).
func foldBinary(op sem.Op, b *types.Basic, x, y uint64) (v uint64, ok bool) {
	if b.IsFloat() {
		p, q := floatOf(b.Kind, x), floatOf(b.Kind, y)
		switch op {
		case sem.Add:
			return floatBits(b.Kind, p+q), true
		case sem.Sub:
			return floatBits(b.Kind, p-q), true
		case sem.Mul:
			return floatBits(b.Kind, p*q), true
		case sem.Div:
			return floatBits(b.Kind, p/q), true
		case sem.Eq:
			return boolBits(p == q), true
		case sem.Ne:
			return boolBits(p != q), true
		case sem.Lt:
			return boolBits(p < q), true
		case sem.Le:
			return boolBits(p <= q), true
		case sem.Gt:
			return boolBits(p > q), true
		case sem.Ge:
			return boolBits(p >= q), true
		}
		return 0, false
	}
	p, q := signed(b, x), signed(b, y)
	less := x < y
	if b.IsSigned() {
		less = p < q
	}
	switch op {
	case sem.Add:
		return wrap(b, x+y), true
	case sem.Sub:
		return wrap(b, x-y), true
	case sem.Mul:
		return wrap(b, x*y), true
	case sem.Div, sem.Rem:
		if y == 0 {
			return 0, false
		}
		if b.IsSigned() {
			if q == -1 {
				if op == sem.Rem {
					return 0, true
				}
				return wrap(b, uint64(-p)), true
			}
			if op == sem.Div {
				return wrap(b, uint64(p/q)), true
			}
			return wrap(b, uint64(p%q)), true
		}
		if op == sem.Div {
			return x / y, true
		}
		return x % y, true
	case sem.And, sem.LAnd:
		return x & y, true
	case sem.Or, sem.LOr:
		return x | y, true
	case sem.Xor:
		return x ^ y, true
	case sem.Eq:
		return boolBits(x == y), true
	case sem.Ne:
		return boolBits(x != y), true
	case sem.Lt:
		return boolBits(less), true
	case sem.Ge:
		return boolBits(!less), true
	case sem.Gt:
		return boolBits(!less && x != y), true
	case sem.Le:
		return boolBits(less || x == y), true
	}
	return 0, false
}

// foldShift computes x << n or x >> n; the count is taken modulo the width.
func foldShift(op sem.Op, b *types.Basic, x, n uint64) uint64 {
	n &= uint64(width(b)) - 1
	switch {
	case op == sem.Shl:
		return wrap(b, x<<n)
	case b.IsSigned():
		return wrap(b, uint64(signed(b, x)>>n))
	}
	return x >> n
}

func foldUnary(op sem.Op, b *types.Basic, x uint64) uint64 {
	switch op {
	case sem.Neg:
		if b.IsFloat() {
			return x ^ 1<<(b.Size()*8-1)
		}
		return wrap(b, -x)
	case sem.Not:
		return wrap(b, ^x)
	}
	return x ^ 1 // LNot, on bool
}
