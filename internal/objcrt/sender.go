package objcrt

import "sync/atomic"

// Selector is a method name that is interned on first use. It is meant to be a
// package-level variable with only its Name set.
type Selector struct {
	Name string

	sel atomic.Uintptr
}

// SEL returns the selector's number. The first call interns the name.
func (s *Selector) SEL() SEL {
	if sel := s.sel.Load(); sel != 0 {
		return SEL(sel)
	}
	return s.intern()
}

//go:noinline
func (s *Selector) intern() SEL {
	sel := RegisterSelector(s.Name)
	s.sel.Store(uintptr(sel))
	return sel
}

// Form is what a sender takes a message's result for.
type Form uint8

// The forms of results.
const (
	FormVoid Form = iota
	FormWord
	FormBool
	FormObject
	FormFloat32
	FormFloat64
	FormStruct
	Form3x3 // no result, and the arguments are two structs of three words
)

// hook is told of each send by a [Selector] while it is set.
var hook atomic.Pointer[func(self ID, sel *Selector, form Form, words int)]

// SetHook sets a func that is called before each send of VoidN and WordN, with
// what the sender takes the message for; nil removes it. It is for tests.
func SetHook(f func(self ID, sel *Selector, form Form, words int)) {
	if f == nil {
		hook.Store(nil)
	} else {
		hook.Store(&f)
	}
}

// The senders package msgsend is made of. Their words must be as many as the
// method takes: missing ones are 0.

// Void0 sends a message without arguments and ignores the result.
func Void0(self ID, sel *Selector) {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, FormVoid, 0)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.V0 != nil {
			m.V0(o)
			return
		}
	}
	sendSlow(self, s, 0, 0, 0, 0, 0, 0)
}

// Void1 sends a message with one argument word and ignores the result.
func Void1(self ID, sel *Selector, a uintptr) {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, FormVoid, 1)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.V1 != nil {
			m.V1(o, a)
			return
		}
	}
	sendSlow(self, s, a, 0, 0, 0, 0, 0)
}

// Void2 sends a message with two argument words and ignores the result.
func Void2(self ID, sel *Selector, a, b uintptr) {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, FormVoid, 2)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.V2 != nil {
			m.V2(o, a, b)
			return
		}
	}
	sendSlow(self, s, a, b, 0, 0, 0, 0)
}

// Void3 sends a message with three argument words and ignores the result.
func Void3(self ID, sel *Selector, a, b, c uintptr) {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, FormVoid, 3)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.V3 != nil {
			m.V3(o, a, b, c)
			return
		}
	}
	sendSlow(self, s, a, b, c, 0, 0, 0)
}

// Void4 sends a message with four argument words and ignores the result.
func Void4(self ID, sel *Selector, a, b, c, d uintptr) {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, FormVoid, 4)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.V4 != nil {
			m.V4(o, a, b, c, d)
			return
		}
	}
	sendSlow(self, s, a, b, c, d, 0, 0)
}

// Void5 sends a message with five argument words and ignores the result.
func Void5(self ID, sel *Selector, a, b, c, d, e uintptr) {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, FormVoid, 5)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.V5 != nil {
			m.V5(o, a, b, c, d, e)
			return
		}
	}
	sendSlow(self, s, a, b, c, d, e, 0)
}

// Void6 sends a message with six argument words and ignores the result.
func Void6(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, FormVoid, 6)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.V6 != nil {
			m.V6(o, a, b, c, d, e, f)
			return
		}
	}
	sendSlow(self, s, a, b, c, d, e, f)
}

// Void3x3 is Void6 for a message whose arguments are two structs of three
// words each.
func Void3x3(self ID, sel *Selector, a, b, c, d, e, f uintptr) {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, Form3x3, 6)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.V6 != nil {
			m.V6(o, a, b, c, d, e, f)
			return
		}
	}
	sendSlow(self, s, a, b, c, d, e, f)
}

// Word0 sends a message without arguments and returns the result word.
func Word0(self ID, sel *Selector, form Form) uintptr {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, form, 0)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.F0 != nil {
			return m.F0(o)
		}
	}
	return sendSlow(self, s, 0, 0, 0, 0, 0, 0)
}

// Word1 sends a message with one argument word and returns the result word.
func Word1(self ID, sel *Selector, form Form, a uintptr) uintptr {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, form, 1)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.F1 != nil {
			return m.F1(o, a)
		}
	}
	return sendSlow(self, s, a, 0, 0, 0, 0, 0)
}

// Word2 sends a message with two argument words and returns the result word.
func Word2(self ID, sel *Selector, form Form, a, b uintptr) uintptr {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, form, 2)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.F2 != nil {
			return m.F2(o, a, b)
		}
	}
	return sendSlow(self, s, a, b, 0, 0, 0, 0)
}

// Word3 sends a message with three argument words and returns the result word.
func Word3(self ID, sel *Selector, form Form, a, b, c uintptr) uintptr {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, form, 3)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.F3 != nil {
			return m.F3(o, a, b, c)
		}
	}
	return sendSlow(self, s, a, b, c, 0, 0, 0)
}

// Word4 sends a message with four argument words and returns the result word.
func Word4(self ID, sel *Selector, form Form, a, b, c, d uintptr) uintptr {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, form, 4)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.F4 != nil {
			return m.F4(o, a, b, c, d)
		}
	}
	return sendSlow(self, s, a, b, c, d, 0, 0)
}

// Word5 sends a message with five argument words and returns the result word.
func Word5(self ID, sel *Selector, form Form, a, b, c, d, e uintptr) uintptr {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, form, 5)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.F5 != nil {
			return m.F5(o, a, b, c, d, e)
		}
	}
	return sendSlow(self, s, a, b, c, d, e, 0)
}

// Word6 sends a message with six argument words and returns the result word.
func Word6(self ID, sel *Selector, form Form, a, b, c, d, e, f uintptr) uintptr {
	if h := hook.Load(); h != nil {
		(*h)(self, sel, form, 6)
	}
	s := sel.SEL()
	if o := lookup(self); o != nil {
		if m := methodOf(self, s); m != nil && m.F6 != nil {
			return m.F6(o, a, b, c, d, e, f)
		}
	}
	return sendSlow(self, s, a, b, c, d, e, f)
}
