//go:build unix

package gpu

import (
	"os"
	"syscall"
)

func allocPages(size int) ([]byte, func([]byte) error, error) {
	b, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return nil, nil, os.NewSyscallError("mmap", err)
	}
	return b, unmapPages, nil
}

// mapPages maps n bytes of f copy on write: a kernel that writes where it should not must neither
// change the file nor fault.
func mapPages(f *os.File, n, size int) ([]byte, func([]byte) error, error) {
	b, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
	if err != nil {
		return nil, nil, os.NewSyscallError("mmap", err)
	}
	return b, unmapPages, nil
}

func unmapPages(b []byte) error {
	return os.NewSyscallError("munmap", syscall.Munmap(b))
}
