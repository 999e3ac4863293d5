package msl

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInputs(t *testing.T) {
	lib := compile(t, `
kernel void k(device uint *o,
		uint3 gid [[thread_position_in_grid]], ushort3 tid [[thread_position_in_threadgroup]],
		uint2 grp [[threadgroup_position_in_grid]], uint3 size [[threads_per_threadgroup]],
		uint3 full [[dispatch_threads_per_threadgroup]],
		uint3 grid [[threads_per_grid]], uint3 groups [[threadgroups_per_grid]],
		uint idx [[thread_index_in_threadgroup]], ushort lane [[thread_index_in_simdgroup]],
		uint sg [[simdgroup_index_in_threadgroup]], uint width [[threads_per_simdgroup]],
		uint nsg [[simdgroups_per_threadgroup]]) {
	device uint *p = o + 16 * ((gid.z * grid.y + gid.y) * grid.x + gid.x);
	p[0] = tid.x + 100 * tid.y + 10000 * tid.z;
	p[1] = grp.x + 100 * grp.y;
	p[2] = size.x + 100 * size.y + 10000 * size.z;
	p[3] = full.x + 100 * full.y;
	p[4] = groups.x + 100 * groups.y + 10000 * groups.z;
	p[5] = idx; p[6] = lane; p[7] = sg; p[8] = width; p[9] = nsg;
}`)
	const gx, gy, gz = 10, 7, 2
	const sx, sy, sz = 4, 4, 2
	out := make([]uint32, 16*gx*gy*gz)
	require.Nil(t, launch{lib: lib, kernel: "k", grid: d3(gx, gy, gz), group: d3(sx, sy, sz), buffers: map[int][]byte{0: bytesOf(out)}}.run(t))
	for z := range gz {
		for y := range gy {
			for x := range gx {
				p := out[16*((z*gy+y)*gx+x):]
				w, h := min(sx, gx-x/sx*sx), min(sy, gy-y/sy*sy)
				idx := (z%sz*h+y%sy)*w + x%sx
				require.EqualValues(t, []uint32{
					uint32(x%sx + 100*(y%sy) + 10000*(z%sz)), uint32(x/sx + 100*(y/sy)),
					uint32(w + 100*h + 10000*sz), sx + 100*sy, 3 + 100*2 + 10000*1,
					uint32(idx), uint32(idx % 32), uint32(idx / 32), 32, uint32((w*h*sz + 31) / 32),
				}, p[:10])
			}
		}
	}
}

