package texel

import "sync"

// row is a line of the table of formats. channels names the channels from the
// least significant bit on; bits is the width of each or, if it is 0, widths has
// theirs in the same order.
type row struct {
	f        Format
	name     string
	num      Number
	channels string
	bits     uint8
	widths   [4]uint8
	flags    flag
}

type flag uint8

const (
	filter flag = 1 << iota
	write
	atomics
	depth
	stencil
)

var rows = []row{
	{f: A8Unorm, name: "A8Unorm", channels: "a", bits: 8, flags: filter | write},

	{f: R8Unorm, name: "R8Unorm", channels: "r", bits: 8, flags: filter | write},
	{f: R8UnormSRGB, name: "R8Unorm_sRGB", num: SRGB, channels: "r", bits: 8, flags: filter | write},
	{f: R8Snorm, name: "R8Snorm", num: Snorm, channels: "r", bits: 8, flags: filter | write},
	{f: R8Uint, name: "R8Uint", num: Uint, channels: "r", bits: 8, flags: write},
	{f: R8Sint, name: "R8Sint", num: Sint, channels: "r", bits: 8, flags: write},

	{f: R16Unorm, name: "R16Unorm", channels: "r", bits: 16, flags: filter | write},
	{f: R16Snorm, name: "R16Snorm", num: Snorm, channels: "r", bits: 16, flags: filter | write},
	{f: R16Uint, name: "R16Uint", num: Uint, channels: "r", bits: 16, flags: write},
	{f: R16Sint, name: "R16Sint", num: Sint, channels: "r", bits: 16, flags: write},
	{f: R16Float, name: "R16Float", num: Float, channels: "r", bits: 16, flags: filter | write},

	{f: RG8Unorm, name: "RG8Unorm", channels: "rg", bits: 8, flags: filter | write},
	{f: RG8UnormSRGB, name: "RG8Unorm_sRGB", num: SRGB, channels: "rg", bits: 8, flags: filter | write},
	{f: RG8Snorm, name: "RG8Snorm", num: Snorm, channels: "rg", bits: 8, flags: filter | write},
	{f: RG8Uint, name: "RG8Uint", num: Uint, channels: "rg", bits: 8, flags: write},
	{f: RG8Sint, name: "RG8Sint", num: Sint, channels: "rg", bits: 8, flags: write},

	{f: B5G6R5Unorm, name: "B5G6R5Unorm", channels: "bgr", widths: [4]uint8{5, 6, 5}, flags: filter},
	{f: A1BGR5Unorm, name: "A1BGR5Unorm", channels: "abgr", widths: [4]uint8{1, 5, 5, 5}, flags: filter},
	{f: ABGR4Unorm, name: "ABGR4Unorm", channels: "abgr", bits: 4, flags: filter},
	{f: BGR5A1Unorm, name: "BGR5A1Unorm", channels: "bgra", widths: [4]uint8{5, 5, 5, 1}, flags: filter},

	{f: R32Uint, name: "R32Uint", num: Uint, channels: "r", bits: 32, flags: write | atomics},
	{f: R32Sint, name: "R32Sint", num: Sint, channels: "r", bits: 32, flags: write | atomics},
	{f: R32Float, name: "R32Float", num: Float, channels: "r", bits: 32, flags: filter | write},

	{f: RG16Unorm, name: "RG16Unorm", channels: "rg", bits: 16, flags: filter | write},
	{f: RG16Snorm, name: "RG16Snorm", num: Snorm, channels: "rg", bits: 16, flags: filter | write},
	{f: RG16Uint, name: "RG16Uint", num: Uint, channels: "rg", bits: 16, flags: write},
	{f: RG16Sint, name: "RG16Sint", num: Sint, channels: "rg", bits: 16, flags: write},
	{f: RG16Float, name: "RG16Float", num: Float, channels: "rg", bits: 16, flags: filter | write},

	{f: RGBA8Unorm, name: "RGBA8Unorm", channels: "rgba", bits: 8, flags: filter | write},
	{f: RGBA8UnormSRGB, name: "RGBA8Unorm_sRGB", num: SRGB, channels: "rgba", bits: 8, flags: filter | write},
	{f: RGBA8Snorm, name: "RGBA8Snorm", num: Snorm, channels: "rgba", bits: 8, flags: filter | write},
	{f: RGBA8Uint, name: "RGBA8Uint", num: Uint, channels: "rgba", bits: 8, flags: write},
	{f: RGBA8Sint, name: "RGBA8Sint", num: Sint, channels: "rgba", bits: 8, flags: write},

	{f: BGRA8Unorm, name: "BGRA8Unorm", channels: "bgra", bits: 8, flags: filter | write},
	{f: BGRA8UnormSRGB, name: "BGRA8Unorm_sRGB", num: SRGB, channels: "bgra", bits: 8, flags: filter | write},

	{f: RGB10A2Unorm, name: "RGB10A2Unorm", channels: "rgba", widths: [4]uint8{10, 10, 10, 2}, flags: filter | write},
	{f: RGB10A2Uint, name: "RGB10A2Uint", num: Uint, channels: "rgba", widths: [4]uint8{10, 10, 10, 2}, flags: write},
	{f: RG11B10Float, name: "RG11B10Float", num: Ufloat, channels: "rgb", widths: [4]uint8{11, 11, 10}, flags: filter | write},
	{f: RGB9E5Float, name: "RGB9E5Float", num: Shared, channels: "rgb", widths: [4]uint8{9, 9, 9}, flags: filter | write},
	{f: BGR10A2Unorm, name: "BGR10A2Unorm", channels: "bgra", widths: [4]uint8{10, 10, 10, 2}, flags: filter | write},

	{f: RG32Uint, name: "RG32Uint", num: Uint, channels: "rg", bits: 32, flags: write | atomics},
	{f: RG32Sint, name: "RG32Sint", num: Sint, channels: "rg", bits: 32, flags: write},
	{f: RG32Float, name: "RG32Float", num: Float, channels: "rg", bits: 32, flags: filter | write},

	{f: RGBA16Unorm, name: "RGBA16Unorm", channels: "rgba", bits: 16, flags: filter | write},
	{f: RGBA16Snorm, name: "RGBA16Snorm", num: Snorm, channels: "rgba", bits: 16, flags: filter | write},
	{f: RGBA16Uint, name: "RGBA16Uint", num: Uint, channels: "rgba", bits: 16, flags: write},
	{f: RGBA16Sint, name: "RGBA16Sint", num: Sint, channels: "rgba", bits: 16, flags: write},
	{f: RGBA16Float, name: "RGBA16Float", num: Float, channels: "rgba", bits: 16, flags: filter | write},

	{f: RGBA32Uint, name: "RGBA32Uint", num: Uint, channels: "rgba", bits: 32, flags: write},
	{f: RGBA32Sint, name: "RGBA32Sint", num: Sint, channels: "rgba", bits: 32, flags: write},
	{f: RGBA32Float, name: "RGBA32Float", num: Float, channels: "rgba", bits: 32, flags: filter | write},

	{f: Depth16Unorm, name: "Depth16Unorm", channels: "r", bits: 16, flags: filter | depth},
	{f: Depth32Float, name: "Depth32Float", num: Float, channels: "r", bits: 32, flags: filter | depth},
	{f: Stencil8, name: "Stencil8", num: Uint, channels: "r", bits: 8, flags: stencil},
}

