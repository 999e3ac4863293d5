package texel

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A refFormat says in words how a format is stored: its channels from the
// lowest bit on, each with its width, and what they are.
type refFormat struct {
	f      Format
	fields string // "b5 g6 r5"
	kind   string
}

var refFormats = []refFormat{
	{A8Unorm, "a8", "unorm"}, {R8Unorm, "r8", "unorm"}, {R8UnormSRGB, "r8", "srgb"}, {R8Snorm, "r8", "snorm"}, {R8Uint, "r8", "uint"}, {R8Sint, "r8", "sint"},
	{R16Unorm, "r16", "unorm"}, {R16Snorm, "r16", "snorm"}, {R16Uint, "r16", "uint"}, {R16Sint, "r16", "sint"}, {R16Float, "r16", "half"},
	{RG8Unorm, "r8 g8", "unorm"}, {RG8UnormSRGB, "r8 g8", "srgb"}, {RG8Snorm, "r8 g8", "snorm"}, {RG8Uint, "r8 g8", "uint"}, {RG8Sint, "r8 g8", "sint"},
	{B5G6R5Unorm, "b5 g6 r5", "unorm"}, {A1BGR5Unorm, "a1 b5 g5 r5", "unorm"}, {ABGR4Unorm, "a4 b4 g4 r4", "unorm"}, {BGR5A1Unorm, "b5 g5 r5 a1", "unorm"},
	{R32Uint, "r32", "uint"}, {R32Sint, "r32", "sint"}, {R32Float, "r32", "float"},
	{RG16Unorm, "r16 g16", "unorm"}, {RG16Snorm, "r16 g16", "snorm"}, {RG16Uint, "r16 g16", "uint"}, {RG16Sint, "r16 g16", "sint"}, {RG16Float, "r16 g16", "half"},
	{RGBA8Unorm, "r8 g8 b8 a8", "unorm"}, {RGBA8UnormSRGB, "r8 g8 b8 a8", "srgb"}, {RGBA8Snorm, "r8 g8 b8 a8", "snorm"},
	{RGBA8Uint, "r8 g8 b8 a8", "uint"}, {RGBA8Sint, "r8 g8 b8 a8", "sint"},
	{BGRA8Unorm, "b8 g8 r8 a8", "unorm"}, {BGRA8UnormSRGB, "b8 g8 r8 a8", "srgb"},
	{RGB10A2Unorm, "r10 g10 b10 a2", "unorm"}, {RGB10A2Uint, "r10 g10 b10 a2", "uint"}, {BGR10A2Unorm, "b10 g10 r10 a2", "unorm"},
	{RG11B10Float, "r11 g11 b10", "ufloat"}, {RGB9E5Float, "r9 g9 b9", "shared"},
	{RG32Uint, "r32 g32", "uint"}, {RG32Sint, "r32 g32", "sint"}, {RG32Float, "r32 g32", "float"},
	{RGBA16Unorm, "r16 g16 b16 a16", "unorm"}, {RGBA16Snorm, "r16 g16 b16 a16", "snorm"}, {RGBA16Uint, "r16 g16 b16 a16", "uint"},
	{RGBA16Sint, "r16 g16 b16 a16", "sint"}, {RGBA16Float, "r16 g16 b16 a16", "half"},
	{RGBA32Uint, "r32 g32 b32 a32", "uint"}, {RGBA32Sint, "r32 g32 b32 a32", "sint"}, {RGBA32Float, "r32 g32 b32 a32", "float"},
	{Depth16Unorm, "r16", "unorm"}, {Depth32Float, "r32", "float"}, {Stencil8, "r8", "uint"},
}

// bitsAt returns n bits of p from bit at on.
func bitsAt(p []byte, at, n int) uint32 {
	var v uint64
	for i := range n {
		v |= uint64(p[(at+i)/8]>>((at+i)%8)&1) << i
	}
	return uint32(v)
}