func TestAtomics(t *testing.T) {
	t.Run("histogram", func(t *testing.T) {
		lib := compile(t, `
kernel void k(device const uchar *in, device atomic_uint *bins, uint i [[thread_position_in_grid]],
		uint tid [[thread_index_in_threadgroup]], uint n [[threads_per_threadgroup]]) {
	threadgroup atomic_uint local[16];
	if (tid < 16) atomic_store_explicit(&local[tid], 0, memory_order_relaxed);
	threadgroup_barrier(mem_flags::mem_threadgroup);
	atomic_fetch_add_explicit(&local[in[i] & 15], 1, memory_order_relaxed);
	threadgroup_barrier(mem_flags::mem_threadgroup);
	if (tid < 16) atomic_fetch_add_explicit(&bins[tid], atomic_load_explicit(&local[tid], memory_order_relaxed), memory_order_relaxed);
}`)
		in, want := make([]byte, 5120), make([]uint32, 16)
		for i := range in {
			in[i] = byte(i * i / 7)
			want[in[i]&15]++
		}
		bins := make([]uint32, 16)
		require.Nil(t, launch{lib: lib, kernel: "k", grid: d1(len(in)), group: d1(128),
			buffers: map[int][]byte{0: in, 1: bytesOf(bins)}}.run(t))
		require.Equal(t, want, bins)
	})
	t.Run("every operation", func(t *testing.T) {
		a := []int32{10, 10, 12, 12, 12, -5, -5, 1, 0, 7}
		u := []uint32{0xfffffff0, 5}
		f := []float32{1.5}
		old := make([]int32, 16)
		runThreads(t, `
kernel void k(device atomic_int *a, device atomic_uint *u, device atomic_float *f, device int *o) {
	memory_order r = memory_order_relaxed;
	o[0] = atomic_fetch_add_explicit(a, 5, memory_order_relaxed);
	o[1] = atomic_fetch_sub_explicit(a + 1, 15, memory_order_relaxed);
	o[2] = atomic_fetch_and_explicit(&a[2], 6, memory_order_relaxed);
	o[3] = atomic_fetch_or_explicit(&a[3], 3, memory_order_relaxed);
	o[4] = atomic_fetch_xor_explicit(&a[4], 6, memory_order_relaxed);
	o[5] = atomic_fetch_min_explicit(&a[5], 3, memory_order_relaxed);
	o[6] = atomic_fetch_max_explicit(&a[6], 3, memory_order_relaxed);
	o[7] = atomic_exchange_explicit(&a[7], 77, memory_order_relaxed);
	atomic_store_explicit(&a[8], 88, memory_order_relaxed);
	int expected = 7;
	o[8] = atomic_compare_exchange_weak_explicit(&a[9], &expected, 70, memory_order_relaxed, memory_order_relaxed);
	o[9] = expected;
	o[10] = atomic_compare_exchange_weak_explicit(&a[9], &expected, 71, memory_order_relaxed, memory_order_relaxed);
	o[11] = expected;
	atomic_fetch_max_explicit(u, 3u, memory_order_relaxed);
	atomic_fetch_min_explicit(u + 1, 0xffffff00u, memory_order_relaxed);
	o[12] = int(2 * atomic_fetch_add_explicit(f, 2.25f, memory_order_relaxed));
	device atomic_int *cast = (device atomic_int *)(o + 13);
	atomic_fetch_add_explicit(cast, 3, memory_order_relaxed);
	(void)r;
}`, 1, bytesOf(a), bytesOf(u), bytesOf(f), bytesOf(old))
		require.Equal(t, []int32{15, -5, 4, 15, 10, -5, 3, 77, 88, 70}, a)
		require.Equal(t, []uint32{0xfffffff0, 5}, u)
		require.Equal(t, []float32{3.75}, f)
		require.Equal(t, []int32{10, 10, 12, 12, 12, -5, -5, 1, 1, 7, 0, 70, 3, 3}, old[:14])
	})
	t.Run("compare and exchange in a loop", func(t *testing.T) {
		sum := []float32{0}
		runThreads(t, `
kernel void k(device atomic_uint *a, uint i [[thread_position_in_grid]]) {
	uint old = atomic_load_explicit(a, memory_order_relaxed);
	while (!atomic_compare_exchange_weak_explicit(a, &old, as_type<uint>(as_type<float>(old) + float(i)), memory_order_relaxed, memory_order_relaxed)) {}
}`, 100, bytesOf(sum))
		require.Equal(t, float32(4950), sum[0])
	})
}

func TestThreadgroupMemory(t *testing.T) {
	lib := compile(t, `
struct Cell { float v; uint2 at; };
static void put(threadgroup Cell *c, uint i, float v) { c[i].v = v; c[i].at = uint2(i, i * i); }
static float get(threadgroup const Cell &c) { return c.v + float(c.at.y); }
kernel void k(device float *o, threadgroup float *dyn [[threadgroup(0)]], threadgroup uint &count,
		uint i [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]], uint n [[threads_per_threadgroup]]) {
	threadgroup Cell cells[2][32];
	threadgroup float tile[8][9];
	put(cells[1], i, float(g));
	tile[i / 8][i % 8] = float(i);
	dyn[i] = float(i) * 2;
	if (i == 0) count = g + 7;
	threadgroup_barrier(mem_flags::mem_threadgroup);
	uint j = n - 1 - i;
	o[g * 32 + i] = get(cells[1][j]) + 1000 * tile[j % 8 % 4][j / 8] + 100000 * dyn[j] + float(count);
}`)
	out := make([]float32, 96)
	require.Nil(t, launch{lib: lib, kernel: "k", grid: d1(96), group: d1(32),
		buffers: map[int][]byte{0: bytesOf(out)}, shared: map[int]int{0: 128, 1: 16}}.run(t))
	for k, v := range out {
		g, j := k/32, 31-k%32
		row, col := j%8%4, j/8
		want := float32(g+j*j) + 1000*float32(row*8+col) + 100000*float32(2*j) + float32(g+7)
		require.Equal(t, want, v, "at %d", k)
	}
}

