package texel

import (
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
)

// The table has a word for each byte there is up to 1, and finds the byte that the edges
// tell, just before them, at them and anywhere.
func TestSRGBInverse(t *testing.T) {
	edges := srgbEdges()
	check := func(x float32) {
		want := sort.Search(len(edges), func(i int) bool { return x < edges[i] })
		require.EqualValues(t, want, linearToSRGB(x), "%g", x)
	}
	for _, x := range edges {
		check(math.Nextafter32(x, 0))
		check(x)
		check(math.Nextafter32(x, 1))
	}
	for _, x := range []float32{0, 1, 2, -1, 0x1p-140, float32(math.Inf(1)), float32(math.Inf(-1))} {
		check(x)
	}
	require.Zero(t, linearToSRGB(float32(math.NaN())))
	r := rand.New(rand.NewPCG(1, 2))
	for range 100000 {
		check(math.Float32frombits(r.Uint32N(0x3f800000 + 1)))
	}
	s := SRGBInverse()
	require.Len(t, s.Words, int(0x3f800000-s.Least)>>16+1)
}
