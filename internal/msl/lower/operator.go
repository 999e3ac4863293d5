package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// unary is -, ~ and !, part by part.
func (l *lowerer) unary(e *sem.Unary) []ir.Value {
	x := l.value(e.X)
	if _, ok := e.X.Type().(*types.Pointer); ok && e.Op == sem.LNot {
		return []ir.Value{l.b.Emit(ir.OpEq, ir.Bool, l.addr(x[0], x[1]), l.b.I64(0))}
	}
	out := make([]ir.Value, len(x))
	for i, v := range x {
		t := l.b.F.TypeOf(v)
		switch {
		case e.Op == sem.LNot || t == ir.Bool:
			out[i] = l.not(v)
		case e.Op == sem.Not:
			out[i] = l.b.Emit(ir.OpNot, t, v)
		case t.IsFloat():
			out[i] = l.b.Emit(ir.OpFNeg, t, v)
		default:
			out[i] = l.b.Emit(ir.OpNeg, t, v)
		}
	}
	return out
}

// not returns the opposite of a Bool.
func (l *lowerer) not(v ir.Value) ir.Value {
	return l.b.Emit(ir.OpXor, ir.Bool, v, l.b.Bool(true))
}

// binary combines x, of type xt, and y, of type yt, to a value of type t.
func (l *lowerer) binary(op sem.Op, xt types.Type, x []ir.Value, yt types.Type, y []ir.Value, t types.Type) []ir.Value {
	if _, ok := xt.(*types.Pointer); ok {
		return []ir.Value{l.pointerCompare(op, x, y)}
	}
	switch op {
	case sem.MatMul, sem.MatVec, sem.VecMat, sem.MatScale, sem.MatDiv:
		return l.matrix(op, xt, x, yt, y)
	}
	elem, yelem := elemOf(xt), elemOf(yt)
	if elem == nil || yelem == nil {
		l.bug("operator on %s and %s", xt, yt)
	}
	if len(x) != len(y) {
		l.bug("operator on %d and %d parts", len(x), len(y))
	}
	out := make([]ir.Value, len(x))
	for i := range x {
		if op == sem.Shl || op == sem.Shr {
			out[i] = l.shift(op, elem, x[i], yelem, y[i])
		} else {
			out[i] = l.arith(op, elem, x[i], y[i])
		}
	}
	return out
}

// shift shifts x by y modulo the width of x.
func (l *lowerer) shift(op sem.Op, elem *types.Basic, x ir.Value, yelem *types.Basic, y ir.Value) ir.Value {
	t := l.b.F.TypeOf(x)
	y = l.resize(y, t, yelem.IsSigned())
	switch {
	case op == sem.Shl:
		return l.b.Emit(ir.OpShl, t, x, y)
	case elem.IsSigned():
		return l.b.Emit(ir.OpAShr, t, x, y)
	}
	return l.b.Emit(ir.OpLShr, t, x, y)
}

// arith combines two scalars of type elem.
func (l *lowerer) arith(op sem.Op, elem *types.Basic, x, y ir.Value) ir.Value {
	t := l.scalarType(elem)
	switch op {
	case sem.Gt:
		return l.arith(sem.Lt, elem, y, x)
	case sem.Ge:
		return l.arith(sem.Le, elem, y, x)
	case sem.LAnd:
		return l.b.Emit(ir.OpAnd, ir.Bool, x, y)
	case sem.LOr:
		return l.b.Emit(ir.OpOr, ir.Bool, x, y)
	}
	if elem.IsFloat() {
		o, ok := floatOp(op)
		if !ok {
			l.bug("operator %d on %s", op, elem)
		}
		if o >= ir.OpFEq && o <= ir.OpFLe {
			t = ir.Bool
		}
		return l.b.Emit(o, t, x, y)
	}
	if t == ir.Bool {
		switch op {
		case sem.Lt: // false is less than true
			return l.b.Emit(ir.OpAnd, t, l.not(x), y)
		case sem.Le:
			return l.b.Emit(ir.OpOr, t, l.not(x), y)
		case sem.Add:
			op = sem.Or
		case sem.Sub:
			op = sem.Xor
		case sem.Mul:
			op = sem.And
		}
	}
	ops := unsignedOps
	if elem.IsSigned() {
		ops = signedOps
	}
	o, ok := ops(op)
	if !ok {
		l.bug("operator %d on %s", op, elem)
	}
	if o >= ir.OpEq && o <= ir.OpSLe {
		t = ir.Bool
	}
	return l.b.Emit(o, t, x, y)
}

func signedOps(op sem.Op) (ir.Op, bool) {
	switch op {
	case sem.Div:
		return ir.OpSDiv, true
	case sem.Rem:
		return ir.OpSRem, true
	case sem.Lt:
		return ir.OpSLt, true
	case sem.Le:
		return ir.OpSLe, true
	}
	return unsignedOps(op)
}

func unsignedOps(op sem.Op) (ir.Op, bool) {
	switch op {
	case sem.Add:
		return ir.OpAdd, true
	case sem.Sub:
		return ir.OpSub, true
	case sem.Mul:
		return ir.OpMul, true
	case sem.Div:
		return ir.OpUDiv, true
	case sem.Rem:
		return ir.OpURem, true
	case sem.And:
		return ir.OpAnd, true
	case sem.Or:
		return ir.OpOr, true
	case sem.Xor:
		return ir.OpXor, true
	case sem.Eq:
		return ir.OpEq, true
	case sem.Ne:
		return ir.OpNe, true
	case sem.Lt:
		return ir.OpULt, true
	case sem.Le:
		return ir.OpULe, true
	}
	return 0, false
}

