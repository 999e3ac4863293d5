package jit

import (
	"encoding/binary"

	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

// Loads and stores of matrices are left to the caller, an element a lane.
func (arm64) hasMatrices() bool { return false }

func (arm64) slidesRows() bool { return false }

// simd emits what works across the lanes of a SIMD group, which eight vectors
// hold.
func (e *armEmitter) simd(in *ins) {
	switch in.op {
	case lBits:
		e.bits(in)
	case lPermute:
		d := e.dst(in.d[0])
		s := e.vec(in.s[0], 1)
		idx := e.indices(in.s[1])
		switch idx {
		case [4]uint8{1, 0, 3, 2}:
			e.V2(&x.REV64, x.S4, d, s)
		case [4]uint8{2, 3, 0, 1}:
			e.Ext(d, s, s, 8)
		default:
			for i, j := range idx {
				e.CopyLane(x.S4, spare(4), uint8(i), s, j&3)
			}
			e.movV(d, spare(4))
		}
		e.put(in.d[0], d)
	case lShuffle:
		e.shuffle(in)
	case lSlide:
		d, s, before := e.dst(in.d[0]), e.vec(in.s[0], 1), e.vec(in.s[1], 2)
		e.Ext(d, before, s, uint8(16-4*in.imm))
		e.put(in.d[0], d)
	}
}

// indices returns the lanes of a constant vector.
func (e *armEmitter) indices(v vreg) (idx [4]uint8) {
	for i := range idx {
		idx[i] = uint8(binary.LittleEndian.Uint32(e.l.consts[-v][4*i:]))
	}
	return idx
}

// bits emits lBits: every lane of every mask keeps the bit that is its own, and
// all are added up.
func (e *armEmitter) bits(in *ins) {
	sum := spare(4)
	for i, s := range in.s {
		var own [16]byte
		for lane := range 4 {
			binary.LittleEndian.PutUint32(own[4*lane:], 1<<(4*i+lane))
		}
		e.LoadConst(spare(5), e.Pool(own[:]))
		if i == 0 {
			e.V3(&x.VAND, x.B16, sum, spare(5), e.vec(s, 1))
			continue
		}
		e.V3(&x.VAND, x.B16, spare(5), spare(5), e.vec(s, 1))
		e.V3(&x.VORR, x.B16, sum, sum, spare(5))
	}
	e.V2(&x.ADDV, x.S4, sum, sum)
	d := e.gDst(in.d[0])
	e.GetLane(x.S4, d, sum, 0)
	e.gPut(in.d[0], d)
}

// shuffle picks words of some vectors by an index; the upper bits of the index
// do not matter.
func (e *armEmitter) shuffle(in *ins) {
	idx, vs := in.s[0], in.s[1:]
	if idx < 0 {
		d := e.dst(in.d[0])
		for i, j := range e.indices(idx) {
			e.CopyLane(x.S4, d, uint8(i), e.vec(vs[int(j/4)%len(vs)], 1), j%4)
		}
		e.put(in.d[0], d)
		return
	}
	// Indices of bytes, which tables of up to four registers are looked up by:
	// those of the second table are below 64 once 64 is taken from them, and only
	// those; and so on.
	at, t := spare(4), spare(5)
	e.splat(t, uint32(4*len(vs)-1))
	e.V3(&x.VAND, x.B16, at, t, e.vec(idx, 0))
	e.splat(t, 0x04040404)
	e.V3(&x.VMUL, x.S4, at, at, t)
	e.splat(t, 0x03020100)
	e.V3(&x.VADD, x.S4, at, at, t)
	r := spare(6)
	for first := 0; first < len(vs); first += 4 {
		table := vs[first:min(first+4, len(vs))]
		for i, v := range table {
			if s := e.vec(v, i); s != spare(i) {
				e.MovV(spare(i), s)
			}
		}
		if first > 0 {
			e.splat(t, 0x40404040)
			e.V3(&x.VSUB, x.B16, at, at, t)
		}
		e.Tbl(first > 0, r, spare(0), len(table), at)
	}
	if e.l.regs[in.d[0]].phys >= 0 {
		e.MovV(e.dst(in.d[0]), r)
	} else {
		e.put(in.d[0], r)
	}
}
