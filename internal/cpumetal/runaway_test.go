package cpumetal

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// onTiers runs f with launches on the interpreter, and with machine code for each
// of this processor's instruction sets.
func onTiers(t *testing.T, f func(t *testing.T)) {
	t.Run("interpreter", func(t *testing.T) {
		defer simt.Force(simt.Interpreter, nil, 0)()
		f(t)
	})
	best, ok := jit.Best()
	if !ok {
		return
	}
	isas := []jit.ISA{best}
	if best == jit.AVX512 {
		isas = append(isas, jit.AVX2, jit.AVX512x256)
	}
	for _, isa := range isas {
		t.Run(isa.String(), func(t *testing.T) {
			defer simt.Force(simt.Native, &isa, 0)()
			f(t)
		})
	}
}

// Kernels that do not end, each in another kind of code. The first word of a is
// 0, and nobody changes it.
const runaways = `
#include <metal_stdlib>
using namespace metal;

kernel void plain(device uint *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    uint x = i;
    while (a[0] == 0) x = x * 1664525u + 1013904223u;
    a[i + 1] = x;
}

kernel void one_thread(device uint *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    uint x = i;
    for (uint k = i + 1; k != 0; k = i == 5 ? 1 : k - 1) x = x * 3 + k;
    a[i + 1] = x;
}

kernel void nested(device uint *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    uint x = i;
    while (a[0] == 0) {
        for (uint k = 0; k < (i & 7); k++) {
            if (x % 3 == 0) continue;
            x = x * 5 + k;
            if (x % 1000 == 77) break;
        }
    }
    a[i + 1] = x;
}

kernel void barriers(device uint *a [[buffer(0)]], uint i [[thread_position_in_threadgroup]]) {
    threadgroup uint t[64];
    uint x = i;
    while (a[0] == 0) {
        t[i] = x;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        x += t[63 - i];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    a[i + 1] = x;
}

kernel void between_barriers(device uint *a [[buffer(0)]], uint i [[thread_position_in_threadgroup]]) {
    threadgroup uint t[64];
    t[i] = i;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint x = t[63 - i];
    while (a[0] == 0) x = x * 7 + i;
    t[i] = x;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    a[i + 1] = t[63 - i];
}

kernel void simd_groups(device uint *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    uint x = i;
    while (a[0] == 0) x = simd_sum(x) ^ simd_shuffle_xor(x, 1) ^ quad_broadcast(x, 2);
    a[i + 1] = x;
}

kernel void votes(device uint *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    uint x = i;
    while (!simd_any(a[i & 1] == 77)) x += simd_prefix_inclusive_sum(x);
    a[i + 1] = x;
}

kernel void atomics(device atomic_uint *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    while (atomic_load_explicit(&a[0], memory_order_relaxed) == 0)
        atomic_fetch_add_explicit(&a[1 + (i & 7)], i, memory_order_relaxed);
}

kernel void clamped(device uint *a [[buffer(0)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
    if (i >= n) return;
    uint x = 0;
    for (int k = 0; a[0] == 0; k++) x += a[clamp(int(i) + (k & 3) - 1, 0, 63)];
    a[i + 1] = x;
}

kernel void scattered(device uint *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    uint x = i;
    while (a[0] == 0) {
        x = x * 1664525u + 1013904223u;
        a[1 + (x >> 20) % 64] = a[1 + (x >> 24) % 64];
    }
}

kernel void own_memory(device uint *a [[buffer(0)]], uint i [[thread_position_in_grid]]) {
    uint own[16];
    for (uint k = 0; k < 16; k++) own[k] = i + k;
    while (a[0] == 0) own[own[i & 15] & 15] += i;
    a[i + 1] = own[i & 15];
}

kernel void matrices(device uint *a [[buffer(0)]], device float *m [[buffer(1)]]) {
    simdgroup_float8x8 x, y;
    simdgroup_load(x, m, 8);
    simdgroup_load(y, m, 8);
    while (a[0] == 0) simdgroup_multiply_accumulate(x, x, y, x);
    simdgroup_store(x, m, 8);
}

kernel void calls(device uint *a [[buffer(0)]], device float *m [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    float x = m[i];
    while (a[0] == 0) x = sin(x) + pow(fabs(x), 0.3f);
    m[i] = x;
}
`

// A kernel that does not end is ended by its time limit, whatever it does, on all
// tiers, and the device goes on.
func TestRunaways(t *testing.T) {
	onTiers(t, func(t *testing.T) {
		d := newDevice(1 << 30)
		d.timeout = 5 * time.Millisecond
		lib, err := d.NewLibrary(runaways, CompileOptions{})
		require.Nil(t, err)
		names := lib.FunctionNames()
		require.Len(t, names, 13)
		for _, name := range names {
			p, err := d.NewPipeline(lib.Function(name), PipelineOptions{})
			require.Nil(t, err, name)
			a, m := d.NewBuffer(4*256, 0), d.NewBuffer(4*256, 0)
			require.NotNil(t, a)
			require.NotNil(t, m)
			cb := d.NewQueue(0).CommandBuffer(true, 0)
			encode(t, cb, func(e *ComputeEncoder) {
				e.SetPipeline(p)
				e.SetBuffer(a, 0, 0)
				e.SetBuffer(m, 0, 1)
				e.DispatchThreads(Size3{64, 1, 1}, Size3{64, 1, 1})
			})
			submit(cb)
			require.NotNil(t, cb.Err(), name)
			require.Equal(t, CodeTimeout, cb.Err().Code, "%s: %s", name, cb.Err().Text)
			require.Contains(t, cb.Err().Text, "kernel "+name)
			a.Release()
			m.Release()
		}
	})
}

const relay = `
#include <metal_stdlib>
using namespace metal;

kernel void pass(device atomic_uint *a [[buffer(0)]], constant uint &turn [[buffer(1)]]) {
    while (atomic_load_explicit(a, memory_order_relaxed) != turn) {}
    atomic_store_explicit(a, turn + 1, memory_order_relaxed);
}
`

// Queues do not wait for each other: a kernel that waits for what a later one
// on another queue does sees it, on one processor too.
func TestQueuesOverlap(t *testing.T) {
	onTiers(t, func(t *testing.T) {
		lib := compile(t, relay)
		p := pipeline(t, lib, "pass")
		a := SystemDevice().NewBuffer(4, 0)
		require.NotNil(t, a)
		defer a.Release()
		const runners = 4
		var all []*CommandBuffer
		for i := range runners {
			cb := SystemDevice().NewQueue(0).CommandBuffer(true, 0)
			encode(t, cb, func(e *ComputeEncoder) {
				e.SetPipeline(p)
				e.SetBuffer(a, 0, 0)
				e.SetBytes([]byte{byte(runners - 1 - i), 0, 0, 0}, 1)
				e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
			})
			cb.Commit(Handler{}) // the last one's turn is first
			all = append(all, cb)
		}
		for _, cb := range all {
			cb.WaitUntilCompleted()
			require.Nil(t, cb.Err())
		}
		require.EqualValues(t, runners, word(a, 0))
	})
}
