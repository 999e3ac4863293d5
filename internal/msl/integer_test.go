package msl

import (
	"fmt"
	"math/big"
	"math/bits"
	"testing"
)

// bigOf reads bits of an integer type.
func (s *scalar) bigOf(w uint64) *big.Int {
	if s.signed {
		return big.NewInt(s.int64(w))
	}
	return new(big.Int).SetUint64(s.mask(w))
}

// wrap returns the bits of n in the type, modulo its width.
func (s *scalar) wrap(n *big.Int) uint64 {
	m := new(big.Int).Lsh(big.NewInt(1), uint(8*s.size))
	return new(big.Int).Mod(n, m).Uint64()
}

func (s *scalar) lo() *big.Int {
	if !s.signed {
		return new(big.Int)
	}
	return new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), uint(8*s.size-1)))
}

func (s *scalar) hi() *big.Int {
	n := uint(8 * s.size)
	if s.signed {
		n--
	}
	h := new(big.Int).Lsh(big.NewInt(1), n)
	return h.Sub(h, big.NewInt(1))
}

func (s *scalar) saturate(n *big.Int) uint64 {
	if n.Cmp(s.lo()) < 0 {
		n = s.lo()
	}
	if n.Cmp(s.hi()) > 0 {
		n = s.hi()
	}
	return s.wrap(n)
}

func TestIntegerFunctions(t *testing.T) {
	type oracle = func(s *scalar, x []*big.Int) uint64
	add := func(x, y *big.Int) *big.Int { return new(big.Int).Add(x, y) }
	sub := func(x, y *big.Int) *big.Int { return new(big.Int).Sub(x, y) }
	mul := func(x, y *big.Int) *big.Int { return new(big.Int).Mul(x, y) }
	half := func(x *big.Int) *big.Int { return new(big.Int).Rsh(x, 1) } // toward negative infinity
	least := func(x, y *big.Int) *big.Int {
		if x.Cmp(y) < 0 {
			return x
		}
		return y
	}
	most := func(x, y *big.Int) *big.Int {
		if x.Cmp(y) > 0 {
			return x
		}
		return y
	}
	high := func(s *scalar, x *big.Int) *big.Int { return new(big.Int).Rsh(x, uint(8*s.size)) }
	one := big.NewInt(1)
	rows := []struct {
		expr string
		n    int
		want oracle
	}{
		{"addsat(x, y)", 2, func(s *scalar, x []*big.Int) uint64 { return s.saturate(add(x[0], x[1])) }},
		{"subsat(x, y)", 2, func(s *scalar, x []*big.Int) uint64 { return s.saturate(sub(x[0], x[1])) }},
		{"madsat(x, y, z)", 3, func(s *scalar, x []*big.Int) uint64 { return s.saturate(add(mul(x[0], x[1]), x[2])) }},
		{"mulhi(x, y)", 2, func(s *scalar, x []*big.Int) uint64 { return s.wrap(high(s, mul(x[0], x[1]))) }},
		{"madhi(x, y, z)", 3, func(s *scalar, x []*big.Int) uint64 { return s.wrap(add(high(s, mul(x[0], x[1])), x[2])) }},
		{"hadd(x, y)", 2, func(s *scalar, x []*big.Int) uint64 { return s.wrap(half(add(x[0], x[1]))) }},
		{"rhadd(x, y)", 2, func(s *scalar, x []*big.Int) uint64 { return s.wrap(half(add(add(x[0], x[1]), one))) }},
		{"absdiff(x, y)", 2, func(s *scalar, x []*big.Int) uint64 { return s.wrap(new(big.Int).Abs(sub(x[0], x[1]))) }},
		{"min(x, y)", 2, func(s *scalar, x []*big.Int) uint64 { return s.wrap(least(x[0], x[1])) }},
		{"max(x, y)", 2, func(s *scalar, x []*big.Int) uint64 { return s.wrap(most(x[0], x[1])) }},
		{"min3(x, y, z)", 3, func(s *scalar, x []*big.Int) uint64 { return s.wrap(least(least(x[0], x[1]), x[2])) }},
		{"max3(x, y, z)", 3, func(s *scalar, x []*big.Int) uint64 { return s.wrap(most(most(x[0], x[1]), x[2])) }},
		{"median3(x, y, z)", 3, func(s *scalar, x []*big.Int) uint64 {
			return s.wrap(most(least(x[0], x[1]), least(most(x[0], x[1]), x[2])))
		}},
		{"clamp(x, y, z)", 3, func(s *scalar, x []*big.Int) uint64 { return s.wrap(least(most(x[0], x[1]), x[2])) }},
		{"abs(x)", 1, func(s *scalar, x []*big.Int) uint64 { return s.wrap(new(big.Int).Abs(x[0])) }},
	}
	var samples []sample
	for _, r := range rows {
		for _, s := range allInts {
			in := []*scalar{s, s, s}[:r.n]
			samples = append(samples, sample{expr: r.expr, in: in, out: s, want: func(x []uint64) uint64 {
				var n []*big.Int
				for _, w := range x {
					n = append(n, s.bigOf(w))
				}
				return r.want(s, n)
			}})
		}
	}
	checkSamples(t, samples)
}

