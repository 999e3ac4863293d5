package simt_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// TestNativeWork runs kernels of the shapes that people write, as they are run for people:
// optimized, the same code with sizes of all kinds.
func TestNativeWork(t *testing.T) {
	n, from := seeds(t, 12)
	all := isas(t)
	for seed := from; seed < from+n; seed++ {
		isa := all[seed%uint64(len(all))]
		undo := simt.Force(simt.Auto, &isa, []int{0, 0, 0, 1, 4}[seed%5])
		switch seed % 16 {
		case 5: // the code returns at every turn of a loop
			simt.StarveNative(1)
		case 6:
			simt.StreamFrom(1)
		}
		f := irtest.Work(seed, 5+int(seed%40))
		if err := workDiffers(f, seed); err != nil {
			t.Fatalf("seed %d, %s: %v\n%s", seed, isa, err, shrinkWhile(f, func() bool { return workDiffers(f, seed) != nil }))
		}
		undo()
		simt.StarveNative(0)
		simt.StreamFrom(0)
	}
}

// workShapes are grids and groups of work kernels.
var workShapes = []struct{ grid, group simt.Size }{
	{size(256, 1, 1), size(256, 1, 1)},
	{size(300, 1, 1), size(128, 1, 1)},
	{size(200, 1, 1), size(64, 1, 1)},
	{size(96, 1, 1), size(32, 1, 1)},
	{size(70, 1, 1), size(33, 1, 1)},
	{size(9, 1, 1), size(5, 1, 1)},
	{size(1030, 1, 1), size(1024, 1, 1)},
	{size(500, 1, 1), size(500, 1, 1)},
	{size(32, 16, 1), size(16, 16, 1)},
	{size(40, 9, 1), size(8, 8, 1)},
	{size(64, 6, 1), size(32, 4, 1)},
	{size(7, 5, 3), size(3, 5, 2)},
}

// A workLaunch is what a work kernel is bound to.
type workLaunch struct {
	simt.Launch
	mems [irtest.WorkBuffers][]byte
}

// newWorkLaunch returns launch i of those that a seed makes.
func newWorkLaunch(seed, i uint64) *workLaunch {
	r := rand.New(rand.NewPCG(seed, i))
	s := workShapes[r.IntN(len(workShapes))]
	l := &workLaunch{Launch: simt.Launch{Grid: s.grid, Group: s.group, Timeout: time.Minute}}
	threads := int(s.grid.Volume())
	groups := 1
	for _, n := range [][2]uint32{{s.grid.X, s.group.X}, {s.grid.Y, s.group.Y}, {s.grid.Z, s.group.Z}} {
		groups *= int((n[0] + n[1] - 1) / n[1])
	}
	fill := func(words int, f func() uint32) (b []byte) {
		for range words {
			x := f()
			b = append(b, byte(x), byte(x>>8), byte(x>>16), byte(x>>24))
		}
		return b
	}
	numbers := irtest.WorkLaunch(r, r.IntN(6) == 0)
	k := -1
	l.mems[irtest.WorkNumbers] = fill(len(numbers), func() uint32 { k++; return numbers[k] })
	l.mems[irtest.WorkFloats] = fill(irtest.WorkData, func() uint32 { return math.Float32bits(float32(r.IntN(400)-150) / 64) })
	l.mems[irtest.WorkWords] = fill(irtest.WorkData, func() uint32 { return r.Uint32() >> (r.Uint32() % 32) })
	l.mems[irtest.WorkBytes] = fill(irtest.WorkData, r.Uint32)
	for _, m := range []struct{ mem, words int }{{irtest.WorkRowsF, threads * irtest.WorkSlots}, {irtest.WorkRowsI, threads * irtest.WorkSlots},
		{irtest.WorkOwn, threads * irtest.WorkOwnSize / 4}, {irtest.WorkWide, groups * irtest.WorkWidth}, {irtest.WorkCells, irtest.WorkCell}} {
		l.mems[m.mem] = make([]byte, 4*m.words)
	}
	if r.IntN(6) == 0 { // one is too short
		m := &l.mems[r.IntN(len(l.mems))]
		*m = (*m)[:r.IntN(len(*m)+1)]
	}
	return l
}

// with runs the launch on an engine, on fresh memory. n is how many memories the program names.
func (l *workLaunch) with(run func(*simt.Launch) *simt.Fault, n int) (mems [irtest.WorkBuffers][]byte, fault *simt.Fault) {
	x := l.Launch
	x.Mems = make([]simt.Binding, n)
	for i, m := range l.mems {
		mems[i] = bytes.Clone(m)
		if len(m) > 0 {
			x.Mems[i] = bound(mems[i])
		}
	}
	return mems, run(&x)
}

