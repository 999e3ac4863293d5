package mtl

import (
	"fmt"

	"github.com/aruminium-go/aruminium/objc"
)

// Object is any object: what every type of this package holds.
type Object struct{ id objc.ID }

// ObjectFromID makes an Object of any object. It does not retain.
func ObjectFromID(id objc.ID) Object { return Object{id} }

// ID returns the Objective-C object. It stays the caller's or whoever's it is.
func (o Object) ID() objc.ID { return o.id }

// IsNil reports whether there is no object.
func (o Object) IsNil() bool { return o.id == 0 }

// Retain adds a reference, which a Release gives back.
func (o Object) Retain() { objc.Retain(o.id) }

// Release gives a reference back. With the last one the object is gone. On nil it
// does nothing.
func (o Object) Release() { objc.Release(o.id) }

// RespondsTo reports whether the object has a method, which is named as in Metal:
// "newBufferWithLength:options:". Nil has none.
func (o Object) RespondsTo(selector string) bool {
	return objc.RespondsTo(o.id, objc.GetSelector(selector))
}

// String tells objects apart, for debugging.
func (o Object) String() string {
	if o.id == 0 {
		return "nil"
	}
	return fmt.Sprintf("%s(%#x)", objc.ClassName(objc.ClassOf(o.id)), uintptr(o.id))
}

// ReleaseAll releases each object of a slice.
func ReleaseAll[T interface{ Release() }](objects []T) {
	for _, o := range objects {
		o.Release()
	}
}
