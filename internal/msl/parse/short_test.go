package parse

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

const prelude = "#include <metal_stdlib>\nusing namespace metal;\n"

var valids = []string{
	// Declarations.
	`;`,
	`int x;`,
	`unsigned long long int x; long unsigned y; short int z; signed char c; unsigned u;`,
	`constant float a = 1, b[2] = {1, 2}, c[] = {1}, d[2][3] = {{1,2,3},{4,5,6}};`,
	`constexpr constant static float a = 1; static constexpr constant uint b{2}; constant constexpr uint c(3);`,
	`device float *device *p; const device float *const q = nullptr; float const device &r = *q;`,
	`void (*f)(int, float); int (*g(int))(float); int (&h)[3] = x; int (&&i)[3] = x; int *(*(*j)[3])(int);`,
	`typedef float T, *P, A[3], (*F)(int); T t; P p; A a; F f;`,
	`using T = float; using A = T[3]; using F = void(int, T); using P = void (*)(T); using X [[maybe_unused]] = int;`,
	`namespace a { namespace b { struct S {}; } } a::b::S s; namespace c = a::b; c::S t; ::a::b::S u;`,
	`namespace a::b::c { typedef int T; } a::b::c::T x; inline namespace v1 { struct V {}; } V v; namespace { struct W {}; } W w;`,
	`namespace metal { struct mine {}; namespace fast { inline float f(float x) { return x; } } } mine m; float g() { return metal::fast::f(1); }`,
	`using metal::uint; using metal::float4, metal::half; float4 f(uint x, half y);`,
	`static_assert(sizeof(int) == 4, "int"); static_assert(true);`,
	`extern "C" { void f(); } extern "C" void g(); extern constant float x;`,
	`[[maybe_unused]] static int x; int y [[maybe_unused]] = 1; alignas(16) int z; __attribute__((aligned(8))) int w;`,
	`#pragma METAL fp math_mode(safe)
int x;`,
	// Functions.
	`void f(); void f(void); void f(int); void f(int x, float = 1, ...); int f(int x[], int y[4], int (*z)(int));`,
	`kernel void k(device float *x [[buffer(0)]], constant uint &n [[ buffer(1) ]], uint i [[thread_position_in_grid]]) {}`,
	`[[kernel]] void k(device float *x, texture2d<float, access::write> t [[texture(0)]], sampler s) {}`,
	`[[host_name("x")]] [[max_total_threads_per_threadgroup(64)]] kernel void k(threadgroup float *t [[threadgroup(0)]]) {}`,
	`kernel void k(threadgroup float (&t)[32], device float (&u)[4][4], constant float (*v)[4]) {}`,
	`kernel void k(device float *x [[buffer(5), function_constant(flag)]]) {}`,
	`constant bool flag [[function_constant(0)]]; constant uint n = is_function_constant_defined(flag) ? 1 : 2;`,
	`vertex float4 v(uint i [[vertex_id]]) { return float4(i); } fragment half4 f(float4 p [[position]]) { return half4(p); }`,
	`static inline __attribute__((always_inline)) float f(float x) { return x; } [[clang::optnone]] void g() {}`,
	`auto f(int x) -> float { return x; } auto g() -> decltype(f(1));`,
	`constexpr int f(int n) { return n <= 1 ? 1 : n * f(n - 1); }`,
	`device int &f(device int *p, volatile device atomic_uint *a, coherent device int *c, coherent(system) device int *s);`,
	// Classes.
	`struct S { int x, *y, z[2]; float w = 1; uint b : 3, : 2, c : 4; }; struct S s; S t = {1};`,
	`struct { int x; } a, *b; union U { float f; uint u; struct { ushort lo, hi; }; } u; enum { A, B = 2, C, }; enum class E : uchar { X = A, Y };`,
	`class C { public: C() = default; C(const thread C &) = delete; explicit C(int x) : x{x} {} ~C(); private: int x; protected: int y; };`,
	`struct S { S operator+(S o) const thread { return o; } thread S &operator=(S o) thread; device S &operator+=(int) device; bool operator()(int x) const; int operator[](size_t i) const constant; operator float() const { return 1; } explicit operator bool() const device; S &operator++(); S operator++(int); };`,
	`struct A { typedef int T; using U = float; static constexpr constant int n = 4; enum { X }; struct B { T t; }; T t; U u; B b; static int f() { return n; } }; A::T t; A::B b; int n = A::n + A::f();`,
	`struct B { int b; typedef int T; }; struct D : B { T t; }; struct E : public B, private virtual D { E() thread : B(), D{} {} };`,
	`struct S { int f() const; static int n; struct N; }; int S::f() const { return n; } int S::n = 3; struct S::N { int x; };`,
	`struct S { void f() { T x = 1; g(x); } void g(int); using T = int; };`,
	`struct S { friend struct T; friend void f(S); friend S operator+(S a, S b) { return a; } };`,
	`struct S; void f(device S *s); struct S { int x; };`,
	`struct alignas(16) S { int x; }; struct __attribute__((packed)) P { int x; }; struct Q { int x; } __attribute__((aligned(8)));`,
	`struct S final { int x; }; int final; struct V { virtual void f() = 0; void g() const volatile noexcept; void h() &; void i() &&; };`,
	// Templates.
	`template <typename T> T f(T x) { return x; } template <class T, int N = 4, typename... U> struct A { T x[N]; }; A<int> a; A<float, 3> b; A<int, (3 > 2)> c; int d = f<int>(1);`,
	`template <typename T> struct A {}; A<A<A<int>>> a; A<A<int> > b; A<int[3]> c; A<void(int)> d; A<device float *> e; A<const constant float &> f;`,
	`template <typename T> struct S; template <> struct S<int> {}; template <> struct S<device float *> { int x; };`,
	`template <typename T> struct A { T f(); static T s; template <typename U> U g(U); A(T); struct N {}; }; template <typename T> T A<T>::f() { return T(); } template <typename T> T A<T>::s = T(0); template <typename T> template <typename U> U A<T>::g(U u) { return u; } template <typename T> A<T>::A(T x) {}`,
	`template <typename T> struct A; template <typename T> struct A<device T *> {}; template <> struct A<int> { typedef int type; }; template struct A<float>; extern template struct A<half>; A<int>::type x;`,
	`template <typename T> void f(device T *x) { typename T::type y = T::value; T::template g<int>(); x->template h<int>(1); x.template h<int>(); }`,
	`template <typename T> using P = device T *; P<int> p; template <typename T> using V = vec<T, 4>; V<float> v = V<float>(1);`,
	`template <typename T> constexpr constant bool is = false; template <> constexpr constant bool is<int> = true; template <typename T> constexpr constant int n = 1; int x = is<int> ? n<int> : n<float>;`,
	`template <template <typename> class C, typename T> struct A { C<T> c; }; template <int... I> struct S {}; template <typename T, T v> struct K { static constexpr constant T value = v; };`,
	`template <typename... T> int sum(T... x) { return (x + ...) + (... + x) + (0 + ... + x) + sizeof...(T); } template <typename... T> void g(T... x) { sum(x...); sum((x + 1)...); }`,
	`template <typename T, typename = enable_if_t<is_integral_v<T>>> T f(T x); template <typename T, enable_if_t<is_same_v<T, int>, bool> = true> T g(T x);`,
	`template <typename T> [[kernel]] void k(device T *x [[buffer(0)]]) {} template [[host_name("k_f")]] [[kernel]] decltype(k<float>) k<float>; template [[host_name("k" "_h")]] kernel void k<half>(device half *x); typedef decltype(k<int>) kt; template [[host_name("k_i")]] kernel kt k<int>;`,
	`template <typename T> [[kernel]] void k(device T *x) {} template [[host_name("k_d")]] [[kernel]] void k(device float *x [[buffer(0)]]);`,
	`template <void (*F)(int)> void f() { F(1); } template <typename T, void (*F)(device const T *, short, thread T &)> kernel void g();`,
	`template <typename T> struct MD { T m; MD() {} MD(T x) : m(x) {} MD<T> f() { return MD<T>(); } operator T() const { return m; } };`,
	`struct any { template <typename T> operator T() &&; template <typename T> any(T x) {} };`,
	`template <int N> void f() { if constexpr (N > 1) { f<N - 1>(); } for (int i = 0; i < N; i++) f<N>(); }`,
	`template <typename T> struct A { static T f(); }; template <typename T> auto g(T x) -> decltype(A<T>::f()) { return A<T>::f(); }`,
	`template <short N, short M> struct tile { using frag = simdgroup_matrix<float, 8, 8>; frag a[N * M]; constexpr thread frag &at(const short i, const short j) { return a[i * M + j]; } };`,
	// Statements.
	`void f() { ; {} { ; } int x; x = 1, x++; return; }`,
	`int f(int x) { if (x) return 1; else if (x > 2) { return 2; } else return 3; }`,
	`void f() { if (int x = 1; x > 0) {} if (int y = g()) {} else {} switch (int z = 1; z) {} while (int w = 1) break; }`,
	`void f() { for (;;) {} for (int i = 0, *p = 0; i < 4; i++, p++) continue; for (auto x : y) {} for (const thread auto &x : {1, 2}) {} int i; for (i = 0; i < 1;) ; }`,
	`void f(int x) { switch (x) { case 0: case 1: x = 2; break; case 2 ... 4: { } default: ; } switch (x) case 1: x = 2; do x++; while (x < 3); do { } while (0); }`,
	`void f() { goto end; end: ; a: b: ; }`,
	"void f() {\n#pragma unroll\nfor (;;) {}\n#pragma clang loop unroll(full)\nwhile (1) {}\n_Pragma(\"unroll\") for (;;) ; if (1)\n#pragma unroll(4)\nfor (;;) ; }",
	`void f() { [[maybe_unused]] int x; [[clang::unroll]] for (;;) {} [[fallthrough]]; __attribute__((fallthrough)); }`,
	`void f() { struct S { int x; } s = {1}; enum { A } a = A; typedef int T; using U = T; static_assert(1, ""); using namespace metal; T t(1), u{2}, v; }`,
	`void f() { threadgroup float x[4][4]; threadgroup float (*p)[4] = x; thread float (&r)[4] = x[0]; float (*q)[4] = x; float (&s)[4] = r; }`,
	`void f(float4 v) { float4(v); float4 w(v); float4 u(1, 2, 3, 4); float4(v).xy = 1; float4 (x); float4 *y, &z = v; }`,
	`void f() { auto [a, b] = g(); auto &[c, d] = g(); const auto e = 1; auto *p = &e; decltype(auto) q = (e); decltype(e) r = 1; }`,
	// Expressions.
	`int x = 1 + 2 * 3 - 4 / 5 % 6 << 1 >> 2 & 3 | 4 ^ 5 && 6 || !7 == ~8 != -9 < +10 > 11 <= 12 >= 13;`,
	`void f(int a, int b, int c) { a = b = c; a += b -= c; a *= 1; a /= 1; a %= 1; a <<= 1; a >>= 1; a &= 1; a |= 1; a ^= 1; a ? b : c ? a : b; a = b ? c : a = c; }`,
	`void f(device float *p, uint i) { p[i]; p[i++] = *p++; (*p)--; &p[1]; p->x; (*p).x.y; p[i, 1]; -p[0]; !p; ++*p; }`,
	`int x = sizeof(int) + sizeof x + sizeof(x) + sizeof(float4[2]) + alignof(float) + sizeof(int) * 2;`,
	`int x = (int)1.0 + (uint)(1) + (int)-1 + (float)x * 2 + (x) - 1 + (x) * 2 + (x) & 1; float4 y = (float4)(1) + (float4){1, 2}; device int *p = (device int *)q;`,
	`float x = static_cast<float>(1) + reinterpret_cast<thread float &>(y) + as_type<float>(1u) + metal::as_type<float>(2u) + const_cast<float>(z);`,
	`float4 x = float4(1) + float4{1, 2, 3, 4} + metal::float4(1) + vec<float, 4>(1) + unsigned(1) + float(2) + int{} + half(3);`,
	`float x = 1.0 + .5 + 1. + 1e3 + 1.5e-3f + 2.0h + 3.0bf + 0x1p-3f + 0x1.8p1; int y = 0xffu + 0b11 + 017 + 1'000 + 1ul + 2LL + 'a' + '\n' + '\x41';`,
	`auto x = "a" "b" "\n" R"(raw)"; bool b = true && false; int *p = nullptr;`,
	`auto f = [](int x) { return x; }; auto g = [=, &x](auto y) mutable -> int { return x + y; }; auto h = [&] { f(1); }; int z = [a = 1, this, *this, b{2}]() { return a; }();`,
	`bool b = a < c && d > (e); bool d = (a < b) > c; bool e = a < b > (c);`,
	`void f() { int a, b, c; bool x = a < b && c > (a); x = a < b; x = (a < b) > (c); g(a < b, c > (a)); }`,
	`float x = metal::fast::exp(1) + precise::sin(2) + ::metal::cos(1) + metal::max(a, b);`,
	`void f(texture2d<float> t, sampler s) { constexpr sampler u(coord::normalized, filter::linear, address::repeat); float4 c = t.sample(u, float2(0), level(1)); t.write(c, uint2(0)); }`,
	`float x[4] = {[0] = 1, [1 ... 2] = 2}; struct S { int a, b[1], c; }; S s = {.a = 1, .b = {2}, .c{3}}; float y[] = {1, 2, };`,
	`bool x = __is_same(int, float) || __is_convertible(int, vec<float, 4>);`,
	`int x = ({ int y = 1; y + 1; });`,
	`void f() { atomic_fetch_add_explicit((device atomic_uint *)p, 1u, memory_order_relaxed); atomic_store_explicit(reinterpret_cast<volatile device atomic_int *>(&p[1]), 0, memory_order_relaxed); }`,
	`float f(float x) { return numeric_limits<float>::max() + metal::numeric_limits<T>::infinity() + vec<T, 4>(0)[0]; }`,
	`int coherent = 1; int f(int access, int level) { int component = access < level; return coherent * component; }`,
	`int not_a_type(int and_, int x) { return not x and x or x xor x bitand x; }`,
	"int caf\u00e9 = 1; float \u03b4x = caf\u00e9;",
}

