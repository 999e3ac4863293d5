// Package objctype is the vocabulary both sides of a message share: the words
// that name objects, selectors and classes, and Objective-C type encodings.
//
// It imports nothing of the project, so that the embedded runtime, the ABI
// tables and the senders can all speak it.
package objctype

// ID names an Objective-C object. On a native runtime it is the object's
// address, in the embedded runtime a handle; either way it is one opaque word
// and 0 is nil.
type ID uintptr

// SEL names a selector: an interned method name. 0 is no selector.
type SEL uintptr

// Class names a class. A class is an object too: ID(c) can receive messages.
type Class uintptr

// WordSize is the size of one argument word in bytes.
const WordSize = 8
