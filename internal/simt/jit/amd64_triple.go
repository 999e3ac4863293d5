package jit

import x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"

// Three words a lane that lie side by side, as those of a packed_float3 do, are three
// vectors from end to end: word w of them is member w%3 of lane w/3. Each member has
// every third word, and the next lane's are in other places than those of any other
// lane: so loads pick a member's words from the three vectors and then put them in order,
// and stores do so the other way round.

// tripleBytes is how far apart such lanes are.
const tripleBytes = 12

// picked returns which words of vector k are member j's, as bits.
func (e *emitter) picked(j, k int) (bits uint8) {
	for i := range e.l.geo.v {
		if (k*e.l.geo.v+i)%3 == j {
			bits |= 1 << i
		}
	}
	return bits
}

// loadTriples emits loads of part q from m on.
func (e *emitter) loadTriples(members []*ins, q int, m x.Mem) {
	lanes, size := e.l.geo.v, int32(e.len.Bytes())
	for j, in := range members {
		e.loaded(in.t, in.d[q], func(d uint8) {
			t, order, third := e.tmp[1], e.l.perLane(), e.l.perLane()
			if !e.evex {
				for i := range order {
					order[i] = uint64((3*i + j) % lanes)
				}
				e.loadV(t, m)
				e.vi(&x.VBLENDPS, t, t, x.M(m.Add(size)), e.picked(j, 1))
				e.vi(&x.VBLENDPS, t, t, x.M(m.Add(2*size)), e.picked(j, 2))
				e.loadV(e.tmp[2], e.constant(e.l.constVec(order, 4)))
				e.v3(&x.VPERMD, d, e.tmp[2], x.X(t))
				return
			}
			for i := range order { // of the first two vectors, and of what they give and the third
				switch w := 3*i + j; {
				case w < 2*lanes:
					order[i], third[i] = uint64(w), uint64(i)
				default:
					third[i] = uint64(w - lanes)
				}
			}
			e.loadV(t, e.constant(e.l.constVec(order, 4)))
			e.loadV(e.tmp[2], m)
			e.v3(&x.VPERMI2D, t, e.tmp[2], x.M(m.Add(size)))
			e.loadV(d, e.constant(e.l.constVec(third, 4)))
			e.v3(&x.VPERMI2D, d, t, x.M(m.Add(2*size)))
		})
	}
}

// storeTriples emits stores of part q from m on. It uses AX and DX.
func (e *emitter) storeTriples(members []*ins, q int, m x.Mem) {
	a := members[0].a
	val := func(j int) vreg { return members[j].s[members[j].a.val+q] }
	act := vreg(0)
	if a.act >= 0 {
		act = members[0].s[a.act+q]
	}
	if !e.evex {
		e.storeTriplesAVX2(val, act, m)
		return
	}
	lanes := e.l.geo.v
	first, second, last := e.vec(val(0), 0), e.vec(val(1), 1), e.rm(val(2))
	if act != 0 { // three bits for each
		e.maskBits(x.AX, act)
		e.MovI(x.DX, 0x249249249249)
		e.Pdep(64, x.AX, x.AX, x.DX)
		e.ImulI(64, x.AX, x.AX, 7)
	}
	for k := range 3 {
		two, third := e.l.perLane(), e.l.perLane()
		for i := range two {
			w := k*lanes + i
			switch third[i] = uint64(i); w % 3 {
			case 0:
				two[i] = uint64(w / 3)
			case 1:
				two[i] = uint64(lanes + w/3)
			case 2:
				third[i] = uint64(lanes + w/3)
			}
		}
		t, d := e.tmp[0], e.tmp[1]
		e.loadV(t, e.constant(e.l.constVec(two, 4)))
		e.v3(&x.VPERMI2D, t, first, x.X(second))
		e.loadV(d, e.constant(e.l.constVec(third, 4)))
		e.v3(&x.VPERMI2D, d, t, last)
		at := m.Add(int32(k * e.len.Bytes()))
		if act == 0 {
			e.storeV(at, d)
			continue
		}
		e.V(&x.KMOVWg, x.Mode{}, k7, 0, x.GR(x.AX), 0)
		e.ShiftI(x.SHR, 64, x.AX, uint8(lanes))
		e.V(&x.VMOVUPSs, e.masked(k7), d, 0, x.M(at), 0)
	}
}

func (e *emitter) storeTriplesAVX2(val func(j int) vreg, act vreg, m x.Mem) {
	lanes := e.l.geo.v
	places := func(j int) x.Mem { // of member j's words, whose lanes they are
		lane := e.l.perLane()
		for i := range lanes {
			lane[(3*i+j)%lanes] = uint64(i)
		}
		return e.constant(e.l.constVec(lane, 4))
	}
	put := func(d uint8, j int, v vreg) {
		e.loadV(d, places(j))
		e.v3(&x.VPERMD, d, d, e.rm(v))
	}
	for j, d := range e.load {
		put(d, j, val(j))
	}
	d, mask, t := e.tmp[0], e.tmp[1], e.tmp[2]
	for k := range 3 {
		at := m.Add(int32(k * e.len.Bytes()))
		e.vi(&x.VBLENDPS, d, e.load[0], x.X(e.load[1]), e.picked(1, k))
		e.vi(&x.VBLENDPS, d, d, x.X(e.load[2]), e.picked(2, k))
		if act == 0 {
			e.storeV(at, d)
			continue
		}
		put(mask, 0, act)
		for j := 1; j < 3; j++ {
			put(t, j, act)
			e.vi(&x.VBLENDPS, mask, mask, x.X(t), e.picked(j, k))
		}
		e.V(&x.VMASKMOVPSs, e.mode(), d, mask, x.M(at), 0)
	}
}

// storeThree stores the first three words of the 16 bytes b of r, which it may change, by way of
// the first temporary register; k7 has a bit for each of them.
func (e *emitter) storeThree(m x.Mem, r uint8, b int) {
	t := e.tmp[0]
	switch {
	case b > 0 && e.evex:
		e.V(&x.VEXTRACTI128, e.mode(), r, 0, x.X(t), uint8(b))
		r = t
	case b > 0:
		e.V(&x.VEXTRACTI128, e.mode(), r, 0, x.X(r), uint8(b))
	}
	if e.evex {
		e.V(&x.VMOVUPSs, x.Mode{EVEX: true, L: x.L128, K: k7}, r, 0, x.M(m), 0)
		return
	}
	e.V(&x.VMOVQs, x.Mode{}, r, 0, x.M(m), 0)
	e.vi(&x.VPSHUFD, t, 0, x.X(r), 2)
	e.V(&x.VMOVDs, x.Mode{}, t, 0, x.M(m.Add(8)), 0)
}
