package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// check fails on what no code is made for, nor sites, and notes what the kernel
// asks of the launch.
func (l *lower) check() {
	if len(l.f.Vars) > 0 {
		l.fail("variables")
	}
	l.f.Body.Walk(func(in *ir.Instr) bool {
		if !known(in.Op) {
			l.fail("operation %s", in.Op)
		}
		switch in.Op {
		case ir.OpBuiltin:
			l.builtins = append(l.builtins, in)
		case ir.OpBarrier:
			l.waiting = l.waiting || in.Imm == 0
		}
		return true
	})
}

func known(op ir.Op) bool {
	switch op {
	case ir.OpConst, ir.OpBuiltin, ir.OpMem, ir.OpTexture, ir.OpSampler, ir.OpBarrier, ir.OpFence, ir.OpPrintf, ir.OpTexQuery:
		return true
	}
	return op >= ir.OpSelect && op <= ir.OpFRem || op >= ir.OpLoad && op <= ir.OpResolveOffset ||
		op >= ir.OpShuffle && op <= ir.OpMatMulAdd || op.IsTexture() || op.Info().Class == ir.Control || op.Info().Class == ir.Term
}
