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
			require.Equal(t, lane, ir.MatrixLane(row, col))
			require.Less(t, max(row, col), ir.MatrixDim)
		}
	}
	require.Len(t, seen, 64)
}

// copyKernel loads a matrix for each SIMD group, adds it to itself times itself
// and stores it: in rows that are stride bytes apart, or as far as the kernel
// finds in memory.
func copyKernel(t testing.TB, typ ir.Type, from, to bool, stride int64, divergent, anywhere bool) *ir.Func {
	f := ir.NewFunc("copy")
	b := ir.NewBuilder(f)
	in := b.Mem(ir.Mem{Name: "in", Kind: ir.MemBuffer, Space: ir.Device, Size: 4, Align: 4})
	out := b.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Index: 1, Space: ir.Device, Size: 4, Align: 4})
	shared := b.Mem(ir.Mem{Name: "shared", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: 8192, Align: 4})
	group := b.Builtin(ir.SimdgroupIndexInThreadgroup)
	apart := b.I64(stride)
	if anywhere { // the same, as a value that is only known when it runs
		group = b.Emit(ir.OpLShr, ir.I32, b.Builtin(ir.ThreadIndexInThreadgroup), b.I32(5))
		apart = b.Load(ir.Device, ir.I64, in, b.I64(0), 0)
	}
	at := b.Emit(ir.OpMul, ir.I64, b.Emit(ir.OpZExt, ir.I64, group), b.I64(1024))
	body := func() {
		x := b.MatLoad(ir.Device, typ, in, at, apart, from)
		b.MatStore(ir.Threadgroup, typ, shared, at, apart, to, b.MatMulAdd(typ, x, x, x))
		y := b.MatLoad(ir.Threadgroup, typ, shared, at, apart, !from)
		b.MatStore(ir.Device, typ, out, at, apart, from, b.MatMulAdd(typ, y, x, x))
	}
	if divergent {
		b.If(b.Emit(ir.OpNe, ir.Bool, b.Emit(ir.OpURem, ir.I32, b.Builtin(ir.ThreadPositionInGridX), b.I32(5)), b.I32(0)), body, func() {})
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

func TestMatAccess(t *testing.T) {
	types := []ir.Type{ir.F32, ir.F16, ir.BF16}
	if raceEnabled {
		types = types[:1]
	}
	for _, typ := range types {
		for bits := range 16 {
			for _, stride := range []int64{int64(8 * typ.Size()), 72, 0, -40} {
				from, to, divergent, anywhere := bits&1 != 0, bits&2 != 0, bits&4 != 0, bits&8 != 0
				f := copyKernel(t, typ, from, to, stride, divergent, anywhere)
				for _, c := range []struct{ threads, bytes int }{{32, 1024}, {256, 8192}, {90, 3072}, {256, 7 << 10}, {128, 3<<10 + 40}} {
					name := fmt.Sprint(typ, from, to, divergent, anywhere, stride, c)
					p, err := simt.Compile(f)
					require.NoError(t, err)
					r := rand.New(rand.NewPCG(uint64(bits), uint64(stride)))
					in := make([]uint16, c.bytes/2)
					for i := range in {
						in[i] = uint16(ir.Narrow(ir.F16, float32(r.NormFloat64())))
						if typ != ir.F16 {
							in[i] = uint16(ir.Narrow(ir.BF16, float32(r.NormFloat64())))
						}
					}
					for i := range 4 {
						in[i] = uint16(stride >> (16 * i))
					}
					got, want := make([]uint16, c.bytes/2), make([]uint16, c.bytes/2)
					grid := size(uint32(c.threads), 1, 1)
					l := simt.Launch{Program: p, Grid: grid, Group: grid, Mems: []simt.Binding{bound(in), bound(got), {}}, Workers: 1}
					fault := l.Run()
					l.Mems[1] = bound(want)
					expected, err := ref.Run(f, &l)
					require.NoError(t, err)
					require.Equal(t, expected, fault, name)
					if fault == nil {
						require.Equal(t, want, got, name)
					}
				}
			}
		}
	}
}
