package simt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// The base of the address, a value for each part of a chunk, and the index,
// one for all, go their own ways from part to part; so do rows that are in
// several vectors.
const partsOfChunks = `kernel "parts" {
	mem @0 "out" buffer device index 0 size 4 align 4
	%1 = const i64 0x4
	%2 = const i64 0x2000
	%3 = const i32 0x64
	%4 = mem @0
	%5 = builtin thread_position_in_threadgroup.x
	%6 = builtin thread_position_in_threadgroup.y
	%7 = builtin simdgroup_index_in_threadgroup
	%8 = builtin thread_index_in_simdgroup
	%9 = umin i32 %7, %3
	%10 = zext i64 %9
	%11 = mul i64 %10, %2
	%12 = zext i64 %5
	%13 = mul i64 %12, %1
	%14 = add i64 %11, %13
	%15 = mul i32 %6, %3
	%16 = add i32 %15, %8
	store i32 device %4[%14 + 0], %16
	yield
}
`

func TestNativePartsOfChunks(t *testing.T) {
	for _, group := range []simt.Size{size(256, 1, 1), size(64, 4, 1), size(32, 8, 1), size(16, 8, 2), size(8, 8, 4), size(128, 2, 2), size(8, 3, 5)} {
		for _, isa := range isas(t) {
			for _, parts := range []int{1, 4, 8} {
				p := compile(t, partsOfChunks) // it keeps the code it has
				undo := simt.Force(simt.Native, &isa, parts)
				out, want := make([]int32, 16*2048), make([]int32, 16*2048)
				l := simt.Launch{Program: p, Grid: group, Group: group, Mems: []simt.Binding{bound(out)}}
				require.Nil(t, l.Run())
				undo()
				for i := range int(group.X * group.Y * group.Z) {
					x, y := i%int(group.X), i/int(group.X)%int(group.Y)
					want[i/32*2048+x] = int32(y*100 + i%32)
				}
				// Threads of one SIMD group in several rows write to the same
				// places: the last one's value stays.
				require.Equal(t, want, out, "%v, %s, %d parts", group, isa, parts)
			}
		}
	}
}
