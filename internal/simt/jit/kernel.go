package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// wantVectors finds which uniform and linear values will be wanted as vectors,
// so that they are made where the value is and not where it is wanted, which
// may be in a loop.
func (l *lower) wantVectors() {
	want := func(vs []ir.Value) {
		for _, v := range vs {
			l.useVec[v] = l.sh.Values[v].Kind != shape.Varying
		}
	}
	varies := func(vs []ir.Value) bool {
		for _, v := range vs {
			if l.sh.Values[v].Kind == shape.Varying || l.f.TypeOf(v).IsFloat() {
				return true
			}
		}
		return false
	}
	l.f.Body.Walk(func(in *ir.Instr) bool {
		for _, v := range in.Args {
			l.used[v] = true
		}
		return true
	})
	if !l.straight {
		l.findSunk()
	}
	var walk func(b *ir.Block, stack []*ir.Instr)
	walk = func(b *ir.Block, stack []*ir.Instr) {
		for _, in := range b.Code {
			if l.sunk[in.Out] {
				continue
			}
			switch in.Op {
			case ir.OpIf:
				for _, body := range in.Body {
					walk(body, stack)
					if last := body.Last(); last.Op == ir.OpYield && varies(in.Outs) {
						want(last.Args)
					}
				}
			case ir.OpLoop, ir.OpBlock:
				body := in.Body[0]
				if varies(body.Params) {
					want(in.Args)
				}
				walk(body, append(stack, in))
				if last := body.Last(); last.Op == ir.OpYield && varies(in.Outs) {
					want(last.Args)
				}
			case ir.OpBreak, ir.OpContinue:
				to := stack[len(stack)-1-int(in.Imm)]
				if to != nil && (in.Op == ir.OpBreak && varies(to.Outs) || in.Op == ir.OpContinue && varies(to.Body[0].Params)) {
					want(in.Args)
				}
			case ir.OpStore:
				want(in.Args[2:])
			case ir.OpLoad:
			default:
				if in.Op.Info().Class == ir.Pure && (l.sh.Values[in.Out].Kind == shape.Varying || in.Type.IsFloat() || len(in.Args) > 0 && l.f.TypeOf(in.Args[0]).IsFloat()) {
					want(in.Args)
				}
			}
		}
	}
	walk(l.f.Body, []*ir.Instr{nil})
}

// inputs makes the builtins and memories that are the same for the group, or
// those that depend on the chunk.
func (l *lower) inputs(perChunk bool) {
	for _, in := range l.builtins {
		if (l.sh.Values[in.Out].Kind != shape.Uniform) == perChunk {
			l.input(in.Out)
			if l.useVec[in.Out] && len(l.vals[in.Out].v) == 0 {
				l.spread(in.Out)
			}
		}
	}
}

// kernel lowers the whole kernel.
func (l *lower) kernel() {
	start := l.label()
	l.bind(start)
	if slices.ContainsFunc(l.f.Mems, func(m ir.Mem) bool { return m.Kind == ir.MemThreadgroup || m.Kind == ir.MemThreadgroupArg }) {
		l.emit(ins{op: lClear})
		if l.words != nil {
			l.words.clear = len(l.code) - 1
		}
	}
	for i := range l.f.Mems {
		off := l.lay.mem(i)
		l.bases[off] = l.ctx(off)
	}
	l.inputs(false)
	if l.grouped() {
		l.groupKernel()
	} else {
		l.region(nil, func() {
			if last := l.block(l.f.Body); last != nil && last.Op != ir.OpYield {
				l.terminator(last)
			}
		})
	}
	l.dropStores()
	l.emit(ins{op: lNext, imm: start})
	l.emit(ins{op: lExit})
}

// region lowers code that runs for every chunk of the group. leaving are the
// instructions of it in which threads may end, nil for all of the kernel's.
func (l *lower) region(code []*ir.Instr, body func()) {
	chunk := int64(l.geo.u * l.geo.v)
	head, end := l.label(), l.label()
	lanes := l.ctx(wordLanes)
	g := l.gr
	partial := g != nil && g.leaves && g.alive != 0
	f := &shape.Flow{Ragged: g == nil && l.sh.Ragged()}
	for _, in := range code {
		f.Ragged = f.Ragged || len(in.Body) > 0 && l.sh.Flow(in).Outward
	}
	l.lane = l.imm(0)
	if !l.straight {
		l.lane = l.reg(scalar)
		l.emit(ins{op: lMov, d: []vreg{l.lane}, s: []vreg{l.imm(0)}})
	}
	if partial && f.Ragged {
		l.emit(ins{op: lMov, d: []vreg{g.alive}, s: []vreg{l.imm(0)}})
	}
	from := int64(len(l.code))
	if !l.straight {
		l.loops++
		l.emit(ins{op: lLoop, imm: l.loops})
		l.bind(head)
	}
	l.emit(ins{op: lSetCtx, imm: wordLane, s: []vreg{l.lane}})
	l.scope(func() {
		var stay []vreg // lanes that do not end: none, if there are none
		if partial && f.Ragged {
			stay = l.newMasks()
			l.clearMasks(stay)
		}
		l.act = nil
		switch {
		case partial:
			for p := range l.geo.u {
				l.act = append(l.act, l.emit1(lLoadM, mask, int64(g.masks)+int64(4*p*l.geo.v), l.lane))
				l.code[len(l.code)-1].t = ir.I32
			}
			l.jumpNone(l.act, end)
		case l.straight:
			l.act = l.tail()
		case !l.geo.full:
			iota := l.ramp(0, 1)
			for p := range l.geo.u {
				l.act = append(l.act, l.emit1(lTail, mask, int64(p*l.geo.v), lanes, l.lane, iota))
			}
		}
		guessed := 0 // versions that guess
		if g == nil && !l.straight {
			guessed = l.guessing(body, end)
		}
		l.inputs(true)
		t := &target{flow: f, entry: l.act, done: end, end: end}
		l.stack = []*target{t}
		if g != nil {
			// Whatever is left for is the end.
			l.stack = nil
			for range g.targets {
				l.stack = append(l.stack, t)
			}
		}
		l.joins = nil
		if f.Ragged {
			l.joins = []int64{end}
		}
		l.isDead = false
		body()
		for range guessed {
			l.emit(ins{op: lEnd})
		}
		if stay != nil {
			if !l.isDead {
				l.setMasks(stay, l.act)
			}
			l.bind(end)
			end = l.label()
			for p, m := range stay {
				l.emit(ins{op: lSaveM, t: ir.I32, imm: int64(g.masks) + int64(4*p*l.geo.v), s: []vreg{l.lane, m}})
				l.emit(ins{op: lAny, inout: true, d: []vreg{g.alive}, s: []vreg{m, g.alive}})
			}
		}
	})
	l.act, l.isDead, l.joins, l.stack = nil, false, nil, nil
	l.bind(end)
	if l.straight {
		l.emit(ins{op: lFuel, imm: int64(len(l.code)) - from, src: l.inner})
		return
	}
	l.emit(ins{op: lLea, t: ir.I32, d: []vreg{l.lane}, s: []vreg{l.lane}, imm: chunk})
	l.emit(ins{op: lFuel, imm: int64(len(l.code)) - from, src: l.inner})
	l.emit(ins{op: lJumpCmp, irop: ir.OpULt, from: ir.I32, imm: head, s: []vreg{l.lane, lanes}})
	l.emit(ins{op: lEnd})
	if g != nil { // what is done for all, between regions, is done for the first chunk
		l.emit(ins{op: lSetCtx, imm: wordLane, s: []vreg{l.imm(0)}})
	}
}
