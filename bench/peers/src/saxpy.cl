kernel void saxpy(global const float *x, global float *y) {
    size_t i = get_global_id(0);
    y[i] = 0.75f * x[i] + y[i];
}
