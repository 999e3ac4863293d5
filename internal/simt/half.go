package simt

import "math"

// 16-bit floats live in registers as the float32s they stand for. The
// conversions here keep every NaN a NaN and, unlike arithmetic, change no bit
// that they need not.

func fromHalf(h uint16) uint32 {
	sign := uint32(h&0x8000) << 16
	switch em := uint32(h & 0x7fff); {
	case em >= 0x7c00:
		return sign | em<<13 + 224<<23
	case em >= 0x400:
		return sign | em<<13 + 112<<23
	default: // subnormal
		return sign | math.Float32bits(float32(em)*0x1p-24)
	}
}

// toHalf converts a float32 that is a half.
func toHalf(x uint32) uint16 {
	sign := uint16(x >> 16 & 0x8000)
	switch a := x &^ (1 << 31); {
	case a > 0x7f800000:
		h := uint16(a>>13)&0x3ff | 0x7c00
		if h == 0x7c00 {
			h = 0x7e00
		}
		return sign | h
	case a == 0x7f800000:
		return sign | 0x7c00
	case a >= 0x38800000:
		return sign | uint16((a-112<<23)>>13)
	default:
		return sign | uint16(math.Float32frombits(a)*0x1p24)
	}
}

// toBFloat converts a float32 that is a bfloat.
func toBFloat(x uint32) uint16 {
	if x&^(1<<31) > 0x7f800000 && x>>16&0x7f == 0 {
		return uint16(x>>16) | 0x40
	}
	return uint16(x >> 16)
}

func widen16(d []uint32, s []uint16) {
	d = d[:len(s)]
	for i, h := range s {
		d[i] = fromHalf(h)
	}
}

func widenB16(d []uint32, s []uint16) {
	d = d[:len(s)]
	for i, h := range s {
		d[i] = uint32(h) << 16
	}
}

func narrow16(d []uint16, s []uint32) {
	d = d[:len(s)]
	for i, x := range s {
		d[i] = toHalf(x)
	}
}

func narrowB16(d []uint16, s []uint32) {
	d = d[:len(s)]
	for i, x := range s {
		d[i] = toBFloat(x)
	}
}

// roundHalf rounds float32s to halves, to nearest even, in place.
func roundHalf(d []uint32) {
	for i, x := range d {
		sign := x & (1 << 31)
		switch a := x &^ (1 << 31); {
		case a > 0x7f800000:
			d[i] = x | 0x400000
		case a >= 0x477ff000:
			d[i] = sign | 0x7f800000
		case a >= 0x38800000:
			d[i] = sign | (a+0xfff+a>>13&1)&^0x1fff
		default: // the last digit of 0.5 is that of the least half
			f := math.Float32frombits(a) + 0.5
			d[i] = sign | math.Float32bits(f-0.5)
		}
	}
}

// roundBFloat rounds float32s to bfloats, to nearest even, in place.
func roundBFloat(d []uint32) {
	for i, x := range d {
		if x&^(1<<31) > 0x7f800000 {
			d[i] = x | 0x400000
		} else {
			d[i] = (x + 0x7fff + x>>16&1) &^ 0xffff
		}
	}
}
