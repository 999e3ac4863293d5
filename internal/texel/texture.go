package texel

import (
	"fmt"
	"math/bits"
)

// Type is the shape of a texture; the numbers are those of MTLTextureType.
type Type uint8

const (
	Type1D Type = iota
	Type1DArray
	Type2D
	Type2DArray
	Type2DMultisample
	TypeCube
	TypeCubeArray
	Type3D
	Type2DMultisampleArray
	TypeBuffer
	NumTypes
)

var typeNames = [NumTypes]string{"1d", "1d_array", "2d", "2d_array", "2d_ms", "cube", "cube_array", "3d", "2d_ms_array", "buffer"}

// String returns the type as MSL names it after "texture": "2d_array".
func (t Type) String() string {
	if t < NumTypes {
		return typeNames[t]
	}
	return "type(?)"
}

// Coords returns how many coordinates a sample takes: three for cubes, whose
// coordinate is a direction.
func (t Type) Coords() int {
	switch t {
	case Type1D, Type1DArray, TypeBuffer:
		return 1
	case Type3D, TypeCube, TypeCubeArray:
		return 3
	}
	return 2
}

// Texels returns how many coordinates a read takes. A cube's read takes a face
// besides.
func (t Type) Texels() int {
	if t.Cube() {
		return 2
	}
	return t.Coords()
}

// Array reports whether textures of the type have slices to choose from.
func (t Type) Array() bool {
	return t == Type1DArray || t == Type2DArray || t == TypeCubeArray || t == Type2DMultisampleArray
}

// Cube reports whether a slice is a face of a cube.
func (t Type) Cube() bool { return t == TypeCube || t == TypeCubeArray }

// Multisample reports whether a texel has several samples.
func (t Type) Multisample() bool { return t == Type2DMultisample || t == Type2DMultisampleArray }

// Shape is the size of a texture.
type Shape struct {
	Type                 Type
	Format               Format
	Width, Height, Depth int // of level 0, in texels
	Layers               int // array length: slices, or cubes
	Levels               int // mipmaps
	Samples              int
}

// Limits of a texture's shape, as those of Metal's Apple families.
const (
	MaxSize       = 16384 // width and height
	MaxDepth      = 2048
	MaxLayers     = 2048
	MaxBufferSize = 1 << 28 // texels of a texture buffer
)

// Check reports what is wrong with a shape.
func (s *Shape) Check() error {
	if s.Type >= NumTypes {
		return fmt.Errorf("%d is no texture type", s.Type)
	}
	in, ok := s.Format.Info()
	if !ok {
		return fmt.Errorf("%v is not supported", s.Format)
	}
	most := [3]int{MaxSize, MaxSize, 1}
	switch s.Type {
	case Type1D, Type1DArray:
		most[1] = 1
	case Type3D:
		most = [3]int{MaxDepth, MaxDepth, MaxDepth}
	case TypeBuffer:
		most = [3]int{MaxBufferSize, 1, 1}
	}
	for i, v := range [3]int{s.Width, s.Height, s.Depth} {
		if v < 1 || v > most[i] {
			return fmt.Errorf("the %s of a texture of type %v is 1 to %d, not %d", [3]string{"width", "height", "depth"}[i], s.Type, most[i], v)
		}
	}
	layers := 1
	if s.Type.Array() {
		layers = MaxLayers
		if s.Type.Cube() {
			layers /= 6
		}
	}
	if s.Layers < 1 || s.Layers > layers {
		return fmt.Errorf("the array length of a texture of type %v is 1 to %d, not %d", s.Type, layers, s.Layers)
	}
	if s.Type.Cube() && s.Width != s.Height {
		return fmt.Errorf("the faces of a cube are square, not %d×%d", s.Width, s.Height)
	}
	levels := s.MaxLevels()
	if s.Levels < 1 || s.Levels > levels {
		return fmt.Errorf("a texture of type %v and size %d×%d×%d has 1 to %d mipmap levels, not %d", s.Type, s.Width, s.Height, s.Depth, levels, s.Levels)
	}
	switch {
	case s.Type.Multisample():
		if s.Samples != 2 && s.Samples != 4 && s.Samples != 8 {
			return fmt.Errorf("a texture of type %v has 2, 4 or 8 samples, not %d", s.Type, s.Samples)
		}
	case s.Samples != 1:
		return fmt.Errorf("a texture of type %v has 1 sample, not %d", s.Type, s.Samples)
	}
	if (in.Depth || in.Stencil) && (s.Type == Type1D || s.Type == Type1DArray || s.Type == Type3D || s.Type == TypeBuffer) {
		return fmt.Errorf("a texture of type %v cannot have the format %v", s.Type, s.Format)
	}
	return nil
}

// MaxLevels returns how many levels textures of the type and size can have.
func (s *Shape) MaxLevels() int {
	if s.Type.Multisample() || s.Type == TypeBuffer || s.Type.Coords() == 1 {
		return 1
	}
	return bits.Len(uint(max(s.Width, s.Height, s.Depth)))
}

// Slices returns how many images a level has, cube faces counted.
func (s *Shape) Slices() int {
	if s.Type.Cube() {
		return 6 * s.Layers
	}
	return s.Layers
}

