package simt

import (
	"math/bits"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// execAtomic is an atomic operation. Lanes take their turns in order; where all
// have the same address, the whole of it is one atomic step.
func execAtomic(m *machine, in *inst) {
	ref, at := &m.r[in.a], m.place(in)
	if ref.tag == uniform && at.tag == uniform && in.op == ir.OpAtomicRMW && m.memory(uint32(ref.u)).gran == 0 {
		m.atomicOne(in, uint32(ref.u), at.u)
		return
	}
	if ref.tag == uniform && in.t == ir.I32 && in.op == ir.OpAtomicRMW && ir.AtomicOp(in.imm2) == ir.AtomicAdd && in.unused && m.atomicAdds(in) {
		return
	}
	var d *reg
	if in.d >= 0 {
		d = &m.r[in.d]
		d.setVec()
	}
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			n := uint32(m.lane(ref, ir.Ref, i))
			o := m.offset(at, i)
			var a, b uint64
			if in.c >= 0 {
				a = m.lane(&m.r[in.c], in.t, i)
			}
			if in.e >= 0 {
				b = m.lane(&m.r[in.e], in.t, i)
			}
			p := m.atomicAt(in, n, i, o)
			if p == nil {
				return
			}
			mem := m.memory(n)
			var old uint64
			if mem.gran != 0 {
				old = m.ownAtomic(in, mem, i, o, a, b)
			} else {
				old = atomicStep(in, p, mem.kind == ir.MemBuffer, a, b)
			}
			if d != nil {
				m.setLane(d, in.t, i, old)
			}
		}
	}
}

// atomicAt returns the address of a lane's atomic access, or nil after ending
// the group if it may not be made.
func (m *machine) atomicAt(in *inst, ref uint32, lane int, o int64) unsafe.Pointer {
	mem := m.memory(ref)
	switch {
	case !mem.fits(o, in.size):
		m.outside(in, ref, lane, o)
		return nil
	case mem.kind == ir.MemConst && in.op != ir.OpAtomicLoad:
		m.trap(ReadOnly, in, ref, lane, o, in.size)
		return nil
	}
	if (uintptr(mem.p)+uintptr(o))&uintptr(in.size-1) != 0 {
		m.trap(Misaligned, in, ref, lane, o, in.size)
		return nil
	}
	if mem.gran != 0 {
		return mem.p // a lane's bytes are in many places
	}
	return unsafe.Add(mem.p, o)
}

// next returns what an atomic operation leaves in memory.
func (in *inst) next(old, a, b uint64) (x uint64, write bool) {
	switch in.op {
	case ir.OpAtomicLoad:
		return old, false
	case ir.OpAtomicStore:
		return a, true
	case ir.OpAtomicCAS:
		return b, old == a
	}
	return modify(ir.AtomicOp(in.imm2), in.t, old, a), true
}

// modify computes an atomic operation.
func modify(op ir.AtomicOp, t ir.Type, old, x uint64) uint64 {
	var o ir.Op
	switch op {
	case ir.AtomicXchg:
		return x
	case ir.AtomicAdd:
		if o = ir.OpAdd; t.IsFloat() {
			o = ir.OpFAdd
		}
	case ir.AtomicSub:
		if o = ir.OpSub; t.IsFloat() {
			o = ir.OpFSub
		}
	case ir.AtomicAnd:
		o = ir.OpAnd
	case ir.AtomicOr:
		o = ir.OpOr
	case ir.AtomicXor:
		o = ir.OpXor
	case ir.AtomicUMin:
		o = ir.OpUMin
	case ir.AtomicUMax:
		o = ir.OpUMax
	case ir.AtomicSMin:
		o = ir.OpSMin
	case ir.AtomicSMax:
		o = ir.OpSMax
	case ir.AtomicFMin:
		o = ir.OpFMin
	case ir.AtomicFMax:
		o = ir.OpFMax
	}
	u, _ := ir.Eval(o, t, t, old, x, 0)
	return u
}

// atomicStep does one lane's operation and returns what was there before.
// shared memory is that of other threadgroups, too.
func atomicStep(in *inst, p unsafe.Pointer, shared bool, a, b uint64) uint64 {
	if !shared {
		old := peek(p, in.size)
		if x, write := in.next(old, a, b); write {
			poke(p, in.size, x)
		}
		return old
	}
	switch in.size {
	case 4:
		w := (*uint32)(p)
		for {
			old := atomic.LoadUint32(w)
			x, write := in.next(uint64(old), a, b)
			if !write || atomic.CompareAndSwapUint32(w, old, uint32(x)) {
				return uint64(old)
			}
		}
	case 8:
		w := (*uint64)(p)
		for {
			old := atomic.LoadUint64(w)
			x, write := in.next(old, a, b)
			if !write || atomic.CompareAndSwapUint64(w, old, x) {
				return old
			}
		}
	}
	// No processor instruction for these that is sure not to touch the
	// neighbours: a lock for all of them.
	small := &smallAtomics[uintptr(p)>>6%uintptr(len(smallAtomics))]
	small.Lock()
	defer small.Unlock()
	old := peek(p, in.size)
	if x, write := in.next(old, a, b); write {
		poke(p, in.size, x)
	}
	return old
}

