package gpu_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
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

func TestTextureRegions(t *testing.T) {
	h := open(t)
	tex := h.texture(t, gpu.TextureDescriptor{Type: gpu.Texture2DArray, Format: gpu.R8Uint, Width: 6, Height: 5, Layers: 3, Mips: 2, Label: "regions"})
	require.Equal(t, []int{6, 5, 1, 3, 2}, []int{tex.Width(), tex.Height(), tex.Depth(), tex.Layers(), tex.Mips()})
	require.Equal(t, gpu.Texture2DArray, tex.Type())
	require.Equal(t, gpu.R8Uint, tex.Format())
	r := gpu.Region{X: 1, Y: 2, Width: 3, Height: 2, Level: 0, Slice: 2}
	require.NoError(t, tex.UploadRows(r, []byte{1, 2, 3, 99, 4, 5, 6}, 4))
	got := make([]byte, 30)
	require.NoError(t, tex.Download(gpu.Region{Slice: 2}, got))
	want := make([]byte, 30)
	copy(want[13:], []byte{1, 2, 3})
	copy(want[19:], []byte{4, 5, 6})
	require.Equal(t, want, got)
	wide := make([]byte, 9)
	require.NoError(t, tex.DownloadRows(r, wide, 6))
	require.Equal(t, []byte{1, 2, 3, 0, 0, 0, 4, 5, 6}, wide)
	require.NoError(t, tex.Upload(gpu.Region{Level: 1, Slice: 1}, []byte{1, 2, 3, 4, 5, 6}))
	require.NoError(t, tex.Download(gpu.Region{Level: 1, Slice: 1, X: 2, Y: 1}, got[:1]))
	require.EqualValues(t, 6, got[0])

	for want, err := range map[string]error{
		"level 2 is not among the texture's 2":       tex.Upload(gpu.Region{Level: 2}, got),
		"slice 3 is not among the texture's 3":       tex.Upload(gpu.Region{Slice: 3}, got),
		"x 5 to 7 is empty or outside":               tex.Upload(gpu.Region{X: 5, Width: 2}, got),
		"y -1 to 5 is empty or outside":              tex.Upload(gpu.Region{Y: -1}, got),
		"the region takes 30 bytes and was given 29": tex.Upload(gpu.Region{}, got[:29]),
		"a row of 6 texels takes 6 bytes, not 5":     tex.UploadRows(gpu.Region{}, got, 5),
		"the region takes 6 bytes and was given 0":   tex.Download(gpu.Region{Level: 1}, nil),
		"gpu: Texture.Download: the texture is nil":  (*gpu.Texture)(nil).Download(gpu.Region{}, got),
	} {
		require.ErrorContains(t, err, want)
	}
	private := h.texture(t, gpu.TextureDescriptor{Format: gpu.R8Uint, Width: 1, Private: true})
	require.ErrorIs(t, private.Upload(gpu.Region{}, got), gpu.ErrPrivate)
	require.NoError(t, private.Close())
	require.NoError(t, private.Close())
	require.NoError(t, (*gpu.Texture)(nil).Close())
}

func TestTextureDescriptorErrors(t *testing.T) {
	h := open(t)
	for _, c := range []struct {
		desc gpu.TextureDescriptor
		want string
	}{
		{gpu.TextureDescriptor{Width: 1}, "pixel format 0 is not supported"},
		{gpu.TextureDescriptor{Format: gpu.R8Unorm}, "the width of a texture of type 2d is 1 to 16384, not 0"},
		{gpu.TextureDescriptor{Format: gpu.R8Unorm, Width: 1, Type: 99}, "TextureType(99) is no type"},
		{gpu.TextureDescriptor{Format: gpu.R8Unorm, Width: 4, Height: 4, Mips: 4}, "1 to 3 mipmap levels"},
		{gpu.TextureDescriptor{Format: gpu.B5G6R5Unorm, Width: 1, Usage: gpu.UsageWrite}, "cannot be written by kernels"},
		{gpu.TextureDescriptor{Format: gpu.R8Uint, Width: 1, Usage: gpu.UsageAtomic}, "have no atomic operations"},
		{gpu.TextureDescriptor{Format: gpu.R8Uint, Width: 1, Mips: gpu.AllMips, Height: -1}, "the height"},
	} {
		_, err := h.dev.Texture(c.desc)
		require.ErrorContains(t, err, c.want)
	}
	_, err := h.dev.Sampler(gpu.SamplerDescriptor{Anisotropy: 17})
	require.ErrorContains(t, err, "anisotropy is 1 to 16, not 17")
	_, err = h.dev.Sampler(gpu.SamplerDescriptor{Pixels: true, Address: gpu.Repeat})
	require.ErrorContains(t, err, "neither repeat nor mirror")
	dev, err := gpu.Open()
	require.NoError(t, err)
	dev.Close()
	_, err = dev.Texture(gpu.TextureDescriptor{Format: gpu.R8Unorm, Width: 1})
	require.ErrorIs(t, err, gpu.ErrClosed)
	_, err = dev.Sampler(gpu.SamplerDescriptor{})
	require.ErrorIs(t, err, gpu.ErrClosed)
}

