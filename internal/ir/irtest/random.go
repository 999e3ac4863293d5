// Package irtest makes random kernels, for the tests of what runs and rewrites
// kernels.
package irtest

import (
	"math"
	"math/rand/v2"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A generator makes a random kernel: structured, typed, that end, and unless
// they are wild stay inside their memory. NaNs do not get into integers, since which NaN an
// operation makes is not fixed.
type generator struct {
	*rand.Rand
	f     *ir.Func
	b     *ir.Block
	scope [][]ir.Value // values that may be used, a slice a region
	turns []turn       // enclosing Blocks and Loops
	left  int          // instructions to make
	mems  []ir.Value   // Refs
	ints  []ir.Value   // I32 inputs
	pos   int32
	wild  bool    // accesses may be outside
	alone bool    // no thread sees what another writes
	crowd int     // group operations at a time
	floor int     // the first of turns that may be left
	phase *phaser // of kernels by Phased

	rich               bool // there are cells, textures and samplers
	textures, samplers []ir.Value
	self               ir.Value // the thread's number in the grid, of rich kernels
}

// A turn is an enclosing Block or Loop.
type turn struct {
	loop   bool
	outs   []ir.Type
	params []ir.Type
	count  ir.Value // a Loop's turns so far
	depth  int      // of the scope outside
}

// The memories of a random kernel, by index: two device buffers, of which it
// stores only in the second; a device buffer of Results words of 8 bytes for every
// thread of the grid; threadgroup memory and memory of the thread's own; a table;
// and threadgroup memory that the launch gives. Every access, but for the
// third, is at an offset below MemSize, and there is a little more. In a wild
// kernel some accesses are anywhere. The last memory is that of Phases.
const (
	MemSize = 4096
	MemSlop = 16
	Results = 8 // values that each thread stores in the end
)

var valueTypes = []ir.Type{ir.Bool, ir.I8, ir.I16, ir.I32, ir.I32, ir.I32, ir.I64, ir.F16, ir.BF16, ir.F32, ir.F32, ir.F32}

// Wild reports whether the kernel of this seed may touch memory that is not its own.
func Wild(seed uint64) bool { return seed%8 == 7 }

// Kernel returns the random kernel of this seed, of about so many statements. It
// passes the verifier and ends; it has no Vars and no mathematical functions. All
// memories are bound by the caller, see MemSize.
func Kernel(seed uint64, length int) *ir.Func { return kernel(seed, length, false) }

// Quiet returns a random kernel as Kernel does, but one without races: threads
// write only what no other reads. So it gives the same in whatever order its
// threads run and however its accesses to memory are moved. It is never wild.
func Quiet(seed uint64, length int) *ir.Func { return kernel(seed, length, true) }

func kernel(seed uint64, length int, alone bool) *ir.Func {
	g := newGenerator(seed, length)
	g.wild, g.alone = Wild(seed) && !alone, alone
	return g.racing()
}

// racing makes the kernel, of threads that nothing brings together but group operations.
func (g *generator) racing() *ir.Func {
	g.start()
	g.body()
	g.leaveResults()
	return g.f
}

func newGenerator(seed uint64, length int) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 7)), f: ir.NewFunc("random"), left: length, crowd: 1 + int(seed%3)}
}

