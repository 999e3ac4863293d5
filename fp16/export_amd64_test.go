package fp16

// Paths calls f for every way to convert slices that this processor has.
func Paths(f func(name string)) {
	usable := choose()
	defer chosen.Store(uint32(usable))
	for p, name := range map[path]string{portable: "portable", avx2: "AVX2", avx512: "AVX-512", avx512bf16: "AVX-512 with BF16", avx256bf16: "AVX2 with BF16"} {
		if p <= usable {
			chosen.Store(uint32(p))
			f(name)
		}
	}
}

// Streaming is the number of elements from which on conversions store past the
// caches.
const Streaming = streaming
