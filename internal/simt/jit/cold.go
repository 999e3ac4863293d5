package jit

import "github.com/aruminium-go/aruminium/internal/ir"

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

	// leave puts the operands of a site in its cells, and returns to the caller,
	// who comes back at back.
	leave(in *ins, back L)

	// results takes the results of a site from its cells.
	results(in *ins)
}

// leaveFor emits what leaves an instruction to the caller.
func leaveFor[L any](e leaver[L], in *ins) {
	back := e.NewLabel()
	e.leave(in, back)
	e.Bind(back)
	e.results(in)
}

// slowly emits, elsewhere, what leaves an access to the caller: from slow on; it
// goes on at back.
func slowly[L any](e leaver[L], in *ins) (slow, back L) {
	slow, back = e.NewLabel(), e.NewLabel()
	e.later(func() {
		e.Bind(slow)
		leaveFor(e, in)
		e.jump(back)
	})
	return slow, back
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
