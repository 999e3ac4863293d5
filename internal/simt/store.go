package simt

import (
	"math/bits"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

func execStore(m *machine, in *inst) {
	ref, val, at := &m.r[in.a], &m.r[in.c], m.place(in)
	if ref.tag == uniform {
		mem := m.memory(uint32(ref.u))
		if mem.kind == ir.MemConst && mem.what == present {
			m.trap(ReadOnly, in, uint32(ref.u), m.firstActive(), m.offset(at, m.firstActive()), in.size)
			return
		}
		if at.tag == uniform && mem.gran == 0 {
			o := at.u
			if !mem.fits(o, in.size) {
				m.outside(in, uint32(ref.u), m.firstActive(), o)
				return
			}
			// All lanes write to one place: the last one's value stays.
			mem.setScalar(in.t, o, m.lane(val, in.t, m.lastActive()))
			return
		}
	}
	switch in.t {
	case ir.I8:
		m.spread(val, in.t)
		storeLanes(m, in, allOf[uint8](m, val))
	case ir.I16:
		m.spread(val, in.t)
		storeLanes(m, in, allOf[uint16](m, val))
	case ir.I32, ir.F32:
		m.spread(val, in.t)
		storeLanes(m, in, allOf[uint32](m, val))
	case ir.I64:
		m.spread(val, in.t)
		storeLanes(m, in, allOf[uint64](m, val))
	case ir.F16:
		if val.tag == uniform {
			fill(m.t16[m.lo:m.hi], uint16(val.u))
		} else {
			narrow16(m.t16[m.lo:m.hi], lanesOf[uint32](m, val))
		}
		storeLanes(m, in, m.t16[:m.hi])
	case ir.BF16:
		if val.tag == uniform {
			fill(m.t16[m.lo:m.hi], uint16(val.u))
		} else {
			narrowB16(m.t16[m.lo:m.hi], lanesOf[uint32](m, val))
		}
		storeLanes(m, in, m.t16[:m.hi])
	case ir.Bool:
		unpackBits(m.t8, m.operandBits(val), m.lo, m.hi)
		storeLanes(m, in, m.t8[:m.hi])
	}
}

// lane returns the bits of the value of type t that r holds for a lane.
func (m *machine) lane(r *reg, t ir.Type, i int) uint64 {
	switch r.tag {
	case uniform:
		return r.u
	case affine:
		return uint64(m.affineAt(int64(r.u), r.s, i)) & ir.Mask(t)
	}
	switch kindOf(t) {
	case kBool:
		return bitsOf(r)[i>>6] >> (i & 63) & 1
	case k8:
		return uint64(get[uint8](r.v, int64(i)))
	case k16:
		return uint64(get[uint16](r.v, int64(i)*2))
	case k64:
		return get[uint64](r.v, int64(i)*8)
	}
	x := get[uint32](r.v, int64(i)*4)
	switch t {
	case ir.F16:
		return uint64(toHalf(x))
	case ir.BF16:
		return uint64(toBFloat(x))
	}
	return uint64(x)
}

// setLane sets a lane of a vector register.
func (m *machine) setLane(r *reg, t ir.Type, i int, u uint64) {
	switch kindOf(t) {
	case kBool:
		b := bitsOf(r)
		b[i>>6] = b[i>>6]&^(1<<(i&63)) | u&1<<(i&63)
	case k8:
		put(r.v, int64(i), uint8(u))
	case k16:
		put(r.v, int64(i)*2, uint16(u))
	case k32:
		put(r.v, int64(i)*4, laneBits(t, u))
	case k64:
		put(r.v, int64(i)*8, u)
	}
}

// setScalar writes one value of type t.
//
//go:norace
func (mem *memory) setScalar(t ir.Type, o int64, u uint64) {
	switch t.Size() {
	case 1:
		put(mem.p, o, uint8(u))
	case 2:
		put(mem.p, o, uint16(u))
	case 4:
		put(mem.p, o, uint32(u))
	case 8:
		put(mem.p, o, u)
	}
}

// unpackBits sets bytes [lo, hi) of d, lo a multiple of 64, to the bits of b.
func unpackBits(d []uint8, b *lanes, lo, hi int) {
	for i := lo; i < hi; i += 64 {
		w := b[i>>6]
		s := d[i:min(i+64, hi)]
		for j := range s {
			s[j] = uint8(w & 1)
			w >>= 1
		}
	}
}

// storeLanes writes the values of the active lanes, in order of the lanes.
//
//go:norace
func storeLanes[T word](m *machine, in *inst, s []T) {
	ref, at := &m.r[in.a], &m.at
	if ref.tag != uniform {
		storeRefs(m, in, s)
		return
	}
	n := uint32(ref.u)
	mem := m.memory(n)
	switch {
	case mem.gran != 0:
		storeOwn(m, in, mem, n, s)
	case at.tag == vector:
		scatter(m, in, mem, n, at, s)
	default:
		storeAffine(m, in, mem, n, at.u, at.s, s)
	}
}

//go:norace
func storeAffine[T word](m *machine, in *inst, mem *memory, ref uint32, base int64, s strides, v []T) {
	step, even := m.linear(s)
	w, h := int(m.ext.X), int(m.ext.Y)
	for a, b := m.nextRun(m.lo, m.hi); a < b; a, b = m.nextRun(b, m.hi) {
		if even {
			if !storeRow(m, in, mem, ref, base, s, step, v, a, b, base+step*int64(a)) {
				return
			}
			continue
		}
		for a < b { // a row of the group at a time
			end := min(b, a-a%w+w)
			y := a / w
			o := base + s.x*int64(a%w) + s.y*int64(y%h) + s.z*int64(y/h)
			if !storeRow(m, in, mem, ref, base, s, s.x, v, a, end, o) {
				return
			}
			a = end
		}
	}
}

// storeRow writes lanes [a, b), evenly spaced from o on; it reports whether all
// were inside.
//
//go:norace
func storeRow[T word](m *machine, in *inst, mem *memory, ref uint32, base int64, s strides, step int64, v []T, a, b int, o int64) bool {
	if !mem.spans(o, o+step*int64(b-1-a), base, step, in.size) {
		for i := a; i < b; i++ {
			o := m.affineAt(base, s, i)
			if !mem.fits(o, in.size) {
				m.outside(in, ref, i, o)
				return false
			}
			put(mem.p, o, v[i])
		}
		return true
	}
	r := v[a:b]
	if step == int64(unsafe.Sizeof(r[0])) {
		writeRun(unsafe.Add(mem.p, o), r)
		return true
	}
	for _, x := range r {
		put(mem.p, o, x)
		o += step
	}
	return true
}

// scatter writes to an address a lane.
//
//go:norace
func scatter[T word](m *machine, in *inst, mem *memory, ref uint32, at *place, s []T) {
	offs, imm := at.v, at.imm
	limit := mem.n - in.size
	if limit < 0 {
		i := m.firstActive()
		m.outside(in, ref, i, offs[i]+imm)
		return
	}
	p := mem.p
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			o := offs[i] + imm
			if uint64(o) > uint64(limit) {
				m.outside(in, ref, i, o)
				return
			}
			put(p, o, s[i])
		}
	}
}

// storeRefs writes where every lane has a memory of its own.
//
//go:norace
func storeRefs[T word](m *machine, in *inst, s []T) {
	refs := allOf[uint32](m, &m.r[in.a])
	offs, imm := m.at.lanes(m)
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			o := offs[i] + imm
			mem := m.memory(refs[i])
			switch {
			case mem.kind == ir.MemConst && mem.what == present:
				m.trap(ReadOnly, in, refs[i], i, o, in.size)
				return
			case !mem.fits(o, in.size):
				m.outside(in, refs[i], i, o)
				return
			case mem.gran != 0:
				ownPut(mem, int64(m.cap), i, o, s[i])
			default:
				put(mem.p, o, s[i])
			}
		}
	}
}
