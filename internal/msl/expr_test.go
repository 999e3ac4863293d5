package msl

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/fp16"
)

// scalar is a type of the language with values worth trying, as bits.
type scalar struct {
	name   string
	size   int
	signed bool
	float  bool
	values []uint64
}

func ints(name string, size int, signed bool) *scalar {
	top := uint64(1) << (8*size - 1)
	mask := top<<1 - 1
	v := []uint64{0, 1, 2, 3, 5, 7, 31, 64, 100, top - 2, top - 1, top, top + 1, top + 55, mask - 1, mask}
	return &scalar{name: name, size: size, signed: signed, values: v}
}

var (
	sBool   = &scalar{name: "bool", size: 1, values: []uint64{0, 1}}
	sChar   = ints("char", 1, true)
	sUChar  = ints("uchar", 1, false)
	sShort  = ints("short", 2, true)
	sUShort = ints("ushort", 2, false)
	sInt    = ints("int", 4, true)
	sUInt   = ints("uint", 4, false)
	sLong   = ints("long", 8, true)
	sULong  = ints("ulong", 8, false)
	sFloat  = &scalar{name: "float", size: 4, float: true, values: floatValues}
	sHalf   = &scalar{name: "half", size: 2, float: true, values: halfValues}
	sCount  = &scalar{name: "uint", size: 4, values: []uint64{0, 1, 2, 3, 5, 7, 8}}

	allInts = []*scalar{sChar, sUChar, sShort, sUShort, sInt, sUInt, sLong, sULong}
	floats  = []*scalar{sFloat, sHalf}
)

var floatValues = func() []uint64 {
	inf := float32(math.Inf(1))
	var v []uint64
	for _, f := range []float32{0, 1, 0.5, 1.5, 2.5, 0.49999997, 3.7, 100.25, 65504, 65520, 1e10, 16777217,
		2147483648, 4294967296, 9.3e18, math.MaxFloat32, 0x1p-126, math.SmallestNonzeroFloat32, 1e-40, inf} {
		v = append(v, f32bits(f), f32bits(-f)|0x80000000)
	}
	return append(v, 0x7fc00000)
}()

var halfValues = []uint64{0, 0x8000, 0x3c00, 0xbc00, 0x3800, 0xb800, 0x3e00, 0x4100, 0xc100, 0x37ff, 0x4366,
	0x5640, 0x7bff, 0xfbff, 0x0400, 0x8400, 0x0001, 0x8001, 0x03ff, 0x6400, 0x7c00, 0xfc00, 0x7e00}

func (s *scalar) put(b []byte, i int, w uint64) {
	switch s.size {
	case 1:
		b[i] = byte(w)
	case 2:
		binary.LittleEndian.PutUint16(b[2*i:], uint16(w))
	case 4:
		binary.LittleEndian.PutUint32(b[4*i:], uint32(w))
	default:
		binary.LittleEndian.PutUint64(b[8*i:], w)
	}
}

func (s *scalar) get(b []byte, i int) uint64 {
	return word(b[i*s.size : (i+1)*s.size])
}

// int64 reads bits of an integer type; a ulong beyond the longs wraps.
func (s *scalar) int64(w uint64) int64 {
	shift := 64 - 8*s.size
	if s.signed {
		return int64(w<<shift) >> shift
	}
	return int64(w << shift >> shift)
}

func (s *scalar) mask(w uint64) uint64 { return w << (64 - 8*s.size) >> (64 - 8*s.size) }

// f32 reads bits of a float type; round is its inverse.
func (s *scalar) f32(w uint64) float32 {
	if s == sHalf {
		return fp16.Float16(w).Float32()
	}
	return f32of(w)
}

func (s *scalar) round(f float32) uint64 {
	if s == sHalf {
		return uint64(fp16.FromFloat32(f))
	}
	return f32bits(f)
}

func (s *scalar) isNaN(w uint64) bool {
	return s.float && s.f32(w) != s.f32(w)
}

func (s *scalar) show(w uint64) string {
	switch {
	case s.float:
		return fmt.Sprintf("%v (%#x)", s.f32(w), w)
	case s.signed:
		return fmt.Sprint(s.int64(w))
	}
	return fmt.Sprint(w)
}

// sample is an expression of x, y and z with the types they have, and what it
// must be.
type sample struct {
	expr string
	in   []*scalar
	out  *scalar
	want func(x []uint64) uint64
	// ulps is how far a float result may be off, in steps of its type.
	ulps int64
	skip func(x []uint64) bool // inputs for which nothing is specified
}

// check runs the samples, each as a kernel of one program, over all
// combinations of the values of their types.
func checkSamples(t *testing.T, samples []sample) {
	t.Helper()
	var b strings.Builder
	for i, s := range samples {
		fmt.Fprintf(&b, "kernel void k%d(device %s *out [[buffer(0)]]", i, s.out.name)
		for k, in := range s.in {
			fmt.Fprintf(&b, ", device const %s *p%d [[buffer(%d)]]", in.name, k, k+1)
		}
		b.WriteString(", uint i [[thread_position_in_grid]]) {\n")
		for k, in := range s.in {
			fmt.Fprintf(&b, "\t%s %c = p%d[i];\n", in.name, 'x'+k, k)
		}
		fmt.Fprintf(&b, "\tout[i] = %s;\n}\n", s.expr)
	}
	lib := compileWith(t, b.String(), Options{Math: MathSafe}) // each operation rounds
	for i, s := range samples {
		n := 1
		for _, in := range s.in {
			n *= len(in.values)
		}
		args := make([][]uint64, n)
		buffers := map[int][]byte{0: make([]byte, n*s.out.size)}
		for k, in := range s.in {
			buffers[k+1] = make([]byte, n*in.size)
		}
		for j := range n {
			rest := j
			for k, in := range s.in {
				w := in.values[rest%len(in.values)]
				rest /= len(in.values)
				args[j] = append(args[j], w)
				in.put(buffers[k+1], j, w)
			}
		}
		f := launch{lib: lib, kernel: fmt.Sprintf("k%d", i), grid: d1(n), group: d1(64), buffers: buffers}.run(t)
		require.Nil(t, f)
		bad := 0
		for j := range n {
			if s.skip != nil && s.skip(args[j]) {
				continue
			}
			got, want := s.out.get(buffers[0], j), s.want(args[j])
			if got == want || s.out.isNaN(got) && s.out.isNaN(want) || s.out.float && s.ulps > 0 && steps(s.out, got, want) <= s.ulps {
				continue
			}
			var in []string
			for k := range s.in {
				in = append(in, s.in[k].name+" "+s.in[k].show(args[j][k]))
			}
			t.Errorf("%s of %s = %s, want %s", s.expr, strings.Join(in, ", "), s.out.show(got), s.out.show(want))
			if bad++; bad == 5 {
				break
			}
		}
	}
}

// steps is the distance of two floats, counted in floats between them.
func steps(s *scalar, a, b uint64) int64 {
	if s.isNaN(a) || s.isNaN(b) {
		return math.MaxInt64
	}
	line := func(w uint64) int64 {
		sign := uint64(1) << (8*s.size - 1)
		if w&sign != 0 {
			return -int64(w &^ sign)
		}
		return int64(w)
	}
	d := line(a) - line(b)
	return max(d, -d)
}
