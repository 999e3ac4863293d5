package opt_test

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// expressions makes random expressions, with many constants that rules look for.
type expressions struct {
	*rand.Rand
	f      *ir.Func
	inputs map[ir.Type][]ir.Value
	forms  map[ir.Type][]ir.Form
}

func (e *expressions) emit(op ir.Op, t ir.Type, imm int64, args ...ir.Value) ir.Value {
	in := e.f.NewInstr(op, t, ir.Pos{}, args...)
	in.Imm = imm
	in.Out = e.f.NewValue(t, "")
	e.f.Body.Code = append(e.f.Body.Code, in)
	return in.Out
}

func (e *expressions) constant(t ir.Type) ir.Value {
	var bits uint64
	switch {
	case e.IntN(4) == 0:
		bits = irtest.Operands(t, e.Rand, 1)[0]
	case t.IsFloat():
		bits = ir.Narrow(t, []float32{0, 1, -1, 2, 0.5, -0.25, 3, 1024}[e.IntN(8)])
	default:
		bits = []uint64{0, 1, ^uint64(0), 2, 3, 4, 5, 8, 31, 32, 64, 7}[e.IntN(12)] & ir.Mask(t)
	}
	return e.emit(ir.OpConst, t, int64(bits))
}

func (e *expressions) value(t ir.Type, depth int) ir.Value {
	switch {
	case depth == 0 || e.IntN(6) == 0:
		if v := e.inputs[t]; e.IntN(3) > 0 {
			return v[e.IntN(len(v))]
		}
		return e.constant(t)
	}
	form := e.forms[t][e.IntN(len(e.forms[t]))]
	var args []ir.Value
	for i, from := range form.Args() {
		switch {
		case i > 0 && e.IntN(3) == 0:
			args = append(args, e.constant(from))
		case i > 0 && from == form.From[0] && e.IntN(8) == 0:
			args = append(args, args[0])
		default:
			args = append(args, e.value(from, depth-1))
		}
	}
	return e.emit(form.Op, t, 0, args...)
}

// TestAlgebra folds random expressions and evaluates them before and after, for
// operands that operations get wrong.
func TestAlgebra(t *testing.T) {
	forms := map[ir.Type][]ir.Form{}
	for _, form := range ir.Forms() {
		// Which NaN a NaN is may change, so nothing must look.
		if form.Op == ir.OpBitcast && form.From[0].IsFloat() || form.Op == ir.OpFCopysign {
			continue
		}
		forms[form.Type] = append(forms[form.Type], form)
	}
	types := []ir.Type{ir.Bool, ir.I8, ir.I16, ir.I32, ir.I64, ir.F16, ir.BF16, ir.F32}
	for seed := range uint64(1500) {
		e := &expressions{Rand: rand.New(rand.NewPCG(seed, 1)), f: ir.NewFunc("k"), inputs: map[ir.Type][]ir.Value{}, forms: forms}
		e.f.Mems = []ir.Mem{{Name: "m", Kind: ir.MemBuffer, Space: ir.Device}}
		ref := e.emit(ir.OpMem, ir.Ref, 0)
		var sorts []ir.Type // of the words of memory
		for _, typ := range types {
			for range 2 {
				at := e.emit(ir.OpConst, ir.I64, int64(len(sorts)))
				e.inputs[typ] = append(e.inputs[typ], e.emit(ir.OpLoad, typ, 0, ref, at))
				sorts = append(sorts, typ)
			}
		}
		typ := types[seed%uint64(len(types))]
		result := e.value(typ, 1+e.IntN(4))
		at := e.emit(ir.OpConst, ir.I64, int64(len(sorts)))
		e.f.Body.Code = append(e.f.Body.Code, e.f.NewInstr(ir.OpStore, typ, ir.Pos{}, ref, at, result), e.f.NewInstr(ir.OpYield, ir.Void, ir.Pos{}))
		require.NoError(t, ir.Verify(e.f))
		var inputs, want [][]uint64
		for range 20 {
			mem := make([]uint64, len(sorts)+1)
			for i, sort := range sorts {
				mem[i] = irtest.Operands(sort, e.Rand, 1)[0]
			}
			out, _ := run(e.f, mem)
			inputs, want = append(inputs, mem), append(want, out)
		}
		before := e.f.String()
		opt.Fold(e.f)
		require.NoError(t, ir.Verify(e.f), "%s", before)
		for i, mem := range inputs {
			out, _ := run(e.f, mem)
			w, g := want[i][len(sorts)], out[len(sorts)]
			if w != g && !(irtest.IsNaN(typ, w) && irtest.IsNaN(typ, g)) {
				t.Fatalf("seed %d: %#x, want %#x, of %#x\n%s\nafter:\n%s", seed, g, w, mem, before, e.f)
			}
		}
	}
}

// TestTruths compares numbers made of truth values.
func TestTruths(t *testing.T) {
	for _, op := range []ir.Op{ir.OpEq, ir.OpNe} {
		for other := range uint64(5) { // 3 and 4 are truth values, too
			for bits := range uint64(4) {
				k := ir.NewBuilder(ir.NewFunc("truths"))
				mem := k.Mem(ir.Mem{Name: "m", Kind: ir.MemBuffer, Space: ir.Device, Size: 4, Align: 4})
				truth := func(i int64) ir.Value {
					return k.Emit(ir.OpZExt, ir.I32, k.Load(ir.Device, ir.Bool, mem, k.I64(0), i))
				}
				a, b := bits&1, other
				right := k.I32(int32(other))
				if other > 2 {
					right, b = truth(1), bits>>1
				}
				k.Store(ir.Device, ir.Bool, mem, k.I64(0), 2, k.Emit(op, ir.Bool, truth(0), right))
				k.Finish()
				opt.Run(k.F)
				require.NoError(t, ir.Verify(k.F))
				k.F.Body.Walk(func(in *ir.Instr) bool {
					require.NotEqual(t, ir.OpZExt, in.Op, "numbers are left:\n%s", k.F)
					return true
				})
				p, err := simt.Compile(k.F)
				require.NoError(t, err)
				m := []byte{byte(bits & 1), byte(bits >> 1), 0xff, 0}
				l := simt.Launch{Program: p, Grid: simt.Size{X: 1, Y: 1, Z: 1}, Group: simt.Size{X: 1, Y: 1, Z: 1},
					Mems: []simt.Binding{{Ptr: unsafe.Pointer(&m[0]), Len: 4}}}
				require.Nil(t, l.Run())
				require.Equal(t, (a == b) == (op == ir.OpEq), m[2] == 1, "%s of %d and %d", op, a, b)
			}
		}
	}
}
