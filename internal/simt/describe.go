package simt

import (
	"fmt"
	"os"

	"github.com/aruminium-go/aruminium/internal/simt/jit"
	"github.com/aruminium-go/aruminium/internal/simt/jit/exec"
)

// EngineVariable is the environment variable that chooses the tier: interp for
// the interpreter alone, jit for machine code wherever there can be some, auto
// or nothing for machine code where it pays.
const EngineVariable = "ARUMINIUM_ENGINE"

// Describe says in a few words what kernels run on: the instructions of machine
// code and how memory is made executable, or why there is none.
func Describe() string {
	isa, ok := jit.Best()
	switch {
	case Engine(engine().Load()) == Interpreter:
		return fmt.Sprintf("interpreter (%s=%s)", EngineVariable, os.Getenv(EngineVariable))
	case !ok && exec.Runs():
		return "interpreter (the processor has no AVX2)"
	case !ok:
		return fmt.Sprintf("interpreter (%s)", exec.How())
	}
	return fmt.Sprintf("machine code (%s, executable memory by %s)", isa, exec.How())
}
