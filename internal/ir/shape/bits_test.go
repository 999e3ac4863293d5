package shape_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// TestBits checks what is claimed of operations on bits of positions.
func TestBits(t *testing.T) {
	linear := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 3))
		g := []rect{{64, 3}, {32, 2}, {16, 4}, {8, 16}, {128, 1}}[r.IntN(5)]
		k := ir.NewBuilder(ir.NewFunc("bits"))
		vals := []ir.Value{k.Builtin(ir.ThreadPositionInThreadgroupX), k.Builtin(ir.ThreadPositionInThreadgroupY), k.Builtin(ir.ThreadIndexInThreadgroup),
			k.Builtin(ir.ThreadIndexInSimdgroup), k.Builtin(ir.SimdgroupIndexInThreadgroup)}
		for range 30 {
			ops := []ir.Op{ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpLShr, ir.OpShl, ir.OpMul, ir.OpAdd, ir.OpSub}
			op, c := ops[r.IntN(len(ops))], uint32(r.IntN(20))
			switch r.IntN(4) {
			case 0:
				c = 1<<r.IntN(32) - 1
			case 1:
				c = -uint32(1 << r.IntN(8))
			}
			if r.IntN(3) > 0 {
				op = ops[r.IntN(4)]
			}
			b := k.I32(int32(c))
			if r.IntN(6) == 0 && op >= ir.OpAdd {
				b = vals[r.IntN(len(vals))]
			}
			vals = append(vals, k.Emit(op, ir.I32, vals[r.IntN(len(vals))], b))
		}
		k.Finish()
		require.NoError(t, ir.Verify(k.F))
		info := shape.Of(k.F, shape.Config{Group: g})
		for _, v := range vals[5:] {
			if s := info.Values[v]; s.Kind == shape.Linear && s.Step != 0 && info.Defs[v].Op == ir.OpAnd {
				linear++
			}
		}
		require.NoError(t, checkClaims(k.F, info, [3]uint32{uint32(g.x), uint32(g.y), 1}, uint32(seed), g.place), "seed %d: %s", seed, k.F)
	}
	require.Greater(t, linear, 100)
}
