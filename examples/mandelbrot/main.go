// Mandelbrot draws the Mandelbrot set into a PNG file.
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io"
	"log"
	"os"

	"github.com/aruminium-go/aruminium/gpu"
)

const source = `
#include <metal_stdlib>
using namespace metal;

struct View {
    float2 center;
    float scale; // of a pixel
    uint limit;  // of iterations
};

kernel void mandelbrot(device uchar4 *pixels [[buffer(0)]],
                       constant View &view [[buffer(1)]],
                       uint2 pos [[thread_position_in_grid]],
                       uint2 size [[threads_per_grid]]) {
    float2 c = view.center + (float2(pos) - 0.5f * float2(size)) * view.scale;
    float2 z = 0.0f;
    uint i = 0;
    while (i < view.limit && dot(z, z) < 256.0f) {
        z = float2(z.x * z.x - z.y * z.y, 2.0f * z.x * z.y) + c;
        i++;
    }
    uchar4 color = uchar4(0, 0, 0, 255);
    if (i < view.limit) {
        // Fractions of an iteration, so that the colours flow.
        float t = (float(i) - log2(log2(dot(z, z)) * 0.5f)) * 0.05f;
        float3 rgb = 0.5f + 0.5f * cos(6.2831853f * (t + float3(0.0f, 0.33f, 0.67f)));
        color.rgb = uchar3(round(rgb * 255.0f));
    }
    pixels[pos.y * size.x + pos.x] = color;
}
`

func main() {
	file := flag.String("o", "mandelbrot.png", "the file to write")
	width := flag.Int("w", 640, "width in pixels")
	height := flag.Int("h", 480, "height in pixels")
	flag.Parse()
	f, err := os.Create(*file)
	if err != nil {
		log.Fatal(err)
	}
	if err := run(f, *width, *height); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("wrote", *file)
}

// view is laid out as the kernel's View.
type view struct {
	center [2]float32
	scale  float32
	limit  uint32
}

func run(out io.Writer, width, height int) error {
	img, err := draw(width, height)
	if err != nil {
		return err
	}
	return png.Encode(out, img)
}

func draw(width, height int) (*image.NRGBA, error) {
	if width < 1 || height < 1 {
		return nil, fmt.Errorf("an image of %dx%d pixels: sizes must be positive", width, height)
	}
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
	pipe, err := lib.Pipeline("mandelbrot")
	if err != nil {
		return nil, err
	}
	defer pipe.Close()
	queue, err := dev.Queue()
	if err != nil {
		return nil, err
	}
	defer queue.Close()
	pixels, err := dev.Buffer(width * height * 4)
	if err != nil {
		return nil, err
	}
	defer pixels.Close()

	v := view{center: [2]float32{-0.6, 0}, scale: 3.2 / float32(width), limit: 256}
	if err := queue.Run(context.Background(), pipe, gpu.D2(width, height), pixels, v); err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	err = pixels.Read(func(b []byte) { copy(img.Pix, b) })
	return img, err
}
