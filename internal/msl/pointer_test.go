package msl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPointers(t *testing.T) {
	in := []int32{10, 11, 12, 13, 14, 15, 16, 17}
	out := make([]int32, 16)
	runThreads(t, `
static int walk(device const int *p, device const int *end) { int s = 0; while (p != end) s += *p++; return s; }
kernel void k(device int *a, device int *o) {
	device int *p = a + 2;
	o[0] = *p; o[1] = p[1]; o[2] = *(p - 1); o[3] = p[-2];
	p++; o[4] = *p++; o[5] = *p; o[6] = *--p; p += 3; o[7] = *p; p -= 1; o[8] = *p;
	o[9] = int(p - a); o[10] = p > a; o[11] = p == a + 5;
	o[12] = walk(a, a + 8);
	device int *q = nullptr;
	o[13] = q == nullptr;
	q = o[0] > 5 ? a + 7 : p;
	*q = 99;
	device int *thread *r = nullptr;
	o[14] = !r && q;
	(*p)++;
	o[15] = &a[3] - &a[1];
}`, 1, bytesOf(in), bytesOf(out))
	require.Equal(t, []int32{12, 13, 11, 10, 13, 14, 13, 16, 15, 5, 1, 1, 108, 1, 1, 2}, out)
	require.Equal(t, []int32{10, 11, 12, 13, 14, 16, 16, 99}, in)
}

func TestThreadPointers(t *testing.T) {
	got := results[int32](t, 14, `
struct P { int x; int y[3]; };
static void swap(thread int *a, thread int *b) { int t = *a; *a = *b; *b = t; }
static void fill(thread int *p, int n, int v) { for (int i = 0; i < n; i++) p[i] = v + i; }
static int sum(thread const int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }
static void bump(thread P *p) { p->x++; p->y[1] += 10; }
static thread int *pick(thread int *a, thread int *b, bool c) { return c ? a : b; }
kernel void k(device int *o) {
	int a = 1, b = 2;
	swap(&a, &b);
	o[0] = a; o[1] = b;
	int arr[6];
	fill(arr, 6, 100);
	fill(arr + 2, 2, 7);
	o[2] = arr[1]; o[3] = arr[2]; o[4] = arr[3]; o[5] = arr[5];
	o[6] = sum(&arr[1], 3);
	P p = {5, {1, 2, 3}};
	bump(&p); bump(&p);
	o[7] = p.x; o[8] = p.y[1]; o[9] = p.y[2];
	*pick(&a, &b, a > b) = 50;
	o[10] = a; o[11] = b;
	thread int *q = &a;
	*q += 3; q = &b; *q += 4;
	o[12] = a; o[13] = b;
}`)
	require.Equal(t, []int32{2, 1, 101, 7, 8, 105, 116, 7, 22, 3, 50, 1, 53, 5}, got)
}

func TestReferences(t *testing.T) {
	got := results[int32](t, 16, `
struct S { int a; int2 v; int arr[4]; };
static void inc(thread int &x) { x++; }
static void twice(thread S &s, int i) { s.a *= 2; s.arr[i] = s.a; inc(s.a); inc(s.arr[3]); }
static thread int &at(thread S &s, int i) { return s.arr[i]; }
static thread int &choose(thread int &a, thread int &b, bool c) { if (c) return a; return b; }
static int constant_ref(const thread int &x) { return x * 2; }
static void both(device int &a, thread int &b) { a = b; b = 1; }
kernel void k(device int *o) {
	S s = {};
	s.a = 3;
	twice(s, 1);
	o[0] = s.a; o[1] = s.arr[1]; o[2] = s.arr[3];
	at(s, 2) = 40; at(s, 2) += 2;
	o[3] = s.arr[2];
	int x = 1, y = 2;
	choose(x, y, s.a > 100) = 30;
	choose(x, y, s.a < 100)++;
	o[4] = x; o[5] = y;
	o[6] = constant_ref(x + 5);
	thread int &r = s.arr[0];
	r = 8; inc(r);
	o[7] = s.arr[0];
	thread int2 &v = s.v;
	v.x = 4; v.yx += int2(1, 2);
	o[8] = s.v.x; o[9] = s.v.y;
	both(o[10], x);
	o[11] = x;
	int n = 0;
	for (int i = 0; i < 3; i++) { thread int &e = s.arr[i]; e = i; n += e; }
	o[12] = n; o[13] = s.arr[2];
	device int &d = o[14];
	d = 5; d++;
	const int c = 6;
	const thread int &cr = c;
	o[15] = cr;
}`)
	require.Equal(t, []int32{7, 6, 1, 42, 2, 30, 14, 9, 6, 1, 2, 1, 3, 2, 6, 6}, got)
}

