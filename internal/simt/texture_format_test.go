package simt_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// texelKernel reads every texel of a texture of width 256, and the one behind each
// row, and writes what is in a buffer to another texture.
const texelKernel = `kernel "copy" {
	mem @0 "in" buffer device index 0 size 16 align 16
	mem @1 "out" buffer device index 1 size 16 align 16
	texture #0 "from" index 0 "2d %[2]s read"
	texture #1 "to" index 1 "2d %[2]s write"
	%%from = texture #0
	%%to = texture #1
	%%in = mem @0
	%%out = mem @1
	%%x = builtin thread_position_in_grid.x
	%%y = builtin thread_position_in_grid.y
	%%w = builtin threads_per_grid.x
	%%four = const i64 4
	%%r, %%g, %%b, %%a = tex.read %[1]s "2d" %%from, %%x, %%y -> %[1]s, %[1]s, %[1]s, %[1]s
	%%row = mul i32 %%y, %%w
	%%i = add i32 %%row, %%x
	%%j = zext i64 %%i
	%%off = shl i64 %%j, %%four
	%%p = load %[1]s device %%in[%%off + 0]
	%%q = load %[1]s device %%in[%%off + 4]
	%%s = load %[1]s device %%in[%%off + 8]
	%%t = load %[1]s device %%in[%%off + 12]
	store %[1]s device %%out[%%off + 0], %%r
	store %[1]s device %%out[%%off + 4], %%g
	store %[1]s device %%out[%%off + 8], %%b
	store %[1]s device %%out[%%off + 12], %%a
	tex.write %[1]s "2d" %%to, %%x, %%y, %%p, %%q, %%s, %%t
	yield
}`

// Texels of every format, of all bits that one of up to 16 bits can have, are read,
// and floats and integers with all kinds of rounding written, as package texel does.
func TestTextureFormats(t *testing.T) {
	for _, f := range texel.All() {
		textureFormat(t, f)
	}
}

func textureFormat(t *testing.T, f texel.Format) {
	in, _ := f.Info()
	w, h := 256, 9
	if in.Size == 2 && in.Class == texel.ClassFloat && !raceEnabled {
		h = 256
	}
	kind, class := "f32", "float"
	switch in.Class {
	case texel.ClassUint:
		kind, class = "i32", "uint"
	case texel.ClassSint:
		kind, class = "i32", "int"
	}
	kernel := optimised(t, fmt.Sprintf(texelKernel, kind, class))
	program, err := simt.Compile(kernel)
	require.NoError(t, err)
	to := f
	if !in.Write {
		to = texel.RGBA8Unorm
		if in.Class == texel.ClassUint {
			to = texel.RGBA8Uint
		}
	}
	shape := func(f texel.Format) texel.Shape {
		return texel.Shape{Type: texel.Type2D, Format: f, Width: w, Height: h, Depth: 1, Layers: 1, Levels: 1, Samples: 1}
	}
	run := func(do func(l *simt.Launch) *simt.Fault) (out []uint32, written []byte) {
		r := rand.New(rand.NewPCG(uint64(f), 1))
		s := shape(f)
		_, _, n := s.Layout()
		mem := make([]byte, n)
		for i := range n / in.Size {
			for k := range in.Size {
				if mem[i*in.Size+k] = byte(i >> (8 * k)); k > 1 {
					mem[i*in.Size+k] = byte(r.Uint32())
				}
			}
		}
		if in.Number() == texel.Float { // no NaNs, whose bits are anybody's
			for i := range n / in.Size {
				in.EncodeColor(mem[i*in.Size:], texel.Color{R: halfOf(i), G: float32(r.NormFloat64()), B: 7, A: -1})
			}
		}
		values := make([]uint32, (w+1)*(h+1)*4)
		for i := range values {
			values[i] = r.Uint32() >> r.IntN(32)
			if in.Class == texel.ClassFloat {
				x := float32(r.IntN(2050)-700) / 1020
				if r.IntN(8) == 0 {
					x = [...]float32{float32(math.Inf(1)), float32(math.Inf(-1)), 0x1p-25, 65520, 1e9, -0.5, 0x1.fffp-15, 0x1p-20, 0x1p-130, 511.5, 65408}[r.IntN(11)]
				}
				if r.IntN(64) == 0 && in.Number() != texel.Float {
					x = float32(math.NaN())
				}
				values[i] = math.Float32bits(x)
			}
		}
		s2 := shape(to)
		_, _, n = s2.Layout()
		written = make([]byte, n)
		out = make([]uint32, len(values))
		a, b := texel.New(s, mem), texel.New(s2, written)
		a.ID, b.ID = 1, 2
		l := &simt.Launch{Program: program, Grid: size(uint32(w+1), uint32(h+1), 1), Group: size(32, 2, 1), Mems: []simt.Binding{bound(values), bound(out)}, Workers: 1,
			Textures: []*texel.Texture{a, b}}
		require.Nil(t, do(l))
		return out, written
	}
	want, wantWritten := run(func(l *simt.Launch) *simt.Fault {
		fault, err := ref.Run(kernel, l)
		require.NoError(t, err)
		return fault
	})
	for name, force := range tiers(t) {
		t.Run(f.String()+"/"+name, func(t *testing.T) {
			defer force()()
			got, gotWritten := run(func(l *simt.Launch) *simt.Fault { return l.Run() })
			if !slices.Equal(want, got) {
				require.Equal(t, want, got)
			}
			require.True(t, bytes.Equal(wantWritten, gotWritten))
		})
	}
}

// halfOf returns the half with bits i, or one like it that is no NaN.
func halfOf(i int) float32 {
	x := ir.Widen(ir.F16, uint64(i&0xffff))
	if x != x {
		return 1
	}
	return x
}

// optimised returns a kernel as the engine is given it.
func optimised(t *testing.T, text string) *ir.Func {
	f, err := ir.Parse(text)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	opt.Run(f)
	return f
}
