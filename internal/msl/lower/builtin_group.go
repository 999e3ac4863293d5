package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
)

// group is a SIMD group or a quad group.
type group struct {
	width int
	lane  ir.Builtin
}

// addGroups adds the SIMD group and quad group functions (MSL spec, section
// 6.9.2).
func addGroups(m map[string]libFunc) {
	for prefix, g := range map[string]group{
		"simd_": {32, ir.ThreadIndexInSimdgroup},
		"quad_": {4, ir.ThreadIndexInQuadgroup},
	} {
		for name, ops := range map[string][3]ir.GroupOp{
			"sum":     {ir.GroupAdd, ir.GroupAdd, ir.GroupAdd},
			"product": {ir.GroupMul, ir.GroupMul, ir.GroupMul},
			"min":     {ir.GroupSMin, ir.GroupUMin, ir.GroupFMin},
			"max":     {ir.GroupSMax, ir.GroupUMax, ir.GroupFMax},
			"and":     {ir.GroupAnd, ir.GroupAnd, ir.GroupAnd},
			"or":      {ir.GroupOr, ir.GroupOr, ir.GroupOr},
			"xor":     {ir.GroupXor, ir.GroupXor, ir.GroupXor},
		} {
			m[prefix+name] = g.reduce(ir.OpGroupReduce, ops, false)
			if name == "sum" || name == "product" {
				m[prefix+"prefix_inclusive_"+name] = g.reduce(ir.OpGroupScan, ops, true)
				m[prefix+"prefix_exclusive_"+name] = g.reduce(ir.OpGroupScan, ops, false)
			}
		}
		m[prefix+"shuffle"] = g.shuffle(func(l *lowerer, lane, n ir.Value) ir.Value { return n })
		m[prefix+"broadcast"] = m[prefix+"shuffle"]
		m[prefix+"shuffle_xor"] = g.shuffle(func(l *lowerer, lane, n ir.Value) ir.Value {
			return l.b.Emit(ir.OpXor, ir.I32, lane, n)
		})
		// What would come from outside the group stays as it is.
		m[prefix+"shuffle_up"] = g.shuffle(func(l *lowerer, lane, n ir.Value) ir.Value {
			from := l.b.Emit(ir.OpSub, ir.I32, lane, n)
			return l.b.Select(l.test(ir.OpULt, lane, n), lane, from)
		})
		m[prefix+"shuffle_down"] = g.shuffle(func(l *lowerer, lane, n ir.Value) ir.Value {
			from := l.b.Emit(ir.OpAdd, ir.I32, lane, n)
			return l.b.Select(l.test(ir.OpULt, from, l.b.I32(int32(g.width))), from, lane)
		})
		m[prefix+"shuffle_rotate_up"] = g.shuffle(func(l *lowerer, lane, n ir.Value) ir.Value {
			return l.b.Emit(ir.OpAnd, ir.I32, l.b.Emit(ir.OpSub, ir.I32, lane, n), l.b.I32(int32(g.width-1)))
		})
		m[prefix+"shuffle_rotate_down"] = g.shuffle(func(l *lowerer, lane, n ir.Value) ir.Value {
			return l.b.Emit(ir.OpAnd, ir.I32, l.b.Emit(ir.OpAdd, ir.I32, lane, n), l.b.I32(int32(g.width-1)))
		})
		m[prefix+"shuffle_and_fill_up"] = g.fill(true)
		m[prefix+"shuffle_and_fill_down"] = g.fill(false)
		m[prefix+"broadcast_first"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
			x := l.value(e.Args[0])
			l.setPos(e.P)
			first := g.first(l)
			out := make([]ir.Value, len(x))
			for i, v := range x {
				out[i] = l.shuffle(g, v, first)
			}
			return out
		}
		m[prefix+"is_first"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
			l.setPos(e.P)
			return []ir.Value{l.test(ir.OpEq, l.b.Builtin(g.lane), g.first(l))}
		}
		m[prefix+"is_helper_thread"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
			return []ir.Value{l.b.Bool(false)}
		}
		m[prefix+"ballot"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
			x := l.scalar(e.Args[0])
			l.setPos(e.P)
			return []ir.Value{l.resize(g.ballot(l, x), l.shape(e.T).parts[0].t, false)}
		}
		m[prefix+"active_threads_mask"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
			l.setPos(e.P)
			return []ir.Value{l.resize(g.ballot(l, l.b.Bool(true)), l.shape(e.T).parts[0].t, false)}
		}
		m[prefix+"all"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
			x := l.not(l.scalar(e.Args[0]))
			l.setPos(e.P)
			return []ir.Value{l.test(ir.OpEq, g.ballot(l, x), l.b.I64(0))}
		}
		m[prefix+"any"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
			x := l.scalar(e.Args[0])
			l.setPos(e.P)
			return []ir.Value{l.test(ir.OpNe, g.ballot(l, x), l.b.I64(0))}
		}
	}
}

