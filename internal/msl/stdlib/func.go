package stdlib

import (
	"slices"
	"strings"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Func is one overload of a library function.
type Func struct {
	Name   string
	Result types.Type
	Params []Param
}

// Param is a parameter of a library function.
type Param struct {
	// Type is what is passed; of an Out parameter, what it refers to. A
	// pointer is a *types.Pointer that belongs to no types.Table: compare its
	// parts.
	Type types.Type
	Out  bool // a thread reference that the function writes through
}

// family is a row of the table: functions that share a signature.
type family struct {
	names string
	sig   string
	class class
	modes bool // also in metal::fast and metal::precise, for float
}

// families is the table (MSL spec, section 6).
var families = []family{
	// Mathematics.
	{"acos acosh asin asinh atan atanh ceil cos cosh cospi exp exp10 exp2 fabs floor fract log log10 log2 rint round rsqrt sin sinh sinpi sqrt tan tanh tanpi trunc", "T T", floats, true},
	{"atan2 copysign divide fdim fmax fmin fmod nextafter pow powr", "T T T", floats, true},
	{"fma fmax3 fmin3 fmedian3", "T T T T", floats, true},
	{"frexp", "T T &I", floats, true},
	{"ilogb", "I T", floats, true},
	{"ldexp", "T T I", floats, true},
	{"modf sincos", "T T &T", floats, true},
	{"abs", "T T", floats, true},
	{"min max", "T T T", floats, true},
	{"min3 max3 median3", "T T T T", floats, true},
	// Derivatives, in fragment functions.
	{"dfdx dfdy fwidth", "T T", floats, false},
	// Common.
	{"clamp mix smoothstep", "T T T T", floats, true},
	{"saturate sign", "T T", floats, true},
	{"step", "T T T", floats, true},
	// Integers.
	{"abs", "T T", ints, false},
	{"absdiff", "U T T", ints, false},
	{"addsat subsat hadd rhadd mulhi rotate min max", "T T T", ints, false},
	{"clamp madhi madsat min3 max3 median3", "T T T T", ints, false},
	{"clz ctz popcount reverse_bits", "T T", ints, false},
	{"extract_bits", "T T uint uint", ints, false},
	{"insert_bits", "T T T uint uint", ints, false},
	{"mad24", "T T T T", ints32, false},
	{"mul24", "T T T", ints32, false},
	// Relations.
	{"all any", "bool T", bools, false},
	{"isfinite isinf isnan isnormal signbit", "B T", floats, false},
	{"isfinite isinf isnan isnormal signbit", "B T", bfloats, false},
	{"isordered isunordered", "B T T", floats, false},
	{"isordered isunordered", "B T T", bfloats, false},
	{"select", "T T T B", all, false},
	{"select", "T T T B", bfloats, false},
	// Matrices.
	{"determinant", "E T", squares, false},
	{"transpose", "M T", matrices, false},
	// Geometry.
	{"cross", "T T T", float3s, true},
	{"distance distance_squared dot", "E T T", floatVecs, true},
	{"length length_squared", "E T", floatVecs, true},
	{"normalize", "T T", floatVecs, true},
	{"faceforward", "T T T T", floatVecs, true},
	{"reflect", "T T T", floatVecs, true},
	{"refract", "T T T E", floatVecs, true},
	// Synchronisation.
	{"threadgroup_barrier simdgroup_barrier", "void mem_flags", plain, false},
	{"threadgroup_barrier", "void mem_flags thread_scope", plain, false},
	{"atomic_thread_fence", "void mem_flags memory_order", plain, false},
	{"atomic_thread_fence", "void mem_flags memory_order thread_scope", plain, false},
	// SIMD groups and quad groups.
	{"simd_all simd_any quad_all quad_any", "bool bool", plain, false},
	{"simd_is_first simd_is_helper_thread quad_is_first quad_is_helper_thread", "bool", plain, false},
	{"simd_ballot", "simd_vote bool", plain, false},
	{"simd_active_threads_mask", "simd_vote", plain, false},
	{"quad_ballot", "quad_vote bool", plain, false},
	{"quad_active_threads_mask", "quad_vote", plain, false},
	{"simd_broadcast simd_shuffle simd_shuffle_xor simd_shuffle_up simd_shuffle_down simd_shuffle_rotate_up simd_shuffle_rotate_down", "T T ushort", lanes, false},
	{"simd_shuffle_and_fill_up simd_shuffle_and_fill_down", "T T T ushort", lanes, false},
	{"simd_shuffle_and_fill_up simd_shuffle_and_fill_down", "T T T ushort ushort", lanes, false},
	{"simd_broadcast_first", "T T", lanes, false},
	{"simd_sum simd_product simd_min simd_max simd_prefix_inclusive_sum simd_prefix_exclusive_sum simd_prefix_inclusive_product simd_prefix_exclusive_product", "T T", lanes, false},
	{"simd_and simd_or simd_xor", "T T", laneInts, false},
	{"quad_broadcast quad_shuffle quad_shuffle_xor quad_shuffle_up quad_shuffle_down quad_shuffle_rotate_up quad_shuffle_rotate_down", "T T ushort", numbers, false},
	{"quad_shuffle_and_fill_up quad_shuffle_and_fill_down", "T T T ushort", numbers, false},
	{"quad_shuffle_and_fill_up quad_shuffle_and_fill_down", "T T T ushort ushort", numbers, false},
	{"quad_broadcast_first", "T T", numbers, false},
	{"quad_sum quad_product quad_min quad_max quad_prefix_inclusive_sum quad_prefix_exclusive_sum quad_prefix_inclusive_product quad_prefix_exclusive_product", "T T", numbers, false},
	{"quad_and quad_or quad_xor", "T T", ints, false},
	// Packing.
	{"pack_float_to_snorm4x8 pack_float_to_unorm4x8 pack_float_to_srgb_unorm4x8 pack_float_to_unorm10a2", "uint float4", plain, false},
	{"pack_half_to_snorm4x8 pack_half_to_unorm4x8 pack_half_to_srgb_unorm4x8 pack_half_to_unorm10a2", "uint half4", plain, false},
	{"pack_float_to_snorm2x16 pack_float_to_unorm2x16", "uint float2", plain, false},
	{"pack_half_to_snorm2x16 pack_half_to_unorm2x16", "uint half2", plain, false},
	{"pack_float_to_unorm565", "ushort float3", plain, false},
	{"pack_half_to_unorm565", "ushort half3", plain, false},
	{"unpack_snorm4x8_to_float unpack_unorm4x8_to_float unpack_unorm4x8_srgb_to_float unpack_unorm10a2_to_float", "float4 uint", plain, false},
	{"unpack_snorm4x8_to_half unpack_unorm4x8_to_half unpack_unorm4x8_srgb_to_half unpack_unorm10a2_to_half", "half4 uint", plain, false},
	{"unpack_snorm2x16_to_float unpack_unorm2x16_to_float", "float2 uint", plain, false},
	{"unpack_snorm2x16_to_half unpack_unorm2x16_to_half", "half2 uint", plain, false},
	{"unpack_unorm565_to_float", "float3 ushort", plain, false},
	{"unpack_unorm565_to_half", "half3 ushort", plain, false},
}

// index has the rows of families for each name.
var index = sync.OnceValue(func() map[string][]*family {
	m := make(map[string][]*family)
	for i := range families {
		f := &families[i]
		for name := range strings.FieldsSeq(f.names) {
			m[name] = append(m[name], f)
		}
	}
	return m
})

type lookupKey struct {
	name string
	mode sem.Mode
}

var (
	mu    sync.Mutex
	found map[lookupKey][]*Func
)

// Lookup returns the overloads of metal::name, or of metal::fast::name or
// metal::precise::name, or nil if the library has no such function. The
// result must not be changed.
func Lookup(name string, mode sem.Mode) []*Func {
	rows := index()[name]
	atomic := rows == nil && mode == sem.Default && isAtomic(name)
	if rows == nil && !atomic {
		return nil
	}
	key := lookupKey{name, mode}
	mu.Lock()
	defer mu.Unlock()
	list, ok := found[key]
	if ok {
		return list
	}
	if atomic {
		list = atomicFuncs(name)
	}
	for _, f := range rows {
		switch {
		case mode == sem.Default:
			list = append(list, expand(name, f.sig, f.class, types.Invalid)...)
		case f.modes:
			list = append(list, expand(name, f.sig, f.class, types.Float)...)
		}
	}
	if found == nil {
		found = make(map[lookupKey][]*Func)
	}
	found[key] = list
	return list
}

// Names returns the names of all functions that Lookup knows, sorted.
func Names() []string {
	var names []string
	for name := range index() {
		names = append(names, name)
	}
	names = append(names, atomicNames()...)
	slices.Sort(names)
	return names
}
