package shape

import "github.com/aruminium-go/aruminium/internal/ir"

// Flow tells how threads go through a construct.
type Flow struct {
	Ragged  bool // not all threads of a chunk that are in it leave it together
	Outward bool // some thread in it may leave for beyond it
	Parted  bool // some Continue is not reached by all that are in the Loop
	Barrier bool // there is a barrier in it
	Memory  bool // it accesses memory, calls or loops
	Cost    int  // instructions in it
	Again   int  // Continues of this Loop
}

// A way is a Break or Continue that leads out of what is being looked at.
type way struct {
	in     *ir.Instr
	depth  int64
	parted bool // not by all threads
}

// Ragged reports whether not all threads of a chunk end the kernel together.
func (s *Info) Ragged() bool { return s.ragged }

// exits finds how threads leave all constructs.
func (a *analyzer) exits() {
	a.ways = a.ways[:0]
	a.exitsOf(a.f.Body)
	a.ragged = false
	for _, w := range a.ways {
		a.ragged = a.ragged || w.parted
	}
}

// exitsOf finds how threads leave the constructs of b, and appends to a.ways how
// they leave b itself, but for its Yield.
func (a *analyzer) exitsOf(b *ir.Block) {
	for _, in := range b.Code {
		switch in.Op {
		case ir.OpBreak, ir.OpContinue:
			a.ways = append(a.ways, way{in: in, depth: in.Imm})
		case ir.OpIf, ir.OpLoop, ir.OpBlock:
			first := len(a.ways)
			for i, body := range in.Body {
				if !a.never(in, i) {
					a.exitsOf(body)
				}
			}
			f := a.Flow(in)
			*f = Flow{Barrier: f.Barrier, Cost: f.Cost, Memory: f.Memory}
			if in.Op == ir.OpIf {
				inner := a.ways[first:]
				f.Outward = len(inner) > 0
				for i := range inner {
					inner[i].parted = inner[i].parted || a.Values[in.Args[0]].Kind > Uniform
				}
			} else {
				a.ways = f.end(a.ways, first)
			}
		}
	}
}

// end takes from ways, from number first on, those that lead to the end of a Loop
// or Block, or to its next turn. The others lead beyond it.
func (f *Flow) end(ways []way, first int) []way {
	for _, w := range ways[first:] {
		f.Ragged = f.Ragged || w.parted
	}
	out := ways[:first]
	for _, w := range ways[first:] {
		if w.depth == 0 {
			if w.in.Op == ir.OpContinue {
				f.Again++
				f.Parted = f.Parted || w.parted
			}
			continue
		}
		f.Outward = true
		out = append(out, way{in: w.in, depth: w.depth - 1, parted: w.parted || f.Ragged})
	}
	return out
}

// never reports whether it is guessed that no thread takes an arm of in.
func (a *analyzer) never(in *ir.Instr, arm int) bool {
	if a.Guess == nil || in.Op != ir.OpIf {
		return false
	}
	truth, ok := a.Guess.Truth(a.Info, in.Args[0])
	return ok && truth == (arm == 1)
}

// weighAll looks at what is in the constructs of b.
func (s *Info) weighAll(b *ir.Block) {
	for _, in := range b.Code {
		if len(in.Body) == 0 {
			continue
		}
		f := s.Flow(in)
		for _, body := range in.Body {
			s.weighAll(body)
			cost, memory, barrier := s.Weigh(body)
			f.Cost += cost
			f.Memory = f.Memory || memory
			f.Barrier = f.Barrier || barrier
		}
	}
}

// Weigh counts the instructions of a block, and tells whether there are accesses
// to memory, calls or loops, and whether there are barriers.
func (s *Info) Weigh(b *ir.Block) (cost int, memory, barrier bool) {
	for _, in := range b.Code {
		cost++
		class := in.Op.Info().Class
		memory = memory || class == ir.Read || class == ir.Effect || in.Op == ir.OpLoop
		barrier = barrier || in.Op == ir.OpBarrier && in.Imm == 0
		if len(in.Body) > 0 {
			f := s.Flow(in)
			cost += f.Cost
			memory = memory || f.Memory
			barrier = barrier || f.Barrier
		}
	}
	return cost, memory, barrier
}
