package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// Pick has accesses by a pointer that may name one of a few memories be one to each,
// of which the right one is picked. See Pool for those of which one can be made.
func Pick(f *ir.Func) (changed bool) {
	r := newRefFlow(f)
	if r == nil {
		return false
	}
	chosen := map[*refSet]bool{}
	for _, s := range r.sets {
		if len(s.mems) > 1 && len(s.mems) <= maxPicked && !s.other && s.plain {
			chosen[s] = true
		}
	}
	if len(chosen) == 0 {
		return false
	}
	number := func(b *ir.Builder, mem int64) ir.Value { return b.I32(int32(mem)) }
	r.become(ir.I32, chosen, number, func(b *ir.Builder, in *ir.Instr, set *refSet) ([]ir.Value, bool) {
		if r.mem[in.Args[0]] != nil {
			return nil, false
		}
		return pick(b, in, number, set.mems), true
	})
	return true
}

// maxPicked is among how many memories one is picked; for every access there is code for
// each.
const maxPicked = 4

// pick does an access to the one of mems that its first operand has the number of, and returns
// its results.
func pick(b *ir.Builder, in *ir.Instr, number func(*ir.Builder, int64) ir.Value, mems []int64) []ir.Value {
	if len(mems) == 1 {
		return accessTo(b, in, b.MemRef(int(mems[0])))
	}
	is := b.Emit(ir.OpEq, ir.Bool, in.Args[0], number(b, mems[0]))
	return b.Choose(is, func() []ir.Value { return pick(b, in, number, mems[:1]) }, func() []ir.Value { return pick(b, in, number, mems[1:]) })
}

// accessTo does an access to the memory that ref names instead, and returns its results.
func accessTo(b *ir.Builder, in *ir.Instr, ref ir.Value) []ir.Value {
	b.Volatile = in.Imm2 == ir.Volatile
	switch off := in.Args[1]; in.Op {
	case ir.OpLoad:
		return []ir.Value{b.Load(in.Space, in.Type, ref, off, in.Imm)}
	case ir.OpStore:
		b.Store(in.Space, in.Type, ref, off, in.Imm, in.Args[2])
		return nil
	}
	old := b.Atomic(in.Op, ir.AtomicOp(in.Imm2), in.Space, in.Type, ref, in.Args[1], in.Imm, in.Args[2:]...)
	if in.Op == ir.OpAtomicStore {
		return nil
	}
	return []ir.Value{old}
}
