package jit

import (
	"slices"

	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

func (amd64) hasUpdates() bool { return true }

// update emits lUpdate. Indices are in the first cells, values, if they are not all
// the same constant, in those behind. A lane that is not active changes the first
// word of the memory by nothing: some lane is active there, so it has one.
func (e *emitter) update(in *ins) {
	a := in.a
	slow, back := slowly[x.Label](e, in)
	if a.act >= 0 {
		e.noneTo(&ins{s: in.s[a.act : a.act+a.masks]}, back)
	}
	op, _ := plainAtomic(in)
	same, isSame := uint32(0), false
	if v := in.s[a.val]; v < 0 && a.act < 0 && !slices.ContainsFunc(in.s[a.val:a.val+a.parts], func(w vreg) bool { return w != v }) {
		same, isSame = sameWords(e.l.consts[-v])
	}
	var m x.Mem
	for p := range a.parts {
		var indices uint8
		m, indices = e.laneIndices(in, e.vec(in.s[a.leaf+p], 1), p, slow)
		e.storeV(x.At(ctxReg, e.l.lay.cell(p)), e.orZero(in, p, indices))
		if !isSame {
			e.storeV(x.At(ctxReg, e.l.lay.cell(a.parts+p)), e.orZero(in, p, e.vec(in.s[a.val+p], 1)))
		}
	}
	e.Lea(64, x.CX, x.At(m.Base, m.Disp))
	e.TestI(32, x.CX, 3)
	e.Jcc(x.NE, slow)
	e.updateLanes(in, op, m.Scale, a.parts, isSame, same)
	e.Bind(back)
}

// orZero returns a register with v where lanes of part p are active, else zeros.
func (e *emitter) orZero(in *ins, p int, v uint8) uint8 {
	if in.a.act < 0 {
		return v
	}
	k := e.maskIn(in.s[in.a.act+p], k6)
	if e.evex {
		e.V(&x.VMOVAPS, e.zeroing(k), e.tmp[0], 0, x.X(v), 0)
	} else {
		e.v3(&x.VPAND, e.tmp[0], k, x.X(v))
	}
	return e.tmp[0]
}

// updateLanes does an operation without a result for the lanes of parts, one after
// the other: their indices, which count from CX, are in the first cells, and values,
// if they are not all the same, in those behind. Indices are loaded two at a time:
// the loads are what lanes wait for.
func (e *emitter) updateLanes(in *ins, op x.Arith, scale uint8, parts int, isSame bool, same uint32) {
	value := x.R8
	room := x.At(ctxReg, e.l.lay.regsAt)
	if !isSame {
		e.Store(64, room, value)
	}
	for p := range parts {
		indices, values := x.At(ctxReg, e.l.lay.cell(p)), x.At(ctxReg, e.l.lay.cell(parts+p))
		one := func(i int32, index x.Reg) {
			if !isSame {
				e.Load(32, value, values.Add(4*i))
			}
			if in.a.shared {
				e.Lock()
			}
			if m := x.Indexed(x.CX, index, scale, 0); isSame {
				e.ArithMI(op, 32, m, int32(same))
			} else {
				e.ArithMR(op, 32, m, value)
			}
		}
		for i := int32(0); i < int32(e.l.geo.v); i += 2 {
			e.Load(64, x.AX, indices.Add(4*i))
			e.Mov(32, x.DX, x.AX)
			e.ShiftI(x.SHR, 64, x.AX, 32)
			one(i, x.DX)
			one(i+1, x.AX)
		}
	}
	if !isSame {
		e.Load(64, value, room)
	}
}
