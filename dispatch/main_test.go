package dispatch_test

import (
	"context"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

const kernels = `
#include <metal_stdlib>
using namespace metal;

kernel void inc(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) { a[id] = a[id] + 1.0f; }

kernel void add(device float *a [[buffer(0)]], constant float &v [[buffer(1)]], uint id [[thread_position_in_grid]]) { a[id] = a[id] + v; }

kernel void past(device float *a [[buffer(0)]], constant uint &far [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    a[id + far] = 1.0f;
}

kernel void slow(device float *a [[buffer(0)]], constant uint &rounds [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    float v = a[id];
    for (uint i = 0; i < rounds; i++) { v = v * 1.0001f + 0.5f; }
    a[id] = v;
}

kernel void total(device float *out [[buffer(0)]], constant float *t [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    float s = 0;
    for (uint i = 0; i < 2000; i++) s += t[i];
    out[id] = s;
}

kernel void scratch(device uint *out [[buffer(0)]], threadgroup uint *t [[threadgroup(0)]],
                    uint tid [[thread_index_in_threadgroup]], uint size [[threads_per_threadgroup]], uint id [[thread_position_in_grid]]) {
    t[tid] = tid;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    out[id] = t[size - 1u - tid];
}
`

type house struct {
	dev   *gpu.Device
	queue *gpu.Queue
	lib   *gpu.Library
	disp  *dispatch.Dispatcher
}

func open(t testing.TB, o dispatch.Options) *house {
	t.Helper()
	dev, err := gpu.Open()
	require.NoError(t, err)
	queue, err := dev.Queue()
	require.NoError(t, err)
	lib, err := dev.Compile(kernels)
	require.NoError(t, err)
	disp, err := dispatch.NewWith(queue, o)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, disp.Close())
		require.NoError(t, lib.Close())
		require.NoError(t, queue.Close())
		require.NoError(t, dev.Close())
	})
	return &house{dev, queue, lib, disp}
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

func bytesOf[T any](v T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&v)), unsafe.Sizeof(v))
}

// apple tells of the runtime that does not count its objects. On Linux the native one's Metal is a fixture
// over the embedded runtime.
const apple = objc.Native && runtime.GOOS == "darwin"

// fixture tells that Metal is played by one, which allocates.
const fixture = objc.Native && !apple

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
