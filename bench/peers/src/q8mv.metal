#include <metal_stdlib>
using namespace metal;

struct block {
    half scale;
    char quants[32];
};

kernel void q8mv(device const block *a [[buffer(0)]],
                 device const float *x [[buffer(1)]],
                 device float *y [[buffer(2)]],
                 uint row [[threadgroup_position_in_grid]],
                 uint lane [[thread_index_in_simdgroup]]) {
    float sum = 0;
    for (uint k = lane; k < N / 32; k += 32) {
        device const block &b = a[row * (N / 32) + k];
        device const float *v = x + k * 32;
        float s = 0;
        for (int i = 0; i < 32; i++)
            s += b.quants[i] * v[i];
        sum += s * float(b.scale);
    }
    sum = simd_sum(sum);
    if (lane == 0)
        y[row] = sum;
}
