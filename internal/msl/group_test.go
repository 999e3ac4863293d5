package msl

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// Kernels whose threads work together, each with the same algorithm written
// for one thread as its oracle. Groups of odd sizes, and grids they do not
// divide, are part of every table.

const together = `
kernel void reduce(device const int *in [[buffer(0)]], device int *out [[buffer(1)]], threadgroup int *s [[threadgroup(0)]],
		uint i [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]],
		uint n [[threads_per_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
	s[t] = in[i];
	threadgroup_barrier(mem_flags::mem_threadgroup);
	for (uint left = n; left > 1;) {
		uint half_up = (left + 1) / 2;
		if (t + half_up < left)
			s[t] += s[t + half_up];
		left = half_up;
		threadgroup_barrier(mem_flags::mem_threadgroup);
	}
	if (t == 0)
		out[g] = s[0];
}

kernel void scan(device int *a [[buffer(0)]], threadgroup int *s [[threadgroup(0)]],
		uint i [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]], uint n [[threads_per_threadgroup]]) {
	int v = a[i];
	s[t] = v;
	for (uint step = 1; step < n; step <<= 1) {
		threadgroup_barrier(mem_flags::mem_threadgroup);
		int other = t >= step ? s[t - step] : 0;
		threadgroup_barrier(mem_flags::mem_threadgroup);
		s[t] = v += other;
	}
	a[i] = v;
}

constant uint tile = 8;
kernel void transpose(device const float *in [[buffer(0)]], device float *out [[buffer(1)]], constant uint2 &size [[buffer(2)]],
		uint2 i [[thread_position_in_grid]], uint2 t [[thread_position_in_threadgroup]],
		uint2 g [[threadgroup_position_in_grid]], ushort2 n [[threads_per_threadgroup]]) {
	threadgroup float s[tile][tile + 1];
	s[t.y][t.x] = in[i.y * size.x + i.x];
	threadgroup_barrier(mem_flags::mem_threadgroup);
	uint flat = t.y * n.x + t.x;
	uint x = flat / n.y, y = flat % n.y;
	out[(g.x * tile + x) * size.y + g.y * tile + y] = s[y][x];
}

static void order(threadgroup uint &a, threadgroup uint &b, bool up) {
	if ((a > b) == up) {
		uint c = a;
		a = b;
		b = c;
	}
}
kernel void bitonic(device uint *a [[buffer(0)]], uint t [[thread_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
	threadgroup uint s[64];
	device uint *mine = a + g * 64;
	for (uint k = t; k < 64; k += 32) s[k] = mine[k];
	for (uint size = 2; size <= 64; size *= 2)
		for (uint stride = size / 2; stride; stride /= 2) {
			threadgroup_barrier(mem_flags::mem_threadgroup);
			uint at = 2 * t - (t & (stride - 1));
			order(s[at], s[at + stride], !(at & size));
		}
	threadgroup_barrier(mem_flags::mem_threadgroup);
	for (uint k = t; k < 64; k += 32) mine[k] = s[k];
}

kernel void histogram(device const uchar *in [[buffer(0)]], device atomic_uint *out [[buffer(1)]], constant uint &count [[buffer(2)]],
		uint i [[thread_position_in_grid]], uint threads [[threads_per_grid]],
		ushort t [[thread_index_in_threadgroup]], ushort n [[threads_per_threadgroup]]) {
	threadgroup atomic_uint bins[16];
	for (ushort b = t; b < 16; b += n) atomic_store_explicit(&bins[b], 0u, memory_order_relaxed);
	threadgroup_barrier(mem_flags::mem_threadgroup);
	for (uint k = i; k < count; k += threads)
		atomic_fetch_add_explicit(&bins[in[k] >> 4], 1u, memory_order_relaxed);
	threadgroup_barrier(mem_flags::mem_threadgroup);
	for (ushort b = t; b < 16; b += n)
		atomic_fetch_add_explicit(&out[b], atomic_load_explicit(&bins[b], memory_order_relaxed), memory_order_relaxed);
}

kernel void life(device const uchar *in [[buffer(0)]], device uchar *out [[buffer(1)]],
		uint3 i [[thread_position_in_grid]], uint3 size [[threads_per_grid]], uint3 t [[thread_position_in_threadgroup]],
		uint3 n [[threads_per_threadgroup]], uint flat [[thread_index_in_threadgroup]]) {
	// A cell lives on if an even number of its six neighbours do. The group
	// shares what it has read; what lies outside it comes from memory.
	threadgroup uchar s[512];
	auto at = (i.z * size.y + i.y) * size.x + i.x;
	s[flat] = in[at];
	threadgroup_barrier(mem_flags::mem_threadgroup);
	int sum = 0;
	for (int axis = 0; axis < 3; ++axis) {
		for (int d = -1; d <= 1; d += 2) {
			int3 p = int3(i);
			p[axis] += d;
			if (any(p < 0) || any(p >= int3(size))) continue;
			int3 q = int3(t);
			q[axis] += d;
			if (all(q >= 0) && all(uint3(q) < n))
				sum += s[(q.z * n.y + q.y) * n.x + q.x];
			else
				sum += in[(p.z * size.y + p.y) * size.x + p.x];
		}
	}
	out[at] = (sum & 1) == 0 && s[flat];
}

kernel void compact(device const int *in [[buffer(0)]], device int *out [[buffer(1)]], device atomic_uint &used [[buffer(2)]],
		threadgroup uint *s [[threadgroup(0)]], threadgroup uint &base, uint i [[thread_position_in_grid]],
		uint t [[thread_index_in_threadgroup]], uint n [[threads_per_threadgroup]]) {
	bool keep = in[i] % 3 == 0;
	s[t] = keep;
	threadgroup_barrier(mem_flags::mem_threadgroup);
	if (t == 0) {
		uint sum = 0;
		for (uint k = 0; k < n; ++k) {
			uint c = s[k];
			s[k] = sum;
			sum += c;
		}
		base = atomic_fetch_add_explicit(&used, sum, memory_order_relaxed);
	}
	threadgroup_barrier(mem_flags::mem_threadgroup);
	if (keep)
		out[base + s[t]] = in[i];
}

kernel void relax(device int *a [[buffer(0)]], constant int &limit [[buffer(1)]], uint t [[thread_index_in_threadgroup]],
		uint n [[threads_per_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
	// Floods maxima to the right until nothing moves: every thread takes part in
	// as many rounds as the slowest needs.
	threadgroup int s[2][40];
	threadgroup atomic_int moved;
	device int *mine = a + g * n;
	s[0][t] = mine[t];
	int from = 0;
	for (int round = 0; round < limit; ++round) {
		if (t == 0) atomic_store_explicit(&moved, 0, memory_order_relaxed);
		threadgroup_barrier(mem_flags::mem_threadgroup);
		int v = s[from][t];
		if (t > 0 && s[from][t - 1] > v) {
			v = s[from][t - 1];
			atomic_fetch_or_explicit(&moved, 1, memory_order_relaxed);
		}
		s[1 - from][t] = v;
		from = 1 - from;
		threadgroup_barrier(mem_flags::mem_threadgroup);
		int more = atomic_load_explicit(&moved, memory_order_relaxed);
		threadgroup_barrier(mem_flags::mem_none);
		if (!more) break;
	}
	mine[t] = s[from][t];
}
`

