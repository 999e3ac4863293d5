void loop(void **b) {
    const float *restrict x = b[0];
    float *restrict y = b[1];
    for (unsigned i = 0; i < N; i++)
        for (unsigned k = 0; k < N; k++)
            y[i * N + k] = x[k * N + i];
}

void spmd(void **b) {
    const float *restrict x = b[0];
    float *restrict y = b[1];
    for (unsigned i = 0; i < N; i += 16)
        for (unsigned k = 0; k < N; k += 16)
            for (unsigned u = 0; u < 16; u++)
                for (unsigned v = 0; v < 16; v++)
                    y[(i + u) * N + k + v] = x[(k + v) * N + i + u];
}
