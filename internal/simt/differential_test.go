package simt_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

var shapes = []struct{ grid, group simt.Size }{
	{size(1, 1, 1), size(1, 1, 1)},
	{size(5, 1, 1), size(8, 1, 1)},
	{size(32, 1, 1), size(32, 1, 1)},
	{size(70, 1, 1), size(33, 1, 1)},
	{size(130, 1, 1), size(64, 1, 1)},
	{size(100, 1, 1), size(100, 1, 1)},
	{size(16, 8, 1), size(8, 8, 1)},
	{size(13, 7, 1), size(8, 4, 1)},
	{size(32, 3, 1), size(32, 3, 1)},
	{size(3, 5, 7), size(2, 3, 4)},
	{size(1, 66, 1), size(1, 66, 1)},
	{size(4, 1, 20), size(4, 1, 20)},
}

// memories returns what a random kernel is bound to, but for what rich ones have beside.
func memories(seed uint64, threads int) (mems []simt.Binding, all [][]uint64) {
	r := rand.New(rand.NewPCG(seed, 11))
	make64 := func(n int) []uint64 {
		s := make([]uint64, n/8)
		for i := range s {
			s[i] = r.Uint64()
			if r.IntN(2) == 0 {
				s[i] = uint64(r.IntN(100))<<32 | uint64(r.IntN(100))
			}
		}
		all = append(all, s)
		return s
	}
	in, mixed, out := make64(irtest.MemSize+irtest.MemSlop), make64(irtest.MemSize+irtest.MemSlop), make64(threads*irtest.Results*8)
	clear(out)
	return []simt.Binding{bound(in), bound(mixed), bound(out), {}, {}, {}, {Len: irtest.MemSize + irtest.MemSlop}, {}}, all
}

// launch returns a launch of a random kernel and what is bound to it.
func launch(p *simt.Program, f *ir.Func, seed uint64, grid, group simt.Size) (l simt.Launch, words [][]uint64, texels [][]byte) {
	threads := int(grid.Volume())
	l = simt.Launch{Program: p, Grid: grid, Group: group}
	l.Mems, words = memories(seed, threads)
	if len(f.Textures) > 0 {
		cells, textures, memory, samplers := irtest.Resources(f, seed, threads)
		l.Mems, words = append(l.Mems, bound(cells)), append(words, cells)
		l.Textures, l.Samplers, texels = textures, samplers, memory
	}
	return l, words, texels
}

// differ runs f on the engine and on the reference and says how they differ.
func differ(f *ir.Func, seed uint64, grid, group simt.Size) error {
	p, err := simt.Compile(f)
	if err != nil {
		return err
	}
	made := func() (simt.Launch, [][]uint64, [][]byte) {
		l, words, texels := launch(p, f, seed, grid, group)
		l.Workers, l.Timeout = 1, 2*time.Second
		if seed%2 == 0 { // device addresses, the same for both
			for i := range 2 {
				l.Mems[i].Addr = uint64(i+1) << 20
			}
		}
		return l, words, texels
	}
	l, got, gotTexels := made()
	fault1 := l.Run()
	why, _ := p.Native()
	for _, err := range why {
		if !errors.Is(err, jit.ErrUnsupported) {
			return err
		}
		unsupported++
	}
	l, want, wantTexels := made()
	fault2, err := ref.Run(f, &l)
	if err != nil {
		return err
	}
	if (fault1 == nil) != (fault2 == nil) || fault1 != nil && *fault1 != *fault2 {
		return fmt.Errorf("fault %v\nwant  %v", fault1, fault2)
	}
	if fault1 != nil {
		return nil
	}
	for i := range got {
		for j := range got[i] {
			if got[i][j] != want[i][j] {
				return fmt.Errorf("memory %d, word %d (thread %d, result %d): %#x, want %#x", i, j, j/irtest.Results, j%irtest.Results, got[i][j], want[i][j])
			}
		}
	}
	for i := range gotTexels {
		for j := range gotTexels[i] {
			if gotTexels[i][j] != wantTexels[i][j] {
				return fmt.Errorf("texture %d, %s, byte %d: %#x, want %#x", i, l.Textures[i].Format, j, gotTexels[i][j], wantTexels[i][j])
			}
		}
	}
	return nil
}

// unsupported counts the kernels for which there is no machine code.
var unsupported int

// differOut is differ for a kernel that has only its fourth memory, of 8 bytes
// a thread.
func differOut(f *ir.Func, grid, group simt.Size) error {
	p, err := simt.Compile(f)
	if err != nil {
		return err
	}
	got, want := make([]uint64, grid.Volume()), make([]uint64, grid.Volume())
	l := simt.Launch{Program: p, Grid: grid, Group: group, Mems: []simt.Binding{{}, {}, {}, bound(got)}}
	if fault := l.Run(); fault != nil {
		return fault
	}
	l.Mems[3] = bound(want)
	if fault, err := ref.Run(f, &l); fault != nil || err != nil {
		return fmt.Errorf("reference: %v, %v", fault, err)
	}
	for i := range got {
		if got[i] != want[i] {
			return fmt.Errorf("thread %d: %#x, want %#x", i, got[i], want[i])
		}
	}
	return nil
}

