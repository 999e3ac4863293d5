package simt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Stores past the caches need addresses on boundaries of vectors; what lies
// elsewhere, and what is masked, goes the common way.
const streaming = `kernel "stream" {
	mem @0 "in" buffer device index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 4 align 4
	%in = mem @0
	%out = mem @1
	%four = const i64 0x4
	%x = builtin thread_position_in_grid.x
	%y = builtin thread_position_in_grid.y
	%wide = builtin threads_per_grid.x
	%row = mul i32 %y, %wide
	%index = add i32 %row, %x
	%far = zext i64 %index
	%at = mul i64 %far, %four
	%v = load i32 device %in[%at + 0]
	%w = add i32 %v, %x
	store i32 device %out[%at + 0], %w
	yield
}`

func TestNativeStreams(t *testing.T) {
	simt.StreamFrom(1)
	defer simt.StreamFrom(0)
	for _, isa := range isas(t) {
		for _, parts := range []int{1, 8} {
			p := compile(t, streaming)
			undo := simt.Force(simt.Native, &isa, parts)
			for _, shape := range [][2]simt.Size{{size(4096, 1, 1), size(256, 1, 1)}, {size(1000, 1, 1), size(256, 1, 1)}, {size(64, 32, 1), size(32, 8, 1)}, {size(40, 9, 1), size(16, 4, 1)}} {
				for off := range 17 {
					n := int(shape[0].X * shape[0].Y)
					in, out := make([]uint32, n), make([]uint32, n+32)
					want := make([]uint32, n+32)
					for i := range n {
						in[i] = uint32(i*i + 3)
						want[off+i] = in[i] + uint32(i%int(shape[0].X))
					}
					l := simt.Launch{Program: p, Grid: shape[0], Group: shape[1], Mems: []simt.Binding{bound(in), bound(out[off : off+n])}}
					require.Nil(t, l.Run())
					require.Equal(t, want, out, "%s, %d parts, %v, %d words off", isa, parts, shape, off)
				}
			}
			undo()
		}
	}
}
