package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// Size is an extent in three dimensions.
type Size struct{ X, Y, Z uint32 }

// ISA is a set of instructions to make code of.
type ISA uint8

const (
	AVX2       ISA = iota // 8 lanes a vector, masks in vectors
	AVX512                // 16 lanes, masks in mask registers
	AVX512x256            // 8 lanes, masks in mask registers
)

func (i ISA) String() string { return [...]string{"avx2", "avx512", "avx512/256"}[i] }

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
	oneX   bool // rows: a row is one vector
	deep   bool // rows: the group has more than one plane
	wideX  bool // rows: a row is a number of chunks
	full   bool // the group is a number of chunks
	single bool // it is one chunk, or less
}

func newGeometry(isa ISA, ext Size, u int) geometry {
	v := isa.backend().lanes()
	n := int(ext.X) * int(ext.Y) * int(ext.Z)
	g := geometry{isa: isa, v: v, u: u, full: n%(u*v) == 0, single: n <= u*v}
	switch {
	case ext.Y == 1 && ext.Z == 1:
		g.form = line
	case int(ext.X)%v == 0:
		g.form = rows
		g.oneX = int(ext.X) == v
		g.deep = ext.Z > 1
		g.wideX = int(ext.X)%(u*v) == 0
	default:
		g.form = mixed
	}
	return g
}

// axis is the shape of the position in the group along an axis.
func (g *geometry) axis(d int) shape {
	each := shape{kind: linear, each: true}
	switch g.form {
	case line:
		if d == 0 {
			return lin(1, int64(g.v))
		}
		return same
	case rows:
		if d == 0 {
			switch {
			case g.oneX:
				return lin(1, 0)
			case g.wideX || g.u == 1:
				return lin(1, int64(g.v))
			}
			each.step = 1
			return each
		}
		switch {
		case d == 2 && !g.deep:
			return same
		case g.wideX || g.u == 1:
			return lin(0, 0)
		case d == 1 && g.oneX && !g.deep:
			return lin(0, 1)
		}
		return each
	}
	return vary
}

// builtin is the shape of an input.
func (g *geometry) builtin(b ir.Builtin) shape {
	switch {
	case b <= ir.ThreadPositionInGridZ:
		return g.axis(int(b - ir.ThreadPositionInGridX))
	case b <= ir.ThreadPositionInThreadgroupZ:
		return g.axis(int(b - ir.ThreadPositionInThreadgroupX))
	}
	switch b {
	case ir.ThreadIndexInThreadgroup:
		return lin(1, int64(g.v))
	case ir.ThreadIndexInSimdgroup:
		if g.u*g.v <= 32 {
			return lin(1, int64(g.v))
		}
		return shape{kind: linear, step: 1, each: true}
	case ir.SimdgroupIndexInThreadgroup:
		if g.u*g.v <= 32 {
			return lin(0, 0)
		}
		return shape{kind: linear, each: true}
	case ir.ThreadIndexInQuadgroup, ir.QuadgroupIndexInThreadgroup:
		return vary
	}
	return same
}
