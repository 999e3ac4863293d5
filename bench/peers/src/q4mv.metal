#include <metal_stdlib>
using namespace metal;

struct block {
    half scale;
    uchar quants[16];
};

// A SIMD group computes a row; a lane takes a block at a time.
kernel void q4mv(device const block *a [[buffer(0)]],
                 device const float *x [[buffer(1)]],
                 device float *y [[buffer(2)]],
                 uint row [[threadgroup_position_in_grid]],
                 uint lane [[thread_index_in_simdgroup]]) {
    float sum = 0;
    for (uint k = lane; k < N / 32; k += 32) {
        device const block &b = a[row * (N / 32) + k];
        device const float *v = x + k * 32;
        float s = 0;
        for (int i = 0; i < 16; i++)
            s += (b.quants[i] & 15) * v[i] + (b.quants[i] >> 4) * v[i + 16] - 8.0f * (v[i] + v[i + 16]);
        sum += s * float(b.scale);
    }
    sum = simd_sum(sum);
    if (lane == 0)
        y[row] = sum;
}
