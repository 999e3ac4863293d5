void loop(void **b) {
    const float *restrict x = b[0];
    float *restrict partial = b[1];
    for (long g = 0; g < N / GROUP; g++) {
        float sum[GROUP];
        for (int i = 0; i < GROUP; i++)
            sum[i] = x[g * GROUP + i];
        for (int half = GROUP / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                sum[i] += sum[i + half];
        partial[g] = sum[0];
    }
}

// The sum that a C programmer would write; a vector of lanes keeps its order free.
void spmd(void **b) {
    const float *restrict x = b[0];
    float *restrict partial = b[1];
    for (long g = 0; g < N / GROUP; g++) {
        float lane[32] = {0}, sum = 0;
        for (int i = 0; i < GROUP; i += 32)
            for (int k = 0; k < 32; k++)
                lane[k] += x[g * GROUP + i + k];
        for (int k = 0; k < 32; k++)
            sum += lane[k];
        partial[g] = sum;
    }
}
