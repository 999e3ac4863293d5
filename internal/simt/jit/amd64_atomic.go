package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/amd64"
)

// atomicAdd emits lAtomicAdd.
func (e *emitter) atomicAdd(in *ins) {
	a := in.a
	slow, back := slowly[x.Label](e, in)
	if a.act >= 0 {
		e.noneTo(&ins{s: in.s[a.act : a.act+a.masks]}, back)
	}
	e.atomicPlace(in, slow)
	e.TestI(32, x.CX, 3)
	e.Jcc(x.NE, slow)
	r := e.g(in.s[a.val], x.AX)
	if a.shared {
		e.Lock()
	}
	e.ArithMR(x.ADD, 32, x.At(x.CX, 0), r)
	e.Bind(back)
}

// atomicPlace checks the one place of an access and sets CX to its address.
func (e *emitter) atomicPlace(in *ins, slow x.Label) {
	a := in.a
	limit := x.At(ctxReg, a.limit)
	base := e.g(in.s[a.base], x.DX)
	if a.add < 0 {
		e.ArithMI(x.CMP, 64, limit, 0)
		e.Jcc(x.E, slow)
		e.Lea(64, x.CX, x.At(base, int32(a.k)))
		return
	}
	r := e.g(in.s[a.add], x.CX)
	e.ArithM(x.CMP, 64, r, limit)
	e.Jcc(x.AE, slow)
	e.Lea(64, x.CX, x.Indexed(base, r, 1, int32(a.k)))
}

// atomic emits lAtomic: a loop over the active lanes of a part. Beside AX, CX
// and DX it uses BX, SI, DI and R8, and gives them back.
func (e *emitter) atomic(in *ins) {
	a := in.a
	slow, back := slowly[x.Label](e, in)
	scale, index := uint8(1), false
	if a.form == toOne {
		if a.act >= 0 {
			e.noneTo(&ins{s: in.s[a.act : a.act+1]}, back)
		}
		e.atomicPlace(in, slow)
	} else {
		m, indices := e.laneIndices(in, e.vec(in.s[a.leaf], 1), 0, slow)
		scale, index = m.Scale, true
		e.Lea(64, x.CX, x.At(m.Base, m.Disp))
		e.storeV(x.At(ctxReg, e.l.lay.cell(0)), indices)
	}
	e.TestI(32, x.CX, 3)
	e.Jcc(x.NE, slow)
	if op, ok := plainAtomic(in); ok && index && a.act < 0 {
		e.atomicLanes(in, op, scale)
		e.Bind(back)
		return
	}
	values := x.At(ctxReg, e.l.lay.cell(1))
	others := x.At(ctxReg, e.l.lay.cell(2))
	results := x.At(ctxReg, e.l.lay.cell(3))
	for i, v := range in.s[a.val:a.base] {
		e.storeV(values.Add(int32(i)*64), e.vec(v, 0))
	}
	if a.act < 0 {
		e.MovI(x.DX, 1<<e.l.geo.v-1)
	} else if k := e.maskIn(in.s[a.act], k6); e.evex {
		e.V(&x.KMOVWr, x.Mode{}, uint8(x.DX), 0, x.X(k), 0)
	} else {
		e.V(&x.VMOVMSKPS, e.mode(), uint8(x.DX), 0, x.X(k), 0)
	}
	saved := []x.Reg{x.BX, x.SI, x.DI, x.R8}
	room := x.At(ctxReg, e.l.lay.regsAt)
	for i, r := range saved {
		e.Store(64, room.Add(int32(8*i)), r)
	}
	e.Mov(64, x.SI, x.CX)
	e.Mov(32, x.DI, x.DX)
	if in.t == ir.F32 && in.src.Op == ir.OpAtomicRMW && ir.AtomicOp(in.src.Imm2) != ir.AtomicXchg && !index && len(in.d) == 0 {
		e.sumLanes(in, values)
	} else {
		loop, done := e.NewLabel(), e.NewLabel()
		lane := func(m x.Mem) x.Mem { return x.Indexed(m.Base, x.CX, 4, m.Disp) }
		e.Bind(loop)
		e.nextLane(done)
		m := x.At(x.SI, 0)
		if index {
			e.Load(32, x.DX, lane(x.At(ctxReg, e.l.lay.cell(0))))
			m = x.Indexed(x.SI, x.DX, scale, 0)
		}
		if in.src.Op != ir.OpAtomicLoad {
			e.Load(32, x.BX, lane(values))
		}
		e.atomicStep(in, m, lane(others))
		if len(in.d) > 0 {
			e.Store(32, lane(results), x.AX)
		}
		e.Jmp(loop)
		e.Bind(done)
	}
	e.giveBack(saved, room)
	if len(in.d) > 0 {
		d := e.dst(in.d[0])
		e.loadV(d, results)
		e.put(in.d[0], d)
	}
	e.Bind(back)
}

// nextLane takes the lowest lane out of those in DI, and sets CX to it; without
// any it goes to done. It uses R8.
func (e *emitter) nextLane(done x.Label) {
	e.Tzcnt(32, x.CX, x.DI)
	e.Jcc(x.B, done)
	e.Lea(32, x.R8, x.At(x.DI, -1))
	e.Arith(x.AND, 32, x.DI, x.R8)
}

