#include <metal_stdlib>
using namespace metal;

kernel void compare(device uint *x [[buffer(0)]],
                    constant uint &step [[buffer(1)]],
                    uint i [[thread_position_in_grid]]) {
    uint size = step >> 16, d = step & 0xffff;
    uint a = (i / d) * 2 * d + i % d, b = a + d;
    bool up = ((a >> size) & 1) == 0;
    uint u = x[a], v = x[b];
    if ((u > v) == up) {
        x[a] = v;
        x[b] = u;
    }
}
