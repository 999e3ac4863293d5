// Rotate turns and scales a PNG image, with textures and a sampler.
//
// usage: rotate [-angle degrees] [-scale factor] [-o out.png] [in.png]
//
// Without an input file it draws a picture of its own first.
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"log"
	"math"
	"os"

	"github.com/aruminium-go/aruminium/gpu"
)

// Each thread makes one pixel: it finds where in the source that is and samples
// there, from a smaller level of the source where that is to be shrunk.
const source = `
#include <metal_stdlib>
using namespace metal;

kernel void rotate(texture2d<float> in [[texture(0)]],
                   texture2d<float, access::write> out [[texture(1)]],
                   sampler smooth [[sampler(0)]],
                   constant float2x2 &turn [[buffer(0)]],
                   uint2 pos [[thread_position_in_grid]]) {
    float2 size = float2(in.get_width(), in.get_height());
    float2 from = turn * (float2(pos) + 0.5f - float2(out.get_width(), out.get_height()) / 2) + size / 2;
    float2 dx = turn[0] / size, dy = turn[1] / size;
    out.write(in.sample(smooth, from / size, gradient2d(dx, dy)), pos);
}
`

func main() {
	angle := flag.Float64("angle", 30, "turn by this many degrees, clockwise")
	scale := flag.Float64("scale", 1, "make it larger by this factor")
	out := flag.String("o", "rotated.png", "the file to write")
	flag.Parse()
	var img image.Image = picture(320, 240)
	if name := flag.Arg(0); name != "" {
		f, err := os.Open(name)
		if err != nil {
			log.Fatal(err)
		}
		if img, err = png.Decode(f); err != nil {
			log.Fatal(name, ": ", err)
		}
		f.Close()
	}
	rotated, err := rotate(img, *angle, *scale)
	if err != nil {
		log.Fatal(err)
	}
	f, err := os.Create(*out)
	if err != nil {
		log.Fatal(err)
	}
	if err := png.Encode(f, rotated); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("wrote", *out)
}

// picture is a disc on a chequered ground.
func picture(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{40, 40, 60, 255}
			if (x/16+y/16)%2 == 0 {
				c = color.NRGBA{200, 190, 160, 255}
			}
			if dx, dy := x-width/2, y-height/3; dx*dx+dy*dy < height*height/25 {
				c = color.NRGBA{220, 60, 40, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// rotate returns the image turned by angle degrees and scaled, as large as it
// takes to show all of it.
func rotate(img image.Image, angle, scale float64) (image.Image, error) {
	dev, err := gpu.Open()
	if err != nil {
		return nil, err
	}
	defer dev.Close()
	queue, err := dev.Queue()
	if err != nil {
		return nil, err
	}
	defer queue.Close()
	lib, err := dev.Compile(source)
	if err != nil {
		return nil, err
	}
	defer lib.Close()
	pipe, err := lib.Pipeline("rotate")
	if err != nil {
		return nil, err
	}
	defer pipe.Close()

	in, err := mipmapped(dev, queue, premultiplied(img))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	sin, cos := math.Sincos(angle * math.Pi / 180)
	w, h := float64(in.Width())*scale, float64(in.Height())*scale
	out, err := dev.Texture(gpu.TextureDescriptor{
		Format: gpu.RGBA8Unorm,
		Width:  int(math.Ceil(math.Abs(w*cos) + math.Abs(h*sin) - 1e-6)),
		Height: int(math.Ceil(math.Abs(w*sin) + math.Abs(h*cos) - 1e-6)),
	})
	if err != nil {
		return nil, err
	}
	defer out.Close()
	smooth, err := dev.Sampler(gpu.SamplerDescriptor{Min: gpu.FilterLinear, Mag: gpu.FilterLinear, Mip: gpu.MipLinear, Address: gpu.ClampToZero})
	if err != nil {
		return nil, err
	}
	defer smooth.Close()

	// From a pixel of the result back to the source, column by column.
	turn := [2][2]float32{{float32(cos / scale), float32(-sin / scale)}, {float32(sin / scale), float32(cos / scale)}}
	if err := queue.Run(context.Background(), pipe, gpu.D2(out.Width(), out.Height()), turn, in, out, smooth); err != nil {
		return nil, err
	}
	result := image.NewRGBA(image.Rect(0, 0, out.Width(), out.Height()))
	return result, out.DownloadImage(gpu.Region{}, result)
}

// premultiplied returns the image with its channels multiplied by alpha, as
// filters want them: what is transparent must not bleed its colour.
func premultiplied(img image.Image) *image.RGBA {
	b := img.Bounds()
	rgba := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(rgba, rgba.Rect, img, b.Min, draw.Src)
	return rgba
}

// mipmapped makes a texture of an image with all its smaller levels.
func mipmapped(dev *gpu.Device, queue *gpu.Queue, img *image.RGBA) (*gpu.Texture, error) {
	tex, err := dev.Texture(gpu.TextureDescriptor{Format: gpu.RGBA8Unorm, Width: img.Rect.Dx(), Height: img.Rect.Dy(), Mips: gpu.AllMips})
	if err != nil {
		return nil, err
	}
	if err := tex.UploadImage(gpu.Region{}, img); err != nil {
		tex.Close()
		return nil, err
	}
	cmd, err := queue.Commands()
	if err != nil {
		tex.Close()
		return nil, err
	}
	copier, err := cmd.Copier()
	if err != nil {
		tex.Close()
		return nil, err
	}
	if tex.Mips() > 1 {
		copier.GenerateMips(tex)
	}
	copier.Finish() // an error of it comes back from Submit
	if err := cmd.Submit(); err != nil {
		tex.Close()
		return nil, err
	}
	return tex, nil // work on the queue runs in order: no need to wait
}
