package lower

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// A bit-field is read and written as part of the object of its type that it lies
// in.

// bitUnit returns the type of that object in memory, and its width.
func (l *lowerer) bitUnit(p place) (t ir.Type, width int) {
	if t = l.scalarType(elemOf(p.t)); t == ir.Bool {
		t = ir.I8
	}
	return t, 8 * int(elemOf(p.t).Size())
}

// loadBits returns the value of the bit-field at p.
func (l *lowerer) loadBits(p place) ir.Value {
	t, width := l.bitUnit(p)
	above := width - p.bits.BitOffset - p.bits.Bits
	shr := ir.OpLShr
	if elemOf(p.t).IsSigned() {
		shr = ir.OpAShr
	}
	v := l.b.Load(p.space, t, p.ref, p.off, p.disp)
	v = l.b.Emit(ir.OpShl, t, v, l.b.Const(t, uint64(above)))
	v = l.b.Emit(shr, t, v, l.b.Const(t, uint64(width-p.bits.Bits)))
	if elemOf(p.t).Kind == types.Bool {
		return l.b.Emit(ir.OpNe, ir.Bool, v, l.b.Zero(t))
	}
	return v
}

// storeBits puts a value into the bit-field at p; bits that it has no room for
// are lost.
func (l *lowerer) storeBits(p place, v ir.Value) {
	t, _ := l.bitUnit(p)
	if l.b.F.TypeOf(v) == ir.Bool {
		v = l.b.Emit(ir.OpZExt, t, v)
	}
	mask := (uint64(1)<<p.bits.Bits - 1) << p.bits.BitOffset
	old := l.b.Load(p.space, t, p.ref, p.off, p.disp)
	old = l.b.Emit(ir.OpAnd, t, old, l.b.Const(t, ^mask&ir.Mask(t)))
	v = l.b.Emit(ir.OpShl, t, v, l.b.Const(t, uint64(p.bits.BitOffset)))
	v = l.b.Emit(ir.OpAnd, t, v, l.b.Const(t, mask))
	l.b.Store(p.space, t, p.ref, p.off, p.disp, l.b.Emit(ir.OpOr, t, old, v))
}

// stored returns what the object at p holds once vals have been stored there.
func (l *lowerer) stored(p place, vals []ir.Value) []ir.Value {
	if p.bits == nil {
		return vals
	}
	return []ir.Value{l.loadBits(p)}
}
