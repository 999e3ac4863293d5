#include <metal_stdlib>
using namespace metal;

// One threadgroup of 512 threads transforms 1024 complex numbers, radix 2.
kernel void fft(device const float2 *x [[buffer(0)]],
                device const float2 *roots [[buffer(1)]],
                device float2 *y [[buffer(2)]],
                uint i [[thread_position_in_threadgroup]],
                uint batch [[threadgroup_position_in_grid]]) {
    threadgroup float2 t[1024];
    x += batch * 1024;
    y += batch * 1024;
    t[reverse_bits(i) >> 22] = x[i];
    t[reverse_bits(i + 512) >> 22] = x[i + 512];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint d = 1; d < 1024; d *= 2) {
        uint k = i & (d - 1), a = 2 * i - k, b = a + d;
        float2 w = roots[k * (512 / d)], u = t[a], v = t[b];
        v = float2(v.x * w.x - v.y * w.y, v.x * w.y + v.y * w.x);
        t[a] = u + v;
        t[b] = u - v;
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    y[i] = t[i];
    y[i + 512] = t[i + 512];
}
