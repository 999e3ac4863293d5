#include <math.h>

static int clamp(int v, int lo, int hi) { return v < lo ? lo : v > hi ? hi : v; }

void loop(void **b) {
    const unsigned char *restrict in = b[0];
    unsigned char *restrict out = b[1];
    for (int y = 0; y < OUT; y++)
        for (int x = 0; x < OUT; x++) {
            float u = (x + 0.5f) / OUT * W - 0.5f, v = (y + 0.5f) / OUT * W - 0.5f;
            float fu = floorf(u), fv = floorf(v), wu = u - fu, wv = v - fv;
            int x0 = clamp((int)fu, 0, W - 1), x1 = clamp((int)fu + 1, 0, W - 1);
            int y0 = clamp((int)fv, 0, W - 1), y1 = clamp((int)fv + 1, 0, W - 1);
            for (int k = 0; k < 4; k++) {
                float a = in[4 * (y0 * W + x0) + k] / 255.0f, c = in[4 * (y0 * W + x1) + k] / 255.0f;
                float d = in[4 * (y1 * W + x0) + k] / 255.0f, e = in[4 * (y1 * W + x1) + k] / 255.0f;
                a += wu * (c - a);
                d += wu * (e - d);
                out[4 * (y * OUT + x) + k] = (unsigned char)((a + wv * (d - a)) * 255 + 0.5f);
            }
        }
}
