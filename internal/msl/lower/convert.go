package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// convert converts a scalar.
func (l *lowerer) convert(v ir.Value, from, to *types.Basic) ir.Value {
	if from == to {
		return v
	}
	f, t := l.scalarType(from), l.scalarType(to)
	switch {
	case to.Kind == types.Bool:
		if f.IsFloat() {
			return l.b.Emit(ir.OpFNe, ir.Bool, v, l.b.Zero(f))
		}
		return l.b.Emit(ir.OpNe, ir.Bool, v, l.b.Zero(f))
	case from.Kind == types.Bool:
		if t.IsFloat() {
			return l.b.Select(v, l.floatConst(t, 1), l.b.Zero(t))
		}
		return l.b.Emit(ir.OpZExt, t, v)
	case f.IsFloat() && t.IsFloat():
		return l.b.Emit(ir.OpFConv, t, v)
	case f.IsFloat():
		if to.IsSigned() {
			return l.b.Emit(ir.OpFToS, t, v)
		}
		return l.b.Emit(ir.OpFToU, t, v)
	case t.IsFloat():
		if from.IsSigned() {
			return l.b.Emit(ir.OpSToF, t, v)
		}
		return l.b.Emit(ir.OpUToF, t, v)
	}
	return l.resize(v, t, from.IsSigned())
}

// resize converts an integer, or a Bool, to another width.
func (l *lowerer) resize(v ir.Value, t ir.Type, signed bool) ir.Value {
	f := l.b.F.TypeOf(v)
	switch {
	case f == t:
		return v
	case f.Bits() > t.Bits():
		return l.b.Emit(ir.OpTrunc, t, v)
	case signed:
		return l.b.Emit(ir.OpSExt, t, v)
	}
	return l.b.Emit(ir.OpZExt, t, v)
}

// convertAll converts a value part by part.
func (l *lowerer) convertAll(vals []ir.Value, from, to types.Type) []ir.Value {
	if from == to {
		return vals
	}
	if b, ok := to.(*types.Basic); ok && b.Kind == types.Void {
		return nil
	}
	if _, ok := from.(*types.Pointer); ok {
		if b, ok := to.(*types.Basic); ok && b.Kind == types.Bool {
			return []ir.Value{l.b.Emit(ir.OpNe, ir.Bool, l.addr(vals[0], vals[1]), l.b.I64(0))}
		}
		return l.pointerCast(vals, from, to)
	}
	f, t := elemOf(from), elemOf(to)
	if f == nil || t == nil {
		l.bug("conversion of %s to %s", from, to)
	}
	if f == t {
		return vals
	}
	out := make([]ir.Value, len(vals))
	for i, v := range vals {
		out[i] = l.convert(v, f, t)
	}
	return out
}

// bitcast returns the bits of vals as the parts of a value of type to, which
// are as many bits together.
func (l *lowerer) bitcast(vals []ir.Value, to types.Type) []ir.Value {
	parts := l.shape(to).parts
	if len(parts) == len(vals) {
		out := make([]ir.Value, len(vals))
		for i, v := range vals {
			out[i] = l.bits(v, parts[i].t)
		}
		return out
	}
	// Through integers: take the smaller pieces together, or the larger apart.
	in := make([]ir.Value, len(vals))
	for i, v := range vals {
		in[i] = l.bits(v, l.b.F.TypeOf(v).Int())
	}
	out := make([]ir.Value, len(parts))
	if len(parts) < len(vals) {
		n := len(vals) / len(parts)
		for i, p := range parts {
			wide := p.t.Int()
			acc := l.b.Zero(wide)
			for k, v := range in[i*n : i*n+n] {
				v = l.resize(v, wide, false)
				shift := l.b.Const(wide, uint64(k*wide.Bits()/n))
				acc = l.b.Emit(ir.OpOr, wide, acc, l.b.Emit(ir.OpShl, wide, v, shift))
			}
			out[i] = l.bits(acc, p.t)
		}
		return out
	}
	n := len(parts) / len(vals)
	for i, p := range parts {
		v := in[i/n]
		wide := l.b.F.TypeOf(v)
		shift := l.b.Const(wide, uint64(i%n*wide.Bits()/n))
		v = l.resize(l.b.Emit(ir.OpLShr, wide, v, shift), p.t.Int(), false)
		out[i] = l.bits(v, p.t)
	}
	return out
}

// bits returns v under another type of the same width.
func (l *lowerer) bits(v ir.Value, t ir.Type) ir.Value {
	f := l.b.F.TypeOf(v)
	switch {
	case f == t:
		return v
	case f == ir.Bool: // a byte in memory
		return l.bits(l.b.Emit(ir.OpZExt, ir.I8, v), t)
	case t == ir.Bool:
		return l.b.Emit(ir.OpNe, ir.Bool, l.bits(v, ir.I8), l.b.Zero(ir.I8))
	}
	return l.b.Emit(ir.OpBitcast, t, v)
}
