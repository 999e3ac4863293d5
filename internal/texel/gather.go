package texel

// gathered calls f for the four texels that a linear sample of level 0 would
// mix, in Metal's order: counter-clockwise from the lower left, (0,1), (1,1),
// (1,0), (0,0) of the square.
func gathered[T any](t *Texture, s *SamplerState, c *Coord, f *sampled[T]) [4]T {
	level := uint32(max(min(s.ClampLOD(0), float32(t.Levels-1)), 0))
	l := &t.levels[level]
	var out [4]T
	order := [4][2]int{{0, 1}, {1, 1}, {1, 0}, {0, 0}}
	if t.Type.Cube() {
		first := 0
		if t.Type.Array() {
			first = 6 * int(min(c.Slice, uint32(t.Layers-1)))
		}
		side, u, v := face(float64(c.S), float64(c.T), float64(c.R))
		i, _ := (&axis{float32(u), c.Offset[0], l.Width, ClampToEdge}).linear(false)
		j, _ := (&axis{float32(v), c.Offset[1], l.Width, ClampToEdge}).linear(false)
		for k, d := range order {
			g, x, y := cubeTexel(side, i+d[0], j+d[1], l.Width)
			out[k] = f.fetch(&At{X: uint32(x), Y: uint32(y), Slice: uint32(first + g), Level: level})
		}
		return out
	}
	slice := uint32(0)
	if t.Type.Array() {
		slice = min(c.Slice, uint32(t.Layers-1))
	}
	x, y := axis{c.S, c.Offset[0], l.Width, s.S}, axis{c.T, c.Offset[1], l.Height, s.T}
	i, _ := x.linear(s.Pixel)
	j, _ := y.linear(s.Pixel)
	for k, d := range order {
		a := At{Slice: slice, Level: level}
		if x.texel(i+d[0], &a.X) && y.texel(j+d[1], &a.Y) {
			out[k] = f.fetch(&a)
		} else {
			out[k] = f.border
		}
	}
	return out
}

// Gather returns one channel of the four texels of a ClassFloat texture around
// c, in the order (0,1), (1,1), (1,0), (0,0).
func (t *Texture) Gather(s *SamplerState, c *Coord, component uint8) Color {
	f := sampled[Color]{fetch: t.color, border: t.borderColor(s)}
	v := gathered(t, s, c, &f)
	at := func(i int) float32 { return [4]float32{v[i].R, v[i].G, v[i].B, v[i].A}[component&3] }
	return Color{at(0), at(1), at(2), at(3)}
}

// GatherInts is Gather of a texture of integers.
func (t *Texture) GatherInts(s *SamplerState, c *Coord, component uint8) Ints {
	f := sampled[Ints]{fetch: t.ints, border: t.borderInts(s)}
	v := gathered(t, s, c, &f)
	at := func(i int) uint32 { return [4]uint32{v[i].R, v[i].G, v[i].B, v[i].A}[component&3] }
	return Ints{at(0), at(1), at(2), at(3)}
}

// GatherCompare compares ref with the four texels around c.
func (t *Texture) GatherCompare(s *SamplerState, c *Coord, ref float32) Color {
	ref = t.reference(ref)
	f := sampled[Color]{fetch: t.color, border: t.borderColor(s)}
	v := gathered(t, s, c, &f)
	at := func(i int) float32 { return compared(s.Compare, ref, v[i].R) }
	return Color{at(0), at(1), at(2), at(3)}
}
