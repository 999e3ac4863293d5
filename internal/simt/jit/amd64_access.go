package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

func (b amd64) hasAccess(a *access, masked bool) bool {
	evex := b.isa != AVX2
	switch a.form {
	case toOwn:
		return a.t != ir.Bool && (evex || a.t.Size() >= 4)
	case toOne:
		return !a.write || a.t.Size() <= 4 && a.t != ir.Bool && a.t != ir.F16 && a.t != ir.BF16
	case toRow:
		return !a.write || b.storesRow(a.t, masked)
	case toStride, toLanes, toFar:
		return !a.write || evex && a.t.Size() >= 4 || b.storesDense(a, masked)
	}
	return true
}

func (b amd64) scalesAny() bool { return true }

func (b amd64) hasTiles() bool { return true }

func (b amd64) hasSplits() bool { return true }

func (b amd64) skipsChecks() bool { return true }

// slidesRows: loads of 64 bytes cross a line of the cache unless they are aligned.
func (b amd64) slidesRows() bool { return b.isa == AVX512 }

// storesRow reports whether there are instructions to store lanes side by side.
func (b amd64) storesRow(t ir.Type, masked bool) bool {
	return b.isa != AVX2 || t.Size() >= 4 || t != ir.Bool && !masked
}

// loadScalar emits lLoadS.
func (e *emitter) loadScalar(in *ins) {
	a, d := in.a, in.d[0]
	limit := x.At(ctxReg, a.limit)
	var back x.Label
	var m x.Mem
	if a.safe {
		back, m = e.NewLabel(), e.inside(in)
	} else {
		var slow x.Label
		slow, back = slowly[x.Label](e, in)
		if a.add >= 0 {
			r := e.g(in.s[a.add], x.CX)
			e.ArithM(x.CMP, 64, r, limit)
			e.Jcc(x.AE, slow)
			m = x.Indexed(e.g(in.s[a.base], x.DX), r, 1, int32(a.k))
		} else {
			e.ArithMI(x.CMP, 64, limit, 0)
			e.Jcc(x.E, slow)
			m = x.At(e.g(in.s[a.base], x.DX), int32(a.k))
		}
	}
	if in.t.IsFloat() {
		r := e.dst(d)
		e.broadcast(in.t, r, m)
		e.put(d, r)
	} else {
		r := e.gDst(d)
		e.loadG(in.t, r, m)
		e.gPut(d, r)
	}
	e.Bind(back)
}

// storeScalar emits lStoreS.
func (e *emitter) storeScalar(in *ins) {
	a := in.a
	slow, back := slowly[x.Label](e, in)
	if a.act >= 0 && !e.l.someLane(in.s[a.act:a.act+a.masks]) { // nobody may want it
		masks := ins{imm: -1, s: in.s[a.act : a.act+a.masks]}
		e.noneTo(&masks, back)
	}
	limit := x.At(ctxReg, a.limit)
	var m x.Mem
	if a.add >= 0 {
		r := e.g(in.s[a.add], x.CX)
		e.ArithM(x.CMP, 64, r, limit)
		e.Jcc(x.AE, slow)
		m = x.Indexed(e.g(in.s[a.base], x.DX), r, 1, int32(a.k))
	} else {
		e.ArithMI(x.CMP, 64, limit, 0)
		e.Jcc(x.E, slow)
		m = x.At(e.g(in.s[a.base], x.DX), int32(a.k))
	}
	if a.parts == 0 {
		e.storeG(in.t, m, e.g(in.s[a.val], x.AX))
		e.Bind(back)
		return
	}
	if m.Index != x.NoReg || m.Base == x.DX { // CX and DX are wanted
		e.Lea(64, x.DX, m)
		m = x.At(x.DX, 0)
	}
	for p := range a.parts {
		act := vreg(0)
		if a.act >= 0 {
			act = in.s[a.act+p]
		}
		e.storeLast(in.t, m, in.s[a.val+p], act)
	}
	e.Bind(back)
}

