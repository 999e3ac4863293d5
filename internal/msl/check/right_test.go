package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
)

// scope has the variables that the expressions below use.
const scopeSrc = `
using namespace metal;
struct S { int x; float4 v; float a[3]; };
struct P { S s; device float *p; };
enum E { e0, e1 = 5 };
enum class C : uchar { c0, c1 };
constant float table[3] = { 1, 2, 3 };
constexpr constant int N = 4;
constant int fc [[function_constant(0)]];
constant bool fb [[function_constant(1)]];
float over(int x) { return x; }
half over(half x) { return x; }
int4 over(int4 x) { return x; }
kernel void k(device float *buf, device const int *ints, constant S &cs, threadgroup float *tg, uint id [[thread_position_in_grid]]) {
bool b = true; char c = 1; uchar uc = 1; short s = 1; ushort us = 1; int i = 1; uint u = 1; long l = 1; ulong ul = 1;
half h = 1; bfloat bf = 1; float f = 1;
bool2 b2; char2 c2; uchar4 uc4; short2 s2; int2 i2; int4 i4; uint4 u4; half2 h2; half4 h4; float2 f2; float3 f3; float4 f4;
packed_float3 pf3; packed_half2 ph2; float2x2 m2; float4x4 m4; float3x2 m32; half4x4 hm4;
S st; P pt; E e = e0; C ce = C::c0; float arr[3]; float arr2[2][3]; thread float *tp = arr; device float *dp = buf;
`

