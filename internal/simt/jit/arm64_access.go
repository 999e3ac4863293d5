package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

// The processor neither gathers nor scatters, nor stores under a mask: lanes
// are loaded and stored one by one, where they do not all lie side by side.

func (arm64) scalesAny() bool { return false }

// Lanes that are evenly spaced are loaded one by one, with or without a tile.
func (arm64) hasTiles() bool { return false }

func (arm64) hasSplits() bool { return false }

func (arm64) skipsChecks() bool { return false }

func (arm64) hasAccess(a *access, masked bool) bool {
	switch a.form {
	case toOwn:
		return a.t != ir.Bool
	case toOne:
		return !a.write || a.t.Size() <= 4 && a.t != ir.Bool
	case toAny: // values of a thread are whole, or two granules
		return a.own == 0 || a.size <= a.own || a.own == 4 && a.size == 8
	case toScalar, toRow, toStride, toLanes, toFar:
		return true
	}
	return false
}

// within goes slow unless r is below the limit of an access. It uses X16.
func (e *armEmitter) within(r x.Reg, a *access, slow x.Label) {
	e.Load(8, x.X16, e.ctx(a.limit, 8))
	e.Cmp(64, r, x.X16)
	e.BCond(x.HS, slow)
}

// scalarPlace checks the one place of an access and sets X17 to its address.
func (e *armEmitter) scalarPlace(in *ins, slow x.Label) {
	a := in.a
	if a.add < 0 {
		e.Load(8, x.X16, e.ctx(a.limit, 8))
		e.Cbz(64, x.X16, slow)
		e.plus(x.X17, e.g(in.s[a.base], x.X17), a.k)
		return
	}
	r := e.g(in.s[a.add], x.X15)
	e.within(r, a, slow)
	e.Op(x.ADD, 64, x.X17, e.g(in.s[a.base], x.X17), r)
	e.plus(x.X17, x.X17, a.k)
}

// loadScalar emits lLoadS.
func (e *armEmitter) loadScalar(in *ins) {
	d := in.d[0]
	slow, back := slowly[x.Label](e, in)
	e.scalarPlace(in, slow)
	if in.t.IsFloat() {
		e.loadSame(d, in.t, 0)
	} else {
		r := e.gDst(d)
		e.loadG(in.t, r, x.At(x.X17, 0))
		e.gPut(d, r)
	}
	e.Bind(back)
}

// storeScalar emits lStoreS.
func (e *armEmitter) storeScalar(in *ins) {
	a := in.a
	slow, back := slowly[x.Label](e, in)
	if a.act >= 0 { // nobody may want it
		e.noneTo(in.s[a.act:a.act+a.masks], back)
	}
	e.scalarPlace(in, slow)
	if a.parts == 0 {
		r := e.g(in.s[a.val], x.X16)
		e.Store(int(a.size), x.At(x.X17, 0), r)
		e.Bind(back)
		return
	}
	for p := range a.parts {
		e.storeLast(in.t, 0, in.s[a.val+p:a.val+p+1], in.active(p))
	}
	e.Bind(back)
}

// loadG loads a scalar of an integer type or Bool.
func (e *armEmitter) loadG(t ir.Type, r x.Reg, m x.Mem) {
	e.Load(t.Size(), r, m)
	if t == ir.Bool {
		e.CmpI(32, r, 0)
		e.Set(r, x.NE)
	}
}

// arrOf is the arrangement of a full vector of values of t as they lie in
// memory.
func arrOf(t ir.Type) x.Arr { return x.Arr(2*bits.TrailingZeros8(uint8(t.Size())) + 1) }

// loadSame loads the value at X17+at to all lanes of v, or both halves of them.
// It uses X16.
func (e *armEmitter) loadSame(v vreg, t ir.Type, at int64) {
	p := x.X17
	if at != 0 {
		p = x.X16
		e.plus(p, x.X17, at)
	}
	d := e.dst(v)
	switch t {
	case ir.I8, ir.I16, ir.Bool:
		e.Load(t.Size(), x.X16, x.At(p, 0))
		e.Dup(x.S4, d, x.X16)
		if t == ir.Bool {
			e.V3(&x.CMTST, x.S4, d, d, d)
		}
	case ir.F16:
		e.LoadSame(x.H4, d, p)
		e.V2(&x.FCVTL, x.B8, d, d)
	case ir.BF16:
		e.LoadSame(x.H4, d, p)
		e.V2(&x.SHLL, x.H4, d, d)
	default:
		e.LoadSame(arrOf(t), d, p)
	}
	e.put(v, d)
}

