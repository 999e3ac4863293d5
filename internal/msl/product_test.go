package msl

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// Products of matrices, in the ways in which kernels share the work: a thread an
// element or sixteen of them, by tiles in threadgroup memory, by SIMD groups. Of
// all numbers there are eighths, so that no sum is rounded.

const products = `
constant uint N = 64;

#define PLAIN(NAME, T) \
kernel void NAME(device const T *a [[buffer(0)]], device const T *b [[buffer(1)]], device float *c [[buffer(2)]], uint2 id [[thread_position_in_grid]]) { \
	float sum = 0; \
	for (uint k = 0; k < N; k++) sum += float(a[id.y * N + k]) * float(b[k * N + id.x]); \
	c[id.y * N + id.x] = sum; \
}
PLAIN(plain, float)
PLAIN(plain_half, half)

#define TILED(NAME, T, S, PAD, LOOP) \
kernel void NAME(device const T *a [[buffer(0)]], device const T *b [[buffer(1)]], device float *c [[buffer(2)]], \
		uint2 id [[thread_position_in_grid]], uint2 t [[thread_position_in_threadgroup]]) { \
	threadgroup T ta[S][S + PAD], tb[S][S + PAD]; \
	float sum = 0; \
	for (uint from = 0; from < N; from += S) { \
		ta[t.y][t.x] = a[id.y * N + from + t.x]; \
		tb[t.y][t.x] = b[(from + t.y) * N + id.x]; \
		threadgroup_barrier(mem_flags::mem_threadgroup); \
		for (LOOP) sum += ta[t.y][k] * tb[k][t.x]; \
		threadgroup_barrier(mem_flags::mem_threadgroup); \
	} \
	c[id.y * N + id.x] = sum; \
}
TILED(tiled8, float, 8, 0, uint k = 0; k < 8; k++)
TILED(tiled16, float, 16, 0, int k = 0; k < 16; k++)
TILED(tiled32, float, 32, 0, uint k = 0; k <= 31; k++)
TILED(padded8, float, 8, 1, ushort k = 0; k < 8; k++)
TILED(padded16, float, 16, 1, uint k = 0; k < 16; k++)
TILED(padded32, float, 32, 1, int k = 0; k <= 31; k++)
TILED(half8, half, 8, 0, uint k = 0; k < 8; k++)
TILED(half16, half, 16, 1, uint k = 0; k < 16; k++)
TILED(half32, half, 32, 0, int k = 0; k < 32; k++)

// Of as many rows and columns as n says.
kernel void guarded(device const float *a [[buffer(0)]], device const float *b [[buffer(1)]], device float *c [[buffer(2)]],
		constant uint &n [[buffer(3)]], uint2 id [[thread_position_in_grid]], uint2 t [[thread_position_in_threadgroup]]) {
	threadgroup float ta[16][16], tb[16][16];
	float sum = 0;
	for (uint from = 0; from < n; from += 16) {
		ta[t.y][t.x] = id.y < n && from + t.x < n ? a[id.y * n + from + t.x] : 0;
		tb[t.y][t.x] = id.x < n && from + t.y < n ? b[(from + t.y) * n + id.x] : 0;
		threadgroup_barrier(mem_flags::mem_threadgroup);
		for (uint k = 0; k < min(16u, n - from); k++) sum += ta[t.y][k] * tb[k][t.x];
		threadgroup_barrier(mem_flags::mem_threadgroup);
	}
	if (id.x < n && id.y < n) c[id.y * n + id.x] = sum;
}

// Sixteen elements a thread: next to each other, or apart.
#define BLOCKED(NAME, T, ROW, COLUMN, LOOP) \
kernel void NAME(device const T *a [[buffer(0)]], device const T *b [[buffer(1)]], device float *c [[buffer(2)]], \
		uint2 group [[threadgroup_position_in_grid]], uint2 t [[thread_position_in_threadgroup]]) { \
	threadgroup T ta[64][16], tb[16][64]; \
	float sum[4][4] = {}; \
	uint i = t.y * 16 + t.x; \
	for (uint from = 0; from < N; from += 16) { \
		for (uint j = 0; j < 4; j++) { \
			uint e = i + j * 256; \
			ta[e / 16][e % 16] = a[(group.y * 64 + e / 16) * N + from + e % 16]; \
			tb[e / 64][e % 64] = b[(from + e / 64) * N + group.x * 64 + e % 64]; \
		} \
		threadgroup_barrier(mem_flags::mem_threadgroup); \
		for (LOOP) { \
			float x[4], y[4]; \
			for (uint j = 0; j < 4; j++) { x[j] = ta[ROW][k]; y[j] = tb[k][COLUMN]; } \
			for (uint j = 0; j < 4; j++) for (uint l = 0; l < 4; l++) sum[j][l] += x[j] * y[l]; \
		} \
		threadgroup_barrier(mem_flags::mem_threadgroup); \
	} \
	for (uint i = 0; i < 4; i++) for (uint l = 0; l < 4; l++) { \
		uint row, column; \
		{ uint j = i; row = ROW; } \
		{ uint j = l; column = COLUMN; } \
		c[(group.y * 64 + row) * N + group.x * 64 + column] = sum[i][l]; \
	} \
}
BLOCKED(blocked, float, t.y * 4 + j, t.x * 4 + j, uint k = 0; k < 16; k++)
BLOCKED(blocked_half, half, t.y * 4 + j, t.x * 4 + j, int k = 0; k < 16; k++)
BLOCKED(apart, float, t.y + j * 16, t.x + j * 16, int k = 0; k <= 15; k++)
BLOCKED(apart_half, half, t.y + j * 16, t.x + j * 16, uint k = 0; k < 16; k++)

kernel void by_fours(device const float *a [[buffer(0)]], device const float4 *b [[buffer(1)]], device float4 *c [[buffer(2)]],
		uint2 id [[thread_position_in_grid]]) {
	float4 sum[4] = {};
	for (uint k = 0; k < N; k++)
		for (uint j = 0; j < 4; j++) sum[j] += a[(id.y * 4 + j) * N + k] * b[k * N / 4 + id.x];
	for (uint j = 0; j < 4; j++) c[(id.y * 4 + j) * N / 4 + id.x] = sum[j];
}

#define SIMD(NAME, T, R, C) \
kernel void NAME(device const T *a [[buffer(0)]], device const T *b [[buffer(1)]], device float *c [[buffer(2)]], \
		uint2 g [[threadgroup_position_in_grid]]) { \
	simdgroup_float8x8 sum[R][C]; \
	for (int i = 0; i < R; i++) for (int j = 0; j < C; j++) sum[i][j] = make_filled_simdgroup_matrix<float, 8>(0.0f); \
	for (uint k = 0; k < N; k += 8) { \
		simdgroup_matrix<T, 8, 8> x[R], y[C]; \
		for (int i = 0; i < R; i++) simdgroup_load(x[i], a + (g.y * R + i) * 8 * N + k, N); \
		for (int i = 0; i < C; i++) simdgroup_load(y[i], b + k * N + (g.x * C + i) * 8, N); \
		for (int i = 0; i < R; i++) for (int j = 0; j < C; j++) simdgroup_multiply_accumulate(sum[i][j], x[i], y[j], sum[i][j]); \
	} \
	for (int i = 0; i < R; i++) for (int j = 0; j < C; j++) \
		simdgroup_store(sum[i][j], c + (g.y * R + i) * 8 * N + (g.x * C + j) * 8, N); \
}
SIMD(simd1x1, float, 1, 1)
SIMD(simd2x4, float, 2, 4)
SIMD(simd4x4, float, 4, 4)
SIMD(simd2x2half, half, 2, 2)
SIMD(simd4x2half, half, 4, 2)

// Four SIMD groups, each of a quarter of a tile in threadgroup memory.
#define STAGED(NAME, T) \
kernel void NAME(device const T *a [[buffer(0)]], device const T *b [[buffer(1)]], device float *c [[buffer(2)]], \
		uint2 g [[threadgroup_position_in_grid]], uint t [[thread_index_in_threadgroup]], uint s [[simdgroup_index_in_threadgroup]]) { \
	threadgroup T ta[32 * 16], tb[16 * 32]; \
	simdgroup_float8x8 sum[2][2]; \
	for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) sum[i][j] = make_filled_simdgroup_matrix<float, 8>(0.0f); \
	uint y = s / 2 * 16, x = s % 2 * 16; \
	for (uint k = 0; k < N; k += 16) { \
		for (uint e = t; e < 512; e += 128) { \
			ta[e] = a[(g.y * 32 + e / 16) * N + k + e % 16]; \
			tb[e] = b[(k + e / 32) * N + g.x * 32 + e % 32]; \
		} \
		threadgroup_barrier(mem_flags::mem_threadgroup); \
		for (uint kk = 0; kk < 16; kk += 8) { \
			simdgroup_matrix<T, 8, 8> p[2], q[2]; \
			for (int i = 0; i < 2; i++) simdgroup_load(p[i], ta + (y + i * 8) * 16 + kk, 16); \
			for (int i = 0; i < 2; i++) simdgroup_load(q[i], tb + kk * 32 + x + i * 8, 32); \
			for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) simdgroup_multiply_accumulate(sum[i][j], p[i], q[j], sum[i][j]); \
		} \
		threadgroup_barrier(mem_flags::mem_threadgroup); \
	} \
	for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) \
		simdgroup_store(sum[i][j], c + (g.y * 32 + y + i * 8) * N + g.x * 32 + x + j * 8, N); \
}
STAGED(staged, float)
STAGED(staged_half, half)
`

