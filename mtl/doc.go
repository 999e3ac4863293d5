// Package mtl is Metal, one to one: a Go type for each class and protocol, a method for each
// message, a constant for each case of an enum. It is generated from a description of Metal's API; each
// method names its selector, each type links to Apple's page. Metal 4's types keep their prefix:
// [MTL4CommandQueue] beside [CommandQueue]. Of QuartzCore there is what shows a drawing:
// [CAMetalLayer], [CAMetalDrawable].
//
// Package gpu is the comfortable layer above it. Use mtl for what gpu does not cover; both
// mix freely.
//
// # Objects
//
// A type is a value of one word round an Objective-C object. What Metal inherits is embedded: a Buffer
// holds a Resource, which is passed as b.Resource where a method takes one. The zero value is nil: IsNil
// tells, and a message to it does nothing and returns zero. NewX makes an X by itself, as +new and the
// initialisers do; XFromID makes an X of an object that came from elsewhere.
//
// # Ownership
//
// Every object that a method returns belongs to the caller, who calls Release when done with it: what a New
// method makes, what a getter such as CommandBuffer.CommandQueue returns, and each element of a
// slice or map (see [ReleaseAll]). Objects handed to a handler are borrowed: they are valid during the call, and
// Retain keeps one. Nothing is left behind in an autorelease pool.
//
// # Values
//
// NSString, NSNumber, NSArray, NSDictionary, NSURL and NSData are Go values. An NSURL is a string: its text if it has a
// scheme, else the path of a file. A block is a func; it may be called on any goroutine. A C array with its
// length or range is a slice. What Metal stores through a pointer is one more result. An
// NSError is an error, a *objc.Error. A method that can fail returns an error whenever
// there is no object; an error beside an object is a warning. Where Metal returns a BOOL beside an
// error there is just the error.
//
// # What is there
//
// A method that came after macOS 12 says so. The version is the first in which it was seen, so it may be
// there earlier: RespondsTo("selector:") asks the object. A class that the system lacks makes nil objects.
//
// A message that an object may lack is not sent blindly, since nothing could catch the exception. A method that
// can fail returns an [UnsupportedError], one that tells a completion handler of failures tells it of one; a method that
// is younger than its class, or optional, panics with one. The CPU device, which has a part of Metal, panics with an
// error for whatever else it lacks. All these errors wrap [ErrUnsupported].
//
// # Concurrency
//
// As in Metal: devices, queues, libraries, functions, pipelines, resources and events may be used from
// any goroutine; a command buffer and its encoders from one at a time; descriptors and options likewise.
package mtl

//go:generate go run ../internal/mtlgen
