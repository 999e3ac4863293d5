package simt_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// TestNativeUniformDivisor divides by what is the same for all threads, known when
// code is made or not.
func TestNativeUniformDivisor(t *testing.T) {
	divisors := []uint32{0, 1, 2, 3, 5, 7, 10, 16, 641, 65535, 65536, 1<<31 - 1, 1 << 31, 1<<31 + 1, math.MaxUint32 - 1, math.MaxUint32}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		divisors = append(divisors, r.Uint32()>>r.IntN(31))
	}
	const n = 4096
	for _, isa := range isas(t) {
		defer simt.Force(simt.Native, &isa, 0)()
		for i, by := range divisors {
			in := make([]uint32, n)
			for j := range in {
				in[j] = r.Uint32() >> r.IntN(31)
				if j%2 == 0 && by > 0 { // around a multiple
					in[j] = by*(r.Uint32()/by) + uint32(r.IntN(3)) - 1
				}
			}
			k := ir.NewBuilder(ir.NewFunc("divide"))
			x, y, d := threeBuffers(k)
			id := k.Builtin(ir.ThreadPositionInGridX)
			at := k.Emit(ir.OpShl, ir.I64, k.Emit(ir.OpZExt, ir.I64, id), k.I64(2))
			divisor := k.I32(int32(by))
			if i%2 == 0 {
				divisor = k.Load(ir.Device, ir.I32, d, k.I64(0), 0)
			}
			a := k.Load(ir.Device, ir.I32, x, at, 0)
			k.Store(ir.Device, ir.I32, y, at, 0, k.Emit(ir.OpUDiv, ir.I32, a, divisor))
			k.Store(ir.Device, ir.I32, y, at, n*4, k.Emit(ir.OpURem, ir.I32, a, divisor))
			k.Finish()
			p, err := simt.Compile(k.F)
			require.NoError(t, err)
			got := make([]uint32, 2*n)
			l := simt.Launch{Program: p, Grid: size(n, 1, 1), Group: size(256, 1, 1), Mems: []simt.Binding{bound(in), bound(got), bound([]uint32{by})}}
			require.Nil(t, l.Run())
			compiled(t, p)
			for j, a := range in {
				q, _ := ir.Eval(ir.OpUDiv, ir.I32, ir.I32, uint64(a), uint64(by), 0)
				rest, _ := ir.Eval(ir.OpURem, ir.I32, ir.I32, uint64(a), uint64(by), 0)
				require.Equal(t, [2]uint32{uint32(q), uint32(rest)}, [2]uint32{got[j], got[n+j]}, "%s: %d by %d", isa, a, by)
			}
		}
	}
}

// TestNativeNear accesses lanes that are in two rows, or nearly so, with some of
// them masked off, and some at the ends of the memory.
func TestNativeNear(t *testing.T) {
	n, from := seeds(t, 40)
	for _, isa := range isas(t) {
		defer simt.Force(simt.Native, &isa, 0)()
		for seed := from; seed < from+n; seed++ {
			r := rand.New(rand.NewPCG(seed, 9))
			k := ir.NewBuilder(ir.NewFunc("near"))
			x, y, numbers := threeBuffers(k)
			op := func(op ir.Op, args ...ir.Value) ir.Value { return k.Emit(op, ir.I32, args...) }
			id := k.Builtin(ir.ThreadPositionInGridX)
			d := k.Load(ir.Device, ir.I32, numbers, k.I64(0), 0)
			word := func(i ir.Value) ir.Value {
				return k.Emit(ir.OpShl, ir.I64, k.Emit(ir.OpZExt, ir.I64, i), k.I64(2))
			}
			var place ir.Value
			switch seed % 6 {
			case 0:
				place = op(ir.OpAdd, op(ir.OpMul, op(ir.OpMul, op(ir.OpUDiv, id, d), k.I32(2)), d), op(ir.OpURem, id, d))
			case 1:
				place = op(ir.OpXor, id, d)
			case 2:
				place = op(ir.OpMul, id, d)
			case 3:
				place = op(ir.OpSub, op(ir.OpAdd, id, op(ir.OpUDiv, id, d)), k.I32(int32(r.IntN(20))))
			case 4:
				place = op(ir.OpAdd, op(ir.OpAnd, id, k.I32(-16)), op(ir.OpSub, k.I32(15), op(ir.OpAnd, id, k.I32(15))))
			default:
				place = op(ir.OpAdd, op(ir.OpUMax, id, d), op(ir.OpURem, id, k.I32(3)))
				if r.IntN(2) == 0 {
					place = op(ir.OpAdd, id, op(ir.OpUDiv, id, k.I32(int32(1+r.IntN(30)))))
				}
			}
			v := k.Load(ir.Device, ir.I32, x, word(id), 0)
			test := k.Emit(ir.OpULt, ir.Bool, op(ir.OpAnd, v, k.I32(7)), k.I32(int32(r.IntN(9))))
			some := k.Emit(ir.OpULt, ir.Bool, place, k.I32(400))
			write := seed%6 != 5 && seed%2 == 0
			k.If(some, func() {
				if write { // each thread its own
					k.If(test, func() { k.Store(ir.Device, ir.I32, y, word(place), 0, v) }, func() {})
				} else {
					k.If(test, func() {
						k.Store(ir.Device, ir.I32, y, word(id), 0, k.Load(ir.Device, ir.I32, x, word(place), 0))
					}, func() {})
				}
			}, func() {})
			k.Finish()
			opt.Run(k.F)
			p, err := simt.Compile(k.F)
			require.NoError(t, err)
			in := make([]uint32, 400)
			for i := range in {
				in[i] = uint32(i) * 2654435761 >> 3
			}
			got, want := make([]uint32, 400), make([]uint32, 400)
			by := []uint32{uint32(1 + r.IntN(40))}
			l := simt.Launch{Program: p, Grid: size(uint32(1+r.IntN(400)), 1, 1), Group: size(128, 1, 1), Mems: []simt.Binding{bound(in), bound(got), bound(by)}}
			require.Nil(t, l.Run(), "seed %d", seed)
			l.Mems[1] = bound(want)
			fault, err := ref.Run(k.F, &l)
			require.NoError(t, err)
			require.Nil(t, fault)
			require.Equal(t, want, got, "%s, seed %d, by %d", isa, seed, by)
		}
	}
}

// threeBuffers declares buffers 0 to 2 of words.
func threeBuffers(k *ir.Builder) (a, b, c ir.Value) {
	mem := func(i int) ir.Value {
		return k.Mem(ir.Mem{Name: "m", Kind: ir.MemBuffer, Space: ir.Device, Index: i, Size: 4, Align: 4})
	}
	return mem(0), mem(1), mem(2)
}
