void loop(void **b) {
    const unsigned *x = b[0];
    unsigned *bins = b[1];
    for (long i = 0; i < N; i++)
        bins[x[i] & 255]++;
}

// Four tables, so that equal neighbours do not wait for each other.
void spmd(void **b) {
    const unsigned *x = b[0];
    unsigned *bins = b[1], counts[4][256] = {0};
    for (long i = 0; i < N; i += 4)
        for (int k = 0; k < 4; k++)
            counts[k][x[i + k] & 255]++;
    for (int i = 0; i < 256; i++)
        bins[i] += counts[0][i] + counts[1][i] + counts[2][i] + counts[3][i];
}
