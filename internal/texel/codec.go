package texel

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/aruminium-go/aruminium/fp16"
)

// Color is a texel of floats.
type Color struct{ R, G, B, A float32 }

// Ints is a texel of integers, signed or not.
type Ints struct{ R, G, B, A uint32 }

// DecodeColor reads a texel of a ClassFloat format from the start of p.
// Channels that the format does not have are 0, alpha 1.
//
//go:norace
func (in *Info) DecodeColor(p []byte) Color {
	switch in.fast {
	case rgba8:
		p = p[:4]
		return Color{float32(p[0]) / 255, float32(p[1]) / 255, float32(p[2]) / 255, float32(p[3]) / 255}
	case bgra8:
		p = p[:4]
		return Color{float32(p[2]) / 255, float32(p[1]) / 255, float32(p[0]) / 255, float32(p[3]) / 255}
	}
	switch {
	case in.num == Float && in.bits[0] == 32:
		c := Color{A: 1}
		c.R = math.Float32frombits(binary.LittleEndian.Uint32(p))
		if in.bits[1] != 0 {
			c.G = math.Float32frombits(binary.LittleEndian.Uint32(p[4:]))
		}
		if in.bits[2] != 0 {
			c.B = math.Float32frombits(binary.LittleEndian.Uint32(p[8:]))
			c.A = math.Float32frombits(binary.LittleEndian.Uint32(p[12:]))
		}
		return c
	case in.num == Shared:
		return decodeShared(binary.LittleEndian.Uint32(p))
	}
	w := in.word(p)
	var v [4]float32
	v[3] = 1
	for i := range v {
		if in.bits[i] != 0 {
			v[i] = in.toFloat(i, in.field(w, i))
		}
	}
	return Color{v[0], v[1], v[2], v[3]}
}

// EncodeColor writes a texel of a ClassFloat format to the start of p.
//
//go:norace
func (in *Info) EncodeColor(p []byte, c Color) {
	switch in.fast {
	case rgba8:
		p = p[:4]
		p[0], p[1], p[2], p[3] = toByte(c.R), toByte(c.G), toByte(c.B), toByte(c.A)
		return
	case bgra8:
		p = p[:4]
		p[2], p[1], p[0], p[3] = toByte(c.R), toByte(c.G), toByte(c.B), toByte(c.A)
		return
	}
	switch {
	case in.num == Float && in.bits[0] == 32:
		binary.LittleEndian.PutUint32(p, math.Float32bits(c.R))
		if in.bits[1] != 0 {
			binary.LittleEndian.PutUint32(p[4:], math.Float32bits(c.G))
		}
		if in.bits[2] != 0 {
			binary.LittleEndian.PutUint32(p[8:], math.Float32bits(c.B))
			binary.LittleEndian.PutUint32(p[12:], math.Float32bits(c.A))
		}
		return
	case in.num == Shared:
		binary.LittleEndian.PutUint32(p, encodeShared(c))
		return
	}
	v := [4]float32{c.R, c.G, c.B, c.A}
	var w uint64
	for i, x := range v {
		if in.bits[i] != 0 {
			w |= uint64(in.fromFloat(i, x)) << in.at[i]
		}
	}
	in.putWord(p, w)
}

// DecodeInts reads a texel of a ClassUint or ClassSint format; signed channels
// are sign-extended. Channels that the format does not have are 0, alpha 1.
//
//go:norace
func (in *Info) DecodeInts(p []byte) Ints {
	if in.Size == 16 {
		return Ints{binary.LittleEndian.Uint32(p), binary.LittleEndian.Uint32(p[4:]),
			binary.LittleEndian.Uint32(p[8:]), binary.LittleEndian.Uint32(p[12:])}
	}
	w := in.word(p)
	var v [4]uint32
	v[3] = 1
	for i := range v {
		n := in.bits[i]
		if n == 0 {
			continue
		}
		v[i] = in.field(w, i)
		if in.num == Sint {
			v[i] = uint32(int32(v[i]<<(32-n)) >> (32 - n))
		}
	}
	return Ints{v[0], v[1], v[2], v[3]}
}

// EncodeInts writes a texel of a ClassUint or ClassSint format. Values too
// large for a channel saturate.
//
//go:norace
func (in *Info) EncodeInts(p []byte, c Ints) {
	if in.Size == 16 {
		binary.LittleEndian.PutUint32(p, c.R)
		binary.LittleEndian.PutUint32(p[4:], c.G)
		binary.LittleEndian.PutUint32(p[8:], c.B)
		binary.LittleEndian.PutUint32(p[12:], c.A)
		return
	}
	v := [4]uint32{c.R, c.G, c.B, c.A}
	var w uint64
	for i, x := range v {
		n := in.bits[i]
		if n == 0 {
			continue
		}
		mask := uint32(1)<<n - 1
		if n == 32 {
			mask = math.MaxUint32
		}
		if in.num == Sint {
			top := int32(mask >> 1)
			x = uint32(max(min(int32(x), top), -top-1))
		} else {
			x = min(x, mask)
		}
		w |= uint64(x&mask) << in.at[i]
	}
	in.putWord(p, w)
}

// fastPath names the formats that are read and written without looking at their
// channels one by one.
type fastPath uint8

const (
	noFast fastPath = iota
	rgba8
	bgra8
)

