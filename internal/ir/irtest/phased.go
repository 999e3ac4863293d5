package irtest

import "github.com/aruminium-go/aruminium/internal/ir"

// Phases is the size of the last of a random kernel's memories, which is of the
// threadgroup: two halves, each with a place for every thread, a matrix for every SIMD
// group, and counters. In one phase of a kernel by [Phased] threads read anywhere
// in one half and write what is theirs in the other; then there is a barrier, and
// the halves change places.
const (
	Phases = 2 * phaseHalf

	phaseHalf     = phaseCounters + counterBytes
	phaseTiles    = maxThreads * 8
	phaseCounters = phaseTiles + maxThreads/ir.SimdLanes*tileBytes
	tileBytes     = 256
	counterBytes  = 256
	maxThreads    = 1024
)

// A phaser is what a generator of phased kernels knows beside.
type phaser struct {
	half  int64        // that is written
	add   ir.AtomicOp  // what is done to counters
	loops int          // enclosing loops with barriers
	count []ir.Value   // of their turns so far
	same  [][]ir.Value // values that are the same in the whole group, a slice a region
	inner bool         // of a phase
}

// Phased returns a random kernel of threads that work together: between the
// barriers, which are in loops and conditions that are the same for all, there is
// what [Quiet] makes. It gives the same in whatever order threads run.
func Phased(seed uint64, length int) *ir.Func { return newGenerator(seed, length).phased() }

func (g *generator) phased() *ir.Func {
	g.alone = true
	g.phase = &phaser{add: []ir.AtomicOp{ir.AtomicAdd, ir.AtomicXor, ir.AtomicOr, ir.AtomicAnd, ir.AtomicUMax, ir.AtomicSMin}[g.IntN(6)]}
	g.phase.same = [][]ir.Value{nil}
	g.start()
	for g.left > 0 {
		g.together()
	}
	g.leaveResults()
	return g.f
}

// together makes some phases, an even number of them.
func (g *generator) together() {
	p := g.phase
	switch n := g.IntN(8); {
	case n == 0 && len(p.same) < 4:
		g.sameIf()
	case n <= 2 && len(p.same) < 4:
		g.sameLoop()
	default:
		g.turn()
		g.turn()
	}
}

// turn makes a phase: statements that stay in it, and a barrier.
func (g *generator) turn() {
	quota := min(g.left, 1+g.IntN(12))
	rest := g.left - quota
	g.left = quota
	floor := g.floor
	g.floor, g.phase.inner = len(g.turns), true
	for g.left > 0 {
		g.left--
		g.statement()
	}
	g.floor, g.phase.inner = floor, false
	g.left = rest
	g.store(g.mems[7], g.ownPlace(), 0, g.value(ir.I64))
	g.b.Code = append(g.b.Code, g.f.NewInstr(ir.OpBarrier, ir.Void, ir.Pos{}))
	g.phase.half ^= 1
}

// sameValue returns an I32 that is the same for the whole group.
func (g *generator) sameValue() ir.Value {
	p := g.phase
	s := p.same[g.IntN(len(p.same))]
	if len(s) > 0 && g.IntN(2) == 0 {
		return s[g.IntN(len(s))]
	}
	var v ir.Value
	switch g.IntN(4) {
	case 0:
		v = g.ints[ir.ThreadgroupPositionInGridX+ir.Builtin(g.IntN(3))]
	case 1:
		v = g.ints[ir.ThreadsPerThreadgroupX]
	case 2:
		v = g.constant(ir.I32, uint64(g.IntN(9)))
	default:
		v = g.emit(ir.OpLoad, ir.I32, 0, g.mems[0], g.constant(ir.I64, uint64(g.IntN(MemSize/4)*4)))
	}
	if g.IntN(2) == 0 {
		v = g.emit([]ir.Op{ir.OpAdd, ir.OpMul, ir.OpXor, ir.OpLShr}[g.IntN(4)], ir.I32, 0, v, g.constant(ir.I32, uint64(g.IntN(5))))
	}
	if top := len(p.same) - 1; !p.inner {
		p.same[top] = append(p.same[top], v)
	}
	return v
}

func (g *generator) sameBool() ir.Value {
	return g.emit(ir.OpULt, ir.Bool, 0, g.emit(ir.OpAnd, ir.I32, 0, g.sameValue(), g.constant(ir.I32, 7)), g.constant(ir.I32, uint64(g.IntN(8))))
}

