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

// execReduce combines the values of the active lanes of each group.
func execReduce(m *machine, in *inst) {
	d, val := &m.r[in.d], &m.r[in.a]
	op, width, _ := ir.UnpackGroup(in.imm)
	one := m.n <= width
	for base := m.lo; base < m.hi; base += width {
		act := m.groupActive(base, width)
		if act == 0 {
			continue
		}
		r := m.reduce(op, in.t, val, base, width, act)
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

// reduce combines the values of the lanes in act, of a group of width lanes
// from base on.
func (m *machine) reduce(op ir.GroupOp, t ir.Type, val *reg, base, width int, act uint32) uint64 {
	if t == ir.F32 && val.tag == vector {
		var x [32]float32
		onlyActive(x[:width], math.Float32frombits(uint32(ir.GroupNeutral(op, t))), span[float32](m, val, base, min(base+width, m.cap)), act)
		switch op {
		case ir.GroupAdd:
			for n := width / 2; n > 0; n /= 2 {
				for i := range n {
					x[i] += x[i+n]
				}
			}
			return uint64(math.Float32bits(x[0]))
		case ir.GroupFMin, ir.GroupFMax:
			for n := width / 2; n > 0; n /= 2 {
				for i := range n {
					if op == ir.GroupFMin {
						x[i] = ir.Min(x[i], x[i+n])
					} else {
						x[i] = ir.Max(x[i], x[i+n])
					}
				}
			}
			return uint64(math.Float32bits(x[0]))
		}
	}
	var x [32]uint64
	m.groupLanes(&x, op, t, val, base, width, act)
	return ir.GroupReduce(op, t, x[:width])
}

// onlyActive sets x to the active lanes of a group, whose values begin in s, and
// the others to none.
func onlyActive(x []float32, none float32, s []float32, act uint32) {
	if copy(x, s) == len(x) && bits.OnesCount32(act) == len(x) {
		return
	}
	for i := range x {
		if act>>i&1 == 0 {
			x[i] = none
		}
	}
}

// groupLanes sets x to the values of the active lanes of a group, and the others
// to what changes nothing.
func (m *machine) groupLanes(x *[32]uint64, op ir.GroupOp, t ir.Type, val *reg, base, width int, act uint32) {
	fill(x[:width], ir.GroupNeutral(op, t))
	for ; act != 0; act &= act - 1 {
		i := bits.TrailingZeros32(act)
		x[i] = m.lane(val, t, base+i)
	}
}

// span returns lanes [a, b) of a vector register.
func span[T elem](m *machine, r *reg, a, b int) []T { return roomOf[T](m, r)[a:b] }

// execScan combines the values of the active lanes up to each.
func execScan(m *machine, in *inst) {
	d, val := &m.r[in.d], &m.r[in.a]
	op, width, inclusive := ir.UnpackGroup(in.imm)
	d.setVec()
	for base := m.lo; base < m.hi; base += width {
		act := m.groupActive(base, width)
		if act == 0 {
			continue
		}
		var x [32]uint64
		m.groupLanes(&x, op, in.t, val, base, width, act)
		ir.GroupScan(op, in.t, x[:width], inclusive)
		for ; act != 0; act &= act - 1 {
			i := bits.TrailingZeros32(act)
			m.setLane(d, in.t, base+i, x[i])
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
