package fp16_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/aruminium-go/aruminium/fp16"
)

// format describes a 16-bit format to the reference conversions below, which
// work by definition, in math/big, and share nothing with the package.
type format struct {
	name           string
	fraction, bias int
}

var (
	half   = format{"Float16", 10, 15}
	bfloat = format{"BFloat16", 7, 127}
)

func (f format) infinity() uint16 { return uint16(0x7fff) &^ (1<<f.fraction - 1) }

// value returns the exact value of bits, for finite ones.
func (f format) value(bits uint16) *big.Float {
	exp := int(bits&0x7fff) >> f.fraction
	frac := int64(bits & (1<<f.fraction - 1))
	if exp == 0 {
		exp = 1
	} else {
		frac += 1 << f.fraction
	}
	v := new(big.Float).SetMantExp(big.NewFloat(float64(frac)), exp-f.bias-f.fraction)
	if bits&0x8000 != 0 {
		v.Neg(v)
	}
	return v
}

// round returns the bits nearest to the finite x, ties to even, by bisection
// over the ordered non-negative halves.
func (f format) round(x float32) uint16 {
	want := new(big.Float).SetFloat64(math.Abs(float64(x)))
	lo, hi := 0, int(f.infinity())-1
	for lo < hi { // the largest half not above want
		mid := (lo + hi + 1) / 2
		if f.value(uint16(mid)).Cmp(want) <= 0 {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	below := f.value(uint16(lo))
	above := new(big.Float)
	if uint16(lo+1) == f.infinity() { // as if the exponent went on
		step := new(big.Float).Sub(below, f.value(uint16(lo-1)))
		above.Add(below, step)
	} else {
		above = f.value(uint16(lo + 1))
	}
	down := new(big.Float).Sub(want, below)
	up := new(big.Float).Sub(above, want)
	bits := uint16(lo)
	if c := up.Cmp(down); c < 0 || c == 0 && lo&1 == 1 {
		bits++
	}
	if math.Signbit(float64(x)) {
		bits |= 0x8000
	}
	return bits
}

type conversion struct {
	format
	encode func(float32) uint16
	decode func(uint16) float32
}

var conversions = []conversion{
	{half, func(f float32) uint16 { return fp16.FromFloat32(f).Bits() }, func(b uint16) float32 { return fp16.Float16FromBits(b).Float32() }},
	{bfloat, func(f float32) uint16 { return fp16.BFromFloat32(f).Bits() }, func(b uint16) float32 { return fp16.BFloat16FromBits(b).Float32() }},
}

func TestDecodeEvery(t *testing.T) {
	for _, c := range conversions {
		for i := range 1 << 16 {
			bits := uint16(i)
			got := c.decode(bits)
			if bits&0x7fff > c.infinity() {
				if got == got || math.Signbit(float64(got)) != (bits&0x8000 != 0) {
					t.Fatalf("%s %#04x is a NaN, got %v", c.name, bits, got)
				}
				if back := c.encode(got); back&0x7fff <= c.infinity() || back|quietBit(c.format) != bits|quietBit(c.format) {
					t.Fatalf("%s NaN %#04x comes back as %#04x", c.name, bits, back)
				}
				continue
			}
			if bits&0x7fff == c.infinity() {
				if !math.IsInf(float64(got), 1-2*int(bits>>15)) {
					t.Fatalf("%s %#04x is an infinity, got %v", c.name, bits, got)
				}
			} else if want := c.value(bits); want.Cmp(big.NewFloat(float64(got))) != 0 || math.Signbit(float64(got)) != (bits&0x8000 != 0) {
				t.Fatalf("%s %#04x = %v, want %v", c.name, bits, got, want)
			}
			if back := c.encode(got); back != bits {
				t.Fatalf("%s %#04x comes back as %#04x", c.name, bits, back)
			}
		}
	}
}

func quietBit(f format) uint16 { return 1 << (f.fraction - 1) }

func TestEncodeBoundaries(t *testing.T) {
	for _, c := range conversions {
		check := func(x float32) {
			if math.IsInf(float64(x), 0) {
				return
			}
			if got, want := c.encode(x), c.round(x); got != want {
				t.Fatalf("%s from %v (%#08x) = %#04x, want %#04x", c.name, x, math.Float32bits(x), got, want)
			}
		}
		step := 1
		if testing.Short() {
			step = 17
		}
		// Round every half, and round the midpoint above it, where rounding turns.
		for i := 0; i < int(c.infinity()); i += step {
			v := c.decode(uint16(i))
			next := c.infinityStep(uint16(i))
			mid := float32((float64(v) + next) / 2)
			for _, x := range []float32{v, mid} {
				for d := -1; d <= 1; d++ {
					y := math.Float32frombits(math.Float32bits(x) + uint32(d))
					if y != y {
						continue
					}
					check(y)
					check(-y)
				}
			}
		}
		for _, x := range []float32{math.MaxFloat32, math.SmallestNonzeroFloat32, 65504, 65519.996, 65520, 65536, 1e-8, 0x1p-25, 0x1.000002p-25, 0x1p-24} {
			check(x)
			check(-x)
		}
	}
}

// infinityStep returns the value of the half after bits, as if the exponent
// went on past the largest.
func (c conversion) infinityStep(bits uint16) float64 {
	if bits+1 == c.infinity() {
		return 2*float64(c.decode(bits)) - float64(c.decode(bits-1))
	}
	return float64(c.decode(bits + 1))
}

func TestEncodeRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range conversions {
		for range 100_000 {
			x := math.Float32frombits(r.Uint32())
			if x != x {
				got := c.encode(x)
				if got&0x7fff <= c.infinity() || got>>15 != uint16(math.Float32bits(x)>>31) || got&quietBit(c.format) == 0 {
					t.Fatalf("%s from NaN %#08x = %#04x", c.name, math.Float32bits(x), got)
				}
				continue
			}
			if math.IsInf(float64(x), 0) {
				continue
			}
			if got, want := c.encode(x), c.round(x); got != want {
				t.Fatalf("%s from %v (%#08x) = %#04x, want %#04x", c.name, x, math.Float32bits(x), got, want)
			}
		}
		for _, inf := range []float64{math.Inf(1), math.Inf(-1)} {
			if got := c.decode(c.encode(float32(inf))); float64(got) != inf {
				t.Fatalf("%s from %v = %v", c.name, inf, got)
			}
		}
	}
}

func TestAppend(t *testing.T) {
	halves := fp16.AppendFrom([]fp16.Float16{0x3c00}, 0.5, -2)
	if want := []fp16.Float16{0x3c00, 0x3800, 0xc000}; !slices.Equal(halves, want) {
		t.Errorf("AppendFrom gives %v, want %v", halves, want)
	}
	wide := fp16.AppendTo([]float32{7}, halves...)
	if want := []float32{7, 1, 0.5, -2}; !slices.Equal(wide, want) {
		t.Errorf("AppendTo gives %v, want %v", wide, want)
	}
	if got := fp16.AppendTo([]float32(nil), fp16.BFloat16(0xc000)); !slices.Equal(got, []float32{-2}) {
		t.Errorf("AppendTo of a bfloat gives %v, want [-2]", got)
	}
}

func TestBulkAllocatesNothing(t *testing.T) {
	src, dst := make([]float32, 100), make([]fp16.Float16, 100)
	if n := testing.AllocsPerRun(100, func() {
		fp16.Encode(dst, src)
		fp16.Decode(src, dst)
	}); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}

func TestPredicates(t *testing.T) {
	for i := range 1 << 16 {
		h, b := fp16.Float16(i), fp16.BFloat16(i)
		for _, c := range []struct {
			f                                float32
			nan, inf, pos, neg, fin, signbit bool
			negated, abs                     float32
			normal                           bool
			smallest                         float64
		}{
			{h.Float32(), h.IsNaN(), h.IsInf(0), h.IsInf(1), h.IsInf(-1), h.IsFinite(), h.Signbit(), h.Neg().Float32(), h.Abs().Float32(), h.IsNormal(), 0x1p-14},
			{b.Float32(), b.IsNaN(), b.IsInf(0), b.IsInf(1), b.IsInf(-1), b.IsFinite(), b.Signbit(), b.Neg().Float32(), b.Abs().Float32(), b.IsNormal(), 0x1p-126},
		} {
			f := float64(c.f)
			fin := !math.IsNaN(f) && !math.IsInf(f, 0)
			if c.nan != math.IsNaN(f) || c.inf != math.IsInf(f, 0) || c.pos != math.IsInf(f, 1) || c.neg != math.IsInf(f, -1) ||
				c.fin != fin || c.signbit != math.Signbit(f) || c.normal != (fin && math.Abs(f) >= c.smallest) {
				t.Fatalf("%#04x: %+v", i, c)
			}
			if !c.nan && (c.negated != -c.f || float64(c.abs) != math.Abs(f)) {
				t.Fatalf("%#04x: Neg %v, Abs %v", i, c.negated, c.abs)
			}
		}
	}
}

func TestStringReadsBack(t *testing.T) {
	for i := range 1 << 16 {
		h := fp16.Float16(i)
		if h.IsNaN() {
			continue
		}
		f, err := strconv.ParseFloat(h.String(), 32)
		if err != nil || fp16.FromFloat32(float32(f)) != h {
			t.Fatalf("%#04x prints as %q, which reads as %v (%v)", i, h.String(), f, err)
		}
	}
	for _, c := range []struct {
		got  fmt.Stringer
		want string
	}{{fp16.FromFloat32(0.1), "0.1"}, {fp16.BFromFloat32(3.14), "3.14"}, {fp16.MaxFloat16, "6.55e+04"}, {fp16.FromFloat32(1), "1"}} {
		if c.got.String() != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func FuzzFromFloat32(f *testing.F) {
	for _, bits := range []uint32{0, 1, 0x477fefff, 0x477ff000, 0x33000000, 0x33000001, 0x387fffff, 0x7f800001, 0xff800000} {
		f.Add(bits)
	}
	f.Fuzz(func(t *testing.T, bits uint32) {
		x := math.Float32frombits(bits)
		if x != x || math.IsInf(float64(x), 0) {
			return
		}
		for _, c := range conversions {
			if got, want := c.encode(x), c.round(x); got != want {
				t.Errorf("%s from %v = %#04x, want %#04x", c.name, x, got, want)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	src, dst := make([]float32, 4096), make([]fp16.Float16, 4096)
	for i := range src {
		src[i] = float32(i) * 0.37
	}
	b.SetBytes(int64(len(src) * 6))
	for b.Loop() {
		fp16.Encode(dst, src)
	}
}

func BenchmarkDecode(b *testing.B) {
	src, dst := make([]fp16.Float16, 4096), make([]float32, 4096)
	for i := range src {
		src[i] = fp16.FromFloat32(float32(i) * 0.37)
	}
	b.SetBytes(int64(len(src) * 6))
	for b.Loop() {
		fp16.Decode(dst, src)
	}
}
