package irtest

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// statement appends something that each thread does by itself, or with those of its SIMD group
// that are here.
func (w *worker) statement() {
	switch w.IntN(20) {
	case 0, 1:
		w.compute()
	case 2:
		w.neighbours()
	case 3:
		w.storeOwn()
	case 4, 5:
		w.choice()
	case 6, 7:
		w.loop()
	case 8:
		w.ownArray()
	case 9, 10:
		w.simd()
	case 11:
		w.cell()
	case 12:
		w.stencil()
	case 13:
		w.narrow()
	case 14:
		w.blockOfBytes()
	case 15:
		w.leave()
	case 16:
		w.update(w.oneOf(w.longs), func(v ir.Value) ir.Value {
			x := w.Emit(w.pick(ir.OpZExt, ir.OpSExt), ir.I64, w.i32())
			return w.op(w.pick(ir.OpAdd, ir.OpSub, ir.OpMul, ir.OpXor, ir.OpLShr, ir.OpShl, ir.OpUDiv, ir.OpSRem, ir.OpUMulHi, ir.OpSMin), v, x)
		})
	default:
		w.compute()
		w.compute()
	}
}

// some appends a few statements, as an arm or a turn.
func (w *worker) some() {
	if w.deep++; w.deep < 5 {
		for n := 1 + w.IntN(4); n > 0 && w.left > 0; n-- {
			w.left--
			w.statement()
		}
	} else {
		w.compute()
	}
	w.deep--
}

func (w *worker) compute() {
	if w.IntN(2) == 0 {
		w.update(w.oneOf(w.floats), func(v ir.Value) ir.Value {
			switch w.IntN(14) {
			case 0:
				return w.op(ir.OpFFma, w.f32(), w.f32(), v)
			case 1:
				return w.op(w.pick(ir.OpFMin, ir.OpFMax, ir.OpFDiv), v, w.f32())
			case 2:
				return w.op(w.pick(ir.OpExp, ir.OpExp2, ir.OpLog, ir.OpSin, ir.OpTanh, ir.OpRsqrt, ir.OpFSqrt, ir.OpFFloor, ir.OpFRint), w.f32())
			case 3:
				return w.Select(w.cond(), v, w.f32())
			case 4:
				return w.op(ir.OpFMul, v, v)
			}
			return w.op(w.pick(ir.OpFAdd, ir.OpFAdd, ir.OpFSub, ir.OpFMul), v, w.f32())
		})
		return
	}
	w.update(w.oneOf(w.ints), func(v ir.Value) ir.Value {
		switch w.IntN(8) {
		case 0:
			return w.Select(w.cond(), v, w.i32())
		case 1:
			return w.op(w.pick(ir.OpPopcnt, ir.OpClz, ir.OpCtz, ir.OpBitRev, ir.OpNot, ir.OpNeg), w.i32())
		case 2:
			return w.op(w.pick(ir.OpUDiv, ir.OpURem, ir.OpSDiv, ir.OpSRem), v, w.uniform())
		case 3:
			return w.op(w.pick(ir.OpUMulHi, ir.OpSMulHi, ir.OpUMin, ir.OpSMax, ir.OpUDiv, ir.OpSRem), v, w.i32())
		}
		return w.op(w.pick(ir.OpAdd, ir.OpSub, ir.OpMul, ir.OpXor, ir.OpAnd, ir.OpOr, ir.OpShl, ir.OpLShr, ir.OpAShr), v, w.i32())
	})
}

// loadF and loadI load a word from where there are some; of the offsets that a launch
// may make any, few.
func (w *worker) loadF() ir.Value {
	return w.Load(ir.Device, ir.F32, w.buffers[WorkFloats], w.at(w.place(), 4), int64(4*w.IntN(3)))
}

func (w *worker) loadI() ir.Value {
	switch w.IntN(6) {
	case 0:
		return w.Load(ir.Constant, ir.I32, w.table, w.at(w.inside(w.index(), 64), 4), 0)
	case 1:
		t := []ir.Type{ir.I8, ir.I16}[w.IntN(2)]
		return w.Emit(w.pick(ir.OpZExt, ir.OpSExt), ir.I32, w.Load(ir.Device, t, w.buffers[WorkBytes], w.at(w.place(), int64(t.Size()*(1+w.IntN(4)))), int64(w.IntN(4))))
	}
	return w.Load(ir.Device, ir.I32, w.buffers[WorkWords], w.at(w.place(), 4), int64(4*w.IntN(3)))
}

