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
	if self == 0 {
		return
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.V0 != nil {
		m.V0(o)
	} else {
		m.Call(o, 0, 0, 0, 0, 0, 0)
	}
}

// Send1 sends a message with one argument word and ignores the result, which must not be an object.
func Send1(self ID, sel *Selector, a uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 1)
	}
	if self == 0 {
		return
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.V1 != nil {
		m.V1(o, a)
	} else {
		m.Call(o, a, 0, 0, 0, 0, 0)
	}
}

// Send2 sends a message with two argument words and ignores the result, which must not be an object.
func Send2(self ID, sel *Selector, a, b uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 2)
	}
	if self == 0 {
		return
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.V2 != nil {
		m.V2(o, a, b)
	} else {
		m.Call(o, a, b, 0, 0, 0, 0)
	}
}

// Send3 sends a message with three argument words and ignores the result, which must not be an object.
func Send3(self ID, sel *Selector, a, b, c uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 3)
	}
	if self == 0 {
		return
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.V3 != nil {
		m.V3(o, a, b, c)
	} else {
		m.Call(o, a, b, c, 0, 0, 0)
	}
}

// Send4 sends a message with four argument words and ignores the result, which must not be an object.
func Send4(self ID, sel *Selector, a, b, c, d uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 4)
	}
	if self == 0 {
		return
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.V4 != nil {
		m.V4(o, a, b, c, d)
	} else {
		m.Call(o, a, b, c, d, 0, 0)
	}
}

// Send5 sends a message with five argument words and ignores the result, which must not be an object.
func Send5(self ID, sel *Selector, a, b, c, d, e uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 5)
	}
	if self == 0 {
		return
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.V5 != nil {
		m.V5(o, a, b, c, d, e)
	} else {
		m.Call(o, a, b, c, d, e, 0)
	}
}

// Send6 sends a message with six argument words and ignores the result, which must not be an object.
func Send6(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	if checking.Load() {
		checkWords(self, sel, formVoid, 6)
	}
	if self == 0 {
		return
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.V6 != nil {
		m.V6(o, a, b, c, d, e, f)
	} else {
		m.Call(o, a, b, c, d, e, f)
	}
}

// Word0 sends a message with no argument words and returns its integer or address result.
func Word0(self ID, sel *Selector) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 0)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F0 != nil {
		return m.F0(o)
	}
	return m.Call(o, 0, 0, 0, 0, 0, 0)
}

// Word1 sends a message with one argument word and returns its integer or address result.
func Word1(self ID, sel *Selector, a uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 1)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F1 != nil {
		return m.F1(o, a)
	}
	return m.Call(o, a, 0, 0, 0, 0, 0)
}

// Word2 sends a message with two argument words and returns its integer or address result.
func Word2(self ID, sel *Selector, a, b uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 2)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F2 != nil {
		return m.F2(o, a, b)
	}
	return m.Call(o, a, b, 0, 0, 0, 0)
}

// Word3 sends a message with three argument words and returns its integer or address result.
func Word3(self ID, sel *Selector, a, b, c uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 3)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F3 != nil {
		return m.F3(o, a, b, c)
	}
	return m.Call(o, a, b, c, 0, 0, 0)
}

// Word4 sends a message with four argument words and returns its integer or address result.
func Word4(self ID, sel *Selector, a, b, c, d uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 4)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F4 != nil {
		return m.F4(o, a, b, c, d)
	}
	return m.Call(o, a, b, c, d, 0, 0)
}

// Word5 sends a message with five argument words and returns its integer or address result.
func Word5(self ID, sel *Selector, a, b, c, d, e uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 5)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F5 != nil {
		return m.F5(o, a, b, c, d, e)
	}
	return m.Call(o, a, b, c, d, e, 0)
}

// Word6 sends a message with six argument words and returns its integer or address result.
func Word6(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formWord, 6)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F6 != nil {
		return m.F6(o, a, b, c, d, e, f)
	}
	return m.Call(o, a, b, c, d, e, f)
}

