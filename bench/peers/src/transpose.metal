#include <metal_stdlib>
using namespace metal;

kernel void transpose(device const float *x [[buffer(0)]],
                      device float *y [[buffer(1)]],
                      uint2 local [[thread_position_in_threadgroup]],
                      uint2 group [[threadgroup_position_in_grid]]) {
    threadgroup float tile[16][17];
    tile[local.y][local.x] = x[(group.y * 16 + local.y) * N + group.x * 16 + local.x];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    y[(group.x * 16 + local.y) * N + group.y * 16 + local.x] = tile[local.x][local.y];
}
