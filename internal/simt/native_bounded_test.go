package simt_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// boundedKernel has regions that only threads within bounds do anything in: those
// that the numbers in the first buffer tell, by some comparison of their index.
func boundedKernel(op ir.Op, index ir.Builtin, swapped bool) *ir.Func {
	f := ir.NewFunc("bounded")
	b := ir.NewBuilder(f)
	in := b.Mem(ir.Mem{Name: "in", Kind: ir.MemBuffer, Space: ir.Device, Size: 4, Align: 4})
	out := b.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Index: 1, Space: ir.Device, Size: 4, Align: 4})
	shared := b.Mem(ir.Mem{Name: "shared", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: 1024 * 4, Align: 4})
	word := func(v ir.Value) ir.Value {
		return b.Emit(ir.OpMul, ir.I64, b.Emit(ir.OpZExt, ir.I64, v), b.I64(4))
	}
	at := word(b.Builtin(ir.ThreadIndexInThreadgroup))
	b.Store(ir.Threadgroup, ir.I32, shared, at, 0, b.Builtin(ir.ThreadPositionInGridX))
	for i := range int64(3) {
		b.Barrier(false)
		n := b.Load(ir.Device, ir.I32, in, b.I64(0), 4*i)
		x, y := b.Builtin(index), n
		if swapped {
			x, y = y, x
		}
		b.If(b.Emit(op, ir.Bool, x, y), func() {
			old := b.Load(ir.Threadgroup, ir.I32, shared, at, 0)
			b.Store(ir.Threadgroup, ir.I32, shared, at, 0, b.Emit(ir.OpAdd, ir.I32, b.Emit(ir.OpMul, ir.I32, old, b.I32(3)), n))
		}, nil)
	}
	b.Barrier(false)
	b.Store(ir.Device, ir.I32, out, word(b.Builtin(ir.ThreadPositionInGridX)), 0, b.Load(ir.Threadgroup, ir.I32, shared, at, 0))
	b.Finish()
	return f
}

// TestNativeBounded compares regions of some of the threads with the reference.
func TestNativeBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	numbers := []uint32{0, 1, 7, 8, 9, 16, 31, 32, 64, 100, 128, 255, 256, 257, 1000, 1 << 31, 1<<32 - 1}
	for _, isa := range isas(t) {
		for _, op := range []ir.Op{ir.OpULt, ir.OpULe, ir.OpEq, ir.OpSLt} {
			for _, index := range []ir.Builtin{ir.ThreadIndexInThreadgroup, ir.ThreadPositionInThreadgroupX, ir.SimdgroupIndexInThreadgroup} {
				for _, n := range []uint32{256, 200, 513, 1024} {
					swapped := r.IntN(3) == 0
					f := boundedKernel(op, index, swapped)
					require.NoError(t, ir.Verify(f))
					undo := simt.Force(simt.Native, &isa, []int{0, 2}[r.IntN(2)])
					p, err := simt.Compile(f)
					require.NoError(t, err)
					in := []uint32{numbers[r.IntN(len(numbers))], numbers[r.IntN(len(numbers))], numbers[r.IntN(len(numbers))]}
					got, want := make([]uint32, n+n/2), make([]uint32, n+n/2)
					l := simt.Launch{Program: p, Grid: size(n+n/2, 1, 1), Group: size(n, 1, 1), Mems: []simt.Binding{bound(in), bound(got), {}}}
					require.Nil(t, l.Run())
					compiled(t, p)
					undo()
					l.Mems[1] = bound(want)
					fault, err := ref.Run(f, &l)
					require.NoError(t, err)
					require.Nil(t, fault)
					require.Equal(t, want, got, fmt.Sprint(isa, op, index, n, swapped, in))
				}
			}
		}
	}
}
