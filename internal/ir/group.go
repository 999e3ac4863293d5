package ir

import "math"

// Reductions and scans of the lanes of a group are trees, of one form for
// every operation, type and engine: so sums of floats, too, are the same
// everywhere, and an engine needs as many steps as the width has bits. Lanes
// that are not active take part with [GroupNeutral], which changes nothing.

// SimdLanes is how many threads a SIMD group has.
const SimdLanes = 32

// Op returns the operation that g stands for on values of type t.
func (g GroupOp) Op(t Type) Op {
	ops := [numGroupOps]Op{GroupAdd: OpAdd, GroupMul: OpMul, GroupAnd: OpAnd, GroupOr: OpOr, GroupXor: OpXor, GroupUMin: OpUMin,
		GroupUMax: OpUMax, GroupSMin: OpSMin, GroupSMax: OpSMax, GroupFMin: OpFMin, GroupFMax: OpFMax}
	switch {
	case g == GroupAdd && t.IsFloat():
		return OpFAdd
	case g == GroupMul && t.IsFloat():
		return OpFMul
	}
	return ops[g]
}

// GroupIdentity returns what an exclusive scan gives a lane before which there
// is none.
func GroupIdentity(op GroupOp, t Type) uint64 {
	mask := Mask(t)
	switch op {
	case GroupMul:
		if t.IsFloat() {
			return Narrow(t, 1)
		}
		return 1
	case GroupAnd, GroupUMin:
		return mask
	case GroupSMin:
		return mask >> 1
	case GroupSMax:
		return mask &^ (mask >> 1)
	case GroupFMin:
		return Narrow(t, float32(math.Inf(1)))
	case GroupFMax:
		return Narrow(t, float32(math.Inf(-1)))
	}
	return 0
}

// GroupNeutral returns the value with which op changes nothing, not even the
// sign of a zero or a NaN: -0 for sums of floats, and a NaN for the least and
// the greatest, to which it gives way.
func GroupNeutral(op GroupOp, t Type) uint64 {
	switch {
	case op == GroupAdd && t.IsFloat():
		return Narrow(t, float32(math.Copysign(0, -1)))
	case op == GroupFMin || op == GroupFMax:
		return Narrow(t, float32(math.NaN()))
	}
	return GroupIdentity(op, t)
}

// GroupReduce combines the values of the lanes of a group: the upper half of
// them with the lower, lane by lane, and so on until one is left. What is in
// vals, one value a lane, is lost.
func GroupReduce(op GroupOp, t Type, vals []uint64) uint64 {
	o := op.Op(t)
	for n := len(vals) / 2; n > 0; n /= 2 {
		for i := range n {
			vals[i], _ = Eval(o, t, t, vals[i], vals[i+n], 0)
		}
	}
	return vals[0]
}

// GroupScan replaces the value of every lane by the combination of those up to
// it: each with that of the lane before it, then with that of two before, then
// four, and so on. If it is not inclusive, every lane gets what has come out for
// the lane before, combined with [GroupIdentity].
func GroupScan(op GroupOp, t Type, vals []uint64, inclusive bool) {
	o := op.Op(t)
	for d := 1; d < len(vals); d *= 2 {
		for i := len(vals) - 1; i >= d; i-- {
			vals[i], _ = Eval(o, t, t, vals[i-d], vals[i], 0)
		}
	}
	if inclusive {
		return
	}
	none := GroupIdentity(op, t)
	for i := len(vals) - 1; i > 0; i-- {
		vals[i], _ = Eval(o, t, t, none, vals[i-1], 0)
	}
	vals[0] = none
}
