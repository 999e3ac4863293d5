package jit

import (
	"encoding/binary"
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// What the emitters of all processors have in common.

// coldCode is what code seldom does: it goes behind all other code.
type coldCode struct {
	cold []func() // that emit it
}

// emitCold emits it, and what it asks for in turn.
func (c *coldCode) emitCold() {
	for len(c.cold) > 0 {
		f := c.cold[0]
		c.cold = c.cold[1:]
		f()
	}
}

func (c *coldCode) later(f func()) { c.cold = append(c.cold, f) }

// A leaver emits code that returns to its caller at a site. L is a label.
type leaver[L any] interface {
	NewLabel() L
	Bind(L)
	jump(L)
	later(func())

	// leave returns to the caller at a site, who comes back at back.
	leave(s *Site, back L)

	// results takes the results of a site from its cells.
	results(in *ins)

	lower() *lower
}

// leaveFor emits what leaves an instruction to the caller.
func leaveFor[L any](e leaver[L], in *ins) {
	back := e.NewLabel()
	direct := e.lower().place(in)
	e.leave(in.x, back)
	e.Bind(back)
	if !direct {
		e.results(in)
	}
}

// slowly emits, elsewhere, what leaves an access to the caller: from slow on; it
// goes on at back.
func slowly[L any](e leaver[L], in *ins) (slow, back L) {
	slow, back = e.NewLabel(), e.NewLabel()
	e.later(func() {
		e.Bind(slow)
		if e.lower().place(in) {
			e.leave(in.x, back)
			return
		}
		leaveFor(e, in)
		e.jump(back)
	})
	return slow, back
}

// place tells the site of in where its cells are while the code has returned: at an
// offset in the context or, below 0, which constant it is. It reports whether the
// results are where their registers are saved, too, so that nothing is to be done
// for them: there, unless an operand is in the way, which the caller may want for
// other lanes yet, and unless they are masks, which must have no lanes that are not
// there.
func (l *lower) place(in *ins) (direct bool) {
	s := in.x
	n := len(s.cells)
	if len(l.morePlaces) < n+len(in.d) {
		l.morePlaces = make([]int32, max(512, n+len(in.d)))
	}
	at := l.morePlaces[: n+len(in.d) : n+len(in.d)]
	l.morePlaces = l.morePlaces[n+len(in.d):]
	for i, v := range in.s[:n] {
		at[i] = l.placeOf(v)
	}
	direct = true
	for i, v := range in.d {
		at[n+i] = l.placeOf(v)
		direct = direct && l.regs[v].class != mask && !slices.Contains(at[:n], at[n+i])
	}
	if !direct {
		for i := range in.d {
			at[n+i] = l.lay.cell(i)
		}
	}
	for i := range s.Args {
		s.Args[i].place(at)
	}
	s.Act.place(at)
	s.Out.place(at)
	for i := range s.Outs {
		s.Outs[i].place(at)
	}
	return direct
}

// place tells o where the cells of its site are.
func (o *Operand) place(at []int32) {
	o.at = at[min(o.Cell, len(at)):]
	if o.Base != nil {
		o.Base.place(at)
	}
	if o.Leaf != nil {
		o.Leaf.place(at)
	}
}

// placeOf is where a register is while the code has returned.
func (l *lower) placeOf(v vreg) int32 {
	if v < 0 {
		return int32(v)
	}
	r := &l.regs[v]
	switch {
	case r.konst && r.slot == 0:
		if len(l.consts) == 0 {
			l.consts = append(l.consts, nil)
		}
		l.consts = append(l.consts, binary.LittleEndian.AppendUint64(nil, r.bits))
		r.slot = int32(1 - len(l.consts))
	case !r.konst && r.phys >= 0:
		return l.lay.saved[r.class][r.phys]
	}
	return r.slot
}

// addOwnSite makes a site that no instruction of the kernel is at.
func (l *lower) addOwnSite(kind SiteKind, loop *ir.Instr) *Site {
	return l.addSite(Site{Kind: kind, Loop: loop})
}

// rowOf returns what a table by operation and type has for them, nil if it has
// nothing.
func rowOf[T any](rows [][ir.F32 + 1]*T, op ir.Op, t ir.Type) *T {
	if int(op) >= len(rows) || int(t) >= len(rows[op]) {
		return nil
	}
	return rows[op][t]
}
