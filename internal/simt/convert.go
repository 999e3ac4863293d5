package simt

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// execExtend is Trunc, ZExt, SExt, or Bitcast between integers.
func execExtend(m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	if a.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, 0, 0)
		d.setU(u)
		return
	}
	if a.tag == affine {
		signed := in.op == ir.OpSExt
		if in.op == ir.OpTrunc && in.t != ir.Bool {
			d.setAffine(a.u, a.s, uint(in.width))
			return
		} else if in.t != ir.Bool {
			bits := uint(in.from.Bits())
			if _, _, ok := m.valueRange(a, bits, signed); ok {
				d.setAffine(uint64(m.signedBase(a, bits, signed)), a.s, uint(in.width))
				return
			}
		}
	}
	if in.from == ir.Bool {
		spreadBool(m, in, d, a)
		return
	}
	switch kindOf(in.from) {
	case k8:
		extendFrom[uint8, int8](m, in, d, a)
	case k16:
		extendFrom[uint16, int16](m, in, d, a)
	case k32:
		extendFrom[uint32, int32](m, in, d, a)
	case k64:
		extendFrom[uint64, int64](m, in, d, a)
	}
}

func extendFrom[U word, S signed](m *machine, in *inst, d, a *reg) {
	x := operand[U](m, a, in.from)
	switch kindOf(in.t) {
	case kBool:
		d.setVec()
		b := bitsOf(d)
		for w := m.lo >> 6; w<<6 < m.hi; w++ {
			b[w] = 0
		}
		for i, v := range x {
			i += m.lo
			b[i>>6] |= uint64(v) & 1 << (i & 63)
		}
	case k8:
		extend[U, S, uint8](in.op, newVec[uint8](m, d), x)
	case k16:
		extend[U, S, uint16](in.op, newVec[uint16](m, d), x)
	case k32:
		extend[U, S, uint32](in.op, newVec[uint32](m, d), x)
	case k64:
		extend[U, S, uint64](in.op, newVec[uint64](m, d), x)
	}
}

func extend[U word, S signed, R word](op ir.Op, d []R, a []U) {
	a = a[:len(d)]
	if op == ir.OpSExt {
		for i, x := range a {
			d[i] = R(S(x))
		}
		return
	}
	for i, x := range a {
		d[i] = R(x)
	}
}

// spreadBool converts Bools to integers.
func spreadBool(m *machine, in *inst, d, a *reg) {
	one := uint64(1)
	if in.op == ir.OpSExt {
		one = math.MaxUint64
	}
	b := m.operandBits(a)
	switch kindOf(in.t) {
	case kBool:
		*bitsOf(d) = *b
		d.setVec()
	case k8:
		fromBits(newVec[uint8](m, d), b[m.lo>>6:], uint8(one))
	case k16:
		fromBits(newVec[uint16](m, d), b[m.lo>>6:], uint16(one))
	case k32:
		fromBits(newVec[uint32](m, d), b[m.lo>>6:], uint32(one))
	case k64:
		fromBits(newVec[uint64](m, d), b[m.lo>>6:], one)
	}
}

// fromBits sets d to one where b has a bit, else to zero.
func fromBits[T word](d []T, b []uint64, one T) {
	for w := 0; len(d) > 0; w++ {
		n := min(64, len(d))
		x := b[w]
		for i := range d[:n] {
			d[i] = -T(x>>(i&63)&1) & one
		}
		d = d[n:]
	}
}

// execBitcast is Bitcast where a float takes part.
func execBitcast(m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	if a.tag == uniform {
		d.setU(a.u)
		return
	}
	switch {
	case in.t.Size() == 4 || in.t == in.from:
		copy(newVec[uint32](m, d), operand[uint32](m, a, in.from))
	case in.from == ir.I16:
		x := operand[uint16](m, a, in.from)
		if in.t == ir.F16 {
			widen16(newVec[uint32](m, d), x)
		} else {
			widenB16(newVec[uint32](m, d), x)
		}
	default:
		h := m.t16[m.lo:m.hi]
		if in.from == ir.F16 {
			narrow16(h, operand[uint32](m, a, in.from))
		} else {
			narrowB16(h, operand[uint32](m, a, in.from))
		}
		switch in.t {
		case ir.F16:
			widen16(newVec[uint32](m, d), h)
		case ir.BF16:
			widenB16(newVec[uint32](m, d), h)
		default:
			copy(newVec[uint16](m, d), h)
		}
	}
}

// execFConv converts floats to floats.
func execFConv(m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	if a.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, 0, 0)
		d.setU(u)
		return
	}
	copy(newVec[uint32](m, d), operand[uint32](m, a, in.from))
	m.round(d, in.t)
}

// execFToI converts floats to integers.
func execFToI(m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	if a.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, 0, 0)
		d.setU(u)
		return
	}
	x := operand[float32](m, a, in.from)
	signed := in.op == ir.OpFToS
	switch kindOf(in.t) {
	case k8:
		toInts(in.t, signed, newVec[uint8](m, d), x)
	case k16:
		toInts(in.t, signed, newVec[uint16](m, d), x)
	case k32:
		toInts(in.t, signed, newVec[uint32](m, d), x)
	case k64:
		toInts(in.t, signed, newVec[uint64](m, d), x)
	}
}

func toInts[U word](t ir.Type, signed bool, d []U, a []float32) {
	a = a[:len(d)]
	// Most numbers are far from every limit.
	limit := float32(math.Ldexp(1, t.Bits()-1))
	if signed {
		for i, x := range a {
			if x < limit && x > -limit {
				d[i] = U(int64(x))
			} else {
				d[i] = U(ir.ToInt(t, true, x))
			}
		}
		return
	}
	for i, x := range a {
		if x < limit && x > -1 {
			d[i] = U(int64(x))
		} else {
			d[i] = U(ir.ToInt(t, false, x))
		}
	}
}

