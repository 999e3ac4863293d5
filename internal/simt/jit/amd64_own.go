package jit

import x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"

func (amd64) hasOwnLanes() bool { return true }

// ownLanes emits an access of a part to words of thread memory at indices that differ,
// see own.go: a word is at its index times the lanes there is room for, plus the lane.
// Lanes that are outside, if active, are walked, which finds out which.
func (e *emitter) ownLanes(in *ins, slow, back x.Label) {
	a := in.a
	far := e.walkApart(in, slow, back)
	merged := a.write && !e.evex && a.act >= 0
	if merged {
		e.noneTo(&ins{s: in.s[a.act : a.act+1]}, back)
	}
	leaf, index := e.vec(in.s[a.leaf], 1), e.tmp[0]
	e.beyond(in, 0, leaf, x.MB(x.At(ctxReg, a.limit)), far)
	stride := x.At(ctxReg, wordStride)
	e.Load(64, x.AX, stride)
	if a.scale > 4 {
		e.ImulI(64, x.AX, x.AX, int32(a.scale/4))
	}
	e.splat32(index, x.AX)
	e.v3(&x.VPMULLD, index, index, x.X(leaf))
	if merged { // lanes that are not active store what they have at the beginning anyway
		e.v3(&x.VPAND, index, index, e.rm(in.s[a.act]))
	}
	e.v3(&x.VPADDD, index, index, x.M(e.constant(e.l.ramp(0, 1))))
	base := e.g(in.s[a.base], x.DX)
	e.Load(64, x.CX, x.At(ctxReg, wordLane))
	e.Lea(64, x.CX, x.Indexed(base, x.CX, 4, int32(4*a.first*e.l.geo.v)))
	if a.k != 0 {
		e.Load(64, x.AX, stride)
		e.ImulI(64, x.AX, x.AX, int32(a.k))
		e.Arith(x.ADD, 64, x.CX, x.AX)
	}
	m := x.Mem{Base: x.CX, Index: x.NoReg, Scale: 4}
	if !a.write || e.evex {
		e.gather(in, 0, index, m)
		e.Bind(back)
		return
	}
	value := e.vec(in.s[a.val], 0)
	if merged {
		old, mask := e.tmp[1], e.gatherMask(0)
		e.Gather(&x.VPGATHERDD, e.mode(), old, index, mask, m)
		e.V(&x.VBLENDVPS, e.mode(), old, old, x.X(value), e.vec(in.s[a.act], 2)<<4)
		value = old
	}
	indices, values := x.At(ctxReg, e.l.lay.cell(0)), x.At(ctxReg, e.l.lay.cell(1))
	e.storeV(indices, index)
	e.storeV(values, value)
	for i := range int32(e.l.geo.v) {
		e.Load(32, x.AX, indices.Add(4*i))
		e.Load(32, x.DX, values.Add(4*i))
		e.Store(32, x.Indexed(x.CX, x.AX, 4, 0), x.DX)
	}
	e.Bind(back)
}
