package msl

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What ?: denotes can be written to, wherever its two sides are.
func TestChosenObjects(t *testing.T) {
	out := make([]int32, 64)
	runThreads(t, `
struct S { int a; int b[2]; };
static void bump(thread int &x, int by) { x += by; }
static int both(thread const int &r, thread int &w) { w += 5; return r; }
static thread int &at(thread int (&a)[2], int i) { return a[i]; }
kernel void k(device int *out, uint i [[thread_position_in_grid]]) {
	device int *o = out + 16 * i;
	bool c = i & 1, d = i & 2;
	int a = 1, b = 2, m[2] = {3, 4};
	thread int *p = &m[i >> 1];
	(c ? a : *p) += 10;          // a pointer on one side
	(c ? m[i & 1] : b) = 50;     // an index
	int e = 7;
	thread int *q = &e;
	*q += 1;
	(c ? e : a) += 100;          // a variable with an address and one without
	(c ? d ? a : b : e) -= 1000; // a choice of choices
	bump(c ? at(m, 0) : a, 3);   // a reference to one of two
	S s = {1, {2, 3}}, u = {10, {20, 30}};
	(c ? s : u).b[i >> 1] = 77;  // part of a chosen struct
	(d ? (c ? s : u) : s).a++;
	int f = 0, g = 0;
	g = both(c ? f : *q, f);     // sees what is written under its other name
	(d ? f : g) = (c ? g : f) = 9;
	int w[16] = {a, b, e, m[0], m[1], s.a, s.b[0], s.b[1], u.a, u.b[0], u.b[1], f, g};
	for (int j = 0; j < 16; ++j) o[j] = w[j];
}`, 4, bytesOf(out))

	var want []int32
	for i := range 4 {
		c, d := i&1 != 0, i&2 != 0
		a, b, e, m := int32(1), int32(2), int32(8), [2]int32{3, 4}
		pick := func(c bool, x, y *int32) *int32 {
			if c {
				return x
			}
			return y
		}
		*pick(c, &a, &m[i>>1]) += 10
		*pick(c, &m[i&1], &b) = 50
		*pick(c, &e, &a) += 100
		*pick(c, pick(d, &a, &b), &e) -= 1000
		*pick(c, &m[0], &a) += 3
		s, u := [3]int32{1, 2, 3}, [3]int32{10, 20, 30}
		*pick(c, &s[1+i>>1], &u[1+i>>1]) = 77
		*pick(d, pick(c, &s[0], &u[0]), &s[0])++
		f, g := int32(5), e
		if c {
			g = f
		}
		*pick(c, &g, &f) = 9
		*pick(d, &f, &g) = 9
		want = append(want, a, b, e, m[0], m[1], s[0], s[1], s[2], u[0], u[1], u[2], f, g, 0, 0, 0)
	}
	require.Equal(t, want, out)
}
