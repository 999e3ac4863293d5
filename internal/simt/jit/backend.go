package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// A backend is what makes machine code for one kind of processor. Everything
// above it, from the shapes of values to the allocation of registers, knows of
// the processor only what a backend answers; see [ISA.backend].
//
// A backend must know all low-level operations but for what it says it does
// not: operations of kernels for which vectorRow, scalarRow or hasAccess report
// false are left to the caller of the code, at a [Site]. Where it finds that it
// cannot make code of a kernel after all, it panics with unsupported, and the
// interpreter runs the kernel.
//
// The code keeps the address of the context in a register, never moves the
// stack pointer, and changes no register that its caller, package exec, wants
// kept.
type backend interface {
	// lanes is how many lanes of 32 bits a vector has: a power of two, at most
	// 16. Values of 64 bits take two vectors.
	lanes() int

	// wideMasks reports whether a mask is a vector, with all bits of a lane set
	// or none, rather than a word with a bit a lane. It is so in registers, in
	// cells and in arrays.
	wideMasks() bool

	// files tells the allocator of the registers it may give out, and which
	// file each class is in.
	files() (files []file, of [numClasses]int)

	// scalarRow reports whether there is code for lScalar with op on an integer
	// type or Bool; inPlace whether it may write the result where an operand is.
	scalarRow(op ir.Op, t ir.Type) bool
	inPlace(op ir.Op, t ir.Type) bool

	// vectorRow reports whether there is code for op on vectors, which lower
	// makes of lVec and the other vector operations; inStep whether its lVec
	// reads all operands before it writes the result. The rows that lower makes
	// others of (see narrow.go) must be there.
	vectorRow(op ir.Op, t, from ir.Type) bool
	inStep(op ir.Op, t ir.Type) bool

	// hasReciprocals reports whether there is code for lReciprocal, and for lVec
	// with OpUDiv and OpURem of words and such a third operand.
	hasReciprocals() bool

	// hasSplits reports whether there is code for accesses toSplit, lNear and
	// lInverse.
	hasSplits() bool

	// takesPlace reports whether operand i of an instruction may be in memory: a
	// row of lanes of 32 bits, or one value for all lanes.
	takesPlace(in *ins, i int, one bool) bool

	// hasAccess reports whether there is code for an access, with some lanes
	// masked off or all active.
	hasAccess(a *access, masked bool) bool

	// scalesAny reports whether lAtomic takes indices of any scale, not only
	// those that operands in memory can scale.
	scalesAny() bool

	// hasUpdates reports whether there is code for lUpdate.
	hasUpdates() bool

	// hasOwnLanes reports whether there is code for accesses to words of thread memory at
	// indices that differ.
	hasOwnLanes() bool

	// hasBundle reports whether there is code for lBundle, of n words for each
	// lane at an access like a.
	hasBundle(a *access, n int, masked bool) bool

	// hasTiles reports whether there is code for loads with tiles, and lTiles.
	hasTiles() bool

	// skipsChecks reports whether accesses that are known to be inside of their memory
	// do without a check, so that parts of one can be accesses of their own.
	skipsChecks() bool

	// slidesRows reports whether a row is made of two others in less time than loaded.
	slidesRows() bool

	// hasMatrices reports whether there is code for lMatrix.
	hasMatrices() bool

	// assemble makes the code of l. It returns the offsets of the way in and of
	// the way back in, after the code has returned at a site.
	assemble(l *lower) (code []byte, start, resume int, err error)
}

// backend returns what makes code of these instructions.
func (i ISA) backend() backend {
	if i == NEON {
		return arm64{}
	}
	return amd64{i}
}

// What backends share.

// falls reports whether nothing but labels is between instruction i and a
// label.
func (l *lower) falls(i int, label int64) bool {
	for _, in := range l.code[i+1:] {
		switch in.op {
		case lLabel:
			if in.imm == label {
				return true
			}
		case lNop, lDef, lEnd, lTurn:
		default:
			return false
		}
	}
	return false
}

// scaleOf is how many bytes of a value a lane has in registers.
func scaleOf(t ir.Type) uint8 {
	if t == ir.I64 {
		return 8
	}
	return 4
}

// bitsOf is the width of the operations on scalars of a type.
func bitsOf(t ir.Type) int {
	if t == ir.I64 {
		return 64
	}
	return 32
}
