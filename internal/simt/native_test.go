package simt_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
	"github.com/aruminium-go/aruminium/internal/simt/jit/exec"
)

// isas returns the instruction sets that this machine runs.
func isas(t testing.TB) []jit.ISA {
	all := someISAs()
	if all == nil {
		t.Skip("no machine code here: " + exec.How())
	}
	return all
}

// sameOnEngines requires that run, which compiles its program anew, since that keeps
// the code it has, gives with every instruction set and with few parts, many and
// those that serve to a chunk what it gives on the interpreter.
func sameOnEngines(t testing.TB, run func() []uint32, msg string, args ...any) {
	t.Helper()
	undo := simt.Force(simt.Interpreter, nil, 0)
	want := run()
	undo()
	for _, isa := range isas(t) {
		for _, parts := range []int{1, 8, 0} { // 0: as many as serve
			undo := simt.Force(simt.Native, &isa, parts)
			got := run()
			undo()
			require.Equal(t, want, got, "%s, %s, %d parts", fmt.Sprintf(msg, args...), isa, parts)
		}
	}
}

// endings counts how launches end, for tests that are to meet both ends.
type endings struct{ faults, fine int }

// run runs a launch, and returns the kind of its fault, if it ends with one, to be compared
// in place of what it has left in memory: how far other threads have got then is not told.
func (e *endings) run(l *simt.Launch) []uint32 {
	if fault := l.Run(); fault != nil {
		e.faults++
		return []uint32{uint32(fault.Kind)}
	}
	e.fine++
	return nil
}

// both requires that some launches have ended with a fault, and some without.
func (e *endings) both(t testing.TB) {
	t.Helper()
	require.Positive(t, e.faults)
	require.Positive(t, e.fine)
}

// someISAs is isas for tests that make sense without. The race detector sees nothing
// of machine code, so one is enough for it.
func someISAs() []jit.ISA {
	switch best, ok := jit.Best(); {
	case !ok:
		return nil
	case best == jit.AVX512 && !raceEnabled:
		return []jit.ISA{jit.AVX512, jit.AVX2, jit.AVX512x256}
	default:
		return []jit.ISA{best}
	}
}

// tiers are the ways to run kernels here.
func tiers(t testing.TB) map[string]func() func() {
	all := map[string]func() func(){"interpreter": func() func() { return simt.Force(simt.Interpreter, nil, 0) }}
	for _, isa := range someISAs() {
		all[isa.String()] = func() func() { return simt.Force(simt.Native, &isa, 0) }
	}
	return all
}

// TestNativeRandom compares machine code with the reference, for groups of one
// chunk, which run in step.
func TestNativeRandom(t *testing.T) {
	n, from := seeds(t, 30)
	for _, isa := range isas(t) {
		for _, parts := range []int{1, 2, 4, 8} {
			t.Run(isa.String()+"x"+strconv.Itoa(parts), func(t *testing.T) {
				defer simt.Force(simt.Native, &isa, parts)()
				lanes := parts * lanes[isa]
				ran := 0
				for seed := from; seed < from+n; seed++ {
					s := shapes[seed%uint64(len(shapes))]
					if s.group.Volume() > uint64(lanes) {
						continue
					}
					ran++
					f := irtest.Kernel(seed, 10+int(seed%60))
					if err := differ(f, seed, s.grid, s.group); err != nil {
						t.Fatalf("seed %d, grid %v, group %v: %v\n%s", seed, s.grid, s.group, err, shrink(f, seed, s.grid, s.group))
					}
				}
			})
		}
	}
}

// TestNativeQuiet does so for groups of any size, with kernels whose threads do
// not disturb each other.
func TestNativeQuiet(t *testing.T) {
	n, from := seeds(t, 10)
	for _, isa := range isas(t) {
		for _, parts := range []int{0} {
			t.Run(isa.String()+"x"+strconv.Itoa(parts), func(t *testing.T) {
				defer simt.Force(simt.Native, &isa, parts)()
				unsupported = 0
				defer func() {
					t.Logf("no code for %d of %d kernels", unsupported, n)
				}()
				for seed := from; seed < from+n; seed++ {
					s := quietShapes[seed%uint64(len(quietShapes))]
					f := irtest.Quiet(seed, 10+int(seed%60))
					if seed%3 > 0 {
						keepBarriers(f.Body, true)
					}
					if err := differ(f, seed, s.grid, s.group); err != nil {
						t.Fatalf("seed %d, grid %v, group %v: %v\n%s", seed, s.grid, s.group, err, shrink(f, seed, s.grid, s.group))
					}
				}
			})
		}
	}
}

// TestNativePhased does so with kernels whose threads work together.
func TestNativePhased(t *testing.T) {
	n, from := seeds(t, 12)
	for _, isa := range isas(t) {
		t.Run(isa.String(), func(t *testing.T) {
			defer simt.Force(simt.Native, &isa, 0)()
			unsupported = 0
			for seed := from; seed < from+n; seed++ {
				phased(t, seed)
			}
			t.Logf("no code for %d of %d kernels", unsupported, n)
		})
	}
}

