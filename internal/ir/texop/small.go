package texop

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Floats of few bits: those of RG11B10Float have five bits of exponent, no sign, and a
// mantissa of m bits; those of RGB9E5Float share their exponent.

// sharedBias is what the exponent of RGB9E5Float is more than that of the unit of its
// mantissas.
const sharedBias = 15 + 9

// power returns 2 to the power of x+k, as an F32. There must be one.
func (e *expander) power(x ir.Value, k int32) ir.Value {
	return e.b.Emit(ir.OpBitcast, ir.F32, e.int(ir.OpShl, e.int(ir.OpAdd, x, e.i(127+k)), e.i(23)))
}

// smallFloat returns the F32 that the bits of a float without a sign stand for: as of a
// half, but for NaN, whose bits stay.
func (e *expander) smallFloat(x ir.Value, m int) ir.Value {
	half := e.b.Emit(ir.OpTrunc, ir.I16, e.int(ir.OpShl, x, e.i(int32(10-m))))
	v := e.b.Emit(ir.OpFConv, ir.F32, e.b.Emit(ir.OpBitcast, ir.F16, half))
	special := e.int(ir.OpOr, e.int(ir.OpShl, x, e.i(int32(23-m))), e.i(0x7f800000))
	return e.sel(e.is(ir.OpULe, e.i(31<<m), x), e.b.Emit(ir.OpBitcast, ir.F32, special), v)
}

// smallBits returns the bits of the float without a sign nearest to x, ties to even. What
// is finite stays so.
func (e *expander) smallBits(x ir.Value, m int) ir.Value {
	nan := e.is(ir.OpFNe, x, x)
	x = e.sel(e.is(ir.OpFLt, e.c(0), x), x, e.c(0))
	b := e.b.Emit(ir.OpBitcast, ir.I32, x)
	// Half of what is cut off is added, less a bit if what stays is even.
	even := e.int(ir.OpAnd, e.int(ir.OpLShr, b, e.i(int32(23-m))), e.i(1))
	normal := e.int(ir.OpAdd, e.int(ir.OpAdd, b, even), e.i(1<<(22-m)-1))
	normal = e.int(ir.OpSub, e.int(ir.OpLShr, normal, e.i(int32(23-m))), e.i(112<<m))
	// Below 2^-14 the last bit is that of a sum with a float so large.
	large := float32(math.Ldexp(1, 9-m))
	tiny := e.int(ir.OpSub, e.b.Emit(ir.OpBitcast, ir.I32, e.float(ir.OpFAdd, x, e.c(large))), e.i(int32(math.Float32bits(large))))
	v := e.sel(e.is(ir.OpFLt, x, e.c(0x1p-14)), tiny, normal)
	v = e.int(ir.OpUMin, v, e.i(31<<m-1))
	v = e.sel(e.is(ir.OpFLt, e.c(math.MaxFloat32), x), e.i(31<<m), v)
	return e.sel(nan, e.i(31<<m|1<<(m-1)), v)
}

// shared returns the texel of RGB9E5Float: the greatest channel has the exponent.
func (e *expander) shared(channels []ir.Value) ir.Value {
	const most = 511 << (31 - sharedBias)
	var v [3]ir.Value
	for i, x := range channels {
		x = e.sel(e.is(ir.OpFLt, e.c(0), x), x, e.c(0))
		v[i] = e.sel(e.is(ir.OpFLt, x, e.c(most)), x, e.c(most))
	}
	great := e.sel(e.is(ir.OpFLt, v[0], v[1]), v[1], v[0])
	great = e.sel(e.is(ir.OpFLt, great, v[2]), v[2], great)
	exponent := e.int(ir.OpLShr, e.b.Emit(ir.OpBitcast, ir.I32, great), e.i(23))
	exponent = e.int(ir.OpSub, e.int(ir.OpSMax, exponent, e.i(111)), e.i(111))
	quantum := func(x ir.Value) ir.Value {
		scale := e.power(e.int(ir.OpSub, e.i(sharedBias), exponent), 0)
		sum := e.float(ir.OpFFma, x, scale, e.c(0x1p23))
		return e.int(ir.OpAnd, e.b.Emit(ir.OpBitcast, ir.I32, sum), e.i(1<<10-1))
	}
	// It may be rounded to 512.
	exponent = e.int(ir.OpAdd, exponent, e.int(ir.OpLShr, quantum(great), e.i(9)))
	w := e.int(ir.OpShl, exponent, e.i(27))
	for i, x := range v {
		w = e.int(ir.OpOr, w, e.int(ir.OpShl, quantum(x), e.i(int32(9*i))))
	}
	return w
}