// inside makes a region at the level of the group.
func (g *generator) inside(b *ir.Block, same []ir.Value, f func()) {
	g.phase.same = append(g.phase.same, same)
	g.region(b, f)
	g.phase.same = g.phase.same[:len(g.phase.same)-1]
}

// some makes phases, of a part of what is left to be made.
func (g *generator) some() {
	quota := g.left / 2
	rest := g.left - quota
	g.left = quota
	for range 1 + g.IntN(2) {
		g.together()
	}
	g.left = rest
}

func (g *generator) sameIf() {
	outs := g.types(g.IntN(3))
	in := g.construct(ir.OpIf, outs, g.sameBool())
	in.Body = []*ir.Block{{}, {}}
	for _, b := range in.Body {
		g.inside(b, nil, func() {
			if g.IntN(3) > 0 {
				g.some()
			}
			if n := int64(len(g.turns) - 2); g.phase.loops > 0 && g.IntN(3) == 0 {
				// Leave the innermost loop, or all of them.
				depth := int64(0)
				if n > 0 && g.IntN(2) == 0 {
					depth = n
				}
				g.end(ir.OpBreak, depth, g.values(g.turns[len(g.turns)-1-int(depth)].outs)...)
				return
			}
			g.end(ir.OpYield, 0, g.values(outs)...)
		})
	}
	g.finish(in)
}

// sameLoop makes a loop that all threads leave at once: its count may depend
// on the group, halve or double.
func (g *generator) sameLoop() {
	p := g.phase
	outs := g.types(g.IntN(3))
	params := append([]ir.Type{ir.I32}, g.types(g.IntN(4))...)
	first, limit := g.constant(ir.I32, 0), g.constant(ir.I32, uint64(1+g.IntN(4)))
	step, by := ir.OpAdd, uint64(1)
	switch g.IntN(4) {
	case 0: // 4, 2, 1
		first, limit, step = g.constant(ir.I32, 4), g.constant(ir.I32, 0), ir.OpLShr
	case 1:
		limit = g.emit(ir.OpAnd, ir.I32, 0, g.sameValue(), g.constant(ir.I32, 3))
	case 2: // 1, 2, 4
		first, limit, step = g.constant(ir.I32, 1), g.constant(ir.I32, uint64(3+g.IntN(8))), ir.OpShl
	}
	in := g.construct(ir.OpLoop, outs, append([]ir.Value{first}, g.values(params[1:])...)...)
	body := &ir.Block{}
	for _, t := range params {
		body.Params = append(body.Params, g.f.NewValue(t, ""))
	}
	in.Body = []*ir.Block{body}
	i := body.Params[0]
	g.turns = append(g.turns, turn{loop: true, outs: outs, params: params, count: i})
	p.loops++
	g.inside(body, []ir.Value{i}, func() {
		more := g.emit(ir.OpULt, ir.Bool, 0, i, limit)
		if step == ir.OpLShr {
			more = g.emit(ir.OpULt, ir.Bool, 0, limit, i)
		}
		test := g.construct(ir.OpIf, nil, more)
		test.Body = []*ir.Block{{}, {}}
		g.region(test.Body[0], func() { g.end(ir.OpYield, 0) })
		g.region(test.Body[1], func() { g.end(ir.OpBreak, 0, g.values(outs)...) })
		g.finish(test)
		g.some()
		next := g.emit(step, ir.I32, 0, i, g.constant(ir.I32, by))
		g.end(ir.OpContinue, 0, append([]ir.Value{next}, g.values(params[1:])...)...)
	})
	p.loops--
	g.turns = g.turns[:len(g.turns)-1]
	g.finish(in)
}

// ownPlace is where the thread may write in this phase.
func (g *generator) ownPlace() ir.Value {
	i := g.ints[ir.ThreadIndexInThreadgroup]
	off := g.emit(ir.OpZExt, ir.I64, 0, i)
	if g.IntN(2) == 0 {
		off = g.emit(ir.OpShl, ir.I64, 0, off, g.constant(ir.I64, 3))
	} else {
		off = g.emit(ir.OpMul, ir.I64, 0, off, g.constant(ir.I64, 8))
	}
	return g.emit(ir.OpAdd, ir.I64, 0, off, g.constant(ir.I64, uint64(g.phase.half*phaseHalf)))
}

