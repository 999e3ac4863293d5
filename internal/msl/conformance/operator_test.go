package conformance

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
)

// Operators and conversions, of scalars, which promote as C++'s do, and of
// vectors, which do not.

var kinds = []types.Kind{types.Bool, types.Char, types.UChar, types.Short, types.UShort, types.Int, types.UInt, types.Long, types.ULong, types.Half, types.BFloat, types.Float}

// An expression is one of x and y, whose components have kinds.
type expression struct {
	text   string // with T for the type of x
	in     []types.Kind
	out    types.Kind
	n      int // components
	oracle func(x []uint64) want
}

func typeName(k types.Kind, n int) string {
	if n == 1 {
		return types.Basics[k].String()
	}
	return types.VectorOf(types.Basics[k], n).String()
}

// promoted is what an operand becomes, usual what two become together (C++'s
// integral promotions and usual arithmetic conversions).
func promoted(k types.Kind) types.Kind {
	if k < types.Int {
		return types.Int
	}
	return k
}

func usual(x, y types.Kind) types.Kind {
	x, y = promoted(x), promoted(y)
	switch {
	case isFloat(x) && isFloat(y):
		return max(x, y)
	case isFloat(x):
		return x
	case isFloat(y):
		return y
	}
	return max(x, y) // unsigned comes after signed, long after int
}

// converted is what a value becomes in another type; ok is false where nothing
// is specified.
func converted(to, from types.Kind, w uint64) uint64 {
	switch {
	case to == types.Bool && isFloat(from):
		return bit(formatOf(from).value(w) != 0)
	case to == types.Bool:
		return bit(w != 0)
	case isFloat(to) && isFloat(from):
		return formatOf(to).encode(formatOf(from).value(w))
	case isFloat(to):
		return formatOf(to).encode(odd64(integer(from, w)))
	case isFloat(from):
		x := math.Trunc(formatOf(from).value(w))
		if isNaN(x) {
			return 0
		}
		lo, hi := limits(to)
		n, _ := new(big.Float).SetFloat64(max(min(x, 1e30), -1e30)).Int(nil)
		return wrap(to, most(least(n, hi), lo))
	}
	return wrap(to, integer(from, w))
}

// odd64 is a float64 that rounds to shorter formats as n does.
func odd64(n *big.Int) float64 {
	f := new(big.Float).SetMode(big.ToZero).SetPrec(53).SetInt(n)
	x, _ := f.Float64()
	if f.Acc() != big.Exact {
		x = math.Float64frombits(math.Float64bits(x) | 1)
	}
	return x
}

// arithmetic does a binary operation on two values of kind k.
func arithmetic(op string, k types.Kind, a, b uint64) want {
	if isFloat(k) {
		f := formatOf(k)
		x, y := f.value(a), f.value(b)
		switch op {
		case "+":
			return want{bits: f.encode(x + y)}
		case "-":
			return want{bits: f.encode(x - y)}
		case "*":
			return want{bits: f.encode(x * y)}
		case "/":
			return want{bits: f.encode(x / y)}
		}
		panic(op)
	}
	x, y := integer(k, a), integer(k, b)
	switch op {
	case "+":
		return want{bits: wrap(k, add(x, y))}
	case "-":
		return want{bits: wrap(k, sub(x, y))}
	case "*":
		return want{bits: wrap(k, mul(x, y))}
	case "/", "%":
		lo, _ := limits(k)
		if y.Sign() == 0 || isSigned(k) && x.Cmp(lo) == 0 && y.Cmp(big.NewInt(-1)) == 0 {
			return anything
		}
		if op == "/" {
			return want{bits: wrap(k, new(big.Int).Quo(x, y))}
		}
		return want{bits: wrap(k, new(big.Int).Rem(x, y))}
	case "&":
		return want{bits: a & b}
	case "|":
		return want{bits: a | b}
	case "^":
		return want{bits: a ^ b}
	}
	// Of the count, the bits that can count.
	count := uint(b) & (width(k) - 1)
	if op == "<<" {
		return want{bits: wrap(k, new(big.Int).Lsh(x, count))}
	}
	return want{bits: wrap(k, new(big.Int).Rsh(x, count))}
}

