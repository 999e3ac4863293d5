static unsigned escape(float cx, float cy) {
    float x = 0, y = 0;
    unsigned n = 0;
    while (n < 256 && x * x + y * y <= 4.0f) {
        float t = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = t;
        n++;
    }
    return n;
}

void loop(void **b) {
    unsigned *image = b[0];
    for (unsigned iy = 0; iy < W; iy++)
        for (unsigned ix = 0; ix < W; ix++)
            image[iy * W + ix] = escape(-2.0f + 3.0f * (float)ix / W, -1.5f + 3.0f * (float)iy / W);
}

// Thirty-two pixels go on together until the last of them has left.
void spmd(void **b) {
    unsigned *image = b[0];
    for (unsigned iy = 0; iy < W; iy++)
        for (unsigned ix = 0; ix < W; ix += 32) {
            float cx[32], cy[32], x[32] = {0}, y[32] = {0};
            unsigned n[32] = {0};
            for (int i = 0; i < 32; i++) {
                cx[i] = -2.0f + 3.0f * (float)(ix + i) / W;
                cy[i] = -1.5f + 3.0f * (float)iy / W;
            }
            for (int turn = 0; turn < 256; turn++) {
                unsigned any = 0;
                for (int i = 0; i < 32; i++) {
                    unsigned on = x[i] * x[i] + y[i] * y[i] <= 4.0f;
                    float t = x[i] * x[i] - y[i] * y[i] + cx[i];
                    float u = 2.0f * x[i] * y[i] + cy[i];
                    y[i] = on ? u : y[i];
                    x[i] = on ? t : x[i];
                    n[i] += on;
                    any |= on;
                }
                if (!any)
                    break;
            }
            for (int i = 0; i < 32; i++)
                image[iy * W + ix + i] = n[i];
        }
}
