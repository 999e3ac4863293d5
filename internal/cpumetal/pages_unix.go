//go:build unix

package cpumetal

import "syscall"

// mapPages returns n zeroed bytes at a page boundary, outside the Go heap.
// The system finds the pages when they are touched.
func mapPages(n int) ([]byte, error) {
	b, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err == nil && n >= 4<<20 && n <= 1<<30 { // what is larger may be meant to be sparse
		wantHugePages(b)
	}
	return b, err
}

// unmapPages gives back what mapPages returned.
func unmapPages(b []byte) error { return syscall.Munmap(b) }
