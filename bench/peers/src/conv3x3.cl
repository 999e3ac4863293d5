kernel void conv3x3(global const float *image, constant float *weights, global float *out) {
    int ix = get_global_id(0), iy = get_global_id(1);
    float sum = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            int x = clamp(ix + dx, 0, W - 1);
            int y = clamp(iy + dy, 0, W - 1);
            sum += image[y * W + x] * weights[(dy + 1) * 3 + dx + 1];
        }
    out[iy * W + ix] = sum;
}