func random32(r *rand.Rand, n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(r.Intn(2000) - 1000)
	}
	return s
}

func TestThreadsTogether(t *testing.T) {
	lib := compile(t, together)
	r := rand.New(rand.NewSource(7))
	type memory = map[int][]byte
	run := func(t *testing.T, kernel string, grid, group simt.Size, shared int, buffers memory) {
		t.Helper()
		l := launch{lib: lib, kernel: kernel, grid: grid, group: group, buffers: buffers, shared: map[int]int{0: shared, 1: 16}}
		require.Nil(t, l.run(t))
	}
	lines := [][2]int{{1, 1}, {7, 7}, {64, 32}, {100, 33}, {257, 64}, {1000, 256}, {31, 64}}
	for _, c := range lines {
		n, group := c[0], c[1]
		t.Run(fmt.Sprint("reduce ", n, "/", group), func(t *testing.T) {
			in := random32(r, n)
			out := make([]int32, (n+group-1)/group)
			run(t, "reduce", d1(n), d1(group), 4*group, memory{0: bytesOf(in), 1: bytesOf(out)})
			for g, part := range slices.Collect(slices.Chunk(in, group)) {
				var sum int32
				for _, v := range part {
					sum += v
				}
				require.Equal(t, sum, out[g], g)
			}
		})
		t.Run(fmt.Sprint("scan ", n, "/", group), func(t *testing.T) {
			a := random32(r, n)
			want := slices.Clone(a)
			for part := range slices.Chunk(want, group) {
				for i := range part[1:] {
					part[i+1] += part[i]
				}
			}
			run(t, "scan", d1(n), d1(group), 4*group, memory{0: bytesOf(a)})
			require.Equal(t, want, a)
		})
		t.Run(fmt.Sprint("compact ", n, "/", group), func(t *testing.T) {
			in := random32(r, n)
			out, used := make([]int32, n), make([]uint32, 1)
			run(t, "compact", d1(n), d1(group), 4*group, memory{0: bytesOf(in), 1: bytesOf(out), 2: bytesOf(used)})
			want := slices.DeleteFunc(slices.Clone(in), func(v int32) bool { return v%3 != 0 })
			got := out[:used[0]]
			slices.Sort(want)
			slices.Sort(got)
			require.Equal(t, want, got)
		})
		t.Run(fmt.Sprint("histogram ", n, "/", group), func(t *testing.T) {
			in := make([]byte, 3*n+1)
			r.Read(in)
			out, want := make([]uint32, 16), make([]uint32, 16)
			for _, b := range in {
				want[b>>4]++
			}
			run(t, "histogram", d1(n), d1(group), 0, memory{0: in, 1: bytesOf(out), 2: bytesOf([]uint32{uint32(len(in))})})
			require.Equal(t, want, out)
		})
	}
	for _, c := range [][2]int{{8, 8}, {16, 24}, {5, 3}, {13, 29}, {1, 17}, {40, 9}} {
		w, h := c[0], c[1]
		t.Run(fmt.Sprint("transpose ", w, "x", h), func(t *testing.T) {
			in, out, want := make([]float32, w*h), make([]float32, w*h), make([]float32, w*h)
			for i := range in {
				in[i] = float32(i)
				want[i%w*h+i/w] = float32(i)
			}
			run(t, "transpose", d2(w, h), d2(8, 8), 0, memory{0: bytesOf(in), 1: bytesOf(out), 2: bytesOf([]uint32{uint32(w), uint32(h)})})
			require.Equal(t, want, out)
		})
	}
	t.Run("bitonic", func(t *testing.T) {
		a := make([]uint32, 5*64)
		for i := range a {
			a[i] = r.Uint32() >> (r.Intn(4) * 8)
		}
		want := slices.Clone(a)
		for part := range slices.Chunk(want, 64) {
			slices.Sort(part)
		}
		run(t, "bitonic", d1(5*32), d1(32), 0, memory{0: bytesOf(a)})
		require.Equal(t, want, a)
	})
	for _, c := range []struct{ size, group [3]int }{
		{[3]int{8, 8, 8}, [3]int{8, 8, 8}}, {[3]int{7, 5, 3}, [3]int{4, 2, 2}},
		{[3]int{9, 1, 11}, [3]int{2, 1, 5}}, {[3]int{3, 10, 4}, [3]int{3, 7, 3}},
	} {
		t.Run(fmt.Sprint("life ", c.size, c.group), func(t *testing.T) {
			s := c.size
			in, out, want := make([]byte, s[0]*s[1]*s[2]), make([]byte, s[0]*s[1]*s[2]), make([]byte, s[0]*s[1]*s[2])
			for i := range in {
				in[i] = byte(r.Intn(2))
			}
			for i := range in {
				p := [3]int{i % s[0], i / s[0] % s[1], i / s[0] / s[1]}
				sum := byte(0)
				for axis, stride := range []int{1, s[0], s[0] * s[1]} {
					if p[axis] > 0 {
						sum += in[i-stride]
					}
					if p[axis] < s[axis]-1 {
						sum += in[i+stride]
					}
				}
				if sum%2 == 0 {
					want[i] = in[i]
				}
			}
			run(t, "life", d3(s[0], s[1], s[2]), d3(c.group[0], c.group[1], c.group[2]), 0, memory{0: in, 1: out})
			require.Equal(t, want, out)
		})
	}
	for _, limit := range []int{0, 1, 3, 100} {
		t.Run(fmt.Sprint("relax ", limit), func(t *testing.T) {
			const groups, n = 6, 40
			a := random32(r, groups*n)
			want := slices.Clone(a)
			for part := range slices.Chunk(want, n) {
				for range min(limit, n) {
					for i := n - 1; i > 0; i-- {
						part[i] = max(part[i], part[i-1])
					}
				}
			}
			run(t, "relax", d1(groups*n), d1(n), 0, memory{0: bytesOf(a), 1: bytesOf([]int32{int32(limit)})})
			require.Equal(t, want, a)
		})
	}
}

