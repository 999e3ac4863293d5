package irtest

import "github.com/aruminium-go/aruminium/internal/ir"

// level appends something that a whole group does together. What is in threadgroup memory
// is written between two barriers, and read between the second and the next first one.
func (w *worker) level() {
	switch w.IntN(14) {
	case 0, 1:
		w.rowLoop()
	case 2:
		w.tree()
	case 3:
		w.sumOfSums()
	case 4:
		w.exchange()
	case 5:
		w.histogram()
	case 6:
		w.products()
	case 7:
		if w.deep < 3 {
			w.deep++
			w.If(w.sameCond(), w.levels, nil)
			w.deep--
		}
	case 8:
		if w.deep < 3 {
			w.deep++
			w.levelLoop()
			w.deep--
		}
	default:
		w.statement()
	}
}

func (w *worker) levels() {
	for n := 1 + w.IntN(2); n > 0 && w.left > 0; n-- {
		w.left--
		w.level()
	}
}

// levelLoop is a loop with barriers, of turns that are the same for all: known, read or
// made of the group's size, and perhaps left early.
func (w *worker) levelLoop() {
	one := w.I32(1)
	body := func() {
		l := w.loops[len(w.loops)-1]
		w.loops = nil // no thread leaves it by itself
		w.same = append(w.same, w.counter())
		w.levels()
		w.same = w.same[:len(w.same)-1]
		if w.IntN(4) == 0 {
			w.If(w.sameCond(), func() { w.Break(l) }, nil)
		}
	}
	next := func(k ir.Value) ir.Value { return w.add(k, one) }
	switch w.IntN(3) {
	case 0:
		w.count(w.I32(0), w.I32(int32(w.IntN(5))), next, body)
	case 1:
		w.count(w.I32(0), w.and(w.uniform(), 7), next, body)
	default:
		w.count(one, w.size, func(k ir.Value) ir.Value { return w.op(ir.OpMul, k, w.I32(2)) }, body)
	}
}

// counter returns that of the innermost loop.
func (w *worker) counter() ir.Value { return w.counters[len(w.counters)-1] }

// rowLoop has the threads of a group go through a row, side by side: it is summed,
// or written anew.
func (w *worker) rowLoop() {
	n := w.loadNumber(0)
	row := w.op(ir.OpMul, w.row, n)
	if w.IntN(4) == 0 {
		row = w.I32(0)
	}
	step := func(k ir.Value) ir.Value { return w.add(k, w.size) }
	write := w.IntN(2) == 0
	v := w.oneOf(w.floats)
	w.count(w.self, n, step, func() {
		k := w.counter()
		x := w.Load(ir.Device, ir.F32, w.buffers[WorkFloats], w.at(w.add(row, k), 4), 0)
		switch w.IntN(4) {
		case 0:
			w.update(v, func(s ir.Value) ir.Value { return w.op(ir.OpFAdd, s, x) })
		case 1:
			w.update(v, func(s ir.Value) ir.Value { return w.op(ir.OpFFma, x, x, s) })
		case 2:
			w.update(v, func(s ir.Value) ir.Value { return w.op(ir.OpFMax, s, x) })
		default:
			w.update(v, func(s ir.Value) ir.Value {
				return w.op(ir.OpFAdd, s, w.Emit(ir.OpExp, ir.F32, w.op(ir.OpFSub, x, w.F32(3))))
			})
		}
		if write {
			y := w.op(ir.OpFMul, x, w.Get(w.floats[1]))
			at := w.add(w.op(ir.OpMul, w.row, w.I32(WorkWidth)), k)
			w.Store(ir.Device, ir.F32, w.buffers[WorkWide], w.at(at, 4), 0, y)
		}
		if w.IntN(3) == 0 {
			w.statement()
		}
	})
}

// tile returns a threadgroup memory and a variable of the type in it.
func (w *worker) tile() (mem ir.Value, v int, t ir.Type) {
	if w.IntN(2) == 0 {
		return w.tileF, w.oneOf(w.floats), ir.F32
	}
	return w.tileI, w.oneOf(w.ints), ir.I32
}

func (w *worker) sum(t ir.Type, a, b ir.Value) ir.Value {
	if t == ir.F32 {
		return w.op(w.pick(ir.OpFAdd, ir.OpFMax), a, b)
	}
	return w.op(w.pick(ir.OpAdd, ir.OpUMax, ir.OpXor), a, b)
}

