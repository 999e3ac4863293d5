package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Control flow of a chunk. Where all active threads go the same way, there is
// a jump. Elsewhere masks tell who is where: threads that leave a construct
// before others wait at its end, and the mask of the active threads, act,
// loses them. A construct in which that may happen is ragged.

// A target is an enclosing Loop or Block; the first is the chunk.
type target struct {
	in   *ir.Instr // nil for the chunk
	flow *shape.Flow

	outs  []ir.Value
	entry []vreg // active lanes on entry
	exit  []vreg // lanes that have left through its end, if tracked
	done  int64  // label behind it, for jumps of all lanes
	end   int64  // label of the end of a turn, where lanes that have parted meet

	head   int64   // label of a Loop's body
	params []value // of a Loop
	next   []value // values for the next turn, if lanes may reach it apart
	again  []vreg  // lanes that go for another turn, if tracked
	turn   []vreg  // active lanes at the head, if that changes
	fuel   int64   // index of the first instruction of the body
	joins  int     // how many places there were to meet when it began
}

// A change is a cached value to be forgotten at the end of a region.
type change struct {
	v   ir.Value
	old value
}

// scope runs f, after which values made on demand in it are forgotten: they
// are not computed on all ways to what follows.
func (l *lower) scope(f func()) {
	n := len(l.journal)
	f()
	for i := len(l.journal) - 1; i >= n; i-- {
		l.vals[l.journal[i].v] = l.journal[i].old
	}
	l.journal = l.journal[:n]
}

// remember notes that what is known of v is about to grow.
func (l *lower) remember(v ir.Value) {
	l.journal = append(l.journal, change{v, l.vals[v]})
}

// dead reports whether no lane can be active here.
func (l *lower) dead() bool { return l.isDead }

// newMasks returns mutable masks, one a part.
func (l *lower) newMasks() []vreg {
	ms := l.newRegs(mask, l.geo.u)
	l.emit(ins{op: lDef, d: ms})
	return ms
}

func (l *lower) setMasks(d, s []vreg) {
	for p := range d {
		if s == nil {
			l.emit(ins{op: lMaskAll, d: d[p : p+1], imm: 1})
		} else if s[p] != d[p] {
			l.emit(ins{op: lMov, d: d[p : p+1], s: s[p : p+1]})
		}
	}
}

// addMasks is d |= s.
func (l *lower) addMasks(d, s []vreg) {
	for p := range d {
		if s == nil {
			l.emit(ins{op: lMaskAll, d: d[p : p+1], imm: 1})
		} else {
			l.emit(ins{op: lMaskOp, irop: ir.OpOr, d: d[p : p+1], s: []vreg{d[p], s[p]}})
		}
	}
}

func (l *lower) clearMasks(d []vreg) {
	for p := range d {
		l.emit(ins{op: lMaskAll, d: d[p : p+1]})
	}
}

func (l *lower) bind(label int64) { l.emit(ins{op: lLabel, imm: label}) }
func (l *lower) jump(label int64) { l.emit(ins{op: lJump, imm: label}) }
func (l *lower) jumpNone(m []vreg, label int64) {
	if l.someLane(m) {
		return
	}
	l.emit(ins{op: lJumpNone, imm: label, s: append([]vreg(nil), m...)})
}

// mutable makes v, a result or parameter of a construct, a place that may be
// written more than once.
func (l *lower) mutable(v ir.Value) value {
	t, s := l.f.TypeOf(v), l.sh.Values[v]
	var x value
	switch {
	case s.Kind == shape.Varying || t.IsFloat():
		n := halves(t)
		if s.Kind == shape.Varying {
			n *= l.geo.u
		}
		x.v = l.newRegs(classOf(t), n)
		l.emit(ins{op: lDef, d: x.v})
	default:
		n := 1
		if s.Each {
			n = l.geo.u
		}
		x.g = l.newRegs(scalar, n)
		l.emit(ins{op: lDef, d: x.g})
	}
	return x
}

// A pair is one register to be copied to another.
type pair struct{ d, s vreg }

// copies lists what must be copied for x, a place of the shape and type of to,
// to get value v.
func (l *lower) copies(list []pair, x *value, to, v ir.Value) []pair {
	if len(x.g) > 0 {
		for p := range x.g {
			list = append(list, pair{x.g[p], l.g(v, p)})
		}
		return list
	}
	n := halves(l.f.TypeOf(v))
	for i := range x.v {
		list = append(list, pair{x.v[i], l.vec(v, i/n, i%n)})
	}
	return list
}