// TestSimdgroupMatrix multiplies matrices of eight by eight by one SIMD group.
func TestSimdgroupMatrix(t *testing.T) {
	a, b := make([]float32, 2*16*20), make([]float32, 16*20)
	for i := range a {
		a[i] = float32(i%13) - 6
	}
	for i := range b {
		b[i] = float32(i%7) - 3
	}
	half := make([]uint16, 64)
	for i := range half {
		half[i] = uint16(ir.Narrow(ir.F16, float32(i%5)))
	}
	c := make([]float32, 64*6)
	lib := compile(t, `
kernel void k(device const float *a [[buffer(0)]], device const float *b [[buffer(1)]], device float *c [[buffer(2)]],
              device const half *h [[buffer(3)]], uint lane [[thread_index_in_simdgroup]]) {
  threadgroup float shared[64];
  simdgroup_float8x8 A, B, C = make_filled_simdgroup_matrix<float, 8, 8>(0.5f), R;
  simdgroup_load(A, a, 16, ulong2(3, 2));
  simdgroup_load(B, b, 20, ulong2(1, 5), true);
  simdgroup_multiply_accumulate(R, A, B, C);
  simdgroup_store(R, c, 8);
  simdgroup_store(R, shared, 8, 0, true);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint i = lane; i < 64; i += 32) c[64 + i] = shared[i];
  simdgroup_matrix<float, 8, 8> D(2.0f);
  simdgroup_store((D * A) * B, c + 128, 8);
  simdgroup_half8x8 H;
  simdgroup_load(H, h);
  simdgroup_multiply(R, H, A);
  simdgroup_store(R, c + 192, 8);
  A.thread_elements()[0] = lane;
  reinterpret_cast<thread float2 &>(A.thread_elements()).y = 100 + lane;
  simdgroup_store(A, c + 256, 8);
  simdgroup_half8x8 G = make_filled_simdgroup_matrix<half, 8>(3.0h);
  c[320 + lane] = G.thread_elements()[1] + sizeof(simdgroup_float8x8::storage_type);
}`)
	f := (launch{lib: lib, kernel: "k", grid: d1(32), group: d1(32), buffers: map[int][]byte{0: bytesOf(a), 1: bytesOf(b), 2: bytesOf(c), 3: bytesOf(half)}}).run(t)
	require.Nil(t, f)
	A := func(r, c int) float32 { return a[(r+2)*16+c+3] }
	B := func(r, c int) float32 { return b[(c+5)*20+r+1] }
	H := func(r, c int) float32 { return ir.Widen(ir.F16, uint64(half[r*8+c])) }
	product := func(x, y func(r, c int) float32, r, c int) (sum float32) {
		for k := range 8 {
			sum += x(r, k) * y(k, c)
		}
		return sum
	}
	for r := range 8 {
		for col := range 8 {
			want := product(A, B, r, col)
			require.Equal(t, want+0.5, c[r*8+col])
			require.Equal(t, want+0.5, c[64+col*8+r])
			require.Equal(t, 2*want, c[128+r*8+col])
			require.Equal(t, product(H, A, r, col), c[192+r*8+col])
		}
	}
	for lane := range 32 {
		for i := range 2 {
			r, col := ir.MatrixElement(lane, i)
			require.Equal(t, float32(lane+100*i), c[256+r*8+col])
		}
		require.Equal(t, float32(3+8), c[320+lane])
	}
}
