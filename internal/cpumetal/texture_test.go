package cpumetal

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/texel"
)

// image describes a 2D texture.
func image(f texel.Format, w, h int) TextureDescriptor {
	return TextureDescriptor{Shape: texel.Shape{Type: texel.Type2D, Format: f, Width: w, Height: h, Depth: 1, Layers: 1, Levels: 1, Samples: 1}, Usage: UsageShaderRead | UsageShaderWrite}
}

func newImage(t testing.TB, desc TextureDescriptor) *Texture {
	tex, err := SystemDevice().NewTexture(desc)
	require.NoError(t, err)
	t.Cleanup(tex.Release)
	return tex
}

func TestTextureDescriptors(t *testing.T) {
	d := SystemDevice()
	before := d.CurrentAllocatedSize()
	for want, edit := range map[string]func(d *TextureDescriptor){
		"memoryless":                   func(d *TextureDescriptor) { d.Options = StorageMemoryless << 4 },
		"the resource options":         func(d *TextureDescriptor) { d.Options = 1 << 30 },
		"the usage":                    func(d *TextureDescriptor) { d.Usage = 8 },
		"cannot be written by kernels": func(d *TextureDescriptor) { d.Format = texel.Depth32Float },
		"have no atomic operations":    func(d *TextureDescriptor) { d.Usage = UsageShaderAtomic },
		"the width of a texture":       func(d *TextureDescriptor) { d.Width = 0 },
		"type 2d_ms cannot be written": func(d *TextureDescriptor) { d.Type, d.Samples = texel.Type2DMultisample, 4 },
		"is 1 to 2048":                 func(d *TextureDescriptor) { d.Type, d.Layers = texel.Type2DArray, 3000 },
		"are not to be had": func(d *TextureDescriptor) {
			d.Type, d.Format, d.Width, d.Height, d.Layers = texel.Type2DArray, texel.RGBA32Float, 16384, 16384, 2048
		},
	} {
		desc := image(texel.RGBA8Unorm, 4, 4)
		edit(&desc)
		_, err := d.NewTexture(desc)
		require.ErrorContains(t, err, want)
	}
	require.Equal(t, before, d.CurrentAllocatedSize())
	desc := image(texel.RGBA8Unorm, 4, 4)
	tex, err := d.NewTexture(desc)
	require.NoError(t, err)
	view, err := tex.View(texel.Type2D, texel.RGBA8UnormSRGB, 0, 1, 0, 1, texel.Swizzle{}) // sRGB needs no usage
	require.NoError(t, err)
	_, err = tex.View(texel.Type2D, texel.R32Uint, 0, 1, 0, 1, texel.Swizzle{})
	require.ErrorContains(t, err, "PixelFormatView")
	require.NotEqual(t, tex.ID, view.ID)
	tex.Release()
	require.Greater(t, d.CurrentAllocatedSize(), before)
	_, ok := textures.find(view.ID)
	require.True(t, ok)
	view.Release()
	require.Equal(t, before, d.CurrentAllocatedSize())
	_, ok = textures.find(view.ID)
	require.False(t, ok)
}

const copyKernel = `
#include <metal_stdlib>
using namespace metal;
kernel void k(texture2d<float, access::read> in [[texture(3)]], texture2d<float, access::write> out [[texture(7)]], sampler s [[sampler(1)]],
              uint2 g [[thread_position_in_grid]]) { out.write(in.read(g) + in.get_width(), g); }`

