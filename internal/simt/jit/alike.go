package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// What depends on a thread's index in its SIMD group, and on nothing else that
// differs from thread to thread, is alike in all SIMD groups: in
//
//	total = simd_sum(lane < groups ? sums[lane] : 0)
//
// every SIMD group of a threadgroup adds the same. A kernel with barriers does
// that once, between its regions, and the result is one of those that are the same
// for all threads. What is loaded for it may only be stored by other SIMD groups
// meanwhile if it does not matter which of them is first.

// likeness tells how much the threads of a group have a value in common.
type likeness uint8

const (
	unlike likeness = iota
	alike           // all SIMD groups have the same
	common          // all threads have
)

// likenesses finds what is alike, as far as it is plain to see: what loops carry
// is taken to differ.
type likenesses struct {
	f     *ir.Func
	geo   *geometry
	defs  []*ir.Instr // by ir.Value, of results of Ifs too
	known []int8      // by ir.Value: its likeness and one, 0 where nobody has asked
	sums  []*ir.Instr // reductions of what is alike
	ends  bool        // some threads may end before others
}

// findAlike returns the instructions to do once for all SIMD groups, and those of
// them whose results are the same for all threads.
func findAlike(f *ir.Func, geo *geometry) (once, sums map[*ir.Instr]bool) {
	if !(geo.oneGroup() || geo.single && geo.u*geo.v%ir.SimdLanes == 0) || !geo.full {
		return nil, nil
	}
	x := likenesses{f: f, geo: geo}
	found := false
	f.Body.Walk(func(in *ir.Instr) bool {
		found = found || x.isSum(in)
		return !found
	})
	if !found {
		return nil, nil
	}
	x.defs, x.known = make([]*ir.Instr, len(f.Values)), make([]int8, len(f.Values))
	f.Body.Walk(func(in *ir.Instr) bool {
		if in.Out != ir.NoValue {
			x.defs[in.Out] = in
		}
		if in.Op == ir.OpIf {
			for _, v := range in.Outs {
				x.defs[v] = in
			}
		}
		return true
	})
	x.block(f.Body, 0)
	if x.ends || len(x.sums) == 0 {
		return nil, nil
	}
	once, sums = map[*ir.Instr]bool{}, map[*ir.Instr]bool{}
	for _, in := range x.sums {
		once[in], sums[in] = true, true
		x.need(in.Args[0], once)
	}
	return once, sums
}

// isSum reports whether an instruction is a reduction over a SIMD group that
// gives a number.
func (x *likenesses) isSum(in *ir.Instr) bool {
	if in.Op != ir.OpGroupReduce || in.Type == ir.Bool {
		return false
	}
	_, width, _ := ir.UnpackGroup(in.Imm)
	return width == ir.SimdLanes
}

// block looks at code that all threads of the group run between the same barriers,
// inside of so many Loops and Blocks.
func (x *likenesses) block(b *ir.Block, depth int64) {
	for _, in := range b.Code {
		switch {
		case len(in.Body) > 0 && waits(in.Body...):
			inner := depth
			if in.Op != ir.OpIf {
				inner++
			}
			for _, body := range in.Body {
				x.block(body, inner)
			}
		case len(in.Body) > 0:
			if mayEnd(in, depth) && !(in.Op == ir.OpIf && x.of(in.Args[0]) == common) {
				x.ends = true
			}
		case x.isSum(in) && x.of(in.Args[0]) >= alike:
			x.sums = append(x.sums, in)
			x.known[in.Out] = int8(common) + 1
		}
	}
}

// waits reports whether threads wait in blocks for those of other SIMD groups.
func waits(blocks ...*ir.Block) bool {
	found := false
	for _, b := range blocks {
		b.Walk(func(in *ir.Instr) bool {
			found = found || in.Op == ir.OpBarrier && in.Imm == 0
			return !found
		})
	}
	return found
}

// mayEnd reports whether threads may end in a construct, which is inside of so many
// Loops and Blocks.
func mayEnd(in *ir.Instr, depth int64) bool {
	if in.Op != ir.OpIf {
		depth++
	}
	for _, b := range in.Body {
		for _, x := range b.Code {
			if (x.Op == ir.OpBreak || x.Op == ir.OpContinue) && x.Imm >= depth || len(x.Body) > 0 && mayEnd(x, depth) {
				return true
			}
		}
	}
	return false
}

// of returns the likeness of v.
func (x *likenesses) of(v ir.Value) likeness {
	if x.known[v] == 0 {
		x.known[v] = int8(x.find(v)) + 1
	}
	return likeness(x.known[v] - 1)
}

func (x *likenesses) all(vs []ir.Value) likeness {
	l := common
	for _, v := range vs {
		l = min(l, x.of(v))
	}
	return l
}

func (x *likenesses) find(v ir.Value) likeness {
	d := x.defs[v]
	if d == nil {
		return unlike
	}
	switch class := d.Op.Info().Class; {
	case d.Op == ir.OpBuiltin:
		switch b := ir.Builtin(d.Imm); {
		case x.geo.Input(b).Kind == shape.Uniform:
			return common
		case b == ir.ThreadIndexInSimdgroup:
			return alike
		}
		return unlike
	case class == ir.Input:
		return common
	case class == ir.Pure, d.Op == ir.OpLoad && d.Imm2 != ir.Volatile && !x.own(d.Args[0]):
		return x.all(d.Args)
	case d.Op == ir.OpIf:
		return x.choice(d)
	}
	return unlike
}

// own reports whether a Ref may name thread memory.
func (x *likenesses) own(ref ir.Value) bool {
	if d := x.defs[ref]; d != nil && d.Op == ir.OpMem {
		return x.f.Mems[d.Imm].Kind == ir.MemThread
	}
	return true
}

// choice returns the likeness of the results of an If.
func (x *likenesses) choice(in *ir.Instr) likeness {
	l := x.of(in.Args[0])
	for _, b := range in.Body {
		for _, y := range b.Code {
			switch class := y.Op.Info().Class; {
			case y.Op == ir.OpYield:
				l = min(l, x.all(y.Args))
			case class == ir.Input:
			case class == ir.Pure, y.Op == ir.OpLoad:
				l = min(l, x.of(y.Out))
			default:
				return unlike
			}
		}
	}
	return l
}

// need notes what v is made of that differs within a SIMD group.
func (x *likenesses) need(v ir.Value, once map[*ir.Instr]bool) {
	d := x.defs[v]
	if d.Op.Info().Class == ir.Input || x.of(v) == common || once[d] {
		return
	}
	once[d] = true
	for _, a := range d.Args {
		x.need(a, once)
	}
	for _, b := range d.Body {
		inside := map[ir.Value]bool{}
		for _, y := range b.Code {
			for _, a := range y.Args {
				if !inside[a] {
					x.need(a, once)
				}
			}
			inside[y.Out] = true
		}
	}
}

// onceHere reports whether an instruction is done once for the group, at its
// level: because all threads have the same result, or all SIMD groups.
func (l *lower) onceHere(in *ir.Instr) bool {
	return l.uniformHere(in) || l.once[in]
}

// readsMemory reports whether an instruction, with what is in it, is a load or has
// one.
func readsMemory(in *ir.Instr) bool {
	found := in.Op == ir.OpLoad
	for _, b := range in.Body {
		b.Walk(func(x *ir.Instr) bool {
			found = found || x.Op == ir.OpLoad
			return !found
		})
	}
	return found
}
