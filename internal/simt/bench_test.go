package simt_test

import (
	"testing"

	"github.com/aruminium-go/aruminium/internal/simt"
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
