//go:build !amd64

package fp16

// Paths calls f for every way to convert slices that this processor has.
func Paths(f func(name string)) { f("its own") }

// Streaming is the number of elements from which on conversions store past the
// caches: nowhere here.
const Streaming = 4096
