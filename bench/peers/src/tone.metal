#include <metal_stdlib>
using namespace metal;

// A colour matrix over pixels of four bytes.
kernel void tone(texture2d<float, access::read> in [[texture(0)]],
                 texture2d<float, access::write> out [[texture(1)]],
                 constant float *m [[buffer(0)]],
                 uint2 id [[thread_position_in_grid]]) {
    if (id.x >= out.get_width() || id.y >= out.get_height())
        return;
    float4 c = in.read(id);
    float3 r = float3(m[0], m[1], m[2]) * c.r + float3(m[3], m[4], m[5]) * c.g + float3(m[6], m[7], m[8]) * c.b;
    out.write(float4(saturate(r), c.a), id);
}
