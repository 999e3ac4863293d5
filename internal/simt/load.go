package simt

import (
	"math/bits"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

func execLoad(m *machine, in *inst) {
	d, ref, at := &m.r[in.d], &m.r[in.a], m.place(in)
	if ref.tag == uniform && at.tag == uniform {
		mem := m.memory(uint32(ref.u))
		o := at.u
		if !mem.fits(o, in.size) {
			m.outside(in, uint32(ref.u), m.firstActive(), o)
			return
		}
		if mem.gran == 0 {
			d.setU(mem.scalar(in.t, o))
			return
		}
	}
	switch in.t {
	case ir.I8:
		loadLanes(m, in, allOf[uint8](m, d))
	case ir.I16:
		loadLanes(m, in, allOf[uint16](m, d))
	case ir.I32, ir.F32:
		loadLanes(m, in, allOf[uint32](m, d))
	case ir.I64:
		loadLanes(m, in, allOf[uint64](m, d))
	case ir.F16:
		loadLanes(m, in, m.t16[:m.hi])
		d.setVec()
		widen16(lanesOf[uint32](m, d), m.t16[m.lo:m.hi])
		return
	case ir.BF16:
		loadLanes(m, in, m.t16[:m.hi])
		d.setVec()
		widenB16(lanesOf[uint32](m, d), m.t16[m.lo:m.hi])
		return
	case ir.Bool:
		loadLanes(m, in, m.t8[:m.hi])
		packBits(bitsOf(d), m.t8, m.lo, m.hi)
	}
	d.setVec()
}

// scalar reads one value of type t.
//
//go:norace
func (mem *memory) scalar(t ir.Type, o int64) uint64 {
	switch t.Size() {
	case 1:
		x := get[uint8](mem.p, o)
		if t == ir.Bool && x != 0 {
			x = 1
		}
		return uint64(x)
	case 2:
		return uint64(get[uint16](mem.p, o))
	case 4:
		return uint64(get[uint32](mem.p, o))
	}
	return get[uint64](mem.p, o)
}

// packBits sets bits [lo, hi) of b, lo a multiple of 64, to whether the bytes
// of s are not zero.
func packBits(b *lanes, s []uint8, lo, hi int) {
	for i := lo; i < hi; i += 64 {
		w := uint64(0)
		for j, x := range s[i:min(i+64, hi)] {
			if x != 0 {
				w |= 1 << j
			}
		}
		b[i>>6] = w
	}
}

// loadLanes reads what the active lanes want into d, whose length is m.hi.
// Lanes that are not active may get anything.
//
//go:norace
func loadLanes[T word](m *machine, in *inst, d []T) {
	ref, at := &m.r[in.a], &m.at
	if ref.tag != uniform {
		loadRefs(m, in, d)
		return
	}
	n := uint32(ref.u)
	mem := m.memory(n)
	if mem.gran != 0 {
		loadOwn(m, in, mem, n, d)
		return
	}
	if at.tag == vector {
		gather(m, in, mem, n, at, d)
	} else {
		loadAffine(m, in, mem, n, at.u, at.s, d)
	}
}

//go:norace
func loadAffine[T word](m *machine, in *inst, mem *memory, ref uint32, base int64, s strides, d []T) {
	size := in.size
	if step, ok := m.linear(s); ok && mem.spans(base+step*int64(m.lo), base+step*int64(m.hi-1), base, step, size) {
		row(mem.p, base+step*int64(m.lo), step, d[m.lo:])
		return
	}
	lo, hi, ok := m.corners(base, s)
	if !ok || lo < 0 || !mem.fits(hi, size) {
		// Some lane is outside; perhaps none that is active.
		for w := m.lo >> 6; w<<6 < m.hi; w++ {
			for x := m.act[w]; x != 0; x &= x - 1 {
				i := w<<6 + bits.TrailingZeros64(x)
				o := m.affineAt(base, s, i)
				if !mem.fits(o, size) {
					m.outside(in, ref, i, o)
					return
				}
				d[i] = get[T](mem.p, o)
			}
		}
		return
	}
	w, h := int(m.ext.X), int(m.ext.Y)
	for i := m.lo - m.lo%w; i < m.hi; i += w {
		y := i / w
		o := base + s.y*int64(y%h) + s.z*int64(y/h)
		row(mem.p, o, s.x, d[i:min(i+w, m.hi)])
	}
}

// spans reports whether all accesses from first to last, evenly spaced by
// step, fit; base and step are looked at for overflow.
func (mem *memory) spans(first, last, base, step, size int64) bool {
	const big = 1 << 50
	return step > -big && step < big && base > -1<<61 && base < 1<<61 && mem.fits(first, size) && mem.fits(last, size)
}

// row reads evenly spaced values that are known to be inside.
//
//go:norace
func row[T word](p unsafe.Pointer, o, step int64, d []T) {
	switch step {
	case int64(unsafe.Sizeof(d[0])):
		readRun(d, unsafe.Add(p, o))
	case 0:
		x := get[T](p, o)
		for i := range d {
			d[i] = x
		}
	default:
		for i := range d {
			d[i] = get[T](p, o)
			o += step
		}
	}
}

// gather reads from an address a lane.
//
//go:norace
func gather[T word](m *machine, in *inst, mem *memory, ref uint32, at *place, d []T) {
	offs, imm := at.v, at.imm
	limit := mem.n - in.size
	if limit < 0 {
		i := m.firstActive()
		m.outside(in, ref, i, offs[i]+imm)
		return
	}
	p := mem.p
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		x := m.act[w]
		i := w << 6
		if x == ^uint64(0) || i+bits.Len64(x) >= m.n && x == m.all[w] {
			os := offs[i:min(i+64, m.hi)]
			ds := d[i:][:len(os)]
			for j, o := range os {
				o += imm
				if uint64(o) > uint64(limit) {
					m.outside(in, ref, i+j, o)
					return
				}
				ds[j] = get[T](p, o)
			}
			continue
		}
		for ; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			o := offs[i] + imm
			if uint64(o) > uint64(limit) {
				m.outside(in, ref, i, o)
				return
			}
			d[i] = get[T](p, o)
		}
	}
}

// loadRefs reads where every lane has a memory of its own.
//
//go:norace
func loadRefs[T word](m *machine, in *inst, d []T) {
	refs := allOf[uint32](m, &m.r[in.a])
	offs, imm := m.at.lanes(m)
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			o := offs[i] + imm
			mem := m.memory(refs[i])
			if !mem.fits(o, in.size) {
				m.outside(in, refs[i], i, o)
				return
			}
			if mem.gran != 0 {
				d[i] = ownGet[T](mem, int64(m.cap), i, o)
			} else {
				d[i] = get[T](mem.p, o)
			}
		}
	}
}
