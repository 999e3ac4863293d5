package msl

import (
	"math"
	"math/big"
	"strings"
	"testing"
)

func b2w(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func isNaN(x float32) bool { return x != x }

// minNum and maxNum are C's fmin and fmax; of two zeros -0 is the less.
func minNum(x, y float32) float32 {
	switch {
	case isNaN(x):
		return y
	case isNaN(y):
		return x
	}
	return float32(math.Min(float64(x), float64(y)))
}

func maxNum(x, y float32) float32 {
	switch {
	case isNaN(x):
		return y
	case isNaN(y):
		return x
	}
	return float32(math.Max(float64(x), float64(y)))
}

func TestFloatOperators(t *testing.T) {
	var samples []sample
	for _, s := range floats {
		two := func(expr string, f func(x, y float32) float32) {
			samples = append(samples, sample{expr: expr, in: []*scalar{s, s}, out: s,
				want: func(x []uint64) uint64 { return s.round(f(s.f32(x[0]), s.f32(x[1]))) }})
		}
		two("x + y", func(x, y float32) float32 { return x + y })
		two("x - y", func(x, y float32) float32 { return x - y })
		two("x * y", func(x, y float32) float32 { return x * y })
		two("x / y", func(x, y float32) float32 { return x / y })
		test := func(expr string, f func(x, y float32) bool) {
			samples = append(samples, sample{expr: expr, in: []*scalar{s, s}, out: sBool,
				want: func(x []uint64) uint64 { return b2w(f(s.f32(x[0]), s.f32(x[1]))) }})
		}
		test("x == y", func(x, y float32) bool { return x == y })
		test("x != y", func(x, y float32) bool { return x != y })
		test("x < y", func(x, y float32) bool { return x < y })
		test("x <= y", func(x, y float32) bool { return x <= y })
		test("x > y", func(x, y float32) bool { return x > y })
		test("x >= y", func(x, y float32) bool { return x >= y })
		test("isordered(x, y)", func(x, y float32) bool { return !isNaN(x) && !isNaN(y) })
		test("isunordered(x, y)", func(x, y float32) bool { return isNaN(x) || isNaN(y) })
		samples = append(samples,
			sample{expr: "-x", in: []*scalar{s}, out: s, want: func(x []uint64) uint64 { return x[0] ^ 1<<(8*s.size-1) }},
			sample{expr: "!x", in: []*scalar{s}, out: sBool, want: func(x []uint64) uint64 { return b2w(s.f32(x[0]) == 0) }},
			sample{expr: "bool(x)", in: []*scalar{s}, out: sBool, want: func(x []uint64) uint64 { return b2w(s.f32(x[0]) != 0) }},
		)
		// To an integer: toward zero, saturated, 0 for NaN.
		for _, to := range allInts {
			samples = append(samples, sample{expr: "(" + to.name + ")x", in: []*scalar{s}, out: to, want: func(x []uint64) uint64 {
				f := float64(s.f32(x[0]))
				if math.IsNaN(f) {
					return 0
				}
				f = math.Trunc(f)
				lo, _ := to.lo().Float64()
				hi, _ := to.hi().Float64()
				switch {
				case f <= lo:
					return to.wrap(to.lo())
				case f >= hi:
					return to.wrap(to.hi())
				case f < 0:
					return to.mask(uint64(int64(f)))
				}
				return uint64(f)
			}})
			samples = append(samples, sample{expr: "(" + s.name + ")x", in: []*scalar{to}, out: s, want: func(x []uint64) uint64 {
				// A double holds all but the longs; those here round the same.
				n := to.bigOf(x[0])
				f, _ := new(big.Float).SetInt(n).Float32()
				return s.round(f)
			}})
		}
	}
	samples = append(samples,
		sample{expr: "(half)x", in: []*scalar{sFloat}, out: sHalf, want: func(x []uint64) uint64 { return sHalf.round(f32of(x[0])) }},
		sample{expr: "(float)x", in: []*scalar{sHalf}, out: sFloat, want: func(x []uint64) uint64 { return f32bits(sHalf.f32(x[0])) }},
		sample{expr: "x + y", in: []*scalar{sHalf, sFloat}, out: sFloat, want: func(x []uint64) uint64 {
			return f32bits(sHalf.f32(x[0]) + f32of(x[1]))
		}},
		// Rounded after each operation.
		sample{expr: "x * y + y", in: []*scalar{sHalf, sHalf}, out: sHalf, want: func(x []uint64) uint64 {
			a, b := sHalf.f32(x[0]), sHalf.f32(x[1])
			p := sHalf.f32(sHalf.round(float32(a * b)))
			return sHalf.round(p + b)
		}},
		sample{expr: "x * y + y", in: []*scalar{sFloat, sFloat}, out: sFloat, want: func(x []uint64) uint64 {
			a, b := f32of(x[0]), f32of(x[1])
			return f32bits(float32(a*b) + b)
		}},
	)
	checkSamples(t, samples)
}

func TestFloatFunctions(t *testing.T) {
	var samples []sample
	f64 := func(f func(float64) float64) func(x []float32) float32 {
		return func(x []float32) float32 { return float32(f(float64(x[0]))) }
	}
	rows := []struct {
		expr string
		n    int
		want func(x []float32) float32
	}{
		{"floor(x)", 1, f64(math.Floor)},
		{"ceil(x)", 1, f64(math.Ceil)},
		{"trunc(x)", 1, f64(math.Trunc)},
		{"rint(x)", 1, f64(math.RoundToEven)},
		{"round(x)", 1, f64(math.Round)},
		{"fabs(x)", 1, f64(math.Abs)},
		{"abs(x)", 1, f64(math.Abs)},
		{"sqrt(x)", 1, f64(math.Sqrt)},
		{"fmin(x, y)", 2, func(x []float32) float32 { return minNum(x[0], x[1]) }},
		{"fmax(x, y)", 2, func(x []float32) float32 { return maxNum(x[0], x[1]) }},
		{"min(x, y)", 2, func(x []float32) float32 { return minNum(x[0], x[1]) }},
		{"max(x, y)", 2, func(x []float32) float32 { return maxNum(x[0], x[1]) }},
		{"copysign(x, y)", 2, func(x []float32) float32 { return float32(math.Copysign(float64(x[0]), float64(x[1]))) }},
		{"fmod(x, y)", 2, func(x []float32) float32 { return float32(math.Mod(float64(x[0]), float64(x[1]))) }},
		{"divide(x, y)", 2, func(x []float32) float32 { return x[0] / x[1] }},
		{"fdim(x, y)", 2, func(x []float32) float32 {
			if x[0] <= x[1] {
				return 0
			}
			return x[0] - x[1]
		}},
		{"saturate(x)", 1, func(x []float32) float32 { return minNum(maxNum(x[0], 0), 1) }},
		{"clamp(x, y, z)", 3, func(x []float32) float32 { return minNum(maxNum(x[0], x[1]), x[2]) }},
		{"sign(x)", 1, func(x []float32) float32 {
			switch {
			case isNaN(x[0]):
				return 0
			case x[0] > 0:
				return 1
			case x[0] < 0:
				return -1
			}
			return x[0]
		}},
		{"step(x, y)", 2, func(x []float32) float32 {
			if x[1] < x[0] {
				return 0
			}
			return 1
		}},
		{"min3(x, y, z)", 3, func(x []float32) float32 { return minNum(minNum(x[0], x[1]), x[2]) }},
		{"fmax3(x, y, z)", 3, func(x []float32) float32 { return maxNum(maxNum(x[0], x[1]), x[2]) }},
	}
	for _, r := range rows {
		for _, s := range floats {
			in := []*scalar{s, s, s}[:r.n]
			samples = append(samples, sample{expr: r.expr, in: in, out: s, want: func(x []uint64) uint64 {
				var f []float32
				for _, w := range x {
					f = append(f, s.f32(w))
				}
				return s.round(r.want(f))
			}})
		}
	}
	samples = append(samples,
		sample{expr: "fma(x, y, z)", in: []*scalar{sFloat, sFloat, sFloat}, out: sFloat, want: func(x []uint64) uint64 {
			return f32bits(float32(fma32(f32of(x[0]), f32of(x[1]), f32of(x[2]))))
		}},
		sample{expr: "mix(x, y, z)", in: []*scalar{sFloat, sFloat, sFloat}, out: sFloat, want: func(x []uint64) uint64 {
			a, b, c := f32of(x[0]), f32of(x[1]), f32of(x[2])
			d := b - a
			return f32bits(a + float32(d*c))
		}},
		sample{expr: "smoothstep(x, y, z)", in: []*scalar{sFloat, sFloat, sFloat}, out: sFloat, want: func(x []uint64) uint64 {
			a, b, c := f32of(x[0]), f32of(x[1]), f32of(x[2])
			u := minNum(maxNum((c-a)/(b-a), 0), 1)
			v := 3 - float32(2*u)
			return f32bits(float32(u*u) * v)
		}},
		sample{expr: "fract(x)", in: []*scalar{sFloat}, out: sFloat, want: func(x []uint64) uint64 {
			f := f32of(x[0])
			r := f - float32(math.Floor(float64(f)))
			if r > 0x1.fffffep-1 {
				r = 0x1.fffffep-1
			}
			return f32bits(r)
		}},
		sample{expr: "nextafter(x, y)", in: []*scalar{sFloat, sFloat}, out: sFloat, want: func(x []uint64) uint64 {
			a, b := f32of(x[0]), f32of(x[1])
			if a == b {
				return x[1]
			}
			if a == 0 { // Go forgets the sign of the other
				return f32bits(float32(math.Copysign(math.SmallestNonzeroFloat32, float64(b))))
			}
			return f32bits(math.Nextafter32(a, b))
		}, skip: func(x []uint64) bool { return f32of(x[0]) == 0 && isNaN(f32of(x[1])) }},
	)
	for _, s := range floats {
		for _, r := range []struct {
			expr string
			want func(f float64) bool
		}{
			{"isnan(x)", func(f float64) bool { return math.IsNaN(f) }},
			{"isinf(x)", func(f float64) bool { return math.IsInf(f, 0) }},
			{"isfinite(x)", func(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }},
			{"isnormal(x)", func(f float64) bool {
				least := 0x1p-126
				if s == sHalf {
					least = 0x1p-14
				}
				return !math.IsNaN(f) && !math.IsInf(f, 0) && math.Abs(f) >= least
			}},
		} {
			samples = append(samples, sample{expr: r.expr, in: []*scalar{s}, out: sBool,
				want: func(x []uint64) uint64 { return b2w(r.want(float64(s.f32(x[0])))) }})
		}
		samples = append(samples,
			sample{expr: "signbit(x)", in: []*scalar{s}, out: sBool, want: func(x []uint64) uint64 { return x[0] >> (8*s.size - 1) }},
			sample{expr: "select(x, y, z)", in: []*scalar{s, s, sBool}, out: s, want: func(x []uint64) uint64 {
				if x[2] != 0 {
					return x[1]
				}
				return x[0]
			}},
		)
	}
	checkSamples(t, samples)
}

// fma32 rounds x*y+z once: the product of two floats is exact in a double, and
// the sum is rounded to odd before it is rounded to float.
func fma32(x, y, z float32) float64 {
	p := float64(x) * float64(y)
	s := p + float64(z)
	if math.IsNaN(s) || math.IsInf(s, 0) {
		return s
	}
	// The error of the sum, by Knuth.
	b := s - p
	e := (p - (s - b)) + (float64(z) - b)
	if e != 0 && math.Float64bits(s)&1 == 0 {
		if (e > 0) == (s > 0) {
			return math.Float64frombits(math.Float64bits(s) + 1)
		}
		return math.Float64frombits(math.Float64bits(s) - 1)
	}
	return s
}

func TestExponents(t *testing.T) {
	shifts := &scalar{name: "int", size: 4, signed: true}
	for _, k := range []int32{0, 1, -1, 10, -10, 23, -24, 126, 127, 128, -126, -127, -149, -150, 200, -200, 254, 255, 276, 300, -276, -300, 1000, -1000, math.MaxInt32, math.MinInt32} {
		shifts.values = append(shifts.values, uint64(uint32(k)))
	}
	var samples []sample
	for _, s := range floats {
		samples = append(samples, sample{expr: "ldexp(x, y)", in: []*scalar{s, shifts}, out: s, want: func(x []uint64) uint64 {
			k := int(int32(x[1]))
			k = min(max(k, -2000), 2000)
			f := math.Ldexp(float64(s.f32(x[0])), k)
			if s == sHalf {
				return sHalf.round(float32(f)) // exact in float, or far out of reach
			}
			return f32bits(float32(f))
		}})
	}
	checkSamples(t, samples)
}

func TestMathFunctions(t *testing.T) {
	var samples []sample
	for _, r := range []struct {
		name string
		f    func(float64) float64
		ulps int64
	}{
		{"exp", math.Exp, 4}, {"exp2", math.Exp2, 4}, {"log", math.Log, 4}, {"log2", math.Log2, 4}, {"log10", math.Log10, 4},
		{"sin", math.Sin, 4}, {"cos", math.Cos, 4}, {"tan", math.Tan, 6}, {"asin", math.Asin, 5}, {"acos", math.Acos, 5},
		{"atan", math.Atan, 5}, {"sinh", math.Sinh, 5}, {"cosh", math.Cosh, 5}, {"tanh", math.Tanh, 5},
		{"asinh", math.Asinh, 5}, {"acosh", math.Acosh, 5}, {"atanh", math.Atanh, 5},
		{"rsqrt", func(x float64) float64 { return 1 / math.Sqrt(x) }, 2},
		{"exp10", func(x float64) float64 { return math.Pow(10, x) }, 4},
	} {
		for _, s := range floats {
			tiny := func(x []uint64) bool { // results that are subnormal may be flushed
				y := math.Abs(r.f(float64(s.f32(x[0]))))
				return y != 0 && y < 0x1p-126
			}
			ulps := r.ulps
			if s == sHalf {
				ulps = 1
			}
			names := []string{r.name}
			if s == sFloat {
				names = []string{r.name, "precise::" + r.name, "fast::" + r.name}
			}
			for _, name := range names {
				skip := tiny
				if strings.HasPrefix(name, "fast::") {
					skip = func(x []uint64) bool { // and so may arguments
						a := math.Abs(float64(s.f32(x[0])))
						return tiny(x) || a != 0 && a < 0x1p-126
					}
				}
				samples = append(samples, sample{expr: name + "(x)", in: []*scalar{s}, out: s, ulps: ulps, skip: skip,
					want: func(x []uint64) uint64 { return s.round(float32(r.f(float64(s.f32(x[0]))))) }})
			}
		}
	}
	samples = append(samples,
		sample{expr: "precise::pow(x, y)", in: []*scalar{sFloat, sFloat}, out: sFloat, ulps: 16,
			skip: func(x []uint64) bool {
				y := math.Abs(math.Pow(float64(f32of(x[0])), float64(f32of(x[1]))))
				return y != 0 && y < 0x1p-126
			},
			want: func(x []uint64) uint64 {
				return f32bits(float32(math.Pow(float64(f32of(x[0])), float64(f32of(x[1])))))
			}},
		sample{expr: "precise::atan2(x, y)", in: []*scalar{sFloat, sFloat}, out: sFloat, ulps: 6,
			skip: func(x []uint64) bool {
				y := math.Abs(math.Atan2(float64(f32of(x[0])), float64(f32of(x[1]))))
				return y != 0 && y < 0x1p-126
			},
			want: func(x []uint64) uint64 {
				return f32bits(float32(math.Atan2(float64(f32of(x[0])), float64(f32of(x[1])))))
			}},
	)
	checkSamples(t, samples)
}