// start declares what every kernel has.
func (g *generator) start() {
	g.f.Files = []string{"random.metal"}
	g.b = g.f.Body
	g.scope = [][]ir.Value{nil}
	g.turns = []turn{{}}
	data := make([]byte, MemSize+MemSlop)
	for i := range data {
		data[i] = byte(g.Uint32())
	}
	for i, m := range []ir.Mem{
		{Name: "in", Kind: ir.MemBuffer, Space: ir.Device},
		{Name: "mixed", Kind: ir.MemBuffer, Space: ir.Device, Index: 1},
		{Name: "out", Kind: ir.MemBuffer, Space: ir.Device, Index: 2},
		{Name: "shared", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: MemSize + MemSlop},
		{Name: "own", Kind: ir.MemThread, Space: ir.Thread, Size: MemSize + MemSlop},
		{Name: "table", Kind: ir.MemConst, Space: ir.Constant, Size: int64(len(data)), Data: data},
		{Name: "arg", Kind: ir.MemThreadgroupArg, Space: ir.Threadgroup},
		{Name: "phases", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: Phases},
	} {
		g.f.Mems = append(g.f.Mems, m)
		g.mems = append(g.mems, g.emit(ir.OpMem, ir.Ref, int64(i)))
	}
	for b := ir.ThreadPositionInGridX; b <= ir.DispatchQuadgroupsPerThreadgroup; b++ {
		g.ints = append(g.ints, g.emit(ir.OpBuiltin, ir.I32, int64(b)))
	}
	if g.rich {
		g.richInputs()
	}
	// Thread memory is what the last group left.
	if g.alone || g.IntN(3) > 0 {
		g.clearOwn()
	} else {
		g.mems[4] = g.mems[3]
	}
	for range 4 {
		g.define(g.ints[g.IntN(len(g.ints))])
	}
}

// leaveResults has every thread store what it has at its own place, and end.
func (g *generator) leaveResults() {
	x := g.emit(ir.OpZExt, ir.I64, 0, g.linearID())
	at := g.emit(ir.OpMul, ir.I64, 0, x, g.constant(ir.I64, Results*8))
	for i := range Results {
		v := g.value(valueTypes[g.IntN(len(valueTypes))])
		g.store(g.mems[2], at, int64(i*8), v)
	}
	g.end(ir.OpBreak, 0)
}

// linearID numbers all threads of the grid, whatever its shape.
func (g *generator) linearID() ir.Value {
	in := func(b ir.Builtin) ir.Value { return g.ints[b] }
	v := g.emit(ir.OpMul, ir.I32, 0, in(ir.ThreadPositionInGridZ), in(ir.ThreadsPerGridY))
	v = g.emit(ir.OpAdd, ir.I32, 0, v, in(ir.ThreadPositionInGridY))
	v = g.emit(ir.OpMul, ir.I32, 0, v, in(ir.ThreadsPerGridX))
	return g.emit(ir.OpAdd, ir.I32, 0, v, in(ir.ThreadPositionInGridX))
}

func (g *generator) clearOwn() {
	zero := g.constant(ir.I32, 0)
	n := g.constant(ir.I32, MemSize+MemSlop)
	in := g.f.NewInstr(ir.OpLoop, ir.Void, ir.Pos{}, zero)
	i := g.f.NewValue(ir.I32, "")
	body := &ir.Block{Params: []ir.Value{i}}
	in.Body = []*ir.Block{body}
	outer := g.b
	g.b = body
	off := g.emit(ir.OpZExt, ir.I64, 0, i)
	st := g.f.NewInstr(ir.OpStore, ir.I64, ir.Pos{}, g.mems[4], off, g.constant(ir.I64, 0))
	st.Space = ir.Thread
	g.b.Code = append(g.b.Code, st)
	next := g.emit(ir.OpAdd, ir.I32, 0, i, g.constant(ir.I32, 8))
	more := g.emit(ir.OpULt, ir.Bool, 0, next, n)
	cond := g.f.NewInstr(ir.OpIf, ir.Void, ir.Pos{}, more)
	yes := g.f.NewInstr(ir.OpContinue, ir.Void, ir.Pos{}, next)
	no := g.f.NewInstr(ir.OpBreak, ir.Void, ir.Pos{})
	cond.Body = []*ir.Block{{Code: []*ir.Instr{yes}}, {Code: []*ir.Instr{no}}}
	g.b.Code = append(g.b.Code, cond, g.f.NewInstr(ir.OpContinue, ir.Void, ir.Pos{}, next))
	g.b = outer
	g.b.Code = append(g.b.Code, in)
}

