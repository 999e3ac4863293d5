#include <metal_stdlib>
using namespace metal;

// Functions, overloads, references.

float one(float x) { return x; }
int two(int x, int y = 2) { return x + y; }
void out(thread float &x) { x = 1; }
void out(device float &x) { x = 2; }

struct Counter {
	int n;
	void up() { n++; }
	int get() const { return n; }
	int read() const device { return n; }
	void bad() const { n = 1; /* ERROR "cannot assign to non-static data member within const member function 'bad'" */ }
	Counter twice() { return missing; /* ERROR "use of undeclared identifier 'missing'" */ }
};

template <typename T> T add(T a, T b) { return a + b; }
template <typename T, int N> T sum(thread const T (&x)[N]) { T s = 0; for (int i = 0; i < N; i++) s += x[i]; return s; }

kernel void functions(device float *a, device Counter *c, constant float &k) {
	a[0] = one(1) + two(1) + two(1, 2);
	two(); /* ERROR "no matching function for call to 'two'" */
	one(a); /* ERROR "no matching function for call to 'one'" */
	float x;
	out(x);
	out(a[1]);
	out(k); /* ERROR "no matching function for call to 'out'" */
	out(1.0f); /* ERROR "no matching function for call to 'out'" */
	float4 v;
	out(v.x); /* ERROR "no matching function for call to 'out'" */
	const Counter d = { 1 };
	d.up(); /* ERROR "'this' argument to member function 'up' has type 'const Counter'" */
	a[2] = d.get() + c->read();
	c->up(); /* ERROR "no matching member function for call to 'up'" */
	a[3] = add(1, 2) + add<float>(1, 2.0f);
	add(1, 2.0f); /* ERROR "no matching function for call to 'add'" */
	float t[3] = {};
	a[4] = sum(t);
	sum(a); /* ERROR "no matching function for call to 'sum'" */
	one; /* ERROR "functions used as values are not supported yet" */
}

void later() { after(); /* ERROR "use of undeclared identifier 'after'" */ }
void after() {}
