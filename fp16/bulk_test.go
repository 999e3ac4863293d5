package fp16_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/fp16"
)

// paths runs f as a test of each way to convert slices that there is here.
func paths(t *testing.T, f func(t *testing.T)) {
	fp16.Paths(func(name string) { t.Run(name, f) })
}

// checkEncode compares the conversion of src with that of its elements.
func checkEncode(t *testing.T, src []float32) {
	t.Helper()
	h, b := make([]fp16.Float16, len(src)), make([]fp16.BFloat16, len(src))
	fp16.Encode(h, src)
	fp16.Encode(b, src)
	for i, f := range src {
		if h[i] != fp16.FromFloat32(f) || b[i] != fp16.BFromFloat32(f) {
			t.Fatalf("%#08x in slice %#04x %#04x, single %#04x %#04x", math.Float32bits(f), h[i], b[i], fp16.FromFloat32(f), fp16.BFromFloat32(f))
		}
	}
}

func TestEveryHalfInSlices(t *testing.T) {
	paths(t, func(t *testing.T) {
		every[fp16.Float16](t)
		every[fp16.BFloat16](t)
	})
}

func every[H interface {
	fp16.Half
	Float32() float32
}](t *testing.T) {
	src := make([]H, 1<<16)
	for i := range src {
		src[i] = H(i)
	}
	dst := make([]float32, len(src))
	fp16.Decode(dst, src)
	for i, f := range dst {
		if math.Float32bits(f) != math.Float32bits(src[i].Float32()) {
			t.Fatalf("%#04x in slice %#08x, single %#08x", i, math.Float32bits(f), math.Float32bits(src[i].Float32()))
		}
	}
}

// TestBoundariesInSlices has the floats round every half and round the middle
// between it and the next, where rounding turns, and NaNs of every kind.
func TestBoundariesInSlices(t *testing.T) {
	var src []float32
	around := func(bits uint32) {
		for d := uint32(0); d < 5; d++ {
			src = append(src, math.Float32frombits(bits+d-2))
		}
	}
	for i := range uint32(1 << 16) {
		around(i << 16)        // a bfloat
		around(i<<16 | 0x8000) // the middle to the next
		around(math.Float32bits(fp16.Float16(i).Float32()))
		around(math.Float32bits(fp16.Float16(i).Float32()) + 0x1000) // the middle, of normal halves
	}
	for i := range uint32(1 << 11) { // subnormal halves and the middles between them
		f := math.Float32bits(float32(i) * 0x1p-25)
		around(f)
		around(f | 1<<31)
	}
	paths(t, func(t *testing.T) { checkEncode(t, src) })
}

func TestSampleInSlices(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	src := make([]float32, 1<<20)
	for i := range src {
		src[i] = math.Float32frombits(uint32(i)<<12 | r.Uint32N(1<<12))
	}
	paths(t, func(t *testing.T) { checkEncode(t, src) })
}

// TestEveryLength converts slices of many lengths at every alignment, and looks
// at what lies before and behind.
func TestEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	floats := make([]float32, 400)
	halves := make([]fp16.Float16, 400)
	bfloats := make([]fp16.BFloat16, 400)
	for i := range floats {
		floats[i] = math.Float32frombits(r.Uint32())
		halves[i], bfloats[i] = fp16.Float16(r.Uint32()), fp16.BFloat16(r.Uint32())
	}
	paths(t, func(t *testing.T) {
		for n := range 300 {
			from, to := r.IntN(40), 1+r.IntN(40)
			encodeGuarded(t, floats[from:from+n], to, fp16.FromFloat32)
			encodeGuarded(t, floats[from:from+n], to, fp16.BFromFloat32)
			decodeGuarded(t, halves[from:from+n], to)
			decodeGuarded(t, bfloats[from:from+n], to)
		}
	})
}

func encodeGuarded[H fp16.Half](t *testing.T, src []float32, to int, single func(float32) H) {
	t.Helper()
	got := slices.Repeat([]H{0x5a5a}, to+len(src)+40)
	want := slices.Clone(got)
	for i, f := range src {
		want[to+i] = single(f)
	}
	if n := fp16.Encode(got[to:to+len(src)], src); n != len(src) || !slices.Equal(got, want) {
		t.Fatalf("Encode of %d elements to offset %d: %d\n%x\nwant\n%x", len(src), to, n, got, want)
	}
}

