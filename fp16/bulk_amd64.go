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
)

// chosen is the best path of this processor, unknown before the first use.
var chosen atomic.Uint32

func best() path {
	if p := path(chosen.Load()); p != unknown {
		return p
	}
	p := portable
	switch x := cpuid.Get(); {
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
	streaming = 1 << 21
)

func encode16(dst []Float16, src []float32) {
	if !convert(dst, src, encodes16) {
		encode16Portable(dst, src)
	}
}

func decode16(dst []float32, src []Float16) {
	if !convert(dst, src, decodes16) {
		decode16Portable(dst, src)
	}
}

func encodeB(dst []BFloat16, src []float32) {
	if !convert(dst, src, encodesB) {
		encodeBPortable(dst, src)
	}
}

func decodeB(dst []float32, src []BFloat16) {
	if !convert(dst, src, decodesB) {
		decodeBPortable(dst, src)
	}
}

// A routine is one of those in bulk_amd64.s: the three forms of each conversion.
type routine int

const (
	encodes16 routine = 3 * iota
	decodes16
	encodesB
	decodesB
)

const (
	withAVX2 routine = iota
	withAVX512
	pastCaches
)

// run has r convert n elements.
//
//go:noescape
func run(r routine, dst, src unsafe.Pointer, n int)

// convert converts src to dst, which has its length, in the best form of r. It
// reports false, and has done nothing, if none is for this processor or for so
// few.
func convert[D, S Half | float32](dst []D, src []S, r routine) bool {
	n := len(src)
	p := best()
	if n < vector || p == portable {
		return false
	}
	if n >= streaming {
		// The stores of a stream begin at a boundary of 64 bytes, if an element
		// does, and come in blocks of 32 elements.
		size := int(unsafe.Sizeof(dst[0]))
		gap := int(-uintptr(unsafe.Pointer(&dst[0])) & 63)
		if gap%size == 0 {
			head := gap / size
			body := (n - head) &^ 31
			if head > 0 {
				convert(dst[:vector+head], src[:vector+head], r)
			}
			run(r+pastCaches, unsafe.Pointer(&dst[head]), unsafe.Pointer(&src[head]), body)
			rest := n - head - body
			if rest == 0 {
				return true
			}
			n = vector + rest
			dst, src = dst[len(dst)-n:], src[len(src)-n:]
		}
	}
	if p == avx512 {
		r += withAVX512
	} else {
		r += withAVX2
	}
	run(r, unsafe.Pointer(&dst[0]), unsafe.Pointer(&src[0]), n)
	return true
}
