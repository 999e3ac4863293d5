package ir

import "github.com/aruminium-go/aruminium/internal/texel"

// Texture is a texture that a kernel is given; see OpTexture.
type Texture struct {
	Name   string // the source's name for it
	Index  int    // of the binding
	Type   texel.Type
	Class  texel.Class // what its channels are numbers of
	Depth  bool        // declared as a depth texture
	Read   bool        // declared so that it may be read or sampled
	Write  bool        // declared so that it may be written
	Sample bool        // declared so that it may be sampled
}

// Sampler is a sampler that a kernel is given or, if State is not nil, has.
type Sampler struct {
	Name  string
	Index int // of the binding
	State *texel.SamplerState
}

// LODMode says how a sample's level of detail is told.
type LODMode uint8

const (
	LODNone     LODMode = iota // level 0
	LODLevel                   // an F32 level; for reads and writes an I32
	LODBias                    // an F32 added to level 0
	LODGradient                // the F32 derivatives of the coordinates, all along x, then all along y
	numLODModes
)

var lodNames = [numLODModes]string{"none", "level", "bias", "gradient"}

func (m LODMode) String() string {
	if m < numLODModes {
		return lodNames[m]
	}
	return "lod(?)"
}

// TexMode is the Imm of an operation on a texture. It says which operands
// there are, in this order:
//
//	the texture; for OpTexSample and OpTexGather the sampler;
//	the coordinates: F32 to sample and gather, Type.Coords of them, else I32,
//	Type.Texels of them; then, I32, the face of a cube unless it is sampled or
//	gathered, and the slice of an Array;
//	the I32 sample of a Multisample texture that is read;
//	the F32 reference, with Compare;
//	what LOD says; the F32 minimum level, with MinLOD;
//	I32 offsets in texels, one a coordinate, with Offset;
//	what is written: four values, or those of an atomic operation.
type TexMode struct {
	Type      texel.Type
	LOD       LODMode
	MinLOD    bool
	Compare   bool
	Offset    bool
	Component uint8 // that OpTexGather gathers, 0 to 3
}

// Imm packs m.
func (m TexMode) Imm() int64 {
	imm := int64(m.Type) | int64(m.LOD)<<8 | int64(m.Component)<<16
	for i, flag := range [3]bool{m.MinLOD, m.Compare, m.Offset} {
		if flag {
			imm |= 1 << (24 + i)
		}
	}
	return imm
}

// UnpackTex is the inverse of Imm.
func UnpackTex(imm int64) TexMode {
	return TexMode{Type: texel.Type(imm & 0xff), LOD: LODMode(imm >> 8 & 0xff), Component: uint8(imm >> 16 & 0xff),
		MinLOD: imm>>24&1 != 0, Compare: imm>>25&1 != 0, Offset: imm>>26&1 != 0}
}

// TexQuery is the Imm of an OpTexQuery: what it asks for.
type TexQuery uint8

const (
	TexWidth TexQuery = iota
	TexHeight
	TexDepth
	TexLayers
	TexLevels
	TexSamples
	numTexQueries
)

var texQueryNames = [numTexQueries]string{"width", "height", "depth", "layers", "levels", "samples"}

func (q TexQuery) String() string {
	if q < numTexQueries {
		return texQueryNames[q]
	}
	return "query(?)"
}

// IsTexture reports whether op works on a texture and has a TexMode.
func (op Op) IsTexture() bool { return op >= OpTexRead && op <= OpTexCAS }

// TexResults returns how many results an operation on a texture has: all are
// of the instruction's type, and among its Outs.
func (op Op) TexResults() int {
	switch op {
	case OpTexRead, OpTexSample, OpTexGather:
		return 4
	case OpTexLoad, OpTexRMW, OpTexCAS:
		return 1
	}
	return 0
}

