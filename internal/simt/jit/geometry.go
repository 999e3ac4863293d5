package jit

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Size is an extent in three dimensions.
type Size struct{ X, Y, Z uint32 }

// ISA is a set of instructions to make code of.
type ISA uint8

const (
	AVX2       ISA = iota // 8 lanes a vector, masks in vectors
	AVX512                // 16 lanes, masks in mask registers
	AVX512x256            // 8 lanes, masks in mask registers
	NEON                  // of arm64: 4 lanes, masks in vectors
)

func (i ISA) String() string { return [...]string{"avx2", "avx512", "avx512/256", "neon"}[i] }

// form is how the threads of a group lie in vectors.
type form uint8

const (
	line  form = iota // one row
	rows              // every vector is part of one row
	mixed             // a vector may have threads of several rows
)

// geometry is what code depends on of the group it runs for.
type geometry struct {
	isa    ISA
	form   form
	v, u   int  // lanes of a vector, vectors of a chunk
	width  int  // rows: vectors of a row
	height int  // rows of a plane
	depth  int  // planes of the group
	full   bool // the group is a number of chunks
	single bool // it is one chunk, or less

	threads int // of the group
	ext     Size
}

func newGeometry(isa ISA, ext Size, u int) geometry {
	v := isa.backend().lanes()
	n := int(ext.X) * int(ext.Y) * int(ext.Z)
	g := geometry{isa: isa, v: v, u: u, height: int(ext.Y), depth: int(ext.Z), full: n%(u*v) == 0, single: n <= u*v, threads: n, ext: ext}
	switch {
	case ext.Y == 1 && ext.Z == 1:
		g.form = line
	case int(ext.X)%v == 0:
		g.form = rows
		g.width = int(ext.X) / v
	default:
		g.form = mixed
	}
	return g
}

// linear is the shape of what grows by step from lane to lane, and of which
// part p has of(p) more than the first.
func (g *geometry) linear(step int64, of func(p int) int) shape.Shape {
	s := shape.Shape{Kind: shape.Linear, Step: step}
	for p := range g.u {
		s.Part[p] = int32(of(p))
	}
	return s
}

// axis is the shape of the position in the group along an axis.
func (g *geometry) axis(d int) shape.Shape {
	switch {
	case g.form == line && d == 0:
		return g.linear(1, func(p int) int { return p * g.v })
	case g.form == line, d == 2 && g.depth == 1:
		return shape.Shape{Kind: shape.Uniform}
	case g.form == mixed:
		return shape.Shape{Kind: shape.Varying}
	}
	step := int64(0)
	if d == 0 {
		step = 1
	}
	each := shape.Shape{Kind: shape.Linear, Step: step, Each: true}
	if g.width%g.u == 0 { // a chunk is part of a row
		return g.linear(step, func(p int) int { return p * g.v * int(step) })
	}
	if g.u%g.width != 0 {
		return each
	}
	if d == 0 {
		return g.linear(1, func(p int) int { return p % g.width * g.v })
	}
	switch n := g.u / g.width; { // rows of a chunk
	case g.depth == 1:
		return g.linear(0, func(p int) int { return p / g.width })
	case g.height%n == 0: // a chunk is part of a plane
		return g.linear(0, func(p int) int { return p / g.width * (2 - d) })
	case n%g.height == 0:
		return g.linear(0, func(p int) int {
			row := p / g.width
			if d == 1 {
				return row % g.height
			}
			return row / g.height
		})
	}
	return each
}

// The geometry is the shape.Group of the analysis.

// Input is the shape of an input.
func (g *geometry) Input(b ir.Builtin) shape.Shape {
	switch {
	case b <= ir.ThreadPositionInGridZ:
		return g.axis(int(b - ir.ThreadPositionInGridX))
	case b <= ir.ThreadPositionInThreadgroupZ:
		return g.axis(int(b - ir.ThreadPositionInThreadgroupX))
	}
	switch b {
	case ir.ThreadIndexInThreadgroup:
		return g.linear(1, func(p int) int { return p * g.v })
	case ir.ThreadIndexInSimdgroup: // a chunk is a part of a SIMD group or a number of them
		return g.linear(1, func(p int) int { return p * g.v % 32 })
	case ir.SimdgroupIndexInThreadgroup:
		return g.linear(0, func(p int) int { return p * g.v / 32 })
	case ir.ThreadIndexInQuadgroup, ir.QuadgroupIndexInThreadgroup:
		return shape.Shape{Kind: shape.Varying}
	}
	return shape.Shape{Kind: shape.Uniform}
}

// Most returns what a builtin is at most, in chunks that may reach beyond the
// group.
func (g *geometry) Most(b ir.Builtin) uint64 {
	chunk := g.u * g.v
	threads := (g.threads + chunk - 1) / chunk * chunk
	x, y, z := g.threads, 1, 1
	switch {
	case g.form == line:
		x = threads
	case g.form == mixed || !g.full && g.depth > 1:
		return 1<<32 - 1
	default:
		x = g.width * g.v
		y, z = g.height, g.depth
		if !g.full {
			y = (threads + x - 1) / x
		}
	}
	n := 1 << 32
	switch b {
	case ir.ThreadPositionInThreadgroupX:
		n = x
	case ir.ThreadPositionInThreadgroupY:
		n = y
	case ir.ThreadPositionInThreadgroupZ:
		n = z
	case ir.ThreadIndexInThreadgroup:
		n = threads
	case ir.ThreadIndexInSimdgroup:
		n = 32
	case ir.SimdgroupIndexInThreadgroup:
		n = (threads + 31) / 32
	case ir.ThreadIndexInQuadgroup:
		n = 4
	case ir.QuadgroupIndexInThreadgroup:
		n = (threads + 3) / 4
	}
	return uint64(n) - 1
}

// Lanes returns the lanes of a vector and the vectors of a chunk.
func (g *geometry) Lanes() (vector, parts int) { return g.v, g.u }

// Aligned returns what a builtin is a multiple of in the first lane of each chunk.
func (g *geometry) Aligned(b ir.Builtin) uint64 {
	const always0 = 1 << 32
	chunk := uint64(g.u * g.v)
	switch b {
	case ir.ThreadPositionInThreadgroupX:
		if g.form == line || g.width%g.u == 0 {
			return chunk
		}
		if g.u%g.width == 0 {
			return always0
		}
	case ir.ThreadPositionInThreadgroupY:
		if g.form == rows && g.u%g.width == 0 && (g.depth == 1 || g.height%(g.u/g.width) == 0) {
			return uint64(g.u / g.width)
		}
	case ir.ThreadIndexInThreadgroup:
		return chunk
	case ir.ThreadIndexInSimdgroup:
		if chunk%ir.SimdLanes == 0 {
			return always0
		}
		return chunk
	case ir.SimdgroupIndexInThreadgroup:
		return max(1, chunk/ir.SimdLanes)
	}
	return 1
}

// Simd is the shape of what a SIMD group finds together: the same in a chunk that
// is one.
func (g *geometry) Simd() shape.Shape {
	if g.oneGroup() {
		return shape.Shape{Kind: shape.Linear}
	}
	return shape.Shape{Kind: shape.Varying}
}

// Scalars reports whether there is code for op on scalars.
func (g *geometry) Scalars(op ir.Op, t ir.Type) bool { return g.isa.backend().scalarRow(op, t) }
