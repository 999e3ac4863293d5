package msl

import "github.com/aruminium-go/aruminium/internal/ir"

// accesses returns how f touches each of its memories. A memory that is
// reached by a pointer which is not known before the kernel runs may be
// touched in every way its declaration allows.
func accesses(f *ir.Func) []Access {
	out := make([]Access, len(f.Mems))
	mem := map[ir.Value]int64{}
	f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op == ir.OpMem {
			mem[in.Out] = in.Imm
		}
		return true
	})
	f.Body.Walk(func(in *ir.Instr) bool {
		for i, arg := range in.Args {
			m, ok := mem[arg]
			if !ok {
				continue
			}
			how := AccessReadWrite
			if i == 0 {
				switch in.Op {
				case ir.OpLoad, ir.OpAtomicLoad, ir.OpMatLoad:
					how = AccessRead
				case ir.OpStore, ir.OpAtomicStore, ir.OpMatStore:
					how = AccessWrite
				}
			}
			out[m] |= how
		}
		return true
	})
	return out
}
