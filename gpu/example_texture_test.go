package gpu_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"

	"github.com/aruminium-go/aruminium/gpu"
)

const textureSource = `
#include <metal_stdlib>
using namespace metal;

kernel void invert(texture2d<float, access::read> in [[texture(0)]],
                   texture2d<float, access::write> out [[texture(1)]],
                   uint2 pos [[thread_position_in_grid]]) {
    float4 c = in.read(pos);
    out.write(float4(1 - c.rgb, c.a), pos);
}

kernel void middle(texture2d<float> in [[texture(0)]],
                   sampler s [[sampler(0)]],
                   device float *out [[buffer(0)]]) {
    out[0] = in.sample(s, float2(0.5f)).r;
}
`

// A kernel that reads one image and writes another.
func ExampleDevice_Texture() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(textureSource))
	defer lib.Close()
	invert := must(lib.Pipeline("invert"))
	defer invert.Close()
	in := must(dev.Texture(gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 2, Height: 1}))
	defer in.Close()
	out := must(dev.Texture(gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 2, Height: 1}))
	defer out.Close()

	check(in.Upload(gpu.Region{}, []byte{0, 100, 200, 255, 255, 0, 0, 128}))
	check(queue.Run(context.Background(), invert, gpu.D2(2, 1), in, out))
	texels := make([]byte, 8)
	check(out.Download(gpu.Region{}, texels))
	fmt.Println(texels)
	// Output: [255 155 55 255 0 255 255 128]
}

func ExampleDevice_TextureFrom() {
	dev := must(gpu.Open())
	defer dev.Close()
	img := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	img.SetNRGBA(3, 1, color.NRGBA{1, 2, 3, 4})

	tex := must(dev.TextureFrom(img))
	defer tex.Close()
	fmt.Println(tex.Format(), tex.Width(), tex.Height())
	back := must(tex.Image())
	fmt.Println(back.At(3, 1))
	// Output:
	// RGBA8Unorm 4 2
	// {1 2 3 4}
}

// Between two texels a linear filter takes some of each.
func ExampleDevice_Sampler() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(textureSource))
	defer lib.Close()
	middle := must(lib.Pipeline("middle"))
	defer middle.Close()
	tex := must(dev.Texture(gpu.TextureDescriptor{Format: gpu.R8Unorm, Width: 2}))
	defer tex.Close()
	check(tex.Upload(gpu.Region{}, []byte{0, 255}))
	linear := must(dev.Sampler(gpu.SamplerDescriptor{Min: gpu.FilterLinear, Mag: gpu.FilterLinear}))
	defer linear.Close()
	out := must(gpu.Make[float32](dev, 1))
	defer out.Close()

	check(queue.Run(context.Background(), middle, gpu.D1(1), tex, linear, out))
	fmt.Println(out.Slice())
	// Output: [0.5]
}

// A texture of the wrong kind is found out before anything runs.
func ExampleEncoder_BindTexture() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	lib := must(dev.Compile(textureSource))
	defer lib.Close()
	invert := must(lib.Pipeline("invert"))
	defer invert.Close()
	ints := must(dev.Texture(gpu.TextureDescriptor{Format: gpu.RGBA8Uint, Width: 2}))
	defer ints.Close()

	cmd := must(queue.Commands())
	enc := must(cmd.Encoder())
	enc.Bind(invert)
	enc.BindTexture(ints, 0)
	enc.Launch(gpu.D1(2), gpu.D1(2))
	var wrong *gpu.LaunchError
	fmt.Println(errors.As(enc.Finish(), &wrong))
	fmt.Println(wrong.Reason)
	// Output:
	// true
	// the texture at index 0 of the argument in at index 0 has the format RGBA8Uint of unsigned integer channels, and the kernel takes float ones
}

// Rows of texels lie in the buffer one after the other.
func ExampleCopier_CopyFromTexture() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	tex := must(dev.Texture(gpu.TextureDescriptor{Format: gpu.R8Uint, Width: 3, Height: 2}))
	defer tex.Close()
	check(tex.Upload(gpu.Region{}, []byte{1, 2, 3, 4, 5, 6}))
	buf := must(dev.Buffer(8))
	defer buf.Close()

	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.CopyFromTexture(buf, 0, 4, tex, gpu.Region{X: 1, Width: 2})
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	fmt.Println(buf.Bytes())
	// Output: [2 3 0 0 5 6 0 0]
}

func ExampleCopier_GenerateMips() {
	dev := must(gpu.Open())
	defer dev.Close()
	queue := must(dev.Queue())
	defer queue.Close()
	tex := must(dev.Texture(gpu.TextureDescriptor{Format: gpu.R8Unorm, Width: 2, Height: 2, Mips: gpu.AllMips}))
	defer tex.Close()
	check(tex.Upload(gpu.Region{}, []byte{0, 100, 100, 200}))

	cmd := must(queue.Commands())
	c := must(cmd.Copier())
	c.GenerateMips(tex)
	check(c.Finish())
	check(cmd.Submit())
	check(cmd.Wait())
	texel := make([]byte, 1)
	check(tex.Download(gpu.Region{Level: 1}, texel))
	fmt.Println(texel)
	// Output: [100]
}

// A view shows part of a texture, here one slice of an array, with its channels
// in another order.
func ExampleTexture_View() {
	dev := must(gpu.Open())
	defer dev.Close()
	array := must(dev.Texture(gpu.TextureDescriptor{Type: gpu.Texture2DArray, Format: gpu.RGBA8Unorm, Width: 4, Height: 4, Layers: 8}))
	defer array.Close()

	view := must(array.View(gpu.ViewDescriptor{Type: gpu.Texture2D, Slice: 5, Slices: 1, Swizzle: "bgra"}))
	defer view.Close()
	fmt.Println(view.Type(), view.Layers())
	// Output: 2d 1
}

func ExampleDevice_Heap() {
	dev := must(gpu.Open())
	defer dev.Close()
	heap := must(dev.Heap(1<<20, false))
	defer heap.Close()

	buf := must(heap.Buffer(1000))
	defer buf.Close()
	tex := must(heap.Texture(gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: 64, Height: 64}))
	defer tex.Close()
	fmt.Println(heap.Used() >= 1000+64*64*4, heap.Available() > 0)
	_, err := heap.Buffer(1 << 20)
	fmt.Println(errors.Is(err, gpu.ErrMemory))
	// Output:
	// true true
	// true
}
