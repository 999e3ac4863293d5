package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Kernels with barriers. What must be done by all threads before any goes on
// is a region, a loop over the chunks. Around regions control flow is that of
// the whole group and must be uniform: constructs that hold a barrier, or that
// leave one that does. Uniform values live in registers; what else regions
// hand to each other is saved in arrays of the context, or computed again.

// groups is what lowering at the level of the group knows.
type groups struct {
	region  map[*ir.Instr]int // of instructions at this level
	now     int               // the current region
	def     []int             // by ir.Value: the region that defines it; 0 is this level
	arrays  []int32           // by ir.Value: where it is saved, -1 if it is not
	pending []*ir.Instr       // of the region being collected
	effects bool              // some of them write memory
	masks   int32             // array of the lanes that have not ended, if some may before the others
	leaves  bool
	level   int // enclosing Loops and Blocks at this level
	targets []*target
	alive   vreg
	idle    map[*ir.Instr]bool // barriers that are not needed, see findIdle
}

// grouped reports whether the kernel has barriers that count: with one chunk
// there is nobody to wait for.
func (l *lower) grouped() bool { return !l.geo.single && l.waiting }

// atLevel reports whether a construct is lowered at the level of the group.
func (l *lower) atLevel(in *ir.Instr) bool {
	f := l.sh.Flow(in)
	switch in.Op {
	case ir.OpIf:
		uni := l.sh.Values[in.Args[0]].Kind <= shape.Uniform
		if f.Barrier && !uni {
			l.fail("a barrier where threads have parted ways")
		}
		return f.Barrier || uni && (f.Outward || l.uniformOuts(in))
	case ir.OpLoop, ir.OpBlock:
		return f.Barrier || !f.Ragged && (f.Outward || l.uniformOuts(in))
	}
	return false
}

// uniformOuts reports whether a construct has results that are the same for the
// whole group, which instructions at the level of the group may want.
func (l *lower) uniformOuts(in *ir.Instr) bool {
	for _, v := range in.Outs {
		if l.sh.Values[v].Kind == shape.Uniform {
			return true
		}
	}
	return false
}

// groupKernel lowers a kernel with barriers.
func (l *lower) groupKernel() {
	l.gr = &groups{region: map[*ir.Instr]int{}, now: 1, def: make([]int, len(l.f.Values)), arrays: make([]int32, len(l.f.Values))}
	for i := range l.gr.arrays {
		l.gr.arrays[i] = -1
	}
	l.gr.idle = map[*ir.Instr]bool{}
	l.findIdle(l.f.Body)
	l.number(l.f.Body)
	l.findCrossing(l.f.Body)
	end := l.label()
	l.gr.targets = []*target{{done: end}}
	if l.gr.leaves {
		l.gr.masks = l.lay.array(4)
		l.region(nil, func() {
			for p := range l.geo.u {
				m := l.actOf(p)
				if m == 0 {
					m = l.emit1(lMaskAll, mask, 1)
				}
				l.emit(ins{op: lSaveM, t: ir.I32, imm: int64(l.gr.masks) + int64(4*p*l.geo.v), s: []vreg{l.lane, m}})
			}
		})
		l.gr.alive = l.reg(scalar)
	}
	l.groupEnd(l.groupBlock(l.f.Body), nil, nil)
	l.bind(end)
}

// number gives every instruction at this level its region.
func (l *lower) number(b *ir.Block) {
	g := l.gr
	for _, in := range b.Code {
		switch {
		case g.idle[in]:
		case in.Op == ir.OpBarrier && in.Imm == 0:
			g.now++
		case l.onceHere(in):
			if readsMemory(in) {
				g.now++ // what is pending may write what this reads
			}
		case len(in.Body) > 0 && l.atLevel(in):
			g.now++
			if in.Op != ir.OpIf {
				g.level++
			}
			for _, body := range in.Body {
				l.number(body)
				g.now++
			}
			if in.Op != ir.OpIf {
				g.level--
			}
		case in.Op.Info().Class == ir.Input, in.Op.Info().Class == ir.Term:
		default:
			g.region[in] = g.now
			if in.Out != ir.NoValue {
				g.def[in.Out] = g.now
			}
			for _, v := range in.Outs {
				g.def[v] = g.now
			}
			if len(in.Body) > 0 && l.sh.Flow(in).Outward {
				g.leaves = true
				l.checkLeaving(in)
			}
		}
	}
}

