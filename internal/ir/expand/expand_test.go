package expand_test

import (
	"encoding/binary"
	"flag"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/expand"
)

var long = flag.Bool("long", false, "try every argument")

// kernel is one expanded function, run for one thread by the scalar reference.
type kernel struct {
	f      *ir.Func
	values []uint64
	x, y   ir.Value
	result ir.Value
	left   bool // the loop, by a Break
}

func newKernel(t *testing.T, op ir.Op, fast int64) *kernel {
	f := ir.NewFunc(op.String())
	b := ir.NewBuilder(f)
	in := b.Mem(ir.Mem{Name: "in", Space: ir.Device, Size: 8})
	x := b.Load(ir.Device, ir.F32, in, b.I64(0), 0)
	y := b.Load(ir.Device, ir.F32, in, b.I64(4), 0)
	args := []ir.Value{x, y}[:op.Info().NArgs]
	r := b.EmitImm(op, ir.F32, fast, args...)
	b.Store(ir.Device, ir.F32, in, b.I64(0), 0, r)
	b.Finish()
	require.NoError(t, ir.Verify(f))
	expand.Func(f)
	require.NoError(t, ir.Verify(f), "%s", f)
	k := &kernel{f: f, values: make([]uint64, len(f.Values)), x: x, y: y}
	f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op == ir.OpStore {
			k.result = in.Args[2]
		}
		require.NotEqual(t, ir.Math, in.Op.Info().Class, "%s is left", in.Op)
		return true
	})
	return k
}

func (k *kernel) call(x, y float32) float32 {
	k.values[k.x], k.values[k.y] = uint64(math.Float32bits(x)), uint64(math.Float32bits(y))
	k.block(k.f.Body)
	return math.Float32frombits(uint32(k.values[k.result]))
}

func (k *kernel) block(b *ir.Block) (results []ir.Value) {
	for _, in := range b.Code {
		switch in.Op {
		case ir.OpConst:
			k.values[in.Out] = uint64(in.Imm)
		case ir.OpMem, ir.OpStore:
		case ir.OpLoad:
			if in.Space == ir.Constant {
				data := k.f.Mems[len(k.f.Mems)-1].Data
				off := int64(k.values[in.Args[1]]) + in.Imm
				k.values[in.Out] = uint64(binary.LittleEndian.Uint32(data[off:]))
			}
		case ir.OpIf:
			arm := in.Body[1]
			if k.values[in.Args[0]] != 0 {
				arm = in.Body[0]
			}
			results := k.block(arm)
			if k.left {
				return results
			}
			for i, v := range results {
				k.values[in.Outs[i]] = k.values[v]
			}
		case ir.OpLoop:
			values, params := in.Args, in.Body[0].Params
			for {
				for i, v := range values {
					k.values[params[i]] = k.values[v]
				}
				values = k.block(in.Body[0])
				if k.left {
					break
				}
			}
			k.left = false
			for i, v := range values {
				k.values[in.Outs[i]] = k.values[v]
			}
		case ir.OpBreak:
			k.left = true
			return in.Args
		case ir.OpYield, ir.OpContinue:
			return in.Args
		default:
			var a [3]uint64
			for i, v := range in.Args {
				a[i] = k.values[v]
			}
			k.values[in.Out], _ = ir.Eval(in.Op, in.Type, k.f.TypeOf(in.Args[0]), a[0], a[1], a[2])
		}
	}
	return nil
}

// ulps is how far got is from want, in units in the last place of a float32 at
// want.
func ulps(got float32, want float64) float64 {
	if math.Abs(want) >= 0x1.ffffffp127 { // rounds to infinity
		want = math.Inf(int(math.Copysign(1, want)))
	}
	if float64(got) == want || got != got && want != want {
		return 0
	}
	if math.IsInf(want, 0) || math.IsInf(float64(got), 0) || got != got || want != want {
		return math.Inf(1)
	}
	exp := max(math.Ilogb(want), -126)
	return math.Abs(float64(got)-want) / math.Ldexp(1, exp-23)
}

