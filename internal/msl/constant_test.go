package msl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

const specialised = `
constant bool use_b [[function_constant(0)]];
constant uint count [[function_constant(1)]];
constant float2 scale [[function_constant(7)]];
constant uint n = is_function_constant_defined(count) ? count : 4;
constant bool has_extra = is_function_constant_defined(count) && count > 5;

kernel void k(device float *o [[buffer(0)]], device const float *b [[buffer(1), function_constant(use_b)]],
		device const float *extra [[buffer(2), function_constant(has_extra)]], uint i [[thread_position_in_grid]]) {
	float s = 0;
	for (uint j = 0; j < n; j++) s += float(j);
	if (use_b) s += b[i] * scale.y;
	if (has_extra) s += extra[i];
	o[i] = s;
}
kernel void plain(device float *o) { o[0] = 1; }
`

func boolValue(b byte) Value { return Value{Type: types.Basics[types.Bool], Data: []byte{b}} }
func uintValue(n uint32) Value {
	return Value{Type: types.Basics[types.UInt], Data: bytesOf([]uint32{n})}
}

func TestFunctionConstants(t *testing.T) {
	lib := compile(t, specialised)
	k := lib.Kernel("k")
	require.Len(t, k.Constants, 3)
	require.Equal(t, []int{0, 1, 7}, []int{k.Constants[0].Index, k.Constants[1].Index, k.Constants[2].Index})
	require.Equal(t, []bool{true, false, true}, []bool{k.Constants[0].Required, k.Constants[1].Required, k.Constants[2].Required})
	require.Equal(t, "scale", k.Constants[2].Name)
	require.Empty(t, lib.Kernel("plain").Constants)

	out, b, extra := make([]float32, 4), []float32{10, 20, 30, 40}, []float32{1000, 1000, 1000, 1000}
	buffers := map[int][]byte{0: bytesOf(out), 1: bytesOf(b), 2: bytesOf(extra)}
	run := func(c Constants) []float32 {
		require.Nil(t, launch{lib: lib, kernel: "k", consts: c, grid: d1(4), group: d1(4), buffers: buffers}.run(t))
		return out
	}
	// scale is not needed where use_b is false, nor is b an argument.
	c := Constants{ByIndex: map[int]Value{0: boolValue(0)}}
	require.Equal(t, []float32{6, 6, 6, 6}, run(c))
	code, _ := lib.Lower("k", c)
	require.Len(t, code.Args, 1)
	require.NotContains(t, code.Func.String(), "loop {\n\t\tloop")

	c.ByIndex[1] = uintValue(6)
	require.Equal(t, []float32{1015, 1015, 1015, 1015}, run(c))

	c = Constants{ByName: map[string]Value{"use_b": boolValue(1), "scale": {Data: bytesOf([]float32{1, 2})}}, ByIndex: map[int]Value{99: {}}}
	require.Equal(t, []float32{26, 46, 66, 86}, run(c))

	for _, bad := range []struct {
		c    Constants
		want string
	}{
		{Constants{}, "function constant 'use_b' (index 0) has no value, and kernel 'k' needs one"},
		{Constants{ByIndex: map[int]Value{0: boolValue(1)}}, "function constant 'scale' (index 7) has no value"},
		{Constants{ByIndex: map[int]Value{0: uintValue(1)}}, "function constant 'use_b' (index 0): its type is 'bool', but the value given is of type 'uint'"},
		{Constants{ByIndex: map[int]Value{0: boolValue(1), 7: {Data: []byte{1}}}}, "its type 'float2' has 8 bytes, but the value given has 1"},
	} {
		code, diags := lib.Lower("k", bad.c)
		require.Nil(t, code)
		require.Contains(t, diags.Render(), bad.want)
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"threadgroup memory", `kernel void k(device float *o, uint i [[thread_position_in_grid]]) { threadgroup float a[9000]; a[i] = 1; o[i] = a[i]; }`, "threadgroup memory"},
		{"thread memory", `kernel void k(device float *o, uint i [[thread_position_in_grid]]) { float a[70000]; a[i] = 1; o[i] = a[i]; }`, "a thread has no more than 262144 bytes"},
		{"inlining", bomb(), "too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			lib := compile(t, c.text)
			code, diags := lib.Lower("k", Constants{})
			require.Nil(t, code)
			require.Contains(t, diags.Render(), c.want)
		})
	}
}

// bomb is a kernel of 2 to the 40th calls.
func bomb() string {
	var b strings.Builder
	b.WriteString("static int f0(int x) { return x * 3; }\n")
	for i := 1; i <= 40; i++ {
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll("static int fN(int x) { return fM(x) + fM(x + 1); }\n", "N", itoa(i)), "M", itoa(i-1)))
	}
	return b.String() + "kernel void k(device int *o) { o[0] = f40(o[1]); }"
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + itoa(i%10)
}

func TestFaultsHavePlaces(t *testing.T) {
	lib := compile(t, `kernel void k(device int *o [[buffer(0)]], uint i [[thread_position_in_grid]]) {
	int x = 3;
	o[i + 2] = x;
}`)
	f := launch{lib: lib, kernel: "k", grid: d1(8), group: d1(8), buffers: map[int][]byte{0: make([]byte, 32)}}.run(t)
	require.NotNil(t, f)
	require.Equal(t, "program_source", f.File)
	require.EqualValues(t, 3, f.Pos.Line)
	require.Equal(t, "o", f.Memory.Name)
	require.EqualValues(t, 6, f.Thread.X)
}

func TestPlacesOfVariables(t *testing.T) {
	// What is only ever indexed by constants, or reached by references and
	// direct pointers, needs no memory.
	lib := compile(t, `
struct S { float a[4]; float4 v; float2x2 m; };
static void f(thread S &s, thread float *p) { s.a[2] = 1; s.v.x += *p; *p = s.m[1][0]; }
kernel void k(device float *o, uint i [[thread_position_in_grid]]) {
	S s = {};
	float x = o[i];
	f(s, &x); f(s, &x);
	s.v[i & 3] = x;
	o[i] = s.a[2] + s.v.y + x;
}`)
	code, diags := lib.Lower("k", Constants{})
	require.NotNil(t, code, diags.Render())
	require.Zero(t, code.ThreadMemory)
	for _, m := range code.Func.Mems {
		require.NotEqual(t, ir.MemThread, m.Kind, m.Name)
	}
}

func TestConcurrentLowering(t *testing.T) {
	lib := compile(t, guide)
	done := make(chan string)
	for range 8 {
		go func() {
			s := ""
			for _, k := range lib.Kernels {
				code, _ := lib.Lower(k.Name, Constants{})
				s += code.Func.String()
			}
			done <- s
		}()
	}
	first := <-done
	for range 7 {
		require.Equal(t, first, <-done)
	}
}
