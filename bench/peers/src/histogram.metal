#include <metal_stdlib>
using namespace metal;

kernel void histogram(device const uint *x [[buffer(0)]],
                      device atomic_uint *bins [[buffer(1)]],
                      uint i [[thread_position_in_threadgroup]],
                      uint group [[threadgroup_position_in_grid]]) {
    threadgroup atomic_uint counts[256];
    atomic_store_explicit(&counts[i], 0, memory_order_relaxed);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    x += group * 256 * EACH;
    for (uint k = 0; k < EACH; k++) {
        uint bin = x[k * 256 + i] & 255;
        atomic_fetch_add_explicit(&counts[bin], 1, memory_order_relaxed);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint n = atomic_load_explicit(&counts[i], memory_order_relaxed);
    atomic_fetch_add_explicit(&bins[i], n, memory_order_relaxed);
}
