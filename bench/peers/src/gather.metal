#include <metal_stdlib>
using namespace metal;

kernel void gather(device const float *x [[buffer(0)]],
                   device const uint *index [[buffer(1)]],
                   device float *y [[buffer(2)]],
                   uint i [[thread_position_in_grid]]) {
    y[i] = x[index[i]];
}
