package simt_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// evalAll runs op over lists of arguments, eight bytes each, and requires what the
// reference gives. With a constant the last argument is that.
func evalAll(t *testing.T, op ir.Op, result, from ir.Type, constant *uint64, args ...[]uint64) {
	t.Helper()
	f := ir.NewFunc("made")
	b := ir.NewBuilder(f)
	off := b.Emit(ir.OpMul, ir.I64, b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadPositionInGridX)), b.I64(8))
	var x []ir.Value
	for i := range args {
		x = append(x, b.Load(ir.Device, from, b.Mem(ir.Mem{Kind: ir.MemBuffer, Index: i}), off, 0))
	}
	if constant != nil {
		x = append(x, b.Const(from, *constant))
	}
	out := b.Mem(ir.Mem{Kind: ir.MemBuffer, Index: len(args)})
	b.Store(ir.Device, result, out, off, 0, b.Emit(op, result, x...))
	b.Finish()
	p, err := simt.Compile(f)
	require.NoError(t, err)
	n := len(args[0])
	got := make([]uint64, n)
	l := simt.Launch{Program: p, Grid: size(uint32(n), 1, 1), Group: size(64, 1, 1)}
	for _, a := range args {
		l.Mems = append(l.Mems, bound(a))
	}
	l.Mems = append(l.Mems, bound(got))
	require.Nil(t, l.Run())
	if why, compiled := p.Native(); compiled == 0 {
		require.Fail(t, "no machine code", "%v", why)
	}
	for i := range n {
		var a [3]uint64
		for j := range args {
			a[j] = args[j][i] & ir.Mask(from)
		}
		if constant != nil {
			a[len(args)] = *constant
		}
		want, _ := ir.Eval(op, result, from, a[0], a[1], a[2])
		if result.IsFloat() {
			if w, g := ir.Widen(result, want), ir.Widen(result, got[i]); w != w && g != g {
				continue
			}
		}
		require.Equal(t, want, got[i], "%s %s of %s %#x", op, result, from, a)
	}
}

// edges are numbers of all sizes: near powers of two, and sums of a few of them.
func edges(r *rand.Rand, n int) []uint64 {
	s := make([]uint64, n)
	for i := range s {
		x := uint64(1) << r.IntN(64)
		for range r.IntN(3) {
			x += uint64(r.IntN(3)-1) << r.IntN(64)
		}
		if r.IntN(4) == 0 {
			x = r.Uint64() >> r.IntN(64)
		}
		if r.IntN(2) == 0 {
			x = -x
		}
		s[i] = x
	}
	return s
}

// TestNativeMade tries operations that machine code makes of others on what is hardest:
// conversions of what lies in the middle between two floats, divisions by all kinds of
// constants, sums that must not be rounded twice.
func TestNativeMade(t *testing.T) {
	const n = 4096
	for _, isa := range isas(t) {
		t.Run(isa.String(), func(t *testing.T) {
			defer simt.Force(simt.Native, &isa, 0)()
			r := rand.New(rand.NewPCG(11, 12))
			for _, to := range []ir.Type{ir.F32, ir.F16, ir.BF16} {
				for _, from := range []ir.Type{ir.I32, ir.I64} {
					evalAll(t, ir.OpSToF, to, from, nil, edges(r, n))
					evalAll(t, ir.OpUToF, to, from, nil, edges(r, n))
				}
				floats := edges(r, n)
				if to == ir.F32 {
					for i := range floats[:n/2] { // of sizes that integers have
						floats[i] = uint64(r.Uint32()&0x807fffff | uint32(120+r.IntN(75))<<23)
					}
				}
				for _, from := range []ir.Type{ir.I32, ir.I64} {
					evalAll(t, ir.OpFToS, from, to, nil, floats)
					evalAll(t, ir.OpFToU, from, to, nil, floats)
				}
			}
			for _, c := range append(edges(r, 40), 0, 1, ^uint64(0), 2, 3, 7, 10, 1<<32, 1<<32+1, 1<<63, 1<<63-1, 1<<63+1, ^uint64(1)) {
				for op := ir.OpUDiv; op <= ir.OpSRem; op++ {
					evalAll(t, op, ir.I64, ir.I64, &c, edges(r, 256))
				}
			}
			for op := ir.OpUDiv; op <= ir.OpSRem; op++ {
				by := edges(r, n)
				by[7], by[8] = 0, 0
				evalAll(t, op, ir.I64, ir.I64, nil, edges(r, n), by)
			}
			for _, op := range []ir.Op{ir.OpUMulHi, ir.OpSMulHi, ir.OpUMin, ir.OpUMax, ir.OpSMin, ir.OpSMax, ir.OpAShr} {
				evalAll(t, op, ir.I64, ir.I64, nil, edges(r, n), edges(r, n))
			}
			a, b, c := make([]uint64, n), make([]uint64, n), make([]uint64, n)
			for range 20 {
				for i := range n { // the product lies near the middle between two neighbours of c
					c[i] = uint64(r.IntN(0x7c00) | r.IntN(2)<<15)
					a[i] = uint64(r.IntN(32)<<10 | 1<<r.IntN(10) | r.IntN(2))
					b[i] = uint64(r.IntN(32)<<10 | r.IntN(2)<<9 | r.IntN(2)<<15)
				}
				evalAll(t, ir.OpFFma, ir.F16, ir.F16, nil, a, b, c)
			}
		})
	}
}
