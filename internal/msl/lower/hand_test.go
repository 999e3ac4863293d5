package lower_test

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/msl/lower"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt"
)

var (
	tInt   = types.Basics[types.Int]
	tUInt  = types.Basics[types.UInt]
	tLong  = types.Basics[types.Long]
	tFloat = types.Basics[types.Float]
	tBool  = types.Basics[types.Bool]
	tVoid  = types.Basics[types.Void]
)

// Trees built by hand: what the checker would give for the source.

func at(t types.Type) sem.Typed           { return sem.Typed{T: t} }
func ref(v *sem.Var) sem.Expr             { return &sem.VarRef{Typed: at(object(v.Type)), Var: v} }
func num(t types.Type, n uint64) sem.Expr { return &sem.Const{Typed: at(t), Bits: []uint64{n}} }

func object(t types.Type) types.Type {
	if r, ok := t.(*types.Reference); ok {
		return r.Elem
	}
	return t
}

func bin(op sem.Op, t types.Type, x, y sem.Expr) sem.Expr {
	return &sem.Binary{Typed: at(t), Op: op, X: x, Y: y}
}

// item is p[i].
func item(p, i sem.Expr) sem.Expr {
	t := p.Type().(*types.Pointer)
	long := &sem.Convert{Typed: at(tLong), X: i}
	return &sem.Deref{Typed: at(t.Elem), X: &sem.PtrAdd{Typed: at(t), P: p, I: long}}
}

func do(e sem.Expr) sem.Stmt { return &sem.ExprStmt{X: e} }

func set(x, y sem.Expr) sem.Stmt { return do(&sem.Assign{Typed: at(x.Type()), X: x, Y: y}) }

type module struct {
	*sem.Module
}

func newModule() module {
	return module{&sem.Module{Files: source.NewFileSet(), Types: new(types.Table)}}
}

func (m module) buffer(name string, i int, elem types.Type) *sem.Var {
	return &sem.Var{Name: name, Type: m.Types.PointerTo(elem, types.Device, false, false), Arg: &sem.Arg{Kind: sem.ArgBuffer, Index: i}}
}

func (m module) constant(name string, i int, elem types.Type) *sem.Var {
	return &sem.Var{Name: name, Type: m.Types.ReferenceTo(elem, types.Constant, true, false, false), Arg: &sem.Arg{Kind: sem.ArgBuffer, Index: i}}
}

func input(name, attr string, t types.Type) *sem.Var {
	return &sem.Var{Name: name, Type: t, Arg: &sem.Arg{Kind: sem.ArgBuiltin, Builtin: attr}}
}

func kernel(name string, params []*sem.Var, body ...sem.Stmt) *sem.Func {
	return &sem.Func{Name: name, Params: params, Result: tVoid, Body: &sem.Block{List: body}, Kernel: &sem.Kernel{Name: name}}
}

func run(t *testing.T, f *ir.Func, grid, group uint32, buffers map[int][]float32) {
	t.Helper()
	require.NoError(t, ir.Verify(f))
	opt.Run(f)
	require.NoError(t, ir.Verify(f))
	p, err := simt.Compile(f)
	require.NoError(t, err)
	l := simt.Launch{Program: p, Grid: simt.Size{X: grid, Y: 1, Z: 1}, Group: simt.Size{X: group, Y: 1, Z: 1}}
	for _, m := range p.Mems() {
		var b simt.Binding
		if m.Kind == ir.MemBuffer {
			data := buffers[m.Index]
			b = simt.Binding{Ptr: unsafe.Pointer(unsafe.SliceData(data)), Len: int64(4 * len(data))}
		}
		l.Mems = append(l.Mems, b)
	}
	if fault := l.Run(); fault != nil {
		t.Fatal(fault)
	}
}

