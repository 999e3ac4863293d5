package objcrt

import "sync"

// foundation defines the Foundation classes, once.
var foundation = sync.OnceFunc(func() {
	NSObject()
	stringClass()
	dataClass()
	numberClass()
	arrayClass()
	dictionaryClass()
	errorClass()
	urlClass()
	blockClass()
})

// utf8Encoding is NSUTF8StringEncoding.
const utf8Encoding = 4

var selIsEqual = sync.OnceValue(func() SEL { return RegisterSelector("isEqual:") })

// Equal reports whether two objects are equal as isEqual: tells.
func Equal(a, b ID) bool {
	return a == b || a != 0 && b != 0 && Send1(a, selIsEqual(), uintptr(b))&0xff != 0
}

// raise panics as a method does that is misused beyond an error result.
func raise(o *Object, selector, reason string) {
	panic(&Exception{
		Class: o.class.name, Selector: selector, Receiver: o.ID(),
		Reason: "-[" + o.class.name + " " + selector + "]: " + reason,
	})
}

// retainAll retains each object and returns a copy of the list.
func retainAll(ids []ID) []ID {
	kept := make([]ID, len(ids))
	for i, id := range ids {
		kept[i] = Retain(id)
	}
	return kept
}

func releaseAll(ids []ID) {
	for _, id := range ids {
		Release(id)
	}
}

// idsAt reads a C array of objects.
func idsAt(word, count uintptr) []ID {
	if word == 0 || count == 0 {
		return nil
	}
	ids := make([]ID, count)
	for i := range ids {
		ids[i] = *(*ID)(Pointer(word + uintptr(i)*8))
	}
	return ids
}
