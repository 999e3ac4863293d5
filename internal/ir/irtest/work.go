package irtest

import (
	"math"
	"math/rand/v2"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/expand"
)

// Work kernels are random, but of the shapes that people write: loops over rows with
// the group's size as their step, trees and butterflies in threadgroup memory, counters,
// tiles, stencils with clamped coordinates, blocks of narrow numbers, tables of a thread's
// own. Engines look for such shapes. What they find is to hold for numbers that are
// known only at run time, so those are in a buffer, and a launch may have any.
//
// Memory i is bound as buffer i. Of what threads write, a place belongs to one thread,
// or is a cell for atomic operations whose order does not matter: so there are no races.
const (
	WorkNumbers = iota // [WorkNumber]uint32, see [WorkLaunch]
	WorkFloats         // float32, read only
	WorkWords          // uint32, read only
	WorkBytes          // of which bytes, halves and words are read
	WorkRowsF          // float32: WorkSlots rows, of a word for every thread of the grid
	WorkRowsI          // the same, of uint32
	WorkOwn            // WorkOwnSize bytes for every thread
	WorkWide           // float32: rows of WorkWidth for every threadgroup
	WorkCells          // uint32, for all threads

	WorkBuffers
)

// Sizes of what work kernels are bound to. The first numbers are small, the others
// those that come up in sizes and strides, see [WorkLaunch].
const (
	WorkNumber  = 16
	WorkData    = 1 << 14 // words of each memory that is read only
	WorkSlots   = 6
	WorkOwnSize = 64
	WorkWidth   = 512
	WorkCell    = 256

	workTile = 2048 // words of the threadgroup
	workWild = 14   // the first of the numbers that may be anything
)

// WorkLaunch returns the numbers of a launch: rows' lengths, counts, divisors and strides.
// If it is wild some are so large that accesses may be outside of their memory.
func WorkLaunch(r *rand.Rand, wild bool) []uint32 {
	n := make([]uint32, WorkNumber)
	for i := range n {
		switch r.IntN(4) {
		case 0:
			n[i] = uint32(r.IntN(40))
		case 1:
			n[i] = 1 << r.IntN(7)
		default:
			n[i] = []uint32{0, 1, 2, 3, 4, 5, 7, 8, 12, 16, 31, 32, 33, 48, 63, 64}[r.IntN(16)]
		}
	}
	n[0] = []uint32{WorkWidth, 256, 128, 100, 64, 37, 1, uint32(r.IntN(WorkWidth + 1))}[r.IntN(8)]
	if wild {
		for i := workWild; i < WorkNumber; i++ {
			n[i] = []uint32{1<<31 - 1, 1 << 31, 1<<32 - 1, 1<<32 - 4, 1 << 30, 1 << 29, WorkData, WorkData - 5}[r.IntN(8)]
		}
	}
	return n
}

// A worker makes a work kernel.
type worker struct {
	*rand.Rand
	*ir.Builder
	left int // statements to make

	buffers [WorkBuffers]ir.Value
	tileF   ir.Value // threadgroup memories
	tileI   ir.Value
	sums    ir.Value
	counts  ir.Value
	array   ir.Value // memories of the thread's own, with places at indices known and not
	fixed   ir.Value
	table   ir.Value

	floats []int // Vars by type
	ints   []int
	longs  []int
	shorts []int
	halves []int

	id, self, row ir.Value // numbers of the thread in grid and group, and of the group
	threads, size ir.Value
	counters      []ir.Value // of enclosing loops; in the whole group the same if same
	same          []ir.Value
	loops         []ir.Label // that may be left
	flat          bool       // threads may end: there are no barriers
	packed        int64      // in the last rows every thread has three values of so many bytes, side by side; 0 for words of rows
	deep          int
}

