kernel void gather(global const float *x, global const uint *index, global float *y) {
    size_t i = get_global_id(0);
    y[i] = x[index[i]];
}
