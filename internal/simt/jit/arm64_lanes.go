package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

// Accesses whose lanes are not side by side. Where all are inside, which
// vectors tell, lanes are loaded and stored one after the other; else, and where
// vectors cannot tell, in a walk, which looks at each by itself.

// A lanewise is where the lanes of a load go, one by one: a register, or two of
// halves.
type lanewise struct {
	t ir.Type
	d [2]x.V
}

// begin makes registers ready for the lanes of vs. It uses spares 0 and 3.
func (e *armEmitter) begin(t ir.Type, vs []vreg) lanewise {
	l := lanewise{t: t}
	for h, v := range vs {
		l.d[h] = e.dst(v)
		if h == 1 && l.d[h] == spare(0) {
			l.d[h] = spare(3)
		}
		e.splat(l.d[h], 0)
	}
	return l
}

// loadLane loads lane i from the address in r.
func (e *armEmitter) loadLane(l *lanewise, i int, r x.Reg) {
	lane := uint8(i)
	switch l.t.Size() {
	case 8:
		e.LoadLane(x.D2, l.d[i/2], lane%2, r)
		return
	case 2:
		switch l.t {
		case ir.I16:
			lane *= 2
		case ir.BF16:
			lane = 2*lane + 1
		}
	case 1:
		lane *= 4
	}
	e.LoadLane(arrOf(l.t), l.d[0], lane, r)
}

// end makes of lanes as they lie in memory what they are in registers.
func (e *armEmitter) end(l *lanewise) {
	switch d := l.d[0]; l.t {
	case ir.F16:
		e.V2(&x.FCVTL, x.B8, d, d)
	case ir.Bool:
		e.V3(&x.CMTST, x.S4, d, d, d)
	}
}

// values returns the halves of the value that part q of an access stores.
func (in *ins) values(q int) []vreg {
	n := halves(in.a.t)
	return in.s[in.a.val+q*n : in.a.val+q*n+n]
}

// results returns those of the value that part q loads.
func (in *ins) results(q int) []vreg {
	n := halves(in.a.t)
	return in.d[q*n : q*n+n]
}

// lanes emits an access of a part with its own leaf in every lane.
func (e *armEmitter) lanes(in *ins, slow, back x.Label) {
	a := in.a
	far := e.NewLabel()
	e.later(func() {
		e.Bind(far)
		e.walk(in, 0, e.vec(in.s[a.leaf], 4), slow)
		e.B(back)
	})
	leaf := e.laneIndices(in, far)
	shift := uint8(bits.TrailingZeros64(uint64(a.scale)))
	if a.scale != 1<<shift {
		e.MovI(x.X14, uint64(a.scale))
	}
	e.eachLane(in, 0, func(i int) {
		e.GetLane(x.S4, x.X16, leaf, uint8(i)) // with zeros above
		if a.scale == 1<<shift {
			e.OpShl(x.ADD, 64, x.X16, x.X17, x.X16, shift)
		} else {
			e.MulLong(x.UMADDL, x.X16, x.X16, x.X14, x.X17)
		}
	})
	e.Bind(back)
}

// strided emits a part of an access of evenly spaced lanes, the first of which
// is at X17+at.
func (e *armEmitter) strided(in *ins, q int, at int64) {
	e.eachLane(in, q, func(i int) { e.plus(x.X16, x.X17, at+int64(i)*in.a.step*in.a.scale) })
}

// eachLane does an access of part q, lane by lane, at what place sets X16 to:
// stores of active lanes, loads of all. It uses X15.
func (e *armEmitter) eachLane(in *ins, q int, place func(i int)) {
	a := in.a
	if !a.write {
		vs := in.results(q)
		l := e.begin(a.t, vs)
		for i := range 4 {
			place(i)
			e.loadLane(&l, i, x.X16)
		}
		e.end(&l)
		for h, v := range vs {
			e.put(v, l.d[h])
		}
		return
	}
	k := e.pack(a.t, in.values(q))
	act := in.active(q)
	var m x.V
	if act != 0 {
		m = e.vec(act, 5)
	}
	for i := range 4 {
		next := e.NewLabel()
		if act != 0 {
			e.GetLane(x.S4, x.X15, m, uint8(i))
			e.Cbz(32, x.X15, next)
		}
		place(i)
		e.storeLane(&k, i, x.X16)
		e.Bind(next)
	}
}

// laneIndices checks the indices of an access that may be anywhere, and goes
// far if that of an active lane is outside. It returns the register that has
// them, and sets X17 to the address they count from. Those of inactive lanes
// become 0, which is inside if any index is, and if none is, it goes far: what
// they name can be loaded. It uses X14 to X16.
func (e *armEmitter) laneIndices(in *ins, far x.Label) x.V {
	a := in.a
	leaf := e.vec(in.s[a.leaf], 4)
	if act := in.active(0); act != 0 {
		e.V3(&x.VAND, x.B16, spare(4), leaf, e.vec(act, 5))
		leaf = spare(4)
	}
	base := e.g(in.s[a.base], x.X17)
	if a.add < 0 {
		e.Load(8, x.X16, e.ctx(a.limit, 8)) // at most 2^31
		e.plus(x.X17, base, a.k)
	} else {
		// One more than the greatest index from the base on, at most 2^31.
		e.plus(x.X15, e.g(in.s[a.add], x.X15), a.k)
		e.CmpI(64, x.X15, 0)
		e.BCond(x.LT, far)
		e.Load(8, x.X16, e.ctx(a.limit, 8))
		e.Op(x.SUBS, 64, x.X16, x.X16, x.X15)
		e.BCond(x.LE, far)
		e.AddI(64, x.X16, x.X16, -1)
		if a.scale&(a.scale-1) == 0 {
			e.ShrI(false, 64, x.X16, x.X16, uint8(bits.TrailingZeros64(uint64(a.scale))))
		} else {
			e.MovI(x.X14, uint64(a.scale))
			e.Op2(x.UDIV, 64, x.X16, x.X16, x.X14)
		}
		e.Op(x.ADD, 64, x.X17, base, x.X15)
		e.MovI(x.X14, 1<<31-1)
		e.Cmp(64, x.X16, x.X14)
		e.Choose(x.CSEL, 64, x.X16, x.X16, x.X14, x.LO)
		e.AddI(64, x.X16, x.X16, 1)
	}
	e.Dup(x.S4, spare(5), x.X16)
	e.V3(&x.CMHS, x.S4, spare(5), leaf, spare(5))
	e.anyOf(x.X16, spare(5))
	e.Cbnz(32, x.X16, far)
	return leaf
}

// partly emits, elsewhere, a masked access of rows, strides or single places of
// which not all are inside: of one part after the other, under its mask.
func (e *armEmitter) partly(in *ins, slow, back x.Label) x.Label {
	a := in.a
	start := e.NewLabel()
	e.later(func() {
		e.Bind(start)
		for q := range a.parts {
			next := e.NewLabel()
			e.noneTo(in.s[a.act+q:a.act+q+1], next)
			leaf := spare(4)
			if a.leaf < 0 {
				e.splat(leaf, 0)
			} else {
				e.Dup(x.S4, leaf, e.g(in.s[a.leaf], x.X16))
				e.V3(&x.VADD, x.S4, leaf, leaf, e.vec(e.l.ramp(int64(a.part[a.first+q]), a.step), 5))
			}
			e.walk(in, q, leaf, slow)
			e.Bind(next)
		}
		e.B(back)
	})
	return start
}
