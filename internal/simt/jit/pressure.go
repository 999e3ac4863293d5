package jit

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Where the registers of inner loops do not do for the parts of a chunk, a kernel is
// lowered anew with fewer: see room.compile. Whether they will is foreseen here, by
// the lives of the kernel's values, so that hardly any is lowered in vain. What is
// made is judged by its own registers all the same.

// A foresight is what is foreseen of a kernel.
type foresight struct {
	l      *lower
	needs  []need     // by value
	order  []ir.Value // in which their lives begin
	active []*need    // those that are alive
	loops  []lifetime // of the kernel, in which they begin
	open   []int      // those that are gone through, by index
	at     int32      // how many instructions have been gone through
}

// A lifetime is from where to where something is, in instructions.
type lifetime struct{ first, last int32 }

// A need is what a value wants of the registers of vectors.
type need struct {
	lifetime
	loop    int   // 1 + the index of the last loop that it outlives, if any
	vectors int32 // how many, for all parts
	touched int32 // weight of its uses, by loop depth
	inner   bool  // it is wanted in a loop
	once    bool  // all parts have the same
	mask    bool
	spilled bool
}

// foresee returns how many vectors will be alive at a time, at most, in chunks of the
// parts that l is for, and whether some that are much wanted will find no room in so
// many registers.
func (l *lower) foresee(registers int) (most int, lacking bool) {
	p := &l.room.sight
	p.l, p.order, p.loops, p.at = l, p.order[:0], p.loops[:0], 0
	p.needs = append(p.needs[:0], make([]need, len(l.f.Values))...)
	p.block(l.f.Body)
	most, lacking = p.scan(registers)
	p.l = nil
	switch {
	case l.straight: // which does not load ahead of what wants it: see delay
		lacking = lacking && most > 6*registers
	case l.grouped():
		// Where groups are run in step, much of what is loaded is known to be inside its
		// memory, and needs no register for what alone wants it. So less lacks than it
		// seems, and only what is far too much is believed.
		lacking = lacking && most-2*l.geo.u > 2*registers
	}
	return most, lacking
}

// shared reports whether all parts have the same value of v.
func (p *foresight) shared(v ir.Value) bool {
	if p.l.sh.Values[v].Kind != shape.Varying {
		return p.l.isShared(v)
	}
	return p.needs[v].once
}

// vectorsOf is how many vectors v takes, if it is wanted as such.
func (p *foresight) vectorsOf(v ir.Value) int32 {
	l, t := p.l, p.l.f.TypeOf(v)
	s := &l.sh.Values[v]
	_, known := l.sh.Constant(v)
	switch {
	case t == ir.Bool && !l.cpu.wideMasks(), known, s.Kind != shape.Varying && !l.useVec[v]:
		return 0
	case p.shared(v):
		return int32(halves(t))
	}
	return int32(halves(t) * l.geo.u)
}

// define begins the life of v.
func (p *foresight) define(v ir.Value) {
	if v == ir.NoValue {
		return
	}
	n := &p.needs[v]
	n.lifetime, n.touched, n.inner = lifetime{p.at, p.at}, p.weight(), len(p.open) > 0
	n.vectors, n.mask = p.vectorsOf(v), p.l.f.TypeOf(v) == ir.Bool
	p.order = append(p.order, v)
}

// weight is that of a use in the open loops and that over the chunks.
func (p *foresight) weight() int32 { return useWeights[min(1+len(p.open), len(useWeights)-1)] }

// use notes that v is wanted; an offset in memory is wanted as the vectors that it is
// made of.
func (p *foresight) use(v ir.Value) {
	if d := p.l.sh.Defs[v]; d != nil && passes(d) {
		for _, a := range d.Args {
			if p.l.sh.Values[a].Kind == shape.Varying {
				p.use(a)
			}
		}
		return
	}
	n := &p.needs[v]
	n.last = max(n.last, p.at)
	n.touched += p.weight()
	n.inner = n.inner || len(p.open) > 0
	for _, i := range p.open {
		if n.first < p.loops[i].first {
			n.loop = 1 + i // what was there before and is wanted in it lives to its end
			break
		}
	}
}

