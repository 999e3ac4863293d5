package stdlib

import (
	"sync"

	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// TextureMember returns the overloads of a texture's member function (MSL
// spec, section 6.12), nil if the type has none of that name: what the access
// does not allow is not there. The texture itself is no parameter. Default
// arguments are overloads of their own.
func TextureMember(t *types.Texture, name string) []*Func {
	key := memberKey{t, name}
	if v, ok := members.Load(key); ok {
		return v.([]*Func)
	}
	m := textureMembers{t: t, name: name}
	m.make()
	v, _ := members.LoadOrStore(key, m.list)
	return v.([]*Func)
}

var members sync.Map // of memberKey to []*Func

type memberKey struct {
	t    *types.Texture
	name string
}

// TextureMemberNames are the names that member functions of textures have.
var TextureMemberNames = []string{
	"read", "write", "sample", "sample_compare", "gather", "gather_compare", "fence",
	"get_width", "get_height", "get_depth", "get_array_size", "get_num_mip_levels", "get_num_samples",
	"atomic_load", "atomic_store", "atomic_exchange", "atomic_compare_exchange_weak",
	"atomic_fetch_add", "atomic_fetch_and", "atomic_fetch_max", "atomic_fetch_min", "atomic_fetch_or", "atomic_fetch_sub", "atomic_fetch_xor",
	"atomic_max", "atomic_min",
}

// textureMembers collects the overloads of one member.
type textureMembers struct {
	t    *types.Texture
	name string
	list []*Func
}

var (
	floatT  = types.Basics[types.Float]
	uintT   = types.Basics[types.UInt]
	ushortT = types.Basics[types.UShort]
	intT    = types.Basics[types.Int]
	voidT   = types.Basics[types.Void]
	boolT   = types.Basics[types.Bool]
)

// scalarOrVector returns the vector of n, or the scalar itself if n is 1.
func scalarOrVector(b *types.Basic, n int) types.Type {
	if n == 1 {
		return b
	}
	return types.VectorOf(b, n)
}

func (m *textureMembers) add(result types.Type, params ...[]types.Type) {
	f := &Func{Name: m.name, Result: result}
	for _, list := range params {
		for _, p := range list {
			f.Params = append(f.Params, Param{Type: p})
		}
	}
	m.list = append(m.list, f)
}

// value is what a texel is to a kernel: a scalar for depth, else four
// components.
func (m *textureMembers) value() types.Type {
	if m.t.Depth {
		return m.t.Elem
	}
	return types.VectorOf(m.t.Elem, 4)
}

func (m *textureMembers) make() {
	t := m.t
	kind := t.Type
	sampled := t.Access == types.AccessSample && !kind.Multisample() && kind != texel.TypeBuffer
	mips := !kind.Multisample() && kind != texel.TypeBuffer
	switch m.name {
	case "get_width":
		m.size(mips)
	case "get_height":
		if kind.Coords() > 1 {
			m.size(mips)
		}
	case "get_depth":
		if kind == texel.Type3D {
			m.size(mips)
		}
	case "get_array_size":
		if kind.Array() {
			m.add(uintT)
		}
	case "get_num_mip_levels":
		if mips {
			m.add(uintT)
		}
	case "get_num_samples":
		if kind.Multisample() {
			m.add(uintT)
		}
	case "fence":
		if t.Access == types.AccessReadWrite {
			m.add(voidT)
		}
	case "read":
		if t.Readable() {
			m.texels(m.value(), nil, mips)
		}
	case "write":
		if t.Writable() && !t.Depth {
			m.texels(voidT, []types.Type{m.value()}, mips)
		}
	case "sample":
		if sampled {
			m.samples(m.value(), false)
		}
	case "sample_compare":
		if sampled && t.Depth {
			m.samples(m.t.Elem, true)
		}
	case "gather", "gather_compare":
		if sampled && kind != texel.Type1D && kind != texel.Type1DArray && kind != texel.Type3D && (t.Depth || m.name == "gather") {
			m.gathers()
		}
	default:
		m.atomics()
	}
}

func (m *textureMembers) size(mips bool) {
	m.add(uintT)
	if mips {
		m.add(uintT, []types.Type{uintT})
	}
}

// texels adds functions that take a texel's place: coordinates, face, slice,
// sample, level.
func (m *textureMembers) texels(result types.Type, first []types.Type, mips bool) {
	n := m.t.Type.Texels()
	for _, word := range []*types.Basic{uintT, ushortT} {
		if n == 1 && word == ushortT {
			continue // becomes uint
		}
		at := []types.Type{scalarOrVector(word, n)}
		if m.t.Type.Cube() {
			at = append(at, uintT)
		}
		if m.t.Type.Array() {
			at = append(at, uintT)
		}
		if m.t.Type.Multisample() {
			at = append(at, uintT)
		}
		m.add(result, first, at)
		if mips {
			m.add(result, first, at, []types.Type{uintT})
		}
	}
}

// coords are the sampler, the coordinates and the slice of a sample.
func (m *textureMembers) coords() []types.Type {
	list := []types.Type{types.Sampler, scalarOrVector(floatT, m.t.Type.Coords())}
	if m.t.Type.Array() {
		list = append(list, uintT)
	}
	return list
}

// offset is the type of an offset in texels, nil where there is none.
func (m *textureMembers) offset() []types.Type {
	switch n := m.t.Type.Coords(); {
	case m.t.Type.Cube() || n == 1:
		return nil
	default:
		return []types.Type{types.VectorOf(intT, n)}
	}
}

// samples adds the overloads of sample and sample_compare: with and without
// each option of the level of detail, and with an offset after that.
func (m *textureMembers) samples(result types.Type, compare bool) {
	at := m.coords()
	if compare {
		at = append(at, floatT)
	}
	option := func(name string) types.Type { return TextureOption(name) }
	lods := [][]types.Type{nil}
	if m.t.Type.Coords() > 1 {
		gradient := option("gradient2d")
		switch {
		case m.t.Type.Cube():
			gradient = option("gradientcube")
		case m.t.Type == texel.Type3D:
			gradient = option("gradient3d")
		}
		clamp := option("min_lod_clamp")
		lods = append(lods, []types.Type{option("level")}, []types.Type{option("bias")}, []types.Type{gradient},
			[]types.Type{clamp}, []types.Type{option("bias"), clamp}, []types.Type{gradient, clamp})
	}
	for _, lod := range lods {
		m.add(result, at, lod)
		if o := m.offset(); o != nil {
			m.add(result, at, lod, o)
		}
	}
}

// gathers adds the overloads of gather and gather_compare.
func (m *textureMembers) gathers() {
	at := m.coords()
	result := types.VectorOf(m.t.Elem, 4)
	if m.name == "gather_compare" {
		at = append(at, floatT)
	}
	m.add(result, at)
	offset := m.offset()
	if offset != nil {
		m.add(result, at, offset)
	}
	if !m.t.Depth {
		m.add(result, at, offset, []types.Type{EnumNamed("component").Type})
	}
}

// atomics adds the atomic functions: of int and uint, and the maximum and
// minimum of ulong.
func (m *textureMembers) atomics() {
	t := m.t
	wide := t.Elem.Kind == types.ULong
	if t.Depth || t.Type.Multisample() || t.Elem.Kind != types.Int && t.Elem.Kind != types.UInt && !wide {
		return
	}
	vec := types.VectorOf(t.Elem, 4)
	place := func(word *types.Basic) []types.Type {
		at := []types.Type{scalarOrVector(word, t.Type.Texels())}
		if t.Type.Cube() {
			at = append(at, uintT)
		}
		if t.Type.Array() {
			at = append(at, uintT)
		}
		return at
	}
	words := []*types.Basic{uintT, ushortT}
	if t.Type.Texels() == 1 {
		words = words[:1]
	}
	for _, word := range words {
		at := place(word)
		switch {
		case wide:
			if (m.name == "atomic_min" || m.name == "atomic_max") && t.Access == types.AccessReadWrite {
				m.add(voidT, at, []types.Type{vec})
			}
		case m.name == "atomic_min" || m.name == "atomic_max":
		case m.name == "atomic_load":
			if t.Access == types.AccessRead || t.Access == types.AccessReadWrite {
				m.add(vec, at)
			}
		case m.name == "atomic_store":
			if t.Writable() {
				m.add(voidT, []types.Type{vec}, at)
			}
		case t.Access != types.AccessReadWrite:
		case m.name == "atomic_compare_exchange_weak":
			m.add(boolT, at, []types.Type{pointers.PointerTo(vec, types.Thread, false, false), vec})
		case m.name == "atomic_exchange" || isTextureRMW(m.name):
			m.add(vec, at, []types.Type{vec})
		}
	}
}

func isTextureRMW(name string) bool {
	switch name {
	case "atomic_fetch_add", "atomic_fetch_sub", "atomic_fetch_and", "atomic_fetch_or", "atomic_fetch_xor", "atomic_fetch_min", "atomic_fetch_max":
		return true
	}
	return false
}