// typed expressions: what auto deduces, and, if not "", the tree.
var exprs = []struct{ src, typ, tree string }{
	// Literals.
	{"1", "int", "int(1)"},
	{"1u", "uint", "uint(1)"},
	{"1l", "long", ""},
	{"1ul", "ulong", ""},
	{"2147483648", "long", ""},
	{"0x80000000", "uint", ""},
	{"0xffffffffff", "long", ""},
	{"0xffffffffffffffff", "ulong", ""},
	{"1.0", "float", "float(0x3f800000)"},
	{"1e-3", "float", "float(0x3a83126f)"},
	{"1.0f", "float", ""},
	{"1.0h", "half", "half(0x3c00)"},
	{"1.0bf", "bfloat", "bfloat(0x3f80)"},
	{"0x1p-3f", "float", "float(0x3e000000)"},
	{"true", "bool", "bool(1)"},
	{"'a'", "char", "char(97)"},
	{"65504.0h", "half", "half(0x7bff)"},
	{"INFINITY", "float", "float(0x7f800000)"},
	{"M_PI_F", "float", "float(0x40490fdb)"},
	{"M_PI_H", "half", "half(0x4248)"},
	{"INT_MIN", "int", "int(-2147483648)"},
	{"MAXHALF", "half", "half(0x7bff)"},
	{"numeric_limits<float>::infinity()", "float", "float(0x7f800000)"},
	{"numeric_limits<int>::min()", "int", "int(-2147483648)"},
	{"numeric_limits<uchar>::max()", "uchar", "uchar(255)"},
	{"metal::numeric_limits<half>::lowest()", "half", "half(0xfbff)"},

	// Promotions and usual conversions.
	{"c + c", "int", "(+:int (convert:int c) (convert:int c))"},
	{"us + us", "int", ""},
	{"b + b", "int", ""},
	{"i + u", "uint", "(+:uint (convert:uint i) u)"},
	{"i + l", "long", ""},
	{"u + l", "long", ""},
	{"l + ul", "ulong", ""},
	{"h + h", "half", "(+:half h h)"},
	{"h + i", "half", "(+:half h (convert:half i))"},
	{"h * 2", "half", "(*:half h half(0x4000))"},
	{"h + f", "float", "(+:float (convert:float h) f)"},
	{"f + i", "float", ""},
	{"h + 1.0", "float", ""},
	{"bf + bf", "bfloat", ""},
	{"bf + f", "float", ""},
	{"bf + i", "bfloat", ""},
	{"-c", "int", ""},
	{"~us", "int", ""},
	{"+h", "half", ""},
	{"!i", "bool", "(!:bool (convert:bool i))"},
	{"i == u", "bool", "(==:bool (convert:uint i) u)"},
	{"c << 3", "int", "(<<:int (convert:int c) int(3))"},
	{"l >> i", "long", "(>>:long l i)"},
	{"i << l", "int", ""},
	{"e + 1", "int", "(+:int (convert:int e) int(1))"},
	{"e1", "E", "E(5)"},
	{"b ? i : f", "float", "(?:float b (convert:float i) f)"},
	{"b ? c : c", "char", ""},
	{"i && f", "bool", "(&& (convert:bool i) (convert:bool f))"},

	// Vectors.
	{"i4 + i4", "int4", ""},
	{"c2 + c2", "char2", "(+:char2 c2 c2)"},
	{"uc4 * uc4", "uchar4", ""},
	{"f4 * f", "float4", "(*:float4 f4 (splat:float4 f))"},
	{"2 * f4", "float4", "(*:float4 float4(0x40000000 0x40000000 0x40000000 0x40000000) f4)"},
	{"h4 * 0.5", "half4", ""},
	{"h4 * f", "half4", "(*:half4 h4 (splat:half4 (convert:half f)))"},
	{"i4 + u", "int4", ""},
	{"-f3", "float3", ""},
	{"f4 < f4", "bool4", "(<:bool4 f4 f4)"},
	{"i4 == 3", "bool4", ""},
	{"b2 && b2", "bool2", "(&&:bool2 b2 b2)"},
	{"!b2", "bool2", ""},
	{"s2 << 1", "short2", "(<<:short2 s2 int2(1 1))"},
	{"pf3 + pf3", "float3", "(+:float3 (convert:float3 pf3) (convert:float3 pf3))"},
	{"pf3 * f", "float3", ""},
	{"f4.xyz", "float3", "(.xyz f4)"},
	{"f4.bgr", "float3", "(.zyx f4)"},
	{"f4.x", "float", "(.x f4)"},
	{"f4.xx", "float2", ""},
	{"f4[i]", "float", "(index f4 i)"},
	{"pf3.xy", "float2", ""},
	{"float4(f2, 1, 2)", "float4", "(construct:float4 f2 float(0x3f800000) float(0x40000000))"},
	{"float4(f3, i)", "float4", "(construct:float4 f3 (convert:float i))"},
	{"float4(1)", "float4", "float4(0x3f800000 0x3f800000 0x3f800000 0x3f800000)"},
	{"float4(i4)", "float4", "(convert:float4 i4)"},
	{"(half4)f4", "half4", "(convert:half4 f4)"},
	{"static_cast<int4>(f4)", "int4", "(convert:int4 f4)"},
	{"float3(pf3)", "float3", "(convert:float3 pf3)"},
	{"vec<float, 3>(1, 2, 3)", "float3", ""},
	{"float2{ 1, 2 }", "float2", "float2(0x3f800000 0x40000000)"},
	{"metal::float4(1).xy", "float2", ""},

	// Matrices.
	{"m4 * m4", "float4x4", "(mat*mat:float4x4 m4 m4)"},
	{"m4 * f4", "float4", "(mat*vec:float4 m4 f4)"},
	{"f4 * m4", "float4", "(vec*mat:float4 f4 m4)"},
	{"m32 * f3", "float2", ""},
	{"f2 * m32", "float3", ""},
	{"m2 * f", "float2x2", "(mat*scalar:float2x2 m2 f)"},
	{"2 * m2", "float2x2", "(mat*scalar:float2x2 m2 float(0x40000000))"},
	{"m4[1]", "float4", "(index m4 int(1))"},
	{"m4[1][2]", "float", ""},
	{"m4[1].xy", "float2", ""},
	{"float2x2(1)", "float2x2", "float2x2(0x3f800000 0x0 0x0 0x3f800000)"},
	{"float2x2(f2, f2)", "float2x2", "(construct:float2x2 f2 f2)"},
	{"float4x4(hm4)", "float4x4", "(convert:float4x4 hm4)"},
	{"transpose(m32)", "float2x3", ""},
	{"determinant(m4)", "float", ""},

	// Pointers, arrays, members.
	{"buf[id]", "float", "(* (ptr+ buf (convert:long id)))"},
	{"*buf", "float", "(* buf)"},
	{"&buf[1]", "device float *", ""},
	{"buf + 1", "device float *", "(ptr+ buf long(1))"},
	{"dp - buf", "long", "(ptrdiff dp buf)"},
	{"arr[1]", "float", "(index arr int(1))"},
	{"arr", "float *", "(decay arr)"},
	{"arr2[1][2]", "float", "(index (index arr2 int(1)) int(2))"},
	{"arr2[1]", "float *", ""},
	{"cs.a[1]", "float", ""},
	{"&cs", "const constant S *", "(& cs)"},
	{"st.v.x", "float", "(.x (.v st))"},
	{"pt.s.x", "int", "(.x (.s pt))"},
	{"pt.p[2]", "float", ""},
	{"(&st)->x", "int", ""},
	{"table[1]", "float", ""},
	{"(device int *)buf", "device int *", "(ptrcast:device int * buf)"},
	{"*(device float4 *)(buf + 1)", "float4", ""},
	{"reinterpret_cast<device atomic_uint *>(buf)", "device atomic_uint *", ""},
	{"(ulong)buf", "ulong", "(ptrcast:ulong buf)"},
	{"buf == nullptr", "bool", ""},
	{"dp == buf", "bool", "(==:bool dp buf)"},
	{"tg[1]", "float", ""},
	{"sizeof(S)", "ulong", "ulong(48)"},
	{"sizeof(float3)", "ulong", "ulong(16)"},
	{"sizeof(packed_float3)", "ulong", "ulong(12)"},
	{"alignof(float2)", "ulong", "ulong(8)"},
	{"sizeof arr", "ulong", "ulong(12)"},

	// Bits.
	{"as_type<uint>(f)", "uint", "(as_type:uint f)"},
	{"as_type<uint>(1.0f)", "uint", "uint(1065353216)"},
	{"as_type<half2>(u)", "half2", ""},
	{"as_type<uint2>(h4)", "uint2", ""},
	{"as_type<float2>(ulong(0x3f80000040000000))", "float2", "float2(0x40000000 0x3f800000)"},
	{"as_type<ushort2>(0x12345678)", "ushort2", "ushort2(22136 4660)"},

	// Assignments.
	{"i = f", "int", "(= i (convert:int f))"},
	{"f4.xy = f2", "float2", "(= (.xy f4) f2)"},
	{"f4 = 1", "float4", ""},
	{"c += i", "char", "(+=:int c i)"},
	{"f4 *= f", "float4", "(*=:float4 f4 (splat:float4 f))"},
	{"f4.x += 1", "float", "(+=:float (.x f4) float(0x3f800000))"},
	{"dp += 2", "device float *", "(+=:device float * dp long(2))"},
	{"i <<= 2", "int", "(<<=:int i int(2))"},
	{"pf3 += f3", "packed_float3", "(+=:float3 pf3 f3)"},
	{"i++", "int", "(post++ i)"},
	{"--f", "float", "(-- f)"},
	{"m4 *= m4", "float4x4", ""},
	{"(i, f)", "float", "(, i f)"},
	{"pf3 = f3", "packed_float3", "(= pf3 (convert:packed_float3 f3))"},

	// Calls.
	{"over(1)", "float", "(call over:float int(1))"},
	{"over(h)", "half", ""},
	{"over(i4)", "int4", ""},
	{"over(c)", "float", ""},
	{"sin(f)", "float", "(sin:float f)"},
	{"sin(h2)", "half2", ""},
	{"precise::sin(f)", "float", "(precise::sin:float f)"},
	{"fast::exp(f4)", "float4", ""},
	{"metal::precise::tanh(f)", "float", ""},
	{"max(f4, 0.0)", "float4", ""},
	{"clamp(f4, 0.0, 1.0)", "float4", ""},
	{"mix(f3, f3, 0.5)", "float3", ""},
	{"pow(f, 2)", "float", ""},
	{"max(i, 3)", "int", ""},
	{"min(u, 3u)", "uint", ""},
	{"abs(c)", "char", ""},
	{"dot(f3, f3)", "float", ""},
	{"dot(pf3, f3)", "float", "(dot:float (convert:float3 pf3) f3)"},
	{"length(f2)", "float", ""},
	{"cross(f3, f3)", "float3", ""},
	{"normalize(h4)", "half4", ""},
	{"select(f4, f4, b)", "float4", ""},
	{"select(i, 2, f > 1)", "int", ""},
	{"all(f4 == f4)", "bool", ""},
	{"any(b2)", "bool", ""},
	{"isnan(f4)", "bool4", ""},
	{"frexp(f, i)", "float", "(frexp:float f i)"},
	{"sincos(f4, f4)", "float4", ""},
	{"ldexp(f2, i2)", "float2", ""},
	{"popcount(us)", "ushort", ""},
	{"clz(u4)", "uint4", ""},
	{"absdiff(i2, i2)", "uint2", ""},
	{"extract_bits(i, 3, 4)", "int", ""},
	{"mulhi(ul, ul)", "ulong", ""},
	{"pack_float_to_unorm4x8(f4)", "uint", ""},
	{"unpack_snorm2x16_to_half(u)", "half2", ""},
	{"simd_sum(f)", "float", ""},
	{"simd_shuffle_down(u, 3)", "uint", "(simd_shuffle_down:uint u ushort(3))"},
	{"(ulong)simd_ballot(b)", "ulong", ""},
	{"simd_all(b)", "bool", ""},
	{"atomic_fetch_add_explicit((device atomic_int *)buf, 1, memory_order_relaxed)", "int", ""},
	{"atomic_load_explicit((device atomic_uint *)buf, memory_order_relaxed)", "uint", ""},
	{"is_function_constant_defined(fc)", "bool", "(is_function_constant_defined:bool fc)"},
	{"is_function_constant_defined(fc) ? fc : 3", "int", ""},

	// Constants.
	{"N", "int", "int(4)"},
	{"N * 2 + 1", "int", "int(9)"},
	{"7 / 2", "int", "int(3)"},
	{"-7 / 2", "int", "int(-3)"},
	{"-7 % 3", "int", "int(-1)"},
	{"1 ? 2 : 3", "int", "int(2)"},
	{"0x7fffffff + 1", "int", "int(-2147483648)"},
	{"1.0h / 3", "half", "half(0x3555)"},
	{"1.0f / 3", "float", "float(0x3eaaaaab)"},
	{"(uchar)300", "uchar", "uchar(44)"},
	{"int(2.9f)", "int", "int(2)"},
	{"int(-2.9f)", "int", "int(-2)"},
	{"uint(-1)", "uint", "uint(4294967295)"},
	{"half(65520.0f)", "half", "half(0x7c00)"},
	{"-1 >> 1", "int", "int(-1)"},
	{"1u << 33", "uint", "uint(2)"},
	{"(uint)C::c1", "uint", "uint(1)"},
	{"C::c1 == C::c1", "bool", "bool(1)"},
	{"fc + 1", "int", "(+:int fc int(1))"},
	{"fc == 2 && fb", "bool", ""},
}

