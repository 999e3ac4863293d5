package texel

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShapeCheck(t *testing.T) {
	good := Shape{Type: Type2D, Format: RGBA8Unorm, Width: 4, Height: 4, Depth: 1, Layers: 1, Levels: 1, Samples: 1}
	require.NoError(t, good.Check())
	for _, c := range []struct {
		name string
		edit func(s *Shape)
		want string
	}{
		{"no format", func(s *Shape) { s.Format = 2 }, "pixel format 2 is not supported"},
		{"no width", func(s *Shape) { s.Width = 0 }, "the width of a texture of type 2d is 1 to 16384, not 0"},
		{"too high", func(s *Shape) { s.Height = 16385 }, "the height"},
		{"a depth", func(s *Shape) { s.Depth = 2 }, "the depth of a texture of type 2d is 1 to 1"},
		{"layers", func(s *Shape) { s.Layers = 2 }, "the array length of a texture of type 2d is 1 to 1"},
		{"levels", func(s *Shape) { s.Levels = 4 }, "has 1 to 3 mipmap levels, not 4"},
		{"samples", func(s *Shape) { s.Samples = 4 }, "has 1 sample, not 4"},
		{"one sample", func(s *Shape) { s.Type = Type2DMultisample }, "has 2, 4 or 8 samples, not 1"},
		{"no cube", func(s *Shape) { s.Type, s.Width = TypeCube, 5 }, "the faces of a cube are square"},
		{"no type", func(s *Shape) { s.Type = NumTypes }, "no texture type"},
		{"depth 3d", func(s *Shape) { s.Type, s.Format = Type3D, Depth32Float }, "cannot have the format Depth32Float"},
		{"large 3d", func(s *Shape) { s.Type, s.Width = Type3D, 2049 }, "1 to 2048"},
		{"1d mips", func(s *Shape) { s.Type, s.Height, s.Levels = Type1D, 1, 2 }, "1 to 1 mipmap levels"},
	} {
		s := good
		c.edit(&s)
		require.ErrorContains(t, s.Check(), c.want, c.name)
	}
}

// Every texel of every level, slice and sample has bytes of its own, and what
// is outside of the texture has none.
func TestLayout(t *testing.T) {
	for _, s := range []Shape{
		{Type: Type2DArray, Format: RG8Uint, Width: 5, Height: 3, Depth: 1, Layers: 3, Levels: 3, Samples: 1},
		{Type: Type3D, Format: R16Uint, Width: 3, Height: 4, Depth: 5, Layers: 1, Levels: 2, Samples: 1},
		{Type: TypeCubeArray, Format: R32Uint, Width: 3, Height: 3, Depth: 1, Layers: 2, Levels: 2, Samples: 1},
		{Type: Type2DMultisample, Format: R32Uint, Width: 3, Height: 2, Depth: 1, Layers: 1, Levels: 1, Samples: 4},
	} {
		require.NoError(t, s.Check())
		_, _, size := s.Layout()
		tex := New(s, make([]byte, size))
		seen := map[*byte]bool{}
		each := func(f func(a At)) {
			for slice := range s.Slices() {
				for level := range s.Levels {
					w, h, d := s.LevelSize(level)
					for z := range d {
						for y := range h {
							for x := range w {
								for sample := range s.Samples {
									f(At{uint32(x), uint32(y), uint32(z), uint32(slice), uint32(sample), uint32(level)})
								}
							}
						}
					}
				}
			}
		}
		each(func(a At) {
			p := tex.Word(a)
			require.Len(t, p, s.Format.Size())
			for i := range p {
				require.False(t, seen[&p[i]], "%v", a)
				seen[&p[i]] = true
			}
		})
		w, h, d := s.LevelSize(0)
		for _, a := range []At{{X: uint32(w)}, {Y: uint32(h)}, {Z: uint32(d)}, {Slice: uint32(s.Slices())}, {Sample: uint32(s.Samples)}, {Level: uint32(s.Levels)}, {X: 1 << 31}, {Slice: 1<<32 - 1}} {
			require.Nil(t, tex.Word(a))
			require.Zero(t, tex.ReadInts(a))
			tex.WriteInts(a, Ints{1, 2, 3, 4}) // is dropped
		}
		n := uint32(0)
		each(func(a At) { n++; tex.WriteInts(a, Ints{R: n & 0xff}) })
		n = 0
		each(func(a At) { n++; require.Equal(t, n&0xff, tex.ReadInts(a).R) })
	}
}

// The last row of a linear texture is no longer than its texels.
func TestLinear(t *testing.T) {
	s := Shape{Type: Type2D, Format: R8Uint, Width: 3, Height: 2, Depth: 1, Layers: 1, Levels: 1, Samples: 1}
	tex := Linear(s, []byte{1, 2, 3, 99, 99, 4, 5, 6}, 5)
	require.Equal(t, Ints{R: 6, A: 1}, tex.ReadInts(At{X: 2, Y: 1}))
	require.Len(t, tex.Bytes(0, 0), 8)
	view, err := tex.View(Type2D, R8Uint, 0, 1, 0, 1, Swizzle{})
	require.NoError(t, err)
	require.Equal(t, Ints{R: 4, A: 1}, view.ReadInts(At{Y: 1}))
}

