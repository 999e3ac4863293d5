package simt_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestRich compares the interpreter with the reference on kernels with textures, samplers and
// atomic operations on cells of all threads, among them such on floats.
func TestRich(t *testing.T) {
	defer simt.Force(simt.Interpreter, nil, 0)()
	n, from := seeds(t, 30)
	for seed := from; seed < from+n; seed++ {
		rich(t, seed, shapes, fewBarriers(irtest.RichKernel))
		rich(t, seed, quietShapes, irtest.RichPhased)
	}
}

// TestNativeRich does so with machine code: threads that disturb each other where a group is a
// chunk, others in groups of any size.
func TestNativeRich(t *testing.T) {
	n, from := seeds(t, 6)
	sizes := []int{0, 1, 4}
	if testing.Short() || raceEnabled {
		sizes = sizes[:1]
	}
	for _, isa := range isas(t) {
		for _, parts := range sizes {
			t.Run(isa.String()+"x"+strconv.Itoa(parts), func(t *testing.T) {
				defer simt.Force(simt.Native, &isa, parts)()
				unsupported = 0
				for seed := from; seed < from+n; seed++ {
					rich(t, seed, quietShapes, irtest.RichPhased)
					rich(t, seed, quietShapes, fewBarriers(irtest.RichQuiet))
					if s := shapes[seed%uint64(len(shapes))]; s.group.Volume() <= uint64(max(parts, 1)*lanes[isa]) {
						rich(t, seed, shapes, fewBarriers(irtest.RichKernel))
					}
				}
				t.Logf("no code for %d kernels", unsupported)
			})
		}
	}
}

// fewBarriers leaves two of three random kernels only the barriers outside of constructs.
func fewBarriers(random func(seed uint64, length int) *ir.Func) func(seed uint64, length int) *ir.Func {
	return func(seed uint64, length int) *ir.Func {
		f := random(seed, length)
		if seed%3 > 0 {
			keepBarriers(f.Body, true)
		}
		return f
	}
}

// rich compares an engine with the reference.
func rich(t testing.TB, seed uint64, shapes []struct{ grid, group simt.Size }, random func(seed uint64, length int) *ir.Func) {
	f := random(seed, 10+int(seed%70))
	require.NoError(t, ir.Verify(f), "seed %d", seed)
	s := shapes[seed%uint64(len(shapes))]
	if err := differ(f, seed, s.grid, s.group); err != nil {
		t.Fatalf("seed %d, grid %v, group %v: %v\n%s", seed, s.grid, s.group, err, shrink(f, seed, s.grid, s.group))
	}
}
