package msl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// features has a program for each feature of the language that compute kernels
// use, with what it must leave in out.
var features = []snippet{
	// Types.
	{"bool", ``, `bool b = tid == 0; out[0] = b; out[1] = sizeof(bool);`, []int32{1, 1}},
	{"char is signed and promotes", ``, `char c = 200; uchar u = 200; out[0] = c; out[1] = u; out[2] = char(100) + char(100);`, []int32{-56, 200, 200}},
	{"short, ushort", ``, `short s = 40000; ushort u = 65535; out[0] = s; out[1] = ushort(u + 1); out[2] = u + 1;`, []int32{-25536, 0, 65536}},
	{"long, ulong, int64_t", ``, `int64_t a = 1L << 40; uint64_t b = ~0ul; out[0] = int(a >> 38); out[1] = int(b >> 60); out[2] = sizeof(long) + sizeof(size_t) + sizeof(ptrdiff_t);`, []int32{4, 15, 24}},
	{"half and its literals", ``, `half h = 1.5h; out[0] = int(h * 2.0h); out[1] = sizeof(half); half big = 60000.0h; out[2] = isinf(big + big);`, []int32{3, 2, 1}},
	{"bfloat", ``, `bfloat b = 1.5bf; bfloat4 v = bfloat4(b); out[0] = int(b + b); out[1] = int(float(v.w) * 2); out[2] = sizeof(bfloat2); out[3] = int(bfloat(257.0f));`, []int32{3, 3, 4, 256}},
	{"floating literals are floats", ``, `out[0] = sizeof(1.0); out[1] = 16777217.0 == 16777216.0; out[2] = sizeof(1e3f) + sizeof(.5) + sizeof(1.);`, []int32{4, 1, 12}},
	{"integer literals", ``, `out[0] = 0x1F + 017 + 0b101; out[1] = int(4000000000u >> 28); out[2] = sizeof(1) + sizeof(1l) + sizeof(1ul) + sizeof(5000000000); out[3] = 1'000;`, []int32{51, 14, 28, 1000}},
	{"vectors of every element", ``, `char2 a = char2(1, 2); uchar3 b = uchar3(3); short4 c = short4(4); ushort2 d = ushort2(5, 6); int3 e = int3(7); uint4 f = uint4(8); long2 g = long2(9); ulong3 h = ulong3(10); half2 i = half2(11); float3 j = float3(12); bool2 k = bool2(true, false);
out[0] = a.y + b.z + c.w + d.x + e.x + int(f.w) + int(g.y) + int(h.z) + int(i.x) + int(j.z) + k.x;`, []int32{72}},
	{"vectors do not promote", ``, `uchar4 a = uchar4(200); uchar4 b = a + a; out[0] = b.x; short2 s = short2(30000) * short(2); out[1] = s.x;`, []int32{144, -5536}},
	{"constructors from parts", ``, `float2 a = float2(1, 2); float4 b = float4(a, 3, 4), c = float4(0, a.yx, 9), d = float4(float3(5), 6); out[0] = int(b.x * 1000 + b.y * 100 + b.z * 10 + b.w); out[1] = int(c.x * 1000 + c.y * 100 + c.z * 10 + c.w); out[2] = int(d.z * 10 + d.w); float4 e = 7; out[3] = int(e.w); float4 f = {1, 2}; out[4] = int(f.y + f.z);`, []int32{1234, 219, 56, 7, 2}},
	{"swizzles read and written", ``, `float4 v = float4(1, 2, 3, 4); v.xy = v.yx; v.wz += float2(10, 20); out[0] = int(v.x * 10 + v.y); out[1] = int(v.z); out[2] = int(v.w); float4 c = v.rgba; out[3] = int(c.r); int4 i = int4(1, 2, 3, 4); i.x++; i.zw = 7; out[4] = i.x * 100 + i.z * 10 + i.w; out[5] = i.xxx.z; v[tid + 1] = 50; out[6] = int(v.y);`, []int32{21, 23, 14, 2, 277, 2, 50}},
	{"comparisons of vectors", ``, `bool4 b = int4(1, 2, 3, 4) > 2; out[0] = b.x * 8 + b.y * 4 + b.z * 2 + b.w; out[1] = all(b) * 2 + any(b); bool2 c = !b.xy && bool2(true, false); out[2] = c.x * 2 + c.y; out[3] = select(int2(1, 2), int2(3, 4), b.yz).y;`, []int32{3, 1, 2, 4}},
	{"matrices", ``, `float2x2 m = float2x2(1, 2, 3, 4); float2 v = m * float2(1, 10); out[0] = int(v.x * 100 + v.y); float2 w = float2(1, 10) * m; out[1] = int(w.x * 100 + w.y); out[2] = int(m[1][0]); float2x2 p = m * m; out[3] = int(p[0].x * 100 + p[0].y); float3x2 q = float3x2(float2(1), float2(2), float2(3)); out[4] = int(transpose(q)[1].z); out[5] = int(determinant(m)); out[6] = int(float4x4(2)[3][3] + float4x4(2)[3][2]); half2x2 h = half2x2(m); out[7] = int(h[1][1]); m[0] = float2(9); out[8] = int(m[0].y); out[9] = int((m * 2)[1].y);`,
		[]int32{3142, 2143, 3, 710, 3, -2, 2, 4, 9, 8}},
	{"packed vectors", `struct P { packed_float3 a; float b; packed_uchar4 c; };`, `P p; p.a = float3(1, 2, 3); p.b = 4; p.c = packed_uchar4(1, 2, 3, 4); p.a.y = 20; out[0] = int(p.a.x + p.a.y + p.a.z); out[1] = sizeof(P); out[2] = p.c[2]; float3 v = p.a * 2; out[3] = int(v.y); out[4] = int(p.a.zyx.x);`, []int32{24, 20, 3, 40, 3}},
	{"vec<T, N>, matrix<T, C, R>, array<T, N>", ``, `vec<float, 3> v = vec<float, 3>(1, 2, 3); matrix<float, 2, 2> m(1); metal::array<int, 3> a = {{4, 5, 6}}; array<int, 2> b = {7, 8}; a[1] = 50; out[0] = int(v.z + m[0][0]); out[1] = a[0] + a[1] + a[2]; out[2] = b[1] + int(b.size());`, []int32{4, 60, 10}},
	{"structs and their layout", `struct A { char c; float3 v; half h; }; struct B { A a[2]; int n; };`, `out[0] = sizeof(A); out[1] = sizeof(B); B b = {}; b.a[1].v.y = 3; b.n = 4; B c = b; out[2] = int(c.a[1].v.y) + c.n + int(c.a[0].h);`, []int32{48, 112, 7}},
	{"tail array of one", `struct S { int n; int data[1]; };`, `device S &s = *(device S *)out; s.n = 1; for (int i = 0; i < 3; i++) s.data[i] = i + 10;`, []int32{1, 10, 11, 12}},
	{"unions and anonymous members", `union U { float f; uint u; uchar b[4]; }; struct S { int t; union { int i; float f; }; struct { short p, q; }; };`, `U u; u.f = 1; out[0] = int(u.u >> 20); out[1] = u.b[3]; S s; s.t = 1; s.f = 2; s.q = 5; out[2] = s.i >> 24; out[3] = s.q + s.t; out[4] = sizeof(S);`, []int32{0x3f8, 0x3f, 0x40, 6, 12}},
	{"enums and enum classes", `enum E { A, B = 5, C }; enum class F : ushort { X = 1, Y }; constant int table[C] = {1, 2, 3, 4, 5, 6};`, `E e = C; F f = F::Y; out[0] = e; out[1] = int(f) + sizeof(F); out[2] = table[B]; switch (f) { case F::X: out[3] = 1; break; case F::Y: out[3] = 2; break; }`, []int32{6, 4, 6, 2}},
	{"typedef, using, size_t", `typedef float real; using real2 = vec<real, 2>; typedef struct { int a; } anon; typedef int triple[3];`, `real2 r = real2(1, 2); anon a = {3}; triple t = {4, 5, 6}; size_t n = 7; out[0] = int(r.y) + a.a + t[2] + int(n);`, []int32{18}},
	{"arrays of arrays", `constant int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};`, `int a[2][2] = {{1, 2}, {3, 4}}; a[1][0] += grid[1][2]; out[0] = a[1][0]; int s = 0; for (int i = 0; i < 2; i++) for (int j = 0; j < 3; j++) s += grid[i][j] * (i + 1); out[1] = s; thread int (&row)[2] = a[1]; row[1] = 9; out[2] = a[1][1];`, []int32{9, 36, 9}},
	{"initialiser lists", `struct S { int a; float2 b; int c[2]; };`, `S s = {1, {2, 3}, {4, 5}}; S z = {}; S t = S{6, float2(7), 8}; int a[] = {1, 2, 3}; int d[4] = {[2] = 5}; S f = {.a = 1, .c = {9}}; out[0] = s.a + int(s.b.y) + s.c[1]; out[1] = z.c[0]; out[2] = t.a + t.c[0] + t.c[1]; out[3] = sizeof(a) / sizeof(a[0]); out[4] = d[2] + d[3]; out[5] = f.c[0];`, []int32{9, 0, 14, 3, 5, 9}},
	{"casts", ``, `float f = -1.75f; out[0] = (int)f; out[1] = int(f); out[2] = static_cast<int>(f); out[3] = as_type<int>(1.0f) >> 23; int2 v = (int2)float2(1.5f, 2.5f); out[4] = v.x * 10 + v.y; out[5] = as_type<ushort2>(0x00020001).y; out[6] = int(half2(as_type<half2>(0x3c003c00)).y); out[7] = (uchar)300; out[8] = int(1e20f) == 2147483647;`, []int32{-1, -1, -1, 127, 12, 2, 1, 44, 1}},
	{"pointer casts", ``, `device uchar *b = (device uchar *)out; b[0] = 1; b[1] = 2; *(device ushort *)(b + 4) = 0x0304; *reinterpret_cast<device float *>(b + 8) = 1.0f; const device int *c = out; device int *m = const_cast<device int *>(c); m[3] = 9;`, []int32{0x201, 0x304, 0x3f800000, 9}},
	{"alignas", `struct alignas(16) S { int a; }; struct T { char c; alignas(8) char d; }; struct __attribute__((packed)) P { char c; int i; float3 v; }; struct Q { char c; int i; } __attribute__((packed)); struct __attribute__((aligned(32))) R { int a; };`, `out[0] = sizeof(S); out[1] = alignof(S); out[2] = sizeof(T[2]); P p = {1, 2, float3(3)}; out[3] = sizeof(P); out[4] = p.i + int(p.v.z); out[5] = sizeof(Q); out[6] = sizeof(R);`, []int32{16, 16, 32, 21, 5, 5, 32}},
	{"numeric_limits", ``, `out[0] = numeric_limits<int>::max(); out[1] = numeric_limits<short>::min(); out[2] = isinf(numeric_limits<float>::infinity()); out[3] = numeric_limits<uchar>::max(); out[4] = int(numeric_limits<half>::max()); out[5] = numeric_limits<float>::lowest() < -1e38f; out[6] = numeric_limits<uint>::digits;`, []int32{2147483647, -32768, 1, 255, 65504, 1, 32}},

	// Address spaces.
	{"pointers and references of all spaces", `constant int table[3] = {10, 20, 30}; int get(constant int *p, int i) { return p[i]; } int get(thread int *p, int i) { return p[i] + 1; } int get(device int *p, int i) { return p[i] + 2; } int get(threadgroup int *p, int i) { return p[i] + 3; } void set(thread int &r, int v) { r = v; }`,
		`threadgroup int shared[2]; shared[1] = 7; int local[2] = {5, 6}; out[5] = 40; out[0] = get(table, 1); out[1] = get(local, 1); out[2] = get(out + 5, 0); out[3] = get(shared, 1); int x; set(x, 4); out[4] = x; out[5] = 0;`, []int32{20, 7, 42, 10, 4, 0}},
	{"references to arrays", `int sum(thread const int (&a)[3]) { return a[0] + a[1] + a[2]; } int first(threadgroup int (&a)[4]) { return a[0]; }`, `int a[3] = {1, 2, 3}; threadgroup int s[4]; s[0] = 5; out[0] = sum(a); out[1] = first(s);`, []int32{6, 5}},
	{"pointers to pointers", `struct Node { device int *p; };`, `device int *p = out; device int **pp = &p; (*pp)[0] = 3; Node n[2]; n[1].p = out + 1; *n[1].p = 4; device int *list[2] = {out + 2, out + 3}; *list[1] = 6; list[0][0] = 5;`, []int32{3, 4, 5, 6}},
	{"volatile", ``, `volatile int v = 1; v += 2; device volatile int *p = out; p[0] = v;`, []int32{3}},
	{"methods by address space", `struct S { int v; int get() thread const { return v; } int get() device const { return v + 100; } int get() constant const { return v + 200; } int get() threadgroup const { return v + 300; } device int &at(int i) device { return *(&v + i); } }; constant S cs = {3};`,
		`S s = {1}; threadgroup S g; g.v = 4; device S &d = *(device S *)out; d.v = 2; int x = d.get(); d.at(1) = 9; out[2] = s.get(); out[3] = cs.get(); out[4] = g.get(); out[0] = x;`, []int32{102, 9, 1, 203, 304}},

	// Control.
	{"if, for, while, do, ternary, comma", ``, `int s = 0; for (int i = 0, j = 10; i < j; i++, j--) s += j - i; int k = 0; while (true) { if (++k > 5) break; if (k & 1) continue; s += k; } do s++; while (s < 0); out[0] = s; out[1] = s > 10 ? 1 : s < 0 ? 2 : 3;`, []int32{37, 1}},
	{"if and switch with an initialiser", ``, `if (int x = 5; x > 3) out[0] = x; switch (int y = 2; y) { case 2: out[1] = y; } if (int z = int(tid)) out[2] = 1; else out[2] = z + 8;`, []int32{5, 2, 8}},
	{"switch", ``, `for (int i = 0; i < 6; i++) switch (i) { case 0: case 1: out[i] = 10; break; case 2: out[i] = 20; case 3: out[3] += 1; break; case 4 ... 5: { int n = i; out[i] = n * 2; break; } default: out[0] = -1; }`, []int32{10, 10, 20, 2, 8, 10}},
	{"a case in a nested block", ``, `for (int i = 0; i < 3; i++) switch (i) { case 0: { out[0] = 1; { case 1: out[1] += 5; break; } } case 2: out[2] = 7; }`, []int32{1, 10, 7}},
	{"range for", ``, `int a[4] = {1, 2, 3, 4}; int s = 0; for (int x : a) s += x; for (thread int &x : a) x *= 2; for (auto x : a) s += x; out[0] = s; array<int, 2> b = {5, 6}; for (auto x : b) out[1] += x;`, []int32{30, 11}},
	{"pragmas and attributes", `_Pragma("METAL internals : enable") [[clang::optnone]] int f(int x) { return x; } static inline __attribute__((always_inline)) int g(int x) { return x + 1; } METAL_FUNC int h(int x [[maybe_unused]]) { return 2; }`, "\n#pragma unroll\nfor (int i = 0; i < 2; i++) out[i] = f(i);\n#pragma clang loop unroll(full)\nfor (int i = 0; i < 1; i++) out[2] = g(4) + h(0);", []int32{0, 1, 7}},
	{"builtins", ``, `out[0] = __builtin_ctz(8) + __builtin_clz(1) + __builtin_popcount(7); __builtin_assume(tid < 10); if (__builtin_expect(tid == 0, 1)) out[1] = int(__metal_fabs(-3.0f, __METAL_FAST_MATH__));`, []int32{37, 3}},

	// Functions.
	{"overloads and default arguments", `int f(int x) { return 1; } int f(float x) { return 2; } int f(uint x) { return 3; } int f(float2 x) { return 4; } int g(int a, int b = 10); int g(int a, int b) { return a + b; }`, `out[0] = f(1) * 1000 + f(1.0f) * 100 + f(1u) * 10 + f(float2(1)); out[1] = g(1) + g(1, 2);`, []int32{1234, 14}},
	{"methods, constructors, operators", `struct V { float x, y; V() = default; V(float a) : x(a), y(a) {} V(float a, float b) : x(a), y(b) {} V operator+(V o) const { return V(x + o.x, y + o.y); } thread V &operator+=(V o) thread { x += o.x; y += o.y; return *this; } float operator[](int i) const { return i ? y : x; } bool operator==(V o) const { return x == o.x && y == o.y; } explicit operator bool() const { return x != 0; } operator float() const { return x * 10; } float len() const { return sqrt(x * x + y * y); } int twice() const { return int(len()) * 2; } }; V operator*(float s, V v) { return V(s * v.x, s * v.y); }`,
		`V a(3, 4), b = V(1), c = a + b; c += 2.0f * a; out[0] = int(c.x) * 100 + int(c[1]); out[1] = int(a.len()) + a.twice(); out[2] = a == V{3, 4}; out[3] = bool(V(0)) ? 1 : 2; float f = b; out[4] = int(f); V d; d = a; out[5] = int(d.y);`, []int32{1013, 15, 1, 2, 10, 4}},
	{"defaulted and deleted members, classes", `class C { int v; public: C() = default; C(int x) : v(x) {} C(thread const C &) = default; void bad() = delete; int get() const { return v; } private: int hidden() const { return v; } protected: int p; public: static int make() { return C(5).hidden(); } };`, `C c(4); C d = c; out[0] = c.get() + d.get() + C::make();`, []int32{13}},
	{"functors and this", `struct Add { int n; int operator()(int x) const { return this->n + x; } thread Add &plus(int k) thread { n += k; return *this; } }; template <typename F> int apply(F f, int x) { return f(x); }`, `Add a{10}; out[0] = a(5) + apply(a, 1); a.plus(1).plus(2); out[1] = a.n;`, []int32{26, 13}},
	{"nested classes and static members", `struct O { struct I { int a; }; using T = float; enum { K = 4 }; static constexpr constant int N = 3; static int twice(int x) { return 2 * x; } I i; }; `, `O::I i{1}; O::T t = 2.5f; O o{{7}}; out[0] = i.a + int(t) + O::K + O::N + O::twice(5) + o.i.a;`, []int32{27}},
	{"auto, decltype, trailing return", `auto half_of(float x) -> half { return half(x / 2); } template <typename A, typename B> auto add(A a, B b) -> decltype(a + b) { return a + b; } decltype(auto) ref(thread int &x) { return (x); } auto deduced(int x) { if (x > 0) return 1.5f; return 2.5f; }`, `auto a = 1; auto b = 2.5f; const auto c = half_of(3); decltype(b) d = 4; thread auto &r = a; r = 9; out[0] = a + int(b * 2) + int(c * 2) + int(d); out[1] = int(add(1, 2.5f) * 2); out[2] = int(deduced(1) * 2 + deduced(-1) * 2); decltype(auto) e = (a); e = 3; out[3] = a; ref(a) = 5; out[4] = a;`, []int32{21, 7, 8, 3, 5}},
	{"constexpr and static_assert", `constexpr int fact(int n) { return n < 2 ? 1 : n * fact(n - 1); } constexpr constant int N = fact(4); constexpr int fib(int n) { int a = 0, b = 1; for (int i = 0; i < n; i++) { int t = a + b; a = b; b = t; } return a; } static_assert(N == 24, "n"); static_assert(fib(10) == 55); template <typename T> struct C { T re, im; constexpr C(T a, T b) : re(a), im(b) {} constexpr C operator*(C o) const { return C(re * o.re - im * o.im, re * o.im + im * o.re); } }; static_assert((C<half>(1.0h, 2.0h) * C<half>(3.0h, 4.0h)).im == 10.0h, "complex");`, `int a[N]; a[23] = fib(12); out[0] = a[23]; constexpr int k = fact(3); out[1] = k;`, []int32{144, 6}},
	{"namespaces and using", `namespace a { int f() { return 1; } namespace b { int g() { return 2; } struct S { int v; }; } inline namespace v1 { int h() { return 3; } } } namespace c = a::b; namespace { int hidden() { return 4; } } namespace a { int more() { return 5; } } using a::f;`, `using namespace a::b; using a::more; S s{6}; out[0] = f() + g() + a::h() + c::g() + hidden() + more() + s.v + ::a::f();`, []int32{24}},
	{"atomic types", ``, `device atomic_int *p = (device atomic_int *)out; atomic_store_explicit(p, 5, memory_order_relaxed); atomic_fetch_add_explicit(p, 3, memory_order_relaxed); int e = 8; atomic_compare_exchange_weak_explicit(p, &e, 20, memory_order_relaxed, memory_order_relaxed); out[1] = e; device atomic<uint> *q = (device atomic<uint> *)(out + 2); atomic_fetch_or_explicit(q, 6u, memory_order_relaxed); out[3] = atomic_exchange_explicit(p, 1, memory_order_relaxed); device atomic_float *f = (device atomic_float *)(out + 4); atomic_fetch_add_explicit(f, 2.5f, memory_order_relaxed); out[5] = int(atomic_load_explicit(f, memory_order_relaxed) * 2); atomic_thread_fence(mem_flags::mem_device, memory_order_seq_cst, thread_scope_device);`, []int32{1, 8, 6, 20, 0x40200000, 5}},
	{"precise and fast", ``, `out[0] = int(precise::sqrt(16.0f)) + int(fast::exp2(3.0f)) + int(metal::precise::cos(0.0f)); out[1] = int(fast::clamp(5.0f, 0.0f, 2.0f));`, []int32{13, 2}},

	// Templates.
	{"function templates", `template <typename T> T sq(T x) { return x * x; } template <typename T, int N> T total(thread const T (&a)[N]) { T s = 0; for (int i = 0; i < N; i++) s += a[i]; return s; } template <int N, typename T> T times(T x) { return x * N; } template <typename T> T at(device const T *p, uint i) { return p[i]; } template <typename T = int> T zero() { return T(0); } enum M { fast_mode, slow_mode }; template <M m, bool b = true> int mode() { return m * 2 + b; }`, `int a[3] = {1, 2, 3}; out[3] = 8; out[0] = sq(3) + int(sq(1.5f) * 4) + total(a) + times<10>(2); out[1] = at(out, 3) + zero() + zero<float>(); out[2] = mode<slow_mode>() * 10 + mode<fast_mode, false>(); out[3] = 0;`, []int32{44, 8, 30, 0}},
	{"class templates and specialisations", `template <typename T, size_t N = 4> struct Arr { T e[N ? N : 1]; thread T &operator[](size_t i) thread { return e[i]; } constexpr const thread T &operator[](size_t i) const thread { return e[i]; } static constexpr constant int n = N; }; template <> struct Arr<bool, 2> { static constexpr constant int n = 77; }; template <typename T> struct P { static constexpr constant int k = 1; }; template <typename T> struct P<thread T *> { static constexpr constant int k = 2; }; template <typename T> struct P<device T *> { static constexpr constant int k = 3; }; template <typename T, int N> struct P<vec<T, N>> { static constexpr constant int k = N * 10; }; template <typename T> int kind(T) { return 1; } template <> int kind<float>(float) { return 2; }`,
		`Arr<int> a = {{1, 2, 3, 4}}; a[2] = 30; out[0] = a[2] + Arr<int, 7>::n + Arr<bool, 2>::n; out[1] = P<int>::k + P<thread int *>::k * 100 + P<device float *>::k * 1000 + P<float3>::k; out[2] = kind(1) * 10 + kind(1.0f);`, []int32{114, 3231, 12}},
	{"typename, template, alias templates", `template <typename T> struct Tr { using type = T; template <typename U> struct re { using type = vec<U, 2>; }; template <int K> int mul(int x) const { return K * x; } }; template <typename T> using two = vec<T, 2>; template <typename A> int run(A a) { typename A::type t = 3; typename A::template re<int>::type v = typename A::template re<int>::type(4, 5); return a.template mul<2>(int(t)) + v.y; }`, `two<float> f = two<float>(1, 2); out[0] = run(Tr<float>()) + int(f.y);`, []int32{13}},
	{"traits, enable_if, conditional", `template <typename T, enable_if_t<is_integral_v<T>, bool> = true> int k(T) { return 1; } template <typename T, enable_if_t<is_floating_point_v<T>, bool> = true> int k(T) { return 2; } template <typename T> typename enable_if<is_same<T, bool>::value, int>::type only(T) { return 5; } template <typename T> struct Acc { using type = conditional_t<is_same_v<T, half>, float, T>; };`, `out[0] = k(1) * 10 + k(1.0f); out[1] = only(true); out[2] = sizeof(Acc<half>::type) + sizeof(Acc<short>::type); out[3] = is_same_v<remove_cv_t<const int>, int> + is_same_v<make_unsigned_t<int>, uint> * 2 + is_convertible_v<int, float> * 4 + is_signed_v<char> * 8 + is_pointer_v<device int *> * 16 + conjunction<true_type, is_void<void>>::value * 32 + is_same_v<remove_reference_t<thread int &>, int> * 64; out[4] = integral_constant<int, 7>::value + true_type{}();`, []int32{12, 5, 6, 127, 8}},
	{"address spaces as template arguments", `struct Args { int n; }; template <typename A> int n_of(A a) { return a.n; } template <typename T> T get(device T *p) { return p[0]; } template <typename T> T get(threadgroup T *p) { return p[0] * 2; } template <typename P> int deref(P p) { return *p; } constant Args ca = {6};`, `threadgroup int s[1]; s[0] = 4; out[1] = 3; out[0] = n_of<constant Args &>(ca) + get(out + 1) + get(s) + deref(out + 1) + deref(s);  out[1] = 0;`, []int32{24, 0}},
	{"members defined outside", `template <typename T> struct S { T v; T get(int k) const thread; S(T x) thread; }; template <typename T> S<T>::S(T x) thread : v(x) {} template <typename T> T S<T>::get(int k) const thread { return v * k; } template <> float S<float>::get(int k) const thread { return v + k; } struct R { int v; int f(); }; int R::f() { return v + 1; }`, `S<int> a(3); S<float> b(4); R r{5}; out[0] = a.get(10) * 100 + int(b.get(10)) + r.f();`, []int32{3020}},
	{"functions as template arguments", `int one(int x) { return x + 1; } template <int K> int scale(int x) { return K * x; } typedef int (fn)(int); template <fn f> int call(int x) { return f(x); } template <int (*f)(int), int N> int rep(int x) { for (int i = 0; i < N; i++) x = f(x); return x; } template <int F(int)> int direct(int x) { return F(x); }`, `out[0] = call<one>(4) + call<scale<10>>(2) + rep<one, 3>(1) + rep<scale<2>, 4>(1) + direct<one>(1);`, []int32{47}},
	{"operators of the class around", `struct V { int x; V operator-() const { return V{-x}; } V operator-(V o) const { return V{x - o.x}; } int neg(int y) const { return -y - -x; } };`, `V v{4}; out[0] = (-v).x + (v - V{1}).x + v.neg(2);`, []int32{1}},
	{"inheritance", `struct B { int a; int get() const { return a; } static int s() { return 5; } }; struct D : B { int b; int both() const { return get() + b; } }; struct E : public D { E(int x) { a = x; b = 1; } }; int base(B b) { return b.a; }`, `D d; d.a = 3; d.b = 4; E e(10); out[0] = d.both() + d.get() + D::s() + e.both() + base(d);`, []int32{29}},
	{"variable templates, if constexpr", `template <typename T> constexpr constant int size_v = sizeof(T); template <> constexpr constant int size_v<bool> = 100; template <typename T> int kind(T x) { if constexpr (is_integral_v<T>) return 1; else if constexpr (size_v<T> == 2) return 2; else return x.y; } struct Y { int y; };`, `out[0] = size_v<float> + size_v<bool>; out[1] = kind(1) * 100 + kind(1.0h) * 10 + kind(Y{8});`, []int32{104, 128}},

	// The preprocessor.
	{"macros", "#define ADD(a, b) ((a) + (b))\n#define STR(x) #x\n#define CAT(a, b) a##b\n#define CALL(f, ...) f(__VA_ARGS__)\n#define MULTI(x) \\\n  out[x] = x; \\\n  out[x + 1] = x\n#if defined(ADD) && !defined(NOPE) && (__METAL_VERSION__ >= 300 || 0) && 1 ? 1 : 0\n#define OK 1\n#elif 1\n#error no\n#else\n#error no\n#endif\n#ifndef OK\n#error no\n#endif\n#undef ADD\n#define ADD(a, b) ((a) * (b))\n#if __has_builtin(__builtin_ctz) || __has_include(<metal_stdlib>)\n#define HAS 1\n#endif\nconstant char text[] = STR(a b) \"c\";\nint CAT(fu, nc)(int x, int y) { return x * 10 + y; }", `MULTI(1); out[0] = ADD(3, 4) + OK + HAS; out[3] = CALL(func, 1, 2); out[4] = sizeof(text) + text[3];`, []int32{14, 1, 1, 12, 104}},
	{"predefined macros", ``, `out[0] = __METAL__; out[1] = __METAL_VERSION__ >= 310; out[2] = __cplusplus >= 201402; out[3] = M_PI_F > 3.14f && INFINITY > FLT_MAX && isnan(NAN) && MAXHALF == HALF_MAX; out[4] = __LINE__ > 0 && INT_MAX == 2147483647;`, []int32{1, 1, 1, 1, 1}},

	// What the library's own implementation and its extensions are asked for.
	{"uniform and os_log", `constexpr constant os_log logger("sub", "cat");`, `uniform<int> u = make_uniform(5); constexpr auto n = make_uniform(3); os_log_default.log("x %d", u); logger.log_debug("y"); out[0] = u + n;`, []int32{8}},
	{"recursion in tail position", `struct L { int n; void next(int k) thread { n += k; if (k > 1) { next(k - 1); } } };`, `L l{0}; l.next(4); out[0] = l.n;`, []int32{10}},
	{"the right side of an assignment first", ``, `int i = 0; int v[3] = {0, 0, 0}; v[i] = ++i; out[0] = v[0] * 10 + v[1];`, []int32{1}},
	{"user code in namespace metal", `namespace metal { template <typename T> struct pointer_element {}; template <typename T> struct pointer_element<device T *> { using type = remove_cv_t<T>; }; METAL_FUNC bfloat twice(bfloat x) { return x + x; } namespace precise { METAL_FUNC int mine() { return 3; } } } template <> struct metal::_numeric_limits_impl<int2> { static constexpr int max() { return 99; } };`, `metal::pointer_element<device int *>::type x = 4; out[0] = x + int(metal::twice(2.0bf)) + precise::mine(); out[1] = is_same_v<uint32_t, uint>;`, []int32{11, 1}},
}

