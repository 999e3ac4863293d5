package texel

import "math"

// A Coord is where a texture is sampled.
type Coord struct {
	S, T, R float32
	Slice   uint32   // of an array; one too large is the last
	Offset  [3]int32 // in texels of the level sampled
}

// SampleOver reads what a footprint around c covers of a ClassFloat texture.
func (t *Texture) SampleOver(s *SamplerState, c *Coord, f *Footprint) Color {
	if f.Samples <= 1 {
		return t.Sample(s, c, f.LOD)
	}
	mix := mixColor
	switch s.Reduction {
	case Minimum:
		mix = minColor
	case Maximum:
		mix = maxColor
	}
	return mean(f, c, func(c *Coord) Color { return t.Sample(s, c, f.LOD) }, mix)
}

// CompareOver is SampleCompare of what a footprint around c covers.
func (t *Texture) CompareOver(s *SamplerState, c *Coord, ref float32, f *Footprint) float32 {
	if f.Samples <= 1 {
		return t.SampleCompare(s, c, ref, f.LOD)
	}
	return mean(f, c, func(c *Coord) float32 { return t.SampleCompare(s, c, ref, f.LOD) }, mix)
}

// Sample reads a ClassFloat texture at c with the level of detail lod, before
// the sampler clamps it.
func (t *Texture) Sample(s *SamplerState, c *Coord, lod float32) Color {
	if (t.Type == Type2D || t.Type == Type2DArray) && s.Reduction == WeightedAverage {
		return t.sample2D(s, c, lod)
	}
	f := sampled[Color]{t: t, s: s, fetch: t.color, border: t.borderColor(s), mix: mixColor}
	switch s.Reduction {
	case Minimum:
		f.mix = minColor
	case Maximum:
		f.mix = maxColor
	}
	return f.sample(c, lod)
}

// SampleInts is Sample of a texture of integers, of which linear filters take
// the nearest texel.
func (t *Texture) SampleInts(s *SamplerState, c *Coord, lod float32) Ints {
	near := *s
	near.Mag, near.Min, near.Mip = FilterNearest, FilterNearest, min(s.Mip, MipNearest)
	f := sampled[Ints]{t: t, s: &near, fetch: t.ints, border: t.borderInts(s)}
	return f.sample(c, lod)
}

// SampleCompare compares ref with each texel that a filter reads and filters
// the outcomes, 1 for true.
func (t *Texture) SampleCompare(s *SamplerState, c *Coord, ref, lod float32) float32 {
	ref = t.reference(ref)
	fetch := func(a *At) float32 { return compared(s.Compare, ref, t.color(a).R) }
	f := sampled[float32]{t: t, s: s, fetch: fetch, border: compared(s.Compare, ref, t.borderColor(s).R), mix: mix}
	return f.sample(c, lod)
}

// reference clamps a reference to what a format can hold.
func (t *Texture) reference(ref float32) float32 {
	if t.in.num == Unorm {
		return max(min(ref, 1), 0)
	}
	return ref
}

func compared(c Compare, ref, x float32) float32 {
	ok := false
	switch c {
	case Less:
		ok = ref < x
	case Equal:
		ok = ref == x
	case LessEqual:
		ok = ref <= x
	case Greater:
		ok = ref > x
	case NotEqual:
		ok = ref != x
	case GreaterEqual:
		ok = ref >= x
	case Always:
		ok = true
	}
	if ok {
		return 1
	}
	return 0
}

// sampled is a sample under way, of texels of type T.
type sampled[T any] struct {
	t      *Texture
	s      *SamplerState
	fetch  func(*At) T
	border T
	mix    func(a, b T, w float32) T // nil if every filter takes the nearest
}

func (f *sampled[T]) sample(c *Coord, lod float32) T {
	filter, level, w := f.t.choose(f.s, lod)
	a := f.level(filter, c, level)
	if w > 0 {
		return f.mix(a, f.level(filter, c, level+1), w)
	}
	return a
}

// choose returns the filter and the level for a level of detail, and how much
// of the level after it is mixed in.
func (t *Texture) choose(s *SamplerState, lod float32) (filter Filter, level uint32, w float32) {
	lod = s.ClampLOD(lod)
	filter = s.Min
	if lod <= 0 {
		filter = s.Mag
	}
	if s.Mip == MipNone {
		return filter, 0, 0
	}
	top := float32(t.Levels - 1)
	if s.Mip == MipNearest {
		return filter, uint32(max(min(floor32(lod+0.5), top), 0)), 0
	}
	lod = max(min(lod, top), 0)
	lo := floor32(lod)
	return filter, uint32(lo), lod - lo
}

// ClampLOD returns the level of detail as a sampler clamps it; NaN is 0.
func (s *SamplerState) ClampLOD(lod float32) float32 {
	if lod != lod {
		lod = 0
	}
	return max(min(lod+s.Bias, s.MaxLOD), s.MinLOD)
}

func floor32(x float32) float32 { return float32(math.Floor(float64(x))) }

