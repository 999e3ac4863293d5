package simt_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// offsetsKernel sums words of threadgroup memory at n offsets from each thread's own,
// each with a limit of its own.
func offsetsKernel(n int) *ir.Func {
	f := ir.NewFunc("offsets")
	b := ir.NewBuilder(f)
	in := b.Mem(ir.Mem{Name: "in", Kind: ir.MemBuffer, Space: ir.Device, Size: 4, Align: 4})
	out := b.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Index: 1, Space: ir.Device, Size: 4, Align: 4})
	shared := b.Mem(ir.Mem{Name: "shared", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: int64(n+64) * 4, Align: 4})
	id := b.Emit(ir.OpShl, ir.I64, b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadPositionInGridX)), b.I64(2))
	at := b.Emit(ir.OpAnd, ir.I32, b.Load(ir.Device, ir.I32, in, id, 0), b.I32(63))
	own := b.Emit(ir.OpShl, ir.I64, b.Emit(ir.OpZExt, ir.I64, at), b.I64(2))
	sum := at
	for i := range int64(n) {
		b.Store(ir.Threadgroup, ir.I32, shared, b.I64(0), 4*i, b.I32(int32(7*i)))
	}
	for i := range int64(n) {
		sum = b.Emit(ir.OpAdd, ir.I32, sum, b.Load(ir.Threadgroup, ir.I32, shared, own, 4*i))
	}
	b.Store(ir.Device, ir.I32, out, id, 0, sum)
	b.Finish()
	return f
}

// A kernel may have as many accesses, at offsets of their own, as it likes.
func TestNativeManyOffsets(t *testing.T) {
	const n, accesses = 256, 700
	f := offsetsKernel(accesses)
	require.NoError(t, ir.Verify(f))
	r := rand.New(rand.NewPCG(5, 6))
	in, got, want := make([]uint32, n), make([]uint32, n), make([]uint32, n)
	for i := range in {
		in[i] = r.Uint32()
	}
	for _, isa := range isas(t) {
		undo := simt.Force(simt.Native, &isa, 0)
		p, err := simt.Compile(f)
		require.NoError(t, err)
		l := simt.Launch{Program: p, Grid: size(n, 1, 1), Group: size(64, 1, 1), Mems: []simt.Binding{bound(in), bound(got), {}}}
		require.Nil(t, l.Run())
		compiled(t, p)
		undo()
		l.Mems[1] = bound(want)
		fault, err := ref.Run(f, &l)
		require.NoError(t, err)
		require.Nil(t, fault)
		require.Equal(t, want, got, "%s", isa)
	}
}
