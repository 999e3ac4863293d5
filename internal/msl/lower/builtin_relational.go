package lower

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// addRelational adds the relational functions (MSL spec, section 6.6).
func addRelational(m map[string]libFunc) {
	m["isnan"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		return l.test(ir.OpFNe, x[0], x[0])
	})
	m["isinf"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		it := l.scalarType(t)
		return l.test(ir.OpFEq, l.b.Emit(ir.OpFAbs, it, x[0]), l.infinity(it))
	})
	m["isfinite"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		it := l.scalarType(t)
		return l.test(ir.OpFLt, l.b.Emit(ir.OpFAbs, it, x[0]), l.infinity(it))
	})
	m["isnormal"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		it := l.scalarType(t)
		abs := l.b.Emit(ir.OpFAbs, it, x[0])
		least := map[ir.Type]uint64{ir.F32: 0x00800000, ir.F16: 0x0400, ir.BF16: 0x0080}[it]
		return l.b.Emit(ir.OpAnd, ir.Bool,
			l.test(ir.OpFLe, l.b.Const(it, least), abs),
			l.test(ir.OpFLt, abs, l.infinity(it)))
	})
	m["signbit"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		n := l.scalarType(t).Int()
		return l.test(ir.OpSLt, l.bits(x[0], n), l.b.Zero(n))
	})
	m["isordered"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		return l.b.Emit(ir.OpAnd, ir.Bool, l.test(ir.OpFEq, x[0], x[0]), l.test(ir.OpFEq, x[1], x[1]))
	})
	m["isunordered"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		return l.b.Emit(ir.OpOr, ir.Bool, l.test(ir.OpFNe, x[0], x[0]), l.test(ir.OpFNe, x[1], x[1]))
	})
	m["not"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value { return l.not(x[0]) })
	m["all"] = fold(ir.OpAnd)
	m["any"] = fold(ir.OpOr)
}

func (l *lowerer) infinity(t ir.Type) ir.Value { return l.floatConst(t, float32(math.Inf(1))) }

// fold combines the components of a vector of bool. Those of an integer vector
// are true where the topmost bit is set.
func fold(o ir.Op) libFunc {
	return func(l *lowerer, e *sem.Builtin) []ir.Value {
		t := elemOf(e.Args[0].Type())
		var r ir.Value
		for i, v := range l.value(e.Args[0]) {
			if t.Kind != types.Bool {
				v = l.test(ir.OpSLt, v, l.b.Zero(l.scalarType(t)))
			}
			if i == 0 {
				r = v
			} else {
				r = l.b.Emit(o, ir.Bool, r, v)
			}
		}
		return []ir.Value{r}
	}
}
