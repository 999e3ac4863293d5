package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// A shape tells how the values of the threads of a group relate. Threads are
// taken a vector of lanes at a time, and several vectors, the parts of a
// chunk, together.
type shape struct {
	kind kind
	step int64   // linear: from lane to lane of a vector
	part offsets // linear: what is added for each part of a chunk
	each bool    // linear: the parts have scalars of their own, and part counts for nothing
}

// maxParts is how many vectors a chunk may have.
const maxParts = 8

// offsets are what a linear value has more in each part of a chunk than in the
// first.
type offsets [maxParts]int32

type kind uint8

const (
	unknown kind = iota // never computed, as far as is known
	uniform             // the same in all threads of the group
	linear              // a scalar a part, plus step times the lane
	varying
)

var (
	vary = shape{kind: varying}
	same = shape{kind: uniform}
)

// flat reports whether all lanes of a vector have the same value.
func (s shape) flat() bool { return s.kind <= uniform || s.kind == linear && s.step == 0 }

// shared reports whether all lanes of a chunk have the same value.
func (s shape) shared() bool { return s.flat() && !s.each && s.part == offsets{} }

// span returns the least and the greatest of so many parts from first on.
func (o *offsets) span(first, parts int) (least, most int64) {
	least, most = int64(o[first]), int64(o[first])
	for _, x := range o[first : first+parts] {
		least, most = min(least, int64(x)), max(most, int64(x))
	}
	return least, most
}

// shapes finds the shape of every value, and what control flow depends on.
type shapes struct {
	f    *ir.Func
	geo  *geometry
	of   []shape
	defs []*ir.Instr
	flow map[*ir.Instr]*flow // of Ifs, Loops and Blocks
	done bool                // nothing changed in this round

	// carried are results and parameters of constructs with barriers in them:
	// they are kept a lane each.
	grouped bool // there are barriers that count
	guess   *guesses
	bounds  []bound // by ir.Value, as far as asked for
	carried map[ir.Value]bool
}

// flow tells how threads leave a construct.
type flow struct {
	ragged  bool // not all threads of a chunk that are in it leave it together
	outward bool // some thread in it may leave for beyond it
	again   int  // Continues of this Loop
	barrier bool // there is a barrier in it
	parted  bool // some Continue is not reached by all that are in the Loop
	cost    int  // instructions in it
	memory  bool // accesses memory, or calls
}

func (s *shapes) run() {
	s.of = make([]shape, len(s.f.Values))
	s.defs = make([]*ir.Instr, len(s.f.Values))
	s.flow = make(map[*ir.Instr]*flow)
	s.carried = make(map[ir.Value]bool)
	s.f.Body.Walk(func(in *ir.Instr) bool {
		if in.Out != ir.NoValue {
			s.defs[in.Out] = in
		}
		return true
	})
	s.count(s.f.Body)
	s.exits(s.f.Body)
	if s.grouped {
		for in, f := range s.flow {
			if f.barrier || f.outward {
				for _, vs := range [][]ir.Value{in.Outs, in.Body[0].Params} {
					for _, v := range vs {
						s.carried[v] = true
					}
				}
			}
		}
	}
	// Values begin as unknown and only become less uniform. What is unknown in
	// the end never runs; but code is made of it, and what it is mixed with.
	s.settle()
	for i := range s.of {
		if s.of[i].kind == unknown {
			s.of[i] = vary
		}
	}
	s.settle()
}

// settle looks at the whole kernel until nothing changes.
func (s *shapes) settle() {
	for s.done = false; !s.done; {
		s.done = true
		s.exits(s.f.Body)
		s.block(s.f.Body, []*ir.Instr{nil})
	}
}

func (s *shapes) set(v ir.Value, to shape) {
	if s.of[v].kind == varying {
		return
	}
	if to.kind == linear && s.carried[v] {
		to = vary
	}
	if old := s.of[v]; old != to {
		s.of[v] = to
		s.done = false
	}
}

// join makes v less uniform, to cover x.
func (s *shapes) join(v ir.Value, x shape) {
	old := s.of[v]
	t := s.f.TypeOf(v)
	switch {
	case old == x || old.kind == varying || x.kind == unknown:
		return
	case old.kind == unknown:
	case x.kind == varying || t != ir.I32 && t != ir.I64 || old.step != x.step:
		x = vary
	case old.each || x.each || old.part != x.part:
		x = shape{kind: linear, step: x.step, each: true}
	default: // uniform and shared
		x = shape{kind: linear, step: x.step, part: x.part}
	}
	s.set(v, x)
}

// A leaving is a way out of the construct whose exits are being looked at.
type leaving struct {
	in     *ir.Instr
	depth  int64
	parted bool
}

