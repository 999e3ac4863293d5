package simt_test

import (
	"math/rand/v2"
	"os"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// parse reads a kernel in text form.
func parse(t testing.TB, text string) *ir.Func {
	t.Helper()
	f, err := ir.Parse(text)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	return f
}

// compile reads and compiles a kernel in text form.
func compile(t testing.TB, text string) *simt.Program {
	t.Helper()
	p, err := simt.Compile(parse(t, text))
	require.NoError(t, err)
	return p
}

// load compiles a kernel of testdata.
func load(t testing.TB, name string) *simt.Program {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".ir")
	require.NoError(t, err)
	return compile(t, string(text))
}

// bound binds all of s.
func bound[T any](s []T) simt.Binding {
	var x T
	return simt.Binding{Ptr: unsafe.Pointer(unsafe.SliceData(s)), Len: int64(len(s)) * int64(unsafe.Sizeof(x))}
}

func floats(n int) []float32 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	s := make([]float32, n)
	for i := range s {
		s[i] = r.Float32()*2 - 1
	}
	return s
}

func TestSaxpy(t *testing.T) {
	p := load(t, "saxpy")
	for _, n := range []uint32{1, 2, 31, 32, 63, 64, 65, 1000, 100_000} {
		for _, group := range []uint32{1, 7, 32, 64, 100, 256, 1023, 1024} {
			x, y := floats(int(n)), floats(int(n))
			want := make([]float32, n)
			for i := range want {
				want[i] = float32(0.5*x[i]) + y[i]
			}
			l := simt.Launch{Program: p, Grid: size(n, 1, 1), Group: size(group, 1, 1),
				Mems: []simt.Binding{bound(x), bound(y), bound([]float32{0.5})}}
			require.Nil(t, l.Run())
			require.Equal(t, want, y)
		}
	}
}

func matmul(a, b []float32, n int) []float32 {
	c := make([]float32, n*n)
	for i := range n {
		for j := range n {
			s := float32(0)
			for k := range n {
				s += float32(a[i*n+k] * b[k*n+j])
			}
			c[i*n+j] = s
		}
	}
	return c
}

func TestMatmul(t *testing.T) {
	for _, name := range []string{"matmul", "tiled"} {
		p := load(t, name)
		for _, n := range []uint32{16, 48, 80} {
			a, b, c := floats(int(n*n)), floats(int(n*n + 1))[1:], make([]float32, n*n)
			l := simt.Launch{Program: p, Grid: size(n, n, 1), Group: size(16, 16, 1),
				Mems: []simt.Binding{bound(a), bound(b), bound(c), bound([]uint32{n}), {}, {}}[:len(p.Mems())]}
			require.Nil(t, l.Run())
			require.Equal(t, matmul(a, b, int(n)), c)
			if name == "tiled" {
				continue
			}
			for _, g := range []simt.Size{{5, 3, 1}, {32, 32, 1}, {1, 64, 1}, {64, 1, 1}} {
				clear(c)
				// More threads than there is work: the kernel's own test counts.
				l.Grid, l.Group = size(n+5, n+3, 1), g
				require.Nil(t, l.Run())
				require.Equal(t, matmul(a, b, int(n)), c)
			}
		}
	}
}

func TestReduce(t *testing.T) {
	p := load(t, "reduce")
	in, out := make([]float32, 256*50), make([]float32, 50)
	for i := range in {
		in[i] = float32(i % 1000)
	}
	l := simt.Launch{Program: p, Grid: size(uint32(len(in)), 1, 1), Group: size(256, 1, 1), Mems: []simt.Binding{bound(in), bound(out), {}}}
	require.Nil(t, l.Run())
	for g := range out {
		want := float32(0)
		for _, x := range in[g*256:][:256] {
			want += x
		}
		require.Equal(t, want, out[g])
	}
}

func mandelbrot(w int) []int32 {
	out := make([]int32, w*w)
	for y := range w {
		for x := range w {
			cx, cy := float32(x)*3/float32(w)-2, float32(y)*3/float32(w)-1.5
			var zx, zy float32
			n := int32(0)
			for ; n < 256; n++ {
				xx, yy := zx*zx, zy*zy
				if float32(xx)+float32(yy) > 4 {
					break
				}
				xy := float32(zx*zy) * 2
				zx = float32(float32(xx)-float32(yy)) + cx
				zy = float32(xy) + cy
			}
			out[y*w+x] = n
		}
	}
	return out
}

func TestMandelbrot(t *testing.T) {
	p := load(t, "mandelbrot")
	for _, w := range []uint32{17, 128} {
		out := make([]int32, w*w)
		l := simt.Launch{Program: p, Grid: size(w, w, 1), Group: size(16, 16, 1), Mems: []simt.Binding{bound(out), bound([]uint32{w})}}
		require.Nil(t, l.Run())
		require.Equal(t, mandelbrot(int(w)), out)
	}
}

func size(x, y, z uint32) simt.Size { return simt.Size{X: x, Y: y, Z: z} }