// Work returns the work kernel of this seed, of about so many statements. Before it is run,
// it wants opt.Run, or opt.Promote at least. It ends.
func Work(seed uint64, length int) *ir.Func {
	w := &worker{Rand: rand.New(rand.NewPCG(seed, 17)), Builder: ir.NewBuilder(ir.NewFunc("work")), left: length}
	w.declare()
	w.flat = w.IntN(4) == 0
	w.packed = []int64{0, 0, 1, 2, 4, 4}[w.IntN(6)]
	if w.flat {
		switch w.IntN(3) {
		case 0:
			w.If(w.cmp(ir.OpULe, w.op(ir.OpMul, w.number(), w.number()), w.id), func() { w.Break(0) }, nil)
		case 1:
			w.If(w.rim(), func() { w.Break(0) }, nil)
		}
	}
	for w.left > 0 {
		w.left--
		if w.flat {
			w.statement()
		} else {
			w.level()
		}
	}
	for i, v := range w.floats {
		w.storeRow(WorkRowsF, i, w.Get(v))
	}
	for i, v := range w.ints {
		w.storeRow(WorkRowsI, i, w.Get(v))
	}
	own := w.op(ir.OpMul, w.wide(w.id), w.I64(WorkOwnSize))
	w.Store(ir.Device, ir.I64, w.buffers[WorkOwn], own, 0, w.Get(w.longs[0]))
	w.Store(ir.Device, ir.I16, w.buffers[WorkOwn], own, 8, w.Get(w.shorts[0]))
	w.Store(ir.Device, ir.F16, w.buffers[WorkOwn], own, 10, w.noNaN(w.Get(w.halves[0])))
	w.Finish()
	expand.Func(w.F)
	return w.F
}

// declare makes memories and variables.
func (w *worker) declare() {
	w.F.Files = []string{"work.metal"}
	for i := range w.buffers {
		m := ir.Mem{Name: "buffer", Kind: ir.MemBuffer, Space: ir.Device, Index: i, Size: 4, Align: 4}
		if i == WorkNumbers {
			m.Space = ir.Constant
		}
		w.buffers[i] = w.Mem(m)
	}
	shared := func(words int64) ir.Value {
		return w.Mem(ir.Mem{Name: "shared", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: 4 * words, Align: 4})
	}
	w.tileF, w.tileI, w.sums, w.counts = shared(workTile), shared(workTile), shared(32), shared(WorkCell)
	w.array = w.Mem(ir.Mem{Name: "array", Kind: ir.MemThread, Space: ir.Thread, Size: 64, Align: 4})
	w.fixed = w.Mem(ir.Mem{Name: "fixed", Kind: ir.MemThread, Space: ir.Thread, Size: 32, Align: 4})
	data := make([]byte, 256)
	for i := range data {
		data[i] = byte(w.IntN(100))
	}
	w.table = w.Mem(ir.Mem{Name: "table", Kind: ir.MemConst, Space: ir.Constant, Size: 256, Align: 4, Data: data})

	in := w.Builtin
	y := w.add(in(ir.ThreadPositionInGridY), w.op(ir.OpMul, in(ir.ThreadPositionInGridZ), in(ir.ThreadsPerGridY)))
	w.id = w.add(in(ir.ThreadPositionInGridX), w.op(ir.OpMul, y, in(ir.ThreadsPerGridX)))
	w.self = in(ir.ThreadIndexInThreadgroup)
	y = w.add(in(ir.ThreadgroupPositionInGridY), w.op(ir.OpMul, in(ir.ThreadgroupPositionInGridZ), in(ir.ThreadgroupsPerGridY)))
	w.row = w.add(in(ir.ThreadgroupPositionInGridX), w.op(ir.OpMul, y, in(ir.ThreadgroupsPerGridX)))
	w.threads = w.op(ir.OpMul, w.op(ir.OpMul, in(ir.ThreadsPerGridX), in(ir.ThreadsPerGridY)), in(ir.ThreadsPerGridZ))
	w.size = w.op(ir.OpMul, w.op(ir.OpMul, in(ir.ThreadsPerThreadgroupX), in(ir.ThreadsPerThreadgroupY)), in(ir.ThreadsPerThreadgroupZ))

	vars := func(t ir.Type, n int) (list []int) {
		for range n {
			v := w.Var(t, "v")
			w.Set(v, w.convert(t, w.id))
			list = append(list, v)
		}
		return list
	}
	w.floats, w.ints, w.longs, w.shorts, w.halves = vars(ir.F32, 3), vars(ir.I32, 3), vars(ir.I64, 1), vars(ir.I16, 1), vars(ir.F16, 1)
	zero := w.I32(0)
	for i := range int64(16) {
		w.Store(ir.Thread, ir.I32, w.array, w.I64(4*i), 0, zero)
	}
	for i := range int64(8) {
		w.Store(ir.Thread, ir.I32, w.fixed, w.I64(4*i), 0, zero)
	}
}

// op emits an operation whose result is of its first operand's type.
func (w *worker) op(op ir.Op, args ...ir.Value) ir.Value {
	return w.Emit(op, w.F.TypeOf(args[0]), args...)
}

