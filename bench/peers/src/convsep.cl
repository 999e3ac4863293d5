kernel void rows(global const float *image, constant float *weights, global float *between, global float *out) {
    uint x = get_global_id(0), y = get_global_id(1);
    float sum = 0;
    for (int d = -R; d <= R; d++)
        sum += image[y * (W + 2 * R) + x + R + d] * weights[d + R];
    between[y * W + x] = sum;
}

kernel void columns(global const float *image, constant float *weights, global const float *between, global float *out) {
    uint x = get_global_id(0), y = get_global_id(1);
    float sum = 0;
    for (int d = -R; d <= R; d++)
        sum += between[(y + R + d) * W + x] * weights[d + R];
    out[y * W + x] = sum;
}
