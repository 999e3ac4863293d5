package texel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A refImage is a texture by its definition: a function from a texel's place to
// its value, in float64.
type refImage struct {
	t     *Texture
	texel func(x, y, z, slice, level int) float64
}

// wrap returns the texel that stands for i of n, or false for the border.
func wrap(mode Address, i, n int) (int, bool) {
	switch mode {
	case ClampToEdge:
		for i < 0 {
			i++
		}
		for i >= n {
			i--
		}
	case MirrorClampToEdge:
		if i < 0 {
			i = -i - 1
		}
		i = min(i, n-1)
	case Repeat:
		for i < 0 {
			i += n
		}
		i %= n
	case MirrorRepeat:
		for i < 0 {
			i += 2 * n
		}
		if i %= 2 * n; i >= n {
			i = 2*n - 1 - i
		}
	default:
		return i, i >= 0 && i < n
	}
	return i, true
}

// level samples one level: the sum of all texels near, each with the product of
// its tent weights.
func (im *refImage) level(s *SamplerState, linear bool, c [3]float64, off [3]int, slice, level int, border float64) float64 {
	l := im.t.Level(level)
	dims := [3]int{l.Width, l.Height, l.Depth}
	modes := [3]Address{s.S, s.T, s.R}
	n := im.t.Type.Coords()
	type tap struct {
		i  [3]int
		ok bool
		w  float64
	}
	taps := []tap{{ok: true, w: 1}}
	for d := range n {
		u := c[d]
		if !s.Pixel {
			u *= float64(dims[d])
		}
		var next []tap
		for _, t := range taps {
			if !linear {
				i, ok := wrap(modes[d], int(math.Floor(u))+off[d], dims[d])
				t.i[d], t.ok = i, t.ok && ok
				next = append(next, t)
				continue
			}
			base := math.Floor(u - 0.5)
			for k := range 2 {
				tt := t
				at := base + float64(k)
				tt.w *= 1 - math.Abs(u-0.5-at)
				i, ok := wrap(modes[d], int(at)+off[d], dims[d])
				tt.i[d], tt.ok = i, tt.ok && ok
				next = append(next, tt)
			}
		}
		taps = next
	}
	var sum float64
	for _, t := range taps {
		v := border
		if t.ok {
			v = im.texel(t.i[0], t.i[1], t.i[2], slice, level)
		}
		sum += t.w * v
	}
	return sum
}

func (im *refImage) sample(s *SamplerState, c [3]float64, off [3]int, slice int, lod, border float64) float64 {
	lod = math.Max(math.Min(lod+float64(s.Bias), float64(s.MaxLOD)), float64(s.MinLOD))
	linear := s.Min == FilterLinear
	if lod <= 0 {
		linear = s.Mag == FilterLinear
	}
	top := float64(im.t.Levels - 1)
	at := func(level float64) float64 {
		return im.level(s, linear, c, off, slice, int(math.Max(0, math.Min(level, top))), border)
	}
	switch s.Mip {
	case MipNearest:
		return at(math.Floor(lod + 0.5))
	case MipLinear:
		lo := math.Floor(math.Max(0, math.Min(lod, top)))
		w := math.Max(0, math.Min(lod, top)) - lo
		return at(lo)*(1-w) + at(lo+1)*w
	}
	return at(0)
}

// newImage makes a texture of R32Float with random texels.
func newImage(t testing.TB, r *rand.Rand, s Shape) *refImage {
	s.Format = R32Float
	require.NoError(t, s.Check())
	_, _, size := s.Layout()
	tex := New(s, make([]byte, size))
	for slice := range s.Slices() {
		for level := range s.Levels {
			w, h, d := s.LevelSize(level)
			for z := range d {
				for y := range h {
					for x := range w {
						tex.WriteColor(At{X: uint32(x), Y: uint32(y), Z: uint32(z), Slice: uint32(slice), Level: uint32(level)}, Color{R: r.Float32()})
					}
				}
			}
		}
	}
	return &refImage{tex, func(x, y, z, slice, level int) float64 {
		return float64(tex.ReadColor(At{X: uint32(x), Y: uint32(y), Z: uint32(z), Slice: uint32(slice), Level: uint32(level)}).R)
	}}
}