func (w *worker) add(a, b ir.Value) ir.Value              { return w.op(ir.OpAdd, a, b) }
func (w *worker) cmp(op ir.Op, a, b ir.Value) ir.Value    { return w.Emit(op, ir.Bool, a, b) }
func (w *worker) pick(ops ...ir.Op) ir.Op                 { return ops[w.IntN(len(ops))] }
func (w *worker) and(a ir.Value, mask int32) ir.Value     { return w.op(ir.OpAnd, a, w.I32(mask)) }
func (w *worker) update(v int, f func(ir.Value) ir.Value) { w.Set(v, f(w.Get(v))) }
func (w *worker) oneOf(vars []int) int                    { return vars[w.IntN(len(vars))] }

// wide makes an index an offset.
func (w *worker) wide(i ir.Value) ir.Value { return w.Emit(ir.OpZExt, ir.I64, i) }

// at returns the offset of element i, of so many bytes.
func (w *worker) at(i ir.Value, size int64) ir.Value {
	i = w.Emit(w.pick(ir.OpZExt, ir.OpZExt, ir.OpSExt), ir.I64, i)
	if size == 1 {
		return i
	}
	if size&(size-1) == 0 && w.IntN(2) == 0 {
		return w.op(ir.OpShl, i, w.I64(int64(math.Log2(float64(size)))))
	}
	return w.op(ir.OpMul, i, w.I64(size))
}

// convert makes v one of type t.
func (w *worker) convert(t ir.Type, v ir.Value) ir.Value {
	from := w.F.TypeOf(v)
	switch {
	case from == t:
		return v
	case t.IsFloat() && from.IsFloat():
		return w.Emit(ir.OpFConv, t, v)
	case t.IsFloat():
		return w.Emit(w.pick(ir.OpSToF, ir.OpUToF), t, v)
	case from.IsFloat():
		return w.Emit(w.pick(ir.OpFToS, ir.OpFToU), t, v)
	case from.Bits() > t.Bits():
		return w.Emit(ir.OpTrunc, t, v)
	}
	return w.Emit(w.pick(ir.OpZExt, ir.OpSExt), t, v)
}

// noNaN makes a float one whose bits are known.
func (w *worker) noNaN(v ir.Value) ir.Value {
	t := w.F.TypeOf(v)
	return w.Select(w.cmp(ir.OpFEq, v, v), v, w.Const(t, ir.Narrow(t, 2)))
}

// number returns what a launch says, or a constant; it is the same for all threads.
func (w *worker) number() ir.Value {
	if w.IntN(4) == 0 {
		return w.I32(int32([]int{0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 24, 32, 64}[w.IntN(13)]))
	}
	return w.loadNumber(1 + w.IntN(workWild-1))
}

func (w *worker) loadNumber(i int) ir.Value {
	return w.Load(ir.Constant, ir.I32, w.buffers[WorkNumbers], w.I64(0), int64(4*i))
}

// uniform returns an I32 that is the same for the whole group.
func (w *worker) uniform() ir.Value {
	switch w.IntN(8) {
	case 0:
		return w.row
	case 1:
		return w.size
	case 2:
		return w.add(w.number(), w.number())
	case 3:
		if len(w.same) > 0 {
			return w.same[w.IntN(len(w.same))]
		}
	case 4:
		return w.op(w.pick(ir.OpMul, ir.OpUMin, ir.OpUMax, ir.OpSub, ir.OpLShr, ir.OpShl, ir.OpUDiv), w.number(), w.number())
	}
	return w.number()
}

// index returns an I32 that differs from thread to thread, in one of the usual ways.
func (w *worker) index() ir.Value {
	i := []ir.Value{w.id, w.self, w.Builtin(ir.ThreadPositionInGridX), w.Builtin(ir.ThreadPositionInThreadgroupX), w.Builtin(ir.ThreadIndexInSimdgroup),
		w.Builtin(ir.ThreadPositionInThreadgroupY), w.Builtin(ir.SimdgroupIndexInThreadgroup)}[w.IntN(7)]
	if n := len(w.counters); n > 0 && w.IntN(2) == 0 {
		i = w.add(w.op(ir.OpMul, i, w.uniform()), w.counters[w.IntN(n)])
	}
	switch w.IntN(12) {
	case 0:
		return w.add(i, w.uniform())
	case 1:
		return w.op(ir.OpSub, i, w.uniform())
	case 2:
		return w.add(w.op(ir.OpMul, i, w.uniform()), w.uniform())
	case 3:
		return w.op(ir.OpXor, i, w.uniform())
	case 4:
		return w.op(w.pick(ir.OpUDiv, ir.OpURem), i, w.uniform())
	case 5: // a butterfly's
		d := w.uniform()
		return w.add(w.op(ir.OpMul, w.op(ir.OpMul, w.op(ir.OpUDiv, i, d), w.I32(2)), d), w.op(ir.OpURem, i, d))
	case 6:
		return w.op(w.pick(ir.OpLShr, ir.OpShl, ir.OpAShr), i, w.number())
	case 7: // rows of rows
		n := w.uniform()
		return w.add(w.op(ir.OpMul, w.op(ir.OpUDiv, i, n), w.uniform()), w.op(ir.OpURem, i, n))
	case 8: // clamped
		lo, hi := w.uniform(), w.uniform()
		return w.op(w.pick(ir.OpSMin, ir.OpUMin), w.op(w.pick(ir.OpSMax, ir.OpUMax), w.op(ir.OpSub, i, w.number()), lo), hi)
	case 9:
		return w.Get(w.oneOf(w.ints))
	}
	return i
}

