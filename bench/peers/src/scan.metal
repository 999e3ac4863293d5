#include <metal_stdlib>
using namespace metal;

// The inclusive sum over the threadgroup.
static uint group_scan(uint v, uint i, threadgroup uint *t) {
    t[i] = v;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint d = 1; d < GROUP; d *= 2) {
        uint add = i >= d ? t[i - d] : 0;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        t[i] += add;
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    return t[i];
}

kernel void blocks(device const uint *x [[buffer(0)]],
                   device uint *y [[buffer(1)]],
                   device uint *sums [[buffer(2)]],
                   uint id [[thread_position_in_grid]],
                   uint i [[thread_position_in_threadgroup]],
                   uint group [[threadgroup_position_in_grid]]) {
    threadgroup uint t[GROUP];
    uint sum = group_scan(x[id], i, t);
    y[id] = sum;
    if (i == GROUP - 1)
        sums[group] = sum;
}

kernel void totals(device const uint *x [[buffer(0)]],
                   device uint *y [[buffer(1)]],
                   device uint *sums [[buffer(2)]],
                   uint i [[thread_position_in_threadgroup]]) {
    threadgroup uint t[GROUP];
    uint before = 0;
    for (uint at = 0; at < N / GROUP; at += GROUP) {
        uint sum = group_scan(sums[at + i], i, t);
        sums[at + i] = before + sum;
        before += t[GROUP - 1];
        threadgroup_barrier(mem_flags::mem_threadgroup | mem_flags::mem_device);
    }
}

kernel void add(device const uint *x [[buffer(0)]],
                device uint *y [[buffer(1)]],
                device uint *sums [[buffer(2)]],
                uint id [[thread_position_in_grid]],
                uint group [[threadgroup_position_in_grid]]) {
    if (group > 0)
        y[id] += sums[group - 1];
}
