package jit

import (
	"encoding/binary"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// callTexture lowers an operation on textures, which the caller does: for all
// lanes of the chunk at a time. What nobody wants of its results is not fetched.
func (l *lower) callTexture(in *ir.Instr) {
	s := l.newSite(in)
	t := in.Type
	s.Out.Cell = len(s.cells)
	for _, v := range in.Outs {
		l.vals[v] = value{}
		if !l.used[v] {
			s.Outs = append(s.Outs, Operand{})
			continue
		}
		s.Outs = append(s.Outs, Operand{Kind: Vector, Type: t, Cell: s.Out.Cell + len(s.outs), Each: l.geo.u > 1})
		l.vals[v].v = l.newRegs(vector, l.geo.u*halves(t))
		s.outs = append(s.outs, l.vals[v].v...)
	}
	l.lay.cells = max(l.lay.cells, len(s.cells)+len(s.outs))
	l.emit(ins{op: lCall, d: s.outs, s: s.cells, x: s, early: true, src: in})
}

// ActiveBits returns which lanes of part p are active at a site, a bit each.
func (c *Context) ActiveBits(s *Site, p int) uint64 {
	all := uint64(1)<<c.code.Lanes - 1
	switch {
	case s.Act.Kind == Absent:
		return all
	case c.code.wideMasks:
		bits := uint64(0)
		for i := range c.code.Lanes {
			bits |= c.Get(&s.Act, p, i) << i
		}
		return bits
	}
	n := 0
	if s.Act.Each {
		n = p
	}
	return uint64(binary.LittleEndian.Uint16(c.cell(&s.Act, n))) & all
}

// Shared returns the bits of an operand that is the same for all lanes, if it
// is known to be.
func (c *Context) Shared(o *Operand) (uint64, bool) {
	if o.Kind == Constant || o.Kind == Scalar && o.Step == 0 && !o.Each && o.Part == (shape.Offsets{}) {
		return c.Get(o, 0, 0), true
	}
	return 0, false
}

// Words sets dst to the lanes of part p of an operand of at most 32 bits, halves
// as the float32s they are.
func (c *Context) Words(o *Operand, p int, dst []uint32) {
	if o.Kind != Vector {
		for i := range dst {
			dst[i] = uint32(laneBits(o.Type, c.Get(o, p, i)))
		}
		return
	}
	cell := c.eachCell(o, p)
	for i := range dst {
		dst[i] = binary.LittleEndian.Uint32(cell[4*i:])
	}
}

// PutWords sets the lanes of part p of a result of at most 32 bits, as Words has
// them.
func (c *Context) PutWords(o *Operand, p int, src []uint32) {
	cell := c.eachCell(o, p)
	for i, x := range src {
		binary.LittleEndian.PutUint32(cell[4*i:], x)
	}
}

func (c *Context) eachCell(o *Operand, p int) []byte {
	if o.Each {
		return c.cell(o, p)
	}
	return c.cell(o, 0)
}
