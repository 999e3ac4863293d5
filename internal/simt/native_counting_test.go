package simt_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// A loop whose counter begins at a multiple of the thread's number, and that is
// left when a comparison with a number that is the same for all fails.
const countingLoop = `kernel "count" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	mem @1 "in" buffer device index 1 size 4 align 4
	mem @2 "out" buffer device index 2 size 4 align 4
	%%n = mem @0
	%%in = mem @1
	%%out = mem @2
	%%zero = const i64 0x0
	%%four = const i64 0x4
	%%none = const i32 0x0
	%%five = const i32 0x5
	%%low = const i32 0x1f
	%%each = const i32 %#x
	%%x = builtin thread_position_in_threadgroup.x
	%%y = builtin thread_position_in_threadgroup.y
	%%index = builtin thread_index_in_threadgroup
	%%wide = zext i64 %%index
	%%at = mul i64 %%wide, %%four
	%%from = load i32 constant %%n[%%zero + 0]
	%%to = load i32 constant %%n[%%zero + 4]
	%%step = load i32 constant %%n[%%zero + 8]
	%%many = mul i32 %%x, %%each
	%%rows = add i32 %%many, %%y
	%%first = add i32 %%rows, %%from
	%%odd = load i32 constant %%n[%%zero + 12]
	%%some = ult bool %%odd, %%x
	%%c = if %%some -> i32 {
		%%c = loop %%k i32 = %%first, %%s i32 = %%none -> i32 {
			%%more = %s bool %s
			if %%more { %s } else { %s }
			%%i = and i32 %%k, %%low
			%%j = zext i64 %%i
			%%l = mul i64 %%j, %%four
			%%v = load i32 device %%in[%%l + 0]
			%%five5 = mul i32 %%s, %%five
			%%u = add i32 %%five5, %%v
			%%w = add i32 %%u, %%k
			%%next = add i32 %%k, %%step
			continue 0 %%next, %%w
		}
		yield %%c
	} else {
		yield %%five
	}
	store i32 device %%out[%%at + 0], %%c
	yield
}`

func TestNativeCountingLoops(t *testing.T) {
	const yes, no = "yield", "break 0 %s"
	in := make([]uint32, 32)
	for i := range in {
		in[i] = uint32(i*i + 7)
	}
	u := func(x int32) uint32 { return uint32(x) }
	for _, c := range []struct {
		op         string
		args       string
		stay, exit string
		each       uint32
		n          [][3]uint32 // from, to, step
	}{
		{"ult", "%k, %to", yes, no, 1, [][3]uint32{{0, 64, 64}, {0, 1000, 64}, {0, 5, 64}, {3, 640, 64}, {math.MaxUint32 - 300, math.MaxUint32 - 40, 31}, {math.MaxUint32 - 20, 30, 8}, {0, 0, 1}}},
		{"ult", "%to, %k", no, yes, 1, [][3]uint32{{0, 200, 32}, {0, 30, 7}, {math.MaxUint32 - 20, 30, 8}}},
		{"ule", "%k, %to", yes, no, 3, [][3]uint32{{0, 191, 64}, {0, 1000, 192}, {5, 5, 1}, {math.MaxUint32 - 20, 300, 97}}},
		{"ult", "%to, %k", yes, no, 2, [][3]uint32{{1000, 50, u(-16)}, {300, 299, u(-1)}, {1000, 1300, u(-1)}}},
		{"slt", "%k, %to", yes, no, 1, [][3]uint32{{u(-100), 100, 64}, {u(-100), u(-90), 1}, {math.MaxInt32 - 300, math.MaxInt32 - 99, 64}, {math.MaxInt32 - 20, u(math.MinInt32 + 100), 64}}},
		{"sle", "%to, %k", yes, no, 1, [][3]uint32{{700, 0, u(-64)}, {100, u(-100), u(-7)}, {u(math.MinInt32 + 3), 0, u(-1)}}},
		{"slt", "%k, %to", yes, no, u(-1), [][3]uint32{{0, 100, 16}, {200, 500, 64}, {50, 50, 64}}},
		{"sle", "%k, %to", no, yes, 1, [][3]uint32{{500, 90, u(-64)}, {3, 2, u(-1)}}},
	} {
		text := fmt.Sprintf(countingLoop, c.each, c.op, c.args, c.stay, c.exit)
		for _, n := range c.n {
			for _, odd := range []uint32{0, 2, 21} {
				for _, group := range []simt.Size{size(64, 1, 1), size(50, 1, 1), size(16, 8, 1), size(256, 1, 1)} {
					sameOnEngines(t, func() []uint32 {
						p := compile(t, text) // it keeps the code it has
						out := make([]uint32, group.X*group.Y)
						l := simt.Launch{Program: p, Grid: group, Group: group, Mems: []simt.Binding{bound([]uint32{n[0], n[1], n[2], odd}), bound(in), bound(out)}}
						require.Nil(t, l.Run())
						return out
					}, "%s %s %v, odd %d, %v", c.op, c.args, n, odd, group)
				}
			}
		}
	}
}