func TestExpressions(t *testing.T) {
	for _, tt := range exprs {
		src := scopeSrc + "auto result = " + tt.src + ";\n}\n"
		fset, mod, list := compile(src)
		if list.HasErrors() {
			t.Errorf("%s: %s", tt.src, list.Render(fset))
			continue
		}
		require.Empty(t, verify(mod), tt.src)
		d := lastDecl(mod.Kernels[0])
		if got := d.Var.Type.String(); got != tt.typ {
			t.Errorf("%s has type %s, want %s", tt.src, got, tt.typ)
		}
		if got := sem.DumpExpr(d.Init); tt.tree != "" && got != tt.tree {
			t.Errorf("%s is %s, want %s", tt.src, got, tt.tree)
		}
	}
}

func lastDecl(f *sem.Func) *sem.Decl {
	list := f.Body.List
	return list[len(list)-1].(*sem.Decl)
}

// right lists whole programs that must check, without warnings.
var right = []string{
	`kernel void k(device float *a) { float4 v = { 1, 2, 3, 4 }; a[0] = v.x; }`,
	`kernel void k(device float *a) { float4 v = 0, w = {}; w.xyz = v.zyx; a[0] = w.x; }`,
	`struct S { int x; float y[2]; struct { half h; } in; };
	 kernel void k(device float *a) { S s = { 1, { 2, 3 }, { 4.0h } }, t = { 1, 2, 3, 4.0h }, u = {}, v{}; a[0] = s.x + t.x + u.y[1] + v.in.h; }`,
	`kernel void k(device float *a) { int m[2][2] = { 1, 2, 3, 4 }, n[][2] = { { 1, 2 }, { 3 } }; a[0] = m[1][1] + n[1][1]; }`,
	`kernel void k(device float *a) { if (int x = int(a[0])) a[1] = x; else a[2] = 1; }`,
	`kernel void k(device float *a) { if (int x = 1; x < 3) a[1] = x; }`,
	`kernel void k(device float *a) { switch (int(a[0])) { case 1: case 2: a[1] = 1; break; case -3: { a[2] = 2; } default: a[3] = 3; } }`,
	`kernel void k(device float *a) { int i = 0; do { if (i == 3) continue; a[i] = i; } while (++i < 10); }`,
	`kernel void k(device float *a) { for (int i = 0, j = 1; i < j; i++, j--) a[i] = j; for (;;) break; while (a[0] > 1) a[0]--; }`,
	`float f(float x = 2) { return x; } kernel void k(device float *a) { a[0] = f() + f(1); }`,
	`namespace n { float f(float x) { return x; } namespace m { constant int c = 3; } } using n::f; namespace nm = n::m;
	 kernel void k(device float *a) { a[0] = f(1) + n::f(2) + nm::c; }`,
	`struct S { float x; S(float v) : x(v) {} float get() const { return x; } void set(float v) { x = v; this->x += 1; } };
	 kernel void k(device float *a) { S s(1); s.set(2); const S t = S(3); a[0] = s.get() + t.get(); }`,
	`struct S { float x; }; S operator+(S a, S b) { return S{ a.x + b.x }; } bool operator==(thread const S &a, thread const S &b) { return a.x == b.x; }
	 kernel void k(device float *a) { S s{ 1 }, t{ 2 }; a[0] = (s + t).x + (s == t); }`,
	`template <typename T> T twice(T x) { return x + x; } template <> int twice<int>(int x) { return 3; }
	 kernel void k(device float *a) { a[0] = twice(1.0f) + twice<half>(2) + twice(1); }`,
	`template <typename T, int N> struct A { T d[N]; thread T &operator[](int i) { return d[i]; } device T &operator[](int i) device { return d[i]; } static constexpr constant int size = N; };
	 kernel void k(device A<float, 4> &a) { A<float, 4> b; b[0] = 1; a[1] = b[0] + A<int, 3>::size; }`,
	`template <typename T> void fill(device T *p, T v, uint i) { p[i] = v; }
	 template <typename T> kernel void k(device T *a [[buffer(0)]], uint i [[thread_position_in_grid]]) { fill(a, T(1), i); }
	 template [[host_name("k_float")]] kernel void k<float>(device float *, uint);
	 template [[host_name("k_half")]] kernel void k(device half *, uint);
	 template [[host_name("k_int")]] [[kernel]] decltype(k<int>) k<int>;`,
	`constexpr int sq(int x) { return x * x; } constexpr int fact(int n) { int r = 1; for (int i = 2; i <= n; i++) r *= i; return r; }
	 constant int t[sq(3)] = { fact(5) }; static_assert(fact(5) == 120, ""); static_assert(sq(4) == 16 && sizeof(t) == 36, "");
	 kernel void k(device float *a) { a[0] = t[0]; }`,
	`enum class Op : uint { add, sub = 7 }; enum { A, B = 3, D };
	 kernel void k(device float *a, constant Op &op) { switch (op) { case Op::add: a[0] = D; break; case Op::sub: break; } }`,
	`constant int n_tmp [[function_constant(0)]]; constant int n = is_function_constant_defined(n_tmp) ? n_tmp : 4; constant bool on [[function_constant(1)]];
	 kernel void k(device float *a [[buffer(0)]], device float *b [[buffer(1), function_constant(on)]]) { a[0] = n; if (on) b[0] = 1; }`,
	`kernel void k(threadgroup uint &x, threadgroup float (&t)[4], device uint (&y)[8], constant packed_float3 *p) { x = 1; t[0] = p->x; y[1] = 2; }`,
	`typedef struct { float x; } S; using T = S; kernel void k(device T *s, device S &u) { s->x = u.x; }`,
	`kernel void k(device atomic_uint *c, threadgroup atomic_int *t, device uint *p) {
	 atomic_fetch_add_explicit(c, 1, memory_order_relaxed); atomic_store_explicit(t, 0, memory_order_relaxed);
	 uint e = 1; bool ok = atomic_compare_exchange_weak_explicit(c, &e, 2, memory_order_relaxed, memory_order_relaxed);
	 atomic_exchange_explicit((volatile device atomic_uint *)p, ok, memory_order_relaxed); }`,
	`kernel void k(device float *a) { threadgroup_barrier(mem_flags::mem_device | mem_flags::mem_threadgroup); simdgroup_barrier(mem_flags::mem_none); a[0] = 1; }`,
	`void f(thread float4 &v, const thread float &x) { v.x = x; } kernel void k(device float *a) { float4 v = 0; f(v, 1); f(v, v.y); a[0] = v.x; }`,
	`#pragma clang diagnostic ignored "-Wunused-variable"
	 kernel void k() { int x; }`,
	`kernel void k(device float *a) { constexpr int n = 3; float t[n] = {}; a[0] = t[n - 1]; const int m = 2; float u[m] = { 1 }; a[1] = u[0]; }`,
	`union U { float f; uint u; }; kernel void k(device uint *a) { U x; x.f = 1; a[0] = x.u; U y = { 2.0f }; a[1] = y.u; }`,
	`struct V { union { struct { float x, y; }; float d[2]; }; }; kernel void k(device float *a) { V v; v.x = 1; v.d[1] = 2; a[0] = v.x + v.y; }`,
	`kernel void k(device float *a) { auto p = a; auto x = *p; auto &r = a[1]; const auto y = x; r = y; }`,
	`struct B { int x; int f() { return x; } }; struct D : B { int y; }; kernel void k(device int *a) { D d; d.x = 1; d.y = 2; a[0] = d.f() + d.y; }`,
	`template <typename T> struct is_f { static constexpr constant bool value = false; }; template <> struct is_f<float> { static constexpr constant bool value = true; };
	 template <typename T, typename = enable_if_t<is_integral_v<T>>> int kind(T) { return 1; } template <typename T, enable_if_t<is_floating_point_v<T>, bool> = true> int kind(T) { return 2; }
	 static_assert(is_f<float>::value && !is_f<int>::value, ""); kernel void k(device int *a) { a[0] = kind(1) + kind(1.0f); if constexpr (is_same_v<float, half>) a[1] = undeclared; }`,
	`kernel void k(device float *a) { float x[4]; for (thread float &v : x) v = 1; float s = 0; for (float v : x) s += v; a[0] = s; }`,
	`struct F { float operator()(float x) const { return x; } operator int() const { return 3; } }; kernel void k(device float *a) { F f; a[0] = f(2) + f; }`,
	`kernel void k(device float *a) { array<float, 3> x = { 1, 2, 3 }; x[1] = 4; a[0] = x[1] + x.size(); }`,
	`[[kernel]] void k(device float *a, ushort3 t [[thread_position_in_threadgroup]]) { a[t.x] = t.y; }`,
	`[[max_total_threads_per_threadgroup(128)]] kernel void k(device float *a [[buffer(3)]]) { a[0] = 1; }`,
	`float dot(float a, float b) { return a * b; } kernel void k(device float *a) { a[0] = dot(1.0f, 2.0f) + dot(float3(1), float3(2)); }`,
	`kernel void k(device half *a, device bfloat *b) { a[0] = half(b[0]); b[0] = bfloat(a[0]); float f = a[0]; f += b[0]; a[1] = f; }`,
	`kernel void k(device float *a) { float t[6] = { [1] = 2, 3, [4 ... 5] = 7 }; a[0] = t[5]; struct S { int x, y; } s = { .y = 2 }; a[1] = s.y; }`,
	`struct R { device float &r; R(device float &x) : r(x) {} }; struct Q { int a = 1; int b = a + 2; int c; }; kernel void k(device float *p) { R r(p[1]); r.r = 2; Q q = { 5 }, s{}; p[0] = q.b + s.b; }`,
	`struct S { device float *p [[id(0)]]; constant int &n [[id(1)]]; }; kernel void k(constant S &s [[buffer(0)]]) { s.p[s.n] = 1; }`,
}