// assign copies all pairs at once; under masks if act is not nil.
func (l *lower) assign(list []pair, act []vreg) {
	// What is read after it is written is first put aside.
	for i, c := range list {
		for _, later := range list[i+1:] {
			if later.s == c.d && c.s != c.d {
				r := l.reg(l.regs[c.d].class)
				l.emit(ins{op: lMov, d: []vreg{r}, s: []vreg{c.d}})
				for j := i + 1; j < len(list); j++ {
					if list[j].s == c.d {
						list[j].s = r
					}
				}
				break
			}
		}
		if c.s == c.d {
			continue
		}
		l.emit(ins{op: lMov, d: []vreg{c.d}, s: []vreg{c.s}})
	}
}

// give makes args the values of places, under act if masked.
func (l *lower) give(places []value, to, args []ir.Value, masked bool) {
	if !masked || l.act == nil {
		var list []pair
		for i := range args {
			list = l.copies(list, &places[i], to[i], args[i])
		}
		l.assign(list, nil)
		return
	}
	for i := range args {
		x := &places[i]
		if len(x.g) > 0 || l.sh.Values[to[i]].Kind != shape.Varying {
			l.assign(l.copies(nil, x, to[i], args[i]), nil)
			continue
		}
		n := halves(l.f.TypeOf(args[i]))
		for j := range x.v {
			s := l.vec(args[i], j/n, j%n)
			if l.regs[x.v[j]].class == mask {
				d := l.blend(l.act[j], s, x.v[j])
				l.emit(ins{op: lMov, d: x.v[j : j+1], s: []vreg{d}})
				continue
			}
			l.emit(ins{op: lMovM, t: l.f.TypeOf(args[i]), imm: int64(j % n), inout: true, d: x.v[j : j+1], s: []vreg{s, l.act[j/n]}})
		}
	}
}

// places returns where the results of in are, which are made.
func (l *lower) places(outs []ir.Value) []value {
	var xs []value
	for _, v := range outs {
		x := l.mutable(v)
		l.vals[v] = x
		xs = append(xs, x)
	}
	return xs
}

func (l *lower) outsOf(vs []ir.Value) []value {
	var xs []value
	for _, v := range vs {
		xs = append(xs, l.vals[v])
	}
	return xs
}

// branch emits a jump to label unless cond, which is uniform.
func (l *lower) branch(cond ir.Value, want bool, label int64) {
	d := l.sh.Defs[cond]
	if d != nil && d.Op >= ir.OpEq && d.Op <= ir.OpSLe && l.f.TypeOf(d.Args[0]) != ir.Bool && (len(l.vals[cond].v) == 0 || l.sh.Values[cond].Kind == shape.Varying) {
		from := l.f.TypeOf(d.Args[0])
		in := ins{op: lJumpCmp, irop: d.Op, from: from, imm: label, s: []vreg{l.g(d.Args[0], 0), l.g(d.Args[1], 0)}, inout: !want}
		l.emit(in)
		return
	}
	op := ir.OpInvalid
	if !want {
		op = ir.OpNot
	}
	l.emit(ins{op: lJumpIf, irop: op, imm: label, s: []vreg{l.ofChunkBit(cond)}})
}

// simpleArm reports whether an arm does nothing but yield.
func simpleArm(b *ir.Block) bool {
	for _, in := range b.Code {
		switch in.Op {
		case ir.OpConst, ir.OpBuiltin, ir.OpMem, ir.OpYield:
		default:
			return false
		}
	}
	return true
}

func (l *lower) ifElse(in *ir.Instr) {
	if truth, ok := l.guess.Truth(l.sh, in.Args[0]); ok {
		l.knownIf(in, truth)
		return
	}
	switch {
	case l.sunk[in.Args[0]]:
		l.sunkIf(in)
	case l.ofChunk(in.Args[0], 8):
		l.uniformIf(in)
	default:
		l.varyingIf(in)
	}
}

