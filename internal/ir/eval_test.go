package ir_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/internal/ir"
)

func f32(x float32) uint64 { return uint64(math.Float32bits(x)) }

var nan = float32(math.NaN())
var inf = float32(math.Inf(1))

func TestEvalEdges(t *testing.T) {
	const minInt = 1 << 31
	for _, c := range []struct {
		op      ir.Op
		t, from ir.Type
		a, b, c uint64
		want    uint64
	}{
		{ir.OpSDiv, ir.I32, ir.I32, 7, 0, 0, math.MaxUint32},
		{ir.OpUDiv, ir.I32, ir.I32, 7, 0, 0, math.MaxUint32},
		{ir.OpSDiv, ir.I32, ir.I32, minInt, math.MaxUint32, 0, minInt},
		{ir.OpSRem, ir.I32, ir.I32, minInt, math.MaxUint32, 0, 0},
		{ir.OpSRem, ir.I32, ir.I32, 7, 0, 0, 7},
		{ir.OpURem, ir.I64, ir.I64, 7, 0, 0, 7},
		{ir.OpSDiv, ir.I64, ir.I64, 1 << 63, math.MaxUint64, 0, 1 << 63},
		{ir.OpSDiv, ir.I8, ir.I8, 0xf9, 2, 0, 0xfd}, // -7/2 = -3
		{ir.OpSRem, ir.I8, ir.I8, 0xf9, 2, 0, 0xff}, // -7%2 = -1
		{ir.OpShl, ir.I32, ir.I32, 1, 33, 0, 2},     // modulo the width
		{ir.OpShl, ir.I8, ir.I8, 1, 9, 0, 2},
		{ir.OpAShr, ir.I16, ir.I16, 0x8000, 15, 0, 0xffff},
		{ir.OpLShr, ir.I16, ir.I16, 0x8000, 15, 0, 1},
		{ir.OpClz, ir.I16, ir.I16, 0, 0, 0, 16},
		{ir.OpClz, ir.I8, ir.I8, 1, 0, 0, 7},
		{ir.OpCtz, ir.I32, ir.I32, 0, 0, 0, 32},
		{ir.OpCtz, ir.I64, ir.I64, 0, 0, 0, 64},
		{ir.OpBitRev, ir.I8, ir.I8, 1, 0, 0, 0x80},
		{ir.OpPopcnt, ir.I32, ir.I32, 0xff00ff, 0, 0, 16},
		{ir.OpUMulHi, ir.I32, ir.I32, math.MaxUint32, math.MaxUint32, 0, math.MaxUint32 - 1},
		{ir.OpSMulHi, ir.I32, ir.I32, math.MaxUint32, 5, 0, math.MaxUint32},
		{ir.OpSMulHi, ir.I64, ir.I64, math.MaxUint64, 5, 0, math.MaxUint64},
		{ir.OpSMin, ir.I8, ir.I8, 0x80, 0x7f, 0, 0x80},
		{ir.OpUMin, ir.I8, ir.I8, 0x80, 0x7f, 0, 0x7f},
		{ir.OpNot, ir.Bool, ir.Bool, 1, 0, 0, 0},
		{ir.OpSExt, ir.I64, ir.I8, 0x80, 0, 0, math.MaxUint64 - 127},
		{ir.OpSExt, ir.I32, ir.Bool, 1, 0, 0, math.MaxUint32},
		{ir.OpZExt, ir.I32, ir.Bool, 1, 0, 0, 1},
		{ir.OpTrunc, ir.I8, ir.I32, 0x1ff, 0, 0, 0xff},
		{ir.OpFToS, ir.I32, ir.F32, f32(nan), 0, 0, 0},
		{ir.OpFToS, ir.I32, ir.F32, f32(3e9), 0, 0, math.MaxInt32},
		{ir.OpFToS, ir.I32, ir.F32, f32(-3e9), 0, 0, minInt},
		{ir.OpFToS, ir.I32, ir.F32, f32(-1.9), 0, 0, math.MaxUint32},
		{ir.OpFToU, ir.I32, ir.F32, f32(-1), 0, 0, 0},
		{ir.OpFToU, ir.I32, ir.F32, f32(inf), 0, 0, math.MaxUint32},
		{ir.OpFToU, ir.I8, ir.F32, f32(255.9), 0, 0, 255},
		{ir.OpFToU, ir.I64, ir.F32, f32(1e30), 0, 0, math.MaxUint64},
		{ir.OpFToS, ir.I64, ir.F32, f32(-1e30), 0, 0, 1 << 63},
		{ir.OpUToF, ir.F32, ir.I64, math.MaxUint64, 0, 0, f32(0x1p64)},
		{ir.OpSToF, ir.F16, ir.I32, 65520, 0, 0, 0x7c00},
		{ir.OpSToF, ir.F16, ir.I32, 65519, 0, 0, 0x7bff},
		{ir.OpSToF, ir.BF16, ir.I64, 1<<40 + 1<<32 + 1, 0, 0, uint64(fp16.BFromFloat32(0x1.02p40))},
		{ir.OpFMin, ir.F32, ir.F32, f32(nan), f32(1), 0, f32(1)},
		{ir.OpFMax, ir.F32, ir.F32, f32(1), f32(nan), 0, f32(1)},
		{ir.OpFMin, ir.F32, ir.F32, 0, 1 << 31, 0, 1 << 31},
		{ir.OpFMax, ir.F32, ir.F32, 1 << 31, 0, 0, 0},
		{ir.OpFNe, ir.Bool, ir.F32, f32(nan), f32(nan), 0, 1},
		{ir.OpFLe, ir.Bool, ir.F32, f32(nan), f32(1), 0, 0},
		{ir.OpFRint, ir.F32, ir.F32, f32(2.5), 0, 0, f32(2)},
		{ir.OpFRound, ir.F32, ir.F32, f32(2.5), 0, 0, f32(3)},
		{ir.OpFRound, ir.F32, ir.F32, f32(-0.5), 0, 0, f32(-1)},
		{ir.OpFRem, ir.F32, ir.F32, f32(-5.5), f32(2), 0, f32(-1.5)},
		{ir.OpFNeg, ir.F16, ir.F16, 0x7e01, 0, 0, 0xfe01},
		{ir.OpFAdd, ir.F16, ir.F16, 0x7bff, 0x7bff, 0, 0x7c00},
		{ir.OpFMul, ir.F16, ir.F16, 0x0001, 0x3800, 0, 0}, // half the least subnormal ties to even
	} {
		got, ok := ir.Eval(c.op, c.t, c.from, c.a, c.b, c.c)
		require.True(t, ok, "%s", c.op)
		require.Equal(t, c.want, got, "%s %s of %s (%#x, %#x, %#x)", c.op, c.t, c.from, c.a, c.b, c.c)
	}
}

