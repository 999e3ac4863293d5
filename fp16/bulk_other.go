//go:build !amd64 && !arm64

package fp16

import "unsafe"

// convert would do a conversion of n elements with vectors; here there are none.
func convert(c conversion, dst, src unsafe.Pointer, n int) bool { return false }
