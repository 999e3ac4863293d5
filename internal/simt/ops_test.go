package simt_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestOps tries every form of every operation on the interpreter, with each choice
// of operands that are the same in all lanes; TestNativeOps has machine code.
func TestOps(t *testing.T) {
	defer simt.Force(simt.Interpreter, nil, 0)()
	testOps(t, ir.Forms())
}

func testOps(t *testing.T, forms []ir.Form) {
	for _, form := range forms {
		for same := range 1 << len(form.Args()) {
			require.NoError(t, irtest.CheckForm(form, same, func(f *ir.Func, mems [4][]byte) error {
				p, err := simt.Compile(f)
				if err != nil {
					return err
				}
				l := simt.Launch{Program: p, Grid: size(irtest.OpThreads, 1, 1), Group: size(100, 1, 1)}
				for _, m := range mems {
					l.Mems = append(l.Mems, bound(m))
				}
				if fault := l.Run(); fault != nil {
					return fault
				}
				return nil
			}))
		}
	}
}

// TestFmaOnce tries sums whose rounding to float64 ends on the middle between
// two float32s, where rounding again would go wrong.
func TestFmaOnce(t *testing.T) {
	const n = 4096
	r := rand.New(rand.NewPCG(5, 6))
	a, b, c, got := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
	twice := 0
	for i := range n {
		c[i] = math.Float32frombits(r.Uint32()&0x807fffff | uint32(64+r.IntN(128))<<23)
		half := math.Ldexp(1, int(math.Float32bits(c[i])>>23&0xff)-127-24) // of the last digit
		a[i] = 1 + float32(r.IntN(2))*0x1p-23
		b[i] = float32(half) * (1 - float32(r.IntN(3)-1)*0x1p-23)
		if r.IntN(2) == 0 {
			b[i] = -b[i]
		}
		exact := ir.FMA(a[i], b[i], c[i])
		if float32(float64(a[i])*float64(b[i])+float64(c[i])) != float32(exact) {
			twice++
		}
	}
	require.Greater(t, twice, n/100)
	f := ir.NewFunc("fma")
	k := ir.NewBuilder(f)
	off := k.Emit(ir.OpMul, ir.I64, k.Emit(ir.OpZExt, ir.I64, k.Builtin(ir.ThreadPositionInGridX)), k.I64(4))
	var x []ir.Value
	for i := range 4 {
		ref := k.Mem(ir.Mem{Kind: ir.MemBuffer, Index: i})
		if i < 3 {
			x = append(x, k.Load(ir.Device, ir.F32, ref, off, 0))
		} else {
			k.Store(ir.Device, ir.F32, ref, off, 0, k.Emit(ir.OpFFma, ir.F32, x...))
		}
	}
	k.Finish()
	p, err := simt.Compile(f)
	require.NoError(t, err)
	l := simt.Launch{Program: p, Grid: size(n, 1, 1), Group: size(64, 1, 1), Mems: []simt.Binding{bound(a), bound(b), bound(c), bound(got)}}
	require.Nil(t, l.Run())
	for i := range n {
		require.Equal(t, float32(ir.FMA(a[i], b[i], c[i])), got[i])
	}
}

// TestOpsAffine tries the integer operations on linear functions of the
// thread's position, where most have a shorter way.
func TestOpsAffine(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(s ...uint64) uint64 { return s[r.IntN(len(s))] }
	for round := range 3000 {
		typ := []ir.Type{ir.I8, ir.I16, ir.I32, ir.I64}[r.IntN(4)]
		f := ir.NewFunc("affine")
		b := ir.NewBuilder(f)
		linear := func() ir.Value {
			v := b.Const(typ, pick(0, 1, 5, ir.Mask(typ), ir.Mask(typ)>>1, 1<<(typ.Bits()-1), r.Uint64(), 100, ^uint64(99)))
			for d := range ir.Builtin(3) {
				if r.IntN(2) == 0 {
					continue
				}
				x := b.Builtin(ir.ThreadPositionInThreadgroupX + d)
				switch {
				case typ == ir.I64:
					x = b.Emit(ir.OpZExt, typ, x)
				case typ != ir.I32:
					x = b.Emit(ir.OpTrunc, typ, x)
				}
				k := b.Const(typ, pick(1, 2, 4, 5, 40, ^uint64(0), ^uint64(3), 1<<(typ.Bits()-1), r.Uint64()))
				v = b.Emit(ir.OpAdd, typ, v, b.Emit(ir.OpMul, typ, x, k))
			}
			return v
		}
		op := ir.OpAdd + ir.Op(r.IntN(int(ir.OpSLe-ir.OpAdd)+1))
		if r.IntN(3) == 0 {
			op = []ir.Op{ir.OpZExt, ir.OpSExt, ir.OpTrunc, ir.OpSelect}[r.IntN(4)]
		}
		result := typ
		args := []ir.Value{linear()}
		switch {
		case op >= ir.OpEq && op <= ir.OpSLe:
			result = ir.Bool
			args = append(args, linear())
		case op == ir.OpZExt || op == ir.OpSExt:
			if typ == ir.I64 {
				continue
			}
			result = typ + 1 + ir.Type(r.IntN(int(ir.I64-typ)))
		case op == ir.OpTrunc:
			if typ == ir.I8 {
				continue
			}
			result = ir.I8 + ir.Type(r.IntN(int(typ-ir.I8)))
		case op == ir.OpSelect:
			args = []ir.Value{b.Emit(ir.OpULt, ir.Bool, linear(), linear()), args[0], linear()}
		case op.Info().NArgs == 2:
			args = append(args, linear())
		}
		v := b.Emit(op, result, args...)
		id := b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadPositionInGridX))
		id = b.Emit(ir.OpAdd, ir.I64, b.Emit(ir.OpMul, ir.I64, b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadPositionInGridY)), b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadsPerGridX))), id)
		id = b.Emit(ir.OpAdd, ir.I64, b.Emit(ir.OpMul, ir.I64, b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadPositionInGridZ)),
			b.Emit(ir.OpMul, ir.I64, b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadsPerGridX)), b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadsPerGridY)))), id)
		for i := range 3 {
			b.Mem(ir.Mem{Name: fmt.Sprint("m", i), Kind: ir.MemBuffer, Index: i})
		}
		out := b.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Index: 3})
		b.Store(ir.Device, result, out, b.Emit(ir.OpShl, ir.I64, id, b.I64(3)), 0, v)
		b.Finish()
		require.NoError(t, ir.Verify(f))
		s := shapes[round%len(shapes)]
		if err := differOut(f, s.grid, s.group); err != nil {
			t.Fatalf("round %d: grid %v, group %v: %v\n%s", round, s.grid, s.group, err, f)
		}
	}
}
