package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSize(t *testing.T) {
	for _, c := range []struct {
		s     Size
		text  string
		count int
	}{
		{D1(256), "256", 256}, {D1(0), "0", 0}, {D2(16, 8), "16×8", 128}, {D2(16, 1), "16", 16},
		{D3(8, 8, 4), "8×8×4", 256}, {D3(8, 1, 4), "8×1×4", 32}, {D1(-1), "-1", -1},
	} {
		require.Equal(t, c.text, c.s.String())
		require.Equal(t, c.count, c.s.Count())
	}
}
