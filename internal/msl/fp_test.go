package msl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPragmaContract has sums of products under pragmas: fused is the result of
// one rounding, apart that of two.
func TestPragmaContract(t *testing.T) {
	const x, y, z = float32(1.0000001), float32(1.0000002), float32(-1.0000004)
	product := x * y
	fused, apart := exact(x, y, z), float32(product)+z
	require.NotEqual(t, fused, apart)
	const sum = "float sum(float x, float y, float z) { return x * y + z; }\n"
	for _, c := range []struct {
		head, body string
		fused      bool
		math       MathMode
	}{
		{"", "r = x * y + z;", true, MathFast},
		{"", "r = x * y + z;", false, MathSafe},
		{"#pragma METAL fp contract(off)", "r = x * y + z;", false, MathFast},
		{"#pragma METAL fp contract(fast)", "r = x * y + z;", true, MathSafe},
		{"#pragma METAL fp contract (off)\n#pragma METAL fp contract(fast)", "r = x * y + z;", true, MathFast},
		{"#pragma clang fp contract(off)", "r = x * y + z;", false, MathFast},
		{"#pragma clang fp reassociate(on) contract(off)", "r = x * y + z;", false, MathFast},
		{"#pragma STDC FP_CONTRACT OFF", "r = x * y + z;", false, MathFast},
		{"#pragma STDC FP_CONTRACT OFF\n#pragma STDC FP_CONTRACT DEFAULT", "r = x * y + z;", true, MathFast},
		{"#pragma METAL fp math_mode(safe)", "r = x * y + z;", false, MathFast},
		{"#pragma METAL fp math_mode(relaxed)", "r = x * y + z;", true, MathSafe},
		{"#pragma METAL fp math_mode(safe)\n#pragma METAL fp contract(fast)", "r = x * y + z;", true, MathFast},
		{"", "_Pragma(\"METAL fp contract(off)\") r = x * y + z;", false, MathFast},
		// Blocks.
		{"", "\n#pragma METAL fp contract(off)\nr = x * y + z;", false, MathFast},
		{"", "{\n#pragma METAL fp contract(off)\n r = 0; } r = x * y + z;", true, MathFast},
		{"#pragma METAL fp contract(off)", "{\n#pragma METAL fp contract(fast)\n r = x * y + z; }", true, MathFast},
		{"", "if (x > 0) {\n#pragma METAL fp contract(off)\n r = x * y + z; }", false, MathFast},
		{"", "for (int i = 0; i < 1; i++) {\n#pragma METAL fp contract(off)\n r = x * y + z; }", false, MathFast},
		{"", "auto f = [&]() {\n#pragma METAL fp contract(off)\n return x * y + z; }; r = f();", false, MathFast},
		{"", "\n#pragma METAL fp contract(off)\n auto f = [&]() { return x * y + z; }; r = f();", false, MathFast},
		// Functions are as they are where they are defined.
		{sum + "#pragma METAL fp contract(off)", "r = sum(x, y, z);", true, MathFast},
		{"#pragma METAL fp contract(off)\n" + sum + "#pragma METAL fp contract(fast)", "r = sum(x, y, z);", false, MathFast},
		{"#pragma METAL fp contract(off)\nnamespace n { " + sum + "}\n#pragma METAL fp contract(fast)", "r = n::sum(x, y, z);", false, MathFast},
		{"#pragma METAL fp contract(off)\ntemplate <typename T> T sum(T x, T y, T z) { return x * y + z; }\n#pragma METAL fp contract(fast)", "r = sum(x, y, z);", false, MathFast},
		{"#pragma METAL fp contract(off)\nstruct S { float x; float sum(float y, float z) { return x * y + z; } };\n#pragma METAL fp contract(fast)", "S s = {x}; r = s.sum(y, z);", false, MathFast},
		{"#pragma METAL fp contract(off)\n" + sum + "#pragma METAL fp contract(fast)", "r = sum(1, 1, 1); r = x * y + z;", true, MathFast},
		// Within an expression only.
		{"#pragma METAL fp contract(on)", "r = x * y + z;", true, MathFast},
		{"#pragma METAL fp contract(on)", "r = z + x * y;", true, MathFast},
		{"#pragma METAL fp contract(on)", "r = z; r += x * y;", true, MathFast},
		{"#pragma METAL fp contract(on)", "float2 v = float2(x) * y + z; r = v.y;", true, MathFast},
		{"#pragma METAL fp contract(on)", "float p = x * y; r = p + z;", false, MathFast},
		{"#pragma METAL fp contract(fast)", "float p = x * y; r = p + z;", true, MathFast},
		{"#pragma STDC FP_CONTRACT ON", "float p = x * y; r = p + z;", false, MathFast},
	} {
		out := []float32{x, y, z, 0}
		// Pragmas come first in a block.
		pragma, rest := "", c.body
		if strings.HasPrefix(c.body, "\n#") || strings.HasPrefix(c.body, "_Pragma") {
			at := strings.Index(c.body, ")") + 1
			if c.body[0] == '_' {
				at += len("\")")
			}
			pragma, rest = c.body[:at]+"\n", c.body[at:]
		}
		text := c.head + "\nkernel void k(device float *o) {" + pragma + " float x = o[0], y = o[1], z = o[2], r; " + rest + " o[3] = r; }"
		l := launch{lib: compileWith(t, text, Options{Math: c.math}), kernel: "k", grid: d1(1), group: d1(1), buffers: map[int][]byte{0: bytesOf(out)}}
		require.Nil(t, l.run(t))
		want := apart
		if c.fused {
			want = fused
		}
		require.Equal(t, want, out[3], text)
	}
}

// TestPragmaMathMode looks which form of a function a mode picks.
func TestPragmaMathMode(t *testing.T) {
	count := func(head string, mode MathMode) int {
		lib := compileWith(t, head+"\nkernel void k(device float *o) { o[0] = sin(o[1]); }", Options{Math: mode})
		f, _ := lib.LowerPlainly("k", Constants{})
		return strings.Count(f.String(), "\n")
	}
	precise, fast := count("", MathSafe), count("", MathFast)
	require.NotEqual(t, precise, fast)
	require.Equal(t, precise, count("#pragma METAL fp math_mode(safe)", MathFast))
	require.Equal(t, fast, count("#pragma METAL fp math_mode(fast)", MathSafe))
	require.Equal(t, fast, count("#pragma METAL fp contract(off)", MathFast))
}
