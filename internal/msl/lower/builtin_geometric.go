package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// addGeometric adds the geometric functions (MSL spec, section 6.9) and those
// of matrices (6.8).
func addGeometric(m map[string]libFunc) {
	m["dot"] = func(l *lowerer, e *sem.Builtin) []ir.Value {
		args := l.args(e)
		return []ir.Value{l.dot(l.scalarType(elemOf(e.Args[0].Type())), args[0], args[1])}
	}
	m["cross"] = cross
	m["length"] = geometric(func(l *lowerer, x [][]ir.Value) []ir.Value {
		return []ir.Value{l.length(x[0])}
	})
	m["length_squared"] = geometric(func(l *lowerer, x [][]ir.Value) []ir.Value {
		return []ir.Value{l.dot(ir.F32, x[0], x[0])}
	})
	m["distance"] = geometric(func(l *lowerer, x [][]ir.Value) []ir.Value {
		return []ir.Value{l.length(l.difference(x[0], x[1]))}
	})
	m["distance_squared"] = geometric(func(l *lowerer, x [][]ir.Value) []ir.Value {
		d := l.difference(x[0], x[1])
		return []ir.Value{l.dot(ir.F32, d, d)}
	})
	m["normalize"] = geometric(func(l *lowerer, x [][]ir.Value) []ir.Value {
		n := l.length(x[0])
		out := make([]ir.Value, len(x[0]))
		for i, v := range x[0] {
			out[i] = l.fdiv(ir.F32, v, n)
		}
		return out
	})
	m["faceforward"] = faceforward
	m["reflect"] = reflect
	m["refract"] = refract
	m["transpose"] = transpose
	m["determinant"] = determinant
}

// geometric makes a library function of f, done in float whatever the type.
func geometric(f func(l *lowerer, x [][]ir.Value) []ir.Value) libFunc {
	return func(l *lowerer, e *sem.Builtin) []ir.Value {
		args := l.args(e)
		t := elemOf(e.Args[0].Type())
		if t.Kind == types.Float {
			return f(l, args)
		}
		for _, x := range args {
			for i, v := range x {
				x[i] = l.b.Emit(ir.OpFConv, ir.F32, v)
			}
		}
		out := append([]ir.Value(nil), f(l, args)...)
		for i, v := range out {
			out[i] = l.b.Emit(ir.OpFConv, l.scalarType(t), v)
		}
		return out
	}
}

// dot is the sum of the products, in order.
func (l *lowerer) dot(t ir.Type, x, y []ir.Value) ir.Value {
	sum := l.fmul(t, x[0], y[0])
	for i := 1; i < len(x); i++ {
		sum = l.fadd(t, sum, l.fmul(t, x[i], y[i]))
	}
	return sum
}

func (l *lowerer) length(x []ir.Value) ir.Value {
	if len(x) == 1 {
		return l.b.Emit(ir.OpFAbs, ir.F32, x[0])
	}
	return l.b.Emit(ir.OpFSqrt, ir.F32, l.dot(ir.F32, x, x))
}

func (l *lowerer) difference(x, y []ir.Value) []ir.Value {
	d := make([]ir.Value, len(x))
	for i := range d {
		d[i] = l.fsub(ir.F32, x[i], y[i])
	}
	return d
}

func cross(l *lowerer, e *sem.Builtin) []ir.Value {
	args := l.args(e)
	t := l.scalarType(elemOf(e.Args[0].Type()))
	x, y := args[0], args[1]
	part := func(i, k int) ir.Value {
		return l.fsub(t, l.fmul(t, x[i], y[k]), l.fmul(t, x[k], y[i]))
	}
	return []ir.Value{part(1, 2), part(2, 0), part(0, 1)}
}

// faceforward is n if dot(nref, i) is negative, else -n.
func faceforward(l *lowerer, e *sem.Builtin) []ir.Value {
	args := l.args(e)
	t := l.scalarType(elemOf(e.Args[0].Type()))
	toward := l.test(ir.OpFLt, l.dot(t, args[2], args[1]), l.b.Zero(t))
	out := make([]ir.Value, len(args[0]))
	for i, n := range args[0] {
		out[i] = l.b.Select(toward, n, l.b.Emit(ir.OpFNeg, t, n))
	}
	return out
}

// reflect is i - 2*dot(n, i)*n.
func reflect(l *lowerer, e *sem.Builtin) []ir.Value {
	args := l.args(e)
	t := l.scalarType(elemOf(e.Args[0].Type()))
	d := l.fmul(t, l.floatConst(t, 2), l.dot(t, args[1], args[0]))
	out := make([]ir.Value, len(args[0]))
	for i := range out {
		out[i] = l.fsub(t, args[0][i], l.fmul(t, d, args[1][i]))
	}
	return out
}

// refract bends i at a surface with normal n by the ratio eta; zero where all
// is reflected.
func refract(l *lowerer, e *sem.Builtin) []ir.Value {
	args := l.args(e)
	t := l.scalarType(elemOf(e.Args[0].Type()))
	in, n, eta := args[0], args[1], args[2][0]
	one, zero := l.floatConst(t, 1), l.b.Zero(t)
	d := l.dot(t, n, in)
	k := l.fsub(t, one, l.fmul(t, l.fmul(t, eta, eta), l.fsub(t, one, l.fmul(t, d, d))))
	c := l.fadd(t, l.fmul(t, eta, d), l.b.Emit(ir.OpFSqrt, t, k))
	none := l.test(ir.OpFLt, k, zero)
	out := make([]ir.Value, len(in))
	for i := range out {
		out[i] = l.b.Select(none, zero, l.fsub(t, l.fmul(t, eta, in[i]), l.fmul(t, c, n[i])))
	}
	return out
}

func transpose(l *lowerer, e *sem.Builtin) []ir.Value {
	m := e.Args[0].Type().(*types.Matrix)
	x := l.value(e.Args[0])
	out := make([]ir.Value, len(x))
	for c := range m.Cols {
		for r := range m.Rows {
			out[r*m.Cols+c] = x[c*m.Rows+r]
		}
	}
	return out
}

func determinant(l *lowerer, e *sem.Builtin) []ir.Value {
	m := e.Args[0].Type().(*types.Matrix)
	t := l.scalarType(m.Elem)
	x := l.value(e.Args[0])
	rows := make([]int, m.Rows)
	for i := range rows {
		rows[i] = i
	}
	return []ir.Value{l.minor(t, x, m.Rows, 0, rows)}
}

// minor is the determinant of the columns from c on and the rows given, of a
// matrix of n rows.
func (l *lowerer) minor(t ir.Type, x []ir.Value, n, c int, rows []int) ir.Value {
	if len(rows) == 1 {
		return x[c*n+rows[0]]
	}
	var sum ir.Value
	for i, r := range rows {
		rest := append(append([]int(nil), rows[:i]...), rows[i+1:]...)
		p := l.fmul(t, x[c*n+r], l.minor(t, x, n, c+1, rest))
		switch {
		case i == 0:
			sum = p
		case i%2 == 1:
			sum = l.fsub(t, sum, p)
		default:
			sum = l.fadd(t, sum, p)
		}
	}
	return sum
}
