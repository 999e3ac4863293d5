#include <metal_stdlib>
using namespace metal;

kernel void rows(device const float *image [[buffer(0)]],
                 constant float *weights [[buffer(1)]],
                 device float *between [[buffer(2)]],
                 device float *out [[buffer(3)]],
                 uint2 id [[thread_position_in_grid]]) {
    float sum = 0;
    for (int d = -R; d <= R; d++)
        sum += image[id.y * (W + 2 * R) + id.x + R + d] * weights[d + R];
    between[id.y * W + id.x] = sum;
}

kernel void columns(device const float *image [[buffer(0)]],
                    constant float *weights [[buffer(1)]],
                    device const float *between [[buffer(2)]],
                    device float *out [[buffer(3)]],
                    uint2 id [[thread_position_in_grid]]) {
    float sum = 0;
    for (int d = -R; d <= R; d++)
        sum += between[(id.y + R + d) * W + id.x] * weights[d + R];
    out[id.y * W + id.x] = sum;
}
