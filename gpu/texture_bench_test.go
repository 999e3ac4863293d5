package gpu_test

import (
	"testing"

	"github.com/aruminium-go/aruminium/gpu"
)

// Images of 512×512 pixels: read and written, and sampled.
func BenchmarkTextures(b *testing.B) {
	const source = `
kernel void copy(texture2d<float, access::read> in, texture2d<float, access::write> out, uint2 g [[thread_position_in_grid]]) { out.write(in.read(g), g); }
kernel void sampled(texture2d<float> in, texture2d<float, access::write> out, uint2 g [[thread_position_in_grid]]) {
	constexpr sampler s(filter::linear);
	out.write(in.sample(s, (float2(g) + 0.3f) / 512), g);
}`
	h := open(b)
	const n = 512
	in := h.texture(b, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: n, Height: n})
	out := h.texture(b, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: n, Height: n})
	for _, name := range []string{"copy", "sampled"} {
		p := h.compile(b, source, name)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(n * n * 4)
			for b.Loop() {
				h.run(b, p, gpu.D2(n, n), in, out)
			}
		})
	}
}