// passes reports whether in makes an offset, which is part of how memory is accessed.
func passes(in *ir.Instr) bool { return in.Type == ir.I64 && in.Op.Info().Class == ir.Pure }

// block goes through b.
func (p *foresight) block(b *ir.Block) {
	for _, in := range b.Code {
		p.at++
		switch {
		case in.Op == ir.OpIf:
			p.use(in.Args[0])
			p.block(in.Body[0])
			for _, v := range in.Outs {
				p.define(v)
			}
			p.block(in.Body[1])
			for _, v := range in.Outs {
				p.use(v)
			}
		case in.Op == ir.OpLoop || in.Op == ir.OpBlock:
			p.loop(in)
		default:
			p.needs[in.Out].once = p.onceFor(in)
			if passes(in) {
				continue
			}
			if class := in.Op.Info().Class; class != ir.Pure || p.l.sh.Values[in.Out].Kind == shape.Varying || in.Type.IsFloat() {
				for _, v := range in.Args {
					p.use(v)
				}
			}
			p.define(in.Out)
			for _, v := range in.Outs {
				p.define(v)
			}
		}
	}
}

// onceFor reports whether in is done once for all parts.
func (p *foresight) onceFor(in *ir.Instr) bool {
	if in.Op != ir.OpLoad && in.Op.Info().Class != ir.Pure {
		return false
	}
	for _, v := range in.Args {
		if !p.shared(v) {
			return false
		}
	}
	return true
}

// loop goes through a Loop or Block.
func (p *foresight) loop(in *ir.Instr) {
	body := in.Body[0]
	for _, v := range in.Args {
		p.use(v)
	}
	ragged := p.l.sh.Flow(in).Ragged // threads leave with their results one by one
	if ragged {
		for _, v := range in.Outs {
			p.define(v)
		}
	}
	for _, v := range body.Params {
		p.define(v)
	}
	if in.Op == ir.OpLoop {
		p.open = append(p.open, len(p.loops))
		p.loops = append(p.loops, lifetime{first: p.at})
	}
	p.block(body)
	p.at++
	if in.Op == ir.OpLoop {
		next := body.Last()
		for i, v := range body.Params {
			if next.Op == ir.OpContinue && next.Imm == 0 && p.needs[next.Args[i]].first >= p.needs[v].last {
				continue // its value for the next turn takes its place
			}
			p.use(v)
		}
		last := len(p.open) - 1
		p.loops[p.open[last]].last = p.at
		p.open = p.open[:last]
	}
	for _, v := range in.Outs {
		if !ragged {
			p.define(v)
		}
		p.use(v)
	}
}

// scan gives out registers as lower.allocate does.
func (p *foresight) scan(registers int) (most int, lacking bool) {
	active := p.active[:0]
	for _, v := range p.order {
		n := &p.needs[v]
		if n.loop > 0 {
			n.last = max(n.last, p.loops[n.loop-1].last)
		}
		if n.vectors == 0 || n.last == n.first {
			continue
		}
		keep := active[:0]
		alive, held := 0, 0
		for _, a := range append(active, n) {
			if a == n || a.last > n.first {
				keep = append(keep, a)
				alive += int(a.vectors)
				if !a.spilled {
					held += int(a.vectors)
				}
			}
		}
		active = keep
		most = max(most, alive)
		for held > registers && !lacking {
			var worst *need
			least := float32(math.MaxFloat32)
			for _, a := range active {
				if w := float32(a.touched) / float32(a.last-a.first+1); w < least && !a.spilled {
					worst, least = a, w
				}
			}
			worst.spilled = true
			held -= int(worst.vectors)
			lacking = (worst.inner || worst.touched > manyUses) && !worst.mask
		}
	}
	p.active = active
	return most, lacking
}
