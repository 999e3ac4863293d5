package jit

import (
	"math/bits"

	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// keptStride emits a bundle that is evenly spaced and keeps what it turns. CX is the
// address of lane 0 of the first part, and all lanes are inside.
func (e *emitter) keptStride(members []*ins, k *kept, turned func()) {
	a := members[0].a
	v, size := int64(e.l.geo.v), int32(e.len.Bytes())
	arrays := e.l.lay.arraysAt()
	anew, fill, have, done := e.NewLabel(), e.NewLabel(), e.NewLabel(), e.NewLabel()
	e.Mov(64, x.AX, x.CX)
	e.ArithM(x.SUB, 64, x.AX, x.At(ctxReg, a.home))
	e.ArithM(x.CMP, 64, x.AX, x.At(ctxReg, k.room))
	e.Jcc(x.AE, anew)
	// Lane 0 has the first block of some, and the bundle is within it.
	e.TestI(32, x.AX, int32(k.block*v-k.block|4*bundleMost-1))
	e.Jcc(x.NE, anew)
	e.Mov(32, x.DX, x.AX)
	e.ArithI(x.AND, 32, x.DX, int32(k.block-1))
	e.Arith(x.SUB, 32, x.AX, x.DX)
	e.ShiftI(x.SHL, 32, x.DX, uint8(bits.TrailingZeros64(uint64(v))))
	e.Arith(x.ADD, 32, x.AX, x.DX)
	e.Mov(32, x.DX, x.AX)
	e.ShiftI(x.SHR, 32, x.DX, uint8(bits.TrailingZeros32(uint32(size))))
	tag := x.Indexed(ctxReg, x.DX, 4, arrays+k.tags)
	e.ArithMI(x.CMP, 32, tag, 0)
	e.Jcc(x.E, fill)
	word := func(q, j int) x.Mem {
		return x.Indexed(ctxReg, x.AX, 1, arrays+k.words+int32(int64(a.part[a.first+q])*a.scale)+int32(j)*size)
	}
	e.Bind(have)
	for q := range a.parts {
		for j, m := range members {
			e.loaded(m.t, m.d[q], func(d uint8) { e.loadV(d, word(q, j)) })
		}
	}
	e.Bind(done)
	e.later(func() {
		e.Bind(anew)
		turned()
		e.Jmp(done)
		e.Bind(fill)
		z := [4]uint8{e.load[0], e.load[1], e.load[2], e.tmp[0]}
		for q := range a.parts {
			e.columns(z, func(lane int) x.Mem {
				return x.At(x.CX, int32((int64(a.part[a.first+q])+int64(lane)*a.step)*a.scale))
			})
			e.turn(z, func(j int, get func(d uint8)) {
				get(z[2])
				e.storeV(word(q, j), z[2])
			})
		}
		e.StoreI(32, tag, 1)
		e.Jmp(have)
	})
}
