package msl

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Kernel is what a library tells of one kernel before it is specialised.
type Kernel struct {
	Name string // what the library calls it
	// Args are the arguments that are bound from outside, in source order:
	// inputs such as thread_position_in_grid are not among them. Access is as
	// declared; see [Code] for what the kernel really does.
	Args []Arg
	// Function is what the source calls the kernel, with its template arguments,
	// and Params are all its parameters, in source order.
	Function string
	Params   []Param
	// MaxThreads is that of [[max_total_threads_per_threadgroup(n)]], or 0.
	MaxThreads int
	// Constants are the function constants the kernel uses, by index.
	Constants []Constant
}

// Param is a parameter of a kernel's function.
type Param struct {
	Name    string
	Builtin string // the attribute of an input such as thread_position_in_grid, or ""
	Arg     int    // index of what is bound in Kernel.Args, or -1
}

// ArgKind tells what an argument is bound to. The kinds have index spaces of
// their own.
type ArgKind uint8

const (
	ArgBuffer ArgKind = iota
	ArgThreadgroup
	ArgTexture
	ArgSampler
)

// String returns "buffer", "threadgroup", "texture" or "sampler".
func (k ArgKind) String() string {
	switch k {
	case ArgBuffer:
		return "buffer"
	case ArgThreadgroup:
		return "threadgroup"
	case ArgTexture:
		return "texture"
	case ArgSampler:
		return "sampler"
	}
	return "argument"
}

// Access is how a kernel may touch an argument.
type Access uint8

const (
	AccessRead      Access = 1
	AccessWrite     Access = 2
	AccessReadWrite Access = 3
)

// String returns "read", "write", "readwrite" or "none".
func (a Access) String() string {
	switch a {
	case AccessRead:
		return "read"
	case AccessWrite:
		return "write"
	case AccessReadWrite:
		return "readwrite"
	}
	return "none"
}

// Arg is an argument of a kernel.
type Arg struct {
	Name  string
	Kind  ArgKind
	Index int
	// Type is what the argument points to, and TypeName its spelling in the
	// source's terms.
	Type     types.Type
	TypeName string
	Space    types.Space // Device, Constant or Threadgroup
	// Pointer is set for T *x, which may be indexed; it is not for T &x, which
	// is one T.
	Pointer bool
	Access  Access
	// Texture is the type of a texture, or of the elements of an array of
	// textures; ArrayLen is the length of an array of textures or samplers,
	// else 0. An array takes as many indices as it is long.
	Texture  *types.Texture
	ArrayLen int
	Size     int64 // of what it points to, in bytes
	Align    int64
	// Used is whether the specialised kernel may touch the argument at all; in
	// a [Kernel] it is always set.
	Used bool
}

// Constant is a function constant.
type Constant struct {
	Index int
	Name  string
	Type  types.Type
	// Required is whether the kernel cannot be specialised without a value:
	// it is not when each use is behind is_function_constant_defined.
	Required bool
}

// Constants are values for function constants. A constant is looked for by
// its index first, then by its name. Values that the kernel does not use are
// ignored.
type Constants struct {
	ByIndex map[int]Value
	ByName  map[string]Value
}

// Value is the value of a function constant: a scalar or vector of the type,
// as it lies in memory (a vector of three may come with or without its
// padding).
type Value struct {
	Type types.Type
	Data []byte
}

// Code is a kernel specialised and lowered.
type Code struct {
	Name string
	// Func is optimised, verified and free of mathematical operations that
	// need expansion: it is ready for an engine.
	Func *ir.Func
	// Args are those of the Kernel, without the ones that a function constant
	// leaves out, with Access and Used as found in the code.
	Args       []Arg
	MaxThreads int
	// StaticThreadgroupMemory is the threadgroup memory that the kernel
	// declares, in bytes.
	StaticThreadgroupMemory int64
	// ThreadMemory is the private memory of one thread, in bytes.
	ThreadMemory int64
}
