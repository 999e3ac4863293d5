package ir

// Type is the type of a value. Integers have no sign: operations do.
type Type uint8

const (
	Void Type = iota
	Bool      // one bit; one byte (0 or 1) in memory
	I8
	I16
	I32
	I64
	F16  // IEEE 754 binary16
	BF16 // the upper half of a binary32
	F32  // IEEE 754 binary32
	Ref  // names a Mem; the base of a pointer
	numTypes
)

var typeNames = [numTypes]string{"void", "bool", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "ref"}

func (t Type) String() string {
	if t < numTypes {
		return typeNames[t]
	}
	return "type(?)"
}

// Size returns the number of bytes a value of type t takes in memory.
// A Ref cannot be stored; its size is 0.
func (t Type) Size() int {
	switch t {
	case Bool, I8:
		return 1
	case I16, F16, BF16:
		return 2
	case I32, F32:
		return 4
	case I64:
		return 8
	}
	return 0
}

// Bits returns the width of t: 1 for Bool, 8*Size otherwise.
func (t Type) Bits() int {
	if t == Bool {
		return 1
	}
	return 8 * t.Size()
}

// IsInt reports whether t is I8, I16, I32 or I64.
func (t Type) IsInt() bool { return t >= I8 && t <= I64 }

// IsFloat reports whether t is F16, BF16 or F32.
func (t Type) IsFloat() bool { return t >= F16 && t <= F32 }

// Int returns the integer type as wide as t, which has a size.
func (t Type) Int() Type {
	switch t.Size() {
	case 1:
		return I8
	case 2:
		return I16
	case 4:
		return I32
	}
	return I64
}

// Space is the address space of a memory access.
type Space uint8

const (
	Device      Space = iota // read and write, shared by all threads
	Constant                 // read only, shared by all threads
	Threadgroup              // shared by the threads of one threadgroup
	Thread                   // private to one thread
	numSpaces
)

var spaceNames = [numSpaces]string{"device", "constant", "threadgroup", "thread"}

func (s Space) String() string {
	if s < numSpaces {
		return spaceNames[s]
	}
	return "space(?)"
}

// Builtin is an input that the launch gives to every thread; all are I32.
type Builtin uint8

const (
	ThreadPositionInGridX Builtin = iota
	ThreadPositionInGridY
	ThreadPositionInGridZ
	ThreadPositionInThreadgroupX
	ThreadPositionInThreadgroupY
	ThreadPositionInThreadgroupZ
	ThreadgroupPositionInGridX
	ThreadgroupPositionInGridY
	ThreadgroupPositionInGridZ
	ThreadsPerThreadgroupX // the actual size: smaller at the edge of a grid
	ThreadsPerThreadgroupY
	ThreadsPerThreadgroupZ
	DispatchThreadsPerThreadgroupX // the size asked for
	DispatchThreadsPerThreadgroupY
	DispatchThreadsPerThreadgroupZ
	ThreadsPerGridX
	ThreadsPerGridY
	ThreadsPerGridZ
	ThreadgroupsPerGridX
	ThreadgroupsPerGridY
	ThreadgroupsPerGridZ
	ThreadIndexInThreadgroup
	ThreadIndexInSimdgroup
	SimdgroupIndexInThreadgroup
	ThreadsPerSimdgroup
	SimdgroupsPerThreadgroup
	DispatchSimdgroupsPerThreadgroup
	ThreadIndexInQuadgroup
	QuadgroupIndexInThreadgroup
	QuadgroupsPerThreadgroup
	DispatchQuadgroupsPerThreadgroup
	numBuiltins
)

var builtinNames = [numBuiltins]string{
	"thread_position_in_grid.x", "thread_position_in_grid.y", "thread_position_in_grid.z",
	"thread_position_in_threadgroup.x", "thread_position_in_threadgroup.y", "thread_position_in_threadgroup.z",
	"threadgroup_position_in_grid.x", "threadgroup_position_in_grid.y", "threadgroup_position_in_grid.z",
	"threads_per_threadgroup.x", "threads_per_threadgroup.y", "threads_per_threadgroup.z",
	"dispatch_threads_per_threadgroup.x", "dispatch_threads_per_threadgroup.y", "dispatch_threads_per_threadgroup.z",
	"threads_per_grid.x", "threads_per_grid.y", "threads_per_grid.z",
	"threadgroups_per_grid.x", "threadgroups_per_grid.y", "threadgroups_per_grid.z",
	"thread_index_in_threadgroup", "thread_index_in_simdgroup", "simdgroup_index_in_threadgroup",
	"threads_per_simdgroup", "simdgroups_per_threadgroup", "dispatch_simdgroups_per_threadgroup",
	"thread_index_in_quadgroup", "quadgroup_index_in_threadgroup", "quadgroups_per_threadgroup",
	"dispatch_quadgroups_per_threadgroup",
}

func (b Builtin) String() string {
	if b < numBuiltins {
		return builtinNames[b]
	}
	return "builtin(?)"
}