func TestProducts(t *testing.T) {
	lib := compile(t, products)
	const n = 64
	r := rand.New(rand.NewPCG(1, 2))
	a, b := make([]float32, n*n), make([]float32, n*n)
	for i := range a {
		a[i], b[i] = float32(r.IntN(17)-8)/8, float32(r.IntN(17)-8)/8
	}
	product := func(n int) []float32 {
		c := make([]float32, n*n)
		for i := range c {
			for k := range n {
				c[i] += float32(a[i/n*n+k] * b[k*n+i%n])
			}
		}
		return c
	}
	halves := func(x []float32) []byte {
		h := make([]fp16.Float16, len(x))
		fp16.Encode(h, x)
		return bytesOf(h)
	}
	type test struct {
		kernel      string
		grid, group simt.Size
		n           int
	}
	tests := []test{
		{"blocked", d2(16, 16), d2(16, 16), n}, {"blocked_half", d2(16, 16), d2(16, 16), n},
		{"apart", d2(16, 16), d2(16, 16), n}, {"apart_half", d2(16, 16), d2(16, 16), n},
		{"by_fours", d2(16, 16), d2(16, 4), n}, {"by_fours", d2(16, 16), d2(8, 8), n},
		{"simd1x1", d2(32*8, 8), d2(32, 1), n}, {"simd2x4", d2(32*2, 4), d2(32, 1), n}, {"simd4x4", d2(32*2, 2), d2(32, 1), n},
		{"simd2x2half", d2(32*4, 4), d2(32, 1), n}, {"simd4x2half", d2(32*4, 2), d2(32, 1), n},
		{"staged", d2(128*2, 2), d2(128, 1), n}, {"staged_half", d2(128*2, 2), d2(128, 1), n},
		{"guarded", d2(64, 64), d2(16, 16), n}, {"guarded", d2(64, 64), d2(16, 16), 50}, {"guarded", d2(48, 48), d2(16, 16), 33},
	}
	for _, group := range [][2]int{{8, 8}, {16, 16}, {32, 8}, {32, 5}, {64, 4}, {24, 4}, {64, 1}} {
		tests = append(tests, test{"plain", d2(n, n), d2(group[0], group[1]), n}, test{"plain_half", d2(n, n), d2(group[0], group[1]), n})
	}
	for _, size := range []int{8, 16, 32} {
		for _, kind := range []string{"tiled", "padded", "half"} {
			tests = append(tests, test{fmt.Sprint(kind, size), d2(n, n), d2(size, size), n})
		}
	}
	engines := map[string]func() func(){"interpreter": func() func() { return simt.Force(simt.Interpreter, nil, 0) }}
	if best, ok := jit.Best(); ok {
		isas := []jit.ISA{best}
		if best == jit.AVX512 {
			isas = append(isas, jit.AVX512x256, jit.AVX2)
		}
		for _, isa := range isas {
			engines[isa.String()] = func() func() { return simt.Force(simt.Native, &isa, 0) }
		}
	}
	for name, force := range engines {
		t.Run(name, func(t *testing.T) {
			defer force()()
			for _, x := range tests {
				got := make([]float32, n*n)
				buffers := map[int][]byte{0: bytesOf(a), 1: bytesOf(b), 2: bytesOf(got), 3: bytesOf([]uint32{uint32(x.n)})}
				if strings.Contains(x.kernel, "half") {
					buffers[0], buffers[1] = halves(a), halves(b)
				}
				l := launch{lib: lib, kernel: x.kernel, grid: x.grid, group: x.group, buffers: buffers}
				require.Nil(t, l.run(t), x.kernel)
				require.Equal(t, product(x.n), got[:x.n*x.n], "%s %d", x.kernel, x.n)
				l.buffers[1] = l.buffers[1][:len(l.buffers[1])/4-4] // too few rows of b
				require.NotNil(t, l.run(t), x.kernel)
			}
		})
	}
}
