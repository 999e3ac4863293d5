package jit

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// reciprocal returns one over the divisor, if in is a division of unsigned words
// that differ by one that is the same for all threads and there is code that
// multiplies instead; 0 if not.
//
// For words a and b, (a+1/2)/b is at least 1/(2*b) from any integer, and as a
// product of 64-bit floats at most 2^-20/b from what it would be with all digits:
// it is truncated to what a/b is. For b = 0 it is infinite, and converted to all
// ones.
func (l *lower) reciprocal(in *ir.Instr) vreg {
	if in.Op != ir.OpUDiv && in.Op != ir.OpURem || in.Type != ir.I32 || !l.cpu.hasReciprocals() {
		return 0
	}
	by := in.Args[1]
	if c, ok := l.sh.Constant(by); ok {
		return l.splatConst(ir.I64, math.Float64bits(1/float64(c)))
	}
	if l.sh.Values[by].Kind != shape.Uniform {
		return 0
	}
	over := l.vals[by].over
	if over == 0 {
		g := l.g(by, 0)
		l.remember(by)
		over = l.emit1(lReciprocal, vector, 0, g)
		l.vals[by].over = over
	}
	return over
}