// exits finds how threads leave the constructs of b and returns how they leave
// b itself, but for its Yield.
func (s *shapes) exits(b *ir.Block) (out []leaving) {
	for _, in := range b.Code {
		switch in.Op {
		case ir.OpBreak, ir.OpContinue:
			out = append(out, leaving{in: in, depth: in.Imm})
		case ir.OpIf, ir.OpLoop, ir.OpBlock:
			old := s.flow[in]
			f := &flow{barrier: old.barrier, cost: old.cost, memory: old.memory}
			var inner []leaving
			for i, body := range in.Body {
				if !s.never(in, i) {
					inner = append(inner, s.exits(body)...)
				}
			}
			if in.Op == ir.OpIf {
				for i := range inner {
					inner[i].parted = inner[i].parted || s.of[in.Args[0]].kind > uniform
				}
				f.outward = len(inner) > 0
				out = append(out, inner...)
			} else {
				for _, l := range inner {
					f.ragged = f.ragged || l.parted
					if l.depth == 0 {
						if l.in.Op == ir.OpContinue {
							f.again++
							f.parted = f.parted || l.parted
						}
						continue
					}
					f.outward = true
				}
				for _, l := range inner {
					if l.depth > 0 {
						l.depth--
						l.parted = l.parted || f.ragged
						out = append(out, l)
					}
				}
			}
			s.flow[in] = f
		}
	}
	return out
}

// never reports whether it is guessed that no thread takes an arm of in.
func (s *shapes) never(in *ir.Instr, arm int) bool {
	if in.Op != ir.OpIf {
		return false
	}
	truth, ok := s.truth(in.Args[0])
	return ok && arm != chosen(truth)-1
}

// count looks once at what is in the constructs of b.
func (s *shapes) count(b *ir.Block) {
	for _, in := range b.Code {
		if len(in.Body) == 0 {
			continue
		}
		f := &flow{}
		for _, body := range in.Body {
			s.count(body)
			cost, memory, barrier := s.weigh(body)
			f.cost += cost
			f.memory = f.memory || memory
			f.barrier = f.barrier || barrier
		}
		s.flow[in] = f
	}
}

// weigh counts the instructions of a block whose constructs have been counted,
// and tells whether there are accesses to memory, calls or loops, and barriers.
func (s *shapes) weigh(b *ir.Block) (cost int, memory, barrier bool) {
	for _, in := range b.Code {
		cost++
		class := in.Op.Info().Class
		memory = memory || class == ir.Read || class == ir.Effect || in.Op == ir.OpLoop
		barrier = barrier || in.Op == ir.OpBarrier && in.Imm == 0
		if f := s.flow[in]; f != nil {
			cost += f.cost
			memory = memory || f.memory
			barrier = barrier || f.barrier
		}
	}
	return cost, memory, barrier
}

// block finds the shapes of what b defines. stack holds the enclosing Blocks
// and Loops.
func (s *shapes) block(b *ir.Block, stack []*ir.Instr) {
	for _, in := range b.Code {
		switch in.Op {
		case ir.OpIf:
			for i, body := range in.Body {
				if s.never(in, i) {
					continue
				}
				s.block(body, stack)
				if last := body.Last(); last != nil && last.Op == ir.OpYield {
					s.results(in, last.Args, s.of[in.Args[0]].kind > uniform)
				}
			}
		case ir.OpLoop, ir.OpBlock:
			body := in.Body[0]
			for i, p := range body.Params {
				s.join(p, s.of[in.Args[i]])
			}
			s.block(body, append(stack, in))
			if last := body.Last(); last != nil && last.Op == ir.OpYield {
				s.results(in, last.Args, s.flow[in].ragged)
			}
		case ir.OpBreak:
			if to := stack[len(stack)-1-int(in.Imm)]; to != nil {
				s.results(to, in.Args, s.flow[to].ragged)
			}
		case ir.OpContinue:
			to := stack[len(stack)-1-int(in.Imm)]
			fl := s.flow[to]
			for i, p := range to.Body[0].Params {
				if fl.parted && fl.again > 1 {
					s.join(p, vary)
				} else {
					s.join(p, s.of[in.Args[i]])
				}
			}
		default:
			if in.Out != ir.NoValue {
				s.meet(in.Out, s.transfer(in))
			}
			for _, v := range in.Outs {
				s.set(v, vary)
			}
		}
	}
}

// meet sets v, whose shape may only become less uniform.
func (s *shapes) meet(v ir.Value, x shape) {
	if x.kind == linear {
		if t := s.f.TypeOf(v); t != ir.I32 && !(t == ir.I64 && x.step == 0) {
			x = vary
		}
	}
	s.set(v, x)
}

// results covers values that become results of in.
func (s *shapes) results(in *ir.Instr, args []ir.Value, parted bool) {
	for i, v := range in.Outs {
		if parted {
			s.join(v, vary)
		} else {
			s.join(v, s.of[args[i]])
		}
	}
}

// constant returns the bits of a constant.
func (s *shapes) constant(v ir.Value) (uint64, bool) {
	if d := s.defs[v]; d != nil && d.Op == ir.OpConst {
		return uint64(d.Imm) & ir.Mask(d.Type), true
	}
	return 0, false
}

