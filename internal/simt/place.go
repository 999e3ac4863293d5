package simt

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A place tells at which offsets the lanes access a memory. Like a register it
// is uniform, affine, or has an offset a lane.
type place struct {
	tag tag
	u   int64 // the offset, or its base; 0 for a vector
	s   strides
	v   []int64 // offsets of lanes [0, m.hi), to which imm is to be added
	imm int64
}

// An index is the part of an offset that is computed with the access: a 32-bit
// register, extended and scaled.
type index struct {
	reg    int32 // -1 if there is none
	signed bool
	scale  int64
}

// place computes the offsets of in, whose operand b is the offset, or what is
// added to the scaled index.
func (m *machine) place(in *inst) *place {
	p := &m.at
	p.imm = in.imm
	if in.x.reg < 0 {
		switch r := &m.r[in.b]; r.tag {
		case vector:
			p.tag, p.u, p.v = vector, 0, allOf[int64](m, r)
		default:
			p.tag, p.u, p.s = r.tag, int64(r.u)+in.imm, r.s
		}
		return p
	}
	r := &m.r[in.x.reg]
	var base *reg
	if in.b >= 0 {
		base = &m.r[in.b]
	}
	if r.tag == uniform || r.tag == affine {
		if _, _, ok := m.valueRange(r, 32, in.x.signed); ok || r.tag == uniform {
			k := in.x.scale
			p.tag = r.tag
			p.u = m.signedBase(r, 32, in.x.signed)*k + in.imm
			p.s = strides{r.s.x * k, r.s.y * k, r.s.z * k}
			switch {
			case base == nil:
				return p
			case base.tag <= affine:
				p.u += int64(base.u)
				p.s = strides{p.s.x + base.s.x, p.s.y + base.s.y, p.s.z + base.s.z}
				p.tag = affine
				if p.s == (strides{}) {
					p.tag = uniform
				}
				return p
			}
		}
	}
	idx := operand[uint32](m, r, ir.I32)
	p.tag, p.u, p.v = vector, 0, m.offsets[:m.hi]
	d := p.v[m.lo:]
	add := int64(0)
	if base != nil && base.tag == uniform {
		add, base = int64(base.u), nil
	}
	if in.x.signed {
		for i, x := range idx {
			d[i] = int64(int32(x))*in.x.scale + add
		}
	} else {
		for i, x := range idx {
			d[i] = int64(x)*in.x.scale + add
		}
	}
	if base != nil {
		for i, x := range operand[int64](m, base, ir.I64) {
			d[i] += x
		}
	}
	return p
}

// offset returns the offset of one lane.
func (m *machine) offset(p *place, lane int) int64 {
	if p.tag == vector {
		return p.v[lane] + p.imm
	}
	return m.affineAt(p.u, p.s, lane)
}

// lanes returns the offsets one by one, and what is to be added to each.
func (p *place) lanes(m *machine) ([]int64, int64) {
	if p.tag == vector {
		return p.v, p.imm
	}
	r := reg{v: unsafe.Pointer(unsafe.SliceData(m.offsets)), u: uint64(p.u), s: p.s, tag: p.tag}
	m.spread(&r, ir.I64)
	return m.offsets[:m.hi], 0
}

// chooseIndex splits the offset of an access into an index and a rest, where
// that saves instructions: extensions and products that nobody else needs.
func (c *compiler) chooseIndex(b *ir.Block) {
	for _, in := range b.Code {
		if in.Op == ir.OpLoad || in.Op == ir.OpStore || in.Op >= ir.OpAtomicLoad && in.Op <= ir.OpAtomicCAS {
			c.splitOffset(in)
		}
		for _, inner := range in.Body {
			c.chooseIndex(inner)
		}
	}
}

// An address is the split offset of an access.
type address struct {
	base   ir.Value // or NoValue
	index  ir.Value
	signed bool
	scale  int64
}

// few is how many accesses may share an offset and still compute it each for
// itself.
const few = 2

func (c *compiler) splitOffset(in *ir.Instr) {
	a := address{scale: 1}
	v := in.Args[1]
	def := c.defs[v]
	if def == nil || c.uses[v] > few {
		return
	}
	if def.Op == ir.OpAdd {
		for i := range 2 {
			if p := c.defs[def.Args[i]]; p != nil && c.uses[def.Args[i]] <= few && c.scaled(p, &a) {
				a.base = def.Args[1-i]
				break
			}
		}
	} else {
		c.scaled(def, &a)
	}
	if a.index == ir.NoValue {
		return
	}
	c.places[in] = a
	c.uses[a.base]++ // the access uses them itself now
	c.uses[a.index]++
	c.drop(in.Args[1])
}

// scaled sets the index of a to what def extends and scales.
func (c *compiler) scaled(def *ir.Instr, a *address) bool {
	scale := int64(1)
	switch def.Op {
	case ir.OpMul, ir.OpShl:
		k, ok := c.constant(def.Args[1])
		if !ok {
			return false
		}
		if scale = k; def.Op == ir.OpShl {
			scale = 1 << (k & 63)
		}
		if c.uses[def.Args[0]] > few {
			return false
		}
		if def = c.defs[def.Args[0]]; def == nil {
			return false
		}
	}
	if (def.Op != ir.OpZExt && def.Op != ir.OpSExt) || c.f.TypeOf(def.Args[0]) != ir.I32 {
		return false
	}
	a.index, a.signed, a.scale = def.Args[0], def.Op == ir.OpSExt, scale
	return true
}

// drop takes away one use of v. What nobody uses any more is skipped.
func (c *compiler) drop(v ir.Value) {
	if c.uses[v]--; c.uses[v] > 0 {
		return
	}
	def := c.defs[v]
	c.skip[def] = true
	for _, a := range def.Args {
		if d := c.defs[a]; d != nil && (d.Op == ir.OpMul || d.Op == ir.OpShl || d.Op == ir.OpZExt || d.Op == ir.OpSExt) {
			c.drop(a)
		} else {
			c.uses[a]--
		}
	}
}

// constant returns the value of a constant I64.
func (c *compiler) constant(v ir.Value) (int64, bool) {
	if def := c.defs[v]; def != nil && def.Op == ir.OpConst {
		return def.Imm, true
	}
	return 0, false
}