// next returns the line of the next instruction.
func (g *generator) next() int32 {
	g.pos++
	return g.pos
}

func (g *generator) emit(op ir.Op, t ir.Type, imm int64, args ...ir.Value) ir.Value {
	in := g.f.NewInstr(op, t, ir.Pos{Line: g.next(), Col: 1}, args...)
	in.Imm = imm
	in.Out = g.f.NewValue(t, "")
	g.b.Code = append(g.b.Code, in)
	return in.Out
}

func (g *generator) define(v ir.Value) {
	top := len(g.scope) - 1
	g.scope[top] = append(g.scope[top], v)
}

// adversarial bits that a constant may have.
func (g *generator) bits(t ir.Type) uint64 {
	if t.IsFloat() && g.IntN(2) == 0 {
		special := []float32{0, float32(math.Copysign(0, -1)), 1, -1, 0.5, 1.5, 2.5, 3, 1e-40, 1e30, -1e30, 65504, 65520, 1e-8, 6e-8, float32(math.Inf(1)), 0.1, 1 << 31, -(1 << 31), 1 << 23, 1 << 24}
		return ir.Narrow(t, special[g.IntN(len(special))])
	}
	switch g.IntN(6) {
	case 0:
		return g.Uint64() & ir.Mask(t)
	case 1:
		return ir.Mask(t)
	case 2:
		return 1 << (t.Bits() - 1)
	case 3:
		return ir.Mask(t) >> 1
	}
	return uint64(g.IntN(40)) & ir.Mask(t)
}

func (g *generator) constant(t ir.Type, bits uint64) ir.Value {
	return g.emit(ir.OpConst, t, int64(bits))
}

// value returns some value of type t.
func (g *generator) value(t ir.Type) ir.Value {
	for range 6 {
		s := g.scope[g.IntN(len(g.scope))]
		if len(s) == 0 {
			continue
		}
		i := len(s) - 1 - min(g.IntN(len(s)), g.IntN(len(s)))
		if v := s[i]; g.f.TypeOf(v) == t {
			return v
		}
	}
	switch g.IntN(4) {
	case 0:
		return g.constant(t, g.bits(t))
	case 1:
		if t == ir.I32 {
			return g.ints[g.IntN(len(g.ints))]
		}
	}
	// Make one of the thread's position.
	x := g.ints[g.IntN(9)]
	switch {
	case t == ir.Bool:
		return g.emit(ir.OpULt, t, 0, x, g.constant(ir.I32, uint64(g.IntN(40))))
	case t == ir.I32:
		return x
	case t == ir.I64:
		return g.emit([]ir.Op{ir.OpZExt, ir.OpSExt}[g.IntN(2)], t, 0, x)
	case t.IsInt():
		return g.emit(ir.OpTrunc, t, 0, x)
	}
	return g.emit(ir.OpSToF, t, 0, x)
}

// number is like value, but no NaN.
func (g *generator) number(t ir.Type) ir.Value {
	return g.noNaN(g.value(t))
}

func (g *generator) noNaN(v ir.Value) ir.Value {
	t := g.f.TypeOf(v)
	if !t.IsFloat() {
		return v
	}
	c := g.emit(ir.OpFEq, ir.Bool, 0, v, v)
	return g.emit(ir.OpSelect, t, 0, c, v, g.constant(t, ir.Narrow(t, 2)))
}

func (g *generator) body() {
	for g.left > 0 {
		g.left--
		g.statement()
		if g.IntN(40) == 0 && len(g.scope) > 1 {
			return
		}
	}
}

