package simt

import (
	"math"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// Go has no float32 fused multiply-add. In float64 the product of two float32s is
// exact; rounding the sum twice goes wrong only if the first rounding ends on the
// middle between two float32s, or if the result is too small to have all its
// digits. So four lanes are done at once, and again one by one if any of them is
// such a case.

type four = [4]float32

func fours(s []eight) []four {
	return unsafe.Slice((*four)(unsafe.Pointer(unsafe.SliceData(s))), 2*len(s))
}

// twice returns a number with the first bit set if the rounding of s to float32
// needs a closer look. Zeros, infinities and NaNs may be among those.
func twice(s float64) uint64 {
	u := math.Float64bits(s)
	return ((u^1<<28)&(1<<29-1) - 1) | (u<<1 - 898<<53)
}

// fmaOnce is a*b+c rounded once.
func fmaOnce(a, b, c float32) float32 {
	s := float64(a)*float64(b) + float64(c)
	u := math.Float64bits(s)
	if u&(1<<29-1) == 1<<28 || u<<1-1 < 898<<53-1 { // zero is neither
		return math.Float32frombits(uint32(ir.Narrow64(ir.F32, ir.FMA(a, b, c))))
	}
	return float32(s)
}

// fmaVV is a*b+c rounded once.
func fmaVV(d8, a8, b8, c8 []eight) {
	d, a, b, c := fours(d8), fours(a8), fours(b8), fours(c8)
	a, b, c = a[:len(d)], b[:len(d)], c[:len(d)]
	for i := range d {
		z, x, w, y := &d[i], &a[i], &b[i], &c[i]
		s0 := float64(x[0])*float64(w[0]) + float64(y[0])
		s1 := float64(x[1])*float64(w[1]) + float64(y[1])
		s2 := float64(x[2])*float64(w[2]) + float64(y[2])
		s3 := float64(x[3])*float64(w[3]) + float64(y[3])
		if (twice(s0)|twice(s1)|twice(s2)|twice(s3))>>63 != 0 {
			for j := range z {
				z[j] = fmaOnce(x[j], w[j], y[j])
			}
			continue
		}
		z[0], z[1], z[2], z[3] = float32(s0), float32(s1), float32(s2), float32(s3)
	}
}

// fmaVS is a*b+c rounded once, with the same b in all lanes.
func fmaVS(d8, a8 []eight, b float32, c8 []eight) {
	d, a, c := fours(d8), fours(a8), fours(c8)
	a, c = a[:len(d)], c[:len(d)]
	w := float64(b)
	for i := range d {
		z, x, y := &d[i], &a[i], &c[i]
		s0 := float64(x[0])*w + float64(y[0])
		s1 := float64(x[1])*w + float64(y[1])
		s2 := float64(x[2])*w + float64(y[2])
		s3 := float64(x[3])*w + float64(y[3])
		if (twice(s0)|twice(s1)|twice(s2)|twice(s3))>>63 != 0 {
			for j := range z {
				z[j] = fmaOnce(x[j], b, y[j])
			}
			continue
		}
		z[0], z[1], z[2], z[3] = float32(s0), float32(s1), float32(s2), float32(s3)
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
