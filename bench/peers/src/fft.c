typedef struct { float x, y; } complex2;

static unsigned reverse10(unsigned v) {
    unsigned r = 0;
    for (int i = 0; i < 10; i++, v >>= 1)
        r = r << 1 | (v & 1);
    return r;
}

void loop(void **b) {
    const complex2 *x = b[0], *roots = b[1];
    complex2 *y = b[2];
    unsigned reversed[1024];
    for (unsigned i = 0; i < 1024; i++)
        reversed[i] = reverse10(i);
    for (long batch = 0; batch < BATCHES; batch++, x += 1024, y += 1024) {
        complex2 t[1024];
        for (unsigned i = 0; i < 1024; i++)
            t[reversed[i]] = x[i];
        for (unsigned d = 1; d < 1024; d *= 2)
            for (unsigned i = 0; i < 512; i++) {
                unsigned k = i & (d - 1), a = 2 * i - k, b = a + d;
                complex2 w = roots[k * (512 / d)], u = t[a], v = t[b];
                complex2 p = {v.x * w.x - v.y * w.y, v.x * w.y + v.y * w.x};
                t[a] = (complex2){u.x + p.x, u.y + p.y};
                t[b] = (complex2){u.x - p.x, u.y - p.y};
            }
        for (unsigned i = 0; i < 1024; i++)
            y[i] = t[i];
    }
}

// The butterflies of one root side by side, real and imaginary parts apart.
void spmd(void **b) {
    const complex2 *x = b[0], *roots = b[1];
    complex2 *y = b[2];
    unsigned reversed[1024];
    for (unsigned i = 0; i < 1024; i++)
        reversed[i] = reverse10(i);
    for (long batch = 0; batch < BATCHES; batch++, x += 1024, y += 1024) {
        float re[1024], im[1024];
        for (unsigned i = 0; i < 1024; i++) {
            re[reversed[i]] = x[i].x;
            im[reversed[i]] = x[i].y;
        }
        for (unsigned d = 1; d < 1024; d *= 2)
            for (unsigned at = 0; at < 1024; at += 2 * d) {
                float *restrict ar = re + at, *restrict ai = im + at, *restrict br = re + at + d, *restrict bi = im + at + d;
                for (unsigned k = 0; k < d; k++) {
                    complex2 w = roots[k * (512 / d)];
                    float pr = br[k] * w.x - bi[k] * w.y, pi = br[k] * w.y + bi[k] * w.x;
                    br[k] = ar[k] - pr;
                    bi[k] = ai[k] - pi;
                    ar[k] += pr;
                    ai[k] += pi;
                }
            }
        for (unsigned i = 0; i < 1024; i++)
            y[i] = (complex2){re[i], im[i]};
    }
}