func TestSaxpyByHand(t *testing.T) {
	m := newModule()
	y, x := m.buffer("y", 0, tFloat), m.buffer("x", 1, tFloat)
	a, id := m.constant("a", 2, tFloat), input("id", "thread_position_in_grid", tUInt)
	k := kernel("saxpy", []*sem.Var{y, x, a, id},
		set(item(ref(y), ref(id)), bin(sem.Add, tFloat, bin(sem.Mul, tFloat, ref(a), item(ref(x), ref(id))), item(ref(y), ref(id)))))
	f, diags := lower.Kernel(m.Module, k, lower.Options{})
	require.Empty(t, diags)
	require.Equal(t, strings.TrimLeft(`
kernel "saxpy" {
	mem @0 "y" buffer device index 0 size 4 align 4
	mem @1 "x" buffer device index 1 size 4 align 4
	mem @2 "a" buffer constant index 2 size 4 align 4
	%1 = mem @0
	%2 = const i64 0x0 ; 0
	%3 = mem @1
	%4 = mem @2
	%5 = builtin thread_position_in_grid.x
	%6 = const i64 0x4 ; 4
	%7 = zext i64 %5
	%8 = mul i64 %7, %6
	%9 = load f32 constant %4[%2 + 0]
	%10 = zext i64 %5
	%11 = mul i64 %10, %6
	%12 = load f32 device %3[%11 + 0]
	%13 = fmul f32 %9, %12
	%14 = zext i64 %5
	%15 = mul i64 %14, %6
	%16 = load f32 device %1[%15 + 0]
	%17 = fadd f32 %13, %16
	store f32 device %1[%8 + 0], %17
	yield
}
`, "\n"), f.String())
	ys, xs := make([]float32, 1000), make([]float32, 1000)
	for i := range xs {
		xs[i], ys[i] = float32(i), 1
	}
	run(t, f, 1000, 256, map[int][]float32{0: ys, 1: xs, 2: {2}})
	for i, v := range ys {
		require.Equal(t, 2*float32(i)+1, v)
	}
}

func TestBlockSumByHand(t *testing.T) {
	m := newModule()
	in, out := m.buffer("in", 0, tFloat), m.buffer("out", 1, tFloat)
	tid := input("tid", "thread_index_in_threadgroup", tUInt)
	group := input("group", "threadgroup_position_in_grid", tUInt)
	size := input("size", "threads_per_threadgroup", tUInt)
	array := m.Types.ArrayOf(tFloat, 256)
	part := &sem.Var{Name: "part", Type: array, Space: types.Threadgroup}
	step := &sem.Var{Name: "step", Type: tUInt}
	elem := func(i sem.Expr) sem.Expr { return &sem.Index{Typed: at(tFloat), X: ref(part), I: i} }
	barrier := do(&sem.Builtin{Typed: at(tVoid), Name: "threadgroup_barrier", Args: []sem.Expr{num(tUInt, 2)}})
	k := kernel("block_sum", []*sem.Var{in, out, tid, group, size},
		&sem.Decl{Var: part},
		set(elem(ref(tid)), item(ref(in), bin(sem.Add, tUInt, bin(sem.Mul, tUInt, ref(group), ref(size)), ref(tid)))),
		barrier,
		&sem.Decl{Var: step, Init: bin(sem.Div, tUInt, ref(size), num(tUInt, 2))},
		&sem.For{
			Cond: bin(sem.Gt, tBool, ref(step), num(tUInt, 0)),
			Step: &sem.AssignOp{Typed: at(tUInt), Op: sem.Div, X: ref(step), Y: num(tUInt, 2), Operand: tUInt},
			Body: &sem.Block{List: []sem.Stmt{
				&sem.If{Cond: bin(sem.Lt, tBool, ref(tid), ref(step)), Then: do(&sem.AssignOp{
					Typed: at(tFloat), Op: sem.Add, X: elem(ref(tid)), Y: elem(bin(sem.Add, tUInt, ref(tid), ref(step))), Operand: tFloat})},
				barrier,
			}},
		},
		&sem.If{Cond: bin(sem.Eq, tBool, ref(tid), num(tUInt, 0)), Then: set(item(ref(out), ref(group)), elem(num(tInt, 0)))},
	)
	f, diags := lower.Kernel(m.Module, k, lower.Options{})
	require.Empty(t, diags)
	ins, outs := make([]float32, 31*256), make([]float32, 31)
	for i := range ins {
		ins[i] = float32(i % 17)
	}
	run(t, f, 31*256, 256, map[int][]float32{0: ins, 1: outs})
	for g := range outs {
		var want float32
		for i := range 256 {
			want += ins[g*256+i]
		}
		require.Equal(t, want, outs[g])
	}
}