func TestSimdGroups(t *testing.T) {
	lib := compile(t, `
kernel void k(device const float *in, device float *o, device uint *u, uint i [[thread_position_in_grid]], ushort lane [[thread_index_in_simdgroup]]) {
	float x = in[i];
	device float *p = o + 16 * i;
	p[0] = simd_sum(x); p[1] = simd_max(x); p[2] = simd_min(x);
	p[3] = simd_prefix_inclusive_sum(x); p[4] = simd_prefix_exclusive_sum(x);
	p[5] = simd_shuffle(x, 3); p[6] = simd_broadcast(x, 5); p[7] = simd_broadcast_first(x);
	p[8] = simd_shuffle_down(x, 4); p[9] = simd_shuffle_up(x, 4); p[10] = simd_shuffle_xor(x, 1);
	p[11] = simd_shuffle_rotate_down(x, 3); p[12] = simd_shuffle_rotate_up(x, 3);
	p[13] = simd_shuffle_and_fill_down(x, -x, 2); p[14] = simd_shuffle_and_fill_up(x, -x, 2);
	p[15] = quad_sum(x);
	device uint *q = u + 8 * i;
	q[0] = simd_any(x > 60); q[1] = simd_all(x >= 0); q[2] = uint(ulong(simd_ballot(lane % 3 == 0)));
	q[3] = simd_is_first();
	if (lane & 1) { q[4] = simd_sum(1u); q[5] = simd_is_first(); q[6] = simd_broadcast_first(uint(lane)); }
	q[7] = quad_shuffle(uint(lane), 2);
}`)
	in := make([]float32, 64)
	for i := range in {
		in[i] = float32(i*37%64) + 1
	}
	out, u := make([]float32, 16*64), make([]uint32, 8*64)
	require.Nil(t, launch{lib: lib, kernel: "k", grid: d1(64), group: d1(64),
		buffers: map[int][]byte{0: bytesOf(in), 1: bytesOf(out), 2: bytesOf(u)}}.run(t))
	for i := range in {
		lane, base := i%32, i/32*32
		x := in[base : base+32]
		var sum, prefix, quad float32
		hi, lo := x[0], x[0]
		for k, v := range x {
			sum += v
			hi, lo = max(hi, v), min(lo, v)
			if k < lane {
				prefix += v
			}
			if k/4 == lane/4 {
				quad += v
			}
		}
		down, up := x[lane], x[lane]
		if lane+4 < 32 {
			down = x[lane+4]
		}
		if lane >= 4 {
			up = x[lane-4]
		}
		fillDown, fillUp := -x[(lane+2)%32], -x[(lane+30)%32]
		if lane+2 < 32 {
			fillDown = -fillDown
		}
		if lane >= 2 {
			fillUp = -fillUp
		}
		require.Equal(t, []float32{sum, hi, lo, prefix + x[lane], prefix, x[3], x[5], x[0], down, up, x[lane^1],
			x[(lane+3)%32], x[(lane+29)%32], fillDown, fillUp, quad}, out[16*i:16*i+16], "lane %d", i)
		odd, first, lead := uint32(0), uint32(0), uint32(0)
		if lane&1 == 1 {
			odd, lead = 16, 1
			if lane == 1 {
				first = 1
			}
		}
		require.Equal(t, []uint32{b2u(hi > 60), 1, 0x49249249, b2u(lane == 0), odd, first, lead, uint32(lane&^3 | 2)}, u[8*i:8*i+8], "lane %d", i)
	}
}

func b2u(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

func TestOutArguments(t *testing.T) {
	in := []float32{0, 1, -3.75, 0.1, 1e-40, float32(math.Inf(1)), 1e30, -0.5}
	out := make([]float32, 8*len(in))
	runThreads(t, `
kernel void k(device const float *in, device float *o, uint i [[thread_position_in_grid]]) {
	float x = in[i];
	int e; float w, c;
	o[8 * i] = frexp(x, e); o[8 * i + 1] = float(e);
	o[8 * i + 2] = modf(x, w); o[8 * i + 3] = w;
	float s = precise::sincos(clamp(x, -100.0f, 100.0f), c);
	o[8 * i + 4] = s * s + c * c;
	int2 e2; float2 m2 = frexp(float2(x, 8), e2);
	o[8 * i + 5] = m2.y; o[8 * i + 6] = float(e2.y);
	o[8 * i + 7] = float(ilogb(x));
}`, len(in), bytesOf(in), bytesOf(out))
	for i, x := range in {
		p := out[8*i:]
		m, e := math.Frexp(float64(x))
		w, f := math.Modf(float64(x))
		if math.IsInf(float64(x), 0) {
			f = 0
		}
		require.Equal(t, []float32{float32(m), float32(e), float32(f), float32(w)}, p[:4], "%v", x)
		require.InDelta(t, 1, p[4], 1e-6)
		require.Equal(t, []float32{0.5, 4}, p[5:7])
		switch {
		case x == 0:
			require.Equal(t, float32(math.MinInt32), p[7])
		case math.IsInf(float64(x), 0):
			require.Equal(t, float32(math.MaxInt32), p[7])
		default:
			require.Equal(t, float32(e-1), p[7])
		}
	}
}
