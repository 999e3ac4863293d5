package simt

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Go has no fused multiply-add of float32s, and what stands for it takes four
// times as long as a product and a sum. So of all operations this one has a few
// lines of assembly where most programs run (fma_amd64.s, fma_arm64.s).

// fmaOnce is a*b+c rounded once. In float64 the product is exact; rounding the
// sum twice goes wrong only if the first rounding ends on the middle between two
// float32s, or if the result is too small to have all its digits.
func fmaOnce(a, b, c float32) float32 {
	s := float64(a)*float64(b) + float64(c)
	u := math.Float64bits(s)
	if u&(1<<29-1) == 1<<28 || u<<1-1 < 898<<53-1 { // zero is neither
		return math.Float32frombits(uint32(ir.Narrow64(ir.F32, ir.FMA(a, b, c))))
	}
	return float32(s)
}

func fmaVVgo(d, a, b, c []eight) {
	for i := range d {
		z, x, w, y := &d[i], &a[i], &b[i], &c[i]
		for j := range z {
			z[j] = fmaOnce(x[j], w[j], y[j])
		}
	}
}

func fmaVSgo(d, a []eight, b float32, c []eight) {
	for i := range d {
		z, x, y := &d[i], &a[i], &c[i]
		for j := range z {
			z[j] = fmaOnce(x[j], b, y[j])
		}
	}
}

// execFma is OpFFma.
func execFma(m *machine, in *inst) {
	d, a, b, c := &m.r[in.d], &m.r[in.a], &m.r[in.b], &m.r[in.c]
	if a.tag|b.tag|c.tag == uniform {
		u, _ := ir.Eval(in.op, in.t, in.from, a.u, b.u, c.u)
		d.setU(u)
		return
	}
	if in.t == ir.F32 {
		if a.tag == uniform {
			a, b = b, a
		}
		if b.tag == uniform && a.tag != uniform {
			s := math.Float32frombits(uint32(b.u))
			x, y := eights(operand[float32](m, a, in.t)), eights(operand[float32](m, c, in.t))
			fmaVS(eights(newVec[float32](m, d)), x, s, y)
			return
		}
		x, y, z := eights(operand[float32](m, a, in.t)), eights(operand[float32](m, b, in.t)), eights(operand[float32](m, c, in.t))
		fmaVV(eights(newVec[float32](m, d)), x, y, z)
		return
	}
	x, y, z := operand[float32](m, a, in.t), operand[float32](m, b, in.t), operand[float32](m, c, in.t)
	r := newVec[float32](m, d)
	for i := range r {
		r[i] = ir.Widen(in.t, ir.Narrow64(in.t, ir.FMA(x[i], y[i], z[i])))
	}
}
