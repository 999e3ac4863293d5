package expand

import "github.com/aruminium-go/aruminium/internal/ir"

// rem is the exact remainder of x/y with the sign of x, of any float type: those of 16
// bits have float32's remainder. If the quotient has no more than 23 bits, it is rounded
// to an integer at once; larger ones, which are rare, are found 22 bits a turn.
func (e *emitter) rem(x, y ir.Value) ir.Value {
	if t := e.f.TypeOf(x); t != ir.F32 {
		wide := func(v ir.Value) ir.Value { return e.emit(ir.OpFConv, ir.F32, v) }
		return e.emit(ir.OpFConv, t, e.rem(wide(x), wide(y)))
	}
	a, b := e.abs(x), e.abs(y)
	q := e.div(a, b)
	r := e.sel(e.lt(a, b), a, e.less(a, b, q)) // so it is if b is infinite, too
	large := e.and(e.le(e.c(1<<23), q), e.and(e.lt(a, e.inf()), e.lt(e.c(0), b)))
	in := e.f.NewInstr(ir.OpIf, ir.Void, e.pos, large)
	in.Body = []*ir.Block{
		e.nest(func() { e.end(ir.OpYield, e.remLarge(a, b)) }),
		e.nest(func() { e.end(ir.OpYield, r) }),
	}
	in.Outs = []ir.Value{e.f.NewValue(ir.F32, "")}
	e.code = append(e.code, in)
	return e.copysign(in.Outs[0], x)
}

// less is a less so many times b as q, which is a/b rounded and below 2^24, says. The
// difference is exact; if q was rounded up to an integer, it is negative.
func (e *emitter) less(a, b, q ir.Value) ir.Value {
	r := e.fma(e.neg(e.emit(ir.OpFTrunc, ir.F32, q)), b, a)
	return e.sel(e.lt(r, e.c(0)), e.add(r, b), r)
}

// remLarge subtracts multiples of b*2^k from a until k is 0; k is what leaves a quotient
// of at most 23 bits.
func (e *emitter) remLarge(a, b ir.Value) ir.Value {
	expB := e.exponent(b)
	loop := e.f.NewInstr(ir.OpLoop, ir.Void, e.pos, a)
	r := e.f.NewValue(ir.F32, "")
	body := e.nest(func() {
		k := e.int(ir.OpSub, e.int(ir.OpSub, e.exponent(r), expB), e.i(22))
		k = e.int(ir.OpSMax, k, e.i(0))
		first := e.int(ir.OpSMin, k, e.i(127))
		z := e.mul(e.mul(b, e.twoTo(first)), e.twoTo(e.int(ir.OpSub, k, first)))
		next := e.less(r, z, e.div(r, z))
		last := e.f.NewInstr(ir.OpIf, ir.Void, e.pos, e.emit(ir.OpEq, ir.Bool, k, e.i(0)))
		last.Body = []*ir.Block{e.nest(func() { e.end(ir.OpBreak, next) }), e.nest(func() { e.end(ir.OpYield) })}
		e.code = append(e.code, last)
		e.end(ir.OpContinue, next)
	})
	body.Params = []ir.Value{r}
	loop.Body = []*ir.Block{body}
	loop.Outs = []ir.Value{e.f.NewValue(ir.F32, "")}
	e.code = append(e.code, loop)
	return loop.Outs[0]
}

// exponent is that of x, which is not negative, with its bias: below 1 for subnormals.
func (e *emitter) exponent(x ir.Value) ir.Value {
	of := func(x ir.Value) ir.Value { return e.int(ir.OpLShr, e.bits(x), e.i(23)) }
	small := e.int(ir.OpSub, of(e.mul(x, e.c(1<<24))), e.i(24))
	return e.sel(e.lt(x, e.c(0x1p-126)), small, of(x))
}

// twoTo is 2^k, for k from 0 to 127.
func (e *emitter) twoTo(k ir.Value) ir.Value {
	return e.float(e.int(ir.OpShl, e.int(ir.OpAdd, k, e.i(127)), e.i(23)))
}

// nest returns what f emits as a block of its own, end ends it.
func (e *emitter) nest(f func()) *ir.Block {
	outer := e.code
	e.code = nil
	f()
	b := &ir.Block{Code: e.code}
	e.code = outer
	return b
}

func (e *emitter) end(op ir.Op, args ...ir.Value) {
	e.code = append(e.code, e.f.NewInstr(op, ir.Void, e.pos, args...))
}
