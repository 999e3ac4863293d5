package msl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// array<T, N> is made of one list, or of a list in a list for the array in it.
func TestArrayLists(t *testing.T) {
	out := make([]float32, 16)
	runThreads(t, `
struct A { float x, y; };
kernel void k(device float *o) {
	array<float, 3> a = {1, 2}, b = {{3, 4, 5}}, c = {}, d = {{}}, e = b;
	array<A, 2> f = {{{6, 7}, {8}}}, g = {9, 10, 11, 12};
	array<float2, 1> h = {{float2(13, 14)}};
	array<float2, 2> m = {{{15, 16}}};
	o[0] = a[0] + a[1] * 10 + a[2] * 100;
	o[1] = b[0] + b[1] * 10 + b[2] * 100;
	o[2] = c[1] + d[2];
	o[3] = e[2];
	o[4] = f[0].x; o[5] = f[0].y; o[6] = f[1].x; o[7] = f[1].y;
	o[8] = g[0].x; o[9] = g[0].y; o[10] = g[1].x; o[11] = g[1].y;
	o[12] = h[0].y; o[13] = m[0].x; o[14] = m[0].y; o[15] = m[1].y;
}`, 1, bytesOf(out))
	require.Equal(t, []float32{21, 543, 0, 5, 6, 7, 8, 0, 9, 10, 11, 12, 14, 15, 16, 0}, out)
}
