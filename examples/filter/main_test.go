package main

import (
	"bytes"
	"image"
	"image/png"
	"testing"
)

func TestBlur(t *testing.T) {
	img := picture(67, 43)
	const radius = 3
	got, err := apply(img, radius, false)
	if err != nil {
		t.Fatal(err)
	}
	want := blur(blur(img, radius, 1, 0), radius, 0, 1)
	for i := range want.Pix {
		if d := int(got.Pix[i]) - int(want.Pix[i]); d < -1 || d > 1 {
			t.Fatalf("byte %d is %d, want %d", i, got.Pix[i], want.Pix[i])
		}
	}
}

func blur(img *image.NRGBA, radius, dx, dy int) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for x := range w {
			for c := range 4 {
				sum := 0
				for i := -radius; i <= radius; i++ {
					px, py := min(max(x+i*dx, 0), w-1), min(max(y+i*dy, 0), h-1)
					sum += int(img.Pix[img.PixOffset(px, py)+c])
				}
				n := 2*radius + 1
				out.Pix[out.PixOffset(x, y)+c] = uint8((2*sum + n) / (2 * n))
			}
		}
	}
	return out
}

func TestEdges(t *testing.T) {
	img := picture(64, 64)
	got, err := apply(img, 0, true)
	if err != nil {
		t.Fatal(err)
	}
	if c := got.NRGBAAt(8, 8); c.R != 0 || c.A != 255 {
		t.Errorf("inside a square there is an edge: %v", c)
	}
	if c := got.NRGBAAt(16, 8); c.R < 100 {
		t.Errorf("between squares there is none: %v", c)
	}
}

func TestReadsWhatItWrites(t *testing.T) {
	img := picture(20, 10)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	back, err := read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(back.Pix, img.Pix) {
		t.Error("the pixels differ")
	}
	if _, err := read(bytes.NewReader([]byte("no image"))); err == nil {
		t.Error("what is no PNG gives no error")
	}
}
