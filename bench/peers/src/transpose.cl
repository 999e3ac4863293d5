kernel void transpose(global const float *x, global float *y) {
    local float tile[16][17];
    uint lx = get_local_id(0), ly = get_local_id(1), gx = get_group_id(0), gy = get_group_id(1);
    tile[ly][lx] = x[(gy * 16 + ly) * N + gx * 16 + lx];
    barrier(CLK_LOCAL_MEM_FENCE);
    y[(gx * 16 + ly) * N + gy * 16 + lx] = tile[lx][ly];
}
