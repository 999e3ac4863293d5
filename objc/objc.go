package objc

import "github.com/aruminium-go/aruminium/internal/msgsend"

// ID is an Objective-C object, 0 for nil. It is a reference without an owner:
// who owns it is told by the function it came from.
type ID = msgsend.ID

// SEL is an interned selector.
type SEL = msgsend.SEL

// Class is a class; ID(c) is the class as an object, which class methods are
// sent to.
type Class = msgsend.Class

// Selector is a method name that is looked up once: a package-level variable
// with only its Name set. Its SEL method takes no lock.
type Selector = msgsend.Selector

// Signature is the shape of a message, compiled once from its Objective-C type
// encoding: a package-level variable with only its Encoding set.
type Signature = msgsend.Signature

// Frame is the general form of a message: arguments of any type, any result.
type Frame = msgsend.Frame

// Native reports whether messages reach a native Objective-C runtime, and not
// the embedded one.
const Native = msgsend.Native

// GetClass returns the class of a name, 0 when there is none.
func GetClass(name string) Class { return msgsend.LookupClass(name) }

// ClassOf returns the class of an object, 0 for nil.
func ClassOf(id ID) Class { return msgsend.ObjectClass(id) }

// ClassName returns the name of a class, "" for 0.
func ClassName(c Class) string { return msgsend.ClassName(c) }

// GetSelector returns the selector of a name. For one that is sent more than
// once a [Selector] variable is cheaper.
func GetSelector(name string) SEL { return msgsend.RegisterSelector(name) }

// SelectorName returns the name of a selector, "" for 0.
func SelectorName(sel SEL) string { return msgsend.SelectorName(sel) }

// RespondsTo reports whether an object has a method for a selector. Nil has none.
func RespondsTo(id ID, sel SEL) bool { return msgsend.RespondsTo(id, sel) }

// Retain adds a reference to an object, the caller's, and returns the object.
func Retain(id ID) ID { return msgsend.Retain(id) }

// Release gives a reference back. Releasing the last one destroys the object.
func Release(id ID) { msgsend.Release(id) }

// Autorelease hands the caller's reference to the innermost [AutoreleasePool]
// of the calling goroutine, which gives it back at its end, and returns the
// object. Outside every pool the reference is never given back.
func Autorelease(id ID) ID { return msgsend.Autorelease(id) }

// AutoreleasePool runs f with an autorelease pool that is emptied when f has
// returned or panicked. On a native runtime the goroutine stays on its thread
// meanwhile, since pools belong to threads. Pools nest.
func AutoreleasePool(f func()) { msgsend.Pool(f) }
