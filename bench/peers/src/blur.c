static long clamp(long v, long lo, long hi) { return v < lo ? lo : v > hi ? hi : v; }

void loop(void **b) {
    const unsigned char *restrict in = b[0];
    unsigned char *restrict out = b[1];
    for (long y = 0; y < W; y++)
        for (long x = 0; x < W; x++) {
            float sum[4] = {0};
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                    for (int k = 0; k < 4; k++)
                        sum[k] += in[4 * (clamp(y + dy, 0, W - 1) * W + clamp(x + dx, 0, W - 1)) + k] / 255.0f;
            for (int k = 0; k < 4; k++)
                out[4 * (y * W + x) + k] = (unsigned char)(sum[k] * (1.0f / 9) * 255 + 0.5f);
        }
}