// What is bound is checked against what the kernel takes.
func TestTextureLaunchErrors(t *testing.T) {
	h := open(t)
	p := h.compile(t, `kernel void k(texture2d<float> in [[texture(0)]], sampler s [[sampler(2)]], texture2d<float, access::write> out [[texture(5)]]) {
	out.write(in.sample(s, float2(0.5)), uint2(0)); }`, "k")
	var kinds []string
	for a := range p.Args() {
		kinds = append(kinds, a.Kind.String()+" "+a.Type+" "+a.Access.String())
	}
	require.Equal(t, []string{"texture float read", "sampler  read", "texture float write"}, kinds)
	rgba := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 1})
	ints := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Uint, Width: 1})
	cube := h.texture(t, gpu.TextureDescriptor{Type: gpu.TextureCube, Format: gpu.RGBA8Unorm, Width: 1})
	readOnly := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 1, Usage: gpu.UsageRead})
	writeOnly := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 1, Usage: gpu.UsageWrite})
	s := h.sampler(t, gpu.SamplerDescriptor{})
	closed := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 1})
	require.NoError(t, closed.Close())
	for _, c := range []struct {
		bind func(e *gpu.Encoder)
		want string
	}{
		{func(e *gpu.Encoder) {}, "the texture argument in at index 0 is not bound: call BindTexture"},
		{func(e *gpu.Encoder) { e.BindTexture(rgba, 0) }, "the sampler argument s at index 2 is not bound: call BindSampler"},
		{func(e *gpu.Encoder) { e.BindTexture(rgba, 0); e.BindSampler(s, 2) }, "the texture argument out at index 5 is not bound"},
		{func(e *gpu.Encoder) { e.BindTexture(cube, 0); e.BindSampler(s, 2) }, "the texture at index 0 of the argument in at index 0 is a cube texture, and the kernel takes a 2d one"},
		{func(e *gpu.Encoder) { e.BindTexture(ints, 0); e.BindSampler(s, 2) }, "has the format RGBA8Uint of unsigned integer channels, and the kernel takes float ones"},
		{func(e *gpu.Encoder) { e.BindTexture(writeOnly, 0); e.BindSampler(s, 2) }, "is read by the kernel, and was made without that usage"},
		{func(e *gpu.Encoder) { e.BindTexture(rgba, 0); e.BindSampler(s, 2); e.BindTexture(readOnly, 5) }, "is written by the kernel, and was made without that usage"},
		{func(e *gpu.Encoder) { e.BindTexture(rgba, 128) }, "BindTexture at index 128: an index is 0 to 127"},
		{func(e *gpu.Encoder) { e.BindSampler(s, 16) }, "BindSampler at index 16: an index is 0 to 15"},
		{func(e *gpu.Encoder) { e.BindTexture(nil, 0) }, "BindTexture at index 0: the texture is nil"},
		{func(e *gpu.Encoder) { e.BindSampler(nil, 0) }, "BindSampler at index 0: the sampler is nil"},
		{func(e *gpu.Encoder) { e.BindTexture(closed, 0) }, "BindTexture at index 0: the texture is closed"},
		{func(e *gpu.Encoder) { e.UseHeap(nil) }, "UseHeap: the heap is nil"},
	} {
		_, enc := h.begin(t)
		enc.Bind(p)
		c.bind(enc)
		enc.Launch(gpu.D1(1), gpu.D1(1))
		err := enc.Finish()
		require.ErrorContains(t, err, c.want)
		var le *gpu.LaunchError
		require.ErrorAs(t, err, &le)
		require.Equal(t, "k", le.Kernel)
	}
}

