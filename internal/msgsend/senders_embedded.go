//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import "github.com/aruminium-go/aruminium/internal/objcrt"

// The fixed-arity senders. Embedded methods return objects owned, so the four
// forms differ only in what the encoding check expects.

// Send0 sends a message with no argument words and ignores the result, which must not be an object.
func Send0(self ID, sel *Selector) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 0)
	}
	objcrt.Send0(self, sel.SEL())
}

// Send1 sends a message with one argument word and ignores the result, which must not be an object.
func Send1(self ID, sel *Selector, a uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 1)
	}
	objcrt.Send1(self, sel.SEL(), a)
}

// Send2 sends a message with two argument words and ignores the result, which must not be an object.
func Send2(self ID, sel *Selector, a, b uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 2)
	}
	objcrt.Send2(self, sel.SEL(), a, b)
}

// Send3 sends a message with three argument words and ignores the result, which must not be an object.
func Send3(self ID, sel *Selector, a, b, c uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 3)
	}
	objcrt.Send3(self, sel.SEL(), a, b, c)
}

// Send4 sends a message with four argument words and ignores the result, which must not be an object.
func Send4(self ID, sel *Selector, a, b, c, d uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 4)
	}
	objcrt.Send4(self, sel.SEL(), a, b, c, d)
}

// Send5 sends a message with five argument words and ignores the result, which must not be an object.
func Send5(self ID, sel *Selector, a, b, c, d, e uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 5)
	}
	objcrt.Send5(self, sel.SEL(), a, b, c, d, e)
}

// Send6 sends a message with six argument words and ignores the result, which must not be an object.
func Send6(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 6)
	}
	objcrt.Send6(self, sel.SEL(), a, b, c, d, e, f)
}

// Word0 sends a message with no argument words and returns its integer or address result.
func Word0(self ID, sel *Selector) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 0)
	}
	return objcrt.Send0(self, sel.SEL())
}

// Word1 sends a message with one argument word and returns its integer or address result.
func Word1(self ID, sel *Selector, a uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 1)
	}
	return objcrt.Send1(self, sel.SEL(), a)
}

// Word2 sends a message with two argument words and returns its integer or address result.
func Word2(self ID, sel *Selector, a, b uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 2)
	}
	return objcrt.Send2(self, sel.SEL(), a, b)
}

// Word3 sends a message with three argument words and returns its integer or address result.
func Word3(self ID, sel *Selector, a, b, c uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 3)
	}
	return objcrt.Send3(self, sel.SEL(), a, b, c)
}

// Word4 sends a message with four argument words and returns its integer or address result.
func Word4(self ID, sel *Selector, a, b, c, d uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 4)
	}
	return objcrt.Send4(self, sel.SEL(), a, b, c, d)
}

// Word5 sends a message with five argument words and returns its integer or address result.
func Word5(self ID, sel *Selector, a, b, c, d, e uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 5)
	}
	return objcrt.Send5(self, sel.SEL(), a, b, c, d, e)
}

// Word6 sends a message with six argument words and returns its integer or address result.
func Word6(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 6)
	}
	return objcrt.Send6(self, sel.SEL(), a, b, c, d, e, f)
}

// bool0 sends a message with no argument words and returns the word of its BOOL result.
func bool0(self ID, sel *Selector) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 0)
	}
	return objcrt.Send0(self, sel.SEL())
}

// bool1 sends a message with one argument word and returns the word of its BOOL result.
func bool1(self ID, sel *Selector, a uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 1)
	}
	return objcrt.Send1(self, sel.SEL(), a)
}

// bool2 sends a message with two argument words and returns the word of its BOOL result.
func bool2(self ID, sel *Selector, a, b uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 2)
	}
	return objcrt.Send2(self, sel.SEL(), a, b)
}

// bool3 sends a message with three argument words and returns the word of its BOOL result.
func bool3(self ID, sel *Selector, a, b, c uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 3)
	}
	return objcrt.Send3(self, sel.SEL(), a, b, c)
}

// bool4 sends a message with four argument words and returns the word of its BOOL result.
func bool4(self ID, sel *Selector, a, b, c, d uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 4)
	}
	return objcrt.Send4(self, sel.SEL(), a, b, c, d)
}

// bool5 sends a message with five argument words and returns the word of its BOOL result.
func bool5(self ID, sel *Selector, a, b, c, d, e uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 5)
	}
	return objcrt.Send5(self, sel.SEL(), a, b, c, d, e)
}

// bool6 sends a message with six argument words and returns the word of its BOOL result.
func bool6(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 6)
	}
	return objcrt.Send6(self, sel.SEL(), a, b, c, d, e, f)
}

// Object0 sends a message with no argument words and returns its object result, which is the caller's.
func Object0(self ID, sel *Selector) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 0)
	}
	return ID(objcrt.Send0(self, sel.SEL()))
}

// Object1 sends a message with one argument word and returns its object result, which is the caller's.
func Object1(self ID, sel *Selector, a uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 1)
	}
	return ID(objcrt.Send1(self, sel.SEL(), a))
}

// Object2 sends a message with two argument words and returns its object result, which is the caller's.
func Object2(self ID, sel *Selector, a, b uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 2)
	}
	return ID(objcrt.Send2(self, sel.SEL(), a, b))
}

// Object3 sends a message with three argument words and returns its object result, which is the caller's.
func Object3(self ID, sel *Selector, a, b, c uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 3)
	}
	return ID(objcrt.Send3(self, sel.SEL(), a, b, c))
}

// Object4 sends a message with four argument words and returns its object result, which is the caller's.
func Object4(self ID, sel *Selector, a, b, c, d uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 4)
	}
	return ID(objcrt.Send4(self, sel.SEL(), a, b, c, d))
}

// Object5 sends a message with five argument words and returns its object result, which is the caller's.
func Object5(self ID, sel *Selector, a, b, c, d, e uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 5)
	}
	return ID(objcrt.Send5(self, sel.SEL(), a, b, c, d, e))
}

// Object6 sends a message with six argument words and returns its object result, which is the caller's.
func Object6(self ID, sel *Selector, a, b, c, d, e, f uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 6)
	}
	return ID(objcrt.Send6(self, sel.SEL(), a, b, c, d, e, f))
}
