package check

import (
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msl/parse"
	"github.com/aruminium-go/aruminium/internal/msl/prep"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
)

// predefined is the text that defines the macros of the library.
func predefined() string {
	var b strings.Builder
	for _, m := range stdlib.Macros {
		b.WriteString("#define " + m.Name + " " + m.Value + "\n")
	}
	return b.String()
}

// compile parses and checks a source.
func compile(src string) (*source.FileSet, *sem.Module, source.List) {
	fset := source.NewFileSet()
	file, list := parse.File(fset, "", src, parse.Options{Prep: prep.Options{Predefined: predefined()}})
	if list.HasErrors() {
		return fset, nil, list
	}
	mod, more := Module(fset, file, Options{})
	list = append(list, more...)
	list.Sort(fset)
	return fset, mod, list
}

// checkAnyway checks even what could not be parsed.
func checkAnyway(src string) (*source.FileSet, *sem.Module, source.List) {
	fset := source.NewFileSet()
	file, list := parse.File(fset, "", src, parse.Options{Prep: prep.Options{Predefined: predefined()}})
	mod, more := Module(fset, file, Options{})
	list = append(list, more...)
	list.Sort(fset)
	return fset, mod, list
}

func TestAcceptance(t *testing.T) {
	const src = `
#include <metal_stdlib>
using namespace metal;

kernel void saxpy(device float *y [[buffer(0)]],
                  device const float *x [[buffer(1)]],
                  constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}

kernel void inc(device float *a [[buffer(0)]], uint id [[thread_position_in_grid]]) {
    a[id] = a[id] + 1.0;
}

struct Shape { uint m; uint n; uint k; };

kernel void matmul(device const float *a [[buffer(0)]],
                   device const float *b [[buffer(1)]],
                   device float *c [[buffer(2)]],
                   constant Shape &s [[buffer(3)]],
                   uint2 gid [[thread_position_in_grid]]) {
    if (gid.y >= s.m || gid.x >= s.n) return;
    float sum = 0.0f;
    for (uint i = 0; i < s.k; i++)
        sum += a[gid.y * s.k + i] * b[i * s.n + gid.x];
    c[gid.y * s.n + gid.x] = sum;
}

kernel void block_sum(device const float *in [[buffer(0)]],
                      device float *out [[buffer(1)]],
                      uint tid [[thread_index_in_threadgroup]],
                      uint group [[threadgroup_position_in_grid]],
                      uint size [[threads_per_threadgroup]]) {
    threadgroup float part[256];
    part[tid] = in[group * size + tid];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint step = size / 2; step > 0; step /= 2) {
        if (tid < step) part[tid] += part[tid + step];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (tid == 0) out[group] = part[0];
}
`
	fset, mod, list := compile(src)
	if len(list) > 0 {
		t.Fatal(list.Render(fset))
	}
	if len(mod.Kernels) != 4 {
		t.Fatalf("%d kernels", len(mod.Kernels))
	}
}
