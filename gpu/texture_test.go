package gpu_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// compile makes a pipeline of MSL that needs the usual two lines before it.
func (h *house) compile(t testing.TB, source, name string) *gpu.Pipeline {
	t.Helper()
	lib, err := h.dev.Compile("#include <metal_stdlib>\nusing namespace metal;\n" + source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, lib.Close()) })
	p, err := lib.Pipeline(name)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

func (h *house) texture(t testing.TB, desc gpu.TextureDescriptor) *gpu.Texture {
	t.Helper()
	tex, err := h.dev.Texture(desc)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tex.Close()) })
	return tex
}

func TestTextureReadWrite(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
kernel void invert(texture2d<float, access::read> in [[texture(0)]], texture2d<float, access::write> out [[texture(1)]],
                   uint2 gid [[thread_position_in_grid]]) {
	if (gid.x >= in.get_width() || gid.y >= in.get_height()) return;
	float4 c = in.read(gid);
	out.write(float4(1.0 - c.rgb, c.a), gid);
}`, "invert")
	const w, ht = 5, 3
	in := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: w, Height: ht})
	out := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: w, Height: ht})
	data := make([]byte, w*ht*4)
	for i := range data {
		data[i] = byte(17 * i)
	}
	require.NoError(t, in.Upload(gpu.Region{}, data))
	require.NoError(t, h.queue.Run(context.Background(), p, gpu.D2(8, 4), in, out))
	got := make([]byte, len(data))
	require.NoError(t, out.Download(gpu.Region{}, got))
	for i := range got {
		want := 255 - data[i]
		if i%4 == 3 {
			want = data[i]
		}
		require.Equal(t, want, got[i], "byte %d", i)
	}
}