func (g *generator) statement() {
	t := valueTypes[g.IntN(len(valueTypes))]
	if g.phase != nil && g.IntN(4) == 0 {
		g.phase.shared(g)
		return
	}
	if g.rich && g.IntN(4) == 0 {
		g.resource()
		return
	}
	switch g.IntN(24) {
	case 0, 1:
		g.memory()
	case 2, 3:
		g.memory()
	case 4:
		for range g.crowd {
			g.group(t)
			if g.IntN(2) == 0 {
				g.matrix()
			}
		}
	case 5:
		if len(g.scope) < 6 {
			g.ifElse()
		}
	case 6:
		if len(g.scope) < 6 {
			g.loop()
		}
	case 7:
		if len(g.scope) < 6 {
			g.block()
		}
	case 8:
		g.leave()
	case 9:
		if g.phase != nil {
			return
		}
		in := g.f.NewInstr(ir.OpBarrier, ir.Void, ir.Pos{})
		g.b.Code = append(g.b.Code, in)
	case 10, 11:
		g.convert(t)
	case 12:
		g.compare()
	case 13:
		g.define(g.emit(ir.OpSelect, t, 0, g.value(ir.Bool), g.value(t), g.value(t)))
	case 14:
		g.address()
	default:
		g.arithmetic(t)
	}
}

func (g *generator) arithmetic(t ir.Type) {
	pick := func(ops ...ir.Op) ir.Op { return ops[g.IntN(len(ops))] }
	switch {
	case t == ir.Bool:
		op := pick(ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpNot, ir.OpEq, ir.OpNe)
		if op == ir.OpNot {
			g.define(g.emit(op, t, 0, g.value(t)))
			return
		}
		g.define(g.emit(op, t, 0, g.value(t), g.value(t)))
	case t.IsInt():
		op := ir.OpAdd + ir.Op(g.IntN(int(ir.OpBitRev-ir.OpAdd)+1))
		if g.IntN(2) == 0 {
			op = pick(ir.OpAdd, ir.OpSub, ir.OpMul, ir.OpShl, ir.OpAnd)
		}
		if op.Info().NArgs == 1 {
			g.define(g.emit(op, t, 0, g.value(t)))
			return
		}
		g.define(g.emit(op, t, 0, g.value(t), g.value(t)))
	default:
		op := ir.OpFAdd + ir.Op(g.IntN(int(ir.OpFRem-ir.OpFAdd)+1))
		switch op {
		case ir.OpFCopysign:
			g.define(g.emit(op, t, 0, g.value(t), g.number(t)))
			return
		case ir.OpFFma:
			g.define(g.emit(op, t, 0, g.value(t), g.value(t), g.value(t)))
			return
		}
		if op.Info().NArgs == 1 {
			g.define(g.emit(op, t, 0, g.value(t)))
			return
		}
		g.define(g.emit(op, t, 0, g.value(t), g.value(t)))
	}
}

func (g *generator) compare() {
	from := valueTypes[1+g.IntN(len(valueTypes)-1)]
	op := ir.OpEq + ir.Op(g.IntN(int(ir.OpSLe-ir.OpEq)+1))
	if from.IsFloat() {
		op = ir.OpFEq + ir.Op(g.IntN(int(ir.OpFLe-ir.OpFEq)+1))
	}
	g.define(g.emit(op, ir.Bool, 0, g.value(from), g.value(from)))
}

func (g *generator) convert(t ir.Type) {
	from := valueTypes[g.IntN(len(valueTypes))]
	switch {
	case t == ir.Bool:
		g.compare()
	case t.IsInt() && from.IsFloat():
		if t.Size() == from.Size() && g.IntN(2) == 0 {
			g.define(g.emit(ir.OpBitcast, t, 0, g.number(from)))
			return
		}
		g.define(g.emit([]ir.Op{ir.OpFToS, ir.OpFToU}[g.IntN(2)], t, 0, g.value(from)))
	case t.IsFloat() && from.IsInt():
		if t.Size() == from.Size() && g.IntN(2) == 0 {
			g.define(g.emit(ir.OpBitcast, t, 0, g.value(from)))
			return
		}
		g.define(g.emit([]ir.Op{ir.OpSToF, ir.OpUToF}[g.IntN(2)], t, 0, g.value(from)))
	case t.IsFloat() && from.IsFloat() && t != from:
		g.define(g.emit(ir.OpFConv, t, 0, g.value(from)))
	case t.IsInt() && from.Bits() < t.Bits() && !from.IsFloat():
		g.define(g.emit([]ir.Op{ir.OpZExt, ir.OpSExt}[g.IntN(2)], t, 0, g.value(from)))
	case t.IsInt() && from.Bits() > t.Bits() && from.IsInt():
		g.define(g.emit(ir.OpTrunc, t, 0, g.value(from)))
	}
}

