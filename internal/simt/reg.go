package simt

import (
	"math"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A kind is how the lanes of a vector register are stored. 16-bit floats are
// stored as the float32s they stand for, so that arithmetic need not convert.
type kind uint8

const (
	kNone kind = iota
	kBool      // a bitmap
	k8
	k16
	k32 // also floats of any type, and Refs as numbers
	k64
)

func kindOf(t ir.Type) kind {
	switch t {
	case ir.Bool:
		return kBool
	case ir.I8:
		return k8
	case ir.I16:
		return k16
	case ir.I32, ir.F32, ir.F16, ir.BF16, ir.Ref:
		return k32
	case ir.I64:
		return k64
	}
	return kNone
}

// bytes returns the size of a register for n lanes.
func (k kind) bytes(n int) int {
	switch k {
	case kBool:
		return maxWords * 8
	case k8:
		return n
	case k16:
		return n * 2
	case k32:
		return n * 4
	case k64:
		return n * 8
	}
	return 0
}

// A tag tells what a register holds.
type tag uint8

const (
	uniform tag = iota // u, in every lane
	affine             // u + s.x*x + s.y*y + s.z*z modulo the width; (x, y, z) is the thread's position in its group
	vector             // lanes at v
)

// strides are the steps of an affine value along the sides of the group.
type strides struct{ x, y, z int64 }

// A reg is a register. u holds the bits of the ir value; a Ref is its number
// (see machine.memory).
type reg struct {
	v   unsafe.Pointer // room for the lanes
	u   uint64
	s   strides // sign-extended from the width; zero if uniform
	tag tag
	out bool // v holds the lanes, though the register is not a vector
}

func (r *reg) setU(u uint64) {
	r.u, r.s, r.tag, r.out = u, strides{}, uniform, false
}

func (r *reg) setBool(x bool) {
	u := uint64(0)
	if x {
		u = 1
	}
	r.setU(u)
}

// setAffine sets r to an affine value of width bits.
func (r *reg) setAffine(u uint64, s strides, width uint) {
	if width < 64 {
		sh := (64 - width) & 63
		u = u << sh >> sh
		s.x = s.x << sh >> sh
		s.y = s.y << sh >> sh
		s.z = s.z << sh >> sh
	}
	r.u, r.s, r.tag, r.out = u, s, affine, false
	if s.x|s.y|s.z == 0 {
		r.tag = uniform
	}
}

// setVec makes r a vector, of whatever its lanes hold.
func (r *reg) setVec() { r.tag, r.out = vector, false }

type elem interface {
	uint8 | uint16 | uint32 | uint64 | float32 | int64
}

// lanesOf returns the lanes [m.lo, m.hi) of a register of which the lanes are there.
func lanesOf[T elem](m *machine, r *reg) []T {
	return unsafe.Slice((*T)(r.v), m.cap)[m.lo:m.hi]
}

// newVec makes r a vector and returns its lanes to be written.
func newVec[T elem](m *machine, r *reg) []T {
	r.tag, r.out = vector, false
	return unsafe.Slice((*T)(r.v), m.cap)[m.lo:m.hi]
}

// allOf returns lanes [0, m.hi) of a register.
func allOf[T elem](m *machine, r *reg) []T {
	return unsafe.Slice((*T)(r.v), m.cap)[:m.hi]
}

// roomOf returns all lanes a register has room for.
func roomOf[T elem](m *machine, r *reg) []T { return unsafe.Slice((*T)(r.v), m.cap) }

// bitsOf returns the bitmap of a Bool register.
func bitsOf(r *reg) *lanes { return (*lanes)(r.v) }

// spread writes the lanes of a register that is not a vector, of type t, and
// keeps it marked as uniform or affine.
func (m *machine) spread(r *reg, t ir.Type) {
	if r.tag == vector || r.out {
		return
	}
	k := kindOf(t)
	if r.v == nil {
		r.v = m.room(k)
	}
	r.out = true
	switch {
	case k == kBool:
		b := bitsOf(r)
		for i := range m.words {
			b[i] = -(r.u & 1)
		}
	case r.tag == uniform:
		switch k {
		case k8:
			fill(unsafe.Slice((*uint8)(r.v), m.cap)[:m.n], uint8(r.u))
		case k16:
			fill(unsafe.Slice((*uint16)(r.v), m.cap)[:m.n], uint16(r.u))
		case k32:
			fill(unsafe.Slice((*uint32)(r.v), m.cap)[:m.n], laneBits(t, r.u))
		case k64:
			fill(unsafe.Slice((*uint64)(r.v), m.cap)[:m.n], r.u)
		}
	default:
		switch k {
		case k8:
			ramp(m, unsafe.Slice((*uint8)(r.v), m.cap)[:m.n], r)
		case k16:
			ramp(m, unsafe.Slice((*uint16)(r.v), m.cap)[:m.n], r)
		case k32:
			ramp(m, unsafe.Slice((*uint32)(r.v), m.cap)[:m.n], r)
		case k64:
			ramp(m, unsafe.Slice((*uint64)(r.v), m.cap)[:m.n], r)
		}
	}
}

// laneBits returns how a uniform 32-bit lane of type t is stored.
func laneBits(t ir.Type, u uint64) uint32 {
	if t == ir.F16 || t == ir.BF16 {
		return math.Float32bits(ir.Widen(t, u))
	}
	return uint32(u)
}

func fill[T elem](d []T, x T) {
	for i := range d {
		d[i] = x
	}
}

// ramp writes an affine value.
func ramp[T uint8 | uint16 | uint32 | uint64](m *machine, d []T, r *reg) {
	w := int(m.ext.X)
	step := T(r.s.x)
	i := 0
	for z := range int64(m.ext.Z) {
		for y := range int64(m.ext.Y) {
			x := T(r.u) + T(r.s.y*y) + T(r.s.z*z)
			row := d[i : i+w]
			for j := range row {
				row[j] = x
				x += step
			}
			i += w
		}
	}
}

// operand returns the lanes of an operand of type t, written out if need be.
func operand[T elem](m *machine, r *reg, t ir.Type) []T {
	if r.tag != vector && !r.out {
		m.spread(r, t)
	}
	return lanesOf[T](m, r)
}

// operandBits returns the bitmap of a Bool operand.
func (m *machine) operandBits(r *reg) *lanes {
	if r.tag != vector && !r.out {
		m.spread(r, ir.Bool)
	}
	return bitsOf(r)
}
