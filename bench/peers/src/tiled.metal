#include <metal_stdlib>
using namespace metal;

kernel void tiled(device const float *a [[buffer(0)]],
                  device const float *b [[buffer(1)]],
                  device float *c [[buffer(2)]],
                  uint2 id [[thread_position_in_grid]],
                  uint2 local [[thread_position_in_threadgroup]]) {
    threadgroup float ta[TILE][TILE], tb[TILE][TILE];
    float sum = 0;
    for (uint t = 0; t < N; t += TILE) {
        ta[local.y][local.x] = a[id.y * N + t + local.x];
        tb[local.y][local.x] = b[(t + local.y) * N + id.x];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint k = 0; k < TILE; k++)
            sum += ta[local.y][k] * tb[k][local.x];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    c[id.y * N + id.x] = sum;
}
