#include <metal_stdlib>
using namespace metal;

kernel void mandelbrot(device uint *image [[buffer(0)]],
                       uint2 id [[thread_position_in_grid]]) {
    float cx = -2.0f + 3.0f * float(id.x) / W;
    float cy = -1.5f + 3.0f * float(id.y) / W;
    float x = 0, y = 0;
    uint n = 0;
    while (n < 256 && x * x + y * y <= 4.0f) {
        float t = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = t;
        n++;
    }
    image[id.y * W + id.x] = n;
}
