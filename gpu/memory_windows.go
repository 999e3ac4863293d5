package gpu

import (
	"os"
	"syscall"
	"unsafe"
)

var (
	kernel32         = syscall.NewLazyDLL("kernel32.dll")
	procVirtualAlloc = kernel32.NewProc("VirtualAlloc")
	procVirtualFree  = kernel32.NewProc("VirtualFree")
)

const (
	memCommit     = 0x1000
	memReserve    = 0x2000
	memRelease    = 0x8000
	pageReadWrite = 0x04
)

func allocPages(size int) ([]byte, func([]byte) error, error) {
	addr, _, err := procVirtualAlloc.Call(0, uintptr(size), memCommit|memReserve, pageReadWrite)
	if addr == 0 {
		return nil, nil, os.NewSyscallError("VirtualAlloc", err)
	}
	return bytesAt(addr, size), freePages, nil
}

func freePages(b []byte) error {
	if ok, _, err := procVirtualFree.Call(uintptr(unsafe.Pointer(unsafe.SliceData(b))), 0, memRelease); ok == 0 {
		return os.NewSyscallError("VirtualFree", err)
	}
	return nil
}

// mapPages maps n bytes of f copy on write. A view of a file ends at the file's end, but the
// system gives whole pages.
func mapPages(f *os.File, n, size int) ([]byte, func([]byte) error, error) {
	mapping, err := syscall.CreateFileMapping(syscall.Handle(f.Fd()), nil, syscall.PAGE_WRITECOPY, 0, 0, nil)
	if err != nil {
		return nil, nil, os.NewSyscallError("CreateFileMapping", err)
	}
	defer syscall.CloseHandle(mapping)
	addr, err := syscall.MapViewOfFile(mapping, syscall.FILE_MAP_COPY, 0, 0, uintptr(n))
	if err != nil {
		return nil, nil, os.NewSyscallError("MapViewOfFile", err)
	}
	return bytesAt(addr, size), func(b []byte) error {
		return os.NewSyscallError("UnmapViewOfFile", syscall.UnmapViewOfFile(uintptr(unsafe.Pointer(unsafe.SliceData(b)))))
	}, nil
}

// bytesAt is memory that the system gave, which the collector does not know.
func bytesAt(addr uintptr, size int) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&addr)), size)
}
