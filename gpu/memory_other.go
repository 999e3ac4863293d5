//go:build !unix && !windows

package gpu

import (
	"io"
	"os"
	"unsafe"
)

// allocPages cuts a page-aligned run out of a larger slice. There is no other process and no
// GPU here, and the collector does not move what it has given.
func allocPages(size int) ([]byte, func([]byte) error, error) {
	page := os.Getpagesize()
	b := make([]byte, size+page)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) & (page - 1)
	return b[skip : skip+size : skip+size], func([]byte) error { return nil }, nil
}

func mapPages(f *os.File, n, size int) ([]byte, func([]byte) error, error) {
	b, free, err := allocPages(size)
	if err != nil {
		return nil, nil, err
	}
	if _, err := io.ReadFull(f, b[:n]); err != nil {
		return nil, nil, err
	}
	return b, free, nil
}
