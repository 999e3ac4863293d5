#include <math.h>

void loop(void **b) {
    const float *x = b[0], *weight = b[1], *bias = b[2];
    float *y = b[3];
    for (int row = 0; row < ROWS; row++, x += N, y += N) {
        float sum = 0;
        for (int k = 0; k < N; k++)
            sum += x[k];
        float mean = sum / N;
        sum = 0;
        for (int k = 0; k < N; k++)
            sum += (x[k] - mean) * (x[k] - mean);
        float scale = 1.0f / sqrtf(sum / N + 1e-5f);
        for (int k = 0; k < N; k++)
            y[k] = (x[k] - mean) * scale * weight[k] + bias[k];
    }
}
