// Package opt improves kernels before an engine runs them. Each pass is a
// function of its own that leaves a well-formed kernel; Passes lists them in
// the order Run applies them.
//
// What a kernel computes does not change by a bit, but for what Contract is
// allowed; nor do its faults, but that of several another may come first,
// that a faulting access may be done less often, that accesses which Join made one
// are outside of their memory together, if one of them is, and that Pool makes one
// memory of several. Threads that race see what some
// order of their accesses gives.
package opt

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/expand"
)

// Pass is one rewriting of a kernel.
type Pass struct {
	Name string
	Run  func(*ir.Func) (changed bool)
	// Folds marks a pass that need not run again if no other pass has changed
	// anything since one like it ran.
	Folds bool
}

// Passes in order. Folding is what makes the results of others show, so it comes
// after each that copies or moves.
var Passes = [...]Pass{
	{Name: "promote", Run: Promote},
	{Name: "fold", Run: Fold, Folds: true},
	{Name: "unroll", Run: Unroll},
	{Name: "fold unrolled", Run: Fold, Folds: true},
	{Name: "flatten", Run: Flatten},
	{Name: "scalarize", Run: Scalarize},
	{Name: "pool", Run: Pool},
	{Name: "pick", Run: Pick},
	{Name: "expand", Run: expand.Func},
	{Name: "fold expanded", Run: Fold, Folds: true},
	{Name: "choose", Run: Choose},
	{Name: "join", Run: Join},
	{Name: "hoist", Run: Hoist},
	{Name: "fold hoisted", Run: Fold, Folds: true},
	{Name: "contract", Run: Contract},
	{Name: "carry", Run: Carry},
	{Name: "sweep", Run: Sweep},
}

// Run applies all passes to f, which must be verified. Afterwards f has no
// Vars and no mathematical functions but those of the hardware.
func Run(f *ir.Func) {
	changed := true
	for _, p := range Passes {
		switch {
		case !p.Folds:
			changed = p.Run(f) || changed
		case changed:
			p.Run(f)
			changed = false
		}
	}
}

// again lists what Again does: all that makes less of new arithmetic, but not
// Contract, which chooses what is rounded by what it finds.
var again = [...]func(*ir.Func) bool{Fold, Hoist, Fold}

// Again improves a kernel that has been through Run, and in which other operations
// were since replaced by arithmetic. Of its memories the first own are those it had before. What it
// computes does not change by a bit.
func Again(f *ir.Func, own int) {
	for _, pass := range again {
		pass(f)
	}
	sweepVersion(f, own)
}
