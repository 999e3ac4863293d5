package expand

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// reduction is what reduce found for x.
type reduction struct {
	x    ir.Value
	fast bool
	r, q ir.Value
}

// Up to here the subtraction in three parts is good enough: for a result that is
// right in its last places, however near to zero it comes, and for the fast form,
// in which the specification asks for an absolute error of 2⁻¹³. Up to the latter
// the first subtraction is exact and the multiple of pi/2 is the nearest or nearly.
const (
	preciseAngle = 30000
	fastAngle    = 0x1p19
)

// reduce returns r in about [-pi/4, pi/4] and the integer q with x = r + q*pi/2,
// q modulo 4. Small arguments, nearly all in practice, take a subtraction in
// three parts; if a thread has a larger one it takes the long way.
func (e *emitter) reduce(x ir.Value) (r, q ir.Value) {
	for _, d := range slices.Backward(e.reduced) {
		if d.x == x && d.fast == e.fast {
			return d.r, d.q
		}
	}
	r, q = e.reduceAnew(x)
	e.reduced = append(e.reduced, reduction{x, e.fast, r, q})
	return r, q
}

func (e *emitter) reduceAnew(x ir.Value) (r, q ir.Value) {
	n, q := e.round(x, 2/math.Pi)
	r = e.fma(n, e.c(-1.57079601e+00), x)
	r = e.fma(n, e.c(-3.13916473e-07), r)
	r = e.fma(n, e.c(-5.39030253e-15), r)

	limit := e.c(preciseAngle)
	if e.fast {
		limit = e.c(fastAngle)
	}
	large := e.lt(limit, e.abs(x))
	in := e.f.NewInstr(ir.OpIf, ir.Void, e.pos, large)
	outer := e.code
	e.code = nil
	lr, lq := e.reduceLarge(x)
	yes := e.f.NewInstr(ir.OpYield, ir.Void, e.pos, lr, lq)
	in.Body = []*ir.Block{{Code: append(e.code, yes)}, {Code: []*ir.Instr{e.f.NewInstr(ir.OpYield, ir.Void, e.pos, r, q)}}}
	in.Outs = []ir.Value{e.f.NewValue(ir.F32, ""), e.f.NewValue(ir.I32, "")}
	e.code = append(outer, in)
	return in.Outs[0], in.Outs[1]
}

// turn has the first 224 bits of 1/(2*pi) behind a word of zeros: times it an
// angle is in turns, and the first two bits of the fraction are the quadrant.
var turn = [...]uint32{0, 0x28be60db, 0x9391054a, 0x7f09d5f4, 0x7d4d3770, 0x36d8a566, 0x4f10e410, 0x7f9458ea}

