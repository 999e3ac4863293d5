package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// Accesses whose lanes are anywhere. There are three ways, the next where one
// does not do: as a row, if the lanes turn out to be side by side; gathers and
// scatters, if all are inside and their offsets have 31 bits; a walk.

// walkApart emits, elsewhere, the walk over the lanes of a part that are not all inside,
// or too far from one another: from far on.
func (e *emitter) walkApart(in *ins, slow, back x.Label) (far x.Label) {
	far = e.NewLabel()
	e.later(func() {
		e.Bind(far)
		e.walk(in, 0, e.vec(in.s[in.a.leaf], 1), slow)
		e.Jmp(back)
	})
	return far
}

// lanes emits an access of a part with its own leaf in every lane.
func (e *emitter) lanes(in *ins, slow, back x.Label) {
	a := in.a
	far := e.walkApart(in, slow, back)
	anywhere := func() {
		leaf := e.vec(in.s[a.leaf], 1)
		if !a.write && a.size == 4 {
			e.sameLanes(in, leaf, back)
		}
		if a.near && e.evex {
			if a.write {
				e.nearStore(in, leaf, back)
			} else {
				e.nearLoad(in, leaf, back)
			}
			leaf = e.vec(in.s[a.leaf], 1)
		}
		m, index := e.laneIndices(in, leaf, 0, far)
		e.gather(in, 0, index, m)
	}
	if a.step == 0 || a.write && !e.cpu.storesRow(a.t, a.act >= 0) {
		anywhere()
		e.Bind(back)
		return
	}
	apart := e.NewLabel()
	e.later(func() {
		e.Bind(apart)
		anywhere()
		e.Jmp(back)
	})
	m := e.sideBySide(in, apart)
	for h := range halves(a.t) {
		at := m.Add(int32(h * e.half * 8))
		if a.write {
			e.storeRow(in, at, 0, h, in.s[a.val+h])
		} else {
			e.loadRow(in.d[h], a.t, at)
		}
	}
	e.Bind(back)
}

// sideBySide emits a look at whether the lanes are side by side and inside,
// active or not, and returns where the first is; else the code goes to apart.
func (e *emitter) sideBySide(in *ins, apart x.Label) x.Mem {
	a := in.a
	leaf := e.vec(in.s[a.leaf], 1)
	from, first := e.tmp[0], e.tmp[1]
	e.v3(&x.VPSUBD, from, leaf, x.M(e.constant(e.l.ramp(0, a.step))))
	e.v2(&x.VPBROADCASTD, first, x.X(leaf))
	e.differs(from, first, apart)
	e.V(&x.VMOVDs, x.Mode{EVEX: leaf >= 16}, leaf, 0, x.GR(x.AX), 0)
	return e.rowAt(in, a.beside, a.step*int64(e.l.geo.v-1), apart)
}

// rowAt returns where a row is of which AX has the first leaf, the last one being so
// much more, if it is inside by a limit; else the code goes to apart. It uses AX, CX and
// DX.
func (e *emitter) rowAt(in *ins, limit int32, last int64, apart x.Label) x.Mem {
	a := in.a
	if a.add < 0 {
		e.ArithM(x.CMP, 64, x.AX, x.At(ctxReg, limit))
		e.Jcc(x.AE, apart)
	} else {
		e.ArithI(x.CMP, 32, x.AX, int32(1<<31-1-last))
		e.Jcc(x.A, apart)
	}
	base := e.g(in.s[a.base], x.DX)
	if a.add < 0 && scales(a.scale) {
		return x.Indexed(base, x.AX, uint8(a.scale), int32(a.k))
	}
	e.scale(x.AX, a.scale)
	if a.add >= 0 {
		e.Mov(64, x.CX, x.AX)
		e.arithVia(x.ADD, x.CX, in.s[a.add], x.AX)
		e.ArithM(x.CMP, 64, x.CX, x.At(ctxReg, limit))
		e.Jcc(x.AE, apart)
		return x.Indexed(base, x.CX, 1, int32(a.k))
	}
	return x.Indexed(base, x.AX, 1, int32(a.k))
}

