package opt

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Choose replaces an If whose arms are short and only compute by selects:
// threads that part for so little lose more by it than by computing both. Where
// all threads take the same arm, a branch is cheap, and stays unless it is for
// next to nothing.
func Choose(f *ir.Func) (changed bool) {
	c := chooser{f: f}
	return c.block(f.Body)
}

// What both arms of an If may cost together to be computed always, where threads
// part and where they do not.
const (
	partedCost  = 10
	uniformCost = 2
)

type chooser struct {
	f      *ir.Func
	shapes *shape.Info // of f before anything changed; nil until asked for
}

func (c *chooser) block(b *ir.Block) (changed bool) {
	var out []*ir.Instr // nil while nothing has changed
	for i, in := range b.Code {
		for _, body := range in.Body {
			changed = c.block(body) || changed
		}
		switch {
		case in.Op == ir.OpIf && c.worthless(in):
			if out == nil {
				out = append(make([]*ir.Instr, 0, len(b.Code)+partedCost), b.Code[:i]...)
			}
			out = selects(c.f, in, out)
		case out != nil:
			out = append(out, in)
		}
	}
	if out != nil {
		b.Code = out
		changed = true
	}
	return changed
}

// worthless reports whether the arms of an If had better be computed always.
func (c *chooser) worthless(in *ir.Instr) bool {
	cost := 0
	for _, arm := range in.Body {
		for _, x := range arm.Code[:len(arm.Code)-1] {
			if class := x.Op.Info().Class; class != ir.Pure && class != ir.Input {
				return false
			}
			if cost += costOf(x); cost > partedCost {
				return false
			}
		}
		if arm.Last().Op != ir.OpYield {
			return false
		}
	}
	then, els := in.Body[0].Last().Args, in.Body[1].Last().Args
	for i := range then {
		// Which memory is accessed had better be known.
		if then[i] != els[i] && c.f.TypeOf(then[i]) == ir.Ref {
			return false
		}
	}
	return cost <= uniformCost || !c.uniform(in.Args[0])
}

// uniform reports whether all threads have the same v.
func (c *chooser) uniform(v ir.Value) bool {
	if c.shapes == nil {
		c.shapes = shape.Of(c.f, shape.Config{Group: shape.Runs})
	}
	return c.shapes.Values[v].Kind == shape.Uniform
}

// costOf is roughly what an operation costs, in sums.
func costOf(in *ir.Instr) int {
	switch in.Op {
	case ir.OpConst, ir.OpBuiltin, ir.OpMem, ir.OpBitcast:
		return 0
	case ir.OpFDiv, ir.OpFSqrt:
		return 6
	case ir.OpUDiv, ir.OpSDiv, ir.OpURem, ir.OpSRem, ir.OpFRem, ir.OpResolveRef, ir.OpResolveOffset:
		return 20
	}
	return 1
}

// selects appends to out what an If comes to without branches.
func selects(f *ir.Func, in *ir.Instr, out []*ir.Instr) []*ir.Instr {
	for _, arm := range in.Body {
		out = append(out, arm.Code[:len(arm.Code)-1]...)
	}
	then, els := in.Body[0].Last().Args, in.Body[1].Last().Args
	for i, v := range in.Outs {
		sel := f.NewInstr(ir.OpSelect, f.TypeOf(v), in.Pos, in.Args[0], then[i], els[i])
		sel.Out = v
		out = append(out, sel)
	}
	return out
}
