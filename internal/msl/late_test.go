package msl

import "testing"

// late has definitions that come behind what uses them.
var late = []snippet{
	{"a template used before it is defined", `template <typename T> T twice(T x); int use(int x) { return twice(x); } template <typename U> U twice(U y) { return y + y; }`, `out[0] = use(2); out[1] = int(twice(1.5f));`, []int32{4, 3}},
	{"default arguments of a declaration", `template <typename T, int N = 3> T f(T x, T y = 1); template <typename A, int M> A f(A x, A y) { return x * M + y; }`, `out[0] = f(2); out[1] = f<int, 5>(2, 3);`, []int32{7, 13}},
	{"overloads of templates declared first", `template <typename T> int f(T x); template <typename T> int f(device T *x); template <typename T> int f(T x) { return 1; } template <typename T> int f(device T *x) { return 2; }`, `out[0] = f(3); out[1] = f(out);`, []int32{1, 2}},
	{"a specialisation behind a declaration", `template <typename T> int f(T x); template <> int f<float>(float x) { return 9; } template <typename T> int f(T x) { return 1; }`, `out[0] = f(3); out[1] = f(1.0f);`, []int32{1, 9}},
	{"member template of a class", `struct S { int v; template <typename T> T get(T x) const; template <typename T, int N = 2> static int size(); template <typename T> S(T x, int); }; template <typename U> U S::get(U x) const { return x + v; } template <typename T, int N> int S::size() { return sizeof(T) * N; } template <typename T> S::S(T x, int y) { v = int(x) + y; }`, `S s(1.5f, 2); out[0] = s.get(2); out[1] = S::size<short>(); out[2] = S::size<int, 3>();`, []int32{5, 4, 12}},
	{"member template of a class template", `template <typename U> struct S { U v; template <typename T> T get(T x); template <int N> U times() const; }; template <typename A> template <typename B> B S<A>::get(B x) { return x + B(v); } template <typename A> template <int M> A S<A>::times() const { return v * M; }`, `S<int> s{1}; out[0] = s.get(2); out[1] = s.times<5>(); S<float> f{2.5f}; out[2] = int(f.times<2>()); out[3] = f.get(1);`, []int32{3, 5, 5, 3}},
	{"members defined behind their use", `template <typename U> struct S { U v; U get(U x); template <typename T> T as(); }; int use() { S<int> s{3}; return s.get(4) + s.as<int>(); } template <typename U> U S<U>::get(U x) { return x * v; } template <typename U> template <typename T> T S<U>::as() { return T(v); }`, `out[0] = use();`, []int32{15}},
	{"members of partial specialisations", `template <typename T, int N> struct A { T get(); }; template <typename T, int N> T A<T, N>::get() { return N; } template <typename T> struct A<T, 1> { T x; T get(); template <typename V> V as(V y); }; template <typename T> T A<T, 1>::get() { return x; } template <typename T> template <typename V> V A<T, 1>::as(V y) { return V(x) + y; }`, `A<int, 1> a{5}; A<int, 7> b; out[0] = a.get(); out[1] = b.get(); out[2] = int(a.as(1.5f) * 2);`, []int32{5, 7, 13}},
	{"operators and conversions", `template <typename T> struct V { T x; V operator+(V o) const; template <typename U> operator U() const; }; template <typename T> V<T> V<T>::operator+(V<T> o) const { return V<T>{x + o.x}; } template <typename T> template <typename U> V<T>::operator U() const { return U(x); }`, `V<int> a{1}, b{2}; V<int> c = a + b; out[0] = c.x; float f = c; out[1] = int(f * 2);`, []int32{3, 6}},
	{"captures of packs", `template <typename... T> int copied(T... v) { auto f = [=](int x) { return (x + ... + v); }; return f(1); } template <typename... T> int named(T... v) { auto f = [v...](int x) { return (x + ... + v); }; return f(2); } template <typename... T> int referred(T... v) { auto f = [&v...] { ((v *= 2), ...); }; f(); return (0 + ... + v); } template <typename... T> int all(T... v) { auto f = [&] { return (0 + ... + v); }; return f(); } template <typename... T> int none(T... v) { auto f = [v...] { return int(sizeof...(v)); }; return f(); }`,
		`out[0] = copied(1, 2, 3); out[1] = named(1, 2.5f); out[2] = referred(1, 2); out[3] = all(4, 5); out[4] = none();`, []int32{7, 5, 6, 9, 0}},
}

func TestLateDefinitions(t *testing.T) {
	for _, s := range late {
		t.Run(s.name, s.run)
	}
}
