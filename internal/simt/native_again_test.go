package simt_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestNativeAgain runs the same code several times, in contexts that have been used: what earlier
// runs have left there must not matter.
func TestNativeAgain(t *testing.T) {
	isas(t)
	n, from := seeds(t, 20)
	for seed := from; seed < from+n; seed++ {
		alike(t, irtest.Quiet, seed)
		alike(t, irtest.RichQuiet, seed)
	}
	// A mask of eight lanes came with what else was in its cell.
	alike(t, irtest.Quiet, 14825671972984520575)
	// What a loop made available after its test was taken to be there before.
	alike(t, irtest.Quiet, 7592493001860886016)
	// A chunk of which no lane was left said in a register not set yet how many stayed.
	alike(t, irtest.Quiet, 10327849713454950702)
	// A load that nobody wanted once the group's size was known was no longer there to fail.
	alike(t, irtest.Quiet, 11692124264474622281)
	// Nor was one in a loop whose turns a texture bound tells.
	alike(t, irtest.RichQuiet, 70000101)
	// Parts of a chunk that each had a constant to add had that of the first.
	alike(t, irtest.RichQuiet, 2583588799071064035)
	// What a turn that was never gone would have left in a loop's parameter was there in others.
	alike(t, irtest.RichQuiet, 14027515856958770230)
}

// alike runs a random kernel whose threads do not disturb each other on both tiers, with
// several threadgroups at a time.
func alike(t testing.TB, random func(seed uint64, length int) *ir.Func, seed uint64) {
	f := random(seed, 10+int(seed%90))
	if seed%3 > 0 {
		keepBarriers(f.Body, true)
	}
	s := quietShapes[seed%uint64(len(quietShapes))]
	p, err := simt.Compile(f)
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
		return
	}
	run := func(e simt.Engine) ([][]uint64, [][]byte, *simt.Fault) {
		l, words, texels := launch(p, f, seed, s.grid, s.group)
		l.Engine, l.Timeout = e, time.Minute
		return words, texels, l.Run()
	}
	want, wantTexels, fault1 := run(simt.Interpreter)
	for range 3 {
		got, gotTexels, fault2 := run(simt.Native)
		if (fault1 == nil) != (fault2 == nil) || fault1 != nil && fault1.Kind != fault2.Kind {
			t.Errorf("seed %d: fault %v, and on the interpreter %v", seed, fault2, fault1)
			return
		}
		for i := range want {
			for j := range want[i] {
				if fault1 == nil && want[i][j] != got[i][j] {
					t.Errorf("seed %d: memory %d, word %d: %#x, and on the interpreter %#x", seed, i, j, got[i][j], want[i][j])
					return
				}
			}
		}
		for i := range wantTexels {
			if fault1 == nil && !bytes.Equal(wantTexels[i], gotTexels[i]) {
				t.Errorf("seed %d: texture %d is not what the interpreter leaves", seed, i)
				return
			}
		}
	}
}
