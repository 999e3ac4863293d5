kernel void compare(global uint *x, uint step) {
    uint i = get_global_id(0), size = step >> 16, d = step & 0xffff;
    uint a = (i / d) * 2 * d + i % d, b = a + d;
    bool up = ((a >> size) & 1) == 0;
    uint u = x[a], v = x[b];
    if ((u > v) == up) {
        x[a] = v;
        x[b] = u;
    }
}
