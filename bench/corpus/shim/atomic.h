// Atomics: threads of the shim take turns, so nothing interrupts these
// (MSL spec, section 6.15).
namespace shim {
void step(); // lets other threads run, where they are to be interleaved
}
namespace metal {
template <class T> struct atomic { T value; };
template <class T> using _atomic = atomic<T>;
typedef atomic<int> atomic_int; typedef atomic<uint> atomic_uint; typedef atomic<bool> atomic_bool;
typedef atomic<float> atomic_float; typedef atomic<ulong> atomic_ulong; typedef atomic<long> atomic_long;
enum memory_order { memory_order_relaxed, memory_order_acquire = 2, memory_order_release, memory_order_acq_rel, memory_order_seq_cst };
enum thread_scope { thread_scope_thread, thread_scope_threadgroup, thread_scope_device, thread_scope_system, thread_scope_simdgroup };
enum class mem_flags { mem_none = 0, mem_device = 1, mem_threadgroup = 2, mem_texture = 4, mem_threadgroup_imageblock = 8, mem_object_data = 16 };
inline mem_flags operator|(mem_flags a, mem_flags b) { return mem_flags(int(a) | int(b)); }
template <class P> using held = std::remove_cv_t<std::remove_reference_t<decltype(std::declval<P>()->value)>>;
template <class P> held<P> atomic_load_explicit(P p, memory_order) { shim::step(); return p->value; }
template <class P> void atomic_store_explicit(P p, held<P> x, memory_order) { shim::step(); p->value = x; }
template <class P> held<P> atomic_exchange_explicit(P p, held<P> x, memory_order) { shim::step(); held<P> old = p->value; p->value = x; return old; }
template <class P> bool atomic_compare_exchange_weak_explicit(P p, held<P> *expected, held<P> x, memory_order, memory_order) {
	shim::step();
	if (p->value == *expected) { p->value = x; return true; }
	*expected = p->value;
	return false;
}
#define FETCH(name, expr) template <class P> held<P> atomic_fetch_##name##_explicit(P p, held<P> x, memory_order) { shim::step(); held<P> old = p->value; p->value = held<P>(expr); return old; }
FETCH(add, old + x) FETCH(sub, old - x) FETCH(and, old & x) FETCH(or, old | x) FETCH(xor, old ^ x) FETCH(min, x < old ? x : old) FETCH(max, old < x ? x : old)
template <class P> void atomic_min_explicit(P p, held<P> x, memory_order) { shim::step(); if (x < p->value) p->value = x; }
template <class P> void atomic_max_explicit(P p, held<P> x, memory_order) { shim::step(); if (p->value < x) p->value = x; }
inline void atomic_thread_fence(mem_flags, memory_order, thread_scope = thread_scope_device) {}
} // namespace metal
using metal::atomic_int; using metal::atomic_uint; using metal::atomic_bool; using metal::atomic_float; using metal::atomic_ulong;
struct MTLQuadTessellationFactorsHalf { half edgeTessellationFactor[4]; half insideTessellationFactor[2]; };
struct MTLTriangleTessellationFactorsHalf { half edgeTessellationFactor[3]; half insideTessellationFactor; };