// reduceLarge is Payne and Hanek's reduction: of the product of x's fraction
// with 1/(2*pi) only the bits that count are computed, in integers.
func (e *emitter) reduceLarge(x ir.Value) (r, q ir.Value) {
	u32 := func(v ir.Value) ir.Value { return e.emit(ir.OpZExt, ir.I64, v) }
	long := func(op ir.Op, a, b ir.Value) ir.Value { return e.emit(op, ir.I64, a, b) }
	c64 := func(v uint64) ir.Value { return e.constant(ir.I64, v) }

	bits := e.bits(x)
	exp := e.int(ir.OpAnd, e.int(ir.OpLShr, bits, e.i(23)), e.i(255))
	// x = m * 2**(shift-32) with the point before m's first bit. NaN and
	// infinity read where the largest number does.
	shift := e.int(ir.OpSub, e.int(ir.OpUMin, exp, e.i(254)), e.i(126))
	shift = e.int(ir.OpSMax, shift, e.i(0))
	m := e.int(ir.OpOr, e.int(ir.OpShl, bits, e.i(8)), e.i(-1<<31))
	word := e.int(ir.OpLShr, shift, e.i(5))
	rest := u32(e.int(ir.OpAnd, shift, e.i(31)))

	// Three words of 1/(2*pi) from bit shift on.
	off := long(ir.OpShl, u32(word), c64(2))
	load := func(i int64) ir.Value {
		in := e.f.NewInstr(ir.OpLoad, ir.I32, e.pos, e.turnTable(), off)
		in.Space, in.Imm = ir.Constant, 4*i
		in.Out = e.f.NewValue(ir.I32, "")
		e.code = append(e.code, in)
		return u32(in.Out)
	}
	w0, w1, w2, w3 := load(0), load(1), load(2), load(3)
	join := func(a, b ir.Value) ir.Value {
		both := long(ir.OpOr, long(ir.OpShl, a, c64(32)), b)
		return long(ir.OpAnd, long(ir.OpLShr, long(ir.OpShl, both, rest), c64(32)), c64(math.MaxUint32))
	}
	hi, mid, lo := join(w0, w1), join(w1, w2), join(w2, w3)

	m64 := u32(m)
	p := long(ir.OpLShr, long(ir.OpMul, m64, lo), c64(32))
	p = long(ir.OpAdd, p, long(ir.OpMul, m64, mid))
	p = long(ir.OpAdd, p, long(ir.OpShl, long(ir.OpMul, m64, hi), c64(32)))

	// The upper two bits are the quadrant; round it to the nearest.
	quad := long(ir.OpLShr, long(ir.OpAdd, p, c64(1<<61)), c64(62))
	frac := long(ir.OpSub, p, long(ir.OpShl, quad, c64(62)))
	f := e.emit(ir.OpSToF, ir.F32, frac)
	f = e.mul(f, e.c(math.Pi/2*0x1p-62))
	q = e.emit(ir.OpTrunc, ir.I32, quad)
	negative := e.emit(ir.OpSLt, ir.Bool, bits, e.i(0))
	f = e.sel(negative, e.neg(f), f)
	q = e.sel(negative, e.int(ir.OpSub, e.i(0), q), q)
	return e.sel(e.lt(e.abs(x), e.inf()), f, e.nan()), q
}

func (e *emitter) turnTable() ir.Value {
	if e.table == ir.NoValue {
		var data []byte
		for _, w := range turn {
			data = binary.LittleEndian.AppendUint32(data, w)
		}
		e.f.Mems = append(e.f.Mems, ir.Mem{Name: "1/(2*pi)", Kind: ir.MemConst, Space: ir.Constant, Size: int64(len(data)), Align: 4, Data: data})
		in := e.f.NewInstr(ir.OpMem, ir.Ref, ir.Pos{})
		in.Imm = int64(len(e.f.Mems) - 1)
		in.Out = e.f.NewValue(ir.Ref, "")
		e.inputs = append(e.inputs, in)
		e.table = in.Out
	}
	return e.table
}

// sinPoly and cosPoly are sine and cosine for |r| <= pi/4; z is r*r.
func (e *emitter) sinPoly(r, z ir.Value) ir.Value {
	p := e.poly(z, -1.6666654611e-1, 8.3321608736e-3, -1.9515295891e-4)
	return e.fma(e.mul(p, z), r, r)
}

func (e *emitter) cosPoly(z ir.Value) ir.Value {
	p := e.poly(z, 4.166664568298827e-2, -1.388731625493765e-3, 2.443315711809948e-5)
	h := e.mul(z, e.c(0.5))
	one := e.sub(e.c(1), h)
	// What 1-h lost is added with the rest.
	return e.add(one, e.fma(e.mul(z, z), p, e.sub(e.sub(e.c(1), one), h)))
}

// quadrant picks sine or cosine of r and its sign: that of the sine of
// r + q*pi/2.
func (e *emitter) quadrant(r, q ir.Value) ir.Value {
	z := e.mul(r, r)
	odd := e.emit(ir.OpNe, ir.Bool, e.int(ir.OpAnd, q, e.i(1)), e.i(0))
	y := e.sel(odd, e.cosPoly(z), e.sinPoly(r, z))
	sign := e.int(ir.OpShl, e.int(ir.OpAnd, q, e.i(2)), e.i(30))
	return e.float(e.int(ir.OpXor, e.bits(y), sign))
}

func (e *emitter) sin(x, _ ir.Value) ir.Value {
	r, q := e.reduce(x)
	y := e.quadrant(r, q)
	return e.sel(e.eq(x, e.c(0)), x, y) // -0 stays
}