func TestTextureCopies(t *testing.T) {
	h := open(t)
	src := h.texture(t, gpu.TextureDescriptor{Format: gpu.R16Uint, Width: 4, Height: 4, Mips: 3, Private: true})
	dst := h.texture(t, gpu.TextureDescriptor{Format: gpu.R16Uint, Width: 4, Height: 4, Mips: 3})
	array := h.texture(t, gpu.TextureDescriptor{Type: gpu.Texture2DArray, Format: gpu.R16Uint, Width: 8, Height: 8, Layers: 2})
	in := h.uints(t, 16)
	out := h.uints(t, 16)
	for i := range in.Slice() {
		in.Slice()[i] = uint32(2*i) | uint32(2*i+1)<<16
	}
	copies := func(f func(c *gpu.Copier)) error {
		cmd, err := h.queue.Commands()
		require.NoError(t, err)
		c, err := cmd.Copier()
		require.NoError(t, err)
		f(c)
		if err := c.Finish(); err != nil {
			return err
		}
		require.NoError(t, cmd.Submit())
		return cmd.Wait()
	}
	require.NoError(t, copies(func(c *gpu.Copier) {
		c.CopyToTexture(src, gpu.Region{}, in.Buffer, 4, 0)
		c.CopyToTexture(src, gpu.Region{Level: 1}, in.Buffer, 0, 8)
		c.CopyTexture(dst, src)
		c.CopyTextureRegion(array, gpu.Region{X: 5, Y: 6, Slice: 1}, src, gpu.Region{X: 1, Y: 1, Width: 2, Height: 2})
		c.CopyFromTexture(out.Buffer, 8, 4, array, gpu.Region{X: 5, Y: 6, Width: 2, Height: 2, Slice: 1})
	}))
	require.Equal(t, []uint16{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, download[uint16](t, dst, gpu.Region{}, 16))
	require.Equal(t, []uint16{0, 1, 4, 5}, download[uint16](t, dst, gpu.Region{Level: 1}, 4))
	require.Equal(t, []uint32{0, 0, 7 | 8<<16, 11 | 12<<16, 0}, out.Slice()[:5])

	other := h.texture(t, gpu.TextureDescriptor{Format: gpu.R16Float, Width: 4, Height: 4})
	for want, f := range map[string]func(c *gpu.Copier){
		"source: 32 bytes from offset 40 go past the buffer's end at 64": func(c *gpu.Copier) { c.CopyToTexture(src, gpu.Region{}, in.Buffer, 40, 0) },
		"level 3 is not among":               func(c *gpu.Copier) { c.CopyFromTexture(out.Buffer, 0, 0, src, gpu.Region{Level: 3}) },
		"a copy from the format R16Uint":     func(c *gpu.Copier) { c.CopyTextureRegion(other, gpu.Region{}, src, gpu.Region{}) },
		"the textures have different shapes": func(c *gpu.Copier) { c.CopyTexture(array, src) },
		"the texture is nil":                 func(c *gpu.Copier) { c.CopyToTexture(nil, gpu.Region{}, in.Buffer, 0, 0) },
		"destination: x 3 to 7":              func(c *gpu.Copier) { c.CopyTextureRegion(dst, gpu.Region{X: 3}, src, gpu.Region{}) },
		"takes a colour format":              func(c *gpu.Copier) { c.GenerateMips(dst) },
		"the buffer is nil":                  func(c *gpu.Copier) { c.CopyToTexture(src, gpu.Region{}, nil, 0, 0) },
	} {
		require.ErrorContains(t, copies(f), want)
	}
}

func TestGenerateMips(t *testing.T) {
	h := open(t)
	tex := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 4, Height: 2, Mips: gpu.AllMips})
	data := make([]byte, 32)
	for i := range data {
		data[i] = byte(i / 4 * 10)
	}
	require.NoError(t, tex.Upload(gpu.Region{}, data))
	cmd, err := h.queue.Commands()
	require.NoError(t, err)
	c, err := cmd.Copier()
	require.NoError(t, err)
	c.GenerateMips(tex)
	require.NoError(t, c.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	require.Equal(t, []byte{25, 25, 25, 25, 45, 45, 45, 45}, download[byte](t, tex, gpu.Region{Level: 1}, 8))
	require.Equal(t, []byte{35, 35, 35, 35}, download[byte](t, tex, gpu.Region{Level: 2}, 4))
}

