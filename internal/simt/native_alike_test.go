package simt_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

const phasesHead = `kernel "phases" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	mem @1 "x" buffer device index 1 size 4 align 4
	mem @2 "same" buffer device index 2 size 4 align 4
	mem @3 "all" threadgroup threadgroup index 0 size 4096 align 4
	mem @4 "sums" threadgroup threadgroup index 1 size 128 align 4
	%n = mem @0
	%x = mem @1
	%same = mem @2
	%all = mem @3
	%sums = mem @4
	%zero = const i64 0x0
	%four = const i64 0x4
	%none = const i32 0x0
	%three = const i32 0x3
	%end = const i32 0x400
	%other = const i32 0x21
	%i = builtin thread_index_in_threadgroup
	%size = builtin threads_per_threadgroup.x
	%lane = builtin thread_index_in_simdgroup
	%simd = builtin simdgroup_index_in_threadgroup
	%few = load i32 constant %n[%zero + 0]
	%long = zext i64 %i
	%mine = mul i64 %long, %four
	%far = xor i32 %i, %other
	%longfar = zext i64 %far
	%theirs = mul i64 %longfar, %four
	%longlane = zext i64 %lane
	%bylane = mul i64 %longlane, %four
	%longsimd = zext i64 %simd
	%bysimd = mul i64 %longsimd, %four
	%first = eq bool %lane, %none
	%some = ult bool %lane, %few
	%v0 = load i32 device %x[%mine + 0]
`

// phases are pieces of a kernel that make value %v<to> of %v<from>. Between them
// there are barriers, which they need or not.
var phases = []string{
	"%aT = load i32 threadgroup %all[%theirs + 0]\n %vT = add i32 %vF, %aT",
	"store i32 threadgroup %all[%mine + 0], %vF\n %vT = add i32 %vF, %three",
	"store i32 device %x[%mine + 0], %vF\n %vT = mul i32 %vF, %three",
	"%aT = load i32 device %same[%theirs + 0]\n %vT = sub i32 %vF, %aT",
	"%vT = group.reduce i32 OP 32 %vF",
	"if %first {\n store i32 threadgroup %sums[%bysimd + 0], %vF\n yield\n} else {\n yield\n}\n %vT = add i32 %vF, %i",
	"%aT = if %some -> i32 {\n %bT = load i32 threadgroup %sums[%bylane + 0]\n yield %bT\n} else {\n yield %three\n}\n %cT = group.reduce i32 OP 32 %aT\n %vT = add i32 %vF, %cT",
	"%aT = mul i32 %lane, %few\n store i32 threadgroup %sums[%bylane + 0], %aT\n %bT = load i32 threadgroup %sums[%bylane + 0]\n %cT = group.reduce i32 OP 32 %bT\n %vT = xor i32 %vF, %cT",
	"%aT = load i32 device %same[%bylane + 0]\n %bT = group.reduce i32 OP 32 %aT\n %vT = add i32 %vF, %bT",
	"%aT = ult bool %i, %few\n if %aT {\n %bT = load i32 threadgroup %all[%theirs + 0]\n store i32 threadgroup %sums[%bylane + 0], %bT\n yield\n} else {\n yield\n}\n %vT = add i32 %vF, %three",
	"%vT = loop %kT i32 = %none, %sT i32 = %vF -> i32 {\n %mT = ult bool %kT, %three\n if %mT {\n yield\n} else {\n break 0 %sT\n}\n barrier threadgroup\n %aT = load i32 threadgroup %sums[%bylane + 0]\n" +
		"%bT = group.reduce i32 OP 32 %aT\n %cT = add i32 %sT, %bT\n barrier threadgroup\n if %first {\n store i32 threadgroup %sums[%bysimd + 0], %cT\n yield\n} else {\n yield\n}\n barrier threadgroup\n %dT = add i32 %kT, %three\n continue 0 %dT, %cT\n}",
	"%vT = loop %kT i32 = %i, %sT i32 = %vF -> i32 {\n %mT = ult bool %kT, %end\n if %mT {\n yield\n} else {\n break 0 %sT\n}\n" +
		"%lT = zext i64 %kT\n %oT = mul i64 %lT, %four\n %aT = load i32 device %same[%oT + 0]\n %bT = mul i32 %aT, %aT\n %cT = add i32 %sT, %bT\n %dT = add i32 %kT, %size\n continue 0 %dT, %cT\n}",
	"%vT = loop %kT i32 = %i, %sT i32 = %vF -> i32 {\n %mT = ult bool %kT, %end\n if %mT {\n yield\n} else {\n break 0 %sT\n}\n" +
		"%lT = zext i64 %kT\n %oT = mul i64 %lT, %four\n %aT = load i32 device %same[%oT + 0]\n %bT = sub i32 %aT, %sT\n store i32 device %x[%oT + 0], %bT\n" +
		"%eT = load i32 device %same[%oT + 0]\n %cT = xor i32 %sT, %eT\n %dT = add i32 %kT, %size\n continue 0 %dT, %cT\n}",
}

// TestNativePhases compares kernels of random phases, of which some do the same in
// every SIMD group, and some have nothing to wait for.
func TestNativePhases(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	faults, fine := 0, 0
	for range 40 {
		text := phasesHead
		last := 2 + r.IntN(6)
		for i := range last {
			phase := phases[r.IntN(len(phases))]
			op := []string{"add", "umax", "xor"}[r.IntN(3)]
			text += strings.NewReplacer("T", fmt.Sprint(i+1), "F", fmt.Sprint(i), "OP", op).Replace(phase) + "\nbarrier threadgroup\n"
		}
		text += fmt.Sprintf("store i32 device %%x[%%mine + 0], %%v%d\nyield\n}", last)
		few, words := uint32(r.IntN(33)), 1024+r.IntN(1024)
		if r.IntN(8) == 0 {
			words -= 1000
		}
		for _, n := range []uint32{256, 64, 200, 1024} {
			sameOnEngines(t, func() []uint32 {
				p := compile(t, text)
				x := make([]uint32, words)
				for i := range x {
					x[i] = uint32(i*i + 7)
				}
				l := simt.Launch{Program: p, Grid: size(n, 1, 1), Group: size(n, 1, 1), Mems: []simt.Binding{bound([]uint32{few}), bound(x), bound(x), {}, {}}}
				if l.Run() != nil {
					faults++
					return nil
				}
				fine++
				return x
			}, "%d of %d, %d words\n%s", few, n, words, text)
		}
	}
	require.Positive(t, faults)
	require.Positive(t, fine)
}