// place returns a Ref and an offset that is inside.
func (g *generator) place(write bool) (ref, off ir.Value, imm int64, space ir.Space) {
	i := []int{0, 1, 1, 3, 3, 4, 4, 5, 6}[g.IntN(9)]
	if write && (i == 0 || i == 5) {
		i = 1
	}
	switch {
	case g.alone && write:
		i = 4
	case g.alone && (i == 3 || i == 6):
		i = 0
	}
	ref = g.mems[i]
	off = g.value(ir.I64)
	if g.IntN(2) == 0 { // the usual form
		off = g.emit(ir.OpZExt, ir.I64, 0, g.value(ir.I32))
		off = g.emit(ir.OpShl, ir.I64, 0, off, g.constant(ir.I64, uint64(g.IntN(4))))
	}
	mask := uint64(MemSize - 1)
	if g.IntN(2) == 0 {
		mask &^= 7
	}
	if g.wild && g.IntN(12) == 0 {
		if write {
			i = []int{0, 1, 2, 3, 4, 5, 6}[g.IntN(7)]
			ref = g.mems[i]
		}
		return ref, off, int64(g.IntN(64)), g.f.Mems[i].Space
	}
	if g.IntN(3) == 0 {
		// An index, scaled, beside a base: each below half the size.
		shift := g.IntN(4)
		k := g.value(ir.I32)
		switch g.IntN(4) {
		case 0: // an index that is a product itself
			k = g.emit(ir.OpShl, ir.I32, 0, k, g.constant(ir.I32, uint64(16+g.IntN(16))))
			k = g.emit(ir.OpLShr, ir.I32, 0, k, g.constant(ir.I32, 22+uint64(shift)))
			k = g.emit(ir.OpMul, ir.I32, 0, k, g.constant(ir.I32, 2))
		case 1, 2:
			k = g.emit(ir.OpAnd, ir.I32, 0, k, g.constant(ir.I32, uint64(MemSize/2>>shift-1)))
		default:
			k = g.emit(ir.OpAdd, ir.I32, 0, g.ints[ir.ThreadPositionInThreadgroupX+ir.Builtin(g.IntN(3))], g.constant(ir.I32, uint64(g.IntN(100))))
		}
		off = g.emit([]ir.Op{ir.OpZExt, ir.OpSExt}[g.IntN(2)], ir.I64, 0, k)
		if g.IntN(2) == 0 {
			off = g.emit(ir.OpMul, ir.I64, 0, off, g.constant(ir.I64, 1<<shift))
		} else {
			off = g.emit(ir.OpShl, ir.I64, 0, off, g.constant(ir.I64, uint64(shift)))
		}
		if g.IntN(2) == 0 {
			base := g.emit(ir.OpAnd, ir.I64, 0, g.value(ir.I64), g.constant(ir.I64, MemSize/2-1))
			off = g.emit(ir.OpAdd, ir.I64, 0, base, off)
		}
		return ref, off, int64(g.IntN(8)), g.f.Mems[i].Space
	}
	if g.IntN(3) == 0 {
		// Affine, of the thread's position in its group.
		x := g.ints[ir.ThreadPositionInThreadgroupX+ir.Builtin(g.IntN(3))]
		y := g.ints[ir.ThreadIndexInThreadgroup]
		s := g.emit(ir.OpMul, ir.I32, 0, []ir.Value{x, y}[g.IntN(2)], g.constant(ir.I32, []uint64{1, 2, 4, 8, 0xfffffffc, 3, 5, 6, 7, 12, 16, 24}[g.IntN(12)]))
		s = g.emit(ir.OpAdd, ir.I32, 0, s, g.constant(ir.I32, uint64(2048+g.IntN(64))))
		off = g.emit(ir.OpZExt, ir.I64, 0, s)
		if g.IntN(2) == 0 {
			return ref, g.clamp(off), int64(g.IntN(8)), g.f.Mems[i].Space
		}
		mask = MemSize - 1
	}
	off = g.emit(ir.OpAnd, ir.I64, 0, off, g.constant(ir.I64, mask))
	return ref, off, int64(g.IntN(8)), g.f.Mems[i].Space
}

