package gpu_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/objc"
)

func TestCompileErrors(t *testing.T) {
	dev := device(t)
	const good = "#include <metal_stdlib>\nusing namespace metal;\nkernel void k(device float *a [[buffer(0)]], uint i [[thread_position_in_grid]]) { a[i] = 1; }\n"
	for _, c := range []struct {
		name, source string
		line         int    // of the first error; 0 if any will do
		msg          string // in one of the errors
	}{
		{"undeclared", "kernel void k(device float *a [[buffer(0)]]) {\n  a[0] = undefined_name;\n}\n", 2, "undefined_name"},
		{"empty", "", 1, "empty"},
		{"blank", " \n\t\n", 1, "empty"},
		{"NUL", "kernel\n void\x00k() {}", 2, "NUL"},
		{"binary", "\x7fELF\x02\x01\x01\xff\xfe\xfd", 0, ""},
		{"not UTF-8", "// one\nkernel void \xff() {}", 2, "UTF-8"},
		{"words", "this is not a program", 0, ""},
		{"comment without end", good + "/* and so on", 0, ""},
		{"string without end", good + "constant char *s = \"and so on\n;", 0, ""},
		{"brace without end", "kernel void k(device float *a [[buffer(0)]]) { a[0] = 1;", 0, ""},
		{"missing include", "#include \"nowhere.h\"\n" + good, 1, "nowhere.h"},
		{"a megabyte of parentheses", "kernel void k(device float *a [[buffer(0)]]) { a[0] = " + strings.Repeat("(", 1<<20), 0, ""},
		{"a megabyte of braces", "kernel void k() " + strings.Repeat("{", 1<<20), 0, ""},
		{"deep and closed", "kernel void k(device float *a [[buffer(0)]]) { a[0] = " + strings.Repeat("(", 1<<19) + "1" + strings.Repeat(")", 1<<19) + "; }", 0, ""},
		{"unclosed conditional", "#if 1\n" + good, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			lib, err := dev.Compile(c.source)
			require.Nil(t, lib)
			var ce *gpu.CompileError
			require.ErrorAs(t, err, &ce)
			require.NotEmpty(t, ce.Diagnostics, ce.Raw)
			require.NotEmpty(t, ce.Raw)
			first := -1
			var said []string
			for i, d := range ce.Diagnostics {
				if d.Severity == gpu.SeverityError {
					said = append(said, d.Msg)
					if first < 0 {
						first = i
					}
				}
			}
			require.GreaterOrEqual(t, first, 0)
			require.Equal(t, "program_source", ce.Diagnostics[first].Pos.Filename)
			if c.line > 0 {
				require.Equal(t, c.line, ce.Diagnostics[first].Pos.Line, ce.Raw)
			} else {
				require.Positive(t, ce.Diagnostics[first].Pos.Line, ce.Raw)
			}
			require.Contains(t, strings.Join(said, "\n"), c.msg)
			require.Less(t, len(err.Error()), 4096)
		})
	}
	_, err := dev.Compile(good)
	require.NoError(t, err)
}

func TestManyDiagnostics(t *testing.T) {
	_, err := device(t).Compile("kernel void k(device float *a [[buffer(0)]]) {\n  a[0] = one;\n  a[1] = two;\n  a[2] = three;\n}\n")
	var ce *gpu.CompileError
	require.ErrorAs(t, err, &ce)
	lines := map[int]bool{}
	for _, d := range ce.Diagnostics {
		if d.Severity == gpu.SeverityError {
			lines[d.Pos.Line] = true
		}
	}
	require.Equal(t, map[int]bool{2: true, 3: true, 4: true}, lines, ce.Raw)
	require.Contains(t, err.Error(), "and 2 more errors")
	require.Contains(t, ce.Raw, "a[1] = two;", "the source line")
	require.Contains(t, ce.Raw, "^", "and the caret")
}

func TestCompileOptions(t *testing.T) {
	h := open(t)
	const source = "#include <metal_stdlib>\nusing namespace metal;\nkernel void k(device float *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n#ifdef TWICE\n  a[i] = SCALE * 2;\n#else\n  a[i] = SCALE;\n#endif\n}\n"
	for _, c := range []struct {
		macros map[string]string
		want   float32
	}{
		{map[string]string{"SCALE": "3"}, 3},
		{map[string]string{"SCALE": "(1 + 4)", "TWICE": ""}, 10},
	} {
		lib, err := h.dev.CompileWith(source, gpu.CompileOptions{Macros: c.macros, MathMode: gpu.MathSafe, LanguageVersion: gpu.MSL(3, 0)})
		require.NoError(t, err)
		p, err := lib.Pipeline("k")
		require.NoError(t, err)
		out := h.floats(t, 4)
		require.NoError(t, h.queue.Run(background(), p, gpu.D1(4), out))
		require.Equal(t, []float32{c.want, c.want, c.want, c.want}, out.Slice())
		require.NoError(t, p.Close())
		require.NoError(t, lib.Close())
	}
	_, err := h.dev.CompileWith(source, gpu.CompileOptions{Name: "mine.metal"})
	var ce *gpu.CompileError
	require.ErrorAs(t, err, &ce)
	require.Equal(t, "mine.metal", ce.Diagnostics[0].Pos.Filename)
	_, err = h.dev.CompileWith(source, gpu.CompileOptions{Macros: map[string]string{"not a name": "1"}})
	require.ErrorContains(t, err, "not a name")
	_, err = h.dev.CompileWith(source, gpu.CompileOptions{MathMode: 9})
	require.ErrorContains(t, err, "MathMode")
	_, err = h.dev.CompileWith(source, gpu.CompileOptions{MaxTotalThreadsPerThreadgroup: -1})
	require.ErrorContains(t, err, "negative")
}

