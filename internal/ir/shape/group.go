package shape

import "github.com/aruminium-go/aruminium/internal/ir"

// A Group tells how the threads of a group lie in vectors, and what becomes of
// shapes there.
type Group interface {
	// Input returns the shape of an input of the launch.
	Input(b ir.Builtin) Shape

	// Most returns what an input is at most, read as an unsigned integer, in all
	// lanes of all chunks, those of the last one that have no thread included.
	Most(b ir.Builtin) uint64

	// Lanes returns how many lanes a vector has, and how many parts a chunk. Nobody
	// asks where all that is linear has a scalar for each part.
	Lanes() (vector, parts int)

	// Aligned returns a power of two that a linear builtin is a multiple of in the
	// first lane of each chunk.
	Aligned(b ir.Builtin) uint64

	// Simd returns the shape of what the threads of a SIMD group find together.
	Simd() Shape

	// Scalars reports whether an integer operation with a result of type t is
	// done on scalars, a part each, where all lanes of a part have the same.
	Scalars(op ir.Op, t ir.Type) bool
}

// MaxThreads is the largest threadgroup for which the shapes of [Runs] hold.
const MaxThreads = 1024

// Runs is a Group of which nothing is known. A vector is any run of threads with
// consecutive indices that lie in one row, with the same y and z, and in one SIMD
// group; and every part has scalars of its own.
var Runs Group = runs{}

type runs struct{}

func (runs) Input(b ir.Builtin) Shape {
	switch b {
	case ir.ThreadPositionInGridX, ir.ThreadPositionInThreadgroupX, ir.ThreadIndexInThreadgroup, ir.ThreadIndexInSimdgroup:
		return Shape{Kind: Linear, Step: 1, Each: true}
	case ir.ThreadPositionInGridY, ir.ThreadPositionInGridZ, ir.ThreadPositionInThreadgroupY, ir.ThreadPositionInThreadgroupZ, ir.SimdgroupIndexInThreadgroup:
		return Shape{Kind: Linear, Each: true}
	case ir.ThreadIndexInQuadgroup, ir.QuadgroupIndexInThreadgroup:
		return varying
	}
	return same
}

func (runs) Most(b ir.Builtin) uint64 {
	switch {
	case b == ir.ThreadIndexInSimdgroup, b == ir.SimdgroupIndexInThreadgroup:
		return 31
	case b == ir.ThreadIndexInThreadgroup, b >= ir.ThreadPositionInThreadgroupX && b <= ir.ThreadPositionInThreadgroupZ:
		return MaxThreads - 1
	}
	return 1<<32 - 1
}

func (runs) Lanes() (vector, parts int)  { return 1, 1 }
func (runs) Aligned(b ir.Builtin) uint64 { return 1 }
func (runs) Simd() Shape                 { return Shape{Kind: Linear, Each: true} }
func (runs) Scalars(ir.Op, ir.Type) bool { return true }