func TestBitFunctions(t *testing.T) {
	var samples []sample
	for _, s := range allInts {
		width := 8 * s.size
		one := func(expr string, f func(w uint64) uint64) {
			samples = append(samples, sample{expr: expr, in: []*scalar{s}, out: s, want: func(x []uint64) uint64 { return s.mask(f(x[0])) }})
		}
		one("clz(x)", func(w uint64) uint64 { return uint64(bits.LeadingZeros64(w) - (64 - width)) })
		one("ctz(x)", func(w uint64) uint64 { return uint64(min(bits.TrailingZeros64(w), width)) })
		one("popcount(x)", func(w uint64) uint64 { return uint64(bits.OnesCount64(w)) })
		one("reverse_bits(x)", func(w uint64) uint64 { return bits.Reverse64(w) >> (64 - width) })
		samples = append(samples,
			sample{expr: "rotate(x, y)", in: []*scalar{s, s}, out: s, want: func(x []uint64) uint64 {
				r := int(x[1] % uint64(width))
				var out uint64
				for i := range width {
					out |= x[0] >> i & 1 << ((i + r) % width)
				}
				return out
			}},
			sample{expr: "extract_bits(x, y, z)", in: []*scalar{s, sCount, sCount}, out: s,
				skip: func(x []uint64) bool { return x[1]+x[2] > uint64(width) },
				want: func(x []uint64) uint64 {
					var out uint64
					for i := range x[2] {
						out |= x[0] >> (x[1] + i) & 1 << i
					}
					if s.signed && x[2] > 0 && out>>(x[2]-1)&1 == 1 {
						out |= ^uint64(0) << x[2]
					}
					return s.mask(out)
				}},
		)
		// insert_bits has four arguments: the count is a constant here.
		for _, n := range []uint64{0, 1, 3, uint64(width)} {
			samples = append(samples, sample{expr: fmt.Sprintf("insert_bits(x, y, z, %du)", n), in: []*scalar{s, s, sCount}, out: s,
				skip: func(x []uint64) bool { return x[2]+n > uint64(width) },
				want: func(x []uint64) uint64 {
					out := x[0]
					for i := range n {
						bit := uint64(1) << (x[2] + i)
						out &^= bit
						if x[1]>>i&1 == 1 {
							out |= bit
						}
					}
					return out
				}})
		}
	}
	checkSamples(t, samples)
}

