package opt

import "github.com/aruminium-go/aruminium/internal/ir"

// What of memory may change is told by effects, sets of classes: a class for
// every address space, of which any part may be meant, and one for every
// variable of threadgroup or thread memory, which only it can name. Buffers have
// no classes of their own: two may be the same memory.
type effects uint64

const (
	numSpaces = 4
	shared    = effects(1<<ir.Device | 1<<ir.Threadgroup) // by address space
)

// class returns the number of the class that an access through ref falls in.
func class(f *ir.Func, defs []*ir.Instr, ref ir.Value, space ir.Space) int {
	if d := defs[ref]; d != nil && d.Op == ir.OpMem {
		if k := f.Mems[d.Imm].Kind; k == ir.MemThread || k == ir.MemThreadgroup {
			return numSpaces + int(d.Imm)%(64-numSpaces)
		}
	}
	return int(space)
}

// writes returns what in, which holds no regions, may change of memory as its
// thread sees it.
func writes(f *ir.Func, defs []*ir.Instr, in *ir.Instr) effects {
	switch in.Op {
	case ir.OpStore, ir.OpMatStore:
		return 1 << class(f, defs, in.Args[0], in.Space)
	case ir.OpAtomicLoad, ir.OpAtomicStore, ir.OpAtomicRMW, ir.OpAtomicCAS, ir.OpBarrier, ir.OpFence:
		// What other threads have written before they came here, or may go on to
		// write, is seen from here on.
		return shared
	}
	return 0
}

// versions number the states of memory as a walk through a kernel meets them.
type versions struct {
	clock int32
	of    [64]int32        // by class: when it was last written by name
	any   [numSpaces]int32 // when anything of the space was
}

func (v *versions) write(e effects, f *ir.Func) {
	if e == 0 {
		return
	}
	v.clock++
	for s := range numSpaces {
		if e>>s&1 != 0 {
			v.of[s], v.any[s] = v.clock, v.clock
		}
	}
	for c := numSpaces; e>>c != 0; c++ {
		if e>>c&1 != 0 {
			v.of[c] = v.clock
			v.any[ir.Thread], v.any[ir.Threadgroup] = v.clock, v.clock
		}
	}
}

// read returns the version that a load of a class sees. Constant memory does not
// change while a kernel runs.
func (v *versions) read(class int, space ir.Space) int32 {
	switch {
	case space == ir.Constant:
		return 0
	case class < numSpaces:
		return v.any[space]
	}
	return max(v.of[class], v.of[space])
}

// definitions returns the instruction that defines each value; nil for
// parameters and results of regions.
func definitions(f *ir.Func) []*ir.Instr {
	defs := make([]*ir.Instr, len(f.Values), len(f.Values)+len(f.Values)/4)
	define(f.Body, defs)
	return defs
}

func define(b *ir.Block, defs []*ir.Instr) {
	for _, in := range b.Code {
		if in.Out != ir.NoValue {
			defs[in.Out] = in
		}
		for _, body := range in.Body {
			define(body, defs)
		}
	}
}

// effectsOf returns, by instruction, what each If, Loop and Block writes.
func effectsOf(f *ir.Func, defs []*ir.Instr) []effects {
	e := make([]effects, f.NumInstrs())
	var block func(b *ir.Block) effects
	block = func(b *ir.Block) (all effects) {
		for _, in := range b.Code {
			w := writes(f, defs, in)
			for _, body := range in.Body {
				w |= block(body)
			}
			e[in.ID] = w
			all |= w
		}
		return all
	}
	block(f.Body)
	return e
}
