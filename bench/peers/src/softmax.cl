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

static float reduce_max(local float *t, uint i, float v) {
    t[i] = v;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint n = GROUP / 2; n > 0; n /= 2) {
        if (i < n)
            t[i] = fmax(t[i], t[i + n]);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    v = t[0];
    barrier(CLK_LOCAL_MEM_FENCE);
    return v;
}

kernel void softmax(global const float *x, global float *y) {
    local float t[GROUP];
    uint i = get_local_id(0);
    x += get_group_id(0) * N;
    y += get_group_id(0) * N;
    float most = -INFINITY;
    for (uint k = i; k < N; k += GROUP)
        most = fmax(most, x[k]);
    most = reduce_max(t, i, most);
    float sum = 0;
    for (uint k = i; k < N; k += GROUP) {
        float e = exp(x[k] - most);
        y[k] = e;
        sum += e;
    }
    float scale = 1.0f / reduce_sum(t, i, sum);
    for (uint k = i; k < N; k += GROUP)
        y[k] *= scale;
}
