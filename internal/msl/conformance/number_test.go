package conformance

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"

	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Numbers of the language as bits, computed with in float64 and math/big: this
// file owes nothing to the compiler or the engine.

// A format is a binary floating-point format of IEEE 754's kind.
type format struct {
	bits, digits int // digits with the hidden one
	least, most  int // exponents of the normal numbers
}

func formatOf(k types.Kind) format {
	switch k {
	case types.Half:
		return format{16, 11, -14, 15}
	case types.BFloat:
		return format{16, 8, -126, 127}
	}
	return format{32, 24, -126, 127}
}

func isFloat(k types.Kind) bool { return k >= types.Half && k <= types.Float }

func isSigned(k types.Kind) bool { return types.Basics[k].IsSigned() }

func width(k types.Kind) uint { return uint(8 * types.Basics[k].Size()) }

// value is what the bits of a float stand for.
func (f format) value(w uint64) float64 {
	m := f.digits - 1
	exp := int(w>>m) & (1<<(f.bits-f.digits) - 1)
	frac := float64(w & (1<<m - 1))
	sign := 1.0
	if w>>(f.bits-1)&1 != 0 {
		sign = -1
	}
	switch exp {
	case 0:
		return math.Copysign(math.Ldexp(frac, f.least-m), sign)
	case 1<<(f.bits-f.digits) - 1:
		if frac != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1+math.Ldexp(frac, -m), exp+f.least-1)
}

// ulp is the distance of the format's numbers around x.
func (f format) ulp(x float64) float64 {
	e := f.least
	if x != 0 {
		e = max(e, math.Ilogb(x))
	}
	return math.Ldexp(1, min(e, f.most)-f.digits+1)
}

// max is the largest finite number.
func (f format) max() float64 { return math.Ldexp(2-math.Ldexp(1, 1-f.digits), f.most) }

// round returns the number of the format nearest to x, ties to even.
func (f format) round(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	u := f.ulp(x)
	r := math.RoundToEven(x/u) * u
	if math.Abs(r) > f.max() {
		return math.Inf(int(math.Copysign(1, x)))
	}
	if r == 0 {
		return math.Copysign(0, x)
	}
	return r
}

// encode returns the bits of x, which must be a number of the format or is
// rounded to one.
func (f format) encode(x float64) uint64 {
	m := f.digits - 1
	sign := uint64(0)
	if math.Signbit(x) {
		sign = 1 << (f.bits - 1)
	}
	all := uint64(1)<<(f.bits-f.digits) - 1
	if math.IsNaN(x) {
		return all<<m | 1<<(m-1)
	}
	x = math.Abs(f.round(x))
	switch {
	case x == 0:
		return sign
	case math.IsInf(x, 0):
		return sign | all<<m
	}
	e := math.Ilogb(x)
	if e < f.least {
		return sign | uint64(math.Ldexp(x, m-f.least))
	}
	return sign | uint64(e-f.least+1)<<m | uint64(math.Ldexp(x, m-e))&(1<<m-1)
}

func (f format) isNaN(w uint64) bool { x := f.value(w); return x != x }

// subnormal reports whether x is too small to be normal, and no zero.
func (f format) subnormal(x float64) bool { return x != 0 && math.Abs(x) < math.Ldexp(1, f.least) }

// Integers.

// integer is what the bits of an integer stand for.
func integer(k types.Kind, w uint64) *big.Int {
	n := new(big.Int).SetUint64(w)
	if isSigned(k) && w>>(width(k)-1)&1 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), width(k)))
	}
	return n
}

// wrap returns the bits of n modulo the type's width.
func wrap(k types.Kind, n *big.Int) uint64 {
	return new(big.Int).Mod(n, new(big.Int).Lsh(big.NewInt(1), width(k))).Uint64()
}

// limits are the least and the greatest number of an integer type.
func limits(k types.Kind) (lo, hi *big.Int) {
	one := big.NewInt(1)
	if !isSigned(k) {
		return new(big.Int), new(big.Int).Sub(new(big.Int).Lsh(one, width(k)), one)
	}
	top := new(big.Int).Lsh(one, width(k)-1)
	return new(big.Int).Neg(top), new(big.Int).Sub(top, one)
}

