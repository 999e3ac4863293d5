package conformance

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
)

// groupSizes are the numbers of threads of a threadgroup that are tried.
var groupSizes = []int{1, 2, 3, 5, 8, 16, 31, 32, 33, 40, 63, 64, 65, 100, 128, 200, 255, 256, 257, 500, 512, 1000, 1023, 1024}

// TestTorture runs random kernels whose threads work together, as they are
// lowered thread by thread and optimised on every engine, in whole threadgroups
// and partial ones. TORTURE_FROM and TORTURE_SEEDS choose other kernels.
func TestTorture(t *testing.T) {
	from, n := uint64(0), uint64(24)
	if testing.Short() || raceEnabled {
		n = 6
	}
	if s, err := strconv.ParseUint(os.Getenv("TORTURE_FROM"), 10, 64); err == nil {
		from = s
	}
	if s, err := strconv.ParseUint(os.Getenv("TORTURE_SEEDS"), 10, 64); err == nil {
		n = s
	}
	compiled := 0
	for seed := from; seed < from+n; seed++ {
		compiled += torture(t, seed, groupSizes[seed%uint64(len(groupSizes))])
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kernels, %d times machine code", n, compiled)
}

func FuzzTorture(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(seed, uint16(33*seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, threads uint16) { torture(t, seed, int(threads%1024)+1) })
}

// torture returns on how many engines the kernel ran as machine code.
func torture(t *testing.T, seed uint64, threads int) (compiled int) {
	t.Helper()
	text := randomKernel(seed)
	lib := compile(t, text, msl.MathSafe)
	c := lower(t, lib, "k")
	grid := threads + threads/2
	if threads < 100 {
		grid += threads
	}
	groups := (grid + threads - 1) / threads
	l := &tiers.Launch{Grid: d1(grid), Group: d1(threads), Buffers: map[int][]byte{
		0: make([]byte, 4*grid), 1: make([]byte, 4*1024*groups), 2: make([]byte, 4*8), 3: {byte(seed), 0, 0, 0},
	}}
	races, err := l.Races(c.plain)
	require.NoError(t, err, "seed %d\n%s", seed, text)
	require.False(t, races, "seed %d: the kernel's threads race\n%s", seed, text)
	compiled = allTheSame(t, c.plain, c.optimised, l, fmt.Sprintf("seed %d, %d threads\n%s", seed, threads, text))
	// Fast mathematics may round otherwise, but on all engines in the same way.
	fast, diags := compile(t, text, msl.MathFast).Lower("k", msl.Constants{})
	require.NotNil(t, fast, "%s", diags.Render())
	allTheSame(t, fast.Func, fast.Func, l, fmt.Sprintf("seed %d, %d threads, fast\n%s", seed, threads, text))
	return compiled
}

// allTheSame runs start thread by thread and f on every engine, and returns how
// many of them had machine code.
func allTheSame(t *testing.T, start, f *ir.Func, l *tiers.Launch, name string) (compiled int) {
	t.Helper()
	first, err := tiers.Reference.Run(start, l)
	require.NoError(t, err, name)
	require.Nil(t, first.Fault, name)
	for _, tier := range engines() {
		got, err := tier.Run(f, l)
		require.NoError(t, err, name)
		require.Nil(t, got.Fault, "%s: %v, %s", tier.Name, got.Fault, name)
		for i := range l.Buffers {
			if why := sameBits(types.Int, got.Buffers[i], first.Buffers[i]); why != "" {
				t.Fatalf("%s, buffer %d: %s: %s", tier.Name, i, why, name)
			}
		}
		if got.Compiled {
			compiled++
		}
	}
	return compiled
}
