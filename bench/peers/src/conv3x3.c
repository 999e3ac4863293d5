static int clamp(int v, int lo, int hi) { return v < lo ? lo : v > hi ? hi : v; }

void loop(void **b) {
    const float *restrict image = b[0], *restrict weights = b[1];
    float *restrict out = b[2];
    for (int iy = 0; iy < W; iy++)
        for (int ix = 0; ix < W; ix++) {
            float sum = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                    sum += image[clamp(iy + dy, 0, W - 1) * W + clamp(ix + dx, 0, W - 1)] * weights[(dy + 1) * 3 + dx + 1];
            out[iy * W + ix] = sum;
        }
}

// Without the clamps but at the rim.
void spmd(void **b) {
    const float *restrict image = b[0], *restrict w = b[1];
    float *restrict out = b[2];
    for (int iy = 0; iy < W; iy++) {
        const float *rows[3];
        for (int dy = -1; dy <= 1; dy++)
            rows[dy + 1] = image + clamp(iy + dy, 0, W - 1) * W;
        for (int ix = 1; ix < W - 1; ix++) {
            float sum = 0;
            for (int r = 0; r < 3; r++)
                sum += rows[r][ix - 1] * w[3 * r] + rows[r][ix] * w[3 * r + 1] + rows[r][ix + 1] * w[3 * r + 2];
            out[iy * W + ix] = sum;
        }
        for (int ix = 0; ix < W; ix += W - 1) {
            float sum = 0;
            for (int r = 0; r < 3; r++)
                for (int dx = -1; dx <= 1; dx++)
                    sum += rows[r][clamp(ix + dx, 0, W - 1)] * w[3 * r + dx + 1];
            out[iy * W + ix] = sum;
        }
    }
}
