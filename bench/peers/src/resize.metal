#include <metal_stdlib>
using namespace metal;

// A picture at another size, by linear filtering.
kernel void resize(texture2d<float, access::sample> in [[texture(0)]],
                   texture2d<float, access::write> out [[texture(1)]],
                   uint2 id [[thread_position_in_grid]]) {
    constexpr sampler s(filter::linear, address::clamp_to_edge);
    float2 at = (float2(id) + 0.5f) / float2(out.get_width(), out.get_height());
    out.write(in.sample(s, at), id);
}
