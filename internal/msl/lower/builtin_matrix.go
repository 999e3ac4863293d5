package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// addMatrices adds the functions on matrices of eight by eight that lie across
// a SIMD group (MSL spec, section 6.7). A matrix is a struct of the two
// elements a lane holds; ir.MatrixElement says which.
func addMatrices(m map[string]libFunc) {
	m["simdgroup_load"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		return l.matAccess(l.scalarType(matrixElem(e.T)), e.Args, e, nil)
	}
	m["simdgroup_store"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		x := l.value(e.Args[0])
		l.matAccess(l.scalarType(matrixElem(e.Args[0].Type())), e.Args[1:], e, x)
		return nil
	}
	m["simdgroup_multiply"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		x, y := l.value(e.Args[0]), l.value(e.Args[1])
		return l.matMulAdd(e, x, y, l.zero(e.T))
	}
	m["simdgroup_multiply_accumulate"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		x, y, z := l.value(e.Args[0]), l.value(e.Args[1]), l.value(e.Args[2])
		from, to := matrixElem(e.Args[2].Type()), matrixElem(e.T)
		return l.matMulAdd(e, x, y, l.convertAll(z, types.VectorOf(from, 2), types.VectorOf(to, 2)))
	}
	m["simdgroup_diagonal"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		x := l.scalar(e.Args[0])
		l.setPos(e.P)
		row, col := l.matrixElement()
		zero := l.zero(matrixElem(e.T))[0]
		next := l.b.Emit(ir.OpAdd, ir.I32, col, l.b.I32(1))
		return []ir.Value{l.b.Select(l.test(ir.OpEq, row, col), x, zero), l.b.Select(l.test(ir.OpEq, row, next), x, zero)}
	}
}

// matrixElem returns the type of the elements of a matrix.
func matrixElem(t types.Type) *types.Basic { return elemOf(t.(*types.Struct).Fields[0].Type) }

func (l *lowerer) matMulAdd(e *sem.Builtin, x, y, z []ir.Value) []ir.Value {
	l.setPos(e.P)
	r := l.b.MatMulAdd(l.scalarType(matrixElem(e.T)), [2]ir.Value(x), [2]ir.Value(y), [2]ir.Value(z))
	return r[:]
}

// matrixElement returns the row and the column of the first element that this
// lane holds; the other is the next in the row.
func (l *lowerer) matrixElement() (row, col ir.Value) {
	lane := l.b.Builtin(ir.ThreadIndexInSimdgroup)
	bits := func(shift, mask int32) ir.Value {
		return l.b.Emit(ir.OpAnd, ir.I32, l.b.Emit(ir.OpLShr, ir.I32, lane, l.b.I32(shift)), l.b.I32(mask))
	}
	double := func(x ir.Value) ir.Value { return l.b.Emit(ir.OpShl, ir.I32, x, l.b.I32(1)) }
	row = l.b.Emit(ir.OpAdd, ir.I32, bits(2, 4), bits(1, 3))
	col = l.b.Emit(ir.OpAdd, ir.I32, double(bits(2, 2)), double(bits(0, 1)))
	return row, col
}

// matAccess loads a matrix of elements of type t, or stores x. The arguments say
// where it lies: pointer, elements from row to row, column and row of the corner,
// transposed or not.
func (l *lowerer) matAccess(t ir.Type, args []sem.Expr, e *sem.Builtin, x []ir.Value) []ir.Value {
	p := args[0].Type().(*types.Pointer)
	ptr := l.value(args[0])
	stride, origin, transposed := l.scalar(args[1]), l.value(args[2]), l.scalar(args[3])
	l.setPos(e.P)
	wide := func(op ir.Op, x, y ir.Value) ir.Value { return l.b.Emit(op, ir.I64, x, y) }
	size := l.b.I64(p.Elem.Size())
	stride = wide(ir.OpMul, stride, size)
	corner := wide(ir.OpAdd, wide(ir.OpMul, origin[1], stride), wide(ir.OpMul, origin[0], size))
	off := wide(ir.OpAdd, ptr[1], corner)
	access := func(transposed bool) []ir.Value {
		if x != nil {
			l.b.MatStore(spaceOf(p.Space), t, ptr[0], off, stride, transposed, [2]ir.Value(x))
			return nil
		}
		r := l.b.MatLoad(spaceOf(p.Space), t, ptr[0], off, stride, transposed)
		return r[:]
	}
	if bits, ok := l.b.ConstBits(transposed); ok {
		return access(bits != 0)
	}
	if x != nil {
		l.b.If(transposed, func() { access(true) }, func() { access(false) })
		return nil
	}
	first, second := l.b.Var(t, ""), l.b.Var(t, "")
	set := func(r []ir.Value) {
		l.b.Set(first, r[0])
		l.b.Set(second, r[1])
	}
	l.b.If(transposed, func() { set(access(true)) }, func() { set(access(false)) })
	return []ir.Value{l.b.Get(first), l.b.Get(second)}
}
