package simt

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// Machine code leaves operations on textures to the interpreter: a chunk of
// lanes at a time, by way of registers that a program with such operations has
// besides those of its own.

// texSlots are those registers: operands, then results.
const texSlots = maxTexArgs + 4

// siteStep prepares an operation on a texture that is done for machine code.
func (p *Program) siteStep(in *ir.Instr) *texStep {
	st := newTexStep(in)
	for i := range in.Args {
		st.args = append(st.args, int32(p.texRegs+i))
	}
	for i := range in.Outs {
		st.outs = append(st.outs, int32(p.texRegs+maxTexArgs+i))
	}
	return st
}

// resource returns the ID of a texture or sampler of the launch.
func (m *machine) resource(op ir.Op, index int64) uint64 {
	for i, in := range m.p.inputs {
		if in.op == op && in.imm == index {
			return m.r[i].u
		}
	}
	return 0
}

// doTexture does an operation on textures for the active lanes of a chunk.
func (m *machine) doTexture(c *jit.Context, s *jit.Site, in *inst) {
	lanes := m.native.v.code.Lanes
	m.act = [len(m.act)]uint64{}
	act := m.act
	for p := range s.Parts {
		if lane := c.Lane(p, 0); lane < m.cap {
			act[lane>>6] |= c.ActiveBits(s, p) << (lane & 63)
		}
	}
	m.setAct(&act)
	if m.none {
		return
	}
	for k, r := range in.tex.args {
		m.setTexArg(c, s, &s.Args[k], &m.r[r], in.tex.types[k], lanes)
	}
	execTexture(m, in)
	if m.dead {
		return
	}
	for k, r := range in.tex.outs {
		if o := &s.Outs[k]; o.Kind != jit.Absent {
			m.putTexOut(c, s, o, &m.r[r], in.t, lanes)
		}
	}
}

// setTexArg puts an operand in a register.
func (m *machine) setTexArg(c *jit.Context, s *jit.Site, o *jit.Operand, r *reg, t ir.Type, lanes int) {
	if x, ok := c.Shared(o); ok {
		r.setU(x)
		return
	}
	r.tag, r.out = vector, false
	for p := range s.Parts {
		lane := c.Lane(p, 0)
		n := min(lanes, m.cap-lane)
		if n <= 0 {
			return
		}
		switch t {
		case ir.I64:
			dst := unsafe.Slice((*uint64)(r.v), m.cap)[lane:][:n]
			for i := range dst {
				dst[i] = c.Get(o, p, i)
			}
		case ir.I16:
			dst := unsafe.Slice((*uint16)(r.v), m.cap)[lane:][:n]
			for i := range dst {
				dst[i] = uint16(c.Get(o, p, i))
			}
		default:
			c.Words(o, p, unsafe.Slice((*uint32)(r.v), m.cap)[lane:][:n])
		}
	}
}

// putTexOut gives the code a result that is in a register.
func (m *machine) putTexOut(c *jit.Context, s *jit.Site, o *jit.Operand, r *reg, t ir.Type, lanes int) {
	for p := range s.Parts {
		lane := c.Lane(p, 0)
		n := min(lanes, m.cap-lane)
		if n <= 0 {
			return
		}
		if t.Size() == 4 && r.tag == vector || t == ir.F16 && r.tag == vector {
			c.PutWords(o, p, unsafe.Slice((*uint32)(r.v), m.cap)[lane:][:n])
			continue
		}
		for i := range n {
			c.Put(o, p, i, m.lane(r, t, lane+i))
		}
	}
}
