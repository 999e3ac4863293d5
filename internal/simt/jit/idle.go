package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// A barrier between threads that touch different memories keeps nobody waiting:
// in
//
//	v = simd_sum(v);
//	threadgroup_barrier(mem_flags::mem_threadgroup);
//	if (lane == 0)
//		sums[simd] = v;
//
// nothing is loaded or stored before it that matters to what follows, if sums has
// not been used yet. So there is one region instead of two, and nothing to hand
// from one to the other.

// A touch is what code does with memory: bits of the memories it loads from and
// stores to. Buffers may all be the same.
type touch struct {
	loads, stores uint64
	other         bool // whatever
}

// findIdle finds the barriers of a block at the level of the group that are not
// needed.
func (l *lower) findIdle(b *ir.Block) {
	var before []*ir.Instr
	at := -1 // the last barrier
	settle := func(code []*ir.Instr) {
		if at >= 0 && len(before) > 0 && len(code) > 0 && !l.isBounded(before) && !l.isBounded(code) && !l.touches(before).meets(l.touches(code)) {
			l.gr.idle[b.Code[at]] = true
			before = append(before, code...)
			return
		}
		before = code
	}
	var code []*ir.Instr
	for i, in := range b.Code {
		switch {
		case in.Op == ir.OpBarrier && in.Imm == 0:
			settle(code)
			code, at = nil, i
		case len(in.Body) > 0 && l.atLevel(in):
			settle(code)
			code, before, at = nil, nil, -1
			for _, body := range in.Body {
				l.findIdle(body)
			}
		case in.Op.Info().Class == ir.Term:
		case l.onceHere(in):
			if readsMemory(in) { // all that is before is done then
				settle(code)
				code, before, at = nil, nil, -1
			}
		default:
			code = append(code, in)
		}
	}
	settle(code)
}

// isBounded reports whether code may run for some threads only, see boundsOf.
func (l *lower) isBounded(code []*ir.Instr) bool {
	var guard *ir.Instr
	for _, in := range code {
		switch {
		case in.Op == ir.OpIf && guard == nil:
			guard = in
		case in.Op.Info().Class != ir.Pure && in.Op.Info().Class != ir.Input:
			return false
		}
	}
	if guard == nil {
		return false
	}
	d := l.sh.Defs[guard.Args[0]]
	if d == nil || d.Op != ir.OpULt && d.Op != ir.OpULe && d.Op != ir.OpEq {
		return false
	}
	for _, v := range d.Args {
		if of := l.sh.Defs[v]; of != nil && of.Op == ir.OpBuiltin {
			switch ir.Builtin(of.Imm) {
			case ir.ThreadIndexInThreadgroup, ir.ThreadPositionInThreadgroupX, ir.SimdgroupIndexInThreadgroup:
				return true
			}
		}
	}
	return false
}

// touches tells what code does with memory.
func (l *lower) touches(code []*ir.Instr) (t touch) {
	(&ir.Block{Code: code}).Walk(func(in *ir.Instr) bool {
		switch class := in.Op.Info().Class; {
		case in.Op == ir.OpLoad:
			t.loads |= l.memoryBit(in.Args[0])
		case in.Op == ir.OpStore:
			t.stores |= l.memoryBit(in.Args[0])
		case in.Op >= ir.OpShuffle && in.Op <= ir.OpBallot:
		case class == ir.Read || class == ir.Effect:
			t.other = true
		}
		return !t.other
	})
	return t
}

// memoryBit returns the bit of a memory: the first for those that may be the same,
// none for a thread's own.
func (l *lower) memoryBit(ref ir.Value) uint64 {
	mem, ok := l.memOf(ref)
	if !ok {
		return ^uint64(0)
	}
	switch l.f.Mems[mem].Kind {
	case ir.MemThread, ir.MemConst:
		return 0
	case ir.MemThreadgroup, ir.MemThreadgroupArg:
		return 1 << (1 + mem%63)
	}
	return 1
}

// meets reports whether it matters that code that does t is done by all threads
// before some do u.
func (t touch) meets(u touch) bool {
	return t.other || u.other || t.stores&(u.loads|u.stores) != 0 || t.loads&u.stores != 0
}
