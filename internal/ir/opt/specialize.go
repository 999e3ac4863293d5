package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// Specialize returns f for threadgroups of which value knows builtins that are
// the same for all threads: a copy, in which they are constants, and loops with
// barriers that turn a known number of times are unrolled, which [Unroll] leaves
// to whom knows the group. f is as [Run] leaves it, and stays as it is; it is
// returned itself if there is nothing to gain. Whether it is what [SpecializeScaling]
// returns, too, is told besides.
func Specialize(f *ir.Func, value func(ir.Builtin) (uint32, bool)) (g *ir.Func, scaling bool) {
	return specialize(f, value, false)
}

// SpecializeScaling is Specialize but that it leaves loops which count in equal steps:
// where a step is multiplied or divided, as
//
//	for (uint d = 1; d < size; d *= 2)
//
// there are few turns, and what is made of it is simple where d is known.
func SpecializeScaling(f *ir.Func, value func(ir.Builtin) (uint32, bool)) *ir.Func {
	g, _ := specialize(f, value, true)
	return g
}

func specialize(f *ir.Func, value func(ir.Builtin) (uint32, bool), scaling bool) (*ir.Func, bool) {
	waiting := false
	f.Body.Walk(func(in *ir.Instr) bool {
		waiting = waiting || in.Op == ir.OpLoop && waits(in.Body[0])
		return !waiting
	})
	if !waiting {
		return f, true
	}
	g := f.Clone()
	insert(g, value)
	Fold(g)
	u := unroller{f: g, defs: definitions(g), cloner: newCloner(g), left: maxUnrolled, waiting: true, scaling: scaling}
	u.block(g.Body)
	if u.left == maxUnrolled {
		return f, true
	}
	Fold(g)
	Flatten(g)
	Fold(g)
	sweepVersion(g, len(g.Mems))
	return g, !u.even
}

// Known returns f for threadgroups of which value knows builtins that are the same
// for all threads: a copy, in which they are constants, or f itself if it asks for
// none of them. f is as [Run] leaves it, and stays as it is.
func Known(f *ir.Func, value func(ir.Builtin) (uint32, bool)) *ir.Func {
	asks := false
	f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op == ir.OpBuiltin {
			_, ok := value(ir.Builtin(in.Imm))
			asks = asks || ok
		}
		return !asks
	})
	if !asks {
		return f
	}
	g := f.Clone()
	insert(g, value)
	if Fold(g) {
		Flatten(g)
		Fold(g)
		sweepVersion(g, len(g.Mems))
	}
	return g
}

// insert makes constants of builtins.
func insert(f *ir.Func, value func(ir.Builtin) (uint32, bool)) {
	f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op == ir.OpBuiltin {
			if x, ok := value(ir.Builtin(in.Imm)); ok {
				in.Op, in.Imm = ir.OpConst, int64(x)
			}
		}
		return true
	})
}
