package simt_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Threads that count in tables of their own, some of them, and put a word where one
// tells.
const ownTables = `kernel "tables" {
	mem @0 "in" buffer device index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 4 align 4
	mem @2 "own" thread thread index 0 size 96 align 4
	%in = mem @0
	%out = mem @1
	%own = mem @2
	%zero = const i32 0x0
	%one = const i32 0x1
	%turns = const i32 0x9
	%most = const i32 0x17
	%few = const i32 MASK
	%five = const i32 0x5
	%third = const i32 0x15
	%mul = const i32 0x1f
	%four = const i64 0x4
	%scale = const i64 SCALE
	%id = builtin thread_position_in_grid.x
	%wid = zext i64 %id
	%at = mul i64 %wid, %four
	loop %c i32 = %zero {
		%more = ule bool %c, %most
		if %more { yield } else { break 0 }
		%wc = zext i64 %c
		%oc = mul i64 %wc, %four
		store i32 thread %own[%oc + 0], %c
		%nc = add i32 %c, %one
		continue 0 %nc
	}
	%x = load i32 device %in[%at + 0]
	loop %k i32 = %zero, %v i32 = %x {
		%go = ult bool %k, %turns
		if %go { yield } else { break 0 }
		%i = and i32 %v, %few
		%w = EXT i64 %i
		%o = mul i64 %w, %scale
		%cond = COND
		if %cond {
			%n = load i32 thread %own[%o + PLUS]
			%m = add i32 %n, %v
			store i32 thread %own[%o + PLUS], %m
			yield
		} else { yield }
		%u = mul i32 %v, %mul
		%nv = add i32 %u, %k
		%nk = add i32 %k, %one
		continue 0 %nk, %nv
	}
	%sum = loop %j i32 = %zero, %s i32 = %zero -> i32 {
		%less = ule bool %j, %most
		if %less { yield } else { break 0 %s }
		%wj = zext i64 %j
		%oj = mul i64 %wj, %four
		%e = load i32 thread %own[%oj + 0]
		%t = mul i32 %s, %mul
		%ns = add i32 %t, %e
		%nj = add i32 %j, %one
		continue 0 %nj, %ns
	}
	store i32 device %out[%at + 0], %sum
	yield
}`

func TestNativeOwnTables(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	in := make([]uint32, 1000)
	for i := range in {
		in[i] = r.Uint32()
	}
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var ends endings
	for range 24 {
		text := strings.NewReplacer("MASK", pick("0x7", "0x7", "0x8000000f", "0x7000007", "0x17"), "SCALE", pick("0x4", "0x4", "0x8", "0xc"), "EXT", pick("zext", "sext"),
			"PLUS", pick("0", "4", "8"), "COND", pick("ule bool %zero, %v", "ule bool %i, %five", "ule bool %i, %five", "ult bool %v, %x", "ult bool %third, %v")).Replace(ownTables)
		for _, group := range []uint32{64, 50, 250, 256} {
			sameOnEngines(t, func() []uint32 {
				out := make([]uint32, 1000)
				l := simt.Launch{Program: compile(t, text), Grid: size(3*group, 1, 1), Group: size(group, 1, 1), Mems: []simt.Binding{bound(in), bound(out), {}}, Workers: 1}
				if fault := ends.run(&l); fault != nil {
					return fault
				}
				return out
			}, "%d\n%s", group, text)
		}
	}
	ends.both(t)
}

// TestNativeOwnPlaceOfAll has all threads of a SIMD group load a word of their own from the same
// place, which they have looked up.
func TestNativeOwnPlaceOfAll(t *testing.T) {
	const text = `kernel "place" {
	mem @0 "in" buffer constant index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 4 align 4
	mem @2 "own" thread thread index 0 size 32 align 4
	%in = mem @0
	%out = mem @1
	%own = mem @2
	%four = const i64 0x4
	%most = const i32 0x7
	%id = builtin thread_position_in_grid.x
	%simd = builtin simdgroup_index_in_threadgroup
	store i32 thread %own[%four + 0], %id
	%greatest = group.reduce i32 umax 32 %id
	%few = and i32 %simd, %most
	%wide = zext i64 %few
	%off = mul i64 %wide, %four
	%x = load i32 constant %in[%off + 0]
	%i = and i32 %x, %most
	%place = zext i64 %i
	%o = mul i64 %place, %four
	%v = load i32 thread %own[%o + 0]
	%sum = add i32 %v, %greatest
	%w = zext i64 %id
	%at = mul i64 %w, %four
	store i32 device %out[%at + 0], %sum
	yield
}`
	sameOnEngines(t, func() []uint32 {
		out := make([]uint32, 300)
		l := simt.Launch{Program: compile(t, text), Grid: size(300, 1, 1), Group: size(256, 1, 1), Mems: []simt.Binding{bound([]uint32{1, 1, 0, 9, 1, 2, 1, 1}), bound(out), {}}}
		require.Nil(t, l.Run())
		return out
	}, "a place for all")
}
