package fp16

import "unsafe"

// Every arm64 processor converts vectors of halves.

//go:noescape
func encode16NEON(dst *Float16, src *float32, n int)

//go:noescape
func decode16NEON(dst *float32, src *Float16, n int)

//go:noescape
func encodeBNEON(dst *BFloat16, src *float32, n int)

//go:noescape
func decodeBNEON(dst *float32, src *BFloat16, n int)

// vector is the least number of elements that the vector routines take.
const vector = 8

func encode16(dst []Float16, src []float32) {
	if len(src) < vector {
		encode16Portable(dst, src)
		return
	}
	encode16NEON(unsafe.SliceData(dst), unsafe.SliceData(src), len(src))
}

func decode16(dst []float32, src []Float16) {
	if len(src) < vector {
		decode16Portable(dst, src)
		return
	}
	decode16NEON(unsafe.SliceData(dst), unsafe.SliceData(src), len(src))
}

func encodeB(dst []BFloat16, src []float32) {
	if len(src) < vector {
		encodeBPortable(dst, src)
		return
	}
	encodeBNEON(unsafe.SliceData(dst), unsafe.SliceData(src), len(src))
}

func decodeB(dst []float32, src []BFloat16) {
	if len(src) < vector {
		decodeBPortable(dst, src)
		return
	}
	decodeBNEON(unsafe.SliceData(dst), unsafe.SliceData(src), len(src))
}
