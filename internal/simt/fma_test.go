//go:build amd64 || arm64

package simt

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFmaAssembly compares the assembly with the portable form, of every length
// up to some, and sees that it writes nothing else.
func TestFmaAssembly(t *testing.T) {
	if !hasFMA {
		t.Skip("this processor has no fused multiply-add")
	}
	r := rand.New(rand.NewPCG(1, 2))
	special := []float32{0, float32(math.Copysign(0, -1)), 1, float32(math.Inf(1)), float32(math.NaN()), math.MaxFloat32, 0x1p-149, 0x1p-126, 1 + 0x1p-23}
	random := func(n int) []eight {
		s := make([]eight, n)
		for i := range s {
			for j := range s[i] {
				if s[i][j] = math.Float32frombits(r.Uint32()); r.IntN(3) == 0 {
					s[i][j] = special[r.IntN(len(special))]
				}
			}
		}
		return s
	}
	same := func(want, got []eight) {
		for i := range want {
			for j, w := range want[i] {
				if g := got[i][j]; math.Float32bits(w) != math.Float32bits(g) && (w == w || g == g) {
					t.Fatalf("lane %d: %v, want %v", 8*i+j, g, w)
				}
			}
		}
	}
	for n := range 100 {
		a, b, c, got, want := random(n), random(n), random(n), random(n+1), make([]eight, n)
		beyond := got[n]
		fmaVVgo(want, a, b, c)
		fmaVV(got[:n], a, b, c)
		same(want, got[:n])
		s := special[n%len(special)]
		fmaVSgo(want, a, s, c)
		fmaVS(got[:n], a, s, c)
		same(want, got[:n])
		for j := range beyond {
			require.Equal(t, math.Float32bits(beyond[j]), math.Float32bits(got[n][j]))
		}
	}
}
