package conformance

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
)

// Functions of SIMD groups and quads: each overload in threadgroups with a partial
// SIMD group, by all threads and by some of them.

func isGroup(name string) bool {
	return strings.HasPrefix(name, "simd_") || strings.HasPrefix(name, "quad_")
}

// A group is the lanes of one SIMD group or quad.
type group struct {
	kind   types.Kind
	width  int
	active []bool
	args   [][]uint64 // what each lane gives for each argument
}

// values are what the active lanes from one up to another give.
func (g *group) values(from, to int) []uint64 {
	var list []uint64
	for i := from; i < to; i++ {
		if g.active[i] {
			list = append(list, g.args[0][i])
		}
	}
	return list
}

// from is what lane i gives; of one that takes no part nothing is said.
func (g *group) from(i int) want {
	if i < 0 || i >= g.width || !g.active[i] {
		return anything
	}
	return want{bits: g.args[0][i]}
}

func (g *group) first() int {
	for i, a := range g.active {
		if a {
			return i
		}
	}
	return -1
}

// fold combines values exactly: the tests choose floats whose sums and products
// are.
func (g *group) fold(values []uint64, start int64, f func(x, y *big.Rat) *big.Rat) want {
	r := big.NewRat(start, 1)
	for _, w := range values {
		r = f(r, g.number(w))
	}
	return g.want(r)
}

func (g *group) number(w uint64) *big.Rat {
	if isFloat(g.kind) {
		return new(big.Rat).SetFloat64(formatOf(g.kind).value(w))
	}
	return new(big.Rat).SetInt(integer(g.kind, w))
}

func (g *group) want(r *big.Rat) want {
	if isFloat(g.kind) {
		x, _ := r.Float64()
		return want{bits: formatOf(g.kind).encode(x), anySign: true}
	}
	return want{bits: wrap(g.kind, r.Num())}
}

// pick returns the value that better prefers to all others.
func (g *group) pick(better func(cmp int) bool) want {
	list := g.values(0, g.width)
	best := list[0]
	for _, w := range list[1:] {
		if better(g.number(w).Cmp(g.number(best))) {
			best = w
		}
	}
	return want{bits: best, anySign: isFloat(g.kind)}
}

func (g *group) bitwise(f func(x, y uint64) uint64) want {
	list := g.values(0, g.width)
	r := list[0]
	for _, w := range list[1:] {
		r = f(r, w)
	}
	return want{bits: r}
}

func (g *group) ballot(count func(lane int) bool) want {
	var r uint64
	for i, a := range g.active {
		if a && count(i) {
			r |= 1 << i
		}
	}
	return want{bits: r}
}

// A groupOracle tells what a lane must get.
type groupOracle func(g *group, lane int) want

