#include <math.h>

void loop(void **b) {
    const unsigned char *restrict in = b[0];
    unsigned char *restrict out = b[1];
    for (long y = 0; y < W; y++)
        for (long x = 0; x < W; x++) {
            float v[3][3];
            for (int dy = 0; dy < 3; dy++)
                for (int dx = 0; dx < 3; dx++) {
                    unsigned long r = y + dy - 1, c = x + dx - 1;
                    v[dy][dx] = r < W && c < W ? in[r * W + c] / 255.0f : 0;
                }
            float gx = v[0][2] + 2 * v[1][2] + v[2][2] - v[0][0] - 2 * v[1][0] - v[2][0];
            float gy = v[2][0] + 2 * v[2][1] + v[2][2] - v[0][0] - 2 * v[0][1] - v[0][2];
            float g = sqrtf(gx * gx + gy * gy);
            out[y * W + x] = (unsigned char)((g > 1 ? 1 : g) * 255 + 0.5f);
        }
}
