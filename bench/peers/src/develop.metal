#include <metal_stdlib>
using namespace metal;

// Halves of high range become bytes.
kernel void develop(texture2d<half, access::read> in [[texture(0)]],
                    texture2d<half, access::write> out [[texture(1)]],
                    uint2 id [[thread_position_in_grid]]) {
    float4 c = float4(in.read(id));
    c.rgb = c.rgb / (1 + c.rgb);
    out.write(half4(c), id);
}
