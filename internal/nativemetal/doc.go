// Package nativemetal is a test fixture: Metal for the Objective-C runtime of a
// Linux machine. It registers classes there that answer Metal's selectors by
// forwarding to the CPU device of package cpumetal, so that mtl, gpu and
// dispatch run over the native side of message sends, which a Mac uses: real
// calling conventions, real retain counts and pools, real blocks.
//
//	go test -tags objcnative ./mtl ./gpu ./dispatch
//
// A test calls [Install] before anything else uses Metal; a program imports the
// package install below this one.
//
// # How it forwards
//
// Each class of the CPU device, which lives in the embedded runtime, gets a
// class of the same name in the native one, with the same methods and type
// encodings. An object of it, a face, stands for one object of the embedded
// runtime: its retain and release are the other's, and it is destroyed with it.
// A method converts its arguments by the type encoding (faces become what they
// stand for, Foundation's values are copied, blocks wrapped), sends the message
// there, and converts the result back.
package nativemetal
