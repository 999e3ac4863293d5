#include <metal_stdlib>
using namespace metal;

// Address spaces.

constant float pi = 3;
constant float &r = pi; /* ERROR "not supported yet" */
threadgroup float shared[4]; /* ERROR "program scope variable must reside in constant address space" */
static float s = 1; /* ERROR "program scope variable must reside in constant address space" */

struct Holder { device float *p; constant int *q; };
struct NoSpace { float *p; /* ERROR "pointer type must have explicit address space qualifier" */ };

kernel void spaces(device float *a, constant Holder &h, threadgroup float *t, const device float *b) {
	device float *p = a;
	const device float *q = a;
	p = q; /* ERROR "discards qualifiers" */
	p = t; /* ERROR "changes address space" */
	q = b;
	threadgroup float *u = t + 1;
	thread float *w = &u[0]; /* ERROR "cannot initialize a variable of type 'float .'" */
	h.p[0] = *h.q + *p + *q + u[1];
	h.q = nullptr; /* ERROR "cannot assign to variable 'h' with const-qualified type" */
	constant float *c = &pi;
	a[1] = *c;
	pi = 2; /* ERROR "cannot assign to variable 'pi'" */
	device float &x = a[2];
	x = 1;
	device float &y = t[0]; /* ERROR "cannot bind to object in threadgroup address space" */
	const thread float &z = 2.0f;
	a[3] = z;
	auto e = (threadgroup float *)a; /* ERROR "converts between mismatching address spaces" */
	auto f = reinterpret_cast<device uint *>(a);
	auto g = reinterpret_cast<device uint *>(b); /* ERROR "casts away qualifiers" */
	f[0] = 1;
	threadgroup float local[4];
	local[0] = 1;
	if (a[0] > 1) {
		threadgroup float2 nested;
		nested.x = local[0];
	}
}