// ofChunk reports whether a condition is the same for all threads of a chunk,
// though perhaps not for those of another, and known by scalars: where a chunk is
// a SIMD group, what depends on the number of the group is. depth is how far to
// look.
func (l *lower) ofChunk(cond ir.Value, depth int) bool {
	if l.sh.Values[cond].Kind == shape.Uniform {
		return true
	}
	d := l.sh.Defs[cond]
	if d == nil || depth == 0 {
		return false
	}
	switch {
	case d.Op >= ir.OpEq && d.Op <= ir.OpSLe && l.f.TypeOf(d.Args[0]) != ir.Bool:
		return l.sh.Values[d.Args[0]].Shared() && l.sh.Values[d.Args[1]].Shared()
	case d.Op == ir.OpAnd || d.Op == ir.OpOr || d.Op == ir.OpNot:
		for _, v := range d.Args {
			if !l.ofChunk(v, depth-1) {
				return false
			}
		}
		return true
	}
	return false
}

// ofChunkBit returns such a condition as a scalar.
func (l *lower) ofChunkBit(cond ir.Value) vreg {
	if l.sh.Values[cond].Kind == shape.Uniform {
		return l.g(cond, 0)
	}
	d := l.sh.Defs[cond]
	from := l.f.TypeOf(d.Args[0])
	var args []vreg
	for _, v := range d.Args {
		if from == ir.Bool {
			args = append(args, l.ofChunkBit(v))
		} else {
			args = append(args, l.g(v, 0))
		}
	}
	return l.scalarOp(d.Op, ir.Bool, from, args...)
}

func (l *lower) uniformIf(in *ir.Instr) {
	outs := l.places(in.Outs)
	order := []int{0, 1}
	if simpleArm(in.Body[0]) && len(in.Outs) == 0 {
		order = []int{1, 0}
	}
	other, join := l.label(), l.label()
	entry := l.act
	var acts [2][]vreg
	var ends [2]bool
	var merged []vreg
	if l.mayPart(in) {
		merged = l.newMasks()
	}
	l.branch(in.Args[0], order[0] == 1, other)
	for i, arm := range order {
		if i == 1 {
			l.bind(other)
		}
		l.act, l.isDead = entry, false
		l.scope(func() {
			last := l.block(in.Body[arm])
			switch {
			case last == nil: // dead
			case last.Op == ir.OpYield:
				l.give(outs, in.Outs, last.Args, false)
				if merged != nil {
					l.setMasks(merged, l.act)
				}
				ends[arm], acts[arm] = true, l.act
			default:
				l.terminator(last)
			}
		})
		if i == 0 && ends[arm] && (merged != nil || len(in.Outs) > 0 || !simpleArm(in.Body[order[1]])) {
			l.jump(join)
		}
	}
	l.bind(join)
	l.isDead = !ends[0] && !ends[1]
	switch {
	case merged != nil:
		l.act = merged
	case ends[0]:
		l.act = acts[0]
	default:
		l.act = acts[1]
	}
}

// mayPart reports whether the active lanes may change in an arm that yields.
func (l *lower) mayPart(in *ir.Instr) bool {
	for _, b := range in.Body {
		if last := b.Last(); last == nil || last.Op != ir.OpYield {
			continue
		}
		for _, x := range b.Code {
			if f := l.sh.Flow(x); f != nil && f.Outward {
				return true
			}
		}
	}
	return false
}

// few is how many instructions are done under a mask without a look at whether
// any lane wants them.
const few = 12