// place is an index into the data.
func (w *worker) place() ir.Value {
	switch w.IntN(24) {
	case 0: // wherever a launch says
		return w.add(w.placeAsItComes(), w.loadNumber(workWild+w.IntN(WorkNumber-workWild)))
	case 1, 2: // by what is loaded
		return w.inside(w.Load(ir.Device, ir.I32, w.buffers[WorkWords], w.at(w.inside(w.index(), 4096), 4), 0), 4096)
	case 3, 4, 5:
		return w.placeAsItComes()
	}
	return w.inside(w.index(), 4096)
}

func (w *worker) placeAsItComes() ir.Value { return []ir.Value{w.id, w.self, w.row}[w.IntN(3)] }

// neighbours loads a vector, or a structure's members.
func (w *worker) neighbours() {
	n := 2 + w.IntN(3)
	stride := int64(4 * (n + w.IntN(2)))
	off := w.at(w.inside(w.index(), 1024), stride)
	var sum ir.Value
	for i := range n {
		v := w.Load(ir.Device, ir.F32, w.buffers[WorkFloats], off, int64(4*i))
		if i == 0 {
			sum = v
			continue
		}
		sum = w.op(w.pick(ir.OpFAdd, ir.OpFMul, ir.OpFMax), sum, v)
	}
	w.update(w.oneOf(w.floats), func(v ir.Value) ir.Value { return w.op(ir.OpFAdd, v, sum) })
}

// storeRow stores a word at the thread's place of a row.
func (w *worker) storeRow(buffer, slot int, v ir.Value) {
	i := w.add(w.id, w.op(ir.OpMul, w.threads, w.I32(int32(slot))))
	w.Store(ir.Device, w.F.TypeOf(v), w.buffers[buffer], w.op(ir.OpMul, w.wide(i), w.I64(4)), 0, v)
}

// storeOwn stores at what is the thread's own, and perhaps loads it again.
func (w *worker) storeOwn() {
	switch n := w.IntN(4); {
	case n < 2 && w.packed > 0:
		w.storePacked()
	case n == 0:
		w.storeRow(WorkRowsF, 3+w.IntN(WorkSlots-3), w.f32())
	case n == 1:
		w.storeRow(WorkRowsI, 3+w.IntN(WorkSlots-3), w.i32())
	default:
		off := w.op(ir.OpMul, w.wide(w.id), w.I64(WorkOwnSize))
		at := int64(16 + 4*w.IntN(8))
		for i := range 1 + w.IntN(4) {
			w.Store(ir.Device, ir.I32, w.buffers[WorkOwn], off, at+int64(4*i), w.i32())
		}
		if w.IntN(2) == 0 {
			w.Set(w.oneOf(w.ints), w.Load(ir.Device, ir.I32, w.buffers[WorkOwn], off, int64(16+4*w.IntN(12))))
		}
		if w.IntN(2) == 0 {
			w.Store(ir.Device, ir.I8, w.buffers[WorkOwn], off, int64(16+w.IntN(48)), w.convert(ir.I8, w.i32()))
		}
	}
}

// storePacked stores values side by side where the last rows are.
func (w *worker) storePacked() {
	i := w.wide(w.op(ir.OpMul, w.threads, w.I32(4*(WorkSlots-3))))
	off := w.add(i, w.op(ir.OpMul, w.wide(w.id), w.I64(3*w.packed)))
	t := map[int64]ir.Type{1: ir.I8, 2: ir.I16, 4: ir.I32}[w.packed]
	if w.IntN(3) == 0 {
		w.Set(w.oneOf(w.ints), w.convert(ir.I32, w.Load(ir.Device, t, w.buffers[WorkRowsI], off, w.packed*int64(w.IntN(3)))))
	}
	for j := range int64(1 + w.IntN(3)) {
		w.Store(ir.Device, t, w.buffers[WorkRowsI], off, w.packed*j, w.convert(t, w.i32()))
	}
}

func (w *worker) choice() {
	var els func()
	if w.IntN(2) == 0 {
		els = w.some
	}
	w.If(w.cond(), w.some, els)
}

// loop counts: up to a constant, to what is the same for all or to what is not.
func (w *worker) loop() {
	var n ir.Value
	switch w.IntN(4) {
	case 0:
		n = w.I32(int32(w.IntN(9)))
	case 1:
		n = w.and(w.i32(), 7)
	default:
		n = w.and(w.uniform(), []int32{31, 7, 3, 1}[min(len(w.counters), 3)])
	}
	w.count(w.I32(0), n, func(k ir.Value) ir.Value { return w.add(k, w.I32(int32(1+w.IntN(2)))) }, w.some)
}

