// Vectors, packed vectors and swizzles (MSL spec, section 2.2).
namespace metal {
template <class T, unsigned N> struct vec;
template <class T, unsigned N> struct packed_vec;
template <class T, unsigned N, int... I> struct swizzle;

template <class T> constexpr bool is_scalar_v = std::is_arithmetic_v<T> || std::is_same_v<T, half> || std::is_same_v<T, bfloat> || std::is_enum_v<T>;
template <class T> constexpr bool is_float_v = std::is_same_v<T, float> || std::is_same_v<T, half> || std::is_same_v<T, bfloat> || std::is_same_v<T, double>;

// shape<X> tells what an operand is made of: its elements and how many.
template <class X, class = void> struct shape {
	static constexpr int n = 0;
	using elem = void;
};
template <class T> struct shape<T, std::enable_if_t<is_scalar_v<T>>> {
	using elem = T;
	static constexpr int n = 1;
	static constexpr T at(const T &x, int) { return x; }
};
template <class T, unsigned N> struct shape<vec<T, N>> {
	using elem = T;
	static constexpr int n = N;
	static constexpr T at(const vec<T, N> &x, int i) { return x.d[i]; }
};
template <class T, unsigned N> struct shape<packed_vec<T, N>> {
	using elem = T;
	static constexpr int n = N;
	static constexpr T at(const packed_vec<T, N> &x, int i) { return x.d[i]; }
};
template <class T, unsigned N, int... I> struct shape<swizzle<T, N, I...>> {
	using elem = T;
	static constexpr int n = sizeof...(I);
	static constexpr T at(const swizzle<T, N, I...> &x, int i) {
		constexpr int from[] = {I...};
		return x.d[from[i]];
	}
};
template <class T> struct vec_elements { static constexpr int value = shape<T>::n; };
template <class X> using shape_of = shape<std::remove_cv_t<std::remove_reference_t<X>>>;
template <class X> constexpr auto at(const X &x, int i) { return shape_of<X>::at(x, i); }

// convert is a scalar's conversion: floats become integers toward zero and
// saturate, NaN becomes 0.
template <class T, class U> constexpr T convert(U x) {
	if constexpr (is_float_v<U> && std::is_integral_v<T> && !std::is_same_v<T, bool>) {
		double v = double(float(x));
		if (v != v) return 0;
		if (v <= double(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
		if (v >= double(std::numeric_limits<T>::max())) return std::numeric_limits<T>::max();
		return T(v);
	} else {
		return T(x);
	}
}

template <class T, unsigned N> struct vec_store;
#include "swizzles.inc"

template <class T, unsigned N> struct vec : vec_store<T, N> {
	using vec_store<T, N>::d;
	constexpr vec() = default;
	template <class S, std::enable_if_t<shape<S>::n == 1, int> = 0> constexpr vec(const S &s) {
		for (unsigned i = 0; i < N; i++) d[i] = convert<T>(s);
	}
	template <class X, std::enable_if_t<shape<X>::n == N && (N > 1) && std::is_same_v<typename shape<X>::elem, T>, int> = 0> constexpr vec(const X &x) {
		for (unsigned i = 0; i < N; i++) d[i] = at(x, i);
	}
	template <class X, std::enable_if_t<shape<X>::n == N && (N > 1) && !std::is_same_v<typename shape<X>::elem, T>, int> = 0> constexpr explicit vec(const X &x) {
		for (unsigned i = 0; i < N; i++) d[i] = convert<T>(at(x, i));
	}
	template <class A, class B, class... C> constexpr vec(const A &a, const B &b, const C &...c) {
		static_assert(shape<A>::n + shape<B>::n + (shape<C>::n + ... + 0) == N, "components of a vector");
		int k = 0;
		put(k, a), put(k, b), (put(k, c), ...);
	}
	template <class X> constexpr void put(int &k, const X &x) {
		for (int i = 0; i < shape<X>::n; i++) d[k++] = convert<T>(at(x, i));
	}
	constexpr T &operator[](size_t i) { return i < N ? d[i] : (__builtin_trap(), d[0]); }
	constexpr const T &operator[](size_t i) const { return i < N ? d[i] : (__builtin_trap(), d[0]); }
#define ASSIGN(op) template <class X> vec &operator op##=(const X &x) { return *this = vec(*this op x); }
	ASSIGN(+) ASSIGN(-) ASSIGN(*) ASSIGN(/) ASSIGN(%) ASSIGN(&) ASSIGN(|) ASSIGN(^) ASSIGN(<<) ASSIGN(>>)
#undef ASSIGN
	vec &operator++() { return *this += T(1); }
	vec &operator--() { return *this -= T(1); }
	vec operator++(int) { vec old = *this; ++*this; return old; }
	vec operator--(int) { vec old = *this; --*this; return old; }
};

template <class T, unsigned N, int... I> struct swizzle {
	static constexpr int M = sizeof...(I);
	T d[N == 3 ? 4 : N];
	swizzle() = default;
	// A template may take a swizzle's type for that of its value.
	template <class X, std::enable_if_t<shape<X>::n == M, int> = 0> swizzle(const X &x) { *this = x; }
	operator vec<T, M>() const { return value(); }
	vec<T, M> value() const {
		vec<T, M> v;
		for (int i = 0; i < M; i++) v.d[i] = at(*this, i);
		return v;
	}
	swizzle &operator=(const swizzle &x) { return *this = x.value(); }
	template <class X, std::enable_if_t<(shape<X>::n > 0), int> = 0> swizzle &operator=(const X &x) {
		vec<T, M> v(x);
		constexpr int to[] = {I...};
		for (int i = 0; i < M; i++) d[to[i]] = v.d[i];
		return *this;
	}
#define ASSIGN(op) template <class X> swizzle &operator op##=(const X &x) { return *this = value() op x; }
	ASSIGN(+) ASSIGN(-) ASSIGN(*) ASSIGN(/) ASSIGN(%) ASSIGN(&) ASSIGN(|) ASSIGN(^) ASSIGN(<<) ASSIGN(>>)
#undef ASSIGN
	T operator[](size_t i) const { return at(*this, int(i)); }
};

template <class T, unsigned N> struct packed_vec {
	union {
		T d[N];
		struct { T x, y; T z[N > 2 ? 1 : 0]; T w[N > 3 ? 1 : 0]; } parts;
	};
	packed_vec() = default;
	template <class X, std::enable_if_t<(shape<X>::n > 0), int> = 0> packed_vec(const X &x) {
		vec<T, N> v(x);
		for (unsigned i = 0; i < N; i++) d[i] = v.d[i];
	}
	template <class A, class B, class... C> packed_vec(const A &a, const B &b, const C &...c) : packed_vec(vec<T, N>(a, b, c...)) {}
	operator vec<T, N>() const {
		vec<T, N> v;
		for (unsigned i = 0; i < N; i++) v.d[i] = d[i];
		return v;
	}
	constexpr T &operator[](size_t i) { return i < N ? d[i] : (__builtin_trap(), d[0]); }
	constexpr const T &operator[](size_t i) const { return i < N ? d[i] : (__builtin_trap(), d[0]); }
#define ASSIGN(op) template <class X> packed_vec &operator op##=(const X &x) { return *this = packed_vec(vec<T, N>(*this) op x); }
	ASSIGN(+) ASSIGN(-) ASSIGN(*) ASSIGN(/)
#undef ASSIGN
};

// wide<A, B> is the vector that an operation on A and B has, where at least one
// is a vector. A scalar becomes what the vector is made of.
template <class A, class B> struct wide_ {
	static constexpr int a = shape<A>::n, b = shape<B>::n;
	static constexpr bool ok = a > 0 && b > 0 && (a > 1 || b > 1);
	using elem = std::conditional_t<(a > 1), typename shape<A>::elem, typename shape<B>::elem>;
	static constexpr int n = a > 1 ? a : b;
};
template <class A, class B> using wide = std::enable_if_t<wide_<A, B>::ok, wide_<A, B>>;

// shift_count keeps a count within the width of the type.
template <class T> inline int shift_count(T n) { return int(n) & int(8 * sizeof(T) - 1); }

#define BINARY(op, expr) \
	template <class A, class B, class W = wide<A, B>> auto operator op(const A &a, const B &b) { \
		using T = typename W::elem; \
		vec<T, W::n> r; \
		for (int i = 0; i < W::n; i++) { T x = convert<T>(at(a, i)), y = convert<T>(at(b, i)); r.d[i] = T(expr); } \
		return r; \
	}
BINARY(+, x + y) BINARY(-, x - y) BINARY(*, x * y) BINARY(/, x / y) BINARY(%, x % y) BINARY(&, x & y) BINARY(|, x | y) BINARY(^, x ^ y)
BINARY(<<, x << shift_count(y)) BINARY(>>, x >> shift_count(y))
#undef BINARY
#define COMPARE(op) \
	template <class A, class B, class W = wide<A, B>> auto operator op(const A &a, const B &b) { \
		using T = typename W::elem; \
		vec<bool, W::n> r; \
		for (int i = 0; i < W::n; i++) r.d[i] = convert<T>(at(a, i)) op convert<T>(at(b, i)); \
		return r; \
	}
COMPARE(==) COMPARE(!=) COMPARE(<) COMPARE(<=) COMPARE(>) COMPARE(>=) COMPARE(&&) COMPARE(||)
#undef COMPARE
#define UNARY(op, R) \
	template <class A, std::enable_if_t<(shape<A>::n > 1), int> = 0> auto operator op(const A &a) { \
		using T = typename shape<A>::elem; \
		vec<R, shape<A>::n> r; \
		for (int i = 0; i < shape<A>::n; i++) r.d[i] = R(op at(a, i)); \
		return r; \
	}
UNARY(-, T) UNARY(+, T) UNARY(~, T) UNARY(!, bool)
#undef UNARY

template <class T, class X> inline T as_type(const X &x) {
	auto copy = [](const auto &v) {
		T t;
		static_assert(sizeof t == sizeof v, "as_type");
		std::memcpy((void *)&t, (const void *)&v, sizeof t);
		return t;
	};
	if constexpr (shape<X>::n > 1) return copy(vec<typename shape<X>::elem, shape<X>::n>(x));
	else return copy(x);
}

#define VECTORS(T) \
	typedef vec<T, 2> T##2; typedef vec<T, 3> T##3; typedef vec<T, 4> T##4; \
	typedef packed_vec<T, 2> packed_##T##2; typedef packed_vec<T, 3> packed_##T##3; typedef packed_vec<T, 4> packed_##T##4;
VECTORS(bool) VECTORS(char) VECTORS(uchar) VECTORS(short) VECTORS(ushort) VECTORS(int) VECTORS(uint) VECTORS(long) VECTORS(ulong)
VECTORS(half) VECTORS(float) VECTORS(bfloat)
using ::half; using ::bfloat; using ::uchar; using ::ushort; using ::uint; using ::ulong;
using std::size_t; using std::ptrdiff_t; using std::int8_t; using std::uint8_t; using std::int16_t; using std::uint16_t;
using std::int32_t; using std::uint32_t; using std::int64_t; using std::uint64_t;
using std::numeric_limits; using std::is_same; using std::enable_if; using std::enable_if_t; using std::conditional; using std::conditional_t;
using std::initializer_list; using std::is_floating_point; using std::is_integral; using std::is_signed; using std::true_type; using std::false_type; using std::integral_constant;
template <class A, class B> constexpr bool is_same_v = std::is_same_v<A, B>;

template <class T, size_t N> struct array {
	T elements[N];
	T &operator[](size_t i) { return elements[i]; }
	const T &operator[](size_t i) const { return elements[i]; }
	static constexpr size_t size() { return N; }
};
} // namespace metal
using metal::as_type;
using metal::vec;
// The vectors' names are global.
#define GLOBAL(T) using metal::T##2; using metal::T##3; using metal::T##4; using metal::packed_##T##2; using metal::packed_##T##3; using metal::packed_##T##4;
GLOBAL(bool) GLOBAL(char) GLOBAL(uchar) GLOBAL(short) GLOBAL(ushort) GLOBAL(int) GLOBAL(uint) GLOBAL(long) GLOBAL(ulong) GLOBAL(half) GLOBAL(float) GLOBAL(bfloat)
