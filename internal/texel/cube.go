package texel

import "math"

// Faces of a cube in the order of slices: +x, -x, +y, -y, +z, -z.

// face returns the face that a direction meets and the coordinates there, 0 to
// 1 (D3D's and Metal's convention: t grows downwards on the sides).
func face(x, y, z float64) (f int, s, t float64) {
	ax, ay, az := math.Abs(x), math.Abs(y), math.Abs(z)
	var sc, tc, ma float64
	switch {
	case az >= ax && az >= ay:
		f, sc, tc, ma = 4, x, -y, az
		if z < 0 {
			f, sc = 5, -x
		}
	case ay >= ax:
		f, sc, tc, ma = 2, x, z, ay
		if y < 0 {
			f, tc = 3, -z
		}
	default:
		f, sc, tc, ma = 0, -z, -y, ax
		if x < 0 {
			f, sc = 1, z
		}
	}
	if !(ma > 0) {
		return f, 0.5, 0.5
	}
	return f, (sc/ma + 1) / 2, (tc/ma + 1) / 2
}

// direction is the inverse: the direction of a point of a face, which may lie
// a little outside of it. sc and tc are -1 to 1.
func direction(f int, sc, tc float64) (x, y, z float64) {
	switch f {
	case 0:
		return 1, -tc, -sc
	case 1:
		return -1, -tc, sc
	case 2:
		return sc, 1, tc
	case 3:
		return sc, -1, -tc
	case 4:
		return sc, -tc, 1
	}
	return -sc, -tc, -1
}

// cubeTexel returns the texel that is at (i, j) of a face of n×n, which may be
// past one of its edges.
func cubeTexel(f, i, j, n int) (face2, i2, j2 int) {
	if uint(i) < uint(n) && uint(j) < uint(n) {
		return f, i, j
	}
	x, y, z := direction(f, float64(2*i+1)/float64(n)-1, float64(2*j+1)/float64(n)-1)
	g, s, t := face(x, y, z)
	clamp := func(u float64) int { return max(min(int(math.Floor(u*float64(n))), n-1), 0) }
	return g, clamp(s), clamp(t)
}

// cube samples one level of a cube map.
func (f *sampled[T]) cube(filter Filter, c *Coord, level uint32) T {
	t := f.t
	n := t.levels[level].Width
	first := 0
	if t.Type.Array() {
		first = 6 * int(min(c.Slice, uint32(t.Layers-1)))
	}
	side, u, v := face(float64(c.S), float64(c.T), float64(c.R))
	axes := [2]axis{{float32(u), c.Offset[0], n, ClampToEdge}, {float32(v), c.Offset[1], n, ClampToEdge}}
	get := func(i, j int) T {
		g, i, j := cubeTexel(side, i, j, n)
		return f.fetch(&At{X: uint32(i), Y: uint32(j), Slice: uint32(first + g), Level: level})
	}
	if filter == FilterNearest || f.mix == nil {
		inside := func(i int) int { return max(min(i, n-1), 0) }
		return get(inside(axes[0].nearest(false)), inside(axes[1].nearest(false)))
	}
	i, wx := axes[0].linear(false)
	j, wy := axes[1].linear(false)
	var q [2][2]T
	corner := -1
	for k := range 4 {
		x, y := i+k&1, j+k>>1
		if uint(x) >= uint(n) && uint(y) >= uint(n) {
			corner = k
			continue
		}
		q[k>>1][k&1] = get(x, y)
	}
	if corner >= 0 {
		// Three faces meet: the fourth texel is the mean of the others.
		a, b, o := q[corner>>1][1-corner&1], q[1-corner>>1][corner&1], q[1-corner>>1][1-corner&1]
		q[corner>>1][corner&1] = f.mix(f.mix(a, b, 0.5), o, 1.0/3)
	}
	return f.mix(f.mix(q[0][0], q[0][1], wx), f.mix(q[1][0], q[1][1], wx), wy)
}
