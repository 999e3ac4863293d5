package simt_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/irtest"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// The kernels of testdata, on one processor and on all, beside the same work
// as a plain Go loop.

func bench(b *testing.B, l simt.Launch, bytes int64) {
	for _, workers := range []int{1, 0} {
		name := "one"
		if workers == 0 {
			name = "all"
		}
		b.Run(name, func(b *testing.B) {
			l := l
			l.Workers = workers
			b.SetBytes(bytes)
			b.ReportAllocs()
			start := cpuTime()
			for b.Loop() {
				if f := l.Run(); f != nil {
					b.Fatal(f)
				}
			}
			b.ReportMetric(float64(cpuTime()-start)/1e6/float64(b.N), "cpu-ms/op")
		})
	}
}

func BenchmarkSaxpy16M(b *testing.B) {
	const n = 16 << 20
	x, y := floats(n), floats(n)
	bench(b, simt.Launch{Program: load(b, "saxpy"), Grid: size(n, 1, 1), Group: size(256, 1, 1),
		Mems: []simt.Binding{bound(x), bound(y), bound([]float32{0.5})}}, 12*n)
	b.Run("go", func(b *testing.B) {
		b.SetBytes(12 * n)
		for b.Loop() {
			for i, v := range x {
				y[i] = float32(0.5*v) + y[i]
			}
		}
	})
}

func BenchmarkMatmul512(b *testing.B) {
	const n = 512
	x, y, z := floats(n*n), floats(n*n), make([]float32, n*n)
	for _, name := range []string{"matmul", "tiled"} {
		b.Run(name, func(b *testing.B) {
			p := load(b, name)
			bench(b, simt.Launch{Program: p, Grid: size(n, n, 1), Group: size(16, 16, 1),
				Mems: []simt.Binding{bound(x), bound(y), bound(z), bound([]uint32{n}), {}, {}}[:len(p.Mems())]}, 0)
		})
	}
	b.Run("go", func(b *testing.B) {
		for b.Loop() {
			matmul(x, y, n)
		}
	})
}

func BenchmarkMandelbrot1024(b *testing.B) {
	const w = 1024
	out := make([]int32, w*w)
	bench(b, simt.Launch{Program: load(b, "mandelbrot"), Grid: size(w, w, 1), Group: size(16, 16, 1),
		Mems: []simt.Binding{bound(out), bound([]uint32{w})}}, 0)
	b.Run("go", func(b *testing.B) {
		for b.Loop() {
			mandelbrot(w)
		}
	})
}

func BenchmarkReduce16M(b *testing.B) {
	const n = 16 << 20
	in, out := floats(n), make([]float32, n/256)
	bench(b, simt.Launch{Program: load(b, "reduce"), Grid: size(n, 1, 1), Group: size(256, 1, 1),
		Mems: []simt.Binding{bound(in), bound(out), {}}}, 4*n)
	b.Run("go", func(b *testing.B) {
		b.SetBytes(4 * n)
		for b.Loop() {
			for g := range out {
				s := float32(0)
				for _, x := range in[g*256:][:256] {
					s += x
				}
				out[g] = s
			}
		}
	})
}

// BenchmarkEmpty is the cost of a launch.
func BenchmarkEmpty(b *testing.B) {
	bench(b, simt.Launch{Program: compile(b, `kernel "empty" { break 0 }`), Grid: size(1, 1, 1), Group: size(1, 1, 1)}, 0)
}

