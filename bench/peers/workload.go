package main

import (
	"embed"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/aruminium-go/aruminium/gpu"
)

// sources has each workload in MSL, OpenCL C and C: src/NAME.metal, .cl and .c.
//
//go:embed src
var sources embed.FS

// A workload is one piece of work that every peer does: buffers with the same
// contents, and launches of the same kernels over the same grids. In C it is
// one function, loop, that does the whole work with a loop over the threads or
// the algorithm's own loops, and perhaps another, spmd, with the lanes laid out
// for the compiler's vectors.
type workload struct {
	name     string
	about    string
	defines  []define // sizes, in all languages as macros
	buffers  []buffer // the arguments of every kernel, in order
	launches []launch

	// tolerance is the greatest relative difference that results may have, of
	// those larger than floor. It is 0 for integers.
	tolerance, floor float64
}

type define struct {
	name  string
	value int
}

func (d define) flag() string { return fmt.Sprintf("-D%s=%d", d.name, d.value) }

// buffer is n elements of four bytes, or of two or one where fill makes them so.
type buffer struct {
	size   int          // in bytes
	fill   func([]byte) // nil: zeros
	result resultKind
	image  *gpu.TextureDescriptor // in MSL it is a texture, of one level; nil if it is a buffer
}

type resultKind int

const (
	noResult resultKind = iota
	floats
	words     // compared bit for bit
	mostWords // the same, but one in a hundred may differ: see compare
	nearBytes // bytes that may differ by one
)

// launch runs one kernel. Value is the argument that follows the buffers; not
// every kernel takes one.
type launch struct {
	kernel      string
	grid, group [3]int
	value       uint32
	hasValue    bool
}

func (w *workload) source(ext string) (string, error) {
	text, err := sources.ReadFile("src/" + w.name + ext)
	if err != nil {
		return "", fmt.Errorf("%s has no source in %s", w.name, ext)
	}
	return string(text), nil
}

// suites are the workloads by what they are of.
var suites = map[string][]workload{"buffers": workloads, "textures": images}

// find returns the workload called name.
func find(name string) (*workload, error) {
	for _, suite := range suites {
		if i := slices.IndexFunc(suite, func(w workload) bool { return w.name == name }); i >= 0 {
			return &suite[i], nil
		}
	}
	return nil, fmt.Errorf("no workload is called %q", name)
}

// fresh returns the contents of the buffers before the work.
func (w *workload) fresh() [][]byte {
	all := make([][]byte, len(w.buffers))
	for i, b := range w.buffers {
		all[i] = make([]byte, b.size)
		if b.fill != nil {
			b.fill(all[i])
		}
	}
	return all
}

// compare returns an error that says where got differs from want.
func (w *workload) compare(got, want [][]byte) error {
	for i, b := range w.buffers {
		if b.result == noResult {
			continue
		}
		if b.result == nearBytes {
			if err := compareBytes(got[i], want[i]); err != nil {
				return fmt.Errorf("buffer %d, %w", i, err)
			}
			continue
		}
		different := 0
		for at := 0; at+4 <= len(want[i]); at += 4 {
			g, x := binary.LittleEndian.Uint32(got[i][at:]), binary.LittleEndian.Uint32(want[i][at:])
			if g == x {
				continue
			}
			if b.result == mostWords {
				// Where a loop ends hangs on the last bit of a float, which
				// compilers round differently.
				if different++; different > len(want[i])/4/100 {
					return fmt.Errorf("buffer %d: more than one word in a hundred differs, at last word %d, %d for %d", i, at/4, g, x)
				}
				continue
			}
			if b.result == words {
				return fmt.Errorf("buffer %d, word %d is %#x, want %#x", i, at/4, g, x)
			}
			gf, xf := float64(math.Float32frombits(g)), float64(math.Float32frombits(x))
			if !(math.Abs(gf-xf) <= w.tolerance*max(math.Abs(xf), w.floor)) {
				return fmt.Errorf("buffer %d, element %d is %v, want %v", i, at/4, gf, xf)
			}
		}
	}
	return nil
}

// uniformFloats fills with floats from lo to hi, the same each time.
func uniformFloats(seed uint32, lo, hi float32) func([]byte) {
	return func(b []byte) {
		x := seed*2654435761 + 12345
		for at := 0; at+4 <= len(b); at += 4 {
			x = x*1664525 + 1013904223
			f := lo + (hi-lo)*float32(x>>8)/(1<<24)
			binary.LittleEndian.PutUint32(b[at:], math.Float32bits(f))
		}
	}
}

// uniformWords fills with integers below n, or of all values if n is 0.
func uniformWords(seed, n uint32) func([]byte) {
	return func(b []byte) {
		x := seed*2654435761 + 12345
		for at := 0; at+4 <= len(b); at += 4 {
			x = x*1664525 + 1013904223
			v := x ^ x>>15
			if n != 0 {
				v %= n
			}
			binary.LittleEndian.PutUint32(b[at:], v)
		}
	}
}