func TestWarnings(t *testing.T) {
	lib, err := device(t).Compile("#warning mind the gap\nkernel void k(device float *a [[buffer(0)]]) { a[0] = 1; }\n")
	require.NoError(t, err)
	defer lib.Close()
	w := lib.Warnings()
	require.Len(t, w, 1)
	require.Equal(t, gpu.SeverityWarning, w[0].Severity)
	require.Equal(t, 1, w[0].Pos.Line)
	require.Contains(t, w[0].Msg, "mind the gap")
}

func TestFunctions(t *testing.T) {
	h := open(t)
	names := h.lib.FunctionNames()
	require.Subset(t, names, []string{"inc", "past", "saxpy", "where2"})
	require.IsIncreasing(t, names)
	for _, name := range []string{"nosuch", "", "INC", "inc ", "\xff", strings.Repeat("x", 1<<16)} {
		_, err := h.lib.Function(name)
		require.ErrorIs(t, err, gpu.ErrNotFound, "%q", name)
		_, err = h.lib.Pipeline(name)
		require.ErrorIs(t, err, gpu.ErrNotFound, "%q", name)
		_, err = h.lib.FunctionWith(name, gpu.Constants{})
		require.ErrorIs(t, err, gpu.ErrNotFound, "%q", name)
	}
	_, err := h.lib.Function("nosuch")
	require.ErrorContains(t, err, `"nosuch"`)
	require.ErrorContains(t, err, "inc")
	f, err := h.lib.Function("inc")
	require.NoError(t, err)
	require.Equal(t, "inc", f.Name())
	require.NoError(t, f.Close())
	require.NoError(t, f.Close())
	_, err = h.dev.Pipeline(f)
	require.ErrorIs(t, err, gpu.ErrClosed)
	_, err = h.dev.Pipeline(nil)
	require.ErrorContains(t, err, "nil")
}

func TestLoad(t *testing.T) {
	dev := device(t)
	_, err := dev.Load(filepath.Join(t.TempDir(), "none.metallib"))
	require.ErrorIs(t, err, gpu.ErrNotFound)
	path := filepath.Join(t.TempDir(), "bad.metallib")
	require.NoError(t, os.WriteFile(path, []byte("no library"), 0o600))
	_, err = dev.Load(path)
	var ns *objc.Error
	require.ErrorAs(t, err, &ns, "the device's own error")
	require.Equal(t, "MTLLibraryErrorDomain", ns.Domain)
}

const constantSource = `
#include <metal_stdlib>
using namespace metal;
constant float scale [[function_constant(0)]];
constant bool negate [[function_constant(1)]];
constant int shift [[function_constant(7)]];
constant float2 pair [[function_constant(9)]];
kernel void k(device float *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    float v = scale + float(shift) + pair.x * pair.y;
    a[i] = negate ? -v : v;
}
`

func TestFunctionConstants(t *testing.T) {
	h := open(t)
	lib, err := h.dev.Compile(constantSource)
	var ce *gpu.CompileError
	if errors.As(err, &ce) {
		t.Skip("the compiler has no function constants yet: " + ce.Error())
	}
	require.NoError(t, err)
	defer lib.Close()
	run := func(c gpu.Constants) float32 {
		f, err := lib.FunctionWith("k", c)
		require.NoError(t, err)
		defer f.Close()
		p, err := h.dev.Pipeline(f)
		require.NoError(t, err)
		defer p.Close()
		out := h.floats(t, 1)
		require.NoError(t, h.queue.Run(background(), p, gpu.D1(1), out))
		return out.At(0)
	}
	require.Equal(t, float32(1.5-3+8), run(gpu.Constants{
		Index: map[int]any{0: float32(1.5), 1: false, 7: int32(-3), 9: [2]float32{2, 4}},
	}))
	require.Equal(t, float32(-(2 + 5 + 15)), run(gpu.Constants{
		Name: map[string]any{"scale": float32(2), "negate": true, "shift": 5, "pair": []float32{3, 5}},
	}))
	for name, c := range map[string]gpu.Constants{
		"float64": {Index: map[int]any{0: 1.5}}, "string": {Index: map[int]any{0: "1"}}, "nil": {Index: map[int]any{0: nil}},
		"five": {Index: map[int]any{9: [5]float32{}}}, "negative number": {Index: map[int]any{-1: float32(0)}},
		"unknown name": {Name: map[string]any{"nosuch": float32(0)}},
	} {
		_, err := lib.FunctionWith("k", c)
		require.Error(t, err, name)
	}
}

// What is wrong with the options and not with the source has no place, and is told all the same.
func TestCompileErrorWithoutPlace(t *testing.T) {
	h := open(t)
	_, err := h.dev.CompileWith("kernel void k() {}", gpu.CompileOptions{LanguageVersion: gpu.MSL(99, 0)})
	var ce *gpu.CompileError
	require.ErrorAs(t, err, &ce)
	require.Len(t, ce.Diagnostics, 1)
	require.NotEmpty(t, ce.Diagnostics[0].Msg)
	require.Zero(t, ce.Diagnostics[0].Pos)
	require.NotContains(t, err.Error(), "\n")
	_, err = h.dev.Load("none.metallib")
	require.ErrorIs(t, err, gpu.ErrNotFound)
	require.NotContains(t, err.Error(), "\n", "one sentence")
}
