void loop(void **b) {
    const float *restrict x = b[0];
    const unsigned *restrict index = b[1];
    float *restrict y = b[2];
    for (long i = 0; i < N; i++)
        y[i] = x[index[i]];
}
