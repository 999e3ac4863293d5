#include <metal_stdlib>
using namespace metal;

// The mean of nine pixels, clamped at the rim.
kernel void blur(texture2d<float, access::read> in [[texture(0)]],
                 texture2d<float, access::write> out [[texture(1)]],
                 uint2 id [[thread_position_in_grid]]) {
    int2 last = int2(in.get_width(), in.get_height()) - 1;
    float4 sum = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            sum += in.read(uint2(clamp(int2(id) + int2(dx, dy), 0, last)));
    out.write(sum * (1.0f / 9), id);
}
