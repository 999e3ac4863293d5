// Filter blurs or sharpens a PNG image.
//
// usage: filter [-blur N | -edges] [-o out.png] [in.png]
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
	"io"
	"log"
	"os"

	"github.com/aruminium-go/aruminium/gpu"
)

const source = `
#include <metal_stdlib>
using namespace metal;

struct Image { int width, height; };

static float4 pixel(device const uchar4 *p, constant Image &im, int x, int y) {
    x = clamp(x, 0, im.width - 1);
    y = clamp(y, 0, im.height - 1);
    return float4(p[y * im.width + x]) / 255.0f;
}

// The mean of the pixels up to radius away along one direction: once along the
// rows and once along the columns is a blur.
kernel void blur(device const uchar4 *in [[buffer(0)]],
                 device uchar4 *out [[buffer(1)]],
                 constant Image &im [[buffer(2)]],
                 constant int &radius [[buffer(3)]],
                 constant int2 &step [[buffer(4)]],
                 uint2 pos [[thread_position_in_grid]]) {
    float4 sum = 0.0f;
    for (int i = -radius; i <= radius; i++)
        sum += pixel(in, im, int(pos.x) + i * step.x, int(pos.y) + i * step.y);
    out[pos.y * uint(im.width) + pos.x] = uchar4(round(255.0f * sum / float(2 * radius + 1)));
}

// Sobel's operator on the brightness.
kernel void edges(device const uchar4 *in [[buffer(0)]],
                  device uchar4 *out [[buffer(1)]],
                  constant Image &im [[buffer(2)]],
                  uint2 pos [[thread_position_in_grid]]) {
    const float3 luma = float3(0.2126f, 0.7152f, 0.0722f);
    int x = int(pos.x), y = int(pos.y);
    float gx = 0.0f, gy = 0.0f;
    for (int d = -1; d <= 1; d++) {
        float w = d == 0 ? 2.0f : 1.0f;
        gx += w * (dot(pixel(in, im, x + 1, y + d).rgb, luma) - dot(pixel(in, im, x - 1, y + d).rgb, luma));
        gy += w * (dot(pixel(in, im, x + d, y + 1).rgb, luma) - dot(pixel(in, im, x + d, y - 1).rgb, luma));
    }
    float e = saturate(length(float2(gx, gy)));
    out[pos.y * uint(im.width) + pos.x] = uchar4(uchar3(round(255.0f * e)), in[pos.y * uint(im.width) + pos.x].a);
}
`

func main() {
	radius := flag.Int("blur", 4, "blur over this many pixels")
	edges := flag.Bool("edges", false, "show edges instead")
	out := flag.String("o", "filtered.png", "the file to write")
	flag.Parse()
	img := picture(320, 240)
	if name := flag.Arg(0); name != "" {
		f, err := os.Open(name)
		if err != nil {
			log.Fatal(err)
		}
		if img, err = read(f); err != nil {
			log.Fatal(name, ": ", err)
		}
		f.Close()
	}
	if *edges {
		*radius = 0
	}
	filtered, err := apply(img, *radius, *edges)
	if err != nil {
		log.Fatal(err)
	}
	f, err := os.Create(*out)
	if err != nil {
		log.Fatal(err)
	}
	if err := png.Encode(f, filtered); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("wrote", *out)
}

func read(r io.Reader) (*image.NRGBA, error) {
	img, err := png.Decode(r)
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	nrgba := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(nrgba, nrgba.Bounds(), img, b.Min, draw.Src)
	return nrgba, nil
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
			if dx, dy := x-width/2, y-height/2; dx*dx+dy*dy < height*height/9 {
				c = color.NRGBA{220, 60, 40, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// size is laid out as the kernels' Image.
type size struct{ width, height int32 }

func apply(img *image.NRGBA, radius int, edges bool) (*image.NRGBA, error) {
	dev, err := gpu.Open()
	if err != nil {
		return nil, err
	}
	defer dev.Close()
	lib, err := dev.Compile(source)
	if err != nil {
		return nil, err
	}
	defer lib.Close()
	queue, err := dev.Queue()
	if err != nil {
		return nil, err
	}
	defer queue.Close()
	a, err := dev.BufferFrom(img.Pix)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	b, err := dev.Buffer(len(img.Pix))
	if err != nil {
		return nil, err
	}
	defer b.Close()

	ctx := context.Background()
	grid := gpu.D2(img.Rect.Dx(), img.Rect.Dy())
	dims := size{int32(grid.X), int32(grid.Y)}
	result := image.NewNRGBA(img.Rect)
	if edges {
		pipe, err := lib.Pipeline("edges")
		if err != nil {
			return nil, err
		}
		defer pipe.Close()
		if err := queue.Run(ctx, pipe, grid, a, b, dims); err != nil {
			return nil, err
		}
		copy(result.Pix, b.Bytes())
		return result, nil
	}
	pipe, err := lib.Pipeline("blur")
	if err != nil {
		return nil, err
	}
	defer pipe.Close()
	if err := queue.Run(ctx, pipe, grid, a, b, dims, int32(radius), [2]int32{1, 0}); err != nil {
		return nil, err
	}
	if err := queue.Run(ctx, pipe, grid, b, a, dims, int32(radius), [2]int32{0, 1}); err != nil {
		return nil, err
	}
	copy(result.Pix, a.Bytes())
	return result, nil
}
