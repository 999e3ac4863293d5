package gpu_test

import (
	"testing"

	"github.com/aruminium-go/aruminium/gpu"
)

// Images of 512×512 pixels: read and written, sampled, and with arithmetic between.
func BenchmarkTextures(b *testing.B) {
	const source = `
kernel void copy(texture2d<float, access::read> in, texture2d<float, access::write> out, uint2 g [[thread_position_in_grid]]) { out.write(in.read(g), g); }
kernel void sampled(texture2d<float> in, texture2d<float, access::write> out, uint2 g [[thread_position_in_grid]]) {
	constexpr sampler s(filter::linear);
	out.write(in.sample(s, (float2(g) + 0.3f) / 512), g);
}
kernel void graded(texture2d<float, access::read> in, texture2d<float, access::write> out, uint2 g [[thread_position_in_grid]]) {
	float4 c = in.read(g);
	for (int i = 0; i < 8; i++)
		c = mix(c, pow(c, 1 / 2.2f) * exp2(-c * c), 0.3f) + 0.01f * sin(c * 7 + float(i));
	out.write(c, g);
}`
	h := open(b)
	const n = 512
	in := h.texture(b, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: n, Height: n})
	out := h.texture(b, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: n, Height: n})
	for _, name := range []string{"copy", "sampled", "graded"} {
		p := h.compile(b, source, name)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(n * n * 4)
			for b.Loop() {
				h.run(b, p, gpu.D2(n, n), in, out)
			}
		})
	}
}