// count makes a loop of k from first, while it is less than n.
func (w *worker) count(first, n ir.Value, next func(k ir.Value) ir.Value, body func()) {
	k := w.Var(ir.I32, "k")
	w.Set(k, first)
	counters, loops := w.counters, w.loops
	w.Loop(func(l ir.Label) {
		v := w.Get(k)
		w.If(w.cmp(ir.OpULt, v, n), func() {}, func() { w.Break(l) })
		w.counters, w.loops = append(slices.Clip(counters), v), append(slices.Clip(loops), l)
		body()
		w.Set(k, next(v))
	})
	w.counters, w.loops = counters, loops
}

// leave ends loops for some threads, or, where there are no barriers, the thread.
func (w *worker) leave() {
	switch n := len(w.loops); {
	case n > 0:
		l := w.loops[w.IntN(n)]
		w.If(w.cond(), func() { w.Break(l) }, nil)
	case w.flat && w.IntN(4) == 0:
		w.If(w.cond(), func() { w.Break(0) }, nil)
	default:
		w.compute()
	}
}

// ownArray works on words of the thread's own memories.
func (w *worker) ownArray() {
	at := func() ir.Value { return w.at(w.and(w.i32(), 15), 4) }
	switch w.IntN(4) {
	case 0:
		off := at()
		w.Store(ir.Thread, ir.I32, w.array, off, 0, w.add(w.Load(ir.Thread, ir.I32, w.array, off, 0), w.i32()))
	case 1:
		w.Store(ir.Thread, ir.I32, w.array, at(), 0, w.i32())
	case 2:
		w.Store(ir.Thread, ir.I32, w.fixed, w.I64(int64(4*w.IntN(8))), 0, w.i32())
		w.Set(w.oneOf(w.ints), w.Load(ir.Thread, ir.I32, w.fixed, w.I64(int64(4*w.IntN(8))), 0))
	default:
		w.Set(w.oneOf(w.ints), w.Load(ir.Thread, ir.I32, w.array, at(), 0))
	}
}

// simd works across the lanes that are here.
func (w *worker) simd() {
	width := []int{32, 32, 4}[w.IntN(3)]
	vars, ops := w.ints, []ir.GroupOp{ir.GroupAdd, ir.GroupMul, ir.GroupAnd, ir.GroupOr, ir.GroupXor, ir.GroupUMin, ir.GroupUMax, ir.GroupSMin, ir.GroupSMax}
	if w.IntN(2) == 0 {
		vars, ops = w.floats, []ir.GroupOp{ir.GroupAdd, ir.GroupMul, ir.GroupFMin, ir.GroupFMax}
	}
	lane := w.Builtin(ir.ThreadIndexInSimdgroup)
	w.update(w.oneOf(vars), func(v ir.Value) ir.Value {
		t := w.F.TypeOf(v)
		imm := ir.GroupImm(ops[w.IntN(len(ops))], width, w.IntN(2) == 0)
		switch w.IntN(6) {
		case 0:
			return w.EmitImm(ir.OpGroupReduce, t, imm, v)
		case 1:
			return w.EmitImm(ir.OpGroupScan, t, imm, v)
		case 2:
			votes := w.EmitImm(ir.OpBallot, ir.I64, imm, w.cond())
			return w.convert(t, w.Emit(ir.OpPopcnt, ir.I64, votes))
		case 3: // a sum, by turns
			for d := width / 2; d > 0; d /= 2 {
				x := w.EmitImm(ir.OpShuffle, t, imm, v, w.op(ir.OpXor, lane, w.I32(int32(d))))
				if t == ir.I32 {
					v = w.add(v, x)
				} else {
					v = w.op(ir.OpFAdd, v, x)
				}
			}
			return v
		}
		from := []ir.Value{w.op(ir.OpXor, lane, w.number()), w.op(ir.OpSub, lane, w.number()), w.add(lane, w.number()), w.number(), w.i32()}[w.IntN(5)]
		return w.EmitImm(ir.OpShuffle, t, imm, v, from)
	})
}

// cell counts in a cell of all threads: the operation tells which half.
func (w *worker) cell() {
	op, half := ir.AtomicAdd, int64(0)
	if w.IntN(3) == 0 {
		op, half = ir.AtomicUMax, WorkCell/2
	}
	i := w.and(w.i32(), []int32{0, 3, 31, WorkCell/2 - 1}[w.IntN(4)])
	w.Atomic(ir.OpAtomicRMW, op, ir.Device, ir.I32, w.buffers[WorkCells], w.at(i, 4), half*4, w.i32())
}

