package msl

import "testing"

// TestNestedClasses has classes that are declared in a class and defined
// outside of it.
func TestNestedClasses(t *testing.T) {
	for _, s := range []snippet{
		{"in a class", `
struct O { struct I; class C; union U; int n; int use(thread I &i); };
struct O::I { int a; int get() const; int twice() const { return 2 * a; } };
class O::C { int hidden; public: C(int x) : hidden(x) {} int get() const { return hidden; } };
union O::U { float f; uint u; };
int O::I::get() const { return a + 1; }
int O::use(thread I &i) { return i.a + n; }`,
			`O::I i{3}; O::C c(4); O::U u; u.f = 1; O o{5}; out[0] = i.get() * 10 + i.twice(); out[1] = c.get(); out[2] = u.u >> 20; out[3] = o.use(i);`,
			[]int32{46, 4, 0x3f8, 8}},
		{"that sees what is in the class", `
struct O { typedef int T; enum { K = 7 }; static int twice(int x) { return 2 * x; } struct I; };
struct O::I { T a[K]; int n() const { return twice(K) + sizeof(a); } };`,
			`O::I i; out[0] = i.n();`, []int32{42}},
		{"in a namespace", `
namespace ns { struct S; namespace in { template <typename T> struct V; } }
struct ns::S { int v; };
template <typename T> struct ns::in::V { T v; };`,
			`ns::S s{9}; ns::in::V<float> v{2.5f}; out[0] = s.v; out[1] = int(v.v * 2);`, []int32{9, 5}},
		{"in a class template", `
template <typename T> struct P { struct N; struct D; T t; };
template <typename T> struct P<thread T *> { struct N; };
template <class Q> struct P<Q>::N { Q a; Q sum(Q b) const { return a + b; } };
template <class Q> struct P<thread Q *>::N { Q z[3]; };
template <> struct P<float>::D { int only; };`,
			`P<int>::N n{5}; P<thread int *>::N z{{6, 7, 8}}; P<float>::D d{8}; out[0] = n.sum(1); out[1] = z.z[2]; out[2] = d.only; out[3] = sizeof(P<long>::N);`,
			[]int32{6, 8, 8, 8}},
		{"in an instance that is there already", `
template <typename T> struct P { struct N; };
constant int size_before = sizeof(P<int>);
template <typename T> struct P<T>::N { T a, b; };`,
			`P<int>::N n{1, 2}; out[0] = n.a + n.b + size_before;`, []int32{4}},
		{"that are templates", `
struct O { template <typename U> struct J; };
template <typename U> struct O::J { U u; };
template <typename T> struct P { template <typename U> struct M; };
template <class Q> template <typename V> struct P<Q>::M { Q a; V b; };`,
			`O::J<int> j{4}; P<int>::M<float> m{7, 2.5f}; out[0] = j.u; out[1] = m.a + int(m.b * 2);`, []int32{4, 12}},
	} {
		t.Run(s.name, s.run)
	}
}

// TestInitCaptures has captures that have initialisers.
func TestInitCaptures(t *testing.T) {
	for _, s := range []snippet{
		{"by copy", ``, `int q = 5; auto f = [c = q + 1, d = 2.5f]() { return c + int(d * 2); }; q = 9; out[0] = f();`, []int32{11}},
		{"by reference", ``, `int q = 5, idx = 1; int e[3] = {1, 2, 3};
auto f = [&r = q, &x = e[idx], c = q + 1]() { r += c; x = 50; return c; };
idx = 2; out[0] = f() + q; out[1] = e[1] * 10 + e[2]; auto g = [&o = out[2]](int v) { o = v; }; g(7);`, []int32{17, 503, 7}},
		{"of packs", `
template <typename... A> int total(A... a) { auto f = [... xs = a + 1](int k) { return k * (0 + ... + xs); }; return f(10); }
template <typename... A> void bump(thread A &...a) { auto f = [&... rs = a]() { ((rs += 1), ...); }; f(); f(); }`,
			`out[0] = total(1, 2, 3); out[1] = total(); int x = 1, y = 2; bump(x, y); out[2] = x * 10 + y;`, []int32{90, 0, 34}},
	} {
		t.Run(s.name, s.run)
	}
}