// TestNativeResumed has the code return, and go on, at every turn of a loop.
func TestNativeResumed(t *testing.T) {
	defer simt.StarveNative(0)
	n, from := seeds(t, 10)
	for _, isa := range isas(t) {
		defer simt.Force(simt.Native, &isa, 0)()
		for _, fuel := range []int64{1} {
			simt.StarveNative(fuel)
			for seed := from; seed < from+n; seed++ {
				s := quietShapes[seed%uint64(len(quietShapes))]
				f := irtest.Quiet(seed, 10+int(seed%60))
				require.NoError(t, differ(f, seed, s.grid, s.group), "%s, seed %d", isa, seed)
			}
			TestMatmul(t)
			TestReduce(t)
			TestMandelbrot(t)
		}
	}
}

// TestNativeFaults has code meet what ends a launch.
func TestNativeFaults(t *testing.T) {
	for _, isa := range isas(t) {
		for _, parts := range []int{0, 1} {
			undo := simt.Force(simt.Native, &isa, parts)
			for name, test := range map[string]func(*testing.T){"load": TestFaultOfLoad, "kinds": TestFaultKinds, "first": TestFaultIsFirst,
				"timeout": TestTimeout, "groups": TestTooManyGroups, "stop": TestStop} {
				t.Run(isa.String()+"x"+strconv.Itoa(parts)+" "+name, test)
			}
			undo()
		}
	}
}

// keepBarriers removes the barriers that are inside of constructs: most of them
// would be where threads have parted ways.
func keepBarriers(b *ir.Block, keep bool) {
	var code []*ir.Instr
	for _, in := range b.Code {
		if in.Op == ir.OpBarrier && !keep {
			continue
		}
		for _, body := range in.Body {
			keepBarriers(body, false)
		}
		code = append(code, in)
	}
	b.Code = code
}

var quietShapes = append([]struct{ grid, group simt.Size }{
	{size(300, 1, 1), size(256, 1, 1)},
	{size(1000, 1, 1), size(1000, 1, 1)},
	{size(1030, 1, 1), size(1024, 1, 1)},
	{size(16, 17, 1), size(16, 16, 1)},
	{size(20, 20, 1), size(16, 16, 1)},
	{size(32, 4, 3), size(32, 4, 2)},
	{size(64, 4, 1), size(64, 3, 1)},
	{size(5, 3, 4), size(5, 3, 2)},
}, shapes...)

// lanes are how many a vector has.
var lanes = map[jit.ISA]int{jit.AVX512: 16, jit.AVX512x256: 8, jit.AVX2: 8, jit.NEON: 4}

// seeds tells which seeds to run: a few, at most twenty in short tests, a sixth of
// these under the race detector, which has the reference take ten times as long, or what SIMT_SEEDS and SIMT_FROM say.
func seeds(t *testing.T, few uint64) (n, from uint64) {
	n = few
	if testing.Short() || raceEnabled {
		n = min(few, 20)
	}
	if raceEnabled {
		n = (n + 5) / 6
	}
	if s := os.Getenv("SIMT_SEEDS"); s != "" {
		n, _ = strconv.ParseUint(s, 10, 64)
	}
	if s := os.Getenv("SIMT_FROM"); s != "" {
		from, _ = strconv.ParseUint(s, 10, 64)
	}
	return n, from
}

// compiled requires that p runs as machine code.
func compiled(t testing.TB, p *simt.Program) {
	why, n := p.Native()
	require.NoError(t, errors.Join(why...))
	require.NotZero(t, n)
}

// TestNativeKernels runs this package's kernels on every instruction set.
func TestNativeKernels(t *testing.T) {
	for _, isa := range isas(t) {
		for _, parts := range []int{0, 1, 2, 4} {
			t.Run(isa.String()+"x"+strconv.Itoa(parts), func(t *testing.T) {
				defer simt.Force(simt.Native, &isa, parts)()
				TestSaxpy(t)
				TestMatmul(t)
				TestReduce(t)
				TestMandelbrot(t)
				TestSoftmax(t)
				TestMatMulAdd(t)
			})
		}
	}
}

// TestNativeOps tries every form of every operation, but for the bits of halves:
// the processor makes their NaNs quiet when it loads them. Package opt has bits that
// nobody computes with loaded as integers.
func TestNativeOps(t *testing.T) {
	for _, isa := range isas(t) {
		t.Run(isa.String(), func(t *testing.T) {
			defer simt.Force(simt.Native, &isa, 0)()
			testOps(t, slices.DeleteFunc(ir.Forms(), func(f ir.Form) bool { return f.Op == ir.OpBitcast && f.From[0] == ir.F16 }))
			TestFmaOnce(t)
		})
	}
}

// TestNativeMatrices loads and stores matrices on every instruction set.
func TestNativeMatrices(t *testing.T) {
	for _, isa := range isas(t) {
		t.Run(isa.String(), func(t *testing.T) {
			defer simt.Force(simt.Native, &isa, 0)()
			TestMatAccess(t)
		})
	}
}