// reducedPi is f(pi*x), exact at the multiples of 1/2 by the given values: at
// integers a zero of x's sign, at 0.5 and -1.5 half, at -0.5 and 1.5 -half.
func reducedPi(f func(float64) float64, whole func(x, r float64) float64, half func(r float64) float64) func(x, _ float64) float64 {
	return func(x, _ float64) float64 {
		r := math.Remainder(x, 2)
		switch {
		case r == math.Trunc(r):
			return whole(x, r)
		case 2*r == math.Trunc(2*r):
			return half(r)
		}
		return f(math.Pi * r)
	}
}

var (
	sinPi = reducedPi(math.Sin, func(x, _ float64) float64 { return math.Copysign(0, x) }, func(r float64) float64 { return math.Copysign(1, r) })
	cosPi = reducedPi(math.Cos, func(_, r float64) float64 { return 1 - 2*math.Abs(r) }, func(float64) float64 { return 0 })
	tanPi = reducedPi(math.Tan, func(x, _ float64) float64 { return math.Copysign(0, x) }, func(r float64) float64 { return math.Copysign(math.Inf(1), r) })
)

func one(f func(float64) float64) func(x, _ float64) float64 {
	return func(x, _ float64) float64 { return f(x) }
}

// accuracy is the table that the package comment and the guide quote.
var accuracy = []struct {
	op     ir.Op
	ref    func(x, y float64) float64
	bound  float64 // in ulps
	lo, hi float64 // where most arguments are drawn from
}{
	{ir.OpExp, one(math.Exp), 2, -104, 89},
	{ir.OpExp2, one(math.Exp2), 2, -150, 128},
	{ir.OpExp10, func(x, _ float64) float64 { return math.Pow(10, x) }, 3, -46, 39},
	{ir.OpLog, one(math.Log), 1, 0, 10},
	{ir.OpLog2, one(math.Log2), 1, 0, 10},
	{ir.OpLog10, one(math.Log10), 1.5, 0, 10},
	{ir.OpSin, one(math.Sin), 2.5, -100, 100},
	{ir.OpCos, one(math.Cos), 2.5, -100, 100},
	{ir.OpTan, one(math.Tan), 5, -100, 100},
	{ir.OpSinPi, sinPi, 2, -10, 10},
	{ir.OpCosPi, cosPi, 2, -10, 10},
	{ir.OpTanPi, tanPi, 4, -10, 10},
	{ir.OpAsin, one(math.Asin), 2.5, -1, 1},
	{ir.OpAcos, one(math.Acos), 2, -1, 1},
	{ir.OpAtan, one(math.Atan), 2.5, -10, 10},
	{ir.OpAtan2, math.Atan2, 3, -10, 10},
	{ir.OpSinh, one(math.Sinh), 3, -90, 90},
	{ir.OpCosh, one(math.Cosh), 2.5, -90, 90},
	{ir.OpTanh, one(math.Tanh), 3, -10, 10},
	{ir.OpAsinh, one(math.Asinh), 3, -100, 100},
	{ir.OpAcosh, one(math.Acosh), 3.5, 1, 100},
	{ir.OpAtanh, one(math.Atanh), 3, -1, 1},
	{ir.OpPow, math.Pow, 2, 0, 20},
	{ir.OpPowr, func(x, y float64) float64 { return math.Pow(math.Abs(x), y) }, 2, 0, 20},
	{ir.OpRsqrt, func(x, _ float64) float64 {
		if x == 0 {
			return math.Copysign(math.Inf(1), x)
		}
		return 1 / math.Sqrt(x)
	}, 0.5 + 1e-7, 0, 100},
	{ir.OpFRem, math.Mod, 0, -1000, 1000},
}

// fastBounds is what the fast form of a function may be worse by.
var fastBounds = map[ir.Op]float64{ir.OpLog: 0.5, ir.OpLog2: 1, ir.OpLog10: 1.5, ir.OpAcosh: 1, ir.OpAtanh: 1, ir.OpAsinh: 1, ir.OpRsqrt: 1}

// flush makes zeros of what the fast forms take for zeros.
func flush(op ir.Op, x, got float32, want float64) (float32, float64) {
	const normal = 0x1p-126
	switch op {
	case ir.OpExp, ir.OpExp2, ir.OpExp10:
		if want < normal*1.00001 && (got == 0 || got == normal) {
			return 0, 0
		}
	case ir.OpLog, ir.OpLog2, ir.OpLog10:
		if x > 0 && x < normal {
			return got, math.Inf(-1)
		}
	}
	return got, want
}

