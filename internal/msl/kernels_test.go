package msl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const guide = `
kernel void saxpy(device float *y [[buffer(0)]],
                  device const float *x [[buffer(1)]],
                  constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}

kernel void inc(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) {
    a[id] = a[id] + 1.0;
}

struct Shape { uint m; uint n; uint k; };

kernel void matmul(device const float *a [[buffer(0)]],
                   device const float *b [[buffer(1)]],
                   device float *c [[buffer(2)]],
                   constant Shape &s [[buffer(3)]],
                   uint2 gid [[thread_position_in_grid]]) {
    if (gid.y >= s.m || gid.x >= s.n) return;
    float sum = 0.0f;
    for (uint i = 0; i < s.k; i++)
        sum += a[gid.y * s.k + i] * b[i * s.n + gid.x];
    c[gid.y * s.n + gid.x] = sum;
}

kernel void block_sum(device const float *in [[buffer(0)]],
                      device float *out [[buffer(1)]],
                      uint tid [[thread_index_in_threadgroup]],
                      uint group [[threadgroup_position_in_grid]],
                      uint size [[threads_per_threadgroup]]) {
    threadgroup float part[256];
    part[tid] = in[group * size + tid];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint step = size / 2; step > 0; step /= 2) {
        if (tid < step) part[tid] += part[tid + step];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (tid == 0) out[group] = part[0];
}
`

func TestGuide(t *testing.T) {
	lib := compile(t, guide)
	var names []string
	for _, k := range lib.Kernels {
		names = append(names, k.Name)
	}
	require.Equal(t, []string{"saxpy", "inc", "matmul", "block_sum"}, names)

	t.Run("saxpy", func(t *testing.T) {
		const n = 1003
		x, y := make([]float32, n), make([]float32, n)
		for i := range x {
			x[i], y[i] = float32(i), 1
		}
		f := launch{lib: lib, kernel: "saxpy", grid: d1(n), group: d1(256),
			buffers: map[int][]byte{0: bytesOf(y), 1: bytesOf(x), 2: bytesOf([]float32{2})}}.run(t)
		require.Nil(t, f)
		for i, v := range y {
			require.Equal(t, 2*float32(i)+1, v)
		}
	})
	t.Run("matmul", func(t *testing.T) {
		const m, n, k = 67, 41, 29
		a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
		for i := range a {
			a[i] = float32(i%13) - 6
		}
		for i := range b {
			b[i] = float32(i%7) - 3
		}
		f := launch{lib: lib, kernel: "matmul", grid: d2(n, m), group: d2(16, 16),
			buffers: map[int][]byte{0: bytesOf(a), 1: bytesOf(b), 2: bytesOf(c), 3: bytesOf([]uint32{m, n, k})}}.run(t)
		require.Nil(t, f)
		for i, v := range c {
			var want float32
			for j := range k {
				want += a[i/n*k+j] * b[j*n+i%n]
			}
			require.Equal(t, want, v)
		}
	})
	t.Run("block_sum", func(t *testing.T) {
		in, out := make([]float32, 31*256), make([]float32, 31)
		for i := range in {
			in[i] = float32(i % 17)
		}
		l := launch{lib: lib, kernel: "block_sum", grid: d1(len(in)), group: d1(256),
			buffers: map[int][]byte{0: bytesOf(in), 1: bytesOf(out)}}
		require.Nil(t, l.run(t))
		for g, v := range out {
			var want float32
			for i := range 256 {
				want += in[g*256+i]
			}
			require.Equal(t, want, v)
		}
		code, _ := lib.Lower("block_sum", Constants{})
		require.EqualValues(t, 1024, code.StaticThreadgroupMemory)
	})
}

func TestReflection(t *testing.T) {
	lib := compile(t, guide)
	k := lib.Kernel("saxpy")
	require.Len(t, k.Args, 3)
	require.Equal(t, "y", k.Args[0].Name)
	require.Equal(t, AccessReadWrite, k.Args[0].Access)
	require.True(t, k.Args[0].Pointer)
	require.Equal(t, AccessRead, k.Args[1].Access)
	require.Equal(t, AccessRead, k.Args[2].Access)
	require.False(t, k.Args[2].Pointer)
	require.Equal(t, "float", k.Args[2].TypeName)
	require.EqualValues(t, 4, k.Args[2].Size)

	code, _ := lib.Lower("block_sum", Constants{})
	require.Equal(t, AccessRead, code.Args[0].Access)
	require.Equal(t, AccessWrite, code.Args[1].Access)

	_, diags := lib.Lower("nosuch", Constants{})
	require.Contains(t, diags.Render(), "no kernel called 'nosuch'")
	require.Nil(t, lib.Kernel("nosuch"))
}
