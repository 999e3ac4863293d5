package msl

import (
	"testing"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// FuzzCompile looks for sources on which the compiler panics, hangs, or makes
// a kernel that does not run.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"", "\x00\xff", "kernel", "kernel void k(", guide, specialised,
		"kernel void k(device float *a [[buffer(0)]]) {\n  a[0] = undefined_name;\n}\n",
		"struct S { int x; S *p; }; kernel void k(device S &s) { s.x = s.p->x; }",
		"kernel void k(device float4 &v, uint i [[thread_position_in_grid]]) { v[i] = v.wzyx[i & 1]; }",
		"static int f(int n) { return n ? f(n - 1) : 0; } kernel void k(device int *o) { o[0] = f(3); }",
		"union U { float f; int i; }; kernel void k(device U *u) { U a; a.f = 1; *u = a; }",
		"constant int t[4] = {1,2,3}; kernel void k(device int *o) { for (int i = 0; i < 9; i++) o[i] = t[i]; }",
		"kernel void k(device int *o) { switch (*o) { case 1: default: *o = 2; case 3: break; } }",
		"/* unterminated", "\"unterminated", "#include \"x\"\n", "#define A A A\nA",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		noNet = true
		lib, diags := Compile(Source{Text: text}, Options{})
		diags.Render()
		if lib == nil {
			if !diags.HasErrors() {
				t.Fatal("no library and no error")
			}
			return
		}
		for _, k := range lib.Kernels {
			code, diags := lib.Lower(k.Name, Constants{})
			diags.Render()
			if code == nil {
				continue
			}
			if _, err := simt.Compile(code.Func); err != nil {
				t.Fatal(err)
			}
		}
	})
}
