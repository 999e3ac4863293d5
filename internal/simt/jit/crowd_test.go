package jit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A kernel that loads n words before it adds up any has chunks of fewer parts the more
// there are.
func TestCrowdedChunks(t *testing.T) {
	for _, c := range []struct {
		isa      ISA
		n, parts int
	}{{AVX512, 4, 8}, {AVX512, 14, 4}, {AVX512, 60, 4}, {AVX512, 90, 2}, {AVX2, 2, 8}, {AVX2, 6, 4}, {AVX2, 40, 2}} {
		var text strings.Builder
		text.WriteString("kernel \"crowd\" {\n\tmem @0 \"x\" buffer device index 0 size 4 align 4\n\t%x = mem @0\n\t%four = const i64 0x4\n" +
			"\t%i = builtin thread_position_in_grid.x\n\t%w = zext i64 %i\n\t%off = mul i64 %w, %four\n")
		for i := range c.n {
			fmt.Fprintf(&text, "\t%%v%d = load i32 device %%x[%%off + %d]\n", i, 4*i)
		}
		text.WriteString("\t%s0 = mul i32 %v0, %v0\n")
		for i := 1; i < c.n; i++ {
			fmt.Fprintf(&text, "\t%%s%d = add i32 %%s%d, %%v%d\n", i, i-1, i)
		}
		fmt.Fprintf(&text, "\tstore i32 device %%x[%%off + 0], %%s%d\n\tyield\n}\n", c.n-1)
		f, err := ir.Parse(text.String())
		require.NoError(t, err)
		code, parts, err := new(room).compile(f, c.isa, Size{X: 256, Y: 1, Z: 1}, nil, usualParts, true)
		require.NoError(t, err)
		if code != nil {
			parts = code.Parts
		}
		require.Equal(t, c.parts, parts, "%v, %d words", c.isa, c.n)
	}
}