func TestView(t *testing.T) {
	s := Shape{Type: Type2DArray, Format: RGBA8Unorm, Width: 8, Height: 8, Depth: 1, Layers: 7, Levels: 4, Samples: 1}
	_, _, size := s.Layout()
	mem := make([]byte, size)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range mem {
		mem[i] = byte(r.Uint32())
	}
	tex := New(s, mem)
	v, err := tex.View(TypeCube, RGBA8Uint, 1, 2, 1, 6, Swizzle{Blue, One, Zero, Same})
	require.NoError(t, err)
	require.Equal(t, 4, v.Width)
	require.Equal(t, 1, v.Layers)
	for face := range uint32(6) {
		p := tex.Word(At{X: 1, Y: 0, Slice: face + 1, Level: 2})
		require.Equal(t, Ints{uint32(p[2]), 1, 0, uint32(p[3])}, v.ReadInts(At{X: 1, Y: 0, Slice: face, Level: 1}))
	}
	// A swizzle of a swizzle.
	w, err := v.View(Type2D, RGBA8Uint, 0, 1, 3, 1, Swizzle{Alpha, Red, Green, Blue})
	require.NoError(t, err)
	p := tex.Word(At{X: 3, Y: 3, Slice: 4, Level: 1})
	require.Equal(t, Ints{uint32(p[3]), uint32(p[2]), 1, 0}, w.ReadInts(At{X: 3, Y: 3}))
	for _, c := range []struct {
		kind                         Type
		f                            Format
		level, levels, slice, slices int
		want                         string
	}{
		{Type2DArray, R8Unorm, 0, 1, 0, 1, "its texels have 1 bytes, not 4"},
		{Type2DArray, RGBA8Unorm, 3, 2, 0, 1, "levels 3 to 4"},
		{Type2DArray, RGBA8Unorm, 0, 1, 6, 2, "slices 6 to 7"},
		{Type3D, RGBA8Unorm, 0, 1, 0, 1, "cannot have type 3d"},
		{TypeCube, RGBA8Unorm, 0, 1, 0, 5, "multiple of six"},
		{Type2D, RGBA8Unorm, 0, 1, 0, 2, "takes one slice"},
	} {
		_, err := tex.View(c.kind, c.f, c.level, c.levels, c.slice, c.slices, Swizzle{})
		require.ErrorContains(t, err, c.want)
	}
}

// Mipmaps keep the mean of an image, also of odd sizes, and halve a checkerboard
// to grey.
func TestGenerateMipmaps(t *testing.T) {
	for _, size := range [][3]int{{8, 8, 1}, {5, 3, 1}, {7, 1, 1}, {6, 5, 3}} {
		s := Shape{Type: Type2D, Format: RGBA32Float, Width: size[0], Height: size[1], Depth: size[2], Layers: 1, Levels: 1, Samples: 1}
		if size[2] > 1 {
			s.Type = Type3D
		}
		s.Levels = s.MaxLevels()
		_, _, n := s.Layout()
		tex := New(s, make([]byte, n))
		r := rand.New(rand.NewPCG(1, 1))
		mean := 0.0
		for z := range size[2] {
			for y := range size[1] {
				for x := range size[0] {
					v := r.Float32()
					mean += float64(v)
					tex.WriteColor(At{X: uint32(x), Y: uint32(y), Z: uint32(z)}, Color{v, 1 - v, 0, 1})
				}
			}
		}
		mean /= float64(size[0] * size[1] * size[2])
		tex.GenerateMipmaps()
		c := tex.ReadColor(At{Level: uint32(s.Levels - 1)})
		require.InDelta(t, mean, c.R, 1e-6)
		require.InDelta(t, 1-mean, c.G, 1e-6)
		require.EqualValues(t, 1, c.A)
	}
	// In linear light.
	s := Shape{Type: Type2D, Format: R8UnormSRGB, Width: 2, Height: 1, Depth: 1, Layers: 1, Levels: 2, Samples: 1}
	_, _, n := s.Layout()
	tex := New(s, make([]byte, n))
	tex.Word(At{})[0] = 255
	tex.GenerateMipmaps()
	require.EqualValues(t, 188, tex.Word(At{Level: 1})[0])
}

func TestSamplerText(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		s := SamplerState{Mag: Filter(r.IntN(2)), Min: Filter(r.IntN(2)), Mip: MipFilter(r.IntN(3)), S: Address(r.IntN(6)), T: Address(r.IntN(6)), R: Address(r.IntN(6)),
			Border: Border(r.IntN(3)), Pixel: r.IntN(2) == 0, Compare: Compare(r.IntN(8)), Reduction: Reduction(r.IntN(3)), MinLOD: r.Float32(), MaxLOD: r.Float32() * 10, MaxAniso: uint8(1 + r.IntN(16)), Bias: r.Float32()}
		got, err := ParseSampler(s.String())
		require.NoError(t, err)
		require.Equal(t, s, got)
	}
	for _, bad := range []string{"mag=cubic", "x", "lod=1", "aniso=-1", "s="} {
		_, err := ParseSampler(bad)
		require.Error(t, err, bad)
	}
}

func TestSamplerCheck(t *testing.T) {
	good := DefaultSampler()
	require.NoError(t, good.Check())
	for want, edit := range map[string]func(s *SamplerState){
		"filter":            func(s *SamplerState) { s.Mag = 2 },
		"address mode":      func(s *SamplerState) { s.R = 6 },
		"border colour":     func(s *SamplerState) { s.Border = 3 },
		"anisotropy":        func(s *SamplerState) { s.MaxAniso = 17 },
		"level of detail":   func(s *SamplerState) { s.MinLOD = -1 },
		"neither repeat":    func(s *SamplerState) { s.Pixel, s.S = true, Repeat },
		"no mipmap filter":  func(s *SamplerState) { s.Pixel, s.Mip = true, MipLinear },
		"bias of the level": func(s *SamplerState) { s.Bias = 20 },
	} {
		s := good
		edit(&s)
		require.ErrorContains(t, s.Check(), want)
	}
}