// storeLast stores the value of the last active lane of a part; act is 0 if all
// are active. It changes AX.
func (e *emitter) storeLast(t ir.Type, m x.Mem, v, act vreg) {
	if lanes, ok := e.l.knownMask(act); ok && lanes <= 1 {
		if lanes == 1 {
			e.storeFirst(t, m, v)
		}
		return
	}
	none := e.NewLabel()
	r := e.tmp[0]
	if act == 0 {
		e.MovI(x.AX, uint64(e.l.geo.v-1))
	} else {
		k := e.maskIn(act, k6)
		if e.evex {
			e.V(&x.KMOVWr, x.Mode{}, uint8(x.AX), 0, x.X(k), 0)
		} else {
			e.V(&x.VMOVMSKPS, e.mode(), uint8(x.AX), 0, x.X(k), 0)
		}
		e.Test(32, x.AX, x.AX)
		e.Jcc(x.E, none)
		e.Lzcnt(32, x.AX, x.AX)
		e.ArithI(x.XOR, 32, x.AX, 31)
	}
	e.V(&x.VMOVD, x.Mode{EVEX: e.evex}, r, 0, x.GR(x.AX), 0)
	e.v3(&x.VPERMD, r, r, e.rm(v))
	e.V(&x.VMOVDs, x.Mode{EVEX: e.evex}, r, 0, x.GR(x.AX), 0)
	e.storeG(t, m, x.AX)
	e.Bind(none)
}

// storeFirst stores the value of the first lane.
func (e *emitter) storeFirst(t ir.Type, m x.Mem, v vreg) {
	r := e.vec(v, 0)
	if t.Size() == 4 {
		e.V(&x.VMOVDs, x.Mode{EVEX: e.evex}, r, 0, x.M(m), 0)
		return
	}
	e.V(&x.VMOVDs, x.Mode{EVEX: e.evex}, r, 0, x.GR(x.AX), 0)
	e.storeG(t, m, x.AX)
}

// storeG stores the low bits of a scalar.
func (e *emitter) storeG(t ir.Type, m x.Mem, r x.Reg) {
	switch t.Size() {
	case 1:
		e.Store8(m, r)
	case 2:
		e.Store16(m, r)
	case 4:
		e.Store(32, m, r)
	default:
		e.Store(64, m, r)
	}
}

// loadG loads a scalar of an integer type or Bool.
func (e *emitter) loadG(t ir.Type, r x.Reg, m x.Mem) {
	switch t.Size() {
	case 1:
		e.ExtendM(x.ZX8, 32, r, m)
		if t == ir.Bool {
			e.Test(32, r, r)
			e.Set(x.NE, r)
		}
	case 2:
		e.ExtendM(x.ZX16, 32, r, m)
	case 4:
		e.Load(32, r, m)
	default:
		e.Load(64, r, m)
	}
}

// broadcast loads one value to all lanes.
func (e *emitter) broadcast(t ir.Type, d uint8, m x.Mem) {
	switch t {
	case ir.I32, ir.F32:
		e.v2(&x.VPBROADCASTD, d, x.M(m))
	case ir.I64:
		e.v2(&x.VPBROADCASTQ, d, x.M(m))
	case ir.F16:
		e.v2(&x.VPBROADCASTW, d, x.M(m))
		e.v2(&x.VCVTPH2PS, d, x.X(d))
	case ir.BF16:
		e.ExtendM(x.ZX16, 32, x.AX, m)
		e.ShiftI(x.SHL, 32, x.AX, 16)
		e.splat32(d, x.AX)
	default:
		e.loadG(t, x.AX, m)
		e.splat32(d, x.AX)
	}
}

