package jit

import (
	"slices"

	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// storesDense reports whether there is code for stores of dense values: of words, and
// with AVX-512 of narrow ones, of bytes at an odd distance if one vector holds them, and
// masked if they lie in the order of the lanes.
func (b amd64) storesDense(a *access, masked bool) bool {
	d := a.distance()
	return a.dense() && a.size == 4 || b.isa != AVX2 && a.dense() && (d%2 == 0 || d <= 4 && d >= -4) && (d > 0 || !masked)
}

// loadDense emits the load of part q of dense values at m, the place of the first lane's:
// every lane gets the word its value is in, shifted. No word begins behind a value.
func (e *emitter) loadDense(in *ins, q int, m x.Mem) {
	a, lanes := in.a, e.l.geo.v
	at, least := a.denseAt(lanes)
	word, shift, upper := e.l.perLane(), e.l.perLane(), e.l.perLane()
	shifts, words := false, 0
	for i, o := range at {
		word[i], shift[i] = uint64(o/4), uint64(o%4*8)
		if o/4 >= lanes {
			upper[i] = 1<<32 - 1
		}
		shifts = shifts || shift[i] != 0
		words = max(words, o/4+1)
	}
	m = m.Add(int32(least))
	e.loaded(a.t, in.d[q], func(d uint8) {
		index := e.constant(e.l.constVec(word, 4))
		from, t := e.tmp[1], e.tmp[2]
		switch {
		case words <= lanes:
			e.loadWords(from, words, m)
			e.loadV(t, index)
			e.v3(&x.VPERMD, d, t, x.X(from))
		case e.evex:
			e.loadV(from, m)
			e.loadWords(t, words-lanes, m.Add(int32(4*lanes)))
			e.loadV(d, index)
			e.v3(&x.VPERMI2D, d, from, x.X(t))
		default:
			e.loadWords(t, words-lanes, m.Add(int32(4*lanes)))
			e.loadV(from, index)
			e.v3(&x.VPERMD, d, from, x.M(m))
			e.v3(&x.VPERMD, t, from, x.X(t))
			e.loadV(from, e.constant(e.l.constVec(upper, 4)))
			e.V(&x.VBLENDVPS, e.mode(), d, d, x.X(t), from<<4)
		}
		if shifts {
			e.v3(&x.VPSRLVD, d, d, x.M(e.constant(e.l.constVec(shift, 4))))
		}
		if a.size < 4 {
			e.v3(&x.VPAND, d, d, x.M(e.all(uint32(1<<(8*a.size)-1))))
		}
	})
}

// loadWords loads the first n words at m, and no more.
func (e *emitter) loadWords(d uint8, n int, m x.Mem) {
	switch {
	case n == e.l.geo.v:
		e.loadV(d, m)
	case e.evex:
		e.V(&x.KMOVW, x.Mode{}, k7, 0, x.M(e.all(1<<n-1)), 0)
		e.V(&x.VMOVUPS, e.zeroing(k7), d, 0, x.M(m), 0)
	default:
		mask := e.l.perLane()
		for i := range n {
			mask[i] = 1<<32 - 1
		}
		e.loadV(e.load[2], e.constant(e.l.constVec(mask, 4)))
		e.V(&x.VMASKMOVPS, e.mode(), d, e.load[2], x.M(m), 0)
	}
}

// storeDense emits the store of part q of dense values at m, the place of the first
// lane's: they move to where they will be in vectors, of which just they are stored. It
// uses AX and DX.
func (e *emitter) storeDense(in *ins, q int, m x.Mem) {
	a, lanes, size := in.a, e.l.geo.v, e.len.Bytes()
	at, least := a.denseAt(lanes)
	m = m.Add(int32(least))
	if a.size == 4 {
		e.storeDenseWords(in, q, m, at)
		return
	}
	from, t := e.plainBits(a.t, in.s[a.val+q]), e.tmp[0]
	odd := a.distance()%2 != 0
	if odd { // bytes, of which each 16 can be anywhere
		e.V(&x.VPMOVDB, e.mode(), from, 0, x.X(t), 0)
		quarter := e.l.perLane()
		for i := range quarter {
			quarter[i] = uint64(i % 4)
		}
		e.loadV(e.load[1], e.constant(e.l.constVec(quarter, 4)))
		e.v3(&x.VPERMD, t, e.load[1], x.X(t))
	}
	for first, start := 0, 0; first < lanes; start += size {
		move, stored, n := e.l.perLane(), uint64(0), 0
		for i, o := range at {
			if o -= start; o < 0 || o >= size {
				continue
			}
			place := 2 * i // of words
			if odd {
				place = i
			}
			move[o/4] |= uint64(place) << (o % 4 * 8)
			stored |= 1 << o
			n++
		}
		to := e.constant(e.l.constVec(move, 4))
		if odd {
			e.v3(&x.VPSHUFB, t, t, x.M(to))
		} else {
			e.loadV(t, to)
			e.v3(&x.VPERMW, t, t, x.X(from))
		}
		e.storedMask(in, q, first, stored)
		e.V(&x.VMOVDQU8s, e.masked(k7), t, 0, x.M(m.Add(int32(start))), 0)
		first += n
	}
}

// storedMask sets k7 to the bytes of a vector that are stored: the values that begin at
// those given, which the lanes from first on have, if they are active.
func (e *emitter) storedMask(in *ins, q, first int, stored uint64) {
	a := in.a
	if a.act < 0 {
		if a.size == 2 {
			stored |= stored << 1
		}
		e.V(&x.KMOVQ, x.Mode{}, k7, 0, x.M(e.all64(stored)), 0)
		return
	}
	e.maskBits(x.AX, in.s[a.act+q])
	if first > 0 {
		e.ShiftI(x.SHR, 32, x.AX, uint8(first))
	}
	e.MovI(x.DX, stored)
	e.Pdep(64, x.AX, x.AX, x.DX)
	if a.size == 2 {
		e.Lea(64, x.AX, x.Indexed(x.AX, x.AX, 2, 0))
	}
	e.V(&x.KMOVQg, x.Mode{}, k7, 0, x.GR(x.AX), 0)
}

// storeDenseWords is storeDense of words, so far behind m.
func (e *emitter) storeDenseWords(in *ins, q int, m x.Mem, at []int) {
	a, lanes, size := in.a, e.l.geo.v, e.len.Bytes()
	from, index, t, mask := e.vec(in.s[a.val+q], 0), e.load[1], e.tmp[0], e.tmp[1]
	for start := 0; start <= slices.Max(at); start += size {
		move, stored, bits := make([]uint64, lanes), make([]uint64, lanes), uint32(0)
		for i, o := range at {
			if o -= start; o >= 0 && o < size {
				move[o/4], stored[o/4] = uint64(i), 1<<32-1
				bits |= 1 << (o / 4)
			}
		}
		m, hold := m.Add(int32(start)), e.constant(e.l.constVec(stored, 4))
		e.loadV(index, e.constant(e.l.constVec(move, 4)))
		e.v3(&x.VPERMD, t, index, x.X(from))
		if a.act < 0 && bits == 1<<lanes-1 {
			e.storeV(m, t)
			continue
		}
		switch {
		case a.act >= 0 && e.evex:
			e.V(&x.VMOVUPS, e.zeroing(e.maskIn(in.s[a.act+q], k6)), mask, 0, x.M(e.all(1<<32-1)), 0)
			e.v3(&x.VPERMD, mask, index, x.X(mask))
			e.v3(&x.VPTESTMD, k7, mask, x.M(hold))
		case a.act >= 0:
			e.v3(&x.VPERMD, mask, index, e.rm(in.s[a.act+q]))
			e.v3(&x.VPAND, mask, mask, x.M(hold))
		case e.evex:
			e.V(&x.KMOVW, x.Mode{}, k7, 0, x.M(e.all(bits)), 0)
		default:
			e.loadV(mask, hold)
		}
		if e.evex {
			e.V(&x.VMOVUPSs, e.masked(k7), t, 0, x.M(m), 0)
		} else {
			e.V(&x.VMASKMOVPSs, e.mode(), t, mask, x.M(m), 0)
		}
	}
}
