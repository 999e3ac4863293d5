package fp16

import (
	"sync/atomic"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/cpuid"
)

// A path is the instructions that conversions of slices use.
type path uint32

const (
	unknown path = iota
	portable
	avx2
	avx512
	avx512bf16
	avx256bf16 // AVX2, but for the conversion to bfloats
)

// chosen is the best path of this processor, unknown before the first use.
var chosen atomic.Uint32

func choose() path {
	p := portable
	switch x := cpuid.Get(); {
	case x.Has(cpuid.AVX512Half | cpuid.AVX512BF16 | cpuid.AVX512 | cpuid.AVX2 | cpuid.F16C):
		p = avx256bf16
	case x.Has(cpuid.AVX512BF16 | cpuid.AVX512 | cpuid.AVX2 | cpuid.F16C):
		p = avx512bf16
	case x.Has(cpuid.AVX512 | cpuid.AVX2 | cpuid.F16C):
		p = avx512
	case x.Has(cpuid.AVX2 | cpuid.F16C):
		p = avx2
	}
	chosen.Store(uint32(p))
	return p
}

const (
	// vector is the least number of elements that the vector routines take.
	vector = 8
	// streaming is the number of elements from which on a conversion stores
	// past the caches, as a copy of so much does: what it wrote first would be
	// out of them again by the time it ends.
	streaming = 1 << 22
)

// A routine is one of those in bulk_amd64.s: three forms of each conversion, and
// one form of one.
type routine int

const (
	withAVX2 routine = iota
	withAVX512
	pastCaches
	forms

	encodesBWithBF16 = routine(conversions) * forms
)

// run has r convert n elements.
//
//go:noescape
func run(r routine, dst, src unsafe.Pointer, n int)

// convert does a conversion of n elements in its best form. It reports false, and
// has done nothing, if none is for this processor or for so few.
func convert(c conversion, dst, src unsafe.Pointer, n int) bool {
	p := path(chosen.Load())
	if p == unknown {
		p = choose()
	}
	if n < vector || p == portable {
		return false
	}
	r := routine(c) * forms
	if n >= streaming {
		head, body := stream(c, dst, n)
		if body > 0 {
			if head > 0 {
				convert(c, dst, src, vector+head)
			}
			from, to := c.sizes()
			run(r+pastCaches, unsafe.Add(dst, head*to), unsafe.Add(src, head*from), body)
			rest := n - head - body
			if rest == 0 {
				return true
			}
			// The elements from a vector before the rest on.
			at := n - vector - rest
			dst, src, n = unsafe.Add(dst, at*to), unsafe.Add(src, at*from), n-at
		}
	}
	switch {
	case c == encodesB && p >= avx512bf16:
		r = encodesBWithBF16
	case p == avx512 || p == avx512bf16:
		r += withAVX512
	}
	run(r, dst, src, n)
	return true
}

// stream divides n elements for a routine that stores past the caches: its stores
// begin at a boundary of 64 bytes and come in blocks of 32 elements. The body is 0
// if no element is at a boundary.
func stream(c conversion, dst unsafe.Pointer, n int) (head, body int) {
	_, size := c.sizes()
	gap := int(-uintptr(dst) & 63)
	if gap%size != 0 {
		return 0, 0
	}
	head = gap / size
	return head, (n - head) &^ 31
}