// differs goes to label to if a lane of a is not that of b. Without AVX-512 it
// changes a.
func (e *emitter) differs(a, b uint8, to x.Label) {
	if e.evex {
		e.V(&x.VPCMPUD, e.mode(), k7, a, x.X(b), 4)
		e.V(&x.KORTESTW, x.Mode{}, k7, 0, x.X(k7), 0)
	} else {
		e.v3(&x.VPXOR, a, a, x.X(b))
		e.v2(&x.VPTEST, a, x.X(a))
	}
	e.Jcc(x.NE, to)
}

// beyond goes to label to if the lane of an active leaf of part q is not below
// that of limit, a register or one word for all lanes.
func (e *emitter) beyond(in *ins, q int, leaf uint8, limit x.Operand, to x.Label) {
	a := in.a
	if e.evex {
		mode := e.mode()
		if a.act >= 0 {
			mode.K = e.maskIn(in.s[a.act+q], k6)
		}
		e.V(&x.VPCMPUD, mode, k7, leaf, limit, 5)
		e.V(&x.KORTESTW, x.Mode{}, k7, 0, x.X(k7), 0)
		e.Jcc(x.NE, to)
		return
	}
	t, bad := e.tmp[1], e.tmp[2]
	if limit.IsMem {
		e.v2(&x.VPBROADCASTD, t, limit)
		limit = x.X(t)
	}
	e.v3(&x.VPMINUD, bad, leaf, limit)
	e.v3(&x.VPCMPEQD, bad, bad, limit)
	if a.act >= 0 {
		e.v3(&x.VPAND, bad, bad, e.rm(in.s[a.act+q]))
	}
	e.v2(&x.VPTEST, bad, x.X(bad))
	e.Jcc(x.NE, to)
}

// laneIndices checks the leaves of an access of part q and goes to far if that
// of an active lane is outside. It returns what a gather is given: the place
// that indices count from, and the register that holds them. It uses AX, CX, DX
// and all temporary registers.
func (e *emitter) laneIndices(in *ins, leaf uint8, q int, far x.Label) (m x.Mem, index uint8) {
	a := in.a
	base := e.g(in.s[a.base], x.DX)
	limit := x.At(ctxReg, a.limit)
	m = x.Mem{Base: base, Index: x.NoReg, Scale: 1, Disp: int32(a.k)}
	index = leaf
	if scales(a.scale) {
		m.Scale = uint8(a.scale)
	}
	if a.add < 0 {
		e.beyond(in, q, leaf, x.MB(limit), far)
		if !scales(a.scale) {
			index = e.tmp[0]
			e.v3(&x.VPMULLD, index, leaf, x.M(e.all(uint32(a.scale))))
		}
		return m, index
	}
	// How much of the memory is left behind what is added.
	e.MovI(x.CX, uint64(a.k))
	e.arithVia(x.ADD, x.CX, in.s[a.add], x.AX)
	e.Load(64, x.AX, limit)
	e.Arith(x.CMP, 64, x.CX, x.AX)
	e.Jcc(x.AE, far)
	e.Arith(x.SUB, 64, x.AX, x.CX)
	e.Lea(64, x.CX, x.Indexed(base, x.CX, 1, 0))
	m.Base, m.Disp = x.CX, 0
	most := uint64(offsetsMost)
	if scales(a.scale) {
		// The number of leaves, not of bytes.
		n := bits.TrailingZeros64(uint64(a.scale))
		e.ArithI(x.ADD, 64, x.AX, int32(a.scale-1))
		if n > 0 {
			e.ShiftI(x.SHR, 64, x.AX, uint8(n))
		}
		most = 1<<31 - 1
	} else {
		e.beyond(in, q, leaf, x.MB(e.all(uint32(offsetsMost/a.scale))), far)
		index = e.tmp[0]
		e.v3(&x.VPMULLD, index, leaf, x.M(e.all(uint32(a.scale))))
	}
	e.MovI(x.DX, most)
	e.Arith(x.CMP, 64, x.AX, x.DX)
	e.Cmov(x.A, 64, x.AX, x.DX)
	e.splat32(e.tmp[1], x.AX)
	e.beyond(in, q, index, x.X(e.tmp[1]), far)
	return m, index
}

