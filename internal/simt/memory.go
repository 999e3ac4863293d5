package simt

import (
	"sort"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A memory is what a Ref names while a kernel runs. A Ref is a number: 0 is
// null, 1 to len(Program.mems) are the kernel's memories, and those above are
// the launch's Ranges.
type memory struct {
	p    unsafe.Pointer
	n    int64  // bytes that may be touched
	addr uint64 // device address of p
	kind ir.MemKind
	gran int64   // of a MemThread: see private.go; else 0
	what absence // why n is 0
}

// An absence is a reason why there is no memory.
type absence uint8

const (
	present absence = iota
	unbound         // no buffer is bound
	nowhere         // a null Ref
)

// Memory that has no device address gets one that says which it is, should a
// kernel store a pointer to it: the top bit, the number of the Ref, and the
// offset, biased so that it may be negative.
const (
	tagBit    = 1 << 63
	tagShift  = 48
	tagBias   = 1 << 47
	tagOffset = 1<<tagShift - 1
)

// bind fills the table of memories for the launch.
func (m *machine) bind() {
	m.mems[0] = memory{what: nowhere}
	shared := int64(0)
	for i := range m.p.mems {
		switch mem := &m.p.mems[i]; mem.Kind {
		case ir.MemThreadgroup:
			shared += align16(mem.Size)
		case ir.MemThreadgroupArg:
			shared += align16(m.l.Mems[i].Len)
		}
	}
	if int64(cap(m.shared))*8 < shared+56 { // machine code clears it in pieces of 64 bytes
		m.shared = make([]uint64, shared/8+7)
	}
	m.shared = m.shared[:shared/8]
	at, lane := int64(0), int64(0)
	for i := range m.p.mems {
		mem := &m.p.mems[i]
		d := &m.mems[i+1]
		*d = memory{kind: mem.Kind, addr: tagBit | uint64(i+1)<<tagShift | tagBias}
		switch mem.Kind {
		case ir.MemBuffer:
			b := &m.l.Mems[i]
			d.p, d.n = b.Ptr, b.Len
			if b.Addr != 0 {
				d.addr = b.Addr
			}
			if b.Ptr == nil {
				d.n, d.what = 0, unbound
			}
		case ir.MemThreadgroup, ir.MemThreadgroupArg:
			d.n = mem.Size
			if mem.Kind == ir.MemThreadgroupArg {
				d.n = m.l.Mems[i].Len
			}
			if d.n > 0 {
				d.p = unsafe.Pointer(&m.shared[at/8])
				at += align16(d.n)
			}
		case ir.MemConst:
			d.p, d.n = unsafe.Pointer(unsafe.SliceData(mem.Data)), int64(len(mem.Data))
		case ir.MemThread:
			d.n, d.gran = mem.Size, m.p.granules[i]
			if d.n > 0 {
				d.p = unsafe.Pointer(&m.own[lane/8*int64(m.cap)])
				lane += align16(d.n)
			}
		}
	}
}

func align16(n int64) int64 { return (n + 15) &^ 15 }

// memory returns what a Ref names.
func (m *machine) memory(ref uint32) *memory {
	if int(ref) < len(m.mems) {
		return &m.mems[ref]
	}
	r := &m.l.Ranges[int(ref)-len(m.mems)]
	m.ranged = memory{p: r.Ptr, n: r.Len, addr: r.Addr}
	return &m.ranged
}

// resolve finds the Ref and the offset that a device address stands for. An
// address that is in no memory is an offset from null.
func (m *machine) resolve(a uint64) (ref uint32, off int64) {
	if a&tagBit != 0 {
		if n := int(a &^ tagBit >> tagShift); n > 0 && n < len(m.mems) && m.mems[n].addr&tagBit != 0 {
			return uint32(n), int64(a&tagOffset) - tagBias
		}
		return 0, int64(a)
	}
	ranges := m.l.Ranges
	i := sort.Search(len(ranges), func(i int) bool { return ranges[i].Addr > a }) - 1
	// A pointer one past the end still belongs to its memory.
	if i >= 0 && a-ranges[i].Addr <= uint64(ranges[i].Len) {
		return uint32(len(m.mems) + i), int64(a - ranges[i].Addr)
	}
	for pass := range uint64(2) {
		for i := 1; i < len(m.mems); i++ {
			if mem := &m.mems[i]; mem.kind == ir.MemBuffer && mem.addr&tagBit == 0 && a-mem.addr < uint64(mem.n)+pass {
				return uint32(i), int64(a - mem.addr)
			}
		}
	}
	return 0, int64(a)
}

// outside ends the group because of an access outside its memory.
func (m *machine) outside(in *inst, ref uint32, lane int, off int64) {
	kind := OutOfBounds
	switch m.memory(ref).what {
	case unbound:
		kind = Unbound
	case nowhere:
		kind = BadAddress
	}
	m.trap(kind, in, ref, lane, off, in.size)
}

// fits reports whether size bytes at off are inside mem.
func (mem *memory) fits(off, size int64) bool {
	return off >= 0 && size <= mem.n && off <= mem.n-size
}

// linear reports whether the affine values u+s·position step evenly from lane
// to lane, and by how much.
func (m *machine) linear(s strides) (int64, bool) {
	w, h, d := int64(m.ext.X), int64(m.ext.Y), int64(m.ext.Z)
	switch {
	case w > 1:
		return s.x, (h == 1 || s.y == s.x*w) && (d == 1 || s.z == s.x*w*h)
	case h > 1:
		return s.y, d == 1 || s.z == s.y*h
	}
	return s.z, true
}

// corners returns the least and the greatest of the affine values over the
// group, for |base| and strides small enough not to overflow.
func (m *machine) corners(base int64, s strides) (lo, hi int64, ok bool) {
	const big = 1 << 50
	if uint64(base+1<<61) > 1<<62 || uint64(s.x+big) > 2*big || uint64(s.y+big) > 2*big || uint64(s.z+big) > 2*big {
		return 0, 0, false
	}
	dx, dy, dz := s.x*int64(m.ext.X-1), s.y*int64(m.ext.Y-1), s.z*int64(m.ext.Z-1)
	lo = base + min(dx, 0) + min(dy, 0) + min(dz, 0)
	hi = base + max(dx, 0) + max(dy, 0) + max(dz, 0)
	return lo, hi, true
}

// affineAt returns the affine value at a lane.
func (m *machine) affineAt(base int64, s strides, lane int) int64 {
	return base + s.x*int64(m.x[lane]) + s.y*int64(m.y[lane]) + s.z*int64(m.z[lane])
}
