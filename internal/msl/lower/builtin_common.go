package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// addCommon adds the common functions (MSL spec, section 6.3) and those that
// integers and floats share.
func addCommon(m map[string]libFunc) {
	m["min"] = each(minOf)
	m["max"] = each(maxOf)
	m["abs"] = each(abs)
	m["clamp"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		return l.clamp(t, x[0], x[1], x[2])
	})
	m["saturate"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
		it := l.scalarType(t)
		return l.clamp(t, x[0], l.b.Zero(it), l.floatConst(it, 1))
	})
	m["sign"] = each(sign)
	m["mix"] = each(mix)
	m["step"] = each(step)
	m["smoothstep"] = each(smoothstep)
	for _, f := range []string{"", "f"} {
		m[f+"min3"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
			return l.min(t, l.min(t, x[0], x[1]), x[2])
		})
		m[f+"max3"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
			return l.max(t, l.max(t, x[0], x[1]), x[2])
		})
		m[f+"median3"] = each(func(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
			lo, hi := l.min(t, x[0], x[1]), l.max(t, x[0], x[1])
			return l.max(t, lo, l.min(t, hi, x[2]))
		})
	}
	m["select"] = selects
}

func (l *lowerer) clamp(t *types.Basic, x, lo, hi ir.Value) ir.Value {
	return l.min(t, l.max(t, x, lo), hi)
}

func abs(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	switch {
	case t.IsFloat():
		return l.b.Emit(ir.OpFAbs, it, x[0])
	case t.IsSigned():
		return l.b.Select(l.test(ir.OpSLt, x[0], l.b.Zero(it)), l.b.Emit(ir.OpNeg, it, x[0]), x[0])
	}
	return x[0]
}

// sign is 1, -1, or x itself where it is a zero, and 0 for NaN.
func sign(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	v, zero := x[0], l.b.Zero(it)
	r := l.b.Select(l.test(ir.OpFNe, v, v), zero, v)
	r = l.b.Select(l.test(ir.OpFLt, v, zero), l.floatConst(it, -1), r)
	return l.b.Select(l.test(ir.OpFLt, zero, v), l.floatConst(it, 1), r)
}

// mix is x + (y-x)*a.
func mix(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	return l.fadd(it, x[0], l.fmul(it, l.fsub(it, x[1], x[0]), x[2]))
}

// step is 0 where x is less than the edge, else 1.
func step(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	return l.b.Select(l.test(ir.OpFLt, x[1], x[0]), l.b.Zero(it), l.floatConst(it, 1))
}

// smoothstep is the cubic from 0 at the first edge to 1 at the second.
func smoothstep(l *lowerer, t *types.Basic, x []ir.Value) ir.Value {
	it := l.scalarType(t)
	u := l.fdiv(it, l.fsub(it, x[2], x[0]), l.fsub(it, x[1], x[0]))
	u = l.clamp(t, u, l.b.Zero(it), l.floatConst(it, 1))
	rest := l.fsub(it, l.floatConst(it, 3), l.fmul(it, l.floatConst(it, 2), u))
	return l.fmul(it, l.fmul(it, u, u), rest)
}

// selects is select(a, b, c): b where c is true, else a. An integer c is true
// where its topmost bit is set.
func selects(l *lowerer, e *sem.Builtin) []ir.Value {
	args := l.args(e)
	ct := elemOf(e.Args[2].Type())
	out := make([]ir.Value, len(args[0]))
	for i := range out {
		c := args[2][i]
		if ct.Kind != types.Bool {
			c = l.test(ir.OpSLt, c, l.b.Zero(l.scalarType(ct)))
		}
		out[i] = l.b.Select(c, args[1][i], args[0][i])
	}
	return out
}
