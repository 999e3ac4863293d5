package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Of an If like that of a tree,
//
//	if (i < half)
//		sum[i] += sum[i + half];
//
// many chunks have no thread that enters it, which a comparison of scalars can
// tell. So the comparison of vectors is sunk behind that one: it is lowered with
// the If.

// findSunk finds the comparisons to sink: of linear values, wanted by one If that
// does something in its first arm only, with nothing in between that counts.
func (l *lower) findSunk() {
	l.sunk = nil
	uses := make([]uint8, len(l.f.Values))
	l.f.Body.Walk(func(in *ir.Instr) bool {
		for _, v := range in.Args {
			uses[v] = min(uses[v]+1, 2)
		}
		return true
	})
	var walk func(b *ir.Block)
	walk = func(b *ir.Block) {
		near := map[ir.Value]bool{} // comparisons with nothing but values behind them
		for _, in := range b.Code {
			for _, body := range in.Body {
				walk(body)
			}
			switch class := in.Op.Info().Class; {
			case in.Op == ir.OpIf && near[in.Args[0]] && uses[in.Args[0]] == 1 && l.mayBeSkipped(in) && !l.ofChunk(in.Args[0], 8):
				if l.sunk == nil {
					l.sunk = map[ir.Value]bool{}
				}
				l.sunk[in.Args[0]] = true
				clear(near)
			case in.Op >= ir.OpULt && in.Op <= ir.OpSLe && l.sh.Values[in.Out].Kind == shape.Varying && l.sh.Orders(in.Out):
				near[in.Out] = true
			case class != ir.Pure && class != ir.Input && class != ir.Read:
				clear(near)
			}
		}
	}
	walk(l.f.Body)
}

// mayBeSkipped reports whether an If has an arm that is worth a jump over it, and
// nothing else.
func (l *lower) mayBeSkipped(in *ir.Instr) bool {
	cost, memory, _ := l.sh.Weigh(in.Body[0])
	return (memory || cost > few) && len(in.Outs) == 0 && simpleArm(in.Body[1]) && !leavesIn(in.Body[0], l.sh) && !leavesIn(in.Body[1], l.sh)
}

// sunkIf lowers an If whose comparison is sunk.
func (l *lower) sunkIf(in *ir.Instr) {
	none, some := l.label(), l.label()
	l.unlessAll(in.Args[0], false, some)
	l.jump(none)
	l.bind(some)
	l.scope(func() {
		d := l.sh.Defs[in.Args[0]]
		for _, v := range d.Args { // nor are their vectors wanted before
			if x := l.vals[v]; len(x.g) > 0 && len(x.v) > 0 && l.sh.Values[v].Kind == shape.Linear {
				l.remember(v)
				l.vals[v].v = nil
			}
		}
		l.pure(d)
		l.varyingIf(in)
	})
	l.bind(none)
	l.vals[in.Args[0]] = value{}
}
