//go:build !unix && !windows

package cpumetal

import (
	"fmt"
	"os"
	"unsafe"
)

// mapPages returns n zeroed bytes at a page boundary. Where the system gives no
// pages they come from the Go heap, whose objects do not move.
func mapPages(n int) (b []byte, err error) {
	page := os.Getpagesize()
	defer func() {
		if recover() != nil {
			b, err = nil, fmt.Errorf("cpumetal: no memory for %d bytes", n)
		}
	}()
	raw := make([]byte, n+page)
	off := -int(uintptr(unsafe.Pointer(unsafe.SliceData(raw)))) & (page - 1)
	return raw[off : off+n : off+n], nil
}

// unmapPages leaves the bytes to the garbage collector.
func unmapPages([]byte) error { return nil }
