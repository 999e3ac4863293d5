#define ADD(a, b) ((a) + (b))
#define DEFINE(name, type) \
    kernel void name(device type *x) { x[0] = ADD(x[1], 1); }
DEFINE(k, float)
int x = ADD(1, ADD(2, 3));
#pragma METAL fp contract(off)
