package fp16

import "slices"

// Half is either of the 16-bit formats.
type Half interface{ Float16 | BFloat16 }

// Encode converts src to halves in dst, as [FromFloat32] or [BFromFloat32]
// does, and returns how many: as with copy, the lesser of the two lengths.
// dst and src must not share memory.
func Encode[H Half](dst []H, src []float32) int {
	n := min(len(dst), len(src))
	switch d := any(dst).(type) {
	case []Float16:
		encode16(d[:n], src[:n])
	case []BFloat16:
		encodeB(d[:n], src[:n])
	}
	return n
}

// Decode converts the halves in src to float32 in dst, exactly, and returns how
// many: as with copy, the lesser of the two lengths. dst and src must not share
// memory.
func Decode[H Half](dst []float32, src []H) int {
	n := min(len(dst), len(src))
	switch s := any(src).(type) {
	case []Float16:
		decode16(dst[:n], s[:n])
	case []BFloat16:
		decodeB(dst[:n], s[:n])
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

func encode16(dst []Float16, src []float32) {
	for i, f := range src {
		dst[i] = FromFloat32(f)
	}
}

func decode16(dst []float32, src []Float16) {
	for i, h := range src {
		dst[i] = h.Float32()
	}
}

func encodeB(dst []BFloat16, src []float32) {
	for i, f := range src {
		dst[i] = BFromFloat32(f)
	}
}

func decodeB(dst []float32, src []BFloat16) {
	for i, b := range src {
		dst[i] = b.Float32()
	}
}