// TestRandom runs kernels whose threads may disturb each other, which the
// interpreter runs in step.
func TestRandom(t *testing.T) {
	defer simt.Force(simt.Interpreter, nil, 0)()
	n := uint64(400)
	if testing.Short() || raceEnabled {
		n = 60
	}
	for seed := range n {
		length := 10 + int(seed%60)
		f := irtest.Kernel(seed, length)
		require.NoError(t, ir.Verify(f), "seed %d", seed)
		s := shapes[seed%uint64(len(shapes))]
		if err := differ(f, seed, s.grid, s.group); err != nil {
			t.Fatalf("seed %d, length %d, grid %v, group %v: %v\n%s", seed, length, s.grid, s.group, err, shrink(f, seed, s.grid, s.group))
		}
	}
}

// TestPhased runs kernels whose threads work together.
func TestPhased(t *testing.T) {
	defer simt.Force(simt.Interpreter, nil, 0)()
	n, from := seeds(t, 20)
	for seed := from; seed < from+n; seed++ {
		phased(t, seed)
	}
}

// phased compares an engine with the reference.
func phased(t testing.TB, seed uint64) {
	f := irtest.Phased(seed, 10+int(seed%70))
	require.NoError(t, ir.Verify(f), "seed %d", seed)
	s := quietShapes[seed%uint64(len(quietShapes))]
	if err := differ(f, seed, s.grid, s.group); err != nil {
		t.Fatalf("seed %d, grid %v, group %v: %v\n%s", seed, s.grid, s.group, err, shrink(f, seed, s.grid, s.group))
	}
}

// TestEverySize runs kernels in groups of many sizes, with one smaller group at
// the edge: on the interpreter such whose threads disturb each other, which it
// runs in step, and on all tiers such whose threads do not. Machine code runs
// a group a chunk at a time, so there who is first among those who race is
// another.
func TestEverySize(t *testing.T) {
	sizes := []uint32{1023, 1024}
	step := uint32(1)
	if testing.Short() {
		step = 3
	}
	for n := uint32(1); n <= 70; n += step {
		sizes = append(sizes, n)
	}
	isas := someISAs()
	for i, n := range sizes {
		if raceEnabled && n > 35 {
			continue
		}
		check := func(f *ir.Func, e simt.Engine, isa *jit.ISA) {
			defer simt.Force(e, isa, 0)()
			if err := differ(f, uint64(n), size(n+n/2, 1, 1), size(n, 1, 1)); err != nil {
				t.Fatalf("%d threads: %v\n%s", n, err, f)
			}
		}
		check(irtest.Kernel(uint64(n)*8, 8+i%10), simt.Interpreter, nil)
		quiet := irtest.Quiet(uint64(n)*8, 8+i%10)
		check(quiet, simt.Interpreter, nil)
		if len(isas) > 0 {
			check(quiet, simt.Native, &isas[i%len(isas)])
		}
	}
}

func FuzzRandom(f *testing.F) {
	f.Add(uint64(1), uint8(20), uint8(3))
	f.Add(uint64(2), uint8(200), uint8(9))
	f.Fuzz(func(t *testing.T, seed uint64, length, shape uint8) {
		defer simt.Force(simt.Interpreter, nil, 0)()
		k := irtest.Kernel(seed, int(length))
		require.NoError(t, ir.Verify(k))
		s := shapes[int(shape)%len(shapes)]
		if err := differ(k, seed, s.grid, s.group); err != nil {
			t.Fatalf("%v\n%s", err, shrink(k, seed, s.grid, s.group))
		}
	})
}

// shrink removes instructions while engine and reference still differ, and returns the text
// of what is left.
func shrink(f *ir.Func, seed uint64, grid, group simt.Size) string {
	return shrinkWhile(f, func() bool { return differ(f, seed, grid, group) != nil })
}

// shrinkWhile removes instructions of f, which stays well formed, while it is bad, and returns the
// text of what is left.
func shrinkWhile(f *ir.Func, bad func() bool) string {
	start := time.Now()
	var removable func(b *ir.Block, try func() bool) bool
	removable = func(b *ir.Block, try func() bool) bool {
		any := false
		for i := len(b.Code) - 1; i >= 0; i-- {
			in := b.Code[i]
			b.Code = append(b.Code[:i:i], b.Code[i+1:]...)
			if try() {
				any = true
				continue
			}
			b.Code = append(b.Code[:i:i], append([]*ir.Instr{in}, b.Code[i:]...)...)
			for _, inner := range in.Body {
				any = removable(inner, try) || any
			}
		}
		return any
	}
	try := func() (still bool) {
		defer func() {
			if recover() != nil {
				still = false
			}
		}()
		return time.Since(start) < 10*time.Second && ir.Verify(f) == nil && bad()
	}
	for removable(f.Body, try) {
	}
	for i := range f.Mems {
		f.Mems[i].Data = nil
	}
	return f.String()
}
