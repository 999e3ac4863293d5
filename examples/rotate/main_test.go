package main

import (
	"image"
	"image/color"
	"testing"
)

// A quarter turn moves every pixel to a place of its own.
func TestQuarterTurn(t *testing.T) {
	img := picture(37, 20)
	got, err := rotate(img, 90, 1)
	if err != nil {
		t.Fatal(err)
	}
	if want := image.Rect(0, 0, 20, 37); got.Bounds() != want {
		t.Fatalf("the result is %v, want %v", got.Bounds(), want)
	}
	for y := range 20 {
		for x := range 37 {
			want := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			have := got.At(19-y, x).(color.RGBA)
			if apart(want.R, have.R) > 1 || apart(want.G, have.G) > 1 || apart(want.B, have.B) > 1 || apart(want.A, have.A) > 1 {
				t.Fatalf("(%d, %d) is %v, want %v", 19-y, x, have, want)
			}
		}
	}
}

// Half the size is the mean of two by two pixels.
func TestHalf(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for y := range 8 {
		for x := range 8 {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x * 30), uint8(y * 30), 100, 255})
		}
	}
	got, err := rotate(img, 0, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	for y := range 4 {
		for x := range 4 {
			want := color.RGBA{uint8(x*60 + 15), uint8(y*60 + 15), 100, 255}
			have := got.At(x, y).(color.RGBA)
			if apart(want.R, have.R) > 1 || apart(want.G, have.G) > 1 || have.B != 100 || have.A != 255 {
				t.Fatalf("(%d, %d) is %v, want %v", x, y, have, want)
			}
		}
	}
}

// What is outside of the picture is transparent.
func TestCorners(t *testing.T) {
	got, err := rotate(picture(64, 64), 45, 1)
	if err != nil {
		t.Fatal(err)
	}
	if c := got.At(0, 0).(color.RGBA); c != (color.RGBA{}) {
		t.Fatalf("the corner is %v", c)
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
