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
		t := matrixElem(e.T)
		at := l.matrixMemory(e.Args)
		l.setPos(e.P)
		return []ir.Value{l.b.Load(at.space, l.scalarType(t), at.ref, at.off[0], 0), l.b.Load(at.space, l.scalarType(t), at.ref, at.off[1], at.next)}
	}
	m["simdgroup_store"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		x := l.value(e.Args[0])
		t := l.scalarType(matrixElem(e.Args[0].Type()))
		at := l.matrixMemory(e.Args[1:])
		l.setPos(e.P)
		l.b.Store(at.space, t, at.ref, at.off[0], 0, x[0])
		l.b.Store(at.space, t, at.ref, at.off[1], at.next, x[1])
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

// matrixPlace is where the two elements of a lane lie: the second at off[1],
// and next bytes on.
type matrixPlace struct {
	space ir.Space
	ref   ir.Value
	off   [2]ir.Value
	next  int64
}

// matrixMemory evaluates the arguments that say where a matrix lies: pointer,
// elements from row to row, column and row of the corner, transposed or not.
func (l *lowerer) matrixMemory(args []sem.Expr) matrixPlace {
	p := args[0].Type().(*types.Pointer)
	ptr := l.value(args[0])
	stride, origin, transposed := l.scalar(args[1]), l.value(args[2]), l.scalar(args[3])
	row, col := l.matrixElement()
	wide := func(x ir.Value) ir.Value { return l.b.Emit(ir.OpZExt, ir.I64, x) }
	at := func(row, col ir.Value) ir.Value {
		y := l.b.Emit(ir.OpAdd, ir.I64, origin[1], wide(row))
		x := l.b.Emit(ir.OpAdd, ir.I64, origin[0], wide(col))
		i := l.b.Emit(ir.OpAdd, ir.I64, l.b.Emit(ir.OpMul, ir.I64, y, stride), x)
		return l.b.Emit(ir.OpAdd, ir.I64, ptr[1], l.b.Emit(ir.OpMul, ir.I64, i, l.b.I64(p.Elem.Size())))
	}
	m := matrixPlace{space: spaceOf(p.Space), ref: ptr[0]}
	first := at(row, col)
	if bits, ok := l.b.ConstBits(transposed); ok && bits == 0 {
		m.off, m.next = [2]ir.Value{first, first}, p.Elem.Size()
		return m
	}
	next := l.b.Emit(ir.OpAdd, ir.I32, col, l.b.I32(1))
	m.off[0] = l.b.Select(transposed, at(col, row), first)
	m.off[1] = l.b.Select(transposed, at(next, row), at(row, next))
	return m
}