func (e *emitter) cos(x, _ ir.Value) ir.Value {
	r, q := e.reduce(x)
	return e.quadrant(r, e.int(ir.OpAdd, q, e.i(1)))
}

// tangent is tan(r + q*pi/2).
func (e *emitter) tangent(r, q ir.Value) ir.Value {
	z := e.mul(r, r)
	s, c := e.sinPoly(r, z), e.cosPoly(z)
	odd := e.emit(ir.OpNe, ir.Bool, e.int(ir.OpAnd, q, e.i(1)), e.i(0))
	return e.div(e.sel(odd, e.neg(c), s), e.sel(odd, s, c))
}

func (e *emitter) tan(x, _ ir.Value) ir.Value {
	r, q := e.reduce(x)
	return e.sel(e.eq(x, e.c(0)), x, e.tangent(r, q))
}

// reducePi returns r and q with pi*x = r + q*pi/2; the subtraction is exact.
func (e *emitter) reducePi(x ir.Value) (r, q ir.Value) {
	// Modulo 2 first, so that q fits.
	t := e.sub(x, e.mul(e.c(2), e.rint(e.mul(x, e.c(0.5)))))
	n, q := e.round(t, 2)
	r = e.fma(n, e.c(-0.5), t)
	return e.mul(r, e.c(math.Pi)), q
}

func (e *emitter) sinPi(x, _ ir.Value) ir.Value {
	r, q := e.reducePi(x)
	y := e.quadrant(r, q)
	// At integers the result is zero with the sign of x.
	whole := e.and(e.eq(e.rint(x), x), e.lt(e.abs(x), e.inf()))
	return e.sel(whole, e.copysign(e.c(0), x), y)
}

func (e *emitter) cosPi(x, _ ir.Value) ir.Value {
	r, q := e.reducePi(x)
	half := e.and(e.eq(r, e.c(0)), e.emit(ir.OpNe, ir.Bool, e.int(ir.OpAnd, q, e.i(1)), e.i(0)))
	return e.sel(half, e.c(0), e.quadrant(r, e.int(ir.OpAdd, q, e.i(1))))
}

func (e *emitter) tanPi(x, _ ir.Value) ir.Value {
	r, q := e.reducePi(x)
	y := e.tangent(r, q)
	whole := e.and(e.eq(e.rint(x), x), e.lt(e.abs(x), e.inf()))
	y = e.sel(whole, e.copysign(e.c(0), x), y)
	// Half-way between integers q is 1 or -1, and so is the sign.
	pole := e.and(e.eq(r, e.c(0)), e.emit(ir.OpNe, ir.Bool, e.int(ir.OpAnd, q, e.i(1)), e.i(0)))
	return e.sel(pole, e.mul(e.inf(), e.fromInt(q)), y)
}

// asinPoly is asin(x) for |x| <= 0.5; z is x*x.
func (e *emitter) asinPoly(x, z ir.Value) ir.Value {
	p := e.poly(z, 1.6666752422e-1, 7.4953002686e-2, 4.5470025998e-2, 2.4181311049e-2, 4.2163199048e-2)
	return e.fma(e.mul(p, z), x, x)
}

func (e *emitter) asin(x, _ ir.Value) ir.Value {
	a := e.abs(x)
	big := e.lt(e.c(0.5), a)
	z := e.sel(big, e.mul(e.c(0.5), e.sub(e.c(1), a)), e.mul(a, a))
	p := e.asinPoly(e.sel(big, e.sqrt(z), a), z)
	// pi/2 - 2p, with pi/2 in two parts
	y := e.sub(e.c(math.Pi/2), e.sub(e.mul(e.c(2), p), e.c(math.Pi/2-float64(float32(math.Pi/2)))))
	return e.copysign(e.sel(big, y, p), x)
}

