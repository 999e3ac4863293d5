kernel void q4mv(global const uchar *a, global const float *x, global float *y) {
    local float sums[32];
    uint row = get_group_id(0), lane = get_local_id(0);
    float sum = 0;
    for (uint k = lane; k < N / 32; k += 32) {
        global const uchar *b = a + (row * (N / 32) + k) * 18;
        global const float *v = x + k * 32;
        float s = 0;
        for (int i = 0; i < 16; i++)
            s += (b[2 + i] & 15) * v[i] + (b[2 + i] >> 4) * v[i + 16] - 8.0f * (v[i] + v[i + 16]);
        sum += s * vload_half(0, (global const half *)b);
    }
    sums[lane] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    if (lane == 0) {
        sum = 0;
        for (int i = 0; i < 32; i++)
            sum += sums[i];
        y[row] = sum;
    }
}