func TestStructs(t *testing.T) {
	in := make([]int32, 24)
	for i := range in {
		in[i] = int32(i)
	}
	out := make([]int32, 16)
	runThreads(t, `
struct Inner { short a; char b; int2 v; };
struct Outer { int n; Inner in[2]; uchar tail; };
static Inner make(int a) { Inner r; r.a = short(a); r.b = char(a * 2); r.v = int2(a, -a); return r; }
static Outer wrap(Inner x) { Outer o = { 9, { x, make(x.v.x + 1) }, 200 }; return o; }
kernel void k(device Outer *p, device int *o) {
	o[0] = sizeof(Inner); o[1] = sizeof(Outer);
	o[2] = p[0].n; o[3] = p[0].in[0].v.x; o[4] = p[0].in[1].v.y; o[5] = p[1].n;
	Outer w = wrap(make(100));
	o[6] = w.in[0].a; o[7] = w.in[0].b; o[8] = w.in[1].v.y; o[9] = w.tail; o[10] = w.n;
	p[1] = w;
	w.in[0] = w.in[1];
	o[11] = w.in[0].v.x;
	int i = o[2];
	o[12] = w.in[i].v.x;
	p[0].in[i + 1] = w.in[0];
	Outer z = {};
	o[13] = z.n + z.in[1].v.x + z.tail;
	o[14] = p[1].in[1].b;
}`, 1, bytesOf(in), bytesOf(out))
	// Inner: a 0, b 2, v 8, size 16, align 8. Outer: n 0, in 8, tail 40, size 48.
	require.Equal(t, []int32{16, 48, 0, 4, 9, 12, 100, -56, -101, 200, 9, 101, 101, 0, -54}, out[:15])
	require.Equal(t, []int32{101, -101}, in[8:10])
	require.Equal(t, int32(9), in[12])
	require.Equal(t, []int32{100, -100}, in[16:18])
	require.Equal(t, []int32{101, -101}, in[20:22])
}

func TestArrays(t *testing.T) {
	got := results[int32](t, 12, `
constant int table[3][4] = { {1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10} };
constant float weights[] = { 0.5f, 1.5f, 2.5f };
struct Pair { int a; float b; };
constant Pair pairs[2] = { {1, 2.5f}, {3, 4.5f} };
static int total(const thread int (&m)[2][3]) { int s = 0; for (int i = 0; i < 2; i++) for (int j = 0; j < 3; j++) s += m[i][j]; return s; }
static int first(const constant int *p) { return p[0] + p[1]; }
kernel void k(device int *o, uint i [[thread_position_in_grid]]) {
	o[0] = table[1][2]; o[1] = table[2][int(i) + 1]; o[2] = table[2][3];
	float s = 0;
	for (int j = 0; j < 3; j++) s += weights[j];
	o[3] = int(s * 2);
	int m[2][3] = { {1, 2, 3}, {4, 5, 6} };
	m[1][0] = 40;
	o[4] = total(m);
	for (int j = 0; j < 3; j++) m[i][j] *= 10;
	o[5] = m[0][2];
	o[6] = first(table[1]); o[7] = first(&table[0][2]);
	o[8] = pairs[i + 1].a + int(pairs[1].b * 2);
	int z[100] = {};
	z[i + 99] = 3;
	int t = 0;
	for (int j = 0; j < 100; j++) t += z[j];
	o[9] = t;
	int big[2][100];
	for (int j = 0; j < 200; j++) big[j / 100][j % 100] = j;
	int copy[2][100];
	for (int j = 0; j < 2; j++) for (int n = 0; n < 100; n++) copy[j][n] = big[1 - j][n];
	o[10] = copy[0][99] + copy[1][0];
	const int lut[4] = {4, 3, 2, 1};
	o[11] = lut[i + 2];
}`)
	require.Equal(t, []int32{7, 10, 0, 9, 57, 30, 11, 7, 12, 3, 199, 2}, got)
}