// sound tells what cannot be true of a fault.
func (l *workLaunch) sound(f *simt.Fault) error {
	if f == nil {
		return nil
	}
	if f.Kind != simt.OutOfBounds && f.Kind != simt.Unbound || f.Mem < 0 || f.Mem >= irtest.WorkBuffers || f.Size != int64(len(l.mems[f.Mem])) ||
		f.Offset >= 0 && f.Offset+f.Len <= f.Size {
		return fmt.Errorf("fault %v (%#v)", f, *f)
	}
	at := [3]uint32{f.Threadgroup.X*l.Group.X + f.Thread.X, f.Threadgroup.Y*l.Group.Y + f.Thread.Y, f.Threadgroup.Z*l.Group.Z + f.Thread.Z}
	if at[0] >= l.Grid.X || at[1] >= l.Grid.Y || at[2] >= l.Grid.Z {
		return fmt.Errorf("fault %v of a thread that does not exist", f)
	}
	return nil
}

// workDiffers runs a work kernel several times, with sizes that a seed makes, on both tiers and,
// as it is written, on the interpreter and the reference.
func workDiffers(f *ir.Func, seed uint64) error {
	if err := ir.Verify(f); err != nil {
		return err
	}
	written, best := f.Clone(), f.Clone()
	opt.Promote(written)
	opt.Run(best)
	if err := ir.Verify(best); err != nil {
		return fmt.Errorf("optimized: %v", err)
	}
	plain, err := simt.Compile(written)
	if err != nil {
		return err
	}
	p, err := simt.Compile(best)
	if err != nil {
		return err
	}
	on := func(p *simt.Program, e simt.Engine) func(l *simt.Launch) *simt.Fault {
		return func(l *simt.Launch) *simt.Fault {
			l.Program, l.Engine = p, e
			return l.Run()
		}
	}
	for i := range uint64(3) {
		l := newWorkLaunch(seed, i)
		want, fault := l.with(on(p, simt.Interpreter), len(f.Mems))
		if err := l.sound(fault); err != nil {
			return fmt.Errorf("launch %d on the interpreter: %w", i, err)
		}
		check := func(who string, run func(l *simt.Launch) *simt.Fault, sameFault bool) error {
			got, other := l.with(run, len(f.Mems))
			if sameFault && ((fault == nil) != (other == nil) || fault != nil && fault.Kind != other.Kind) {
				return fmt.Errorf("launch %d, grid %v, group %v, %s: fault %v, want %v", i, l.Grid, l.Group, who, other, fault)
			}
			if fault != nil || other != nil {
				return l.sound(other)
			}
			if err := sameWork(got, want); err != nil {
				return fmt.Errorf("launch %d, grid %v, group %v, %s: %w", i, l.Grid, l.Group, who, err)
			}
			return nil
		}
		if err := check("as written", on(plain, simt.Interpreter), false); err != nil {
			return err
		}
		for range 2 {
			if err := check("machine code", on(p, simt.Native), true); err != nil {
				return err
			}
		}
		if l.Grid.Volume() < 400 && seed%4 == 0 {
			var failed error
			err := check("the reference", func(l *simt.Launch) *simt.Fault {
				l.Program = plain
				fault, err := ref.Run(f, l)
				failed = err
				return fault
			}, false)
			if failed == nil && err != nil {
				return err
			}
		}
	}
	why, _ := p.Native()
	for _, err := range why {
		if !errors.Is(err, jit.ErrUnsupported) {
			return err
		}
	}
	return nil
}

// sameWork compares what two runs have left. NaNs are the same.
func sameWork(got, want [irtest.WorkBuffers][]byte) error {
	for i := range want {
		if bytes.Equal(got[i], want[i]) {
			continue
		}
		word := func(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24 }
		for j := 0; j+4 <= len(want[i]); j += 4 {
			x, y := word(got[i][j:]), word(want[i][j:])
			floats := i == irtest.WorkRowsF || i == irtest.WorkWide
			if x != y && !(floats && irtest.IsNaN(ir.F32, uint64(x)) && irtest.IsNaN(ir.F32, uint64(y))) {
				return fmt.Errorf("memory %d, word %d of %d: %#x, want %#x", i, j/4, len(want[i])/4, x, y)
			}
		}
	}
	return nil
}
