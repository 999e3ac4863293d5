static uint group_scan(uint v, uint i, local uint *t) {
    t[i] = v;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint d = 1; d < GROUP; d *= 2) {
        uint add = i >= d ? t[i - d] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);
        t[i] += add;
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    return t[i];
}

kernel void blocks(global const uint *x, global uint *y, global uint *sums) {
    local uint t[GROUP];
    uint i = get_local_id(0);
    uint sum = group_scan(x[get_global_id(0)], i, t);
    y[get_global_id(0)] = sum;
    if (i == GROUP - 1)
        sums[get_group_id(0)] = sum;
}

kernel void totals(global const uint *x, global uint *y, global uint *sums) {
    local uint t[GROUP];
    uint i = get_local_id(0), before = 0;
    for (uint at = 0; at < N / GROUP; at += GROUP) {
        uint sum = group_scan(sums[at + i], i, t);
        sums[at + i] = before + sum;
        before += t[GROUP - 1];
        barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    }
}

kernel void add(global const uint *x, global uint *y, global uint *sums) {
    if (get_group_id(0) > 0)
        y[get_global_id(0)] += sums[get_group_id(0) - 1];
}
