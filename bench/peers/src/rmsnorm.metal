#include <metal_stdlib>
using namespace metal;

static float group_sum(float v, uint lane, uint simd, threadgroup float *sums) {
    v = simd_sum(v);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (lane == 0)
        sums[simd] = v;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    return simd_sum(lane < GROUP / 32 ? sums[lane] : 0.0f);
}

kernel void rmsnorm(device const float *x [[buffer(0)]],
                    device const float *weight [[buffer(1)]],
                    device float *y [[buffer(2)]],
                    uint row [[threadgroup_position_in_grid]],
                    uint i [[thread_position_in_threadgroup]],
                    uint lane [[thread_index_in_simdgroup]],
                    uint simd [[simdgroup_index_in_threadgroup]]) {
    threadgroup float sums[32];
    x += row * N;
    y += row * N;
    float sum = 0;
    for (uint k = i; k < N; k += GROUP)
        sum += x[k] * x[k];
    float scale = rsqrt(group_sum(sum, lane, simd, sums) / N + 1e-5f);
    for (uint k = i; k < N; k += GROUP)
        y[k] = x[k] * scale * weight[k];
}
