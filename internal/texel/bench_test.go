package texel

import (
	"math/rand/v2"
	"testing"
)

// benchTexture is a texture of 256×256 with all its levels.
func benchTexture(f Format) *Texture {
	s := Shape{Type: Type2D, Format: f, Width: 256, Height: 256, Depth: 1, Layers: 1, Levels: 9, Samples: 1}
	_, _, size := s.Layout()
	mem := make([]byte, size)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range mem {
		mem[i] = byte(r.Uint32())
	}
	return New(s, mem)
}

func BenchmarkRead(b *testing.B) {
	for _, f := range []Format{RGBA8Unorm, RGBA32Float, RGBA16Float, RGBA8UnormSRGB} {
		b.Run(f.String(), func(b *testing.B) {
			t := benchTexture(f)
			b.ReportAllocs()
			for i := range b.N {
				t.ReadColor(At{X: uint32(i & 255), Y: uint32(i >> 8 & 255)})
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, f := range []Format{RGBA8Unorm, RGBA32Float, RGBA16Float, RGBA8UnormSRGB} {
		b.Run(f.String(), func(b *testing.B) {
			t := benchTexture(f)
			b.ReportAllocs()
			for i := range b.N {
				t.WriteColor(At{X: uint32(i & 255), Y: uint32(i >> 8 & 255)}, Color{0.1, 0.2, 0.3, 1})
			}
		})
	}
}

func BenchmarkSample(b *testing.B) {
	for _, c := range []struct {
		name string
		s    SamplerState
		lod  float32
	}{
		{"nearest", SamplerState{}, 0},
		{"linear", SamplerState{Mag: FilterLinear}, 0},
		{"repeat", SamplerState{Mag: FilterLinear, S: Repeat, T: Repeat}, 0},
		{"mips", SamplerState{Min: FilterLinear, Mip: MipLinear, MaxLOD: 10}, 1.5},
	} {
		b.Run(c.name, func(b *testing.B) {
			t := benchTexture(RGBA8Unorm)
			b.ReportAllocs()
			for i := range b.N {
				t.Sample(&c.s, &Coord{S: float32(i&1023) / 1024, T: float32(i>>10&1023) / 1024}, c.lod)
			}
		})
	}
}