// checkLeaving makes sure that threads that leave in, at this level, end.
func (l *lower) checkLeaving(in *ir.Instr) {
	var walk func(b *ir.Block, inner int)
	walk = func(b *ir.Block, inner int) {
		for _, x := range b.Code {
			switch x.Op {
			case ir.OpBreak, ir.OpContinue:
				if d := int(x.Imm) - inner; d >= 0 && d != l.gr.level {
					l.fail("threads leave a loop with a barrier one by one")
				}
			case ir.OpIf:
				walk(x.Body[0], inner)
				walk(x.Body[1], inner)
			case ir.OpLoop, ir.OpBlock:
				walk(x.Body[0], inner+1)
			}
		}
	}
	if in.Op == ir.OpIf {
		walk(in.Body[0], 0)
		walk(in.Body[1], 0)
	} else {
		walk(in.Body[0], 1)
	}
}

// uniformHere reports whether an instruction is done once for the group, at
// this level.
func (l *lower) uniformHere(in *ir.Instr) bool {
	return in.Out != ir.NoValue && len(in.Body) == 0 && l.sh.Values[in.Out].Kind == shape.Uniform &&
		(in.Op.Info().Class == ir.Pure || in.Op == ir.OpLoad)
}

// again reports whether a value is computed again rather than saved.
func (l *lower) again(v ir.Value) bool {
	d := l.sh.Defs[v]
	if d == nil {
		return false
	}
	switch d.Op.Info().Class {
	case ir.Input:
		return true
	case ir.Pure:
		if l.sh.Values[v].Kind == shape.Linear {
			return true
		}
		switch d.Op {
		case ir.OpZExt, ir.OpSExt, ir.OpShl, ir.OpAdd:
			return d.Type == ir.I64
		case ir.OpMul:
			_, ok := l.sh.Constant(d.Args[1])
			return ok && d.Type == ir.I64
		case ir.OpEq, ir.OpNe, ir.OpULt, ir.OpULe, ir.OpSLt, ir.OpSLe:
			return l.f.TypeOf(d.Args[0]) == ir.I32 && l.sh.Values[d.Args[0]].Kind != shape.Varying && l.sh.Values[d.Args[1]].Kind != shape.Varying
		}
	}
	return false
}

// findCrossing finds the values that are used in other regions than their own,
// and gives those that must be saved their arrays.
func (l *lower) findCrossing(b *ir.Block) {
	g := l.gr
	var need func(v ir.Value, region int)
	need = func(v ir.Value, region int) {
		if g.def[v] == region || g.def[v] == 0 || l.sh.Values[v].Kind == shape.Uniform || g.arrays[v] >= 0 {
			return
		}
		if l.again(v) {
			for _, a := range l.sh.Defs[v].Args {
				need(a, region)
			}
			return
		}
		l.save(v)
	}
	var inside func(in *ir.Instr, region int)
	inside = func(in *ir.Instr, region int) {
		for _, a := range in.Args {
			need(a, region)
		}
		for _, body := range in.Body {
			for _, x := range body.Code {
				inside(x, region)
			}
		}
	}
	for _, in := range b.Code {
		switch r, ok := g.region[in]; {
		case ok:
			inside(in, r)
		case l.once[in]: // of what is at this level
		case len(in.Body) > 0:
			for _, vs := range [][]ir.Value{in.Outs, in.Body[0].Params} {
				for _, v := range vs {
					if l.sh.Values[v].Kind != shape.Uniform {
						g.def[v] = -1
						l.save(v)
					}
				}
			}
			for _, a := range in.Args {
				need(a, -2)
			}
			for _, body := range in.Body {
				l.findCrossing(body)
			}
		default: // terminators; uniform instructions use uniform values only
			for _, a := range in.Args {
				need(a, -2)
			}
		}
	}
}

func (l *lower) save(v ir.Value) {
	if l.gr.arrays[v] < 0 {
		l.gr.arrays[v] = l.lay.array(4 * halves(l.f.TypeOf(v)))
	}
}