// clamp keeps an affine offset of a group of up to 1024 threads affine, and
// inside: groups are small where it is used with large strides.
func (g *generator) clamp(off ir.Value) ir.Value {
	in := g.emit(ir.OpULt, ir.Bool, 0, off, g.constant(ir.I64, MemSize))
	return g.emit(ir.OpSelect, ir.I64, 0, in, off, g.constant(ir.I64, 8))
}

func (g *generator) store(ref, off ir.Value, imm int64, v ir.Value) {
	v = g.noNaN(v)
	in := g.f.NewInstr(ir.OpStore, g.f.TypeOf(v), ir.Pos{Line: g.next(), Col: 1}, ref, off, v)
	in.Imm = imm
	g.b.Code = append(g.b.Code, in)
}

func (g *generator) memory() {
	t := valueTypes[g.IntN(len(valueTypes))]
	switch g.IntN(6) {
	case 0, 1, 2:
		ref, off, imm, space := g.place(false)
		v := g.emit(ir.OpLoad, t, imm, ref, off)
		g.b.Code[len(g.b.Code)-1].Space = space
		g.define(v)
	case 3, 4:
		ref, off, imm, _ := g.place(true)
		g.store(ref, off, imm, g.value(t))
	case 5:
		t = []ir.Type{ir.I32, ir.I64}[g.IntN(2)]
		ref, off, _, space := g.place(true)
		if !g.wild || g.IntN(8) > 0 {
			off = g.emit(ir.OpAnd, ir.I64, 0, off, g.constant(ir.I64, ^uint64(7)))
		}
		if g.IntN(2) == 0 {
			off = g.constant(ir.I64, uint64(g.IntN(MemSize/8)*8))
		}
		var in *ir.Instr
		switch g.IntN(6) {
		case 0:
			in = g.f.NewInstr(ir.OpAtomicLoad, t, ir.Pos{}, ref, off)
		case 1:
			in = g.f.NewInstr(ir.OpAtomicStore, t, ir.Pos{}, ref, off, g.value(t))
		case 2:
			in = g.f.NewInstr(ir.OpAtomicCAS, t, ir.Pos{}, ref, off, g.value(t), g.value(t))
		default:
			in = g.f.NewInstr(ir.OpAtomicRMW, t, ir.Pos{}, ref, off, g.value(t))
			in.Imm2 = int64(g.IntN(int(ir.AtomicSMax) + 1))
		}
		in.Space = space
		if in.Op != ir.OpAtomicStore {
			in.Out = g.f.NewValue(t, "")
			if g.IntN(3) > 0 {
				g.define(in.Out)
			}
		}
		g.b.Code = append(g.b.Code, in)
	}
}

