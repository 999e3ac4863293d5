package simt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// rowsText gives a group a row of n words, which is known when it runs: it takes their sum, the
// sum of what they are less that, and puts the two into each.
const rowsText = `kernel "rows" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	mem @1 "x" buffer device index 1 size 4 align 4
	mem @2 "y" buffer device index 2 size 4 align 4
	mem @3 "sums" threadgroup threadgroup index 0 size 128 align 4
	%pn = mem @0
	%x = mem @1
	%y = mem @2
	%sums = mem @3
	%zero = const i64 0x0
	%none = const i32 0x0
	%four = const i64 0x4
	%i = builtin thread_position_in_threadgroup.x
	%size = builtin threads_per_threadgroup.x
	%row = builtin threadgroup_position_in_grid.x
	%simd = builtin simdgroup_index_in_threadgroup
	%lane = builtin thread_index_in_simdgroup
	%groups = builtin simdgroups_per_threadgroup
	%longsimd = zext i64 %simd
	%bysimd = mul i64 %longsimd, %four
	%longlane = zext i64 %lane
	%bylane = mul i64 %longlane, %four
	%first = eq bool %lane, %none
	%some = ult bool %lane, %groups
	%n = load i32 constant %pn[%zero + 0]
	%base = mul i32 %row, %n
	%longbase = zext i64 %base
	%rowat = mul i64 %longbase, %four
	%s0 = loop %k0 i32 = %i, %a0 i32 = %none -> i32 {
		%m0 = ult bool %k0, %n
		if %m0 { yield } else { break 0 %a0 }
		%l0 = zext i64 %k0
		%o0 = mul i64 %l0, %four
		%at0 = add i64 %rowat, %o0
		%v0 = load i32 device %x[%at0 + 0]
		%b0 = add i32 %a0, %v0
		%next0 = add i32 %k0, %size
		continue 0 %next0, %b0
	}
	%g0 = group.reduce i32 add 32 %s0
	if %first { store i32 threadgroup %sums[%bysimd + 0], %g0 yield } else { yield }
	barrier threadgroup
	%p0 = if %some -> i32 { %q0 = load i32 threadgroup %sums[%bylane + 0] yield %q0 } else { yield %none }
	%mean = group.reduce i32 add 32 %p0
	barrier threadgroup
	%s1 = loop %k1 i32 = %i, %a1 i32 = %none -> i32 {
		%m1 = ult bool %k1, %n
		if %m1 { yield } else { break 0 %a1 }
		%l1 = zext i64 %k1
		%o1 = mul i64 %l1, %four
		%at1 = add i64 %rowat, %o1
		%v1 = load i32 device %x[%at1 + 0]
		%d1 = sub i32 %v1, %mean
		%e1 = mul i32 %d1, %d1
		%b1 = add i32 %a1, %e1
		%next1 = add i32 %k1, %size
		continue 0 %next1, %b1
	}
	%g1 = group.reduce i32 add 32 %s1
	if %first { store i32 threadgroup %sums[%bysimd + 0], %g1 yield } else { yield }
	barrier threadgroup
	%p1 = if %some -> i32 { %q1 = load i32 threadgroup %sums[%bylane + 0] yield %q1 } else { yield %none }
	%scale = group.reduce i32 add 32 %p1
	loop %k2 i32 = %i {
		%m2 = ult bool %k2, %n
		if %m2 { yield } else { break 0 }
		%l2 = zext i64 %k2
		%o2 = mul i64 %l2, %four
		%at2 = add i64 %rowat, %o2
		%v2 = load i32 device %x[%at2 + 0]
		%d2 = sub i32 %v2, %mean
		%e2 = mul i32 %d2, %scale
		store i32 device %y[%at2 + 0], %e2
		%next2 = add i32 %k2, %size
		continue 0 %next2
	}
	yield
}`

// TestNativeRows compares rows of all kinds of lengths, and some that are not all there.
func TestNativeRows(t *testing.T) {
	const rows = 3
	faults, fine := 0, 0
	for _, n := range []uint32{0, 31, 256, 257, 600, 1024, 1300} {
		for _, lacking := range []int{0, 700} {
			for _, group := range []uint32{256, 200} {
				sameOnEngines(t, func() []uint32 {
					x, y := make([]uint32, rows*n+1), make([]uint32, rows*n+1)
					for i := range x {
						x[i] = uint32(i*i*7 + i)
					}
					there := x[:max(1, len(x)-lacking)]
					l := simt.Launch{Program: compile(t, rowsText), Grid: size(rows*group, 1, 1), Group: size(group, 1, 1), Mems: []simt.Binding{bound([]uint32{n}), bound(there), bound(y), {}}}
					if l.Run() != nil {
						faults++
						return nil
					}
					fine++
					return y
				}, "rows of %d for %d threads, %d lacking", n, group, lacking)
			}
		}
	}
	require.Positive(t, faults)
	require.Positive(t, fine)
}

// A group that is one chunk goes through such rows in their order.
func TestNativeRowsInOrder(t *testing.T) {
	isa, ok := jit.Best()
	if !ok || isa == jit.AVX2 || isa == jit.NEON {
		t.Skip("groups of 256 threads are one chunk with AVX-512 only")
	}
	f := parse(t, rowsText)
	c, err := jit.Compile(f, isa, jit.Size{X: 256, Y: 1, Z: 1}, nil)
	require.NoError(t, err)
	defer c.Free()
	require.Equal(t, 256, c.Parts*c.Lanes)
}
