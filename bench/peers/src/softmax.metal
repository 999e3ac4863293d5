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

static float group_max(float v, uint lane, uint simd, threadgroup float *sums) {
    v = simd_max(v);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (lane == 0)
        sums[simd] = v;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    return simd_max(lane < GROUP / 32 ? sums[lane] : -INFINITY);
}

kernel void softmax(device const float *x [[buffer(0)]],
                    device float *y [[buffer(1)]],
                    uint row [[threadgroup_position_in_grid]],
                    uint i [[thread_position_in_threadgroup]],
                    uint lane [[thread_index_in_simdgroup]],
                    uint simd [[simdgroup_index_in_threadgroup]]) {
    threadgroup float sums[32];
    x += row * N;
    y += row * N;
    float most = -INFINITY;
    for (uint k = i; k < N; k += GROUP)
        most = max(most, x[k]);
    most = group_max(most, lane, simd, sums);
    float sum = 0;
    for (uint k = i; k < N; k += GROUP) {
        float e = exp(x[k] - most);
        y[k] = e;
        sum += e;
    }
    float scale = 1.0f / group_sum(sum, lane, simd, sums);
    for (uint k = i; k < N; k += GROUP)
        y[k] *= scale;
}