func TestValid(t *testing.T) {
	for _, src := range valids {
		fset := source.NewFileSet()
		_, list := File(fset, "", prelude+src, Options{})
		if len(list) > 0 {
			t.Errorf("%s\n%s", src, list.Render(fset))
		}
	}
}

// What is wrong is marked by a comment after the token at which the error is
// to be reported; AFTER means just behind that token, HERE+n is n bytes into it,
// EOF the end of the source.
var invalids = []string{
	`int /* ERROR EOF "expected identifier or '\\('" */`,
	`int x /* ERROR AFTER "expected ';' after top level declarator" */
int y;`,
	`foo /* ERROR "unknown type name 'foo'" */ x;`,
	`void f(foo /* ERROR "unknown type name 'foo'" */ x);`,
	`void f(foo /* ERROR "unknown type name 'foo'" */ *x, int y);`,
	`kernel void k(device foo /* ERROR "unknown type name 'foo'" */ *x [[buffer(0)]]) { int y; y = 1; }
int z;`,
	`void f() { foo /* ERROR "unknown type name 'foo'" */ x = 1; int y; }`,
	`void f() { foo /* ERROR "unknown type name 'foo'" */ x = 1; x = ; /* ERROR "expected expression" */ }`,
	`void f(foo /* ERROR "unknown type name 'foo'" */) { x = ; /* ERROR "expected expression" */ }`,
	`const foo /* ERROR "unknown type name 'foo'" */ *const x = nullptr, y;`,
	`metal::foo /* ERROR "no type named 'foo' in 'metal'" */ x;`,
	`foo /* ERROR "no template named 'foo'" */ <int> x;`,
	`void f() { foo /* ERROR "no template named 'foo'" */ <float> x; }`,
	`x /* ERROR "a type specifier is required for all declarations" */ = 3;`,
	`f /* ERROR "a type specifier is required for all declarations" */ (int x) { return x; }
int y;`,
	`42 /* ERROR "expected unqualified-id" */;`,
	`} /* ERROR "extraneous closing brace \\('}'\\)" */
int x;`,
	`void f() { int x = 1 /* ERROR AFTER "expected ';' at end of declaration" */
x = 2; }`,
	`void f() { x = 2 /* ERROR AFTER "expected ';' after expression" */
y = 3; }`,
	`void f() { x = 2 /* ERROR AFTER "expected ';' after expression" */ }`,
	`void f() { x = 2 /* ERROR AFTER "expected ';' after expression" */ y = 3; z = 4; }`,
	`int f() { return 1 /* ERROR AFTER "expected ';' after return statement" */ }`,
	`void f() { for (;;) break /* ERROR AFTER "expected ';' after break statement" */ }`,
	`void f() { do {} while (1) /* ERROR AFTER "expected ';' after do/while statement" */ }`,
	`void f() { do {} x /* ERROR "expected 'while' in do/while loop" */ = 1; }`,
	`void f() { if x /* ERROR "expected '\\(' after 'if'" */ {} }`,
	`void f() { while x /* ERROR "expected '\\(' after 'while'" */ ; }`,
	`void f() { for int /* ERROR "expected '\\(' after 'for'" */ i; }`,
	`void f() { switch { /* ERROR "expected '\\(' after 'switch'" */ } }`,
	`void f() { if (1 { /* ERROR "expected '\\)'" */ x = 1; } y = 1; }`,
	`void f() { if () /* ERROR "expected expression" */ {} }`,
	`void f() { for (int i = 0; i < 1) /* ERROR "expected ';' in 'for' statement specifier" */ {} }`,
	`void f() { x = (1 + 2; /* ERROR "expected '\\)'" */ y = 1; }`,
	`void f() { x = a[1; /* ERROR "expected '\\]'" */ y = 1; }`,
	`void f() { g(1, 2; /* ERROR "expected '\\)'" */ y = 1; }`,
	`void f() { g(1,) /* ERROR "expected expression" */; }`,
	`void f() { x = ; /* ERROR "expected expression" */ y = 1; }`,
	`void f() { int x = ; /* ERROR "expected expression" */ y = 1; }`,
	`void f() { x = 1 + ; /* ERROR "expected expression" */ }`,
	`void f() { x = * ; /* ERROR "expected expression" */ }`,
	`void f() { x = 1) /* ERROR "extraneous '\\)' before ';'" */; y = 2; }`,
	`void f() { x = a ? b; /* ERROR "expected ':'" */ }`,
	`void f() { x.1 /* ERROR "expected ';' after expression" */; }`,
	`void f() { x. + /* ERROR "expected unqualified-id" */ 1; }`,
	`void f() { else /* ERROR "expected expression" */ x = 1; }`,
	`void f() { case 1 /* ERROR AFTER "expected ':' after 'case'" */ x = 1; }`,
	`void f() { return { 1, 2; /* ERROR "expected '}'" */ }; int g() { return 1; }`,
	`struct S { int x; } /* ERROR AFTER "expected ';' after struct" */
int y;`,
	`struct S { int x /* ERROR AFTER "expected ';' at end of declaration list" */
int y; };`,
	`struct S { foo /* ERROR "unknown type name 'foo'" */ x; int y; };`,
	`struct S { + /* ERROR "expected member name or ';' after declaration specifiers" */ ; int y; };`,
	`struct /* ERROR EOF "expected identifier or '{'" */`,
	`enum { A B /* ERROR "expected '}'" */ };`,
	`enum { 1 /* ERROR "expected identifier" */ };`,
	`namespace { int x; /* ERROR EOF "expected '}'" */`,
	`using namespace nowhere /* ERROR "expected namespace name" */;`,
	`using T = foo /* ERROR "unknown type name 'foo'" */; T x;`,
	`using namespace metal /* ERROR AFTER "expected ';' after namespace name" */
int x;`,
	`static_assert 1 /* ERROR "expected '\\(' after 'static_assert'" */;`,
	`template <typename T { /* ERROR "expected ',' or '>' in template-parameter-list" */ };`,
	`vec<float, 4 x /* ERROR "expected '>'" */;`,
	`void f() { vec<float, 4 x /* ERROR "expected '>'" */; x = 1; }`,
	`void f() { x = static_cast 1 /* ERROR "expected '<' after 'static_cast'" */; }`,
	`void f() { x = static_cast<float> 1 /* ERROR "expected '\\(' after 'static_cast'" */; }`,
	`void f() { x = static_cast<foo /* ERROR "unknown type name 'foo'" */>(1); }`,
	`void f() { x = float; /* ERROR "expected '\\(' for function-style cast or type construction" */ }`,
	`void f() { x = float4 * /* ERROR "expected '\\(' for function-style cast or type construction" */ 2; }`,
	`int x = 09 /* ERROR HERE+1 "invalid digit '9' in octal constant" */;`,
	`int x = 1z /* ERROR HERE+1 "invalid suffix 'z' on integer constant" */;`,
	`float x = 1.0q /* ERROR HERE+3 "invalid suffix 'q' on floating constant" */;`,
	`float x = 1e /* ERROR HERE+1 "exponent has no digits" */;`,
	`int x = 0x /* ERROR HERE+1 "invalid suffix 'x' on integer constant" */;`,
	`int x = 99999999999999999999 /* ERROR "integer literal is too large to be represented in any integer type" */;`,
	`int x = '' /* ERROR "empty character constant" */;`,
	`int x = @ /* ERROR "expected expression" */;`,
	`void f() { throw /* ERROR "cannot use 'throw' with exceptions disabled" */ 1; }`,
	`void f() { try /* ERROR "cannot use 'try' with exceptions disabled" */ {} }`,
	`void f() { int *p = new /* ERROR "'new' is not supported in Metal" */ int; }`,
	`void f() /* ERROR AFTER "expected ';' after top level declarator" */
int x;`,
	`void f() return /* ERROR "expected function body after function declarator" */ 1;
int x;`,
	`void f() { void g() { /* ERROR "function definition is not allowed here" */ } }`,
	`int f(int x,) /* ERROR "expected parameter declarator" */;`,
	`device constant /* ERROR "multiple address spaces specified for type" */ float *p;`,
	`int float /* ERROR "cannot combine with previous 'int' declaration specifier" */ x;`,
	`kernel vertex /* ERROR "cannot combine with previous 'kernel' declaration specifier" */ void f();`,
	`void f() { if (1) { x = 1; }
kernel void g() { /* ERROR "function definition is not allowed here" */ } /* ERROR EOF "expected '}'" */`,
	`struct A { void f() { x = ; /* ERROR "expected expression" */ } void g() { y = ; /* ERROR "expected expression" */ } };`,
	`void f() { a = ; /* ERROR "expected expression" */ b = ; /* ERROR "expected expression" */ } void g() { c = ; /* ERROR "expected expression" */ }`,
	`void f() { auto g = [x y /* ERROR "expected '\\]'" */] {}; z = 1; }`,
	`[[buffer(0) /* ERROR EOF "expected '\\]'" */`,
	`int x [[buffer(0] /* ERROR "expected '\\)'" */];`,
	`as_type /* ERROR "a type specifier is required for all declarations" */ <int>(1);`,
}