// Misuse that Metal's validation finds is the command buffer's error.
func TestTextureMisuse(t *testing.T) {
	p := pipeline(t, compile(t, copyKernel), "k")
	good := newImage(t, image(texel.R32Float, 4, 4))
	ints := newImage(t, image(texel.R32Uint, 4, 4))
	readOnly := image(texel.R32Float, 4, 4)
	readOnly.Usage = UsageShaderRead
	ro := newImage(t, readOnly)
	writeOnly := image(texel.R32Float, 4, 4)
	writeOnly.Usage = UsageShaderWrite
	wo := newImage(t, writeOnly)
	for want, f := range map[string]func(e *ComputeEncoder){
		`nothing is bound at texture index 3, argument "in"`:                         func(e *ComputeEncoder) {},
		`the texture at texture index 3, argument "in", has the format R32Uint`:      func(e *ComputeEncoder) { e.SetTexture(ints, 3) },
		`argument "in", is read by the kernel, but its usage has no ShaderRead`:      func(e *ComputeEncoder) { e.SetTexture(wo, 3) },
		`argument "out", is written by the kernel, but its usage has no ShaderWrite`: func(e *ComputeEncoder) { e.SetTexture(good, 3); e.SetTexture(ro, 7) },
		`nothing is bound at texture index 7, argument "out"`:                        func(e *ComputeEncoder) { e.SetTexture(good, 3); e.SetTexture(good, 7); e.SetTexture(nil, 7) },
		"setTexture:atIndex: index 128 is past the last texture index, 127":          func(e *ComputeEncoder) { e.SetTexture(good, 128) },
		"setSamplerState:atIndex: index 16 is past the last sampler index, 15":       func(e *ComputeEncoder) { e.SetSampler(nil, 16) },
	} {
		cb := runKernel(t, func(e *ComputeEncoder) {
			e.SetPipeline(p)
			f(e)
			e.DispatchThreads(Size3{4, 4, 1}, Size3{4, 4, 1})
		})
		require.NotNil(t, cb.Err(), want)
		require.Contains(t, cb.Err().Text, want)
	}
	// A sampler that the kernel does not use need not be there.
	cb := runKernel(t, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetTexture(good, 3)
		e.SetTexture(good, 7)
		e.DispatchThreads(Size3{4, 4, 1}, Size3{4, 4, 1})
	})
	require.Nil(t, cb.Err())
	require.EqualValues(t, 4, good.ReadColor(texel.At{X: 3, Y: 2}).R)
}

func TestBlitMisuse(t *testing.T) {
	a, b := newImage(t, image(texel.R32Float, 4, 4)), newImage(t, image(texel.R8Unorm, 4, 4))
	buf := floats(t, 1, 2, 3, 4)
	for want, f := range map[string]func(e *BlitEncoder){
		"the destination texture is nil":                 func(e *BlitEncoder) { e.CopyBufferToTexture(buf, 0, 4, 0, Size3{1, 1, 1}, nil, Place{}) },
		"16 bytes at offset 4 are not in the source's":   func(e *BlitEncoder) { e.CopyBufferToTexture(buf, 4, 16, 0, Size3{4, 1, 1}, a, Place{}) },
		"the source buffer is nil":                       func(e *BlitEncoder) { e.CopyBufferToTexture(nil, 0, 16, 0, Size3{4, 1, 1}, a, Place{}) },
		"a row of 4 texels takes 16 bytes, not 8":        func(e *BlitEncoder) { e.CopyBufferToTexture(buf, 0, 8, 0, Size3{4, 2, 1}, a, Place{}) },
		"x 2 to 6 is outside of level 0, which is 4×4×1": func(e *BlitEncoder) { e.CopyTextureToBuffer(a, Place{Origin: Size3{2}}, Size3{4, 1, 1}, buf, 0, 16, 0) },
		"slice 1 is not among the texture's 1":           func(e *BlitEncoder) { e.CopyTextureToBuffer(a, Place{Slice: 1}, Size3{1, 1, 1}, buf, 0, 4, 0) },
		"texels of format R32Float cannot be copied":     func(e *BlitEncoder) { e.CopyRegion(a, Place{}, Size3{1, 1, 1}, b, Place{}) },
		"level 1 is not among the texture's 1":           func(e *BlitEncoder) { e.CopySlices(a, Place{}, a, Place{}, 1, 2) },
		"it takes a colour format":                       func(e *BlitEncoder) { e.GenerateMipmaps(a) },
		"the argument texture is nil":                    func(e *BlitEncoder) { e.GenerateMipmaps(nil) },
		"level 5 is not among":                           func(e *BlitEncoder) { e.Touch("synchronizeTexture:slice:level:", a, 5, 0) },
	} {
		cb := SystemDevice().NewQueue(0).CommandBuffer(true, 0)
		e := cb.BlitEncoder()
		f(e)
		e.End()
		e.Recycle()
		submit(cb)
		require.NotNil(t, cb.Err(), want)
		require.Contains(t, cb.Err().Text, want)
	}
}

