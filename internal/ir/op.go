package ir

// Op is an operation. [Op.Info] describes each.
type Op uint8

const (
	OpInvalid Op = iota

	// Inputs.
	OpConst   // Imm: the value's bits, zero-extended; of a Ref 0, the Ref of no memory
	OpBuiltin // Imm: the Builtin
	OpMem     // Imm: index into Func.Mems; the result is a Ref
	OpTexture // Imm: index into Func.Textures; the result is an I64 that names it, 0 if it is not bound
	OpSampler // Imm: index into Func.Samplers; the same
	OpVarGet  // Imm: index into Func.Vars
	OpVarSet  // Imm: index into Func.Vars; (value)

	// Choice and conversion. The source type is that of the argument.
	OpSelect  // (cond Bool, a, b): a where cond is true, else b
	OpTrunc   // integer to a narrower integer
	OpZExt    // integer or Bool to a wider integer, zero-extended
	OpSExt    // integer or Bool to a wider integer, sign-extended
	OpFToS    // float to signed integer, toward zero, saturating, NaN to 0
	OpFToU    // float to unsigned integer, toward zero, saturating, NaN to 0
	OpSToF    // signed integer to float, to nearest even
	OpUToF    // unsigned integer to float, to nearest even
	OpFConv   // float to another float type, to nearest even
	OpBitcast // same size, other type

	// Integers, two's complement, wrapping. Logic also works on Bool.
	OpAdd
	OpSub
	OpMul
	OpUDiv // x/0 is all ones
	OpSDiv // x/0 is -1; the smallest integer / -1 is itself
	OpURem // x%0 is x
	OpSRem // x%0 is x; the smallest integer % -1 is 0; the sign is the dividend's
	OpAnd
	OpOr
	OpXor
	OpNot
	OpNeg
	OpShl // shift counts are taken modulo the width
	OpLShr
	OpAShr
	OpUMin
	OpUMax
	OpSMin
	OpSMax
	OpUMulHi // the upper half of the double-width product
	OpSMulHi
	OpClz    // leading zeros; the width for 0
	OpCtz    // trailing zeros; the width for 0
	OpPopcnt // bits set
	OpBitRev // bits in reverse order

	// Comparisons; the result is Bool. The argument's type tells the width.
	OpEq // integers, Bool
	OpNe
	OpULt
	OpULe
	OpSLt
	OpSLe
	OpFEq // floats; false if an argument is NaN
	OpFNe // true if an argument is NaN
	OpFLt
	OpFLe

	// Floats, IEEE 754, each result rounded once to the type, to nearest even.
	OpFAdd // Imm of these three: Contract, or 0
	OpFSub
	OpFMul
	OpFDiv
	OpFNeg
	OpFAbs
	OpFCopysign // (magnitude, sign)
	OpFMin      // the other argument if one is NaN; -0 is less than +0
	OpFMax
	OpFFloor
	OpFCeil
	OpFTrunc
	OpFRint  // to nearest, ties to even
	OpFRound // to nearest, ties away from zero
	OpFSqrt
	OpFFma // (a, b, c): a*b+c rounded once
	OpFRem // the remainder of x/y truncated, exact: C's fmod

	// Mathematical functions on F32. Package expand replaces them by the
	// operations above, so that every engine gives the same bits. Imm 1
	// allows the fast form.
	OpExp
	OpExp2
	OpExp10
	OpLog
	OpLog2
	OpLog10
	OpSin
	OpCos
	OpTan
	OpAsin
	OpAcos
	OpAtan
	OpAtan2 // (y, x)
	OpSinh
	OpCosh
	OpTanh
	OpAsinh
	OpAcosh
	OpAtanh
	OpSinPi
	OpCosPi
	OpTanPi
	OpPow  // (x, y)
	OpPowr // (x, y), x >= 0
	OpRsqrt

	// Memory. A pointer is (Ref, I64 byte offset); Imm is added to the offset.
	// Accesses need no alignment. A load outside the Mem is a fault and gives
	// 0; a store outside it is a fault and is dropped.
	OpLoad          // (ref, offset); Imm2: Volatile, or 0
	OpStore         // (ref, offset, value); Imm2: the same
	OpAtomicLoad    // (ref, offset)
	OpAtomicStore   // (ref, offset, value)
	OpAtomicRMW     // (ref, offset, value): the old value; Imm2: the AtomicOp
	OpAtomicCAS     // (ref, offset, expected, desired): the old value
	OpAddr          // (ref, offset): the I64 device address
	OpResolveRef    // (address): the Ref that holds it, a null Ref if none does
	OpResolveOffset // (address): the offset in that Ref

	// Threads together. Imm for group operations: see [GroupImm].
	OpBarrier     // Imm: 0 threadgroup, 1 SIMD group
	OpFence       // orders memory of this thread; no waiting
	OpShuffle     // (value, lane I32): the value of that lane of the group, 0 if inactive
	OpGroupReduce // (value): over the active lanes
	OpGroupScan   // (value): over the active lanes before this one
	OpBallot      // (Bool): I64, bit i for active lane i of the SIMD group

	// OpMatLoad and OpMatStore access a matrix of eight by eight that lies across
	// the SIMD group, each lane holding two elements: see [MatrixElement]. The
	// element in a row and column is at offset + Imm + row*stride + column*size,
	// or, if Imm2 is Transposed, with row and column exchanged. All active lanes
	// access their first elements, in order, and then their second ones, where the
	// operands of the first of them say. The results of a load are two Outs.
	OpMatLoad  // (ref, offset, stride I64)
	OpMatStore // (ref, offset, stride I64, first, second)

	// OpMatMulAdd is a*b+c of matrices of eight by eight that lie across the
	// SIMD group. The operands are (a0, a1, b0, b1, c0, c1), the results two Outs of the type
	// of c. Each is c with the products added from the first to the last, each
	// sum rounded once to F32, and then rounded to the type. Elements of
	// inactive lanes are 0.
	OpMatMulAdd

	// OpPrintf says message Imm of Func.Messages. The operands, any number of
	// them, fill its format: I32, I64 or F32, as each conversion takes them; of
	// a %s an I32 that counts the message's Strings.
	OpPrintf

	// Textures. The operands are as TexMode, in Imm, says; the texture is an
	// I64 that names one, from OpTexture or from memory. What is read where
	// there is no texel is 0, what is written there is dropped. Results are
	// Outs, all of the instruction's type. To write is to be seen by other
	// threads after a fence.
	OpTexQuery  // (texture, level I32): the I32 that Imm, a TexQuery, asks for; 0 of no texture
	OpTexRead   // four channels
	OpTexWrite  // four channels
	OpTexSample // four channels
	OpTexGather // channel Component of the four texels that a linear sample would mix
	OpTexLoad   // the atomic operations, on the first channel: I32, or I64 for the first two
	OpTexStore
	OpTexRMW // Imm2: the AtomicOp
	OpTexCAS // the old value

	// Control flow; see the package comment.
	OpIf       // (cond)
	OpLoop     // (initial values of the body's parameters…)
	OpBlock    // ()
	OpYield    // (results…)
	OpBreak    // Imm: depth; (results…)
	OpContinue // Imm: depth; (next values of the parameters…)

	numOps
)