var errorComment = regexp.MustCompile(`/\* ERROR (AFTER |EOF |HERE\+\d )?"((?:[^"\\]|\\.)*)" \*/`)

func TestInvalid(t *testing.T) {
	for _, src := range invalids {
		checkErrors(t, src)
	}
}

// checkErrors compares the errors in src with its ERROR comments.
func checkErrors(t *testing.T, src string) {
	t.Helper()
	src = prelude + src
	fset := source.NewFileSet()
	_, list := File(fset, "", src, Options{})
	type want struct {
		rx  *regexp.Regexp
		met bool
	}
	wants := make(map[int]*want)
	raw, _ := fset.AddFile("raw", errorComment.ReplaceAllStringFunc(src, func(s string) string { return strings.Repeat(" ", len(s)) }), source.NoPos)
	toks, _ := scan.Tokens(raw)
	for _, m := range errorComment.FindAllStringSubmatchIndex(src, -1) {
		var prev scan.Token
		for _, tok := range toks {
			if tok.Kind == scan.EOF || raw.Offset(tok.End()) > m[0] {
				break
			}
			prev = tok
		}
		off := raw.Offset(prev.Pos)
		if m[2] >= 0 {
			switch kind := src[m[2]:m[3]]; kind[0] {
			case 'E':
				off = len(src)
			case 'A':
				off = raw.Offset(prev.End())
			case 'H':
				off += int(kind[5] - '0')
			}
		}
		rx, err := regexp.Compile(strings.ReplaceAll(src[m[4]:m[5]], `\\`, `\`))
		require.NoError(t, err)
		wants[off] = &want{rx: rx}
	}
	for _, d := range list {
		if d.Severity < source.Error {
			continue
		}
		w := wants[fset.Position(d.Pos).Offset]
		if w == nil || !w.rx.MatchString(d.Msg) {
			t.Errorf("unexpected error in\n%s\n%s", src[len(prelude):], d.Render(fset))
			continue
		}
		w.met = true
	}
	for off, w := range wants {
		if !w.met {
			t.Errorf("no error %q at offset %d of\n%s", w.rx, off-len(prelude), src[len(prelude):])
		}
	}
}

// What is cut off gives one error, at its start.
func TestUnterminated(t *testing.T) {
	for src, want := range map[string]string{
		"int x; /* a\nint y;":              "program_source:1:8: error: unterminated /* comment",
		"void f() { /* a\nint y; }":        "program_source:1:12: error: unterminated /* comment",
		"constant char x[] = \"a;\nint y;": "program_source:1:21: error: missing terminating '\"' character",
		"int x = 'a;\nint y;":              "program_source:1:9: error: missing terminating ' character",
		"void f() { g('a);\nx = 1; }":      "program_source:1:14: error: missing terminating ' character",
		"int x = R\"(a;\nint y;":           "program_source:1:9: error: raw string missing terminating delimiter )\"",
		"#if 1\nvoid f() {":                "program_source:1:2: error: unterminated conditional directive",
	} {
		fset := source.NewFileSet()
		_, list := File(fset, "", src, Options{})
		require.NotEmpty(t, list, src)
		require.Len(t, list, 1, list.Render(fset))
		require.Equal(t, want, strings.SplitN(list.Render(fset), "\n", 2)[0])
	}
}

func TestSimd(t *testing.T) {
	_, list := File(source.NewFileSet(), "", `#include <simd/simd.h>
struct Shared { vector_float2 a; simd_float4x4 b; simd::float3 c; matrix_half2x3 d; };
`, Options{})
	require.Empty(t, list)
}
