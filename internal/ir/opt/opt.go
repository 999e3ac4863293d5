// Package opt improves kernels before an engine runs them. Each pass is a
// function of its own that leaves a well-formed kernel; Passes lists them in
// the order Run applies them.
package opt

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/expand"
)

// Pass is one rewriting of a kernel.
type Pass struct {
	Name string
	Run  func(*ir.Func)
}

// Passes in order.
var Passes = [...]Pass{
	{"promote", Promote},
	{"fold", Fold},
	{"unroll", Unroll},
	{"fold unrolled", Fold},
	{"flatten", Flatten},
	{"scalarize", Scalarize},
	{"expand", expand.Func},
	{"fold expanded", Fold},
	{"choose", Choose},
	{"hoist", Hoist},
	{"fold hoisted", Fold},
	{"contract", Contract},
	{"sweep", Sweep},
}

// Run applies all passes to f, which must be verified. Afterwards f has no
// Vars and no mathematical functions but those of the hardware.
func Run(f *ir.Func) {
	for _, p := range Passes {
		p.Run(f)
	}
}
