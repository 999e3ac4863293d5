package jit

import (
	"fmt"
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

// arm64 is the backend for 64-bit ARM processors: vectors of 4 lanes, masks in
// vectors. It asks nothing of them that not all have.
type arm64 struct{}

// The registers of arm64. X26 is the context. X18, X28, X29 and X30 are the
// caller's, the last being where the code returns to. X25 is the fuel. X27 is for
// addresses that are out of an instruction's reach, X12 to X17 and V24 to V30 for
// what is in memory while an instruction works on it, and what that needs for
// itself. V31 is the constant that was last wanted, which is often wanted again
// for the next part.
const (
	armCtx  = x.X26
	armFuel = x.X25
	armFar  = x.X27
	scratch = x.X16 // results

	armHeld x.V = 31
)

var (
	armScalars = [...]int8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 19, 20, 21, 22, 23, 24}
	armVectors = [...]int8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}
)

// armSpare is the first of the vector registers that are not given out.
const armSpare = 24

func (arm64) lanes() int      { return 4 }
func (arm64) wideMasks() bool { return true }

func (arm64) files() ([]file, [numClasses]int) {
	return []file{{armScalars[:]}, {armVectors[:]}}, [numClasses]int{0, 1, 1}
}

// armEmitter makes machine code of low-level instructions.
type armEmitter struct {
	*x.Asm
	l      *lower
	labels []x.Label
	coldCode
	walks map[walk]x.Label
	out   x.Label // saves all registers and returns

	held   vreg // the constant in V31, 0 if that is not known
	pinned bool // the instruction that is being emitted wants it
}

func (b arm64) assemble(l *lower) (code []byte, start, resume int, err error) {
	e := &armEmitter{Asm: asmOf[x.Asm](l.room), l: l}
	e.Reset()
	e.labels = make([]x.Label, l.labels)
	for i := range e.labels {
		e.labels[i] = e.NewLabel()
	}
	e.out = e.NewLabel()
	e.Load(8, armFuel, e.ctx(wordFuel, 8))
	for i := range l.code {
		e.pinned = false
		e.ins(&l.code[i], i)
	}
	e.emitCold()
	// Return with all registers in the context; X16 is the address to go on at.
	e.Bind(e.out)
	e.Store(8, e.ctx(wordResume, 8), x.X16)
	e.Store(8, e.ctx(wordFuel, 8), armFuel)
	e.registers(func(r x.Reg, at int32) { e.Store(8, e.ctx(at, 8), r) }, func(r x.V, at int32) { e.StoreV(16, e.ctx(at, 16), r) })
	e.Ret()
	resume = len(e.Code)
	e.registers(func(r x.Reg, at int32) { e.Load(8, r, e.ctx(at, 8)) }, func(r x.V, at int32) { e.LoadV(16, r, e.ctx(at, 16)) })
	e.Load(8, armFuel, e.ctx(wordFuel, 8))
	e.Load(8, x.X16, e.ctx(wordResume, 8))
	e.Br(x.X16)
	code, err = e.Finish()
	if err != nil { // too large, for branches and constants
		panic(unsupported(err.Error()))
	}
	return code, 0, resume, nil
}

// registers calls a function for every register that the allocator gives.
func (e *armEmitter) registers(scalar func(x.Reg, int32), vector func(x.V, int32)) {
	saved := &e.l.lay.saved
	for _, r := range armVectors {
		vector(x.V(r), saved[1][r])
	}
	for _, r := range armScalars {
		scalar(x.Reg(r), saved[0][r])
	}
}

// ctx is the operand of so many bytes at an offset in the context. It may be in
// X27, so it must be used at once.
func (e *armEmitter) ctx(at int32, bytes int) x.Mem { return e.near(armCtx, int64(at), bytes) }

// near is the operand at r+at, which X27 may be needed for.
func (e *armEmitter) near(r x.Reg, at int64, bytes int) x.Mem {
	if at == int64(int32(at)) && x.Reaches(int32(at), bytes) {
		return x.At(r, int32(at))
	}
	if low := at & 0xfff; x.Reaches(int32(low), bytes) && x.Imm12(at-low) {
		e.AddI(64, armFar, r, at-low)
		return x.At(armFar, int32(low))
	}
	e.plus(armFar, r, at)
	return x.At(armFar, 0)
}

