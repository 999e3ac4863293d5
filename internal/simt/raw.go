package simt

import (
	"runtime"
	"unsafe"
)

// Raw memory, as kernels see it. What kernels do to it is their business: the
// race detector is told nothing of it, since lanes that are not active may be
// read along with those that are.

type word interface {
	uint8 | uint16 | uint32 | uint64
}

// anyAlignment tells that the processor reads and writes words anywhere.
const anyAlignment = runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64" || runtime.GOARCH == "386" ||
	runtime.GOARCH == "wasm" || runtime.GOARCH == "ppc64le" || runtime.GOARCH == "loong64" || runtime.GOARCH == "s390x"

// get reads a T, aligned or not.
//
//go:norace
func get[T word](p unsafe.Pointer, off int64) T {
	p = unsafe.Add(p, off)
	if !anyAlignment {
		var x T
		d, s := unsafe.Slice((*byte)(unsafe.Pointer(&x)), unsafe.Sizeof(x)), unsafe.Slice((*byte)(p), unsafe.Sizeof(x))
		copy(d, s)
		return x
	}
	return *(*T)(p)
}

// put writes a T, aligned or not.
//
//go:norace
func put[T word](p unsafe.Pointer, off int64, x T) {
	p = unsafe.Add(p, off)
	if !anyAlignment {
		copy(unsafe.Slice((*byte)(p), unsafe.Sizeof(x)), unsafe.Slice((*byte)(unsafe.Pointer(&x)), unsafe.Sizeof(x)))
		return
	}
	*(*T)(p) = x
}

// readRun reads len(d) Ts that lie side by side.
//
//go:norace
func readRun[T word](d []T, p unsafe.Pointer) {
	if raceEnabled { // which watches copy, even here
		for i := range d {
			d[i] = get[T](p, int64(i)*int64(unsafe.Sizeof(d[0])))
		}
		return
	}
	copy(d, unsafe.Slice((*T)(p), len(d)))
}

// writeRun writes s.
//
//go:norace
func writeRun[T word](p unsafe.Pointer, s []T) {
	if raceEnabled {
		for i, x := range s {
			put(p, int64(i)*int64(unsafe.Sizeof(x)), x)
		}
		return
	}
	copy(unsafe.Slice((*T)(p), len(s)), s)
}
