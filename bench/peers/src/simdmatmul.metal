#include <metal_stdlib>
using namespace metal;

#include <metal_simdgroup_matrix>

// A SIMD group computes 16×16 elements, in 2×2 matrices of 8×8.
kernel void simdmatmul(device const float *a [[buffer(0)]],
                       device const float *b [[buffer(1)]],
                       device float *c [[buffer(2)]],
                       uint2 tile [[threadgroup_position_in_grid]]) {
    simdgroup_float8x8 sum[2][2];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            sum[i][j] = make_filled_simdgroup_matrix<float, 8>(0.0f);
    device const float *rows = a + tile.y * 16 * N;
    device const float *columns = b + tile.x * 16;
    for (uint k = 0; k < N; k += 8) {
        simdgroup_float8x8 ma[2], mb[2];
        for (int i = 0; i < 2; i++) {
            simdgroup_load(ma[i], rows + i * 8 * N + k, N);
            simdgroup_load(mb[i], columns + k * N + i * 8, N);
        }
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
                simdgroup_multiply_accumulate(sum[i][j], ma[i], mb[j], sum[i][j]);
    }
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            simdgroup_store(sum[i][j], c + (tile.y * 16 + i * 8) * N + tile.x * 16 + j * 8, N);
}
