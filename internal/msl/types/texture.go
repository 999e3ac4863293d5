package types

import "github.com/aruminium-go/aruminium/internal/texel"

// Texture is a texture type: texture2d<float, access::read> (MSL spec, section
// 2.9). Its value is a handle.
type Texture struct {
	Type   texel.Type
	Depth  bool // depth2d and its like
	Elem   *Basic
	Access Access
}

// Access is what a kernel may do with a texture; the numbers are those of
// MSL's enumeration.
type Access uint8

const (
	AccessSample Access = iota
	AccessRead
	AccessWrite
	AccessReadWrite
	numAccesses
)

var accessNames = [numAccesses]string{"sample", "read", "write", "read_write"}

func (a Access) String() string {
	if a < numAccesses {
		return accessNames[a]
	}
	return "access(?)"
}

// Name returns the name of the template: "texture2d_array".
func (t *Texture) Name() string {
	switch {
	case t.Type == texel.TypeBuffer:
		return "texture_buffer"
	case t.Depth:
		return "depth" + t.Type.String()
	}
	return "texture" + t.Type.String()
}

func (t *Texture) String() string {
	return t.Name() + "<" + t.Elem.String() + ", access::" + t.Access.String() + ">"
}
func (t *Texture) Size() int64  { return 8 }
func (t *Texture) Align() int64 { return 8 }

// Readable reports whether texels can be read, Writable whether they can be
// written.
func (t *Texture) Readable() bool { return t.Access != AccessWrite }
func (t *Texture) Writable() bool { return t.Access == AccessWrite || t.Access == AccessReadWrite }

// TextureOf returns a texture type.
func TextureOf(kind texel.Type, depth bool, elem *Basic, access Access) *Texture {
	k := Texture{kind, depth, elem, access}
	return intern(&shared, k, func() *Texture { return &k })
}

// Opaque is a type of the library whose values have no parts that a program
// can name: samplers, level(…) and the other options of a sample.
type Opaque struct {
	Name  string
	Parts []Type // what a value is made of; of a sampler its handle
}

func (o *Opaque) String() string { return o.Name }

func (o *Opaque) Size() int64 {
	var n int64
	for _, p := range o.Parts {
		n = roundUp(n, p.Align()) + p.Size()
	}
	return roundUp(max(n, 1), o.Align())
}

func (o *Opaque) Align() int64 {
	align := int64(1)
	for _, p := range o.Parts {
		align = max(align, p.Align())
	}
	return align
}

// Sampler is the type sampler.
var Sampler = &Opaque{Name: "sampler", Parts: []Type{Basics[ULong]}}