// access emits lAccess.
func (e *armEmitter) access(in *ins) {
	a := in.a
	slow, back := slowly[x.Label](e, in)
	switch {
	case a.form == toLanes:
		e.lanes(in, slow, back)
		return
	case a.form == toFar || a.form == toAny:
		e.walk(in, 0, 0, slow)
		e.Bind(back)
		return
	case a.act >= 0 && a.form != toOwn:
		slow = e.partly(in, slow, back)
	}
	e.rowPlace(in, slow)
	n := halves(a.t)
	for p := range a.parts {
		at := int64(a.part[a.first+p]) * a.scale
		switch {
		case a.form == toStride:
			e.strided(in, p, at)
		case a.write && a.form == toOne:
			e.storeLast(a.t, at, in.s[a.val+p*n:a.val+p*n+n], in.active(p))
		case a.write:
			e.storeRow(a.t, at, in.s[a.val+p*n:a.val+p*n+n], in.active(p))
		default:
			for h := range n {
				if a.form == toOne {
					e.loadSame(in.d[p*n+h], a.t, at)
				} else {
					e.loadRow(in.d[p*n+h], a.t, at+int64(16*h))
				}
			}
		}
	}
	e.Bind(back)
}

// active returns the mask of the active lanes of part p of an access, 0 if all
// are.
func (in *ins) active(p int) vreg {
	if in.a.act < 0 {
		return 0
	}
	return in.s[in.a.act+p]
}

// rowPlace checks an access and sets X17 to the address of the first lane of
// the first part. It uses X14 to X16.
func (e *armEmitter) rowPlace(in *ins, slow x.Label) {
	a := in.a
	switch {
	case a.form == toOwn:
		// What all threads have there lies side by side.
		if a.add >= 0 {
			e.plus(x.X15, e.g(in.s[a.add], x.X15), a.k)
			if a.size > 1 {
				e.OpBits(x.ANDSI, 64, x.ZR, x.X15, uint64(a.size-1))
				e.BCond(x.NE, slow)
			}
		} else {
			e.MovI(x.X15, uint64(a.k))
			if a.k%a.size != 0 {
				e.B(slow)
			}
		}
		e.within(x.X15, a, slow)
		e.Load(8, x.X16, e.ctx(wordStride, 8))
		e.Load(8, x.X17, e.ctx(a.home, 8))
		e.Madd(64, x.X17, x.X15, x.X16, x.X17)
		e.Load(8, x.X16, e.ctx(wordLane, 8))
		e.OpShl(x.ADD, 64, x.X17, x.X17, x.X16, uint8(bits.TrailingZeros64(uint64(a.size))))
	case a.leaf < 0:
		r := e.g(in.s[a.add], x.X15)
		least := r
		if a.least != 0 {
			e.addSmallTo(64, x.X14, r, a.least)
			least = x.X14
		}
		e.within(least, a, slow)
		e.Op(x.ADD, 64, x.X17, e.g(in.s[a.base], x.X17), r)
		e.plus(x.X17, x.X17, a.k)
	case a.add < 0:
		leaf := e.g(in.s[a.leaf], x.X15)
		least := leaf
		if a.least != 0 {
			e.addSmallTo(32, x.X14, leaf, a.least)
			least = x.X14
		}
		e.within(least, a, slow)
		e.scaled(x.X17, e.g(in.s[a.base], x.X17), leaf, a.scale)
		e.plus(x.X17, x.X17, a.k)
	default:
		// The leaf of the least lane must not wrap around on its way to the
		// greatest; from its byte offset on all must be inside.
		e.addSmallTo(32, x.X15, e.g(in.s[a.leaf], x.X15), a.least)
		r := x.X15
		if a.signed {
			e.OpBits(x.EORI, 32, x.X16, x.X15, 1<<31)
			r = x.X16
		}
		e.MovI(x.X14, 1<<32-1-uint64(a.span))
		e.Cmp(32, r, x.X14)
		e.BCond(x.HI, slow)
		if a.signed {
			e.Field(true, 64, x.X15, x.X15, 0, 31)
		}
		e.scaled(x.X15, e.g(in.s[a.add], x.X14), x.X15, a.scale)
		e.within(x.X15, a, slow)
		e.Op(x.ADD, 64, x.X17, e.g(in.s[a.base], x.X17), x.X15)
		e.plus(x.X17, x.X17, a.k-a.least*a.scale)
	}
}

// addSmallTo is d = n + k, of size bits.
func (e *armEmitter) addSmallTo(size int, d, n x.Reg, k int64) {
	if size == 32 {
		k = int64(int32(k))
	}
	e.addSmall(size, d, n, k)
}

