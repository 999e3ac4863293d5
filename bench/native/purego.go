// Package native has what comparisons on a native Objective-C runtime share.
package native

import "github.com/ebitengine/purego"

// PuregoSend has the shape of purego's objc.Send, which is there on darwin only: a
// func with a variadic any, registered for each message. It calls the method
// itself, which objc.Send has yet to look up.
func PuregoSend[T any](fn, id, sel uintptr, args ...any) T {
	var f func(id, sel uintptr, args ...any) T
	purego.RegisterFunc(&f, fn)
	return f(id, sel, args...)
}