// plus is d = n + k, of 64 bits; n must not be X27 unless d is.
func (e *armEmitter) plus(d, n x.Reg, k int64) {
	switch low := k & 0xfff; {
	case k == 0:
		if d != n {
			e.Mov(64, d, n)
		}
	case x.Imm12(k):
		e.AddI(64, d, n, k)
	case x.Imm12(k - low):
		e.AddI(64, d, n, k-low)
		e.AddI(64, d, d, low)
	case n == armFar:
		panic(unsupported("an offset out of reach"))
	default:
		e.MovI(armFar, uint64(k))
		e.Op(x.ADD, 64, d, n, armFar)
	}
}

// indexed is the operand at an offset in the context plus scalar v shifted.
func (e *armEmitter) indexed(v vreg, shift uint8, at int32, bytes int) x.Mem {
	e.AddExt(armFar, armCtx, e.g(v, x.X17), x.LSL, shift)
	if !x.Reaches(at, bytes) {
		e.plus(armFar, armFar, int64(at))
		at = 0
	}
	return x.At(armFar, at)
}

// spare returns vector register n of those that are not given out. By
// convention the first is for results, the next three for operands.
func spare(n int) x.V { return x.V(armSpare + n) }

// Bind makes a label the place of the next instruction: nobody knows what
// constant is held there.
func (e *armEmitter) Bind(l x.Label) {
	e.held = 0
	e.Asm.Bind(l)
}

// vec returns the register that holds v: its own, spare n or V31. It must not be
// written to.
func (e *armEmitter) vec(v vreg, n int) x.V {
	switch {
	case v < 0 && e.pinned && e.held != v:
		e.constant(spare(n), e.l.consts[-v])
		return spare(n)
	case v < 0:
		if e.held != v {
			e.constant(armHeld, e.l.consts[-v])
		}
		e.held, e.pinned = v, true
		return armHeld
	}
	if r := &e.l.regs[v]; r.phys >= 0 {
		return x.V(r.phys)
	}
	e.LoadV(16, spare(n), e.ctx(e.l.regs[v].slot, 16))
	return spare(n)
}

// constant sets d to a constant vector.
func (e *armEmitter) constant(d x.V, b []byte) {
	if w, ok := sameWords(b); ok {
		e.splat(d, w)
		return
	}
	e.LoadConst(d, e.Pool(b))
}

