package jit

import (
	"math/bits"

	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// simd emits what works across the lanes of a SIMD group.
func (e *emitter) simd(in *ins) {
	switch in.op {
	case lBits:
		d := e.gDst(in.d[0])
		for i, s := range in.s {
			r := x.DX
			if i == 0 {
				r = x.CX
			}
			k := e.maskIn(s, k6)
			if e.evex {
				e.V(&x.KMOVWr, x.Mode{}, uint8(r), 0, x.X(k), 0)
			} else {
				e.V(&x.VMOVMSKPS, e.mode(), uint8(r), 0, x.X(k), 0)
			}
			if i > 0 {
				e.ShiftI(x.SHL, 32, r, uint8(i*e.l.geo.v))
				e.Arith(x.OR, 32, x.CX, x.DX)
			}
		}
		e.Mov(32, d, x.CX)
		e.gPut(in.d[0], d)
	case lPermute:
		d := e.dst(in.d[0])
		e.permute(d, in.s[0], e.l.constWords(in.s[1]), in.s[1])
		e.put(in.d[0], d)
	case lShuffle:
		d := e.dst(in.d[0])
		e.shuffle(d, in.s[0], in.s[1:])
		e.put(in.d[0], d)
	case lSlide:
		d := e.dst(in.d[0])
		e.slide(d, e.vec(in.s[0], 1), e.vec(in.s[1], 2), uint8(in.imm))
		e.put(in.d[0], d)
	}
}

// permute picks words by known indices, which are in words and in constant idx.
func (e *emitter) permute(d uint8, s vreg, words []uint32, idx vreg) {
	// Within sixteen bytes, or within 32 by eights, it is the quicker.
	short, quads := true, true
	for i, w := range words {
		short = short && w == words[i%4]&3+uint32(i)&^3
		quads = quads && w == words[i%8]&7+uint32(i)&^7 && w%2 == uint32(i)%2 && w/2 == words[i&^1]/2
	}
	switch {
	case short:
		e.vi(&x.VPSHUFD, d, 0, e.rm(s), uint8(words[0]|words[1]<<2|words[2]<<4|words[3]<<6))
	case quads:
		e.vi(&x.VPERMQI, d, 0, e.rm(s), uint8(words[0]/2|words[2]/2<<2|words[4]/2<<4|words[6]/2<<6))
	default:
		e.loadV(e.tmp[0], e.constant(idx))
		e.v3(&x.VPERMD, d, e.tmp[0], e.rm(s))
	}
}

// slide moves the words of s up by n, and brings in those at the end of before.
func (e *emitter) slide(d, s, before, n uint8) {
	if e.evex {
		e.vi(&x.VALIGND, d, s, x.X(before), uint8(e.l.geo.v)-n)
		return
	}
	t := e.tmp[0]
	e.vi(&x.VPERM2I128, t, before, x.X(s), 0x21) // the upper half of before, the lower of s
	switch {
	case n < 4:
		e.vi(&x.VPALIGNR, d, s, x.X(t), 16-4*n)
	case n == 4:
		e.movV(d, t)
	default:
		e.vi(&x.VPALIGNR, d, t, x.X(before), 32-4*n)
	}
}

// shuffle picks words of some vectors by an index; the upper bits of the index
// do not matter.
func (e *emitter) shuffle(d uint8, idx vreg, vs []vreg) {
	i := e.vec(idx, 1)
	e.pick(d, i, vs, []uint8{e.tmp[0], e.tmp[1], e.tmp[2], e.load[2], d})
}

// pick is shuffle with some registers to use.
func (e *emitter) pick(d, i uint8, vs []vreg, tmp []uint8) {
	n := len(vs)
	switch {
	case n == 1:
		e.v3(&x.VPERMD, d, i, e.rm(vs[0]))
		return
	case n == 2 && e.evex:
		e.movV(tmp[0], i)
		e.V(&x.VPERMI2D, e.mode(), tmp[0], e.vec(vs[0], 2), e.rm(vs[1]), 0)
		e.movV(d, tmp[0])
		return
	}
	// Of either half, and a bit of the index, moved to the sign, says which.
	bit := bits.TrailingZeros(uint(n * e.l.geo.v / 2))
	first, second := tmp[0], tmp[1]
	e.pick(first, i, vs[:n/2], tmp)
	e.pick(second, i, vs[n/2:], tmp[1:])
	if e.evex {
		e.V(&x.VPTESTMD, e.mode(), k7, i, x.M(e.all(1<<bit)), 0)
		e.V(&x.VBLENDMPS, e.masked(k7), d, first, x.X(second), 0)
		return
	}
	e.V(&x.VPSLLDI, e.mode(), tmp[2], 0, x.X(i), uint8(31-bit))
	e.V(&x.VBLENDVPS, e.mode(), d, first, x.X(second), tmp[2]<<4)
}
