package jit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// What the geometry says of a builtin must be so in every whole chunk of a
// group.
func TestGeometry(t *testing.T) {
	extents := []Size{
		{256, 1, 1}, {100, 1, 1}, {32, 8, 1}, {16, 16, 1}, {8, 8, 8}, {16, 4, 2}, {8, 2, 16}, {64, 3, 2},
		{24, 5, 3}, {48, 2, 1}, {16, 3, 5}, {16, 1, 9}, {5, 4, 3}, {8, 1, 2}, {32, 4, 4}, {128, 8, 1},
	}
	linear := 0
	for _, ext := range extents {
		for _, isa := range []ISA{AVX2, AVX512, NEON} {
			for u := 1; u <= shape.MaxParts; u *= 2 {
				g := newGeometry(isa, ext, u)
				n := int(ext.X * ext.Y * ext.Z)
				position := func(b ir.Builtin, i int) int64 {
					x, y := i%int(ext.X), i/int(ext.X)
					return int64(map[ir.Builtin]int{
						ir.ThreadPositionInThreadgroupX: x,
						ir.ThreadPositionInThreadgroupY: y % int(ext.Y),
						ir.ThreadPositionInThreadgroupZ: y / int(ext.Y),
						ir.ThreadIndexInThreadgroup:     i,
						ir.ThreadIndexInSimdgroup:       i % 32,
						ir.SimdgroupIndexInThreadgroup:  i / 32,
					}[b])
				}
				for _, b := range []ir.Builtin{ir.ThreadPositionInThreadgroupX, ir.ThreadPositionInThreadgroupY, ir.ThreadPositionInThreadgroupZ,
					ir.ThreadIndexInThreadgroup, ir.ThreadIndexInSimdgroup, ir.SimdgroupIndexInThreadgroup} {
					s := g.Input(b)
					if s.Kind == shape.Varying {
						continue
					}
					linear++
					for i := range n {
						chunk := i - i%(u*g.v)
						p, lane := i%(u*g.v)/g.v, i%g.v
						first := chunk
						if s.Each {
							first += p * g.v
						}
						want := position(b, first) + s.Step*int64(lane)
						if !s.Each {
							want += int64(s.Part[p])
						}
						if i == chunk {
							require.Zero(t, uint64(position(b, i))%g.Aligned(b), "%v of %d %s vectors, builtin %d, chunk from %d", ext, u, isa, b, i)
						}
						require.Equal(t, want, position(b, i), "%v of %d %s vectors, builtin %d, thread %d", ext, u, isa, b, i)
					}
				}
			}
		}
	}
	require.Greater(t, linear, 300)
}

// What a position is at most holds for the lanes of the last chunk that have no
// thread, too.
func TestMost(t *testing.T) {
	geo := newGeometry(AVX512, Size{50, 1, 1}, 4) // a chunk is 64 lanes
	require.EqualValues(t, 63, geo.Most(ir.ThreadPositionInThreadgroupX))
	require.EqualValues(t, 0, geo.Most(ir.ThreadPositionInThreadgroupY))
	geo = newGeometry(AVX512, Size{16, 3, 1}, 8)
	require.EqualValues(t, 7, geo.Most(ir.ThreadPositionInThreadgroupY))
}