// stencil sums what is around a thread's place in a picture, its coordinates clamped.
func (w *worker) stencil() {
	x, y := w.Builtin(ir.ThreadPositionInGridX), w.Builtin(ir.ThreadPositionInGridY)
	width, height := w.loadNumber(1), w.loadNumber(2)
	one := w.I32(1)
	clamp := func(v, d, n ir.Value) ir.Value {
		v = w.op(ir.OpSMax, w.add(v, d), w.I32(0))
		return w.op(ir.OpSMin, v, w.op(ir.OpSMax, w.op(ir.OpSub, n, one), w.I32(0)))
	}
	pitch := []ir.Value{width, w.I32(64), w.number()}[w.IntN(3)]
	read := func(dx, dy ir.Value) {
		i := w.add(w.op(ir.OpMul, clamp(y, dy, height), pitch), clamp(x, dx, width))
		v := w.Load(ir.Device, ir.F32, w.buffers[WorkFloats], w.at(i, 4), 0)
		w.update(w.floats[0], func(sum ir.Value) ir.Value { return w.op(ir.OpFFma, v, w.f32(), sum) })
	}
	if w.IntN(2) == 0 { // in a loop
		r := w.and(w.number(), 3)
		w.count(w.I32(0), w.add(w.op(ir.OpMul, r, w.I32(2)), one), func(k ir.Value) ir.Value { return w.add(k, one) }, func() {
			k := w.counter()
			read(w.op(ir.OpSub, k, r), w.I32(int32(w.IntN(3)-1)))
		})
		return
	}
	for i := range int32(3) {
		read(w.I32(i-1), w.I32(int32(w.IntN(3)-1)))
	}
}

// narrow computes with numbers of 8 and 16 bits.
func (w *worker) narrow() {
	if w.IntN(3) == 0 { // three side by side
		t := []ir.Type{ir.I8, ir.I16, ir.I32}[w.IntN(3)]
		size := int64(t.Size())
		off := w.at(w.inside(w.index(), 1024), 3*size)
		w.update(w.oneOf(w.ints), func(v ir.Value) ir.Value {
			for j := range int64(3) {
				x := w.Load(ir.Device, t, w.buffers[WorkBytes], off, j*size)
				v = w.op(w.pick(ir.OpAdd, ir.OpXor, ir.OpMul), v, w.convert(ir.I32, x))
			}
			return v
		})
		return
	}
	off := w.at(w.inside(w.index(), 2048), int64(2*(1+w.IntN(4))))
	if w.IntN(2) == 0 {
		w.update(w.oneOf(w.shorts), func(v ir.Value) ir.Value {
			x := w.Load(ir.Device, ir.I16, w.buffers[WorkBytes], off, int64(2*w.IntN(4)))
			return w.op(w.pick(ir.OpAdd, ir.OpMul, ir.OpSub, ir.OpLShr, ir.OpAShr, ir.OpSMin, ir.OpUMax, ir.OpSMulHi, ir.OpSDiv), v, x)
		})
		return
	}
	t := []ir.Type{ir.F16, ir.BF16}[w.IntN(2)]
	w.update(w.oneOf(w.halves), func(v ir.Value) ir.Value {
		x := w.Load(ir.Device, t, w.buffers[WorkBytes], off, int64(2*w.IntN(4)))
		return w.op(w.pick(ir.OpFAdd, ir.OpFMul, ir.OpFMax), v, w.convert(ir.F16, w.noNaN(x)))
	})
}

// blockOfBytes is a product of two blocks of signed bytes, or of halves of bytes.
func (w *worker) blockOfBytes() {
	a, b := w.at(w.inside(w.index(), 512), 32), w.at(w.inside(w.index(), 512), 32)
	n := []int64{4, 8, 16, 32}[w.IntN(4)]
	nibbles := w.IntN(2) == 0
	w.update(w.oneOf(w.ints), func(sum ir.Value) ir.Value {
		load := func(off ir.Value, k int64) ir.Value {
			return w.Emit(ir.OpSExt, ir.I32, w.Load(ir.Device, ir.I8, w.buffers[WorkBytes], off, k))
		}
		for k := range n {
			x, y := load(a, k), load(b, k)
			if nibbles {
				x = w.op(ir.OpSub, w.and(x, 15), w.I32(8))
			}
			sum = w.add(sum, w.op(ir.OpMul, x, y))
		}
		return sum
	})
}
