package jit

import (
	"encoding/binary"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Vectors and masks that are known when code is made. The index of a thread in
// its SIMD group is one: a chunk that is a whole number of SIMD groups has the
// same in every turn; so shuffles by a known distance, and what is done by one
// lane of a group alone, are known to the last lane.

// constWords returns the 32-bit words of a constant vector.
func (l *lower) constWords(v vreg) []uint32 {
	b := l.consts[-v]
	w := l.room.words.take(len(b) / 4)
	for i := range w {
		w[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return w
}

// foldable reports whether an operation on vectors, whose lanes are words, may
// be done when code is made.
func foldable(op ir.Op, t, from ir.Type, s []vreg) bool {
	if t != ir.I32 || from != ir.I32 || op < ir.OpAdd || op > ir.OpBitRev {
		return false
	}
	for _, v := range s {
		if v >= 0 {
			return false
		}
	}
	return true
}

// fold computes op on constant vectors of words.
func (l *lower) fold(op ir.Op, s []vreg) vreg {
	var args [3][]uint32
	for i, v := range s {
		args[i] = l.constWords(v)
	}
	w := l.perLane()
	for i := range w {
		var a [3]uint64
		for j := range s {
			a[j] = uint64(args[j][i])
		}
		w[i], _ = ir.Eval(op, ir.I32, ir.I32, a[0], a[1], a[2])
	}
	return l.constVec(w, 4)
}

// foldScalar computes op on scalars if all are known.
func (l *lower) foldScalar(op ir.Op, t, from ir.Type, s []vreg) (uint64, bool) {
	var a [3]uint64
	for i, v := range s {
		r := &l.regs[v]
		if !r.konst {
			return 0, false
		}
		a[i] = r.bits
	}
	return ir.Eval(op, t, from, a[0], a[1], a[2])
}

// allLanes is the mask of all lanes of a vector.
func (l *lower) allLanes() uint64 { return 1<<l.geo.v - 1 }

// maskConst returns a mask with these lanes.
func (l *lower) maskConst(lanes uint64) vreg {
	d := l.reg(mask)
	switch {
	case lanes == 0 || lanes == l.allLanes():
		imm := int64(0)
		if lanes != 0 {
			imm = 1
		}
		l.emit(ins{op: lMaskAll, d: []vreg{d}, imm: imm})
	case l.cpu.wideMasks():
		w := l.perLane()
		for i := range w {
			w[i] = -(lanes >> i & 1)
		}
		l.emit(ins{op: lMov, d: []vreg{d}, s: []vreg{l.constVec(w, 4)}})
	default:
		l.emit(ins{op: lMaskBits, d: []vreg{d}, imm: int64(lanes)})
	}
	if l.lanes == nil {
		l.lanes = map[vreg]uint64{}
	}
	l.lanes[d] = lanes
	return d
}

// knownMask returns the lanes of a mask, if they are known.
func (l *lower) knownMask(m vreg) (lanes uint64, ok bool) {
	lanes, ok = l.lanes[m]
	return lanes, ok
}

// someLane reports whether it is known that one of some masks has a lane.
func (l *lower) someLane(masks []vreg) bool {
	for _, m := range masks {
		if lanes, ok := l.knownMask(m); ok && lanes != 0 {
			return true
		}
	}
	return false
}

// foldMask computes op on masks, or a and not b, as far as they are known.
func (l *lower) foldMask(op ir.Op, andnot bool, s []vreg) (vreg, bool) {
	a, okA := l.knownMask(s[0])
	if op == ir.OpNot {
		if okA {
			return l.maskConst(^a & l.allLanes()), true
		}
		return 0, false
	}
	b, okB := l.knownMask(s[1])
	if andnot {
		b = ^b & l.allLanes()
	}
	all := l.allLanes()
	switch {
	case okA && okB:
		r, _ := ir.Eval(op, ir.I64, ir.I64, a, b, 0)
		return l.maskConst(r), true
	case op == ir.OpAnd && (okA && a == 0 || okB && b == 0):
		return l.maskConst(0), true
	case op == ir.OpAnd && okB && b == all, op == ir.OpOr && okB && b == 0:
		return s[0], true
	case !andnot && (op == ir.OpAnd && okA && a == all || op == ir.OpOr && okA && a == 0):
		return s[1], true
	}
	return 0, false
}

// foldCompare compares constant vectors of words.
func (l *lower) foldCompare(op ir.Op, a, b vreg) vreg {
	x, y := l.constWords(a), l.constWords(b)
	lanes := uint64(0)
	for i := range x {
		r, _ := ir.Eval(op, ir.Bool, ir.I32, uint64(x[i]), uint64(y[i]), 0)
		lanes |= r << i
	}
	return l.maskConst(lanes)
}

// foldSelect returns a where m, else b, if that is known or one of the two.
func (l *lower) foldSelect(t ir.Type, m, a, b vreg) (vreg, bool) {
	lanes, ok := l.knownMask(m)
	switch {
	case !ok || t == ir.I64:
		return 0, false
	case lanes == l.allLanes():
		return a, true
	case lanes == 0:
		return b, true
	case a >= 0 || b >= 0:
		return 0, false
	}
	x, y := l.constWords(a), l.constWords(b)
	w := make([]uint64, len(x))
	for i := range w {
		w[i] = uint64(y[i])
		if lanes>>i&1 != 0 {
			w[i] = uint64(x[i])
		}
	}
	return l.constVec(w, 4), true
}
