//go:build windows

package cpumetal

import (
	"sync"
	"syscall"
	"unsafe"
)

const (
	memCommit     = 0x1000
	memReserve    = 0x2000
	memRelease    = 0x8000
	pageReadWrite = 0x04
)

type virtualProcs struct{ alloc, free *syscall.LazyProc }

var virtualMemory = sync.OnceValue(func() virtualProcs {
	kernel32 := syscall.NewLazyDLL("kernel32.dll")
	return virtualProcs{kernel32.NewProc("VirtualAlloc"), kernel32.NewProc("VirtualFree")}
})

// mapPages returns n zeroed bytes at a page boundary, outside the Go heap.
func mapPages(n int) ([]byte, error) {
	addr, _, err := virtualMemory().alloc.Call(0, uintptr(n), memCommit|memReserve, pageReadWrite)
	if addr == 0 {
		return nil, err
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&addr)), n), nil
}

// unmapPages gives back what mapPages returned.
func unmapPages(b []byte) error {
	ok, _, err := virtualMemory().free.Call(uintptr(unsafe.Pointer(unsafe.SliceData(b))), 0, memRelease)
	if ok == 0 {
		return err
	}
	return nil
}
