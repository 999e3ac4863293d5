void loop(void **b) {
    const float *restrict image = b[0], *restrict weights = b[1];
    float *restrict between = b[2], *restrict out = b[3];
    for (int y = 0; y < W + 2 * R; y++)
        for (int x = 0; x < W; x++) {
            float sum = 0;
            for (int d = -R; d <= R; d++)
                sum += image[y * (W + 2 * R) + x + R + d] * weights[d + R];
            between[y * W + x] = sum;
        }
    for (int y = 0; y < W; y++)
        for (int x = 0; x < W; x++) {
            float sum = 0;
            for (int d = -R; d <= R; d++)
                sum += between[(y + R + d) * W + x] * weights[d + R];
            out[y * W + x] = sum;
        }
}

// Sixty-four pixels side by side.
void spmd(void **b) {
    const float *restrict image = b[0], *restrict weights = b[1];
    float *restrict between = b[2], *restrict out = b[3];
    for (int y = 0; y < W + 2 * R; y++)
        for (int x = 0; x < W; x += 64) {
            float sum[64] = {0};
            for (int d = -R; d <= R; d++)
                for (int l = 0; l < 64; l++)
                    sum[l] += image[y * (W + 2 * R) + x + l + R + d] * weights[d + R];
            for (int l = 0; l < 64; l++)
                between[y * W + x + l] = sum[l];
        }
    for (int y = 0; y < W; y++)
        for (int x = 0; x < W; x += 64) {
            float sum[64] = {0};
            for (int d = -R; d <= R; d++)
                for (int l = 0; l < 64; l++)
                    sum[l] += between[(y + R + d) * W + x + l] * weights[d + R];
            for (int l = 0; l < 64; l++)
                out[y * W + x + l] = sum[l];
        }
}
