// The threads of a tile between two barriers are a loop.
void loop(void **buf) {
    const float *restrict a = buf[0], *restrict b = buf[1];
    float *restrict c = buf[2];
    float ta[TILE][TILE], tb[TILE][TILE], sum[TILE][TILE];
    for (unsigned gy = 0; gy < N; gy += TILE)
        for (unsigned gx = 0; gx < N; gx += TILE) {
            for (unsigned y = 0; y < TILE; y++)
                for (unsigned x = 0; x < TILE; x++)
                    sum[y][x] = 0;
            for (unsigned t = 0; t < N; t += TILE) {
                for (unsigned y = 0; y < TILE; y++)
                    for (unsigned x = 0; x < TILE; x++) {
                        ta[y][x] = a[(gy + y) * N + t + x];
                        tb[y][x] = b[(t + y) * N + gx + x];
                    }
                for (unsigned y = 0; y < TILE; y++)
                    for (unsigned x = 0; x < TILE; x++)
                        for (unsigned k = 0; k < TILE; k++)
                            sum[y][x] += ta[y][k] * tb[k][x];
            }
            for (unsigned y = 0; y < TILE; y++)
                for (unsigned x = 0; x < TILE; x++)
                    c[(gy + y) * N + gx + x] = sum[y][x];
        }
}

// The lanes of a row side by side in the inner loop.
void spmd(void **buf) {
    const float *restrict a = buf[0], *restrict b = buf[1];
    float *restrict c = buf[2];
    for (unsigned gy = 0; gy < N; gy += TILE)
        for (unsigned gx = 0; gx < N; gx += TILE)
            for (unsigned y = 0; y < TILE; y++) {
                float sum[TILE] = {0};
                for (unsigned k = 0; k < N; k++) {
                    float s = a[(gy + y) * N + k];
                    for (unsigned x = 0; x < TILE; x++)
                        sum[x] += s * b[k * N + gx + x];
                }
                for (unsigned x = 0; x < TILE; x++)
                    c[(gy + y) * N + gx + x] = sum[x];
            }
}
