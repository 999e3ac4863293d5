// OpenCL has no such matrices: a work-group of 32 computes 16×16 elements, 8 each.
kernel void simdmatmul(global const float *a, global const float *b, global float *c) {
    uint lane = get_local_id(0);
    uint x = get_group_id(0) * 16 + lane % 16, y = get_group_id(1) * 16 + lane / 16 * 8;
    float sum[8] = {0};
    for (uint k = 0; k < N; k++) {
        float s = b[k * N + x];
        for (uint i = 0; i < 8; i++)
            sum[i] += a[(y + i) * N + k] * s;
    }
    for (uint i = 0; i < 8; i++)
        c[(y + i) * N + x] = sum[i];
}
