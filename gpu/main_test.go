package gpu_test

import (
	"context"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// kernels are what the tests launch.
const kernels = `
#include <metal_stdlib>
using namespace metal;

kernel void saxpy(device float *y [[buffer(0)]], device const float *x [[buffer(1)]], constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}

kernel void inc(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) { a[id] = a[id] + 1.0f; }

struct Shape { uint m; uint n; uint k; };

kernel void volume(device uint *out [[buffer(0)]], constant Shape &s [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    out[id] = s.m * s.n * s.k;
}

kernel void past(device float *a [[buffer(0)]], constant uint &far [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    a[id + far] = 1.0f;
}

kernel void before(device float *out [[buffer(0)]], device const float *in [[buffer(1)]], constant uint &far [[buffer(2)]],
                   uint id [[thread_position_in_grid]]) {
    out[id] = in[id + far];
}

kernel void forever(device uint *a [[buffer(0)]], uint id [[thread_position_in_grid]]) {
    uint i = id | 1u;
    while (i != 0u) { i = i * 3u | 1u; }
    a[id] = i;
}

kernel void slow(device float *a [[buffer(0)]], constant uint &rounds [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    float v = a[id];
    for (uint i = 0; i < rounds; i++) { v = v * 1.0001f + 0.5f; }
    a[id] = v;
}

kernel void wide(device float4 *a [[buffer(0)]], uint id [[thread_position_in_grid]]) { a[id] = a[id] + 1.0f; }

kernel void table(device float *out [[buffer(0)]], constant float *t [[buffer(1)]], constant uint &n [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    float s = 0;
    for (uint i = 0; i < n; i++) s += t[i];
    out[id] = s;
}

kernel void scratch(device uint *out [[buffer(0)]], threadgroup uint *t [[threadgroup(0)]],
                    uint tid [[thread_index_in_threadgroup]], uint size [[threads_per_threadgroup]], uint id [[thread_position_in_grid]]) {
    t[tid] = tid * 2u;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    out[id] = t[size - 1u - tid];
}

kernel void where2(device uint *out [[buffer(0)]], uint2 p [[thread_position_in_grid]], uint2 n [[threads_per_grid]]) {
    out[p.y * n.x + p.x] = p.x + 1000u * p.y;
}
`

// source is a const so that one library serves every test of a process.
type house struct {
	dev   *gpu.Device
	queue *gpu.Queue
	lib   *gpu.Library
}

// open gives a device, a queue and the kernels, and closes them at the test's end.
func open(t testing.TB) *house {
	t.Helper()
	dev, err := gpu.Open()
	require.NoError(t, err)
	queue, err := dev.Queue()
	require.NoError(t, err)
	lib, err := dev.Compile(kernels)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, lib.Close())
		require.NoError(t, queue.Close())
		require.NoError(t, dev.Close())
	})
	return &house{dev, queue, lib}
}

func (h *house) pipeline(t testing.TB, name string) *gpu.Pipeline {
	t.Helper()
	p, err := h.lib.Pipeline(name)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

func (h *house) floats(t testing.TB, n int) gpu.Of[float32] {
	t.Helper()
	b, err := gpu.Make[float32](h.dev, n)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func (h *house) uints(t testing.TB, n int) gpu.Of[uint32] {
	t.Helper()
	b, err := gpu.Make[uint32](h.dev, n)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// begin opens an encoder on new Commands.
func (h *house) begin(t testing.TB) (*gpu.Commands, *gpu.Encoder) {
	t.Helper()
	cmd, err := h.queue.Commands()
	require.NoError(t, err)
	enc, err := cmd.Encoder()
	require.NoError(t, err)
	return cmd, enc
}

func bytesOf[T any](v *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
}

// apple tells of the runtime that does not count its objects. On Linux the native one's Metal is a fixture
// over the embedded runtime.
const apple = objc.Native && runtime.GOOS == "darwin"

// live is how many objects the embedded runtime has, 0 where there is none.
func live(t testing.TB) int {
	t.Helper()
	if apple {
		return 0
	}
	return objcrt.LiveCount()
}

// settles waits for the number of objects to come back to want: a device lets go of a command buffer
// just after it has told of its end.
func settles(t testing.TB, want int) {
	t.Helper()
	if apple {
		return
	}
	require.Eventually(t, func() bool { return objcrt.LiveCount() <= want }, 5*time.Second, time.Millisecond,
		"objects left: %v", objcrt.Live())
}

// faults skips a test on a GPU, which need not notice what a kernel does wrong.
func (h *house) faults(t testing.TB) {
	t.Helper()
	if !h.dev.Info().CPU {
		t.Skip("a GPU does not check every access")
	}
}

func background() context.Context { return context.Background() }