// access emits lAccess.
func (e *emitter) access(in *ins) {
	a := in.a
	if a.safe {
		back := e.NewLabel()
		e.rows(in, e.inside(in), back)
		e.Bind(back)
		return
	}
	slow, back := slowly[x.Label](e, in)
	switch {
	case a.form == toSplit:
		e.splitAccess(in, slow, back)
		return
	case a.form == toLanes && a.own != 0:
		e.ownLanes(in, slow, back)
		return
	case a.form == toLanes || a.form == toFar:
		e.lanes(in, slow, back)
		return
	case a.form == toAny:
		e.walk(in, 0, 0, slow)
		e.Bind(back)
		return
	case a.form == toStride && !e.cpu.hasAccess(a, a.act >= 0): // of a bundle
		for q := range a.parts {
			e.partlyPart(in, q, slow)
		}
		e.Bind(back)
		return
	case a.act >= 0 && a.form != toOwn, a.dense():
		slow = e.partly(in, slow, back)
	}
	e.rows(in, e.place(in, slow), back)
	e.Bind(back)
}

// place checks whether the lanes of an access are inside, if they lie in any
// regular way, and returns where the first of the first part is; else it goes
// to slow. It uses AX, CX and DX.
func (e *emitter) place(in *ins, slow x.Label) (m x.Mem) {
	a := in.a
	limit := x.At(ctxReg, a.limit)
	switch {
	case a.form == toOwn:
		// What all threads have there lies side by side.
		if a.add >= 0 {
			e.Lea(64, x.AX, x.At(e.g(in.s[a.add], x.AX), int32(a.k)))
			if a.size > 1 {
				e.Mov(32, x.CX, x.AX)
				e.ArithI(x.AND, 32, x.CX, int32(a.size-1))
				e.Jcc(x.NE, slow)
			}
		} else {
			e.MovI(x.AX, uint64(a.k))
			if a.k%a.size != 0 {
				e.Jmp(slow)
			}
		}
		e.ArithM(x.CMP, 64, x.AX, limit)
		e.Jcc(x.AE, slow)
		e.ImulM(64, x.AX, x.At(ctxReg, wordStride))
		e.ArithM(x.ADD, 64, x.AX, x.At(ctxReg, a.home))
		e.Load(64, x.CX, x.At(ctxReg, wordLane))
		e.scale(x.CX, a.size)
		m = x.Indexed(x.AX, x.CX, 1, 0)
	case a.leaf < 0:
		r := e.g(in.s[a.add], x.CX)
		least := r
		if a.least != 0 {
			e.Lea(64, x.AX, x.At(r, int32(a.least)))
			least = x.AX
		}
		e.ArithM(x.CMP, 64, least, limit)
		e.Jcc(x.AE, slow)
		m = x.Indexed(e.g(in.s[a.base], x.DX), r, 1, int32(a.k))
	case a.add < 0:
		leaf := e.g(in.s[a.leaf], x.CX)
		least := leaf
		if a.least != 0 {
			e.Lea(32, x.AX, x.At(leaf, int32(a.least)))
			least = x.AX
		}
		e.ArithM(x.CMP, 64, least, limit)
		e.Jcc(x.AE, slow)
		base := e.g(in.s[a.base], x.DX)
		if a.scale <= 8 && a.scale&(a.scale-1) == 0 {
			m = x.Indexed(base, leaf, uint8(a.scale), int32(a.k))
		} else {
			e.ImulI(64, x.CX, leaf, int32(a.scale))
			m = x.Indexed(base, x.CX, 1, int32(a.k))
		}
	default:
		leaf := e.g(in.s[a.leaf], x.CX)
		e.Lea(32, x.CX, x.At(leaf, int32(a.least)))
		last := int32(uint32(1<<32 - 1 - a.span))
		if a.signed {
			e.Lea(32, x.AX, x.At(x.CX, -1<<31))
			e.ArithI(x.CMP, 32, x.AX, last)
			e.Jcc(x.A, slow)
			e.Extend(x.SX32, 64, x.CX, x.CX)
		} else {
			e.ArithI(x.CMP, 32, x.CX, last)
			e.Jcc(x.A, slow)
		}
		e.scale(x.CX, a.scale)
		e.arith(x.ADD, 64, x.CX, in.s[a.add])
		e.ArithM(x.CMP, 64, x.CX, limit)
		e.Jcc(x.AE, slow)
		m = x.Indexed(e.g(in.s[a.base], x.DX), x.CX, 1, int32(a.k-a.least*a.scale))
	}
	return m
}

