// Functions of numbers and vectors (MSL spec, sections 6.3 to 6.6, 6.9 and 6.11).
namespace metal {
// common<A...> is what arguments become together: the elements of the first
// vector, or what C++ makes of the scalars.
template <class A, class B> auto sum_type() {
	if constexpr (std::is_same_v<A, B>) return A();
	else if constexpr (std::is_same_v<A, bfloat> || std::is_same_v<B, bfloat>) {
		if constexpr (is_float_v<A> && is_float_v<B>) return float();
		else return bfloat();
	} else return decltype(A() + B())();
}
template <class A, class B> struct join {
	static constexpr int n = shape<A>::n > 1 ? shape<A>::n : shape<B>::n;
	template <class X, class Y> static auto pick() {
		if constexpr (shape<X>::n > 1) return typename shape<X>::elem();
		else if constexpr (shape<Y>::n > 1) return typename shape<Y>::elem();
		else return sum_type<typename shape<X>::elem, typename shape<Y>::elem>();
	}
	using elem = decltype(pick<A, B>());
	using type = std::conditional_t<(n > 1), vec<elem, (n > 1 ? n : 2)>, elem>;
};
template <class A, class... B> struct joined { using type = typename join<A, typename joined<B...>::type>::type; };
template <class A> struct joined<A> { using type = std::conditional_t<(shape<A>::n > 1), vec<typename shape<A>::elem, (shape<A>::n > 1 ? shape<A>::n : 2)>, typename shape<A>::elem>; };

// each applies f to the components of its arguments.
template <class F, class... A> auto each(F f, const A &...a) {
	using J = typename joined<A...>::type;
	using T = typename shape<J>::elem;
	if constexpr (shape<J>::n == 1) return f(convert<T>(at(a, 0))...);
	else {
		vec<decltype(f(convert<T>(at(a, 0))...)), shape<J>::n> r;
		for (int i = 0; i < shape<J>::n; i++) r.d[i] = f(convert<T>(at(a, i))...);
		return r;
	}
}

template <class A> using number = std::enable_if_t<(shape<A>::n > 0), int>;
#define F1(name, expr) template <class A, number<A> = 0> auto name(const A &a) { return each([](auto x) { using T = decltype(x); (void)sizeof(T); return expr; }, a); }
#define F2(name, expr) template <class A, class B, number<A> = 0, number<B> = 0> auto name(const A &a, const B &b) { return each([](auto x, auto y) { using T = decltype(x); (void)sizeof(T); return expr; }, a, b); }
#define F3(name, expr) template <class A, class B, class C, number<A> = 0, number<B> = 0, number<C> = 0> auto name(const A &a, const B &b, const C &c) { return each([](auto x, auto y, auto z) { using T = decltype(x); (void)sizeof(T); return expr; }, a, b, c); }
// Mathematical functions are computed in double. The L keeps the constant from
// being a float, as unsuffixed ones are in Metal.
const double pi = 3.14159265358979323846L;
#define M1(name, expr) F1(name, math1<T>(double(float(x)), [](double x) -> double { return expr; }))
template <class T, class F> auto math1(double x, F f) { if constexpr (is_float_v<T>) return T(float(f(x))); else return float(f(x)); }

M1(acos, std::acos(x)) M1(acosh, std::acosh(x)) M1(asin, std::asin(x)) M1(asinh, std::asinh(x)) M1(atan, std::atan(x)) M1(atanh, std::atanh(x))
M1(cos, std::cos(x)) M1(cosh, std::cosh(x)) M1(cospi, std::cos(x * pi)) M1(exp, std::exp(x)) M1(exp2, std::exp2(x)) M1(exp10, std::pow(10.0, x))
M1(log, std::log(x)) M1(log2, std::log2(x)) M1(log10, std::log10(x)) M1(rsqrt, 1 / std::sqrt(x)) M1(sin, std::sin(x)) M1(sinh, std::sinh(x))
M1(sinpi, std::sin(x * pi)) M1(sqrt, std::sqrt(x)) M1(tan, std::tan(x)) M1(tanh, std::tanh(x)) M1(tanpi, std::tan(x * pi))
M1(ceil, std::ceil(x)) M1(floor, std::floor(x)) M1(trunc, std::trunc(x)) M1(rint, std::nearbyint(x)) M1(round, std::round(x)) M1(fabs, std::fabs(x))
#define M2(name, expr) F2(name, math2<T>(double(float(x)), double(float(y)), [](double x, double y) -> double { return expr; }))
template <class T, class F> auto math2(double x, double y, F f) { if constexpr (is_float_v<T>) return T(float(f(x, y))); else return float(f(x, y)); }
M2(atan2, std::atan2(x, y)) M2(pow, std::pow(x, y)) M2(powr, std::pow(x, y)) M2(fmod, std::fmod(x, y)) M2(copysign, std::copysign(x, y))
M2(fdim, x <= y ? 0.0 : x - y) M2(divide, x / y)
F3(fma, T(std::fma(float(x), float(y), float(z))))
F1(fract, T(std::fmin(float(x - T(std::floor(float(x)))), 0x1.fffffep-1f)))
F1(saturate, T(std::fmin(std::fmax(float(x), 0.0f), 1.0f)))
F1(sign, T(x > T(0) ? 1 : x < T(0) ? -1 : 0))
F2(step, T(y < x ? 0 : 1))
F3(mix, T(x + T(T(y - x) * z)))
template <class T> T smooth(T e0, T e1, T x) { T t = T(std::fmin(std::fmax(float(T(T(x - e0) / T(e1 - e0))), 0.0f), 1.0f)); return T(T(t * t) * T(T(3) - T(T(2) * t))); }
F3(smoothstep, smooth<T>(x, y, z))

template <class T> T least(T x, T y) { if constexpr (is_float_v<T>) return T(std::fmin(float(x), float(y))); else return y < x ? y : x; }
template <class T> T most(T x, T y) { if constexpr (is_float_v<T>) return T(std::fmax(float(x), float(y))); else return x < y ? y : x; }
F2(min, least<T>(x, y)) F2(max, most<T>(x, y)) F2(fmin, least<T>(x, y)) F2(fmax, most<T>(x, y))
F3(min3, least<T>(least<T>(x, y), z)) F3(max3, most<T>(most<T>(x, y), z)) F3(median3, most<T>(least<T>(x, y), least<T>(most<T>(x, y), z)))
F3(clamp, least<T>(most<T>(x, y), z))
template <class T> T absolute(T x) { if constexpr (is_float_v<T>) return T(std::fabs(float(x))); else return x < T(0) ? T(-x) : x; }
F1(abs, absolute<T>(x))

// Integers.
template <class T> using wider = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;
template <class T> T limit(wider<T> x) {
	wider<T> lo = std::numeric_limits<T>::min(), hi = std::numeric_limits<T>::max();
	if (std::is_signed_v<T>) return T(x < lo ? lo : x > hi ? hi : x);
	return T(x > hi ? hi : x);
}
template <class T> T subtract_limited(T x, T y) { if (!std::is_signed_v<T> && x < y) return 0; return limit<T>(wider<T>(x) - wider<T>(y)); }
F2(addsat, limit<T>(wider<T>(x) + wider<T>(y))) F2(subsat, subtract_limited<T>(x, y)) F3(madsat, limit<T>(wider<T>(x) * wider<T>(y) + wider<T>(z)))
F2(hadd, T((wider<T>(x) + wider<T>(y)) >> 1)) F2(rhadd, T((wider<T>(x) + wider<T>(y) + 1) >> 1))
F2(mulhi, T((wider<T>(x) * wider<T>(y)) >> (8 * sizeof(T)))) F3(madhi, T(T((wider<T>(x) * wider<T>(y)) >> (8 * sizeof(T))) + z))
F2(mul24, T(x * y)) F3(mad24, T(x * y + z))
F2(absdiff, std::make_unsigned_t<T>(x < y ? wider<T>(y) - wider<T>(x) : wider<T>(x) - wider<T>(y)))
template <class T> T leading(T x) { int n = 0; for (int i = 8 * sizeof(T) - 1; i >= 0 && !(uint64_t(x) >> i & 1); i--) n++; return T(n); }
template <class T> T trailing(T x) { int n = 0; while (n < int(8 * sizeof(T)) && !(uint64_t(x) >> n & 1)) n++; return T(n); }
template <class T> T ones(T x) { int n = 0; for (int i = 0; i < int(8 * sizeof(T)); i++) n += uint64_t(x) >> i & 1; return T(n); }
template <class T> T reversed(T x) { uint64_t r = 0; for (int i = 0; i < int(8 * sizeof(T)); i++) r = r << 1 | (uint64_t(x) >> i & 1); return T(r); }
template <class T> T rotated(T x, T by) {
	constexpr int w = 8 * sizeof(T);
	using U = std::make_unsigned_t<T>;
	int n = int(U(by)) & (w - 1);
	return n ? T(U(U(x) << n) | U(U(x) >> (w - n))) : x;
}
F1(clz, leading<T>(x)) F1(ctz, trailing<T>(x)) F1(popcount, ones<T>(x)) F1(reverse_bits, reversed<T>(x)) F2(rotate, rotated<T>(x, y))
template <class A, number<A> = 0> auto extract_bits(const A &a, uint off, uint n) {
	return each([=](auto x) {
		using T = decltype(x);
		constexpr uint w = 8 * sizeof(T);
		if (n == 0 || off >= w) return T(0);
		auto u = std::make_unsigned_t<T>(std::make_unsigned_t<T>(x) << (w - off - n));
		return T(T(u) >> (w - n));
	}, a);
}
template <class A, class B, number<A> = 0> auto insert_bits(const A &a, const B &b, uint off, uint n) {
	return each([=](auto x, auto y) {
		using T = decltype(x);
		using U = std::make_unsigned_t<T>;
		constexpr uint w = 8 * sizeof(T);
		if (n == 0 || off >= w) return x;
		U mask = U(U(U(~U(0)) >> (w - n)) << off);
		return T((U(x) & U(~mask)) | (U(U(y) << off) & mask));
	}, a, b);
}

// Relations.
F1(isnan, std::isnan(float(x))) F1(isinf, std::isinf(float(x))) F1(isfinite, std::isfinite(float(x))) F1(signbit, std::signbit(float(x)))
F1(isnormal, std::fabs(float(x)) >= float(std::is_same_v<T, half> ? 0x1p-14f : 0x1p-126f) && !std::isinf(float(x)))
F2(isordered, x == x && y == y) F2(isunordered, x != x || y != y)
template <class A, number<A> = 0> bool all(const A &a) { bool r = true; for (int i = 0; i < shape<A>::n; i++) r = r && at(a, i); return r; }
template <class A, number<A> = 0> bool any(const A &a) { bool r = false; for (int i = 0; i < shape<A>::n; i++) r = r || at(a, i); return r; }
template <class A, class B, class C, number<A> = 0, number<B> = 0, number<C> = 0> auto select(const A &a, const B &b, const C &c) {
	using J = typename joined<A, B>::type;
	using T = typename shape<J>::elem;
	// An integer of a vector is true where its topmost bit is set.
	auto chosen = [&](int i) { auto k = at(c, i); return (shape<C>::n == 1 || std::is_same_v<decltype(k), bool> ? bool(k) : k < 0) ? convert<T>(at(b, i)) : convert<T>(at(a, i)); };
	if constexpr (shape<J>::n == 1) return chosen(0);
	else { J r; for (int i = 0; i < shape<J>::n; i++) r.d[i] = chosen(i); return r; }
}

// With a second result.
template <class A, class B, number<A> = 0> auto frexp(const A &a, B &e) {
	using J = typename joined<A>::type;
	using T = typename shape<J>::elem;
	auto one = [](T x, auto &k) { int n; T m = T(std::frexp(float(x), &n)); k = n; return m; };
	if constexpr (shape<J>::n == 1) return one(a, e);
	else { J r; for (int i = 0; i < shape<J>::n; i++) r.d[i] = one(at(a, i), e.d[i]); return r; }
}
template <class A, class B, number<A> = 0> auto modf(const A &a, B &whole) {
	using J = typename joined<A>::type;
	using T = typename shape<J>::elem;
	auto one = [](T x, auto &w) { float f = float(x), t = std::trunc(f); w = T(t); return T(std::copysign(std::isinf(f) ? 0.0f : f - t, f)); };
	if constexpr (shape<J>::n == 1) return one(a, whole);
	else { J r; for (int i = 0; i < shape<J>::n; i++) r.d[i] = one(at(a, i), whole.d[i]); return r; }
}
template <class A, class B, number<A> = 0> auto sincos(const A &a, B &c) { c = cos(a); return sin(a); }
template <class A, class B, number<A> = 0> auto ldexp(const A &a, const B &k) {
	using J = typename joined<A>::type;
	using T = typename shape<J>::elem;
	if constexpr (shape<J>::n == 1) return T(std::ldexp(float(a), int(k)));
	else { J r; for (int i = 0; i < shape<J>::n; i++) r.d[i] = T(std::ldexp(float(at(a, i)), int(at(k, i)))); return r; }
}
F1(ilogb, int(std::ilogb(float(x))))

// Geometry.
template <class A, class B, number<A> = 0> auto dot(const A &a, const B &b) {
	using T = typename shape<typename joined<A, B>::type>::elem;
	T s = T(at(a, 0) * at(b, 0));
	for (int i = 1; i < shape<A>::n; i++) s = T(s + T(at(a, i) * at(b, i)));
	return s;
}
template <class A, number<A> = 0> auto wide_dot(const A &a) { float s = 0; for (int i = 0; i < shape<A>::n; i++) s += float(at(a, i)) * float(at(a, i)); return s; }
template <class A, number<A> = 0> auto length(const A &a) { return typename shape<A>::elem(std::sqrt(wide_dot(a))); }
template <class A, number<A> = 0> auto length_squared(const A &a) { return typename shape<A>::elem(wide_dot(a)); }
template <class A, class B, number<A> = 0> auto distance(const A &a, const B &b) { return length(a - b); }
template <class A, class B, number<A> = 0> auto distance_squared(const A &a, const B &b) { return length_squared(a - b); }
template <class A, number<A> = 0> auto normalize(const A &a) { float n = std::sqrt(wide_dot(a)); return each([=](auto x) { return decltype(x)(float(x) / n); }, a); }
template <class A, class B, number<A> = 0> auto cross(const A &a, const B &b) {
	using T = typename shape<A>::elem;
	auto part = [&](int i, int k) { return T(T(at(a, i) * at(b, k)) - T(at(a, k) * at(b, i))); };
	return vec<T, 3>(part(1, 2), part(2, 0), part(0, 1));
}
template <class A, class B, number<A> = 0> auto reflect(const A &i, const B &n) { using T = typename shape<A>::elem; return i - T(T(2) * dot(n, i)) * n; }
template <class A, class B, class C, number<A> = 0> auto faceforward(const A &n, const B &i, const C &r) { using V = typename joined<A>::type; return dot(r, i) < 0 ? V(n) : V(-n); }
template <class A, class B, class C, number<A> = 0> auto refract(const A &i, const B &n, const C &e) {
	using V = typename joined<A>::type;
	using T = typename shape<A>::elem;
	T eta = T(e), d = dot(n, i), k = T(T(1) - eta * eta * (T(1) - d * d));
	if (k < T(0)) return V(T(0));
	return V(eta * i - T(eta * d + T(std::sqrt(float(k)))) * n);
}

// Packing.
template <int... Bits> struct packing {
	template <bool Signed, class A> static uint pack(const A &a) {
		constexpr int bits[] = {Bits...};
		uint w = 0;
		int off = 0;
		for (int i = 0; i < int(sizeof...(Bits)); i++) {
			float x = float(at(a, i)), top = float((1u << (bits[i] - Signed)) - 1);
			x = std::fmin(std::fmax(x, Signed ? -1.0f : 0.0f), 1.0f);
			w |= (uint(int(std::nearbyint(x * top))) & ((1u << bits[i]) - 1)) << off;
			off += bits[i];
		}
		return w;
	}
	template <bool Signed, class T> static vec<T, sizeof...(Bits)> unpack(uint w) {
		constexpr int bits[] = {Bits...};
		vec<T, sizeof...(Bits)> r;
		int off = 0;
		for (int i = 0; i < int(sizeof...(Bits)); i++) {
			int v = int(w << (32 - off - bits[i]));
			float x = Signed ? float(v >> (32 - bits[i])) : float(uint(v) >> (32 - bits[i]));
			r.d[i] = T(std::fmax(x / float((1u << (bits[i] - Signed)) - 1), -1.0f));
			off += bits[i];
		}
		return r;
	}
};
#define PACK(name, P, S, R) \
	template <class A> R pack_float_to_##name(const A &a) { return R(P::pack<S>(a)); } \
	template <class A> R pack_half_to_##name(const A &a) { return R(P::pack<S>(a)); } \
	inline auto unpack_##name##_to_float(uint w) { return P::unpack<S, float>(w); } \
	inline auto unpack_##name##_to_half(uint w) { return P::unpack<S, half>(w); }
using p4x8 = packing<8, 8, 8, 8>; using p2x16 = packing<16, 16>; using p10a2 = packing<10, 10, 10, 2>; using p565 = packing<5, 6, 5>;
PACK(unorm4x8, p4x8, false, uint) PACK(snorm4x8, p4x8, true, uint) PACK(unorm2x16, p2x16, false, uint) PACK(snorm2x16, p2x16, true, uint)
PACK(unorm10a2, p10a2, false, uint) PACK(unorm565, p565, false, ushort)

namespace precise { using namespace metal; }
namespace fast { using namespace metal; }
} // namespace metal
