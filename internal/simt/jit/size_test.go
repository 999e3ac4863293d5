package jit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// long returns a kernel of some n operations in a loop that carries many values,
// stores among them.
func long(t *testing.T, n int) *ir.Func {
	const carried = 12
	var b strings.Builder
	b.WriteString("kernel \"long\" {\n\tmem @0 \"out\" buffer device index 0 size 4 align 4\n\t%1 = builtin thread_index_in_threadgroup\n\t%2 = mem @0\n\t%3 = const i32 0x5\n\t%4 = const i64 0x4\n\t%5 = zext i64 %1\n\t%6 = mul i64 %5, %4\n\t%7 = mul i32 %1, %1\n\tloop %8 i32 = %3")
	next := 8
	var vs []int
	for range carried {
		next++
		vs = append(vs, next)
		fmt.Fprintf(&b, ", %%%d i32 = %%7", next)
	}
	b.WriteString(" {\n")
	for i := range n {
		next++
		fmt.Fprintf(&b, "\t\t%%%d = %s i32 %%%d, %%%d\n", next, [...]string{"add", "mul", "xor", "sub"}[i%4], vs[i%carried], vs[(i*7+3)%carried])
		vs[i%carried] = next
		if i%100 == 99 {
			fmt.Fprintf(&b, "\t\tstore i32 device %%2[%%6 + %d], %%%d\n", i*4, next)
		}
	}
	fmt.Fprintf(&b, "\t\t%%%d = sub i32 %%8, %%3\n\t\t%%%d = ult bool %%%d, %%3\n\t\tif %%%d { break 0 } else { yield }\n\t\tcontinue 0 %%%d", next+1, next+2, next+1, next+2, next+1)
	for _, v := range vs {
		fmt.Fprintf(&b, ", %%%d", v)
	}
	b.WriteString("\n\t}\n\tyield\n}")
	f, err := ir.Parse(b.String())
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	return f
}

// What it takes to compile a kernel, and what becomes of it, grows with its
// length; and long kernels are not in the code once for each part of a chunk.
func TestSize(t *testing.T) {
	for _, isa := range []ISA{AVX2, AVX512, NEON} {
		var bytes, work float64 // an operation
		for _, n := range []int{200, 2_000, 20_000} {
			f := long(t, n)
			compile := func() *Code {
				c, _, err := new(room).compile(f, isa, Size{X: 256, Y: 1, Z: 1}, nil, 1, false)
				require.NoError(t, err)
				return c
			}
			code := float64(len(compile().code)) / float64(n)
			allocs := testing.AllocsPerRun(1, func() { compile() }) / float64(n)
			if n > 200 {
				require.LessOrEqual(t, code, 1.2*bytes, "%s, %d operations", isa, n)
				require.LessOrEqual(t, allocs, 1.2*work, "%s, %d operations", isa, n)
			}
			bytes, work = code, allocs
			require.LessOrEqual(t, shape.Of(f, shape.Config{Group: shape.Runs}).Rounds, 4)
		}
		f := long(t, 8_000)
		c, _, err := new(room).compile(f, isa, Size{X: 256, Y: 1, Z: 1}, nil, firstParts(f, isa, Size{X: 256, Y: 1, Z: 1}, 1), false)
		require.NoError(t, err)
		require.Less(t, len(c.code), 1<<19, "%s: %d parts", isa, c.Parts)
	}
}

// nest returns a kernel of loops in one another, each of which counts up to what a
// buffer tells and stores.
func nest(t *testing.T, depth int) *ir.Func {
	var b strings.Builder
	b.WriteString("kernel \"nest\" {\n\tmem @0 \"out\" buffer device index 0 size 4 align 4\n\t%1 = mem @0\n\t%2 = const i64 0x0\n\t%3 = const i32 0x0\n\t%4 = const i32 0x1\n\t%5 = load i32 device %1[%2 + 0]\n\t%6 = builtin thread_index_in_threadgroup\n\t%7 = const i64 0x4\n")
	for i := range depth {
		k := 8 + 5*i
		fmt.Fprintf(&b, "loop %%%d i32 = %%3 {\n%%%d = ult bool %%%d, %%5\nif %%%d { yield } else { break 0 }\n", k, k+1, k, k+1)
		fmt.Fprintf(&b, "%%%d = zext i64 %%%d\n%%%d = mul i64 %%%d, %%7\nstore i32 device %%1[%%%d + %d], %%6\n", k+2, k, k+3, k+2, k+3, 4*i)
	}
	for i := range depth {
		k := 8 + 5*(depth-1-i)
		fmt.Fprintf(&b, "%%%d = add i32 %%%d, %%4\ncontinue 0 %%%d\n}\n", k+4, k, k+4)
	}
	b.WriteString("\tyield\n}")
	f, err := ir.Parse(b.String())
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	return f
}

// Turns of loops in one another are not multiplied.
func TestNestSize(t *testing.T) {
	for _, isa := range []ISA{AVX2, AVX512, NEON} {
		var three int
		for _, depth := range []int{3, 12} {
			c, _, err := new(room).compile(nest(t, depth), isa, Size{X: 256, Y: 1, Z: 1}, nil, 1, false)
			require.NoError(t, err)
			if three == 0 {
				three = len(c.code)
			}
			require.LessOrEqual(t, len(c.code), depth*three, "%s, %d loops", isa, depth)
		}
	}
}
