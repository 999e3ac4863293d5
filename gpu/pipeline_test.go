package gpu_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

func TestArgs(t *testing.T) {
	h := open(t)
	require.Equal(t, []gpu.Arg{
		{Index: 0, Name: "y", Kind: gpu.ArgBuffer, Type: "float", Access: gpu.AccessReadWrite, Size: 4, Align: 4, Used: true},
		{Index: 1, Name: "x", Kind: gpu.ArgBuffer, Type: "float", Access: gpu.AccessRead, Size: 4, Align: 4, Used: true},
		{Index: 2, Name: "a", Kind: gpu.ArgBuffer, Type: "float", Access: gpu.AccessRead, Size: 4, Align: 4, Used: true},
	}, slices.Collect(h.pipeline(t, "saxpy").Args()))

	args := slices.Collect(h.pipeline(t, "volume").Args())
	require.Len(t, args, 2)
	require.Equal(t, "struct", args[1].Type)
	require.Equal(t, 12, args[1].Size)
	require.Equal(t, 4, args[1].Align)

	args = slices.Collect(h.pipeline(t, "scratch").Args())
	require.Len(t, args, 2)
	require.Equal(t, gpu.ArgThreadgroup, args[1].Kind)
	require.Equal(t, "t", args[1].Name)

	args = slices.Collect(h.pipeline(t, "wide").Args())
	require.Equal(t, "float4", args[0].Type)
	require.Equal(t, 16, args[0].Size)
	require.Equal(t, 16, args[0].Align)
	for a := range h.pipeline(t, "saxpy").Args() {
		require.Equal(t, "y", a.Name)
		break
	}
}

func TestGroup(t *testing.T) {
	h := open(t)
	p := h.pipeline(t, "saxpy")
	width, limit := p.ThreadExecutionWidth(), h.dev.MaxThreadsPerThreadgroup()
	for _, grid := range []gpu.Size{
		gpu.D1(1), gpu.D1(2), gpu.D1(31), gpu.D1(33), gpu.D1(1000), gpu.D1(1 << 30),
		gpu.D2(1, 1), gpu.D2(67, 67), gpu.D2(1, 4096), gpu.D2(4096, 2), gpu.D2(1920, 1080),
		gpu.D3(1, 1, 9), gpu.D3(64, 64, 64), gpu.D3(5, 7, 100), gpu.D3(1, 100000, 2),
	} {
		g := p.Group(grid)
		require.LessOrEqual(t, g.Count(), p.MaxTotalThreadsPerThreadgroup(), "%v", grid)
		require.Zero(t, g.X%width, "%v: %v", grid, g)
		require.True(t, g.X >= 1 && g.Y >= 1 && g.Z >= 1 && g.X <= limit.X && g.Y <= limit.Y && g.Z <= limit.Z, "%v: %v", grid, g)
		require.True(t, g.Y <= grid.Y && g.Z <= grid.Z && g.X < grid.X+width, "%v: %v is larger than the grid needs", grid, g)
	}
	require.Greater(t, p.Group(gpu.D1(1<<20)).X, width, "a long line has more than one SIMD-group")
	require.Greater(t, p.Group(gpu.D2(1<<10, 1<<10)).Y, 1)
	require.Greater(t, p.Group(gpu.D3(64, 64, 64)).Z, 1)
}

// Every shape of grid covers every thread with the group that was chosen for it.
func TestGroupCoversTheGrid(t *testing.T) {
	h := open(t)
	p := h.pipeline(t, "where2")
	for _, grid := range []gpu.Size{gpu.D2(1, 1), gpu.D2(3, 70), gpu.D2(129, 5), gpu.D2(64, 64), gpu.D2(1, 333)} {
		out := h.uints(t, grid.Count())
		require.NoError(t, h.queue.Run(background(), p, grid, out))
		for i, v := range out.All() {
			require.Equal(t, uint32(i%grid.X+1000*(i/grid.X)), v, "%v at %d", grid, i)
		}
	}
}
