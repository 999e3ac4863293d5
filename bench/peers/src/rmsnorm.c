#include <math.h>

void loop(void **b) {
    const float *x = b[0], *weight = b[1];
    float *y = b[2];
    for (int row = 0; row < ROWS; row++, x += N, y += N) {
        float sum = 0;
        for (int k = 0; k < N; k++)
            sum += x[k] * x[k];
        float scale = 1.0f / sqrtf(sum / N + 1e-5f);
        for (int k = 0; k < N; k++)
            y[k] = x[k] * scale * weight[k];
    }
}
