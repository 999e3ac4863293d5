struct block {
    _Float16 scale;
    signed char quants[32];
};

void loop(void **buf) {
    const struct block *restrict a = buf[0];
    const float *restrict x = buf[1];
    float *restrict y = buf[2];
    for (int row = 0; row < ROWS; row++) {
        float sum = 0;
        for (int k = 0; k < N / 32; k++) {
            const struct block *b = &a[row * (N / 32) + k];
            float s = 0;
            for (int i = 0; i < 32; i++)
                s += b->quants[i] * x[k * 32 + i];
            sum += s * (float)b->scale;
        }
        y[row] = sum;
    }
}

void spmd(void **buf) {
    const struct block *restrict a = buf[0];
    const float *restrict x = buf[1];
    float *restrict y = buf[2];
    for (int row = 0; row < ROWS; row++) {
        float sum[32] = {0}, total = 0;
        for (int k = 0; k < N / 32; k++) {
            const struct block *b = &a[row * (N / 32) + k];
            float scale = b->scale;
            for (int i = 0; i < 32; i++)
                sum[i] += scale * b->quants[i] * x[k * 32 + i];
        }
        for (int i = 0; i < 32; i++)
            total += sum[i];
        y[row] = total;
    }
}
