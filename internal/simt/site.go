package simt

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// do does an instruction that machine code has left to its caller: for the
// lanes of a chunk, in their order.
func (m *machine) do(c *jit.Context, s *jit.Site, first uint64) {
	in := &m.native.v.insts[s.ID]
	op := s.Instr.Op
	switch {
	case op >= ir.OpShuffle && op <= ir.OpBallot:
		m.doGroup(c, s, in)
		return
	case op.Info().Class == ir.Pure:
		m.doPure(c, s, in)
		return
	case op == ir.OpPrintf:
		m.doPrintf(c, s, in)
		return
	case op.IsTexture():
		m.whereabouts(c, first)
		m.doTexture(c, s, in)
		return
	}
	m.whereabouts(c, first)
	if op == ir.OpMatLoad || op == ir.OpMatStore {
		m.doMatrix(c, s, in)
		return
	}
	single := s.Out.Kind != jit.Absent && !s.Out.Each && s.Parts > 1 && s.Args[1].Kind <= jit.Scalar && s.Args[1].Step == 0
	if single && s.Out.Kind != jit.Absent {
		c.Put(&s.Out, 0, 0, 0)
	}
	for p := s.First; p < s.First+s.Parts; p++ {
		for i := range m.native.v.code.Lanes {
			if !c.Active(s, p, i) {
				continue
			}
			lane := c.Lane(p, i)
			ref := uint32(c.Get(&s.Args[0], p, i))
			off := int64(c.Get(&s.Args[1], p, i)) + in.imm
			x, ok := m.accessLane(c, s, in, p, i, lane, ref, off)
			if !ok {
				return
			}
			if s.Out.Kind != jit.Absent {
				c.Put(&s.Out, p-s.First, i, x)
			}
		}
	}
	if single {
		m.everyLane(c, s)
	}
}

// everyLane gives all lanes the result of a uniform load, that some lane got.
func (m *machine) everyLane(c *jit.Context, s *jit.Site) {
	if s.Out.Kind == jit.Scalar {
		return
	}
	for p := s.First; p < s.First+s.Parts; p++ {
		for i := range m.native.v.code.Lanes {
			if c.Active(s, p, i) {
				x := c.Get(&s.Out, 0, i)
				for j := range m.native.v.code.Lanes {
					c.Put(&s.Out, 0, j, x)
				}
				return
			}
		}
	}
}

// accessLane does the access of one lane.
func (m *machine) accessLane(c *jit.Context, s *jit.Site, in *inst, p, i, lane int, ref uint32, off int64) (uint64, bool) {
	mem := m.memory(ref)
	switch in.op {
	case ir.OpLoad:
		return m.loadLane(in, ref, off, lane)
	case ir.OpStore:
		return 0, m.storeLane(in, ref, off, lane, c.Get(&s.Args[2], p, i))
	}
	at := m.atomicAt(in, ref, lane, off)
	if at == nil {
		return 0, false
	}
	var a, b uint64
	if len(s.Args) > 2 {
		a = c.Get(&s.Args[2], p, i)
	}
	if len(s.Args) > 3 {
		b = c.Get(&s.Args[3], p, i)
	}
	if mem = m.memory(ref); mem.gran != 0 {
		return m.ownAtomic(in, mem, lane, off, a, b), true
	}
	return atomicStep(in, at, mem.kind == ir.MemBuffer, a, b), true
}

// loadLane is the load of one lane; it reports false if it was a fault.
func (m *machine) loadLane(in *inst, ref uint32, off int64, lane int) (uint64, bool) {
	mem := m.memory(ref)
	if !mem.fits(off, in.size) {
		m.outside(in, ref, lane, off)
		return 0, false
	}
	if mem.gran != 0 {
		return m.ownLoad(mem, in.t, lane, off), true
	}
	return mem.scalar(in.t, off), true
}

// storeLane is the store of one lane.
func (m *machine) storeLane(in *inst, ref uint32, off int64, lane int, x uint64) bool {
	mem := m.memory(ref)
	switch {
	case mem.kind == ir.MemConst && mem.what == present:
		m.trap(ReadOnly, in, ref, lane, off, in.size)
		return false
	case !mem.fits(off, in.size):
		m.outside(in, ref, lane, off)
		return false
	case mem.gran != 0:
		for b := range in.size {
			ownPut(mem, int64(m.cap), lane, off+b, uint8(x>>(8*b)))
		}
	default:
		mem.setScalar(in.t, off, x)
	}
	return true
}