// roundBig returns x, of arbitrary precision, rounded once to t.
func roundBig(t ir.Type, x *big.Float) float64 {
	switch t {
	case ir.F32:
		f, _ := x.Float32()
		return float64(f)
	}
	// To 16 bits: choose the nearest of the halves around a float64 of it.
	lo, hi := 0, 0x7c00
	value := func(i int) *big.Float {
		if t == ir.BF16 {
			if i == 0x7f80 {
				return new(big.Float).SetMantExp(big.NewFloat(1), 128)
			}
			return big.NewFloat(float64(fp16.BFloat16(i).Float32()))
		}
		if i == 0x7c00 {
			return big.NewFloat(65536)
		}
		return big.NewFloat(float64(fp16.Float16(i).Float32()))
	}
	if t == ir.BF16 {
		hi = 0x7f80
	}
	abs := new(big.Float).Abs(x)
	top := hi
	if abs.Cmp(value(hi)) >= 0 {
		return math.Inf(x.Sign())
	}
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; value(mid).Cmp(abs) <= 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	down := new(big.Float).Sub(abs, value(lo))
	up := new(big.Float).Sub(value(hi), abs)
	if c := up.Cmp(down); c < 0 || c == 0 && lo&1 == 1 {
		lo = hi
	}
	f, _ := value(lo).Float64()
	if lo == top {
		f = math.Inf(1)
	}
	if x.Sign() < 0 {
		f = -f
	}
	return f
}

// TestArithmeticRoundsOnce checks + - * / sqrt fma of all three types against
// arithmetic of 300 bits.
func TestArithmeticRoundsOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	big300 := func(x float32) *big.Float { return new(big.Float).SetPrec(300).SetFloat64(float64(x)) }
	for _, typ := range []ir.Type{ir.F16, ir.BF16, ir.F32} {
		operand := func() (uint64, float32) {
			for {
				bits := r.Uint64() & ir.Mask(typ)
				if r.IntN(2) == 0 { // near one another, so that sums cancel
					bits = ir.Narrow(typ, float32(r.NormFloat64()))
				}
				if x := ir.Widen(typ, bits); x == x && !math.IsInf(float64(x), 0) {
					return bits, x
				}
			}
		}
		for range 30_000 {
			a, x := operand()
			b, y := operand()
			c, z := operand()
			check := func(op ir.Op, exact *big.Float) {
				if exact.Sign() == 0 {
					return // the sign of zero is IEEE's, checked above
				}
				got, _ := ir.Eval(op, typ, typ, a, b, c)
				if g, want := float64(ir.Widen(typ, got)), roundBig(typ, exact); g != want {
					t.Fatalf("%s %s (%v, %v, %v) = %v, want %v", op, typ, x, y, z, g, want)
				}
			}
			p := new(big.Float).SetPrec(300).Mul(big300(x), big300(y))
			check(ir.OpFAdd, new(big.Float).SetPrec(300).Add(big300(x), big300(y)))
			check(ir.OpFSub, new(big.Float).SetPrec(300).Sub(big300(x), big300(y)))
			check(ir.OpFMul, p)
			check(ir.OpFFma, new(big.Float).SetPrec(600).Add(p, big300(z)))
			if y != 0 {
				check(ir.OpFDiv, new(big.Float).SetPrec(300).Quo(big300(x), big300(y)))
			}
			if x > 0 {
				check(ir.OpFSqrt, new(big.Float).SetPrec(300).Sqrt(big300(x)))
			}
		}
	}
}

func TestIntegerConversionsRoundOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for _, typ := range []ir.Type{ir.F16, ir.BF16, ir.F32} {
		for range 50_000 {
			n := r.Uint64() >> r.IntN(64)
			if r.IntN(3) == 0 { // just beside a midpoint
				shift := r.IntN(56)
				n = (2*(128+uint64(r.IntN(128)))+1)<<shift + uint64(r.IntN(3)) - 1
			}
			u := new(big.Float).SetPrec(64).SetUint64(n)
			got, _ := ir.Eval(ir.OpUToF, typ, ir.I64, n, 0, 0)
			require.Equal(t, roundBig(typ, u), float64(ir.Widen(typ, got)), "%s from %d", typ, n)
			s := new(big.Float).SetPrec(64).SetInt64(int64(n))
			got, _ = ir.Eval(ir.OpSToF, typ, ir.I64, n, 0, 0)
			require.Equal(t, roundBig(typ, s), float64(ir.Widen(typ, got)), "%s from %d", typ, int64(n))
		}
	}
}