func groupOracles() map[string]groupOracle {
	sum := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Add(x, y) }
	product := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }
	delta := func(g *group, lane int) int { return int(g.args[1][lane]) }
	m := map[string]groupOracle{
		"sum":                      func(g *group, lane int) want { return g.fold(g.values(0, g.width), 0, sum) },
		"product":                  func(g *group, lane int) want { return g.fold(g.values(0, g.width), 1, product) },
		"prefix_inclusive_sum":     func(g *group, lane int) want { return g.fold(g.values(0, lane+1), 0, sum) },
		"prefix_exclusive_sum":     func(g *group, lane int) want { return g.fold(g.values(0, lane), 0, sum) },
		"prefix_inclusive_product": func(g *group, lane int) want { return g.fold(g.values(0, lane+1), 1, product) },
		"prefix_exclusive_product": func(g *group, lane int) want { return g.fold(g.values(0, lane), 1, product) },
		"min":                      func(g *group, lane int) want { return g.pick(func(c int) bool { return c < 0 }) },
		"max":                      func(g *group, lane int) want { return g.pick(func(c int) bool { return c > 0 }) },
		"and":                      func(g *group, lane int) want { return g.bitwise(func(x, y uint64) uint64 { return x & y }) },
		"or":                       func(g *group, lane int) want { return g.bitwise(func(x, y uint64) uint64 { return x | y }) },
		"xor":                      func(g *group, lane int) want { return g.bitwise(func(x, y uint64) uint64 { return x ^ y }) },
		"shuffle":                  func(g *group, lane int) want { return g.from(delta(g, lane)) },
		"broadcast":                func(g *group, lane int) want { return g.from(delta(g, lane)) },
		"shuffle_xor":              func(g *group, lane int) want { return g.from(lane ^ delta(g, lane)) },
		"shuffle_up":               func(g *group, lane int) want { return g.from(lane - delta(g, lane)) },
		"shuffle_down":             func(g *group, lane int) want { return g.from(lane + delta(g, lane)) },
		"shuffle_rotate_up":        func(g *group, lane int) want { return g.from((lane + g.width - delta(g, lane)) % g.width) },
		"shuffle_rotate_down":      func(g *group, lane int) want { return g.from((lane + delta(g, lane)) % g.width) },
		"broadcast_first":          func(g *group, lane int) want { return g.from(g.first()) },
		"all": func(g *group, lane int) want {
			return want{bits: bit(g.ballot(func(i int) bool { return g.args[0][i] == 0 }).bits == 0)}
		},
		"any": func(g *group, lane int) want {
			return want{bits: bit(g.ballot(func(i int) bool { return g.args[0][i] != 0 }).bits != 0)}
		},
		"ballot":              func(g *group, lane int) want { return g.ballot(func(i int) bool { return g.args[0][i] != 0 }) },
		"active_threads_mask": func(g *group, lane int) want { return g.ballot(func(int) bool { return true }) },
		"is_first":            func(g *group, lane int) want { return want{bits: bit(lane == g.first())} },
		"is_helper_thread":    func(g *group, lane int) want { return want{bits: 0} },
	}
	// What would come from outside of a run of lanes comes from the other end of
	// the second argument.
	fill := func(up int) groupOracle {
		return func(g *group, lane int) want {
			by, run := int(g.args[2][lane]), g.width
			if len(g.args) > 3 {
				run = int(g.args[3][lane])
			}
			from := lane%run - up*by
			base := lane / run * run
			if from >= 0 && from < run {
				return g.from(base + from)
			}
			h := *g
			h.args = g.args[1:]
			return h.from(base + (from+run)%run)
		}
	}
	m["shuffle_and_fill_up"], m["shuffle_and_fill_down"] = fill(1), fill(-1)
	return m
}

func TestGroupFunctions(t *testing.T) {
	known := groupOracles()
	r := rand.New(rand.NewPCG(5, 6))
	for i, name := range stdlib.Names() {
		if !isGroup(name) || skipped(i) {
			continue
		}
		check := known[name[len("simd_"):]]
		if check == nil {
			t.Errorf("no oracle for %s", name)
			continue
		}
		var text strings.Builder
		list := stdlib.Lookup(name, sem.Default)
		for i, f := range list {
			text.WriteString(groupKernel(i, f))
		}
		lib := compile(t, text.String(), msl.MathSafe)
		t.Run(name, func(t *testing.T) {
			for i, f := range list {
				if testGroup(t, lib, i, f, check, r); t.Failed() {
					return
				}
			}
		})
	}
}

// groupKernel calls f in the threads for which a byte of a buffer is not zero.
func groupKernel(i int, f *stdlib.Func) string {
	result := f.Result.String()
	if e, ok := f.Result.(*types.Enum); ok { // a vote
		result = e.Underlying.String()
	}
	var params, args []string
	for k, p := range f.Params {
		params = append(params, fmt.Sprintf("device const %s *a%d [[buffer(%d)]]", p.Type, k, k))
		args = append(args, fmt.Sprintf("a%d[i]", k))
	}
	params = append(params, fmt.Sprintf("device %s *r [[buffer(%d)]]", result, firstOut), "device const uchar *active [[buffer(10)]]", "uint i [[thread_position_in_grid]]")
	return fmt.Sprintf("kernel void k%d(%s) { if (active[i]) r[i] = %s(metal::%s(%s)); }\n", i, strings.Join(params, ", "), result, f.Name, strings.Join(args, ", "))
}