// Contract is the Imm of an OpFMul whose result may go unrounded into an OpFAdd
// or OpFSub that has it too. Package opt decides; an engine ignores it.
const Contract = 1

// Volatile is the Imm2 of an OpLoad or OpStore that is to be done as often as the
// source says, where it says.
const Volatile = 1

// Transposed is the Imm2 of an OpMatLoad or OpMatStore of a matrix whose columns
// are rows in memory.
const Transposed = 1

// AtomicOp is the operation of an OpAtomicRMW.
type AtomicOp uint8

const (
	AtomicXchg AtomicOp = iota
	AtomicAdd           // also floats
	AtomicSub           // also floats
	AtomicAnd
	AtomicOr
	AtomicXor
	AtomicUMin
	AtomicUMax
	AtomicSMin
	AtomicSMax
	AtomicFMin
	AtomicFMax
	numAtomicOps
)

var atomicNames = [numAtomicOps]string{"xchg", "add", "sub", "and", "or", "xor", "umin", "umax", "smin", "smax", "fmin", "fmax"}

func (a AtomicOp) String() string {
	if a < numAtomicOps {
		return atomicNames[a]
	}
	return "atomic(?)"
}

// GroupOp is the operation of an OpGroupReduce or OpGroupScan; the order in
// which it is done is that of [GroupReduce] and [GroupScan].
type GroupOp uint8

const (
	GroupAdd GroupOp = iota
	GroupMul
	GroupAnd
	GroupOr
	GroupXor
	GroupUMin
	GroupUMax
	GroupSMin
	GroupSMax
	GroupFMin
	GroupFMax
	numGroupOps
)

