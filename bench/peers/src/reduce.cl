kernel void reduce(global const float *x, global float *partial) {
    local float sum[GROUP];
    uint i = get_local_id(0);
    sum[i] = x[get_global_id(0)];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint half_size = GROUP / 2; half_size > 0; half_size /= 2) {
        if (i < half_size)
            sum[i] += sum[i + half_size];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (i == 0)
        partial[get_group_id(0)] = sum[0];
}
