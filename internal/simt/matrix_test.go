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

// matrixKernel multiplies and adds matrices whose elements each thread reads,
// by the threads only for which %c holds.
func matrixKernel(t testing.TB, x, y, z ir.Type, divergent bool) *ir.Func {
	f := ir.NewFunc("matrices")
	b := ir.NewBuilder(f)
	in := b.Mem(ir.Mem{Name: "in", Kind: ir.MemBuffer, Space: ir.Device, Size: 4, Align: 4})
	out := b.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Index: 1, Space: ir.Device, Size: 4, Align: 4})
	tid := b.Builtin(ir.ThreadPositionInGridX)
	at := b.Emit(ir.OpMul, ir.I64, b.Emit(ir.OpZExt, ir.I64, tid), b.I64(64))
	pair := func(typ ir.Type, off int64) [2]ir.Value {
		return [2]ir.Value{b.Load(ir.Device, typ, in, at, off), b.Load(ir.Device, typ, in, at, off+8)}
	}
	body := func() {
		r := b.MatMulAdd(z, pair(x, 0), pair(y, 16), pair(z, 32))
		b.Store(ir.Device, z, out, at, 0, r[0])
		b.Store(ir.Device, z, out, at, 8, r[1])
	}
	if divergent {
		b.If(b.Emit(ir.OpNe, ir.Bool, b.Emit(ir.OpURem, ir.I32, tid, b.I32(3)), b.I32(0)), body, func() {})
	} else {
		body()
	}
	b.Finish()
	require.NoError(t, ir.Verify(f))
	text := f.String()
	again, err := ir.Parse(text)
	require.NoError(t, err)
	require.Equal(t, text, again.String())
	return f
}

func TestMatMulAdd(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	types := []ir.Type{ir.F32, ir.F16, ir.BF16}
	for _, x := range types {
		for _, z := range types {
			for _, divergent := range []bool{false, true} {
				for _, n := range []int{32, 70, 128} {
					t.Run(fmt.Sprint(x, z, divergent, n), func(t *testing.T) {
						f := matrixKernel(t, x, x, z, divergent)
						in := make([]uint64, 8*n)
						for i := range in {
							typ := x
							if i%8 >= 4 {
								typ = z
							}
							in[i] = ir.Narrow(typ, float32(r.NormFloat64()))
						}
						got, want := make([]uint64, 8*n), make([]uint64, 8*n)
						grid := size(uint32(n), 1, 1)
						l := simt.Launch{Grid: grid, Group: size(64, 1, 1), Mems: []simt.Binding{bound(in), bound(got)}}
						p, err := simt.Compile(f)
						require.NoError(t, err)
						l.Program = p
						require.Nil(t, l.Run())
						l.Mems[1] = bound(want)
						fault, err := ref.Run(f, &l)
						require.NoError(t, err)
						require.Nil(t, fault)
						require.Equal(t, want, got)
					})
				}
			}
		}
	}
}

// TestMatrixElement shows that the lanes hold each element once.
func TestMatrixElement(t *testing.T) {
	seen := map[[2]int]bool{}
	for lane := range 32 {
		for i := range 2 {
			row, col := ir.MatrixElement(lane, i)
			seen[[2]int{row, col}] = true
			require.Less(t, max(row, col), ir.MatrixDim)
		}
	}
	require.Len(t, seen, 64)
}
