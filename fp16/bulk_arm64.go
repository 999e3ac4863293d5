package fp16

import "unsafe"

// Every arm64 processor converts vectors of halves.

//go:noescape
func encode16NEON(dst, src unsafe.Pointer, n int)

//go:noescape
func decode16NEON(dst, src unsafe.Pointer, n int)

//go:noescape
func encodeBNEON(dst, src unsafe.Pointer, n int)

//go:noescape
func decodeBNEON(dst, src unsafe.Pointer, n int)

// vector is the least number of elements that the vector routines take.
const vector = 8

// convert does a conversion of n elements with vectors. It reports false, and has
// done nothing, if they are too few.
func convert(c conversion, dst, src unsafe.Pointer, n int) bool {
	if n < vector {
		return false
	}
	switch c {
	case encodes16:
		encode16NEON(dst, src, n)
	case decodes16:
		decode16NEON(dst, src, n)
	case encodesB:
		encodeBNEON(dst, src, n)
	case decodesB:
		decodeBNEON(dst, src, n)
	}
	return true
}