// ownLoad reads a value of a lane's thread memory.
func (m *machine) ownLoad(mem *memory, t ir.Type, lane int, o int64) uint64 {
	n := int64(m.cap)
	switch t.Size() {
	case 1:
		x := ownGet[uint8](mem, n, lane, o)
		if t == ir.Bool && x != 0 {
			x = 1
		}
		return uint64(x)
	case 2:
		return uint64(ownGet[uint16](mem, n, lane, o))
	case 4:
		return uint64(ownGet[uint32](mem, n, lane, o))
	}
	return ownGet[uint64](mem, n, lane, o)
}

// doPure does an operation that is a function of its operands, and perhaps of
// where memory is.
func (m *machine) doPure(c *jit.Context, s *jit.Site, in *inst) {
	var from ir.Type
	if len(s.Args) > 0 {
		from = s.Args[0].Type
	}
	parts, lanes := s.Parts, m.native.v.code.Lanes
	if !s.Out.Each {
		parts = 1
		if s.Out.Kind == jit.Scalar {
			lanes = 1
		}
	}
	for p := range parts {
		for i := range lanes {
			var a [3]uint64
			for j := range s.Args {
				a[j] = c.Get(&s.Args[j], s.First+p, i)
			}
			var x uint64
			switch in.op {
			case ir.OpAddr:
				x = m.memoryOrNull(uint32(a[0])).addr + a[1] + uint64(in.imm)
			case ir.OpResolveRef:
				r, _ := m.resolve(a[0])
				x = uint64(r)
			case ir.OpResolveOffset:
				_, off := m.resolve(a[0])
				x = uint64(off)
			case ir.OpTexQuery:
				x = uint64(m.query(ir.TexQuery(in.imm), a[0], uint32(a[1])))
			default:
				x, _ = ir.Eval(in.op, in.t, from, a[0], a[1], a[2])
			}
			c.Put(&s.Out, p, i, x)
		}
	}
}

// memoryOrNull is memory for a number that may be anything, as lanes that are
// not active may hold.
func (m *machine) memoryOrNull(ref uint32) *memory {
	if int(ref) >= len(m.mems)+len(m.l.Ranges) {
		ref = 0
	}
	return m.memory(ref)
}

// doGroup does an operation of the threads of SIMD groups.
func (m *machine) doGroup(c *jit.Context, s *jit.Site, in *inst) {
	v := m.native.v.code.Lanes
	op, width, inclusive := ir.UnpackGroup(in.imm)
	for base := 0; base < s.Parts*v; base += width {
		at := func(j int) (p, i int) { return (base + j) / v, (base + j) % v }
		var act uint32
		var vals, lanes [32]uint64
		for j := range width {
			p, i := at(j)
			lanes[j] = ir.GroupNeutral(op, in.t)
			if c.Active(s, p, i) {
				act |= 1 << j
				vals[j] = c.Get(&s.Args[0], p, i)
				lanes[j] = vals[j]
			}
		}
		if act == 0 {
			continue
		}
		x := uint64(0)
		switch in.op {
		case ir.OpGroupReduce:
			x = ir.GroupReduce(op, in.t, lanes[:width])
		case ir.OpGroupScan:
			ir.GroupScan(op, in.t, lanes[:width], inclusive)
		case ir.OpBallot:
			for a := act; a != 0; a &= a - 1 {
				j := bits.TrailingZeros32(a)
				x |= vals[j] & 1 << j
			}
		}
		for a := act; a != 0; a &= a - 1 {
			j := bits.TrailingZeros32(a)
			p, i := at(j)
			switch in.op {
			case ir.OpGroupScan:
				x = lanes[j]
			case ir.OpShuffle:
				x = 0
				if from := c.Get(&s.Args[1], p, i); from < uint64(width) && act>>from&1 != 0 {
					x = vals[from]
				}
			}
			c.Put(&s.Out, p, i, x)
		}
	}
}
