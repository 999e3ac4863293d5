package fp16

import "unsafe"

// block is how many elements a conversion in shared memory takes at a time, by
// way of a buffer of its own: read the block, convert, write.
const block = 512

// encodeShared is encode where dst and src share memory. With dst d bytes
// behind src, element i is written d+2i bytes into what is read at 4i: at or
// before its own source if i >= d/2, at or behind it if i < d/2. So the former
// go first to last, and then the latter last to first: nothing is written over
// a source that is still to be read.
func encodeShared[H Half](dst []H, src []float32) {
	var buf [block]H
	n := len(src)
	turn := min(max(0, distance(unsafe.SliceData(dst), unsafe.SliceData(src))>>1), n)
	for i := turn; i < n; i += block {
		part := buf[:min(block, n-i)]
		encode(part, src[i:i+len(part)])
		copy(dst[i:], part)
	}
	for end := turn; end > 0; end -= block {
		i := max(0, end-block)
		part := buf[:end-i]
		encode(part, src[i:end])
		copy(dst[i:], part)
	}
}

// decodeShared is decode where dst and src share memory. With dst d bytes
// before src, element i is written 4i-d bytes into what is read at 2i: before
// its own source if i < d/2, behind it if i > d/2. So the former go first to
// last, and then the others last to first.
func decodeShared[H Half](dst []float32, src []H) {
	var buf [block]float32
	n := len(src)
	turn := min(max(0, distance(unsafe.SliceData(src), unsafe.SliceData(dst))>>1), n)
	for i := 0; i < turn; i += block {
		part := buf[:min(block, turn-i)]
		decode(part, src[i:i+len(part)])
		copy(dst[i:], part)
	}
	for end := n; end > turn; end -= block {
		i := max(turn, end-block)
		part := buf[:end-i]
		decode(part, src[i:end])
		copy(dst[i:], part)
	}
}

// distance returns how many bytes a lies behind b.
func distance[A, B any](a *A, b *B) int {
	return int(uintptr(unsafe.Pointer(a)) - uintptr(unsafe.Pointer(b)))
}