// toByte is toUnorm for eight bits. Adding 2^52 leaves the nearest integer in
// the low bits, to even if it is a tie.
func toByte(x float32) byte {
	v := min(float64(x), 1) * 255
	if !(v > 0) {
		return 0
	}
	return byte(math.Float64bits(v + 1<<52))
}

// word reads a texel of up to eight bytes.
//
//go:norace
func (in *Info) word(p []byte) uint64 {
	switch in.Size {
	case 1:
		return uint64(p[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(p))
	case 4:
		return uint64(binary.LittleEndian.Uint32(p))
	}
	return binary.LittleEndian.Uint64(p)
}

//go:norace
func (in *Info) putWord(p []byte, w uint64) {
	switch in.Size {
	case 1:
		p[0] = byte(w)
	case 2:
		binary.LittleEndian.PutUint16(p, uint16(w))
	case 4:
		binary.LittleEndian.PutUint32(p, uint32(w))
	default:
		binary.LittleEndian.PutUint64(p, w)
	}
}

// field returns the bits of a channel.
func (in *Info) field(w uint64, i int) uint32 {
	return uint32(w>>in.at[i]) & (math.MaxUint32 >> (32 - in.bits[i]))
}

// toFloat converts the bits of a channel.
func (in *Info) toFloat(i int, x uint32) float32 {
	n := in.bits[i]
	switch in.num {
	case Unorm:
		return float32(x) / float32(uint32(1)<<n-1)
	case Snorm:
		s := int32(x<<(32-n)) >> (32 - n)
		return max(float32(s)/float32(uint32(1)<<(n-1)-1), -1)
	case SRGB:
		if i == 3 {
			return float32(x) / 255
		}
		return srgbToLinear()[x]
	case Ufloat:
		return decodeUfloat(x, uint(n)-5)
	}
	return fp16.Float16(x).Float32()
}

// fromFloat returns the bits of a channel.
func (in *Info) fromFloat(i int, x float32) uint32 {
	n := in.bits[i]
	switch in.num {
	case Unorm:
		return toUnorm(x, n)
	case Snorm:
		if x != x {
			return 0
		}
		top := float64(uint32(1)<<(n-1) - 1)
		s := int32(math.RoundToEven(max(min(float64(x), 1), -1) * top))
		return uint32(s) & (math.MaxUint32 >> (32 - n))
	case SRGB:
		if i == 3 {
			return toUnorm(x, n)
		}
		return linearToSRGB(x)
	case Ufloat:
		return encodeUfloat(x, uint(n)-5)
	}
	return uint32(fp16.FromFloat32(x))
}

// toUnorm converts a float to a normalised integer of n bits.
func toUnorm(x float32, n uint8) uint32 {
	if !(x > 0) {
		return 0
	}
	return uint32(math.RoundToEven(min(float64(x), 1) * float64(uint32(1)<<n-1)))
}

// decodeUfloat returns the value of an unsigned float of five exponent bits
// and m of mantissa.
func decodeUfloat(x uint32, m uint) float32 {
	e, f := x>>m, x&(1<<m-1)
	switch e {
	case 0:
		return float32(math.Ldexp(float64(f), -14-int(m)))
	case 31:
		return math.Float32frombits(0x7f800000 | f<<(23-m))
	}
	return math.Float32frombits((e+112)<<23 | f<<(23-m))
}

// encodeUfloat is the inverse: to the nearest, ties to even. What is negative
// becomes 0; what is finite stays finite.
func encodeUfloat(x float32, m uint) uint32 {
	top := uint32(31)<<m - 1 // the largest finite one
	switch {
	case x != x:
		return 31<<m | 1<<(m-1)
	case x <= 0:
		return 0
	case x > math.MaxFloat32:
		return 31 << m
	}
	e := max(math.Ilogb(float64(x)), -14)
	// The mantissa as an integer with the hidden bit; below 2^-14 without.
	f := uint32(math.RoundToEven(math.Ldexp(float64(x), int(m)-e)))
	return min(uint32(e+14)<<m+f, top)
}

// RGB9E5Float: nine bits of mantissa for each channel, without a hidden bit,
// and five bits of exponent for all.
const (
	sharedBits = 9
	sharedBias = 15
)

func decodeShared(w uint32) Color {
	scale := float32(math.Ldexp(1, int(w>>27)-sharedBias-sharedBits))
	at := func(i uint) float32 { return float32(w>>(sharedBits*i)&(1<<sharedBits-1)) * scale }
	return Color{at(0), at(1), at(2), 1}
}

func encodeShared(c Color) uint32 {
	const largest = float32((1<<sharedBits - 1) << (31 - sharedBias - sharedBits))
	clamp := func(x float32) float32 {
		if !(x > 0) {
			return 0
		}
		return min(x, largest)
	}
	v := [3]float32{clamp(c.R), clamp(c.G), clamp(c.B)}
	most := max(v[0], v[1], v[2])
	if most == 0 {
		return 0
	}
	e := max(-sharedBias-1, math.Ilogb(float64(most))) + 1 + sharedBias
	quantum := func(x float32) uint32 {
		return uint32(math.RoundToEven(math.Ldexp(float64(x), sharedBits+sharedBias-e)))
	}
	if bits.Len32(quantum(most)) > sharedBits {
		e++
	}
	return quantum(v[0]) | quantum(v[1])<<sharedBits | quantum(v[2])<<(2*sharedBits) | uint32(e)<<27
}
