#include <metal_stdlib>
using namespace metal;

kernel void matmul(device const float *a [[buffer(0)]],
                   device const float *b [[buffer(1)]],
                   device float *c [[buffer(2)]],
                   uint2 id [[thread_position_in_grid]]) {
    float sum = 0;
    for (uint k = 0; k < N; k++)
        sum += a[id.y * N + k] * b[k * N + id.x];
    c[id.y * N + id.x] = sum;
}
