void loop(void **b) {
    const float *restrict x = b[0];
    float *restrict y = b[1];
    for (long i = 0; i < N; i++)
        y[i] = x[i];
}