// gatherStride emits an access of evenly spaced lanes, the first of which is at
// m.
func (e *emitter) gatherStride(in *ins, m x.Mem) {
	a := in.a
	for q := range a.parts {
		m := m.Add(int32(int64(a.part[a.first+q]) * a.scale))
		switch {
		case a.dense() && a.write:
			e.storeDense(in, q, m)
		case a.dense():
			e.loadDense(in, q, m)
		case e.cpu.spaced(a):
			e.loadSpaced(in, q, m)
		default:
			e.loadV(e.load[1], e.constant(e.l.ramp(0, a.step*a.scale)))
			e.gather(in, q, e.load[1], m)
		}
	}
}

// gather emits a gather of part q, or a scatter, at m and the indices of a
// register, of which those of active lanes are not negative.
func (e *emitter) gather(in *ins, q int, index uint8, m x.Mem) {
	a := in.a
	act := vreg(0)
	if a.act >= 0 {
		act = in.s[a.act+q]
	}
	switch {
	case a.size == 8:
		for h := range 2 {
			if a.write {
				e.gather64(true, e.vec(in.s[a.val+2*q+h], 0), h, index, act, m)
				continue
			}
			v := in.d[2*q+h]
			d := e.dst(v)
			e.gather64(false, d, h, index, act, m)
			e.put(v, d)
		}
	case a.write:
		e.gatherMask(act)
		e.Gather(&x.VPSCATTERDD, e.masked(k7), e.vec(in.s[a.val+q], 0), index, 0, m)
	default:
		get := func(d uint8) {
			mask := e.gatherMask(act)
			e.v3(&x.VPXOR, d, d, x.X(d)) // what it was is not waited for
			if e.evex {
				e.Gather(&x.VPGATHERDD, e.masked(k7), d, index, 0, m)
			} else {
				e.Gather(&x.VPGATHERDD, e.mode(), d, index, mask, m)
			}
		}
		if a.size == 4 {
			d := e.dst(in.d[q])
			get(d)
			e.put(in.d[q], d)
			return
		}
		// A narrow value comes with what is behind it.
		e.loaded(a.t, in.d[q], func(d uint8) {
			t := e.tmp[2]
			get(t)
			if a.t == ir.BF16 { // shifted out
				e.movV(d, t)
			} else {
				e.v3(&x.VPAND, d, t, x.M(e.all(uint32(1<<(8*a.size)-1))))
			}
		})
	}
}

// gatherMask makes a mask for a gather, which clears it: k7, or the register
// that is returned. act is 0 if all lanes are active.
func (e *emitter) gatherMask(act vreg) uint8 {
	mask := e.load[2]
	switch {
	case e.evex && act == 0:
		e.maskAll(k7, true)
	case e.evex:
		e.V(&x.KMOVW, x.Mode{}, k7, 0, x.X(e.maskIn(act, k6)), 0)
	case act == 0:
		e.maskAll(mask, true)
	default:
		e.movV(mask, e.vec(act, 2))
	}
	return mask
}

// gather64 emits half h of a gather or scatter of 64 bits, of register d.
func (e *emitter) gather64(write bool, d uint8, h int, index uint8, act vreg, m x.Mem) {
	if h == 1 {
		e.upper(e.tmp[1], index)
		index = e.tmp[1]
	}
	mask := e.gatherMask(act)
	switch {
	case !e.evex && act != 0:
		e.movV(mask, e.halfMask(mask, ir.I64, int64(h)))
	case e.evex && h == 1:
		e.V(&x.KSHIFTRW, x.Mode{}, k7, 0, x.X(k7), uint8(e.half))
	}
	if write {
		e.Gather(&x.VPSCATTERDQ, e.masked(k7), d, index, 0, m)
		return
	}
	e.v3(&x.VPXOR, d, d, x.X(d))
	if e.evex {
		e.Gather(&x.VPGATHERDQ, e.masked(k7), d, index, 0, m)
	} else {
		e.Gather(&x.VPGATHERDQ, e.mode(), d, index, mask, m)
	}
}

