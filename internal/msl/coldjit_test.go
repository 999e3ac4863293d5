package msl

import (
	"testing"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// BenchmarkColdCode is the cost of machine code for a kernel that the interpreter
// could run.
func BenchmarkColdCode(b *testing.B) {
	for _, k := range coldKernels {
		lib := compileWith(b, k.text, Options{})
		code, _ := lib.Lower(k.kernel, Constants{})
		n := 0
		code.Func.Body.Walk(func(*ir.Instr) bool { n++; return true })
		p, err := simt.Compile(code.Func)
		_ = p
		if err != nil {
			b.Fatal(err)
		}
		b.Run(k.name, func(b *testing.B) {
			b.ReportAllocs()
			b.ReportMetric(float64(n), "ops")
			for b.Loop() {
				c, err := jit.Compile(code.Func, jit.AVX2, jit.Size{X: 256, Y: 1, Z: 1}, make([]int64, len(code.Func.Mems)))
				if err != nil {
					b.Fatal(err)
				}
				c.Free()
			}
		})
	}
}