// refSmall is the value of a float of e bits of exponent, m of mantissa and
// perhaps a sign, by the definition.
func refSmall(x uint32, e, m int, signed bool) float64 {
	sign := 1.0
	if signed && x>>(e+m)&1 != 0 {
		sign = -1
	}
	exp, man := int(x>>m)&(1<<e-1), float64(x&(1<<m-1))
	bias := 1<<(e-1) - 1
	switch exp {
	case 0:
		return sign * math.Ldexp(man, 1-bias-m)
	case 1<<e - 1:
		if man != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(man+float64(int(1)<<m), exp-bias-m)
}

// refDecode reads a texel: the channels r, g, b and a.
func refDecode(f *refFormat, p []byte) [4]float64 {
	v := [4]float64{0, 0, 0, 1}
	at := 0
	for _, field := range strings.Fields(f.fields) {
		c := strings.IndexByte("rgba", field[0])
		n := 0
		for _, d := range field[1:] {
			n = 10*n + int(d-'0')
		}
		x := bitsAt(p, at, n)
		at += n
		s := float64(x)
		if x>>(n-1) != 0 {
			s -= math.Ldexp(1, n)
		}
		switch f.kind {
		case "unorm":
			v[c] = float64(x) / (math.Ldexp(1, n) - 1)
		case "snorm":
			v[c] = max(s/(math.Ldexp(1, n-1)-1), -1)
		case "uint":
			v[c] = float64(x)
		case "sint":
			v[c] = s
		case "half":
			v[c] = refSmall(x, 5, 10, true)
		case "float":
			v[c] = float64(math.Float32frombits(x))
		case "ufloat":
			v[c] = refSmall(x, 5, n-5, false)
		case "shared":
			v[c] = float64(x) * math.Pow(2, float64(bitsAt(p, 27, 5))-15-9)
		case "srgb":
			u := float64(x) / 255
			switch {
			case c == 3:
				v[c] = u
			case u <= 0.04045:
				v[c] = u / 12.92
			default:
				v[c] = math.Pow((u+0.055)/1.055, 2.4)
			}
		}
	}
	return v
}

func isInt(kind string) bool { return kind == "uint" || kind == "sint" }

// patterns calls f with the bytes of texels: all there are up to 16 bits, many
// otherwise, with what is special among them.
func patterns(size int, f func(p []byte)) {
	p := make([]byte, 16)
	if size <= 2 {
		for x := range 1 << (8 * size) {
			binary.LittleEndian.PutUint32(p, uint32(x))
			f(p[:size])
		}
		return
	}
	r := rand.New(rand.NewPCG(1, uint64(size)))
	for i := range 4000 {
		for j := range p {
			switch b := byte(r.Uint32()); i % 4 {
			case 0:
				p[j] = []byte{0, 0xff, 0x80, 0x7f}[b&3]
			default:
				p[j] = b
			}
		}
		f(p[:size])
	}
}

func TestEveryFormatIsTested(t *testing.T) {
	require.Len(t, refFormats, len(All()))
	for i := range refFormats {
		in, ok := refFormats[i].f.Info()
		require.True(t, ok)
		bits := 0
		for _, field := range strings.Fields(refFormats[i].fields) {
			for n, at := 0, 1; at < len(field); at++ {
				n = 10*n + int(field[at]-'0')
				if at == len(field)-1 {
					bits += n
				}
			}
		}
		require.Equal(t, (bits+7)/8, in.Size, in.Name)
	}
}

func TestDecode(t *testing.T) {
	for i := range refFormats {
		f := &refFormats[i]
		in, _ := f.f.Info()
		patterns(in.Size, func(p []byte) {
			want := refDecode(f, p)
			if isInt(f.kind) {
				c := in.DecodeInts(p)
				for k, got := range [4]uint32{c.R, c.G, c.B, c.A} {
					w := uint32(int64(want[k]))
					if got != w {
						t.Fatalf("%v %x: channel %d is %d, want %d", f.f, p, k, got, w)
					}
				}
				return
			}
			c := in.DecodeColor(p)
			for k, got := range [4]float32{c.R, c.G, c.B, c.A} {
				if w := float32(want[k]); got != w && !(got != got && w != w) {
					t.Fatalf("%v %x: channel %d is %v, want %v", f.f, p, k, got, w)
				}
			}
		})
	}
}

// What was decoded encodes to the same bytes, but for the second name of -1 in
// normalised integers, NaNs, and shared exponents larger than need be.
func TestRoundTrip(t *testing.T) {
	for i := range refFormats {
		f := &refFormats[i]
		in, _ := f.f.Info()
		out := make([]byte, in.Size)
		patterns(in.Size, func(p []byte) {
			if isInt(f.kind) {
				in.EncodeInts(out, in.DecodeInts(p))
				require.Equal(t, p, out, "%v", f.f)
				return
			}
			c := in.DecodeColor(p)
			in.EncodeColor(out, c)
			if string(out) == string(p) {
				return
			}
			// As good a name of the same color.
			again := in.DecodeColor(out)
			for k, v := range [4]float32{again.R, again.G, again.B, again.A} {
				if w := [4]float32{c.R, c.G, c.B, c.A}[k]; v != w && !(v != v && w != w) {
					t.Fatalf("%v %x becomes %x: channel %d is %v, was %v", f.f, p, out, k, v, w)
				}
			}
			if f.kind == "unorm" || f.kind == "srgb" {
				t.Fatalf("%v %x becomes %x", f.f, p, out)
			}
		})
	}
}

// A float becomes the nearest of all the values that a channel can have, and of
// two as near the even one.
func TestEncodeIsNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var inputs []float32
	for range 3000 {
		inputs = append(inputs, r.Float32(), r.Float32()*2-1, float32(r.NormFloat64()*100), math.Float32frombits(r.Uint32()))
	}
	inputs = append(inputs, 0, 1, -1, 0.5, 0.5/255, 1.5/255, 2.5/255, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.MaxFloat32, -0.0001, 65504, 65520, 65024, 1e-8)
	for i := range refFormats {
		f := &refFormats[i]
		if isInt(f.kind) || f.kind == "float" || f.kind == "shared" {
			continue
		}
		in, _ := f.f.Info()
		field := strings.Fields(f.fields)[0]
		c := strings.IndexByte("rgba", field[0])
		n := int(field[1] - '0')
		if len(field) > 2 {
			n = 10*n + int(field[2]-'0')
		}
		if n > 10 && f.kind != "ufloat" {
			continue // tried by the narrower ones of the kind
		}
		// The values of all codes.
		values := make([]float64, 1<<n)
		p := make([]byte, 16)
		for x := range values {
			binary.LittleEndian.PutUint32(p, uint32(x))
			values[x] = refDecode(f, p)[c]
		}
		out := make([]byte, in.Size)
		for _, x := range inputs {
			var col [4]float32
			col[c] = x
			in.EncodeColor(out, Color{col[0], col[1], col[2], col[3]})
			got := bitsAt(out, 0, n)
			v := float64(x)
			switch {
			case x != x && f.kind == "ufloat":
				require.True(t, math.IsNaN(values[got]), "%v of NaN", f.f)
				continue
			case x != x:
				v = 0
			case math.IsInf(v, 1) && f.kind == "ufloat":
				require.True(t, math.IsInf(values[got], 1), "%v of Inf", f.f)
				continue
			}
			best := math.Inf(1)
			if f.kind == "srgb" && c != 3 {
				// Nearest on the curve, not in light.
				e := 12.92 * v
				if v >= 0.0031308 {
					e = 1.055*math.Pow(v, 1/2.4) - 0.055
				}
				e = min(max(e, 0), 1) * 255
				if v != v || v < 0 {
					e = 0
				}
				require.LessOrEqual(t, math.Abs(float64(got)-e), 0.5000001, "%v of %v", f.f, x)
				continue
			}
			for _, w := range values {
				if !math.IsInf(w, 0) {
					best = min(best, math.Abs(w-v))
				}
			}
			if d := math.Abs(values[got] - v); d > best*(1+1e-12) {
				t.Fatalf("%v of %v is code %d, %v: %v away, the nearest is %v away", f.f, x, got, values[got], d, best)
			}
			if f.kind == "unorm" && best > 0 && got&1 == 1 && got > 0 && math.Abs(values[got-1]-v) == best && v == (values[got]+values[got-1])/2 {
				t.Fatalf("%v of %v is code %d: a tie goes to the even", f.f, x, got)
			}
		}
	}
}

