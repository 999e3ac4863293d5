package opt

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Carry makes bits of halves that are loaded, picked from and stored, or taken for
// integers, but computed with nowhere. Engines that have halves as floats need not convert
// them, which would make signalling NaNs quiet.
func Carry(f *ir.Func) (changed bool) {
	if !slices.ContainsFunc(f.Values, func(v ir.ValueInfo) bool { return v.Type == ir.F16 }) {
		return false
	}
	c := carrier{f: f, carried: make([]bool, len(f.Values))}
	f.Body.Walk(func(in *ir.Instr) bool {
		switch {
		case in.Out == ir.NoValue || f.TypeOf(in.Out) != ir.F16:
		case in.Op == ir.OpLoad, in.Op == ir.OpConst, in.Op == ir.OpSelect, in.Op == ir.OpBitcast && f.TypeOf(in.Args[0]) == ir.I16:
			c.carried[in.Out] = true
		}
		return true
	})
	for c.more = true; c.more; {
		c.more = false
		f.Body.Walk(func(in *ir.Instr) bool {
			c.check(in)
			return true
		})
	}
	same := make(substitution, len(f.Values)) // of bitcasts to the bits
	f.Body.Walk(func(in *ir.Instr) bool {
		switch out := in.Out; {
		case out != ir.NoValue && c.carried[out]:
			if in.Op == ir.OpBitcast {
				same[out] = in.Args[0]
			}
			in.Type, f.Values[out].Type = ir.I16, ir.I16
			changed = true
		case in.Op == ir.OpBitcast && c.carried[in.Args[0]]:
			same[out] = in.Args[0]
		case in.Op == ir.OpStore && c.carried[in.Args[2]]:
			in.Type = ir.I16
		}
		return true
	})
	if changed {
		same.replace(f.Body)
	}
	return changed
}

// A carrier finds the halves that are not computed with.
type carrier struct {
	f       *ir.Func
	carried []bool // by value: nothing has been found against it yet
	more    bool   // something has, in this walk
}

// check finds what speaks against the operands and the result of an instruction.
func (c *carrier) check(in *ir.Instr) {
	switch in.Op {
	case ir.OpSelect:
		if a, b := in.Args[1], in.Args[2]; !c.carried[a] || !c.carried[b] || !c.carried[in.Out] {
			c.drop(a)
			c.drop(b)
			c.drop(in.Out)
		}
	case ir.OpStore:
	case ir.OpBitcast:
		if in.Type != ir.I16 {
			c.drop(in.Args[0])
		}
	default:
		for _, v := range in.Args {
			c.drop(v)
		}
	}
}

func (c *carrier) drop(v ir.Value) {
	if c.carried[v] {
		c.carried[v], c.more = false, true
	}
}
