#include <math.h>

void loop(void **b) {
    const float *x = b[0];
    float *y = b[1];
    for (int row = 0; row < ROWS; row++, x += N, y += N) {
        float most = -INFINITY, sum = 0;
        for (int k = 0; k < N; k++)
            most = x[k] > most ? x[k] : most;
        for (int k = 0; k < N; k++)
            sum += y[k] = expf(x[k] - most);
        float scale = 1.0f / sum;
        for (int k = 0; k < N; k++)
            y[k] *= scale;
    }
}