// execIToF converts integers to floats.
func execIToF(m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	if a.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, 0, 0)
		d.setU(u)
		return
	}
	switch kindOf(in.from) {
	case k8:
		fromInts[uint8, int8](m, in, d, a)
	case k16:
		fromInts[uint16, int16](m, in, d, a)
	case k32:
		fromInts[uint32, int32](m, in, d, a)
	case k64:
		fromInts[uint64, int64](m, in, d, a)
	}
}

func fromInts[U word, S signed](m *machine, in *inst, d, a *reg) {
	x := operand[U](m, a, in.from)
	r := newVec[float32](m, d)
	signed := in.op == ir.OpSToF
	switch {
	case in.t != ir.F32:
		for i, v := range x {
			u := uint64(v)
			if signed {
				u = uint64(int64(S(v)))
			}
			r[i] = ir.Widen(in.t, ir.FromInt(in.t, signed, u))
		}
	case signed:
		for i, v := range x {
			r[i] = float32(int64(S(v)))
		}
	case in.from == ir.I64:
		for i, v := range x {
			r[i] = float32(uint64(v))
		}
	default:
		for i, v := range x {
			r[i] = float32(int64(v))
		}
	}
}

// execSelect chooses between two values of any type.
func execSelect(m *machine, in *inst) {
	d, c, a, b := &m.r[in.d], &m.r[in.a], &m.r[in.b], &m.r[in.c]
	if c.tag == uniform {
		if c.u == 0 {
			a = b
		}
		m.copyReg(d, a, in.t)
		return
	}
	if a.tag != vector && a.tag == b.tag && a.u == b.u && a.s == b.s {
		m.copyReg(d, a, in.t)
		return
	}
	m.spread(a, in.t)
	m.spread(b, in.t)
	bits := bitsOf(c)[m.lo>>6:]
	switch kindOf(in.t) {
	case kBool:
		d.setVec()
		x, y, z := bitsOf(a), bitsOf(b), bitsOf(d)
		for w := m.lo >> 6; w<<6 < m.hi; w++ {
			z[w] = x[w]&bitsOf(c)[w] | y[w]&^bitsOf(c)[w]
		}
	case k8:
		choose(newVec[uint8](m, d), bits, lanesOf[uint8](m, a), lanesOf[uint8](m, b))
	case k16:
		choose(newVec[uint16](m, d), bits, lanesOf[uint16](m, a), lanesOf[uint16](m, b))
	case k32:
		choose(newVec[uint32](m, d), bits, lanesOf[uint32](m, a), lanesOf[uint32](m, b))
	case k64:
		choose(newVec[uint64](m, d), bits, lanesOf[uint64](m, a), lanesOf[uint64](m, b))
	}
}

func choose[T word](d []T, bits []uint64, a, b []T) {
	for w := 0; len(d) > 0; w++ {
		n := min(64, len(d))
		x, y, z := a[:n], b[:n], d[:n]
		switch c := bits[w]; c {
		case 0:
			copy(z, y)
		case ^uint64(0):
			copy(z, x)
		default:
			for i := range z {
				v := y[i]
				if c>>(i&63)&1 != 0 {
					v = x[i]
				}
				z[i] = v
			}
		}
		a, b, d = a[n:], b[n:], d[n:]
	}
}

// copyReg copies what the active lanes of s hold to d.
func (m *machine) copyReg(d, s *reg, t ir.Type) {
	if s.tag != vector {
		d.u, d.s, d.tag, d.out = s.u, s.s, s.tag, false
		return
	}
	d.setVec()
	switch kindOf(t) {
	case kBool:
		copy(bitsOf(d)[:m.words], bitsOf(s)[:])
	case k8:
		copy(lanesOf[uint8](m, d), lanesOf[uint8](m, s))
	case k16:
		copy(lanesOf[uint16](m, d), lanesOf[uint16](m, s))
	case k32:
		copy(lanesOf[uint32](m, d), lanesOf[uint32](m, s))
	case k64:
		copy(lanesOf[uint64](m, d), lanesOf[uint64](m, s))
	}
}

// assign gives a result or parameter what the active lanes have for it. first
// tells that no lane has given it anything yet.
func (m *machine) assign(mv *move, first bool) {
	d, s := &m.r[mv.dst], &m.r[mv.src]
	if first {
		if s.tag == vector && mv.dies {
			d.v, s.v = s.v, d.v
			d.setVec()
			return
		}
		m.copyReg(d, s, mv.t)
		return
	}
	if d.tag != vector && d.tag == s.tag && d.u == s.u && d.s == s.s {
		return
	}
	m.spread(d, mv.t)
	m.spread(s, mv.t)
	d.setVec()
	switch kindOf(mv.t) {
	case kBool:
		x, z := bitsOf(s), bitsOf(d)
		for w := range m.words {
			z[w] = z[w]&^m.act[w] | x[w]&m.act[w]
		}
	case k8:
		blend[uint8](m, d, s)
	case k16:
		blend[uint16](m, d, s)
	case k32:
		blend[uint32](m, d, s)
	case k64:
		blend[uint64](m, d, s)
	}
}

// blend copies the active lanes of s to d.
func blend[T word](m *machine, d, s *reg) {
	x, z := lanesOf[T](m, s), lanesOf[T](m, d)
	choose(z, m.act[m.lo>>6:], x, z)
}
