package msl

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/fp16"
)

func TestLiteralsAndTypes(t *testing.T) {
	got := results[int32](t, 30, `
kernel void k(device int *o) {
	o[0] = sizeof(1.0); o[1] = sizeof(1.0h); o[2] = sizeof(1); o[3] = sizeof(1l); o[4] = sizeof(1u); o[5] = sizeof(1ul);
	o[6] = sizeof('a'); o[7] = sizeof(true); o[8] = sizeof(size_t); o[9] = sizeof(long);
	o[10] = 0x1F + 017 + 0b101; o[11] = int(0x1.8p3f); o[12] = 'A' + '\n' + '\x10';
	o[13] = sizeof(half(1) * 2); o[14] = sizeof(half(1) * 2.0f); o[15] = sizeof(char(1) + char(1)); o[16] = sizeof(ushort(1) << 1l);
	o[17] = sizeof(uchar4(1) + uchar4(1)); o[18] = sizeof(float3(1) * 2);
	o[19] = 1e3; o[20] = .5 * 8; o[21] = 5 / 2; o[22] = int(5 / 2.0);
	o[23] = -1 < 1u; o[24] = (unsigned char)-1 > 0; o[25] = short(40000);
	o[26] = sizeof(true ? 1 : 2.0f); o[27] = sizeof(true ? half(1) : 2.0f); o[28] = 1 ? -1 : 0u; o[29] = 10 % 4 - -3;
}`)
	require.Equal(t, []int32{4, 2, 4, 8, 4, 8, 1, 1, 8, 8, 31 + 15 + 5, 12, 65 + 10 + 16, 2, 4, 4, 4, 4, 16, 1000, 4, 2, 2, 0, 1, -25536, 4, 4, -1, 5}, got)
}

func TestMixedVectorsAndScalars(t *testing.T) {
	got := results[float32](t, 22, `
kernel void k(device float *o) {
	half4 h = half4(1, 2, 3, 4) * half(0.1f);
	o[0] = h.z;
	float3 v = 2 * float3(1, 2, 3) - 1;
	o[1] = v.x; o[2] = v.z;
	int3 i = int3(7, -7, 9) / 2;
	o[3] = i.x; o[4] = i.y; o[5] = i.z;
	float3 f = float3(i) + float3(int3(1));
	o[6] = f.y;
	float4 w = float4(v.xy, 5, 1.5h);
	o[7] = w.y; o[8] = w.w;
	float4 s = 3;
	s *= 2;
	s /= float4(1, 2, 3, 4);
	o[9] = s.x + s.y + s.z + s.w;
	uint2 u = uint2(float2(3.9f, -1));
	o[10] = u.x; o[11] = u.y;
	float2 t = true ? float2(1, 2) : float2(0);
	o[12] = t.y;
	bool2 b = bool2(float2(0, 3));
	o[13] = b.x; o[14] = b.y;
	o[15] = float4(1, float2(2, 3), 4).z;
	float2 c = (float2)h.xy;
	o[16] = c.x;
	vec<float, 2> g = vec<float, 2>(1.5f);
	o[17] = g.y;
	float3 d = {1, 2, 3}, e{4, 5, 6};
	o[18] = dot(d, e);
	o[19] = (d < e).x && all(d < e) ? -d.y : d.y;
	o[20] = metal::max(float2(1, 5), 3).x + clamp(float2(1, 5), 2.0f, 4.0f).y;
	o[21] = uchar(float(257.9f)) + int(2.9f) + int(-2.9f);
}`)
	tenth := fp16.FromFloat32(0.1).Float32()
	require.Equal(t, []float32{
		fp16.FromFloat32(3 * tenth).Float32(), 1, 5, 3, -3, 4, -2, 3, 1.5, 6 + 3 + 2 + 1.5, 3, 0, 2, 0, 1, 3,
		tenth, 1.5, 32, -2, 7, 255 + 2 - 2}, got)
}

