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
// # How a message crosses
//
// Natively a sender writes down what the callee is to find and calls
// runtime.cgocall, as cgo does, with a C function that is written in assembly:
// it runs on the system stack, other goroutines go on meanwhile, and the callee
// may call back into Go. There is no cgo and no reflection in it; purego opens
// libraries and stands in for cgo's runtime support where cgo is off.
//
// Most messages are words in registers. For them a local struct of six or eight
// words is all there is: the assembly (post, ask, post3x3) loads the argument
// registers from it and goes to the method. A result is stored back into the struct,
// found again by its distance from the top of the goroutine's stack, which a
// callback may have made grow and move. cgo's stubs do the same.
//
// Everything else is a record: registers, an image of the stack arguments, room
// for an indirect result, out parameters, patches, in words whose layout package
// abi computes from the type encoding for System V amd64, the AAPCS64 and
// Apple's arm64. Encoding a call is a copy of the signature's template and a
// store a word. The assembly copies the image to the C stack, loads all
// registers, calls, and stores all result registers. Structs that arm64 passes by
// reference are copies on the C stack, so nothing points at a goroutine's stack.
// An object result is retained, and a pool pushed and popped around it, in the
// same crossing.
//
// Which function is called:
//
//   - On darwin objc_msgSend, and objc_msgSend_stret for a result in memory on
//     amd64.
//   - The GNU runtime has none: objc_msg_lookup, then the method it returns, in
//     the same crossing.
//   - For a list that is kept, the method itself: see [List].
//
// Integers are passed extended to 64 bits, for callees that trust their callers
// and for those that do not; of a result only the bytes of its type are looked
// at. Nil is not sent to, and the room of an indirect result is zeroed before
// the call.
//
// Costs, as ratios to cgo calling the method through a pointer to it, on amd64
// with the GNU runtime (make bench-msgsend): a message 1.05, one with a result
// 1.1, two MTLSize 1.0; a message of a list of a hundred 0.4 when recorded and run,
// 0.07 when replayed, where a loop in C that cgo enters takes 0.06.
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
