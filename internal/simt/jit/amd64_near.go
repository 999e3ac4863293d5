package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// Lanes of which it is computed where they are, as in
//
//	uint a = (i / d) * 2 * d + i % d, b = a + d;
//
// are often near each other though not side by side: all in two rows. A gather of
// them is a permutation of the rows. A scatter in ascending order moves the lanes
// apart to where they go, and stores what is between the others under a mask.

// near reports whether lanes of an access may be worth a look at whether they are
// in two rows: words whose places are computed, not loaded.
func (l *lower) near(a *access, leaf ir.Value) bool {
	return a.form == toLanes && a.size == 4 && a.scale == 4 && a.t != ir.Bool && l.computed(leaf, 12)
}

// computed reports whether v is a number made of positions and of what is the same
// for all threads; depth is how far to look.
func (l *lower) computed(v ir.Value, depth int) bool {
	if l.sh.Values[v].Flat() {
		return true
	}
	d := l.sh.Defs[v]
	switch {
	case d == nil || depth == 0:
		return false
	case d.Op == ir.OpBuiltin:
		return true
	case d.Op.Info().Class != ir.Pure:
		return false
	}
	for _, a := range d.Args {
		if !l.computed(a, depth-1) {
			return false
		}
	}
	return true
}

// window emits a look at whether all active lanes are in the two rows from the one
// on that the first lane is in, and those inside; else the code goes to apart. It
// returns where the second row is, and in which register the places are in the two.
func (e *emitter) window(in *ins, leaf uint8, apart x.Label) (m x.Mem, at uint8) {
	v := e.l.geo.v
	at = e.tmp[0]
	e.V(&x.VMOVDs, x.Mode{EVEX: leaf >= 16}, leaf, 0, x.GR(x.AX), 0)
	e.ArithI(x.AND, 32, x.AX, int32(-v))
	e.splat32(at, x.AX)
	e.v3(&x.VPSUBD, at, leaf, x.X(at))
	e.beyond(in, 0, at, x.M(e.all(uint32(2*v))), apart)
	e.ArithI(x.ADD, 32, x.AX, int32(v))
	e.Jcc(x.B, apart)
	m = e.rowAt(in, in.a.beside, in.a.step*int64(v-1), apart)
	if in.a.add >= 0 { // what is added may be negative: the first row is to be inside, too
		e.ArithI(x.CMP, 64, x.CX, int32(e.len.Bytes()))
		e.Jcc(x.B, apart)
	}
	return m, at
}

// nearLoad emits a load of lanes in two rows; what is behind it is for others.
func (e *emitter) nearLoad(in *ins, leaf uint8, back x.Label) {
	apart := e.NewLabel()
	m, at := e.window(in, leaf, apart)
	e.loadV(e.tmp[1], m.Add(int32(-e.len.Bytes())))
	e.V(&x.VPERMI2D, e.mode(), at, e.tmp[1], x.M(m), 0)
	d := e.dst(in.d[0])
	e.movV(d, at)
	e.put(in.d[0], d)
	e.Jmp(back)
	e.Bind(apart)
}

// nearStore emits a store of lanes in two rows, in ascending order; what is behind
// it is for others.
func (e *emitter) nearStore(in *ins, leaf uint8, back x.Label) {
	a, v := in.a, e.l.geo.v
	apart := e.NewLabel()
	m, at := e.window(in, leaf, apart)
	e.Lea(64, x.CX, m)
	m = x.At(x.CX, 0)
	t, from := e.tmp[1], e.tmp[2]
	e.vi(&x.VALIGND, t, at, x.X(at), uint8(v-1)) // the lane before
	e.V(&x.VPCMPUD, e.mode(), k7, at, x.X(t), 6)
	e.V(&x.KMOVWr, x.Mode{}, uint8(x.AX), 0, x.X(k7), 0)
	e.ArithI(x.OR, 32, x.AX, 1)
	e.ArithI(x.CMP, 32, x.AX, int32(1<<v-1))
	e.Jcc(x.NE, apart)

	// A bit for each place that is stored to.
	bit, val := e.mode(), e.vec(in.s[a.val], 0)
	e.loadV(t, e.all(1))
	if a.act >= 0 {
		k := e.maskIn(in.s[a.act], k6)
		bit = e.zeroing(k)
		e.V(&x.VPCOMPRESSD, bit, val, 0, x.X(from), 0)
		val = from
	}
	e.V(&x.VPSLLVD, bit, t, t, x.X(at), 0)
	for n := v / 2; n > 0; n /= 2 {
		e.fold(at, t, n)
		e.v3(&x.VPOR, t, t, x.X(at))
	}
	e.V(&x.VMOVDs, x.Mode{EVEX: t >= 16}, t, 0, x.GR(x.AX), 0)

	low := x.ZX16
	if v == 8 {
		low = x.ZX8
	}
	row := func(s uint8, at x.Mem) {
		e.V(&x.KMOVWg, x.Mode{}, k7, 0, x.GR(x.AX), 0)
		e.V(&x.VPEXPANDD, e.zeroing(k7), t, 0, x.X(s), 0)
		e.V(&x.VMOVUPSs, e.masked(k7), t, 0, x.M(at), 0)
	}
	e.Extend(low, 32, x.DX, x.AX)
	e.Popcnt(32, x.DX, x.DX)
	row(val, m.Add(int32(-e.len.Bytes())))
	e.ShiftI(x.SHR, 32, x.AX, uint8(v))
	e.splat32(at, x.DX)
	e.v3(&x.VPADDD, at, at, x.M(e.constant(e.l.ramp(0, 1))))
	e.v3(&x.VPERMD, at, at, x.X(val))
	row(at, m)
	e.Jmp(back)
	e.Bind(apart)
}

// fold moves the upper of 2*n words of s down, into d.
func (e *emitter) fold(d, s uint8, n int) {
	switch n {
	case 8:
		e.V(&x.VEXTRACTI256, e.mode(), s, 0, x.X(d), 1)
	case 4:
		e.V(&x.VEXTRACTI128, e.mode(), s, 0, x.X(d), 1)
	case 2:
		e.vi(&x.VPSHUFD, d, 0, x.X(s), 0x4e)
	case 1:
		e.vi(&x.VPSHUFD, d, 0, x.X(s), 0xb1)
	}
}