func saturate(k types.Kind, n *big.Int) uint64 {
	lo, hi := limits(k)
	switch {
	case n.Cmp(lo) < 0:
		n = lo
	case n.Cmp(hi) > 0:
		n = hi
	}
	return wrap(k, n)
}

// Values worth trying.

// edges returns values of a type where functions turn: few are for functions of
// three arguments.
func edges(k types.Kind, few bool) []uint64 {
	switch {
	case k == types.Bool:
		return []uint64{0, 1}
	case isFloat(k):
		return floatEdges(formatOf(k), few)
	}
	top := uint64(1) << (width(k) - 1)
	mask := top<<1 - 1
	if few {
		return []uint64{0, 1, 3, 7, top - 1, top, top + 1, mask - 1, mask, 0x5555555555555555 & mask, 0xf0 & mask}
	}
	return []uint64{0, 1, 2, 3, 5, 7, 8, 15, 16, 31, 32, 33, 63, 64, 100, 127, top - 2, top - 1, top, top + 1, top + 55,
		mask - 127, mask - 64, mask - 31, mask - 2, mask - 1, mask, 0x5555555555555555 & mask, 0x0123456789abcdef & mask}
}

func floatEdges(f format, few bool) []uint64 {
	tiny := math.Ldexp(1, f.least)             // the least normal number
	grain := math.Ldexp(1, f.least-f.digits+1) // the least number
	eps := math.Ldexp(1, 1-f.digits)           // from 1 to the next
	whole := math.Ldexp(1, f.digits-1)         // from here on all are whole
	list := []float64{0, 1, 0.5, 1.5, 3, math.Inf(1), f.max(), grain, tiny, 1 + eps, 1 - eps/2}
	if !few {
		list = append(list, 2, 2.5, 3.5, 0.25, 0.75, 4, 10, 100, 0.1, 1.0/3, math.Pi, math.Pi/2, math.Pi/4, 3*math.Pi/2, 2*math.Pi, math.E, math.Ln2,
			0.5-eps/4, 0.5+eps/2, 1.5-eps, 1.5+eps, 2.5-2*eps, tiny-grain, tiny+grain, 2*grain, 3*grain, whole/2+0.5, whole-0.5, whole, whole+1, 2*whole, 2*whole+2, 4*whole,
			f.max()/2, 1e-3, 1e-5, 1e-7, 1e-20, 1e3, 1e4, 3e4, 1e10, 1e20, 16, 11.1, 88.7, 88.8, 89.5, 103.9, 104, 127, 128, 149, 150, 38.5, 45.2, 9.01, 17.33)
	}
	var bits []uint64
	for _, x := range list {
		bits = append(bits, f.encode(x), f.encode(-x))
	}
	return append(bits, f.encode(math.NaN()))
}

// random returns a value of the type: of floats often of moderate size.
func random(k types.Kind, r *rand.Rand) uint64 {
	w := r.Uint64()
	switch {
	case k == types.Bool:
		return w & 1
	case !isFloat(k):
		w &= 1<<width(k) - 1
		if width(k) == 64 {
			w = r.Uint64()
		}
		if r.IntN(3) == 0 {
			w >>= r.UintN(width(k))
		}
		return w
	}
	f := formatOf(k)
	if r.IntN(3) == 0 {
		return w & (1<<f.bits - 1)
	}
	return f.encode(r.NormFloat64() * math.Ldexp(1, r.IntN(12)-6))
}

// show writes bits as a number of the type.
func show(k types.Kind, w uint64) string {
	if isFloat(k) {
		return fmt.Sprintf("%v (%#x)", formatOf(k).value(w), w)
	}
	return integer(k, w).String()
}

// sameBits compares two buffers of one component type: floats may be different
// NaNs.
func sameBits(k types.Kind, x, y []byte) string {
	l := layoutOf(types.Basics[k])
	for i := range len(x) / l.size {
		a, b := l.get(x, i, 0), l.get(y, i, 0)
		if a == b || isFloat(k) && formatOf(k).isNaN(a) && formatOf(k).isNaN(b) {
			continue
		}
		return fmt.Sprintf("component %d is %s, thread by thread %s", i, show(k, a), show(k, b))
	}
	return ""
}
