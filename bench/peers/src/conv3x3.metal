#include <metal_stdlib>
using namespace metal;

kernel void conv3x3(device const float *image [[buffer(0)]],
                    constant float *weights [[buffer(1)]],
                    device float *out [[buffer(2)]],
                    uint2 id [[thread_position_in_grid]]) {
    float sum = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            int x = clamp(int(id.x) + dx, 0, W - 1);
            int y = clamp(int(id.y) + dy, 0, W - 1);
            sum += image[y * W + x] * weights[(dy + 1) * 3 + dx + 1];
        }
    out[id.y * W + id.x] = sum;
}
