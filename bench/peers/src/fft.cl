static uint reverse10(uint v) {
    uint r = 0;
    for (int i = 0; i < 10; i++, v >>= 1)
        r = r << 1 | (v & 1);
    return r;
}

kernel void fft(global const float2 *x, global const float2 *roots, global float2 *y) {
    local float2 t[1024];
    uint i = get_local_id(0);
    x += get_group_id(0) * 1024;
    y += get_group_id(0) * 1024;
    t[reverse10(i)] = x[i];
    t[reverse10(i + 512)] = x[i + 512];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint d = 1; d < 1024; d *= 2) {
        uint k = i & (d - 1), a = 2 * i - k, b = a + d;
        float2 w = roots[k * (512 / d)], u = t[a], v = t[b];
        v = (float2)(v.x * w.x - v.y * w.y, v.x * w.y + v.y * w.x);
        t[a] = u + v;
        t[b] = u - v;
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    y[i] = t[i];
    y[i + 512] = t[i + 512];
}