var groupNames = [numGroupOps]string{"add", "mul", "and", "or", "xor", "umin", "umax", "smin", "smax", "fmin", "fmax"}

func (g GroupOp) String() string {
	if g < numGroupOps {
		return groupNames[g]
	}
	return "group(?)"
}

// GroupImm packs what a group operation needs into its Imm: the operation, the
// width of the group (32 for a SIMD group, 4 for a quad group) and, for a
// scan, whether it includes the lane's own value. OpShuffle and OpBallot use
// only the width.
func GroupImm(op GroupOp, width int, inclusive bool) int64 {
	imm := int64(op) | int64(width)<<8
	if inclusive {
		imm |= 1 << 16
	}
	return imm
}

// UnpackGroup is the inverse of GroupImm.
func UnpackGroup(imm int64) (op GroupOp, width int, inclusive bool) {
	return GroupOp(imm & 0xff), int(imm >> 8 & 0xff), imm>>16&1 != 0
}

// Class groups operations by what may be done with them.
type Class uint8

const (
	Pure    Class = iota // same arguments, same result; may move, merge or vanish
	Input                // pure, without arguments
	Math                 // pure; gone after package expand
	Read                 // reads memory: vanishes if unused, must not cross writes
	Effect               // must stay where it is
	Control              // holds regions
	Term                 // ends a region
)

// OpInfo describes an operation.
type OpInfo struct {
	Name  string
	NArgs int // -1: any number
	Class Class
}

// Info returns the description of op.
func (op Op) Info() OpInfo {
	if op < numOps {
		return opInfos[op]
	}
	return opInfos[OpInvalid]
}

func (op Op) String() string { return op.Info().Name }