func TestTextureViews(t *testing.T) {
	h := open(t)
	tex := h.texture(t, gpu.TextureDescriptor{Type: gpu.Texture2DArray, Format: gpu.RGBA8Unorm, Width: 4, Height: 4, Layers: 6, Mips: 2, Usage: gpu.UsageRead | gpu.UsageWrite | gpu.UsageView})
	require.NoError(t, tex.Upload(gpu.Region{Level: 1, Slice: 3}, []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}))
	view, err := tex.View(gpu.ViewDescriptor{Type: gpu.Texture2D, Format: gpu.R32Uint, Level: 1, Slice: 3, Slices: 1})
	require.NoError(t, err)
	defer view.Close()
	require.Equal(t, []int{2, 2, 1, 1}, []int{view.Width(), view.Height(), view.Layers(), view.Mips()})
	require.NoError(t, tex.Close()) // the view keeps it
	require.Equal(t, []uint32{0x04030201, 0x08070605}, download[uint32](t, view, gpu.Region{Height: 1}, 2))

	image := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 1})
	require.NoError(t, image.Upload(gpu.Region{}, []byte{51, 102, 153, 204}))
	swizzled, err := image.View(gpu.ViewDescriptor{Swizzle: "bg10"})
	require.NoError(t, err)
	defer swizzled.Close()
	p := h.compile(t, `kernel void k(texture2d<float, access::read> t, device float *out) { float4 c = t.read(uint2(0)) * 5; out[0] = c.r; out[1] = c.g; out[2] = c.b; out[3] = c.a; }`, "k")
	out := h.floats(t, 4)
	h.run(t, p, gpu.D1(1), swizzled, out)
	require.Equal(t, []float32{3, 2, 5, 0}, out.Slice())

	for want, v := range map[string]gpu.ViewDescriptor{
		"have 4 bytes, and those of R8Unorm have 1": {Format: gpu.R8Unorm},
		"needs a texture with UsageView":            {Format: gpu.R32Uint},
		"levels 1 to 1 are not in the texture's 1":  {Level: 1, Levels: 1},
		"slices 0 to 1 are not in":                  {Slices: 2},
		"has not four channels":                     {Swizzle: "rgb"},
		"none of r, g, b, a, 0 and 1":               {Swizzle: "rgbx"},
		"cannot be shown as a 3d texture":           {Type: gpu.Texture3D, Slices: 1},
	} {
		_, err := image.View(v)
		require.ErrorContains(t, err, want)
	}
}

// A texture of a buffer's memory: each sees what the other has.
func TestBufferTexture(t *testing.T) {
	h := open(t)
	buf := h.floats(t, 16)
	tex, err := buf.Buffer.Texture(gpu.TextureDescriptor{Format: gpu.R32Float, Width: 3, Height: 2}, 16, 16)
	require.NoError(t, err)
	defer tex.Close()
	for i := range buf.Slice() {
		buf.Slice()[i] = float32(i)
	}
	require.Equal(t, []float32{4, 5, 6, 8, 9, 10}, download[float32](t, tex, gpu.Region{}, 6))
	upload(t, tex, gpu.Region{X: 1, Y: 1, Width: 1, Height: 1}, []float32{-1})
	require.EqualValues(t, -1, buf.Slice()[9])
	last, err := buf.Buffer.Texture(gpu.TextureDescriptor{Format: gpu.R32Float, Width: 1, Height: 4}, 0, 16)
	require.NoError(t, err)
	defer last.Close()
	require.Equal(t, []float32{0, 4, 8, 12}, download[float32](t, last, gpu.Region{}, 4))
	end, err := buf.Buffer.Texture(gpu.TextureDescriptor{Format: gpu.R32Float, Width: 3, Height: 2}, 16, 32)
	require.NoError(t, err)
	defer end.Close()
	require.Equal(t, []float32{4, 5, 6, 12, 13, 14}, download[float32](t, end, gpu.Region{}, 6))
	for want, c := range map[string][2]int{"the offset 3 is no multiple": {3, 16}, "a row of 3 texels takes 12 bytes": {0, 8}, "2 rows of 64 bytes from offset 0 go past": {0, 64}} {
		_, err := buf.Buffer.Texture(gpu.TextureDescriptor{Format: gpu.R32Float, Width: 3, Height: 2}, c[0], c[1])
		require.ErrorContains(t, err, want)
	}
	_, err = buf.Buffer.Texture(gpu.TextureDescriptor{Type: gpu.TextureCube, Format: gpu.R32Float, Width: 1}, 0, 16)
	require.ErrorContains(t, err, "it is a 2D texture or a texture buffer")
}

