void loop(void **buf) {
    unsigned *x = buf[0];
    for (unsigned size = 1; 1u << size <= N; size++)
        for (unsigned d = 1u << (size - 1); d > 0; d /= 2)
            for (unsigned i = 0; i < N / 2; i++) {
                unsigned a = (i / d) * 2 * d + i % d, b = a + d;
                unsigned u = x[a], v = x[b];
                if ((u > v) == (((a >> size) & 1) == 0)) {
                    x[a] = v;
                    x[b] = u;
                }
            }
}

// Runs of neighbours, which the compiler makes vectors of.
void spmd(void **buf) {
    unsigned *x = buf[0];
    for (unsigned size = 1; 1u << size <= N; size++)
        for (unsigned d = 1u << (size - 1); d > 0; d /= 2)
            for (unsigned a = 0; a < N; a += 2 * d) {
                unsigned *restrict p = x + a, *restrict q = x + a + d;
                if (((a >> size) & 1) == 0)
                    for (unsigned i = 0; i < d; i++) {
                        unsigned u = p[i], v = q[i];
                        p[i] = u < v ? u : v;
                        q[i] = u < v ? v : u;
                    }
                else
                    for (unsigned i = 0; i < d; i++) {
                        unsigned u = p[i], v = q[i];
                        p[i] = u < v ? v : u;
                        q[i] = u < v ? u : v;
                    }
            }
}
