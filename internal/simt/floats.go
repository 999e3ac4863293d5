package simt

import (
	"math"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// round rounds the lanes just computed in float32 to the type they have.
func (m *machine) round(d *reg, t ir.Type) {
	switch t {
	case ir.F16:
		roundHalf(lanesOf[uint32](m, d))
	case ir.BF16:
		roundBFloat(lanesOf[uint32](m, d))
	}
}

// execFloat2 is a float operation of two operands.
func execFloat2(m *machine, in *inst) {
	d, a, b := &m.r[in.d], &m.r[in.a], &m.r[in.b]
	if a.tag|b.tag == uniform {
		d.setU(scalarFloat(in, a.u, b.u))
		return
	}
	if b.tag == uniform {
		x := operand[float32](m, a, in.t)
		if floatScalar(in.op, newVec[float32](m, d), x, math.Float32frombits(laneBits(in.t, b.u))) {
			m.round(d, in.t)
			return
		}
	} else if a.tag == uniform {
		y := operand[float32](m, b, in.t)
		if scalarFloats(in.op, newVec[float32](m, d), math.Float32frombits(laneBits(in.t, a.u)), y) {
			m.round(d, in.t)
			return
		}
	}
	x, y := operand[float32](m, a, in.t), operand[float32](m, b, in.t)
	floatVector(in.op, newVec[float32](m, d), x, y)
	m.round(d, in.t)
}

func scalarFloat(in *inst, a, b uint64) uint64 {
	if in.t == ir.F32 {
		x, y := math.Float32frombits(uint32(a)), math.Float32frombits(uint32(b))
		switch in.op {
		case ir.OpFAdd:
			return uint64(math.Float32bits(x + y))
		case ir.OpFSub:
			return uint64(math.Float32bits(x - y))
		case ir.OpFMul:
			return uint64(math.Float32bits(x * y))
		}
	}
	u, _ := ir.Eval(in.op, in.t, in.from, a, b, 0)
	return u
}

func floatVector(op ir.Op, d, a, b []float32) {
	a, b = a[:len(d)], b[:len(d)]
	switch op {
	case ir.OpFAdd:
		addVV(eights(d), eights(a), eights(b))
	case ir.OpFSub:
		subVV(eights(d), eights(a), eights(b))
	case ir.OpFMul:
		mulVV(eights(d), eights(a), eights(b))
	case ir.OpFDiv:
		for i := range d {
			d[i] = a[i] / b[i]
		}
	case ir.OpFMin:
		for i, x := range a {
			y := b[i]
			switch {
			case x < y:
				d[i] = x
			case y < x:
				d[i] = y
			default:
				d[i] = ir.Min(x, y)
			}
		}
	case ir.OpFMax:
		for i, x := range a {
			y := b[i]
			switch {
			case x > y:
				d[i] = x
			case y > x:
				d[i] = y
			default:
				d[i] = ir.Max(x, y)
			}
		}
	case ir.OpFRem:
		for i := range d {
			d[i] = ir.Rem(a[i], b[i])
		}
	case ir.OpFCopysign:
		x, y, z := asBits(a), asBits(b), asBits(d)
		for i := range z {
			z[i] = x[i]&^(1<<31) | y[i]&(1<<31)
		}
	}
}

// asBits returns the same memory as words.
func asBits(s []float32) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

// floatScalar computes an operation whose second operand is uniform; it reports
// false if it knows no shorter way than floatVector.
func floatScalar(op ir.Op, d, a []float32, b float32) bool {
	a = a[:len(d)]
	switch op {
	case ir.OpFAdd:
		addVS(eights(d), eights(a), b)
	case ir.OpFSub:
		subVS(eights(d), eights(a), b)
	case ir.OpFMul:
		mulVS(eights(d), eights(a), b)
	case ir.OpFDiv:
		for i, x := range a {
			d[i] = x / b
		}
	default:
		return false
	}
	return true
}

// scalarFloats computes an operation whose first operand is uniform.
func scalarFloats(op ir.Op, d []float32, a float32, b []float32) bool {
	b = b[:len(d)]
	switch op {
	case ir.OpFAdd:
		addVS(eights(d), eights(b), a)
	case ir.OpFSub:
		subSV(eights(d), eights(b), a)
	case ir.OpFMul:
		mulVS(eights(d), eights(b), a)
	case ir.OpFDiv:
		for i, y := range b {
			d[i] = a / y
		}
	default:
		return false
	}
	return true
}

// execFloat1 is a float operation of one operand. All but the root are exact.
func execFloat1(m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	if a.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, 0, 0)
		d.setU(u)
		return
	}
	x := operand[float32](m, a, in.t)
	floatUnary(in.op, newVec[float32](m, d), x)
	if in.op == ir.OpFSqrt {
		m.round(d, in.t)
	}
}

func floatUnary(op ir.Op, d, a []float32) {
	a = a[:len(d)]
	switch op {
	case ir.OpFNeg:
		x, z := asBits(a), asBits(d)
		for i := range z {
			z[i] = x[i] ^ 1<<31
		}
	case ir.OpFAbs:
		x, z := asBits(a), asBits(d)
		for i := range z {
			z[i] = x[i] &^ (1 << 31)
		}
	case ir.OpFSqrt:
		for i, x := range a {
			d[i] = float32(math.Sqrt(float64(x)))
		}
	case ir.OpFFloor, ir.OpFCeil, ir.OpFTrunc, ir.OpFRint, ir.OpFRound:
		rounding(op, d, a)
	}
}

// rounding rounds to integers. Numbers from 2^23 on are integers; those below
// convert to int32 and back, and take their sign along for what becomes zero.
// Nothing else branches: which way numbers round is hard to foresee.
func rounding(op ir.Op, d, a []float32) {
	const (
		sign  = 1 << 31
		large = 0x4b000000 // 2^23; infinities and NaNs are above it, too
	)
	switch op {
	case ir.OpFFloor:
		for i, x := range a {
			u := math.Float32bits(x)
			if u&^sign < large {
				k := int32(x)
				k -= int32(bit(float32(k) > x))
				x = math.Float32frombits(math.Float32bits(float32(k)) | u&sign)
			}
			d[i] = x
		}
	case ir.OpFCeil:
		for i, x := range a {
			u := math.Float32bits(x)
			if u&^sign < large {
				k := int32(x)
				k += int32(bit(float32(k) < x))
				x = math.Float32frombits(math.Float32bits(float32(k)) | u&sign)
			}
			d[i] = x
		}
	case ir.OpFTrunc:
		for i, x := range a {
			u := math.Float32bits(x)
			if u&^sign < large {
				x = math.Float32frombits(math.Float32bits(float32(int32(x))) | u&sign)
			}
			d[i] = x
		}
	case ir.OpFRint:
		for i, x := range a {
			u := math.Float32bits(x)
			if u&^sign < large { // adding 2^23 leaves no digit below one
				m := math.Float32frombits(large | u&sign)
				x += m
				x = math.Float32frombits(math.Float32bits(x-m) | u&sign)
			}
			d[i] = x
		}
	case ir.OpFRound:
		for i, x := range a {
			u := math.Float32bits(x)
			if u&^sign < large { // add the greatest number below a half, then truncate
				k := int32(x + math.Float32frombits(0x3effffff|u&sign))
				x = math.Float32frombits(math.Float32bits(float32(k)) | u&sign)
			}
			d[i] = x
		}
	}
}