func (s *shapes) transfer(in *ir.Instr) shape {
	if x, ok := s.guessed(in); ok {
		return x
	}
	switch in.Op {
	case ir.OpConst, ir.OpMem, ir.OpTexture, ir.OpSampler:
		return same
	case ir.OpBuiltin:
		return s.geo.builtin(ir.Builtin(in.Imm))
	case ir.OpLoad:
		if s.of[in.Args[0]].kind <= uniform && s.of[in.Args[1]].kind <= uniform && !s.own(in.Args[0]) {
			return same
		}
		return vary
	case ir.OpBallot, ir.OpGroupReduce:
		if _, width, _ := ir.UnpackGroup(in.Imm); width == ir.SimdLanes && s.geo.oneGroup() && (in.Type == ir.I32 || in.Type == ir.I64) {
			return shape{kind: linear}
		}
		return vary
	}
	if in.Op.Info().Class != ir.Pure {
		return vary
	}
	flat, shared, all := true, true, true
	for _, a := range in.Args {
		x := s.of[a]
		flat = flat && x.flat()
		shared = shared && x.shared()
		all = all && x.kind == uniform
		if x.kind == unknown {
			return x
		}
	}
	if all {
		return same
	}
	var from ir.Type
	if len(in.Args) > 0 {
		from = s.f.TypeOf(in.Args[0])
	}
	if in.Type != ir.I32 && in.Type != ir.I64 || from != ir.I32 && from != ir.I64 {
		return vary
	}
	if in.Type == ir.I32 && from == ir.I32 {
		a := s.of[in.Args[0]]
		var b shape
		if len(in.Args) > 1 {
			b = s.of[in.Args[1]]
		}
		if a.kind != varying && b.kind != varying {
			switch in.Op {
			case ir.OpAdd:
				return sum(a, b, 1)
			case ir.OpSub:
				return sum(a, b, -1)
			case ir.OpMul:
				if c, ok := s.constant(in.Args[1]); ok {
					return scaled(a, int64(int32(c)))
				}
				if c, ok := s.constant(in.Args[0]); ok {
					return scaled(b, int64(int32(c)))
				}
			case ir.OpShl:
				if c, ok := s.constant(in.Args[1]); ok {
					return scaled(a, int64(int32(1)<<(c&31)))
				}
			}
		}
	}
	if in.Type == ir.I64 && flat {
		if x, ok := s.wide(in); ok {
			return x
		}
	}
	switch {
	case !flat || !s.geo.isa.backend().scalarRow(in.Op, in.Type):
		return vary
	case shared:
		return shape{kind: linear}
	}
	return shape{kind: linear, each: true}
}

// wide returns the shape of an integer of 64 bits that is the same in all lanes of
// a vector, if the parts of a chunk differ by constants.
func (s *shapes) wide(in *ir.Instr) (shape, bool) {
	var a, b shape
	if a = s.of[in.Args[0]]; len(in.Args) > 1 {
		b = s.of[in.Args[1]]
	}
	if a.each || b.each {
		return shape{}, false
	}
	var r shape
	switch in.Op {
	case ir.OpZExt, ir.OpSExt:
		x := s.bound(in.Args[0])
		if !x.exact || in.Op == ir.OpSExt && x.most > 1<<31-1 {
			return shape{}, false
		}
		r = shape{kind: linear, part: a.part}
	case ir.OpAdd:
		r = sum(a, b, 1)
	case ir.OpSub:
		r = sum(a, b, -1)
	case ir.OpMul:
		if c, ok := s.constant(in.Args[1]); ok && c < small {
			r = scaled(a, int64(c))
		}
	case ir.OpShl:
		if c, ok := s.constant(in.Args[1]); ok && c < 20 {
			r = scaled(a, 1<<c)
		}
	}
	return r, r.kind == linear && !r.each
}

// own reports whether a Ref may name thread memory.
func (s *shapes) own(ref ir.Value) bool {
	if d := s.defs[ref]; d != nil && d.Op == ir.OpMem {
		return s.f.Mems[d.Imm].Kind == ir.MemThread
	}
	return true
}

// small keeps the multiples of a lane's number from growing out of hand.
const small = 1 << 20

func sum(a, b shape, sign int64) shape {
	r := shape{kind: linear, step: a.step + sign*b.step, each: a.each || b.each}
	for p := range r.part {
		r.setPart(p, int64(a.part[p])+sign*int64(b.part[p]))
	}
	return r.check()
}

func scaled(a shape, c int64) shape {
	r := shape{kind: linear, each: a.each}
	switch {
	case c < small && c > -small:
		r.step = a.step * c
		for p := range r.part {
			r.setPart(p, int64(a.part[p])*c)
		}
	case a.step != 0:
		return vary
	default:
		r.each = r.each || a.part != offsets{}
	}
	return r.check()
}

func (s *shape) setPart(p int, x int64) {
	if x <= -small*16 || x >= small*16 {
		s.each = true
		return
	}
	s.part[p] = int32(x)
}

func (s shape) check() shape {
	if s.each {
		s.part = offsets{}
	}
	if s.step >= small || s.step <= -small {
		return vary
	}
	return s
}
