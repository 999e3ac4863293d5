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
