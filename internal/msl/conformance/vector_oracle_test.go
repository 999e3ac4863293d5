package conformance

import (
	"math"
	"strings"
)

// Oracles of functions of whole vectors: the definitions in float64. The
// specification says nothing of their accuracy; what is allowed is what the
// type's arithmetic may lose, operation by operation.

func addVectorOracles(m map[string]oracle) {
	m["dot"] = func(c *call) [][]want {
		s, slack := c.dot(c.reals(0), c.reals(1))
		return [][]want{{c.about(s, slack)}}
	}
	m["length_squared"] = func(c *call) [][]want {
		s, slack := c.dot(c.reals(0), c.reals(0))
		return [][]want{{c.about(s, slack)}}
	}
	m["length"] = func(c *call) [][]want { return [][]want{{c.length(c.reals(0), 0)}} }
	m["distance"] = func(c *call) [][]want {
		d, slack := c.difference()
		return [][]want{{c.length(d, slack)}}
	}
	m["distance_squared"] = func(c *call) [][]want {
		d, slack := c.difference()
		s, more := c.dot(d, d)
		return [][]want{{c.about(s, more+4*slack*math.Sqrt(s)+slack*slack)}}
	}
	m["normalize"] = func(c *call) [][]want {
		x := c.reals(0)
		s, _ := c.dot(x, x)
		var list []want
		for _, v := range x {
			w := c.about(v/math.Sqrt(s), 8*c.eps()*math.Abs(v)/math.Sqrt(s))
			if !c.squares(s) {
				w = anything
			}
			list = append(list, w)
		}
		return [][]want{list}
	}
	m["cross"] = func(c *call) [][]want {
		x, y := c.reals(0), c.reals(1)
		part := func(i, k int) want {
			p, q := x[i]*y[k], x[k]*y[i]
			return c.about(p-q, 2*c.eps()*(math.Abs(p)+math.Abs(q)), p, q)
		}
		return [][]want{{part(1, 2), part(2, 0), part(0, 1)}}
	}
	m["faceforward"] = func(c *call) [][]want {
		d, slack := c.dot(c.reals(2), c.reals(1))
		var list []want
		for _, x := range c.reals(0) {
			switch {
			case isNaN(d) || math.IsInf(d, 0) || math.Abs(d) <= slack || c.about(d, slack).any:
				list = append(list, anything)
			case d < 0:
				list = append(list, c.num(x))
			default:
				list = append(list, c.num(-x))
			}
		}
		return [][]want{list}
	}
	m["reflect"] = func(c *call) [][]want {
		in, n := c.reals(0), c.reals(1)
		d, slack := c.dot(n, in)
		var list []want
		for i := range in {
			p := 2 * d * n[i]
			list = append(list, c.about(in[i]-p, 2*math.Abs(n[i])*slack+4*c.eps()*(math.Abs(p)+math.Abs(in[i])), d, 2*d, p))
		}
		return [][]want{list}
	}
	m["refract"] = func(c *call) [][]want {
		in, n, eta := c.reals(0), c.reals(1), c.f(2)
		d, slack := c.dot(n, in)
		k := 1 - eta*eta*(1-d*d)
		kSlack := 8*c.eps()*(1+eta*eta*(1+d*d)) + 2*eta*eta*math.Abs(d)*slack
		var list []want
		for i := range in {
			s := math.Sqrt(k)
			r := eta*in[i] - (eta*d+s)*n[i]
			loss := kSlack/s*math.Abs(n[i]) + math.Abs(eta*n[i])*slack + 8*c.eps()*(math.Abs(eta*in[i])+math.Abs(eta*d*n[i])+math.Abs(s*n[i]))
			switch {
			case c.about(k, 0, d*d, eta*eta, eta*eta*d*d).any || math.Abs(k) < 4*kSlack:
				list = append(list, anything)
			case k < 0:
				list = append(list, c.num(0))
			default:
				list = append(list, c.about(r, loss, eta*in[i], eta*d, eta*d*n[i], s*n[i]))
			}
		}
		return [][]want{list}
	}
	m["determinant"] = func(c *call) [][]want {
		x := c.reals(0)
		n := int(math.Sqrt(float64(len(x))))
		det, size := determinant(x, n, 0, nil)
		return [][]want{{c.about(det, 16*c.eps()*size, size)}}
	}
	m["transpose"] = func(c *call) [][]want {
		cols, rows := matrixShape(c.fn.Params[0].Type.String())
		list := make([]want, cols*rows)
		for i := range cols {
			for j := range rows {
				list[j*cols+i] = c.bits(c.x[0][i*rows+j])
			}
		}
		return [][]want{list}
	}
}

// about is a want near x; nothing is specified where x, or one of the
// intermediate results, is out of the type's range or loses its digits.
func (c *call) about(x, slack float64, intermediate ...float64) want {
	f := c.format()
	for _, v := range append(intermediate, x, slack) {
		if isNaN(v) || math.Abs(v) > f.max()/8 {
			return anything
		}
	}
	return want{near: true, real: x, ulps: 1, slack: slack + 16*math.Ldexp(1, f.least-f.digits+1), anySign: true}
}