// What replaceRegion: cannot report is an exception, before memory is touched.
func TestTextureExceptions(t *testing.T) {
	d := open(t)
	desc := get(t, textureDescriptorClass().ID(), "texture2DDescriptorWithPixelFormat:width:height:mipmapped:", uintptr(texel.R8Uint), 4, 4, 0)
	tex := get(t, d, "newTextureWithDescriptor:", uintptr(desc))
	data := make([]uint64, 4)
	const replace = "replaceRegion:mipmapLevel:withBytes:bytesPerRow:"
	send(tex, replace, 0, 0, 0, 4, 4, 1, 0, address(data), 4)
	require.PanicsWithError(t, "-[MTLCPUTexture replaceRegion:mipmapLevel:slice:withBytes:bytesPerRow:bytesPerImage:]: x 1 to 5 is outside of level 0, which is 4×4×1", func() {
		send(tex, replace, 1, 0, 0, 4, 4, 1, 0, address(data), 4)
	})
	require.Panics(t, func() { send(tex, replace, 0, 0, 0, 4, 4, 1, 1, address(data), 4) })
	require.Panics(t, func() { send(tex, replace, 0, 0, 0, 4, 4, 1, 0, address(data), 3) })
}

func TestArgumentLayout(t *testing.T) {
	lib := compile(t, `
#include <metal_stdlib>
using namespace metal;
struct Inner { float a; device float *p; };
struct Args {
	texture2d<float> t [[id(3)]];
	array<texture2d<float>, 2> list;
	sampler s [[id(9)]];
	Inner inner [[id(20)]];
	float4 v [[id(30)]];
	constant Inner *next [[id(31)]];
};
kernel void k(constant Args &a [[buffer(4)]], device float *o [[buffer(0)]]) { o[0] = a.v.x + a.next->a + a.list[1].sample(a.s, float2(0)).x; }`)
	f := lib.Function("k")
	e := &ArgumentEncoder{layout: layoutOf(f.kernel.Args[0].Type)}
	offsets := map[uint64]uint64{}
	for _, s := range e.layout.slots {
		offsets[s.id] = s.offset
	}
	require.Equal(t, map[uint64]uint64{3: 0, 4: 8, 5: 16, 9: 24, 20: 32, 21: 40, 30: 48, 31: 64}, offsets)
	require.EqualValues(t, 80, e.layout.size)
	require.EqualValues(t, 16, e.layout.align)

	args := SystemDevice().NewBuffer(256, 0)
	defer args.Release()
	next := SystemDevice().NewBuffer(64, 0)
	defer next.Release()
	out := floats(t, 0)
	tex := newImage(t, image(texel.R32Float, 1, 1))
	tex.WriteColor(texel.At{}, texel.Color{R: 100})
	smp, err := SystemDevice().NewSampler(texel.DefaultSampler(), "", true)
	require.NoError(t, err)
	defer smp.Release()
	plain, err := SystemDevice().NewSampler(texel.DefaultSampler(), "", false)
	require.NoError(t, err)

	require.ErrorContains(t, e.SetTexture(tex, 3), "setArgumentBuffer:offset: comes first")
	require.ErrorContains(t, e.SetArgumentBuffer(args, 8), "no multiple of the alignment 16")
	require.ErrorContains(t, e.SetArgumentBuffer(args, 240), "80 bytes at offset 240")
	require.NoError(t, e.SetArgumentBuffer(args, 32))
	require.ErrorContains(t, e.SetTexture(tex, 6), "has no [[id(6)]]")
	require.ErrorContains(t, e.SetTexture(tex, 9), "[[id(9)]] is a sampler, not a texture")
	require.ErrorContains(t, e.SetSampler(plain, 9), "supportArgumentBuffers")
	require.ErrorContains(t, e.SetBuffer(next, 65, 31), "past the end")
	_, err = e.Constant(3)
	require.ErrorContains(t, err, "not constant data")
	require.NoError(t, e.SetTexture(tex, 5))
	require.NoError(t, e.SetSampler(smp, 9))
	require.NoError(t, e.SetBuffer(next, 16, 31))
	v, err := e.Constant(30)
	require.NoError(t, err)
	*(*float32)(v) = 10
	n := e.Nested(31)
	require.NotNil(t, n)
	require.Nil(t, e.Nested(3))
	require.NoError(t, n.SetArgumentBuffer(next, 16))
	a, err := n.Constant(0)
	require.NoError(t, err)
	*(*float32)(a) = 1

	p := pipeline(t, lib, "k")
	cb := runKernel(t, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetBuffer(args, 32, 4)
		e.SetBuffer(out, 0, 0)
		e.Use("useResource:usage:", next)
		e.UseTexture("useResource:usage:", tex)
		e.DispatchThreads(one, one)
	})
	require.Nil(t, cb.Err())
	require.EqualValues(t, 111, floatAt(out, 0))
}

