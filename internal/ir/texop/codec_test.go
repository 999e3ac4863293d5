package texop

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Every normalised integer of up to sixteen bits becomes the float32 nearest to the
// quotient.
func TestReciprocals(t *testing.T) {
	f32 := func(x float32) uint64 { return ir.Narrow(ir.F32, x) }
	for n := 2; n <= 16; n++ {
		for _, most := range []int{1<<n - 1, 1<<(n-1) - 1} {
			if most == 1 {
				continue
			}
			hi, lo := reciprocal(most)
			for i := range most + 2 {
				x := float32(i)
				got, ok := ir.Eval(ir.OpFFma, ir.F32, ir.F32, f32(x), f32(hi), f32(x*lo))
				require.True(t, ok)
				if got != f32(x/float32(most)) {
					t.Fatalf("%d/%d is %v, not %v", i, most, ir.Widen(ir.F32, got), x/float32(most))
				}
			}
		}
	}
}
