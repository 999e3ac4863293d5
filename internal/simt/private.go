package simt

import (
	"math/bits"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Thread memory is interleaved: it is cut into granules of g bytes, and those
// of all lanes with the same number lie side by side. So when all lanes access
// the same offset, which is the common case, they access a run of memory. g is
// the size of the kernel's accesses to it; others are pieced together.

// layout decides how much memory of each kind the program needs, and the
// granules.
func (c *compiler) layout() {
	p := c.p
	sizes := make([]int64, len(p.mems)) // of accesses; -1 if they differ
	c.f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op != ir.OpLoad && in.Op != ir.OpStore {
			return true
		}
		s := c.slot[in.Args[0]]
		if s < 0 || int(s) >= len(p.inputs) || p.inputs[s].op != ir.OpMem {
			return true
		}
		size := &sizes[p.inputs[s].imm]
		if n := int64(in.Type.Size()); *size == 0 || *size == n {
			*size = n
		} else {
			*size = -1
		}
		return true
	})
	p.granules = make([]int64, len(p.mems))
	for i := range p.mems {
		switch m := &p.mems[i]; m.Kind {
		case ir.MemThreadgroup:
			p.shared += align16(m.Size)
		case ir.MemThread:
			p.private += align16(m.Size)
			p.granules[i] = sizes[i]
			if sizes[i] <= 0 {
				p.granules[i] = 4
			}
		}
	}
}

// ownAt returns where byte o of a lane's thread memory is.
func ownAt(o, gran, lanes int64, lane int) int64 {
	return (o/gran*lanes+int64(lane))*gran + o%gran
}

// ownGet reads a T of a lane's thread memory, at an offset that fits.
//
//go:norace
func ownGet[T word](mem *memory, lanes int64, lane int, o int64) T {
	var x T
	size := int64(unsafe.Sizeof(x))
	if o%mem.gran+size <= mem.gran {
		return get[T](mem.p, ownAt(o, mem.gran, lanes, lane))
	}
	var v uint64
	for i := range size {
		v |= uint64(get[uint8](mem.p, ownAt(o+i, mem.gran, lanes, lane))) << (8 * i)
	}
	return T(v)
}

// ownPut writes a T of a lane's thread memory, at an offset that fits.
//
//go:norace
func ownPut[T word](mem *memory, lanes int64, lane int, o int64, x T) {
	size := int64(unsafe.Sizeof(x))
	if o%mem.gran+size <= mem.gran {
		put(mem.p, ownAt(o, mem.gran, lanes, lane), x)
		return
	}
	for i := range size {
		put(mem.p, ownAt(o+i, mem.gran, lanes, lane), uint8(uint64(x)>>(8*i)))
	}
}

// ownRow returns the lanes' values at o, if they are a run.
func ownRow[T word](m *machine, mem *memory, o int64) []T {
	var x T
	if int64(unsafe.Sizeof(x)) != mem.gran || o%mem.gran != 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Add(mem.p, o*int64(m.cap))), m.hi)
}

// loadOwn is loadLanes from thread memory.
//
//go:norace
func loadOwn[T word](m *machine, in *inst, mem *memory, ref uint32, d []T) {
	if m.at.tag == uniform { // and has been checked
		o := m.at.u
		if r := ownRow[T](m, mem, o); r != nil {
			copy(d[m.lo:], r[m.lo:])
			return
		}
		for i := m.lo; i < m.hi; i++ {
			d[i] = ownGet[T](mem, int64(m.cap), i, o)
		}
		return
	}
	offs, imm := m.at.lanes(m)
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			o := offs[i] + imm
			if !mem.fits(o, in.size) {
				m.outside(in, ref, i, o)
				return
			}
			d[i] = ownGet[T](mem, int64(m.cap), i, o)
		}
	}
}

// storeOwn is storeLanes to thread memory.
//
//go:norace
func storeOwn[T word](m *machine, in *inst, mem *memory, ref uint32, s []T) {
	if m.at.tag == uniform {
		o := m.at.u
		if !mem.fits(o, in.size) {
			m.outside(in, ref, m.firstActive(), o)
			return
		}
		if r := ownRow[T](m, mem, o); r != nil {
			if m.full {
				copy(r[m.lo:], s[m.lo:])
				return
			}
			for a, b := m.nextRun(m.lo, m.hi); a < b; a, b = m.nextRun(b, m.hi) {
				copy(r[a:b], s[a:b])
			}
			return
		}
	}
	offs, imm := m.at.lanes(m)
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			o := offs[i] + imm
			if !mem.fits(o, in.size) {
				m.outside(in, ref, i, o)
				return
			}
			ownPut(mem, int64(m.cap), i, o, s[i])
		}
	}
}