// softmax makes a kernel in which every threadgroup does a row of n: the
// largest element, the sum of the exponentials, and the quotients.
func softmax(b testing.TB, threads, n int) *simt.Program {
	f := ir.NewFunc("softmax")
	k := ir.NewBuilder(f)
	in, out := k.Mem(ir.Mem{Name: "in", Kind: ir.MemBuffer}), k.Mem(ir.Mem{Name: "out", Kind: ir.MemBuffer, Index: 1})
	part := k.Mem(ir.Mem{Name: "part", Kind: ir.MemThreadgroup, Space: ir.Threadgroup, Size: 128})
	lid := k.Builtin(ir.ThreadIndexInThreadgroup)
	lane, simd := k.Builtin(ir.ThreadIndexInSimdgroup), k.Builtin(ir.SimdgroupIndexInThreadgroup)
	row := k.Emit(ir.OpMul, ir.I32, k.Builtin(ir.ThreadgroupPositionInGridX), k.I32(int32(n)))
	offset := func(v ir.Value) ir.Value {
		return k.Emit(ir.OpMul, ir.I64, k.Emit(ir.OpZExt, ir.I64, v), k.I64(4))
	}
	// each runs body for every element of this thread.
	each := func(body func(off ir.Value)) {
		i := k.Var(ir.I32, "i")
		k.Set(i, lid)
		k.Loop(func(l ir.Label) {
			k.If(k.Emit(ir.OpULt, ir.Bool, k.Get(i), k.I32(int32(n))), func() {
				body(offset(k.Emit(ir.OpAdd, ir.I32, row, k.Get(i))))
				k.Set(i, k.Emit(ir.OpAdd, ir.I32, k.Get(i), k.I32(int32(threads))))
			}, func() { k.Break(l) })
		})
	}
	// all combines v over the threadgroup.
	all := func(op ir.GroupOp, identity float32, v ir.Value) ir.Value {
		reduce := func(v ir.Value) ir.Value {
			return k.EmitImm(ir.OpGroupReduce, ir.F32, ir.GroupImm(op, 32, false), v)
		}
		k.Barrier(false)
		k.Store(ir.Threadgroup, ir.F32, part, offset(simd), 0, reduce(v))
		k.Barrier(false)
		x := k.Var(ir.F32, "x")
		k.Set(x, k.F32(identity))
		k.If(k.Emit(ir.OpULt, ir.Bool, lane, k.Builtin(ir.SimdgroupsPerThreadgroup)), func() {
			k.Set(x, k.Load(ir.Threadgroup, ir.F32, part, offset(lane), 0))
		}, nil)
		return reduce(k.Get(x))
	}
	acc := k.Var(ir.F32, "acc")
	k.Set(acc, k.F32(-1e30))
	each(func(off ir.Value) {
		k.Set(acc, k.Emit(ir.OpFMax, ir.F32, k.Get(acc), k.Load(ir.Device, ir.F32, in, off, 0)))
	})
	most := all(ir.GroupFMax, -1e30, k.Get(acc))
	exp := func(off ir.Value) ir.Value {
		return k.Emit(ir.OpExp, ir.F32, k.Emit(ir.OpFSub, ir.F32, k.Load(ir.Device, ir.F32, in, off, 0), most))
	}
	k.Set(acc, k.F32(0))
	each(func(off ir.Value) { k.Set(acc, k.Emit(ir.OpFAdd, ir.F32, k.Get(acc), exp(off))) })
	sum := all(ir.GroupAdd, 0, k.Get(acc))
	each(func(off ir.Value) {
		k.Store(ir.Device, ir.F32, out, off, 0, k.Emit(ir.OpFDiv, ir.F32, exp(off), sum))
	})
	k.Finish()
	opt.Run(f)
	if err := ir.Verify(f); err != nil {
		b.Fatal(err)
	}
	p, err := simt.Compile(f)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func TestSoftmax(t *testing.T) {
	const n = 300
	in, out := floats(3*n), make([]float32, 3*n)
	for _, threads := range []int{32, 64, 256, 1000} {
		l := simt.Launch{Program: softmax(t, threads, n), Grid: size(uint32(threads*3), 1, 1), Group: size(uint32(threads), 1, 1), Mems: []simt.Binding{bound(in), bound(out), {}}}
		require.Nil(t, l.Run())
		for r := range 3 {
			sum := 0.0
			for _, x := range in[r*n:][:n] {
				sum += math.Exp(float64(x))
			}
			for i, x := range in[r*n:][:n] {
				require.InEpsilon(t, math.Exp(float64(x))/sum, out[r*n+i], 1e-5)
			}
		}
	}
}

func BenchmarkSoftmax1024(b *testing.B) {
	const n = 1024
	in, out := floats(n*n), make([]float32, n*n)
	for _, threads := range []int{32, 256} {
		b.Run(fmt.Sprint(threads), func(b *testing.B) {
			bench(b, simt.Launch{Program: softmax(b, threads, n), Grid: size(uint32(threads)*n, 1, 1), Group: size(uint32(threads), 1, 1),
				Mems: []simt.Binding{bound(in), bound(out), {}}}, 0)
		})
	}
}

// BenchmarkCompile is the cost of preparing a kernel of some 200 operations.
func BenchmarkCompile(b *testing.B) {
	f := irtest.Kernel(5, 40)
	n := 0
	f.Body.Walk(func(*ir.Instr) bool { n++; return true })
	b.ReportMetric(float64(n), "ops")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := simt.Compile(f); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCompileNative is the cost of machine code for the same.
func BenchmarkCompileNative(b *testing.B) {
	for _, isa := range isas(b) {
		for _, parts := range []int{1, 4} {
			b.Run(fmt.Sprintf("%sx%d", isa, parts), func(b *testing.B) {
				f := irtest.Kernel(5, 40)
				b.ReportAllocs()
				for b.Loop() {
					c, err := jit.CompileParts(f, isa, jit.Size{X: 64, Y: 1, Z: 1}, nil, parts)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(c.Size), "bytes")
					c.Free()
				}
			})
		}
	}
}
