package fp16

// The conversions of slices, element by element: what every faster form must
// equal, bit for bit.

func encode16Portable(dst []Float16, src []float32) {
	for i, f := range src {
		dst[i] = FromFloat32(f)
	}
}

func decode16Portable(dst []float32, src []Float16) {
	for i, h := range src {
		dst[i] = h.Float32()
	}
}

func encodeBPortable(dst []BFloat16, src []float32) {
	for i, f := range src {
		dst[i] = BFromFloat32(f)
	}
}

func decodeBPortable(dst []float32, src []BFloat16) {
	for i, b := range src {
		dst[i] = b.Float32()
	}
}
