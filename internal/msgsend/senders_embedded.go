//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import "github.com/aruminium-go/aruminium/internal/objcrt"

// The fixed-arity senders. Embedded methods return objects owned, so the forms
// differ only in what the encoding check expects.

// Send0 sends a message with no argument words and ignores the result, which must not be an object.
func Send0(self ID, sel *Selector) {
	objcrt.Void0(self, sel)
}

// Send1 sends a message with one argument word and ignores the result, which must not be an object.
func Send1(self ID, sel *Selector, a uintptr) {
	objcrt.Void1(self, sel, a)
}

// Send2 sends a message with two argument words and ignores the result, which must not be an object.
func Send2(self ID, sel *Selector, a, b uintptr) {
	objcrt.Void2(self, sel, a, b)
}

// Send3 sends a message with three argument words and ignores the result, which must not be an object.
func Send3(self ID, sel *Selector, a, b, c uintptr) {
	objcrt.Void3(self, sel, a, b, c)
}

// Send4 sends a message with four argument words and ignores the result, which must not be an object.
func Send4(self ID, sel *Selector, a, b, c, d uintptr) {
	objcrt.Void4(self, sel, a, b, c, d)
}

// Send5 sends a message with five argument words and ignores the result, which must not be an object.
func Send5(self ID, sel *Selector, a, b, c, d, e uintptr) {
	objcrt.Void5(self, sel, a, b, c, d, e)
}

// Send6 sends a message with six argument words and ignores the result, which must not be an object.
func Send6(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	objcrt.Void6(self, sel, a, b, c, d, e, f)
}

// Word0 sends a message with no argument words and returns its integer or address result.
func Word0(self ID, sel *Selector) uintptr {
	return objcrt.Word0(self, sel, objcrt.FormWord)
}

// Word1 sends a message with one argument word and returns its integer or address result.
func Word1(self ID, sel *Selector, a uintptr) uintptr {
	return objcrt.Word1(self, sel, objcrt.FormWord, a)
}

// Word2 sends a message with two argument words and returns its integer or address result.
func Word2(self ID, sel *Selector, a, b uintptr) uintptr {
	return objcrt.Word2(self, sel, objcrt.FormWord, a, b)
}

// Word3 sends a message with three argument words and returns its integer or address result.
func Word3(self ID, sel *Selector, a, b, c uintptr) uintptr {
	return objcrt.Word3(self, sel, objcrt.FormWord, a, b, c)
}

// Word4 sends a message with four argument words and returns its integer or address result.
func Word4(self ID, sel *Selector, a, b, c, d uintptr) uintptr {
	return objcrt.Word4(self, sel, objcrt.FormWord, a, b, c, d)
}

// Word5 sends a message with five argument words and returns its integer or address result.
func Word5(self ID, sel *Selector, a, b, c, d, e uintptr) uintptr {
	return objcrt.Word5(self, sel, objcrt.FormWord, a, b, c, d, e)
}

// Word6 sends a message with six argument words and returns its integer or address result.
func Word6(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	return objcrt.Word6(self, sel, objcrt.FormWord, a, b, c, d, e, f)
}

// bool0 sends a message with no argument words and returns the word of its BOOL result.
func bool0(self ID, sel *Selector) uintptr {
	return objcrt.Word0(self, sel, objcrt.FormBool)
}

// bool1 sends a message with one argument word and returns the word of its BOOL result.
func bool1(self ID, sel *Selector, a uintptr) uintptr {
	return objcrt.Word1(self, sel, objcrt.FormBool, a)
}

// bool2 sends a message with two argument words and returns the word of its BOOL result.
func bool2(self ID, sel *Selector, a, b uintptr) uintptr {
	return objcrt.Word2(self, sel, objcrt.FormBool, a, b)
}

// bool3 sends a message with three argument words and returns the word of its BOOL result.
func bool3(self ID, sel *Selector, a, b, c uintptr) uintptr {
	return objcrt.Word3(self, sel, objcrt.FormBool, a, b, c)
}

// bool4 sends a message with four argument words and returns the word of its BOOL result.
func bool4(self ID, sel *Selector, a, b, c, d uintptr) uintptr {
	return objcrt.Word4(self, sel, objcrt.FormBool, a, b, c, d)
}

// bool5 sends a message with five argument words and returns the word of its BOOL result.
func bool5(self ID, sel *Selector, a, b, c, d, e uintptr) uintptr {
	return objcrt.Word5(self, sel, objcrt.FormBool, a, b, c, d, e)
}

// bool6 sends a message with six argument words and returns the word of its BOOL result.
func bool6(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	return objcrt.Word6(self, sel, objcrt.FormBool, a, b, c, d, e, f)
}

// Object0 sends a message with no argument words and returns its object result, which is the caller's.
func Object0(self ID, sel *Selector) ID {
	return ID(objcrt.Word0(self, sel, objcrt.FormObject))
}

// Object1 sends a message with one argument word and returns its object result, which is the caller's.
func Object1(self ID, sel *Selector, a uintptr) ID {
	return ID(objcrt.Word1(self, sel, objcrt.FormObject, a))
}

// Object2 sends a message with two argument words and returns its object result, which is the caller's.
func Object2(self ID, sel *Selector, a, b uintptr) ID {
	return ID(objcrt.Word2(self, sel, objcrt.FormObject, a, b))
}

// Object3 sends a message with three argument words and returns its object result, which is the caller's.
func Object3(self ID, sel *Selector, a, b, c uintptr) ID {
	return ID(objcrt.Word3(self, sel, objcrt.FormObject, a, b, c))
}

// Object4 sends a message with four argument words and returns its object result, which is the caller's.
func Object4(self ID, sel *Selector, a, b, c, d uintptr) ID {
	return ID(objcrt.Word4(self, sel, objcrt.FormObject, a, b, c, d))
}

// Object5 sends a message with five argument words and returns its object result, which is the caller's.
func Object5(self ID, sel *Selector, a, b, c, d, e uintptr) ID {
	return ID(objcrt.Word5(self, sel, objcrt.FormObject, a, b, c, d, e))
}

// Object6 sends a message with six argument words and returns its object result, which is the caller's.
func Object6(self ID, sel *Selector, a, b, c, d, e, f uintptr) ID {
	return ID(objcrt.Word6(self, sel, objcrt.FormObject, a, b, c, d, e, f))
}
