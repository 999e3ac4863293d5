package msl

import "testing"

// TestDanglingReferences writes to variables that are gone: what that does is
// not said, but the compiler takes it.
func TestDanglingReferences(t *testing.T) {
	snippet{"parameters and locals", `thread int &f(int x) { return x; } thread int &g() { int y = 1; return y; } decltype(auto) h(thread int x) { return (x); }`,
		`f(1) = 5; g() = 6; h(2) = 7; out[0] = 8;`, []int32{8}}.run(t)
}
