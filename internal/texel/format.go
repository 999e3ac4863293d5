package texel

import "strconv"

// Format is a pixel format; the numbers are those of MTLPixelFormat.
type Format uint16

// The formats that textures of this package can have.
const (
	Invalid Format = 0

	A8Unorm Format = 1

	R8Unorm     Format = 10
	R8UnormSRGB Format = 11
	R8Snorm     Format = 12
	R8Uint      Format = 13
	R8Sint      Format = 14

	R16Unorm Format = 20
	R16Snorm Format = 22
	R16Uint  Format = 23
	R16Sint  Format = 24
	R16Float Format = 25

	RG8Unorm     Format = 30
	RG8UnormSRGB Format = 31
	RG8Snorm     Format = 32
	RG8Uint      Format = 33
	RG8Sint      Format = 34

	B5G6R5Unorm Format = 40
	A1BGR5Unorm Format = 41
	ABGR4Unorm  Format = 42
	BGR5A1Unorm Format = 43

	R32Uint  Format = 53
	R32Sint  Format = 54
	R32Float Format = 55

	RG16Unorm Format = 60
	RG16Snorm Format = 62
	RG16Uint  Format = 63
	RG16Sint  Format = 64
	RG16Float Format = 65

	RGBA8Unorm     Format = 70
	RGBA8UnormSRGB Format = 71
	RGBA8Snorm     Format = 72
	RGBA8Uint      Format = 73
	RGBA8Sint      Format = 74

	BGRA8Unorm     Format = 80
	BGRA8UnormSRGB Format = 81

	RGB10A2Unorm Format = 90
	RGB10A2Uint  Format = 91
	RG11B10Float Format = 92
	RGB9E5Float  Format = 93
	BGR10A2Unorm Format = 94

	RG32Uint  Format = 103
	RG32Sint  Format = 104
	RG32Float Format = 105

	RGBA16Unorm Format = 110
	RGBA16Snorm Format = 112
	RGBA16Uint  Format = 113
	RGBA16Sint  Format = 114
	RGBA16Float Format = 115

	RGBA32Uint  Format = 123
	RGBA32Sint  Format = 124
	RGBA32Float Format = 125

	Depth16Unorm Format = 250
	Depth32Float Format = 252
	Stencil8     Format = 253
)

// Class is what a format's channels are numbers of.
type Class uint8

const (
	ClassNone  Class = iota
	ClassFloat       // floats and normalised integers: float and half in a kernel
	ClassUint        // uint and ushort
	ClassSint        // int and short
)

func (c Class) String() string {
	switch c {
	case ClassFloat:
		return "float"
	case ClassUint:
		return "unsigned integer"
	case ClassSint:
		return "signed integer"
	}
	return "no"
}

// Number is how a channel is stored.
type Number uint8

const (
	Unorm  Number = iota // an integer, divided by the largest one
	Snorm                // the same with a sign, at least -1
	Uint                 // an integer
	Sint                 // an integer with a sign
	Float                // 16 or 32 bits
	SRGB                 // 8 bits; alpha is Unorm
	Shared               // RGB9E5Float
	Ufloat               // RG11B10Float
)

// Info describes a format.
type Info struct {
	Name     string
	Size     int // bytes of a texel
	Class    Class
	Channels string // in order of significance, least first: "bgra"
	HasAlpha bool
	Depth    bool // depth: read by depth textures
	Stencil  bool
	SRGB     bool

	Filter bool // may be sampled with linear filters
	Write  bool // may be written by a kernel
	Atomic bool // has texture atomics

	num  Number
	fast fastPath
	bits [4]uint8 // width of each channel, r g b a; 0 if it is not there
	at   [4]uint8 // its lowest bit
}

// Number returns how the channels are stored.
func (in *Info) Number() Number { return in.num }

// Channel returns the lowest bit of a channel, counting r, g, b and a from 0, and
// its width, which is 0 if the format does not have it.
func (in *Info) Channel(i int) (at, bits int) { return int(in.at[i]), int(in.bits[i]) }

// Info returns the description of f and whether there is such a format.
func (f Format) Info() (*Info, bool) {
	t := formats()
	if int(f) >= len(t) || t[f].Size == 0 {
		return nil, false
	}
	return &t[f], true
}

// Valid reports whether textures can have the format.
func (f Format) Valid() bool { _, ok := f.Info(); return ok }

// Size returns the bytes of a texel, 0 for what is no format.
func (f Format) Size() int {
	if in, ok := f.Info(); ok {
		return in.Size
	}
	return 0
}

// String returns Metal's name without its prefix: "RGBA8Unorm_sRGB".
func (f Format) String() string {
	if in, ok := f.Info(); ok {
		return in.Name
	}
	return "pixel format " + strconv.Itoa(int(f))
}

// All returns every format there is, in order.
func All() []Format {
	var list []Format
	for f := range formats() {
		if Format(f).Valid() {
			list = append(list, Format(f))
		}
	}
	return list
}
