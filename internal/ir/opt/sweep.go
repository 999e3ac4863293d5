package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// Sweep removes what has no effect: operations whose results nobody uses,
// results and loop parameters that only feed themselves, regions left empty.
func Sweep(f *ir.Func) (changed bool) {
	sweep(f, -1)
	return true
}

// sweepVersion is Sweep for a version of a kernel that others run as it was: loads
// stay, so that both end in the same faults, but for those from memories that only the
// version has, which come after the kernel's own.
func sweepVersion(f *ir.Func, own int) { sweep(f, own) }

func sweep(f *ir.Func, own int) {
	n := f.NumInstrs()
	s := sweeper{f: f, own: own, defs: make([]def, len(f.Values)), live: make([]bool, len(f.Values)), effect: make([]bool, n), leaves: newLists(n), turns: newLists(n)}
	s.collect(f.Body, nil)
	for len(s.work) > 0 {
		v := s.work[len(s.work)-1]
		s.work = s.work[:len(s.work)-1]
		s.visit(v)
	}
	s.rewrite(f.Body, nil)
}

type sweeper struct {
	f      *ir.Func
	own    int   // loads from the first memories, so many, and from any that a pointer picks, are effects; -1: none is
	defs   []def // by Value
	live   []bool
	work   []ir.Value
	effect []bool // by instruction: Ifs, Loops and Blocks that must stay
	leaves lists  // by construct: the terminators that leave it with its results
	turns  lists  // by Loop: its Continues
}

// faults reports whether a load stays for the faults it may end in.
func (s *sweeper) faults(load *ir.Instr) bool {
	if s.own < 0 {
		return false
	}
	ref := s.defs[load.Args[0]].in
	return ref == nil || ref.Op != ir.OpMem || ref.Imm < int64(s.own)
}

// lists are lists of instructions, one for each instruction.
type lists struct {
	first []int32 // by instruction: index in links plus 1
	links []link
}

type link struct {
	in   *ir.Instr
	next int32
}

func newLists(n int) lists { return lists{first: make([]int32, n)} }

func (l *lists) add(to, in *ir.Instr) {
	l.links = append(l.links, link{in, l.first[to.ID]})
	l.first[to.ID] = int32(len(l.links))
}

// all calls f for the instructions in to's list.
func (l *lists) all(to *ir.Instr, f func(*ir.Instr)) {
	for i := l.first[to.ID]; i != 0; i = l.links[i-1].next {
		f(l.links[i-1].in)
	}
}

// def tells where a value comes from.
type def struct {
	in    *ir.Instr
	index int // of Outs, or of the Loop's parameters
	param bool
}

type frame struct {
	parent *frame
	in     *ir.Instr
}

// target returns the frame of what in, a Break or Continue, leaves or goes on with: nil if
// the thread ends.
func (fr *frame) target(in *ir.Instr) *frame {
	for range in.Imm {
		fr = fr.parent
	}
	return fr
}

func (s *sweeper) use(v ir.Value) {
	if !s.live[v] {
		s.live[v] = true
		s.work = append(s.work, v)
	}
}

func (s *sweeper) uses(vs []ir.Value) {
	for _, v := range vs {
		s.use(v)
	}
}

// collect notes definitions and marks what is needed for its effect. It
// reports whether b must stay: it has an effect or leaves more than itself.
func (s *sweeper) collect(b *ir.Block, fr *frame) bool {
	stay := false
	for _, in := range b.Code {
		if in.Out != ir.NoValue {
			s.defs[in.Out] = def{in: in}
		}
		for i, v := range in.Outs {
			s.defs[v] = def{in: in, index: i}
		}
		switch in.Op.Info().Class {
		case ir.Effect, ir.Read:
			if in.Op == ir.OpLoad && in.Imm2 != ir.Volatile && !s.faults(in) || in.Op == ir.OpVarGet {
				break
			}
			s.use(in.Out)
			s.uses(in.Args)
			stay = true
		case ir.Control:
			inner := fr
			if in.Op != ir.OpIf {
				inner = &frame{fr, in}
			}
			for _, body := range in.Body {
				for i, v := range body.Params {
					s.defs[v] = def{in: in, index: i, param: true}
				}
				if s.collect(body, inner) {
					s.effect[in.ID] = true
				}
				if last := body.Last(); last.Op == ir.OpYield {
					s.leaves.add(in, last)
				}
			}
			// A loop may not end; taking it out would change that.
			if in.Op == ir.OpLoop {
				s.effect[in.ID] = true
			}
			if s.effect[in.ID] {
				stay = true
				if in.Op == ir.OpIf {
					s.uses(in.Args)
				}
			}
		case ir.Term:
			switch in.Op {
			case ir.OpBreak, ir.OpContinue:
				stay = true // who breaks is an effect on who goes on
				to := fr.target(in)
				if to != nil && in.Op == ir.OpBreak {
					s.leaves.add(to.in, in)
				} else if to != nil {
					s.turns.add(to.in, in)
				}
			}
		}
	}
	return stay
}

// visit marks what the live value v is made of.
func (s *sweeper) visit(v ir.Value) {
	d := s.defs[v]
	switch {
	case d.in == nil:
	case d.param:
		s.use(d.in.Args[d.index])
		s.turns.all(d.in, func(in *ir.Instr) { s.use(in.Args[d.index]) })
	case d.in.Op.Info().Class == ir.Control:
		s.effect[d.in.ID] = true
		if d.in.Op == ir.OpIf {
			s.uses(d.in.Args)
		}
		s.leaves.all(d.in, func(in *ir.Instr) { s.use(in.Args[d.index]) })
	default:
		s.uses(d.in.Args)
	}
}

// keep returns those of vs whose counterpart in like is live.
func (s *sweeper) keep(vs, like []ir.Value) []ir.Value {
	out := vs[:0]
	for i, v := range vs {
		if s.live[like[i]] {
			out = append(out, v)
		}
	}
	return out
}

func (s *sweeper) rewrite(b *ir.Block, fr *frame) {
	kept := b.Code[:0]
	for _, in := range b.Code {
		switch in.Op.Info().Class {
		case ir.Control:
			if !s.effect[in.ID] {
				continue
			}
			inner := fr
			if in.Op != ir.OpIf {
				inner = &frame{fr, in}
			}
			for _, body := range in.Body {
				s.rewrite(body, inner)
				if last := body.Last(); last.Op == ir.OpYield {
					last.Args = s.keep(last.Args, in.Outs)
				}
			}
			if in.Op == ir.OpLoop {
				params := in.Body[0].Params
				in.Args = s.keep(in.Args, params)
			}
			for _, body := range in.Body {
				body.Params = s.keepOwn(body.Params)
			}
			in.Outs = s.keepOwn(in.Outs)
		case ir.Term:
			to := fr
			if in.Op != ir.OpYield {
				to = fr.target(in)
			}
			switch {
			case to == nil:
			case in.Op == ir.OpBreak:
				in.Args = s.keep(in.Args, to.in.Outs)
			case in.Op == ir.OpContinue:
				in.Args = s.keep(in.Args, to.in.Body[0].Params)
			}
		case ir.Effect:
		default:
			if !s.live[in.Out] {
				continue
			}
		}
		kept = append(kept, in)
	}
	clear(b.Code[len(kept):])
	b.Code = kept
}

func (s *sweeper) keepOwn(vs []ir.Value) []ir.Value {
	out := vs[:0]
	for _, v := range vs {
		if s.live[v] {
			out = append(out, v)
		}
	}
	return out
}
