// Mtlgen writes package mtl, the mirror of Metal, from a description of Metal's API.
//
//	mtlgen [-api DIR] [-out DIR]    write the Go files of the mirror
//	mtlgen [-api DIR] -check DIR    compare the description with tables of Metal's API
//	mtlgen [-api DIR] -list         print every Go declaration with its selector and type encoding
//
// The check prints what differs, what is left out with the reason, and how much of Metal there is. It
// fails if anything differs or is left out without a reason. A new SDK is new tables, whose check
// lists the lines to write, and these lines.
//
// # The description
//
// The description is plain text, in api/*.txt, a file for each topic. A line that begins at the margin
// declares something; indented lines belong to it; a line that begins with # is a remark.
//
//	protocol Buffer : Resource
//		doc is a block of memory without a format.
//		length                 Length() uint // In bytes.
//		addDebugMarker:range:  AddDebugMarker(marker string, r Range)
//
// A class or protocol is named as in Metal without MTL, and may name what it inherits from. Each of its
// lines is one method: the selector (+ before that of a class method) and the Go signature. After it may stand
//
//	since 14.0              the first macOS in which it was seen, if that is after 12 and after its class
//	optional                of a method that a class of the protocol may leave out
//	deprecated "use Name"   what to use instead
//	// A sentence.          more for the doc comment
//
// A topic adds methods to a class of another topic with extend; they get a file of their own:
//
//	extend Device
//		newHeapWithDescriptor: NewHeap(descriptor HeapDescriptor) Heap
//
// The other declarations:
//
//	enum StorageMode uint            options Stages uint prefix Stage
//		Shared 0                         Vertex 1
//	struct Size                      struct Range NSRange tag _NSRange
//		width Width uint                 location Location uint
//	function MTLCopyAllDevices CopyAllDevices() []Device
//	inline   MTLSizeMake MakeSize(width, height, depth uint) Size = Size{width, height, depth}
//	constant MTLDeviceErrorDomain DeviceErrorDomain
//	number   MTLResourceStorageModeShift ResourceStorageModeShift uint 4
//	omit     MTLCaptureManager init "Metal makes the only one: SharedCaptureManager"
//
// A struct's type encoding follows from its fields and its tag, "?" if it has none; "encoding" gives one
// that does not. An exported constant is an NSString, or with "int" after it an NSInteger. A C function is
// written by hand for each platform, under its Go name in lower case.
//
// # Types
//
// The types of a signature say how a value crosses, and so give both the Go type and the type encoding:
//
//	bool uint int uint64 uint32 int32 uint8 float32 float64   themselves; uint and int are NSUInteger and NSInteger
//	the name of a class, an enum or a struct                   itself
//	string, url, number, nsdata                                NSString, NSURL, NSNumber, NSData: string, string, float64, []byte in Go
//	id, iosurface, colorspace                                  an object, IOSurfaceRef, CGColorSpaceRef: objc.ID in Go
//	data, bytes                                                dispatch_data_t; const void * and a length: []byte in Go
//	cstring                                                    const char *, of functions only: string in Go
//	pointer, cpointer, *T                                      void *, const void *: unsafe.Pointer in Go; T *
//	[]T, map[string]T, map[string][]T, map[string]any          NSArray, NSDictionary
//	c[]T, w[]T with count or "first range"                     a C array that Metal reads or writes, with its length or NSRange: a slice in Go
//	c[n]T                                                      a C array of n elements, or nil: n is an expression of other parameters
//	func(T, …)                                                 a block
//	out T                                                      T *: one more result in Go
//	error, nserror                                             NSError ** and NSError *: error in Go
//	instance                                                   the class itself
//
// A method that returns a BOOL and takes an NSError ** returns an error only. A class method is a func in Go, as
// is an initialiser, which is sent to what the class has allocated: initWithRank:values: is NewTensorExtents.
//
// # Names
//
// A Go name is chosen by a person. The rules:
//
//   - MTL is dropped. MTL4, CA, CG and NS stay: MTL4CommandQueue, beside CommandQueue.
//   - A getter and a setter keep their names: Label, SetLabel. A get… of Metal's drops the get where it
//     returns something.
//   - A selector becomes its verb; what its parts say about arguments becomes the names of the
//     parameters: setBuffer:offset:atIndex: is SetBuffer(buffer, offset, index). What is copied goes from src to dst.
//   - A part is glued to the verb, with its preposition or with With, only where two methods would be called
//     the same: newLibraryWithSource:… is NewLibraryWithSource, beside NewLibraryWithURL.
//   - A device's method that makes an object of Metal 4 says so: NewMTL4CommandQueue.
//   - A draw or launch whose arguments are in a buffer ends in Indirect, one of several instances in Instanced.
//   - The form of a method that takes a completion handler ends in Async.
//   - A class method or initialiser that makes an object of its class begins with New. Where a class has one
//     without arguments, it stands for +new.
//   - objectAtIndexedSubscript: is At, setObject:atIndexedSubscript: is SetAt.
//   - Initialisms are upper case: GPUAddress for gpuAddress.
//   - A parameter is one word, that of its role: index, offset, descriptor; typ for a type, r for a range.
//   - A case of an enum is called as in Metal without MTL; its String is the case without the enum's prefix.
//
// Two declarations with one Go name, and a parameter that hides something of Go or of the body, are errors
// with the lines they stand in.
package main