func (l *lower) varyingIf(in *ir.Instr) {
	outs := l.places(in.Outs)
	u := l.geo.u
	cond := l.room.lists.take(u)
	for p := range cond {
		cond[p] = l.vec(in.Args[0], p, 0)
	}
	entry := l.act
	var arms [2][]vreg
	arms[0] = cond
	if entry != nil {
		arms[0] = l.room.lists.take(u)
		for p := range cond {
			arms[0][p] = l.maskOp(ir.OpAnd, entry[p], cond[p])
		}
	}
	leaves := false // some lane leaves in an arm
	for _, b := range in.Body {
		leaves = leaves || leavesIn(b, l.sh)
	}
	needElse := leaves || len(in.Outs) > 0 || !simpleArm(in.Body[1])
	if needElse {
		arms[1] = l.room.lists.take(u)
		for p := range cond {
			if entry != nil {
				arms[1][p] = l.andNot(entry[p], cond[p])
			} else {
				arms[1][p] = l.maskOp(ir.OpNot, cond[p])
			}
		}
	}
	var rest [2][]vreg // lanes that yield
	for arm, b := range in.Body {
		rest[arm] = arms[arm]
		if simpleArm(b) {
			l.act = arms[arm]
			l.scope(func() { l.give(outs, in.Outs, b.Last().Args, arm == 1) })
			continue
		}
		cost, memory, _ := l.sh.Weigh(b)
		skip := l.label()
		// Lanes may leave in the middle of the arm: who is left is known at its end.
		var left []vreg
		last := b.Last()
		if last.Op == ir.OpYield && leavesIn(b, l.sh) {
			left = l.newMasks()
			l.clearMasks(left)
		}
		if memory || cost > few {
			l.jumpNone(arms[arm], skip)
		}
		l.act, l.isDead = arms[arm], false
		l.joins = append(l.joins, skip)
		l.scope(func() {
			switch last := l.block(b); {
			case last == nil:
				rest[arm] = nil
			case last.Op == ir.OpYield:
				l.give(outs, in.Outs, last.Args, arm == 1)
				if left != nil {
					l.setMasks(left, l.act)
				}
			default:
				l.terminator(last)
				rest[arm] = nil
			}
		})
		l.joins = l.joins[:len(l.joins)-1]
		if left != nil {
			rest[arm] = left
		} else if last.Op != ir.OpYield {
			rest[arm] = nil
		}
		l.bind(skip)
	}
	l.isDead = false
	switch {
	case !leaves:
		l.act = entry
		return
	case rest[0] == nil && rest[1] == nil:
		l.act = l.room.lists.take(u)
		for p := range l.act {
			l.act[p] = l.emit1(lMaskAll, mask, 0)
		}
	case rest[0] == nil:
		l.act = rest[1]
	case rest[1] == nil:
		l.act = rest[0]
	default:
		l.act = l.room.lists.take(u)
		for p := range l.act {
			l.act[p] = l.maskOp(ir.OpOr, rest[0][p], rest[1][p])
		}
	}
	l.leaveIfNone()
	if rest[0] == nil && rest[1] == nil {
		l.isDead = true
	}
}

// leaveIfNone jumps to where lanes that have parted meet if none is active.
func (l *lower) leaveIfNone() {
	if n := len(l.joins); n > 0 {
		l.jumpNone(l.act, l.joins[n-1])
	}
}

// leavesIn reports whether a thread may leave b but by its Yield.
func leavesIn(b *ir.Block, sh *shape.Info) bool {
	for _, in := range b.Code {
		switch in.Op {
		case ir.OpBreak, ir.OpContinue:
			return true
		case ir.OpIf, ir.OpLoop, ir.OpBlock:
			if sh.Flow(in).Outward {
				return true
			}
		}
	}
	return false
}

// terminator lowers a Break or Continue of the active lanes.
func (l *lower) terminator(in *ir.Instr) {
	at := len(l.stack) - 1 - int(in.Imm)
	t := l.stack[at]
	masked := t.flow.Ragged
	if in.Op == ir.OpContinue {
		l.goAgain(t, in)
	} else {
		if t.in != nil {
			l.give(l.outsOf(t.outs), t.outs, in.Args, masked)
		}
		if t.exit != nil {
			l.addMasks(t.exit, l.act)
		}
	}
	l.isDead = true
	n := len(l.joins)
	switch {
	case n == t.joins || n == t.joins+1 && in.Op == ir.OpContinue && t.flow.Ragged && t.again == nil:
		// All that are left in t go together.
		if in.Op == ir.OpContinue {
			l.backEdge(t)
		} else {
			l.jump(t.done)
		}
	default:
		l.jump(l.joins[n-1])
	}
}

// goAgain gives the parameters of a loop their next values.
func (l *lower) goAgain(t *target, in *ir.Instr) {
	params := t.in.Body[0].Params
	if t.again != nil {
		l.give(t.next, params, in.Args, true)
		l.addMasks(t.again, l.act)
		return
	}
	l.give(t.params, params, in.Args, false)
	if t.turn != nil {
		l.setMasks(t.turn, l.act)
	}
}

func (l *lower) backEdge(t *target) {
	l.emit(ins{op: lFuel, imm: int64(len(l.code)) - t.fuel, src: t.in})
	l.jump(t.head)
}

