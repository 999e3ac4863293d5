package fp16

import (
	"slices"
	"unsafe"
)

// Half is either of the 16-bit formats.
type Half interface{ Float16 | BFloat16 }

// Encode converts src to halves in dst, as [FromFloat32] or [BFromFloat32]
// does, and returns how many: as with copy, the lesser of the two lengths, and
// as with copy dst and src may share memory.
func Encode[H Half](dst []H, src []float32) int {
	n := min(len(dst), len(src))
	dst, src = dst[:n], src[:n]
	if overlap(dst, src) {
		encodeShared(dst, src)
	} else {
		encode(dst, src)
	}
	return n
}

// Decode converts the halves in src to float32 in dst, exactly, and returns how
// many: as with copy, the lesser of the two lengths, and as with copy dst and
// src may share memory.
func Decode[H Half](dst []float32, src []H) int {
	n := min(len(dst), len(src))
	dst, src = dst[:n], src[:n]
	if overlap(src, dst) {
		decodeShared(dst, src)
	} else {
		decode(dst, src)
	}
	return n
}

// AppendFrom appends src, converted as by [Encode], to dst and returns the
// extended slice.
func AppendFrom[H Half](dst []H, src ...float32) []H {
	n := len(dst)
	dst = slices.Grow(dst, len(src))[:n+len(src)]
	Encode(dst[n:], src)
	return dst
}

// AppendTo appends src, converted as by [Decode], to dst and returns the
// extended slice.
func AppendTo[H Half](dst []float32, src ...H) []float32 {
	n := len(dst)
	dst = slices.Grow(dst, len(src))[:n+len(src)]
	Decode(dst[n:], src)
	return dst
}

// A conversion is one of the four.
type conversion int

const (
	encodes16 conversion = iota
	decodes16
	encodesB
	decodesB
	conversions
)

// sizes returns how many bytes the elements take that a conversion reads and writes.
func (c conversion) sizes() (from, to int) {
	if c == encodes16 || c == encodesB {
		return 4, 2
	}
	return 2, 4
}

// isFloat16 tells which of the formats H is.
func isFloat16[H Half]() bool {
	var h H
	_, ok := any(h).(Float16)
	return ok
}

// encode converts src to dst, which has its length and shares no memory with it.
func encode[H Half](dst []H, src []float32) {
	c := encodesB
	if isFloat16[H]() {
		c = encodes16
	}
	if convert(c, unsafe.Pointer(unsafe.SliceData(dst)), unsafe.Pointer(unsafe.SliceData(src)), len(src)) {
		return
	}
	switch d := any(dst).(type) {
	case []Float16:
		encode16Portable(d, src)
	case []BFloat16:
		encodeBPortable(d, src)
	}
}

// decode converts src to dst, which has its length and shares no memory with it.
func decode[H Half](dst []float32, src []H) {
	c := decodesB
	if isFloat16[H]() {
		c = decodes16
	}
	if convert(c, unsafe.Pointer(unsafe.SliceData(dst)), unsafe.Pointer(unsafe.SliceData(src)), len(src)) {
		return
	}
	switch s := any(src).(type) {
	case []Float16:
		decode16Portable(dst, s)
	case []BFloat16:
		decodeBPortable(dst, s)
	}
}

// overlap reports whether the two share memory.
func overlap[H Half](halves []H, floats []float32) bool {
	h := uintptr(unsafe.Pointer(unsafe.SliceData(halves)))
	f := uintptr(unsafe.Pointer(unsafe.SliceData(floats)))
	return h < f+uintptr(len(floats))*4 && f < h+uintptr(len(halves))*2
}
