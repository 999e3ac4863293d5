package main

import (
	"bytes"
	"image/color"
	"image/png"
	"math/cmplx"
	"testing"
)

func TestRun(t *testing.T) {
	const width, height = 121, 90
	var out bytes.Buffer
	if err := run(&out, width, height); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != width || b.Dy() != height {
		t.Fatalf("the image is %v", b)
	}
	// A point is black if it never leaves; rounding decides only near the rim.
	black := color.NRGBA{0, 0, 0, 255}
	wrong := 0
	for y := range height {
		for x := range width {
			c := complex(-0.6+(float64(x)-width/2.0)*3.2/width, (float64(y)-height/2.0)*3.2/width)
			z, i := complex(0, 0), 0
			for ; i < 256 && cmplx.Abs(z) < 16; i++ {
				z = z*z + c
			}
			if (color.NRGBAModel.Convert(img.At(x, y)) == black) != (i == 256) {
				wrong++
			}
		}
	}
	if wrong > width*height/500 {
		t.Errorf("%d of %d pixels differ", wrong, width*height)
	}
	if err := run(&out, 0, 10); err == nil {
		t.Error("an empty image gives no error")
	}
}