func TestIntegersSaturate(t *testing.T) {
	for _, c := range []struct {
		f        Format
		in, want uint32
	}{
		{R8Uint, 300, 255}, {R8Sint, 200, 127}, {R8Sint, ^uint32(199), ^uint32(127)}, {R16Uint, 1 << 20, 65535}, {R16Sint, ^uint32(0), ^uint32(0)}, {R32Uint, ^uint32(0), ^uint32(0)},
		{RGB10A2Uint, 5000, 1023},
	} {
		in, _ := c.f.Info()
		p := make([]byte, 16)
		in.EncodeInts(p, Ints{R: c.in})
		require.Equal(t, c.want, in.DecodeInts(p).R, "%v of %d", c.f, c.in)
	}
}

// RGB9E5Float: the channel of most weight keeps nine bits, and none is farther
// off than half a step of the shared exponent.
func TestSharedExponent(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	in, _ := RGB9E5Float.Info()
	p := make([]byte, 4)
	for range 20000 {
		scale := math.Ldexp(1, r.IntN(40)-24)
		v := [3]float32{float32(r.Float64() * scale), float32(r.Float64() * scale), float32(r.Float64() * scale)}
		in.EncodeColor(p, Color{v[0], v[1], v[2], 1})
		got := refDecode(&refFormat{RGB9E5Float, "r9 g9 b9", "shared"}, p)
		most := float64(max(v[0], v[1], v[2]))
		step := max(math.Ldexp(1, math.Ilogb(most)+1-9), math.Ldexp(1, -24))
		for i := range v {
			want := min(float64(v[i]), 65408)
			require.LessOrEqual(t, math.Abs(got[i]-want), step*1.0001, "%v", v)
		}
	}
	in.EncodeColor(p, Color{float32(math.NaN()), -1, float32(math.Inf(1)), 0})
	require.Equal(t, Color{0, 0, 65408, 1}, in.DecodeColor(p))
}

func FuzzCodec(f *testing.F) {
	f.Add(uint16(70), []byte{1, 2, 3, 4}, float32(0.5))
	f.Add(uint16(93), []byte{0xff, 0xff, 0xff, 0xff}, float32(-1))
	f.Fuzz(func(t *testing.T, number uint16, data []byte, x float32) {
		in, ok := Format(number).Info()
		if !ok {
			return
		}
		p := append(data, make([]byte, 16)...)[:in.Size]
		if in.Class != ClassFloat {
			in.EncodeInts(p, Ints{math.Float32bits(x), 1, 2, 3})
			c := in.DecodeInts(p)
			in.EncodeInts(p, c)
			require.Equal(t, c, in.DecodeInts(p))
			return
		}
		in.EncodeColor(p, Color{x, -x, x / 2, 1})
		c := in.DecodeColor(p)
		for _, v := range [3]float32{c.R, c.G, c.B} {
			if in.num == Unorm || in.num == SRGB {
				require.True(t, v >= 0 && v <= 1)
			}
		}
	})
}
