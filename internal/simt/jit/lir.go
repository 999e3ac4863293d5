package jit

import "github.com/aruminium-go/aruminium/internal/ir"

// The low-level representation: a list of instructions on virtual registers,
// with labels and jumps, that knows no processor. A kernel becomes one list.
// Loops are marked, so that the allocator knows what stays alive around them.

// A vreg is a virtual register; 0 is none. A negative one is constant
// number -v of lower.consts.
type vreg int32

// class tells what kind of register a vreg needs.
type class uint8

const (
	scalar class = iota // a general register of 64 bits; narrower values are zero-extended
	vector              // lanes of 32 bits, or half as many of 64
	mask                // a bit, or a word, a lane
	numClasses
)

// vinfo tells of a vreg.
type vinfo struct {
	class class
	home  int32 // offset in the context where the value is anyway; 0 if nowhere
	first int32 // first instruction that sets it, -1 if there is none
	last  int32 // last instruction of its life
	deep  int32 // weight of its uses, by loop depth
	hint  vreg  // register it would like to share
	phys  int8  // physical register, -1 if spilled
	slot  int32 // offset in the context, if spilled
	next  vreg  // another one whose life ends where this one's does
	konst bool  // the constant bits, which need no register
	even  bool  // all lanes of 32 bits are the same
	quiet bool  // no lane is a signalling NaN
	bits  uint64
	place int32 // number in lower.operands, from 1, if it is an operand in memory

	weight float32 // of its uses, for what it would leave to others in memory, once it is known
}

// lop is an operation of the low level.
type lop uint8

const (
	lNop  lop = iota
	lDef      // d begin their lives, with any value
	lMov      // d = s, of any class
	lMovM     // d = s where mask s1

	// Scalars.
	lConst  // d = imm
	lCtx    // d = the context's word at imm
	lSetCtx // the context's word at imm = s
	lScalar // d = irop of type t of s, s1; of type from
	lLea    // d = s + imm, of type t
	lTable  // d = the context's 32-bit word at imm + 4*s

	// Vectors.
	lVec        // d = irop of s…, lane by lane; of I64 half by half
	lSplat      // d = s, a scalar, in every lane; of type t
	lRamp       // d = s + constant vector s1
	lExtract    // d = lane 0 of s; of type t
	lTableV     // d = the context's 32-bit words at imm + 4*s and after
	lSaveV      // the context's vector at imm + s*size is s1
	lLoadV      // d = the context's vector at imm + s*size
	lReciprocal // d = 1/s, a word, as a 64-bit float in every lane
	lSplat64    // the same of 64 bits
	lWiden      // d = half imm of s, extended to 64 bits by irop
	lNarrow     // d = the low 32 bits of the halves s, s1; with irop UMin, all ones where there are others
	lCmp        // d, a mask = irop of s, s1; of I64 two halves each: s, s1 and s2, s3
	lSelect     // d = s1 where mask s, else s2; of I64: half imm
	lTail       // d = the mask of lanes below s - s1 - imm
	lMaskOp     // d = irop of masks s, s1: And, Or, Xor, Not, or lAndNot in imm: s and not s1
	lMaskAll    // d = all lanes (imm 1) or none (0)
	lMaskBits   // d = the lanes whose bits are set in imm; not where masks are vectors
	lMaskOf     // d = all lanes if scalar s is not 0
	lMaskBit    // d, a scalar = whether the first lane of mask s is set
	lAny        // d |= whether mask s has a lane
	lSaveM      // the context's word at imm + s is mask s1
	lLoadM      // d = the mask in the context's word at imm + s

	// Across the lanes of a SIMD group.
	lBits    // d, a scalar = masks s… side by side
	lPermute // d = words of s by constant indices s1
	lShuffle // d = words of s1… side by side, by indices s modulo how many there are
	lNear    // d, a scalar = whether the words of s are below twice the lanes of a vector, and d1 whether they are those of s1
	lInverse // d, d1 = where each number of that many is in s, all ones if nowhere; d2 = scalar s1, unless one is there twice; imm is room for it, in which the last is kept
	lSlide   // d = words of s moved up by imm, and before them the last imm words of s1

	// Control.
	lLabel    // imm
	lJump     // to imm
	lJumpIf   // to imm if scalar s is not 0; with irop Not, if it is
	lJumpCmp  // to imm if irop of type from of s, s1
	lJumpNone // to imm if masks s… are empty
	lTiles    // empty the tiles
	lLoop     // a loop begins: imm is its number; with inout it seldom turns, with early it is hardly ever reached
	lEnd      // it ends
	lTurn     // nothing is put off beyond it: a turn of a loop ends, of those that follow each other; or threads wait
	lFuel     // pay imm; out of fuel, return and come back
	lClear    // clear threadgroup memory: wordCleared bytes from wordShared on
	lNext     // the next threadgroup: to imm if there is one
	lExit     // return for good

	// Memory.
	lLoadS     // d = scalar or splat load; x tells
	lStoreS    // store by all lanes to one place; x tells
	lAccess    // load or store of a row or of lanes; x tells
	lBundle    // accesses of words side by side in every lane: imm for each word, one a part if not one for all; wholes tell of each imm together
	lAtomic    // an atomic operation of the lanes of a part; x tells
	lAtomicAdd // add a scalar to one place
	lUpdate    // see update.go
	lMatrix    // load or store a matrix; matrix tells
	lCall      // x tells what the caller does
)

// ins is an instruction.
type ins struct {
	op     lop
	irop   ir.Op
	t      ir.Type
	from   ir.Type
	early  bool // results are written before all operands are read
	inout  bool // the old values of d matter
	andnot bool
	imm    int64
	d      []vreg
	s      []vreg // last those that places of others are made of
	x      *Site
	a      *access
	src    *ir.Instr
	more   *insMore // of few
}

// insMore is what else there is to some instructions.
type insMore struct {
	matrix  *matrixAccess
	members []*ins // of lBundle: their operands and results are those of the whole, one after the other
	wholes  []*access
	kept    *kept  // of lBundle
	tiles   *tiles // of lTiles; all are known once the kernel is lowered
}

// pure reports whether the instruction may be dropped if nobody uses d.
func (in *ins) pure() bool {
	switch in.op {
	case lMov, lConst, lCtx, lScalar, lLea, lTable, lVec, lSplat, lRamp, lExtract, lTableV, lLoadV, lSplat64, lReciprocal, lWiden, lNarrow,
		lCmp, lSelect, lTail, lMaskOp, lMaskAll, lMaskBits, lMaskOf, lBits, lPermute, lShuffle, lNear, lInverse, lSlide, lMaskBit, lLoadM:
		return true
	}
	return false
}
