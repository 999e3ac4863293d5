package jit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// carrying returns a kernel with a loop that carries n values from turn to turn, and
// has others that are wanted in it.
func carrying(t *testing.T, n, others int) *ir.Func {
	var b strings.Builder
	b.WriteString("kernel \"carrying\" {\n\tmem @0 \"x\" buffer device index 0 size 4 align 4\n\t%x = mem @0\n\t%one = const i32 0x1\n\t%most = const i32 0x9\n\t%four = const i64 0x4\n" +
		"\t%i = builtin thread_position_in_grid.x\n\t%w = zext i64 %i\n\t%off = mul i64 %w, %four\n")
	for i := range n + others {
		fmt.Fprintf(&b, "\t%%v%d = load i32 device %%x[%%off + %d]\n", i, 4*i)
	}
	params, next := "%k i32 = %one", "%more"
	for i := range n {
		params += fmt.Sprintf(", %%p%d i32 = %%v%d", i, i)
		next += fmt.Sprintf(", %%q%d", i)
	}
	outs, types, last := "%kEnd", "i32", "%k"
	for i := range n {
		outs += fmt.Sprintf(", %%r%d", i)
		types += ", i32"
		last += fmt.Sprintf(", %%p%d", i)
	}
	fmt.Fprintf(&b, "\t%s = loop %s -> %s {\n\t\t%%end = ult bool %%most, %%k\n\t\tif %%end { break 0 %s } else { yield }\n", outs, params, types, last)
	for i := range n {
		with := fmt.Sprintf("%%p%d", (i+1)%n)
		if others > 0 {
			with = fmt.Sprintf("%%v%d", n+i%others)
		}
		fmt.Fprintf(&b, "\t\t%%q%d = mul i32 %%p%d, %s\n", i, i, with)
	}
	fmt.Fprintf(&b, "\t\t%%more = add i32 %%k, %%one\n\t\tcontinue 0 %s\n\t}\n", next)
	for i := range n {
		fmt.Fprintf(&b, "\tstore i32 device %%x[%%off + %d], %%r%d\n", 4*i, i)
	}
	b.WriteString("\tyield\n}\n")
	f, err := ir.Parse(b.String())
	require.NoError(t, err, b.String())
	require.NoError(t, ir.Verify(f))
	return f
}

// Fewer parts are foreseen where vectors of the loop would be spilled, and hardly
// anywhere else.
func TestForesee(t *testing.T) {
	foreseen, enough, cautious := 0, 0, 0
	for _, isa := range []ISA{AVX2, AVX512, AVX512x256, NEON} {
		for n := 1; n <= 16; n++ {
			for _, others := range []int{0, 1, 3} {
				f, size := carrying(t, n, others), Size{X: 256, Y: 1, Z: 1}
				c, _, err := new(room).compile(f, isa, size, nil, usualParts, false)
				require.NoError(t, err)
				r := new(room)
				picky, fewer, err := r.compile(f, isa, size, nil, usualParts, true)
				require.NoError(t, err)
				if c.Spills == 0 && picky == nil { // one that goes on takes the register of what it was made of
					cautious++
				} else {
					require.Equal(t, c.Spills > 0, picky == nil, "%v, %d values and %d: %d spills", isa, n, others, c.Spills)
				}
				if picky != nil {
					enough++
					require.Equal(t, c.code, picky.code)
					continue
				}
				require.Less(t, fewer, usualParts)
				if len(r.code) == 0 {
					foreseen++ // nothing was lowered
				}
			}
		}
	}
	require.Greater(t, enough, 5)
	require.Greater(t, foreseen, 100)
	require.LessOrEqual(t, cautious, 2)
}
