package conformance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
)

var modes = []struct {
	mode   sem.Mode
	prefix string
}{{sem.Default, "metal::"}, {sem.Precise, "metal::precise::"}, {sem.Fast, "metal::fast::"}}

// TestLibrary calls every overload of every function of the library over edge
// values. A function of the table that no oracle knows fails.
func TestLibrary(t *testing.T) {
	known := oracles()
	r := rand.New(rand.NewPCG(3, 4))
	overloads := 0
	for i, name := range stdlib.Names() {
		if elsewhere(name) || skipped(i) {
			continue
		}
		check := known[name]
		if check == nil {
			t.Errorf("no oracle for %s", name)
			continue
		}
		var subjects []*subject
		var text strings.Builder
		for _, m := range modes {
			for _, f := range stdlib.Lookup(name, m.mode) {
				s := newSubject(m.prefix, f, m.mode, len(subjects))
				s.oracle = check
				subjects = append(subjects, s)
				text.WriteString(s.text)
			}
		}
		lib := compile(t, text.String(), msl.MathSafe)
		overloads += len(subjects)
		t.Run(name, func(t *testing.T) {
			for _, s := range subjects {
				if s.test(t, lib, r); t.Failed() {
					return
				}
			}
		})
	}
	require.True(t, overloads > 1900 || raceEnabled, "%d", overloads)
}

// skipped leaves most out where the race detector makes all slow.
func skipped(i int) bool { return raceEnabled && i%8 != 0 }

// elsewhere reports whether another test than TestLibrary runs a function.
func elsewhere(name string) bool {
	return isGroup(name) || isAtomic(name) || isSynchronising(name) || isDerivative(name)
}

// isDerivative: kernels may not call these.
func isDerivative(name string) bool { return name == "dfdx" || name == "dfdy" || name == "fwidth" }

// A subject is an overload with a kernel that calls it once a thread.
type subject struct {
	name   string // of the kernel
	fn     *stdlib.Func
	mode   sem.Mode
	oracle oracle
	text   string
	in     []layout // of the arguments that the function reads
	out    []layout // of the result, and of the arguments that it writes
	byPart bool     // components are treated alike
}

const firstOut = 16 // index of the buffer of the result

func newSubject(prefix string, f *stdlib.Func, mode sem.Mode, n int) *subject {
	s := &subject{name: fmt.Sprintf("k%d", n), fn: f, mode: mode}
	if i := indexOfAccurate(f.Name); i >= 0 {
		s.oracle = accuracy[i].oracle
	}
	s.out = append(s.out, layoutOf(f.Result))
	s.byPart = !wholeVectors[f.Name] && !strings.Contains(f.Name, "pack_")
	var params, before, after strings.Builder
	var args []string
	fmt.Fprintf(&params, "device %s *r [[buffer(%d)]]", f.Result, firstOut)
	for i, p := range f.Params {
		x := fmt.Sprintf("x%d", i)
		args = append(args, x)
		if p.Out {
			fmt.Fprintf(&params, ", device %s *o%d [[buffer(%d)]]", p.Type, i, firstOut+len(s.out))
			fmt.Fprintf(&before, "%s %s; ", p.Type, x)
			fmt.Fprintf(&after, "o%d[i] = %s; ", i, x)
			s.out = append(s.out, layoutOf(p.Type))
			continue
		}
		fmt.Fprintf(&params, ", device const %s *a%d [[buffer(%d)]]", p.Type, i, len(s.in))
		fmt.Fprintf(&before, "%s %s = a%d[i]; ", p.Type, x, i)
		s.in = append(s.in, layoutOf(p.Type))
	}
	s.text = fmt.Sprintf("kernel void %s(%s, uint i [[thread_position_in_grid]]) { %sr[i] = %s%s(%s); %s}\n",
		s.name, &params, &before, prefix, f.Name, strings.Join(args, ", "), &after)
	return s
}

func indexOfAccurate(name string) int {
	for i := range accuracy {
		if accuracy[i].name == name {
			return i
		}
	}
	return -1
}

