package msl

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/fp16"
)

// results runs a kernel of one thread that writes n values of type T to its
// only buffer.
func results[T any](t *testing.T, n int, text string) []T {
	t.Helper()
	out := make([]T, n)
	runThreads(t, text, 1, bytesOf(out))
	return out
}

func TestSwizzles(t *testing.T) {
	got := results[float32](t, 28, `
kernel void k(device float *o) {
	float4 v = float4(1, 2, 3, 4);
	v.xy = v.yx;                       // reads before it writes
	o[0] = v.x; o[1] = v.y; o[2] = v.z; o[3] = v.w;
	v.wzyx = float4(10, 20, 30, 40);
	o[4] = v.x; o[5] = v.y; o[6] = v.z; o[7] = v.w;
	v.zw += float2(1, 2);
	o[8] = v.z; o[9] = v.w;
	v.y *= 2;
	o[10] = v.y;
	float2 s = v.xx + v.ww;
	o[11] = s.x; o[12] = s.y;
	v.rgba = v.abgr;
	o[13] = v.r; o[14] = v.a;
	v.xyz.yz = float2(7, 8);           // of a swizzle
	o[15] = v.x; o[16] = v.y; o[17] = v.z;
	float3 w = v.xyz;
	w.zx = w.xz;
	o[18] = w.x; o[19] = w.y; o[20] = w.z;
	v[1] = 100; v[3] += 1;
	o[21] = v.y; o[22] = v.w;
	for (int i = 0; i < 4; i++) v[i] = i * i;
	o[23] = v.x; o[24] = v.y; o[25] = v.z; o[26] = v.w;
	float sum = 0;
	for (int i = 0; i < 4; i++) sum += v[i];
	o[27] = sum;
}`)
	require.Equal(t, []float32{2, 1, 3, 4, 40, 30, 20, 10, 21, 12, 60, 52, 52, 12, 40, 12, 7, 8, 8, 7, 12, 100, 41, 0, 1, 4, 9, 14}, got)
}

func TestVectorsInMemory(t *testing.T) {
	in := []float32{1, 2, 3, 4, 5, 6, 7, 8}
	out := make([]float32, 8)
	runThreads(t, `
kernel void k(device float4 *v, device float *o) {
	v[0].xz = v[1].yw;
	v[1].w = 9;
	int i = int(v[0].y);
	v[1][i] = 50;
	o[0] = v[1][i - 1];
	v[0].zyx.xz += float2(100, 200);
	device float4 &r = v[1];
	r.x = r.y + r.z;
	o[1] = r.x;
}`, 1, bytesOf(in), bytesOf(out))
	require.Equal(t, []float32{206, 2, 108, 4, 56, 6, 50, 9}, in)
	require.Equal(t, []float32{6, 56}, out[:2])
}

func TestPackedVectors(t *testing.T) {
	in := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}
	out := make([]float32, 8)
	runThreads(t, `
kernel void k(device packed_float3 *p, device float4 *o) {
	float3 a = p[1];
	p[2] = a * 2;
	p[0].y = 42;
	o[0] = float4(p[0] + float3(1), 0);
	float3 v = p[0];
	o[1] = float4(v.zyx, dot(v, float3(1)));
}`, 1, bytesOf(in), bytesOf(out))
	require.Equal(t, []float32{1, 42, 3, 4, 5, 6, 8, 10, 12}, in)
	require.Equal(t, []float32{2, 43, 4, 0, 3, 42, 1, 46}, out)
}

