package texel

import (
	"encoding/binary"
	"math"
	"sort"
	"sync"
)

// srgbToLinear is the curve's value for each byte.
var srgbToLinear = sync.OnceValue(func() *[256]float32 {
	t := new([256]float32)
	for i := range t {
		t[i] = float32(linear(float64(i) / 255))
	}
	return t
})

// SRGBTable returns the curve's value for each byte, as float32s in memory. The caller
// must not change it.
var SRGBTable = sync.OnceValue(func() []byte {
	var b []byte
	for _, x := range srgbToLinear() {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
})

// linear is the sRGB curve.
func linear(c float64) float64 {
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

// srgbEdges has, for each byte but the last, the least float32 that becomes a
// larger one: that whose value on the inverse curve is past the middle. The
// middle itself is never met exactly but by 0, so ties do not matter.
var srgbEdges = sync.OnceValue(func() *[255]float32 {
	t := new([255]float32)
	for i := range t {
		x := float32(linear((float64(i) + 0.5) / 255))
		for encodeSRGB(math.Nextafter32(x, 0)) > float64(i)+0.5 {
			x = math.Nextafter32(x, 0)
		}
		for encodeSRGB(x) <= float64(i)+0.5 {
			x = math.Nextafter32(x, 1)
		}
		t[i] = x
	}
	return t
})

// encodeSRGB is the inverse curve, in units of a byte.
func encodeSRGB(x float32) float64 {
	c := float64(x)
	if c < 0.0031308 {
		return 12.92 * c * 255
	}
	return (1.055*math.Pow(c, 1/2.4) - 0.055) * 255
}

// linearToSRGB returns the byte nearest to the inverse curve's value.
func linearToSRGB(x float32) uint32 {
	if !(x > 0) {
		return 0
	}
	t := srgbEdges()
	return uint32(sort.Search(len(t), func(i int) bool { return x < t[i] }))
}
