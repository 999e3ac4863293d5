package jit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

func TestBounds(t *testing.T) {
	f, err := ir.Parse(`kernel "bounds" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	%1 = mem @0
	%2 = const i64 0x0
	%3 = const i32 0x7
	%4 = const i32 0x10000000
	%5 = builtin thread_position_in_threadgroup.x
	%6 = builtin thread_position_in_threadgroup.y
	%7 = load i32 constant %1[%2 + 0]
	%8 = mul i32 %6, %3
	%9 = add i32 %8, %5
	%10 = mul i32 %5, %4
	%11 = sub i32 %5, %3
	%12 = and i32 %7, %3
	%13 = add i32 %12, %5
	%14 = zext i64 %9
	%15 = sext i64 %11
	%16 = shl i32 %6, %3
	%17 = lshr i32 %7, %3
	%18 = urem i32 %7, %3
	%19 = builtin thread_position_in_grid.x
	%20 = add i32 %19, %3
	store i32 device %1[%2 + 0], %20
	yield
}`)
	require.NoError(t, err)
	geo := newGeometry(AVX512, Size{32, 8, 1}, 4)
	s := &shapes{f: f, geo: &geo}
	s.run()
	for v, want := range map[ir.Value]bound{
		5:  {true, 31, true},
		6:  {true, 7, true},
		7:  {true, 1<<32 - 1, false},
		8:  {true, 49, true},
		9:  {true, 80, true},
		10: {true, 1<<32 - 1, false},
		11: {true, 1<<32 - 1, false},
		12: {true, 7, false},
		13: {true, 38, false},
		14: {true, 80, true},
		15: {true, 1<<64 - 1, false},
		16: {true, 896, true},
		17: {true, 1<<25 - 1, false},
		18: {true, 6, false},
		19: {true, 1<<32 - 1, true},
		20: {true, 1<<32 - 1, false},
	} {
		require.Equal(t, want, s.bound(v), "%%%d", v)
	}
	geo = newGeometry(AVX512, Size{50, 1, 1}, 4) // a chunk is 64 lanes
	require.EqualValues(t, 63, geo.most(ir.ThreadPositionInThreadgroupX))
	require.EqualValues(t, 0, geo.most(ir.ThreadPositionInThreadgroupY))
	geo = newGeometry(AVX512, Size{16, 3, 1}, 8)
	require.EqualValues(t, 7, geo.most(ir.ThreadPositionInThreadgroupY))
}