// scaled is d = base + index*scale, of 64 bits. It uses X27.
func (e *armEmitter) scaled(d, base, index x.Reg, scale int64) {
	if scale&(scale-1) == 0 {
		e.OpShl(x.ADD, 64, d, base, index, uint8(bits.TrailingZeros64(uint64(scale))))
		return
	}
	e.MovI(armFar, uint64(scale))
	e.Madd(64, d, index, armFar, base)
}

// loadRow loads lanes that lie side by side from X17+at on.
func (e *armEmitter) loadRow(v vreg, t ir.Type, at int64) {
	d := e.dst(v)
	bytes := min(16, 4*t.Size())
	e.LoadV(bytes, d, e.near(x.X17, at, bytes))
	switch t {
	case ir.I8, ir.Bool:
		e.VShift(&x.USHLL, x.B8, d, d, 0)
		e.VShift(&x.USHLL, x.H4, d, d, 0)
		if t == ir.Bool {
			e.V3(&x.CMTST, x.S4, d, d, d)
		}
	case ir.I16:
		e.VShift(&x.USHLL, x.H4, d, d, 0)
	case ir.F16:
		e.V2(&x.FCVTL, x.B8, d, d)
	case ir.BF16:
		e.V2(&x.SHLL, x.H4, d, d)
	}
	e.put(v, d)
}

// packed are the lanes of a part as they lie in memory: in order in one
// register, or, of 8 bytes, in two.
type packed struct {
	t ir.Type
	v [2]x.V
}

// pack makes vs, the halves of a value of type t, ready to be stored. It uses
// spares 0 to 2.
func (e *armEmitter) pack(t ir.Type, vs []vreg) packed {
	k := packed{t: t}
	for h, v := range vs {
		k.v[h] = e.vec(v, h)
	}
	s, d := k.v[0], spare(2)
	switch t {
	case ir.I8, ir.Bool:
		e.V2(&x.XTN, x.H4, d, s)
		e.V2(&x.XTN, x.B8, d, d)
		if t == ir.Bool {
			e.VShift(&x.USHR, x.B8, d, d, 7)
		}
	case ir.I16:
		e.V2(&x.XTN, x.H4, d, s)
	case ir.F16:
		e.V2(&x.FCVTN, x.B8, d, s)
	case ir.BF16:
		e.V3(&x.UZP2, x.H8, d, s, s)
	default:
		return k
	}
	k.v[0] = d
	return k
}

// storeLane stores lane i of k at r.
func (e *armEmitter) storeLane(k *packed, i int, r x.Reg) {
	half := 0
	if k.t.Size() == 8 {
		half, i = i/2, i%2
	}
	e.StoreLane(arrOf(k.t), k.v[half], uint8(i), r)
}

// storeRow stores the lanes of a part side by side from X17+at on; act is 0 if
// all are active. It uses X16.
func (e *armEmitter) storeRow(t ir.Type, at int64, vs []vreg, act vreg) {
	k := e.pack(t, vs)
	size := int64(t.Size())
	all := e.NewLabel()
	if act != 0 {
		some, m := e.NewLabel(), e.vec(act, 3)
		e.V2(&x.UMINV, x.S4, spare(4), m)
		e.GetLane(x.S4, x.X16, spare(4), 0)
		e.Cbz(32, x.X16, some)
		e.later(func() {
			e.Bind(some)
			for i := range 4 {
				next := e.NewLabel()
				e.GetLane(x.S4, x.X16, m, uint8(i))
				e.Cbz(32, x.X16, next)
				e.plus(x.X16, x.X17, at+int64(i)*size)
				e.storeLane(&k, i, x.X16)
				e.Bind(next)
			}
			e.B(all)
		})
	}
	bytes := min(16, 4*t.Size())
	for h := range vs {
		e.StoreV(bytes, e.near(x.X17, at+int64(16*h), bytes), k.v[h])
	}
	e.Bind(all)
}

// storeLast stores the value of the last active lane of a part at X17+at; act is
// 0 if all are active. It uses X15 and X16.
func (e *armEmitter) storeLast(t ir.Type, at int64, vs []vreg, act vreg) {
	k := e.pack(t, vs)
	e.plus(x.X15, x.X17, at)
	if act == 0 {
		e.storeLane(&k, 3, x.X15)
		return
	}
	done, m := e.NewLabel(), e.vec(act, 3)
	for i := 3; i >= 0; i-- {
		next := e.NewLabel()
		e.GetLane(x.S4, x.X16, m, uint8(i))
		e.Cbz(32, x.X16, next)
		e.storeLane(&k, i, x.X15)
		e.B(done)
		e.Bind(next)
	}
	e.Bind(done)
}

func (arm64) takesPlace(*ins, int, bool) bool { return false }