func TestStandardConstants(t *testing.T) {
	got := results[float32](t, 16, `
kernel void k(device float *o) {
	o[0] = M_PI_F; o[1] = INFINITY; o[2] = NAN; o[3] = FLT_MAX; o[4] = FLT_EPSILON; o[5] = HALF_MAX; o[6] = MAXHALF;
	o[7] = INT_MAX; o[8] = UCHAR_MAX; o[9] = numeric_limits<float>::infinity(); o[10] = numeric_limits<half>::max();
	o[11] = numeric_limits<float>::lowest(); o[12] = numeric_limits<uint>::max(); o[13] = M_SQRT1_2_F; o[14] = -INFINITY; o[15] = __METAL_VERSION__ >= 300;
}`)
	require.True(t, math.IsNaN(float64(got[2])))
	got[2] = 0
	inf := float32(math.Inf(1))
	require.Equal(t, []float32{math.Pi, inf, 0, math.MaxFloat32, 0x1p-23, 65504, 65504, math.MaxInt32, 255, inf, 65504,
		-math.MaxFloat32, math.MaxUint32, math.Sqrt2 / 2, -inf, 1}, got)
}

func TestPreprocessedKernels(t *testing.T) {
	lib, diags := Compile(Source{
		Text: `#include "shared.h"
#include <metal_stdlib>
using namespace metal;
#define CAT(a, b) a##b
#define KERNEL(T) kernel void CAT(fill_, T)(device T *o, uint i [[thread_position_in_grid]]) { o[i] = T(VALUE) + OFFSET; }
KERNEL(int)
KERNEL(float)
#if defined(EXTRA) && EXTRA > 2
kernel void extra(device int *o) { o[0] = __LINE__; }
#endif
`,
		Macros: []Macro{{"VALUE", "7"}, {"EXTRA", "3"}},
		Include: func(name string, quoted bool, from string) (string, string, error) {
			require.True(t, quoted)
			require.Equal(t, "shared.h", name)
			return "dir/shared.h", "#define OFFSET 0.5\n", nil
		},
	}, Options{})
	require.NotNil(t, lib, diags.Render())
	require.Len(t, lib.Kernels, 3)
	out := make([]float32, 4)
	require.Nil(t, launch{lib: lib, kernel: "fill_float", grid: d1(4), group: d1(4), buffers: map[int][]byte{0: bytesOf(out)}}.run(t))
	require.Equal(t, []float32{7.5, 7.5, 7.5, 7.5}, out)
	line := make([]int32, 1)
	require.Nil(t, launch{lib: lib, kernel: "extra", grid: d1(1), group: d1(1), buffers: map[int][]byte{0: bytesOf(line)}}.run(t))
	require.Equal(t, []int32{9}, line)
}

func TestDiagnosticsOfBadSources(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"undeclared", "kernel void broken(device float *a [[buffer(0)]]) {\n  a[0] = undefined_name;\n}\n",
			"program_source:2:10: error: use of undeclared identifier 'undefined_name'\n  a[0] = undefined_name;\n         ^\n1 error generated.\n"},
		{"recursion", "static int f(int n) { return n ? f(n - 1) : 0; } kernel void k(device int *o) { o[0] = f(3); }", "error: "},
		{"binary", "\x00\x01\xff\xfe", "error: "},
		{"unterminated comment", "/* kernel", "unterminated /* comment"},
		{"missing include", "#include \"nothere.h\"\n", "'nothere.h' file not found"},
		{"two errors", "kernel void k(device int *o) {\n o[0] = a;\n o[1] = b;\n}", "2 errors generated."},
	} {
		t.Run(c.name, func(t *testing.T) {
			lib, diags := Compile(Source{Text: c.text}, Options{})
			require.Nil(t, lib)
			require.True(t, diags.HasErrors())
			require.Contains(t, diags.Render(), c.want)
		})
	}
	lib, diags := Compile(Source{}, Options{})
	require.NotNil(t, lib, "an empty source is a library without kernels")
	require.Empty(t, lib.Kernels)
	require.Empty(t, diags.Render())

	_, diags = Compile(Source{}, Options{Version: Version{9, 1}})
	require.Contains(t, diags.Render(), "language version 9.1 is not supported")
}