func TestRight(t *testing.T) {
	for _, src := range right {
		fset, mod, list := compile("#include <metal_stdlib>\nusing namespace metal;\n" + src)
		if len(list) > 0 {
			t.Errorf("%s\n%s", src, list.Render(fset))
			continue
		}
		if f := verify(mod); len(f) > 0 {
			t.Errorf("%s\n%s", src, strings.Join(f, "\n"))
		}
		if len(mod.Kernels) == 0 {
			t.Errorf("%s: no kernel", src)
		}
	}
}

func TestDump(t *testing.T) {
	_, mod, list := compile(`
using namespace metal;
constant float w[2] = { 1, 2 };
float f(thread float &x) { x += 1; return x; }
kernel void k(device float *a [[buffer(2)]], constant uint &n, uint i [[thread_position_in_grid]]) {
	threadgroup float t[4];
	if (i >= n) return;
	float x = a[i];
	for (int j = 0; j < 2; j++) x += w[j];
	t[i] = f(x);
}
`)
	require.Empty(t, list)
	const want = `constant float[2] w = (aggregate:float[2] float(0x3f800000) float(0x40000000))
kernel "k" func k(device float * a buffer(2), const constant uint & n buffer(0), uint i thread_position_in_grid) void {
	var threadgroup float[4] t
	if (>=:bool i n)
		return
	var float x = (* (ptr+ a (convert:long i)))
	{
		var int j = int(0)
		for while (<:bool j int(2)) step (post++ j)
			(+=:float x (index w j))
	}
	(= (index t i) (call f:float x))
}
func f(float & x) float {
	(+=:float x float(0x3f800000))
	return x
}
`
	require.Equal(t, want, sem.Dump(mod))
}
