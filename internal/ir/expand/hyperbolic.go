package expand

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// expHalf is exp(a)/2 for a >= 0, which does not overflow before the result of
// sinh and cosh does.
func (e *emitter) expHalf(a ir.Value) ir.Value {
	a = e.clamp(a, 0, 120)
	n, i := e.round(a, math.Log2E)
	return e.scale(e.expPoly(e.lessLn2(a, n)), e.int(ir.OpSub, i, e.i(1)))
}

func (e *emitter) sinh(x, _ ir.Value) ir.Value {
	a := e.abs(x)
	z := e.mul(a, a)
	small := e.add(e.mul(e.mul(e.poly(z, 1.66667160211e-1, 8.33028376239e-3, 2.03721912945e-4), z), a), a)
	h := e.expHalf(a)
	large := e.sub(h, e.div(e.c(0.25), h))
	return e.copysign(e.sel(e.lt(a, e.c(1)), small, large), x)
}

func (e *emitter) cosh(x, _ ir.Value) ir.Value {
	h := e.expHalf(e.abs(x))
	return e.add(h, e.div(e.c(0.25), h))
}

func (e *emitter) tanh(x, _ ir.Value) ir.Value {
	a := e.abs(x)
	z := e.mul(a, a)
	small := e.add(e.mul(e.mul(e.poly(z, -3.33332819422e-1, 1.33314422036e-1, -5.37397155531e-2, 2.06390887954e-2, -5.70498872745e-3), z), a), a)
	// 1 - 2/(exp(2a)+1); from 10 on it is 1.
	t := e.exp(e.mul(e.c(2), e.clamp(a, 0, 10)), ir.NoValue)
	large := e.sub(e.c(1), e.div(e.c(2), e.add(t, e.c(1))))
	return e.copysign(e.sel(e.lt(a, e.c(0.625)), small, large), x)
}

func (e *emitter) asinh(x, _ ir.Value) ir.Value {
	a := e.abs(x)
	z := e.mul(a, a)
	small := e.add(e.mul(e.mul(e.poly(z, -1.6666288134e-1, 7.4847586088e-2, -4.2699340972e-2, 2.0122003309e-2), z), a), a)
	huge := e.lt(e.c(1500), a)
	l := e.log(e.sel(huge, a, e.add(a, e.sqrt(e.add(z, e.c(1))))), ir.NoValue)
	l = e.add(l, e.sel(huge, e.c(math.Ln2), e.c(0)))
	return e.copysign(e.sel(e.lt(a, e.c(0.5)), small, l), x)
}

func (e *emitter) acosh(x, _ ir.Value) ir.Value {
	z := e.sub(x, e.c(1))
	p := e.poly(z, 1.4142135263, -1.1784741703e-1, 2.6454905019e-2, -7.5272886713e-3, 1.7596881071e-3)
	small := e.mul(p, e.sqrt(z))
	huge := e.lt(e.c(1500), x)
	l := e.log(e.sel(huge, x, e.add(x, e.sqrt(e.mul(z, e.add(x, e.c(1)))))), ir.NoValue)
	l = e.add(l, e.sel(huge, e.c(math.Ln2), e.c(0)))
	y := e.sel(e.lt(z, e.c(0.5)), small, l)
	return e.sel(e.le(e.c(1), x), y, e.nan())
}

func (e *emitter) atanh(x, _ ir.Value) ir.Value {
	a := e.abs(x)
	z := e.mul(a, a)
	small := e.add(e.mul(e.mul(e.poly(z, 3.33337300303e-1, 1.99782164500e-1, 1.46691431730e-1, 8.24370301058e-2, 1.81740078349e-1), z), a), a)
	large := e.mul(e.c(0.5), e.log(e.div(e.add(e.c(1), a), e.sub(e.c(1), a)), ir.NoValue))
	return e.copysign(e.sel(e.lt(a, e.c(0.5)), small, large), x)
}