// bool0 sends a message with no argument words and returns the word of its BOOL result.
func bool0(self ID, sel *Selector) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 0)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F0 != nil {
		return m.F0(o)
	}
	return m.Call(o, 0, 0, 0, 0, 0, 0)
}

// bool1 sends a message with one argument word and returns the word of its BOOL result.
func bool1(self ID, sel *Selector, a uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 1)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F1 != nil {
		return m.F1(o, a)
	}
	return m.Call(o, a, 0, 0, 0, 0, 0)
}

// bool2 sends a message with two argument words and returns the word of its BOOL result.
func bool2(self ID, sel *Selector, a, b uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 2)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F2 != nil {
		return m.F2(o, a, b)
	}
	return m.Call(o, a, b, 0, 0, 0, 0)
}

// bool3 sends a message with three argument words and returns the word of its BOOL result.
func bool3(self ID, sel *Selector, a, b, c uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 3)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F3 != nil {
		return m.F3(o, a, b, c)
	}
	return m.Call(o, a, b, c, 0, 0, 0)
}

// bool4 sends a message with four argument words and returns the word of its BOOL result.
func bool4(self ID, sel *Selector, a, b, c, d uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 4)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F4 != nil {
		return m.F4(o, a, b, c, d)
	}
	return m.Call(o, a, b, c, d, 0, 0)
}

// bool5 sends a message with five argument words and returns the word of its BOOL result.
func bool5(self ID, sel *Selector, a, b, c, d, e uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 5)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F5 != nil {
		return m.F5(o, a, b, c, d, e)
	}
	return m.Call(o, a, b, c, d, e, 0)
}

// bool6 sends a message with six argument words and returns the word of its BOOL result.
func bool6(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	if checking.Load() {
		checkWords(self, sel, formBool, 6)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F6 != nil {
		return m.F6(o, a, b, c, d, e, f)
	}
	return m.Call(o, a, b, c, d, e, f)
}

// Object0 sends a message with no argument words and returns its object result, which is the caller's.
func Object0(self ID, sel *Selector) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 0)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F0 != nil {
		return ID(m.F0(o))
	}
	return ID(m.Call(o, 0, 0, 0, 0, 0, 0))
}

// Object1 sends a message with one argument word and returns its object result, which is the caller's.
func Object1(self ID, sel *Selector, a uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 1)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F1 != nil {
		return ID(m.F1(o, a))
	}
	return ID(m.Call(o, a, 0, 0, 0, 0, 0))
}

// Object2 sends a message with two argument words and returns its object result, which is the caller's.
func Object2(self ID, sel *Selector, a, b uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 2)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F2 != nil {
		return ID(m.F2(o, a, b))
	}
	return ID(m.Call(o, a, b, 0, 0, 0, 0))
}

// Object3 sends a message with three argument words and returns its object result, which is the caller's.
func Object3(self ID, sel *Selector, a, b, c uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 3)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F3 != nil {
		return ID(m.F3(o, a, b, c))
	}
	return ID(m.Call(o, a, b, c, 0, 0, 0))
}

// Object4 sends a message with four argument words and returns its object result, which is the caller's.
func Object4(self ID, sel *Selector, a, b, c, d uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 4)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F4 != nil {
		return ID(m.F4(o, a, b, c, d))
	}
	return ID(m.Call(o, a, b, c, d, 0, 0))
}

// Object5 sends a message with five argument words and returns its object result, which is the caller's.
func Object5(self ID, sel *Selector, a, b, c, d, e uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 5)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F5 != nil {
		return ID(m.F5(o, a, b, c, d, e))
	}
	return ID(m.Call(o, a, b, c, d, e, 0))
}

// Object6 sends a message with six argument words and returns its object result, which is the caller's.
func Object6(self ID, sel *Selector, a, b, c, d, e, f uintptr) ID {
	if checking.Load() {
		checkWords(self, sel, formObject, 6)
	}
	if self == 0 {
		return 0
	}
	o, m := objcrt.Find(self, sel.SEL())
	if m.F6 != nil {
		return ID(m.F6(o, a, b, c, d, e, f))
	}
	return ID(m.Call(o, a, b, c, d, e, f))
}