func (e *emitter) acos(x, _ ir.Value) ir.Value {
	a := e.abs(x)
	big := e.lt(e.c(0.5), a)
	z := e.sel(big, e.mul(e.c(0.5), e.sub(e.c(1), a)), e.mul(a, a))
	p := e.asinPoly(e.sel(big, e.sqrt(z), a), z)
	const lo = math.Pi/2 - float64(float32(math.Pi/2))
	signed := e.copysign(p, x)
	small := e.sub(e.c(math.Pi/2), e.sub(signed, e.c(lo)))
	twice := e.mul(e.c(2), p)
	far := e.sub(e.c(math.Pi), e.sub(twice, e.c(2*lo)))
	return e.sel(big, e.sel(e.lt(x, e.c(0)), far, twice), small)
}

// atanPoly is atan(t) for |t| <= tan(pi/8).
func (e *emitter) atanPoly(t ir.Value) ir.Value {
	z := e.mul(t, t)
	p := e.poly(z, -3.33329491539e-1, 1.99777106478e-1, -1.38776856032e-1, 8.05374449538e-2)
	return e.fma(e.mul(p, z), t, t)
}

const (
	tanPi8    = 0.41421356237
	tan3Pi8   = 2.41421356237
	pi2Lo     = math.Pi/2 - float64(float32(math.Pi/2))
	pi4Lo     = math.Pi/4 - float64(float32(math.Pi/4))
	atanLarge = 0x1p26 // atan is pi/2 from here on
)

func (e *emitter) atan(x, _ ir.Value) ir.Value {
	a := e.abs(x)
	one := e.c(1)
	far, mid := e.lt(e.c(tan3Pi8), a), e.lt(e.c(tanPi8), a)
	num := e.sel(far, e.c(-1), e.sel(mid, e.sub(a, one), a))
	den := e.sel(far, a, e.sel(mid, e.add(a, one), one))
	hi := e.sel(far, e.c(math.Pi/2), e.sel(mid, e.c(math.Pi/4), e.c(0)))
	lo := e.sel(far, e.c(pi2Lo), e.sel(mid, e.c(pi4Lo), e.c(0)))
	return e.copysign(e.add(hi, e.add(e.atanPoly(e.div(num, den)), lo)), x)
}

func (e *emitter) atan2(y, x ir.Value) ir.Value {
	ax, ay := e.abs(x), e.abs(y)
	zero, one := e.c(0), e.c(1)
	swap := e.lt(ax, ay)
	num, den := e.sel(swap, ax, ay), e.sel(swap, ay, ax)
	// 0/0 is angle 0, infinity/infinity is pi/4. Large ones are scaled so
	// that the sum below stays finite, small ones so that no digits are lost.
	t := e.sel(e.eq(den, zero), one, den)
	both := e.and(e.eq(ax, e.inf()), e.eq(ay, e.inf()))
	num = e.sel(both, one, num)
	t = e.sel(both, one, t)
	s := e.sel(e.lt(e.c(0x1p100), t), e.c(0x1p-64), e.sel(e.lt(t, e.c(0x1p-60)), e.c(0x1p64), one))
	num, t = e.mul(num, s), e.mul(t, s)
	// Above tan(pi/8) take pi/4 - atan((den-num)/(den+num)).
	mid := e.lt(e.mul(t, e.c(tanPi8)), num)
	p := e.atanPoly(e.div(e.sel(mid, e.sub(num, t), num), e.sel(mid, e.add(num, t), t)))

	// The angle is base + sign*p: collect the multiples of pi/4 first.
	negX := e.emit(ir.OpSLt, ir.Bool, e.bits(x), e.i(0))
	base := e.sel(mid, e.c(1), zero)              // in pi/4
	base = e.sel(swap, e.sub(e.c(2), base), base) // pi/2 - a
	p = e.sel(swap, e.neg(p), p)
	base = e.sel(negX, e.sub(e.c(4), base), base) // pi - a
	p = e.sel(negX, e.neg(p), p)
	hi := e.mul(base, e.c(math.Pi/4))
	// base*float32(pi/4) is exact but for base 3.
	lo := e.fma(base, e.c(math.Pi/4), e.neg(hi))
	lo = e.add(lo, e.mul(base, e.c(pi4Lo)))
	r := e.copysign(e.add(hi, e.add(p, lo)), y)
	return e.sel(e.or(e.isNaN(x), e.isNaN(y)), e.nan(), r)
}
