package conformance

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

var update = flag.Bool("update", false, "write docs/accuracy.md anew")

// correctly is the error of what is rounded correctly; a little is for the error
// of the reference.
const correctly = 0.5 + 1e-7

// An accurate function is one whose error the specification limits (section
// 8.4, tables 8.1 to 8.3). The limits of precise functions are kept by fast ones
// too, whatever the specification grants them.
type accurate struct {
	name   string
	oracle oracle
	limit  float64 // of float, in units in the last place
	fast   float64 // of metal::fast, where that is another
	half   float64 // of half
	grants string  // what table 8.2 says of the fast one
}

// near1 and near2 are oracles of functions that are close to f.
func near1(name string, f func(x float64) float64) oracle {
	return per(func(c *call) want { return nearWant(c, name, f(c.f(0))) })
}

func near2(name string, f func(x, y float64) float64) oracle {
	return per(func(c *call) want { return nearWant(c, name, f(c.f(0), c.f(1))) })
}

func nearWant(c *call, name string, x float64) want {
	return want{near: true, real: x, ulps: limitOf(name, c.kind, c.mode), anySign: strings.HasSuffix(name, "pi")}
}

func limitOf(name string, k types.Kind, mode sem.Mode) float64 {
	for _, a := range accuracy {
		switch {
		case a.name != name:
		case k == types.Half:
			return a.half
		case mode == sem.Fast && a.fast != 0:
			return a.fast
		default:
			return a.limit
		}
	}
	panic("no limit for " + name)
}

// Functions of multiples of pi, reduced exactly.

func sinPi(x float64) float64 {
	r := math.Remainder(x, 2)
	if math.Abs(r) > 0.5 {
		r = math.Copysign(1-math.Abs(r), r)
	}
	return math.Sin(math.Pi * r)
}

func cosPi(x float64) float64 {
	r := math.Abs(math.Remainder(x, 2))
	if r > 0.25 {
		return sinPi(0.5 - r)
	}
	return math.Cos(math.Pi * r)
}

func tanPi(x float64) float64 {
	r := math.Remainder(x, 1)
	if a := math.Abs(r); a > 0.25 {
		return math.Copysign(1/math.Tan(math.Pi*(0.5-a)), r)
	}
	return math.Tan(math.Pi * r)
}

var accuracy = []accurate{
	{"acos", nil, 4, 0, 1, "5 in [-1, 1]"},
	{"acosh", nil, 4, 0, 1, "as log(x + sqrt(x²-1))"},
	{"asin", nil, 4, 0, 1, "5 in [-1, 1]"},
	{"asinh", nil, 4, 0, 1, "as log(x + sqrt(x²+1))"},
	{"atan", nil, 5, 0, 1, "5"},
	{"atan2", nil, 6, 0, 1, "as atan(y/x)"},
	{"atanh", nil, 5, 0, 1, "as log((1+x)/(1-x))/2"},
	{"cos", nil, 4, 0, 1, "2⁻¹³ absolute in [-π, π]"},
	{"cosh", nil, 4, 0, 1, "as (exp(x)+exp(-x))/2"},
	{"cospi", nil, 4, 0, 1, "2⁻¹³ absolute in [-1, 1]"},
	{"exp", nil, 4, 0, 1, `3+⌊2\|x\|⌋`},
	{"exp10", nil, 4, 0, 1, "as exp2(x log2 10)"},
	{"exp2", nil, 4, 0, 1, `3+⌊2\|x\|⌋`},
	{"log", nil, 4, 3, 1, "3; 2⁻²¹ absolute in [0.5, 2]"},
	{"log10", nil, 4, 0, 1, "as log2(x) log10 2"},
	{"log2", nil, 4, 2, 1, "2; 2⁻²² absolute in [0.5, 2]"},
	{"pow", nil, 16, 0, 1, "as exp2(y log2 x)"},
	{"powr", nil, 16, 0, 1, "as exp2(y log2 x)"},
	{"rsqrt", nil, correctly, 2, correctly, "2"},
	{"sin", nil, 4, 0, 1, "2⁻¹³ absolute in [-π, π]"},
	{"sincos", nil, 4, 0, 1, "as sin and cos"},
	{"sinh", nil, 4, 0, 1, "as (exp(x)-exp(-x))/2"},
	{"sinpi", nil, 4, 0, 1, "2⁻¹³ absolute in [-1, 1]"},
	{"tan", nil, 6, 0, 1, "as sin(x)/cos(x)"},
	{"tanh", nil, 5, 0, 1, "as (t-1)/(t+1), t = exp(2x)"},
	{"tanpi", nil, 6, 0, 1, "as tan(πx)"},
}