// groupBlock lowers b at the level of the group, up to its terminator; it
// reports whether it ends in a Yield.
func (l *lower) groupBlock(b *ir.Block) *ir.Instr {
	g := l.gr
	for _, in := range b.Code {
		switch {
		case g.idle[in]:
		case in.Op == ir.OpBarrier && in.Imm == 0:
			l.flush(nil)
		case l.onceHere(in):
			if readsMemory(in) {
				l.flush(nil)
			}
			l.act = nil
			l.instr(in)
		case in.Op.Info().Class == ir.Term:
			return in
		case len(in.Body) > 0 && l.atLevel(in):
			l.flush(nil)
			switch in.Op {
			case ir.OpIf:
				l.groupIf(in)
			case ir.OpLoop:
				l.groupLoop(in)
			default:
				l.groupOf(in, func() {})
			}
		case in.Op.Info().Class == ir.Input:
		default:
			g.pending = append(g.pending, in)
		}
	}
	return nil
}

// flush lowers the pending instructions as a region, and after them more.
func (l *lower) flush(more func()) {
	g := l.gr
	pending := g.pending
	g.pending = nil
	if len(pending) == 0 && more == nil {
		return
	}
	if more == nil {
		if b, ok := l.boundsOf(pending); ok {
			l.bounded(pending, b)
			return
		}
	}
	leaves := false
	for _, in := range pending {
		leaves = leaves || len(in.Body) > 0 && l.sh.Flow(in).Outward
	}
	l.region(pending, func() {
		for i, in := range pending {
			if !l.bundled(pending, i) {
				l.instr(in)
			}
			if l.isDead {
				break
			}
			l.saveAll(in)
		}
		if more != nil && !l.isDead {
			more()
		}
	})
	for _, in := range pending {
		l.vals[in.Out] = value{}
		for _, v := range in.Outs {
			l.vals[v] = value{}
		}
	}
	if leaves {
		// Nobody may be left.
		l.emit(ins{op: lJumpIf, irop: ir.OpNot, imm: g.targets[0].done, s: []vreg{g.alive}})
	}
}

// saveAll saves the results of an instruction that other regions want.
func (l *lower) saveAll(in *ir.Instr) {
	if in.Out != ir.NoValue && l.gr.arrays[in.Out] >= 0 {
		l.saveArray(in.Out, in.Out)
	}
	for _, v := range in.Outs {
		if l.gr.arrays[v] >= 0 {
			l.saveArray(v, v)
		}
	}
}

func (l *lower) arrayAt(v ir.Value, p, h int) int64 {
	n := halves(l.f.TypeOf(v))
	return int64(l.gr.arrays[v]) + int64((p*n+h)*l.geo.v*4)
}

// saveArray saves v where to is.
func (l *lower) saveArray(to, v ir.Value) {
	for _, s := range l.vectors(v) {
		l.saveVector(to, s.p, s.h, s.v)
	}
}

type partOf struct {
	p, h int
	v    vreg
}

func (l *lower) vectors(v ir.Value) (list []partOf) {
	for p := range l.geo.u {
		for h := range halves(l.f.TypeOf(v)) {
			list = append(list, partOf{p, h, l.vec(v, p, h)})
		}
	}
	return list
}

func (l *lower) saveVector(to ir.Value, p, h int, v vreg) {
	t := l.f.TypeOf(to)
	op := lSaveV
	if t == ir.Bool {
		op = lSaveM
	}
	l.emit(ins{op: op, t: t, imm: l.arrayAt(to, p, h), s: []vreg{l.lane, v}})
}

// loadArray makes the registers of a value that another region has saved.
func (l *lower) loadArray(v ir.Value) {
	t := l.f.TypeOf(v)
	op := lLoadV
	if t == ir.Bool {
		op = lLoadM
	}
	var x value
	for p := range l.geo.u {
		for h := range halves(t) {
			x.v = append(x.v, l.emit1(op, classOf(t), l.arrayAt(v, p, h), l.lane))
			l.code[len(l.code)-1].t = t
		}
	}
	if l.sh.Values[v].Kind == shape.Linear { // what a SIMD group has found together
		x.g = []vreg{l.first(t, x.v[0])}
	}
	l.remember(v)
	l.vals[v] = x
}