// address turns a pointer into a number and back.
func (g *generator) address() {
	ref, off, imm, space := g.place(false)
	if g.IntN(2) == 0 {
		other, _, _, like := g.place(false)
		if g.alone && like != space {
			other = ref // memory is of the space that an access names
		}
		ref = g.emit(ir.OpSelect, ir.Ref, 0, g.value(ir.Bool), ref, other)
	}
	if g.IntN(2) == 0 {
		a := g.emit(ir.OpAddr, ir.I64, 0, ref, off)
		ref = g.emit(ir.OpResolveRef, ir.Ref, 0, a)
		off = g.emit(ir.OpResolveOffset, ir.I64, 0, a)
	}
	v := g.emit(ir.OpLoad, valueTypes[g.IntN(len(valueTypes))], imm, ref, off)
	g.b.Code[len(g.b.Code)-1].Space = space
	g.define(v)
}

func (g *generator) group(t ir.Type) {
	width := []int{32, 4}[g.IntN(2)]
	switch g.IntN(4) {
	case 0:
		imm := ir.GroupImm(0, width, false)
		lane := g.value(ir.I32)
		switch g.IntN(4) {
		case 0: // any
		case 1: // one for all
			lane = g.constant(ir.I32, uint64(g.IntN(width+1)))
		case 2: // the usual forms
			lane = g.emit([]ir.Op{ir.OpXor, ir.OpAdd, ir.OpSub}[g.IntN(3)], ir.I32, 0, g.ints[ir.ThreadIndexInSimdgroup], g.constant(ir.I32, uint64(g.IntN(17))))
			if width == 4 || g.IntN(2) == 0 {
				lane = g.emit(ir.OpAnd, ir.I32, 0, lane, g.constant(ir.I32, uint64(width-1)))
			}
		default:
			lane = g.emit(ir.OpAnd, ir.I32, 0, lane, g.constant(ir.I32, uint64(width-1)))
		}
		g.define(g.emit(ir.OpShuffle, t, imm, g.value(t), lane))
	case 1:
		g.define(g.emit(ir.OpBallot, ir.I64, ir.GroupImm(0, width, false), g.value(ir.Bool)))
	default:
		ops := []ir.GroupOp{ir.GroupAdd, ir.GroupMul, ir.GroupAnd, ir.GroupOr, ir.GroupXor, ir.GroupUMin, ir.GroupUMax, ir.GroupSMin, ir.GroupSMax}
		if t == ir.Bool {
			ops = ops[2:5]
		} else if t.IsFloat() {
			ops = []ir.GroupOp{ir.GroupAdd, ir.GroupMul, ir.GroupFMin, ir.GroupFMax}
		}
		op := []ir.Op{ir.OpGroupReduce, ir.OpGroupScan}[g.IntN(2)]
		g.define(g.emit(op, t, ir.GroupImm(ops[g.IntN(len(ops))], width, g.IntN(2) == 0), g.value(t)))
	}
}

func (g *generator) types(n int) []ir.Type {
	var ts []ir.Type
	for range n {
		ts = append(ts, valueTypes[g.IntN(len(valueTypes))])
	}
	return ts
}

func (g *generator) values(ts []ir.Type) []ir.Value {
	var vs []ir.Value
	for _, t := range ts {
		vs = append(vs, g.value(t))
	}
	return vs
}

// region makes a region with f, in a scope of its own.
func (g *generator) region(b *ir.Block, f func()) {
	outer := g.b
	g.b = b
	g.scope = append(g.scope, append([]ir.Value(nil), b.Params...))
	f()
	g.scope = g.scope[:len(g.scope)-1]
	g.b = outer
}

func (g *generator) end(op ir.Op, depth int64, args ...ir.Value) {
	in := g.f.NewInstr(op, ir.Void, ir.Pos{}, args...)
	in.Imm = depth
	g.b.Code = append(g.b.Code, in)
}

func (g *generator) construct(op ir.Op, outs []ir.Type, args ...ir.Value) *ir.Instr {
	in := g.f.NewInstr(op, ir.Void, ir.Pos{}, args...)
	for _, t := range outs {
		in.Outs = append(in.Outs, g.f.NewValue(t, ""))
	}
	return in
}

