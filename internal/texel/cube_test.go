package texel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// centre returns the direction of a texel's centre, from the table of Metal's
// cube faces: the axis of the face, and those along which s and t grow.
func centre(f, i, j, n int) [3]float64 {
	axes := [6][3][3]float64{
		{{1, 0, 0}, {0, 0, -1}, {0, -1, 0}},
		{{-1, 0, 0}, {0, 0, 1}, {0, -1, 0}},
		{{0, 1, 0}, {1, 0, 0}, {0, 0, 1}},
		{{0, -1, 0}, {1, 0, 0}, {0, 0, -1}},
		{{0, 0, 1}, {1, 0, 0}, {0, -1, 0}},
		{{0, 0, -1}, {-1, 0, 0}, {0, -1, 0}},
	}
	s, t := (2*float64(i)+1)/float64(n)-1, (2*float64(j)+1)/float64(n)-1
	var d [3]float64
	for k := range d {
		d[k] = axes[f][0][k] + s*axes[f][1][k] + t*axes[f][2][k]
	}
	return d
}

func TestCubeFaces(t *testing.T) {
	const n = 8
	for f := range 6 {
		for j := range n {
			for i := range n {
				d := centre(f, i, j, n)
				g, s, tt := face(d[0], d[1], d[2])
				require.Equal(t, f, g)
				require.InDelta(t, (float64(i)+0.5)/n, s, 1e-12)
				require.InDelta(t, (float64(j)+0.5)/n, tt, 1e-12)
			}
		}
	}
	require.NotPanics(t, func() { face(0, 0, 0); face(math.NaN(), 1, 2); face(math.Inf(1), math.Inf(1), 0) })
}

// The texel past an edge is the one on another face whose centre is nearest.
func TestCubeTexelIsTheNeighbour(t *testing.T) {
	for _, n := range []int{1, 2, 3, 8} {
		for f := range 6 {
			for k := range n {
				for _, at := range [][2]int{{-1, k}, {n, k}, {k, -1}, {k, n}} {
					d := unit(centre(f, at[0], at[1], n))
					best, dist := [3]int{}, math.Inf(1)
					for g := range 6 {
						if g == f {
							continue
						}
						for j := range n {
							for i := range n {
								e := unit(centre(g, i, j, n))
								if x := math.Hypot(math.Hypot(d[0]-e[0], d[1]-e[1]), d[2]-e[2]); x < dist-1e-12 {
									best, dist = [3]int{g, i, j}, x
								}
							}
						}
					}
					g, i, j := cubeTexel(f, at[0], at[1], n)
					require.Equal(t, best, [3]int{g, i, j}, "size %d face %d (%d, %d)", n, f, at[0], at[1])
				}
			}
		}
	}
}

func unit(d [3]float64) [3]float64 {
	l := math.Hypot(math.Hypot(d[0], d[1]), d[2])
	return [3]float64{d[0] / l, d[1] / l, d[2] / l}
}

// A cube map of a smooth function of the direction is sampled smoothly: two
// directions near each other, whatever faces they meet, give values near.
func TestCubeIsSeamless(t *testing.T) {
	const n = 64
	s := Shape{Type: TypeCube, Format: R32Float, Width: n, Height: n, Depth: 1, Layers: 1, Levels: 1, Samples: 1}
	_, _, size := s.Layout()
	tex := New(s, make([]byte, size))
	smooth := func(d [3]float64) float64 { u := unit(d); return u[0] + 2*u[1]*u[2] }
	for f := range 6 {
		for i := range n * n {
			tex.WriteColor(At{X: uint32(i % n), Y: uint32(i / n), Slice: uint32(f)}, Color{R: float32(smooth(centre(f, i%n, i/n, n)))})
		}
	}
	state := SamplerState{Mag: FilterLinear, Min: FilterLinear, MaxLOD: 1}
	r := rand.New(rand.NewPCG(1, 5))
	for i := range 20000 {
		d := [3]float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
		if i%2 == 0 { // at an edge
			k := r.IntN(3)
			d[(k+1)%3] = math.Copysign(d[k]*(1+1e-3*r.NormFloat64()), d[(k+1)%3])
		}
		got := tex.Sample(&state, &Coord{S: float32(d[0]), T: float32(d[1]), R: float32(d[2])}, 0).R
		require.InDelta(t, smooth(d), float64(got), 0.03, "%v", d)
	}
}
