package jit

import (
	"math/bits"

	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

// Walks, as on amd64: see type walk. The routine takes
//
//	X14           what is added to every lane's offset
//	X16           where to go on
//	spare 4       the leaves, or (wide) the offsets themselves, in spare 6 too
//	spare 5       the mask of the active lanes
//	spares 0, 1   the values to store
//
// and leaves X16 0 and the values loaded in spares 0 and 3, or X16 1 if a lane
// is outside.

// walk emits an access of part q of in: with the leaves in register leaf,
// unless the offsets are whole operands. It goes to fail if an active lane is
// outside.
func (e *armEmitter) walk(in *ins, q int, leaf x.V, fail x.Label) {
	a := in.a
	w := walk{t: a.t, write: a.write, home: a.home, limit: a.exact, own: a.own}
	e.MovI(x.X14, uint64(a.k))
	if a.wide >= 0 {
		w.wide = true
		e.movV(spare(4), e.vec(in.s[a.wide], 4))
		e.movV(spare(6), e.vec(in.s[a.wide+1], 6))
	} else {
		w.signed, w.scale = a.signed, a.scale
		e.movV(spare(4), leaf)
		if a.add >= 0 {
			e.Op(x.ADD, 64, x.X14, x.X14, e.g(in.s[a.add], x.X15))
		}
		if part := a.part[a.first+q]; a.leaf < 0 && part != 0 {
			e.plus(x.X14, x.X14, int64(part))
		}
	}
	if a.own != 0 {
		w.lane = int64((a.first + q) * e.l.geo.v)
	}
	if act := in.active(q); act != 0 {
		e.movV(spare(5), e.vec(act, 5))
	} else {
		e.splat(spare(5), 1<<32-1)
	}
	if a.write {
		vs := in.values(q)
		k := e.pack(a.t, vs)
		for h := range vs {
			e.movV(spare(h), k.v[h])
		}
	}
	routine, ok := e.walks[w]
	if !ok {
		routine = e.NewLabel()
		if e.walks == nil {
			e.walks = map[walk]x.Label{}
		}
		e.walks[w] = routine
		e.later(func() { e.walkRoutine(routine, w) })
	}
	back := e.NewLabel()
	e.Adr(x.X16, back)
	e.B(routine)
	e.Bind(back)
	e.Cbnz(64, x.X16, fail)
	if a.write {
		return
	}
	for h, v := range in.results(q) {
		from := spare(3 * h)
		if e.l.regs[v].phys >= 0 {
			e.MovV(e.dst(v), from)
		} else {
			e.put(v, from)
		}
	}
}

// walkRoutine emits the access of four lanes. In it X12 is the scale, X13 the
// limit, X17 the memory.
func (e *armEmitter) walkRoutine(entry x.Label, w walk) {
	fail, end := e.NewLabel(), e.NewLabel()
	k := packed{t: w.t, v: [2]x.V{spare(0), spare(1)}}
	l := lanewise{t: w.t, d: [2]x.V{spare(0), spare(3)}}
	e.Bind(entry)
	e.Store(8, e.ctx(wordReturn, 8), x.X16)
	e.Load(8, x.X13, e.ctx(w.limit, 8))
	e.Load(8, x.X17, e.ctx(w.home, 8))
	if !w.wide {
		e.MovI(x.X12, uint64(w.scale))
	}
	if !w.write {
		e.splat(l.d[0], 0)
		e.splat(l.d[1], 0)
	}
	for i := range 4 {
		next := e.NewLabel()
		e.GetLane(x.S4, x.X15, spare(5), uint8(i))
		e.Cbz(32, x.X15, next)
		switch {
		case w.wide:
			e.GetLane(x.D2, x.X15, spare(4+i/2*2), uint8(i%2))
			e.Op(x.ADD, 64, x.X15, x.X15, x.X14)
		case w.signed:
			e.GetLane(x.S4, x.X15, spare(4), uint8(i))
			e.MulLong(x.SMADDL, x.X15, x.X15, x.X12, x.X14)
		default:
			e.GetLane(x.S4, x.X15, spare(4), uint8(i))
			e.MulLong(x.UMADDL, x.X15, x.X15, x.X12, x.X14)
		}
		e.Cmp(64, x.X15, x.X13)
		e.BCond(x.HS, fail)
		if w.own == 0 {
			e.Op(x.ADD, 64, x.X16, x.X17, x.X15)
		} else {
			e.ownPlace(w, i, fail)
		}
		switch {
		case w.own != 0 && w.own < int64(w.t.Size()):
			e.twoGranules(w, &k, &l, i)
		case w.write:
			e.storeLane(&k, i, x.X16)
		default:
			e.loadLane(&l, i, x.X16)
		}
		e.Bind(next)
	}
	if !w.write {
		e.end(&l)
	}
	e.MovI(x.X16, 0)
	e.Bind(end)
	e.Load(8, x.X17, e.ctx(wordReturn, 8))
	e.Br(x.X17)
	e.Bind(fail)
	e.MovI(x.X16, 1)
	e.B(end)
}

// ownPlace sets X16 to the address of an offset, X15, in the thread memory of
// lane i of the part. The granules of threads are interleaved. It fails where a
// value is in several granules that are no pieces of it.
func (e *armEmitter) ownPlace(w walk, i int, fail x.Label) {
	log := uint8(bits.TrailingZeros64(uint64(w.own)))
	e.Load(8, x.X16, e.ctx(wordLane, 8))
	e.plus(x.X16, x.X16, w.lane+int64(i))
	if w.own == 1 {
		e.Op(x.ADD, 64, x.X16, x.X16, x.X17)
		e.Load(8, armFar, e.ctx(wordStride, 8))
		e.Madd(64, x.X16, x.X15, armFar, x.X16)
		return
	}
	// The place in the granule.
	size := int64(w.t.Size())
	e.Field(false, 64, x.X12, x.X15, 0, log-1)
	if size > 1 {
		e.CmpI(64, x.X12, max(0, w.own-size))
		e.BCond(x.HI, fail)
	}
	e.ShrI(false, 64, x.X15, x.X15, log)
	e.Load(8, armFar, e.ctx(wordStride, 8))
	e.Madd(64, x.X16, x.X15, armFar, x.X16)
	e.OpShl(x.ADD, 64, x.X16, x.X12, x.X16, log)
	e.Op(x.ADD, 64, x.X16, x.X16, x.X17)
}

// twoGranules stores or loads a lane of 8 bytes whose halves are in granules, the
// first at X16.
func (e *armEmitter) twoGranules(w walk, k *packed, l *lanewise, i int) {
	for half := range uint8(2) {
		if half == 1 {
			e.Load(8, armFar, e.ctx(wordStride, 8))
			e.OpShl(x.ADD, 64, x.X16, x.X16, armFar, 2)
		}
		lane := uint8(i%2)*2 + half
		if w.write {
			e.StoreLane(x.S4, k.v[i/2], lane, x.X16)
		} else {
			e.LoadLane(x.S4, l.d[i/2], lane, x.X16)
		}
	}
}
