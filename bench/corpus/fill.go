package main

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// bufferSize is how long each buffer is: kernels of fewer threads index no
// further, mostly.
const bufferSize = 16 << 10

// sharedSize is the length of each threadgroup argument.
const sharedSize = 8 << 10

// A pointer is a place in a buffer where the address of a buffer lies, or what
// names a texture: then target is firstEmbedded or more.
type pointer struct{ offset, target int }

// firstEmbedded is the index of the first texture that lies in a buffer; those
// below are arguments.
const firstEmbedded = 64

// A memory is what a buffer holds, with the type of each scalar.
type memory struct {
	data     []byte
	scalars  []scalar
	pointers []pointer
}

type scalar struct {
	offset int
	kind   types.Kind
}

// A style is how numbers are chosen.
type style int

const (
	small    style = iota // indices stay near 0; floats are multiples of 1/8
	varied                // all integers, floats of all sizes
	positive              // as small, but integers are 0 or 1 and no float is negative
)

// fill makes the memory of every buffer that a kernel takes, and adds the textures
// that structures in them name to images.
func fill(k *msl.Kernel, s style, images *imageSet) (map[int]*memory, error) {
	seed := fnv.New64()
	seed.Write([]byte(k.Name))
	m := map[int]*memory{}
	var indices []int
	for _, a := range k.Args {
		if a.Kind == msl.ArgBuffer {
			if m[a.Index] == nil {
				m[a.Index] = &memory{data: make([]byte, max(bufferSize, int(a.Size)))}
				indices = append(indices, a.Index)
			}
		}
	}
	for _, a := range k.Args {
		if a.Kind != msl.ArgBuffer || m[a.Index].scalars != nil {
			continue
		}
		f := filler{r: rand.New(rand.NewPCG(seed.Sum64(), uint64(a.Index))), style: s, m: m[a.Index], buffers: indices, images: images}
		f.repeat(a.Type, 0)
		if f.err != nil {
			return nil, f.err
		}
	}
	return m, nil
}

// A filler fills one buffer.
type filler struct {
	r       *rand.Rand
	style   style
	m       *memory
	buffers []int
	images  *imageSet
	err     error // a texture that cannot be made
}

// repeat fills the buffer from offset on with values of type t. After a struct
// that ends in an array come more elements of the array, as programs have it that
// declare arrays of one element for arrays of any length.
func (f *filler) repeat(t types.Type, offset int) {
	if s, ok := t.(*types.Struct); ok && len(s.Fields) > 0 {
		last := s.Fields[len(s.Fields)-1]
		if a, ok := last.Type.(*types.Array); ok && !s.Union {
			for _, x := range s.Fields[:len(s.Fields)-1] {
				f.value(x.Type, offset+int(x.Offset))
			}
			f.repeat(a.Elem, offset+int(last.Offset))
			return
		}
	}
	n := int(t.Size())
	if n == 0 {
		return
	}
	for ; offset+n <= len(f.m.data); offset += n {
		f.value(t, offset)
	}
}

func (f *filler) value(t types.Type, at int) {
	switch t := t.(type) {
	case *types.Basic:
		f.scalar(t, at)
	case *types.Vector:
		for i := range t.N {
			f.scalar(t.Elem, at+i*int(t.Elem.Size()))
		}
	case *types.Matrix:
		for i := range t.Cols {
			f.value(t.Column(), at+i*int(t.Column().Size()))
		}
	case *types.Array:
		for i := range int(t.Len) {
			f.value(t.Elem, at+i*int(t.Elem.Size()))
		}
	case *types.Struct:
		if t.Union && len(t.Fields) > 0 {
			f.value(t.Fields[0].Type, at)
			return
		}
		for _, x := range t.Fields {
			f.value(x.Type, at+int(x.Offset))
		}
	case *types.Enum:
		f.scalar(t.Underlying, at)
	case *types.Atomic:
		f.scalar(t.Elem, at)
	case *types.Texture:
		i, err := f.images.embed(t, f.r)
		if err != nil {
			f.err = err
			return
		}
		f.m.pointers = append(f.m.pointers, pointer{at, i})
	case *types.Opaque:
		f.err = errors.New(t.Name + " in a buffer")
	case *types.Pointer, *types.Reference:
		f.m.pointers = append(f.m.pointers, pointer{at, f.buffers[f.r.IntN(len(f.buffers))]})
	}
}

func (f *filler) scalar(t *types.Basic, at int) {
	f.m.scalars = append(f.m.scalars, scalar{at, t.Kind})
	copy(f.m.data[at:], number(t, f.r, f.style))
}

// number is a value of a scalar type as it lies in memory.
func number(t *types.Basic, r *rand.Rand, s style) []byte {
	x := float32(r.IntN(65)-32) / 8
	n := uint64(r.IntN(8))
	if s == varied {
		x = float32(r.NormFloat64() * math.Ldexp(1, r.IntN(16)-8))
		n = r.Uint64() >> r.UintN(64)
	}
	if s == positive {
		x, n = max(x, -x), n&1
	}
	switch t.Kind {
	case types.Bool:
		n &= 1
	case types.Half:
		n = uint64(fp16.FromFloat32(x))
	case types.BFloat:
		n = uint64(fp16.BFromFloat32(x))
	case types.Float:
		n = uint64(math.Float32bits(x))
	}
	return binary.LittleEndian.AppendUint64(nil, n)[:t.Size()]
}

// constantValue is what a function constant is set to.
func constantValue(c msl.Constant) []byte {
	r := rand.New(rand.NewPCG(uint64(c.Index), 7))
	var data []byte
	switch t := c.Type.(type) {
	case *types.Basic:
		data = number(t, r, small)
	case *types.Vector:
		for range t.N {
			data = append(data, number(t.Elem, r, small)...)
		}
	case *types.Enum:
		data = number(t.Underlying, r, small)
	}
	return data
}

func constants(k *msl.Kernel) msl.Constants {
	cs := msl.Constants{ByIndex: map[int]msl.Value{}}
	for _, c := range k.Constants {
		cs.ByIndex[c.Index] = msl.Value{Type: c.Type, Data: constantValue(c)}
	}
	return cs
}
