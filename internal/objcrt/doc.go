// Package objcrt is an Objective-C runtime written in Go: classes, selectors,
// objects, retain counts, autorelease pools and the few Foundation classes
// that Metal's signatures need. It is what messages reach where there is no
// native runtime.
//
// # Objects
//
// An [ID] is a handle, never a Go pointer: it holds an index, a generation
// and the class. A handle whose object has been released is never valid
// again, and a message to it panics with an [*Exception] that names class and
// selector, as a message that no method answers does. A message to nil (0) does
// nothing and returns zero.
//
// An object carries one Go value, given to [Class.New] and read with
// [Object.Value] or [As]. The value is dropped when the last reference is
// released, after the class's Dealloc hook has run.
//
// # Methods
//
// A class is declared with [Define] as a table of methods, each a selector, an
// Objective-C type encoding and a Go func. Arguments are words: an integer,
// bool, pointer or object takes one; a float32 is the low half of a word, a
// float64 its bits; a struct by value is its memory image in ceil(size/8)
// words. A func has one of two forms:
//
//   - the register form, for at most six argument words and at most one result
//     word: func(self *Object, a, b uintptr) uintptr, with one uintptr per word, or the same
//     without a result for a void method;
//   - the frame form, for anything: func(self *Object, f *Frame).
//
// # Ownership
//
// One rule: a method that returns an object returns it owned. Whatever its
// name, the reference it returns belongs to the caller, so a getter returns
// Retain(x). The same holds for objects stored through an out parameter (see
// [StoreOut]). Arguments are borrowed: a method that keeps one retains it.
// Nothing is autoreleased on the way, so senders need no pool.
//
// # Concurrency
//
// Everything may be called from any goroutine. Sends take no lock; retain and
// release are one atomic each; creating and destroying objects uses sharded
// lock-free free lists. Retain counts do not protect a caller from itself: an
// object must not be released while another goroutine that holds no reference
// of its own still uses it.
package objcrt
