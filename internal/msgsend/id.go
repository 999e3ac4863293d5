package msgsend

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// The words of Objective-C.
type (
	// ID names an object; 0 is nil.
	ID = objctype.ID
	// SEL names a selector; 0 is none.
	SEL = objctype.SEL
	// Class names a class; ID(c) is the class as an object.
	Class = objctype.Class
)

var escapes struct {
	never bool
	p     unsafe.Pointer
}

// Addr returns the address of p as an argument word. It makes what p points at
// live on the heap, where it does not move. The caller keeps it alive until
// the send is done.
//
//go:noinline
func Addr(p unsafe.Pointer) uintptr {
	if escapes.never {
		escapes.p = p
	}
	return uintptr(p)
}

// noescape hides a pointer from escape analysis. It is for memory lent for the
// length of a call.
//
//go:nosplit
func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return *(*unsafe.Pointer)(unsafe.Pointer(&x))
}

// pointer returns the pointer a word holds.
func pointer(word uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&word))
}
