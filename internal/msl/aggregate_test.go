package msl

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

func TestLargeAggregates(t *testing.T) {
	got := results[int32](t, 10, `
struct Big { int a[100]; float4x4 m; int n; };
static Big make(int x) { Big b = {}; for (int i = 0; i < 100; i++) b.a[i] = x + i; b.m = float4x4(2); b.n = x; return b; }
static int total(Big b) { int s = 0; for (int i = 0; i < 100; i++) { s += b.a[i]; b.a[i] = 0; } return s + b.n; }
static int at(const thread Big &b, int i) { return b.a[i]; }
struct Wide { int v[5000]; };
kernel void k(device int *o, device Big *unused, uint i [[thread_position_in_grid]]) {
	Big b = make(3);
	o[0] = total(b);
	o[1] = b.a[50];
	Big c = b;
	c.a[i + 1] = -1;
	o[2] = b.a[1]; o[3] = c.a[1];
	b = c;
	o[4] = at(b, 1); o[5] = int(b.m[3][3]);
	Wide w;
	for (int j = 0; j < 5000; j++) w.v[j] = j;
	Wide x = w;
	x.v[i] = 7;
	o[6] = x.v[4999] + x.v[0] + w.v[0];
	x = {};
	o[7] = x.v[4999];
	w = x;
	o[8] = w.v[100];
	int grid[20][30];
	for (int r = 0; r < 20; r++) for (int q = 0; q < 30; q++) grid[r][q] = r * q;
	thread int *p = grid[3];
	o[9] = p[4] + grid[4][2];
}`)
	require.Equal(t, []int32{300 + 4950 + 3, 53, 4, -1, -1, 2, 5006, 0, 0, 20}, got)
}

func TestUnions(t *testing.T) {
	got := results[uint32](t, 8, `
struct Parts { ushort lo, hi; };
union U { uint u; float f; Parts p; uchar4 c; };
struct Tagged { int kind; union { float x; int n; }; U u; };
static uint hi(U u) { return u.p.hi; }
static U of(float f) { U u; u.f = f; return u; }
kernel void k(device uint *o, uint i [[thread_position_in_grid]]) {
	U u = { 0x12345678 };
	o[0] = u.p.hi; o[1] = u.c[1]; o[2] = hi(of(1.0f));
	Tagged t[2];
	t[i].x = 2.0f; t[i].u = u; t[1].n = 3;
	o[3] = uint(t[0].n); o[4] = t[i].u.p.lo; o[5] = uint(t[1].n);
	t[1] = t[0];
	o[6] = uint(t[1].x);
	U v = u; v.c.x = 0xff;
	o[7] = v.u;
}`)
	require.Equal(t, []uint32{0x1234, 0x56, 0x3f80, 0x40000000, 0x5678, 3, 2, 0x123456ff}, got)
}

func TestPointersInThreadMemory(t *testing.T) {
	in := []int32{1, 2, 3, 4}
	out := make([]int32, 8)
	runThreads(t, `
struct Node { int v; thread Node *next; };
struct View { device const int *p; int n; int sum() const { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; } };
kernel void k(device const int *in, device int *o, uint i [[thread_position_in_grid]]) {
	Node c = {3, nullptr}, b = {2, &c}, a = {1, &b};
	int s = 0;
	for (thread Node *p = &a; p; p = p->next) s = s * 10 + p->v;
	o[0] = s;
	View v = {in + 1, 3};
	o[1] = v.sum();
	View views[2] = {{in, 2}, v};
	o[2] = views[i].sum() * 100 + views[i + 1].sum();
	device const int *ps[3] = {in, in + 2, in + 3};
	for (int j = 0; j < 3; j++) o[3] += *ps[j];
	threadgroup int tg[4];
	threadgroup int *tp[2] = {tg, tg + 2};
	for (int j = 0; j < 2; j++) { tp[j][0] = j + 5; tp[j][1] = j + 7; }
	o[4] = tg[0] * 1000 + tg[1] * 100 + tg[2] * 10 + tg[3];
	threadgroup int (&alias)[4] = tg;
	o[5] = alias[2];
	thread int *q = &s;
	thread int *thread *qq = &q;
	**qq = 42;
	o[6] = s;
}`, 1, bytesOf(in), bytesOf(out))
	require.Equal(t, []int32{123, 9, 309, 8, 5768, 6, 42, 0}, out)
}