// tree reduces what all threads have, by halves.
func (w *worker) tree() {
	mem, v, t := w.tile()
	own := w.op(ir.OpMul, w.wide(w.self), w.I64(4))
	w.Barrier(false)
	w.Store(ir.Threadgroup, t, mem, own, 0, w.Get(v))
	w.Barrier(false)
	half, guarded := w.op(ir.OpLShr, w.size, w.I32(1)), false
	if w.IntN(3) == 0 {
		half, guarded = w.I32(int32(1)<<w.IntN(9)), true
	}
	d := w.Var(ir.I32, "d")
	w.Set(d, half)
	w.Loop(func(l ir.Label) {
		n := w.Get(d)
		w.If(w.cmp(ir.OpULt, w.I32(0), n), func() {}, func() { w.Break(l) })
		here, other := w.cmp(ir.OpULt, w.self, n), w.add(w.self, n)
		if guarded {
			here = w.op(ir.OpAnd, here, w.cmp(ir.OpULt, other, w.size))
		}
		w.If(here, func() {
			a := w.Load(ir.Threadgroup, t, mem, own, 0)
			b := w.Load(ir.Threadgroup, t, mem, w.at(other, 4), 0)
			w.Store(ir.Threadgroup, t, mem, own, 0, w.sum(t, a, b))
		}, nil)
		w.Barrier(false)
		w.Set(d, w.op(ir.OpLShr, n, w.I32(1)))
	})
	w.Set(v, w.Load(ir.Threadgroup, t, mem, w.I64(0), 0))
}

// sumOfSums reduces SIMD groups, and what they have.
func (w *worker) sumOfSums() {
	v := w.oneOf(w.ints)
	op := []ir.GroupOp{ir.GroupAdd, ir.GroupUMax, ir.GroupXor}[w.IntN(3)]
	imm := ir.GroupImm(op, ir.SimdLanes, false)
	lane, simd := w.Builtin(ir.ThreadIndexInSimdgroup), w.Builtin(ir.SimdgroupIndexInThreadgroup)
	part := w.EmitImm(ir.OpGroupReduce, ir.I32, imm, w.Get(v))
	w.Barrier(false)
	w.If(w.cmp(ir.OpEq, lane, w.I32(0)), func() { w.Store(ir.Threadgroup, ir.I32, w.sums, w.at(simd, 4), 0, part) }, nil)
	w.Barrier(false)
	w.Set(v, w.I32(0))
	w.If(w.cmp(ir.OpULt, lane, w.Builtin(ir.SimdgroupsPerThreadgroup)), func() { w.Set(v, w.Load(ir.Threadgroup, ir.I32, w.sums, w.at(lane, 4), 0)) }, nil)
	w.update(v, func(x ir.Value) ir.Value { return w.EmitImm(ir.OpGroupReduce, ir.I32, imm, x) })
}

// exchange writes words at places that differ, and reads others'.
func (w *worker) exchange() {
	mem, v, t := w.tile()
	i, last := w.self, w.I32(workTile/2-1)
	d := w.and(w.uniform(), 63)
	var to ir.Value
	switch w.IntN(6) {
	case 0:
		to = w.op(ir.OpXor, i, d)
	case 1:
		to = w.op(ir.OpSub, w.op(ir.OpSub, w.size, w.I32(1)), i)
	case 2: // a butterfly's
		d = w.op(ir.OpUMax, d, w.I32(1))
		to = w.add(w.op(ir.OpMul, w.op(ir.OpUDiv, i, d), w.op(ir.OpMul, d, w.I32(2))), w.op(ir.OpURem, i, d))
	case 3:
		to = w.op(ir.OpMul, i, w.I32(2))
	default:
		to = i
	}
	w.Barrier(false)
	w.count(i, w.I32(workTile), func(k ir.Value) ir.Value { return w.add(k, w.size) }, func() { // all of it has something
		k := w.counter()
		w.Store(ir.Threadgroup, t, mem, w.at(k, 4), 0, w.convert(t, k))
	})
	w.Barrier(false)
	w.Store(ir.Threadgroup, t, mem, w.at(to, 4), 0, w.Get(v))
	w.Barrier(false)
	for range 1 + w.IntN(3) {
		var from ir.Value
		switch w.IntN(6) {
		case 0:
			from = w.op(ir.OpXor, i, d)
		case 1:
			from = w.add(i, d)
		case 2:
			from = w.op(ir.OpUMin, w.op(ir.OpMul, i, d), last)
		case 3:
			from = w.and(w.i32(), workTile-1)
		case 4:
			from = w.add(w.op(ir.OpMul, w.Builtin(ir.ThreadPositionInThreadgroupX), w.I32(33)), w.Builtin(ir.ThreadPositionInThreadgroupY))
			from = w.op(ir.OpUMin, from, last)
		default:
			from = w.inside(w.index(), workTile)
		}
		x := w.Load(ir.Threadgroup, t, mem, w.at(from, 4), 0)
		w.update(v, func(y ir.Value) ir.Value { return w.sum(t, y, x) })
	}
}

