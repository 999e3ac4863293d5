package simt

import (
	"math"
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// isActive reports whether a lane is active.
func (m *machine) isActive(i int) bool { return m.act[i>>6&(maxWords-1)]>>(i&63)&1 != 0 }

// groupActive returns the active lanes of the group of width lanes that begins
// at lane i.
func (m *machine) groupActive(i, width int) uint32 {
	return uint32(m.act[i>>6]>>(i&63)) & uint32(1<<width-1)
}

// execShuffle gives every lane the value of another.
func execShuffle(m *machine, in *inst) {
	d, val, idx := &m.r[in.d], &m.r[in.a], &m.r[in.b]
	_, width, _ := ir.UnpackGroup(in.imm)
	if idx.tag == uniform && m.n <= width {
		u := uint64(0)
		if idx.u < uint64(m.n) && m.isActive(int(idx.u)) {
			u = m.lane(val, in.t, int(idx.u))
		}
		d.setU(u)
		return
	}
	m.spread(val, in.t)
	m.spread(idx, ir.I32)
	l := allOf[uint32](m, idx)
	switch kindOf(in.t) {
	case kBool:
		d.setVec()
		for i := m.lo; i < m.hi; i++ {
			from := i&^(width-1) + int(min(l[i], 64))
			u := uint64(0)
			if l[i] < uint32(width) && m.isActive(from) {
				u = m.lane(val, in.t, from)
			}
			m.setLane(d, in.t, i, u)
		}
	case k8:
		shuffle[uint8](m, d, val, l, width)
	case k16:
		shuffle[uint16](m, d, val, l, width)
	case k32:
		shuffle[uint32](m, d, val, l, width)
	case k64:
		shuffle[uint64](m, d, val, l, width)
	}
}

func shuffle[T word](m *machine, d, val *reg, idx []uint32, width int) {
	s := allOf[T](m, val)
	d.setVec()
	z := allOf[T](m, d)
	for base := m.lo; base < m.hi; base += width {
		act := m.groupActive(base, width)
		if act == 0 {
			continue
		}
		for i := base; i < min(base+width, m.hi); i++ {
			var v T
			if j := idx[i]; act>>j&1 != 0 { // zero if j is too large
				v = s[base+int(j)]
			}
			z[i] = v
		}
	}
}

// groupOp returns the operation that op stands for on values of type t.
func groupOp(op ir.GroupOp, t ir.Type) ir.Op {
	switch op {
	case ir.GroupAdd:
		if t.IsFloat() {
			return ir.OpFAdd
		}
		return ir.OpAdd
	case ir.GroupMul:
		if t.IsFloat() {
			return ir.OpFMul
		}
		return ir.OpMul
	case ir.GroupAnd:
		return ir.OpAnd
	case ir.GroupOr:
		return ir.OpOr
	case ir.GroupXor:
		return ir.OpXor
	case ir.GroupUMin:
		return ir.OpUMin
	case ir.GroupUMax:
		return ir.OpUMax
	case ir.GroupSMin:
		return ir.OpSMin
	case ir.GroupSMax:
		return ir.OpSMax
	case ir.GroupFMin:
		return ir.OpFMin
	}
	return ir.OpFMax
}

// GroupIdentity returns what an exclusive scan gives the first lane.
func GroupIdentity(op ir.GroupOp, t ir.Type) uint64 {
	mask := ir.Mask(t)
	switch op {
	case ir.GroupMul:
		if t.IsFloat() {
			return ir.Narrow(t, 1)
		}
		return 1
	case ir.GroupAnd, ir.GroupUMin:
		return mask
	case ir.GroupSMin:
		return mask >> 1
	case ir.GroupSMax:
		return mask &^ (mask >> 1)
	case ir.GroupFMin:
		return ir.Narrow(t, float32(math.Inf(1)))
	case ir.GroupFMax:
		return ir.Narrow(t, float32(math.Inf(-1)))
	}
	return 0
}

// combine computes a group operation of two values.
func combine(op ir.Op, t ir.Type, a, b uint64) uint64 {
	switch {
	case op == ir.OpFAdd && t == ir.F32:
		return uint64(math.Float32bits(math.Float32frombits(uint32(a)) + math.Float32frombits(uint32(b))))
	case op == ir.OpAdd:
		return (a + b) & ir.Mask(t)
	}
	u, _ := ir.Eval(op, t, t, a, b, 0)
	return u
}

// execReduce combines the values of the active lanes of each group, in order.
func execReduce(m *machine, in *inst) {
	d, val := &m.r[in.d], &m.r[in.a]
	gop, width, _ := ir.UnpackGroup(in.imm)
	op := groupOp(gop, in.t)
	one := m.n <= width
	for base := m.lo; base < m.hi; base += width {
		act := m.groupActive(base, width)
		if act == 0 {
			continue
		}
		r := m.reduce(op, in.t, val, base, act)
		if one {
			d.setU(r)
			return
		}
		d.setVec()
		end := min(base+width, m.n)
		switch kindOf(in.t) {
		case k32:
			fill(span[uint32](m, d, base, end), laneBits(in.t, r))
		case k64:
			fill(span[uint64](m, d, base, end), r)
		default:
			for i := base; i < end; i++ {
				m.setLane(d, in.t, i, r)
			}
		}
	}
}

// reduce combines the values of the lanes in act, which is not empty.
func (m *machine) reduce(op ir.Op, t ir.Type, val *reg, base int, act uint32) uint64 {
	if t == ir.F32 && val.tag == vector {
		if x, ok := reduceFloats(op, span[float32](m, val, base, min(base+32, m.cap)), act); ok {
			return uint64(math.Float32bits(x))
		}
	}
	i := bits.TrailingZeros32(act)
	r := m.lane(val, t, base+i)
	for act &= act - 1; act != 0; act &= act - 1 {
		r = combine(op, t, r, m.lane(val, t, base+bits.TrailingZeros32(act)))
	}
	return r
}

func reduceFloats(op ir.Op, s []float32, act uint32) (float32, bool) {
	i := bits.TrailingZeros32(act)
	r := s[i]
	act &= act - 1
	switch op {
	case ir.OpFAdd:
		if act == ^uint32(1) && len(s) >= 32 {
			for _, x := range s[1:32] {
				r += x
			}
			return r, true
		}
		for ; act != 0; act &= act - 1 {
			r += s[bits.TrailingZeros32(act)]
		}
	case ir.OpFMax:
		for ; act != 0; act &= act - 1 {
			if x := s[bits.TrailingZeros32(act)]; x > r {
				r = x
			} else if !(x < r) {
				r = ir.Max(r, x)
			}
		}
	case ir.OpFMin:
		for ; act != 0; act &= act - 1 {
			if x := s[bits.TrailingZeros32(act)]; x < r {
				r = x
			} else if !(x > r) {
				r = ir.Min(r, x)
			}
		}
	default:
		return 0, false
	}
	return r, true
}

// span returns lanes [a, b) of a vector register.
func span[T elem](m *machine, r *reg, a, b int) []T { return roomOf[T](m, r)[a:b] }

// execScan combines the values of the active lanes up to each.
func execScan(m *machine, in *inst) {
	d, val := &m.r[in.d], &m.r[in.a]
	gop, width, inclusive := ir.UnpackGroup(in.imm)
	op := groupOp(gop, in.t)
	first := GroupIdentity(gop, in.t)
	d.setVec()
	for base := m.lo; base < m.hi; base += width {
		r, some := first, false
		for act := m.groupActive(base, width); act != 0; act &= act - 1 {
			i := base + bits.TrailingZeros32(act)
			x := m.lane(val, in.t, i)
			if !inclusive {
				m.setLane(d, in.t, i, r)
			}
			if some {
				r = combine(op, in.t, r, x)
			} else {
				r, some = x, true
			}
			if inclusive {
				m.setLane(d, in.t, i, r)
			}
		}
	}
}

// execBallot tells every lane which active lanes of its group hold true.
func execBallot(m *machine, in *inst) {
	d, val := &m.r[in.d], &m.r[in.a]
	_, width, _ := ir.UnpackGroup(in.imm)
	b := m.operandBits(val)
	for base := m.lo; base < m.hi; base += width {
		x := uint64(m.groupActive(base, width)) & (b[base>>6] >> (base & 63))
		if m.n <= width {
			d.setU(x)
			return
		}
		d.setVec()
		fill(span[uint64](m, d, base, min(base+width, m.n)), x)
	}
}
