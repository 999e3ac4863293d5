package jit

import (
	"encoding/binary"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// A Site is a place where code returns to its caller to have one instruction
// done for the lanes of a chunk: because there is no code for it, or because
// an access may be outside its memory, which the caller can tell exactly.
//
// Operands and results are where their registers are while the code has returned:
// among those that are saved, or in slots. What a site is about are its cells, by
// number: those of the operands, then those of the results.
type Site struct {
	ID    int
	Instr *ir.Instr
	Kind  SiteKind
	First int // part the site is for, if it is for one only
	Parts int // how many parts it is for
	Args  []Operand
	Act   Operand   // mask of the active lanes; Absent if all are
	Out   Operand   // the result, if there is one
	Outs  []Operand // those of an operation on textures
	Loop  *ir.Instr

	Element int // of a matrix: which of a lane's two

	cells []vreg // of the operands
	outs  []vreg // of the results
}

// SiteKind tells why code has returned.
type SiteKind uint8

const (
	SiteDo   SiteKind = iota // do Instr
	SiteFuel                 // out of fuel; Loop is the innermost loop, if any
	SiteDone                 // the end
)

// OperandKind tells how an operand is given.
type OperandKind uint8

const (
	Absent OperandKind = iota
	Constant
	Scalar  // a word, plus Step times the lane plus Part of the part
	Vector  // 32 bits a lane, or, of 64-bit types, 64
	Mask    // see Context.Mask
	Address // an offset in two parts
)

// An Operand tells where an operand or result is.
type Operand struct {
	Kind OperandKind
	Type ir.Type
	Cell int  // the first
	Each bool // a cell (or two) a part, rather than one for all
	Step int64
	Part shape.Offsets
	Bits uint64 // of a constant

	// Of an Address: Base + ext(Leaf)*Scale + Add.
	Base, Leaf *Operand
	Signed     bool
	Scale, Add int64

	at []int32 // where its cells are: see lower.place
}

// Get returns the bits of an operand for lane i of part p.
func (c *Context) Get(o *Operand, p, i int) uint64 {
	n := 0
	if o.Each {
		n = p
	}
	switch o.Kind {
	case Constant:
		return o.Bits
	case Scalar:
		x := binary.LittleEndian.Uint64(c.cell(o, n))
		if !o.Each {
			x += uint64(int64(o.Part[p]))
		}
		return (x + uint64(o.Step*int64(i))) & ir.Mask(o.Type)
	case Vector:
		if o.Type == ir.I64 {
			half := c.code.Lanes / 2
			return binary.LittleEndian.Uint64(c.cell(o, 2*n+i/half)[i%half*8:])
		}
		x := uint64(binary.LittleEndian.Uint32(c.cell(o, n)[i*4:]))
		if o.Type == ir.F16 || o.Type == ir.BF16 {
			return ir.Narrow(o.Type, ir.Widen(ir.F32, x))
		}
		return x
	case Mask:
		cell := c.cell(o, n)
		if c.code.wideMasks {
			return uint64(cell[i*4] & 1)
		}
		return uint64(binary.LittleEndian.Uint16(cell)) >> i & 1
	case Address:
		x := uint64(0)
		if o.Leaf != nil {
			x = c.Get(o.Leaf, p, i)
			if o.Signed {
				x = uint64(int32(x))
			}
		}
		x = x*uint64(o.Scale) + uint64(o.Add)
		if o.Base != nil {
			x += c.Get(o.Base, p, i)
		}
		return x & ir.Mask(o.Type)
	}
	return 0
}

// Put sets the result of lane i of part p.
func (c *Context) Put(o *Operand, p, i int, x uint64) {
	n := 0
	if o.Each {
		n = p
	}
	switch o.Kind {
	case Scalar:
		binary.LittleEndian.PutUint64(c.cell(o, n), x)
	case Vector:
		if o.Type == ir.I64 {
			half := c.code.Lanes / 2
			binary.LittleEndian.PutUint64(c.cell(o, 2*n+i/half)[i%half*8:], x)
			return
		}
		binary.LittleEndian.PutUint32(c.cell(o, n)[i*4:], uint32(laneBits(o.Type, x)))
	case Mask:
		cell := c.cell(o, n)
		if c.code.wideMasks {
			binary.LittleEndian.PutUint32(cell[i*4:], -uint32(x&1))
			return
		}
		w := binary.LittleEndian.Uint64(cell)
		binary.LittleEndian.PutUint64(cell, w&^(1<<i)|x&1<<i)
	}
}

// Active reports whether lane i of part p is active at a site.
func (c *Context) Active(s *Site, p, i int) bool {
	return s.Act.Kind == Absent || c.Get(&s.Act, p, i) != 0
}

// operand tells where v is, and asks for cells to be filled with it.
func (l *lower) operand(s *Site, v ir.Value) Operand {
	t := l.f.TypeOf(v)
	o := Operand{Type: t, Cell: len(s.cells)}
	if c, ok := l.sh.Constant(v); ok {
		o.Kind, o.Bits = Constant, c
		return o
	}
	if d := l.sh.Defs[v]; d != nil && d.Op == ir.OpMem {
		o.Kind, o.Bits = Constant, uint64(d.Imm)+1
		return o
	}
	sh := l.sh.Values[v]
	l.ensure(v)
	x := &l.vals[v]
	switch {
	case len(x.g) > 0:
		o.Kind, o.Step, o.Part, o.Each = Scalar, sh.Step, sh.Part, len(x.g) > 1
		s.cells = append(s.cells, x.g...)
	case x.addr != nil:
		return l.addressOperand(s, x.addr)
	default:
		l.vec(v, 0, 0)
		o.Kind, o.Each = Vector, len(l.vals[v].v) > halves(t)
		if t == ir.Bool {
			o.Kind = Mask
		}
		s.cells = append(s.cells, l.vals[v].v...)
	}
	return o
}

func (l *lower) addressOperand(s *Site, a *address) Operand {
	o := Operand{Type: ir.I64, Kind: Address, Signed: a.signed, Scale: a.scale, Add: a.add}
	if a.base != nil {
		o.Base = &Operand{Type: ir.I64, Kind: Scalar, Cell: len(s.cells), Each: len(a.base) > 1, Part: a.part}
		s.cells = append(s.cells, a.base...)
	}
	leaf := l.operand(s, a.leaf)
	o.Leaf = &leaf
	return o
}

// newSite describes in, for all parts.
func (l *lower) newSite(in *ir.Instr) *Site { return l.newSiteAt(in, nil) }

// newSiteAt is newSite for an access at an address, if it is not nil.
func (l *lower) newSiteAt(in *ir.Instr, addr *address) *Site {
	s := l.addSite(Site{Instr: in, Parts: l.geo.u, Loop: l.inner, Args: make([]Operand, 0, len(in.Args)), cells: l.space(3*l.geo.u + 4)})
	for i, a := range in.Args {
		if i == 1 && addr != nil {
			s.Args = append(s.Args, l.addressOperand(s, addr))
			continue
		}
		s.Args = append(s.Args, l.operand(s, a))
	}
	if l.act != nil {
		s.Act = Operand{Kind: Mask, Type: ir.Bool, Cell: len(s.cells), Each: true}
		s.cells = append(s.cells, l.act...)
	}
	return s
}

// addSite makes a site like s.
func (l *lower) addSite(s Site) *Site {
	if len(l.moreSites) == 0 {
		l.moreSites = make([]Site, 8)
	}
	site := &l.moreSites[0]
	l.moreSites = l.moreSites[1:]
	*site = s
	site.ID = len(l.sites)
	l.sites = append(l.sites, site)
	return site
}

// result makes registers for the result of in and tells s of them.
func (l *lower) result(s *Site, in *ir.Instr) {
	if in.Out == ir.NoValue {
		return
	}
	t := in.Type
	sh := l.sh.Values[in.Out]
	x := &l.vals[in.Out]
	s.Out = Operand{Type: t, Cell: len(s.cells)}
	switch {
	case sh.Kind != shape.Varying && !t.IsFloat():
		n := 1
		if sh.Each || sh.Part != (shape.Offsets{}) || sh.Step != 0 {
			l.fail("%s of a linear value", in.Op)
		}
		if sh.Each {
			n = l.geo.u
		}
		x.g = l.newRegs(scalar, n)
		s.Out.Kind, s.Out.Each = Scalar, n > 1
		s.outs = x.g
	default:
		n := 1
		if sh.Kind == shape.Varying {
			n = l.geo.u
		}
		x.v = l.newRegs(classOf(t), n*halves(t))
		s.Out.Kind, s.Out.Each = Vector, n > 1
		if t == ir.Bool {
			s.Out.Kind = Mask
		}
		s.outs = x.v
	}
	l.lay.cells = max(l.lay.cells, s.Out.Cell+len(s.outs))
}

// call lowers what the caller does.
func (l *lower) call(in *ir.Instr) {
	s := l.newSite(in)
	l.vals[in.Out] = value{}
	l.result(s, in)
	l.lay.cells = max(l.lay.cells, len(s.cells))
	l.emit(ins{op: lCall, d: s.outs, s: s.cells, x: s, early: true, src: in})
}
