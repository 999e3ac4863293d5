void loop(void **b) {
    const _Float16 *restrict in = b[0];
    unsigned char *restrict out = b[1];
    for (long i = 0; i < (long)W * W; i++)
        for (int k = 0; k < 4; k++) {
            float c = in[4 * i + k];
            if (k < 3)
                c = c / (1 + c);
            c = (_Float16)c;
            out[4 * i + k] = (unsigned char)((c > 1 ? 1 : c) * 255 + 0.5f);
        }
}
