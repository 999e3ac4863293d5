// Package msgsend is how one Objective-C message, or a list of them, crosses
// from Go.
//
// Two sides implement it behind one API. The native side calls the process's
// Objective-C runtime through assembly on runtime.cgocall; it is built on
// darwin, and on linux with the tag objcnative. The embedded side calls package
// objcrt; it is built everywhere else, and on darwin with the tag embedded.
//
// # Words
//
// The neutral form of a message is a receiver, a selector and a flat list of
// 64-bit argument words: an integer (extended to 64 bits by its own
// signedness), a bool (0 or 1), a pointer, object, class or selector takes one
// word; a float32 is the low half of a word; a float64 is its bits; a struct by
// value is its memory image in ceil(size/8) words. A [Signature], compiled
// once from the type encoding, tells how the words group.
//
// # Choosing a sender
//
//   - Every argument one word, up to six: [Send0] … [Send6] when there is no
//     result, [Word0] … for an integer or address, [Bool0] … for a BOOL,
//     [Object0] … for an object, [Float64] and [Float32] for a float result
//     without arguments. An NSRange may be given as its two words to methods
//     with no more than four words in all.
//   - The same with a final NSError ** argument: [ObjectErr] and [BoolErr].
//   - Two MTLSize by value: [Send3x3].
//   - Anything else: a [Frame].
//
// # Ownership
//
// Every object a sender returns is owned by the caller, who releases it,
// whatever the method's name: an autoreleased or borrowed result is retained in
// the same crossing, a result of the alloc, new, copy, mutableCopy and init
// families is owned already. The same holds for objects stored through the out
// parameters of [ObjectErr], [BoolErr] and [Frame.AddOut]. So objects must
// be received with an Object sender, never with a Word sender.
//
// # Nil and misuse
//
// A message to nil (0) returns zero and sends nothing. Sending to a released
// object or a selector the receiver does not have is misuse: the embedded side
// panics with a sentence naming class and selector, a native runtime raises
// or crashes. Check [RespondsTo] first where it is in question.
//
// # Exceptions
//
// Nothing catches an Objective-C exception. One that a method raises and does
// not catch itself finds no handler in Go's frames, nor beyond them: the runtime
// writes its name and reason to standard error and ends the process, as it does
// with any exception that nobody catches. Go's recover does not see it. So what
// would raise has to be checked before it is sent.
//
// # Pointers
//
// A word that is the address of Go memory must be of memory that does not move
// and stays alive during the send: take it with [Addr] (which moves the
// variable to the heap) and follow the send with runtime.KeepAlive, or pin it.
//
// No sender allocates, except for the cell of an out parameter.
//
// # The other direction
//
// [DefineClass] makes a class whose methods are Go funcs, [NewBlock] and
// [BlockType] make blocks of Go funcs. Each gets a [Call] with the argument
// words in the form above, and hands over the object it returns, whatever the
// method's name. On the native side all are reached through the same few
// assembly entries, from any thread: see entry_native.go. A call allocates
// nothing.
package msgsend