// formats is the table by number.
var formats = sync.OnceValue(func() []Info {
	t := make([]Info, Stencil8+1)
	for i := range rows {
		r := &rows[i]
		in := &t[r.f]
		*in = Info{Name: r.name, Channels: r.channels, num: r.num, Class: ClassFloat, SRGB: r.num == SRGB,
			Filter: r.flags&filter != 0, Write: r.flags&write != 0, Atomic: r.flags&atomics != 0,
			Depth: r.flags&depth != 0, Stencil: r.flags&stencil != 0}
		switch r.num {
		case Uint:
			in.Class = ClassUint
		case Sint:
			in.Class = ClassSint
		}
		bit := 0
		for k := range len(r.channels) {
			c := channel(r.channels[k])
			w := r.bits
			if w == 0 {
				w = r.widths[k]
			}
			in.bits[c], in.at[c] = w, uint8(bit)
			bit += int(w)
		}
		if r.num == Shared {
			bit += 5 // the exponent
		}
		in.Size = bit / 8
		in.HasAlpha = in.bits[3] != 0
		if r.num == Unorm && r.bits == 8 && r.channels == "rgba" {
			in.fast = rgba8
		} else if r.num == Unorm && r.bits == 8 && r.channels == "bgra" {
			in.fast = bgra8
		}
	}
	return t
})

// channel returns the index of a channel's letter.
func channel(c byte) int {
	switch c {
	case 'r':
		return 0
	case 'g':
		return 1
	case 'b':
		return 2
	}
	return 3
}
