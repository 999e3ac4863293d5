package simt_test

import (
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// TestNativeScaling runs loops with barriers whose step is multiplied or divided from
// turn to turn, with accesses to threadgroup memory at bits of positions, in groups of
// any number of chunks.
func TestNativeScaling(t *testing.T) {
	n, from := seeds(t, 20)
	for _, isa := range isas(t) {
		defer simt.Force(simt.Native, &isa, 0)()
		for seed := from; seed < from+n; seed++ {
			r := rand.New(rand.NewPCG(seed, 12))
			group := []uint32{512, 1024, 640, 96, 700, 128, 64, 256}[r.IntN(8)]
			k := ir.NewBuilder(ir.NewFunc("scaling"))
			x := k.Mem(ir.Mem{Name: "x", Kind: ir.MemBuffer, Space: ir.Device, Size: 4, Align: 4})
			y := k.Mem(ir.Mem{Name: "y", Kind: ir.MemBuffer, Space: ir.Device, Index: 1, Size: 4, Align: 4})
			tile := k.Mem(ir.Mem{Name: "t", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: 4096 * 4, Align: 4})
			op := func(op ir.Op, args ...ir.Value) ir.Value { return k.Emit(op, ir.I32, args...) }
			word := func(i ir.Value) ir.Value {
				return k.Emit(ir.OpShl, ir.I64, k.Emit(ir.OpZExt, ir.I64, op(ir.OpAnd, i, k.I32(4095))), k.I64(2))
			}
			i := k.Builtin(ir.ThreadPositionInThreadgroupX)
			id := k.Builtin(ir.ThreadPositionInGridX)
			get := func(i ir.Value) ir.Value { return k.Load(ir.Threadgroup, ir.I32, tile, word(i), 0) }
			set := func(i, v ir.Value) { k.Store(ir.Threadgroup, ir.I32, tile, word(i), 0, v) }
			v := k.Load(ir.Device, ir.I32, x, k.Emit(ir.OpShl, ir.I64, k.Emit(ir.OpZExt, ir.I64, id), k.I64(2)), 0)
			set(i, v)
			set(op(ir.OpAdd, i, k.I32(int32(group))), op(ir.OpMul, v, k.I32(3)))
			k.Barrier(false)
			up := r.IntN(2) == 0
			d := k.Var(ir.I32, "d")
			if up {
				k.Set(d, k.I32(1))
			} else {
				k.Set(d, k.I32(1<<(bits.Len32(group/2)-1)))
			}
			form, spread := r.IntN(4), int32(r.IntN(2))
			k.Loop(func(l ir.Label) {
				step := k.Get(d)
				more := k.Emit(ir.OpULt, ir.Bool, step, k.Builtin(ir.ThreadsPerThreadgroupX))
				if !up {
					more = k.Emit(ir.OpNe, ir.Bool, step, k.I32(0))
				}
				k.If(more, func() {
					low := op(ir.OpAnd, i, op(ir.OpSub, step, k.I32(1)))
					switch form {
					case 0: // a butterfly
						a := op(ir.OpSub, op(ir.OpMul, i, k.I32(2)), low)
						b := op(ir.OpAdd, a, step)
						u, v := get(a), get(b)
						k.Barrier(false)
						root := k.Load(ir.Device, ir.I32, x, word(op(ir.OpShl, low, k.I32(spread))), 0)
						set(a, op(ir.OpAdd, u, op(ir.OpMul, v, root)))
						k.Barrier(false)
						set(b, op(ir.OpSub, op(ir.OpMul, u, k.I32(5)), op(ir.OpXor, v, low)))
					case 1: // a partner
						v := get(op(ir.OpXor, i, step))
						k.Barrier(false)
						set(i, op(ir.OpAdd, get(i), op(ir.OpMul, v, k.I32(7))))
					case 2: // a tree
						k.If(k.Emit(ir.OpULt, ir.Bool, i, step), func() {
							set(i, op(ir.OpAdd, get(i), get(op(ir.OpAdd, i, step))))
						}, nil)
					default: // what parts of a row find, and rows of such
						v := op(ir.OpAdd, get(op(ir.OpUDiv, i, step)), get(low))
						k.Barrier(false)
						set(op(ir.OpXor, i, k.I32(int32(r.IntN(64)))), v)
					}
					k.Barrier(false)
					if up {
						k.Set(d, op(ir.OpMul, step, k.I32(2)))
					} else {
						k.Set(d, op(ir.OpLShr, step, k.I32(1)))
					}
				}, func() { k.Break(l) })
			})
			for j := range 2 {
				at := k.Emit(ir.OpShl, ir.I64, k.Emit(ir.OpZExt, ir.I64, op(ir.OpAdd, op(ir.OpMul, id, k.I32(2)), k.I32(int32(j)))), k.I64(2))
				k.Store(ir.Device, ir.I32, y, at, 0, get(op(ir.OpAdd, i, k.I32(int32(j)*int32(group)))))
			}
			k.Finish()
			opt.Run(k.F)
			p, err := simt.Compile(k.F)
			require.NoError(t, err)
			threads := group*2 + uint32(r.IntN(2))*uint32(r.IntN(int(group)))
			in := make([]uint32, threads)
			for i := range in {
				in[i] = r.Uint32()
			}
			got, want := make([]uint32, 2*threads), make([]uint32, 2*threads)
			l := simt.Launch{Program: p, Grid: size(threads, 1, 1), Group: size(group, 1, 1), Mems: []simt.Binding{bound(in), bound(got), {}}}
			require.Nil(t, l.Run(), "seed %d", seed)
			l.Mems[1] = bound(want)
			fault, err := ref.Run(k.F, &l)
			require.NoError(t, err)
			require.Nil(t, fault)
			require.Equal(t, want, got, "%s, seed %d, groups of %d", isa, seed, group)
			compiled(t, p)
		}
	}
}
