package simt

import (
	"math/bits"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

type signed interface{ int8 | int16 | int32 | int64 }

// execInt is an integer operation of two operands of type U; S is its signed
// twin.
func execInt[U word, S signed](m *machine, in *inst) {
	d, a, b := &m.r[in.d], &m.r[in.a], &m.r[in.b]
	if a.tag|b.tag == uniform {
		d.setU(scalarInt(in, a.u, b.u))
		return
	}
	if a.tag <= affine && b.tag <= affine && affineInt(in, d, a, b) {
		return
	}
	if b.tag == uniform {
		x := operand[U](m, a, in.t)
		if binaryScalar[U, S](in.op, newVec[U](m, d), x, U(b.u)) {
			return
		}
	} else if a.tag == uniform && commutes(in.op) {
		x := operand[U](m, b, in.t)
		if binaryScalar[U, S](in.op, newVec[U](m, d), x, U(a.u)) {
			return
		}
	}
	x, y := operand[U](m, a, in.t), operand[U](m, b, in.t)
	binary[U, S](in.op, newVec[U](m, d), x, y)
}

// scalarInt computes an operation on uniform values. The common ones come
// first.
func scalarInt(in *inst, a, b uint64) uint64 {
	mask := ^uint64(0) >> (64 - in.width)
	switch in.op {
	case ir.OpAdd:
		return (a + b) & mask
	case ir.OpSub:
		return (a - b) & mask
	case ir.OpMul:
		return a * b & mask
	case ir.OpShl:
		return a << (b & uint64(in.width-1)) & mask
	}
	u, _ := ir.Eval(in.op, in.t, in.from, a, b, 0)
	return u
}

// affineInt computes an operation on uniform and affine values if its result
// is one, too.
func affineInt(in *inst, d, a, b *reg) bool {
	w := uint(in.width)
	switch in.op {
	case ir.OpAdd:
		d.setAffine(a.u+b.u, strides{a.s.x + b.s.x, a.s.y + b.s.y, a.s.z + b.s.z}, w)
		return true
	case ir.OpSub:
		d.setAffine(a.u-b.u, strides{a.s.x - b.s.x, a.s.y - b.s.y, a.s.z - b.s.z}, w)
		return true
	case ir.OpMul:
		if a.tag == uniform {
			a, b = b, a
		}
		if b.tag == uniform {
			scale(d, a, b.u, w)
			return true
		}
	case ir.OpShl:
		if b.tag == uniform {
			scale(d, a, 1<<(b.u&uint64(w-1)), w)
			return true
		}
	}
	return false
}

// scale sets d to the affine a times k.
func scale(d, a *reg, k uint64, width uint) {
	n := int64(k)
	d.setAffine(a.u*k, strides{a.s.x * n, a.s.y * n, a.s.z * n}, width)
}

func commutes(op ir.Op) bool {
	switch op {
	case ir.OpAdd, ir.OpMul, ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax:
		return true
	}
	return false
}

// binaryScalar computes an operation whose second operand is uniform. It
// reports false if it knows no shorter way than binary.
func binaryScalar[U word, S signed](op ir.Op, d, a []U, b U) bool {
	a = a[:len(d)]
	width := U(unsafe.Sizeof(b) * 8)
	switch op {
	case ir.OpAdd:
		for i, x := range a {
			d[i] = x + b
		}
	case ir.OpSub:
		for i, x := range a {
			d[i] = x - b
		}
	case ir.OpMul:
		for i, x := range a {
			d[i] = x * b
		}
	case ir.OpAnd:
		for i, x := range a {
			d[i] = x & b
		}
	case ir.OpOr:
		for i, x := range a {
			d[i] = x | b
		}
	case ir.OpXor:
		for i, x := range a {
			d[i] = x ^ b
		}
	case ir.OpShl:
		n := b & (width - 1)
		for i, x := range a {
			d[i] = x << (n & 63)
		}
	case ir.OpLShr:
		n := b & (width - 1)
		for i, x := range a {
			d[i] = x >> (n & 63)
		}
	case ir.OpAShr:
		n := b & (width - 1)
		for i, x := range a {
			d[i] = U(S(x) >> (n & 63))
		}
	case ir.OpUMin:
		for i, x := range a {
			d[i] = min(x, b)
		}
	case ir.OpUMax:
		for i, x := range a {
			d[i] = max(x, b)
		}
	case ir.OpSMin:
		for i, x := range a {
			d[i] = U(min(S(x), S(b)))
		}
	case ir.OpSMax:
		for i, x := range a {
			d[i] = U(max(S(x), S(b)))
		}
	case ir.OpUDiv:
		if b == 0 {
			return false
		}
		if b&(b-1) == 0 {
			n := bits.TrailingZeros64(uint64(b))
			for i, x := range a {
				d[i] = x >> (n & 63)
			}
			return true
		}
		for i, x := range a {
			d[i] = x / b
		}
	case ir.OpURem:
		if b == 0 {
			return false
		}
		if b&(b-1) == 0 {
			for i, x := range a {
				d[i] = x & (b - 1)
			}
			return true
		}
		for i, x := range a {
			d[i] = x % b
		}
	case ir.OpSDiv:
		if b == 0 || S(b) == -1 {
			return false
		}
		for i, x := range a {
			d[i] = U(S(x) / S(b))
		}
	case ir.OpSRem:
		if b == 0 || S(b) == -1 {
			return false
		}
		for i, x := range a {
			d[i] = U(S(x) % S(b))
		}
	default:
		return false
	}
	return true
}

// binary computes an operation lane by lane.
func binary[U word, S signed](op ir.Op, d, a, b []U) {
	a, b = a[:len(d)], b[:len(d)]
	var zero U
	last := U(unsafe.Sizeof(zero)*8) - 1
	switch op {
	case ir.OpAdd:
		for i := range d {
			d[i] = a[i] + b[i]
		}
	case ir.OpSub:
		for i := range d {
			d[i] = a[i] - b[i]
		}
	case ir.OpMul:
		for i := range d {
			d[i] = a[i] * b[i]
		}
	case ir.OpAnd:
		for i := range d {
			d[i] = a[i] & b[i]
		}
	case ir.OpOr:
		for i := range d {
			d[i] = a[i] | b[i]
		}
	case ir.OpXor:
		for i := range d {
			d[i] = a[i] ^ b[i]
		}
	case ir.OpShl:
		for i := range d {
			d[i] = a[i] << (b[i] & last & 63)
		}
	case ir.OpLShr:
		for i := range d {
			d[i] = a[i] >> (b[i] & last & 63)
		}
	case ir.OpAShr:
		for i := range d {
			d[i] = U(S(a[i]) >> (b[i] & last & 63))
		}
	case ir.OpUMin:
		for i := range d {
			d[i] = min(a[i], b[i])
		}
	case ir.OpUMax:
		for i := range d {
			d[i] = max(a[i], b[i])
		}
	case ir.OpSMin:
		for i := range d {
			d[i] = U(min(S(a[i]), S(b[i])))
		}
	case ir.OpSMax:
		for i := range d {
			d[i] = U(max(S(a[i]), S(b[i])))
		}
	case ir.OpUDiv:
		for i := range d {
			if b[i] == 0 {
				d[i] = ^zero
			} else {
				d[i] = a[i] / b[i]
			}
		}
	case ir.OpURem:
		for i := range d {
			if b[i] == 0 {
				d[i] = a[i]
			} else {
				d[i] = a[i] % b[i]
			}
		}
	case ir.OpSDiv:
		for i := range d {
			switch S(b[i]) {
			case 0:
				d[i] = ^zero
			case -1: // the smallest integer has no opposite
				d[i] = -a[i]
			default:
				d[i] = U(S(a[i]) / S(b[i]))
			}
		}
	case ir.OpSRem:
		for i := range d {
			switch S(b[i]) {
			case 0:
				d[i] = a[i]
			case -1:
				d[i] = 0
			default:
				d[i] = U(S(a[i]) % S(b[i]))
			}
		}
	case ir.OpUMulHi:
		for i := range d {
			hi, lo := bits.Mul64(uint64(a[i]), uint64(b[i]))
			if last == 63 {
				d[i] = U(hi)
			} else {
				d[i] = U(lo >> (uint(last+1) & 63))
			}
		}
	case ir.OpSMulHi:
		for i := range d {
			x, y := int64(S(a[i])), int64(S(b[i]))
			if last < 63 {
				d[i] = U(x * y >> (uint(last+1) & 63))
				continue
			}
			hi, _ := bits.Mul64(uint64(x), uint64(y))
			if x < 0 {
				hi -= uint64(y)
			}
			if y < 0 {
				hi -= uint64(x)
			}
			d[i] = U(hi)
		}
	}
}

// execInt1 is an integer operation of one operand.
func execInt1[U word](m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	switch {
	case a.tag == uniform:
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, 0, 0)
		d.setU(u)
		return
	case a.tag == affine && (in.op == ir.OpNeg || in.op == ir.OpNot):
		scale(d, a, ^uint64(0), uint(in.width))
		if in.op == ir.OpNot {
			d.u = (d.u - 1) & ir.Mask(in.t)
		}
		return
	}
	x := operand[U](m, a, in.t)
	unary(in.op, newVec[U](m, d), x)
}