// inside has i stay below a power of two.
func (w *worker) inside(i ir.Value, n int32) ir.Value {
	switch w.IntN(4) {
	case 0:
		return w.op(ir.OpUMin, i, w.I32(n-1))
	case 1:
		return w.op(ir.OpURem, i, w.I32(n))
	}
	return w.and(i, n-1)
}

// f32 and i32 return numbers to compute with.
func (w *worker) f32() ir.Value {
	switch w.IntN(8) {
	case 0:
		return w.F32([]float32{0, 1, -1, 0.5, 3, 1e-3, 255, float32(math.Copysign(0, -1))}[w.IntN(8)])
	case 1:
		return w.convert(ir.F32, w.index())
	case 2:
		return w.convert(ir.F32, w.Get(w.oneOf(w.halves)))
	case 3, 4:
		return w.loadF()
	}
	return w.Get(w.oneOf(w.floats))
}

func (w *worker) i32() ir.Value {
	switch w.IntN(8) {
	case 0:
		return w.uniform()
	case 1:
		return w.index()
	case 2:
		return w.convert(ir.I32, w.Get(w.oneOf(w.shorts)))
	case 3, 4:
		return w.loadI()
	case 5:
		return w.convert(ir.I32, w.f32())
	}
	return w.Get(w.oneOf(w.ints))
}

// cond returns a condition that threads may differ in.
func (w *worker) cond() ir.Value {
	switch w.IntN(7) {
	case 6:
		return w.rim()
	case 0, 1:
		return w.cmp(w.pick(ir.OpULt, ir.OpULe, ir.OpSLt, ir.OpEq, ir.OpNe), w.index(), w.uniform())
	case 2:
		return w.cmp(w.pick(ir.OpFLt, ir.OpFLe, ir.OpFEq, ir.OpFNe), w.f32(), w.f32())
	case 3:
		return w.cmp(ir.OpEq, w.and(w.index(), int32(1+w.IntN(7))), w.I32(0))
	case 4:
		return w.op(w.pick(ir.OpAnd, ir.OpOr, ir.OpXor), w.cmp(ir.OpULt, w.index(), w.uniform()), w.cmp(ir.OpSLt, w.uniform(), w.index()))
	}
	return w.cmp(w.pick(ir.OpULt, ir.OpSLe), w.i32(), w.i32())
}

// rim tells whether a thread is at the rim of a picture, or outside.
func (w *worker) rim() ir.Value {
	x, y := w.Builtin(ir.ThreadPositionInGridX), w.Builtin(ir.ThreadPositionInGridY)
	width, height, one := w.number(), w.number(), w.I32(1)
	if w.IntN(2) == 0 {
		return w.op(ir.OpOr, w.cmp(ir.OpULe, width, x), w.cmp(ir.OpULe, height, y))
	}
	c := w.op(ir.OpOr, w.cmp(ir.OpEq, x, w.I32(0)), w.cmp(ir.OpEq, x, w.op(ir.OpSub, width, one)))
	c = w.op(ir.OpOr, c, w.cmp(ir.OpEq, y, w.I32(0)))
	return w.op(ir.OpOr, c, w.cmp(w.pick(ir.OpEq, ir.OpULe), w.op(ir.OpSub, height, one), y))
}

// sameCond returns one that they do not.
func (w *worker) sameCond() ir.Value {
	return w.cmp(w.pick(ir.OpULt, ir.OpULe, ir.OpEq, ir.OpSLt), w.uniform(), w.uniform())
}
