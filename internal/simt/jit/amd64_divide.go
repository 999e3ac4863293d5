package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

func (b amd64) hasReciprocals() bool { return b.isa != AVX2 }

// reciprocal emits lReciprocal.
func (e *emitter) reciprocal(d uint8, g x.Reg) {
	e.splat32(d, g)
	e.v2(&x.VCVTUDQ2PD, d, x.X(d))
	e.loadV(e.tmp[0], e.all64(one64))
	e.v3(&x.VDIVPD, d, e.tmp[0], x.X(d))
}

// 64-bit floats.
const (
	one64  = 0x3ff0000000000000
	half64 = 0x3fe0000000000000
)

// divideBy emits a division of words by a word of which the reciprocal is known:
// see lower.reciprocal.
func (e *emitter) divideBy(in *ins, d uint8) {
	a, over := e.vec(in.s[0], 1), e.vec(in.s[2], 2)
	q, t := e.tmp[2], e.tmp[0]
	for h := range 2 {
		s := a
		if h == 1 {
			e.upper(t, a)
			s = t
		}
		e.v2(&x.VCVTUDQ2PD, t, x.X(s))
		e.v3(&x.VADDPD, t, t, x.M(e.all64(half64)))
		e.v3(&x.VMULPD, t, t, x.X(over))
		if h == 0 {
			e.v2(&x.VCVTTPD2UDQ, q, x.X(t))
			continue
		}
		e.v2(&x.VCVTTPD2UDQ, t, x.X(t))
		if e.len == x.L512 {
			e.vi(&x.VINSERTI256, q, q, x.X(t), 1)
		} else {
			e.vi(&x.VINSERTI128, q, q, x.X(t), 1)
		}
	}
	if in.irop == ir.OpUDiv {
		e.movV(d, q)
		return
	}
	e.v3(&x.VPMULLD, q, q, e.rm(in.s[1]))
	e.v3(&x.VPSUBD, d, a, x.X(q))
}
