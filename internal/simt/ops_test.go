package simt_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// adversaries are bits of t that operations get wrong.
func adversaries(t ir.Type, r *rand.Rand, n int) []uint64 {
	var s []uint64
	switch {
	case t == ir.Bool:
		s = []uint64{0, 1}
	case t.IsFloat():
		for _, x := range []float64{0, 1, 0.5, 1.5, 2.5, 3, 0.49999997, 0.50000006, 127.5, 128, 255.5, 256, 32767.5, 32768, 65503.9, 65504, 65519.99,
			65520, 1 << 23, 1<<23 + 1, 1 << 24, 1 << 31, 1<<31 - 128, 1 << 32, 1 << 63, 1 << 62, 1.8446744e19, 1e38, math.MaxFloat32, math.Inf(1), 1e-45, 1.1754942e-38,
			1.1754944e-38, 6e-8, 5.96e-8, 2.98e-8, 2.99e-8, 6.1e-5, 6.097e-5, 1e-40, 9.2e-41, 0.1, 3.14159274, 1 + 1.0/1024, 1 + 1.0/2048, 1 + 3.0/2048, 1 + 1.0/256, math.NaN()} {
			s = append(s, ir.Narrow(t, float32(x)), ir.Narrow(t, float32(-x)))
		}
		s = append(s, ir.Mask(t), ir.Mask(t)>>1) // NaNs with all bits set
	default:
		b := uint(t.Bits())
		for i := range b {
			s = append(s, 1<<i, 1<<i-1, -(1<<i)&ir.Mask(t))
		}
	}
	for len(s) < n {
		x := r.Uint64()
		if t.IsFloat() && r.IntN(3) > 0 {
			x = ir.Narrow(t, float32(r.NormFloat64()*math.Pow(2, float64(r.IntN(40)-20))))
		} else if !t.IsFloat() && r.IntN(2) == 0 {
			x = uint64(r.IntN(64)) - 8
		}
		s = append(s, x&ir.Mask(t))
	}
	r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	return s[:n]
}

func isNaN(t ir.Type, x uint64) bool {
	f := ir.Widen(t, x)
	return t.IsFloat() && f != f
}

func write(mem []byte, t ir.Type, i int, x uint64) {
	n := t.Size()
	for j := range n {
		mem[i*n+j] = byte(x >> (8 * j))
	}
}

func read(mem []byte, t ir.Type, i int) (x uint64) {
	n := t.Size()
	for j := range n {
		x |= uint64(mem[i*n+j]) << (8 * j)
	}
	return x
}

// testOp compares op with ir.Eval for many operands. Bit i of form says that
// operand i is the same in all lanes.
func testOp(t *testing.T, op ir.Op, typ ir.Type, args []ir.Type, form int) {
	const n = 1000
	r := rand.New(rand.NewPCG(uint64(op), uint64(form)))
	f := ir.NewFunc("op")
	b := ir.NewBuilder(f)
	var vals [3][]uint64
	var ops []ir.Value
	var mems []simt.Binding
	id := b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadPositionInGridX))
	at := func(t ir.Type) ir.Value {
		return b.Emit(ir.OpMul, ir.I64, id, b.I64(int64(t.Size())))
	}
	for i, a := range args {
		vals[i] = adversaries(a, r, n)
		mem := make([]byte, n*a.Size())
		for j, x := range vals[i] {
			write(mem, a, j, x)
		}
		ref := b.Mem(ir.Mem{Name: fmt.Sprint("arg", i), Kind: ir.MemBuffer, Index: i})
		off := at(a)
		if form>>i&1 != 0 {
			off = b.I64(int64(a.Size()) * 7)
			for j := range vals[i] {
				vals[i][j] = read(mem, a, 7)
			}
		}
		ops = append(ops, b.Load(ir.Device, a, ref, off, 0))
		mems = append(mems, bound(mem))
	}
	out := make([]byte, n*typ.Size())
	ref := b.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Index: 3})
	b.Store(ir.Device, typ, ref, at(typ), 0, b.Emit(op, typ, ops...))
	mems = append(mems, bound(out))
	b.Finish()
	require.NoError(t, ir.Verify(f))
	p, err := simt.Compile(f)
	require.NoError(t, err)
	l := simt.Launch{Program: p, Grid: size(n, 1, 1), Group: size(100, 1, 1), Mems: mems}
	require.Nil(t, l.Run())
	for i := range n {
		var a [3]uint64
		for j := range args {
			a[j] = vals[j][i]
		}
		want, ok := ir.Eval(op, typ, args[0], a[0], a[1], a[2])
		require.True(t, ok)
		if got := read(out, typ, i); got != want && !(isNaN(typ, got) && isNaN(typ, want)) {
			t.Fatalf("%s %s of %v %#x form %b: got %#x (%v), want %#x (%v)", op, typ, args, a, form,
				got, ir.Widen(typ, got), want, ir.Widen(typ, want))
		}
	}
}

// TestOps tries every pure operation on every type and form of operands.
func TestOps(t *testing.T) {
	ints := []ir.Type{ir.I8, ir.I16, ir.I32, ir.I64}
	floats := []ir.Type{ir.F16, ir.BF16, ir.F32}
	all := append(append([]ir.Type{ir.Bool}, ints...), floats...)
	forms := func(op ir.Op, typ ir.Type, args ...ir.Type) {
		for form := range 1 << len(args) {
			testOp(t, op, typ, args, form)
		}
	}
	same := func(op ir.Op, typ ir.Type) {
		forms(op, typ, []ir.Type{typ, typ, typ}[:op.Info().NArgs]...)
	}
	for op := ir.OpAdd; op <= ir.OpBitRev; op++ {
		for _, typ := range ints {
			same(op, typ)
		}
	}
	for _, op := range []ir.Op{ir.OpAnd, ir.OpOr, ir.OpXor, ir.OpNot} {
		same(op, ir.Bool)
	}
	for op := ir.OpFAdd; op <= ir.OpFRem; op++ {
		for _, typ := range floats {
			same(op, typ)
		}
	}
	for op := ir.OpEq; op <= ir.OpSLe; op++ {
		for _, from := range ints {
			forms(op, ir.Bool, from, from)
		}
	}
	forms(ir.OpEq, ir.Bool, ir.Bool, ir.Bool)
	forms(ir.OpNe, ir.Bool, ir.Bool, ir.Bool)
	for op := ir.OpFEq; op <= ir.OpFLe; op++ {
		for _, from := range floats {
			forms(op, ir.Bool, from, from)
		}
	}
	for _, typ := range all {
		forms(ir.OpSelect, typ, ir.Bool, typ, typ)
		for _, from := range all {
			switch {
			case typ.IsInt() && from.IsInt() && from.Bits() > typ.Bits():
				forms(ir.OpTrunc, typ, from)
			case typ.IsInt() && !from.IsFloat() && from.Bits() < typ.Bits():
				forms(ir.OpZExt, typ, from)
				forms(ir.OpSExt, typ, from)
			case typ.IsInt() && from.IsFloat():
				forms(ir.OpFToS, typ, from)
				forms(ir.OpFToU, typ, from)
			case typ.IsFloat() && from.IsInt():
				forms(ir.OpSToF, typ, from)
				forms(ir.OpUToF, typ, from)
			case typ.IsFloat() && from.IsFloat() && typ != from:
				forms(ir.OpFConv, typ, from)
			}
			if typ != ir.Bool && from != ir.Bool && typ.Size() == from.Size() {
				forms(ir.OpBitcast, typ, from)
			}
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
