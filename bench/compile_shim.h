// What the kernels of bench/peers use of Metal's language, for a C++ compiler:
// enough to compile them, not to run them. It includes nothing, so that the
// compiler's time goes to the kernels.

#define kernel
#define device
#define thread
#define threadgroup
#define constant const
#define half __fp16
#define INFINITY __builtin_inff()

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef uint atomic_uint;

template <typename T> struct vec2 {
    T x, y;
    vec2() {}
    vec2(T v) : x(v), y(v) {}
    vec2(T x, T y) : x(x), y(y) {}
};
template <typename T> struct vec3 {
    T x, y, z;
    vec3() {}
    vec3(T v) : x(v), y(v), z(v) {}
    vec3(T x, T y, T z) : x(x), y(y), z(z) {}
};
template <typename T> struct vec4 {
    union {
        struct { T x, y, z, w; };
        vec3<T> xyz;
        vec2<T> xy;
    };
    vec4() {}
    vec4(T v) : x(v), y(v), z(v), w(v) {}
    vec4(T x, T y, T z, T w) : x(x), y(y), z(z), w(w) {}
    vec4(vec3<T> v, T w) : x(v.x), y(v.y), z(v.z), w(w) {}
};
typedef vec2<float> float2;
typedef vec3<float> float3;
typedef vec4<float> float4;
typedef vec2<uint> uint2;
typedef vec3<uint> uint3;

#define OP(op)                                                                                                       \
    template <typename T> inline vec2<T> operator op(vec2<T> a, vec2<T> b) { return {a.x op b.x, a.y op b.y}; }       \
    template <typename T> inline vec3<T> operator op(vec3<T> a, vec3<T> b) { return {a.x op b.x, a.y op b.y, a.z op b.z}; } \
    template <typename T> inline vec3<T> operator op(vec3<T> a, T b) { return {a.x op b, a.y op b, a.z op b}; }       \
    template <typename T> inline vec2<T> operator op(vec2<T> a, T b) { return {a.x op b, a.y op b}; }
OP(+) OP(-) OP(*) OP(/)
template <typename T> inline vec2<T> &operator+=(vec2<T> &a, vec2<T> b) { return a = a + b; }
template <typename T> inline vec3<T> &operator+=(vec3<T> &a, vec3<T> b) { return a = a + b; }

namespace metal {
enum class mem_flags { mem_none, mem_device, mem_threadgroup };
inline mem_flags operator|(mem_flags a, mem_flags b) { return mem_flags(int(a) | int(b)); }
enum memory_order { memory_order_relaxed };
void threadgroup_barrier(mem_flags);
void simdgroup_barrier(mem_flags);
template <typename T> T simd_sum(T);
template <typename T> T simd_max(T);
template <typename T> T simd_prefix_exclusive_sum(T);
template <typename T> T simd_prefix_inclusive_sum(T);
template <typename T> inline T max(T a, T b) { return a < b ? b : a; }
template <typename T> inline T min(T a, T b) { return b < a ? b : a; }
template <typename T> inline T clamp(T x, T a, T b) { return min(max(x, a), b); }
inline float rsqrt(float x) { return 1.0f / __builtin_sqrtf(x); }
inline float exp(float x) { return __builtin_expf(x); }
inline float log(float x) { return __builtin_logf(x); }
inline float sqrt(float x) { return __builtin_sqrtf(x); }
inline float fabs(float x) { return __builtin_fabsf(x); }
inline float dot(float3 a, float3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline uint reverse_bits(uint x) { return __builtin_bitreverse32(x); }
inline uint atomic_fetch_add_explicit(atomic_uint *p, uint v, memory_order) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
inline uint atomic_load_explicit(const atomic_uint *p, memory_order) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
inline void atomic_store_explicit(atomic_uint *p, uint v, memory_order) { __atomic_store_n(p, v, __ATOMIC_RELAXED); }
template <typename T, int N> struct simdgroup_matrix { T e[2]; };
typedef simdgroup_matrix<float, 8> simdgroup_float8x8;
template <typename T, int N, int M = N> simdgroup_matrix<T, N> make_filled_simdgroup_matrix(T);
void simdgroup_load(simdgroup_float8x8 &, const float *, ulong = 8);
void simdgroup_store(simdgroup_float8x8, float *, ulong = 8);
void simdgroup_multiply_accumulate(simdgroup_float8x8 &, simdgroup_float8x8, simdgroup_float8x8, simdgroup_float8x8);
} // namespace metal
