package check

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// exactBits rounds a number once to a floating type, by package big.
func exactBits(k types.Kind, x *big.Float) uint64 {
	if k == types.Float {
		f, _ := x.Float32()
		return uint64(math.Float32bits(f))
	}
	m := halfFormat
	if k == types.BFloat {
		m = bfloatFormat
	}
	sign := uint64(0)
	if x.Signbit() {
		sign = 1 << 15
	}
	a := new(big.Float).Abs(x)
	if a.Sign() == 0 {
		return sign
	}
	// The candidates are all the type's numbers: the nearest, the even one of
	// two as near.
	lo, hi := uint64(0), uint64(m.maxExp)<<m.mant
	at := func(b uint64) *big.Float {
		if b == uint64(m.maxExp)<<m.mant {
			// Infinity stands for the number after the largest.
			return new(big.Float).SetMantExp(big.NewFloat(1), m.maxExp-m.bias)
		}
		return big.NewFloat(m.value(b))
	}
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if at(mid).Cmp(a) <= 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	if at(hi).Cmp(a) <= 0 {
		return sign | hi
	}
	below := new(big.Float).Sub(a, at(lo))
	above := new(big.Float).Sub(at(hi), a)
	switch c := below.Cmp(above); {
	case c > 0 || c == 0 && lo&1 == 1:
		return sign | hi
	}
	return sign | lo
}

var floatTypes = []*types.Basic{halfT, bfloatT, floatT}

// sample returns bits of a type, corners more often than their share.
func sample(r *rand.Rand, b *types.Basic) uint64 {
	v := r.Uint64()
	if r.IntN(3) == 0 {
		corners := []uint64{0, 1, 2, math.MaxUint64, math.MaxUint64 - 1, 1 << (width(b) - 1), 1<<(width(b)-1) - 1}
		v = corners[r.IntN(len(corners))]
	}
	if b.IsFloat() {
		return v & (1<<(b.Size()*8) - 1)
	}
	return wrap(b, v)
}

