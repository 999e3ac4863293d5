package simt

import (
	"math"
	"math/bits"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// texPlain does what most kernels do with textures: read, write and sample
// floats of one 2D texture, without extras. It reports false for anything else.
func (m *machine) texPlain(in *inst, l *texLanes, uniformAll bool) bool {
	mode := &in.tex.mode
	if mode.Type != texel.Type2D || in.t != ir.F32 || uniformAll || l.wide[0].tag != uniform || mode.Offset || mode.Compare || mode.MinLOD {
		return false
	}
	level := mode.LOD == ir.LODLevel
	switch in.op {
	case ir.OpTexRead, ir.OpTexWrite:
		if level {
			return false
		}
	case ir.OpTexSample:
		if l.wide[1].tag != uniform || mode.LOD > ir.LODLevel {
			return false
		}
	default:
		return false
	}
	first := m.firstActive()
	t := m.checkTexture(in, l.wide[0].u, first)
	if t == nil {
		return true
	}
	switch in.op {
	case ir.OpTexRead:
		x, y := l.word[1], l.word[2]
		m.eachLane(func(i int) {
			l.put(i, t.ReadColor(texel.At{X: x[i], Y: y[i]}))
		})
	case ir.OpTexWrite:
		x, y := l.word[1], l.word[2]
		r, g, b, a := l.word[3], l.word[4], l.word[5], l.word[6]
		m.eachLane(func(i int) {
			t.WriteColor(texel.At{X: x[i], Y: y[i]}, texel.Color{R: math.Float32frombits(r[i]), G: math.Float32frombits(g[i]), B: math.Float32frombits(b[i]), A: math.Float32frombits(a[i])})
		})
	case ir.OpTexSample:
		s := m.sampler(l.wide[1].u)
		if s == nil {
			m.texFault(in, first, "%#x names no sampler that the command buffer uses", l.wide[1].u)
			return true
		}
		x, y := l.word[2], l.word[3]
		m.eachLane(func(i int) {
			lod := float32(0)
			if level {
				lod = math.Float32frombits(l.word[4][i])
			}
			c := texel.Coord{S: math.Float32frombits(x[i]), T: math.Float32frombits(y[i])}
			l.put(i, t.Sample(s, &c, lod))
		})
	}
	return true
}

// eachLane calls f for the active lanes, counted from m.lo.
func (m *machine) eachLane(f func(i int)) {
	for w := m.lo >> 6; w<<6 < m.hi; w++ {
		for x := m.act[w]; x != 0; x &= x - 1 {
			f(w<<6 + bits.TrailingZeros64(x) - m.lo)
		}
	}
}

// put sets the four results of a lane.
func (l *texLanes) put(i int, c texel.Color) {
	l.out[0][i], l.out[1][i] = math.Float32bits(c.R), math.Float32bits(c.G)
	l.out[2][i], l.out[3][i] = math.Float32bits(c.B), math.Float32bits(c.A)
}
