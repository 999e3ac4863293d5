package jit

import (
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	x "github.com/aruminium-go/aruminium/internal/simt/jit/arm64"
)

// Atomic operations that other groups see are done with pairs of an exclusive
// load and store, which all processors have; they, and the loads and stores,
// are in one order for all threads. In threadgroup memory plain ones do: one
// goroutine runs the group.

// aligned goes slow unless X17 is a multiple of 4.
func (e *armEmitter) aligned(slow x.Label) {
	e.OpBits(x.ANDSI, 64, x.ZR, x.X17, 3)
	e.BCond(x.NE, slow)
}

func (arm64) hasUpdates() bool { return false }

func (arm64) hasOwnLanes() bool { return false }

// atomicAdd emits lAtomicAdd.
func (e *armEmitter) atomicAdd(in *ins) {
	a := in.a
	slow, back := slowly[x.Label](e, in)
	if a.act >= 0 {
		e.noneTo(in.s[a.act:a.act+a.masks], back)
	}
	e.scalarPlace(in, slow)
	e.aligned(slow)
	r := e.g(in.s[a.val], x.X15)
	e.update(a.shared, func() { e.Op(x.ADD, 32, x.X13, x.X14, r) })
	e.Bind(back)
}

// update changes the word at X17: f, which may be done more than once, sets X13
// to what is to be there, from X14, what was.
func (e *armEmitter) update(shared bool, f func()) {
	if !shared {
		e.Load(4, x.X14, x.At(x.X17, 0))
		f()
		e.Store(4, x.At(x.X17, 0), x.X13)
		return
	}
	again := e.NewLabel()
	e.Bind(again)
	e.LoadExclusive(x.X14, x.X17)
	f()
	e.StoreExclusive(x.X12, x.X17, x.X13)
	e.Cbnz(32, x.X12, again)
}

// atomic emits lAtomic: the active lanes of a part one after the other, all of
// which are checked first. It uses X12 to X17.
func (e *armEmitter) atomic(in *ins) {
	a := in.a
	slow, back := slowly[x.Label](e, in)
	if a.act >= 0 {
		e.noneTo(in.s[a.act:a.act+1], back)
	}
	var leaf x.V
	if a.form == toOne {
		e.scalarPlace(in, slow)
	} else {
		leaf = e.laneIndices(in, slow)
	}
	e.aligned(slow)
	var act x.V
	if a.act >= 0 {
		act = e.vec(in.s[a.act], 3)
	}
	vals := in.s[a.val:a.base]
	var operands [2]x.V
	for i, v := range vals {
		operands[i] = e.vec(v, i+1)
	}
	var d x.V
	if len(in.d) > 0 {
		d = e.dst(in.d[0])
	}
	// The base is kept while X17 is the place of a lane.
	if a.form != toOne {
		e.Dup(x.D2, spare(6), x.X17)
	}
	for i := range uint8(4) {
		next := e.NewLabel()
		if a.act >= 0 {
			e.GetLane(x.S4, x.X16, act, i)
			e.Cbz(32, x.X16, next)
		}
		if a.form != toOne {
			e.GetLane(x.D2, x.X17, spare(6), 0)
			e.GetLane(x.S4, x.X16, leaf, i)
			e.OpShl(x.ADD, 64, x.X17, x.X17, x.X16, uint8(bits.TrailingZeros64(uint64(a.scale))))
		}
		if len(vals) > 0 {
			e.GetLane(x.S4, x.X15, operands[0], i)
		}
		if len(vals) > 1 {
			e.GetLane(x.S4, x.X16, operands[1], i)
		}
		e.atomicStep(in)
		if len(in.d) > 0 {
			e.SetLane(x.S4, d, i, x.X14)
		}
		e.Bind(next)
	}
	if len(in.d) > 0 {
		e.put(in.d[0], d)
	}
	e.Bind(back)
}

// atomicStep does the operation of one lane at X17, with the value in X15 and,
// for a compare-and-swap, another in X16; X14 becomes what was there.
func (e *armEmitter) atomicStep(in *ins) {
	shared := in.a.shared
	switch in.src.Op {
	case ir.OpAtomicLoad:
		if shared {
			e.LoadAcquire(x.X14, x.X17)
		} else {
			e.Load(4, x.X14, x.At(x.X17, 0))
		}
		return
	case ir.OpAtomicStore:
		if shared {
			e.StoreRelease(x.X17, x.X15)
		} else {
			e.Store(4, x.At(x.X17, 0), x.X15)
		}
		return
	case ir.OpAtomicCAS:
		e.update(shared, func() { // what differs is stored as it was
			e.Cmp(32, x.X14, x.X15)
			e.Choose(x.CSEL, 32, x.X13, x.X16, x.X14, x.EQ)
		})
		return
	}
	op := ir.AtomicOp(in.src.Imm2)
	e.update(shared, func() {
		if in.t == ir.F32 && op != ir.AtomicXchg {
			e.SetLane(x.S4, spare(4), 0, x.X14)
			e.SetLane(x.S4, spare(5), 0, x.X15)
			sum := &x.FADD
			if op == ir.AtomicSub {
				sum = &x.FSUB
			}
			e.V3(sum, x.S4, spare(4), spare(4), spare(5))
			e.GetLane(x.S4, x.X13, spare(4), 0)
			return
		}
		switch op {
		case ir.AtomicXchg:
			e.Mov(32, x.X13, x.X15)
		case ir.AtomicAdd:
			e.Op(x.ADD, 32, x.X13, x.X14, x.X15)
		case ir.AtomicSub:
			e.Op(x.SUB, 32, x.X13, x.X14, x.X15)
		case ir.AtomicAnd:
			e.Op(x.AND, 32, x.X13, x.X14, x.X15)
		case ir.AtomicOr:
			e.Op(x.ORR, 32, x.X13, x.X14, x.X15)
		case ir.AtomicXor:
			e.Op(x.EOR, 32, x.X13, x.X14, x.X15)
		case ir.AtomicUMin, ir.AtomicUMax, ir.AtomicSMin, ir.AtomicSMax:
			c := [...]x.Cond{ir.AtomicUMin: x.LO, ir.AtomicUMax: x.HI, ir.AtomicSMin: x.LT, ir.AtomicSMax: x.GT}[op]
			e.Cmp(32, x.X14, x.X15)
			e.Choose(x.CSEL, 32, x.X13, x.X14, x.X15, c)
		default:
			panic(unsupported("atomic operation " + in.src.Op.String()))
		}
	})
}
