#include <metal_stdlib>
using namespace metal;

// A picture of floats, turned: the nearest pixel, which repeats beyond the rim.
kernel void rotate(texture2d<float, access::sample> in [[texture(0)]],
                   texture2d<float, access::write> out [[texture(1)]],
                   uint2 id [[thread_position_in_grid]]) {
    constexpr sampler s(filter::nearest, address::repeat);
    float2 p = (float2(id) + 0.5f) / W - 0.5f;
    out.write(in.sample(s, float2(0.8f * p.x - 0.6f * p.y, 0.6f * p.x + 0.8f * p.y) + 0.5f), id);
}
