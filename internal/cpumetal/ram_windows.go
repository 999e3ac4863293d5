package cpumetal

import (
	"syscall"
	"unsafe"
)

type memoryStatus struct {
	length, load         uint32
	totalPhys, availPhys uint64
	totalPage, availPage uint64
	totalVirt, availVirt uint64
	availExtended        uint64
}

// physicalMemory returns the bytes of RAM of the machine. 0 is unknown.
func physicalMemory() uint64 {
	var s memoryStatus
	s.length = uint32(unsafe.Sizeof(s))
	proc := syscall.NewLazyDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")
	if ok, _, _ := proc.Call(uintptr(unsafe.Pointer(&s))); ok == 0 {
		return 0
	}
	return s.totalPhys
}

// uptime returns the seconds since boot.
func uptime() float64 {
	proc := syscall.NewLazyDLL("kernel32.dll").NewProc("GetTickCount64")
	ms, _, _ := proc.Call()
	return float64(ms) / 1000
}
