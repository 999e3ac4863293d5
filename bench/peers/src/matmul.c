void loop(void **buf) {
    const float *restrict a = buf[0], *restrict b = buf[1];
    float *restrict c = buf[2];
    for (unsigned y = 0; y < N; y++)
        for (unsigned x = 0; x < N; x++) {
            float sum = 0;
            for (unsigned k = 0; k < N; k++)
                sum += a[y * N + k] * b[k * N + x];
            c[y * N + x] = sum;
        }
}

// A row of 256 accumulators at a time: 16 vectors of 16 lanes.
void spmd(void **buf) {
    const float *restrict a = buf[0], *restrict b = buf[1];
    float *restrict c = buf[2];
    for (unsigned y = 0; y < N; y++)
        for (unsigned x = 0; x < N; x += 256) {
            float sum[256] = {0};
            for (unsigned k = 0; k < N; k++) {
                float s = a[y * N + k];
                for (unsigned i = 0; i < 256; i++)
                    sum[i] += s * b[k * N + x + i];
            }
            for (unsigned i = 0; i < 256; i++)
                c[y * N + x + i] = sum[i];
        }
}
