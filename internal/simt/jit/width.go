package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Narrow returns the instructions to use for f and groups of extent ext where isa
// is the best that the processor has: it may be better to use those for half as
// many lanes.
func Narrow(f *ir.Func, isa ISA, ext Size) ISA {
	const wide, half = 16, 8
	if isa != AVX512 {
		return isa
	}
	if ext.X%wide != 0 && ext.X%half == 0 && ext.Y*ext.Z > 1 {
		return AVX512x256 // a vector is part of a row
	}
	if onlyMoves(f) {
		return AVX512x256
	}
	return isa
}

// onlyMoves reports whether f does hardly anything but load and store. What memory
// gives bounds such a kernel, and whole lines wanted at once, a chunk of one
// memory and then of the next, come up to a quarter more slowly than by halves,
// where the first half has the processor fetch what follows. With more to do in
// between it is the other way round.
func onlyMoves(f *ir.Func) bool {
	moves, others, stores := 0, 0, false
	loaded := make([]bool, len(f.Values)) // from memory, or of what is
	f.Body.Walk(func(in *ir.Instr) bool {
		found := slices.ContainsFunc(in.Args, func(v ir.Value) bool { return loaded[v] })
		switch in.Op {
		case ir.OpConst, ir.OpMem, ir.OpBuiltin, ir.OpIf, ir.OpBlock, ir.OpYield, ir.OpBreak:
		case ir.OpLoad:
			moves++
			if found { // a place that memory tells: each lane waits for its own
				others += tooMany
			}
			loaded[in.Out] = true
		case ir.OpStore:
			moves++
			stores = true
		default:
			others++
			if in.Out != ir.NoValue {
				loaded[in.Out] = found
			}
			if in.Op == ir.OpLoop || in.Op.Info().Class != ir.Pure {
				others += tooMany
			}
		}
		return others < tooMany
	})
	return stores && others <= aroundMoves+moves
}

const (
	aroundMoves = 4 // operations for an address and a guard
	tooMany     = 100
)
