// Package objc is the Objective-C floor under package mtl: objects, classes,
// selectors, autorelease pools, blocks, and the Foundation values Metal speaks
// in, as Go values both ways.
//
// On a Mac messages reach Apple's runtime; elsewhere they reach an
// Objective-C runtime written in Go, in which Metal's protocols are a CPU
// device. The code above does not differ.
//
// # Ownership
//
// One rule, everywhere in this module: every object a function or method
// returns is owned by the caller, who gives it back with [Release] when done.
// Objects passed as arguments are borrowed: the callee retains what it keeps.
// Nothing is left in an autorelease pool behind the caller's back, so no pool is
// needed for messages sent through this module. [AutoreleasePool] is for
// Objective-C code reached in other ways, and for [Autorelease].
//
// The functions that turn an object into a Go value ([String], [Strings],
// [Bytes], [ErrorOf], …) copy what they need and leave the reference alone.
//
// # Nil
//
// The zero [ID] is nil. A message to nil returns zero; Release(0) does nothing;
// the Go values of nil are zero values.
//
// # Messages the mirror lacks
//
// A message is sent by a package-level selector variable:
//
//	var selLabel = objc.Selector{Name: "label"}
//
//	id := objc.SendObject(buffer, &selLabel)
//	defer objc.Release(id)
//	name := objc.String(id)
//
// [Send], [SendWord], [SendBool] and [SendObject] take arguments that are one
// word each: integers, pointers, objects. A [Frame] takes anything, floats and
// structs by value included. An object must be received with SendObject, which
// knows who owns it. A selector the receiver does not have is not an error but
// a crash (native) or a panic (embedded): ask [RespondsTo] first.
//
// # Classes, protocols and blocks in Go
//
// [RegisterClass] makes a class whose methods are Go funcs, and [NewObject] an
// object of it that carries a Go value. Super calls, protocols, struct
// arguments and results, NSError ** and what the class inherits work as in
// Objective-C:
//
//	counter, err := objc.RegisterClass(objc.ClassDef{
//		Name: "Counter",
//		Methods: []objc.Method{{Selector: "add:", Encoding: "q@:q", Func: func(c *objc.Call) {
//			n := c.Value().(*atomic.Int64).Add(int64(c.Word(0)))
//			c.ReturnWord(uintptr(n))
//		}}},
//	})
//
// [NewBlock] and [BlockType] make blocks of Go funcs; a BlockType calls those
// of C. Methods and blocks cost a call from C into Go (about 0.1 µs), no
// memory, and there is no limit to their number.
//
// # Pools and threads
//
// Goroutines are not bound to threads, and messages need no pool. Only inside
// [AutoreleasePool] does a goroutine stay on its thread, on a native runtime.
//
// # Concurrency
//
// Everything here may be used from any goroutine. Whether an object's own
// methods may is its class's business.
package objc
