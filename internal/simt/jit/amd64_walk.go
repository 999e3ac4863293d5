package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// A walk does an access for the active lanes of a part, one after the other:
// whatever the type, wherever the lanes are, in thread memory too. It is what
// there is where vectors have no instructions, and where they had to give up,
// as at the ends of a memory.
//
// The loop is a routine that accesses of a kind share. It takes
//
//	AX      where to go on
//	CX      what is added to every lane's offset
//	DX      the active lanes, a bit each
//	cell 0  the leaves, or (wide) the offsets themselves, in two cells
//	cell 2  the values to store, or those loaded, in two cells if of 64 bits
//
// and leaves AX 0, or 1 if a lane is outside: then the lanes before it are
// done, and there is no harm in doing them again.
type walk struct {
	t      ir.Type
	write  bool
	wide   bool
	signed bool
	scale  int64
	home   int32 // of the memory's address
	limit  int32 // of the offset, for the size of t
	own    int64 // granule of thread memory, else 0
	lane   int64 // of thread memory: the first lane of the part in its chunk
}

// walkCells is how many cells a walk works in.
const walkCells = 4

// walk emits an access of part q of in: with the leaves in vector register
// leaf, unless the offsets are whole operands. It goes to fail if an active
// lane is outside.
func (e *emitter) walk(in *ins, q int, leaf uint8, fail x.Label) {
	a := in.a
	w := walk{t: a.t, write: a.write, home: a.home, limit: a.exact, own: a.own}
	cell := func(i int) x.Mem { return x.At(ctxReg, e.l.lay.cell(i)) }
	if a.wide >= 0 {
		w.wide = true
		e.storeV(cell(0), e.vec(in.s[a.wide], 0))
		e.storeV(cell(0).Add(int32(e.half*8)), e.vec(in.s[a.wide+1], 0))
		e.MovI(x.CX, uint64(a.k))
	} else {
		w.signed, w.scale = a.signed, a.scale
		e.storeV(cell(0), leaf)
		e.MovI(x.CX, uint64(a.k))
		if a.add >= 0 {
			e.arith(x.ADD, 64, x.CX, in.s[a.add])
		}
		if part := a.part[a.first+q]; a.leaf < 0 && part != 0 {
			e.ArithI(x.ADD, 64, x.CX, part)
		}
	}
	if a.own != 0 {
		w.lane = int64((a.first + q) * e.l.geo.v)
	}
	if a.write {
		for h := range halves(a.t) {
			e.storeV(cell(2).Add(int32(h*e.half*8)), e.plainBits(a.t, in.s[a.val+q*halves(a.t)+h]))
		}
	}
	if a.act < 0 {
		e.MovI(x.DX, 1<<e.l.geo.v-1)
	} else {
		e.maskBits(x.DX, in.s[a.act+q])
	}
	if e.walks == nil {
		e.walks = map[walk]x.Label{}
	}
	routine, ok := e.walks[w]
	if !ok {
		routine = e.NewLabel()
		e.walks[w] = routine
		e.later(func() { e.walkRoutine(routine, w) })
	}
	back := e.NewLabel()
	e.LeaLabel(x.AX, back)
	e.Jmp(routine)
	e.Bind(back)
	e.Test(32, x.AX, x.AX)
	e.Jcc(x.NE, fail)
	if a.write {
		return
	}
	for h := range halves(a.t) {
		e.loaded(a.t, in.d[q*halves(a.t)+h], func(d uint8) { e.loadV(d, cell(2).Add(int32(h*e.half*8))) })
	}
}

// plainBits returns a register with the lanes of v as memory has them, the
// narrow ones in 32 bits.
func (e *emitter) plainBits(t ir.Type, v vreg) uint8 {
	d := e.tmp[1]
	switch t {
	case ir.F16:
		e.bitcast16(ir.I16, d, e.vec(v, 0))
	case ir.BF16:
		e.V(&x.VPSRLDI, e.mode(), d, 0, x.X(e.vec(v, 0)), 16)
	case ir.Bool:
		if e.evex {
			e.V(&x.VMOVUPS, e.zeroing(e.maskIn(v, k6)), d, 0, x.M(e.all(1)), 0)
		} else {
			e.v3(&x.VPAND, d, e.vec(v, 0), x.M(e.all(1)))
		}
	default:
		return e.vec(v, 0)
	}
	return d
}

// loaded sets v to lanes that load puts in a register as memory has them, the
// narrow ones in the low bits of 32, with zeros above.
func (e *emitter) loaded(t ir.Type, v vreg, load func(d uint8)) {
	if t == ir.Bool {
		load(e.tmp[0])
		e.boolOf(v, e.tmp[0])
		return
	}
	d := e.dst(v)
	load(d)
	switch t {
	case ir.F16:
		e.bitcast16(ir.F16, d, d)
	case ir.BF16:
		e.V(&x.VPSLLDI, e.mode(), d, 0, x.X(d), 16)
	}
	e.put(v, d)
}

