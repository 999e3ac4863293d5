package simt

import "github.com/aruminium-go/aruminium/internal/ir"

// An operation of the interpreter costs some 40 ns beside its lanes, so small
// threadgroups are expensive. Kernels whose groups have nothing to do with one another
// run several of them at a time, side by side along X, as if they were one group:
// all that tells them apart is what the inputs say.

// A company says which groups of a kernel may run side by side.
type company uint8

const (
	alone  company = iota // none
	inLine                // those of one row of whole SIMD groups: the kernel knows of groups
	anyone                // all: the kernel knows of none
)

// abreastThreads is how many threads run side by side, at most, if they are of several
// groups. The cost of an operation is made up for then, and its lanes are in the
// caches.
const abreastThreads = 256

// companyOf looks for what groups have for themselves, and for how they could wait for
// one another: threads that wait for others run side by side with them for ever.
// Messages stay in the order of groups.
func companyOf(f *ir.Func) company {
	if len(f.Messages) > 0 {
		return alone
	}
	for i := range f.Mems {
		switch f.Mems[i].Kind {
		case ir.MemThread, ir.MemThreadgroup, ir.MemThreadgroupArg:
			return alone
		}
	}
	c := anyone
	f.Body.Walk(func(in *ir.Instr) bool {
		switch in.Op {
		case ir.OpAtomicLoad, ir.OpAtomicStore, ir.OpAtomicRMW, ir.OpAtomicCAS, ir.OpTexLoad, ir.OpTexStore, ir.OpTexRMW, ir.OpTexCAS:
			c = alone
		case ir.OpShuffle, ir.OpGroupReduce, ir.OpGroupScan, ir.OpBallot, ir.OpMatLoad, ir.OpMatStore, ir.OpMatMulAdd:
			c = min(c, inLine)
		case ir.OpBuiltin:
			if ofGroup(ir.Builtin(in.Imm)) {
				c = min(c, inLine)
			}
		}
		return c != alone
	})
	return c
}

// ofGroup reports whether an input differs between groups otherwise than by the
// position in the grid, or between the threads of a group.
func ofGroup(b ir.Builtin) bool {
	switch b {
	case ir.ThreadgroupPositionInGridX, ir.ThreadPositionInThreadgroupX, ir.ThreadIndexInThreadgroup,
		ir.ThreadIndexInSimdgroup, ir.SimdgroupIndexInThreadgroup, ir.ThreadIndexInQuadgroup, ir.QuadgroupIndexInThreadgroup:
		return true
	}
	return false
}

// bestAbreast returns how many groups of such an extent the interpreter is to run at a
// time, if there are as many.
func (m *machine) bestAbreast(ext Size) uint64 {
	switch m.p.company {
	case alone:
		return 1
	case inLine:
		if ext.Y != 1 || ext.Z != 1 || ext.X%SimdWidth != 0 {
			return 1
		}
	}
	return max(1, uint64(min(abreastThreads, m.cap))/ext.Volume())
}

// row returns how many groups there are from g to end in its row, which are of its
// extent.
func (m *machine) row(g, end uint64) uint64 {
	n := min(end-g, uint64(m.job.groups.X-m.pos.X))
	if n > 1 && m.l.Grid.X%m.l.Group.X != 0 && uint64(m.pos.X)+n == uint64(m.job.groups.X) {
		n-- // the last one is smaller
	}
	return n
}

// abreastBuiltin writes an input that is not a linear function of the position among
// groups that run side by side; it reports false if it is one.
func (m *machine) abreastBuiltin(r *reg, b ir.Builtin) bool {
	if !ofGroup(b) {
		return false
	}
	if b != ir.ThreadgroupPositionInGridX && r.tag == vector {
		return true // since the extent last changed
	}
	if r.v == nil {
		r.v = m.room(k32)
	}
	r.setVec()
	d := roomOf[uint32](m, r)[:m.n]
	w := m.one.X
	for i := range d {
		group, x := uint32(i)/w, uint32(i)%w
		switch b {
		case ir.ThreadgroupPositionInGridX:
			x = m.pos.X + group
		case ir.ThreadIndexInSimdgroup:
			x %= SimdWidth
		case ir.SimdgroupIndexInThreadgroup:
			x /= SimdWidth
		case ir.ThreadIndexInQuadgroup:
			x %= 4
		case ir.QuadgroupIndexInThreadgroup:
			x /= 4
		}
		d[i] = x
	}
	return true
}

// accuse makes the group that a lane is of the machine's, and returns the lane's
// position in it.
func (m *machine) accuse(lane int) Size {
	x := uint32(m.x[lane])
	group := x / m.one.X
	m.pos.X += group
	m.index += uint64(group)
	return Size{x % m.one.X, uint32(m.y[lane]), uint32(m.z[lane])}
}
