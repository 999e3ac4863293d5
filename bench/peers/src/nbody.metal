#include <metal_stdlib>
using namespace metal;

kernel void nbody(device const float4 *bodies [[buffer(0)]],
                  device float4 *forces [[buffer(1)]],
                  uint i [[thread_position_in_grid]]) {
    float3 at = bodies[i].xyz, force = 0;
    for (uint k = 0; k < N; k++) {
        float4 other = bodies[k];
        float3 d = other.xyz - at;
        float r = rsqrt(dot(d, d) + 0.01f);
        force += d * (other.w * r * r * r);
    }
    forces[i] = float4(force, 0);
}
