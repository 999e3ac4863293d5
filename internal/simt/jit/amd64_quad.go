package jit

import x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"

// Four words of every lane, anywhere: a particle's, or a column of a matrix, that another
// tells the number of. They are one load of 16 bytes for each lane, turned in registers. Vectors of 16
// lanes, of which every index would have to come out of a vector first, are gathered in pairs of words.

// quadLanes emits loads of four words that are anywhere.
func (e *emitter) quadLanes(in *ins, members []*ins, apart x.Label) {
	a := in.a
	done := e.NewLabel()
	anywhere := func() {
		m, index := e.laneIndices(in, e.vec(in.s[a.leaf], 1), 0, apart)
		if e.l.geo.v == 16 {
			e.movV(e.load[1], index)
			e.pairAt(members[:2], 0, e.load[1], m)
			e.pairAt(members[2:], 0, e.load[1], m.Add(8))
			return
		}
		if a.act >= 0 {
			index = e.leadIdle(index, in.s[a.act], done)
		}
		cell := e.l.lay.cell(0)
		e.storeV(x.At(ctxReg, cell), index)
		e.loadColumns(members, 0, func(lane int) x.Mem {
			e.Load(32, x.AX, x.At(ctxReg, cell+int32(4*lane)))
			m.Index = x.AX
			return m
		})
	}
	if a.step == 0 {
		anywhere()
		e.Bind(done)
		return
	}
	e.rowElse(in, done, anywhere, func(m x.Mem) {
		if e.l.geo.v == 16 {
			e.loadQuads(members, 0, m)
		} else {
			e.loadColumns(members, 0, func(lane int) x.Mem { return m.Add(int32(16 * lane)) })
		}
	})
}

// leadIdle returns a register in which lanes that are not active have the index of one that
// is, so that what is loaded for them is inside; if none is, the code goes to none. It uses
// AX.
func (e *emitter) leadIdle(index uint8, act vreg, none x.Label) uint8 {
	first := e.tmp[1]
	k := e.maskIn(act, k6)
	e.maskBits(x.AX, act)
	e.Tzcnt(32, x.AX, x.AX)
	e.Jcc(x.B, none)
	e.V(&x.VMOVD, x.Mode{EVEX: e.evex}, first, 0, x.GR(x.AX), 0)
	e.v3(&x.VPERMD, first, first, x.X(index))
	e.v2(&x.VPBROADCASTD, first, x.X(first))
	if e.evex {
		e.V(&x.VBLENDMPS, e.masked(k), first, first, x.X(index), 0)
	} else {
		e.V(&x.VBLENDVPS, e.mode(), first, first, x.X(index), k<<4)
	}
	return first
}