// boolOf sets mask v to the lanes of r that are not 0, but have no sign.
func (e *emitter) boolOf(v vreg, r uint8) {
	d := e.maskDst(v)
	if e.evex {
		e.v3(&x.VPTESTMD, d, r, x.X(r))
	} else {
		e.v3(&x.VPXOR, e.tmp[1], e.tmp[1], x.X(e.tmp[1]))
		e.v3(&x.VPCMPGTD, d, r, x.X(e.tmp[1]))
	}
	e.maskPut(v, d)
}

// maskBits sets d to the lanes of mask v, a bit each.
func (e *emitter) maskBits(d x.Reg, v vreg) {
	k := e.maskIn(v, k6)
	if e.evex {
		e.V(&x.KMOVWr, x.Mode{}, uint8(d), 0, x.X(k), 0)
	} else {
		e.V(&x.VMOVMSKPS, e.mode(), uint8(d), 0, x.X(k), 0)
	}
}

// walkRoutine emits the loop.
func (e *emitter) walkRoutine(entry x.Label, w walk) {
	cell := func(i int, scale uint8) x.Mem { return x.Indexed(ctxReg, x.CX, scale, e.l.lay.cell(i)) }
	size := int64(w.t.Size())
	loop, fail, done, end := e.NewLabel(), e.NewLabel(), e.NewLabel(), e.NewLabel()
	e.Bind(entry)
	e.Store(64, x.At(ctxReg, wordReturn), x.AX)
	saved := []x.Reg{x.BX, x.SI, x.DI, x.R8}
	room := x.At(ctxReg, e.l.lay.regsAt)
	for i, r := range saved {
		e.Store(64, room.Add(int32(8*i)), r)
	}
	e.Load(64, x.SI, x.At(ctxReg, w.home))
	e.Mov(64, x.DI, x.CX)
	e.Mov(32, x.BX, x.DX)
	e.Bind(loop)
	e.Tzcnt(32, x.CX, x.BX)
	e.Jcc(x.B, done)
	e.Lea(32, x.AX, x.At(x.BX, -1))
	e.Arith(x.AND, 32, x.BX, x.AX)
	switch {
	case w.wide:
		e.Load(64, x.AX, cell(0, 8))
	case w.signed:
		e.ExtendM(x.SX32, 64, x.AX, cell(0, 4))
		e.scale(x.AX, w.scale)
	default:
		e.Load(32, x.AX, cell(0, 4))
		e.scale(x.AX, w.scale)
	}
	e.Arith(x.ADD, 64, x.AX, x.DI)
	e.ArithM(x.CMP, 64, x.AX, x.At(ctxReg, w.limit))
	e.Jcc(x.AE, fail)
	piece := size // what lies side by side
	if w.own != 0 {
		piece = min(size, w.own)
		e.ownPlace(w, size, fail)
	}
	unit := uint8(4)
	if size == 8 {
		unit = 8
	}
	for at := int64(0); at < size; at += piece {
		if at > 0 { // the next granule
			e.Load(64, x.DX, x.At(ctxReg, wordStride))
			e.scale(x.DX, w.own)
			e.Arith(x.ADD, 64, x.AX, x.DX)
		}
		m, c := x.Indexed(x.SI, x.AX, 1, 0), cell(2, unit).Add(int32(at))
		t := w.t
		if piece < size {
			t = ir.I32 // granules are no smaller, unless all accesses are
		}
		if w.write {
			e.Load(bitsOf(t), x.R8, c)
			e.storeG(t, m, x.R8)
		} else {
			e.loadG(t, x.R8, m)
			e.Store(max(32, bitsOf(t)), c, x.R8)
		}
	}
	e.Jmp(loop)
	e.Bind(fail)
	e.MovI(x.AX, 1)
	e.Jmp(end)
	e.Bind(done)
	e.MovI(x.AX, 0)
	e.Bind(end)
	for i, r := range saved {
		e.Load(64, r, room.Add(int32(8*i)))
	}
	e.JmpM(x.At(ctxReg, wordReturn))
}

// ownPlace makes of AX, an offset in the thread memory of lane CX of the part,
// the offset in the memory of all lanes, whose granules are interleaved. It
// fails where a value is in several granules that are no pieces of it.
func (e *emitter) ownPlace(w walk, size int64, fail x.Label) {
	log := uint8(bits.TrailingZeros64(uint64(w.own)))
	if w.own > 1 {
		e.Mov(32, x.DX, x.AX)
		e.ArithI(x.AND, 32, x.DX, int32(w.own-1))
		if size > 1 {
			e.ArithI(x.CMP, 32, x.DX, int32(max(0, w.own-size)))
			e.Jcc(x.A, fail)
		}
		e.ShiftI(x.SHR, 64, x.AX, log)
	}
	e.ImulM(64, x.AX, x.At(ctxReg, wordStride))
	e.ArithM(x.ADD, 64, x.AX, x.At(ctxReg, wordLane))
	e.Lea(64, x.AX, x.Indexed(x.AX, x.CX, 1, int32(w.lane)))
	if w.own > 1 {
		e.ShiftI(x.SHL, 64, x.AX, log)
		e.Arith(x.ADD, 64, x.AX, x.DX)
	}
}