func floatOp(op sem.Op) (ir.Op, bool) {
	switch op {
	case sem.Add:
		return ir.OpFAdd, true
	case sem.Sub:
		return ir.OpFSub, true
	case sem.Mul:
		return ir.OpFMul, true
	case sem.Div:
		return ir.OpFDiv, true
	case sem.Eq:
		return ir.OpFEq, true
	case sem.Ne:
		return ir.OpFNe, true
	case sem.Lt:
		return ir.OpFLt, true
	case sem.Le:
		return ir.OpFLe, true
	}
	return 0, false
}

// matrix is the product of matrices, or of a matrix and a vector or scalar.
// Sums are made in order, each product and each sum rounded.
func (l *lowerer) matrix(op sem.Op, xt types.Type, x []ir.Value, yt types.Type, y []ir.Value) []ir.Value {
	var t ir.Type
	dot := func(n int, a, b func(k int) ir.Value) ir.Value {
		sum := l.b.Emit(ir.OpFMul, t, a(0), b(0))
		for k := 1; k < n; k++ {
			sum = l.b.Emit(ir.OpFAdd, t, sum, l.b.Emit(ir.OpFMul, t, a(k), b(k)))
		}
		return sum
	}
	switch op {
	case sem.MatScale, sem.MatDiv:
		m, o := x, ir.OpFMul
		s := y
		if op == sem.MatDiv {
			o = ir.OpFDiv
		}
		t = l.scalarType(elemOf(xt))
		if _, ok := xt.(*types.Matrix); !ok {
			m, s = y, x
		}
		out := make([]ir.Value, len(m))
		for i, v := range m {
			out[i] = l.b.Emit(o, t, v, s[0])
		}
		return out
	case sem.MatVec:
		m := xt.(*types.Matrix)
		t = l.scalarType(m.Elem)
		out := make([]ir.Value, m.Rows)
		for r := range out {
			out[r] = dot(m.Cols, func(k int) ir.Value { return x[k*m.Rows+r] }, func(k int) ir.Value { return y[k] })
		}
		return out
	case sem.VecMat:
		m := yt.(*types.Matrix)
		t = l.scalarType(m.Elem)
		out := make([]ir.Value, m.Cols)
		for c := range out {
			out[c] = dot(m.Rows, func(k int) ir.Value { return x[k] }, func(k int) ir.Value { return y[c*m.Rows+k] })
		}
		return out
	}
	a, b := xt.(*types.Matrix), yt.(*types.Matrix)
	t = l.scalarType(a.Elem)
	out := make([]ir.Value, b.Cols*a.Rows)
	for c := range b.Cols {
		for r := range a.Rows {
			out[c*a.Rows+r] = dot(a.Cols,
				func(k int) ir.Value { return x[k*a.Rows+r] },
				func(k int) ir.Value { return y[c*b.Rows+k] })
		}
	}
	return out
}

// pointerAdd moves a pointer by i elements, back if sub.
func (l *lowerer) pointerAdd(p []ir.Value, t *types.Pointer, i ir.Value, sub bool) []ir.Value {
	d := l.b.Emit(ir.OpMul, ir.I64, l.index64(i, true), l.b.I64(max(t.Elem.Size(), 1)))
	op := ir.OpAdd
	if sub {
		op = ir.OpSub
	}
	return []ir.Value{p[0], l.b.Emit(op, ir.I64, p[1], d)}
}

// pointerDiff is the distance of two pointers in elements.
func (l *lowerer) pointerDiff(e *sem.PtrDiff) ir.Value {
	p, q := l.value(e.P), l.value(e.Q)
	a, b := l.comparable(p, q)
	d := l.b.Emit(ir.OpSub, ir.I64, a, b)
	size := max(e.P.Type().(*types.Pointer).Elem.Size(), 1)
	return l.b.Emit(ir.OpSDiv, ir.I64, d, l.b.I64(size))
}

// comparable returns numbers that compare as two pointers do: their offsets if
// they are known to point into one memory, otherwise their addresses.
func (l *lowerer) comparable(p, q []ir.Value) (a, b ir.Value) {
	if p[0] == q[0] {
		return p[1], q[1]
	}
	return l.addr(p[0], p[1]), l.addr(q[0], q[1])
}

func (l *lowerer) pointerCompare(op sem.Op, p, q []ir.Value) ir.Value {
	a, b := l.comparable(p, q)
	elem := types.Basics[types.ULong]
	if p[0] == q[0] {
		elem = types.Basics[types.Long] // an offset may be negative
	}
	return l.arith(op, elem, a, b)
}

// pointerCast converts a pointer to another pointer type or an integer, or an
// integer to a pointer.
func (l *lowerer) pointerCast(x []ir.Value, from, to types.Type) []ir.Value {
	_, fromPointer := from.(*types.Pointer)
	if _, ok := to.(*types.Pointer); ok {
		if fromPointer {
			return x
		}
		ref, off := l.resolve(l.resize(x[0], ir.I64, elemOf(from).IsSigned()))
		return []ir.Value{ref, off}
	}
	t := elemOf(to)
	if !fromPointer || t == nil {
		l.bug("pointer cast of %s to %s", from, to)
	}
	if t.Kind == types.Bool {
		return []ir.Value{l.b.Emit(ir.OpNe, ir.Bool, l.addr(x[0], x[1]), l.b.I64(0))}
	}
	return []ir.Value{l.resize(l.addr(x[0], x[1]), l.scalarType(t), false)}
}
