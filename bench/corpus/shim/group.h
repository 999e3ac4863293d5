// Threadgroups, SIMD groups and quad groups (MSL spec, sections 6.9 and 6.10).
// Each thread of a threadgroup is a coroutine that runs until it meets a barrier
// or a function of its SIMD group, and goes on when the others have met it too.
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <ucontext.h>
#include <vector>

namespace shim {
enum State { ready, done, at_barrier, at_simd_barrier, at_collective };
const size_t slot_size = 64, stack_size = 256 << 10;

struct Lane {
	ucontext_t context;
	char *stack = nullptr;
	State state;
	void *site; // the call that a lane at_collective waits in
	alignas(16) unsigned char slot[slot_size];
};

// What the lanes of a SIMD group gave to a function of the group.
struct Snapshot {
	alignas(16) unsigned char slots[32][slot_size];
	unsigned mask; // of the lanes that take part
};

inline Lane lanes[1024];
inline Snapshot snapshots[32];
enum Order { forwards, backwards, interleaved };
inline int count, current;
inline Order order;
inline ucontext_t scheduler;
inline const std::function<void()> *body;

inline void wait(State s) {
	Lane &l = lanes[current];
	l.state = s;
	swapcontext(&l.context, &scheduler);
}

inline void start() {
	(*body)();
	lanes[current].state = done;
	swapcontext(&lanes[current].context, &scheduler);
}

// collect lets the lanes of SIMD group g that wait in the first call of the
// program's order go on, if no lane of the group can run.
inline bool collect(int g) {
	void *first = nullptr;
	int from = 32 * g, to = from + 32 < count ? from + 32 : count;
	for (int i = from; i < to; i++) {
		if (lanes[i].state == ready) return false;
		if (lanes[i].state == at_collective && (!first || lanes[i].site < first)) first = lanes[i].site;
	}
	bool any = false;
	Snapshot &s = snapshots[g];
	if (first) s.mask = 0;
	for (int i = from; i < to; i++) {
		if (first ? lanes[i].state == at_collective && lanes[i].site == first : lanes[i].state == at_simd_barrier) {
			if (first) {
				std::memcpy(s.slots[i - from], lanes[i].slot, slot_size);
				s.mask |= 1u << (i - from);
			}
			lanes[i].state = ready;
			any = true;
		}
	}
	return any;
}

inline void step() {
	if (order == interleaved) wait(ready);
}

// run_group runs f once for each of n threads: in order, from the last to the
// first, or each up to its next atomic operation.
inline void run_group(int n, const std::function<void()> &f) {
	count = n, body = &f;
	for (int i = 0; i < n; i++) {
		Lane &l = lanes[i];
		if (!l.stack) l.stack = (char *)std::malloc(stack_size);
		getcontext(&l.context);
		l.context.uc_stack.ss_sp = l.stack;
		l.context.uc_stack.ss_size = stack_size;
		l.context.uc_link = nullptr;
		makecontext(&l.context, start, 0);
		l.state = ready;
	}
	for (;;) {
		for (int k = 0; k < n; k++) {
			current = order == backwards ? n - 1 - k : k;
			if (lanes[current].state == ready) swapcontext(&scheduler, &lanes[current].context);
		}
		bool more = false;
		for (int g = 0; g < (n + 31) / 32; g++) more = collect(g) || more;
		for (int i = 0; i < n; i++) more = more || lanes[i].state == ready;
		if (more) continue;
		for (int i = 0; i < n; i++)
			if (lanes[i].state == at_barrier) lanes[i].state = ready, more = true;
		if (!more) return; // all are done
	}
}

template <class V> struct Group {
	V v[32];
	unsigned mask;
	int lane, width;
	bool has(int i) const { return i >= 0 && i < width && (mask >> i & 1); }
	V from(int i) const { return has(i) ? v[i] : V(0); }
	int first() const { return __builtin_ctz(mask); }
};

// gather exchanges x with the active lanes of the SIMD group, or of the quad.
template <class V> Group<V> gather(const V &x, void *site, int width) {
	static_assert(sizeof(V) <= slot_size);
	Lane &l = lanes[current];
	std::memcpy(l.slot, (const void *)&x, sizeof x);
	l.site = site;
	wait(at_collective);
	const Snapshot &s = snapshots[current / 32];
	Group<V> g;
	int lane = current % 32, base = lane / width * width;
	g.width = width, g.lane = lane - base, g.mask = s.mask >> base;
	if (width < 32) g.mask &= (1u << width) - 1;
	for (int i = 0; i < width; i++) std::memcpy((void *)&g.v[i], s.slots[base + i], sizeof(V));
	return g;
}

template <class V, class F> V fold(const Group<V> &g, int end, V none, F f) {
	V r = none;
	bool any = false;
	for (int i = 0; i < end; i++)
		if (g.has(i)) r = any ? V(f(r, g.v[i])) : g.v[i], any = true;
	return r;
}
} // namespace shim

