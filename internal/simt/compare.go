package simt

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// execCompare compares integers of type U.
func execCompare[U word, S signed](m *machine, in *inst) {
	d, a, b := &m.r[in.d], &m.r[in.a], &m.r[in.b]
	if a.tag|b.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, b.u, 0)
		d.setU(u)
		return
	}
	if a.tag <= affine && b.tag <= affine && m.compareAffine(in, d, a, b) {
		return
	}
	if b.tag == uniform {
		x := operand[U](m, a, in.from)
		d.setVec()
		compareScalar[U, S](in.op, bitsOf(d)[m.lo>>6:], x, U(b.u))
		return
	}
	x, y := operand[U](m, a, in.from), operand[U](m, b, in.from)
	d.setVec()
	compareInts[U, S](in.op, bitsOf(d)[m.lo>>6:], x, y)
}

// compareAffine compares affine values without looking at every lane, if it
// can: all lanes may agree, or their values may grow evenly, so that the
// answer changes once.
func (m *machine) compareAffine(in *inst, d, a, b *reg) bool {
	bits := uint(in.from.Bits())
	signed := in.op == ir.OpSLt || in.op == ir.OpSLe
	la, ha, ok := m.valueRange(a, bits, signed)
	if !ok {
		return false
	}
	lb, hb, ok := m.valueRange(b, bits, signed)
	if !ok {
		return false
	}
	// Now a and b are what they seem, as integers: compare a-b with 0.
	base := m.signedBase(a, bits, signed) - m.signedBase(b, bits, signed)
	s := strides{a.s.x - b.s.x, a.s.y - b.s.y, a.s.z - b.s.z}
	switch in.op {
	case ir.OpULt, ir.OpSLt:
		if ha < lb || la >= hb {
			d.setBool(ha < lb)
			return true
		}
	case ir.OpULe, ir.OpSLe:
		if ha <= lb || la > hb {
			d.setBool(ha <= lb)
			return true
		}
	case ir.OpEq, ir.OpNe:
		if ha < lb || la > hb {
			d.setBool(in.op == ir.OpNe)
			return true
		}
	}
	lo, hi, ok := m.corners(base, s)
	if !ok {
		return false
	}
	switch in.op {
	case ir.OpULt, ir.OpSLt:
		if hi < 0 || lo >= 0 {
			d.setBool(hi < 0)
			return true
		}
		base++ // a-b+1 <= 0
	case ir.OpULe, ir.OpSLe:
		if hi <= 0 || lo > 0 {
			d.setBool(hi <= 0)
			return true
		}
	default:
		if hi < 0 || lo > 0 || lo == hi {
			d.setBool((lo == 0 && hi == 0) == (in.op == ir.OpEq))
			return true
		}
	}
	step, even := m.linear(s)
	if !even || step == 0 {
		return false
	}
	z := bitsOf(d)
	d.setVec()
	if in.op == ir.OpEq || in.op == ir.OpNe {
		clear(z[:m.words])
		if i := -base / step; base%step == 0 && i >= 0 && i < int64(m.n) {
			z[i>>6] |= 1 << (i & 63)
		}
		if in.op == ir.OpNe {
			for i := range m.words {
				z[i] = ^z[i]
			}
		}
		return true
	}
	// Lanes with base + step*i <= 0.
	if step > 0 {
		prefix(z[:m.words], -base/step+1)
		return true
	}
	// base - |step|*i <= 0 where i >= base/|step|, rounded up.
	prefix(z[:m.words], (base-step-1)/-step)
	for i := range m.words {
		z[i] = ^z[i]
	}
	return true
}

// prefix sets the first n bits of z and clears the others.
func prefix(z []uint64, n int64) {
	for i := range z {
		switch left := n - int64(i)*64; {
		case left >= 64:
			z[i] = ^uint64(0)
		case left <= 0:
			z[i] = 0
		default:
			z[i] = 1<<uint(left) - 1
		}
	}
}

// signedBase returns the base of an affine value as an integer.
func (m *machine) signedBase(r *reg, bits uint, signed bool) int64 {
	if signed && bits < 64 {
		return int64(r.u<<(64-bits)) >> (64 - bits)
	}
	return int64(r.u)
}

