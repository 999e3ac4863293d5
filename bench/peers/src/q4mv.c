struct block {
    _Float16 scale;
    unsigned char quants[16];
};

void loop(void **buf) {
    const struct block *restrict a = buf[0];
    const float *restrict x = buf[1];
    float *restrict y = buf[2];
    for (int row = 0; row < ROWS; row++) {
        float sum = 0;
        for (int k = 0; k < N / 32; k++) {
            const struct block *b = &a[row * (N / 32) + k];
            const float *v = x + k * 32;
            float s = 0;
            for (int i = 0; i < 16; i++)
                s += (b->quants[i] & 15) * v[i] + (b->quants[i] >> 4) * v[i + 16] - 8.0f * (v[i] + v[i + 16]);
            sum += s * (float)b->scale;
        }
        y[row] = sum;
    }
}

// Sixteen sums side by side.
void spmd(void **buf) {
    const struct block *restrict a = buf[0];
    const float *restrict x = buf[1];
    float *restrict y = buf[2];
    for (int row = 0; row < ROWS; row++) {
        float sum[16] = {0}, total = 0;
        for (int k = 0; k < N / 32; k++) {
            const struct block *b = &a[row * (N / 32) + k];
            const float *v = x + k * 32;
            float scale = b->scale;
            for (int i = 0; i < 16; i++)
                sum[i] += scale * (((int)(b->quants[i] & 15) - 8) * v[i] + ((int)(b->quants[i] >> 4) - 8) * v[i + 16]);
        }
        for (int i = 0; i < 16; i++)
            total += sum[i];
        y[row] = total;
    }
}
