package jit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
)

// Rows are added up by groups of SIMD groups, which meet in threadgroup memory, and
// divided by the sums.
const rowSums = `kernel "rows" {
	mem @0 "x" buffer device index 0 size 4 align 4
	mem @1 "y" buffer device index 1 size 4 align 4
	mem @2 "sums" threadgroup threadgroup index 0 size 128 align 4
	%x = mem @0
	%y = mem @1
	%sums = mem @2
	%four = const i64 0x4
	%none = const i32 0x0
	%groups = const i32 0x8
	%zero = const f32 0x0
	%end = const i32 0x400
	%i = builtin thread_index_in_threadgroup
	%lane = builtin thread_index_in_simdgroup
	%simd = builtin simdgroup_index_in_threadgroup
	%size = builtin threads_per_threadgroup.x
	%first = eq bool %lane, %none
	%some = ult bool %lane, %groups
	%longlane = zext i64 %lane
	%bylane = mul i64 %longlane, %four
	%longsimd = zext i64 %simd
	%bysimd = mul i64 %longsimd, %four
	%sum = loop %k i32 = %i, %s f32 = %zero -> f32 {
		%more = ult bool %k, %end
		if %more { yield } else { break 0 %s }
		%long = zext i64 %k
		%off = mul i64 %long, %four
		%v = load f32 device %x[%off + 0]
		%w = fadd f32 %s, %v
		%next = add i32 %k, %size
		continue 0 %next, %w
	}
	%part = group.reduce f32 add 32 %sum
	if %first { store f32 threadgroup %sums[%bysimd + 0], %part
		yield } else { yield }
	barrier threadgroup
	%mine = if %some -> f32 { %a = load f32 threadgroup %sums[%bylane + 0]
		yield %a } else { yield %zero }
	%all = group.reduce f32 add 32 %mine
	loop %k2 i32 = %i {
		%more2 = ult bool %k2, %end
		if %more2 { yield } else { break 0 }
		%long2 = zext i64 %k2
		%off2 = mul i64 %long2, %four
		%v2 = load f32 device %x[%off2 + 0]
		%d = fdiv f32 %v2, %all
		store f32 device %y[%off2 + 0], %d
		%next2 = add i32 %k2, %size
		continue 0 %next2
	}
	yield
}`

// Groups that chunks hold are one, without spills, however many vectors a row has.
func TestStraightRows(t *testing.T) {
	for _, c := range []struct {
		isa   ISA
		width uint32
		parts int
	}{{AVX512, 256, 16}, {AVX512, 128, 8}, {AVX512x256, 128, 16}, {AVX2, 32, 4}} {
		f, err := ir.Parse(rowSums)
		require.NoError(t, err)
		require.NoError(t, ir.Verify(f))
		ext := Size{X: c.width, Y: 1, Z: 1}
		require.Equal(t, c.parts, straightParts(f, c.isa, ext))
		f, _ = opt.Specialize(f, ext.builtin)
		code, _, err := new(room).compile(f, c.isa, ext, nil, c.parts, true)
		require.NoError(t, err)
		require.NotNil(t, code, "%v, groups of %d", c.isa, c.width)
		require.Zero(t, code.Spills)
	}
}