func init() {
	one := map[string]func(float64) float64{
		"acos": math.Acos, "acosh": math.Acosh, "asin": math.Asin, "asinh": math.Asinh, "atan": math.Atan, "atanh": math.Atanh,
		"cos": math.Cos, "cosh": math.Cosh, "cospi": cosPi, "exp": math.Exp, "exp2": math.Exp2,
		"exp10": func(x float64) float64 { return power(10, x) },
		"log":   math.Log, "log10": math.Log10, "log2": math.Log2, "sin": math.Sin, "sinh": math.Sinh, "sinpi": sinPi,
		"tan": math.Tan, "tanh": math.Tanh, "tanpi": tanPi,
		"rsqrt": func(x float64) float64 { return 1 / math.Sqrt(x) },
	}
	for i := range accuracy {
		a := &accuracy[i]
		switch a.name {
		case "atan2":
			a.oracle = near2(a.name, math.Atan2)
		case "pow":
			a.oracle = near2(a.name, power)
		case "powr":
			a.oracle = per(func(c *call) want {
				x, y := c.f(0), c.f(1)
				if !(x >= 0) || x == 0 && y == 0 || math.IsInf(x, 0) && y == 0 || x == 1 && math.IsInf(y, 0) || isNaN(y) {
					return anything // x must not be negative; the others are undefined
				}
				return nearWant(c, "powr", power(math.Abs(x), y)) // of -0, as of 0
			})
		case "sincos":
			a.oracle = func(c *call) [][]want {
				return [][]want{{nearWant(c, "sincos", math.Sin(c.f(0)))}, {nearWant(c, "sincos", math.Cos(c.f(0)))}}
			}
		default:
			a.oracle = near1(a.name, one[a.name])
		}
	}
}

// TestAccuracy measures the error of the mathematical functions over edge
// values and random arguments, and compares the table of that in docs with what
// it finds. With -update it writes the table.
func TestAccuracy(t *testing.T) {
	const file = "../../../docs/accuracy.md"
	n := 60_000
	if testing.Short() || raceEnabled {
		n = 2000
	}
	var b bytes.Buffer
	b.WriteString(accuracyHead)
	fmt.Fprintln(&b, "| function | precise | limit | fast | the specification grants | half | limit |")
	fmt.Fprintln(&b, "|---|---|---|---|---|---|---|")
	for _, a := range accuracy {
		precise := measure(t, &a, sem.Precise, types.Float, n)
		fast := measure(t, &a, sem.Fast, types.Float, n)
		half := measure(t, &a, sem.Default, types.Half, n)
		fmt.Fprintf(&b, "| `%s` | %.2f | %s | %.2f | %s | %.2f | %s |\n", a.name, precise, limitText(a.limit), fast, a.grants, half, limitText(a.half))
	}
	if testing.Short() || raceEnabled {
		return // the limits have been kept
	}
	if *update {
		require.NoError(t, os.WriteFile(file, b.Bytes(), 0o666))
		return
	}
	have, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, sameTable(b.String(), string(have)), "docs/accuracy.md is not what is found:\n%s\ngo test ./internal/msl/conformance -run TestAccuracy -update writes it anew", &b)
}

// sameTable compares two tables, whose numbers may differ by what the float64
// functions of processors do.
func sameTable(x, y string) bool {
	a, b := strings.Fields(x), strings.Fields(y)
	return slices.EqualFunc(a, b, func(x, y string) bool {
		v, err1 := strconv.ParseFloat(x, 64)
		w, err2 := strconv.ParseFloat(y, 64)
		return x == y || err1 == nil && err2 == nil && math.Abs(v-w) < 0.015
	})
}

const accuracyHead = `# Accuracy of the mathematical functions

The largest error found, in units in the last place of the exact result, beside the limits of the
Metal Shading Language Specification, section 8.4 (tables 8.1, 8.2 and 8.3). The arguments are
edge values (zeros, subnormal numbers, limits, infinities, NaNs, multiples of π/2, thresholds) and
60 000 random ones: two thirds of moderate size, a third of any bits; of two arguments, pairs of
them; functions of one half are tried with every half. The fast functions may take subnormal numbers for
zeros, as the specification allows. All tiers of the engine give the same bits.

Functions that are not here are exact or correctly rounded, ` + "`sqrt` and `divide`" + ` of every mode among them:
the tests compare each of their bits.

This table is written by

    go test ./internal/msl/conformance -run TestAccuracy -update

and the same test without -update fails when it no longer holds.

`

func limitText(x float64) string {
	if x == correctly {
		return "correctly rounded"
	}
	return fmt.Sprint(x)
}

// measure returns the largest error of a function in ulps; one over the limit
// fails the test.
func measure(t *testing.T, a *accurate, mode sem.Mode, k types.Kind, n int) float64 {
	prefix := map[sem.Mode]string{sem.Precise: "precise::", sem.Fast: "fast::"}[mode]
	var fn *stdlib.Func
	for _, f := range stdlib.Lookup(a.name, mode) {
		if f.Params[0].Type == types.Type(types.Basics[k]) {
			fn = f
		}
	}
	require.NotNil(t, fn, "%s%s of %v", prefix, a.name, types.Basics[k])
	s := newSubject(prefix, fn, mode, 0)
	lib := compile(t, s.text, msl.MathSafe)
	best, diags := lib.Lower(s.name, msl.Constants{})
	require.NotNil(t, best, "%s", diags.Render())
	r := rand.New(rand.NewPCG(1, 2))
	cases := s.edgeCases()
	if k == types.Half && len(s.in) == 1 && !testing.Short() && !raceEnabled {
		cases, n = nil, 1<<16
		for w := range uint64(n) {
			cases = append(cases, []uint64{w})
		}
	}
	for len(cases) < n {
		var c []uint64
		for _, p := range s.in {
			c = append(c, random(p.kind, r))
		}
		cases = append(cases, c)
	}
	l := s.launch(len(cases), func(thread, param, component int) uint64 { return cases[thread][param] })
	all := engines()
	got, err := all[len(all)-1].Run(best.Func, l)
	require.NoError(t, err)
	require.Nil(t, got.Fault)
	worst := 0.0
	for i := range cases {
		worst = max(worst, s.check(t, got.Buffers, i, 0))
	}
	return worst
}
