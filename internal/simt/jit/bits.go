package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// What counts or turns round the bits of lanes, of other operations where the
// processor has none for it.

// bitRow lowers an operation on the bits of one vector of lanes of type t.
func (l *lower) bitRow(op ir.Op, t ir.Type, v vreg) vreg {
	b := bitRow{l: l, t: ir.I32, ones: 1<<32 - 1}
	if t == ir.I64 {
		b = bitRow{l: l, t: t, ones: 1<<64 - 1}
	}
	spare := uint64(b.t.Bits() - t.Bits()) // bits of a lane above the value
	switch op {
	case ir.OpPopcnt:
		return b.count(v)
	case ir.OpCtz: // those below the lowest that is set, or stands for the end
		if spare > 0 {
			v = b.op(ir.OpOr, v, b.all(1<<t.Bits()))
		}
		return b.count(b.op(ir.OpAnd, b.op(ir.OpXor, v, b.all(b.ones)), b.op(ir.OpAdd, v, b.all(b.ones))))
	case ir.OpClz: // those that are not set when all below the highest are
		for n := uint64(1); n < uint64(t.Bits()); n *= 2 {
			v = b.op(ir.OpOr, v, b.op(ir.OpLShr, v, b.all(n)))
		}
		return b.count(b.op(ir.OpXor, v, b.all(ir.Mask(t))))
	}
	for n := uint64(1); n < uint64(b.t.Bits()); n *= 2 {
		low := b.all(b.pattern(n))
		up := b.op(ir.OpShl, b.op(ir.OpAnd, v, low), b.all(n))
		v = b.op(ir.OpOr, up, b.op(ir.OpAnd, b.op(ir.OpLShr, v, b.all(n)), low))
	}
	if spare > 0 {
		v = b.op(ir.OpLShr, v, b.all(spare))
	}
	return v
}

type bitRow struct {
	l    *lower
	t    ir.Type // I32 or I64
	ones uint64
}

func (b bitRow) op(op ir.Op, s ...vreg) vreg { return b.l.vop(op, b.t, b.t, s...) }

func (b bitRow) all(bits uint64) vreg { return b.l.splatConst(b.t, bits&b.ones) }

// pattern has every other n bits set, the lowest first.
func (b bitRow) pattern(n uint64) uint64 { return b.ones / (1<<n + 1) }

// count returns how many bits are set: of two, of four, of eight and so on.
func (b bitRow) count(v vreg) vreg {
	v = b.op(ir.OpSub, v, b.op(ir.OpAnd, b.op(ir.OpLShr, v, b.all(1)), b.all(b.pattern(1))))
	v = b.op(ir.OpAdd, b.op(ir.OpAnd, v, b.all(b.pattern(2))), b.op(ir.OpAnd, b.op(ir.OpLShr, v, b.all(2)), b.all(b.pattern(2))))
	v = b.op(ir.OpAnd, b.op(ir.OpAdd, v, b.op(ir.OpLShr, v, b.all(4))), b.all(b.pattern(4)))
	for n := uint64(8); n < uint64(b.t.Bits()); n *= 2 {
		v = b.op(ir.OpAdd, v, b.op(ir.OpLShr, v, b.all(n)))
	}
	return b.op(ir.OpAnd, v, b.all(127))
}
