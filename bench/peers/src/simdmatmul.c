void loop(void **buf) {
    const float *restrict a = buf[0], *restrict b = buf[1];
    float *restrict c = buf[2];
    for (unsigned gy = 0; gy < N; gy += 8)
        for (unsigned x = 0; x < N; x++) {
            float sum[8] = {0};
            for (unsigned k = 0; k < N; k++) {
                float s = b[k * N + x];
                for (unsigned i = 0; i < 8; i++)
                    sum[i] += a[(gy + i) * N + k] * s;
            }
            for (unsigned i = 0; i < 8; i++)
                c[(gy + i) * N + x] = sum[i];
        }
}

// Four rows of 64 accumulators in registers.
void spmd(void **buf) {
    const float *restrict a = buf[0], *restrict b = buf[1];
    float *restrict c = buf[2];
    for (unsigned y = 0; y < N; y += 4)
        for (unsigned x = 0; x < N; x += 64) {
            float sum[4][64] = {0};
            for (unsigned k = 0; k < N; k++)
                for (unsigned i = 0; i < 4; i++)
                    for (unsigned j = 0; j < 64; j++)
                        sum[i][j] += a[(y + i) * N + k] * b[k * N + x + j];
            for (unsigned i = 0; i < 4; i++)
                for (unsigned j = 0; j < 64; j++)
                    c[(y + i) * N + x + j] = sum[i][j];
        }
}
