package jit

import x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"

// Words that are three or four words from one lane's to the next one's, as a member of a packed_float3 or
// a float4 is, are in three or four vectors, all of which lanes are from: with AVX-512 two
// permutations of two vectors each take them from there, and one more puts them together.

// spaced reports whether an access is a load of such words.
func (b amd64) spaced(a *access) bool {
	d := a.distance()
	return b.isa != AVX2 && !a.write && a.size == 4 && a.form == toStride && (d == 12 || d == 16)
}

// loadSpaced emits the load of part q at m, the place of the first lane's word. No word
// behind the last lane's is read.
func (e *emitter) loadSpaced(in *ins, q int, m x.Mem) {
	lanes, size := e.l.geo.v, int32(e.len.Bytes())
	apart := in.a.distance() / 4
	words := apart*(lanes-1) + 1
	e.loaded(in.a.t, in.d[q], func(d uint8) {
		low, high, both := e.l.perLane(), e.l.perLane(), e.l.perLane()
		for i := range lanes {
			if w := apart * i; w < 2*lanes {
				low[i], both[i] = uint64(w), uint64(i)
			} else {
				high[i], both[i] = uint64(w-2*lanes), uint64(lanes+i)
			}
		}
		from, t, u := e.load[1], e.tmp[1], e.tmp[2]
		e.loadV(from, m)
		e.loadV(t, e.constant(e.l.constVec(low, 4)))
		e.v3(&x.VPERMI2D, t, from, x.M(m.Add(size)))
		third := m.Add(2 * size)
		e.loadV(u, e.constant(e.l.constVec(high, 4)))
		if words <= 3*lanes {
			e.loadWords(from, words-2*lanes, third)
			e.v3(&x.VPERMD, u, u, x.X(from))
		} else {
			e.loadWords(from, words-3*lanes, third.Add(size))
			e.loadV(d, third)
			e.v3(&x.VPERMI2D, u, d, x.X(from))
		}
		e.loadV(d, e.constant(e.l.constVec(both, 4)))
		e.v3(&x.VPERMI2D, d, t, x.X(u))
	})
}
