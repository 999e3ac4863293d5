//go:build amd64 || arm64

package simt

import (
	"runtime"

	"github.com/aruminium-go/aruminium/internal/cpuid"
)

// fmaVVasm and fmaVSasm are fmaVV and fmaVS of n lanes, n a multiple of 8 and not
// zero.
//
//go:noescape
func fmaVVasm(d, a, b, c *float32, n int)

//go:noescape
func fmaVSasm(d, a *float32, b float32, c *float32, n int)

var hasFMA = runtime.GOARCH == "arm64" || cpuid.Get().Has(cpuid.AVX|cpuid.FMA)

// fmaVV is a*b+c rounded once.
func fmaVV(d, a, b, c []eight) {
	n := len(d)
	switch a, b, c := a[:n], b[:n], c[:n]; {
	case n == 0:
	case hasFMA:
		fmaVVasm(&d[0][0], &a[0][0], &b[0][0], &c[0][0], 8*n)
	default:
		fmaVVgo(d, a, b, c)
	}
}

// fmaVS is a*b+c rounded once, with the same b in all lanes.
func fmaVS(d, a []eight, b float32, c []eight) {
	n := len(d)
	switch a, c := a[:n], c[:n]; {
	case n == 0:
	case hasFMA:
		fmaVSasm(&d[0][0], &a[0][0], b, &c[0][0], 8*n)
	default:
		fmaVSgo(d, a, b, c)
	}
}
