package opt

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Scalarize puts arrays and structs of the thread's own into values: if every
// access to a memory is at a constant offset, and two accesses overlap only if
// they are of the same bytes, each of its parts becomes a Var, and then a value
// (see Promote). What it held before its first write reads as zero.
func Scalarize(f *ir.Func) (changed bool) {
	s := scalarizer{f: f}
	if !s.candidates() {
		return false
	}
	s.defs = definitions(f)
	s.find(f.Body)
	if !s.declare() {
		return false
	}
	s.rewrite(f.Body)
	return Promote(f)
}

// maxParts is how many parts of memories may become values.
const maxParts = 512

type scalarizer struct {
	f    *ir.Func
	defs []*ir.Instr
	mems []aggregate // by index of the Mem
}

// An aggregate is a memory of the thread's own.
type aggregate struct {
	ok    bool
	parts []part // by offset
}

type part struct {
	off int64
	t   ir.Type
	v   int64 // of the Var
}

// candidates reports whether there is any memory of the thread's own.
func (s *scalarizer) candidates() bool {
	any := false
	s.mems = make([]aggregate, len(s.f.Mems))
	for i := range s.f.Mems {
		if m := &s.f.Mems[i]; m.Kind == ir.MemThread && m.Size > 0 {
			s.mems[i].ok = true
			any = true
		}
	}
	return any
}

// memOf returns the aggregate that v names, or nil.
func (s *scalarizer) memOf(v ir.Value) *aggregate {
	if d := s.defs[v]; d != nil && d.Op == ir.OpMem {
		return &s.mems[d.Imm]
	}
	return nil
}

// find collects the parts that are accessed, and rules out what is used otherwise.
func (s *scalarizer) find(b *ir.Block) {
	for _, in := range b.Code {
		for i, a := range in.Args {
			if s.f.TypeOf(a) != ir.Ref {
				continue
			}
			m := s.memOf(a)
			if m == nil || !m.ok {
				continue
			}
			off, ok := int64(0), false
			if i == 0 && (in.Op == ir.OpLoad || in.Op == ir.OpStore) {
				off, ok = s.offset(in)
			}
			m.ok = ok && m.add(off, in.Type) && off+int64(in.Type.Size()) <= s.f.Mems[s.defs[a].Imm].Size
		}
		for _, body := range in.Body {
			s.find(body)
		}
	}
}

// offset returns where in accesses its memory, if that is constant.
func (s *scalarizer) offset(in *ir.Instr) (int64, bool) {
	if d := s.defs[in.Args[1]]; d != nil && d.Op == ir.OpConst {
		off := d.Imm + in.Imm
		return off, off >= 0
	}
	return 0, false
}

// add notes an access. It reports false if it overlaps others.
func (m *aggregate) add(off int64, t ir.Type) bool {
	i, found := slices.BinarySearchFunc(m.parts, off, func(p part, off int64) int {
		switch {
		case p.off < off:
			return -1
		case p.off > off:
			return 1
		}
		return 0
	})
	if found {
		p := m.parts[i].t
		return p == t || p.Size() == t.Size() && p != ir.Bool && t != ir.Bool
	}
	if i > 0 && m.parts[i-1].off+int64(m.parts[i-1].t.Size()) > off {
		return false
	}
	if i < len(m.parts) && off+int64(t.Size()) > m.parts[i].off {
		return false
	}
	m.parts = slices.Insert(m.parts, i, part{off: off, t: t})
	return len(m.parts) <= maxParts
}

// declare makes the Vars. It reports whether there are any.
func (s *scalarizer) declare() bool {
	n := 0
	for i := range s.mems {
		m := &s.mems[i]
		if !m.ok {
			continue
		}
		if n += len(m.parts); n > maxParts {
			m.ok = false
			n -= len(m.parts)
			continue
		}
		for j := range m.parts {
			m.parts[j].v = int64(len(s.f.Vars))
			s.f.Vars = append(s.f.Vars, ir.Var{Type: m.parts[j].t, Name: s.f.Mems[i].Name})
		}
		s.f.Mems[i].Size = 0 // nobody needs it any more
	}
	return n > 0
}

// rewrite makes accesses to parts accesses to Vars.
func (s *scalarizer) rewrite(b *ir.Block) {
	code := b.Code
	b.Code = make([]*ir.Instr, 0, len(code)+len(code)/8)
	for _, in := range code {
		for _, body := range in.Body {
			s.rewrite(body)
		}
		if in.Op != ir.OpLoad && in.Op != ir.OpStore {
			b.Code = append(b.Code, in)
			continue
		}
		m := s.memOf(in.Args[0])
		if m == nil || !m.ok {
			b.Code = append(b.Code, in)
			continue
		}
		off, _ := s.offset(in)
		i := slices.IndexFunc(m.parts, func(p part) bool { return p.off == off })
		p := m.parts[i]
		if in.Op == ir.OpLoad {
			get := s.f.NewInstr(ir.OpVarGet, p.t, in.Pos)
			get.Imm, get.Out = p.v, in.Out
			if p.t != in.Type {
				get.Out = s.f.NewValue(p.t, "")
			}
			b.Code = append(b.Code, get)
			if p.t != in.Type {
				b.Code = append(b.Code, s.bitcast(in, in.Type, get.Out, in.Out))
			}
			continue
		}
		x := in.Args[2]
		if p.t != in.Type {
			cast := s.bitcast(in, p.t, x, s.f.NewValue(p.t, ""))
			b.Code = append(b.Code, cast)
			x = cast.Out
		}
		set := s.f.NewInstr(ir.OpVarSet, p.t, in.Pos, x)
		set.Imm = p.v
		b.Code = append(b.Code, set)
	}
}

func (s *scalarizer) bitcast(in *ir.Instr, t ir.Type, x, out ir.Value) *ir.Instr {
	cast := s.f.NewInstr(ir.OpBitcast, t, in.Pos, x)
	cast.Out = out
	return cast
}
