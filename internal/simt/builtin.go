package simt

import "github.com/aruminium-go/aruminium/internal/ir"

// builtin sets r to input b of this threadgroup. What r holds written out stays
// if it is the same as in the last group.
func (m *machine) builtin(r *reg, b ir.Builtin) {
	if m.groups > 1 && m.abreastBuiltin(r, b) {
		return
	}
	u, s, ok := m.builtinValue(b)
	if !ok {
		width := uint32(SimdWidth)
		if b == ir.ThreadIndexInQuadgroup || b == ir.QuadgroupIndexInThreadgroup {
			width = 4
		}
		m.sublanes(r, width, b == ir.ThreadIndexInSimdgroup || b == ir.ThreadIndexInQuadgroup)
		return
	}
	m.input(r, uint64(u), s)
}

// builtinValue returns input b as a linear function of the position in the
// group; it reports false if it is none.
func (m *machine) builtinValue(b ir.Builtin) (u uint32, s strides, ok bool) {
	l := m.l
	w, h := int64(m.one.X), int64(m.one.Y)
	index := strides{1, w, w * h} // thread_index_in_threadgroup
	size := uint32(m.one.Volume())
	asked := uint32(l.Group.Volume())
	switch b {
	case ir.ThreadPositionInGridX:
		u, s.x = m.pos.X*l.Group.X, 1
	case ir.ThreadPositionInGridY:
		u, s.y = m.pos.Y*l.Group.Y, 1
	case ir.ThreadPositionInGridZ:
		u, s.z = m.pos.Z*l.Group.Z, 1
	case ir.ThreadPositionInThreadgroupX:
		s.x = 1
	case ir.ThreadPositionInThreadgroupY:
		s.y = 1
	case ir.ThreadPositionInThreadgroupZ:
		s.z = 1
	case ir.ThreadgroupPositionInGridX:
		u = m.pos.X
	case ir.ThreadgroupPositionInGridY:
		u = m.pos.Y
	case ir.ThreadgroupPositionInGridZ:
		u = m.pos.Z
	case ir.ThreadsPerThreadgroupX:
		u = m.one.X
	case ir.ThreadsPerThreadgroupY:
		u = m.one.Y
	case ir.ThreadsPerThreadgroupZ:
		u = m.one.Z
	case ir.DispatchThreadsPerThreadgroupX:
		u = l.Group.X
	case ir.DispatchThreadsPerThreadgroupY:
		u = l.Group.Y
	case ir.DispatchThreadsPerThreadgroupZ:
		u = l.Group.Z
	case ir.ThreadsPerGridX:
		u = l.Grid.X
	case ir.ThreadsPerGridY:
		u = l.Grid.Y
	case ir.ThreadsPerGridZ:
		u = l.Grid.Z
	case ir.ThreadgroupsPerGridX:
		u = m.job.groups.X
	case ir.ThreadgroupsPerGridY:
		u = m.job.groups.Y
	case ir.ThreadgroupsPerGridZ:
		u = m.job.groups.Z
	case ir.ThreadIndexInThreadgroup:
		s = index
	case ir.ThreadsPerSimdgroup:
		u = SimdWidth
	case ir.SimdgroupsPerThreadgroup:
		u = (size + SimdWidth - 1) / SimdWidth
	case ir.DispatchSimdgroupsPerThreadgroup:
		u = (asked + SimdWidth - 1) / SimdWidth
	case ir.QuadgroupsPerThreadgroup:
		u = (size + 3) / 4
	case ir.DispatchQuadgroupsPerThreadgroup:
		u = (asked + 3) / 4
	case ir.ThreadIndexInSimdgroup, ir.SimdgroupIndexInThreadgroup, ir.ThreadIndexInQuadgroup, ir.QuadgroupIndexInThreadgroup:
		in := b == ir.ThreadIndexInSimdgroup || b == ir.ThreadIndexInQuadgroup
		width := uint32(SimdWidth)
		if b == ir.ThreadIndexInQuadgroup || b == ir.QuadgroupIndexInThreadgroup {
			width = 4
		}
		switch {
		case size <= width && in:
			s = index
		case size <= width:
		case m.one.X == width && in:
			s.x = 1
		case m.one.X == width:
			s.y, s.z = 1, h
		default:
			return 0, s, false
		}
	}
	return u, s, true
}

// input sets an input to an affine or uniform value.
func (m *machine) input(r *reg, u uint64, s strides) {
	// A stride along a side of one thread means nothing.
	if m.ext.X == 1 {
		s.x = 0
	}
	if m.ext.Y == 1 {
		s.y = 0
	}
	if m.ext.Z == 1 {
		s.z = 0
	}
	if r.tag != vector && r.u == u && r.s == s {
		return
	}
	r.setAffine(u, s, 32)
}

// sublanes writes the index of each lane in its group of width lanes, or the
// index of that group.
func (m *machine) sublanes(r *reg, width uint32, in bool) {
	if r.tag == vector {
		return // since the extent last changed
	}
	if r.v == nil {
		r.v = m.room(k32)
	}
	for i, d := 0, newVec[uint32](m, r)[:0]; i < m.n; i++ {
		d = d[:i+1]
		if in {
			d[i] = uint32(i) % width
		} else {
			d[i] = uint32(i) / width
		}
	}
}