// sumLanes adds the values of the lanes in DX to the float at SI, one after the
// other, in one access to it.
func (e *emitter) sumLanes(in *ins, values x.Mem) {
	again, loop, done := e.NewLabel(), e.NewLabel(), e.NewLabel()
	m := x.At(x.SI, 0)
	e.Bind(again)
	e.Mov(32, x.DI, x.DX)
	e.Load(32, x.AX, m)
	e.V(&x.VMOVD, e.scalar(), e.tmp[0], 0, x.GR(x.AX), 0)
	e.Bind(loop)
	e.nextLane(done)
	e.V(floatSum(in), e.scalar(), e.tmp[0], e.tmp[0], x.M(x.Indexed(values.Base, x.CX, 4, values.Disp)), 0)
	e.Jmp(loop)
	e.Bind(done)
	e.V(&x.VMOVDs, e.scalar(), e.tmp[0], 0, x.GR(x.R8), 0)
	if in.a.shared {
		e.Lock()
	}
	e.Cmpxchg(32, m, x.R8)
	e.Jcc(x.NE, again)
}

// giveBack loads what registers held before.
func (e *emitter) giveBack(saved []x.Reg, room x.Mem) {
	for i, r := range saved {
		e.Load(64, r, room.Add(int32(8*i)))
	}
}

// scalar is the mode of instructions on one float in a temporary register.
func (e *emitter) scalar() x.Mode { return x.Mode{EVEX: e.evex} }

// floatSum returns the instruction that adds or subtracts a float.
func floatSum(in *ins) *x.Vec {
	if ir.AtomicOp(in.src.Imm2) == ir.AtomicSub {
		return &x.VSUBSS
	}
	return &x.VADDSS
}

// plainAtomic returns the instruction that does an atomic operation in memory,
// if there is one and nobody wants to know what was there.
func plainAtomic(in *ins) (x.Arith, bool) {
	if len(in.d) > 0 || in.src.Op != ir.OpAtomicRMW || in.t == ir.F32 {
		return 0, false
	}
	switch ir.AtomicOp(in.src.Imm2) {
	case ir.AtomicAdd:
		return x.ADD, true
	case ir.AtomicSub:
		return x.SUB, true
	case ir.AtomicAnd:
		return x.AND, true
	case ir.AtomicOr:
		return x.OR, true
	case ir.AtomicXor:
		return x.XOR, true
	}
	return 0, false
}

// atomicLanes does such an operation for all lanes of a part, whose indices are
// in cell 0 and count from CX.
func (e *emitter) atomicLanes(in *ins, op x.Arith, scale uint8) {
	v := in.s[in.a.val]
	same, isSame := uint32(0), false
	if v < 0 {
		same, isSame = sameWords(e.l.consts[-v])
	}
	if !isSame {
		e.storeV(x.At(ctxReg, e.l.lay.cell(1)), e.vec(v, 0))
	}
	e.updateLanes(in, op, scale, 1, isSame, same)
}

// atomicStep does the operation of one lane on m, with the value in BX, and for
// a compare-and-swap another in other; AX becomes what was there.
func (e *emitter) atomicStep(in *ins, m, other x.Mem) {
	lock := func() {
		if in.a.shared {
			e.Lock()
		}
	}
	if op, ok := plainAtomic(in); ok {
		lock()
		e.ArithMR(op, 32, m, x.BX)
		return
	}
	op := ir.AtomicOp(in.src.Imm2)
	switch {
	case in.src.Op == ir.OpAtomicLoad:
		e.Load(32, x.AX, m)
		return
	case in.src.Op == ir.OpAtomicStore:
		e.Store(32, m, x.BX)
		return
	case in.src.Op == ir.OpAtomicCAS:
		e.Mov(32, x.AX, x.BX)
		e.Load(32, x.R8, other)
		lock()
		e.Cmpxchg(32, m, x.R8)
		return
	case op == ir.AtomicXchg:
		e.Mov(32, x.AX, x.BX)
		e.Xchg(32, m, x.AX)
		return
	case in.t == ir.F32:
		e.Load(32, x.AX, m)
		again := e.NewLabel()
		e.Bind(again)
		e.V(&x.VMOVD, e.scalar(), e.tmp[0], 0, x.GR(x.AX), 0)
		e.V(&x.VMOVD, e.scalar(), e.tmp[1], 0, x.GR(x.BX), 0)
		e.V(floatSum(in), e.scalar(), e.tmp[0], e.tmp[0], x.X(e.tmp[1]), 0)
		e.V(&x.VMOVDs, e.scalar(), e.tmp[0], 0, x.GR(x.R8), 0)
		lock()
		e.Cmpxchg(32, m, x.R8)
		e.Jcc(x.NE, again)
		return
	case op == ir.AtomicAdd || op == ir.AtomicSub:
		e.Mov(32, x.AX, x.BX)
		if op == ir.AtomicSub {
			e.Unary(x.NEG, 32, x.AX)
		}
		lock()
		e.Xadd(32, m, x.AX)
		return
	}
	e.Load(32, x.AX, m)
	again := e.NewLabel()
	e.Bind(again)
	e.Mov(32, x.R8, x.AX)
	switch op {
	case ir.AtomicAnd:
		e.Arith(x.AND, 32, x.R8, x.BX)
	case ir.AtomicOr:
		e.Arith(x.OR, 32, x.R8, x.BX)
	case ir.AtomicXor:
		e.Arith(x.XOR, 32, x.R8, x.BX)
	default:
		c := [...]x.Cond{ir.AtomicUMin: x.A, ir.AtomicUMax: x.B, ir.AtomicSMin: x.G, ir.AtomicSMax: x.L}[op]
		e.Arith(x.CMP, 32, x.R8, x.BX)
		e.Cmov(c, 32, x.R8, x.BX)
	}
	lock()
	e.Cmpxchg(32, m, x.R8)
	e.Jcc(x.NE, again)
}