var edges = []float64{0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1.5, -1.5, 0.41421357, 2.4142135, 0.625, 1500, 1501,
	0x1p-149, -0x1p-149, 0x1p-126, 0x1.fffffep-127, math.MaxFloat32, -math.MaxFloat32, math.Inf(1), math.Inf(-1), math.NaN(),
	math.Pi, math.Pi / 2, math.Pi / 4, -math.Pi, 30000, 30001, 1e10, 0x1p126, 88.72284, 88.72283, -87.33655, -103.97208, 127.99999, -149, -150, 38.53184,
	0x1p24, 0x1p24 + 1, 16777215, 1e-20, 0.99999994, 1.0000001}

// TestRsqrtOfEveryFloat tries all mantissas at an even and an odd exponent: at
// others, results are the same but for their exponents. Without -long it tries
// one of 61.
func TestRsqrtOfEveryFloat(t *testing.T) {
	k := newKernel(t, ir.OpRsqrt, 0)
	step := uint32(61)
	if *long {
		step = 1
	}
	for bits := uint32(0x3f800000); bits < 0x40800000; bits += step {
		x := math.Float32frombits(bits)
		if u := ulps(k.call(x, 0), 1/math.Sqrt(float64(x))); u > 0.5+1e-7 {
			t.Fatalf("rsqrt(%v) is off by %v ulp", x, u)
		}
	}
}

func TestAccuracy(t *testing.T) {
	n := 30_000
	if testing.Short() {
		n = 5_000
	}
	for i := range 2 * len(accuracy) {
		c, fast := accuracy[i/2], i%2 == 1
		if fast && c.op.Info().Class != ir.Math {
			continue // it has no such form
		}
		name := c.op.String()
		if fast {
			name = "fast " + name
			c.bound += fastBounds[c.op]
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKernel(t, c.op, int64(i%2))
			r := rand.New(rand.NewPCG(1, uint64(c.op)))
			worst, at := 0.0, [2]float32{}
			check := func(x, y float32) {
				got, want := k.call(x, y), c.ref(float64(x), float64(y))
				if c.op == ir.OpPowr && !powrDefined(x, y) {
					want = math.NaN()
				}
				if fast {
					got, want = flush(c.op, x, got, want)
				}
				u := ulps(got, want)
				if angle := math.Abs(float64(x)); fast && angle > 30000 && angle < 0x1p20 && (c.op == ir.OpSin || c.op == ir.OpCos) {
					u = c.bound * math.Abs(float64(got)-want) / 0x1p-22 // as the package says
				}
				if want == 0 && got == 0 && math.Signbit(want) != math.Signbit(float64(got)) {
					u = math.Inf(1)
				}
				if u > worst {
					worst, at = u, [2]float32{x, y}
				}
				if u > c.bound {
					t.Errorf("%s(%v, %v) = %v, want %v: %.2f ulp, more than %v", c.op, x, y, got, want, u, c.bound)
				}
			}
			for _, x := range edges {
				check(float32(x), float32(x))
				for _, y := range edges {
					if c.op.Info().NArgs == 2 {
						check(float32(x), float32(y))
					}
				}
			}
			for range n {
				if t.Failed() {
					return
				}
				x, y := c.lo+(c.hi-c.lo)*r.Float64(), c.lo+(c.hi-c.lo)*r.Float64()
				check(float32(x), float32(y))
				check(math.Float32frombits(r.Uint32()), math.Float32frombits(r.Uint32()))
				check(float32(math.Exp2(20*r.NormFloat64())), float32(20*r.NormFloat64()))
				check(float32(0x1p19*r.Float64()), float32(r.Float64()))
			}
			t.Logf("%s: at most %.2f ulp, at (%v, %v)", c.op, worst, at[0], at[1])
		})
	}
}

func powrDefined(x, y float32) bool {
	fx, fy := float64(x), float64(y)
	switch {
	case fx < 0, fx != fx, fy != fy:
		return false
	case fy == 0 && (fx == 0 || math.IsInf(fx, 0)), fx == 1 && math.IsInf(fy, 0):
		return false
	}
	return true
}
