package msl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// snippet is a program in two parts, declarations and the body of a kernel
// that has int *out, with what it must leave there.
type snippet struct {
	name  string
	decls string
	body  string
	want  []int32
}

func (s snippet) run(t *testing.T) {
	t.Helper()
	out := make([]int32, len(s.want))
	runThreads(t, s.decls+"\nkernel void k(device int *out [[buffer(0)]], uint tid [[thread_position_in_grid]]) {\n"+s.body+"\n}", 1, bytesOf(out))
	require.Equal(t, s.want, out)
}

func TestPacks(t *testing.T) {
	for _, s := range []snippet{
		{"recursion over a pack", `
template <typename T> T sum(T x) { return x; }
template <typename T, typename... Us> auto sum(T x, Us... us) { return x + sum(us...); }`,
			`out[0] = sum(1); out[1] = int(10 * sum(1, 2.5f, 3u));`, []int32{1, 65}},
		{"void_t", `
template <typename... Ts> struct make_void { typedef void type; };
template <typename... Ts> using void_t = typename make_void<Ts...>::type;
template <typename T, typename = void> struct has_type : false_type {};
template <typename T> struct has_type<T, void_t<typename T::type>> : true_type {};
struct with { using type = int; };`,
			`out[0] = has_type<with>::value; out[1] = has_type<float>::value;`, []int32{1, 0}},
		{"class templates by head and tail", `
template <typename... Ts> struct tuple;
template <> struct tuple<> { static constexpr constant int n = 0; };
template <typename T, typename... Ts> struct tuple<T, Ts...> {
  T head; tuple<Ts...> tail;
  static constexpr constant int n = 1 + tuple<Ts...>::n;
};`,
			`tuple<int, float, half> t; t.head = 4; t.tail.head = 5.5f; t.tail.tail.head = 6.0h;
out[0] = t.head + int(t.tail.head * 2) + int(t.tail.tail.head); out[1] = tuple<int, float, half>::n;`, []int32{21, 3}},
		{"sizeof... and folds", `
template <typename... Ts> constexpr int count() { return sizeof...(Ts); }
template <int... Is> constexpr int total() { return (Is + ... + 0); }
template <int... Is> constexpr int less() { return (... - Is); }
template <int... Is> constexpr int more() { return (Is - ...); }
template <int... Is> constexpr int from() { return (100 - ... - Is); }
template <typename... Ts> bool positive(Ts... v) { return (... && (v > 0)); }
template <typename... Ts> void add(thread int &to, Ts... v) { ((to += v), ...); }`,
			`out[0] = count<int, int>() + 10 * count<>(); out[1] = total<1, 2, 3>(); out[2] = total<>();
out[3] = less<10, 3, 2>(); out[4] = more<10, 3, 2>(); out[5] = from<1, 2>();
out[6] = positive(1, 2.0f, 3u); out[7] = positive(1, -2); out[8] = positive(); int s = 5; add(s, 1, 2, 3); out[9] = s;`,
			[]int32{2, 6, 0, 5, 9, 97, 1, 0, 1, 11}},
		{"expansions in lists", `
template <typename... Ts> int arrayed(Ts... v) { int a[] = {v..., 7}; int s = 0; for (int x : a) s = s * 10 + x; return s; }
template <typename... Ts> int4 vector(Ts... v) { return int4((v + 1)...); }
template <typename F, typename... A> auto apply(F f, A... a) { return f(a...); }
struct sub { template <typename T> T operator()(T a, T b) const { return a - b; } };`,
			`out[0] = arrayed(1, 2, 3); out[1] = arrayed(); int4 v = vector(1, 2, 3, 4); out[2] = v.x * 1000 + v.y * 100 + v.z * 10 + v.w;
out[3] = apply(sub(), 9, 4);`, []int32{1237, 7, 2345, 5}},
		{"bases and their initialisers", `
struct A { int a; A(int x) : a(x) {} };
struct B { int b; B(int x) : b(x * 10) {} };
template <typename... Bs> struct all : Bs... { all(int x) : Bs(x)... {} };`,
			`all<A, B> x(3); out[0] = x.a; out[1] = x.b;`, []int32{3, 30}},
		{"packs given in part", `
template <typename... Ts> int sizes(Ts... v) { return (int(sizeof(v)) + ... + 0); }`,
			`out[0] = sizes(1, 2.0h); out[1] = sizes<short>(1, 2);`, []int32{6, 6}},
		{"template template parameters", `
template <typename T> struct box { T v; };
template <template <typename> class C, typename T> struct in { using type = C<T>; };`,
			`in<box, int>::type b; b.v = 4; out[0] = b.v;`, []int32{4}},
	} {
		t.Run(s.name, s.run)
	}
}

