package conformance

import (
	"math"
	"math/big"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// A call is one call of a library function: of a scalar function with one
// component of each argument.
type call struct {
	fn   *stdlib.Func
	mode sem.Mode
	kind types.Kind // of the first argument
	k    []types.Kind
	x    [][]uint64 // the components of each argument
}

// A want is what a component of a result must be.
type want struct {
	any     bool    // nothing is specified
	bits    uint64  // what it must be, if not near
	near    bool    // it must be close to real
	real    float64 //
	ulps    float64 // how close, in units in the last place of real
	slack   float64 // and what may be added to that
	anySign bool    // of a zero or an infinity
}

var anything = want{any: true}

// oracle returns what must be in the result, a want a component, and after that
// in the arguments that the function writes.
type oracle func(c *call) [][]want

func (c *call) format() format      { return formatOf(c.kind) }
func (c *call) f(i int) float64     { return formatOf(c.k[i]).value(c.x[i][0]) }
func (c *call) n(i int) *big.Int    { return integer(c.k[i], c.x[i][0]) }
func (c *call) eps() float64        { return math.Ldexp(1, -c.format().digits) }
func (c *call) bits(w uint64) want  { return want{bits: w} }
func (c *call) num(x float64) want  { return want{bits: c.format().encode(x)} }
func (c *call) int(n *big.Int) want { return want{bits: wrap(c.kind, n)} }

// reals are the components of an argument.
func (c *call) reals(i int) []float64 {
	var v []float64
	for _, w := range c.x[i] {
		v = append(v, formatOf(c.k[i]).value(w))
	}
	return v
}

// per makes an oracle of a function that treats components alike.
func per(f func(c *call) want) oracle {
	return func(c *call) [][]want { return [][]want{{f(c)}} }
}

func real1(f func(x float64) float64) oracle {
	return per(func(c *call) want { return c.num(f(c.f(0))) })
}

func real2(f func(x, y float64) float64) oracle {
	return per(func(c *call) want { return c.num(f(c.f(0), c.f(1))) })
}

func test1(f func(c *call, x float64) bool) oracle {
	return per(func(c *call) want { return c.bits(bit(f(c, c.f(0)))) })
}

func int1(f func(c *call, x *big.Int) *big.Int) oracle {
	return per(func(c *call) want { return c.int(f(c, c.n(0))) })
}

func int2(f func(c *call, x, y *big.Int) *big.Int) oracle {
	return per(func(c *call) want { return c.int(f(c, c.n(0), c.n(1))) })
}

func int3(f func(c *call, x, y, z *big.Int) *big.Int) oracle {
	return per(func(c *call) want { return c.int(f(c, c.n(0), c.n(1), c.n(2))) })
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func isNaN(x float64) bool { return x != x }

// lesser and greater are C's fmin and fmax. The sign of a zero that is equal to
// the other zero is not specified.
func lesser(x, y float64) float64 {
	switch {
	case isNaN(x) || y < x:
		return y
	}
	return x
}

func greater(x, y float64) float64 {
	switch {
	case isNaN(x) || y > x:
		return y
	}
	return x
}

func middle(x, y, z float64) float64 {
	return greater(lesser(x, y), lesser(greater(x, y), z))
}

// ordered is a result that is one of the arguments, picked by size.
func ordered(c *call, x float64) want {
	w := c.num(x)
	w.anySign = x == 0
	return w
}

// both makes one oracle for functions that integers and floats share.
func both(f func(c *call) want, g func(c *call) want) oracle {
	return per(func(c *call) want {
		if isFloat(c.kind) {
			return f(c)
		}
		return g(c)
	})
}

func least(x ...*big.Int) *big.Int {
	r := x[0]
	for _, n := range x[1:] {
		if n.Cmp(r) < 0 {
			r = n
		}
	}
	return r
}

func most(x ...*big.Int) *big.Int {
	r := x[0]
	for _, n := range x[1:] {
		if n.Cmp(r) > 0 {
			r = n
		}
	}
	return r
}

func add(x, y *big.Int) *big.Int { return new(big.Int).Add(x, y) }
func sub(x, y *big.Int) *big.Int { return new(big.Int).Sub(x, y) }
func mul(x, y *big.Int) *big.Int { return new(big.Int).Mul(x, y) }

// high is the upper half of a product.
func high(c *call, x, y *big.Int) *big.Int { return new(big.Int).Rsh(mul(x, y), width(c.kind)) }

// halve rounds toward negative infinity.
func halve(x *big.Int) *big.Int { return new(big.Int).Rsh(x, 1) }

// oracles has an oracle for each function of the library that computes a value
// from its arguments alone.
func oracles() map[string]oracle {
	m := map[string]oracle{}
	addCommonOracles(m)
	addFloatOracles(m)
	addIntegerOracles(m)
	addVectorOracles(m)
	addPackOracles(m)
	for _, r := range accuracy {
		m[r.name] = r.oracle
	}
	return m
}

func addCommonOracles(m map[string]oracle) {
	for _, f := range []string{"", "f"} {
		m[f+"min"] = both(func(c *call) want { return ordered(c, lesser(c.f(0), c.f(1))) },
			func(c *call) want { return c.int(least(c.n(0), c.n(1))) })
		m[f+"max"] = both(func(c *call) want { return ordered(c, greater(c.f(0), c.f(1))) },
			func(c *call) want { return c.int(most(c.n(0), c.n(1))) })
		m[f+"min3"] = both(func(c *call) want { return ordered(c, lesser(lesser(c.f(0), c.f(1)), c.f(2))) },
			func(c *call) want { return c.int(least(c.n(0), c.n(1), c.n(2))) })
		m[f+"max3"] = both(func(c *call) want { return ordered(c, greater(greater(c.f(0), c.f(1)), c.f(2))) },
			func(c *call) want { return c.int(most(c.n(0), c.n(1), c.n(2))) })
		m[f+"median3"] = both(func(c *call) want {
			x, y, z := c.f(0), c.f(1), c.f(2)
			if isNaN(x) || isNaN(y) || isNaN(z) {
				return anything
			}
			return ordered(c, middle(x, y, z))
		}, func(c *call) want {
			x, y, z := c.n(0), c.n(1), c.n(2)
			return c.int(most(least(x, y), least(most(x, y), z)))
		})
	}
	m["abs"] = both(func(c *call) want { return c.num(math.Abs(c.f(0))) }, func(c *call) want { return c.int(new(big.Int).Abs(c.n(0))) })
	m["clamp"] = both(func(c *call) want {
		if c.f(1) > c.f(2) {
			return anything // by specification
		}
		return ordered(c, lesser(greater(c.f(0), c.f(1)), c.f(2)))
	}, func(c *call) want {
		if c.n(1).Cmp(c.n(2)) > 0 {
			return anything
		}
		return c.int(least(most(c.n(0), c.n(1)), c.n(2)))
	})
	m["saturate"] = per(func(c *call) want { return ordered(c, lesser(greater(c.f(0), 0), 1)) })
	m["sign"] = real1(func(x float64) float64 {
		switch {
		case isNaN(x):
			return 0
		case x == 0:
			return x
		}
		return math.Copysign(1, x)
	})
	m["step"] = real2(func(edge, x float64) float64 {
		if x < edge {
			return 0
		}
		return 1
	})
	// In the type's arithmetic, an operation after the other.
	m["mix"] = per(func(c *call) want {
		f, x, y, a := c.format(), c.f(0), c.f(1), c.f(2)
		return c.num(x + f.round(f.round(y-x)*a))
	})
	m["smoothstep"] = per(func(c *call) want {
		f, lo, hi, x := c.format(), c.f(0), c.f(1), c.f(2)
		if !(lo < hi) || isNaN(x) {
			return anything
		}
		u := lesser(greater(f.round(f.round(x-lo)/f.round(hi-lo)), 0), 1)
		if isNaN(u) {
			return anything
		}
		return ordered(c, f.round(f.round(u*u)*f.round(3-f.round(2*u))))
	})
	m["select"] = per(func(c *call) want {
		w := c.x[0][0]
		if c.x[2][0] != 0 {
			w = c.x[1][0]
		}
		return c.bits(w)
	})
	m["all"] = func(c *call) [][]want {
		r := uint64(1)
		for _, w := range c.x[0] {
			r &= w
		}
		return [][]want{{c.bits(r)}}
	}
	m["any"] = func(c *call) [][]want {
		r := uint64(0)
		for _, w := range c.x[0] {
			r |= w
		}
		return [][]want{{c.bits(r)}}
	}
}

// addFloatOracles adds the functions of floats whose results are exact or
// correctly rounded.
func addFloatOracles(m map[string]oracle) {
	m["ceil"] = real1(math.Ceil)
	m["floor"] = real1(math.Floor)
	m["trunc"] = real1(math.Trunc)
	m["rint"] = real1(math.RoundToEven)
	m["round"] = real1(math.Round)
	m["fabs"] = real1(math.Abs)
	m["sqrt"] = real1(math.Sqrt)
	m["copysign"] = per(func(c *call) want {
		top := uint64(1) << (c.format().bits - 1)
		return c.bits(c.x[0][0]&^top | c.x[1][0]&top)
	})
	m["divide"] = real2(func(x, y float64) float64 { return x / y })
	m["fmod"] = real2(math.Mod)
	m["fdim"] = real2(func(x, y float64) float64 {
		if x <= y {
			return 0
		}
		return x - y
	})
	m["fma"] = per(func(c *call) want { return c.num(fusedMultiplyAdd(c.f(0), c.f(1), c.f(2))) })
	m["fract"] = per(func(c *call) want {
		x := c.f(0)
		if math.IsInf(x, 0) {
			return anything
		}
		f := c.format()
		return ordered(c, math.Min(f.round(x-math.Floor(x)), 1-math.Ldexp(1, -f.digits)))
	})
	m["nextafter"] = per(func(c *call) want {
		f, x, y := c.format(), c.f(0), c.f(1)
		switch {
		case isNaN(x) || isNaN(y):
			return c.num(math.NaN())
		case x == y:
			return c.bits(c.x[1][0])
		case x == 0:
			return c.num(math.Copysign(math.Ldexp(1, f.least-f.digits+1), y))
		case (x < y) == (x > 0):
			return c.bits(c.x[0][0] + 1)
		}
		return c.bits(c.x[0][0] - 1)
	})
	m["ldexp"] = per(func(c *call) want {
		k := max(min(c.n(1).Int64(), 2000), -2000)
		return c.num(math.Ldexp(c.f(0), int(k)))
	})
	m["frexp"] = func(c *call) [][]want {
		x := c.f(0)
		frac, exp := math.Frexp(x)
		w := want{bits: wrap(types.Int, big.NewInt(int64(exp)))}
		if isNaN(x) || math.IsInf(x, 0) {
			w = anything
		}
		return [][]want{{c.num(frac)}, {w}}
	}
	m["ilogb"] = per(func(c *call) want {
		x := c.f(0)
		switch {
		case x == 0:
			return want{bits: 0x80000000} // FP_ILOGB0
		case isNaN(x) || math.IsInf(x, 0):
			return want{bits: 0x7fffffff} // FP_ILOGBNAN
		}
		return want{bits: wrap(types.Int, big.NewInt(int64(math.Ilogb(x))))}
	})
	m["modf"] = func(c *call) [][]want {
		x := c.f(0)
		whole := math.Trunc(x)
		frac := x - whole
		if math.IsInf(x, 0) {
			frac = 0
		}
		return [][]want{{c.num(math.Copysign(frac, x))}, {c.num(whole)}}
	}
	m["isfinite"] = test1(func(c *call, x float64) bool { return !isNaN(x) && !math.IsInf(x, 0) })
	m["isinf"] = test1(func(c *call, x float64) bool { return math.IsInf(x, 0) })
	m["isnan"] = test1(func(c *call, x float64) bool { return isNaN(x) })
	m["isnormal"] = test1(func(c *call, x float64) bool {
		return !isNaN(x) && !math.IsInf(x, 0) && math.Abs(x) >= math.Ldexp(1, c.format().least)
	})
	m["signbit"] = per(func(c *call) want { return c.bits(c.x[0][0] >> (c.format().bits - 1)) })
	m["isordered"] = per(func(c *call) want { return c.bits(bit(!isNaN(c.f(0)) && !isNaN(c.f(1)))) })
	m["isunordered"] = per(func(c *call) want { return c.bits(bit(isNaN(c.f(0)) || isNaN(c.f(1)))) })
}

// fusedMultiplyAdd is x*y+z rounded to odd in float64, which loses nothing that
// a shorter format could tell.
func fusedMultiplyAdd(x, y, z float64) float64 {
	s := x*y + z
	if isNaN(s) || math.IsInf(s, 0) || isNaN(x*y) || math.IsInf(x*y, 0) || x*y == 0 || z == 0 {
		return s // the product is exact
	}
	exact := new(big.Float).SetPrec(1000).SetMode(big.ToZero)
	exact.Mul(exact.SetFloat64(x), new(big.Float).SetPrec(1000).SetFloat64(y))
	exact.Add(exact, new(big.Float).SetPrec(1000).SetFloat64(z))
	if exact.Sign() == 0 {
		return s
	}
	r, _ := exact.SetPrec(53).Float64()
	if exact.Acc() != big.Exact {
		r = math.Float64frombits(math.Float64bits(r) | 1)
	}
	return r
}

func addIntegerOracles(m map[string]oracle) {
	one := big.NewInt(1)
	m["absdiff"] = int2(func(c *call, x, y *big.Int) *big.Int { return new(big.Int).Abs(sub(x, y)) })
	m["addsat"] = per(func(c *call) want { return c.bits(saturate(c.kind, add(c.n(0), c.n(1)))) })
	m["subsat"] = per(func(c *call) want { return c.bits(saturate(c.kind, sub(c.n(0), c.n(1)))) })
	m["madsat"] = per(func(c *call) want { return c.bits(saturate(c.kind, add(mul(c.n(0), c.n(1)), c.n(2)))) })
	m["hadd"] = int2(func(c *call, x, y *big.Int) *big.Int { return halve(add(x, y)) })
	m["rhadd"] = int2(func(c *call, x, y *big.Int) *big.Int { return halve(add(add(x, y), one)) })
	m["mulhi"] = int2(high)
	m["madhi"] = int3(func(c *call, x, y, z *big.Int) *big.Int { return add(high(c, x, y), z) })
	m["clz"] = int1(func(c *call, x *big.Int) *big.Int {
		return big.NewInt(int64(width(c.kind)) - int64(new(big.Int).SetUint64(c.x[0][0]).BitLen()))
	})
	m["ctz"] = int1(func(c *call, x *big.Int) *big.Int {
		n := int64(0)
		for n < int64(width(c.kind)) && c.x[0][0]>>n&1 == 0 {
			n++
		}
		return big.NewInt(n)
	})
	m["popcount"] = int1(func(c *call, x *big.Int) *big.Int {
		n := uint64(0)
		for w := c.x[0][0]; w != 0; w >>= 1 {
			n += w & 1
		}
		return new(big.Int).SetUint64(n)
	})
	m["reverse_bits"] = per(func(c *call) want {
		var r uint64
		for i := range width(c.kind) {
			r = r<<1 | c.x[0][0]>>i&1
		}
		return c.bits(r)
	})
	m["rotate"] = per(func(c *call) want {
		n := width(c.kind)
		by := new(big.Int).Mod(c.n(1), big.NewInt(int64(n))).Uint64()
		var r uint64
		for i := range uint64(n) {
			r |= c.x[0][0] >> i & 1 << ((i + by) % uint64(n))
		}
		return c.bits(r)
	})
	m["extract_bits"] = per(func(c *call) want {
		off, n := c.x[1][0], c.x[2][0]
		if off+n > uint64(width(c.kind)) {
			return anything
		}
		if n == 0 {
			return c.bits(0)
		}
		x := new(big.Int).SetUint64(c.x[0][0] >> off)
		x.And(x, sub(new(big.Int).Lsh(one, uint(n)), one))
		if isSigned(c.kind) && x.Bit(int(n)-1) == 1 {
			x.Sub(x, new(big.Int).Lsh(one, uint(n)))
		}
		return c.int(x)
	})
	m["insert_bits"] = per(func(c *call) want {
		off, n := c.x[2][0], c.x[3][0]
		if off+n > uint64(width(c.kind)) {
			return anything
		}
		r := c.x[0][0]
		for i := range n {
			r = r&^(1<<(off+i)) | c.x[1][0]>>i&1<<(off+i)
		}
		return c.bits(r)
	})
	// Products of 24 bits: of other arguments nothing is said.
	narrow := func(c *call, i int) bool {
		n := c.n(i)
		return n.BitLen() < 24 || !isSigned(c.kind) && n.BitLen() == 24
	}
	m["mul24"] = per(func(c *call) want {
		if !narrow(c, 0) || !narrow(c, 1) {
			return anything
		}
		return c.int(mul(c.n(0), c.n(1)))
	})
	m["mad24"] = per(func(c *call) want {
		if !narrow(c, 0) || !narrow(c, 1) {
			return anything
		}
		return c.int(add(mul(c.n(0), c.n(1)), c.n(2)))
	})
}
