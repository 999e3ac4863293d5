package objc

import (
	"runtime"
	"strings"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

// utf8Encoding is NSUTF8StringEncoding.
const utf8Encoding = 4

var (
	selAlloc                 = Selector{Name: "alloc"}
	selInitWithBytesEncoding = Selector{Name: "initWithBytes:length:encoding:"}
	selDataUsingEncoding     = Selector{Name: "dataUsingEncoding:"}
	selDescription           = Selector{Name: "description"}

	classString = class{name: "NSString"}
)

// NewString makes an NSString. The reference is the caller's. Bytes that are no
// UTF-8 become U+FFFD.
func NewString(s string) ID {
	s = strings.ToValidUTF8(s, "\uFFFD")
	p := unsafe.Pointer(unsafe.StringData(s))
	id := msgsend.Object3(classString.alloc(), &selInitWithBytesEncoding, msgsend.Addr(p), uintptr(len(s)), utf8Encoding)
	runtime.KeepAlive(s)
	return id
}

// String returns the text of an NSString, "" for nil. The reference stays the
// caller's.
func String(id ID) string {
	data := msgsend.Object1(id, &selDataUsingEncoding, utf8Encoding)
	if data == 0 {
		return ""
	}
	s := string(dataView(data))
	Release(data)
	return s
}

// TakeString is [String], and releases the object.
func TakeString(id ID) string {
	s := String(id)
	Release(id)
	return s
}

// Description returns what an object says of itself, "" for nil.
func Description(id ID) string { return TakeString(msgsend.Object0(id, &selDescription)) }