func TestVec3Layout(t *testing.T) {
	// A float3 takes 16 bytes; what follows it in a struct comes after.
	in := []float32{1, 2, 3, -1, 4, -1, -1, -1, 5, 6, 7, -1, 8, -1, -1, -1}
	out := make([]float32, 8)
	runThreads(t, `
struct S { float3 v; float s; };
kernel void k(device S *p, device float *o, device packed_float3 *q) {
	S a = p[0], b = p[1];
	p[0] = b;
	o[0] = a.v.x; o[1] = a.v.z; o[2] = a.s; o[3] = b.s;
	o[4] = sizeof(S); o[5] = sizeof(float3); o[6] = sizeof(packed_float3); o[7] = alignof(packed_float3);
}`, 1, bytesOf(in), bytesOf(out))
	require.Equal(t, []float32{5, 6, 7, -1, 8, -1, -1, -1, 5, 6, 7, -1, 8, -1, -1, -1}, in)
	require.Equal(t, []float32{1, 3, 4, 8, 32, 16, 12, 4}, out)
}

func TestNarrowVectorsDoNotPromote(t *testing.T) {
	got := results[uint32](t, 8, `
kernel void k(device uint *o) {
	uchar4 a = uchar4(200, 100, 255, 16), b = uchar4(100, 200, 2, 16);
	uchar4 s = a + b, p = a * b;
	o[0] = as_type<uint>(s);
	o[1] = as_type<uint>(p);
	o[2] = as_type<uint>(uchar4(a >> uchar4(9)));   // modulo 8
	uchar x = 200, y = 100;
	o[3] = x + y;                                   // promotes
	uchar z = x + y;
	o[4] = z;
	char c = 127; c++;
	o[5] = uint(int(c));
	short2 h = short2(32767, -32768); h += short2(1, -1);
	o[6] = as_type<uint>(h);
	c = 100; c += 100;
	o[7] = uint(int(c));
}`)
	require.Equal(t, []uint32{
		0x20<<24 | 1<<16 | 0x2c<<8 | 0x2c, 0 | 0xfe<<16 | 0x20<<8 | 0x20,
		8<<24 | 127<<16 | 50<<8 | 100, 300, 44, 0xffffff80, 0x7fff8000, 0xffffffc8}, got)
}

func TestBoolVectors(t *testing.T) {
	got := results[int32](t, 10, `
kernel void k(device int *o) {
	float4 a = float4(1, 2, 3, NAN), b = float4(1, 3, 2, NAN);
	bool4 e = a == b, l = a < b, n = a != b;
	o[0] = int(e.x) | int(e.y) << 1 | int(e.z) << 2 | int(e.w) << 3;
	o[1] = int(l.x) | int(l.y) << 1 | int(l.z) << 2 | int(l.w) << 3;
	o[2] = int(n.x) | int(n.y) << 1 | int(n.z) << 2 | int(n.w) << 3;
	o[3] = all(e || !e);
	o[4] = any(e && l);
	int4 s = select(int4(1), int4(2), l);
	o[5] = s.x + 10 * s.y + 100 * s.z + 1000 * s.w;
	o[6] = all(int4(e) == int4(1, 0, 0, 0));
	o[7] = any(isnan(a));
	bool3 t = bool3(true, false, true);
	o[8] = all(t.xz);
	o[9] = sizeof(bool3);
}`)
	require.Equal(t, []int32{1, 2, 14, 1, 0, 1121, 1, 1, 1, 4}, got)
}

