package simt

import "github.com/aruminium-go/aruminium/internal/ir"

type execFunc = func(m *machine, in *inst)

// byKind chooses the function for the width of an integer type.
func byKind(t ir.Type, f8, f16, f32, f64 execFunc) execFunc {
	switch t {
	case ir.I8:
		return f8
	case ir.I16:
		return f16
	case ir.I32:
		return f32
	case ir.I64:
		return f64
	}
	return nil
}

// execOf returns the function that does op on t, or nil if there is none. from
// is the type of the first operand.
func execOf(op ir.Op, t, from ir.Type) execFunc {
	switch op {
	case ir.OpSelect:
		if t == ir.Void {
			return nil
		}
		return execSelect
	case ir.OpTrunc, ir.OpZExt, ir.OpSExt:
		if (t.IsInt() || t == ir.Bool) && (from.IsInt() || from == ir.Bool) {
			return execExtend
		}
	case ir.OpBitcast:
		switch {
		case t.Size() != from.Size() || t.Size() == 0:
			return nil
		case t.IsFloat() || from.IsFloat():
			return execBitcast
		}
		return execExtend
	case ir.OpFToS, ir.OpFToU:
		if from.IsFloat() && t.IsInt() {
			return execFToI
		}
	case ir.OpSToF, ir.OpUToF:
		if t.IsFloat() && from.IsInt() {
			return execIToF
		}
	case ir.OpFConv:
		if t.IsFloat() && from.IsFloat() {
			return execFConv
		}
	case ir.OpAnd, ir.OpOr, ir.OpXor:
		if t == ir.Bool {
			return execLogic
		}
		return binaryOf(t)
	case ir.OpNot:
		if t == ir.Bool {
			return execLogic
		}
		return unaryOf(t)
	case ir.OpNeg, ir.OpClz, ir.OpCtz, ir.OpPopcnt, ir.OpBitRev:
		return unaryOf(t)
	case ir.OpEq, ir.OpNe:
		if from == ir.Bool {
			return execLogic
		}
		return compareOf(from)
	case ir.OpULt, ir.OpULe, ir.OpSLt, ir.OpSLe:
		return compareOf(from)
	case ir.OpFEq, ir.OpFNe, ir.OpFLt, ir.OpFLe:
		if from.IsFloat() {
			return execFCompare
		}
	case ir.OpFAdd, ir.OpFSub, ir.OpFMul, ir.OpFDiv, ir.OpFCopysign, ir.OpFMin, ir.OpFMax, ir.OpFRem:
		if t.IsFloat() {
			return execFloat2
		}
	case ir.OpFNeg, ir.OpFAbs, ir.OpFFloor, ir.OpFCeil, ir.OpFTrunc, ir.OpFRint, ir.OpFRound, ir.OpFSqrt:
		if t.IsFloat() {
			return execFloat1
		}
	case ir.OpFFma:
		if t.IsFloat() {
			return execFma
		}
	case ir.OpLoad:
		if t.Size() > 0 {
			return execLoad
		}
	case ir.OpStore:
		if t.Size() > 0 {
			return execStore
		}
	case ir.OpAtomicLoad, ir.OpAtomicStore, ir.OpAtomicRMW, ir.OpAtomicCAS:
		if t.Size() > 0 {
			return execAtomic
		}
	case ir.OpAddr:
		return execAddr
	case ir.OpResolveRef:
		return execResolve
	case ir.OpResolveOffset:
		return execResolve
	case ir.OpTexQuery:
		return execQuery
	case ir.OpBarrier:
		return execNothing
	case ir.OpShuffle:
		return execShuffle
	case ir.OpGroupReduce:
		return execReduce
	case ir.OpGroupScan:
		return execScan
	case ir.OpBallot:
		return execBallot
	default:
		if op >= ir.OpAdd && op <= ir.OpSMulHi {
			return binaryOf(t)
		}
	}
	return nil
}

func binaryOf(t ir.Type) execFunc {
	return byKind(t, execInt[uint8, int8], execInt[uint16, int16], execInt[uint32, int32], execInt[uint64, int64])
}

func unaryOf(t ir.Type) execFunc {
	return byKind(t, execInt1[uint8], execInt1[uint16], execInt1[uint32], execInt1[uint64])
}

func compareOf(t ir.Type) execFunc {
	return byKind(t, execCompare[uint8, int8], execCompare[uint16, int16], execCompare[uint32, int32], execCompare[uint64, int64])
}

// execNothing is a barrier: all lanes are here already.
func execNothing(*machine, *inst) {}