// TexOperands returns the types of the operands of an operation on a texture
// whose values have type t.
func TexOperands(op Op, m TexMode, t Type) []Type {
	list := []Type{I64}
	add := func(t Type, n int) {
		for range n {
			list = append(list, t)
		}
	}
	coords := m.Type.Texels()
	if op == OpTexSample || op == OpTexGather {
		coords = m.Type.Coords()
		add(I64, 1)
		add(F32, coords)
	} else {
		add(I32, coords)
		if m.Type.Cube() {
			add(I32, 1)
		}
	}
	if m.Type.Array() {
		add(I32, 1)
	}
	if m.Type.Multisample() && op == OpTexRead {
		add(I32, 1)
	}
	if m.Compare {
		add(F32, 1)
	}
	switch m.LOD {
	case LODLevel:
		if op == OpTexSample {
			add(F32, 1)
		} else {
			add(I32, 1)
		}
	case LODBias:
		add(F32, 1)
	case LODGradient:
		add(F32, 2*coords)
	}
	if m.MinLOD {
		add(F32, 1)
	}
	if m.Offset {
		add(I32, coords)
	}
	switch op {
	case OpTexWrite:
		add(t, 4)
	case OpTexStore, OpTexRMW:
		add(t, 1)
	case OpTexCAS:
		add(t, 2)
	}
	return list
}

// Texture adds t to the function's textures and returns what names it.
func (b *Builder) Texture(t Texture) Value {
	b.F.Textures = append(b.F.Textures, t)
	return b.input(OpTexture, I64, int64(len(b.F.Textures)-1))
}

// SamplerAt returns what names sampler i of the function.
func (b *Builder) SamplerAt(i int) Value { return b.input(OpSampler, I64, int64(i)) }

// Sampler adds s to the function's samplers and returns what names it.
func (b *Builder) Sampler(s Sampler) Value {
	b.F.Samplers = append(b.F.Samplers, s)
	return b.SamplerAt(len(b.F.Samplers) - 1)
}

// Tex appends an operation on a texture with values of type t and returns its
// results.
func (b *Builder) Tex(op Op, t Type, m TexMode, a AtomicOp, args ...Value) []Value {
	in := b.F.NewInstr(op, t, b.Pos, args...)
	in.Imm, in.Imm2 = m.Imm(), int64(a)
	for range op.TexResults() {
		in.Outs = append(in.Outs, b.F.NewValue(t, ""))
	}
	b.add(in)
	return in.Outs
}

// tex checks an operation on a texture.
func (v *verifier) tex(in *Instr) error {
	m := UnpackTex(in.Imm)
	sampled := in.Op == OpTexSample || in.Op == OpTexGather
	atomic := in.Op >= OpTexLoad
	switch {
	case m.Type >= texel.NumTypes || m.LOD >= numLODModes || m.Component > 3:
		return v.errorf(in, "a mode that there is not")
	case atomic && in.Type != I32 && in.Type != I64, !atomic && in.Type != F32 && in.Type != F16 && in.Type != I32 && in.Type != I16:
		return v.errorf(in, "cannot have type %s", in.Type)
	case !sampled && (m.Compare || m.Offset || m.MinLOD), atomic && m.LOD != LODNone, in.Op != OpTexSample && m.LOD > LODLevel,
		in.Op == OpTexGather && (m.MinLOD || m.LOD != LODNone):
		return v.errorf(in, "has operands it does not take")
	case sampled && (m.Type.Multisample() || m.Type == texel.TypeBuffer):
		return v.errorf(in, "cannot sample a texture of type %s", m.Type)
	case in.Op == OpTexRMW && AtomicOp(in.Imm2) >= numAtomicOps:
		return v.errorf(in, "no such atomic operation")
	}
	want := TexOperands(in.Op, m, in.Type)
	if len(in.Args) != len(want) {
		return v.errorf(in, "%d arguments, want %d", len(in.Args), len(want))
	}
	if len(in.Outs) != in.Op.TexResults() {
		return v.errorf(in, "%d results, want %d", len(in.Outs), in.Op.TexResults())
	}
	for _, x := range in.Outs {
		if x > 0 && int(x) < len(v.f.Values) && v.f.TypeOf(x) != in.Type {
			return v.errorf(in, "a result has type %s, want %s", v.f.TypeOf(x), in.Type)
		}
	}
	return v.want(in, want...)
}