// close reports whether a coordinate is so near to where a choice is made that
// float32 and float64 may choose differently.
func nearChoice(v float64) bool {
	f := v - math.Floor(v)
	return f < 1e-3 || f > 1-1e-3
}

func TestSample(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	shapes := []Shape{
		{Type: Type1D, Width: 7, Height: 1, Depth: 1, Layers: 1, Levels: 1, Samples: 1},
		{Type: Type1DArray, Width: 5, Height: 1, Depth: 1, Layers: 3, Levels: 1, Samples: 1},
		{Type: Type2D, Width: 9, Height: 5, Depth: 1, Layers: 1, Levels: 4, Samples: 1},
		{Type: Type2D, Width: 1, Height: 1, Depth: 1, Layers: 1, Levels: 1, Samples: 1},
		{Type: Type2DArray, Width: 4, Height: 8, Depth: 1, Layers: 4, Levels: 3, Samples: 1},
		{Type: Type3D, Width: 4, Height: 3, Depth: 5, Layers: 1, Levels: 2, Samples: 1},
	}
	for _, shape := range shapes {
		im := newImage(t, r, shape)
		for range 4000 {
			s := SamplerState{Mag: Filter(r.IntN(2)), Min: Filter(r.IntN(2)), Mip: MipFilter(r.IntN(3)), S: Address(r.IntN(6)), T: Address(r.IntN(6)), R: Address(r.IntN(6)),
				Border: Border(r.IntN(3)), MaxLOD: math.MaxFloat32, MaxAniso: 1, Bias: float32(r.IntN(3)-1) / 4}
			if r.IntN(4) == 0 {
				s.MinLOD, s.MaxLOD = 0.3, 1.4
			}
			if r.IntN(5) == 0 {
				s.Pixel, s.Mip, s.S, s.T, s.R = true, MipNone, ClampToEdge, ClampToBorder, ClampToZero
			}
			c := Coord{S: r.Float32()*4 - 1.5, T: r.Float32()*4 - 1.5, R: r.Float32()*4 - 1.5, Slice: uint32(r.IntN(6))}
			if s.Pixel {
				c.S, c.T, c.R = c.S*4, c.T*4, c.R*4
			}
			var off [3]int
			for d := range shape.Type.Coords() {
				off[d] = r.IntN(5) - 2
				c.Offset[d] = int32(off[d])
			}
			lod := r.Float32()*5 - 1
			at := [3]float64{float64(c.S), float64(c.T), float64(c.R)}
			skip := nearChoice(float64(lod) + 0.5 + float64(s.Bias))
			for level := range shape.Levels {
				w, h, d := shape.LevelSize(level)
				for i, n := range [3]int{w, h, d} {
					u := at[i]
					if !s.Pixel {
						u *= float64(n)
					}
					skip = skip || i < shape.Type.Coords() && (nearChoice(u) || nearChoice(u-0.5))
				}
			}
			if skip {
				continue
			}
			border := 0.0
			if clampsToBorder := s.S == ClampToBorder || s.T == ClampToBorder || s.R == ClampToBorder; clampsToBorder && s.Border == OpaqueWhite {
				border = 1
			}
			slice := 0
			if shape.Type.Array() {
				slice = min(int(c.Slice), shape.Layers-1)
			}
			got := im.t.Sample(&s, &c, lod).R
			want := im.sample(&s, at, off, slice, float64(lod), border)
			require.InDelta(t, want, float64(got), 3e-5, "%v\n%v\n%+v lod %v", shape, s, c, lod)
		}
	}
}