namespace metal {
inline void threadgroup_barrier(mem_flags, thread_scope = thread_scope_threadgroup) { shim::wait(shim::at_barrier); }
inline void simdgroup_barrier(mem_flags) { shim::wait(shim::at_simd_barrier); }

#define SITE __builtin_return_address(0)
#define NOINLINE __attribute__((noinline))
#define VALUE(X) typename joined<X>::type
#define FOLD(P, W, name, expr) \
	template <class X> NOINLINE auto P##name(const X &x) { using V = VALUE(X); return shim::fold<V>(shim::gather<V>(V(x), SITE, W), W, V(0), [](V a, V b) { return V(expr); }); }
#define SCAN(P, W, name, none, expr) \
	template <class X> NOINLINE auto P##prefix_inclusive_##name(const X &x) { using V = VALUE(X); auto g = shim::gather<V>(V(x), SITE, W); return shim::fold<V>(g, g.lane + 1, V(none), [](V a, V b) { return V(expr); }); } \
	template <class X> NOINLINE auto P##prefix_exclusive_##name(const X &x) { using V = VALUE(X); auto g = shim::gather<V>(V(x), SITE, W); return shim::fold<V>(g, g.lane, V(none), [](V a, V b) { return V(expr); }); }
#define SHUFFLE(P, W, name, source) \
	template <class X> NOINLINE auto P##name(const X &x, ushort n) { using V = VALUE(X); auto g = shim::gather<V>(V(x), SITE, W); int from = source; return from < 0 || from >= W ? V(x) : g.from(from); }
#define GROUP(P, W, Mask) \
	FOLD(P, W, sum, a + b) FOLD(P, W, product, a * b) FOLD(P, W, min, min(a, b)) FOLD(P, W, max, max(a, b)) \
	FOLD(P, W, and, a & b) FOLD(P, W, or, a | b) FOLD(P, W, xor, a ^ b) \
	SCAN(P, W, sum, 0, a + b) SCAN(P, W, product, 1, a * b) \
	SHUFFLE(P, W, shuffle, n) SHUFFLE(P, W, broadcast, n) SHUFFLE(P, W, shuffle_xor, g.lane ^ n) \
	SHUFFLE(P, W, shuffle_up, g.lane - int(n)) SHUFFLE(P, W, shuffle_down, g.lane + int(n)) \
	SHUFFLE(P, W, shuffle_rotate_up, (g.lane - int(n)) & (W - 1)) SHUFFLE(P, W, shuffle_rotate_down, (g.lane + int(n)) & (W - 1)) \
	template <class X> NOINLINE auto P##broadcast_first(const X &x) { using V = VALUE(X); auto g = shim::gather<V>(V(x), SITE, W); return g.v[g.first()]; } \
	inline NOINLINE bool P##is_first() { auto g = shim::gather<int>(0, SITE, W); return g.lane == g.first(); } \
	inline NOINLINE Mask P##ballot(bool b) { auto g = shim::gather<bool>(b, SITE, W); typename Mask::vote_t m = 0; for (int i = 0; i < W; i++) if (g.has(i) && g.v[i]) m |= typename Mask::vote_t(1) << i; return Mask(m); } \
	inline NOINLINE Mask P##active_threads_mask() { auto g = shim::gather<int>(0, SITE, W); return Mask(g.mask); } \
	inline NOINLINE bool P##all(bool b) { auto g = shim::gather<bool>(b, SITE, W); return shim::fold<bool>(g, W, true, [](bool a, bool b) { return a && b; }); } \
	inline NOINLINE bool P##any(bool b) { auto g = shim::gather<bool>(b, SITE, W); return shim::fold<bool>(g, W, false, [](bool a, bool b) { return a || b; }); }

template <class Word> struct vote {
	typedef Word vote_t;
	Word word;
	explicit vote(Word w) : word(w) {}
	explicit operator Word() const { return word; }
	bool all() const { return word == Word(~Word(0)); }
	bool any() const { return word != 0; }
};
typedef vote<ulong> simd_vote;
typedef vote<ushort> quad_vote;
GROUP(simd_, 32, simd_vote)
GROUP(quad_, 4, quad_vote)
} // namespace metal