func decodeGuarded[H interface {
	fp16.Half
	Float32() float32
}](t *testing.T, src []H, to int) {
	t.Helper()
	got := slices.Repeat([]float32{1.25}, to+len(src)+40)
	want := slices.Clone(got)
	for i, h := range src {
		want[to+i] = h.Float32()
	}
	n := fp16.Decode(got[to:to+len(src)], src)
	if n != len(src) || !slices.Equal(bitsOf(got), bitsOf(want)) {
		t.Fatalf("Decode of %d elements to offset %d: %d\n%x\nwant\n%x", len(src), to, n, got, want)
	}
}

// bitsOf returns the floats as they lie in memory, so that NaNs compare.
func bitsOf(f []float32) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(f))), len(f))
}

// TestLarge has slices that are stored past the caches, at all alignments of
// dst that its elements can have in a cache line.
func TestLarge(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	n, times := fp16.Streaming+77, 6
	if testing.Short() {
		times = 1
	}
	floats := make([]float32, n+16)
	h, b := make([]fp16.Float16, n+32), make([]fp16.BFloat16, n+32)
	for i := range floats {
		floats[i] = math.Float32frombits(r.Uint32())
	}
	paths(t, func(t *testing.T) {
		for range times {
			from, to, n := r.IntN(16), r.IntN(32), n-r.IntN(77)
			clear(h)
			clear(b)
			fp16.Encode(h[to:to+n], floats[from:])
			fp16.Encode(b[to:to+n], floats[from:from+n])
			for i, f := range floats[from : from+n] {
				if h[to+i] != fp16.FromFloat32(f) || b[to+i] != fp16.BFromFloat32(f) {
					t.Fatalf("[%d] of %d at offset %d: %#08x became %#04x %#04x", i, n, to, math.Float32bits(f), h[to+i], b[to+i])
				}
			}
			wide := make([]float32, n+16)
			at := r.IntN(16)
			fp16.Decode(wide[at:at+n], h[to:])
			for i, f := range wide[at : at+n] {
				if math.Float32bits(f) != math.Float32bits(h[to+i].Float32()) {
					t.Fatalf("[%d] of %d at offset %d: half %#04x became %v", i, n, at, h[to+i], f)
				}
			}
			fp16.Decode(wide[at:at+n], b[to:])
			for i, f := range wide[at : at+n] {
				if math.Float32bits(f) != math.Float32bits(b[to+i].Float32()) {
					t.Fatalf("[%d] of %d at offset %d: bfloat %#04x became %v", i, n, at, b[to+i], f)
				}
			}
			if h[to+n:][0] != 0 || wide[at+n] != 0 {
				t.Fatal("wrote past the end")
			}
		}
	})
}

// TestSharedMemory converts between slices of one piece of memory, which must
// be as if src had been copied first.
func TestSharedMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	memory := make([]uint32, 8192)
	base := unsafe.Pointer(&memory[0])
	paths(t, func(t *testing.T) {
		for range 2000 {
			for i := range memory {
				memory[i] = r.Uint32()
			}
			n := r.IntN(2500)
			floats := unsafe.Slice((*float32)(unsafe.Add(base, 4*r.IntN(8192-2500))), n)
			halves := unsafe.Slice((*fp16.Float16)(unsafe.Add(base, 2*r.IntN(16384-2500))), n)
			if r.IntN(4) == 0 {
				halves = unsafe.Slice((*fp16.Float16)(unsafe.Pointer(unsafe.SliceData(floats))), n)
			}
			if r.IntN(2) == 0 {
				want := make([]fp16.Float16, n)
				fp16.Encode(want, slices.Clone(floats))
				if fp16.Encode(halves, floats); !slices.Equal(halves, want) {
					t.Fatalf("Encode of %d elements in shared memory", n)
				}
			} else {
				want := make([]float32, n)
				fp16.Decode(want, slices.Clone(halves))
				if fp16.Decode(floats, halves); !slices.Equal(bitsOf(floats), bitsOf(want)) {
					t.Fatalf("Decode of %d elements in shared memory", n)
				}
			}
		}
	})
}

func FuzzSlices(f *testing.F) {
	f.Add([]byte{0, 0, 0xc0, 0x7f, 1, 0, 0x80, 0x7f, 0, 0xf0, 0x7f, 0x47, 0, 0, 0, 0x33, 0, 0, 0x80, 0x80, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Fuzz(func(t *testing.T, data []byte) {
		src := make([]float32, len(data)/4)
		for i := range src {
			src[i] = math.Float32frombits(uint32(data[4*i]) | uint32(data[4*i+1])<<8 | uint32(data[4*i+2])<<16 | uint32(data[4*i+3])<<24)
		}
		fp16.Paths(func(string) { checkEncode(t, src) })
	})
}
