package texel

// At names a texel: X, Y and Z on a level of a slice. Of a cube the slice is
// the cube's face, of a cube array six times the cube's index plus the face.
// Coordinates that the texture's type does not have are 0.
type At struct {
	X, Y, Z uint32
	Slice   uint32
	Sample  uint32
	Level   uint32
}

// find returns the bytes of a texel, nil if there is none.
func (t *Texture) find(a *At) []byte {
	if a.Level >= uint32(len(t.levels)) {
		return nil
	}
	l := &t.levels[a.Level]
	if a.X >= uint32(l.Width) || a.Y >= uint32(l.Height) || a.Z >= uint32(l.Depth) ||
		a.Slice >= uint32(t.Slices()) || a.Sample >= uint32(t.Samples) {
		return nil
	}
	o := l.Offset + int(a.Slice)*t.slice + int(a.Z)*l.Image + int(a.Y)*l.Row + (int(a.X)*t.Samples+int(a.Sample))*t.in.Size
	return t.mem[o : o+t.in.Size]
}

// ReadColor reads a texel of a ClassFloat texture: zeros if there is none.
func (t *Texture) ReadColor(a At) Color {
	p := t.find(&a)
	if p == nil {
		return Color{}
	}
	c := t.in.DecodeColor(p)
	if !t.plain {
		c = t.swizzleColor(c)
	}
	return c
}

// ReadInts reads a texel of a texture of integers: zeros if there is none.
func (t *Texture) ReadInts(a At) Ints {
	p := t.find(&a)
	if p == nil {
		return Ints{}
	}
	c := t.in.DecodeInts(p)
	if !t.plain {
		c = t.swizzleInts(c)
	}
	return c
}

// WriteColor writes a texel of a ClassFloat texture; there may be none.
func (t *Texture) WriteColor(a At, c Color) {
	if p := t.find(&a); p != nil {
		t.in.EncodeColor(p, c)
	}
}

// WriteInts writes a texel of a texture of integers; there may be none.
func (t *Texture) WriteInts(a At, c Ints) {
	if p := t.find(&a); p != nil {
		t.in.EncodeInts(p, c)
	}
}

// Word returns the bytes of a texel for an atomic operation, nil if there is
// none.
func (t *Texture) Word(a At) []byte { return t.find(&a) }