func compared(op string, k types.Kind, a, b uint64) bool {
	var c int
	if isFloat(k) {
		x, y := formatOf(k).value(a), formatOf(k).value(b)
		if isNaN(x) || isNaN(y) {
			return op == "!="
		}
		c = int(bit(x > y)) - int(bit(x < y))
	} else {
		c = integer(k, a).Cmp(integer(k, b))
	}
	switch op {
	case "==":
		return c == 0
	case "!=":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}

// binaryOps are those that a type has.
func binaryOps(k types.Kind) []string {
	switch {
	case k == types.Bool:
		return []string{"&", "|", "^"}
	case isFloat(k):
		return []string{"+", "-", "*", "/"}
	}
	return []string{"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"}
}

var comparisons = []string{"==", "!=", "<", "<=", ">", ">="}

// expressions are all to be tried.
func expressions() []expression {
	var list []expression
	for _, k := range kinds {
		for n := 1; n <= 4; n++ {
			list = append(list, ofOneType(k, n)...)
		}
		for _, from := range kinds {
			for n := 1; n <= 4; n++ {
				list = append(list, expression{typeName(k, n) + "(x)", []types.Kind{from}, k, n, func(x []uint64) want { return want{bits: converted(k, from, x[0])} }})
			}
			// A bfloat and a half have no type in common.
			if !(k == types.Half && from == types.BFloat || k == types.BFloat && from == types.Half) {
				list = append(list, mixed(k, from)...)
			}
			if width(k) == width(from) && k != types.Bool && from != types.Bool {
				for n := 1; n <= 4; n++ {
					list = append(list, expression{"as_type<" + typeName(k, n) + ">(x)", []types.Kind{from}, k, n, func(x []uint64) want {
						for _, t := range []types.Kind{k, from} {
							if isFloat(t) && formatOf(t).isNaN(x[0]) {
								return anything // a NaN may become a quiet one
							}
						}
						return want{bits: x[0]}
					}})
				}
			}
		}
	}
	return list
}

// mixed are operators on scalars of two types.
func mixed(x, y types.Kind) []expression {
	common := usual(x, y)
	var list []expression
	for _, op := range []string{"+", "*"} {
		list = append(list, expression{"x " + op + " y", []types.Kind{x, y}, common, 1, func(v []uint64) want {
			return arithmetic(op, common, converted(common, x, v[0]), converted(common, y, v[1]))
		}})
	}
	for _, op := range []string{"<", "=="} {
		list = append(list, expression{"x " + op + " y", []types.Kind{x, y}, types.Bool, 1, func(v []uint64) want {
			return want{bits: bit(compared(op, common, converted(common, x, v[0]), converted(common, y, v[1])))}
		}})
	}
	if x != types.Bool { // an assignment converts back
		list = append(list, expression{"(x -= y, x)", []types.Kind{x, y}, x, 1, func(v []uint64) want {
			w := arithmetic("-", common, converted(common, x, v[0]), converted(common, y, v[1]))
			w.bits = converted(x, common, w.bits)
			return w
		}})
	}
	return list
}

// ofOneType are the operators on values of one type.
func ofOneType(k types.Kind, n int) []expression {
	var list []expression
	one, two := []types.Kind{k}, []types.Kind{k, k}
	result := k // of arithmetic
	if n == 1 {
		result = promoted(k)
	}
	wide := func(w uint64) uint64 { return converted(result, k, w) }
	assigned := func(w want) want { // converted to the type of the variable
		w.bits = converted(k, result, w.bits)
		return w
	}
	for _, op := range binaryOps(k) {
		list = append(list, expression{"x " + op + " y", two, result, n, func(x []uint64) want { return arithmetic(op, result, wide(x[0]), wide(x[1])) }},
			expression{"(x " + op + "= y, x)", two, k, n, func(x []uint64) want { return assigned(arithmetic(op, result, wide(x[0]), wide(x[1]))) }})
		if n > 1 && k != types.Bool { // a scalar is repeated
			list = append(list, expression{"x " + op + " s", two, k, n, func(x []uint64) want {
				return arithmetic(op, k, x[0], 3*bit(!isFloat(k))|formatOf(k).encode(3)*bit(isFloat(k)))
			}})
		}
	}
	for _, op := range comparisons {
		list = append(list, expression{"x " + op + " y", two, types.Bool, n, func(x []uint64) want { return want{bits: bit(compared(op, k, x[0], x[1]))} }})
	}
	isTrue := func(w uint64) bool { return converted(types.Bool, k, w) != 0 }
	if n == 1 || k == types.Bool {
		list = append(list, expression{"x && y", two, types.Bool, n, func(x []uint64) want { return want{bits: bit(isTrue(x[0]) && isTrue(x[1]))} }},
			expression{"x || y", two, types.Bool, n, func(x []uint64) want { return want{bits: bit(isTrue(x[0]) || isTrue(x[1]))} }},
			expression{"!x", one, types.Bool, n, func(x []uint64) want { return want{bits: bit(!isTrue(x[0]))} }})
	}
	if k == types.Bool {
		return list
	}
	negated := func(x []uint64) want {
		if isFloat(k) {
			return want{bits: x[0] ^ 1<<(width(k)-1)}
		}
		return arithmetic("-", result, 0, wide(x[0]))
	}
	list = append(list, expression{"-x", one, result, n, negated}, expression{"+x", one, result, n, func(x []uint64) want { return want{bits: wide(x[0])} }})
	if !isFloat(k) {
		list = append(list, expression{"~x", one, result, n, func(x []uint64) want { return want{bits: wrap(result, new(big.Int).Not(integer(k, x[0])))} }})
	}
	unit := wrap(result, big.NewInt(1))
	if isFloat(k) {
		unit = formatOf(k).encode(1)
	}
	for _, op := range []string{"+", "-"} {
		list = append(list, expression{fmt.Sprintf("(x%s%s, x)", op, op), one, k, n, func(x []uint64) want { return assigned(arithmetic(op, result, wide(x[0]), unit)) }},
			expression{fmt.Sprintf("%s%sx", op, op), one, k, n, func(x []uint64) want { return assigned(arithmetic(op, result, wide(x[0]), unit)) }},
			expression{fmt.Sprintf("x%s%s", op, op), one, k, n, func(x []uint64) want { return want{bits: x[0]} }})
	}
	return list
}

// TestOperators tries every expression over all pairs of edge values of scalars,
// and many of vectors, on every tier.
func TestOperators(t *testing.T) {
	all := expressions()
	const atOnce = 64
	r := rand.New(rand.NewPCG(11, 12))
	for from := 0; from < len(all); from += atOnce {
		if skipped(from / atOnce) {
			continue
		}
		part := all[from:min(from+atOnce, len(all))]
		var text strings.Builder
		for i, e := range part {
			text.WriteString(e.kernel(i))
		}
		lib := compile(t, text.String(), msl.MathSafe)
		for i := range part {
			part[i].test(t, lib, i, r)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d expressions", len(all))
}

func (e *expression) kernel(i int) string {
	var params, vars strings.Builder
	for k, in := range e.in {
		fmt.Fprintf(&params, "device const %s *a%d [[buffer(%d)]], ", typeName(in, e.n), k, k)
		fmt.Fprintf(&vars, "%s %c = a%d[i]; ", typeName(in, e.n), 'x'+k, k)
	}
	if strings.HasSuffix(e.text, " s") {
		fmt.Fprintf(&vars, "%s s = 3; ", typeName(e.in[0], 1))
	}
	out := typeName(e.out, e.n)
	return fmt.Sprintf("kernel void k%d(%sdevice %s *r [[buffer(%d)]], uint i [[thread_position_in_grid]]) { %s%s v = %s; r[i] = v; }\n", i, &params, out, firstOut, &vars, out, e.text)
}

func (e *expression) test(t *testing.T, lib *msl.Library, i int, r *rand.Rand) {
	t.Helper()
	cases := [][]uint64{nil}
	for _, k := range e.in {
		var more [][]uint64
		for _, c := range cases {
			for _, v := range edges(k, len(e.in) > 1 && e.n > 1) {
				more = append(more, append(append([]uint64(nil), c...), v))
			}
		}
		cases = more
	}
	r.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	n := min(len(cases), 400)
	if e.n > 1 {
		n = 40
	}
	if testing.Short() {
		n = n/4 + 1
	}
	l := &tiers.Launch{Grid: d1(n), Group: d1(64), Buffers: map[int][]byte{}}
	out := layoutOf(e.typeOf(e.out))
	l.Buffers[firstOut] = make([]byte, n*out.stride)
	for p, k := range e.in {
		in := layoutOf(e.typeOf(k))
		b := make([]byte, n*in.stride)
		for j := range n {
			for c := range in.offsets {
				in.put(b, j, c, cases[(j*e.n+c)%len(cases)][p])
			}
		}
		l.Buffers[p] = b
	}
	name := fmt.Sprintf("%s of %s", e.text, typeName(e.in[0], e.n))
	got := lower(t, lib, fmt.Sprintf("k%d", i)).run(t, name, l, func(buffer int, x, y []byte) string {
		if buffer != firstOut {
			return ""
		}
		return sameBits(e.out, x, y)
	})
	for j := range n {
		for c := range out.offsets {
			x := cases[(j*e.n+c)%len(cases)]
			w := e.oracle(x)
			if _, ok := w.accepts(e.out, out.get(got[firstOut], j, c)); !ok {
				var args []string
				for p, v := range x {
					args = append(args, typeName(e.in[p], e.n)+" "+show(e.in[p], v))
				}
				t.Errorf("%s of %s is %s %s, want %s", e.text, strings.Join(args, ", "), typeName(e.out, e.n), show(e.out, out.get(got[firstOut], j, c)), w.show(e.out))
				return
			}
		}
	}
}

func (e *expression) typeOf(k types.Kind) types.Type {
	if e.n == 1 {
		return types.Basics[k]
	}
	return types.VectorOf(types.Basics[k], e.n)
}
