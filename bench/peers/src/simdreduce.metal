#include <metal_stdlib>
using namespace metal;

kernel void simdreduce(device const float *x [[buffer(0)]],
                       device float *partial [[buffer(1)]],
                       uint id [[thread_position_in_grid]],
                       uint i [[thread_position_in_threadgroup]],
                       uint group [[threadgroup_position_in_grid]],
                       uint lane [[thread_index_in_simdgroup]],
                       uint simd [[simdgroup_index_in_threadgroup]]) {
    threadgroup float sums[GROUP / 32];
    float sum = simd_sum(x[id]);
    if (lane == 0)
        sums[simd] = sum;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (simd == 0) {
        sum = simd_sum(lane < GROUP / 32 ? sums[lane] : 0.0f);
        if (lane == 0)
            partial[group] = sum;
    }
}