// histogram counts in threadgroup memory.
func (w *worker) histogram() {
	one := func(k ir.Value) ir.Value { return w.add(k, w.size) }
	counter := func(i ir.Value) ir.Value { return w.op(ir.OpMul, w.wide(i), w.I64(4)) }
	w.Barrier(false)
	w.count(w.self, w.I32(WorkCell), one, func() {
		w.Store(ir.Threadgroup, ir.I32, w.counts, counter(w.counter()), 0, w.I32(0))
	})
	w.Barrier(false)
	op := []ir.AtomicOp{ir.AtomicAdd, ir.AtomicXor, ir.AtomicOr, ir.AtomicUMax}[w.IntN(4)]
	mask := []int32{0, 3, 31, WorkCell - 1}[w.IntN(4)]
	add := func() {
		w.Atomic(ir.OpAtomicRMW, op, ir.Threadgroup, ir.I32, w.counts, counter(w.and(w.i32(), mask)), 0, []ir.Value{w.I32(1), w.i32(), w.uniform()}[w.IntN(3)])
	}
	switch w.IntN(3) {
	case 0:
		add()
	case 1:
		w.If(w.cond(), add, nil)
	default:
		w.count(w.self, w.loadNumber(0), one, add)
	}
	w.Barrier(false)
	w.Set(w.oneOf(w.ints), w.Load(ir.Threadgroup, ir.I32, w.counts, counter(w.and(w.i32(), WorkCell-1)), 0))
	if w.IntN(2) == 0 { // and adds them to those of all groups
		w.count(w.self, w.I32(WorkCell/2), one, func() {
			off := counter(w.counter())
			w.Atomic(ir.OpAtomicRMW, ir.AtomicAdd, ir.Device, ir.I32, w.buffers[WorkCells], off, 0, w.Load(ir.Threadgroup, ir.I32, w.counts, off, 0))
		})
	}
}

// products sums products of tiles: rows of one, columns of the other.
func (w *worker) products() {
	const side = 8
	x, y := w.and(w.self, side-1), w.and(w.op(ir.OpLShr, w.self, w.I32(3)), side-1)
	n := w.and(w.number(), 31)
	one := w.I32(1)
	v := w.oneOf(w.floats)
	byWord := func(i ir.Value) ir.Value { return w.op(ir.OpMul, w.wide(i), w.I64(4)) }
	w.count(w.I32(0), n, func(k ir.Value) ir.Value { return w.add(k, w.I32(side)) }, func() {
		k := w.counter()
		w.Barrier(false)
		a := w.Load(ir.Device, ir.F32, w.buffers[WorkFloats], byWord(w.add(w.op(ir.OpMul, w.id, w.and(w.number(), 7)), k)), 0)
		w.Store(ir.Threadgroup, ir.F32, w.tileF, byWord(w.self), 0, a)
		w.Barrier(false)
		w.count(w.I32(0), w.I32(side), func(j ir.Value) ir.Value { return w.add(j, one) }, func() {
			j := w.counter()
			// Words that no thread has written are what was there before.
			left := w.op(ir.OpURem, w.add(w.op(ir.OpMul, y, w.I32(side)), j), w.size)
			right := w.op(ir.OpURem, w.add(w.op(ir.OpMul, j, w.I32(side)), x), w.size)
			p, q := w.Load(ir.Threadgroup, ir.F32, w.tileF, byWord(left), 0), w.Load(ir.Threadgroup, ir.F32, w.tileF, byWord(right), 0)
			w.update(v, func(s ir.Value) ir.Value { return w.op(ir.OpFFma, p, q, s) })
		})
	})
}
