package jit

import (
	"encoding/binary"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

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
	case lChain:
		e.chain(in)
	case lScan:
		e.scan(in)
	}
}

// indices returns the lanes of a constant vector.
func (e *armEmitter) indices(v vreg) (idx [4]uint8) {
	for i := range idx {
		idx[i] = uint8(binary.LittleEndian.Uint32(e.l.consts[-v][4*i:])) & 31
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

// shuffle picks lanes of all vectors of a group by an index; the upper bits of
// the index do not matter.
func (e *armEmitter) shuffle(in *ins) {
	idx, vs := in.s[0], in.s[1:]
	if len(vs) != 8 {
		panic(unsupported("a SIMD group of other than eight vectors"))
	}
	d := e.dst(in.d[0])
	if idx < 0 {
		for i, j := range e.indices(idx) {
			e.CopyLane(x.S4, d, uint8(i), e.vec(vs[j/4], 1), j%4)
		}
		e.put(in.d[0], d)
		return
	}
	// Indices of bytes, which tables of four registers are looked up by: those
	// beyond the first table are below 64 once 64 is taken from them, and only
	// those.
	at, t := spare(4), spare(5)
	e.splat(t, 31)
	e.V3(&x.VAND, x.B16, at, t, e.vec(idx, 0))
	e.splat(t, 0x04040404)
	e.V3(&x.VMUL, x.S4, at, at, t)
	e.splat(t, 0x03020100)
	e.V3(&x.VADD, x.S4, at, at, t)
	r := spare(6)
	for half := range 2 {
		for i, v := range vs[4*half : 4*half+4] {
			if s := e.vec(v, i); s != spare(i) {
				e.MovV(spare(i), s)
			}
		}
		e.Tbl(half == 1, r, spare(0), 4, at)
		if half == 0 {
			e.splat(t, 0x40404040)
			e.V3(&x.VSUB, x.B16, at, at, t)
		}
	}
	if e.l.regs[in.d[0]].phys >= 0 {
		e.MovV(d, r)
	} else {
		e.put(in.d[0], r)
	}
}

var armScalarOps = [...]x.Scalar{ir.OpFAdd: x.FADDS, ir.OpFMul: x.FMULS}

// chain combines all lanes of some vectors, one after the other.
func (e *armEmitter) chain(in *ins) {
	r, lane := spare(4), spare(5)
	for i, v := range in.s {
		s := e.vec(v, 1)
		for j := range uint8(4) {
			if i == 0 && j == 0 {
				e.TakeLane(x.S4, r, s, 0)
				continue
			}
			e.TakeLane(x.S4, lane, s, j)
			e.F3(armScalarOps[in.irop], r, r, lane)
		}
	}
	d := e.dst(in.d[0])
	e.DupLane(x.S4, d, r, 0)
	e.put(in.d[0], d)
}

// scan combines the lanes of some vectors, one after the other; without imm
// each lane gets what comes before its own.
func (e *armEmitter) scan(in *ins) {
	r, lane := spare(4), spare(5)
	float := in.t == ir.F32
	inclusive := in.imm == 1
	none := map[ir.Op]uint32{ir.OpMul: 1, ir.OpFMul: 0x3f800000, ir.OpFAdd: 1 << 31}[in.irop]
	if in.irop == ir.OpFAdd && !inclusive {
		none = 0 // what comes before the first; it is never added
	}
	e.splat(r, none)
	for i, v := range in.s {
		s := e.vec(v, 1)
		d := e.dst(in.d[i])
		for j := range uint8(4) {
			if !inclusive {
				e.CopyLane(x.S4, d, j, r, 0)
			}
			e.TakeLane(x.S4, lane, s, j)
			switch {
			case i == 0 && j == 0:
				e.MovV(r, lane)
			case float:
				e.F3(armScalarOps[in.irop], r, r, lane)
			default:
				e.V3(armRow(in.irop, ir.I32), x.S2, r, r, lane)
			}
			if inclusive {
				e.CopyLane(x.S4, d, j, r, 0)
			}
		}
		e.put(in.d[i], d)
	}
}
