// Package expand replaces the mathematical functions of a kernel by the
// arithmetic that computes them, so that every engine gives the same bits and
// needs to know only arithmetic.
//
// The expansions work in float32 throughout. Their error, as the package's test
// measures it over edge cases and random arguments of the whole range, stays
// within so many units in the last place of the result: 1.5 for log, log2 and
// log10; 2 for exp, exp2, pow, powr, sinpi, cospi and acos; 3 for exp10,
// sin, cos, asin, atan, atan2, sinh, cosh, tanh, asinh and atanh; 5 for tan,
// tanpi and acosh; rsqrt is rounded correctly. The test's table has the bound of
// each. Remainders, which engines know as well, are exact. Infinities, NaNs, zeros and subnormals give what C's functions give.
//
// Exponentials and logarithms have a fast form, which takes subnormal arguments
// and results for zeros. Its error is at most half a unit more for log, one for
// log2 and one and a half for log10; that of rsqrt is 1.5; the others' is the same,
// but that sines, cosines and tangents of angles beyond 30000 are those of an angle
// that is off by 2⁻²², where the precise forms are as good as anywhere.
package expand

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Func replaces the mathematical functions in f. It reports whether there are any.
func Func(f *ir.Func) (changed bool) {
	f.Body.Walk(func(in *ir.Instr) bool {
		changed = changed || expands(in.Op)
		return !changed
	})
	if !changed {
		return false
	}
	e := &emitter{f: f, known: map[constant]ir.Value{}, subst: make([]ir.Value, len(f.Values))}
	e.block(f.Body)
	e.rename(f.Body)
	f.Body.Code = append(e.inputs, f.Body.Code...)
	return true
}

// emitter appends instructions to code; constants go to the top.
type emitter struct {
	f      *ir.Func
	pos    ir.Pos
	fast   bool // the fast form of a function is asked for
	code   []*ir.Instr
	inputs []*ir.Instr
	known  map[constant]ir.Value
	subst  []ir.Value // by the Value of a function's result: what computes it
	table  ir.Value   // the bits of 1/(2*pi), once asked for

	// Angles reduced in this block and those around it, the newest last: sine and
	// cosine are mostly asked for of one angle.
	reduced []reduction
}

type constant struct {
	t    ir.Type
	bits uint64
}

type expansion func(e *emitter, x, y ir.Value) ir.Value

var expansions = map[ir.Op]expansion{
	ir.OpExp:   (*emitter).exp,
	ir.OpExp2:  (*emitter).exp2,
	ir.OpExp10: (*emitter).exp10,
	ir.OpLog:   (*emitter).log,
	ir.OpLog2:  (*emitter).log2,
	ir.OpLog10: (*emitter).log10,
	ir.OpSin:   (*emitter).sin,
	ir.OpCos:   (*emitter).cos,
	ir.OpTan:   (*emitter).tan,
	ir.OpSinPi: (*emitter).sinPi,
	ir.OpCosPi: (*emitter).cosPi,
	ir.OpTanPi: (*emitter).tanPi,
	ir.OpAsin:  (*emitter).asin,
	ir.OpAcos:  (*emitter).acos,
	ir.OpAtan:  (*emitter).atan,
	ir.OpAtan2: (*emitter).atan2,
	ir.OpSinh:  (*emitter).sinh,
	ir.OpCosh:  (*emitter).cosh,
	ir.OpTanh:  (*emitter).tanh,
	ir.OpAsinh: (*emitter).asinh,
	ir.OpAcosh: (*emitter).acosh,
	ir.OpAtanh: (*emitter).atanh,
	ir.OpPow:   (*emitter).pow,
	ir.OpPowr:  (*emitter).powr,
	ir.OpRsqrt: (*emitter).rsqrt,
	ir.OpFRem:  (*emitter).rem,
}

// expands reports whether op is replaced.
func expands(op ir.Op) bool { return op.Info().Class == ir.Math || op == ir.OpFRem }

func (e *emitter) block(b *ir.Block) {
	outer, reduced := e.code, len(e.reduced)
	defer func() { e.reduced = e.reduced[:reduced] }()
	e.code = make([]*ir.Instr, 0, len(b.Code))
	for _, in := range b.Code {
		for _, body := range in.Body {
			e.block(body)
		}
		if !expands(in.Op) {
			e.code = append(e.code, in)
			continue
		}
		e.pos, e.fast = in.Pos, in.Imm == 1
		x, y := in.Args[0], ir.NoValue
		if len(in.Args) == 2 {
			y = in.Args[1]
		}
		e.subst[in.Out] = expansions[in.Op](e, x, y)
	}
	b.Code, e.code = e.code, outer
}

// rename replaces the results of what was expanded.
func (e *emitter) rename(b *ir.Block) {
	b.Walk(func(in *ir.Instr) bool {
		for i, a := range in.Args {
			if int(a) < len(e.subst) && e.subst[a] != ir.NoValue {
				in.Args[i] = e.subst[a]
			}
		}
		return true
	})
}