func (l *lower) blockOp(in *ir.Instr) {
	f := l.sh.Flow(in)
	l.places(in.Outs)
	t := &target{in: in, flow: f, outs: in.Outs, entry: l.act, done: l.label(), end: l.label()}
	l.construct(t, func() {
		switch last := l.block(in.Body[0]); {
		case last == nil:
		case last.Op == ir.OpYield:
			l.give(l.outsOf(in.Outs), in.Outs, last.Args, f.Ragged)
			if t.exit != nil {
				l.addMasks(t.exit, l.act)
			}
		default:
			l.terminator(last)
		}
	})
}

// construct lowers the body of t between its entry and its end.
func (l *lower) construct(t *target, body func()) {
	if t.flow.Ragged && t.flow.Outward {
		t.exit = l.newMasks()
		l.clearMasks(t.exit)
	}
	t.joins = len(l.joins)
	if t.flow.Ragged {
		l.joins = append(l.joins, t.end)
	}
	l.stack = append(l.stack, t)
	l.scope(body)
	l.stack = l.stack[:len(l.stack)-1]
	l.joins = l.joins[:t.joins]
	if t.in != nil && t.in.Op == ir.OpLoop {
		l.loopEnd(t)
	} else {
		l.bind(t.end)
	}
	l.bind(t.done)
	l.isDead = false
	l.act = t.entry
	if t.exit != nil {
		l.act = t.exit
		l.leaveIfNone()
	}
}

func (l *lower) loop(in *ir.Instr) {
	f := l.sh.Flow(in)
	c := l.counts(in)
	n, known := l.turnsOf(c)
	rare := known && c.exact
	sure := l.sure
	l.noteSure(l.countedInside(nil, c))
	t := &target{in: in, flow: f, outs: in.Outs, entry: l.act, done: l.label(), end: l.label(), head: l.label()}
	params := in.Body[0].Params
	from := len(l.code)
	t.params = l.places(params)
	outs := len(l.code)
	l.loopOuts(t)
	outer := l.inner
	l.inner = in
	test, single := -1, false
	if rare {
		defs := slices.Clone(l.code[from:outs])
		l.code = l.code[:from]
		l.allTurns(t, c, n, defs)
	} else {
		l.give(t.params, params, in.Args, false)
		test = l.togetherTest(in)
		if n == 0 || !l.severalTurns(t, c, n, known, test) {
			single = test >= 0
		}
	}
	if single {
		l.together(t, test)
	}
	if f.Parted && f.Again > 0 {
		for _, v := range params {
			t.next = append(t.next, l.mutable(v))
		}
		t.again = l.newMasks()
	}
	if f.Ragged {
		t.turn = l.newMasks()
		l.setMasks(t.turn, l.act)
		l.act = t.turn
	}
	l.construct(t, func() {
		l.loops++
		t.fuel = int64(len(l.code))
		l.emit(ins{op: lLoop, imm: l.loops, inout: test >= 0})
		l.bind(t.head)
		if t.again != nil {
			l.clearMasks(t.again)
		}
		switch last := l.block(in.Body[0]); {
		case last == nil:
		case last.Op == ir.OpYield: // as a Break
			l.give(l.outsOf(in.Outs), in.Outs, last.Args, f.Ragged)
			if t.exit != nil {
				l.addMasks(t.exit, l.act)
			}
			if f.Ragged {
				l.jump(t.end)
			} else {
				l.jump(t.done)
			}
		default:
			l.terminator(last)
		}
	})
	if rare {
		l.emit(ins{op: lEnd})
	}
	l.inner, l.sure = outer, sure
}

// loopEnd is the end of a turn of a ragged loop: those that go on do.
func (l *lower) loopEnd(t *target) {
	l.bind(t.end)
	if t.again != nil {
		l.jumpNone(t.again, t.done)
		params := t.in.Body[0].Params
		var list []pair
		for i := range params {
			for j := range t.params[i].g {
				list = append(list, pair{t.params[i].g[j], t.next[i].g[j]})
			}
			for j := range t.params[i].v {
				list = append(list, pair{t.params[i].v[j], t.next[i].v[j]})
			}
		}
		l.assign(list, nil)
		l.setMasks(t.turn, t.again)
		l.backEdge(t)
	}
	l.emit(ins{op: lEnd})
}
