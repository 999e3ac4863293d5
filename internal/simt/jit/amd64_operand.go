package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// takesPlace: what is one instruction takes its last operand from memory, and sums
// of products a factor.
func (b amd64) takesPlace(in *ins, i int, one bool) bool {
	evex := b.isa != AVX2
	if in.op != lVec || one && !evex {
		return false
	}
	if in.irop == ir.OpFFma && in.t == ir.F32 {
		return i < 2
	}
	vec := plainRow(in.irop, in.t)
	return vec != nil && (evex || vec.Encs != x.OnlyEVEX) && vec.Elem == 4 && (i == 1 || i == 0 && commutes(in.irop))
}

// operandAt returns the operand at p. It may use CX and DX.
func (e *emitter) operandAt(p *place) x.Operand {
	m := x.At(e.g(p.base, x.DX), p.disp)
	if p.index != 0 {
		m = x.Indexed(m.Base, e.g(p.index, x.CX), p.scale, p.disp)
	}
	return x.Operand{IsMem: true, Bcast: p.one, M: m}
}