// shared makes an access to what the phase is for.
func (p *phaser) shared(g *generator) {
	ref := g.mems[7]
	t := valueTypes[g.IntN(len(valueTypes))]
	if n := g.IntN(5); n == 0 {
		g.store(ref, g.ownPlace(), int64(g.IntN(8-t.Size()+1)), g.value(t))
		return
	} else if n == 1 { // a counter
		k := g.emit(ir.OpAnd, ir.I32, 0, g.value(ir.I32), g.constant(ir.I32, []uint64{0, 4, 28, 252}[g.IntN(4)]))
		in := g.f.NewInstr(ir.OpAtomicRMW, ir.I32, ir.Pos{Line: g.next(), Col: 1}, ref, g.emit(ir.OpZExt, ir.I64, 0, k), g.value(ir.I32))
		in.Imm, in.Imm2, in.Space = p.half*phaseHalf+phaseCounters, int64(p.add), ir.Threadgroup
		in.Out = g.f.NewValue(ir.I32, "")
		g.b.Code = append(g.b.Code, in)
		return
	}
	base := (p.half ^ 1) * phaseHalf
	var off ir.Value
	switch i := g.ints[ir.ThreadIndexInThreadgroup]; g.IntN(5) {
	case 0: // anywhere
		off = g.emit(ir.OpAnd, ir.I64, 0, g.value(ir.I64), g.constant(ir.I64, phaseTiles-1))
	case 1: // one place for all
		off = g.emit(ir.OpZExt, ir.I64, 0, g.emit(ir.OpAnd, ir.I32, 0, g.sameValue(), g.constant(ir.I32, phaseTiles-8)))
	case 2: // a neighbour, as far as a loop says
		k := g.emit([]ir.Op{ir.OpXor, ir.OpAdd, ir.OpSub}[g.IntN(3)], ir.I32, 0, i, g.sameValue())
		k = g.emit(ir.OpAnd, ir.I32, 0, k, g.constant(ir.I32, maxThreads-1))
		off = g.emit(ir.OpShl, ir.I64, 0, g.emit(ir.OpZExt, ir.I64, 0, k), g.constant(ir.I64, 3))
	case 3: // odd strides
		k := g.emit(ir.OpMul, ir.I32, 0, i, g.constant(ir.I32, []uint64{1, 2, 3, 4, 5, 6, 7}[g.IntN(7)]))
		off = g.emit(ir.OpZExt, ir.I64, 0, k)
	default: // counters
		base += phaseCounters
		off = g.emit(ir.OpZExt, ir.I64, 0, g.emit(ir.OpAnd, ir.I32, 0, g.value(ir.I32), g.constant(ir.I32, counterBytes-8)))
	}
	v := g.emit(ir.OpLoad, t, base+int64(g.IntN(8-t.Size()+1)), ref, off)
	g.b.Code[len(g.b.Code)-1].Space = ir.Threadgroup
	g.define(v)
}

// tile is where a SIMD group may load or store a matrix in this phase: what it
// stores is its own.
func (p *phaser) tile(g *generator, write bool, t ir.Type) (ref, off, stride ir.Value, space ir.Space) {
	row := int64(ir.MatrixDim * t.Size())
	base := p.half*phaseHalf + phaseTiles
	off = g.emit(ir.OpZExt, ir.I64, 0, g.ints[ir.SimdgroupIndexInThreadgroup])
	off = g.emit(ir.OpMul, ir.I64, 0, off, g.constant(ir.I64, tileBytes))
	if !write {
		base = (p.half^1)*phaseHalf + phaseTiles/2
		if g.IntN(2) == 0 {
			off = g.emit(ir.OpAnd, ir.I64, 0, g.value(ir.I64), g.constant(ir.I64, phaseTiles/2-1))
		}
		if g.IntN(2) == 0 {
			row = []int64{3, 32, 36, 64, 80}[g.IntN(5)]
		}
	}
	off = g.emit(ir.OpAdd, ir.I64, 0, off, g.constant(ir.I64, uint64(base)))
	return g.mems[7], off, g.constant(ir.I64, uint64(row)), ir.Threadgroup
}