// TestIntegerOperators tries the operators on scalars, which promote to int,
// and the conversion back.
func TestIntegerOperators(t *testing.T) {
	var samples []sample
	for _, s := range allInts {
		p := s // the promoted type
		if s.size < 4 {
			p = sInt
		}
		n := func(w uint64) *big.Int { return s.bigOf(w) }
		two := func(expr string, f func(x, y *big.Int) *big.Int, skip func(x []uint64) bool) {
			samples = append(samples, sample{expr: expr, in: []*scalar{s, s}, out: p, skip: skip,
				want: func(x []uint64) uint64 { return p.wrap(f(n(x[0]), n(x[1]))) }})
			samples = append(samples, sample{expr: expr, in: []*scalar{s, s}, out: s, skip: skip,
				want: func(x []uint64) uint64 { return s.wrap(f(n(x[0]), n(x[1]))) }})
		}
		two("x + y", func(x, y *big.Int) *big.Int { return new(big.Int).Add(x, y) }, nil)
		two("x - y", func(x, y *big.Int) *big.Int { return new(big.Int).Sub(x, y) }, nil)
		two("x * y", func(x, y *big.Int) *big.Int { return new(big.Int).Mul(x, y) }, nil)
		two("x & y", func(x, y *big.Int) *big.Int { return new(big.Int).And(x, y) }, nil)
		two("x | y", func(x, y *big.Int) *big.Int { return new(big.Int).Or(x, y) }, nil)
		two("x ^ y", func(x, y *big.Int) *big.Int { return new(big.Int).Xor(x, y) }, nil)
		two("y == 0 ? 0 : x / y", func(x, y *big.Int) *big.Int {
			if y.Sign() == 0 {
				return y
			}
			return new(big.Int).Quo(x, y)
		}, nil)
		two("y == 0 ? 0 : x % y", func(x, y *big.Int) *big.Int {
			if y.Sign() == 0 {
				return y
			}
			return new(big.Int).Rem(x, y)
		}, nil)
		for _, c := range []struct {
			op   string
			want func(cmp int) bool
		}{
			{"==", func(c int) bool { return c == 0 }}, {"!=", func(c int) bool { return c != 0 }},
			{"<", func(c int) bool { return c < 0 }}, {"<=", func(c int) bool { return c <= 0 }},
			{">", func(c int) bool { return c > 0 }}, {">=", func(c int) bool { return c >= 0 }},
		} {
			samples = append(samples, sample{expr: "x " + c.op + " y", in: []*scalar{s, s}, out: sBool, want: func(x []uint64) uint64 {
				if c.want(n(x[0]).Cmp(n(x[1]))) {
					return 1
				}
				return 0
			}})
		}
		// Shift counts go modulo the width of the promoted left operand.
		samples = append(samples,
			sample{expr: "x << y", in: []*scalar{s, sCount}, out: p, want: func(x []uint64) uint64 {
				return p.wrap(new(big.Int).Lsh(n(x[0]), uint(x[1])))
			}},
			sample{expr: "x >> y", in: []*scalar{s, sCount}, out: p, want: func(x []uint64) uint64 {
				return p.wrap(new(big.Int).Rsh(n(x[0]), uint(x[1])))
			}},
			sample{expr: fmt.Sprintf("x << (y + %d)", 8*p.size), in: []*scalar{s, sCount}, out: p, want: func(x []uint64) uint64 {
				return p.wrap(new(big.Int).Lsh(n(x[0]), uint(x[1])))
			}},
			sample{expr: "-x", in: []*scalar{s}, out: p, want: func(x []uint64) uint64 { return p.wrap(new(big.Int).Neg(n(x[0]))) }},
			sample{expr: "~x", in: []*scalar{s}, out: p, want: func(x []uint64) uint64 { return p.wrap(new(big.Int).Not(n(x[0]))) }},
			sample{expr: "!x", in: []*scalar{s}, out: sBool, want: func(x []uint64) uint64 {
				if x[0] == 0 {
					return 1
				}
				return 0
			}},
		)
		for _, to := range allInts {
			samples = append(samples, sample{expr: "(" + to.name + ")x", in: []*scalar{s}, out: to,
				want: func(x []uint64) uint64 { return to.wrap(n(x[0])) }})
		}
	}
	// What C leaves open: no trap, and a value that does not depend on the
	// machine.
	samples = append(samples,
		sample{expr: "x / y", in: []*scalar{sInt, sInt}, out: sInt, want: func(x []uint64) uint64 {
			a, b := int32(x[0]), int32(x[1])
			switch {
			case b == 0:
				return 0xffffffff
			case b == -1:
				return uint64(uint32(-a))
			}
			return uint64(uint32(a / b))
		}},
		sample{expr: "x % y", in: []*scalar{sUInt, sUInt}, out: sUInt, want: func(x []uint64) uint64 {
			if x[1] == 0 {
				return x[0]
			}
			return x[0] % x[1]
		}},
	)
	checkSamples(t, samples)
}
