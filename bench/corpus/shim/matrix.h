// Matrices: columns of vectors (MSL spec, section 2.3).
namespace metal {
template <class T, unsigned C, unsigned R> struct matrix {
	vec<T, R> columns[C];
	matrix() = default;
	template <class S, std::enable_if_t<shape<S>::n == 1, int> = 0> explicit matrix(S s) {
		for (int c = 0; c < C; c++)
			for (int r = 0; r < R; r++) columns[c].d[r] = c == r ? convert<T>(s) : T(0);
	}
	template <class U> explicit matrix(const matrix<U, C, R> &m) {
		for (int c = 0; c < C; c++) columns[c] = vec<T, R>(m.columns[c]);
	}
	template <class A, class B, class... D> matrix(const A &a, const B &b, const D &...d) {
		int k = 0;
		put(k, a), put(k, b), (put(k, d), ...);
	}
	template <class X> void put(int &k, const X &x) {
		for (int i = 0; i < shape<X>::n; i++, k++) columns[k / R].d[k % R] = convert<T>(at(x, i));
	}
	vec<T, R> &operator[](size_t i) { return i < C ? columns[i] : (__builtin_trap(), columns[0]); }
	const vec<T, R> &operator[](size_t i) const { return i < C ? columns[i] : (__builtin_trap(), columns[0]); }
	template <class F> static matrix made(F f) {
		matrix m;
		for (int c = 0; c < C; c++) m.columns[c] = f(c);
		return m;
	}
	friend matrix operator+(const matrix &a, const matrix &b) { return made([&](int c) { return a[c] + b[c]; }); }
	friend matrix operator-(const matrix &a, const matrix &b) { return made([&](int c) { return a[c] - b[c]; }); }
	friend matrix operator-(const matrix &a) { return made([&](int c) { return -a[c]; }); }
	template <class S, std::enable_if_t<shape<S>::n == 1, int> = 0> friend matrix operator*(const matrix &a, S s) { return made([&](int c) { return a[c] * T(s); }); }
	template <class S, std::enable_if_t<shape<S>::n == 1, int> = 0> friend matrix operator*(S s, const matrix &a) { return a * s; }
	friend bool operator==(const matrix &a, const matrix &b) { for (int c = 0; c < C; c++) if (!all(a[c] == b[c])) return false; return true; }
	friend bool operator!=(const matrix &a, const matrix &b) { return !(a == b); }
	template <class X> matrix &operator*=(const X &x) { return *this = *this * x; }
	matrix &operator+=(const matrix &b) { return *this = *this + b; }
	matrix &operator-=(const matrix &b) { return *this = *this - b; }
};
template <class T, unsigned C, unsigned R, class V, std::enable_if_t<shape<V>::n == C && (C > 1), int> = 0> vec<T, R> operator*(const matrix<T, C, R> &m, const V &v) {
	vec<T, R> r = m[0] * at(v, 0);
	for (int c = 1; c < C; c++) r = r + m[c] * at(v, c);
	return r;
}
template <class T, unsigned C, unsigned R, class V, std::enable_if_t<shape<V>::n == R && (R > 1), int> = 0> vec<T, C> operator*(const V &v, const matrix<T, C, R> &m) {
	vec<T, C> r;
	for (int c = 0; c < C; c++) r.d[c] = dot(v, m[c]);
	return r;
}
template <class T, unsigned K, unsigned C, unsigned R> matrix<T, C, R> operator*(const matrix<T, K, R> &a, const matrix<T, C, K> &b) {
	return matrix<T, C, R>::made([&](int c) { return a * b[c]; });
}
template <class T, unsigned C, unsigned R> matrix<T, R, C> transpose(const matrix<T, C, R> &m) {
	matrix<T, R, C> r;
	for (int c = 0; c < C; c++)
		for (int k = 0; k < R; k++) r[k].d[c] = m[c].d[k];
	return r;
}
template <class T> T determinant(const matrix<T, 2, 2> &m) { return m[0][0] * m[1][1] - m[0][1] * m[1][0]; }
template <class T> T determinant(const matrix<T, 3, 3> &m) { return dot(m[0], cross(m[1], m[2])); }
template <class T> T determinant(const matrix<T, 4, 4> &m) {
	T sum = 0;
	for (int r = 0; r < 4; r++) {
		matrix<T, 3, 3> part;
		for (int c = 1; c < 4; c++)
			for (int k = 0, to = 0; k < 4; k++)
				if (k != r) part[c - 1][to++] = m[c][k];
		sum += (r & 1 ? -1 : 1) * m[0][r] * determinant(part);
	}
	return sum;
}
#define MATRICES(T, C) typedef matrix<T, C, 2> T##C##x2; typedef matrix<T, C, 3> T##C##x3; typedef matrix<T, C, 4> T##C##x4;
MATRICES(float, 2) MATRICES(float, 3) MATRICES(float, 4) MATRICES(half, 2) MATRICES(half, 3) MATRICES(half, 4)
} // namespace metal
using metal::matrix;
#define GLOBAL_MATRICES(T, C) using metal::T##C##x2; using metal::T##C##x3; using metal::T##C##x4;
GLOBAL_MATRICES(float, 2) GLOBAL_MATRICES(float, 3) GLOBAL_MATRICES(float, 4) GLOBAL_MATRICES(half, 2) GLOBAL_MATRICES(half, 3) GLOBAL_MATRICES(half, 4)
