package msl

import "testing"

// TestDeducedClasses has objects of class templates whose arguments are deduced.
func TestDeducedClasses(t *testing.T) {
	const decls = `
template <typename A, typename B = int> struct pair { A a; B b; constexpr pair(A x, B y) : a(x), b(y) {} explicit pair(A x) : a(x), b(7) {} int sum() const { return int(a) + int(b); } };
template <typename T, int N> struct arr { T v[N]; template <typename... U> arr(T x, U... r) : v{x, T(r)...} {} int total() const { int s = 0; for (int i = 0; i < N; i++) s += int(v[i]); return s; } };
template <typename T, typename... U> arr(T, U...) -> arr<T, 1 + sizeof...(U)>;
template <typename F> struct defer { F f; defer(F g) : f(g) {} int run() const { return f() + 1; } };
template <typename T> struct ptr { T p; ptr(T q) : p(q) {} };
template <typename T> ptr(device T *) -> ptr<const device T *>;
struct tag {}; template <typename T> struct box { T v; box(T x) : v(x) {} box(tag) : v(T(9)) {} }; box(tag) -> box<short>;
namespace n { template <typename T> struct in { T v; in(T x) : v(x) {} }; }
constant pair known(1.5f, 2);`
	for _, s := range []snippet{
		{"by constructors", decls, `pair p(1, 2.5f); out[0] = p.sum() + is_same_v<decltype(p), pair<int, float>>; pair q{2.0h, 3u}; out[1] = q.sum() + sizeof(q); pair r = pair(4, true); out[2] = r.sum(); const pair s(5); out[3] = s.sum(); out[4] = pair{1, 2}.sum() + pair(3).sum(); pair t = p; out[5] = sizeof(t); out[6] = int(known.a * 2) + known.b; n::in i(3); out[7] = i.v;`,
			[]int32{4, 13, 5, 12, 13, 8, 5, 3}},
		{"by guides", decls, `arr a(1, 2, 3); out[0] = a.total() * 10 + sizeof(a) / 4; arr b{1.5f}; out[1] = sizeof(b); ptr p(out); out[2] = is_same_v<decltype(p.p), const device int *>; box x{tag{}}; out[3] = x.v * 10 + sizeof(x.v); box y(2.5f); out[4] = int(y.v * 2);`,
			[]int32{63, 4, 1, 92, 5}},
		{"of lambdas", decls, `int k = 4; defer d([=] { return k * 10; }); out[0] = d.run(); out[1] = defer{[&] { return k; }}.run();`, []int32{41, 5}},
	} {
		t.Run(s.name, s.run)
	}
}

// TestVectorAttribute has vector types made by clang's attribute.
func TestVectorAttribute(t *testing.T) {
	snippet{"", `typedef float f4 __attribute__((ext_vector_type(4))); typedef int __attribute__((ext_vector_type(2))) i2;`,
		`f4 v = f4(1, 2, 3, 4); out[0] = int(v.w) + is_same_v<f4, float4>; i2 w = {5, 6}; out[1] = w.y;`, []int32{5, 6}}.run(t)
}