// A uniform image stays uniform to the bit, whatever the weights.
func TestSampleOfOneColour(t *testing.T) {
	s := Shape{Type: Type2D, Format: RGBA16Float, Width: 8, Height: 8, Depth: 1, Layers: 1, Levels: 4, Samples: 1}
	_, _, size := s.Layout()
	tex := New(s, make([]byte, size))
	c := Color{0.1, 0.7, 3, 0.3}
	in := tex.Info()
	p := make([]byte, 8)
	in.EncodeColor(p, c)
	c = in.DecodeColor(p)
	for level := range 4 {
		w, h, _ := s.LevelSize(level)
		for i := range w * h {
			tex.WriteColor(At{X: uint32(i % w), Y: uint32(i / w), Level: uint32(level)}, c)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	state := SamplerState{Mag: FilterLinear, Min: FilterLinear, Mip: MipLinear, S: Repeat, T: MirrorRepeat, MaxLOD: 100}
	for range 1000 {
		require.Equal(t, c, tex.Sample(&state, &Coord{S: r.Float32() * 3, T: r.Float32() * 3}, r.Float32()*4))
	}
}

func TestSampleOddCoordinates(t *testing.T) {
	im := newImage(t, rand.New(rand.NewPCG(1, 2)), Shape{Type: Type2D, Width: 3, Height: 3, Depth: 1, Layers: 1, Levels: 2, Samples: 1})
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, x := range []float32{inf, -inf, nan, 1e30, -1e30, math.MaxFloat32} {
		for mode := range numAddresses {
			for _, filter := range []Filter{FilterNearest, FilterLinear} {
				s := SamplerState{Mag: filter, Min: filter, Mip: MipLinear, S: mode, T: mode, MaxLOD: 100}
				for _, lod := range []float32{0, x} {
					v := im.t.Sample(&s, &Coord{S: x, T: x}, lod).R
					require.False(t, v != v || v < 0 || v > 1, "%v %v of %v", mode, filter, x)
				}
			}
		}
	}
}

func TestCompare(t *testing.T) {
	s := Shape{Type: Type2D, Format: Depth32Float, Width: 2, Height: 2, Depth: 1, Layers: 1, Levels: 1, Samples: 1}
	_, _, size := s.Layout()
	tex := New(s, make([]byte, size))
	for i, d := range []float32{0.25, 0.5, 0.75, 0.5} {
		tex.WriteColor(At{X: uint32(i % 2), Y: uint32(i / 2)}, Color{R: d})
	}
	// In the middle of the four, a linear filter takes a quarter of each.
	for f, want := range map[Compare]float32{Never: 0, Less: 0.25, Equal: 0.5, LessEqual: 0.75, Greater: 0.25, NotEqual: 0.5, GreaterEqual: 0.75, Always: 1} {
		state := SamplerState{Mag: FilterLinear, Compare: f, MaxLOD: 1}
		require.Equal(t, want, tex.SampleCompare(&state, &Coord{S: 0.5, T: 0.5}, 0.5, 0), f.String())
		one := func(x float32) float32 {
			switch f {
			case Less:
				return b2f(0.5 < x)
			case Equal:
				return b2f(0.5 == x)
			case LessEqual:
				return b2f(0.5 <= x)
			case Greater:
				return b2f(0.5 > x)
			case NotEqual:
				return b2f(0.5 != x)
			case GreaterEqual:
				return b2f(0.5 >= x)
			}
			return b2f(f == Always)
		}
		require.Equal(t, Color{one(0.75), one(0.5), one(0.5), one(0.25)}, tex.GatherCompare(&state, &Coord{S: 0.5, T: 0.5}, 0.5))
	}
}

func b2f(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// Gather takes the four texels that a linear sample mixes, from the lower left
// counter-clockwise.
func TestGather(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	im := newImage(t, r, Shape{Type: Type2D, Width: 5, Height: 4, Depth: 1, Layers: 1, Levels: 1, Samples: 1})
	for range 1000 {
		s := SamplerState{S: Address(r.IntN(4)), T: Address(r.IntN(4)), MaxLOD: 1}
		c := Coord{S: r.Float32()*3 - 1, T: r.Float32()*3 - 1, Offset: [3]int32{int32(r.IntN(3) - 1), 1}}
		u, v := float64(c.S)*5-0.5, float64(c.T)*4-0.5
		if nearChoice(u) || nearChoice(v) {
			continue
		}
		at := func(dx, dy int) float32 {
			x, _ := wrap(s.S, int(math.Floor(u))+int(c.Offset[0])+dx, 5)
			y, _ := wrap(s.T, int(math.Floor(v))+int(c.Offset[1])+dy, 4)
			return float32(im.texel(x, y, 0, 0, 0))
		}
		require.Equal(t, Color{at(0, 1), at(1, 1), at(1, 0), at(0, 0)}, im.t.Gather(&s, &c, 0))
	}
}

func TestGradientLOD(t *testing.T) {
	tex := newImage(t, rand.New(rand.NewPCG(1, 1)), Shape{Type: Type2D, Width: 64, Height: 16, Depth: 1, Layers: 1, Levels: 7, Samples: 1}).t
	s := DefaultSampler()
	for _, c := range []struct {
		dx, dy [3]float32
		want   float32
	}{
		{[3]float32{1.0 / 64}, [3]float32{0, 1.0 / 16}, 0},
		{[3]float32{4.0 / 64}, [3]float32{0, 1.0 / 16}, 2},
		{[3]float32{1.0 / 64}, [3]float32{0, 8.0 / 16}, 3},
		{[3]float32{3.0 / 64, 4.0 / 16}, [3]float32{}, float32(math.Log2(5))},
	} {
		require.InDelta(t, c.want, tex.Footprint(&s, &Coord{}, c.dx, c.dy).LOD, 1e-6)
	}
	// Of a cube: a step of one texel on a face.
	cube := newImage(t, rand.New(rand.NewPCG(1, 1)), Shape{Type: TypeCube, Width: 32, Height: 32, Depth: 1, Layers: 1, Levels: 6, Samples: 1}).t
	for _, d := range [][3]float32{{1, 0, 0}, {-2, 0, 0}, {0, 3, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}} {
		scale := max(abs(d[0]), abs(d[1]), abs(d[2]))
		step := [3]float32{scale * 2 / 32, scale * 2 / 32, scale * 2 / 32}
		for i := range d {
			if d[i] != 0 {
				step[i] = 0
			}
		}
		require.InDelta(t, 0.5, cube.Footprint(&s, &Coord{S: d[0], T: d[1], R: d[2]}, step, [3]float32{}).LOD, 1e-5, fmt.Sprint(d))
	}
}

// TestAnisotropy compares a sample over a long footprint with the mean of the
// samples along it, reckoned in float64.
func TestAnisotropy(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	im := newImage(t, r, Shape{Type: Type2D, Width: 64, Height: 32, Depth: 1, Layers: 1, Levels: 6, Samples: 1})
	for range 500 {
		s := DefaultSampler()
		s.Min, s.Mag, s.Mip = FilterLinear, FilterLinear, MipLinear
		s.S, s.T = Repeat, Repeat
		s.MaxAniso = uint8(1 + r.IntN(16))
		c := Coord{S: r.Float32(), T: r.Float32()}
		d := [2][3]float32{{r.Float32() / 4, r.Float32() / 64}, {r.Float32() / 64, -r.Float32() / 64}}
		k := r.IntN(2) // the longer is either
		f := im.t.Footprint(&s, &c, d[k], d[1-k])
		long, short := math.Hypot(float64(d[0][0])*64, float64(d[0][1])*32), math.Hypot(float64(d[1][0])*64, float64(d[1][1])*32)
		step := d[0]
		if long < short {
			long, short, step = short, long, d[1]
		}
		n := math.Min(math.Ceil(long/short), float64(s.MaxAniso))
		require.Equal(t, int(n), f.Samples)
		lod := math.Log2(long / n)
		require.InDelta(t, lod, f.LOD, 1e-6)
		var want float64
		for i := 1.0; i <= n; i++ {
			w := i/(n+1) - 0.5
			want += im.sample(&s, [3]float64{float64(c.S) + w*float64(step[0]), float64(c.T) + w*float64(step[1])}, [3]int{}, 0, lod, 0) / n
		}
		require.InDelta(t, want, im.t.SampleOver(&s, &c, &f).R, 1e-3)
	}
	// Derivatives that are nothing, infinite or no numbers take one sample.
	s := DefaultSampler()
	s.MaxAniso = 16
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, d := range [][2][3]float32{{}, {{inf}, {1}}, {{nan}, {1}}, {{1}, {nan}}, {{inf}, {inf}}} {
		f := im.t.Footprint(&s, &Coord{}, d[0], d[1])
		require.Equal(t, 1, f.Samples)
		im.t.SampleOver(&s, &Coord{}, &f)
	}
	f := im.t.Footprint(&s, &Coord{}, [3]float32{1}, [3]float32{})
	require.Equal(t, 16, f.Samples)
}

func abs(x float32) float32 { return max(x, -x) }
