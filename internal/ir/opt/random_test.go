package opt_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

var sizes = []struct{ grid, group simt.Size }{
	{simt.Size{X: 1, Y: 1, Z: 1}, simt.Size{X: 1, Y: 1, Z: 1}},
	{simt.Size{X: 40, Y: 1, Z: 1}, simt.Size{X: 40, Y: 1, Z: 1}},
	{simt.Size{X: 9, Y: 5, Z: 1}, simt.Size{X: 4, Y: 4, Z: 1}},
	{simt.Size{X: 3, Y: 4, Z: 5}, simt.Size{X: 3, Y: 4, Z: 2}},
}

// results runs a kernel of irtest and returns what it has stored; of a rich one, in cells and textures, too.
func results(f *ir.Func, seed uint64, grid, group simt.Size) ([]uint64, error) {
	p, err := simt.Compile(f)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, 3))
	binding := func(s []uint64) simt.Binding {
		return simt.Binding{Ptr: unsafe.Pointer(&s[0]), Len: int64(8 * len(s))}
	}
	const words = (irtest.MemSize + irtest.MemSlop) / 8
	var mem [2][words]uint64
	for i := range mem {
		for j := range mem[i] {
			mem[i][j] = r.Uint64() >> (r.Uint32() % 64)
		}
	}
	out := make([]uint64, int(grid.Volume())*irtest.Results)
	l := simt.Launch{Program: p, Grid: grid, Group: group, Workers: 1,
		Mems: []simt.Binding{binding(mem[0][:]), binding(mem[1][:]), binding(out), {}, {}, {}, {Len: irtest.MemSize + irtest.MemSlop}, {}}}
	var cells []uint64
	var texels [][]byte
	if len(f.Textures) > 0 {
		cells, l.Textures, texels, l.Samplers = irtest.Resources(f, seed, int(grid.Volume()))
		l.Mems = append(l.Mems, binding(cells))
	}
	l.Mems = append(l.Mems, make([]simt.Binding, len(f.Mems)-len(l.Mems))...)
	if fault := l.Run(); fault != nil {
		return nil, fault
	}
	out = append(out, cells...)
	for _, b := range texels {
		for ; len(b) >= 8; b = b[8:] {
			out = append(out, binary.LittleEndian.Uint64(b))
		}
	}
	return out, nil
}

// checkQuiet runs every pass over a random kernel that threads run together, and
// compares what they compute before and after.
func checkQuiet(t *testing.T, seed uint64, length int) {
	random := [...]func(uint64, int) *ir.Func{irtest.Phased, irtest.Quiet, irtest.Quiet, irtest.RichPhased, irtest.RichQuiet, irtest.Quiet}
	f := random[seed/4%uint64(len(random))](seed, length)
	require.NoError(t, ir.Verify(f), "seed %d", seed)
	s := sizes[seed%uint64(len(sizes))]
	want, err := results(f, seed, s.grid, s.group)
	require.NoError(t, err)
	for _, p := range opt.Passes {
		before := f.String()
		p.Run(f)
		if err := ir.Verify(f); err != nil {
			t.Fatalf("seed %d: after %s: %v\nbefore:\n%s\nafter:\n%s", seed, p.Name, err, before, f)
		}
		if len(f.Vars) > 0 {
			continue // between passes that belong together
		}
		got, err := results(f, seed, s.grid, s.group)
		require.NoError(t, err)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("seed %d: after %s: thread %d, result %d: %#x, want %#x\nbefore:\n%s\nafter:\n%s", seed, p.Name,
					i/irtest.Results, i%irtest.Results, got[i], want[i], before, f)
			}
		}
	}
}

func TestThreadsComputeTheSame(t *testing.T) {
	n := uint64(160)
	if testing.Short() {
		n = 50
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { checkQuiet(t, seed, 10+int(seed%100)) })
	}
}

func FuzzThreads(f *testing.F) {
	f.Add(uint64(1), uint8(20))
	f.Add(uint64(2), uint8(200))
	f.Fuzz(func(t *testing.T, seed uint64, length uint8) { checkQuiet(t, seed, int(length)) })
}
