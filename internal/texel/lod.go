package texel

import "math"

// A Footprint is what a sample with derivatives reads: Samples samples at the
// level of detail LOD, along the longer of the two steps if they are more than
// one.
type Footprint struct {
	LOD     float32
	Samples int
	step    [3]float32
}

// OneSample returns the footprint of a sample at a level of detail.
func OneSample(lod float32) Footprint { return Footprint{LOD: lod, Samples: 1} }

// Footprint returns the footprint of a sample at c whose coordinates change by dx
// and dy from pixel to pixel. Of one sample the level of detail is that at which
// the texture has as many texels as the longer step goes over. A sampler that
// allows for anisotropy takes as many samples as the longer step is longer than
// the shorter, each at the level for its part of the longer one; textures of one
// dimension and of three have none. Directions into a cube are taken to its face.
func (t *Texture) Footprint(s *SamplerState, c *Coord, dx, dy [3]float32) Footprint {
	size := [3]float64{float64(t.Width), float64(t.Height), float64(t.Depth)}
	n := t.Type.Coords()
	x, y := dx, dy
	if t.Type.Cube() {
		x, y = cubeStep(c, dx), cubeStep(c, dy)
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
	long, short, step := length(x), length(y), dx
	if !(long >= short) {
		long, short, step = short, long, dy
	}
	count := 1.0
	if s.MaxAniso > 1 && n == 2 && long > short && !math.IsInf(long, 0) {
		count = min(math.Ceil(long/short), float64(s.MaxAniso))
	}
	return Footprint{LOD: float32(math.Log2(max(long, short) / count)), Samples: int(count), step: step}
}

// at returns where sample i of the footprint around c is.
func (f *Footprint) at(c *Coord, i int) Coord {
	w := float32(i+1)/float32(f.Samples+1) - 0.5
	p := *c
	p.S += float32(w * f.step[0])
	p.T += float32(w * f.step[1])
	p.R += float32(w * f.step[2])
	return p
}

// mean returns the mean of the samples of a footprint: step by step, so that a
// uniform image stays uniform.
func mean[T any](f *Footprint, c *Coord, sample func(*Coord) T, mix func(a, b T, w float32) T) T {
	p := f.at(c, 0)
	m := sample(&p)
	for i := 1; i < f.Samples; i++ {
		p = f.at(c, i)
		m = mix(m, sample(&p), 1/float32(i+1))
	}
	return m
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
