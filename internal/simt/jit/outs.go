package jit

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A loop is mostly left with what its parameters are,
//
//	for (uint k = 0; k < n; k++)
//		sum += …
//
// and then its results are where the parameters are: they take no registers of
// their own in all its turns.

// loopOuts makes places for the results of a loop whose parameters have theirs.
func (l *lower) loopOuts(t *target) {
	body := t.in.Body[0]
	exits := exitsOf(nil, body, 0)
	if last := body.Last(); last != nil && last.Op == ir.OpYield {
		exits = append(exits, last.Args)
	}
	for i, out := range t.outs {
		at := -1
		if !t.flow.Ragged && len(exits) > 0 {
			at = slices.Index(body.Params, exits[0][i])
		}
		for _, args := range exits {
			if at >= 0 && args[i] != body.Params[at] {
				at = -1
			}
		}
		if at >= 0 && l.sh.Values[out] == l.sh.Values[body.Params[at]] {
			l.vals[out] = t.params[at]
		} else {
			l.vals[out] = l.mutable(out)
		}
	}
}

// exitsOf appends the operands of each Break in b that leaves a construct, which b
// is inside of with so many between.
func exitsOf(list [][]ir.Value, b *ir.Block, between int64) [][]ir.Value {
	for _, in := range b.Code {
		inner := between
		switch in.Op {
		case ir.OpBreak:
			if in.Imm == between {
				list = append(list, in.Args)
			}
		case ir.OpLoop, ir.OpBlock:
			inner++
		}
		for _, body := range in.Body {
			list = exitsOf(list, body, inner)
		}
	}
	return list
}