// valueRange returns the least and greatest value of r over the group, if none
// of its lanes wraps around.
func (m *machine) valueRange(r *reg, bits uint, signed bool) (lo, hi int64, ok bool) {
	least, most := int64(0), int64(math.MaxInt64)
	switch {
	case signed:
		least, most = -1<<(bits-1), 1<<(bits-1)-1
	case bits < 64:
		most = 1<<bits - 1
	}
	lo, hi, ok = m.corners(m.signedBase(r, bits, signed), r.s)
	return lo, hi, ok && lo >= least && hi <= most
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// compareInts sets bit i of d to whether a[i] op b[i].
func compareInts[U word, S signed](op ir.Op, d []uint64, a, b []U) {
	b = b[:len(a)]
	for w := 0; len(a) > 0; w++ {
		n := min(64, len(a))
		x, y := a[:n], b[:n]
		r := uint64(0)
		switch op {
		case ir.OpEq:
			for i := range x {
				r |= bit(x[i] == y[i]) << (i & 63)
			}
		case ir.OpNe:
			for i := range x {
				r |= bit(x[i] != y[i]) << (i & 63)
			}
		case ir.OpULt:
			for i := range x {
				r |= bit(x[i] < y[i]) << (i & 63)
			}
		case ir.OpULe:
			for i := range x {
				r |= bit(x[i] <= y[i]) << (i & 63)
			}
		case ir.OpSLt:
			for i := range x {
				r |= bit(S(x[i]) < S(y[i])) << (i & 63)
			}
		case ir.OpSLe:
			for i := range x {
				r |= bit(S(x[i]) <= S(y[i])) << (i & 63)
			}
		}
		d[w] = r
		a, b = a[n:], b[n:]
	}
}

// compareScalar sets bit i of d to whether a[i] op b.
func compareScalar[U word, S signed](op ir.Op, d []uint64, a []U, b U) {
	for w := 0; len(a) > 0; w++ {
		n := min(64, len(a))
		x := a[:n]
		r := uint64(0)
		switch op {
		case ir.OpEq:
			for i := range x {
				r |= bit(x[i] == b) << (i & 63)
			}
		case ir.OpNe:
			for i := range x {
				r |= bit(x[i] != b) << (i & 63)
			}
		case ir.OpULt:
			for i := range x {
				r |= bit(x[i] < b) << (i & 63)
			}
		case ir.OpULe:
			for i := range x {
				r |= bit(x[i] <= b) << (i & 63)
			}
		case ir.OpSLt:
			for i := range x {
				r |= bit(S(x[i]) < S(b)) << (i & 63)
			}
		case ir.OpSLe:
			for i := range x {
				r |= bit(S(x[i]) <= S(b)) << (i & 63)
			}
		}
		d[w] = r
		a = a[n:]
	}
}

// execFCompare compares floats.
func execFCompare(m *machine, in *inst) {
	d, a, b := &m.r[in.d], &m.r[in.a], &m.r[in.b]
	if a.tag|b.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, b.u, 0)
		d.setU(u)
		return
	}
	x, y := operand[float32](m, a, in.from), operand[float32](m, b, in.from)
	d.setVec()
	compareFloats(in.op, bitsOf(d)[m.lo>>6:], x, y)
}

func compareFloats(op ir.Op, d []uint64, a, b []float32) {
	if op == ir.OpFLt || op == ir.OpFLe {
		less(d, eights(a), eights(b), op == ir.OpFLe)
		return
	}
	b = b[:len(a)]
	for w := 0; len(a) > 0; w++ {
		n := min(64, len(a))
		x, y := a[:n], b[:n]
		r := uint64(0)
		switch op {
		case ir.OpFEq:
			for i := range x {
				r |= bit(x[i] == y[i]) << (i & 63)
			}
		case ir.OpFNe:
			for i := range x {
				r |= bit(x[i] != y[i]) << (i & 63)
			}
		}
		d[w] = r
		a, b = a[n:], b[n:]
	}
}

// less sets bit i of d to whether a[i] is less than b[i], or equal to it if
// that is as good.
func less(d []uint64, a, b []eight, equal bool) {
	b = b[:len(a)]
	for i := range a {
		x, y := &a[i], &b[i]
		var r uint64
		if equal {
			r = bit(x[0] <= y[0]) | bit(x[1] <= y[1])<<1 | bit(x[2] <= y[2])<<2 | bit(x[3] <= y[3])<<3 |
				bit(x[4] <= y[4])<<4 | bit(x[5] <= y[5])<<5 | bit(x[6] <= y[6])<<6 | bit(x[7] <= y[7])<<7
		} else {
			r = bit(x[0] < y[0]) | bit(x[1] < y[1])<<1 | bit(x[2] < y[2])<<2 | bit(x[3] < y[3])<<3 |
				bit(x[4] < y[4])<<4 | bit(x[5] < y[5])<<5 | bit(x[6] < y[6])<<6 | bit(x[7] < y[7])<<7
		}
		if at := i & 7; at == 0 {
			d[i>>3] = r
		} else {
			d[i>>3] |= r << (8 * at)
		}
	}
}