func TestLambdas(t *testing.T) {
	for _, s := range []snippet{
		{"captures", ``,
			`int a = 1, b = 2;
auto byref = [&](int x) { a += x; return a + b; };
auto bycopy = [=](int x) { return a + b + x; };
auto some = [a, &b](int x) { b = x; return a; };
auto init = [c = a + 40] { return c; };
out[0] = byref(10); out[1] = a; out[2] = bycopy(100); out[3] = some(7); out[4] = b; out[5] = init();
int count = 0; auto next = [count]() mutable { return ++count; }; next(); next(); out[6] = next(); out[7] = count;`,
			[]int32{13, 11, 103, 1, 7, 41, 3, 0}},
		{"generic lambdas passed on", `
template <int start, int stop, int step, typename F> constexpr void const_for(F f) {
  if constexpr (start < stop) { constexpr auto i = integral_constant<int, start>{}; f(i); const_for<start + step, stop, step, F>(f); }
}
template <typename F> void with_bool(bool v, F f) { if (v) f(true_type{}); else f(false_type{}); }`,
			`int sum = 0; int at[4] = {0, 0, 0, 0};
const_for<0, 4, 1>([&](auto i) { sum += i; at[i] = 10 * i; });
out[0] = sum; out[1] = at[3];
with_bool(sum > 5, [&](auto b) { if constexpr (b) out[2] = 1; else out[2] = 2; });
auto add = [](auto x, auto y) { return x + y; }; out[3] = add(1, 2.75f) * 4; out[4] = [](int x) -> int { return x * 2; }(21);`,
			[]int32{6, 30, 1, 15, 42}},
		{"captures through pointers, arrays and methods", `
struct S { int v; int twice(int n) thread { auto f = [this, n](int x) { v += x; return v * n; }; f(1); return f(2); }
  int both() thread { return [&] { return v + 1; }(); } };
int apply(thread const int *p, int i) { return p[i]; }`,
			`S s; s.v = 3; out[0] = s.twice(2); out[1] = s.both();
int a[3] = {1, 2, 3}; thread int *p = a; auto f = [&](int i) { return apply(p, i) + a[i]; }; p++; out[2] = f(1);
auto g = [=](int i) { return a[i] * 10; }; a[0] = 9; out[3] = g(0);
float4 v = float4(1, 2, 3, 4); auto set = [&](int i, float x) { v[i] = x; }; set(2, 30); out[4] = int(v.z);`,
			[]int32{12, 7, 5, 10, 30}},
		{"nested", ``,
			`int a = 1; auto outer = [&](int x) { auto inner = [&](int y) { a = a * 10 + y; return a; }; inner(x); return inner(x + 1); };
out[0] = outer(2); out[1] = a;`,
			[]int32{123, 123}},
	} {
		t.Run(s.name, s.run)
	}
}

func TestStructuredBindings(t *testing.T) {
	for _, s := range []snippet{
		{"structs, arrays, vectors", `struct P { int a; float b; }; P make() { return {4, 2.5f}; }`,
			`auto [a, b] = make(); out[0] = a + int(b * 2);
int arr[3] = {1, 2, 3}; auto &[x, y, z] = arr; y = 20; out[1] = arr[1] + x + z;
auto [p, q, r] = arr; p = 100; out[2] = arr[0];
const auto [u, v] = float2(3, 4); out[3] = int(u * v);
P list[2] = {{1, 2}, {3, 4}}; int sum = 0; for (auto [i, f] : list) sum += i * int(f); for (auto &[i, f] : list) i = 0; out[4] = sum; out[5] = list[1].a;`,
			[]int32{9, 24, 1, 12, 14, 0}},
	} {
		t.Run(s.name, s.run)
	}
}
