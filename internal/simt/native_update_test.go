package simt_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Counts in threadgroup memory and in a buffer, of which nobody wants to know what
// was there, and atomic loads and stores of threadgroup memory.
const updates = `kernel "updates" {
	mem @0 "in" buffer device index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 4 align 4
	mem @2 "bins" threadgroup threadgroup index 0 size 256 align 4
	%in = mem @0
	%out = mem @1
	%bins = mem @2
	%four = const i64 0x4
	%wide4 = const i64 0x14
	%one = const i32 0x1
	%few = const i32 0x3f
	%less = const i32 0x3
	%lane = builtin thread_index_in_threadgroup
	%group = builtin threadgroup_position_in_grid.x
	%wide = zext i64 %lane
	%at = mul i64 %wide, %four
	%odd = and i32 %lane, %one
	%first = ult bool %lane, %few
	if %first {
		atomic.store i32 threadgroup %bins[%at + 0], %lane
		yield
	} else { yield }
	barrier threadgroup
	%v = load i32 device %in[%at + 0]
	%low = and i32 %v, %few
	%i = zext i64 %low
	%base = zext i64 %group
	%words = mul i64 %i, SCALE
	%from = mul i64 %base, %four
	%off = add i64 %words, FROM
	%cond = COND
	if %cond {
		%a = atomic.rmw i32 SPACE OP %MEM[%off + PLUS], VALUE
		yield
	} else { yield }
	barrier threadgroup
	if %first {
		%n = atomic.load i32 threadgroup %bins[%at + 0]
		%b = atomic.rmw i32 device add %out[%at + 0], %n
		yield
	} else { yield }
	yield
}`

func TestNativeUpdates(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	in := make([]uint32, 512)
	for i := range in {
		in[i] = r.Uint32()
	}
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var ends endings
	for range 60 {
		space, mem := "threadgroup", "bins"
		if r.IntN(2) == 0 {
			space, mem = "device", "out"
		}
		text := strings.NewReplacer("SCALE", pick("%four", "%four", "%wide4"), "FROM", pick("%from", "%four"), "SPACE", space, "OP", pick("add", "sub", "or", "xor", "and"),
			"MEM", mem, "PLUS", pick("0", "0", "4", "16", "2"), "VALUE", pick("%one", "%v", "%few"),
			"COND", pick("eq bool %odd, %one", "eq bool %one, %one", "ult bool %low, %less", "ult bool %less, %low")).Replace(updates)
		for _, group := range []simt.Size{size(64, 1, 1), size(50, 1, 1), size(16, 8, 1), size(256, 1, 1)} {
			sameOnEngines(t, func() []uint32 {
				out := make([]uint32, 600)
				l := simt.Launch{Program: compile(t, text), Grid: size(2*group.X, group.Y, 1), Group: group, Mems: []simt.Binding{bound(in), bound(out), {}}, Workers: 1}
				if fault := ends.run(&l); fault != nil {
					return fault
				}
				return out
			}, "%v\n%s", group, fmt.Sprint(text))
		}
	}
	ends.both(t)
}

// TestNativeUpdateRows adds what is a constant for each part of a chunk, but not the same.
func TestNativeUpdateRows(t *testing.T) {
	const text = `kernel "rows" {
	mem @0 "cells" buffer device index 0 size 4 align 4
	%cells = mem @0
	%x = builtin thread_position_in_grid.x
	%y = builtin thread_position_in_threadgroup.y
	%row = builtin thread_position_in_grid.y
	%width = builtin threads_per_grid.x
	%many = const i32 0x26
	%eight = const i64 0x8
	%z = builtin thread_position_in_threadgroup.z
	%a = mul i32 %row, %width
	%b = add i32 %a, %x
	%i = zext i64 %b
	%at = mul i64 %i, %eight
	%some = ult bool %z, %many
	if %some {
		%was = atomic.rmw i32 device OP %cells[%at + 0], %y
		yield
	} else { yield }
	barrier threadgroup
	yield
}`
	for _, op := range []string{"add", "sub", "or", "xor"} {
		for _, group := range []simt.Size{size(8, 4, 1), size(16, 4, 1), size(8, 3, 2), size(32, 8, 1)} {
			sameOnEngines(t, func() []uint32 {
				cells := make([]uint32, 2*37*19)
				l := simt.Launch{Program: compile(t, strings.ReplaceAll(text, "OP", op)), Grid: size(37, 19, 1), Group: group, Mems: []simt.Binding{bound(cells)}, Workers: 1}
				require.Nil(t, l.Run())
				return cells
			}, "%s %v", op, group)
		}
	}
}
