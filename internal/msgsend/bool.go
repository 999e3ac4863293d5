package msgsend

// The fixed-arity senders whose result is a BOOL: only its low byte counts.

// Bool0 sends a message with no argument words and returns its BOOL result.
func Bool0(self ID, sel *Selector) bool {
	return byte(bool0(self, sel)) != 0
}

// Bool1 sends a message with one argument word and returns its BOOL result.
func Bool1(self ID, sel *Selector, a uintptr) bool {
	return byte(bool1(self, sel, a)) != 0
}

// Bool2 sends a message with two argument words and returns its BOOL result.
func Bool2(self ID, sel *Selector, a, b uintptr) bool {
	return byte(bool2(self, sel, a, b)) != 0
}

// Bool3 sends a message with three argument words and returns its BOOL result.
func Bool3(self ID, sel *Selector, a, b, c uintptr) bool {
	return byte(bool3(self, sel, a, b, c)) != 0
}

// Bool4 sends a message with four argument words and returns its BOOL result.
func Bool4(self ID, sel *Selector, a, b, c, d uintptr) bool {
	return byte(bool4(self, sel, a, b, c, d)) != 0
}

// Bool5 sends a message with five argument words and returns its BOOL result.
func Bool5(self ID, sel *Selector, a, b, c, d, e uintptr) bool {
	return byte(bool5(self, sel, a, b, c, d, e)) != 0
}

// Bool6 sends a message with six argument words and returns its BOOL result.
func Bool6(self ID, sel *Selector, a, b, c, d, e, f uintptr) bool {
	return byte(bool6(self, sel, a, b, c, d, e, f)) != 0
}
