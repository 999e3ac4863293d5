// Package cpuid tells which extensions of its instruction set the processor
// has and the operating system lets programs use.
package cpuid

import "sync"

// Set is a set of extensions.
type Set uint32

// The extensions that this module asks about, of amd64. AVX512 stands for the
// foundation and its byte and word (BW), doubleword and quadword (DQ), conflict
// detection (CD) and vector length (VL) parts, which processors have together
// from Skylake-SP and Zen 4 on.
const (
	AVX Set = 1 << iota
	AVX2
	FMA
	F16C
	BMI1
	BMI2
	LZCNT
	POPCNT
	AVX512
	AVX512BF16 // conversion to bfloats
	AVX512Half // 512 bits are done as two times 256, so that they gain little: AMD's Zen 4
)

// Has reports whether s holds all of t.
func (s Set) Has(t Set) bool { return s&t == t }

// Cache returns how many bytes the largest cache holds that the processor tells
// of, 0 if it tells of none.
var Cache = sync.OnceValue(cacheSize)

// ThreadsPerCore returns how many processors the system has, at most, for each core:
// 1 if it is not known.
var ThreadsPerCore = sync.OnceValue(threadsPerCore)

// Get returns what there is to use here. Elsewhere than on amd64 it is empty.
var Get = sync.OnceValue(detect)
