package opt

import (
	"math"
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// rewrite makes in a simpler operation where it can, or returns a value to use
// instead. Every rule holds for all values; floats are touched only where no bit
// of a result changes.
func (d *folder) rewrite(in *ir.Instr) ir.Value {
	d.constantLast(in)
	args := in.Args
	x := d.defs[args[0]]
	switch in.Op {
	case ir.OpNot, ir.OpNeg, ir.OpFNeg:
		if x != nil && x.Op == in.Op {
			return x.Args[0]
		}
		if in.Op == ir.OpNot && in.Type == ir.Bool && x != nil {
			d.negate(in, x)
		}
	case ir.OpAdd:
		return d.sum(in, x)
	case ir.OpSub:
		if args[0] == args[1] {
			return d.newConst(in.Type, 0)
		}
		if c, ok := d.constant(args[1]); ok {
			in.Op = ir.OpAdd
			in.Args = []ir.Value{args[0], d.newConst(in.Type, -c&ir.Mask(in.Type))}
			return d.sum(in, x)
		}
	case ir.OpXor:
		if args[0] == args[1] {
			return d.newConst(in.Type, 0)
		}
	case ir.OpEq, ir.OpULe, ir.OpSLe:
		if args[0] == args[1] {
			return d.newConst(ir.Bool, 1)
		}
		return d.truths(in, x)
	case ir.OpNe, ir.OpULt, ir.OpSLt:
		if args[0] == args[1] {
			return d.newConst(ir.Bool, 0)
		}
		return d.truths(in, x)
	case ir.OpMul, ir.OpUDiv, ir.OpURem:
		return d.power(in)
	case ir.OpShl:
		d.product(in, x)
		d.distribute(in)
	case ir.OpZExt, ir.OpSExt, ir.OpTrunc:
		return d.convert(in, x)
	case ir.OpSToF, ir.OpUToF:
		d.piece(in, x)
	case ir.OpBitcast:
		if x != nil && x.Op == ir.OpBitcast {
			if from := x.Args[0]; d.f.TypeOf(from) == in.Type {
				return from
			}
		}
	case ir.OpFAbs:
		if x != nil && (x.Op == ir.OpFNeg || x.Op == ir.OpFAbs) {
			in.Args = []ir.Value{x.Args[0]}
		}
	case ir.OpFSub:
		if c, ok := d.constant(args[1]); ok && c == 0 {
			return args[0]
		}
		// x - (-y) and -x + y change no bit of a number; NaNs are NaNs.
		if y := d.defs[args[1]]; y != nil && y.Op == ir.OpFNeg {
			in.Op = ir.OpFAdd
			in.Args = []ir.Value{args[0], y.Args[0]}
		}
	case ir.OpFAdd:
		if c, ok := d.constant(args[1]); ok && c == 1<<(in.Type.Bits()-1) {
			return args[0] // minus zero
		}
		if y := d.defs[args[1]]; y != nil && y.Op == ir.OpFNeg {
			in.Op = ir.OpFSub
			in.Args = []ir.Value{args[0], y.Args[0]}
		} else if x != nil && x.Op == ir.OpFNeg {
			in.Op = ir.OpFSub
			in.Args = []ir.Value{args[1], x.Args[0]}
		}
	case ir.OpLShr, ir.OpAnd:
		d.simd(in)
	case ir.OpFMul, ir.OpFDiv:
		if c, ok := d.constant(args[1]); ok {
			switch one := ir.Narrow(in.Type, 1); c {
			case one:
				return args[0]
			case one | 1<<(in.Type.Bits()-1):
				in.Op, in.Imm = ir.OpFNeg, 0
				in.Args = args[:1:1]
			default:
				if r, ok := reciprocal(in.Type, c); ok && in.Op == ir.OpFDiv {
					in.Op = ir.OpFMul
					in.Args = []ir.Value{args[0], d.newConst(in.Type, r)}
				}
			}
		}
	case ir.OpSelect:
		return d.choice(in, x)
	}
	return ir.NoValue
}

// constantLast puts the constant of a commutative operation last.
func (d *folder) constantLast(in *ir.Instr) {
	switch in.Op {
	case ir.OpAdd, ir.OpMul, ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax, ir.OpUMulHi, ir.OpSMulHi,
		ir.OpEq, ir.OpNe, ir.OpFEq, ir.OpFNe, ir.OpFAdd, ir.OpFMul:
		_, first := d.constant(in.Args[0])
		_, second := d.constant(in.Args[1])
		if first && !second {
			in.Args = []ir.Value{in.Args[1], in.Args[0]}
		}
	}
}

// negate makes not of a comparison the opposite comparison. Those of floats have
// none but for equality.
func (d *folder) negate(in, x *ir.Instr) {
	if len(x.Args) != 2 {
		return
	}
	a, b := x.Args[0], x.Args[1]
	switch x.Op {
	case ir.OpEq:
		in.Op, in.Args = ir.OpNe, []ir.Value{a, b}
	case ir.OpNe:
		in.Op, in.Args = ir.OpEq, []ir.Value{a, b}
	case ir.OpFEq:
		in.Op, in.Args = ir.OpFNe, []ir.Value{a, b}
	case ir.OpFNe:
		in.Op, in.Args = ir.OpFEq, []ir.Value{a, b}
	case ir.OpULt:
		in.Op, in.Args = ir.OpULe, []ir.Value{b, a}
	case ir.OpULe:
		in.Op, in.Args = ir.OpULt, []ir.Value{b, a}
	case ir.OpSLt:
		in.Op, in.Args = ir.OpSLe, []ir.Value{b, a}
	case ir.OpSLe:
		in.Op, in.Args = ir.OpSLt, []ir.Value{b, a}
	}
}

// sum makes (x + c1) + c2 into x + (c1 + c2), of integers.
func (d *folder) sum(in, x *ir.Instr) ir.Value {
	c2, ok := d.constant(in.Args[1])
	if !ok {
		d.outward(in)
		return ir.NoValue
	}
	if x != nil && x.Op == ir.OpAdd {
		if c1, ok := d.constant(x.Args[1]); ok {
			c2 = (c1 + c2) & ir.Mask(in.Type)
			in.Args = []ir.Value{x.Args[0], d.newConst(in.Type, c2)}
		}
	}
	if c2 == 0 {
		return in.Args[0]
	}
	return ir.NoValue
}

// product makes (x << c1) << c2 into x << (c1 + c2).
func (d *folder) product(in, x *ir.Instr) {
	c2, ok := d.constant(in.Args[1])
	if !ok || x == nil || x.Op != ir.OpShl {
		return
	}
	c1, ok := d.constant(x.Args[1])
	if bits := uint64(in.Type.Bits()); ok && c1%bits+c2%bits < bits {
		in.Args = []ir.Value{x.Args[0], d.newConst(in.Type, c1%bits+c2%bits)}
	}
}

// power makes unsigned divisions by powers of two shifts and masks, and joins
// products with constants.
func (d *folder) power(in *ir.Instr) ir.Value {
	c, ok := d.constant(in.Args[1])
	if !ok {
		return ir.NoValue
	}
	if in.Op == ir.OpMul {
		if x := d.defs[in.Args[0]]; x != nil && x.Op == ir.OpMul {
			if k, ok := d.constant(x.Args[1]); ok {
				in.Args = []ir.Value{x.Args[0], d.newConst(in.Type, c*k&ir.Mask(in.Type))}
			}
		}
		d.distribute(in)
		return ir.NoValue
	}
	if c == 0 || c&(c-1) != 0 {
		return ir.NoValue
	}
	if in.Op == ir.OpURem {
		in.Op = ir.OpAnd
		in.Args = []ir.Value{in.Args[0], d.newConst(in.Type, c-1)}
		d.simd(in)
		return ir.NoValue
	}
	shift := uint64(0)
	for c>>shift > 1 {
		shift++
	}
	in.Op = ir.OpLShr
	in.Args = []ir.Value{in.Args[0], d.newConst(in.Type, shift)}
	d.simd(in)
	return ir.NoValue
}

// simd names a thread's place in its SIMD group, computed from its index, as what
// it is.
func (d *folder) simd(in *ir.Instr) {
	x := d.defs[in.Args[0]]
	if x == nil || x.Op != ir.OpBuiltin || ir.Builtin(x.Imm) != ir.ThreadIndexInThreadgroup {
		return
	}
	switch c, ok := d.constant(in.Args[1]); {
	case !ok:
	case in.Op == ir.OpLShr && c == 5:
		in.Op, in.Imm, in.Args = ir.OpBuiltin, int64(ir.SimdgroupIndexInThreadgroup), nil
	case in.Op == ir.OpAnd && c == 31:
		in.Op, in.Imm, in.Args = ir.OpBuiltin, int64(ir.ThreadIndexInSimdgroup), nil
	}
}

// reciprocal returns 1/c if a product with it is rounded as a quotient by c is:
// both are powers of two and normal numbers.
func reciprocal(t ir.Type, c uint64) (uint64, bool) {
	x := float64(ir.Widen(t, c))
	if frac, _ := math.Frexp(x); frac != 0.5 && frac != -0.5 {
		return 0, false
	}
	r := 1 / x
	smallest := 0x1p-126
	if t == ir.F16 {
		smallest = 0x1p-14
	}
	near := ir.Narrow(t, float32(r))
	if math.Abs(x) < smallest || math.Abs(r) < smallest || float64(ir.Widen(t, near)) != r {
		return 0, false
	}
	return near, true
}

// Constants in the sums that offsets are made of go outward, and end up in the
// displacements of accesses. So neighbours in memory share an offset.

// outward makes (x + c) + y of 64 bits (x + y) + c.
func (d *folder) outward(in *ir.Instr) {
	if in.Type != ir.I64 {
		return
	}
	for i, v := range in.Args {
		x := d.defs[v]
		if x == nil || x.Op != ir.OpAdd {
			continue
		}
		if _, ok := d.constant(x.Args[1]); ok {
			c := x.Args[1]
			in.Args = []ir.Value{d.emit(ir.OpAdd, in.Type, in.Pos, x.Args[0], in.Args[1-i]), c}
			return
		}
	}
}

// distribute makes (x + c) * k and (x + c) << k of 64 bits a sum of x*k, or x<<k,
// and a constant.
func (d *folder) distribute(in *ir.Instr) {
	x := d.defs[in.Args[0]]
	if in.Type != ir.I64 || x == nil || x.Op != ir.OpAdd {
		return
	}
	c, ok := d.constant(x.Args[1])
	k, constant := d.constant(in.Args[1])
	if !ok || !constant {
		return
	}
	y := d.emit(in.Op, in.Type, in.Pos, x.Args[0], in.Args[1])
	c, _ = ir.Eval(in.Op, in.Type, in.Type, c, k, 0)
	in.Op, in.Args = ir.OpAdd, []ir.Value{y, d.newConst(in.Type, c)}
}

// widen makes the extension of x + c the extension of x, plus c, if the sum
// cannot wrap: where x is a multiple of a power of two above c.
func (d *folder) widen(in, x *ir.Instr) {
	c, ok := d.constant(x.Args[1])
	if zeros := d.zeros(x.Args[0], 6); !ok || c>>zeros != 0 || zeros >= x.Type.Bits() {
		return
	}
	y := d.emit(in.Op, in.Type, in.Pos, x.Args[0])
	in.Op, in.Args = ir.OpAdd, []ir.Value{y, d.newConst(in.Type, c)}
}

// zeros returns how many of the last bits of v are known to be zero.
func (d *folder) zeros(v ir.Value, depth int) int {
	in := d.defs[v]
	if in == nil || depth == 0 {
		return 0
	}
	arg := func(i int) int { return d.zeros(in.Args[i], depth-1) }
	n := 0
	switch in.Op {
	case ir.OpConst:
		n = bits.TrailingZeros64(uint64(in.Imm))
	case ir.OpMul:
		n = arg(0) + arg(1)
	case ir.OpShl:
		if c, ok := d.constant(in.Args[1]); ok {
			n = arg(0) + int(c)%in.Type.Bits()
		}
	case ir.OpAdd, ir.OpSub, ir.OpOr:
		n = min(arg(0), arg(1))
	case ir.OpAnd:
		n = max(arg(0), arg(1))
	case ir.OpZExt, ir.OpSExt:
		n = arg(0)
	}
	return min(n, in.Type.Bits())
}

// convert joins conversions of integers. What is extended to 64 bits has 32 before, even
// if it began with fewer: such are the indices that engines know in addresses.
func (d *folder) convert(in, x *ir.Instr) ir.Value {
	narrow := func(v ir.Value) bool { t := d.f.TypeOf(v); return t == ir.I8 || t == ir.I16 }
	if in.Type == ir.I64 && narrow(in.Args[0]) {
		in.Args = []ir.Value{d.emit(in.Op, ir.I32, in.Pos, in.Args[0])}
		return ir.NoValue
	}
	if x != nil && x.Op == ir.OpAdd && in.Op != ir.OpTrunc {
		d.widen(in, x)
		return ir.NoValue
	}
	if x == nil || x.Op != ir.OpZExt && x.Op != ir.OpSExt && x.Op != ir.OpTrunc {
		return ir.NoValue
	}
	if v := d.piece(in, x); v != ir.NoValue {
		return v
	}
	from := x.Args[0]
	t := d.f.TypeOf(from)
	switch {
	case in.Op == ir.OpTrunc && x.Op == ir.OpTrunc:
		in.Args = []ir.Value{from}
	case in.Op == ir.OpTrunc: // of an extension: down to where it began, or part of the way
		switch {
		case t == in.Type:
			return from
		case t.Bits() < in.Type.Bits():
			in.Op, in.Args = x.Op, []ir.Value{from}
		case t != ir.Bool:
			in.Args = []ir.Value{from}
		}
	case x.Op == in.Op, x.Op == ir.OpZExt && in.Op == ir.OpSExt:
		if in.Op = x.Op; in.Type != ir.I64 || !narrow(from) {
			in.Args = []ir.Value{from}
		}
	}
	return ir.NoValue
}

// piece takes bytes and half-words that are extended or converted out of the words that
// they are pieces of (see Join) by shifts alone, which are to their sign in two steps
// rather than four. It returns what an extension is to be replaced by.
func (d *folder) piece(in, x *ir.Instr) ir.Value {
	if x == nil || x.Op != ir.OpTrunc || d.f.TypeOf(x.Args[0]) != ir.I32 || x.Type != ir.I8 && x.Type != ir.I16 || in.Type != ir.I32 && in.Type != ir.F32 {
		return ir.NoValue
	}
	word, above := x.Args[0], uint64(32-x.Type.Bits()) // bits of the word above the piece
	if y := d.defs[word]; y != nil && (y.Op == ir.OpLShr || y.Op == ir.OpAShr) {
		if c, ok := d.constant(y.Args[1]); ok && c <= above {
			word, above = y.Args[0], above-c
		}
	}
	shift := func(op ir.Op, v ir.Value, n uint64) ir.Value {
		if n == 0 {
			return v
		}
		return d.emit(op, ir.I32, in.Pos, v, d.newConst(ir.I32, n))
	}
	down, n := ir.OpAShr, uint64(32-x.Type.Bits())
	if in.Op == ir.OpUToF || in.Op == ir.OpZExt {
		if above > 0 {
			return ir.NoValue // a mask is as good
		}
		down = ir.OpLShr
	}
	whole := shift(down, shift(ir.OpShl, word, above), n)
	if in.Type == ir.F32 {
		in.Op, in.Args = ir.OpSToF, []ir.Value{whole}
		return ir.NoValue
	}
	return whole
}

// truths compares truth values where the numbers made of them are compared, which
// languages in which there is no other comparison do.
func (d *folder) truths(in, x *ir.Instr) ir.Value {
	is := func(e *ir.Instr) bool { return e != nil && e.Op == ir.OpZExt && d.f.TypeOf(e.Args[0]) == ir.Bool }
	if in.Op != ir.OpEq && in.Op != ir.OpNe || !is(x) {
		return ir.NoValue
	}
	truth := x.Args[0]
	if y := d.defs[in.Args[1]]; is(y) {
		in.Args = []ir.Value{truth, y.Args[0]}
		return ir.NoValue
	}
	switch c, ok := d.constant(in.Args[1]); {
	case !ok:
	case c > 1 && in.Op == ir.OpEq:
		return d.newConst(ir.Bool, 0)
	case c > 1:
		return d.newConst(ir.Bool, 1)
	case (c == 1) == (in.Op == ir.OpEq):
		return truth
	default:
		in.Op, in.Args = ir.OpNot, []ir.Value{truth}
	}
	return ir.NoValue
}

// choice makes a select of truth values logic.
func (d *folder) choice(in, x *ir.Instr) ir.Value {
	cond, a, b := in.Args[0], in.Args[1], in.Args[2]
	if x != nil && x.Op == ir.OpNot {
		in.Args = []ir.Value{x.Args[0], b, a}
		cond, a, b = in.Args[0], in.Args[1], in.Args[2]
	}
	if in.Type != ir.Bool {
		return ir.NoValue
	}
	one, isOne := d.constant(a)
	zero, isZero := d.constant(b)
	switch {
	case isOne && isZero && one == 1: // and zero is 0: they differ
		return cond
	case isOne && isZero:
		in.Op, in.Args = ir.OpNot, []ir.Value{cond}
	case isOne && one == 1, cond == a:
		in.Op, in.Args = ir.OpOr, []ir.Value{cond, b}
	case isZero && zero == 0, cond == b:
		in.Op, in.Args = ir.OpAnd, []ir.Value{cond, a}
	}
	return ir.NoValue
}
