package shape_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
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
	s := shape.Of(f, shape.Config{Group: rect{32, 8}})
	for v, want := range map[ir.Value]shape.Bound{
		5:  {Most: 31, Exact: true},
		6:  {Most: 7, Exact: true},
		7:  {Most: 1<<32 - 1, Exact: false},
		8:  {Most: 49, Exact: true},
		9:  {Most: 80, Exact: true},
		10: {Most: 1<<32 - 1, Exact: false},
		11: {Most: 1<<32 - 1, Exact: false},
		12: {Most: 7, Exact: false},
		13: {Most: 38, Exact: false},
		14: {Most: 80, Exact: true},
		15: {Most: 1<<64 - 1, Exact: false},
		16: {Most: 896, Exact: true},
		17: {Most: 1<<25 - 1, Exact: false},
		18: {Most: 6, Exact: false},
		19: {Most: 1<<32 - 1, Exact: true},
		20: {Most: 1<<32 - 1, Exact: false},
	} {
		b := s.Bound(v)
		require.Equal(t, want.Most, b.Most, "%%%d", v)
		require.Equal(t, want.Exact, b.Exact, "%%%d", v)
	}
}

// What is assumed of a value holds while it is assumed, along with what is assumed
// of others, and of what is made of it.
func TestAssuming(t *testing.T) {
	f, err := ir.Parse(`kernel "assuming" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	%1 = mem @0
	%2 = const i64 0x0
	%3 = const i32 0x4
	%4 = load i32 constant %1[%2 + 0]
	%5 = load i32 constant %1[%2 + 4]
	%6 = mul i32 %4, %3
	%7 = add i32 %6, %5
	store i32 device %1[%2 + 0], %7
	yield
}`)
	require.NoError(t, err)
	s := shape.Of(f, shape.Config{Group: rect{32, 8}})
	const any = 1<<32 - 1
	most := func(four, five, sum uint64) {
		t.Helper()
		require.Equal(t, []uint64{four, five, sum}, []uint64{s.Bound(4).Most, s.Bound(5).Most, s.Bound(7).Most})
	}
	most(any, any, any)
	s.Assuming(4, 10, func() {
		most(10, any, any)
		require.Equal(t, uint64(40), s.Bound(6).Most)
		s.Assuming(5, 2, func() { most(10, 2, 42) })
		most(10, any, any)
	})
	most(any, any, any)
}
