package stdlib

import (
	"math"
	"strings"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// textureEnums adds the enumerations of textures and samplers (MSL spec,
// sections 2.9 and 2.10). The values of those of samplers are texel's.
func textureEnums(add func(name string, scoped bool, names string, values ...int64)) {
	add("access", true, "sample read write read_write")
	add("memory_coherence", false, "memory_coherence_threadgroup memory_coherence_device memory_coherence_system")
	add("component", true, "x y z w")
	add("coord", true, "normalized pixel")
	const filters = "nearest linear"
	add("filter", true, filters)
	add("min_filter", true, filters)
	add("mag_filter", true, filters)
	add("mip_filter", true, "none nearest linear")
	const modes = "clamp_to_edge mirrored_clamp_to_edge repeat mirrored_repeat clamp_to_zero clamp_to_border"
	for _, name := range []string{"address", "s_address", "t_address", "r_address"} {
		add(name, true, modes)
	}
	add("border_color", true, "transparent_black opaque_black opaque_white")
	add("compare_func", true, "never less equal less_equal greater not_equal greater_equal always none", 0, 1, 2, 3, 4, 5, 6, 7, 0)
	add("reduction", true, "weighted_average minimum maximum")
}

// TextureTemplate returns the shape that a texture template stands for.
func TextureTemplate(name string) (kind texel.Type, depth, ok bool) {
	if name == "texture_buffer" {
		return texel.TypeBuffer, false, true
	}
	rest, depth := strings.CutPrefix(name, "depth")
	if !depth {
		if rest, ok = strings.CutPrefix(name, "texture"); !ok {
			return 0, false, false
		}
	}
	for t := range texel.TypeBuffer {
		if t.String() == rest {
			flat := t == texel.Type1D || t == texel.Type1DArray || t == texel.Type3D
			return t, depth, !depth || !flat
		}
	}
	return 0, false, false
}

// TextureOption returns the type of that name whose values are given to
// samples and samplers, such as level and gradient2d, or nil.
func TextureOption(name string) *types.Opaque { return textureOptions()[name] }

var textureOptions = sync.OnceValue(func() map[string]*types.Opaque {
	float, integer := types.Type(types.Basics[types.Float]), types.Type(types.Basics[types.Int])
	float2, float3 := types.Type(types.VectorOf(types.Basics[types.Float], 2)), types.Type(types.VectorOf(types.Basics[types.Float], 3))
	m := map[string]*types.Opaque{"sampler": types.Sampler}
	for name, parts := range map[string][]types.Type{
		"level": {float}, "bias": {float}, "min_lod_clamp": {float}, "max_anisotropy": {integer}, "lod_clamp": {float, float},
		"gradient2d": {float2, float2}, "gradient3d": {float3, float3}, "gradientcube": {float3, float3},
	} {
		m[name] = &types.Opaque{Name: name, Parts: parts}
	}
	return m
})

// SamplerOption sets what one argument of a sampler's constructor says: a
// value of an enumeration, or of max_anisotropy or lod_clamp, whose words bits
// has. It reports false for a type that is no such argument.
func SamplerOption(s *texel.SamplerState, t types.Type, bits []uint64) bool {
	if o, ok := t.(*types.Opaque); ok {
		switch o.Name {
		case "max_anisotropy":
			s.MaxAniso = uint8(min(bits[0]&math.MaxUint32, 255))
		case "lod_clamp":
			s.MinLOD, s.MaxLOD = math.Float32frombits(uint32(bits[0])), math.Float32frombits(uint32(bits[1]))
		default:
			return false
		}
		return true
	}
	e, ok := t.(*types.Enum)
	if !ok || EnumNamed(e.Name) == nil || EnumNamed(e.Name).Type != e {
		return false
	}
	v := uint8(bits[0])
	switch e.Name {
	case "coord":
		s.Pixel = v != 0
	case "filter":
		s.Mag, s.Min = texel.Filter(v), texel.Filter(v)
	case "mag_filter":
		s.Mag = texel.Filter(v)
	case "min_filter":
		s.Min = texel.Filter(v)
	case "mip_filter":
		s.Mip = texel.MipFilter(v)
	case "address":
		s.S, s.T, s.R = texel.Address(v), texel.Address(v), texel.Address(v)
	case "s_address":
		s.S = texel.Address(v)
	case "t_address":
		s.T = texel.Address(v)
	case "r_address":
		s.R = texel.Address(v)
	case "border_color":
		s.Border = texel.Border(v)
	case "compare_func":
		s.Compare = texel.Compare(v)
	case "reduction":
		s.Reduction = texel.Reduction(v)
	default:
		return false
	}
	return true
}

// SamplerBits and SamplerState turn a state into the words of a constant of
// type sampler and back.
func SamplerBits(s *texel.SamplerState) []uint64 {
	pixel := uint64(0)
	if s.Pixel {
		pixel = 1
	}
	var w uint64
	for i, v := range []uint64{uint64(s.Mag), uint64(s.Min), uint64(s.Mip), uint64(s.S), uint64(s.T), uint64(s.R),
		uint64(s.Border), pixel, uint64(s.Compare), uint64(s.Reduction)} {
		w |= v << (4 * i)
	}
	w |= uint64(s.MaxAniso) << 56
	return []uint64{w, uint64(math.Float32bits(s.MinLOD))<<32 | uint64(math.Float32bits(s.MaxLOD))}
}

func SamplerState(bits []uint64) texel.SamplerState {
	at := func(i int) uint8 { return uint8(bits[0] >> (4 * i) & 15) }
	return texel.SamplerState{
		Mag: texel.Filter(at(0)), Min: texel.Filter(at(1)), Mip: texel.MipFilter(at(2)),
		S: texel.Address(at(3)), T: texel.Address(at(4)), R: texel.Address(at(5)),
		Border: texel.Border(at(6)), Pixel: at(7) != 0, Compare: texel.Compare(at(8)), Reduction: texel.Reduction(at(9)),
		MaxAniso: uint8(bits[0] >> 56),
		MinLOD:   math.Float32frombits(uint32(bits[1] >> 32)), MaxLOD: math.Float32frombits(uint32(bits[1])),
	}
}