// ballot returns one bit for each active thread of the group.
func (g group) ballot(l *lowerer, x ir.Value) ir.Value {
	return l.b.EmitImm(ir.OpBallot, ir.I64, ir.GroupImm(0, g.width, false), x)
}

// first returns the lane of the first active thread.
func (g group) first(l *lowerer) ir.Value {
	lane := l.b.Emit(ir.OpCtz, ir.I64, g.ballot(l, l.b.Bool(true)))
	return l.b.Emit(ir.OpTrunc, ir.I32, lane)
}

func (g group) reduce(o ir.Op, ops [3]ir.GroupOp, inclusive bool) libFunc {
	return func(l *lowerer, e *sem.Builtin) []ir.Value {
		t := elemOf(e.Args[0].Type())
		kind := ops[1]
		switch {
		case t.IsFloat():
			kind = ops[2]
		case t.IsSigned():
			kind = ops[0]
		}
		x := l.value(e.Args[0])
		l.setPos(e.P)
		out := make([]ir.Value, len(x))
		for i, v := range x {
			out[i] = l.b.EmitImm(o, l.b.F.TypeOf(v), ir.GroupImm(kind, g.width, inclusive), v)
		}
		return out
	}
}

// shuffle returns v of another lane. Bools travel as integers.
func (l *lowerer) shuffle(g group, v, lane ir.Value) ir.Value {
	t := l.b.F.TypeOf(v)
	imm := ir.GroupImm(0, g.width, false)
	if t == ir.Bool {
		r := l.b.EmitImm(ir.OpShuffle, ir.I32, imm, l.b.Emit(ir.OpZExt, ir.I32, v), lane)
		return l.test(ir.OpNe, r, l.b.I32(0))
	}
	return l.b.EmitImm(ir.OpShuffle, t, imm, v, lane)
}

// shuffle makes a library function of (value, n), which takes the value of the
// lane that from gives.
func (g group) shuffle(from func(l *lowerer, lane, n ir.Value) ir.Value) libFunc {
	return func(l *lowerer, e *sem.Builtin) []ir.Value {
		x := l.value(e.Args[0])
		n := l.resize(l.scalar(e.Args[1]), ir.I32, elemOf(e.Args[1].Type()).IsSigned())
		l.setPos(e.P)
		lane := from(l, l.b.Builtin(g.lane), n)
		out := make([]ir.Value, len(x))
		for i, v := range x {
			out[i] = l.shuffle(g, v, lane)
		}
		return out
	}
}

// fill is shuffle_and_fill_up and _down(data, filling, delta, modulo): a
// shuffle within runs of modulo lanes, where what would come from outside a run
// comes from the other end of the run of filling.
func (g group) fill(up bool) libFunc {
	return func(l *lowerer, e *sem.Builtin) []ir.Value {
		data, filling := l.value(e.Args[0]), l.value(e.Args[1])
		delta := l.resize(l.scalar(e.Args[2]), ir.I32, elemOf(e.Args[2].Type()).IsSigned())
		modulo := l.b.I32(int32(g.width))
		if len(e.Args) > 3 {
			modulo = l.resize(l.scalar(e.Args[3]), ir.I32, false)
		}
		l.setPos(e.P)
		lane := l.b.Builtin(g.lane)
		at := l.b.Emit(ir.OpURem, ir.I32, lane, modulo)
		var from, outside, other ir.Value
		if up {
			from = l.b.Emit(ir.OpSub, ir.I32, lane, delta)
			outside = l.test(ir.OpULt, at, delta)
			other = l.b.Emit(ir.OpAdd, ir.I32, from, modulo)
		} else {
			from = l.b.Emit(ir.OpAdd, ir.I32, lane, delta)
			outside = l.test(ir.OpULe, modulo, l.b.Emit(ir.OpAdd, ir.I32, at, delta))
			other = l.b.Emit(ir.OpSub, ir.I32, from, modulo)
		}
		from = l.b.Select(outside, other, from)
		out := make([]ir.Value, len(data))
		for i := range out {
			out[i] = l.b.Select(outside, l.shuffle(g, filling[i], from), l.shuffle(g, data[i], from))
		}
		return out
	}
}
