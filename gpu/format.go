package gpu

import (
	"github.com/aruminium-go/aruminium/internal/texel"
	"github.com/aruminium-go/aruminium/mtl"
)

// PixelFormat is how a texel is stored, MTLPixelFormat. The name tells the channels, their bits
// and what they are: Unorm is 0 to 1 and Snorm -1 to 1 in integers; a kernel reads both, and Float,
// as float or half, Uint as uint or ushort, Sint as int or short.
type PixelFormat mtl.PixelFormat

// The pixel formats that kernels can read. Those that kernels cannot write, too, are marked.
const (
	A8Unorm        = PixelFormat(texel.A8Unorm)
	R8Unorm        = PixelFormat(texel.R8Unorm)
	R8UnormSRGB    = PixelFormat(texel.R8UnormSRGB)
	R8Snorm        = PixelFormat(texel.R8Snorm)
	R8Uint         = PixelFormat(texel.R8Uint)
	R8Sint         = PixelFormat(texel.R8Sint)
	R16Unorm       = PixelFormat(texel.R16Unorm)
	R16Snorm       = PixelFormat(texel.R16Snorm)
	R16Uint        = PixelFormat(texel.R16Uint)
	R16Sint        = PixelFormat(texel.R16Sint)
	R16Float       = PixelFormat(texel.R16Float)
	RG8Unorm       = PixelFormat(texel.RG8Unorm)
	RG8UnormSRGB   = PixelFormat(texel.RG8UnormSRGB)
	RG8Snorm       = PixelFormat(texel.RG8Snorm)
	RG8Uint        = PixelFormat(texel.RG8Uint)
	RG8Sint        = PixelFormat(texel.RG8Sint)
	B5G6R5Unorm    = PixelFormat(texel.B5G6R5Unorm) // not written
	A1BGR5Unorm    = PixelFormat(texel.A1BGR5Unorm) // not written
	ABGR4Unorm     = PixelFormat(texel.ABGR4Unorm)  // not written
	BGR5A1Unorm    = PixelFormat(texel.BGR5A1Unorm) // not written
	R32Uint        = PixelFormat(texel.R32Uint)     // has atomic operations
	R32Sint        = PixelFormat(texel.R32Sint)     // has atomic operations
	R32Float       = PixelFormat(texel.R32Float)
	RG16Unorm      = PixelFormat(texel.RG16Unorm)
	RG16Snorm      = PixelFormat(texel.RG16Snorm)
	RG16Uint       = PixelFormat(texel.RG16Uint)
	RG16Sint       = PixelFormat(texel.RG16Sint)
	RG16Float      = PixelFormat(texel.RG16Float)
	RGBA8Unorm     = PixelFormat(texel.RGBA8Unorm)
	RGBA8UnormSRGB = PixelFormat(texel.RGBA8UnormSRGB)
	RGBA8Snorm     = PixelFormat(texel.RGBA8Snorm)
	RGBA8Uint      = PixelFormat(texel.RGBA8Uint)
	RGBA8Sint      = PixelFormat(texel.RGBA8Sint)
	BGRA8Unorm     = PixelFormat(texel.BGRA8Unorm)
	BGRA8UnormSRGB = PixelFormat(texel.BGRA8UnormSRGB)
	RGB10A2Unorm   = PixelFormat(texel.RGB10A2Unorm)
	RGB10A2Uint    = PixelFormat(texel.RGB10A2Uint)
	RG11B10Float   = PixelFormat(texel.RG11B10Float)
	RGB9E5Float    = PixelFormat(texel.RGB9E5Float)
	BGR10A2Unorm   = PixelFormat(texel.BGR10A2Unorm)
	RG32Uint       = PixelFormat(texel.RG32Uint)
	RG32Sint       = PixelFormat(texel.RG32Sint)
	RG32Float      = PixelFormat(texel.RG32Float)
	RGBA16Unorm    = PixelFormat(texel.RGBA16Unorm)
	RGBA16Snorm    = PixelFormat(texel.RGBA16Snorm)
	RGBA16Uint     = PixelFormat(texel.RGBA16Uint)
	RGBA16Sint     = PixelFormat(texel.RGBA16Sint)
	RGBA16Float    = PixelFormat(texel.RGBA16Float)
	RGBA32Uint     = PixelFormat(texel.RGBA32Uint)
	RGBA32Sint     = PixelFormat(texel.RGBA32Sint)
	RGBA32Float    = PixelFormat(texel.RGBA32Float)
	Depth16Unorm   = PixelFormat(texel.Depth16Unorm) // not written
	Depth32Float   = PixelFormat(texel.Depth32Float) // not written
	Stencil8       = PixelFormat(texel.Stencil8)     // not written
)

// String is Metal's name: "RGBA8Unorm_sRGB".
func (f PixelFormat) String() string { return texel.Format(f).String() }

// Size is the bytes of a texel, 0 of a format that is not among the constants.
func (f PixelFormat) Size() int { return texel.Format(f).Size() }