func (g *generator) finish(in *ir.Instr) {
	g.b.Code = append(g.b.Code, in)
	for _, v := range in.Outs {
		g.define(v)
	}
}

func (g *generator) ifElse() {
	outs := g.types(g.IntN(3))
	in := g.construct(ir.OpIf, outs, g.value(ir.Bool))
	in.Body = []*ir.Block{{}, {}}
	for _, b := range in.Body {
		g.region(b, func() {
			if g.IntN(4) > 0 {
				g.body()
			}
			if g.IntN(5) == 0 && g.floor < len(g.turns) {
				g.jump()
			} else {
				g.end(ir.OpYield, 0, g.values(outs)...)
			}
		})
	}
	g.finish(in)
}

func (g *generator) block() {
	outs := g.types(g.IntN(3))
	in := g.construct(ir.OpBlock, outs)
	in.Body = []*ir.Block{{}}
	g.turns = append(g.turns, turn{outs: outs})
	g.region(in.Body[0], func() {
		g.body()
		g.end(ir.OpYield, 0, g.values(outs)...)
	})
	g.turns = g.turns[:len(g.turns)-1]
	g.finish(in)
}

func (g *generator) loop() {
	outs := g.types(g.IntN(3))
	params := append([]ir.Type{ir.I32}, g.types(g.IntN(4))...)
	args := append([]ir.Value{g.constant(ir.I32, 0)}, g.values(params[1:])...)
	limit := g.emit(ir.OpAnd, ir.I32, 0, g.value(ir.I32), g.constant(ir.I32, 7))
	in := g.construct(ir.OpLoop, outs, args...)
	body := &ir.Block{}
	for _, t := range params {
		body.Params = append(body.Params, g.f.NewValue(t, ""))
	}
	in.Body = []*ir.Block{body}
	g.turns = append(g.turns, turn{loop: true, outs: outs, params: params, count: body.Params[0]})
	g.region(body, func() {
		more := g.emit(ir.OpULt, ir.Bool, 0, body.Params[0], limit)
		test := g.construct(ir.OpIf, nil, more)
		test.Body = []*ir.Block{{}, {}}
		g.region(test.Body[0], func() { g.end(ir.OpYield, 0) })
		g.region(test.Body[1], func() { g.end(ir.OpBreak, 0, g.values(outs)...) })
		g.finish(test)
		g.body()
		g.again(len(g.turns) - 1)
	})
	g.turns = g.turns[:len(g.turns)-1]
	g.finish(in)
}

// again continues loop i.
func (g *generator) again(i int) {
	t := g.turns[i]
	next := g.emit(ir.OpAdd, ir.I32, 0, t.count, g.constant(ir.I32, 1))
	g.end(ir.OpContinue, int64(len(g.turns)-1-i), append([]ir.Value{next}, g.values(t.params[1:])...)...)
}

// jump leaves or continues an enclosing construct.
func (g *generator) jump() {
	n := len(g.turns) - g.floor
	i := len(g.turns) - 1 - min(g.IntN(n), g.IntN(n))
	if g.turns[i].loop && g.IntN(2) == 0 {
		g.again(i)
		return
	}
	g.end(ir.OpBreak, int64(len(g.turns)-1-i), g.values(g.turns[i].outs)...)
}

// leave makes some lanes jump.
func (g *generator) leave() {
	if len(g.turns) == 1 && g.IntN(8) > 0 {
		return // keep most threads alive
	}
	if len(g.turns) == g.floor {
		return
	}
	in := g.construct(ir.OpIf, nil, g.value(ir.Bool))
	in.Body = []*ir.Block{{}, {}}
	g.region(in.Body[0], func() { g.jump() })
	g.region(in.Body[1], func() { g.end(ir.OpYield, 0) })
	g.finish(in)
}