func testGroup(t *testing.T, lib *msl.Library, i int, f *stdlib.Func, check groupOracle, r *rand.Rand) {
	t.Helper()
	const threads, size = 100, 72
	width := 32
	if strings.HasPrefix(f.Name, "quad") {
		width = 4
	}
	code := lower(t, lib, fmt.Sprintf("k%d", i))
	out := layoutOf(f.Result)
	var in []layout
	for _, p := range f.Params {
		in = append(in, layoutOf(p.Type))
	}
	patterns := []func(i int) bool{
		func(int) bool { return true },
		func(i int) bool { return i%3 != 0 },
		func(i int) bool { return r.IntN(4) == 0 },
		func(i int) bool { return i%32 == 13 || i%32 == 14 },
	}
	if len(out.offsets) > 1 {
		patterns = patterns[r.IntN(3):][:1]
	}
	for _, pattern := range patterns {
		l := &tiers.Launch{Grid: d1(threads), Group: d1(size), Buffers: map[int][]byte{firstOut: make([]byte, threads*out.stride), 10: make([]byte, threads)}}
		for i := range threads {
			l.Buffers[10][i] = byte(bit(pattern(i)))
		}
		run := []int{2, 4, 8, 16, 32}[r.IntN(5)]
		for k := range in {
			b := make([]byte, threads*in[k].stride)
			one := groupValue(f, k, in[k].kind, min(run, width), width, r)
			for i := range threads {
				for c := range in[k].offsets {
					w := groupValue(f, k, in[k].kind, min(run, width), width, r)
					if isUniform(f, k, in[k].kind) {
						w = one
					}
					in[k].put(b, i, c, w)
				}
			}
			l.Buffers[k] = b
		}
		wants := make([][]want, threads)
		for i := range threads {
			if l.Buffers[10][i] == 0 {
				continue
			}
			base := i/size*size + i%size/width*width
			for c := range out.offsets {
				g := &group{kind: types.Bool, width: width, active: make([]bool, width), args: make([][]uint64, len(in))}
				if len(in) > 0 {
					g.kind = in[0].kind
				}
				end := min(i/size*size+size, threads)
				for j := range width {
					at := base + j
					g.active[j] = at < end && l.Buffers[10][at] != 0
					for k := range in {
						w := uint64(0)
						if at < end {
							w = in[k].get(l.Buffers[k], at, c%len(in[k].offsets))
						}
						g.args[k] = append(g.args[k], w)
					}
				}
				wants[i] = append(wants[i], check(g, i-base))
			}
		}
		got := code.run(t, f.Name, l, func(buffer int, x, y []byte) string {
			if buffer != firstOut {
				return ""
			}
			return sameBits(out.kind, x, y)
		})
		for i := range threads {
			for c, w := range wants[i] {
				if _, ok := w.accepts(out.kind, out.get(got[firstOut], i, c)); !ok {
					t.Errorf("%s %s(%s), thread %d of %d, component %d: %s, want %s", f.Result, f.Name, paramTypes(f), i, threads, c, show(out.kind, out.get(got[firstOut], i, c)), w.show(out.kind))
					return
				}
			}
		}
	}
}

func paramTypes(f *stdlib.Func) string {
	var s []string
	for _, p := range f.Params {
		s = append(s, p.Type.String())
	}
	return strings.Join(s, ", ")
}

// isIndex reports whether argument k is a lane, a distance or a number of lanes.
func isIndex(f *stdlib.Func, k int, kind types.Kind) bool {
	return k > 0 && kind == types.UShort && (k > 1 || !strings.Contains(f.Name, "fill"))
}

// isUniform reports whether all threads must give the same for argument k.
func isUniform(f *stdlib.Func, k int, kind types.Kind) bool {
	return isIndex(f, k, kind) && (strings.HasSuffix(f.Name, "_broadcast") || strings.Contains(f.Name, "fill"))
}

// groupValue is what a thread gives for argument k: sums and products of the
// floats are exact in any order.
func groupValue(f *stdlib.Func, k int, kind types.Kind, run, width int, r *rand.Rand) uint64 {
	name := f.Name[len("simd_"):]
	switch index := isIndex(f, k, kind); {
	case index && k == 3:
		return uint64(run)
	case index && strings.Contains(name, "fill"):
		if len(f.Params) > 3 {
			return uint64(r.IntN(run))
		}
		return uint64(r.IntN(width))
	case index:
		return uint64(r.IntN(width))
	case kind == types.Bool:
		return bit(r.IntN(8) > 0)
	case !isFloat(kind):
		return random(kind, r)
	}
	x := float64(r.IntN(17) - 8)
	switch {
	case strings.HasSuffix(name, "product"):
		x = []float64{1, -1, 1, -1, 1, -1, 1, 2, 0.5}[r.IntN(9)]
	case strings.HasSuffix(name, "sum"):
	default:
		w := random(kind, r)
		for formatOf(kind).isNaN(w) || w&(1<<(formatOf(kind).bits-1)-1) == formatOf(kind).encode(1e300) {
			w = random(kind, r)
		}
		return w
	}
	return formatOf(kind).encode(x)
}