// smallAtomics order atomic operations on less than 4 bytes.
var smallAtomics [64]sync.Mutex

//go:norace
func peek(p unsafe.Pointer, size int64) uint64 {
	switch size {
	case 1:
		return uint64(*(*uint8)(p))
	case 2:
		return uint64(*(*uint16)(p))
	case 4:
		return uint64(*(*uint32)(p))
	}
	return *(*uint64)(p)
}

//go:norace
func poke(p unsafe.Pointer, size int64, x uint64) {
	switch size {
	case 1:
		*(*uint8)(p) = uint8(x)
	case 2:
		*(*uint16)(p) = uint16(x)
	case 4:
		*(*uint32)(p) = uint32(x)
	case 8:
		*(*uint64)(p) = x
	}
}

// ownAtomic is an atomic operation on thread memory, which nobody else sees.
func (m *machine) ownAtomic(in *inst, mem *memory, lane int, o int64, a, b uint64) uint64 {
	var old uint64
	for i := range in.size {
		old |= uint64(ownGet[uint8](mem, int64(m.cap), lane, o+i)) << (8 * i)
	}
	if x, write := in.next(old, a, b); write {
		for i := range in.size {
			ownPut(mem, int64(m.cap), lane, o+i, uint8(x>>(8*i)))
		}
	}
	return old
}

// atomicOne is a read-modify-write of all active lanes at one address, in one
// atomic step.
func (m *machine) atomicOne(in *inst, ref uint32, o int64) {
	p := m.atomicAt(in, ref, m.firstActive(), o)
	if p == nil {
		return
	}
	d, val := &m.r[in.d], &m.r[in.c]
	shared := m.memory(ref).kind == ir.MemBuffer
	op := ir.AtomicOp(in.imm2)
	var old uint64
	switch {
	case op == ir.AtomicAdd && (in.t == ir.I32 || in.t == ir.I64):
		sum := m.sum(val, in.t)
		switch {
		case !shared:
			old = peek(p, in.size)
			poke(p, in.size, old+sum)
		case in.t == ir.I32:
			old = uint64(atomic.AddUint32((*uint32)(p), uint32(sum)) - uint32(sum))
		default:
			old = atomic.AddUint64((*uint64)(p), sum) - sum
		}
	case !shared || in.size < 4:
		// Small ones hold the lock a lane at a time, which is as good.
		if shared {
			m.atomicSmall(in, p, d, val)
			return
		}
		old = peek(p, in.size)
		poke(p, in.size, m.fold(in, op, old, val))
	case in.size == 4:
		for w := (*uint32)(p); ; {
			x := atomic.LoadUint32(w)
			if atomic.CompareAndSwapUint32(w, x, uint32(m.fold(in, op, uint64(x), val))) {
				old = uint64(x)
				break
			}
		}
	default:
		for w := (*uint64)(p); ; {
			x := atomic.LoadUint64(w)
			if atomic.CompareAndSwapUint64(w, x, m.fold(in, op, x, val)) {
				old = x
				break
			}
		}
	}
	if in.unused {
		return
	}
	// Every lane sees what the lanes before it have left.
	d.setVec()
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			m.setLane(d, in.t, i, old)
			old = modify(op, in.t, old, m.lane(val, in.t, i))
		}
	}
}

func (m *machine) atomicSmall(in *inst, p unsafe.Pointer, d, val *reg) {
	d.setVec()
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			m.setLane(d, in.t, i, atomicStep(in, p, true, m.lane(val, in.t, i), 0))
		}
	}
}

// sum adds up the active lanes of r.
func (m *machine) sum(r *reg, t ir.Type) uint64 {
	s := uint64(0)
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		if r.tag == uniform {
			s += r.u * uint64(bits.OnesCount64(m.act[w]))
			continue
		}
		for x := m.act[w]; x != 0; x &= x - 1 {
			s += m.lane(r, t, w<<6+bits.TrailingZeros64(x))
		}
	}
	return s
}

// fold applies the operations of all active lanes to old.
func (m *machine) fold(in *inst, op ir.AtomicOp, old uint64, val *reg) uint64 {
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			old = modify(op, in.t, old, m.lane(val, in.t, w<<6+bits.TrailingZeros64(x)))
		}
	}
	return old
}

// atomicAdds is the addition of 32-bit integers at an address a lane, where
// nobody looks at the result: histograms. It reports false if the memory is of
// a kind it does not know.
func (m *machine) atomicAdds(in *inst) bool {
	ref := uint32(m.r[in.a].u)
	mem := m.memory(ref)
	if mem.gran != 0 || mem.kind == ir.MemConst {
		return false
	}
	val := &m.r[in.c]
	m.spread(val, ir.I32)
	offs, imm := m.at.lanes(m)
	vals := allOf[uint32](m, val)
	shared := mem.kind == ir.MemBuffer
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x)
			o := offs[i] + imm
			if !mem.fits(o, 4) || (uintptr(mem.p)+uintptr(o))&3 != 0 {
				m.atomicAt(in, ref, i, o)
				return true
			}
			p := (*uint32)(unsafe.Add(mem.p, o))
			if shared {
				atomic.AddUint32(p, vals[i])
			} else {
				*p += vals[i]
			}
		}
	}
	return true
}
