package main

import (
	"encoding/binary"
	"fmt"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/gpu"
)

// images is the suite of kernels on textures. In C an image is its pixels.
var images = []workload{
	{
		name: "tone", about: "a colour matrix, 2048×2048 rgba8",
		defines:  []define{{"W", 2048}},
		buffers:  []buffer{{size: 9 * 4, fill: uniformFloats(1, 0, 0.4)}, image(gpu.RGBA8Unorm, 2048, 4, uniformWords(2, 0)), result(image(gpu.RGBA8Unorm, 2048, 4, nil), nearBytes)},
		launches: []launch{pixels("tone", 2048)},
	},
	{
		name: "blur", about: "means of 3×3 pixels, 2048×2048 rgba8",
		defines:  []define{{"W", 2048}},
		buffers:  []buffer{image(gpu.RGBA8Unorm, 2048, 4, uniformWords(1, 0)), result(image(gpu.RGBA8Unorm, 2048, 4, nil), nearBytes)},
		launches: []launch{pixels("blur", 2048)},
	},
	{
		name: "sobel", about: "edges, 2048×2048 r8",
		defines:  []define{{"W", 2048}},
		buffers:  []buffer{image(gpu.R8Unorm, 2048, 1, uniformWords(1, 0)), result(image(gpu.R8Unorm, 2048, 1, nil), nearBytes)},
		launches: []launch{pixels("sobel", 2048)},
	},
	{
		name: "resize", about: "linear samples, rgba8, 2048×2048 to 1500×1500",
		defines:  []define{{"W", 2048}, {"OUT", 1500}},
		buffers:  []buffer{image(gpu.RGBA8Unorm, 2048, 4, uniformWords(1, 0)), result(image(gpu.RGBA8Unorm, 1500, 4, nil), nearBytes)},
		launches: []launch{pixels("resize", 1500)},
	},
	{
		name: "rotate", about: "nearest samples, 1024×1024 rgba32f",
		defines:  []define{{"W", 1024}},
		buffers:  []buffer{image(gpu.RGBA32Float, 1024, 16, uniformFloats(1, 0, 1)), result(image(gpu.RGBA32Float, 1024, 16, nil), mostWords)},
		launches: []launch{pixels("rotate", 1024)},
	},
	{
		name: "develop", about: "2048×2048 rgba16f to rgba8",
		defines:  []define{{"W", 2048}},
		buffers:  []buffer{image(gpu.RGBA16Float, 2048, 8, uniformHalves(1, 0, 4)), result(image(gpu.RGBA8Unorm, 2048, 4, nil), nearBytes)},
		launches: []launch{pixels("develop", 2048)},
	},
}

// image is a square texture of width w, whose texels have size bytes.
func image(f gpu.PixelFormat, w, size int, fill func([]byte)) buffer {
	return buffer{size: w * w * size, fill: fill, image: &gpu.TextureDescriptor{Format: f, Width: w, Height: w}}
}

func result(b buffer, kind resultKind) buffer {
	b.result = kind
	return b
}

// pixels launches kernel over a square of width w.
func pixels(kernel string, w int) launch {
	return launch{kernel: kernel, grid: [3]int{w, w, 1}, group: [3]int{32, 8, 1}}
}

// uniformHalves fills with halves from lo to hi, the same each time.
func uniformHalves(seed uint32, lo, hi float32) func([]byte) {
	return func(b []byte) {
		x := seed*2654435761 + 12345
		for at := 0; at+2 <= len(b); at += 2 {
			x = x*1664525 + 1013904223
			h := fp16.FromFloat32(lo + (hi-lo)*float32(x>>8)/(1<<24))
			binary.LittleEndian.PutUint16(b[at:], h.Bits())
		}
	}
}

// compareBytes returns an error if bytes differ by more than one: a float that is
// rounded may be off by its last bit.
func compareBytes(got, want []byte) error {
	for i, x := range want {
		if d := int(got[i]) - int(x); d < -1 || d > 1 {
			return fmt.Errorf("byte %d is %d, want %d", i, got[i], x)
		}
	}
	return nil
}
