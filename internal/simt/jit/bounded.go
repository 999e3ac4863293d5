package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Between barriers it is often only some of the threads that do something, and
// those known by two numbers: the steps of a tree are
//
//	if (i < n) …
//
// So the code for such a region does not run for every chunk under a mask, but
// for the threads that it is for: in whole chunks without masks while there are
// so many, then in single vectors, and under a mask for what is left.

// bounds are the threads [lo, hi) of a group that an If is for.
type bounds struct {
	guard  *ir.Instr
	lo, hi vreg // scalars of 64 bits; lo is 0 if it is none
	whole  bool // lo is a multiple of the lanes of a chunk
}

// boundsOf finds the bounds of a region, if all that it does is in one If.
func (l *lower) boundsOf(pending []*ir.Instr) (b bounds, ok bool) {
	if l.gr == nil || l.gr.leaves {
		return b, false
	}
	for _, in := range pending {
		switch {
		case in.Op == ir.OpIf && b.guard == nil:
			b.guard = in
		case in.Op.Info().Class != ir.Pure || l.gr.arrays[in.Out] >= 0:
			return b, false
		}
	}
	in := b.guard
	if in == nil || len(in.Outs) > 0 || !simpleArm(in.Body[1]) || l.sh.Flow(in).Outward || in.Body[0].Last().Op != ir.OpYield {
		return b, false
	}
	d := l.sh.Defs[in.Args[0]]
	if d == nil || d.Op != ir.OpULt && d.Op != ir.OpULe && d.Op != ir.OpEq || l.f.TypeOf(d.Args[0]) != ir.I32 {
		return b, false
	}
	x, n := d.Args[0], d.Args[1]
	if d.Op == ir.OpEq && l.sh.Values[x].Kind == shape.Uniform {
		x, n = n, x
	}
	of := l.sh.Defs[x]
	if of == nil || of.Op != ir.OpBuiltin || l.sh.Values[n].Kind != shape.Uniform {
		return b, false
	}
	each := uint64(1) // threads with the same x
	switch builtin := ir.Builtin(of.Imm); {
	case builtin == ir.ThreadIndexInThreadgroup, builtin == ir.ThreadPositionInThreadgroupX && l.geo.form == line:
	case builtin == ir.SimdgroupIndexInThreadgroup && ir.SimdLanes%(l.geo.u*l.geo.v) == 0:
		each, b.whole = ir.SimdLanes, true
	default:
		return b, false
	}
	long := func(op ir.Op, a, b vreg) vreg { return l.scalarOp(op, ir.I64, ir.I64, a, b) }
	b.hi = l.g(n, 0)
	if d.Op != ir.OpULt {
		b.hi = long(ir.OpAdd, b.hi, l.imm(1))
	}
	b.hi = long(ir.OpUMin, long(ir.OpMul, b.hi, l.imm(each)), l.ctx(wordLanes))
	if d.Op == ir.OpEq {
		b.lo = long(ir.OpMul, l.g(n, 0), l.imm(each))
	}
	return b, true
}

// bounded lowers a region for the threads within its bounds.
func (l *lower) bounded(pending []*ir.Instr, b bounds) {
	geo := l.geo
	l.lane = l.reg(scalar)
	start := l.imm(0)
	if b.lo != 0 {
		start = l.scalarOp(ir.OpAnd, ir.I64, ir.I64, b.lo, l.imm(-uint64(geo.v)))
	}
	l.emit(ins{op: lMov, d: []vreg{l.lane}, s: []vreg{start}})
	narrow := geo.u > 1 && !l.knowsSimdgroups()
	if b.lo == 0 || b.whole {
		l.stretch(pending, b, true)
	}
	if narrow {
		l.geo.u = 1
		if b.lo == 0 {
			l.stretch(pending, b, true)
		}
	}
	l.stretch(pending, b, false)
	l.geo = geo
	l.emit(ins{op: lSetCtx, imm: wordLane, s: []vreg{l.imm(0)}})
}

// knowsSimdgroups reports whether the kernel looks at SIMD groups, which the
// chunks of single vectors would tear.
func (l *lower) knowsSimdgroups() bool {
	return minParts(l.f, l.geo.v) > 1 || slices.ContainsFunc(l.builtins, func(in *ir.Instr) bool {
		b := ir.Builtin(in.Imm)
		return b == ir.ThreadIndexInSimdgroup || b == ir.SimdgroupIndexInThreadgroup
	})
}

// stretch lowers the region for the chunks from the current lane on that are
// wholly below the upper bound, or, under a mask, for all that begin below it.
func (l *lower) stretch(pending []*ir.Instr, b bounds, whole bool) {
	chunk := int64(l.geo.u * l.geo.v)
	head, end, done := l.label(), l.label(), l.label()
	last := l.lane
	l.loops++
	from := int64(len(l.code))
	l.emit(ins{op: lLoop, imm: l.loops})
	l.bind(head)
	if whole {
		last = l.plus(ir.I64, l.lane, chunk-1)
	}
	l.emit(ins{op: lJumpCmp, irop: ir.OpULe, from: ir.I64, imm: done, s: []vreg{b.hi, last}})
	l.emit(ins{op: lSetCtx, imm: wordLane, s: []vreg{l.lane}})
	l.scope(func() {
		l.act = nil
		if !whole && !l.geo.full {
			lanes, iota := l.ctx(wordLanes), l.ramp(0, 1)
			for p := range l.geo.u {
				l.act = append(l.act, l.emit1(lTail, mask, int64(p*l.geo.v), lanes, l.lane, iota))
			}
		}
		l.inputs(true)
		t := &target{flow: &shape.Flow{}, entry: l.act, done: end, end: end}
		l.stack = nil
		for range l.gr.targets {
			l.stack = append(l.stack, t)
		}
		l.joins, l.isDead = nil, false
		for _, in := range pending {
			if in == b.guard && whole {
				l.block(in.Body[0])
			} else {
				l.instr(in)
			}
		}
	})
	l.act, l.isDead, l.joins, l.stack = nil, false, nil, nil
	l.bind(end)
	(&ir.Block{Code: pending}).Walk(l.forget)
	next := l.plus(ir.I64, l.lane, chunk)
	l.emit(ins{op: lMov, d: []vreg{l.lane}, s: []vreg{next}})
	l.emit(ins{op: lFuel, imm: int64(len(l.code)) - from, src: l.inner})
	l.jump(head)
	l.emit(ins{op: lEnd})
	l.bind(done)
}
