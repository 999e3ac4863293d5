#include <math.h>

void loop(void **b) {
    const float *restrict bodies = b[0];
    float *restrict forces = b[1];
    for (int i = 0; i < N; i++) {
        float x = bodies[4 * i], y = bodies[4 * i + 1], z = bodies[4 * i + 2];
        float fx = 0, fy = 0, fz = 0;
        for (int k = 0; k < N; k++) {
            float dx = bodies[4 * k] - x, dy = bodies[4 * k + 1] - y, dz = bodies[4 * k + 2] - z;
            float r = 1.0f / sqrtf(dx * dx + dy * dy + dz * dz + 0.01f);
            float f = bodies[4 * k + 3] * r * r * r;
            fx += dx * f;
            fy += dy * f;
            fz += dz * f;
        }
        forces[4 * i] = fx;
        forces[4 * i + 1] = fy;
        forces[4 * i + 2] = fz;
        forces[4 * i + 3] = 0;
    }
}

// Thirty-two bodies side by side.
void spmd(void **b) {
    const float *restrict bodies = b[0];
    float *restrict forces = b[1];
    for (int i = 0; i < N; i += 32) {
        float x[32], y[32], z[32], fx[32] = {0}, fy[32] = {0}, fz[32] = {0};
        for (int l = 0; l < 32; l++) {
            x[l] = bodies[4 * (i + l)];
            y[l] = bodies[4 * (i + l) + 1];
            z[l] = bodies[4 * (i + l) + 2];
        }
        for (int k = 0; k < N; k++) {
            float ox = bodies[4 * k], oy = bodies[4 * k + 1], oz = bodies[4 * k + 2], w = bodies[4 * k + 3];
            for (int l = 0; l < 32; l++) {
                float dx = ox - x[l], dy = oy - y[l], dz = oz - z[l];
                float r = 1.0f / sqrtf(dx * dx + dy * dy + dz * dz + 0.01f);
                float f = w * r * r * r;
                fx[l] += dx * f;
                fy[l] += dy * f;
                fz[l] += dz * f;
            }
        }
        for (int l = 0; l < 32; l++) {
            forces[4 * (i + l)] = fx[l];
            forces[4 * (i + l) + 1] = fy[l];
            forces[4 * (i + l) + 2] = fz[l];
            forces[4 * (i + l) + 3] = 0;
        }
    }
}
