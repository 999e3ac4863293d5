package msgsend

import "sync/atomic"

// Func is a C function of a framework, found by name on first use. It is meant
// to be a package-level variable:
//
//	var createDevice = msgsend.Func{Library: msgsend.Metal, Name: "MTLCreateSystemDefaultDevice", Owned: true}
type Func struct {
	Library string // path of the library or framework
	Name    string
	Owned   bool // an object it returns is the caller's (Create and Copy functions)

	addr atomic.Uintptr
}

// Paths of the frameworks.
const (
	Metal        = "/System/Library/Frameworks/Metal.framework/Metal"
	CoreGraphics = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
	Foundation   = "/System/Library/Frameworks/Foundation.framework/Foundation"
)
