package opt_test

import (
	"testing"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// BenchmarkPasses is the cost of all passes, and of each, for a kernel of some
// 200 operations. Reading the kernel's text is not counted.
func BenchmarkPasses(b *testing.B) {
	text := irtest.Quiet(6, 50).String()
	parse := func() *ir.Func {
		f, err := ir.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		return f
	}
	n := 0
	parse().Body.Walk(func(*ir.Instr) bool { n++; return true })
	b.Run("all", func(b *testing.B) {
		b.ReportMetric(float64(n), "ops")
		b.ReportAllocs()
		for range b.N {
			b.StopTimer()
			f := parse()
			b.StartTimer()
			opt.Run(f)
		}
	})
	for i, p := range opt.Passes {
		b.Run(p.Name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				b.StopTimer()
				f := parse()
				for _, q := range opt.Passes[:i] {
					q.Run(f)
				}
				b.StartTimer()
				p.Run(f)
			}
		})
	}
	b.Run("shapes", func(b *testing.B) {
		f := parse()
		opt.Run(f)
		b.ReportAllocs()
		for b.Loop() {
			shape.Of(f, shape.Config{Group: shape.Runs})
		}
	})
}
