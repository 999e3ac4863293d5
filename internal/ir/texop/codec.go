package texop

import (
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// words32 reports whether the words of a texel are its channels, as floats.
func (t *bound) words32() bool {
	_, n := t.Channel(0)
	return t.Number() == texel.Float && n == 32
}

// decode returns the four channels of a texel, F32 or I32, as the format has them.
// What the format does not have is 0, alpha 1.
func (e *expander) decode(t *bound, words []ir.Value, inside ir.Value) (v [4]ir.Value) {
	for i := range v {
		at, n := t.Channel(i)
		if n == 0 {
			v[i] = e.constant(t, i == 3)
			continue
		}
		v[i] = e.channel(t, i, words[at/32], at%32, n)
	}
	if t.Number() == texel.Shared {
		scale := e.power(e.int(ir.OpLShr, words[0], e.i(27)), -sharedBias)
		for i, x := range v[:3] {
			v[i] = e.float(ir.OpFMul, x, scale)
		}
	}
	return v
}

// constant is 0 or 1 as channels of the format are.
func (e *expander) constant(t *bound, one bool) ir.Value {
	switch {
	case t.Class != texel.ClassFloat && one:
		return e.i(1)
	case t.Class != texel.ClassFloat:
		return e.i(0)
	case one:
		return e.c(1)
	}
	return e.c(0)
}

// channel takes channel i, n bits from bit at on, out of a word.
func (e *expander) channel(t *bound, i int, w ir.Value, at, n int) ir.Value {
	if t.words32() {
		return w
	}
	number := t.number(i)
	if number == texel.Snorm || number == texel.Sint {
		w = e.int(ir.OpAShr, e.int(ir.OpShl, w, e.i(int32(32-at-n))), e.i(int32(32-n)))
	} else {
		w = e.int(ir.OpLShr, w, e.i(int32(at)))
		if n < 32 && at+n < min(32, 8*t.Size) {
			w = e.int(ir.OpAnd, w, e.i(1<<n-1))
		}
	}
	switch number {
	case texel.Unorm:
		return e.over(e.b.Emit(ir.OpSToF, ir.F32, w), 1<<n-1)
	case texel.Snorm:
		x := e.over(e.b.Emit(ir.OpSToF, ir.F32, w), 1<<(n-1)-1)
		return e.sel(e.is(ir.OpFLt, x, e.c(-1)), e.c(-1), x)
	case texel.Float:
		return e.b.Emit(ir.OpFConv, ir.F32, e.b.Emit(ir.OpBitcast, ir.F16, e.b.Emit(ir.OpTrunc, ir.I16, w)))
	case texel.Shared:
		return e.b.Emit(ir.OpSToF, ir.F32, w)
	case texel.Ufloat:
		return e.smallFloat(w, n-5)
	case texel.SRGB:
		off := e.b.Emit(ir.OpShl, ir.I64, e.b.Emit(ir.OpZExt, ir.I64, w), e.b.I64(2))
		return e.b.Load(ir.Constant, ir.F32, e.table(0, texel.SRGBTable), off, 0)
	}
	return w
}

// number returns how channel i is a number.
func (t *bound) number(i int) texel.Number {
	if t.SRGB && i == 3 {
		return texel.Unorm
	}
	return t.Number()
}

// table returns the memory with a table, with the curve of sRGB or its inverse.
func (e *expander) table(i int, data func() []byte) ir.Value {
	n := e.first + len(e.textures) + 1 + i
	mem := &e.f.Mems[n]
	if mem.Data == nil {
		mem.Data = data()
		mem.Size = int64(len(mem.Data))
	}
	return e.b.MemRef(n)
}

// over divides an integer of at most 16 bits by a constant. The reciprocal is known
// to twice the precision of an F32, which is enough for the quotient to be rounded
// correctly: the package's tests look at all.
func (e *expander) over(x ir.Value, by int) ir.Value {
	if by == 1 {
		return x
	}
	hi, lo := reciprocal(by)
	return e.float(ir.OpFFma, x, e.c(hi), e.float(ir.OpFMul, x, e.c(lo)))
}

// reciprocal returns 1/x as a sum.
func reciprocal(x int) (hi, lo float32) {
	hi = float32(1 / float64(x))
	return hi, float32(1/float64(x) - float64(hi))
}

// shaped makes results of type kind of channels: it swaps them as the texture says,
// and where there is no texel it gives zeros, where channels themselves would not be.
func (e *expander) shaped(v [4]ir.Value, t *bound, inside ir.Value, kind ir.Type) []ir.Value {
	out := make([]ir.Value, 4)
	for i, from := range t.Swizzle {
		switch from {
		case texel.Same:
			out[i] = v[i]
		case texel.Zero, texel.One:
			out[i] = e.constant(t, from == texel.One)
		default:
			out[i] = v[from-texel.Red]
		}
		if bits, ok := e.b.ConstBits(out[i]); ok && bits != 0 && inside != ir.NoValue {
			out[i] = e.sel(inside, out[i], e.constant(t, false))
		}
		switch kind {
		case ir.F16:
			out[i] = e.b.Emit(ir.OpFConv, ir.F16, out[i])
		case ir.I16:
			out[i] = e.b.Emit(ir.OpTrunc, ir.I16, out[i])
		}
	}
	return out
}

// encode returns the words of a texel with channels of type kind.
func (e *expander) encode(t *bound, channels []ir.Value, kind ir.Type) []ir.Value {
	words := make([]ir.Value, (t.Size+3)/4)
	channels = append([]ir.Value(nil), channels...)
	for i, x := range channels {
		switch {
		case kind == ir.F16:
			channels[i] = e.b.Emit(ir.OpFConv, ir.F32, x)
		case kind == ir.I16 && t.Class == texel.ClassSint:
			channels[i] = e.b.Emit(ir.OpSExt, ir.I32, x)
		case kind == ir.I16:
			channels[i] = e.b.Emit(ir.OpZExt, ir.I32, x)
		}
	}
	if t.Number() == texel.Shared {
		words[0] = e.shared(channels[:3])
		return words
	}
	for i, x := range channels {
		at, n := t.Channel(i)
		if n == 0 {
			continue
		}
		if !t.words32() {
			if x = e.bits(t.number(i), x, n); at%32 > 0 {
				x = e.int(ir.OpShl, x, e.i(int32(at%32)))
			}
		}
		if w := &words[at/32]; *w == ir.NoValue {
			*w = x
		} else {
			*w = e.int(ir.OpOr, *w, x)
		}
	}
	return words
}

// bits returns the n bits of a channel with the value x. Integers come about by a
// sum so large that no bits are left for a fraction.
func (e *expander) bits(number texel.Number, x ir.Value, n int) ir.Value {
	mask := uint32(1)<<n - 1
	switch number {
	case texel.SRGB:
		return e.inverse(e.clamp(x))
	case texel.Ufloat:
		return e.smallBits(x, n-5)
	case texel.Unorm:
		x = e.clamp(x)
		x = e.b.Emit(ir.OpBitcast, ir.I32, e.float(ir.OpFFma, x, e.c(float32(mask)), e.c(0x1p23)))
	case texel.Snorm:
		x = e.sel(e.is(ir.OpFEq, x, x), x, e.c(0))
		x = e.sel(e.is(ir.OpFLt, x, e.c(1)), x, e.c(1))
		x = e.sel(e.is(ir.OpFLt, e.c(-1), x), x, e.c(-1))
		x = e.b.Emit(ir.OpBitcast, ir.I32, e.float(ir.OpFFma, x, e.c(float32(mask>>1)), e.c(0x1.8p23)))
	case texel.Float:
		return e.b.Emit(ir.OpZExt, ir.I32, e.b.Emit(ir.OpBitcast, ir.I16, e.b.Emit(ir.OpFConv, ir.F16, x)))
	case texel.Uint:
		if n == 32 {
			return x
		}
		return e.int(ir.OpUMin, x, e.i(int32(mask)))
	case texel.Sint:
		if n == 32 {
			return x
		}
		top := int32(mask >> 1)
		x = e.int(ir.OpSMax, e.int(ir.OpSMin, x, e.i(top)), e.i(-top-1))
	}
	return e.int(ir.OpAnd, x, e.i(int32(mask)))
}

// clamp returns x from 0 to 1, 0 if it is NaN.
func (e *expander) clamp(x ir.Value) ir.Value {
	x = e.sel(e.is(ir.OpFLt, e.c(0), x), x, e.c(0))
	return e.sel(e.is(ir.OpFLt, x, e.c(1)), x, e.c(1))
}

// inverse returns the byte that sRGB has for x, which is from 0 to 1.
func (e *expander) inverse(x ir.Value) ir.Value {
	least := int32(texel.SRGBInverse().Least)
	b := e.int(ir.OpSMax, e.b.Emit(ir.OpBitcast, ir.I32, x), e.i(least))
	cell := e.int(ir.OpLShr, e.int(ir.OpSub, b, e.i(least)), e.i(16))
	off := e.b.Emit(ir.OpShl, ir.I64, e.b.Emit(ir.OpZExt, ir.I64, cell), e.b.I64(2))
	start := e.b.Load(ir.Constant, ir.I32, e.table(1, texel.SRGBInverseTable), off, 0)
	return e.int(ir.OpLShr, e.int(ir.OpAdd, start, e.int(ir.OpAnd, b, e.i(0xffff))), e.i(16))
}
