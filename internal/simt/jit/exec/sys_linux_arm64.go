package exec

import "unsafe"

const sysMemfdCreate = 279

// ret is an instruction that returns.
var ret = [...]byte{0xc0, 0x03, 0x5f, 0xd6}

// flush makes instructions that have been written visible to the processor:
// its caches of data and of instructions need not agree. Other threads see
// them too, for code reaches them through what synchronizes memory, and runs
// at addresses that they have not run before, or not since the kernel unmapped
// them.
func flush(mem []byte) {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(mem)))
	flushRange(start, start+uintptr(len(mem)))
}

//go:noescape
func flushRange(start, end uintptr)
