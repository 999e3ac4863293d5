package simt_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestNativeStencils loads what is around each thread, clamped at the rim or not, at
// offsets computed in various ways, some outside of the memory, and in between what the
// thread has stored itself.
func TestNativeStencils(t *testing.T) {
	groups := []simt.Size{{X: 32, Y: 8, Z: 1}, {X: 64, Y: 4, Z: 1}, {X: 16, Y: 8, Z: 1}, {X: 128, Y: 2, Z: 1}, {X: 256, Y: 1, Z: 1}, {X: 48, Y: 2, Z: 1}, {X: 8, Y: 8, Z: 1}}
	n, from := seeds(t, 20)
	for seed := from; seed < from+n; seed++ {
		r := rand.New(rand.NewPCG(seed, 17))
		group := groups[r.IntN(len(groups))]
		width, height := int(group.X)*(1+r.IntN(3)), int(group.Y)*(1+r.IntN(3))
		wide, clamped, signed, inLoop, stores := r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(3) == 0, r.IntN(2) == 0
		reach := 1 + r.IntN(20)
		shift := uint32(r.IntN(6 * width)) // of what is not clamped
		k := ir.NewBuilder(ir.NewFunc("stencil"))
		image, own, out := threeBuffers(k)
		op := func(op ir.Op, args ...ir.Value) ir.Value { return k.Emit(op, ir.I32, args...) }
		word := func(i ir.Value) ir.Value {
			ext := ir.OpZExt
			if signed {
				ext = ir.OpSExt
			}
			return k.Emit(ir.OpShl, ir.I64, k.Emit(ext, ir.I64, i), k.I64(2))
		}
		x, y := k.Builtin(ir.ThreadPositionInGridX), k.Builtin(ir.ThreadPositionInGridY)
		id := op(ir.OpAdd, op(ir.OpMul, y, k.I32(int32(width))), x)
		at := func(v ir.Value, d, n int) ir.Value {
			if d < 0 && r.IntN(2) == 0 {
				v = op(ir.OpSub, v, k.I32(int32(-d)))
			} else {
				v = op(ir.OpAdd, v, k.I32(int32(d)))
			}
			if clamped {
				v = op(ir.OpSMin, op(ir.OpSMax, v, k.I32(0)), k.I32(int32(n-1)))
			}
			return v
		}
		sum := k.Var(ir.I32, "sum")
		k.Set(sum, id)
		add := func(v ir.Value) { k.Set(sum, op(ir.OpAdd, op(ir.OpMul, k.Get(sum), k.I32(31)), v)) }
		taps := func(moved ir.Value, n int) {
			row := 0
			for range n {
				if r.IntN(3) == 0 {
					row = r.IntN(5) - 2
				}
				place := op(ir.OpAdd, op(ir.OpMul, at(y, row, height), k.I32(int32(width))), at(op(ir.OpAdd, x, moved), r.IntN(2*reach)-reach, width))
				if !clamped {
					place = op(ir.OpAdd, place, k.I32(int32(shift)))
				}
				add(k.Load(ir.Device, ir.I32, image, word(place), 0))
				switch n := r.IntN(6); {
				case n == 0 && stores:
					k.Store(ir.Device, ir.I32, own, word(id), 0, k.Get(sum))
				case n == 1:
					add(k.Load(ir.Device, ir.I32, own, word(id), 0))
				}
			}
		}
		if inLoop { // of some turns, which code takes one after the other
			turns := k.Load(ir.Device, ir.I32, own, k.I64(0), int64(4*width*height))
			i := k.Var(ir.I32, "i")
			k.Set(i, k.I32(0))
			k.Loop(func(done ir.Label) {
				k.If(k.Emit(ir.OpULt, ir.Bool, k.Get(i), turns), func() {}, func() { k.Break(done) })
				taps(k.Get(i), 1+r.IntN(3))
				k.Set(i, op(ir.OpAdd, k.Get(i), k.I32(1)))
			})
		} else {
			taps(k.I32(0), 2+r.IntN(22))
		}
		k.Store(ir.Device, ir.I32, out, word(id), 0, k.Get(sum))
		k.Finish()
		opt.Run(k.F)
		size := width * height
		if wide {
			size += 10 * width
		}
		in := make([]uint32, size)
		for i := range in {
			in[i] = r.Uint32()
		}
		sameOnEngines(t, func() []uint32 {
			p, err := simt.Compile(k.F)
			require.NoError(t, err)
			// Its last word is how many turns the loop takes.
			stored, got := make([]uint32, width*height+1), make([]uint32, width*height)
			stored[width*height] = 5
			l := simt.Launch{Program: p, Grid: simt.Size{X: uint32(width), Y: uint32(height), Z: 1}, Group: group, Workers: 1,
				Mems: []simt.Binding{bound(in), bound(stored), bound(got)}}
			if fault := l.Run(); fault != nil { // how far others have got then is not told
				return []uint32{uint32(fault.Kind)}
			}
			return append(got, stored...)
		}, "seed %d", seed)
	}
}