// splat sets all lanes of d to w.
func (e *armEmitter) splat(d x.V, w uint32) {
	if _, ok := x.Same(w); ok {
		e.MovSame(d, w)
		return
	}
	b := make([]byte, 0, 16)
	for range 4 {
		b = append(b, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
	}
	e.LoadConst(d, e.Pool(b))
}

// sameWords returns the word that a constant vector is made of, if it is one.
func sameWords(b []byte) (uint32, bool) {
	for i := 4; i < len(b); i++ {
		if b[i] != b[i-4] {
			return 0, false
		}
	}
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24, true
}

// dst returns the register to compute v in; put must follow.
func (e *armEmitter) dst(v vreg) x.V {
	if r := &e.l.regs[v]; r.phys >= 0 {
		return x.V(r.phys)
	}
	return spare(0)
}

// put ends the computation of v in r.
func (e *armEmitter) put(v vreg, r x.V) {
	if e.l.regs[v].phys < 0 {
		e.StoreV(16, e.ctx(e.l.regs[v].slot, 16), r)
	}
}

func (e *armEmitter) movV(d, s x.V) {
	if d != s {
		e.MovV(d, s)
	}
}

// g returns the register that holds scalar v; s is one to load it in.
func (e *armEmitter) g(v vreg, s x.Reg) x.Reg {
	r := &e.l.regs[v]
	switch {
	case r.konst && r.bits == 0:
		e.Mov(32, s, x.ZR)
		return s
	case r.konst:
		e.MovI(s, r.bits)
		return s
	case r.phys >= 0:
		return x.Reg(r.phys)
	}
	e.Load(8, s, e.ctx(r.slot, 8))
	return s
}

func (e *armEmitter) gDst(v vreg) x.Reg {
	if r := &e.l.regs[v]; r.phys >= 0 {
		return x.Reg(r.phys)
	}
	return scratch
}

func (e *armEmitter) gPut(v vreg, r x.Reg) {
	if e.l.regs[v].phys < 0 {
		e.Store(8, e.ctx(e.l.regs[v].slot, 8), r)
	}
}

// ins emits instruction i.
func (e *armEmitter) ins(in *ins, i int) {
	switch in.op {
	case lNop, lDef, lLoop, lEnd, lTurn:
	case lMov:
		e.mov(in.d[0], in.s[0])
	case lMovM:
		d := e.vec(in.d[0], 0)
		s := e.vec(in.s[0], 1)
		e.V3(&x.BIT, x.B16, d, s, e.halfMask(e.vec(in.s[1], 2), in.t, in.imm))
		e.put(in.d[0], d)
	case lCtx:
		if r := &e.l.regs[in.d[0]]; r.phys >= 0 {
			e.Load(8, x.Reg(r.phys), e.ctx(int32(in.imm), 8))
		}
	case lSetCtx:
		r := e.g(in.s[0], x.X17)
		e.Store(8, e.ctx(int32(in.imm), 8), r)
	case lScalar:
		e.scalarRow(in)
	case lLea:
		d := e.gDst(in.d[0])
		e.addSmall(bitsOf(in.t), d, e.g(in.s[0], x.X17), in.imm)
		e.gPut(in.d[0], d)
	case lTable:
		d := e.gDst(in.d[0])
		e.Load(4, d, e.indexed(in.s[0], 2, int32(in.imm), 4))
		e.gPut(in.d[0], d)
	case lTableV:
		d := e.dst(in.d[0])
		e.LoadV(16, d, e.indexed(in.s[0], 2, int32(in.imm), 16))
		e.put(in.d[0], d)
	case lSplat, lSplat64, lRamp, lMaskOf, lExtract, lMaskBit, lTail, lAny:
		e.cross(in)
	case lVec:
		e.vectorRow(in)
	case lWiden, lNarrow:
		e.widen(in)
	case lCmp:
		e.compare(in)
	case lSelect:
		e.selectRow(in)
	case lMaskOp:
		e.maskOp(in)
	case lMaskAll:
		d := e.dst(in.d[0])
		e.splat(d, -uint32(in.imm))
		e.put(in.d[0], d)
	case lBits, lPermute, lShuffle, lSlide:
		e.simd(in)
	case lSaveV, lSaveM:
		r := e.vec(in.s[1], 1)
		e.StoreV(16, e.array(in), r)
	case lLoadV, lLoadM:
		d := e.dst(in.d[0])
		e.LoadV(16, d, e.array(in))
		e.put(in.d[0], d)
	case lLabel:
		e.Bind(e.labels[in.imm])
	case lJump:
		if !e.l.falls(i, in.imm) {
			e.B(e.labels[in.imm])
		}
	case lJumpIf:
		r := e.g(in.s[0], x.X17)
		if in.irop == ir.OpNot {
			e.Cbz(32, r, e.labels[in.imm])
		} else {
			e.Cbnz(32, r, e.labels[in.imm])
		}
	case lJumpCmp:
		c := e.cmp(in.irop, in.from, in.s[0], in.s[1])
		if in.inout {
			c = c.Not()
		}
		e.BCond(c, e.labels[in.imm])
	case lJumpNone:
		e.noneTo(in.s, e.labels[in.imm])
	case lFuel:
		e.fuel(in)
	case lNext:
		e.nextGroup(in)
	case lClear:
		e.clear()
	case lExit:
		e.setSite(e.l.addOwnSite(SiteDone, nil))
		e.Store(8, e.ctx(wordFuel, 8), armFuel)
		e.Ret()
	case lCall:
		leaveFor[x.Label](e, in)
	case lLoadS:
		e.loadScalar(in)
	case lStoreS:
		e.storeScalar(in)
	case lAccess:
		e.access(in)
	case lBundle:
		e.bundle(in)
	case lAtomic:
		e.atomic(in)
	case lAtomicAdd:
		e.atomicAdd(in)
	default:
		panic(unsupported(fmt.Sprintf("low-level operation %d", in.op)))
	}
}

func (e *armEmitter) mov(d, s vreg) {
	if e.l.regs[d].class == scalar {
		r := e.gDst(d)
		if from := e.g(s, r); from != r {
			e.Mov(64, r, from)
		}
		e.gPut(d, r)
		return
	}
	if e.l.regs[d].phys < 0 {
		e.put(d, e.vec(s, 0))
		return
	}
	r := e.dst(d)
	switch {
	case s < 0:
		e.constant(r, e.l.consts[-s])
	case e.l.regs[s].phys < 0:
		e.LoadV(16, r, e.ctx(e.l.regs[s].slot, 16))
	default:
		e.movV(r, e.vec(s, 0))
	}
}

// addSmall is d = n + k, of so many bits.
func (e *armEmitter) addSmall(size int, d, n x.Reg, k int64) {
	if x.Imm12(k) {
		e.AddI(size, d, n, k)
		return
	}
	e.MovI(armFar, uint64(k))
	e.Op(x.ADD, size, d, n, armFar)
}

// array is where a value of all lanes is kept from region to region.
func (e *armEmitter) array(in *ins) x.Mem {
	shift := uint8(bits.TrailingZeros8(scaleOf(in.t)))
	return e.indexed(in.s[0], shift, int32(in.imm)+e.l.lay.arraysAt(), 16)
}

// control

// anyOf sets r to something else than 0 if a mask has a lane. It uses spare 6.
func (e *armEmitter) anyOf(r x.Reg, mask x.V) {
	e.V2(&x.UMAXV, x.S4, spare(6), mask)
	e.GetLane(x.S4, r, spare(6), 0)
}

// noneTo jumps if all masks are empty.
func (e *armEmitter) noneTo(masks []vreg, to x.Label) {
	m := e.vec(masks[0], 0)
	for _, s := range masks[1:] {
		e.V3(&x.VORR, x.B16, spare(6), m, e.vec(s, 1))
		m = spare(6)
	}
	e.anyOf(x.X16, m)
	e.Cbz(32, x.X16, to)
}

// fuel pays for the work of a turn; when there is none left, the code returns
// and comes back.
func (e *armEmitter) fuel(in *ins) {
	if n := max(in.imm, 1); x.Imm12(n) {
		e.SubsI(64, armFuel, armFuel, n)
	} else {
		e.MovI(x.X17, uint64(n))
		e.Op(x.SUBS, 64, armFuel, armFuel, x.X17)
	}
	empty, back := e.NewLabel(), e.NewLabel()
	e.BCond(x.MI, empty)
	e.Bind(back)
	s := e.l.addOwnSite(SiteFuel, in.src)
	e.later(func() {
		e.Bind(empty)
		e.leave(s, back)
	})
}

func (e *armEmitter) setSite(s *Site) {
	e.MovI(x.X17, uint64(s.ID))
	e.Store(8, e.ctx(wordSite, 8), x.X17)
}

// nextGroup goes on with the next threadgroup of the row, if there is one.
func (e *armEmitter) nextGroup(in *ins) {
	last := e.NewLabel()
	e.Load(8, x.X16, e.ctx(wordGroups, 8))
	e.SubsI(64, x.X16, x.X16, 1)
	e.Store(8, e.ctx(wordGroups, 8), x.X16)
	e.BCond(x.MI, last)
	group, thread := e.l.lay.builtin(ir.ThreadgroupPositionInGridX), e.l.lay.builtin(ir.ThreadPositionInGridX)
	e.Load(8, x.X16, e.ctx(group, 8))
	e.AddI(64, x.X16, x.X16, 1)
	e.Store(8, e.ctx(group, 8), x.X16)
	e.Load(8, x.X16, e.ctx(thread, 8))
	e.Load(8, x.X17, e.ctx(wordStepX, 8))
	e.Op(x.ADD, 64, x.X16, x.X16, x.X17)
	e.Store(8, e.ctx(thread, 8), x.X16)
	e.B(e.labels[in.imm])
	e.Bind(last)
}

// clear clears threadgroup memory for the group that begins.
func (e *armEmitter) clear() {
	e.Load(8, x.X16, e.ctx(wordShared, 8))
	e.Load(8, x.X17, e.ctx(wordCleared, 8))
	e.splat(spare(0), 0)
	again, done := e.NewLabel(), e.NewLabel()
	e.Bind(again)
	e.SubsI(64, x.X17, x.X17, 64)
	e.BCond(x.LO, done)
	e.Op(x.ADD, 64, x.X15, x.X16, x.X17)
	for at := range int32(4) {
		e.StoreV(16, x.At(x.X15, 16*at), spare(0))
	}
	e.B(again)
	e.Bind(done)
}

func (e *armEmitter) jump(to x.Label) { e.B(to) }

// later is coldCode's, for an emitter that is in another state then.
func (e *armEmitter) later(f func()) {
	e.coldCode.later(func() {
		e.pinned = false
		f()
	})
}

func (e *armEmitter) lower() *lower { return e.l }

func (e *armEmitter) leave(s *Site, back x.Label) {
	e.setSite(s)
	e.Adr(x.X16, back)
	e.B(e.out)
}

func (e *armEmitter) results(in *ins) {
	for i, v := range in.d {
		at := e.l.lay.cell(i)
		if e.l.regs[v].class == scalar {
			d := e.gDst(v)
			e.Load(8, d, e.ctx(at, 8))
			e.gPut(v, d)
		} else {
			d := e.dst(v)
			e.LoadV(16, d, e.ctx(at, 16))
			e.put(v, d)
		}
	}
}