// inside returns where the first lane of the first part is of an access that
// needs no look at the limit.
func (e *emitter) inside(in *ins) x.Mem {
	a := in.a
	base := e.g(in.s[a.base], x.DX)
	if a.leaf < 0 {
		if a.add < 0 {
			return x.At(base, int32(a.k))
		}
		return x.Indexed(base, e.g(in.s[a.add], x.CX), 1, int32(a.k))
	}
	leaf := e.g(in.s[a.leaf], x.CX)
	if scales(a.scale) && a.add < 0 {
		return x.Indexed(base, leaf, uint8(a.scale), int32(a.k))
	}
	if scales(a.scale) && a.add >= 0 {
		e.Lea(64, x.CX, x.Indexed(e.g(in.s[a.add], x.AX), leaf, uint8(a.scale), 0))
	} else {
		e.ImulI(64, x.CX, leaf, int32(a.scale))
		if a.add >= 0 {
			e.arith(x.ADD, 64, x.CX, in.s[a.add])
		}
	}
	return x.Indexed(e.g(in.s[a.base], x.DX), x.CX, 1, int32(a.k))
}

// rows emits the loads or stores of all parts; m is the first lane of the first.
func (e *emitter) rows(in *ins, m x.Mem, back x.Label) {
	a := in.a
	n := halves(a.t)
	if a.stream != 0 {
		e.past(in, m, back)
	}
	if a.form == toStride {
		e.Lea(64, x.CX, m)
		if a.tiled {
			e.tiled(in)
		} else {
			e.gatherStride(in, x.At(x.CX, 0))
		}
		return
	}
	for p := range a.parts {
		at := m.Add(int32(int64(a.part[a.first+p]) * a.scale))
		for h := range n {
			part := at.Add(int32(h * e.half * 8))
			switch {
			case !a.write && e.l.regs[in.d[p*n+h]].place != 0: // by what wants it
			case a.write && a.form == toOne:
				act := vreg(0)
				if a.act >= 0 {
					act = in.s[a.act+p]
				}
				e.storeLast(a.t, at, in.s[a.val+p], act)
			case a.write:
				e.storeRow(in, part, p, h, in.s[a.val+p*n+h])
			case a.form == toOne:
				e.loadOne(in.d[p*n+h], a.t, at)
			default:
				e.loadRow(in.d[p*n+h], a.t, part)
			}
			if a.fetch > 0 {
				e.Prefetch(part.Add(int32(a.fetch)))
			}
		}
	}
}

// past emits a look at whether a store goes past the caches, and what does that.
// It needs an address on a boundary of vectors.
func (e *emitter) past(in *ins, m x.Mem, back x.Label) {
	a := in.a
	past, not := e.NewLabel(), e.NewLabel()
	e.ArithMI(x.CMP, 64, x.At(ctxReg, a.stream), 0)
	e.Jcc(x.NE, past)
	e.Bind(not)
	e.later(func() {
		e.Bind(past)
		e.Lea(64, x.AX, m)
		e.ShiftI(x.SHL, 32, x.AX, uint8(32-bits.TrailingZeros(uint(e.len.Bytes()))))
		e.Jcc(x.NE, not)
		for p := range a.parts {
			at := m.Add(int32(int64(a.part[a.first+p]) * a.scale))
			e.V(&x.VMOVNTPS, e.mode(), e.vec(in.s[a.val+p], 0), 0, x.M(at), 0)
		}
		e.Jmp(back)
	})
}

// scale multiplies r.
func (e *emitter) scale(r x.Reg, k int64) {
	switch {
	case k == 1:
	case k&(k-1) == 0:
		e.ShiftI(x.SHL, 64, r, uint8(bits.TrailingZeros64(uint64(k))))
	default:
		e.ImulI(64, r, r, int32(k))
	}
}

func (e *emitter) loadOne(v vreg, t ir.Type, m x.Mem) {
	if t != ir.Bool {
		d := e.dst(v)
		e.broadcast(t, d, m)
		e.put(v, d)
		return
	}
	e.loadG(t, x.AX, m)
	d := e.maskDst(v)
	e.maskOf(d)
	e.maskPut(v, d)
}

