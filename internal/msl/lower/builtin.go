package lower

import (
	"strings"
	"sync"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// libFunc lowers a call of a library function.
type libFunc func(l *lowerer, e *sem.Builtin) []ir.Value

var (
	libraryOnce  sync.Once
	libraryFuncs map[string]libFunc
)

// library returns the functions by name.
func library() map[string]libFunc {
	libraryOnce.Do(func() {
		m := make(map[string]libFunc, 256)
		addMath(m)
		addCommon(m)
		addInteger(m)
		addRelational(m)
		addGeometric(m)
		addPack(m)
		addAtomics(m)
		addGroups(m)
		addTextures(m)
		addMatrices(m)
		for _, name := range []string{"dfdx", "dfdy", "fwidth"} {
			m[name] = func(l *lowerer, e *sem.Builtin) []ir.Value {
				l.fail(e.P, "'%s' needs the neighbours of a fragment: a kernel cannot use it", e.Name)
				return nil
			}
		}
		libraryFuncs = m
	})
	return libraryFuncs
}

// Supported reports whether calls of a library function can be lowered.
func Supported(name string) bool {
	_, ok := library()[name]
	return ok || name == "is_function_constant_defined"
}

// builtin calls a library function.
func (l *lowerer) builtin(e *sem.Builtin) []ir.Value {
	if e.Name == "is_function_constant_defined" {
		return []ir.Value{l.b.Bool(l.isDefined(e.Args[0]))}
	}
	if attr, ok := strings.CutPrefix(e.Name, "get_"); ok {
		return l.inputOf(attr, e.T)
	}
	f, ok := library()[e.Name]
	if !ok {
		l.fail(e.P, "the library function '%s' is not supported", e.Name)
	}
	return f(l, e)
}

// isDefined reports whether the function constant that e names has a value.
func (l *lowerer) isDefined(e sem.Expr) bool {
	switch x := e.(type) {
	case *sem.VarRef:
		_, ok := l.consts[x.Var]
		return ok || x.Var.FuncConst == nil
	case *sem.Convert:
		return l.isDefined(x.X)
	}
	return true
}

// args evaluates the arguments of a call. A scalar where another argument is a
// vector is repeated.
func (l *lowerer) args(e *sem.Builtin) [][]ir.Value {
	out := make([][]ir.Value, len(e.Args))
	n := 1
	for i, a := range e.Args {
		out[i] = l.value(a)
		n = max(n, len(out[i]))
	}
	l.at = e.P
	for i, v := range out {
		for len(v) < n && len(v) > 0 {
			v = append(v, out[i][0])
		}
		out[i] = v
	}
	return out
}

// scalarFunc is a function of scalars of type t.
type scalarFunc func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value

// each makes a library function of f, applied component by component. The
// type is that of the first argument.
func each(f scalarFunc) libFunc {
	return func(l *lowerer, e *sem.Builtin) []ir.Value {
		args := l.args(e)
		t := elemOf(e.Args[0].Type())
		out := make([]ir.Value, len(args[0]))
		x := make([]ir.Value, len(args))
		for i := range out {
			for k := range args {
				x[k] = args[k][i]
			}
			out[i] = f(l, t, x)
		}
		return out
	}
}

// op makes a scalarFunc of one operation whose result has its arguments' type.
func op(o ir.Op) scalarFunc {
	return func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		return l.b.Emit(o, l.scalarType(t), append([]ir.Value(nil), x...)...)
	}
}

// bySign chooses an operation by the type: for signed and unsigned integers
// and for floats.
func bySign(signed, unsigned, float ir.Op) scalarFunc {
	return func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		o := unsigned
		switch {
		case t.IsFloat():
			o = float
		case t.IsSigned():
			o = signed
		}
		return l.b.Emit(o, l.scalarType(t), append([]ir.Value(nil), x...)...)
	}
}

var (
	minOf = bySign(ir.OpSMin, ir.OpUMin, ir.OpFMin)
	maxOf = bySign(ir.OpSMax, ir.OpUMax, ir.OpFMax)
)

func (l *lowerer) min(t *types.Basic, x, y ir.Value) ir.Value { return minOf(l, t, []ir.Value{x, y}) }
func (l *lowerer) max(t *types.Basic, x, y ir.Value) ir.Value { return maxOf(l, t, []ir.Value{x, y}) }

// widened evaluates f in float and rounds to t: for half and bfloat.
func (l *lowerer) widened(t *types.Basic, x []ir.Value, f func(x []ir.Value) ir.Value) ir.Value {
	if t.Kind == types.Float {
		return f(x)
	}
	wide := make([]ir.Value, len(x))
	for i, v := range x {
		wide[i] = l.b.Emit(ir.OpFConv, ir.F32, v)
	}
	return l.b.Emit(ir.OpFConv, l.scalarType(t), f(wide))
}

// Shorthands for building expressions of one type.

func (l *lowerer) fadd(t ir.Type, x, y ir.Value) ir.Value { return l.b.Emit(ir.OpFAdd, t, x, y) }
func (l *lowerer) fsub(t ir.Type, x, y ir.Value) ir.Value { return l.b.Emit(ir.OpFSub, t, x, y) }
func (l *lowerer) fmul(t ir.Type, x, y ir.Value) ir.Value { return l.b.Emit(ir.OpFMul, t, x, y) }
func (l *lowerer) fdiv(t ir.Type, x, y ir.Value) ir.Value { return l.b.Emit(ir.OpFDiv, t, x, y) }
func (l *lowerer) test(o ir.Op, x, y ir.Value) ir.Value   { return l.b.Emit(o, ir.Bool, x, y) }
func (l *lowerer) imm(t ir.Type, bits int64) ir.Value     { return l.b.Const(t, uint64(bits)) }