// level samples one level.
func (f *sampled[T]) level(filter Filter, c *Coord, level uint32) T {
	t := f.t
	if t.Type.Cube() {
		return f.cube(filter, c, level)
	}
	l := &t.levels[level]
	slice := uint32(0)
	if t.Type.Array() {
		slice = min(c.Slice, uint32(t.Layers-1))
	}
	axes := [3]axis{{c.S, c.Offset[0], l.Width, f.s.S}, {c.T, c.Offset[1], l.Height, f.s.T}, {c.R, c.Offset[2], l.Depth, f.s.R}}
	n := t.Type.Coords()
	get := func(i, j, k int) T {
		a := At{Slice: slice, Level: level}
		ok := axes[0].texel(i, &a.X)
		if n > 1 {
			ok = axes[1].texel(j, &a.Y) && ok
		}
		if n > 2 {
			ok = axes[2].texel(k, &a.Z) && ok
		}
		if !ok {
			return f.border
		}
		return f.fetch(&a)
	}
	var at [3]int
	var w [3]float32
	if filter == FilterNearest || f.mix == nil {
		for i := range n {
			at[i] = axes[i].nearest(f.s.Pixel)
		}
		return get(at[0], at[1], at[2])
	}
	for i := range n {
		at[i], w[i] = axes[i].linear(f.s.Pixel)
	}
	row := func(j, k int) T {
		a, b := get(at[0], j, k), get(at[0]+1, j, k)
		return f.mix(a, b, w[0])
	}
	plane := func(k int) T {
		a := row(at[1], k)
		if n == 1 {
			return a
		}
		return f.mix(a, row(at[1]+1, k), w[1])
	}
	a := plane(at[2])
	if n < 3 {
		return a
	}
	return f.mix(a, plane(at[2]+1), w[2])
}

// An axis is a coordinate and what it is a coordinate of.
type axis struct {
	x      float32
	offset int32
	n      int // texels
	mode   Address
}

// unnormalised returns the coordinate in texels.
func (x *axis) unnormalised(pixel bool) float32 {
	if pixel {
		return x.x
	}
	return x.x * float32(x.n)
}

// place turns a coordinate into the index of a texel and the rest, keeping far
// away ones within what an int can count.
func place(u float32) (int, float32) {
	const far = 1 << 30
	if u != u {
		u = 0
	}
	f := floor32(u)
	return int(max(min(f, far), -far)), u - f
}

func (x *axis) nearest(pixel bool) int {
	i, _ := place(x.unnormalised(pixel))
	return i + int(x.offset)
}

func (x *axis) linear(pixel bool) (int, float32) {
	i, w := place(x.unnormalised(pixel) - 0.5)
	if w != w { // of an infinite coordinate
		w = 0
	}
	return i + int(x.offset), w
}

// texel sets *p to the texel that stands for texel i of the axis. It reports
// false where that is the border.
func (x *axis) texel(i int, p *uint32) bool {
	n := x.n
	if uint(i) < uint(n) {
		*p = uint32(i)
		return true
	}
	switch x.mode {
	case ClampToZero, ClampToBorder:
		return false
	case Repeat:
		i = modulo(i, n)
	case MirrorRepeat:
		i = modulo(i, 2*n)
		i = min(i, 2*n-1-i)
	case MirrorClampToEdge:
		if i < 0 {
			i = -1 - i
		}
	}
	*p = uint32(max(min(i, n-1), 0))
	return true
}

func modulo(i, n int) int {
	if i %= n; i < 0 {
		i += n
	}
	return i
}

// color reads a texel that is there.
func (t *Texture) color(a *At) Color {
	c := t.in.DecodeColor(t.find(a))
	if !t.plain {
		c = t.swizzleColor(c)
	}
	return c
}

func (t *Texture) ints(a *At) Ints {
	c := t.in.DecodeInts(t.find(a))
	if !t.plain {
		c = t.swizzleInts(c)
	}
	return c
}

// borderColor is the colour outside of the image.
func (t *Texture) borderColor(s *SamplerState) Color { return t.in.BorderColor(s) }

// BorderColor is the colour outside of images of the format: for ClampToZero
// transparent zero, opaque if the format has no alpha.
func (in *Info) BorderColor(s *SamplerState) Color {
	border := s.Border
	if s.S != ClampToBorder && s.T != ClampToBorder && s.R != ClampToBorder {
		border = TransparentBlack
		if !in.HasAlpha {
			border = OpaqueBlack
		}
	}
	switch border {
	case OpaqueBlack:
		return Color{A: 1}
	case OpaqueWhite:
		return Color{1, 1, 1, 1}
	}
	return Color{}
}

func (t *Texture) borderInts(s *SamplerState) Ints {
	c := t.borderColor(s)
	return Ints{uint32(c.R), uint32(c.G), uint32(c.B), uint32(c.A)}
}

// mix interpolates. The conversion keeps the product from being fused.
func mix(a, b, w float32) float32 { return a + float32(w*(b-a)) }

func mixColor(a, b Color, w float32) Color {
	return Color{mix(a.R, b.R, w), mix(a.G, b.G, w), mix(a.B, b.B, w), mix(a.A, b.A, w)}
}

// minColor and maxColor are the reductions: of two texels that both count the
// smaller, and the larger.
func minColor(a, b Color, w float32) Color {
	if w == 0 {
		return a
	}
	return Color{min(a.R, b.R), min(a.G, b.G), min(a.B, b.B), min(a.A, b.A)}
}

func maxColor(a, b Color, w float32) Color {
	if w == 0 {
		return a
	}
	return Color{max(a.R, b.R), max(a.G, b.G), max(a.B, b.B), max(a.A, b.A)}
}
