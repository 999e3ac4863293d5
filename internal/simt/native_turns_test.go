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
