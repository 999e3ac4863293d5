package simt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// A gather whose indices follow one another is one load. Its first lanes may be
// inactive because their indices are below zero.
const gatherBehind = `kernel "behind" {
	mem @0 "at" buffer device index 0 size 4 align 4
	mem @1 "in" buffer device index 1 size 4 align 4
	mem @2 "out" buffer device index 2 size 4 align 4
	%1 = const i32 0x0
	%2 = const i64 0x4
	%3 = mem @0
	%4 = mem @1
	%5 = mem @2
	%6 = builtin thread_position_in_grid.x
	%7 = zext i64 %6
	%8 = mul i64 %7, %2
	%9 = load i32 device %3[%8 + 0]
	%10 = sle bool %1, %9
	if %10 {
		%11 = sext i64 %9
		%12 = mul i64 %11, %2
		%13 = load i32 device %4[%12 + 0]
		store i32 device %5[%8 + 0], %13
		yield
	} else {
		yield
	}
	yield
}
`

func TestNativeGatherBehind(t *testing.T) {
	f, err := ir.Parse(gatherBehind)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	p, err := simt.Compile(f)
	require.NoError(t, err)
	for _, isa := range isas(t) {
		undo := simt.Force(simt.Native, &isa, 1)
		for behind := range int32(16) {
			at, in, out := make([]int32, 16), make([]int32, 16), make([]int32, 16)
			for i := range at {
				at[i], in[i], out[i] = int32(i)-behind, int32(100+i), -1
			}
			l := simt.Launch{Program: p, Grid: size(16, 1, 1), Group: size(16, 1, 1), Mems: []simt.Binding{bound(at), bound(in), bound(out)}}
			require.Nil(t, l.Run(), "%s, %d", isa, behind)
			for i, x := range out {
				want := int32(-1)
				if at[i] >= 0 {
					want = in[at[i]]
				}
				require.Equal(t, want, x, "%s, %d behind, thread %d", isa, behind, i)
			}
		}
		undo()
	}
}