// dot is a product of vectors, and what of it rounding may lose.
func (c *call) dot(x, y []float64) (sum, slack float64) {
	for i := range x {
		sum += x[i] * y[i]
		slack += math.Abs(x[i] * y[i])
	}
	if slack > c.format().max()/8 {
		return math.NaN(), slack
	}
	return sum, slack * c.eps() * float64(len(x)+1)
}

// squares reports whether a sum of squares keeps its digits.
func (c *call) squares(s float64) bool {
	f := c.format()
	if f.bits == 16 {
		f = formatOf(0) // done in float
	}
	return s > math.Ldexp(1, f.least+f.digits+4) && s < f.max()/8
}

func (c *call) length(x []float64, slack float64) want {
	s, _ := c.dot(x, x)
	if !c.squares(s) {
		return anything
	}
	return c.about(math.Sqrt(s), math.Sqrt(s)*4*c.eps()+slack)
}

// difference is the first argument less the second, and what of its length
// rounding may lose.
func (c *call) difference() (d []float64, slack float64) {
	x, y := c.reals(0), c.reals(1)
	for i := range x {
		d = append(d, x[i]-y[i])
		slack += c.eps() * (math.Abs(x[i]) + math.Abs(y[i]))
	}
	return d, slack
}

// determinant expands by columns; size is the sum of what is added.
func determinant(x []float64, n, col int, used []int) (det, size float64) {
	if col == n {
		return 1, 1
	}
	sign := 1.0
	for row := range n {
		if contains(used, row) {
			continue
		}
		d, s := determinant(x, n, col+1, append(append([]int(nil), used...), row))
		det += sign * x[col*n+row] * d
		size += math.Abs(x[col*n+row]) * s
		sign = -sign
	}
	return det, size
}

func contains(list []int, x int) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// matrixShape reads the columns and rows in the name of a matrix type.
func matrixShape(name string) (cols, rows int) {
	return int(name[len(name)-3] - '0'), int(name[len(name)-1] - '0')
}

// fields are the widths of what a packed word has, the first in the lowest bits.
var fields = map[string][]int{"norm4x8": {8, 8, 8, 8}, "norm2x16": {16, 16}, "norm10a2": {10, 10, 10, 2}, "norm565": {5, 6, 5}}

func addPackOracles(m map[string]oracle) {
	for name, widths := range fields {
		for _, t := range []string{"float", "half"} {
			for _, sign := range []string{"u", "s"} {
				m["pack_"+t+"_to_"+sign+name] = packed(widths, sign == "s", false)
				m["unpack_"+sign+name+"_to_"+t] = unpacked(widths, sign == "s", false)
			}
		}
	}
	for _, t := range []string{"float", "half"} {
		m["pack_"+t+"_to_srgb_unorm4x8"] = packed(fields["norm4x8"], false, true)
		m["unpack_unorm4x8_srgb_to_"+t] = unpacked(fields["norm4x8"], false, true)
	}
}

func steps(width int, signed bool) float64 {
	if signed {
		width--
	}
	return float64(int(1)<<width - 1)
}

// packed computes a word of four fields at most. A value that is nearly on the
// middle between two steps may go to either: then nothing is said of the word.
func packed(widths []int, signed, srgb bool) oracle {
	return func(c *call) [][]want {
		var word uint64
		at := 0
		for i, x := range c.reals(0) {
			lo := 0.0
			if signed {
				lo = -1
			}
			if isNaN(x) {
				return [][]want{{anything}}
			}
			x = math.Min(math.Max(x, lo), 1)
			doubt := 1e-3
			if srgb && i < 3 {
				doubt = 0.01
				if x < 0.0031308 {
					x *= 12.92
				} else {
					x = 1.055*math.Pow(x, 1/2.4) - 0.055
				}
			}
			x *= steps(widths[i], signed)
			if math.Abs(math.Abs(x-math.Trunc(x))-0.5) < doubt {
				return [][]want{{anything}}
			}
			word |= uint64(int64(math.RoundToEven(x))) & (1<<widths[i] - 1) << at
			at += widths[i]
		}
		return [][]want{{c.bits(word)}}
	}
}

func unpacked(widths []int, signed, srgb bool) oracle {
	return func(c *call) [][]want {
		var list []want
		at := 0
		half := strings.HasSuffix(c.fn.Name, "half")
		for i, n := range widths {
			v := float64(c.x[0][0] >> at & (1<<n - 1))
			if signed && v >= float64(int(1)<<(n-1)) {
				v -= float64(int(1) << n)
			}
			v = math.Max(v/steps(n, signed), -1)
			w := want{near: true, real: v, ulps: 0.5001}
			if half {
				w.ulps = 0.51 // rounded twice
			}
			if srgb && i < 3 {
				if v <= 0.04045 {
					w.real = v / 12.92
				} else {
					w.real = math.Pow((v+0.055)/1.055, 2.4)
				}
				w.ulps = 8
				if half {
					w.ulps = 1
				}
			}
			list = append(list, w)
			at += n
		}
		return [][]want{list}
	}
}
