package simt_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// operandKernel loads numbers from threadgroup memory in rows and one for many
// lanes, computes with them, in a loop, and stores some where it loads again.
func operandKernel(r *rand.Rand) *ir.Func {
	const width, own, size = 16, 4096, 8192
	f := ir.NewFunc("operands")
	b := ir.NewBuilder(f)
	in := b.Mem(ir.Mem{Name: "in", Kind: ir.MemBuffer, Space: ir.Device, Size: 4, Align: 4})
	out := b.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Index: 1, Space: ir.Device, Size: 4, Align: 4})
	shared := b.Mem(ir.Mem{Name: "shared", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: size, Align: 4})
	word := func(v ir.Value) ir.Value {
		return b.Emit(ir.OpMul, ir.I64, b.Emit(ir.OpZExt, ir.I64, v), b.I64(4))
	}
	x, y := b.Builtin(ir.ThreadPositionInThreadgroupX), b.Builtin(ir.ThreadPositionInThreadgroupY)
	i := word(b.Emit(ir.OpAdd, ir.I32, b.Emit(ir.OpMul, ir.I32, y, b.I32(width)), x))
	column, row := word(x), word(b.Emit(ir.OpMul, ir.I32, y, b.I32(width)))
	for at := int64(0); at < size; at += 1024 {
		b.Store(ir.Threadgroup, ir.F32, shared, i, at, b.Load(ir.Device, ir.F32, in, i, at))
	}
	b.Barrier(false)
	places := []ir.Value{i, column, row}
	values := []ir.Value{b.Load(ir.Threadgroup, ir.F32, shared, i, 0), b.Load(ir.Threadgroup, ir.F32, shared, row, 0)}
	pick := func() ir.Value { return values[max(0, len(values)-1-r.IntN(4))] }
	ops := func(n int) {
		for range n {
			switch k := r.IntN(12); k {
			case 0, 1, 2, 3, 4:
				off := r.Int64N(1024) * 4
				if p := r.IntN(3); p == 0 && r.IntN(2) == 0 {
					values = append(values, b.Load(ir.Threadgroup, ir.F32, shared, i, own+r.Int64N(2)*1024))
				} else {
					values = append(values, b.Load(ir.Threadgroup, ir.F32, shared, places[p], off%(own-1024)))
				}
			case 5:
				b.Store(ir.Threadgroup, ir.F32, shared, i, own+r.Int64N(2)*1024, pick())
			case 6, 7:
				values = append(values, b.Emit(ir.OpFFma, ir.F32, pick(), pick(), pick()))
			default:
				values = append(values, b.Emit([]ir.Op{ir.OpFAdd, ir.OpFSub, ir.OpFMul, ir.OpFDiv}[k-8], ir.F32, pick(), pick()))
			}
		}
	}
	ops(20)
	k, sum, other := b.Var(ir.I32, "k"), b.Var(ir.F32, "sum"), b.Var(ir.F32, "other")
	turns := b.Load(ir.Device, ir.I32, in, b.I64(0), size-4)
	step := func() ir.Value { return b.I32(1) }
	if r.IntN(2) == 0 { // nobody can count the turns
		step = func() ir.Value {
			return b.Emit(ir.OpAdd, ir.I32, b.Emit(ir.OpAnd, ir.I32, b.Get(k), b.I32(1)), b.I32(1))
		}
	}
	b.Set(k, b.I32(0))
	b.Set(sum, pick())
	b.Set(other, pick())
	b.Loop(func(loop ir.Label) {
		known := len(values)
		before, left := b.Get(sum), b.Get(other)
		leave := func() {
			b.If(b.Emit(ir.OpULt, ir.Bool, b.Emit(ir.OpAdd, ir.I32, b.Get(k), b.I32(r.Int32N(3))), turns), func() {}, func() {
				if r.IntN(2) == 0 {
					b.Set(other, before)
				}
				b.Break(loop)
			})
		}
		late := r.IntN(3)
		if late != 1 {
			leave()
		}
		values = append(values, before, left)
		ops(12)
		next := [2]ir.Value{b.Emit(ir.OpFAdd, ir.F32, pick(), before), pick()}
		if late > 0 {
			leave() // with what was before
		}
		b.Set(sum, next[0])
		b.Set(other, next[1])
		b.Set(k, b.Emit(ir.OpAdd, ir.I32, b.Get(k), step()))
		values = values[:known]
	})
	values = append(values, b.Get(sum), b.Get(other))
	ops(12)
	values = append(values, b.Get(sum), b.Get(other))
	for j, v := range values[len(values)-8:] {
		b.Store(ir.Device, ir.F32, out, i, int64(j)*1024, v)
	}
	b.Finish()
	opt.Run(f)
	return f
}

// TestNativeOperands compares kernels whose loads are operands of what they
// compute with the reference.
func TestNativeOperands(t *testing.T) {
	in := make([]uint32, 2048)
	r := rand.New(rand.NewPCG(5, 6))
	for i := range in {
		in[i] = uint32(ir.Narrow(ir.F32, float32(r.IntN(64)-32)/8))
	}
	in[len(in)-1] = 7
	few, from := seeds(t, 20)
	for seed := from; seed < from+few; seed++ {
		f := operandKernel(rand.New(rand.NewPCG(seed, 1)))
		require.NoError(t, ir.Verify(f))
		for _, isa := range isas(t) {
			for _, n := range []uint32{16, 4, 11} {
				undo := simt.Force(simt.Native, &isa, 0)
				p, err := simt.Compile(f)
				require.NoError(t, err)
				got, want := make([]uint32, 2048), make([]uint32, 2048)
				l := simt.Launch{Program: p, Grid: size(16, n, 1), Group: size(16, n, 1), Mems: []simt.Binding{bound(in), bound(got), {}}}
				require.Nil(t, l.Run())
				compiled(t, p)
				undo()
				l.Mems[1] = bound(want)
				fault, err := ref.Run(f, &l)
				require.NoError(t, err)
				require.Nil(t, fault)
				require.Equal(t, want, got, "%v, %d rows, seed %d:\n%v", isa, n, seed, f)
			}
		}
	}
}
