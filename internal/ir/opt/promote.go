package opt

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Promote replaces Vars by values: every read becomes the value last written,
// and what a region writes leaves it as a result. A Var that is read before it
// is written reads as zero. f has no Vars afterwards.
func Promote(f *ir.Func) (changed bool) {
	if len(f.Vars) == 0 {
		return false
	}
	p := promoter{
		f:      f,
		now:    make([]ir.Value, len(f.Vars)),
		subst:  make([]ir.Value, len(f.Values)),
		total:  make([]int, len(f.Vars)),
		inside: make([][]access, f.NumInstrs()),
	}
	for _, a := range p.count(f.Body) {
		p.total[a.v] = a.n
	}
	p.block(f.Body, nil)
	f.Body.Code = append(p.zeros, f.Body.Code...)
	f.Vars = nil
	return true
}

type promoter struct {
	f     *ir.Func
	now   []ir.Value // by Var: what it holds; NoValue before the first write
	subst []ir.Value // by Value: what to use in its place
	log   []change   // of now, to be undone when a region ends
	total []int      // by Var: how often it is accessed

	inside [][]access // by instruction: those of If, Loop and Block
	zeros  []*ir.Instr
	zero   [16]ir.Value // by Type
}

type change struct {
	v   int32
	old ir.Value
}

// access counts the accesses to a Var in a region.
type access struct {
	v       int32
	n       int
	written bool
}

// count returns the accesses in b, sorted by Var, and notes those of the
// regions in it.
func (p *promoter) count(b *ir.Block) []access {
	var all []access
	for _, in := range b.Code {
		switch {
		case in.Op == ir.OpVarGet:
			all = append(all, access{int32(in.Imm), 1, false})
		case in.Op == ir.OpVarSet:
			all = append(all, access{int32(in.Imm), 1, true})
		case len(in.Body) > 0:
			var inner []access
			for _, body := range in.Body {
				inner = append(inner, p.count(body)...)
			}
			inner = merge(inner)
			p.inside[in.ID] = inner
			all = append(all, inner...)
		}
	}
	return merge(all)
}

func merge(all []access) []access {
	slices.SortFunc(all, func(a, b access) int { return int(a.v - b.v) })
	out := all[:0]
	for _, a := range all {
		if n := len(out); n > 0 && out[n-1].v == a.v {
			out[n-1].n += a.n
			out[n-1].written = out[n-1].written || a.written
		} else {
			out = append(out, a)
		}
	}
	return out
}

// scope is an enclosing Block or Loop.
type scope struct {
	parent  *scope
	looping bool    // in a Loop, or one itself
	carried []int32 // a Loop's Vars that each turn hands to the next
	leaving []int32 // Vars that leave with a Break or Yield
}

func (p *promoter) set(v int32, x ir.Value) {
	p.log = append(p.log, change{v, p.now[v]})
	p.now[v] = x
}

func (p *promoter) undo(mark int) {
	for i := len(p.log) - 1; i >= mark; i-- {
		p.now[p.log[i].v] = p.log[i].old
	}
	p.log = p.log[:mark]
}

func (p *promoter) value(v int32) ir.Value {
	if x := p.now[v]; x != ir.NoValue {
		return x
	}
	t := p.f.Vars[v].Type
	if p.zero[t] == ir.NoValue {
		in := p.f.NewInstr(ir.OpConst, t, ir.Pos{})
		in.Out = p.newValue(t, "")
		p.zeros = append(p.zeros, in)
		p.zero[t] = in.Out
	}
	return p.zero[t]
}

func (p *promoter) values(vars []int32) []ir.Value {
	out := make([]ir.Value, len(vars))
	for i, v := range vars {
		out[i] = p.value(v)
	}
	return out
}

func (p *promoter) newValue(t ir.Type, name string) ir.Value {
	p.subst = append(p.subst, ir.NoValue)
	return p.f.NewValue(t, name)
}

// fresh returns new values for vars.
func (p *promoter) fresh(vars []int32) []ir.Value {
	out := make([]ir.Value, len(vars))
	for i, v := range vars {
		out[i] = p.newValue(p.f.Vars[v].Type, p.f.Vars[v].Name)
	}
	return out
}

func (p *promoter) block(b *ir.Block, s *scope) {
	kept := b.Code[:0]
	for _, in := range b.Code {
		for i, a := range in.Args {
			if to := p.subst[a]; to != ir.NoValue {
				in.Args[i] = to
			}
		}
		switch in.Op {
		case ir.OpVarGet:
			p.subst[in.Out] = p.value(int32(in.Imm))
			continue
		case ir.OpVarSet:
			p.set(int32(in.Imm), in.Args[0])
			continue
		case ir.OpIf:
			p.branch(in, s)
		case ir.OpLoop, ir.OpBlock:
			p.region(in, s)
		case ir.OpBreak, ir.OpContinue:
			to := s
			for range in.Imm {
				to = to.parent
			}
			switch {
			case to == nil: // the thread ends
			case in.Op == ir.OpBreak:
				in.Args = append(in.Args, p.values(to.leaving)...)
			default:
				in.Args = append(in.Args, p.values(to.carried)...)
			}
		}
		kept = append(kept, in)
	}
	clear(b.Code[len(kept):])
	b.Code = kept
}

// written returns the Vars that in writes: those that may be read after it,
// and all. In a loop, what comes before in may be run after it.
func (p *promoter) written(in *ir.Instr, s *scope) (after, all []int32) {
	for _, a := range p.inside[in.ID] {
		if !a.written {
			continue
		}
		all = append(all, a.v)
		if a.n < p.total[a.v] || s != nil && s.looping {
			after = append(after, a.v)
		}
	}
	return after, all
}

func (p *promoter) branch(in *ir.Instr, s *scope) {
	joined, _ := p.written(in, s)
	var results [2][]ir.Value // nil for an arm that does not get to its end
	for i, arm := range in.Body {
		mark := len(p.log)
		p.block(arm, s)
		if arm.Last().Op == ir.OpYield {
			results[i] = p.values(joined)
		}
		p.undo(mark)
	}
	for j, v := range joined {
		same, first := true, ir.NoValue
		for _, r := range results {
			if r == nil {
				continue
			}
			if first == ir.NoValue {
				first = r[j]
			}
			same = same && r[j] == first && r[j] == p.now[v]
		}
		if same {
			continue // no arm that gets here changed it
		}
		for i, r := range results {
			if r != nil {
				last := in.Body[i].Last()
				last.Args = append(last.Args, r[j])
			}
		}
		out := p.newValue(p.f.Vars[v].Type, p.f.Vars[v].Name)
		in.Outs = append(in.Outs, out)
		p.set(v, out)
	}
}

func (p *promoter) region(in *ir.Instr, s *scope) {
	after, all := p.written(in, s)
	inner := &scope{parent: s, leaving: after}
	inner.looping = in.Op == ir.OpLoop || s != nil && s.looping
	body := in.Body[0]
	mark := len(p.log)
	if in.Op == ir.OpLoop {
		inner.carried = all
		in.Args = append(in.Args, p.values(all)...)
		params := p.fresh(all)
		body.Params = append(body.Params, params...)
		for i, v := range all {
			p.set(v, params[i])
		}
	}
	p.block(body, inner)
	if last := body.Last(); last.Op == ir.OpYield {
		last.Args = append(last.Args, p.values(after)...)
	}
	p.undo(mark)
	outs := p.fresh(after)
	in.Outs = append(in.Outs, outs...)
	for i, v := range after {
		p.set(v, outs[i])
	}
}
