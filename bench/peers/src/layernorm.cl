static float reduce_sum(local float *t, uint i, float v) {
    t[i] = v;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint n = GROUP / 2; n > 0; n /= 2) {
        if (i < n)
            t[i] += t[i + n];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    v = t[0];
    barrier(CLK_LOCAL_MEM_FENCE);
    return v;
}

kernel void layernorm(global const float *x, global const float *weight, global const float *bias, global float *y) {
    local float t[GROUP];
    uint i = get_local_id(0);
    x += get_group_id(0) * N;
    y += get_group_id(0) * N;
    float sum = 0;
    for (uint k = i; k < N; k += GROUP)
        sum += x[k];
    float mean = reduce_sum(t, i, sum) / N;
    sum = 0;
    for (uint k = i; k < N; k += GROUP) {
        float d = x[k] - mean;
        sum += d * d;
    }
    float scale = rsqrt(reduce_sum(t, i, sum) / N + 1e-5f);
    for (uint k = i; k < N; k += GROUP)
        y[k] = (x[k] - mean) * scale * weight[k] + bias[k];
}
