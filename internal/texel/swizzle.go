package texel

// Swizzle says what each channel that a kernel reads is taken from. The zero
// value leaves them as they are.
type Swizzle [4]Source

// Source is where a channel comes from: itself, a constant or another.
type Source uint8

const (
	Same Source = iota
	Zero
	One
	Red
	Green
	Blue
	Alpha
)

// Identity reports whether s changes nothing.
func (s Swizzle) Identity() bool {
	for i, from := range s {
		if from != Same && from != Red+Source(i) {
			return false
		}
	}
	return true
}

// after returns the swizzle of a view with s of a texture with inner.
func (s Swizzle) after(inner Swizzle) Swizzle {
	var out Swizzle
	for i, from := range s {
		if from == Same {
			from = Red + Source(i)
		}
		if from >= Red {
			if in := inner[from-Red]; in != Same {
				from = in
			}
		}
		out[i] = from
	}
	return out
}

// SetSwizzle sets what channels are read from.
func (t *Texture) SetSwizzle(s Swizzle) { t.Swizzle, t.plain = s, s.Identity() }

func swizzled[T any](s *Swizzle, v [4]T, one T) [4]T {
	var out [4]T
	for i, from := range s {
		switch from {
		case Same:
			out[i] = v[i]
		case Zero:
		case One:
			out[i] = one
		default:
			out[i] = v[from-Red]
		}
	}
	return out
}

func (t *Texture) swizzleColor(c Color) Color {
	v := swizzled(&t.Swizzle, [4]float32{c.R, c.G, c.B, c.A}, 1)
	return Color{v[0], v[1], v[2], v[3]}
}

func (t *Texture) swizzleInts(c Ints) Ints {
	v := swizzled(&t.Swizzle, [4]uint32{c.R, c.G, c.B, c.A}, 1)
	return Ints{v[0], v[1], v[2], v[3]}
}