// sameLanes emits a look at whether all lanes of a load are one place, which is
// often so where nobody could know before: then one load does it.
func (e *emitter) sameLanes(in *ins, leaf uint8, back x.Label) {
	a := in.a
	t, first := e.tmp[0], e.tmp[1]
	apart := e.NewLabel()
	e.v2(&x.VPBROADCASTD, first, x.X(leaf))
	if e.evex {
		t = leaf // stays what it is
	} else {
		e.movV(t, leaf)
	}
	e.differs(t, first, apart)
	e.V(&x.VMOVDs, x.Mode{EVEX: leaf >= 16}, leaf, 0, x.GR(x.CX), 0)
	if a.signed {
		e.Extend(x.SX32, 64, x.CX, x.CX)
	}
	e.scale(x.CX, a.scale)
	if a.add >= 0 {
		e.arithVia(x.ADD, x.CX, in.s[a.add], x.AX)
	}
	if a.k != 0 {
		e.ArithI(x.ADD, 64, x.CX, int32(a.k))
	}
	e.ArithM(x.CMP, 64, x.CX, x.At(ctxReg, a.exact))
	e.Jcc(x.AE, apart)
	d := e.dst(in.d[0])
	e.v2(&x.VPBROADCASTD, d, x.M(x.Indexed(e.g(in.s[a.base], x.DX), x.CX, 1, 0)))
	e.put(in.d[0], d)
	e.Jmp(back)
	e.Bind(apart)
}

// arithVia is op d, v of 64 bits, with a scratch register of its own.
func (e *emitter) arithVia(op x.Arith, d x.Reg, v vreg, scratch x.Reg) {
	if i, ok := e.small(v, 64); ok {
		e.ArithI(op, 64, d, i)
		return
	}
	e.Arith(op, 64, d, e.g(v, scratch))
}

// partly emits, elsewhere, an access of rows, strides or single places of which not all
// are inside, or in the middle of their memory: of one part after the other, under its mask.
func (e *emitter) partly(in *ins, slow, back x.Label) x.Label {
	a := in.a
	start := e.NewLabel()
	e.later(func() {
		e.Bind(start)
		for q := range a.parts {
			next := e.NewLabel()
			if a.act >= 0 {
				e.noneTo(&ins{s: in.s[a.act+q : a.act+q+1]}, next)
			}
			e.partlyPart(in, q, slow)
			e.Bind(next)
		}
		e.Jmp(back)
	})
	return start
}

func (e *emitter) partlyPart(in *ins, q int, slow x.Label) {
	a := in.a
	leaf := e.load[1]
	leaves := func() {
		if a.leaf < 0 {
			e.v3(&x.VPXOR, leaf, leaf, x.X(leaf))
			return
		}
		e.splat32(leaf, e.g(in.s[a.leaf], x.AX))
		e.v3(&x.VPADDD, leaf, leaf, x.M(e.constant(e.l.ramp(int64(a.part[a.first+q]), a.step))))
	}
	leaves()
	if a.form == toOne || a.write && !e.cpu.hasAccess(&access{form: toLanes, t: a.t, write: true}, true) {
		e.walk(in, q, leaf, slow)
		return
	}
	far, done := e.NewLabel(), e.NewLabel()
	e.later(func() {
		e.Bind(far)
		leaves()
		e.walk(in, q, leaf, slow)
		e.Jmp(done)
	})
	lanes := *in
	own := *a
	lanes.a = &own
	own.limit = own.each
	m, index := e.laneIndices(&lanes, leaf, q, far)
	if a.form == toRow && a.size == 4 {
		e.maskedRow(in, q, index, m)
	} else {
		e.gather(in, q, index, m)
	}
	e.Bind(done)
}

// maskedRow emits the access of part q of a row of 32-bit values, some of which
// are masked off and perhaps outside; that of lane 0 may have an index below zero.
func (e *emitter) maskedRow(in *ins, q int, index uint8, m x.Mem) {
	a := in.a
	e.V(&x.VMOVDs, x.Mode{EVEX: index >= 16}, index, 0, x.GR(x.AX), 0)
	e.Extend(x.SX32, 64, x.AX, x.AX)
	m.Index = x.AX
	if a.write {
		e.storeRow(in, m, q, 0, in.s[a.val+q])
		return
	}
	d := e.dst(in.d[q])
	if k := e.maskIn(in.s[a.act+q], k6); e.evex {
		e.V(&x.VMOVUPS, e.zeroing(k), d, 0, x.M(m), 0)
	} else {
		e.V(&x.VMASKMOVPS, e.mode(), d, k, x.M(m), 0)
	}
	e.put(in.d[q], d)
}
