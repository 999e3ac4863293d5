package texel

import "math"

// GradientLOD returns the level of detail at which the texture has as many
// texels as the derivatives of its coordinates step over: the logarithm of the
// longer of the two steps. Directions into a cube are taken to its face.
func (t *Texture) GradientLOD(s *SamplerState, c *Coord, dx, dy [3]float32) float32 {
	size := [3]float64{float64(t.Width), float64(t.Height), float64(t.Depth)}
	n := t.Type.Coords()
	if t.Type.Cube() {
		dx, dy = cubeStep(c, dx), cubeStep(c, dy)
		n = 2
	}
	if s.Pixel {
		size = [3]float64{1, 1, 1}
	}
	length := func(d [3]float32) float64 {
		var sum float64
		for i := range n {
			v := float64(d[i]) * size[i]
			sum += v * v
		}
		return math.Sqrt(sum)
	}
	return float32(math.Log2(max(length(dx), length(dy))))
}

// cubeStep returns how a step d of a direction moves its point on the face.
func cubeStep(c *Coord, d [3]float32) [3]float32 {
	x, y, z := float64(c.S), float64(c.T), float64(c.R)
	dx, dy, dz := float64(d[0]), float64(d[1]), float64(d[2])
	f, _, _ := face(x, y, z)
	// sc, tc and the major coordinate are linear in the direction.
	pick := func(x, y, z float64) (sc, tc, ma float64) {
		switch f {
		case 0:
			return -z, -y, x
		case 1:
			return z, -y, -x
		case 2:
			return x, z, y
		case 3:
			return x, -z, -y
		case 4:
			return x, -y, z
		}
		return -x, -y, -z
	}
	sc, tc, ma := pick(x, y, z)
	dsc, dtc, dma := pick(dx, dy, dz)
	if ma == 0 {
		return [3]float32{}
	}
	return [3]float32{float32((dsc*ma - sc*dma) / (ma * ma) / 2), float32((dtc*ma - tc*dma) / (ma * ma) / 2)}
}
