package dispatch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

const textureKernel = `
#include <metal_stdlib>
using namespace metal;

kernel void brighten(texture2d<float, access::read_write> t [[texture(1)]], texture2d<float> by [[texture(0)]], sampler s [[sampler(0)]],
                     uint2 pos [[thread_position_in_grid]]) {
    t.write(t.read(pos) + by.sample(s, float2(0.5f)), pos);
}
`

func TestTextures(t *testing.T) {
	h := open(t, dispatch.Options{})
	lib, err := h.dev.Compile(textureKernel)
	require.NoError(t, err)
	defer lib.Close()
	p, err := lib.Pipeline("brighten")
	require.NoError(t, err)
	defer p.Close()
	tex, err := h.dev.Texture(gpu.TextureDescriptor{Format: gpu.R32Float, Width: 4, Height: 4})
	require.NoError(t, err)
	defer tex.Close()
	by, err := h.dev.Texture(gpu.TextureDescriptor{Format: gpu.R8Unorm, Width: 1})
	require.NoError(t, err)
	defer by.Close()
	require.NoError(t, by.Upload(gpu.Region{}, []byte{255}))
	s, err := h.dev.Sampler(gpu.SamplerDescriptor{})
	require.NoError(t, err)
	defer s.Close()

	batch := func(b *dispatch.Batch) {
		b.Bind(p)
		b.BindTexture(by, 0)
		b.BindTexture(tex, 1)
		b.BindSampler(s, 0)
		b.Launch(gpu.D2(4, 4), gpu.D2(4, 4))
	}
	require.NoError(t, h.disp.Batch(batch))
	rec, err := h.disp.Record(batch)
	require.NoError(t, err)
	for range 5 {
		require.NoError(t, rec.Run())
	}
	require.NoError(t, rec.Close())
	got := make([]byte, 4)
	require.NoError(t, tex.Download(gpu.Region{X: 3, Y: 3}, got))
	require.Equal(t, []byte{0, 0, 0xc0, 0x40}, got) // 6

	err = h.disp.Batch(func(b *dispatch.Batch) {
		b.Bind(p)
		b.BindTexture(tex, 1)
		b.Launch(gpu.D2(4, 4), gpu.D2(4, 4))
	})
	require.ErrorContains(t, err, "the texture argument by at index 0 is not bound")
	if !raceEnabled && !fixture {
		require.Zero(t, testing.AllocsPerRun(20, func() {
			if err := h.disp.Batch(batch); err != nil {
				t.Error(err)
			}
		}))
	}
}