func TestRound(t *testing.T) {
	for v := range uint64(1 << 16) {
		for _, b := range []*types.Basic{halfT, bfloatT} {
			f := floatOf(b.Kind, v)
			got := floatBits(b.Kind, f)
			if f != f {
				require.True(t, floatOf(b.Kind, got) != floatOf(b.Kind, got))
				continue
			}
			require.Equal(t, v, got, "%s %x", b, v)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50000 {
		f := math.Float64frombits(r.Uint64())
		if r.IntN(2) == 0 {
			f = math.Ldexp(r.NormFloat64(), r.IntN(60)-35)
		}
		if f != f || math.IsInf(f, 0) {
			continue
		}
		for _, b := range floatTypes {
			require.Equal(t, exactBits(b.Kind, big.NewFloat(f)), floatBits(b.Kind, f), "%s %v", b, f)
		}
	}
}

func TestFoldArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, b := range floatTypes {
		for range 8000 {
			x, y := sample(r, b), sample(r, b)
			p, q := floatOf(b.Kind, x), floatOf(b.Kind, y)
			if p-p != 0 || q-q != 0 {
				continue
			}
			P, Q := big.NewFloat(p), big.NewFloat(q)
			for op, f := range map[sem.Op]func() *big.Float{
				sem.Add: func() *big.Float { return new(big.Float).SetPrec(2000).Add(P, Q) },
				sem.Sub: func() *big.Float { return new(big.Float).SetPrec(2000).Sub(P, Q) },
				sem.Mul: func() *big.Float { return new(big.Float).SetPrec(2000).Mul(P, Q) },
				sem.Div: func() *big.Float {
					if q == 0 {
						return nil
					}
					return new(big.Float).SetPrec(2000).Quo(P, Q)
				},
			} {
				want := f()
				if want == nil || want.Sign() == 0 {
					continue // signs of zero are IEEE's, which big does not have
				}
				got, ok := foldBinary(op, b, x, y)
				require.True(t, ok)
				require.Equal(t, exactBits(b.Kind, want), got, "%s %v %s %v", b, p, op, q)
			}
		}
	}
	mod := func(b *types.Basic, v *big.Int) uint64 {
		m := new(big.Int).Lsh(big.NewInt(1), uint(b.Size())*8)
		return new(big.Int).Mod(v, m).Uint64()
	}
	for _, k := range []types.Kind{types.Char, types.UChar, types.Short, types.UShort, types.Int, types.UInt, types.Long, types.ULong} {
		b := types.Basics[k]
		num := func(v uint64) *big.Int {
			if b.IsSigned() {
				return big.NewInt(signed(b, v))
			}
			return new(big.Int).SetUint64(v)
		}
		for range 6000 {
			x, y := sample(r, b), sample(r, b)
			p, q := num(x), num(y)
			check := func(op sem.Op, want *big.Int) {
				got, ok := foldBinary(op, b, x, y)
				require.True(t, ok)
				require.Equal(t, mod(b, want), got, "%s %v %s %v", b, p, op, q)
			}
			check(sem.Add, new(big.Int).Add(p, q))
			check(sem.Sub, new(big.Int).Sub(p, q))
			check(sem.Mul, new(big.Int).Mul(p, q))
			check(sem.And, new(big.Int).And(p, q))
			check(sem.Or, new(big.Int).Or(p, q))
			check(sem.Xor, new(big.Int).Xor(p, q))
			check(sem.Lt, big.NewInt(int64(boolBits(p.Cmp(q) < 0))))
			check(sem.Ge, big.NewInt(int64(boolBits(p.Cmp(q) >= 0))))
			check(sem.Le, big.NewInt(int64(boolBits(p.Cmp(q) <= 0))))
			check(sem.Gt, big.NewInt(int64(boolBits(p.Cmp(q) > 0))))
			if y != 0 {
				check(sem.Div, new(big.Int).Quo(p, q))
				check(sem.Rem, new(big.Int).Rem(p, q))
			} else if _, ok := foldBinary(sem.Div, b, x, y); ok {
				t.Fatal("division by zero has a value")
			}
			n := y & (uint64(width(b)) - 1)
			require.Equal(t, mod(b, new(big.Int).Lsh(p, uint(n))), foldShift(sem.Shl, b, x, y))
			require.Equal(t, mod(b, new(big.Int).Rsh(p, uint(n))), foldShift(sem.Shr, b, x, y))
			require.Equal(t, mod(b, new(big.Int).Neg(p)), foldUnary(sem.Neg, b, x))
			require.Equal(t, mod(b, new(big.Int).Not(p)), foldUnary(sem.Not, b, x))
		}
	}
}

// TestConvert converts between all scalar types and compares with package big.
func TestConvert(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	scalars := types.Basics[types.Bool:]
	for _, from := range scalars {
		for _, to := range scalars {
			for range 1000 {
				v := sample(r, from)
				got := convertBits(from, to, v)
				var x *big.Float
				switch {
				case from.IsFloat():
					f := floatOf(from.Kind, v)
					if f != f {
						switch {
						case to == boolT:
							require.EqualValues(t, 1, got)
						case to.IsInteger():
							require.EqualValues(t, 0, got)
						default:
							g := floatOf(to.Kind, got)
							require.True(t, g != g)
						}
						continue
					}
					x = big.NewFloat(f)
				case from.IsSigned():
					x = new(big.Float).SetInt64(signed(from, v))
				default:
					x = new(big.Float).SetUint64(v)
				}
				switch {
				case to == boolT:
					require.Equal(t, boolBits(x.Sign() != 0), got)
				case to.IsFloat():
					if x.IsInf() {
						require.Equal(t, floatBits(to.Kind, floatOf(from.Kind, v)), got)
						continue
					}
					require.Equal(t, exactBits(to.Kind, x), got, "%s %v to %s", from, x, to)
				case from.IsFloat():
					require.Equal(t, saturated(to, x), got, "%s %v to %s", from, x, to)
				default:
					require.Equal(t, wrap(to, uint64(signed(from, v))), got)
				}
			}
		}
	}
}

func saturated(to *types.Basic, x *big.Float) uint64 {
	w := uint(to.Size()) * 8
	lo, hi := new(big.Int), new(big.Int).Lsh(big.NewInt(1), w)
	if to.IsSigned() {
		hi.Rsh(hi, 1)
		lo.Neg(hi)
	}
	hi.Sub(hi, big.NewInt(1))
	var n *big.Int
	if x.IsInf() {
		n = lo
		if x.Sign() > 0 {
			n = hi
		}
	} else {
		n, _ = x.Int(nil)
	}
	if n.Cmp(lo) < 0 {
		n = lo
	}
	if n.Cmp(hi) > 0 {
		n = hi
	}
	return wrap(to, new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64())
}

func TestParseFloat(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 6000 {
		f := math.Ldexp(r.NormFloat64(), r.IntN(80)-45)
		s := new(big.Float).SetFloat64(math.Abs(f)).Text('g', 1+r.IntN(20))
		x, _, err := big.ParseFloat(s, 0, 2000, big.ToNearestEven)
		require.NoError(t, err)
		for _, b := range floatTypes {
			got, ok := parseFloat(b.Kind, s)
			require.True(t, ok)
			require.Equal(t, exactBits(b.Kind, x), got, "%s as %s", s, b)
		}
	}
	for s, want := range map[string]uint64{"0": 0, "1e99999999999": 0x7f800000, "1e-99999999999": 0, "0e99999999999": 0, "0x1p99999999": 0x7f800000} {
		got, ok := parseFloat(types.Float, s)
		require.True(t, ok, s)
		require.Equal(t, want, got, s)
	}
}

// TestRanks checks the implicit conversions between all scalar types.
func TestRanks(t *testing.T) {
	scalars := types.Basics[types.Bool:]
	for _, from := range scalars {
		for _, to := range scalars {
			k, ok := standard(from, to)
			mixed := from == halfT && to == bfloatT || from == bfloatT && to == halfT
			if from == to {
				continue
			}
			require.Equal(t, !mixed, ok, "%s to %s", from, to)
			if !ok {
				continue
			}
			want := conversion
			if to == intT && from.IsInteger() && width(from) < 32 {
				want = promotion
			}
			require.Equal(t, want, k.rank, "%s to %s", from, to)
		}
		v, ok := standard(from, types.VectorOf(floatT, 4))
		require.True(t, ok)
		require.Equal(t, splat, v.rank)
	}
	for _, from := range scalars {
		for _, to := range scalars {
			_, ok := standard(types.VectorOf(from, 3), types.VectorOf(to, 3))
			require.Equal(t, from == to, ok, "vectors of %s and %s", from, to)
		}
	}
}
