package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
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
		e.loadV(e.tmp[0], e.constant(in.s[1]))
		d := e.dst(in.d[0])
		e.v3(&x.VPERMD, d, e.tmp[0], e.rm(in.s[0]))
		e.put(in.d[0], d)
	case lShuffle:
		e.shuffle(in)
	case lChain:
		e.chain(in)
	case lScan:
		e.scan(in)
	}
}

// chain combines all lanes of some vectors, one after the other. The lanes go
// through memory, where each is an operand.
func (e *emitter) chain(in *ins) {
	at := x.At(ctxReg, e.l.lay.cell(int(in.imm)))
	size := int32(e.len.Bytes())
	for i, s := range in.s {
		e.storeV(at.Add(int32(i)*size), e.vec(s, 0))
	}
	op := &x.VADDSS
	if in.irop == ir.OpFMul {
		op = &x.VMULSS
	}
	d := e.dst(in.d[0])
	r := e.tmp[0]
	mode := x.Mode{EVEX: e.evex}
	e.V(&x.VMOVSS, mode, r, 0, x.M(at), 0)
	for i := int32(1); i < 32; i++ {
		e.V(op, mode, r, r, x.M(at.Add(4*i)), 0)
	}
	e.v2(&x.VPBROADCASTD, d, x.X(r))
	e.put(in.d[0], d)
}

// scan combines the lanes of some vectors, one after the other, in memory.
func (e *emitter) scan(in *ins) {
	from, to := x.At(ctxReg, e.l.lay.cell(0)), x.At(ctxReg, e.l.lay.cell(2))
	size := int32(e.len.Bytes())
	for i, s := range in.s {
		e.storeV(from.Add(int32(i)*size), e.vec(s, 0))
	}
	r := e.tmp[0]
	mode := x.Mode{EVEX: e.evex}
	float := in.t == ir.F32
	load := func(i int32) {
		if float {
			e.V(&x.VMOVSS, mode, r, 0, x.M(from.Add(4*i)), 0)
		} else {
			e.Load(32, x.AX, from.Add(4*i))
		}
	}
	save := func(i int32) {
		if float {
			e.V(&x.VMOVDs, mode, r, 0, x.M(to.Add(4*i)), 0)
		} else {
			e.Store(32, to.Add(4*i), x.AX)
		}
	}
	for i := range int32(32) {
		switch {
		case i == 0 && in.imm == 0: // what changes nothing
			first := [ir.OpFMul + 1]int32{ir.OpMul: 1, ir.OpFMul: 0x3f800000}[in.irop]
			e.StoreI(32, to, first)
			continue
		case i == 0 || i == 1 && in.imm == 0:
			load(0)
		default:
			at := from.Add(4 * (i - 1 + int32(in.imm)))
			switch in.irop {
			case ir.OpFAdd:
				e.V(&x.VADDSS, mode, r, r, x.M(at), 0)
			case ir.OpFMul:
				e.V(&x.VMULSS, mode, r, r, x.M(at), 0)
			case ir.OpAdd:
				e.ArithM(x.ADD, 32, x.AX, at)
			default:
				e.ImulM(32, x.AX, at)
			}
		}
		save(i)
	}
	for i, v := range in.d {
		d := e.dst(v)
		e.loadV(d, to.Add(int32(i)*size))
		e.put(v, d)
	}
}

// shuffle picks lanes of all vectors of a group by an index; the upper bits of
// the index do not matter.
func (e *emitter) shuffle(in *ins) {
	idx, vs := in.s[0], in.s[1:]
	t0, t1, t2 := e.tmp[0], e.tmp[1], e.tmp[2]
	d := e.dst(in.d[0])
	switch {
	case len(vs) == 2: // 16 lanes a vector
		e.movV(t0, e.vec(idx, 1))
		e.V(&x.VPERMI2D, e.mode(), t0, e.vec(vs[0], 2), e.rm(vs[1]), 0)
		e.movV(d, t0)
	case e.evex:
		i := e.vec(idx, 1)
		e.movV(t0, i)
		e.V(&x.VPERMI2D, e.mode(), t0, e.vec(vs[0], 2), e.rm(vs[1]), 0)
		e.movV(t1, i)
		e.V(&x.VPERMI2D, e.mode(), t1, e.vec(vs[2], 2), e.rm(vs[3]), 0)
		e.V(&x.VPTESTMD, e.mode(), k7, i, x.M(e.all(16)), 0)
		e.V(&x.VBLENDMPS, e.masked(k7), d, t0, x.X(t1), 0)
	default:
		i := e.vec(idx, 1)
		// Bits 3 and 4 of the index, in the sign, choose.
		e.v3(&x.VPERMD, t0, i, e.rm(vs[0]))
		e.v3(&x.VPERMD, t1, i, e.rm(vs[1]))
		e.V(&x.VPSLLDI, e.mode(), t2, 0, x.X(i), 28)
		e.V(&x.VBLENDVPS, e.mode(), t0, t0, x.X(t1), t2<<4)
		e.v3(&x.VPERMD, t1, i, e.rm(vs[2]))
		e.v3(&x.VPERMD, e.load[2], i, e.rm(vs[3]))
		e.V(&x.VBLENDVPS, e.mode(), t1, t1, x.X(e.load[2]), t2<<4)
		e.V(&x.VPSLLDI, e.mode(), t2, 0, x.X(i), 27)
		e.V(&x.VBLENDVPS, e.mode(), d, t0, x.X(t1), t2<<4)
	}
	e.put(in.d[0], d)
}