// Random resources of a heap never overlap, fit, and give their place back.
func TestHeapAtRandom(t *testing.T) {
	d := SystemDevice()
	before := d.CurrentAllocatedSize()
	const size = 1 << 16
	h, err := d.NewHeap(size, 0, false)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(1, 1))
	var live []*Buffer
	for range 3000 {
		if len(live) > 0 && r.IntN(2) == 0 {
			i := r.IntN(len(live))
			live[i].Release()
			live = append(live[:i], live[i+1:]...)
			continue
		}
		n := uint64(1 + r.IntN(8000))
		room := h.MaxAvailable(heapAlign)
		b, err := h.NewBuffer(n, 0, 0)
		if room >= n {
			require.NoError(t, err)
			for _, x := range live {
				require.True(t, b.heapOffset+n <= x.heapOffset || x.heapOffset+x.Length() <= b.heapOffset)
			}
			live = append(live, b)
		} else {
			require.ErrorContains(t, err, "no room")
		}
	}
	for _, b := range live {
		b.Release()
	}
	require.Zero(t, h.Used())
	require.EqualValues(t, size, h.MaxAvailable(1))
	h.Release()
	require.Equal(t, before, d.CurrentAllocatedSize())
}

// In a placement heap the program says where, and may say the same twice.
func TestPlacementHeap(t *testing.T) {
	h, err := SystemDevice().NewHeap(1<<14, 0, true)
	require.NoError(t, err)
	defer h.Release()
	a, err := h.NewBuffer(16, 0, 512)
	require.NoError(t, err)
	b, err := h.NewBuffer(16, 0, 512)
	require.NoError(t, err)
	a.mem[3] = 9
	require.EqualValues(t, 9, b.mem[3])
	require.NotEqual(t, a.address, b.address)
	_, err = h.NewBuffer(16, 0, 100)
	require.ErrorContains(t, err, "no multiple of 256")
	_, err = h.NewBuffer(16, 0, 1<<14)
	require.ErrorContains(t, err, "are not in the heap's")
	_, err = h.NewBuffer(16, StoragePrivate<<4, 0)
	require.ErrorContains(t, err, "are the heap's")
	tex, err := h.NewTexture(image(texel.R8Unorm, 4, 4), 1024)
	require.NoError(t, err)
	tex.Release()
	a.Release()
	b.Release()
}

// Memory that is aliasable may be another's.
func TestAliasable(t *testing.T) {
	h, err := SystemDevice().NewHeap(4096, 0, false)
	require.NoError(t, err)
	defer h.Release()
	a, err := h.NewBuffer(4096, 0, 0)
	require.NoError(t, err)
	_, err = h.NewBuffer(1, 0, 0)
	require.Error(t, err)
	a.MakeAliasable()
	require.EqualValues(t, 1, a.aliasable())
	b, err := h.NewBuffer(4096, 0, 0)
	require.NoError(t, err)
	require.Same(t, &a.mem[0], &b.mem[0])
	a.Release()
	require.EqualValues(t, 4096, h.Used())
	b.Release()
}
