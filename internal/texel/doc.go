// Package texel holds images in memory and reads them as Metal's textures are
// read: pixel formats and their conversions, the layout of textures with array
// slices, cube faces and mipmaps, filters, address modes and comparisons. It
// knows no device and no language; package simt calls it for the texture
// operations of kernels, and the CPU device for copies and mipmaps.
//
// # Conversions
//
// A float becomes a normalised integer by clamping, multiplying by the largest
// integer in exact arithmetic and rounding to the nearest, ties to even; NaN
// becomes 0. A normalised integer becomes the float32 nearest to the quotient.
// sRGB is converted by the exact curve, both ways correctly rounded. Halves
// and the small floats of RG11B10Float are rounded to the nearest, ties to
// even. Integers that are too large for a format saturate.
//
// # Sampling
//
// Texture coordinates and filter weights are float32, never quantised to the
// eight fractional bits that GPUs keep. A sample is interpolated along x, then
// y, then z, then between mipmaps, each step a + w*(b-a), so that a uniform
// image stays uniform. Cube maps are seamless: what a filter reads past an
// edge of a face is on the face next to it, and the texel missing at a corner
// is the mean of the other three. Samplers that allow for anisotropy take several
// samples along the longer of two derivatives, see [Footprint].
package texel