var opInfos = [numOps]OpInfo{
	OpInvalid: {"invalid", 0, Effect},

	OpConst:   {"const", 0, Input},
	OpBuiltin: {"builtin", 0, Input},
	OpMem:     {"mem", 0, Input},
	OpTexture: {"texture", 0, Input},
	OpSampler: {"sampler", 0, Input},
	OpVarGet:  {"get", 0, Read},
	OpVarSet:  {"set", 1, Effect},

	OpSelect:  {"select", 3, Pure},
	OpTrunc:   {"trunc", 1, Pure},
	OpZExt:    {"zext", 1, Pure},
	OpSExt:    {"sext", 1, Pure},
	OpFToS:    {"ftos", 1, Pure},
	OpFToU:    {"ftou", 1, Pure},
	OpSToF:    {"stof", 1, Pure},
	OpUToF:    {"utof", 1, Pure},
	OpFConv:   {"fconv", 1, Pure},
	OpBitcast: {"bitcast", 1, Pure},

	OpAdd:    {"add", 2, Pure},
	OpSub:    {"sub", 2, Pure},
	OpMul:    {"mul", 2, Pure},
	OpUDiv:   {"udiv", 2, Pure},
	OpSDiv:   {"sdiv", 2, Pure},
	OpURem:   {"urem", 2, Pure},
	OpSRem:   {"srem", 2, Pure},
	OpAnd:    {"and", 2, Pure},
	OpOr:     {"or", 2, Pure},
	OpXor:    {"xor", 2, Pure},
	OpNot:    {"not", 1, Pure},
	OpNeg:    {"neg", 1, Pure},
	OpShl:    {"shl", 2, Pure},
	OpLShr:   {"lshr", 2, Pure},
	OpAShr:   {"ashr", 2, Pure},
	OpUMin:   {"umin", 2, Pure},
	OpUMax:   {"umax", 2, Pure},
	OpSMin:   {"smin", 2, Pure},
	OpSMax:   {"smax", 2, Pure},
	OpUMulHi: {"umulhi", 2, Pure},
	OpSMulHi: {"smulhi", 2, Pure},
	OpClz:    {"clz", 1, Pure},
	OpCtz:    {"ctz", 1, Pure},
	OpPopcnt: {"popcnt", 1, Pure},
	OpBitRev: {"bitrev", 1, Pure},

	OpEq:  {"eq", 2, Pure},
	OpNe:  {"ne", 2, Pure},
	OpULt: {"ult", 2, Pure},
	OpULe: {"ule", 2, Pure},
	OpSLt: {"slt", 2, Pure},
	OpSLe: {"sle", 2, Pure},
	OpFEq: {"feq", 2, Pure},
	OpFNe: {"fne", 2, Pure},
	OpFLt: {"flt", 2, Pure},
	OpFLe: {"fle", 2, Pure},

	OpFAdd:      {"fadd", 2, Pure},
	OpFSub:      {"fsub", 2, Pure},
	OpFMul:      {"fmul", 2, Pure},
	OpFDiv:      {"fdiv", 2, Pure},
	OpFNeg:      {"fneg", 1, Pure},
	OpFAbs:      {"fabs", 1, Pure},
	OpFCopysign: {"fcopysign", 2, Pure},
	OpFMin:      {"fmin", 2, Pure},
	OpFMax:      {"fmax", 2, Pure},
	OpFFloor:    {"ffloor", 1, Pure},
	OpFCeil:     {"fceil", 1, Pure},
	OpFTrunc:    {"ftrunc", 1, Pure},
	OpFRint:     {"frint", 1, Pure},
	OpFRound:    {"fround", 1, Pure},
	OpFSqrt:     {"fsqrt", 1, Pure},
	OpFFma:      {"ffma", 3, Pure},
	OpFRem:      {"frem", 2, Pure},

	OpExp:   {"exp", 1, Math},
	OpExp2:  {"exp2", 1, Math},
	OpExp10: {"exp10", 1, Math},
	OpLog:   {"log", 1, Math},
	OpLog2:  {"log2", 1, Math},
	OpLog10: {"log10", 1, Math},
	OpSin:   {"sin", 1, Math},
	OpCos:   {"cos", 1, Math},
	OpTan:   {"tan", 1, Math},
	OpAsin:  {"asin", 1, Math},
	OpAcos:  {"acos", 1, Math},
	OpAtan:  {"atan", 1, Math},
	OpAtan2: {"atan2", 2, Math},
	OpSinh:  {"sinh", 1, Math},
	OpCosh:  {"cosh", 1, Math},
	OpTanh:  {"tanh", 1, Math},
	OpAsinh: {"asinh", 1, Math},
	OpAcosh: {"acosh", 1, Math},
	OpAtanh: {"atanh", 1, Math},
	OpSinPi: {"sinpi", 1, Math},
	OpCosPi: {"cospi", 1, Math},
	OpTanPi: {"tanpi", 1, Math},
	OpPow:   {"pow", 2, Math},
	OpPowr:  {"powr", 2, Math},
	OpRsqrt: {"rsqrt", 1, Math},

	OpLoad:          {"load", 2, Read},
	OpStore:         {"store", 3, Effect},
	OpAtomicLoad:    {"atomic.load", 2, Effect},
	OpAtomicStore:   {"atomic.store", 3, Effect},
	OpAtomicRMW:     {"atomic.rmw", 3, Effect},
	OpAtomicCAS:     {"atomic.cas", 4, Effect},
	OpAddr:          {"addr", 2, Pure},
	OpResolveRef:    {"resolve.ref", 1, Pure},
	OpResolveOffset: {"resolve.offset", 1, Pure},

	OpBarrier:     {"barrier", 0, Effect},
	OpFence:       {"fence", 0, Effect},
	OpShuffle:     {"shuffle", 2, Effect},
	OpGroupReduce: {"group.reduce", 1, Effect},
	OpGroupScan:   {"group.scan", 1, Effect},
	OpBallot:      {"ballot", 1, Effect},
	OpMatLoad:     {"mat.load", 3, Effect},
	OpMatStore:    {"mat.store", 5, Effect},
	OpMatMulAdd:   {"matmul.add", 6, Effect},
	OpPrintf:      {"printf", -1, Effect},

	OpTexQuery:  {"tex.query", 2, Pure},
	OpTexRead:   {"tex.read", -1, Effect},
	OpTexWrite:  {"tex.write", -1, Effect},
	OpTexSample: {"tex.sample", -1, Effect},
	OpTexGather: {"tex.gather", -1, Effect},
	OpTexLoad:   {"tex.load", -1, Effect},
	OpTexStore:  {"tex.store", -1, Effect},
	OpTexRMW:    {"tex.rmw", -1, Effect},
	OpTexCAS:    {"tex.cas", -1, Effect},

	OpIf:       {"if", 1, Control},
	OpLoop:     {"loop", -1, Control},
	OpBlock:    {"block", 0, Control},
	OpYield:    {"yield", -1, Term},
	OpBreak:    {"break", -1, Term},
	OpContinue: {"continue", -1, Term},
}
