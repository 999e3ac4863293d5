//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

// The fixed-arity senders.

// Send0 sends a message with no argument words and ignores the result, which must not be an object.
func Send0(self ID, sel *Selector) {
	post(self, sel, 0, 0, 0, 0)
}

// Send1 sends a message with one argument word and ignores the result, which must not be an object.
func Send1(self ID, sel *Selector, a uintptr) {
	post(self, sel, a, 0, 0, 0)
}

// Send2 sends a message with two argument words and ignores the result, which must not be an object.
func Send2(self ID, sel *Selector, a, b uintptr) {
	post(self, sel, a, b, 0, 0)
}

// Send3 sends a message with three argument words and ignores the result, which must not be an object.
func Send3(self ID, sel *Selector, a, b, c uintptr) {
	post(self, sel, a, b, c, 0)
}

// Send4 sends a message with four argument words and ignores the result, which must not be an object.
func Send4(self ID, sel *Selector, a, b, c, d uintptr) {
	post(self, sel, a, b, c, d)
}

// Send5 sends a message with five argument words and ignores the result, which must not be an object.
func Send5(self ID, sel *Selector, a, b, c, d, e uintptr) {
	post6(self, sel, a, b, c, d, e, 0)
}

// Send6 sends a message with six argument words and ignores the result, which must not be an object.
func Send6(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	post6(self, sel, a, b, c, d, e, f)
}

// Word0 sends a message with no argument words and returns its integer or address result.
func Word0(self ID, sel *Selector) uintptr {
	return word(self, sel, 0, 0, 0, 0, 0, 0)
}

// Word1 sends a message with one argument word and returns its integer or address result.
func Word1(self ID, sel *Selector, a uintptr) uintptr {
	return word(self, sel, a, 0, 0, 0, 0, 0)
}

// Word2 sends a message with two argument words and returns its integer or address result.
func Word2(self ID, sel *Selector, a, b uintptr) uintptr {
	return word(self, sel, a, b, 0, 0, 0, 0)
}

// Word3 sends a message with three argument words and returns its integer or address result.
func Word3(self ID, sel *Selector, a, b, c uintptr) uintptr {
	return word(self, sel, a, b, c, 0, 0, 0)
}

// Word4 sends a message with four argument words and returns its integer or address result.
func Word4(self ID, sel *Selector, a, b, c, d uintptr) uintptr {
	return word(self, sel, a, b, c, d, 0, 0)
}

// Word5 sends a message with five argument words and returns its integer or address result.
func Word5(self ID, sel *Selector, a, b, c, d, e uintptr) uintptr {
	return word(self, sel, a, b, c, d, e, 0)
}

// Word6 sends a message with six argument words and returns its integer or address result.
func Word6(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	return word(self, sel, a, b, c, d, e, f)
}

// bool0 sends a message with no argument words and returns the word of its BOOL result.
func bool0(self ID, sel *Selector) uintptr {
	return word(self, sel, 0, 0, 0, 0, 0, 0)
}

// bool1 sends a message with one argument word and returns the word of its BOOL result.
func bool1(self ID, sel *Selector, a uintptr) uintptr {
	return word(self, sel, a, 0, 0, 0, 0, 0)
}

// bool2 sends a message with two argument words and returns the word of its BOOL result.
func bool2(self ID, sel *Selector, a, b uintptr) uintptr {
	return word(self, sel, a, b, 0, 0, 0, 0)
}

// bool3 sends a message with three argument words and returns the word of its BOOL result.
func bool3(self ID, sel *Selector, a, b, c uintptr) uintptr {
	return word(self, sel, a, b, c, 0, 0, 0)
}

// bool4 sends a message with four argument words and returns the word of its BOOL result.
func bool4(self ID, sel *Selector, a, b, c, d uintptr) uintptr {
	return word(self, sel, a, b, c, d, 0, 0)
}

// bool5 sends a message with five argument words and returns the word of its BOOL result.
func bool5(self ID, sel *Selector, a, b, c, d, e uintptr) uintptr {
	return word(self, sel, a, b, c, d, e, 0)
}

// bool6 sends a message with six argument words and returns the word of its BOOL result.
func bool6(self ID, sel *Selector, a, b, c, d, e, f uintptr) uintptr {
	return word(self, sel, a, b, c, d, e, f)
}

// Object0 sends a message with no argument words and returns its object result, which is the caller's.
func Object0(self ID, sel *Selector) ID {
	return object(self, sel, 0, 0, 0, 0, 0, 0, 0)
}

// Object1 sends a message with one argument word and returns its object result, which is the caller's.
func Object1(self ID, sel *Selector, a uintptr) ID {
	return object(self, sel, 1, a, 0, 0, 0, 0, 0)
}

// Object2 sends a message with two argument words and returns its object result, which is the caller's.
func Object2(self ID, sel *Selector, a, b uintptr) ID {
	return object(self, sel, 2, a, b, 0, 0, 0, 0)
}

// Object3 sends a message with three argument words and returns its object result, which is the caller's.
func Object3(self ID, sel *Selector, a, b, c uintptr) ID {
	return object(self, sel, 3, a, b, c, 0, 0, 0)
}

// Object4 sends a message with four argument words and returns its object result, which is the caller's.
func Object4(self ID, sel *Selector, a, b, c, d uintptr) ID {
	return object(self, sel, 4, a, b, c, d, 0, 0)
}

// Object5 sends a message with five argument words and returns its object result, which is the caller's.
func Object5(self ID, sel *Selector, a, b, c, d, e uintptr) ID {
	return object(self, sel, 5, a, b, c, d, e, 0)
}

// Object6 sends a message with six argument words and returns its object result, which is the caller's.
func Object6(self ID, sel *Selector, a, b, c, d, e, f uintptr) ID {
	return object(self, sel, 6, a, b, c, d, e, f)
}
