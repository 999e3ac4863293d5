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

// TestNativeSplit accesses words at indices that bits of positions make: those of
// butterflies and the like, with numbers that are known at run time only, powers of two
// and others, in groups whose rows begin anywhere.
func TestNativeSplit(t *testing.T) {
	const words = 600
	n, from := seeds(t, 60)
	for _, isa := range isas(t) {
		defer simt.Force(simt.Native, &isa, 0)()
		for seed := from; seed < from+n; seed++ {
			r := rand.New(rand.NewPCG(seed, 11))
			k := ir.NewBuilder(ir.NewFunc("split"))
			x, y, numbers := threeBuffers(k)
			op := func(op ir.Op, args ...ir.Value) ir.Value { return k.Emit(op, ir.I32, args...) }
			number := func(i int) ir.Value { return k.Load(ir.Device, ir.I32, numbers, k.I64(0), int64(4*i)) }
			id := k.Builtin(ir.ThreadPositionInGridX)
			word := func(i ir.Value) ir.Value {
				at := k.Emit(ir.OpShl, ir.I64, k.Emit(ir.OpZExt, ir.I64, i), k.I64(2))
				if seed%3 == 0 { // from somewhere else than the beginning
					at = k.Emit(ir.OpAdd, ir.I64, at, k.Emit(ir.OpZExt, ir.I64, number(2)))
				}
				return at
			}
			d, c := number(0), number(1)
			low := op(ir.OpURem, id, d)
			if r.IntN(3) == 0 {
				low = op(ir.OpAnd, id, op(ir.OpSub, d, k.I32(1)))
			}
			var place ir.Value
			own := true // no two threads have the same
			switch seed % 8 {
			case 0:
				place = op(ir.OpAdd, op(ir.OpMul, op(ir.OpMul, op(ir.OpUDiv, id, d), k.I32(2)), d), low)
			case 1:
				place = op(ir.OpXor, id, d)
			case 2:
				place = op(ir.OpSub, op(ir.OpMul, id, k.I32(2)), low)
			case 3:
				place = op(ir.OpXor, op(ir.OpOr, id, k.I32(int32(r.IntN(16)))), c)
				own = false
			case 4:
				place, own = op(ir.OpAdd, low, c), false
			case 5:
				place, own = op(ir.OpLShr, id, c), false
			case 6:
				place, own = op(ir.OpMul, op(ir.OpLShr, op(ir.OpXor, id, c), k.I32(1)), d), false
			default:
				place, own = op(ir.OpAdd, op(ir.OpAnd, id, d), op(ir.OpUDiv, id, c)), false
			}
			if r.IntN(2) == 0 {
				place = op(ir.OpAdd, place, c)
			}
			v := k.Load(ir.Device, ir.I32, x, word(id), 0)
			test := k.Emit(ir.OpULt, ir.Bool, op(ir.OpAnd, v, k.I32(7)), k.I32(int32(r.IntN(10))))
			body := func() {
				w := k.Load(ir.Device, ir.I32, x, word(place), 4)
				if own && seed%5 != 0 {
					k.If(test, func() { k.Store(ir.Device, ir.I32, y, word(place), 4, op(ir.OpAdd, v, w)) }, func() {})
				} else {
					k.Store(ir.Device, ir.I32, y, word(id), 0, w)
				}
			}
			k.If(k.Emit(ir.OpULt, ir.Bool, place, k.I32(words-40)), body, func() {})
			k.Finish()
			opt.Run(k.F)
			p, err := simt.Compile(k.F)
			require.NoError(t, err)
			in := make([]uint32, words)
			for i := range in {
				in[i] = uint32(i) * 2654435761 >> 3
			}
			for range 4 {
				got, want := make([]uint32, words), make([]uint32, words)
				set := []uint32{1 << r.IntN(9), uint32(r.IntN(40)), 4 * uint32(r.IntN(9))}
				if r.IntN(3) == 0 {
					set[0] = uint32(r.IntN(50))
				}
				group := []uint32{128, 256, 96, 24, 7}[r.IntN(5)]
				l := simt.Launch{Program: p, Grid: size(uint32(1+r.IntN(500)), 1, 1), Group: size(group, 1, 1), Mems: []simt.Binding{bound(in), bound(got), bound(set)}}
				fault := l.Run()
				l.Mems[1] = bound(want)
				expected, err := ref.Run(k.F, &l)
				require.NoError(t, err)
				require.Equal(t, expected == nil, fault == nil, "%s, seed %d, by %d: %v, not %v", isa, seed, set, fault, expected)
				if expected == nil {
					require.Equal(t, want, got, "%s, seed %d, by %d", isa, seed, set)
				}
			}
			compiled(t, p)
		}
	}
}
