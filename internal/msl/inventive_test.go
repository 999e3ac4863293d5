package msl

import "testing"

// inventive has programs that put features of the language together as people
// do, each with what it must leave in out.
var inventive = []snippet{
	// Templates.
	{"a policy chosen by a tag", `
struct add_tag {}; struct mul_tag {};
template <typename Tag> struct fold_op;
template <> struct fold_op<add_tag> { template <typename T> static T run(T a, T b) { return a + b; } static constexpr constant int unit = 0; };
template <> struct fold_op<mul_tag> { template <typename T> static T run(T a, T b) { return a * b; } static constexpr constant int unit = 1; };
template <typename Tag, typename T, int N> T folded(thread const T (&a)[N]) { T r = fold_op<Tag>::unit; for (int i = 0; i < N; ++i) r = fold_op<Tag>::template run<T>(r, a[i]); return r; }`,
		`int a[4] = {1, 2, 3, 4}; float b[2] = {1.5f, 4}; out[0] = folded<add_tag>(a); out[1] = folded<mul_tag>(a); out[2] = int(folded<mul_tag>(b));`, []int32{10, 24, 6}},
	{"members found by SFINAE", `
template <typename T> auto length_of(thread const T &x, int) -> decltype(x.size()) { return x.size(); }
template <typename T> int length_of(thread const T &x, long) { return -1; }
struct sized { int size() const thread { return 7; } };`,
		`sized s; float f = 1; out[0] = length_of(s, 0); out[1] = length_of(f, 0);`, []int32{7, -1}},
	{"enable_if in the result, in a parameter, in a default argument", `
template <typename T> typename enable_if<is_integral<T>::value, int>::type a(T) { return 1; }
template <typename T> typename enable_if<!is_integral<T>::value, int>::type a(T) { return 2; }
template <typename T> int b(T, typename enable_if<is_same<T, half>::value>::type thread * = nullptr) { return 3; }
template <typename T> int b(T, typename enable_if<!is_same<T, half>::value>::type thread * = nullptr) { return 4; }
template <typename T, typename = enable_if_t<is_floating_point_v<T>>> int c(T) { return 5; }
int c(int) { return 6; }`,
		`out[0] = a(1) * 10 + a(1.0f); out[1] = b(1.0h) * 10 + b(1); out[2] = c(2.0f) * 10 + c(2);`, []int32{12, 34, 56}},
	{"the curiously recurring template", `
template <typename D> struct shape { float twice_area() const thread { return 2 * static_cast<const thread D *>(this)->area(); } };
struct square : shape<square> { float s; float area() const thread { return s * s; } };
struct disc : shape<disc> { float r; float area() const thread { return 3 * r * r; } };`,
		`square q; q.s = 3; disc d; d.r = 2; out[0] = int(q.twice_area()); out[1] = int(d.twice_area());`, []int32{18, 24}},
	{"a list of types", `
template <typename... Ts> struct list { static constexpr constant int size = sizeof...(Ts); };
template <int I, typename L> struct at;
template <typename H, typename... Ts> struct at<0, list<H, Ts...>> { using type = H; };
template <int I, typename H, typename... Ts> struct at<I, list<H, Ts...>> { using type = typename at<I - 1, list<Ts...>>::type; };
template <typename T, typename L> struct index_of;
template <typename T, typename... Ts> struct index_of<T, list<T, Ts...>> { static constexpr constant int value = 0; };
template <typename T, typename H, typename... Ts> struct index_of<T, list<H, Ts...>> { static constexpr constant int value = 1 + index_of<T, list<Ts...>>::value; };
using all = list<char, short, int, float4>;`,
		`out[0] = all::size; out[1] = sizeof(at<3, all>::type); out[2] = index_of<int, all>::value; at<2, all>::type x = 9; out[3] = x;`, []int32{4, 16, 2, 9}},
	{"integer sequences", `
template <int... Is> struct seq {};
template <int N, int... Is> struct make : make<N - 1, N - 1, Is...> {};
template <int... Is> struct make<0, Is...> { using type = seq<Is...>; };
template <int... Is> int dotted(thread const int *a, thread const int *b, seq<Is...>) { int r = 0; int unused[] = {(r += a[Is] * b[Is], 0)...}; (void)unused; return r; }`,
		`int a[4] = {1, 2, 3, 4}, b[4] = {5, 6, 7, 8}; out[0] = dotted(a, b, make<4>::type());`, []int32{70}},
	{"template template parameters", `
template <typename T> struct twice { static T f(T x) { return 2 * x; } };
template <typename T> struct squared { static T f(T x) { return x * x; } };
template <template <typename> class F, template <typename> class G, typename T> T composed(T x) { return F<T>::f(G<T>::f(x)); }`,
		`out[0] = composed<twice, squared>(3); out[1] = int(composed<squared, twice>(1.5f));`, []int32{18, 9}},
	{"partial specialisations by value and by type", `
template <typename T, int N, bool P = (N & (N - 1)) == 0> struct kind { static constexpr constant int v = 0; };
template <typename T, int N> struct kind<T, N, true> { static constexpr constant int v = 1; };
template <int N> struct kind<float, N, true> { static constexpr constant int v = 2; };
template <typename T> struct kind<T, 3, false> { static constexpr constant int v = 3; };
template <typename T, int N> struct kind<device T *, N, true> { static constexpr constant int v = 4; };`,
		`out[0] = kind<int, 6>::v; out[1] = kind<int, 8>::v; out[2] = kind<float, 4>::v; out[3] = kind<half, 3>::v; out[4] = kind<device int *, 2>::v;`, []int32{0, 1, 2, 3, 4}},
	{"a variadic maximum", `
template <typename T> constexpr T most(T a) { return a; }
template <typename T, typename... R> constexpr T most(T a, R... r) { return a > most(r...) ? a : most(r...); }
static_assert(most(3, 9, 4) == 9, "most");`,
		`out[0] = most(1, 5, 2, 4); out[1] = int(10 * most(1.5f, 0.5f));`, []int32{5, 15}},
	{"overloads by address space, through a template", `
int where(const device int *) { return 1; } int where(const constant int *) { return 2; } int where(const threadgroup int *) { return 3; } int where(const thread int *) { return 4; }
template <typename P> int go(P p) { return where(p); }
constant int c[1] = {0};`,
		`threadgroup int g[1]; int t[1]; out[0] = go(out); out[1] = go(c); out[2] = go(g); out[3] = go(t);`, []int32{1, 2, 3, 4}},
	{"explicit arguments, then deduced ones", `
template <typename To, typename From> To saturated(From x) { return To(clamp(x, From(numeric_limits<To>::min()), From(numeric_limits<To>::max()))); }`,
		`out[0] = saturated<uchar>(300); out[1] = saturated<char>(-300); out[2] = saturated<short>(70000.0f); out[3] = saturated<ushort>(-1);`, []int32{255, -128, 32767, 0}},
	{"static members of templates", `
template <typename T> struct info { static constexpr constant T one = T(1); static constexpr constant int bits = 8 * sizeof(T); static constexpr T twice(T x) { return x + x; } };
template <typename T> constexpr constant int bits_of = info<T>::bits;`,
		`out[0] = info<short>::bits + info<half>::bits; out[1] = int(info<float>::twice(info<float>::one)); out[2] = bits_of<long>;`, []int32{32, 2, 64}},
	{"an operator and a conversion of a template", `
template <typename T> struct box { T v; operator T() const thread { return v; } template <typename U> box<decltype(T() + U())> operator+(box<U> o) const thread { return {v + o.v}; } };`,
		`box<int> a{3}; box<float> b{1.5f}; auto c = a + b; out[0] = int(2 * float(c)); int x = a; out[1] = x;`, []int32{9, 3}},
	{"friends that are operators", `
struct mod7 { int v; friend mod7 operator+(mod7 a, mod7 b) { return {(a.v + b.v) % 7}; } friend mod7 operator*(mod7 a, mod7 b) { return {(a.v * b.v) % 7}; } friend bool operator==(mod7 a, mod7 b) { return a.v == b.v; } };`,
		`mod7 a{5}, b{4}; out[0] = (a + b).v; out[1] = (a * b).v; out[2] = a + b == mod7{2};`, []int32{2, 6, 1}},

	// constexpr.
	{"tables made at compile time", `
struct table { uint v[16]; };
constexpr table crc() { table t = {}; for (uint i = 0; i < 16; ++i) { uint c = i; for (int k = 0; k < 4; ++k) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1; t.v[i] = c; } return t; }
constant constexpr table crcs = crc();
uint crc32(thread const uchar *p, int n) { uint c = ~0u; for (int i = 0; i < n; ++i) { c ^= p[i]; c = crcs.v[c & 15] ^ (c >> 4); c = crcs.v[c & 15] ^ (c >> 4); } return ~c; }`,
		`uchar s[9] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'}; out[0] = int(crc32(s, 9)); out[1] = int(crcs.v[1]);`, []int32{-873187034, 0x1DB71064}},
	{"constexpr with loops, branches and structs", `
constexpr bool prime(int n) { if (n < 2) return false; for (int i = 2; i * i <= n; ++i) if (n % i == 0) return false; return true; }
constexpr int count_primes(int n) { int c = 0; for (int i = 0; i < n; i++) if (prime(i)) ++c; return c; }
constexpr int gcd(int a, int b) { while (b) { int t = a % b; a = b; b = t; } return a; }
struct ratio { int n, d; constexpr ratio(int a, int b) : n(a / gcd(a, b)), d(b / gcd(a, b)) {} constexpr ratio operator+(ratio o) const { return ratio(n * o.d + o.n * d, d * o.d); } };
constant constexpr ratio r = ratio(1, 6) + ratio(1, 3);
static_assert(r.n == 1 && r.d == 2, "r"); static_assert(count_primes(100) == 25);`,
		`int a[count_primes(30)]; out[0] = sizeof(a) / sizeof(int); out[1] = r.n * 10 + r.d;`, []int32{10, 12}},
	{"constexpr halves and vectors", `
constant constexpr half third = 1.0h / 3.0h; constexpr constant float2 v = float2(1, 2) * 3; constant half big = 60000.0h; constant constexpr int4 perm = int4(4, 3, 2, 1).wzyx;
static_assert(v.y == 6, "v"); static_assert(perm.x == 1, "perm"); static_assert(third != 1.0f / 3.0f, "rounded");`,
		`out[0] = as_type<ushort>(third); out[1] = int(v.x + v.y); out[2] = perm.z; out[3] = isinf(big + big);`, []int32{0x3555, 9, 3, 1}},
	{"enumerators computed", `
enum flags : uint { none = 0, a = 1u << 0, b = 1u << 3, both = a | b, all = ~0u }; constexpr flags operator|(flags x, flags y) { return flags(uint(x) | uint(y)); }
enum class op : uchar { add, sub = 10, mul, last = mul };`,
		`flags f = a | b; out[0] = f == both; out[1] = int(op::last); out[2] = sizeof(op); out[3] = uint(all) == 0xffffffffu;`, []int32{1, 11, 1, 1}},

	// Classes and operators.
	{"complex numbers", `
struct cplx { float re, im;
  cplx() = default; constexpr cplx(float r, float i = 0) : re(r), im(i) {}
  cplx operator*(cplx o) const { return cplx(re * o.re - im * o.im, re * o.im + im * o.re); } cplx operator+(cplx o) const { return {re + o.re, im + o.im}; }
  thread cplx &operator+=(cplx o) thread { re += o.re; im += o.im; return *this; } cplx operator-() const { return {-re, -im}; } bool operator!=(cplx o) const { return re != o.re || im != o.im; } float norm() const { return re * re + im * im; } };
cplx operator*(float s, cplx c) { return {s * c.re, s * c.im}; }
int escapes(cplx c) { cplx z = 0; for (int i = 0; i < 50; i++) { z = z * z + c; if (z.norm() > 4) return i; } return -1; }`,
		`cplx i(0, 1); out[0] = int((i * i).re); cplx s = 2; (s += i) += i; out[1] = int(s.re * 10 + s.im); out[2] = int((3.0f * -i).im); out[3] = escapes(cplx(1, 1)); out[4] = escapes(0); out[5] = i != i * i;`, []int32{-1, 22, -3, 1, -1, 1}},
	{"an iterator and range-for", `
struct range { int a, b; struct it { int i; int operator*() const { return i; } void operator++() { ++i; } bool operator!=(it o) const { return i != o.i; } }; it begin() const { return {a}; } it end() const { return {b}; } };`,
		`int s = 0; for (int x : range{3, 7}) s = s * 10 + x; out[0] = s; array<int, 3> v = {{5, 6, 7}}; for (thread auto &x : v) x *= 2; s = 0; for (auto x : v) s += x; out[1] = s; int raw[2][2] = {{1, 2}, {3, 4}}; s = 0; for (thread auto &row : raw) for (int x : row) s = s * 10 + x; out[2] = s;`, []int32{3456, 36, 1234}},
	{"ranges by functions, of values, of braced lists", `
namespace lib { struct digits { int n; }; struct cursor { int n; int operator*() const { return n % 10; } thread cursor &operator++() thread { n /= 10; return *this; } }; bool operator!=(cursor a, cursor b) { return a.n != b.n; } cursor begin(digits d) { return {d.n}; } cursor end(digits) { return {0}; } }
struct view { device int *b; int n; device int *begin() const thread { return b; } device int *end() const thread { return b + n; } };
array<int, 3> three() { return {{7, 8, 9}}; } template <typename R> int total(R r) { int s = 0; for (auto x : r) s += x; return s; }`,
		`int s = 0; for (int d : lib::digits{1234}) s = s * 10 + d; out[0] = s; s = 0; for (auto x : three()) s = s * 10 + x; out[1] = s; s = 0; for (float f : {1.5f, 2.5f, 3.0f}) s += int(f * 2); out[2] = s; for (device int &x : view{out + 3, 2}) x += 5; out[5] = total(view{out, 2}); for (const auto d : lib::digits{0}) out[6] = d + 1;`,
		[]int32{4321, 789, 14, 5, 5, 5110, 0}},
	{"enumerations defined later", `struct O { enum class E : int; enum F : short; E e; }; enum class O::E : int { a = 4, b, c = b * 2 }; enum O::F : short { x = 9, y };`,
		`O o{O::E::c}; out[0] = int(o.e); out[1] = O::y; out[2] = int(O::E::a); out[3] = sizeof(O::F);`, []int32{10, 10, 4, 2}},
	{"increments, subscripts, calls, arrows", `
struct cur { int v; thread cur &operator++() thread { ++v; return *this; } cur operator++(int) thread { cur o = *this; ++v; return o; } thread cur &operator--() thread { --v; return *this; } int operator[](int k) const { return v * k; } int operator()(int a, int b) const { return v + a * b; } thread cur *operator->() thread { return this; } explicit operator bool() const { return v > 0; } };`,
		`cur c{5}; out[0] = (c++).v * 10 + (++c).v; out[1] = c[3]; out[2] = c(2, 3); out[3] = c->v; out[4] = c ? 1 : 0; --c; out[5] = c && true; out[6] = !c;`, []int32{57, 21, 13, 7, 1, 1, 0}},
	{"assignment operators of one's own", `
struct acc { int v; thread acc &operator<<(int x) thread { v = v * 10 + x; return *this; } thread acc &operator=(int x) thread { v = x; return *this; } thread acc &operator%=(int x) thread { v %= x; return *this; } };`,
		`acc a{0}; a << 1 << 2 << 3; out[0] = a.v; a %= 100; out[1] = a.v; a = 7; out[2] = a.v;`, []int32{123, 23, 7}},
	{"access, defaults, deleted and delegating constructors", `
class counter { int n = 3; int step{2}; public: counter() = default; explicit counter(int x) : n(x) {} counter(int x, int s) : counter(x) { step = s; } counter(float) = delete; int next() thread { n += step; return n; } };`,
		`counter a, b(10), c(1, 100); out[0] = a.next(); out[1] = b.next(); out[2] = c.next() + c.next();`, []int32{5, 12, 302}},
	{"methods by address space", `
struct cell { int v; int get() const device { return v + 1; } int get() const thread { return v + 2; } int get() const threadgroup { return v + 3; } int get() const constant { return v + 4; } void set(int x) device { v = x; } void set(int x) threadgroup { v = x; } };
constant cell fixed = {40};`,
		`threadgroup cell g; g.set(30); device cell &d = *reinterpret_cast<device cell *>(out + 7); d.set(10); cell t{20}; out[0] = d.get(); out[1] = t.get(); out[2] = g.get(); out[3] = fixed.get(); out[7] = 0;`, []int32{11, 22, 33, 44, 0, 0, 0, 0}},
	{"a stack in a class template", `
template <typename T, uint N> class stack { T d[N]; uint n = 0; public: bool push(T x) thread { if (n == N) return false; d[n++] = x; return true; } T pop() thread { return d[--n]; } bool empty() const thread { return n == 0; } };`,
		`stack<int, 4> s; bool full = false; for (int i = 0; i < 6; i++) full = !s.push(i * i); int r = 0; while (!s.empty()) r = r * 10 + s.pop(); out[0] = r; out[1] = full;`, []int32{9410, 1}},
	{"multiple bases", `
struct A { int a = 1; int fa() const { return a; } }; struct B { int b = 2; int fa2() const { return b * 2; } }; struct C : A, B { int c = 3; int sum() const { return a + b + c + fa() + fa2(); } };
int takes_b(thread const B &b) { return b.b; }`,
		`C c; out[0] = c.sum(); c.b = 9; out[1] = takes_b(c); thread B &b = c; b.b = 11; out[2] = c.b; out[3] = sizeof(C);`, []int32{11, 9, 11, 12}},

	// Unions and reinterpretation.
	{"halves of words", `
union word { uint u; struct { ushort lo, hi; }; uchar b[4]; half2 h; };`,
		`word w; w.u = 0x40003C00; out[0] = w.lo; out[1] = w.hi; out[2] = w.b[3]; out[3] = int(w.h.x) * 10 + int(w.h.y); w.b[0] = 1; out[4] = int(w.u); w.hi = 0; out[5] = int(w.u);`, []int32{0x3C00, 0x4000, 0x40, 12, 0x40003C01, 0x3C01}},
	{"a tagged union", `
struct var { enum kind { I, F, V } k; union { int i; float f; short2 v; }; };
int weigh(var x) { switch (x.k) { case var::I: return x.i; case var::F: return int(x.f * 10); case var::V: return x.v.x + x.v.y; } return -1; }`,
		`var a; a.k = var::I; a.i = 5; var b; b.k = var::F; b.f = 2.5f; var c; c.k = var::V; c.v = short2(30, 4); out[0] = weigh(a) + weigh(b) * 10 + weigh(c) * 1000;`, []int32{34255}},
	{"the bits of floats", `
float inv_sqrt(float x) { float h = 0.5f * x; int i = as_type<int>(x); i = 0x5f3759df - (i >> 1); float y = as_type<float>(i); for (int k = 0; k < 3; k++) y = y * (1.5f - h * y * y); return y; }
int exponent(float x) { return int(as_type<uint>(x) >> 23 & 0xff) - 127; }`,
		`out[0] = int(inv_sqrt(4.0f) * 1000 + 0.5f); out[1] = exponent(10.0f); out[2] = as_type<int>(half2(1.0h, -2.0h)); out[3] = as_type<short4>(as_type<ulong>(float2(1, 2))).w; out[4] = as_type<uchar4>(0x04030201).w; out[5] = as_type<bfloat>(ushort(0x3FC0)) == 1.5bf;`, []int32{500, 3, -1073726464, 0x4000, 4, 1}},

	// Control flow.
	{"falling through an enum class", `
enum class st : char { a, b, c, d }; int walk(st s) { int r = 0; switch (s) { case st::a: r += 1; case st::b: r += 10; [[fallthrough]]; case st::c: { int k = 100; r += k; break; } default: r = -1; } return r; }`,
		`out[0] = walk(st::a); out[1] = walk(st::b); out[2] = walk(st::c); out[3] = walk(st::d);`, []int32{111, 110, 100, -1}},
	{"a state machine", `
int parse(constant const char *s) { enum { start, sign, digits, fail } st = start; int v = 0, sg = 1; while (true) { char c = *s++; switch (st) { case start: if (c == '-') { sg = -1; st = sign; } else if (c >= '0' && c <= '9') { v = c - '0'; st = digits; } else st = fail; break; case sign: st = c >= '0' && c <= '9' ? digits : fail; v = c - '0'; if (st == fail) return -999; break; case digits: if (c == 0) return sg * v; if (c < '0' || c > '9') { st = fail; break; } v = v * 10 + (c - '0'); break; case fail: return -999; } } }`,
		`out[0] = parse("123"); out[1] = parse("-45"); out[2] = parse("4x1"); out[3] = parse("-");`, []int32{123, -45, -999, -999}},
	{"leaving nested loops by a flag", ``,
		`bool found = false; int fi = -1, fj = -1; for (int i = 1; i < 20 && !found; ++i) { for (int j = i; j < 20; ++j) { if (i % 3 == 0) continue; if (i * j == 77) { fi = i; fj = j; found = true; break; } } } out[0] = fi; out[1] = fj; int n = 0; do { if (++n == 3) continue; if (n > 6) break; } while (n < 10); out[2] = n; int x = 100, steps = 0; for (;;) { if (x == 1) break; x = x & 1 ? 3 * x + 1 : x / 2; steps++; } out[3] = steps; int i = 0, j = 10; for (; i < j; i += 2, --j) ; out[4] = i * 100 + j;`, []int32{7, 11, 7, 25, 806}},
	{"a switch in a loop in a switch", ``,
		`int r = 0; for (int i = 0; i < 6; i++) { switch (i % 3) { case 0: continue; case 1: for (int k = 0;; k++) { switch (k) { case 2: break; case 4: r += 1000; r++; break; default: r += 10; continue; } if (k == 4) break; } break; case 2: r += 100000; } } out[0] = r;`, []int32{202062}},
	{"short circuits have effects in order", `bool t(thread int &n, bool r) { n = n * 2 + 1; return r; }`,
		`int n = 0; bool a = t(n, false) && t(n, true); out[0] = n * 10 + a; n = 0; bool b = t(n, true) || t(n, true); out[1] = n * 10 + b; n = 0; int c = t(n, true) ? (n = 50) : (n = 60); out[2] = c + n; int i = 1; i += i++ + 0; out[3] = (i = 3, i * 2);`, []int32{10, 11, 100, 6}},
	{"if with an initialiser, conditions that declare", ``,
		`if (int x = 5; x > 3) out[0] = x; else out[0] = -x; if (int y = out[0] - 5) out[1] = 1; else out[1] = y + 7; int s = 0; while (int left = 3 - s) { s++; if (left > 9) break; } out[2] = s; switch (int z = 2; z) { case 2: out[3] = z * 4; }`, []int32{5, 7, 3, 8}},

	// Pointers, references, arrays.
	{"references to arrays, arrays by value in structs", `
struct grid { int a[2][3]; }; int trace(thread const int (&m)[2][3]) { return m[0][0] + m[1][1]; } void bump(thread grid &g) { for (thread auto &r : g.a) for (thread int &x : r) ++x; } grid made(int k) { grid g = {{{k, k, k}, {k + 1}}}; return g; }`,
		`grid g = made(4); bump(g); out[0] = trace(g.a); grid h = g; h.a[0][0] = 100; out[1] = g.a[0][0] + h.a[0][0]; out[2] = g.a[1][2]; thread int *p = &g.a[0][0]; p[4] = 77; out[3] = g.a[1][1]; out[4] = int(&g.a[1][0] - p);`, []int32{6, 105, 1, 77, 3}},
	{"pointers to pointers", ``,
		`int a = 1, b = 2; thread int *p = &a; thread int *thread *pp = &p; **pp = 10; *pp = &b; *p = 20; out[0] = a; out[1] = b; thread int *arr[2] = {&a, &b}; *arr[1] += 5; out[2] = b; thread int *thread *q = arr; ++q; out[3] = **q; out[4] = *p++ == 25; device int *d = out + 5; *d++ = 1; *d = 2; out[7] = int(d - out); const device int *e = d; out[8] = e > out && e != nullptr;`, []int32{10, 20, 25, 25, 1, 1, 2, 6, 1}},
	{"linked nodes in an array", `
struct node { int v; int next; }; constant node nodes[4] = {{1, 2}, {2, -1}, {3, 3}, {4, 1}};`,
		`int r = 0; for (int i = 0; i >= 0; i = nodes[i].next) r = r * 10 + nodes[i].v; out[0] = r; constant node *p = nodes; int s = 0; while (p != nodes + 4) s += (p++)->v; out[1] = s;`, []int32{1342, 10}},
	{"a function that returns a reference", `
struct pair { int a, b; thread int &pick(bool f) thread { return f ? a : b; } }; thread int &larger(thread int &x, thread int &y) { return x > y ? x : y; } device int &slot(device int *p, int i) { return p[i]; }`,
		`pair p{1, 2}; p.pick(true) = 5; p.pick(false) += 5; out[0] = p.a * 10 + p.b; int x = 3, y = 4; larger(x, y) = 9; out[1] = y; slot(out, 2) = 8; (x < y ? x : y) = 1; out[3] = x;`, []int32{57, 9, 8, 1}},
	{"multi-dimensional threadgroup memory", `void fillrow(threadgroup int (&row)[4], int k) { for (int i = 0; i < 4; i++) row[i] = k + i; } int at(threadgroup const int (*m)[4], int i, int j) { return m[i][j]; }`,
		`threadgroup int m[3][4]; for (int i = 0; i < 3; i++) fillrow(m[i], i * 10); out[0] = m[2][3]; out[1] = at(m, 1, 2); threadgroup int (&flat)[4] = m[1]; out[2] = flat[0]; threadgroup int *p = m[0]; out[3] = p[9];`, []int32{23, 12, 10, 21}},
	{"strings and characters", `constant char msg[] = "metal"; constexpr int len(constant const char *s) { int n = 0; while (s[n]) n++; return n; } int hash(constant const char *s) { int h = 5381; for (; *s; ++s) h = h * 33 ^ *s; return h; }`,
		`out[0] = len(msg); out[1] = sizeof(msg); out[2] = msg[1] == 'e'; out[3] = hash("ab"); out[4] = '\x41' + '\n' + '\0' + '\\';`, []int32{5, 6, 1, 5860902, 167}},

	// Lambdas and structured bindings.
	{"lambdas passed, returned and nested", `
template <typename F> int twice(F f, int x) { return f(f(x)); } auto adder(int k) { return [k](int x) { return x + k; }; }
template <typename F, typename G> auto compose(F f, G g) { return [=](auto x) { return f(g(x)); }; }`,
		`out[0] = twice([](int x) { return x * 3; }, 2); out[1] = adder(5)(10); auto sq = [](auto x) { return x * x; }; auto inc = [](auto x) { return x + 1; }; out[2] = compose(sq, inc)(4); int n = 0; auto count = [&](int k) mutable { n += k; return [&n]() { return n * 2; }; }; out[3] = count(3)() + count(4)(); int total = 0; auto rec = [&](auto self, int d) -> void { total += d; if (d > 1) self(self, d - 1); }; (void)rec; auto apply = [&](thread int &v, auto f) { f(v); }; apply(total, [](thread int &v) { v = 42; }); out[4] = total;`, []int32{18, 15, 25, 20, 42}},
	{"structured bindings of everything", `struct pt { int x, y; }; pt flip(pt p) { return {p.y, p.x}; }`,
		`auto [a, b] = flip({1, 2}); out[0] = a * 10 + b; int arr[3] = {3, 4, 5}; thread auto &[p, q, r] = arr; q = 9; out[1] = arr[1] + p + r; auto [u, v] = float2(1.5f, 2.5f); out[2] = int((u + v) * 10); const auto [m, n] = pt{7, 8}; out[3] = m * n; pt pts[2] = {{1, 2}, {3, 4}}; int s = 0; for (auto [i, j] : pts) s = s * 100 + i * j; out[4] = s; array<int, 2> w = {{5, 6}}; auto [c, d] = w; out[5] = c * d;`, []int32{21, 17, 40, 56, 212, 30}},

	// Preprocessor.
	{"macros of macros", `
#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
#define STR_(x) #x
#define STR(x) STR_(x)
#define NARGS_(a, b, c, d, n, ...) n
#define NARGS(...) NARGS_(__VA_ARGS__, 4, 3, 2, 1, 0)
#define FOR_EACH2(m, a, b) m(a) m(b)
#define DECL(n) int CAT(get_, n)() { return __LINE__ * 0 + sizeof(STR(n)); }
FOR_EACH2(DECL, abc, de)
#define SWAP(T, a, b) do { T CAT(tmp, __LINE__) = a; a = b; b = CAT(tmp, __LINE__); } while (0)
#if (1 ? 2 : 3) == 2 && !defined(NOPE) && (-1 > 0u) && ('a' == 97) && (1 << 4 | 1) == 17 && 5 / 2 == 2 && 0x10 == 020
#define COND 1
#else
#define COND 0
#endif
#define self self + 1
#define f(x) (x * f)`,
		`out[0] = get_abc() * 10 + get_de(); out[1] = NARGS(a, b, c); int x = 1, y = 2; SWAP(int, x, y); out[2] = x * 10 + y; out[3] = COND; int self2 = 3; out[4] = (self2) + sizeof(STR(self)); int f = 4; out[5] = f(2);`, []int32{43, 3, 21, 1, 12, 8}},
	{"counters, pragmas, line continuation in the midst of tok\\\nens", "#define V(\\\nx) x\n#pragma once\n_Pragma(\"clang diagnostic push\")\n#pragma clang diagnostic ignored \"-Wunused-variable\"\nint a\\\nb() { return 1/* comment // */+ 1; } // trailing \\\nstill a comment\nint cc() { return __COUNTER__ * 0 + V(5); }\n#ifdef __METAL_VERSION__\n#  if __METAL_VERSION__ < 200\n#    error old\n#  endif\n#endif", `out[0] = ab(); out[1] = cc();`, []int32{2, 5}},

	// Numbers.
	{"promotions and conversions", ``,
		`uchar a = 200, b = 100; out[0] = a + b; out[1] = uchar(a + b); char c = -1; uint u = 1; out[2] = c < 0; out[3] = u > uint(c); short s = -1; ushort us = 65535; out[4] = s == us; out[5] = -7 / 2; out[6] = -7 % 3; out[7] = -7 >> 1; out[8] = uint(-7) >> 28; out[9] = int(3.99f) + int(-3.99f); long big = 1L << 33; out[10] = int(big >> 30); out[11] = (1 << 3 | 5 & 6 ^ 2) == ((1 << 3) | ((5 & 6) ^ 2)); out[12] = true + true; out[13] = sizeof('a') * 100 + sizeof(1.0h) * 10 + sizeof(char(1) + char(1)); out[14] = int(half(2049)); out[15] = int(float(16777217));`,
		[]int32{300, 44, 1, 0, 0, -3, -1, -4, 15, 0, 8, 1, 2, 124, 2048, 16777216}},
	{"half and bfloat round after each operation", ``,
		`half a = 2048.0h, one = 1.0h; half s = a + one + one; out[0] = int(s); float f = float(a) + one + one; out[1] = int(f); half x = 0.1h; out[2] = as_type<ushort>(half(x * x)); bfloat b = 256.0bf; out[3] = int(float(b + 1.0bf)); out[4] = int(float(b) + 1.0f); half m = 60000.0h; out[5] = isinf(m + m) * 10 + (m + m > 65504.0f); half4 v = half4(1, 2, 3, 4) / 3.0h; out[6] = as_type<ushort>(v.x); half h = 1.0h; h += 0.0004h; out[7] = as_type<ushort>(h);`,
		[]int32{2048, 2050, 0x211e, 256, 257, 11, 0x3555, 0x3c00}},
	{"vectors by hand", ``,
		`float4 v = float4(1, 2, 3, 4); v.xy += v.zw; v.zw = v.wz; v *= 2; out[0] = int(v.x * 1000 + v.y * 100 + v.z * 10 + v.w); int3 i = int3(7, -7, 9) % int3(4, 4, 5); out[1] = i.x * 100 + i.y * 10 + i.z; uint4 sh = uint4(1) << uint4(0, 1, 2, 31); out[2] = int(sh.w >> 31) + int(sh.z); bool3 b = int3(1, 2, 3) >= 2; out[3] = b.x * 4 + b.y * 2 + b.z; float3 r = select(float3(1), float3(2), b); out[4] = int(r.x * 100 + r.y * 10 + r.z); uchar4 w = uchar4(250, 251, 252, 253) + uchar4(10); out[5] = w.x * 1000 + w.w; float2x2 m(v.xy, v.zw); out[6] = int(m[1][0]); v[tid + 3] = 50; out[7] = int(v.w); int4 neg = -int4(1, 2, 3, 4); out[8] = neg.w + (~neg).x + (!bool4(0, 1, 0, 1)).z; float3 c = cross(float3(1, 0, 0), float3(0, 1, 0)); out[9] = int(c.z); auto sw = v.bgr; out[10] = int(sw.x);`,
		[]int32{8000 + 1200 + 80 + 6, 3*100 - 30 + 4, 5, 3, 122, 4007, 8, 50, -4 + 0 + 1, 1, 8}},
	{"matrices of every shape", `
template <typename M> int filled(M m, int cols, int rows) { int s = 0; for (int c = 0; c < cols; c++) for (int r = 0; r < rows; r++) s += int(m[c][r]) * (c * 4 + r + 1); return s; }`,
		`float2x3 a = float2x3(1, 2, 3, 4, 5, 6); float3x2 at = transpose(a); out[0] = filled(at, 3, 2); float2x2 p = at * a; out[1] = int(p[0][0]) * 1000 + int(p[1][1]); float3x3 q = a * at; out[2] = int(q[2][0]); float2 v = at * float3(1, 2, 3); out[3] = int(v.x * 100 + v.y); float3 w = a * float2(1, 2); out[4] = int(w.z); half3x4 h = half3x4(half4(1), half4(2), half4(3)); out[5] = int(h[2].w + h[0][1]); float4x2 z = float4x2(0.0f); z[3] = float2(5, 6); z[0][1] = 9; out[6] = filled(z, 4, 2); float4x4 id = float4x4(1); id[3].xyz = float3(7, 8, 9); out[7] = int((id * float4(1, 1, 1, 1)).z); float3x3 d = float3x3(2, 0, 0, 0, 3, 0, 0, 0, 4); out[8] = int(determinant(d)); d = d * 2.0f - d; out[9] = int(d[1][1]); out[10] = int((float3(1, 2, 3) * d)[2]); bool same = true; for (int i = 0; i < 3; i++) same = same && all(d[i] == float3x3(d)[i]); out[11] = same;`,
		[]int32{1*1 + 4*2 + 2*5 + 5*6 + 3*9 + 6*10, 14077, 1*3 + 4*6, 1432, 15, 4, 9*2 + 5*13 + 6*14, 10, 24, 3, 12, 1}},
	{"packed vectors in structs", `struct __attribute__((packed)) item { packed_float3 p; uchar k; packed_short3 s; }; struct two { packed_half4 h; packed_char2 c; };`,
		`out[0] = sizeof(item); out[1] = sizeof(two); item it; it.p = packed_float3(1, 2, 3); it.k = 4; it.s = packed_short3(5, 6, 7); it.p[1] += 10; it.s.z = -1; float3 f = float3(it.p) * 2.0f; out[2] = int(f.x + f.y + f.z); out[3] = it.s.x + it.s.y + it.s.z; it.p *= 2; out[4] = int(it.p.y); two t = {packed_half4(1, 2, 3, 4), packed_char2(5, 6)}; out[5] = int(dot(float4(half4(t.h)), float4(1))) + t.c.y; packed_uchar4 pc = packed_uchar4(1, 2, 3, 4); out[6] = as_type<int>(uchar4(pc)); device packed_int3 *d = (device packed_int3 *)(out + 7); d[0] = packed_int3(1, 2, 3); d[1].xy = int2(8, 9);`,
		[]int32{19, 10, 2 + 24 + 6, 10, 24, 16, 0x04030201, 1, 2, 3, 8, 9}},
	{"integer functions at their edges", ``,
		`out[0] = mulhi(0x80000000u, 4u); out[1] = mulhi(-1, 5); out[2] = int(addsat(uchar(250), uchar(10))); out[3] = subsat(short(-32768), short(1)); out[4] = int(absdiff(-5, 7)); out[5] = hadd(7, 8) * 10 + rhadd(7, 8); out[6] = int(rotate(0x80000001u, 1u)); out[7] = clz(ushort(1)) * 100 + ctz(uchar(0)) * 10 + popcount(0xF0u); out[8] = extract_bits(-1, 4, 3) * 10 + int(extract_bits(0xF0u, 4, 4)); out[9] = int(insert_bits(0u, 0xFFu, 8, 4)); out[10] = int(reverse_bits(1u) >> 31); out[11] = mad24(3, 4, 5) + mul24(6, 7); out[12] = madhi(1 << 30, 8, 1); out[13] = madsat(2147483647, 2, 1) == 2147483647; out[14] = clamp(5, 7, 9) + max3(1, 9, 4) * 10 + median3(3, 1, 2) * 100 + min3(3, 2, 5) * 1000; out[15] = int(abs(-2147483647 - 1) == 2147483648u);`,
		[]int32{2, -1, 255, -32768, 12, 78, 3, 1500 + 80 + 4, -10 + 15, 0xF00, 1, 59, 3, 1, 7 + 90 + 200 + 2000, 1}},
	{"floating functions at their edges", ``,
		`out[0] = int(select(1, 2, true)) + int(step(2.0f, 2.0f)) * 10 + int(step(2.0f, 1.0f)); out[1] = int(smoothstep(0.0f, 1.0f, 0.5f) * 100); out[2] = int(mix(10.0f, 20.0f, 0.25f) * 10); out[3] = signbit(sign(-0.0f)) * 10 + int(sign(-3.0f)); out[4] = int(fract(-1.25f) * 100); float ip; float fp = modf(-3.75f, ip); out[5] = int(ip) * 100 + int(fp * 100); int e; float m = frexp(12.0f, e); out[6] = int(m * 100) * 10 + e; out[7] = int(ldexp(1.5f, 4)); out[8] = as_type<int>(nextafter(1.0f, 2.0f)); out[9] = as_type<int>(nextafter(0.0f, -1.0f)); out[10] = int(round(2.5f)) * 1000 + int(rint(2.5f)) * 100 + int(trunc(-2.5f)) * 10 + int(ceil(2.1f)); out[11] = int(fmod(-7.5f, 2.0f) * 10); out[12] = isnan(sqrt(-1.0f)) + isinf(1.0f / 0.0f) * 2 + isfinite(1.0f) * 4 + isnormal(1e-40f) * 8; out[13] = int(copysign(3.0f, -0.0f)); out[14] = int(fdim(5.0f, 3.0f) + fdim(3.0f, 5.0f)); out[15] = int(saturate(1.5f) + saturate(-1.0f)); out[16] = ilogb(10.0f); out[17] = int(fma(2.0f, 3.0f, 4.0f)); out[18] = int(precise::pow(2.0f, 10.0f)); out[19] = int(powr(3.0f, 4.0f) + 0.5f);`,
		[]int32{12, 50, 125, 9, 75, -375, 754, 24, 0x3f800001, -2147483647, 3000 + 200 - 20 + 3, -15, 7, -3, 2, 1, 3, 10, 1024, 81}},
	{"packing", ``,
		`out[0] = int(pack_float_to_unorm4x8(float4(0, 1, 0.5f, 2))); out[1] = int(pack_float_to_snorm4x8(float4(-1, 1, 0, -2))); out[2] = int(pack_float_to_unorm2x16(float2(1, 0))); out[3] = int(pack_float_to_snorm2x16(float2(-1, 1))); float4 u = unpack_unorm4x8_to_float(0xff000080u); out[4] = int(u.w * 10 + u.x * 255); float2 s = unpack_snorm2x16_to_float(0x7fff8001u); out[5] = int(s.x * 10 + s.y); out[6] = int(pack_float_to_unorm10a2(float4(1, 0, 0, 1))); out[7] = int(pack_half_to_unorm4x8(half4(1, 0, 1, 0))); out[8] = int(unpack_unorm565_to_float(ushort(0xF800)).z); out[9] = int(pack_float_to_srgb_unorm4x8(float4(1, 0, 0, 0.5f)));`,
		[]int32{-8323328, -2130673791, 65535, 0x7fff8001, 10 + 128, -9, -1073740801, 0xff00ff & 0xffffff, 1, -2147483393}},

	// The rest of the library.
	{"numeric_limits of every type", ``,
		`out[0] = numeric_limits<char>::min() + numeric_limits<uchar>::max(); out[1] = numeric_limits<short>::digits * 100 + numeric_limits<float>::digits; out[2] = int(float(numeric_limits<half>::max())); out[3] = numeric_limits<long>::max() == 9223372036854775807L; out[4] = as_type<int>(numeric_limits<float>::epsilon()); out[5] = as_type<int>(numeric_limits<float>::min()); out[6] = as_type<int>(numeric_limits<float>::denorm_min()); out[7] = numeric_limits<float>::lowest() == -FLT_MAX; out[8] = numeric_limits<uint>::is_signed * 10 + numeric_limits<int>::is_integer; out[9] = as_type<ushort>(numeric_limits<bfloat>::max()); out[10] = isnan(numeric_limits<float>::quiet_NaN()) + isinf(numeric_limits<half>::infinity()); out[11] = numeric_limits<float>::radix * 100 + numeric_limits<float>::max_exponent; out[12] = numeric_limits<bool>::max();`,
		[]int32{127, 1524, 65504, 1, 0x34000000, 0x00800000, 1, 1, 1, 0x7f7f, 2, 328, 1}},
	{"constants", ``,
		`out[0] = int(M_PI_F * 1000) + int(M_E_F * 1000) + int(M_SQRT2_F * 1000) + int(M_LN2_F * 1000) + int(M_LOG2E_F * 1000) + int(M_1_PI_F * 1000) + int(M_2_SQRTPI_F * 1000); out[1] = int(M_PI_H * 100.0h); out[2] = FLT_DIG + FLT_MANT_DIG + HALF_DIG + HALF_MANT_DIG; out[3] = CHAR_BIT + (SCHAR_MIN == -128) + (UCHAR_MAX == 255) + (SHRT_MAX == 32767) + (USHRT_MAX == 65535) + (UINT_MAX == 4294967295u) + (LONG_MAX == 9223372036854775807L) + (ULONG_MAX == ~0ul) + (CHAR_MAX == 127); out[4] = isinf(HUGE_VALF) + (FLT_EPSILON > 0) + (FLT_MIN > 0) + (HALF_MIN > 0) + (HALF_EPSILON > 0);`,
		[]int32{3141 + 2718 + 1414 + 693 + 1442 + 318 + 1128, 314, 6 + 24 + 3 + 11, 16, 5}},
	{"traits", `
struct S { int a; }; union U { int a; }; enum E { e0 }; enum class F { f0 };`,
		`int n = 0; auto yes = [&](bool b) { n = n * 2 + b; }; yes(is_same<int, int32_t>::value); yes(is_class_v<S>); yes(!is_class_v<U>); yes(is_union_v<U>); yes(is_enum_v<E> && is_enum_v<F>); yes(is_array_v<int[3]>); yes(is_const_v<const int>); yes(is_volatile_v<volatile int>); yes(is_reference_v<thread int &>); yes(is_arithmetic_v<half>); yes(is_scalar_v<device int *>); yes(is_unsigned_v<uchar>); yes(is_integral_v<bool>); yes(is_void_v<void>); out[0] = n; out[1] = is_same_v<remove_const_t<const float>, float> + is_same_v<remove_extent_t<int[4]>, int> * 2 + is_same_v<add_const_t<int>, const int> * 4 + is_same_v<make_signed_t<ushort>, short> * 8 + is_same_v<conditional_t<false, int, half>, half> * 16 + is_same_v<decay_t<thread const int &>, int> * 32 + is_same_v<common_type_t<int, float>, float> * 64 + is_same_v<underlying_type_t<F>, int> * 128; out[2] = is_base_of_v<S, S> + is_convertible_v<int, float> * 2 + is_trivially_copyable_v<S> * 4; out[3] = alignment_of<float4>::value + rank<int[2][3]>::value * 100 + extent<int[5]>::value * 1000 + extent_v<int[2][3], 1> * 10000;`,
		[]int32{16383, 255, 7, 35216}},
}

func TestInventive(t *testing.T) {
	for _, s := range inventive {
		t.Run(s.name, s.run)
	}
}