// LevelSize returns the size of a level.
func (s *Shape) LevelSize(level int) (w, h, d int) {
	return max(s.Width>>level, 1), max(s.Height>>level, 1), max(s.Depth>>level, 1)
}

// Level is where a level of a texture lies in its memory.
type Level struct {
	Width, Height, Depth int
	Offset               int // of its part of the first slice
	Row, Image           int // bytes from a row, and from a layer of depth, to the next
}

// align is what levels and slices lie at multiples of.
const align = 16

// Layout returns where the levels of a shape lie, the bytes from a slice to
// the next and the bytes of all slices.
func (s *Shape) Layout() (levels []Level, slice, size int) {
	texel := s.Format.Size() * s.Samples
	levels = make([]Level, s.Levels)
	for i := range levels {
		w, h, d := s.LevelSize(i)
		levels[i] = Level{w, h, d, slice, w * texel, w * h * texel}
		slice += (w*h*d*texel + align - 1) &^ (align - 1)
	}
	return levels, slice, slice * s.Slices()
}

// A Texture is an image in memory that kernels read and write.
type Texture struct {
	// ID names the texture where kernels keep textures in memory. It is the
	// owner's to set, and not 0.
	ID uint64
	Shape
	Swizzle Swizzle

	mem    []byte
	levels []Level
	slice  int
	in     *Info
	plain  bool // Swizzle changes nothing
}

// New returns a texture that lies in mem as Layout says. The shape must have
// passed Check, and mem be as large as it takes.
func New(s Shape, mem []byte) *Texture {
	levels, slice, _ := s.Layout()
	return assemble(s, mem, levels, slice)
}

// Linear returns a texture of one level and one slice whose rows lie in mem,
// row bytes apart.
func Linear(s Shape, mem []byte, row int) *Texture {
	return assemble(s, mem, []Level{{s.Width, s.Height, 1, 0, row, row * s.Height}}, 0)
}

// assemble returns a texture whose levels and slices lie in mem as told.
func assemble(s Shape, mem []byte, levels []Level, slice int) *Texture {
	in, _ := s.Format.Info()
	return &Texture{Shape: s, mem: mem, levels: levels, slice: slice, in: in, plain: true}
}

// Info returns the description of the texture's format.
func (t *Texture) Info() *Info { return t.in }

// Level returns where a level lies.
func (t *Texture) Level(level int) Level { return t.levels[level] }

// Bytes returns the memory of a level of a slice.
func (t *Texture) Bytes(level, slice int) []byte {
	l := &t.levels[level]
	p := t.mem[l.Offset+slice*t.slice:]
	return p[:min(len(p), l.Image*l.Depth)] // the last row may end before the next would begin
}

// Image returns the memory of level 0 and what lies behind it, and the bytes from a
// slice to the next.
func (t *Texture) Image() (mem []byte, slice int) { return t.mem[t.levels[0].Offset:], t.slice }

// View returns a texture of the same memory with another type or format, or of
// a part of its levels and slices. The format must have texels of the same
// size; slices of a cube are faces.
func (t *Texture) View(kind Type, f Format, level, levels, slice, slices int, swizzle Swizzle) (*Texture, error) {
	in, ok := f.Info()
	switch {
	case !ok:
		return nil, fmt.Errorf("%v is not supported", f)
	case in.Size != t.in.Size:
		return nil, fmt.Errorf("a view of a texture of format %v cannot have the format %v: its texels have %d bytes, not %d", t.Format, f, in.Size, t.in.Size)
	case level < 0 || levels < 1 || level+levels > t.Levels:
		return nil, fmt.Errorf("levels %d to %d are not in the texture's %d", level, level+levels-1, t.Levels)
	case slice < 0 || slices < 1 || slice+slices > t.Slices():
		return nil, fmt.Errorf("slices %d to %d are not in the texture's %d", slice, slice+slices-1, t.Slices())
	case kind.Multisample() != t.Type.Multisample() || (kind == Type3D) != (t.Type == Type3D) || (kind == TypeBuffer) != (t.Type == TypeBuffer) ||
		kind.Coords() == 1 != (t.Type.Coords() == 1):
		return nil, fmt.Errorf("a view of a texture of type %v cannot have type %v", t.Type, kind)
	}
	v := *t
	v.Type, v.Format, v.in = kind, f, in
	v.Width, v.Height, v.Depth = t.LevelSize(level)
	v.Levels, v.Layers = levels, slices
	if kind.Cube() {
		if slices%6 != 0 {
			return nil, fmt.Errorf("a view of type %v takes a multiple of six slices, not %d", kind, slices)
		}
		v.Layers = slices / 6
	}
	if !kind.Array() && v.Layers != 1 {
		return nil, fmt.Errorf("a view of type %v takes one slice, not %d", kind, slices)
	}
	v.levels = append([]Level(nil), t.levels[level:level+levels]...)
	for i := range v.levels {
		v.levels[i].Offset += slice * t.slice
	}
	v.SetSwizzle(swizzle.after(t.Swizzle))
	return &v, v.Check()
}