func TestFeatures(t *testing.T) {
	for _, s := range features {
		t.Run(s.name, s.run)
	}
}

// TestEntryPoints names and instantiates kernels in each form there is.
func TestEntryPoints(t *testing.T) {
	lib := compile(t, `
[[kernel]] void a(device int *o) { o[0] = 1; }
kernel void b(device int *o [[buffer(3)]], constant int &n, device int *p, uint i [[thread_position_in_grid]], threadgroup int *s [[threadgroup(1)]], threadgroup int &t) {}
[[host_name("renamed")]] [[max_total_threads_per_threadgroup(64)]] kernel void c(device int *o) {}
template <typename T, int N = 9> kernel void d(device T *o [[buffer(0)]], uint2 g [[thread_position_in_grid]]) { o[0] = N; }
template [[host_name("d_float")]] kernel void d<float, 1>(device float *o [[buffer(0)]], uint2 g [[thread_position_in_grid]]);
typedef decltype(d<int, 1>) d_t;
template [[host_name("d_int")]] kernel d_t d<int, 2>;
template [[host_name("d_half")]] kernel decltype(d<half, 3>) d<half, 3>;
template [[host_name("d_short")]] kernel void d<short>(device short *, uint2);
`)
	var names []string
	for _, k := range lib.Kernels {
		names = append(names, k.Name)
	}
	require.Equal(t, []string{"a", "b", "renamed", "d_float", "d_int", "d_half", "d_short"}, names)
	require.Equal(t, 64, lib.Kernel("renamed").MaxThreads)
	var at []int
	for _, a := range lib.Kernel("b").Args {
		at = append(at, a.Index)
	}
	require.Equal(t, []int{3, 0, 1, 1, 0}, at)
	out := make([]int32, 1)
	require.Nil(t, launch{lib: lib, kernel: "d_int", grid: d1(1), group: d1(1), buffers: map[int][]byte{0: bytesOf(out)}}.run(t))
	require.Equal(t, int32(2), out[0])
}

// TestAbsentArguments has arguments that function constants leave out.
func TestAbsentArguments(t *testing.T) {
	lib := compile(t, `
constant bool has [[function_constant(0)]];
constant int n [[function_constant(1)]];
constant bool given = is_function_constant_defined(n);
constant int size = given ? n * 2 : 5;
kernel void k(device int *o [[buffer(0)]], device int *p [[buffer(1), function_constant(has)]]) {
  o[0] = p == nullptr; o[1] = p ? p[0] : -1; o[2] = size; o[3] = has;
}`)
	for _, has := range []bool{false, true} {
		out, in := make([]int32, 4), []int32{42}
		consts := Constants{ByIndex: map[int]Value{0: {Type: lib.Kernel("k").Constants[0].Type, Data: []byte{0}}}}
		want := []int32{1, -1, 5, 0}
		buffers := map[int][]byte{0: bytesOf(out)}
		if has {
			consts.ByIndex[0].Data[0] = 1
			buffers[1] = bytesOf(in)
			want = []int32{0, 42, 5, 1}
		}
		require.Nil(t, launch{lib: lib, kernel: "k", consts: consts, grid: d1(1), group: d1(1), buffers: buffers}.run(t))
		require.Equal(t, want, out)
	}
}
