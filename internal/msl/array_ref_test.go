package msl

import "testing"

// TestArrayRef has array_ref, which is of the library but written in the language.
func TestArrayRef(t *testing.T) {
	for _, s := range []snippet{
		{"of arrays", `
int total(array_ref<int> r) { int s = 0; for (size_t i = 0; i < r.size(); i++) s = s * 10 + r[i]; return s; }
template <typename T> T last(array_ref<T> r) { return r.empty() ? T(-1) : r.back(); }
constant int fixed[2] = {8, 9}; int of_constants(array_ref<constant int> r) { return r.front() + int(r.size()); }`,
			`array<int, 3> a = {{1, 2, 3}}; int b[4] = {4, 5, 6, 7}; out[0] = total(a); out[1] = total(b); out[2] = total(array_ref<int>(b + 1, 2)); out[3] = last(array_ref<int>()); out[4] = last(make_array_ref(b)); out[5] = of_constants(fixed); out[6] = of_constants(make_array_ref(fixed)); b[1] = 0; array_ref<int> v = b; int s = 0; for (int x : v) s += x; out[7] = s;`,
			[]int32{123, 4567, 56, -1, 7, 10, 10, 17}},
		{"in other address spaces", `
int sum(array_ref<device int> r) { int s = 0; for (auto x : r) s += x; return s; } int sum(array_ref<threadgroup int> r) { return r[0] - r[1]; }`,
			`out[0] = 5; out[1] = 6; threadgroup int g[2]; g[0] = 9; g[1] = 2; int t = sum(array_ref<device int>(out, 2)); out[2] = sum(g); out[3] = t; out[4] = sum(make_array_ref((const device int *)out, 1));`,
			[]int32{5, 6, 7, 11, 5}},
	} {
		t.Run(s.name, s.run)
	}
}