func TestMatrices(t *testing.T) {
	out := make([]float32, 40)
	m := make([]float32, 12) // float3x3 in memory: columns of 16 bytes
	for i := range m {
		m[i] = float32(i + 1)
	}
	runThreads(t, `
kernel void k(device float *o, device float3x3 *pm) {
	float2x3 a = float2x3(float3(1, 2, 3), float3(4, 5, 6));   // 2 columns of 3 rows
	float3x2 b = float3x2(1, 2, 3, 4, 5, 6);
	float3x3 p = a * b;
	for (int c = 0; c < 3; c++) for (int r = 0; r < 3; r++) o[c * 3 + r] = p[c][r];
	float3 v = a * float2(10, 100);
	o[9] = v.x; o[10] = v.y; o[11] = v.z;
	float2 w = float3(1, 10, 100) * a;
	o[12] = w.x; o[13] = w.y;
	float2x2 d = float2x2(3.0f);
	o[14] = d[0][0]; o[15] = d[0][1]; o[16] = d[1][1];
	float2x2 s = d * 2.0f + float2x2(float2(1), float2(1));
	o[17] = s[0][0]; o[18] = s[1][0];
	o[19] = determinant(float3x3(2, 0, 1, 1, 3, 2, 1, 1, 4));
	float3x2 tr = transpose(a);
	o[20] = tr[2][1]; o[21] = tr[0][1];
	float3x3 q = *pm;
	o[22] = q[1][0]; o[23] = q[2][2];
	q[1].yz = float2(-1, -2);
	q[0] = q[2];
	*pm = q;
	int i = int(o[14]) - 2;
	q[i][i + 1] = 77;
	o[24] = q[1][2];
	d[0] += float2(1, 2);
	d *= d;
	o[25] = d[0][0]; o[26] = d[0][1]; o[27] = d[1][0]; o[28] = d[1][1];
	float2 u = float2(1, 2);
	u = u * d;
	o[29] = u.x; o[30] = u.y;
	o[31] = sizeof(float3x3); o[32] = sizeof(half3x2); o[33] = sizeof(float4x3);
	half2x2 h = half2x2(float2x2(1.5f));
	o[34] = h[1][1];
	float4x4 id = float4x4(1.0f);
	float4 rowed = id * float4(1, 2, 3, 4);
	o[35] = rowed.w;
	o[36] = (-id)[2][2];
	o[37] = determinant(float4x4(float4(1, 2, 3, 4), float4(2, 1, 5, 1), float4(0, 1, 2, 3), float4(4, 4, 1, 2)));
}`, 1, bytesOf(out), bytesOf(m))
	require.Equal(t, []float32{
		9, 12, 15, 19, 26, 33, 29, 40, 51, // a*b
		410, 520, 630, 321, 654, 3, 0, 3, 7, 1, 18, 6, 4, 5, 11, 77,
	}, out[:25])
	// [[4 0] [2 3]] squared, by columns (4,2) and (0,3).
	require.Equal(t, []float32{16, 14, 0, 9}, out[25:29])
	require.Equal(t, []float32{16 + 28, 18, 48, 12, 64, 1.5, 4, -1}, out[29:37])
	require.Equal(t, float32(det4()), out[37])
	require.Equal(t, []float32{9, 10, 11, 4, 5, -1, -2, 8, 9, 10, 11, 12}, m)
}

// det4 is the determinant in TestMatrices by elimination.
func det4() float64 {
	m := [4][4]float64{{1, 2, 3, 4}, {2, 1, 5, 1}, {0, 1, 2, 3}, {4, 4, 1, 2}}
	d := 1.0
	for i := range 4 {
		d *= m[i][i]
		for j := i + 1; j < 4; j++ {
			f := m[j][i] / m[i][i]
			for k := range 4 {
				m[j][k] -= f * m[i][k]
			}
		}
	}
	return math.Round(d)
}

func TestGeometry(t *testing.T) {
	got := results[float32](t, 24, `
kernel void k(device float *o) {
	float3 a = float3(1, 2, 3), b = float3(4, -5, 6);
	o[0] = dot(a, b);
	float3 c = cross(a, b);
	o[1] = c.x; o[2] = c.y; o[3] = c.z;
	o[4] = length(float3(2, 3, 6));
	o[5] = distance(float2(1, 1), float2(4, 5));
	o[6] = length_squared(b); o[7] = distance_squared(a, b);
	float2 n = normalize(float2(3, 4));
	o[8] = n.x; o[9] = n.y;
	float2 r = reflect(float2(1, -1), float2(0, 1));
	o[10] = r.x; o[11] = r.y;
	float2 f = faceforward(float2(0, 1), float2(1, -1), float2(0, 1));
	o[12] = f.y;
	f = faceforward(float2(0, 1), float2(1, 1), float2(0, 1));
	o[13] = f.y;
	float2 q = refract(normalize(float2(1, -1)), float2(0, 1), 2.0f);
	o[14] = q.x; o[15] = q.y;
	q = refract(float2(0, -1), float2(0, 1), 0.5f);
	o[16] = q.x; o[17] = q.y;
	o[18] = dot(half2(1, 2), half2(3, 4));
	o[19] = length(half2(300, 400));    // does not overflow on the way
}`)
	require.Equal(t, []float32{12, 27, 6, -13, 7, 5, 77, 67, 0.6, 0.8, 1, 1, 1, -1, 0, 0, 0, -1, 11, 500}, got[:20])
}

