package opt

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A refFlow tells which memories the Refs of a kernel may name: those that flow
// into each other, by selects, carried values and results of regions, are one set.
type refFlow struct {
	f     *ir.Func
	flows bool       // any Ref becomes another
	up    []ir.Value // by Value: another of its set, NoValue of the one that stands for it
	mem   []*ir.Instr
	sets  map[ir.Value]*refSet // by the value that stands for them
}

// A refSet is what some Refs may name.
type refSet struct {
	mems  []int64 // in the order of the kernel's inputs
	other bool    // or something else: nothing, or what an address stands for
	plain bool    // and all that they are used for are loads, stores and atomic operations
}

// newRefFlow returns nil if every Ref is that of one memory, which is the common case.
func newRefFlow(f *ir.Func) *refFlow {
	refs := 0
	for i := range f.Values {
		if f.Values[i].Type == ir.Ref {
			refs++
		}
	}
	for _, in := range f.Body.Code {
		if in.Op == ir.OpMem {
			refs--
		}
	}
	if refs <= 0 {
		return nil
	}
	r := &refFlow{f: f, up: make([]ir.Value, len(f.Values)), mem: make([]*ir.Instr, len(f.Values)), sets: map[ir.Value]*refSet{}}
	r.inputs()
	r.block(f.Body, nil, nil)
	if !r.flows {
		return nil
	}
	f.Body.Walk(func(in *ir.Instr) bool {
		for i, v := range in.Args {
			if f.TypeOf(v) == ir.Ref {
				s := r.set(v)
				s.plain = s.plain && (i == 0 && isAccess(in) || passesOn(in))
			}
		}
		switch {
		case in.Out == ir.NoValue || f.TypeOf(in.Out) != ir.Ref:
		case in.Op == ir.OpMem:
			if s := r.set(in.Out); !slices.Contains(s.mems, in.Imm) {
				s.mems = append(s.mems, in.Imm)
			}
		case in.Op != ir.OpSelect:
			r.set(in.Out).other = true
		}
		return true
	})
	return r
}

func isAccess(in *ir.Instr) bool { return in.Op >= ir.OpLoad && in.Op <= ir.OpAtomicCAS }

// passesOn reports whether in gives its operands to other values.
func passesOn(in *ir.Instr) bool {
	class := in.Op.Info().Class
	return in.Op == ir.OpSelect || class == ir.Control || class == ir.Term
}

// inputs notes the Refs of memories.
func (r *refFlow) inputs() {
	first := make([]ir.Value, len(r.f.Mems))
	r.f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op == ir.OpMem {
			r.mem[in.Out] = in
			if v := first[in.Imm]; v != ir.NoValue {
				r.up[in.Out] = v
			} else {
				first[in.Imm] = in.Out
			}
		}
		return true
	})
}

// root returns the value that stands for the set of v.
func (r *refFlow) root(v ir.Value) ir.Value {
	for r.up[v] != ir.NoValue {
		v = r.up[v]
	}
	return v
}

// set returns what v, a Ref, may name.
func (r *refFlow) set(v ir.Value) *refSet {
	v = r.root(v)
	s := r.sets[v]
	if s == nil {
		s = &refSet{plain: true}
		r.sets[v] = s
	}
	return s
}

// flow notes that values become others.
func (r *refFlow) flow(from []ir.Value, to ...ir.Value) {
	for i, v := range to {
		if r.f.TypeOf(v) != ir.Ref {
			continue
		}
		r.flows = true
		if a, b := r.root(from[i]), r.root(v); a != b {
			r.up[b] = a
		}
	}
}

// block follows the Refs in b, which is part of in, and the innermost Block or Loop
// around it.
func (r *refFlow) block(b *ir.Block, in *ir.Instr, fr *frame) {
	for _, x := range b.Code {
		switch x.Op {
		case ir.OpSelect:
			r.flow(x.Args[1:], x.Out)
			r.flow(x.Args[2:], x.Out)
		case ir.OpIf:
			r.block(x.Body[0], x, fr)
			r.block(x.Body[1], x, fr)
		case ir.OpBlock, ir.OpLoop:
			r.flow(x.Args, x.Body[0].Params...)
			r.block(x.Body[0], x, &frame{fr, x})
		case ir.OpYield:
			if in != nil {
				r.flow(x.Args, in.Outs...)
			}
		case ir.OpBreak, ir.OpContinue:
			switch to := fr.target(x); {
			case to == nil: // the thread ends
			case x.Op == ir.OpBreak:
				r.flow(x.Args, to.in.Outs...)
			default:
				r.flow(x.Args, to.in.Body[0].Params...)
			}
		}
	}
}

// become makes numbers of type t of the Refs of chosen sets; number gives that of a
// memory. Their accesses are rewritten by with, as by ir.Rewrite: their first operand is such
// a number, if it is not the Ref of one memory, which mem then has.
func (r *refFlow) become(t ir.Type, chosen map[*refSet]bool, number func(b *ir.Builder, mem int64) ir.Value,
	with func(b *ir.Builder, in *ir.Instr, set *refSet) (results []ir.Value, drop bool)) {
	was := len(r.up)
	in := func(v ir.Value) bool { return int(v) < was && chosen[r.sets[r.root(v)]] }
	for i := range r.f.Values {
		if v := ir.Value(i); r.f.Values[i].Type == ir.Ref && r.mem[v] == nil && in(v) {
			r.f.Values[i].Type = t
		}
	}
	ir.Rewrite(r.f, func(b *ir.Builder, x *ir.Instr) ([]ir.Value, bool) {
		if isAccess(x) {
			if in(x.Args[0]) {
				return with(b, x, r.set(x.Args[0]))
			}
			return nil, false
		}
		for i, v := range x.Args {
			if in(v) && r.mem[v] != nil {
				x.Args[i] = number(b, r.mem[v].Imm)
			}
		}
		if x.Op == ir.OpSelect && in(x.Out) {
			x.Type = t
		}
		return nil, false
	})
}
