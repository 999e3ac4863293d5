package parse

import (
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msl/source"
)

const saxpy = `#include <metal_stdlib>
using namespace metal;
kernel void saxpy(device const float *x [[buffer(0)]], device float *y [[buffer(1)]],
                  constant float &a [[buffer(2)]], uint i [[thread_position_in_grid]])
{
    y[i] = a * x[i] + y[i];
}
`

// BenchmarkSmall reads one small kernel, the headers' macros included.
func BenchmarkSmall(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		File(source.NewFileSet(), "", saxpy, Options{})
	}
}

// BenchmarkLarge reads a thousand kernels that macros and templates make.
func BenchmarkLarge(b *testing.B) {
	src := saxpy + `
template <typename T> [[kernel]] void copy(device const T *x [[buffer(0)]], device T *y [[buffer(1)]], uint i [[thread_position_in_grid]]) { y[i] = x[i]; }
#define INSTANTIATE(name, T) template [[host_name("copy_" #name)]] [[kernel]] decltype(copy<T>) copy<T>;
` + strings.Repeat("INSTANTIATE(f, float)\n", 500) + strings.Repeat(strings.SplitN(saxpy, "\n", 3)[2], 500)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		File(source.NewFileSet(), "", src, Options{})
	}
}