// maskOf sets a mask to all lanes if AX is 1, to none if it is 0.
func (e *emitter) maskOf(d uint8) {
	e.Unary(x.NEG, 32, x.AX)
	if !e.evex {
		e.splat32(d, x.AX)
		return
	}
	if e.l.geo.v == 8 {
		e.Extend(x.ZX8, 32, x.AX, x.AX)
	}
	e.V(&x.KMOVWg, x.Mode{}, d, 0, x.GR(x.AX), 0)
}

// loadRow loads lanes that lie side by side.
func (e *emitter) loadRow(v vreg, t ir.Type, m x.Mem) {
	if t == ir.Bool {
		e.v2(&x.VPMOVZXBD, e.tmp[0], x.M(m))
		e.boolOf(v, e.tmp[0])
		return
	}
	d := e.dst(v)
	switch t {
	case ir.I8:
		e.v2(&x.VPMOVZXBD, d, x.M(m))
	case ir.I16:
		e.v2(&x.VPMOVZXWD, d, x.M(m))
	case ir.F16:
		e.v2(&x.VCVTPH2PS, d, x.M(m))
	case ir.BF16:
		e.v2(&x.VPMOVZXWD, d, x.M(m))
		e.V(&x.VPSLLDI, e.mode(), d, 0, x.X(d), 16)
	default:
		e.loadV(d, m)
	}
	e.put(v, d)
}

// storeRow stores half h of part p.
func (e *emitter) storeRow(in *ins, m x.Mem, p, h int, v vreg) {
	a := in.a
	var k uint8
	if a.act >= 0 {
		k = e.maskIn(in.s[a.act+p], k6)
		if !e.evex {
			k = e.vec(in.s[a.act+p], 1)
		}
		k = e.halfMask(k, a.t, int64(h))
	}
	mode := e.mode()
	if e.evex {
		mode.K = k
	}
	if a.t == ir.Bool { // EVEX only
		if isMask := e.isMaskReg(v); isMask {
			e.V(&x.VMOVUPS, e.zeroing(e.maskIn(v, k7)), e.tmp[0], 0, x.M(e.all(1)), 0)
		}
		e.V(&x.VPMOVDB, mode, e.tmp[0], 0, x.M(m), 0)
		return
	}
	r := e.vec(v, 0)
	switch a.t {
	case ir.I32, ir.F32:
		if a.act >= 0 && !e.evex {
			e.V(&x.VMASKMOVPSs, mode, r, k, x.M(m), 0)
			return
		}
		e.V(&x.VMOVUPSs, mode, r, 0, x.M(m), 0)
	case ir.I64:
		switch {
		case a.act < 0:
			e.V(&x.VMOVUPSs, mode, r, 0, x.M(m), 0)
		case e.evex:
			e.V(&x.VMOVDQU64s, mode, r, 0, x.M(m), 0)
		default:
			e.V(&x.VMASKMOVPSs, mode, r, k, x.M(m), 0)
		}
	case ir.F16:
		e.V(&x.VCVTPS2PH, mode, r, 0, x.M(m), 0)
	case ir.BF16:
		e.V(&x.VPSRLDI, e.mode(), e.tmp[0], 0, x.X(r), 16)
		r = e.tmp[0]
		fallthrough
	case ir.I16:
		if e.evex {
			e.V(&x.VPMOVDW, mode, r, 0, x.M(m), 0)
			return
		}
		e.words(e.tmp[0], r)
		e.V(&x.VMOVUPSs, x.Mode{}, e.tmp[0], 0, x.M(m), 0)
	case ir.I8:
		if e.evex {
			e.V(&x.VPMOVDB, mode, r, 0, x.M(m), 0)
			return
		}
		e.words(e.tmp[0], r)
		e.v3(&x.VPACKUSWB, e.tmp[0], e.tmp[0], x.X(e.tmp[0]))
		e.V(&x.VMOVQs, x.Mode{}, e.tmp[0], 0, x.M(m), 0)
	}
}
