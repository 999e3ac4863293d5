package opt

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Hoist moves what gives the same in every turn of a loop in front of it:
// operations on values from outside, and loads of memory that the loop does not
// write. A load moves only if every thread that enters the loop would do it, so
// that no fault comes about that did not before: one behind the loop's first test
// gets that test put in front of it, once.
func Hoist(f *ir.Func) (changed bool) {
	h := hoister{f: f, level: make([]int32, len(f.Values))}
	h.levels(f.Body, 0)
	if !h.loops {
		return false
	}
	h.defs = definitions(f)
	h.effects = effectsOf(f, h.defs)
	h.cloner = newCloner(f)
	h.block(f.Body, 0)
	return h.changed
}

// maxTest is how many instructions a loop's test may have to be done once more.
const maxTest = 8

type hoister struct {
	f *ir.Func
	cloner
	level   []int32 // by Value: Loops around its definition
	loops   bool    // there are any
	changed bool
	defs    []*ir.Instr
	effects []effects
}

func (h *hoister) levels(b *ir.Block, n int32) {
	for _, v := range b.Params {
		h.level[v] = n
	}
	for _, in := range b.Code {
		h.level[in.Out] = n
		for _, v := range in.Outs {
			h.level[v] = n
		}
		inner := n
		if in.Op == ir.OpLoop {
			inner++
			h.loops = true
		}
		for _, body := range in.Body {
			h.levels(body, inner)
		}
	}
}

// block hoists out of the loops in b, which is in n loops itself; inner ones
// first, so that what they give up may go on.
func (h *hoister) block(b *ir.Block, n int32) {
	var out []*ir.Instr // nil while nothing has changed
	for i, in := range b.Code {
		if in.Op != ir.OpLoop {
			for _, body := range in.Body {
				h.block(body, n)
			}
			if out != nil {
				out = append(out, in)
			}
			continue
		}
		h.block(in.Body[0], n+1)
		before := h.invariant(in, n)
		guard := h.guard(in, n)
		if before == nil && guard == nil && out == nil {
			continue
		}
		if out == nil {
			out = append(make([]*ir.Instr, 0, len(b.Code)+len(before)+maxTest), b.Code[:i]...)
		}
		out = append(out, before...)
		if guard == nil {
			guard = []*ir.Instr{in}
		}
		out = append(out, guard...)
	}
	if out != nil {
		b.Code = out
		h.changed = true
	}
}

// invariant takes out of a loop, which is in n others, and returns what may run
// in front of it.
func (h *hoister) invariant(loop *ir.Instr, n int32) []*ir.Instr {
	all := true // threads are here that have entered this turn
	return h.take(loop, 0, n, func(in *ir.Instr) bool {
		all = all && !(len(in.Body) > 0 && mayLeave(in, 0))
		return all
	})
}

// take takes invariant operations out of a loop's body from index i on, and
// invariant loads as long as here says so.
func (h *hoister) take(loop *ir.Instr, i int, n int32, here func(*ir.Instr) bool) (taken []*ir.Instr) {
	body := loop.Body[0]
	kept := body.Code[:i]
	for _, in := range body.Code[i:] {
		loads := here(in)
		move := false
		switch class := in.Op.Info().Class; {
		case class == ir.Pure, class == ir.Input, class == ir.Math:
			move = h.from(in, n)
		case in.Op == ir.OpLoad && loads:
			move = h.from(in, n) && !h.clobbered(in, loop)
		}
		if move {
			h.level[in.Out] = n
			taken = append(taken, in)
		} else {
			kept = append(kept, in)
		}
	}
	clear(body.Code[len(kept):])
	body.Code = kept
	return taken
}

// from reports whether the arguments of in are defined in n loops at most.
func (h *hoister) from(in *ir.Instr, n int32) bool {
	for _, a := range in.Args {
		if h.level[a] > n {
			return false
		}
	}
	return true
}

// clobbered reports whether a loop may write what in loads.
func (h *hoister) clobbered(in, loop *ir.Instr) bool {
	switch {
	case in.Imm2 == ir.Volatile:
		return true
	case in.Space == ir.Constant:
		return false
	}
	w := h.effects[loop.ID]
	c := class(h.f, h.defs, in.Args[0], in.Space)
	if w>>in.Space&1 != 0 || w>>c&1 != 0 {
		return true
	}
	// Through a Ref that may be anything goes what has been written by name.
	return c < numSpaces && w>>numSpaces != 0
}

// guard puts the first test of a loop in front of it, if there are loads behind
// the test that may then be taken out. It returns what stands for the loop, or nil.
func (h *hoister) guard(loop *ir.Instr, n int32) []*ir.Instr {
	body := loop.Body[0]
	at := -1
	for i, in := range body.Code {
		if len(in.Body) > 0 && mayLeave(in, 0) {
			at = i
			break
		}
		if class := in.Op.Info().Class; class != ir.Pure && class != ir.Input || i == maxTest {
			return nil
		}
	}
	if at < 0 || body.Code[at].Op != ir.OpIf {
		return nil
	}
	test := body.Code[at]
	exit := 0
	if !leaves(test.Body[0]) {
		exit = 1
	}
	stay, last := test.Body[1-exit], test.Body[exit].Last()
	if len(stay.Code) > 1 || len(test.Body[exit].Code) > 1 || len(test.Outs) > 0 || leaves(stay) || last.Op != ir.OpBreak || last.Imm != 0 {
		return nil
	}
	if !h.worthwhile(loop, at+1, n) {
		return nil
	}

	h.forget()
	for i, p := range body.Params {
		h.as(p, loop.Args[i])
	}
	var out []*ir.Instr
	for _, in := range body.Code[:at] {
		c := h.instr(in)
		h.setLevel(c.Out, n)
		out = append(out, c)
	}
	guard := h.f.NewInstr(ir.OpIf, ir.Void, test.Pos, h.value(test.Args[0]))
	none := h.f.NewInstr(ir.OpYield, ir.Void, test.Pos, h.values(last.Args)...)
	h.forget()
	guard.Outs = loop.Outs
	loop.Outs = h.freshAll(guard.Outs)
	for _, v := range loop.Outs {
		h.setLevel(v, n)
	}
	all := true
	some := &ir.Block{Code: h.take(loop, at+1, n, func(in *ir.Instr) bool {
		all = all && !(len(in.Body) > 0 && mayLeave(in, 0))
		return all
	})}
	some.Code = append(some.Code, loop, h.f.NewInstr(ir.OpYield, ir.Void, test.Pos, slices.Clone(loop.Outs)...))
	guard.Body = []*ir.Block{some, {Code: []*ir.Instr{none}}}
	if exit == 0 {
		guard.Body[0], guard.Body[1] = guard.Body[1], guard.Body[0]
	}
	return append(out, guard)
}

func (h *hoister) setLevel(v ir.Value, n int32) {
	for len(h.level) < len(h.f.Values) {
		h.level = append(h.level, make([]int32, len(h.f.Values)-len(h.level))...)
	}
	h.level[v] = n
}

// worthwhile reports whether there is a load to be taken out of a loop's body
// from index i on.
func (h *hoister) worthwhile(loop *ir.Instr, i int, n int32) bool {
	for _, in := range loop.Body[0].Code[i:] {
		if len(in.Body) > 0 && mayLeave(in, 0) {
			return false
		}
		if in.Op == ir.OpLoad && h.from(in, n) && !h.clobbered(in, loop) {
			return true
		}
	}
	return false
}
