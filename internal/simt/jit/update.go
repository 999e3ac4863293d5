package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// An update is an atomic operation on a word that differs from lane to lane, of
// which nobody wants to know what was there: a histogram's. The places of all parts
// are checked, and laid down, before the first is changed, so that the loads which
// take them up again need not wait.

// update lowers in to one, if it is one and there is code for it. a is the access.
func (l *lower) update(in *ir.Instr, mem int, a access, addr *address) bool {
	if !l.cpu.hasUpdates() || in.Op != ir.OpAtomicRMW || l.used[in.Out] || in.Type != ir.I32 || a.form != toLanes || len(addr.base) > 1 || addr.part != (shape.Offsets{}) {
		return false
	}
	switch ir.AtomicOp(in.Imm2) {
	case ir.AtomicAdd, ir.AtomicSub, ir.AtomicOr, ir.AtomicXor:
	case ir.AtomicAnd:
		if l.act != nil {
			return false // lanes that are not active change nothing by a zero
		}
	default:
		return false
	}
	if a.shared && l.act != nil {
		return false // what is not active would have the bus locked all the same
	}
	s := l.newSite(in)
	cells := append([]vreg(nil), s.cells...)
	if o := s.Args[1].Base; o != nil {
		a.add = o.Cell
	}
	a.parts, a.leaf = l.geo.u, len(cells)
	for p := range a.parts {
		cells = append(cells, l.vec(addr.leaf, p, 0))
	}
	if s.Act.Kind != Absent {
		a.act, a.masks = s.Act.Cell, l.geo.u
	}
	a.val = len(cells)
	for p := range a.parts {
		cells = append(cells, l.vec(in.Args[2], p, 0))
	}
	a.base = len(cells)
	cells = append(cells, l.baseOf(mem))
	a.limit = l.atomicLimit(mem, &a)
	l.lay.cells = max(l.lay.cells, len(s.cells), 2*a.parts)
	l.emit(ins{op: lUpdate, t: in.Type, s: cells, x: s, a: &a, src: in})
	return true
}
