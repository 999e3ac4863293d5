package msl

import (
	"math/big"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"
)

// exact returns x*y+z rounded once.
func exact(x, y, z float32) float32 {
	wide := func(x float32) *big.Float { return new(big.Float).SetPrec(400).SetFloat64(float64(x)) }
	p := new(big.Float).SetPrec(400).Mul(wide(x), wide(y))
	r, _ := p.Add(p, wide(z)).Float32()
	return r
}

// TestContraction compiles the same in each mode: a product and its sum round once
// unless the mode is safe; of halves each rounds in every mode.
func TestContraction(t *testing.T) {
	const n = 4096
	const text = `kernel void k(device const float *x, device const float *y, device const float *z,
	device float *sum, device float *less, device float *minus, device float *twice, device half *h, uint i [[thread_position_in_grid]]) {
	sum[i] = x[i] * y[i] + z[i];
	less[i] = z[i] - x[i] * y[i];
	float p = x[i] * y[i];
	minus[i] = p - z[i];
	float q = x[i] * z[i];
	twice[i] = q + q;
	h[i] = half(x[i]) * half(y[i]) + half(z[i]);
}`
	r := rand.New(rand.NewSource(4))
	x, y, z := make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range n {
		x[i], y[i] = float32(r.NormFloat64()), float32(r.NormFloat64())
		z[i] = -float32(x[i]*y[i]) * (1 + float32(r.Intn(5))*0.001)
	}
	for _, mode := range []MathMode{MathFast, MathRelaxed, MathSafe} {
		t.Run(mode.String(), func(t *testing.T) {
			sum, less, minus, twice, h := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n), make([]uint16, n)
			l := launch{lib: compileWith(t, text, Options{Math: mode}), kernel: "k", grid: d1(n), group: d1(64), buffers: map[int][]byte{
				0: bytesOf(x), 1: bytesOf(y), 2: bytesOf(z), 3: bytesOf(sum), 4: bytesOf(less), 5: bytesOf(minus), 6: bytesOf(twice), 7: bytesOf(h)}}
			require.Nil(t, l.run(t))
			for i := range n {
				if mode == MathSafe {
					p := float32(x[i] * y[i])
					require.Equal(t, p+z[i], sum[i])
					require.Equal(t, z[i]-p, less[i])
					require.Equal(t, p-z[i], minus[i])
				} else {
					require.Equal(t, exact(x[i], y[i], z[i]), sum[i])
					require.Equal(t, exact(-x[i], y[i], z[i]), less[i])
					require.Equal(t, exact(x[i], y[i], -z[i]), minus[i])
				}
				q := float32(x[i] * z[i])
				require.Equal(t, q+q, twice[i])
				half := func(x float32) float32 { return sHalf.f32(sHalf.round(x)) }
				require.Equal(t, sHalf.round(half(half(x[i])*half(y[i]))+half(z[i])), uint64(h[i]))
			}
		})
	}
}