func TestAsType(t *testing.T) {
	got := results[uint32](t, 10, `
kernel void k(device uint *o) {
	o[0] = as_type<uint>(1.0f);
	uint2 h = as_type<uint2>(half4(1, 2, -1, 0.5h));
	o[1] = h.x; o[2] = h.y;
	half2 p = as_type<half2>(0x3c00c000u);
	o[3] = uint(as_type<ushort>(p.x)); o[4] = uint(as_type<ushort>(p.y));
	uchar4 c = as_type<uchar4>(0x01020304);
	o[5] = c.x; o[6] = c.w;
	ulong l = as_type<ulong>(uint2(1, 2));
	o[7] = uint(l >> 32);
	int3 i = as_type<int3>(float3(-0.0f, 1, 2));
	o[8] = uint(i.x);
	o[9] = as_type<uint>(ushort2(1, 2));
}`)
	require.Equal(t, []uint32{0x3f800000, 0x40003c00, 0x3800bc00, 0xc000, 0x3c00, 4, 1, 2, 0x80000000, 0x20001}, got)
}

func TestHalfRounds(t *testing.T) {
	got := results[fp16.Float16](t, 6, `
kernel void k(device half *o) {
	half a = 2048, b = 1;
	o[0] = a + b;               // 2049 is no half
	o[1] = a + b + b;           // rounded twice
	o[2] = half(float(a) + float(b) + float(b));
	half c = 60000;
	o[3] = c + c;
	o[4] = half(0.1f) * 3.0h;
	o[5] = 1.0h / 3.0h;
}`)
	tenth := fp16.FromFloat32(0.1).Float32()
	require.Equal(t, []fp16.Float16{
		fp16.FromFloat32(2048), fp16.FromFloat32(2048), fp16.FromFloat32(2050), 0x7c00,
		fp16.FromFloat32(tenth * 3), fp16.FromFloat32(1.0 / 3)}, got)
}

func TestPackUnpack(t *testing.T) {
	got := results[uint32](t, 12, `
kernel void k(device uint *o) {
	o[0] = pack_float_to_unorm4x8(float4(0, 1, 0.5f, 2));
	o[1] = pack_float_to_snorm4x8(float4(-1, 1, 0.5f, -0.25f));
	o[2] = pack_float_to_unorm2x16(float2(1, 0.25f));
	o[3] = pack_float_to_snorm2x16(float2(-1, 0.5f));
	float4 u = unpack_unorm4x8_to_float(0xff804000u);
	o[4] = as_type<uint>(u.x); o[5] = as_type<uint>(u.y); o[6] = as_type<uint>(u.w);
	float2 s = unpack_snorm2x16_to_float(0x80007fffu);
	o[7] = as_type<uint>(s.x); o[8] = as_type<uint>(s.y);
	o[9] = pack_float_to_unorm10a2(float4(1, 0, 1, 1));
	o[10] = pack_float_to_unorm565(float3(1, 0, 0));
	o[11] = pack_half_to_unorm4x8(half4(1, 0, 0, 1));
}`)
	require.Equal(t, []uint32{
		0xff80ff00, 0xe0407f81, 0x4000ffff, 0x40008001,
		0, math.Float32bits(64.0 / 255), math.Float32bits(1),
		math.Float32bits(1), math.Float32bits(-1), 0xfff003ff, 0x1f, 0xff0000ff}, got)
}
