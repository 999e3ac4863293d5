package objc

import (
	"bytes"
	"runtime"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

var (
	selInitWithBytes = Selector{Name: "initWithBytes:length:"}
	selBytes         = Selector{Name: "bytes"}
	selLength        = Selector{Name: "length"}

	classData = class{name: "NSData"}
)

// NewData makes an NSData with a copy of b. The reference is the caller's.
func NewData(b []byte) ID {
	p := unsafe.Pointer(unsafe.SliceData(b))
	id := msgsend.Object2(classData.alloc(), &selInitWithBytes, msgsend.Addr(p), uintptr(len(b)))
	runtime.KeepAlive(b)
	return id
}

// Bytes returns a copy of the bytes of an NSData, nil for nil. The reference
// stays the caller's.
func Bytes(data ID) []byte { return bytes.Clone(dataView(data)) }

// dataView returns the bytes of an NSData, valid as long as it lives.
func dataView(data ID) []byte {
	n := msgsend.Word0(data, &selLength)
	p := msgsend.Word0(data, &selBytes)
	if n == 0 || p == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&p))), n)
}
