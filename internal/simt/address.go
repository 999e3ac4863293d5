package simt

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// execAddr makes a device address of a Ref and an offset.
func execAddr(m *machine, in *inst) {
	d, ref, off := &m.r[in.d], &m.r[in.a], &m.r[in.b]
	if ref.tag == uniform && off.tag <= affine {
		d.setAffine(m.memory(uint32(ref.u)).addr+off.u+uint64(in.imm), off.s, 64)
		return
	}
	m.spread(ref, ir.Ref)
	m.spread(off, ir.I64)
	refs, offs, z := lanesOf[uint32](m, ref), lanesOf[uint64](m, off), newVec[uint64](m, d)
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			i := w<<6 + bits.TrailingZeros64(x) - m.lo
			z[i] = m.memory(refs[i]).addr + offs[i] + uint64(in.imm)
		}
	}
}

// execResolve finds what a device address stands for: the Ref, or the offset.
func execResolve(m *machine, in *inst) {
	d, a := &m.r[in.d], &m.r[in.a]
	wantRef := in.op == ir.OpResolveRef
	switch {
	case a.tag == uniform:
		ref, off := m.resolve(a.u)
		if wantRef {
			d.setU(uint64(ref))
		} else {
			d.setU(uint64(off))
		}
		return
	case a.tag == affine:
		// Usually all lanes point into one memory.
		lo, hi, ok := m.corners(int64(a.u), a.s)
		r1, o1 := m.resolve(uint64(lo))
		r2, o2 := m.resolve(uint64(hi))
		if ok && r1 == r2 && o2-o1 == hi-lo {
			if wantRef {
				d.setU(uint64(r1))
			} else {
				d.setAffine(a.u-uint64(lo-o1), a.s, 64)
			}
			return
		}
	}
	m.spread(a, ir.I64)
	x := lanesOf[uint64](m, a)
	if wantRef {
		z := newVec[uint32](m, d)
		same := true
		first := m.firstActive() - m.lo
		for w := m.lo >> 6; w<<6 < m.hi; w++ {
			for b := m.act[w]; b != 0; b &= b - 1 {
				i := w<<6 + bits.TrailingZeros64(b) - m.lo
				z[i], _ = m.resolve(x[i])
				same = same && z[i] == z[first]
			}
		}
		if same {
			d.setU(uint64(z[first]))
		}
		return
	}
	z := newVec[uint64](m, d)
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for b := m.act[w]; b != 0; b &= b - 1 {
			i := w<<6 + bits.TrailingZeros64(b) - m.lo
			_, off := m.resolve(x[i])
			z[i] = uint64(off)
		}
	}
}
