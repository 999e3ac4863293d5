package texel

import (
	"encoding/binary"
	"math"
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

// SRGBSteps is the inverse curve as a table over the upper half of a float32's bits: it
// is so fine that a byte becomes the next one at most once in each. Where b are the bits of
// a float32 from Least, of which no lower half is set, to 1, the byte is
//
//	(Words[b>>16-Least>>16] + b&0xffff) >> 16
//
// It is 0 for all that is less than the float32 with the bits Least.
type SRGBSteps struct {
	Least uint32
	Words []uint32
}

// SRGBInverse returns the table. The caller must not change it.
var SRGBInverse = sync.OnceValue(func() *SRGBSteps {
	edges := srgbEdges()
	bits := func(i int) uint32 { return math.Float32bits(edges[i]) }
	first := bits(0)>>16 - 1
	s := &SRGBSteps{Least: first << 16}
	const one = 0x3f80
	for cell, i := first, 0; cell <= one; cell++ {
		word := uint32(i) << 16
		if i < len(edges) && bits(i)>>16 == cell {
			word += 1<<16 - bits(i)&0xffff
			i++
		}
		s.Words = append(s.Words, word)
	}
	return s
})

// SRGBInverseTable returns the words of the table in memory. The caller must not change
// it.
var SRGBInverseTable = sync.OnceValue(func() []byte {
	var b []byte
	for _, w := range SRGBInverse().Words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
})

// linearToSRGB returns the byte nearest to the inverse curve's value.
func linearToSRGB(x float32) uint32 {
	if !(x > 0) {
		return 0
	}
	s := SRGBInverse()
	b := max(math.Float32bits(min(x, 1)), s.Least)
	return (s.Words[(b-s.Least)>>16] + b&0xffff) >> 16
}