// ensure makes v available where it is not: inputs, and what other regions
// have computed.
func (l *lower) ensure(v ir.Value) {
	if x := &l.vals[v]; len(x.g)+len(x.v) > 0 || x.addr != nil || x.split != nil {
		return
	}
	d := l.sh.Defs[v]
	switch {
	case d != nil && d.Op.Info().Class == ir.Input:
		l.input(v)
	case l.gr != nil && l.gr.arrays[v] >= 0:
		l.loadArray(v)
	case l.gr != nil && l.again(v):
		l.remember(v)
		l.instr(d)
	}
}

// transferAll gives values to places at this level: uniform ones are moved in
// registers, others copied from array to array in a region.
func (l *lower) transferAll(places []value, to, args []ir.Value) {
	var list []pair
	var arrays []int
	for i := range args {
		if l.sh.Values[to[i]].Kind == shape.Uniform {
			list = l.copies(list, &places[i], to[i], args[i])
		} else {
			arrays = append(arrays, i)
		}
	}
	if len(arrays) > 0 {
		l.flush(func() {
			var all [][]partOf
			for _, i := range arrays {
				all = append(all, l.vectors(args[i]))
			}
			for j, i := range arrays {
				for _, s := range all[j] {
					l.saveVector(to[i], s.p, s.h, s.v)
				}
			}
		})
	} else {
		l.flush(nil)
	}
	l.assign(list, nil)
}

// groupPlaces makes registers for the uniform values of a construct.
func (l *lower) groupPlaces(vs []ir.Value) []value {
	xs := make([]value, len(vs))
	for i, v := range vs {
		if l.sh.Values[v].Kind == shape.Uniform {
			xs[i] = l.mutable(v)
			l.vals[v] = xs[i]
		}
	}
	return xs
}

func (l *lower) groupIf(in *ir.Instr) {
	outs := l.groupPlaces(in.Outs)
	other, join := l.label(), l.label()
	l.branch(in.Args[0], false, other)
	for i, b := range in.Body {
		l.scope(func() { l.groupEnd(l.groupBlock(b), outs, in.Outs) })
		if i == 0 {
			l.jump(join)
			l.bind(other)
		}
	}
	l.bind(join)
}

// groupEnd lowers the terminator of a block at this level.
func (l *lower) groupEnd(last *ir.Instr, outs []value, to []ir.Value) {
	g := l.gr
	switch last.Op {
	case ir.OpYield:
		l.transferAll(outs, to, last.Args)
	case ir.OpBreak:
		t := g.targets[len(g.targets)-1-int(last.Imm)]
		l.transferAll(l.placesOf(t.outs), t.outs, last.Args)
		l.jump(t.done)
	case ir.OpContinue:
		t := g.targets[len(g.targets)-1-int(last.Imm)]
		l.transferAll(t.params, t.in.Body[0].Params, last.Args)
		l.backEdge(t)
	}
}

func (l *lower) placesOf(vs []ir.Value) []value {
	xs := make([]value, len(vs))
	for i, v := range vs {
		xs[i] = l.vals[v]
	}
	return xs
}

func (l *lower) groupLoop(in *ir.Instr) {
	params := in.Body[0].Params
	t := &target{in: in, head: l.label()}
	t.params = l.groupPlaces(params)
	l.transferAll(t.params, params, in.Args)
	l.groupOf(in, func() {
		g := l.gr
		*t = target{in: in, head: t.head, params: t.params, outs: in.Outs, done: g.targets[len(g.targets)-1].done, fuel: int64(len(l.code))}
		g.targets[len(g.targets)-1] = t
		l.loops++
		l.emit(ins{op: lLoop, imm: l.loops})
		l.bind(t.head)
	})
}

// groupOf lowers a Loop or Block at this level; begin is done before its body.
func (l *lower) groupOf(in *ir.Instr, begin func()) {
	g := l.gr
	outs := l.groupPlaces(in.Outs)
	t := &target{in: in, outs: in.Outs, done: l.label()}
	g.targets = append(g.targets, t)
	outer := l.inner
	if in.Op == ir.OpLoop {
		l.inner = in
	}
	l.scope(func() {
		begin()
		l.groupEnd(l.groupBlock(in.Body[0]), outs, in.Outs)
		if in.Op == ir.OpLoop {
			l.jump(t.done)
			l.emit(ins{op: lEnd})
		}
	})
	l.inner = outer
	g.targets = g.targets[:len(g.targets)-1]
	l.bind(t.done)
}
