#pragma OPENCL FP_CONTRACT OFF
kernel void mandelbrot(global uint *image) {
    uint ix = get_global_id(0), iy = get_global_id(1);
    float cx = -2.0f + 3.0f * (float)ix / W;
    float cy = -1.5f + 3.0f * (float)iy / W;
    float x = 0, y = 0;
    uint n = 0;
    while (n < 256 && x * x + y * y <= 4.0f) {
        float t = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = t;
        n++;
    }
    image[iy * W + ix] = n;
}
