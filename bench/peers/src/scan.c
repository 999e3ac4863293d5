void loop(void **b) {
    const unsigned *restrict x = b[0];
    unsigned *restrict y = b[1], *restrict sums = b[2], sum = 0;
    for (long i = 0; i < N; i++) {
        y[i] = sum += x[i];
        if (i % GROUP == GROUP - 1)
            sums[i / GROUP] = sum;
    }
}