func TestTailArray(t *testing.T) {
	in := []uint32{3, 10, 20, 30, 40}
	out := make([]uint32, 8)
	runThreads(t, `
struct Buf { uint count; uint data[1]; };
kernel void k(device Buf &b, device uint *o, uint i [[thread_position_in_grid]]) {
	if (i < b.count) { o[i] = b.data[i] + b.data[i + 1]; b.data[i + 1] = 0; }
}`, 8, bytesOf(in), bytesOf(out))
	require.Equal(t, []uint32{30, 50, 70, 0, 0, 0, 0, 0}, out)
	require.Equal(t, []uint32{3, 10, 0, 0, 0}, in)
}

func TestBoolBuffers(t *testing.T) {
	in := []byte{0, 1, 2, 255}
	out := make([]byte, 8)
	runThreads(t, `
kernel void k(device const bool *a, device bool *o, constant bool &flag, uint i [[thread_position_in_grid]]) {
	o[i] = a[i] && flag;
	o[i + 4] = !a[i];
}`, 4, in, out, []byte{7})
	require.Equal(t, []byte{0, 1, 1, 1, 1, 0, 0, 0}, out)
}

func TestPunning(t *testing.T) {
	in := make([]byte, 64)
	for i := range in {
		in[i] = byte(i)
	}
	out := make([]uint32, 8)
	runThreads(t, `
union U { float f; uint u; uchar b[4]; };
kernel void k(device uchar *a, device uint *o) {
	o[0] = *(device uint *)(a + 1);
	device ushort *h = reinterpret_cast<device ushort *>(a) + 3;
	o[1] = h[0];
	*(device uchar2 *)(a + 9) = uchar2(0xaa, 0xbb);
	o[2] = *(device const uint *)(a + 8);
	float f = 1.0f;
	o[3] = *(thread uint *)&f;
	U u; u.f = -2.0f;
	o[4] = u.u; o[5] = u.b[3];
	u.b[0] = 1;
	o[6] = u.u;
	ulong p = (ulong)a;
	o[7] = *(device uint *)(p + 4);
}`, 1, in, bytesOf(out))
	require.Equal(t, []uint32{0x04030201, 0x0706, 0x0bbbaa08, 0x3f800000, 0xc0000000, 0xc0, 0xc0000001, 0x07060504}, out)
}

func TestPointersInMemory(t *testing.T) {
	data := []float32{1, 2, 3, 4}
	// An argument buffer: pointers are device addresses.
	args := []uint64{addressOf(1), addressOf(1) + 8, 5}
	out := make([]float32, 4)
	runThreads(t, `
struct Args { device float *a; device const float *b; uint n; };
kernel void k(constant Args &args, device float *unused, device float *o) {
	o[0] = args.a[1]; o[1] = args.b[1]; o[2] = float(args.n);
	args.a[0] = 50;
	Args copy = args;
	o[3] = copy.b[-2];
}`, 1, bytesOf(args), bytesOf(data), bytesOf(out))
	require.Equal(t, []float32{2, 4, 5, 50}, out)
	require.Equal(t, float32(50), data[0])
}
