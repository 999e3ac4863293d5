package simt_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Threads each have a block of the same memory for every group, which code turns once
// for all of a launch; the groups write what they make of it.
const keeping = `kernel "keeping" {
	mem @0 "in" buffer device index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 4 align 4
	%in = mem @0
	%out = mem @1
	%zero = const i32 0x0
	%three = const i32 0x3
	%four = const i64 0x4
	%n = const i32 BLOCKS
	%size = const i64 SIZE
	%threads = builtin threads_per_threadgroup.x
	%lane = builtin thread_index_in_threadgroup
	%group = builtin threadgroup_position_in_grid.x
	%sum = loop %s i32 = %group, %k i32 = %lane -> i32 {
		%more = ult bool %k, %n
		if %more { yield } else { break 0 %s }
		%wide = zext i64 %k
		%at = mul i64 %wide, %size
		%a = load i32 device %in[%at + FROM]
		%b = load i32 device %in[%at + FROM4]
		%c = load i32 device %in[%at + FROM8]
		%d = load i32 device %in[%at + FROM12]
		%s1 = mul i32 %s, %three
		%s2 = add i32 %s1, %a
		%s3 = mul i32 %s2, %three
		%s4 = xor i32 %s3, %b
		%s5 = mul i32 %s4, %three
		%s6 = sub i32 %s5, %c
		%s7 = xor i32 %s6, %d
		%next = add i32 %k, %threads
		continue 0 %s7, %next
	}
	barrier threadgroup
	%index = mul i32 %group, %threads
	%place = add i32 %index, %lane
	%far = zext i64 %place
	%to = mul i64 %far, %four
	store i32 device %out[%to + 0], %sum
	yield
}`

func TestNativeKeeps(t *testing.T) {
	const groups, threads = 5, 32
	for _, c := range []struct{ blocks, size, from, shared int }{ // in words
		{64, 32, 0, -1}, {64, 32, 4, -1}, {64, 32, 28, -1}, {64, 8, 4, -1},
		{64, 32, 29, -1}, {64, 32, 2, -1}, {64, 6, 0, -1}, // bundles that reach into the next block, or are no part of one
		{50, 32, 8, -1}, {1024, 32, 16, -1}, // not all lanes have one, or there are more than are kept
		{64, 32, 0, 61 * 32}, // what groups write is read by the next
	} {
		from := func(word int) string { return fmt.Sprint(4 * (c.from + word)) }
		text := strings.NewReplacer("BLOCKS", fmt.Sprint(c.blocks), "SIZE", fmt.Sprint(4*c.size),
			"FROM4", from(1), "FROM8", from(2), "FROM12", from(3), "FROM", from(0)).Replace(keeping)
		for _, isa := range isas(t) {
			for _, parts := range []int{0, 1} {
				p := compile(t, text) // which keeps the code it has
				undo := simt.Force(simt.Native, &isa, parts)
				in := make([]uint32, (c.blocks+2)*c.size+groups*threads)
				for launch := range uint32(2) {
					for i := range in {
						in[i] = uint32(i*i+3*i) + launch
					}
					out := make([]uint32, groups*threads)
					if c.shared >= 0 {
						out = in[c.shared:][:len(out)]
					}
					want := keepingWords(slices.Clone(in), c.blocks, c.size, c.from, c.shared, groups, threads)
					l := simt.Launch{Program: p, Grid: size(groups*threads, 1, 1), Group: size(threads, 1, 1), Mems: []simt.Binding{bound(in), bound(out)}, Workers: 1}
					require.Nil(t, l.Run())
					require.Equal(t, want, out, "%+v, %s, %d parts, launch %d", c, isa, parts, launch)
				}
				undo()
			}
		}
	}
}

// keepingWords is what the kernel writes, to a part of in if shared is not negative.
func keepingWords(in []uint32, blocks, size, from, shared, groups, threads int) []uint32 {
	out := make([]uint32, groups*threads)
	if shared >= 0 {
		out = in[shared:][:len(out)]
	}
	for g := range groups {
		sums := make([]uint32, threads)
		for lane := range sums {
			s := uint32(g)
			for k := lane; k < blocks; k += threads {
				w := in[k*size+from:]
				s = (((s*3+w[0])*3^w[1])*3 - w[2]) ^ w[3]
			}
			sums[lane] = s
		}
		copy(out[g*threads:], sums)
	}
	return out
}
