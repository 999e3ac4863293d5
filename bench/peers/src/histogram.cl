kernel void histogram(global const uint *x, volatile global uint *bins) {
    volatile local uint counts[256];
    uint i = get_local_id(0);
    counts[i] = 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    x += get_group_id(0) * 256 * EACH;
    for (uint k = 0; k < EACH; k++)
        atomic_inc(&counts[x[k * 256 + i] & 255]);
    barrier(CLK_LOCAL_MEM_FENCE);
    atomic_add(&bins[i], counts[i]);
}