func TestHeap(t *testing.T) {
	h := open(t)
	heap, err := h.dev.Heap(64<<10, false)
	require.NoError(t, err)
	require.GreaterOrEqual(t, heap.Size(), 64<<10)
	a, err := heap.Buffer(1000)
	require.NoError(t, err)
	tex, err := heap.Texture(gpu.TextureDescriptor{Format: gpu.R32Float, Width: 8, Height: 8})
	require.NoError(t, err)
	used := heap.Used()
	require.GreaterOrEqual(t, used, 1000+256)
	a.Bytes()[999] = 7
	upload(t, tex, gpu.Region{}, make([]float32, 64))
	require.EqualValues(t, 7, a.Bytes()[999])
	_, err = heap.Buffer(64 << 10)
	require.ErrorIs(t, err, gpu.ErrMemory)
	require.ErrorContains(t, err, "gpu: Heap.Buffer: a buffer of 65536 bytes")
	_, err = h.dev.Heap(0, false)
	require.ErrorContains(t, err, "gpu: Device.Heap: a heap of 0 bytes")
	require.NoError(t, a.Close())
	require.Less(t, heap.Used(), used)
	require.Positive(t, heap.Available())
	require.NoError(t, heap.Close())
	_, err = heap.Buffer(1)
	require.ErrorIs(t, err, gpu.ErrClosed)
	upload(t, tex, gpu.Region{}, make([]float32, 64)) // keeps the heap
	require.NoError(t, tex.Close())
}

// A heap's textures are reached by ID after UseHeap.
func TestUseHeap(t *testing.T) {
	h := open(t)
	p := h.compile(t, `struct Args { texture2d<float, access::read> t; device float *out; };
kernel void k(constant Args &a) { a.out[0] = a.t.read(uint2(0)).r; }`, "k")
	heap, err := h.dev.Heap(64<<10, false)
	require.NoError(t, err)
	defer heap.Close()
	tex, err := heap.Texture(gpu.TextureDescriptor{Format: gpu.R32Float, Width: 1})
	require.NoError(t, err)
	defer tex.Close()
	upload(t, tex, gpu.Region{}, []float32{5})
	out, err := heap.Buffer(4)
	require.NoError(t, err)
	defer out.Close()
	cmd, enc := h.begin(t)
	enc.Bind(p)
	gpu.Push(enc, struct{ Tex, Out uint64 }{tex.ResourceID(), out.GPUAddress()}, 0)
	enc.UseHeap(heap)
	enc.Launch(gpu.D1(1), gpu.D1(1))
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	require.Equal(t, []byte{0, 0, 0xa0, 0x40}, out.Bytes())
}

// Work in flight keeps what it uses, whatever is closed, and lets go of it.
func TestTextureLifetimes(t *testing.T) {
	before := live(t)
	func() {
		dev, err := gpu.Open()
		require.NoError(t, err)
		q, err := dev.Queue()
		require.NoError(t, err)
		lib, err := dev.Compile(`#include <metal_stdlib>
using namespace metal;
kernel void k(texture2d<float> in, sampler s, texture2d<float, access::write> out, uint2 g [[thread_position_in_grid]]) { out.write(in.sample(s, float2(0.5)), g); }`)
		require.NoError(t, err)
		p, err := lib.Pipeline("k")
		require.NoError(t, err)
		in, err := dev.Texture(gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 4, Height: 4})
		require.NoError(t, err)
		out, err := dev.Texture(gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 64, Height: 64})
		require.NoError(t, err)
		view, err := out.View(gpu.ViewDescriptor{})
		require.NoError(t, err)
		s, err := dev.Sampler(gpu.SamplerDescriptor{})
		require.NoError(t, err)
		cmd, err := q.Commands()
		require.NoError(t, err)
		enc, err := cmd.Encoder()
		require.NoError(t, err)
		enc.Bind(p)
		enc.BindTexture(in, 0)
		enc.BindTexture(view, 1)
		enc.BindSampler(s, 0)
		enc.Launch(gpu.D2(64, 64), gpu.D2(8, 8))
		require.NoError(t, enc.Finish())
		require.NoError(t, cmd.Submit())
		for _, c := range []interface{ Close() error }{in, out, view, s, p, lib, q, dev} {
			require.NoError(t, c.Close())
		}
		require.NoError(t, cmd.Wait())
	}()
	settles(t, before)
}

