#include <metal_stdlib>
using namespace metal;

// The strength of edges of a picture of one byte a pixel; outside of it is black.
kernel void sobel(texture2d<float, access::read> in [[texture(0)]],
                  texture2d<float, access::write> out [[texture(1)]],
                  uint2 id [[thread_position_in_grid]]) {
    float v[3][3];
    for (int dy = 0; dy < 3; dy++)
        for (int dx = 0; dx < 3; dx++)
            v[dy][dx] = in.read(id + uint2(dx - 1, dy - 1)).r;
    float gx = v[0][2] + 2 * v[1][2] + v[2][2] - v[0][0] - 2 * v[1][0] - v[2][0];
    float gy = v[2][0] + 2 * v[2][1] + v[2][2] - v[0][0] - 2 * v[0][1] - v[0][2];
    out.write(float4(sqrt(gx * gx + gy * gy)), id);
}
