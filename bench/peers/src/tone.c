#include <math.h>

static float sat(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

void loop(void **b) {
    const float *m = b[0];
    const unsigned char *restrict in = b[1];
    unsigned char *restrict out = b[2];
    for (long y = 0; y < W; y++)
        for (long x = 0; x < W; x++) {
            const unsigned char *p = in + 4 * (y * W + x);
            unsigned char *q = out + 4 * (y * W + x);
            float r = p[0] / 255.0f, g = p[1] / 255.0f, bl = p[2] / 255.0f;
            for (int k = 0; k < 3; k++)
                q[k] = (unsigned char)(sat(m[k] * r + m[3 + k] * g + m[6 + k] * bl) * 255 + 0.5f);
            q[3] = p[3];
        }
}
