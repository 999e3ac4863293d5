package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// The lesser of a signalling NaN and a number is the number, as with any NaN. There
// is an instruction of AVX-512 that does all else that ir.OpFMin and ir.OpFMax are to
// do, zeros included, but takes a signalling NaN for the result. What is computed is
// none; what is loaded is to be made quiet first.

// quiets reports whether the float32 that op makes is never a signalling NaN.
func quiets(op ir.Op) bool {
	switch op {
	case ir.OpFAdd, ir.OpFSub, ir.OpFMul, ir.OpFDiv, ir.OpFSqrt, ir.OpFFma, ir.OpFMin, ir.OpFMax, ir.OpSToF, ir.OpUToF:
		return true
	}
	return false
}

// isQuiet reports whether no lane of a vector of float32 is known to be a signalling
// NaN.
func (l *lower) isQuiet(v vreg) bool {
	if v > 0 {
		return l.regs[v].quiet
	}
	const inf, quiet = 0x7f800000, 0x400000
	return !slices.ContainsFunc(l.constWords(v), func(x uint32) bool { return x&(1<<31-1) > inf && x&quiet == 0 })
}