// wholeVectors are the functions that do not treat components alike.
var wholeVectors = map[string]bool{
	"all": true, "any": true, "dot": true, "length": true, "length_squared": true, "distance": true, "distance_squared": true,
	"normalize": true, "cross": true, "faceforward": true, "reflect": true, "refract": true, "determinant": true, "transpose": true,
}

// String returns the overload's signature.
func (s *subject) String() string {
	var p []string
	for _, x := range s.fn.Params {
		p = append(p, x.Type.String())
	}
	return fmt.Sprintf("%s %s%s(%s)", s.fn.Result, map[sem.Mode]string{sem.Precise: "precise::", sem.Fast: "fast::"}[s.mode], s.fn.Name, strings.Join(p, ", "))
}

// edgeCases are all combinations of the edge values of scalar arguments.
func (s *subject) edgeCases() [][]uint64 {
	cases := [][]uint64{nil}
	for i, p := range s.in {
		values := edges(p.kind, len(s.in) > 2)
		switch {
		case s.fn.Name == "ldexp" && i == 1:
			values = exponents()
		case strings.HasSuffix(s.fn.Name, "_bits") && p.kind == types.UInt && i > 0 && i >= len(s.in)-2:
			values = []uint64{0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64}
		}
		var more [][]uint64
		for _, c := range cases {
			for _, v := range values {
				more = append(more, append(append([]uint64(nil), c...), v))
			}
		}
		cases = more
	}
	return cases
}

func exponents() []uint64 {
	var list []uint64
	for _, k := range []int32{0, 1, 10, 14, 15, 23, 24, 25, 126, 127, 128, 148, 149, 150, 200, 254, 255, 276, 278, 300, 1000, math.MaxInt32} {
		list = append(list, uint64(uint32(k)), uint64(uint32(-k)))
	}
	return append(list, 0x80000000)
}

// launch is n threads, whose arguments arg gives.
func (s *subject) launch(n int, arg func(thread, param, component int) uint64) *tiers.Launch {
	l := &tiers.Launch{Grid: d1(n), Group: d1(min(n, 64)), Buffers: map[int][]byte{}}
	for p, in := range s.in {
		b := make([]byte, n*in.stride)
		for i := range n {
			for c := range in.offsets {
				in.put(b, i, c, arg(i, p, c))
			}
		}
		l.Buffers[p] = b
	}
	for k, out := range s.out {
		l.Buffers[firstOut+k] = make([]byte, n*out.stride)
	}
	return l
}

// test runs the overload on every tier. Scalars get all combinations of edge
// values, or many; vectors get some, and matrices and geometry random numbers too.
func (s *subject) test(t *testing.T, lib *msl.Library, r *rand.Rand) {
	t.Helper()
	code := lower(t, lib, s.name)
	cases := s.edgeCases()
	r.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	parts := 1
	for _, in := range s.in {
		parts = max(parts, len(in.offsets))
	}
	n := 37
	if parts == 1 {
		n = min(max(len(cases), 64), 480)
	}
	if testing.Short() {
		n = n/6 + 1
	}
	cases = cases[:min(len(cases), n*parts*3/4+1)]
	for len(cases) < n*parts {
		var c []uint64
		for _, in := range s.in {
			c = append(c, random(in.kind, r))
		}
		cases = append(cases, c)
	}
	launch := s.launch(n, func(thread, param, component int) uint64 {
		k := s.in[param].kind
		if !s.byPart && isFloat(k) && (thread*7+component)%11 != 0 {
			return formatOf(k).encode(r.NormFloat64() * math.Ldexp(1, thread%7-3))
		}
		return cases[(thread*parts+component)%len(cases)][param]
	})
	kind := func(buffer int) types.Kind {
		if buffer >= firstOut {
			return s.out[buffer-firstOut].kind
		}
		return s.in[buffer].kind
	}
	got := code.run(t, s.String(), launch, func(buffer int, x, y []byte) string { return sameBits(kind(buffer), x, y) })
	for i := range n {
		for part := range parts {
			s.check(t, got, i, part)
			if !s.byPart {
				break
			}
		}
		if t.Failed() {
			return
		}
	}
}