func unary[U word](op ir.Op, d, a []U) {
	a = a[:len(d)]
	var zero U
	width := int(unsafe.Sizeof(zero) * 8)
	switch op {
	case ir.OpNot:
		for i, x := range a {
			d[i] = ^x
		}
	case ir.OpNeg:
		for i, x := range a {
			d[i] = -x
		}
	case ir.OpClz:
		for i, x := range a {
			d[i] = U(bits.LeadingZeros64(uint64(x)) - (64 - width))
		}
	case ir.OpCtz:
		for i, x := range a {
			d[i] = U(min(bits.TrailingZeros64(uint64(x)), width))
		}
	case ir.OpPopcnt:
		for i, x := range a {
			d[i] = U(bits.OnesCount64(uint64(x)))
		}
	case ir.OpBitRev:
		for i, x := range a {
			d[i] = U(bits.Reverse64(uint64(x)) >> (64 - width))
		}
	}
}

// execLogic is And, Or, Xor, Add, Sub, Mul (of one bit) or Not on Bools, Eq or
// Ne of Bools.
func execLogic(m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	b := a
	if in.b >= 0 {
		b = &m.r[in.b]
	}
	if a.tag|b.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, b.u, 0)
		d.setU(u)
		return
	}
	x, y, z := m.operandBits(a), m.operandBits(b), bitsOf(d)
	d.setVec()
	for i := m.lo >> 6; i<<6 < m.hi; i++ {
		switch in.op {
		case ir.OpAnd:
			z[i] = x[i] & y[i]
		case ir.OpOr:
			z[i] = x[i] | y[i]
		case ir.OpXor, ir.OpNe:
			z[i] = x[i] ^ y[i]
		case ir.OpEq:
			z[i] = ^(x[i] ^ y[i])
		case ir.OpNot:
			z[i] = ^x[i]
		}
	}
}