func TestImages(t *testing.T) {
	h := open(t)
	r := image.Rect(3, 5, 9, 9)
	fill := func(img draw.Image) draw.Image {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				img.Set(x, y, color.NRGBA{uint8(x * 20), uint8(y * 20), uint8(x * y), uint8(100 + x + y)})
			}
		}
		return img
	}
	for _, img := range []draw.Image{image.NewNRGBA(r), image.NewRGBA(r), image.NewGray(r), image.NewGray16(r), image.NewAlpha(r), image.NewNRGBA64(r), image.NewRGBA64(r)} {
		fill(img)
		tex, err := h.dev.TextureFrom(img)
		require.NoError(t, err)
		require.Equal(t, []int{6, 4}, []int{tex.Width(), tex.Height()})
		back := map[string]draw.Image{"*image.NRGBA": image.NewNRGBA(r), "*image.RGBA": image.NewRGBA(r), "*image.Gray": image.NewGray(r), "*image.Gray16": image.NewGray16(r),
			"*image.Alpha": image.NewAlpha(r), "*image.NRGBA64": image.NewNRGBA64(r), "*image.RGBA64": image.NewRGBA64(r)}[fmt.Sprintf("%T", img)]
		require.NoError(t, tex.DownloadImage(gpu.Region{}, back))
		require.Equal(t, img, back)
		got, err := tex.Image()
		require.NoError(t, err)
		require.Equal(t, image.Rect(0, 0, 6, 4), got.Bounds())
		if _, premultiplied := img.(*image.RGBA); !premultiplied {
			if _, premultiplied := img.(*image.RGBA64); !premultiplied {
				require.Equal(t, img.At(4, 6), got.At(1, 1))
			}
		}
		require.NoError(t, tex.Close())
	}
	// A subimage, and channels in another order.
	whole := fill(image.NewNRGBA(r)).(*image.NRGBA)
	part := whole.SubImage(image.Rect(5, 6, 8, 8))
	bgra := h.texture(t, gpu.TextureDescriptor{Format: gpu.BGRA8Unorm, Width: 5, Height: 5})
	require.NoError(t, bgra.UploadImage(gpu.Region{X: 1, Y: 2}, part))
	c := whole.NRGBAAt(5, 6)
	require.Equal(t, []byte{c.B, c.G, c.R, c.A}, download[byte](t, bgra, gpu.Region{X: 1, Y: 2, Width: 1, Height: 1}, 4))
	got := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	require.NoError(t, bgra.DownloadImage(gpu.Region{X: 1, Y: 2}, got))
	for y := range 2 {
		for x := range 3 {
			require.Equal(t, whole.At(5+x, 6+y), got.At(x, y))
		}
	}
	// Another type becomes NRGBA.
	pal := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.NRGBA{10, 20, 30, 128}, color.White})
	pal.SetColorIndex(1, 0, 1)
	tex, err := h.dev.TextureFrom(pal)
	require.NoError(t, err)
	defer tex.Close()
	require.Equal(t, []byte{10, 20, 30, 128, 255, 255, 255, 255}, download[byte](t, tex, gpu.Region{}, 8))

	floats := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 2})
	_, err = floats.Image()
	require.ErrorIs(t, err, gpu.ErrUnsupported)
	require.ErrorIs(t, floats.UploadImage(gpu.Region{}, pal), gpu.ErrUnsupported)
	require.ErrorContains(t, tex.DownloadImage(gpu.Region{}, image.NewGray(image.Rect(0, 0, 1, 1))), "are not pixels of a *image.Gray")
	require.ErrorContains(t, tex.UploadImage(gpu.Region{X: 1}, pal), "x 1 to 3")
	_, err = h.dev.TextureFrom(nil)
	require.ErrorContains(t, err, "the image is nil")
}
