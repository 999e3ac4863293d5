package msl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMethodsAndTemplates(t *testing.T) {
	got := results[int32](t, 24, `
template<typename T, size_t N> struct Arr {
	T elements[N ? N : 1];
	thread T& operator[](size_t pos) thread { return elements[pos]; }
	const thread T& operator[](size_t pos) const thread { return elements[pos]; }
	device T& operator[](size_t pos) device { return elements[pos]; }
	const device T& operator[](size_t pos) const device { return elements[pos]; }
	constexpr const constant T& operator[](size_t pos) const constant { return elements[pos]; }
};
constant Arr<int, 3> table = Arr<int, 3>({ 7, 8, 9 });
struct V {
	float x, y;
	V(float a, float b) : x(a), y(b) {}
	V operator+(V o) const { return V(x + o.x, y + o.y); }
	thread V &operator*=(float s) { x *= s; y *= s; return *this; }
	float len2() const { return x * x + y * y; }
	explicit operator bool() const { return x != 0; }
};
template<typename T> T twice(T x) { return x + x; }
template<int N> int power(int x) { int r = 1; for (int i = 0; i < N; i++) r *= x; return r; }
struct Counter { int n = 5; int next() { return n++; } };
template<typename F> int apply(F f, int x) { return f(x); }
struct AddN { int n; int operator()(int x) const { return x + n; } };
enum Color { red, green = 5, blue };
namespace util { constant int k = 11; static int triple(int x) { return 3 * x; } }
kernel void k(device int *o, uint i [[thread_position_in_grid]]) {
	Arr<int, 4> a;
	for (int j = 0; j < 4; j++) a[j] = j * j;
	o[0] = a[3] + a[i + 2];
	Arr<Arr<int, 2>, 2> m = {};
	m[1][i] = 5; m[i][1] = 6;
	o[1] = m[1][0] * 10 + m[0][1];
	o[2] = table[i + 1];
	V v = V(1, 2) + V(3, 4);
	(v *= 2) *= 0.5f;
	o[3] = int(v.len2());
	o[4] = v ? 1 : 0;
	o[5] = twice(21) + int(twice(0.5f));
	o[6] = power<5>(2);
	Counter c;
	o[7] = c.next() + c.next();
	o[8] = c.n;
	o[9] = apply(AddN{3}, 4);
	o[10] = blue + Color::green;
	o[11] = util::triple(util::k);
	auto lam = V(5, 6).len2();
	o[12] = int(lam);
	Arr<int, 4> b = a;
	b[0] = 100;
	o[13] = a[0] + b[0];
	const Arr<int, 4> cc = b;
	o[14] = cc[i];
	o[15] = sizeof(Arr<short, 3>);
	int x = 3;
	auto &r = x;
	r = 9;
	o[16] = x;
	for (auto e : a.elements) o[17] += e;
	device Arr<int, 2> &d = *(device Arr<int, 2> *)(o + 18);
	d[0] = 1; d[i + 1] = 2;
	o[20] = true ? int(uchar(300)) : 0;
	static_assert(sizeof(V) == 8, "V is two floats");
	o[21] = int(numeric_limits<short>::max());
	o[22] = is_same<int, int32_t>::value;
	o[23] = max(-3, 2) + min(uint(7), 9u);
}`)
	require.Equal(t, []int32{13, 56, 8, 52, 1, 43, 32, 11, 7, 7, 11, 33, 61, 100, 100, 6, 9, 14, 1, 2, 44, 32767, 1, 9}, got)
}
