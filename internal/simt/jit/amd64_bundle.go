package jit

import (
	"slices"

	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// hasBundle reports whether there is code for a bundle of n words.
func (b amd64) hasBundle(a *access, n int, masked bool) bool {
	switch {
	case a.form != toStride:
		return n == 2 && b.isa != AVX2 || n != 3 && !a.write
	case !a.write, n == 3 && a.step*a.scale == tripleBytes:
		return true
	case masked:
		return n == 2 && b.isa != AVX2
	}
	return b.isa != AVX2 || n > 2 || a.step*a.scale == 8
}

// bundle emits lBundle.
func (e *emitter) bundle(in *ins) {
	apart, back := e.NewLabel(), e.NewLabel()
	in.share()
	if slices.ContainsFunc(in.more.wholes, func(a *access) bool { return !a.safe }) {
		e.later(func() {
			e.Bind(apart)
			for _, m := range in.more.members {
				e.access(m)
			}
			e.Jmp(back)
		})
	}
	for i, whole := range in.more.wholes {
		members := in.together(i)
		first := *members[0]
		first.a = whole
		switch {
		case whole.form == toStride:
			e.bundleStride(&first, members, apart, in.more.kept)
		case len(members) > 2:
			e.quadLanes(&first, members, apart)
		default:
			e.pairLanes(&first, members, apart)
		}
	}
	e.Bind(back)
}

// bundleStride emits bundles that are evenly spaced.
func (e *emitter) bundleStride(in *ins, members []*ins, apart x.Label, k *kept) {
	a := in.a
	if a.safe {
		e.Lea(64, x.CX, e.inside(in))
	} else {
		e.Lea(64, x.CX, e.place(in, apart))
	}
	if k != nil {
		e.keptStride(members, k, func() { e.turnStride(a, members) })
	} else {
		e.turnStride(a, members)
	}
}

// turnStride emits bundles from CX on.
func (e *emitter) turnStride(a *access, members []*ins) {
	step := a.step * a.scale
	for q := range a.parts {
		m := x.At(x.CX, int32(int64(a.part[a.first+q])*a.scale))
		at := func(lane int) x.Mem { return m.Add(int32(int64(lane) * step)) }
		switch {
		case len(members) == 3 && step == tripleBytes && a.write:
			e.storeTriples(members, q, m)
		case len(members) == 3 && step == tripleBytes:
			e.loadTriples(members, q, m)
		case len(members) > 2 && a.write:
			e.storeColumns(members, q, at)
		case len(members) == 4 && step == 16 && e.l.geo.v == 16:
			e.loadQuads(members, q, m)
		case len(members) > 2:
			e.loadColumns(members, q, at)
		case step == 8 && !(a.write && a.act >= 0):
			e.pairRow(members, q, m)
		default:
			e.loadV(e.load[1], e.constant(e.l.ramp(0, step)))
			e.pairAt(members, q, e.load[1], m)
		}
	}
}

// pairLanes emits pairs that are anywhere.
func (e *emitter) pairLanes(in *ins, members []*ins, apart x.Label) {
	a := in.a
	done := e.NewLabel()
	anywhere := func() {
		m, index := e.laneIndices(in, e.vec(in.s[a.leaf], 1), 0, apart)
		e.pairAt(members, 0, index, m)
	}
	if a.step == 0 || a.write && a.act >= 0 {
		anywhere()
		return
	}
	e.rowElse(in, done, anywhere, func(m x.Mem) { e.pairRow(members, 0, m) })
}

// rowElse emits row for lanes that turn out to be side by side, from m on, and, out of the
// way, anywhere for others; both end at done.
func (e *emitter) rowElse(in *ins, done x.Label, anywhere func(), row func(m x.Mem)) {
	scattered := e.NewLabel()
	e.later(func() {
		e.Bind(scattered)
		anywhere()
		e.Jmp(done)
	})
	row(e.sideBySide(in, scattered))
	e.Bind(done)
}

// pairRow emits pairs of part q side by side, from m on.
func (e *emitter) pairRow(members []*ins, q int, m x.Mem) {
	next := m.Add(int32(e.len.Bytes()))
	a, b := e.load[1], e.load[2]
	if members[0].a.write {
		e.zip(members, q, a, b)
		e.storeV(m, a)
		e.storeV(next, b)
		return
	}
	e.loadV(a, m)
	e.loadV(b, next)
	e.unzip(members, q, a, b)
}

// pairAt emits a gather or scatter of pairs of part q, at m and the indices of a
// register.
func (e *emitter) pairAt(members []*ins, q int, index uint8, m x.Mem) {
	a := members[0].a
	act := vreg(0)
	if a.act >= 0 {
		act = members[0].s[a.act+q]
	}
	if a.write {
		lo, hi := e.load[2], e.tmp[2]
		e.zip(members, q, lo, hi)
		e.gather64(true, lo, 0, index, act, m)
		e.gather64(true, hi, 1, index, act, m)
		return
	}
	lo, hi := e.load[0], e.tmp[2]
	e.gather64(false, lo, 0, index, act, m)
	if !e.evex { // the masks come to where hi would be
		e.storeV(x.At(ctxReg, e.l.lay.cell(0)), lo)
		e.gather64(false, lo, 1, index, act, m)
		e.movV(hi, lo)
		e.loadV(lo, x.At(ctxReg, e.l.lay.cell(0)))
	} else {
		e.gather64(false, hi, 1, index, act, m)
	}
	e.unzip(members, q, lo, hi)
}

// unzip sets the results of part q to the first and the second words of the
// pairs in a and b.
func (e *emitter) unzip(members []*ins, q int, a, b uint8) {
	for i, m := range members {
		v := m.d[q]
		d := e.tmp[0]
		if r := e.l.regs[v].phys; r >= 0 {
			d = uint8(r)
		}
		if e.evex {
			e.loadV(d, e.constant(e.l.ramp(int64(i), 2)))
			e.v3(&x.VPERMI2D, d, a, x.X(b))
		} else {
			e.vi(&x.VSHUFPS, d, a, x.X(b), [...]uint8{0x88, 0xdd}[i])
			e.vi(&x.VPERMQI, d, 0, x.X(d), 0xd8)
		}
		e.put(v, d)
	}
}

// zip makes pairs of the values to store of part q, in a and b.
func (e *emitter) zip(members []*ins, q int, a, b uint8) {
	v0, v1 := e.vec(members[0].s[members[0].a.val+q], 0), members[1].s[members[1].a.val+q]
	t0, t1 := e.tmp[0], e.tmp[1]
	if e.evex {
		w := e.rm(v1)
		for i, d := range [2]uint8{a, b} {
			words := e.l.perLane()
			for j := range words {
				words[j] = uint64(i*e.l.geo.v/2 + j/2 + j%2*e.l.geo.v)
			}
			e.loadV(d, e.constant(e.l.constVec(words, 4)))
			e.v3(&x.VPERMI2D, d, v0, w)
		}
		return
	}
	w := e.vec(v1, 1)
	e.v3(&x.VUNPCKLPS, t0, v0, x.X(w))
	e.v3(&x.VUNPCKHPS, t1, v0, x.X(w))
	e.vi(&x.VPERM2I128, a, t0, x.X(t1), 0x20)
	e.vi(&x.VPERM2I128, b, t0, x.X(t1), 0x31)
}

// turn turns four registers: word j of the 16 bytes i of register k goes to word
// k of those of result j, which are given to f one after the other, in a
// register that f may keep for as long as it runs. It uses the first two
// temporary registers and all of z.
func (e *emitter) turn(z [4]uint8, f func(j int, get func(d uint8))) {
	t0, t1 := e.tmp[1], e.tmp[2]
	e.v3(&x.VUNPCKLPS, t0, z[0], x.X(z[1]))
	e.v3(&x.VUNPCKHPS, t1, z[0], x.X(z[1]))
	e.v3(&x.VUNPCKLPS, z[0], z[2], x.X(z[3]))
	e.v3(&x.VUNPCKHPS, z[1], z[2], x.X(z[3]))
	f(0, func(d uint8) { e.v3(&x.VUNPCKLPD, d, t0, x.X(z[0])) })
	f(1, func(d uint8) { e.v3(&x.VUNPCKHPD, d, t0, x.X(z[0])) })
	f(2, func(d uint8) { e.v3(&x.VUNPCKLPD, d, t1, x.X(z[1])) })
	f(3, func(d uint8) { e.v3(&x.VUNPCKHPD, d, t1, x.X(z[1])) })
}

// loadColumns emits loads of three or four words of every lane.
func (e *emitter) loadColumns(members []*ins, q int, at func(lane int) x.Mem) {
	z := [4]uint8{e.load[0], e.load[1], e.load[2], e.tmp[0]}
	e.columns(z, at)
	e.turn(z, func(j int, get func(d uint8)) {
		if j == len(members) {
			return
		}
		v := members[j].d[q]
		d := z[2]
		if r := e.l.regs[v].phys; r >= 0 {
			d = uint8(r)
		}
		get(d)
		e.put(v, d)
	})
}

// loadQuads emits loads of four words of every lane, which lie side by side from m
// on: of the four vectors that they are, two at a time become pairs of the results'
// halves.
func (e *emitter) loadQuads(members []*ins, q int, m x.Mem) {
	a, b, lo, hi := e.load[1], e.load[2], e.tmp[1], e.tmp[2] // load[0] is for what is spilled
	size := int32(e.len.Bytes())
	e.loadV(a, m)
	e.loadV(b, m.Add(2*size))
	for i := 0; i < 4; i += 2 {
		var words, high [16]uint64
		for j := range words {
			words[j] = uint64(j%8*4 + j/8 + i)
			high[j] = uint64(8 + j%8 + j/8*16)
		}
		e.loadV(lo, e.constant(e.l.constVec(words[:], 4)))
		e.movV(hi, lo)
		e.v3(&x.VPERMI2D, lo, a, x.M(m.Add(size)))
		e.v3(&x.VPERMI2D, hi, b, x.M(m.Add(3*size)))
		e.loaded(members[i].t, members[i].d[q], func(d uint8) { e.vi(&x.VINSERTI256, d, lo, x.X(hi), 1) })
		e.loaded(members[i+1].t, members[i+1].d[q], func(d uint8) {
			e.loadV(d, e.constant(e.l.constVec(high[:], 4)))
			e.v3(&x.VPERMI2D, d, lo, x.X(hi))
		})
	}
}

// storeColumns emits stores of three or four words of every lane.
func (e *emitter) storeColumns(members []*ins, q int, at func(lane int) x.Mem) {
	z := [4]uint8{e.load[0], e.load[1], e.load[2], e.tmp[0]}
	for i, m := range members {
		v := m.s[m.a.val+q]
		if o := e.rm(v); o.IsMem {
			e.loadV(z[i], o.M)
		} else {
			e.movV(z[i], o.R)
		}
	}
	if len(members) == 3 {
		z[3] = z[2]
		if e.evex {
			e.V(&x.KMOVW, x.Mode{}, k7, 0, x.M(e.all(7)), 0)
		}
	}
	e.turn(z, func(j int, get func(d uint8)) {
		d := z[2]
		get(d)
		for b := range e.l.geo.v / 4 { // result j has lanes j, j+4, …
			m := at(j + 4*b)
			switch {
			case len(members) == 3:
				e.storeThree(m, d, b)
			case b == 0:
				e.V(&x.VMOVUPSs, x.Mode{EVEX: e.evex, L: x.L128}, d, 0, x.M(m), 0)
			default:
				e.V(&x.VEXTRACTI128, e.mode(), d, 0, x.M(m), uint8(b))
			}
		}
	})
}
