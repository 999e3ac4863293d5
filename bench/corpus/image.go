package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// Textures of a launch: one level, a texel of four words of 32 bits, or of one
// or two in a unit that has atomics.

// An image is what a texture holds.
type image struct {
	shape texel.Shape
	kind  types.Kind // of a component: float, int or uint
	words int        // of a texel
	data  []byte
}

// An imageSet is the textures of a launch, by index.
type imageSet struct {
	atomics bool // the source has atomics on textures
	byIndex map[int]*image
	of      map[*types.Texture]int // those that lie in buffers
}

// add makes the texture for an argument.
func (s *imageSet) add(a msl.Arg) (err error) {
	if a.ArrayLen > 0 {
		return errors.New("array of textures")
	}
	s.byIndex[a.Index], err = imageOf(a.Texture, s.atomics, rand.New(rand.NewPCG(uint64(a.Index), 17)))
	return err
}

// embed returns the index of the texture for all places in buffers that hold one
// of type t.
func (s *imageSet) embed(t *types.Texture, r *rand.Rand) (int, error) {
	if i, ok := s.of[t]; ok {
		return i, nil
	}
	i := firstEmbedded + len(s.of)
	m, err := imageOf(t, s.atomics, r)
	if err != nil {
		return 0, err
	}
	s.byIndex[i], s.of[t] = m, i
	return i, nil
}

// imageOf makes a texture of type t.
func imageOf(t *types.Texture, atomics bool, r *rand.Rand) (*image, error) {
	if t.Depth || t.Type.Multisample() {
		return nil, fmt.Errorf("%s", t.Name())
	}
	m := &image{shape: texel.Shape{Type: t.Type, Format: texel.RGBA32Float, Width: 16, Height: 8, Depth: 1, Layers: 1, Levels: 1, Samples: 1}, kind: types.Float, words: 4}
	switch t.Type {
	case texel.Type1D, texel.Type1DArray, texel.TypeBuffer:
		m.shape.Height = 1
	case texel.Type3D:
		m.shape.Depth = 4
	case texel.TypeCube, texel.TypeCubeArray:
		m.shape.Width = 8
	}
	if t.Type.Array() {
		m.shape.Layers = 3
	}
	atomics = atomics && t.Access == types.AccessReadWrite
	switch {
	case t.Elem.Kind == types.ULong:
		m.kind, m.words, m.shape.Format = types.UInt, 2, texel.RG32Uint
	case t.Elem.IsFloat():
	case t.Elem.IsSigned():
		m.kind, m.shape.Format = types.Int, texel.RGBA32Sint
		if atomics {
			m.words, m.shape.Format = 1, texel.R32Sint
		}
	default:
		m.kind, m.shape.Format = types.UInt, texel.RGBA32Uint
		if atomics {
			m.words, m.shape.Format = 1, texel.R32Uint
		}
	}
	if err := m.shape.Check(); err != nil {
		return nil, err
	}
	n := m.shape.Width * m.shape.Height * m.shape.Depth * m.slices() * m.words
	for range n {
		w := uint32(r.IntN(8))
		if m.kind == types.Float {
			w = math.Float32bits(float32(r.IntN(64)) / 8)
		}
		m.data = binary.LittleEndian.AppendUint32(m.data, w)
	}
	return m, nil
}

func (m *image) slices() int {
	if m.shape.Type.Cube() {
		return 6 * m.shape.Layers
	}
	return m.shape.Layers
}

// rows calls f for each row of texels: of m.data, and of a texture.
func (m *image) rows(t *texel.Texture, f func(packed, row []byte)) {
	n := m.shape.Width * m.words * 4
	at := 0
	for s := range m.slices() {
		l := t.Level(0)
		b := t.Bytes(0, s)
		for z := range m.shape.Depth {
			for y := range m.shape.Height {
				o := z*l.Image + y*l.Row
				f(m.data[at:at+n], b[o:o+n])
				at += n
			}
		}
	}
}

// texture returns a texture with the image in it.
func (m *image) texture() *texel.Texture {
	_, _, size := m.shape.Layout()
	t := texel.New(m.shape, make([]byte, size))
	m.rows(t, func(packed, row []byte) { copy(row, packed) })
	return t
}

// differ tells the first component in which a texture is not what words say.
func (m *image) differ(t *texel.Texture, want []byte) string {
	other := *m
	other.data = want
	var why string
	at := 0
	other.rows(t, func(packed, row []byte) {
		for i := 0; i < len(row) && why == ""; i += 4 {
			if x, y := row[i:i+4], packed[i:i+4]; !bytes.Equal(x, y) && !near(m.kind, x, y) {
				why = fmt.Sprintf("component %d, %s, want %s", at+i/4, text(m.kind, x), text(m.kind, y))
			}
		}
		at += len(row) / 4
	})
	return why
}

// samplerOf is the host's sampler of an index, as the shim has it.
func samplerOf(index int) *texel.Sampler {
	s := texel.DefaultSampler()
	mode := texel.ClampToEdge
	if index%2 == 1 {
		mode = texel.Repeat
	} else {
		s.Mag, s.Min = texel.FilterLinear, texel.FilterLinear
	}
	s.S, s.T, s.R = mode, mode, mode
	return &texel.Sampler{ID: uint64(index + 1), SamplerState: s}
}
