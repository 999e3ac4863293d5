package texel

// sample2D is Sample of 2D textures and arrays of them, which most samples are
// of, without closures.
func (t *Texture) sample2D(s *SamplerState, c *Coord, lod float32) Color {
	filter, level, w := t.choose(s, lod)
	a := t.level2D(s, filter, c, level)
	if w > 0 {
		return mixColor(a, t.level2D(s, filter, c, level+1), w)
	}
	return a
}

func (t *Texture) level2D(s *SamplerState, filter Filter, c *Coord, level uint32) Color {
	l := &t.levels[level]
	base := l.Offset
	if t.Type == Type2DArray {
		base += int(min(c.Slice, uint32(t.Layers-1))) * t.slice
	}
	x, y := axis{c.S, c.Offset[0], l.Width, s.S}, axis{c.T, c.Offset[1], l.Height, s.T}
	if filter == FilterNearest {
		return t.at2D(s, l, base, &x, &y, x.nearest(s.Pixel), y.nearest(s.Pixel))
	}
	i, wx := x.linear(s.Pixel)
	j, wy := y.linear(s.Pixel)
	if uint(i) < uint(l.Width-1) && uint(j) < uint(l.Height-1) {
		// All four are inside.
		n := t.in.Size
		p := t.mem[base+j*l.Row+i*n:]
		q := p[l.Row:]
		a := mixColor(t.decode(p), t.decode(p[n:]), wx)
		return mixColor(a, mixColor(t.decode(q), t.decode(q[n:]), wx), wy)
	}
	a := mixColor(t.at2D(s, l, base, &x, &y, i, j), t.at2D(s, l, base, &x, &y, i+1, j), wx)
	b := mixColor(t.at2D(s, l, base, &x, &y, i, j+1), t.at2D(s, l, base, &x, &y, i+1, j+1), wx)
	return mixColor(a, b, wy)
}

// at2D returns texel (i, j) of a level that lies at base, or the border.
func (t *Texture) at2D(s *SamplerState, l *Level, base int, x, y *axis, i, j int) Color {
	var u, v uint32
	if !x.texel(i, &u) || !y.texel(j, &v) {
		return t.borderColor(s)
	}
	return t.decode(t.mem[base+int(v)*l.Row+int(u)*t.in.Size:])
}

// decode reads the texel at the start of p as kernels see it.
func (t *Texture) decode(p []byte) Color {
	c := t.in.DecodeColor(p)
	if !t.plain {
		c = t.swizzleColor(c)
	}
	return c
}