func TestBarriersInHelpers(t *testing.T) {
	lib := compile(t, `
static float reduce(threadgroup float *s, uint tid, uint n, float x) {
	s[tid] = x;
	for (uint h = n / 2; h > 0; h >>= 1) {
		threadgroup_barrier(mem_flags::mem_threadgroup);
		if (tid >= h) continue;
		s[tid] += s[tid + h];
	}
	threadgroup_barrier(mem_flags::mem_threadgroup);
	float r = s[0];
	threadgroup_barrier(mem_flags::mem_threadgroup);
	return r;
}
kernel void k(device const float *in, device float *o, uint tid [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]], uint n [[threads_per_threadgroup]]) {
	threadgroup float s[64];
	float x = in[g * n + tid];
	float mean = reduce(s, tid, n, x) / float(n);
	float var = reduce(s, tid, n, (x - mean) * (x - mean));
	o[g * n + tid] = x - mean + 1000 * var;
}`)
	in, out := make([]float32, 128), make([]float32, 128)
	for i := range in {
		in[i] = float32(i % 8)
	}
	require.Nil(t, launch{lib: lib, kernel: "k", grid: d1(128), group: d1(64), buffers: map[int][]byte{0: bytesOf(in), 1: bytesOf(out)}}.run(t))
	for i, v := range out {
		require.Equal(t, in[i]-3.5+1000*(42*8), v, "%d", i)
	}
}

func TestEarlyExitBeforeBarrier(t *testing.T) {
	lib := compile(t, `
kernel void k(device int *o, constant uint &n, uint i [[thread_position_in_grid]], uint tid [[thread_index_in_threadgroup]]) {
	threadgroup int s[32];
	s[tid] = 1;
	if (i >= n) return;
	threadgroup_barrier(mem_flags::mem_threadgroup);
	o[i] = s[31 - tid];
}`)
	out := make([]int32, 64)
	require.Nil(t, launch{lib: lib, kernel: "k", grid: d1(64), group: d1(32), buffers: map[int][]byte{0: bytesOf(out), 1: bytesOf([]uint32{40})}}.run(t))
	for i, v := range out {
		require.Equal(t, int32(b2u(i < 40)), v)
	}
}

func TestEndlessKernelIsStopped(t *testing.T) {
	// A kernel that never ends is stopped, and says where it was.
	lib := compile(t, "kernel void k(device uint *o) {\n\twhile (true) o[0]++;\n}")
	code, _ := lib.Lower("k", Constants{})
	p, err := simt.Compile(code.Func)
	require.NoError(t, err)
	out := make([]uint32, 1)
	l := simt.Launch{Program: p, Grid: d1(1), Group: d1(1), Timeout: 1e7}
	for range p.Mems() {
		l.Mems = append(l.Mems, simt.Binding{Ptr: ptrTo(out), Len: 4})
	}
	f := l.Run()
	require.NotNil(t, f)
	require.Equal(t, simt.Timeout, f.Kind)
}

func TestUnsizedAndNestedConstantTables(t *testing.T) {
	got := results[float32](t, 6, `
struct Tap { float w; int2 at; };
constant Tap taps[] = { {0.25f, {-1, 0}}, {0.5f, {0, 0}}, {0.25f, {1, 2}} };
constant float3 axes[3] = { float3(1, 0, 0), float3(0, 2, 0), {0, 0, 3} };
constant float2x2 mats[2] = { float2x2(1), float2x2(1, 2, 3, 4) };
constant half h = 1.0h / 3.0h;
constant float derived = 2.0f * M_PI_F;
static float weight(constant Tap &t) { return t.w + float(t.at.y); }
kernel void k(device float *o, uint i [[thread_position_in_grid]]) {
	for (int j = 0; j < 3; j++) { o[0] += taps[j].w * float(taps[j].at.x + 2); o[1] += axes[j][j]; }
	o[2] = weight(taps[i + 2]);
	o[3] = (mats[i + 1] * float2(1, 1)).y;
	o[4] = float(h);
	o[5] = derived;
}`)
	require.Equal(t, []float32{0.25 + 1 + 0.75, 6, 2.25, 6, 0.33325195, 6.2831855}, got)
}
