package simt_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// A loop that counts, and that loads what it counts.
const turnsLoop = `kernel "turns" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	mem @1 "in" buffer device index 1 size 4 align 4
	mem @2 "out" buffer device index 2 size 4 align 4
	%n = mem @0
	%in = mem @1
	%out = mem @2
	%zero = const i64 0x0
	%four = const i64 0x4
	%none = const i32 0x0
	%five = const i32 0x5
	%row = const i32 0x64
	%step = const i32 STEP
	%known = const i32 KNOWN
	%lane = builtin thread_index_in_threadgroup
	%wide = zext i64 %lane
	%at = mul i64 %wide, %four
	%loaded = load i32 constant %n[%zero + 0]
	%base = load i32 constant %n[%zero + 4]
	%begin = load i32 constant %n[%zero + 8]
	%by = load i32 constant %n[%zero + 12]
	%along = add i32 %lane, %begin
	%rows = mul i32 %base, %row
	%far = sext i64 %base
	%c, %last = loop %k i32 = FIRST, %s i32 = %lane -> i32, i32 {
		%more = OP bool %k, LIMIT
		if %more { yield } else { break 0 %s, %k }
		%sum = add i32 %k, %base
		%product = mul i32 %k, %base
		%shifted = shl i32 %k, %five
		%of = add i32 %rows, %k
		%long = EXT i64 INDEX
		%bytes = mul i64 %long, %four
		%off = add i64 %bytes, BEFORE
		%v = load i32 device %in[%off + 4]
		%five5 = mul i32 %s, %five
		%u = add i32 %five5, %v
		%w = add i32 %u, %k
		%next = add i32 %k, BY
		continue 0 %next, %w
	}
	%both = xor i32 %c, %last
	store i32 device %out[%at + 0], %both
	yield
}`

// TestNativeTurns compares loops that count, with turns that are known or not, and
// that stay inside of memory or do not.
func TestNativeTurns(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	in := make([]uint32, 3000)
	for i := range in {
		in[i] = uint32(i*i + 7)
	}
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	faults, fine := 0, 0
	for range 25 {
		steps := []uint32{1, 2, 7, 32, 64, 256}
		step := steps[r.IntN(len(steps))]
		n := step * uint32(r.IntN(12))
		if r.IntN(2) == 0 {
			n += uint32(r.IntN(100))
		}
		op := pick("ult", "ule", "slt", "sle")
		text := strings.NewReplacer("STEP", fmt.Sprintf("%#x", step), "KNOWN", fmt.Sprintf("%#x", n), "FIRST", pick("%none", "%lane", "%lane", "%along", "%begin"),
			"OP", op, "LIMIT", pick("%known", "%loaded"), "BY", pick("%step", "%step", "%by"), "EXT", pick("zext", "sext"), "INDEX", pick("%k", "%k", "%sum", "%product", "%shifted", "%of"),
			"BEFORE", pick("%zero", "%zero", "%wide", "%far")).Replace(turnsLoop)
		for range 3 {
			base, begin, end := uint32(r.IntN(4)), uint32(r.IntN(50)), n
			switch r.IntN(6) {
			case 0:
				base = -base
			case 1:
				begin = -begin
			case 2:
				end = -end % 5000
			}
			for _, group := range []simt.Size{size(64, 1, 1), size(50, 1, 1), size(16, 8, 1), size(256, 1, 1)} {
				sameOnEngines(t, func() []uint32 {
					p := compile(t, text)
					out := make([]uint32, group.X*group.Y)
					l := simt.Launch{Program: p, Grid: group, Group: group, Mems: []simt.Binding{bound([]uint32{end, base, begin, step}), bound(in), bound(out)}}
					if l.Run() != nil {
						faults++
						return nil
					}
					fine++
					return out
				}, "%v, n %d, base %d, begin %d\n%s", group, end, int32(base), int32(begin), text)
			}
		}
	}
	require.Positive(t, faults)
	require.Positive(t, fine)
}

// TestNativeFewTurns has a loop of which all turns are lowered one after the other. It begins with
// a value that is wanted behind it, too, and that only the code for accesses outside computes again.
func TestNativeFewTurns(t *testing.T) {
	const text = `kernel "few" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	mem @1 "in" buffer device index 1 size 4 align 4
	mem @2 "out" buffer device index 2 size 4 align 4
	%n = mem @0
	%in = mem @1
	%out = mem @2
	%zero = const i64 0x0
	%four = const i64 0x4
	%none = const i32 0x0
	%one = const i32 0x1
	%x = builtin thread_position_in_grid.x
	%y = builtin thread_position_in_grid.y
	%size = builtin threads_per_threadgroup.x
	%sum = add i32 %x, %y
	%more = load i32 constant %n[%zero + 0]
	%some = ult bool %none, %more
	if %some { yield } else { break 0 }
	%turns = and i32 %size, %one
	%last = loop %v i32 = %none, %k i32 = %sum, %i i32 = %none -> i32 {
		%again = ult bool %i, %turns
		if %again { yield } else { break 0 %v }
		%long = sext i64 %k
		%off = mul i64 %long, %four
		%w = load i32 device %in[%off + 8]
		%next = add i32 %i, %one
		continue 0 %w, %x, %next
	}
	%product = mul i32 %sum, %x
	barrier threadgroup
	%both = xor i32 %product, %last
	%far = zext i64 %sum
	%at = mul i64 %far, %four
	store i32 device %out[%at + 0], %both
	yield
}`
	in := make([]uint32, 100)
	for i := range in {
		in[i] = uint32(i * i)
	}
	for _, group := range []uint32{32, 33} {
		sameOnEngines(t, func() []uint32 {
			out := make([]uint32, 70)
			l := simt.Launch{Program: compile(t, text), Grid: size(70, 1, 1), Group: size(group, 1, 1), Mems: []simt.Binding{bound([]uint32{1}), bound(in), bound(out)}}
			require.Nil(t, l.Run())
			return out
		}, "groups of %d", group)
	}
}