func (e *emitter) emit(op ir.Op, t ir.Type, args ...ir.Value) ir.Value {
	in := e.f.NewInstr(op, t, e.pos, args...)
	in.Out = e.f.NewValue(t, "")
	e.code = append(e.code, in)
	return in.Out
}

func (e *emitter) constant(t ir.Type, bits uint64) ir.Value {
	k := constant{t, bits}
	if v, ok := e.known[k]; ok {
		return v
	}
	in := e.f.NewInstr(ir.OpConst, t, ir.Pos{})
	in.Imm = int64(bits)
	in.Out = e.f.NewValue(t, "")
	e.inputs = append(e.inputs, in)
	e.known[k] = in.Out
	return in.Out
}

// The vocabulary of the expansions: c and i are constants, the rest operations.

func (e *emitter) c(x float64) ir.Value {
	return e.constant(ir.F32, uint64(math.Float32bits(float32(x))))
}
func (e *emitter) i(x int64) ir.Value { return e.constant(ir.I32, uint64(uint32(x))) }

func (e *emitter) add(x, y ir.Value) ir.Value    { return e.emit(ir.OpFAdd, ir.F32, x, y) }
func (e *emitter) sub(x, y ir.Value) ir.Value    { return e.emit(ir.OpFSub, ir.F32, x, y) }
func (e *emitter) mul(x, y ir.Value) ir.Value    { return e.emit(ir.OpFMul, ir.F32, x, y) }
func (e *emitter) div(x, y ir.Value) ir.Value    { return e.emit(ir.OpFDiv, ir.F32, x, y) }
func (e *emitter) fma(x, y, z ir.Value) ir.Value { return e.emit(ir.OpFFma, ir.F32, x, y, z) }
func (e *emitter) neg(x ir.Value) ir.Value       { return e.emit(ir.OpFNeg, ir.F32, x) }
func (e *emitter) abs(x ir.Value) ir.Value       { return e.emit(ir.OpFAbs, ir.F32, x) }
func (e *emitter) sqrt(x ir.Value) ir.Value      { return e.emit(ir.OpFSqrt, ir.F32, x) }
func (e *emitter) rint(x ir.Value) ir.Value      { return e.emit(ir.OpFRint, ir.F32, x) }
func (e *emitter) copysign(x, s ir.Value) ir.Value {
	return e.emit(ir.OpFCopysign, ir.F32, x, s)
}
func (e *emitter) lt(x, y ir.Value) ir.Value { return e.emit(ir.OpFLt, ir.Bool, x, y) }
func (e *emitter) le(x, y ir.Value) ir.Value { return e.emit(ir.OpFLe, ir.Bool, x, y) }
func (e *emitter) eq(x, y ir.Value) ir.Value { return e.emit(ir.OpFEq, ir.Bool, x, y) }
func (e *emitter) isNaN(x ir.Value) ir.Value { return e.emit(ir.OpFNe, ir.Bool, x, x) }
func (e *emitter) and(x, y ir.Value) ir.Value {
	return e.emit(ir.OpAnd, ir.Bool, x, y)
}
func (e *emitter) or(x, y ir.Value) ir.Value { return e.emit(ir.OpOr, ir.Bool, x, y) }
func (e *emitter) not(x ir.Value) ir.Value   { return e.emit(ir.OpNot, ir.Bool, x) }

// sel is x where cond is true, else y.
func (e *emitter) sel(cond, x, y ir.Value) ir.Value {
	return e.emit(ir.OpSelect, e.f.TypeOf(x), cond, x, y)
}
func (e *emitter) bits(x ir.Value) ir.Value  { return e.emit(ir.OpBitcast, ir.I32, x) }
func (e *emitter) float(x ir.Value) ir.Value { return e.emit(ir.OpBitcast, ir.F32, x) }
func (e *emitter) fromInt(x ir.Value) ir.Value {
	return e.emit(ir.OpSToF, ir.F32, x)
}
func (e *emitter) int(op ir.Op, x, y ir.Value) ir.Value { return e.emit(op, ir.I32, x, y) }

// poly is c[0] + c[1]*x + … by Horner's rule.
func (e *emitter) poly(x ir.Value, c ...float64) ir.Value {
	p := e.c(c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		p = e.fma(p, x, e.c(c[i]))
	}
	return p
}

// round returns k*x rounded to the nearest integer, as a float and as an I32, for
// |k*x| below 2**22: adding 1.5*2**23 leaves the integer in the last bits.
func (e *emitter) round(x ir.Value, k float64) (n, i ir.Value) {
	t := e.roundBits(x, k)
	return e.sub(t, e.c(0x1.8p23)), e.int(ir.OpSub, e.bits(t), e.i(0x4b400000))
}

// roundBits returns a float whose last bits are those of the integer, and which is
// 1.5*2**23 more than it.
func (e *emitter) roundBits(x ir.Value, k float64) ir.Value {
	if k == 1 {
		return e.add(x, e.c(0x1.8p23))
	}
	return e.fma(x, e.c(k), e.c(0x1.8p23))
}

func (e *emitter) inf() ir.Value { return e.c(math.Inf(1)) }
func (e *emitter) nan() ir.Value { return e.c(math.NaN()) }
