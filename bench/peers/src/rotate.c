#include <math.h>

void loop(void **b) {
    const float *restrict in = b[0];
    float *restrict out = b[1];
    for (int y = 0; y < W; y++)
        for (int x = 0; x < W; x++) {
            float px = (x + 0.5f) / W - 0.5f, py = (y + 0.5f) / W - 0.5f;
            float u = 0.8f * px - 0.6f * py + 0.5f, v = 0.6f * px + 0.8f * py + 0.5f;
            int i = (int)floorf(u * W) % W, j = (int)floorf(v * W) % W;
            i += i < 0 ? W : 0;
            j += j < 0 ? W : 0;
            for (int k = 0; k < 4; k++)
                out[4 * (y * W + x) + k] = in[4 * (j * W + i) + k];
        }
}
