#include <metal_stdlib>
using namespace metal;

kernel void reduce(device const float *x [[buffer(0)]],
                   device float *partial [[buffer(1)]],
                   uint id [[thread_position_in_grid]],
                   uint i [[thread_position_in_threadgroup]],
                   uint group [[threadgroup_position_in_grid]]) {
    threadgroup float sum[GROUP];
    sum[i] = x[id];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint half_size = GROUP / 2; half_size > 0; half_size /= 2) {
        if (i < half_size)
            sum[i] += sum[i + half_size];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (i == 0)
        partial[group] = sum[0];
}
