#include <metal_stdlib>
using namespace metal;

struct Params {
    uint n;
    packed_float3 v[4];
    device float *p [[id(0)]];
};

constant uint kSize [[function_constant(0)]];
constexpr constant float kTable[2][2] = {{1, 2.0h}, {0x1p-3f, .5}};

[[host_name("scale")]] [[max_total_threads_per_threadgroup(64)]]
kernel void scale(device float *out [[buffer(0)]],
                  constant Params &params [[ buffer(1), function_constant(kSize) ]],
                  threadgroup float (&tile)[32],
                  volatile device atomic_uint *count,
                  uint2 gid [[thread_position_in_grid]])
{
    threadgroup float sums[16][16];
    if (gid.x >= params.n) return;
    float4 a = float4(1.0, gid.x, 2, 3), b{1, 2, 3, 4};
    out[gid.x] = a.xyz.x * (float)gid.y + as_type<float>(0x3f800000u);
    *(device float4 *)(out + 4) = select(a, b, a < b);
    threadgroup_barrier(mem_flags::mem_threadgroup);
}
