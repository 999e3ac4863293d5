package texel

import "math"

// GenerateMipmaps makes every level but the first, each of the one before it:
// a texel is the mean of those that it covers, weighted by how much of each it
// covers, in linear light if the format is sRGB. The format is of ClassFloat.
func (t *Texture) GenerateMipmaps() {
	for slice := range t.Slices() {
		for level := 1; level < t.Levels; level++ {
			t.shrink(slice, level)
		}
	}
}

// shrink makes a level of a slice.
func (t *Texture) shrink(slice, level int) {
	src, dst := &t.levels[level-1], &t.levels[level]
	xs, ys, zs := covers(dst.Width, src.Width), covers(dst.Height, src.Height), covers(dst.Depth, src.Depth)
	for z := range zs {
		for y := range ys {
			for x := range xs {
				var sum [4]float64
				for _, cz := range zs[z] {
					for _, cy := range ys[y] {
						for _, cx := range xs[x] {
							w := cx.weight * cy.weight * cz.weight
							a := At{X: uint32(cx.at), Y: uint32(cy.at), Z: uint32(cz.at), Slice: uint32(slice), Level: uint32(level - 1)}
							c := t.in.DecodeColor(t.find(&a))
							for i, v := range [4]float32{c.R, c.G, c.B, c.A} {
								sum[i] += w * float64(v)
							}
						}
					}
				}
				a := At{X: uint32(x), Y: uint32(y), Z: uint32(z), Slice: uint32(slice), Level: uint32(level)}
				t.in.EncodeColor(t.find(&a), Color{float32(sum[0]), float32(sum[1]), float32(sum[2]), float32(sum[3])})
			}
		}
	}
}

// A cover is a texel and how much of another's area it has.
type cover struct {
	at     int
	weight float64
}

// covers returns, for each of n texels, which of m they cover.
func covers(n, m int) [][]cover {
	list := make([][]cover, n)
	size := float64(m) / float64(n)
	for i := range list {
		from, to := float64(i)*size, float64(i+1)*size
		for at := int(from); at < m && float64(at) < to; at++ {
			if w := math.Min(to, float64(at+1)) - math.Max(from, float64(at)); w > 1e-9 {
				list[i] = append(list[i], cover{at, w / size})
			}
		}
	}
	return list
}