// check compares what thread i made, or one component of it, with the oracle,
// and returns the error in ulps where results are near.
func (s *subject) check(t *testing.T, buffers map[int][]byte, i, part int) (worst float64) {
	t.Helper()
	c := &call{fn: s.fn, mode: s.mode, kind: s.in[0].kind}
	for p := range s.in {
		in := &s.in[p]
		var x []uint64
		for k := range in.offsets {
			if !s.byPart || k == part || len(in.offsets) == 1 {
				x = append(x, in.get(buffers[p], i, k))
			}
		}
		c.k, c.x = append(c.k, in.kind), append(c.x, x)
	}
	wants := s.oracle(c)
	for o, list := range wants {
		out := &s.out[o]
		for k, w := range list {
			at := k
			if s.byPart {
				at = part % len(out.offsets)
			}
			got := out.get(buffers[firstOut+o], i, at)
			err, ok := w.accepts(out.kind, got)
			if !ok && s.mode == sem.Fast {
				err, ok = s.flushed(c, o, k, out.kind, got)
			}
			if !ok {
				var args []string
				for p, x := range c.x {
					for _, v := range x {
						args = append(args, show(c.k[p], v))
					}
				}
				t.Errorf("%s of %s: result %d, component %d is %s, want %s", s, strings.Join(args, ", "), o, k, show(out.kind, got), w.show(out.kind))
				return worst
			}
			if s.mode != sem.Fast || !formatOf(out.kind).subnormal(w.real) {
				worst = max(worst, err)
			}
		}
	}
	return worst
}

// flushed judges the result of a fast function, which may take subnormal
// arguments for zeros and give a zero for a subnormal result.
func (s *subject) flushed(c *call, o, k int, kind types.Kind, got uint64) (err float64, ok bool) {
	w := s.oracle(c)[o][k]
	f := formatOf(kind)
	if isFloat(kind) && w.near && math.Abs(w.real) < math.Ldexp(1.00001, f.least) && math.Abs(f.value(got)) <= math.Ldexp(1, f.least) {
		return 0, true
	}
	d := *c
	d.x = nil
	for p, x := range c.x {
		x = append([]uint64(nil), x...)
		for i := range x {
			if isFloat(c.k[p]) && formatOf(c.k[p]).subnormal(formatOf(c.k[p]).value(x[i])) {
				x[i] &= 1 << (width(c.k[p]) - 1)
			}
		}
		d.x = append(d.x, x)
	}
	return s.oracle(&d)[o][k].accepts(kind, got)
}

// accepts reports whether got is what is wanted, and the error if that is near.
func (w want) accepts(k types.Kind, got uint64) (ulps float64, ok bool) {
	if w.any || !w.near && got == w.bits {
		return 0, true
	}
	if !isFloat(k) {
		return 0, false
	}
	f := formatOf(k)
	x := f.value(got)
	if !w.near {
		y := f.value(w.bits)
		return 0, isNaN(x) && isNaN(y) || w.anySign && x == y
	}
	real := w.real
	if math.Abs(real) >= f.max()+f.ulp(f.max())/2 {
		real = math.Inf(int(math.Copysign(1, real)))
	}
	switch {
	case isNaN(real) || isNaN(x):
		return 0, isNaN(real) && isNaN(x)
	case math.IsInf(real, 0) || real == 0 && w.slack == 0:
		if w.anySign {
			return 0, math.Abs(x) == math.Abs(real)
		}
		return 0, x == real && math.Signbit(x) == math.Signbit(real)
	case math.IsInf(x, 0):
		// Past the end by less than the limit.
		return 0, math.Abs(real)+w.ulps*f.ulp(real)+w.slack > f.max() && (x > 0) == (real > 0)
	}
	off := math.Abs(x - real)
	return off / f.ulp(real), off <= w.ulps*f.ulp(real)+w.slack
}

func (w want) show(k types.Kind) string {
	if w.near {
		return fmt.Sprintf("%v, %v ulp and %v", w.real, w.ulps, w.slack)
	}
	return show(k, w.bits)
}
