package parse

import (
	"strconv"
	"sync"
)

// globalName returns what a builtin name is outside of namespace metal: the
// names of scalars, vectors and matrices, and as_type.
func globalName(name string) symKind {
	if len(name) < 3 {
		return symUnknown
	}
	return builtins().global[name]
}

// metalName returns what a builtin name is in namespace metal.
func metalName(name string) symKind {
	if len(name) < 3 {
		return symUnknown
	}
	b := builtins()
	if k := b.metal[name]; k != symUnknown {
		return k
	}
	return b.global[name]
}

// builtinMembers is the scope of every class of the standard library: the
// names of their member types.
var builtinMembers = sync.OnceValue(func() *scope {
	s := &scope{}
	for _, name := range []string{"type", "value_type", "vote_t", "storage_type", "result_type", "element_type", "extents_type"} {
		s.declare(name, symbol{kind: symType})
	}
	return s
})

type builtinNames struct{ global, metal map[string]symKind }

// builtins lists the names of types and templates of the standard library
// (MSL spec, sections 2, 5 and 6), the ones that the grammar depends on.
var builtins = sync.OnceValue(func() builtinNames {
	b := builtinNames{make(map[string]symKind, 512), make(map[string]symKind, 512)}
	global := func(names ...string) {
		for _, n := range names {
			b.global[n] = symType
		}
	}
	scalars := []string{
		"bool", "char", "uchar", "short", "ushort", "int", "uint", "long", "ulong", "half", "bfloat", "float",
	}
	global("half", "bfloat", "uchar", "ushort", "uint", "ulong", "size_t", "ptrdiff_t", "intptr_t", "uintptr_t", "nullptr_t",
		"intmax_t", "uintmax_t", "MTLQuadTessellationFactorsHalf", "MTLTriangleTessellationFactorsHalf",
		"MTLDispatchThreadgroupsIndirectArguments", "MTLStageInRegionIndirectArguments")
	for _, bits := range []string{"8", "16", "32", "64"} {
		global("int"+bits+"_t", "uint"+bits+"_t")
		b.metal["int_fast"+bits+"_t"] = symType
		b.metal["uint_fast"+bits+"_t"] = symType
		b.metal["int_least"+bits+"_t"] = symType
		b.metal["uint_least"+bits+"_t"] = symType
	}
	for _, s := range scalars {
		for n := 2; n <= 4; n++ {
			global(s+strconv.Itoa(n), "packed_"+s+strconv.Itoa(n))
		}
	}
	for _, s := range []string{"float", "half", "bfloat"} {
		for c := 2; c <= 4; c++ {
			for r := 2; r <= 4; r++ {
				global(s + strconv.Itoa(c) + "x" + strconv.Itoa(r))
			}
		}
	}
	types := []string{
		"atomic_int", "atomic_uint", "atomic_bool", "atomic_float", "atomic_ulong", "atomic_long", "sampler", "event", "mem_flags",
		"memory_order", "thread_scope", "simd_vote", "quad_vote", "command_buffer", "render_command", "compute_command",
		"depth_stencil_state", "intersection_params", "ray", "intersection_type", "instance_acceleration_structure",
		"primitive_acceleration_structure", "forced_opacity", "triangle_cull_mode", "opacity_cull_mode", "geometry_cull_mode",
		"geometry_type", "acceleration_structure_size", "patch_type", "os_log",
		"os_log_type", "logger", "true_type", "false_type", "access", "coord", "filter", "mag_filter", "min_filter", "mip_filter",
		"address", "s_address", "t_address", "r_address", "compare_func", "border_color", "max_anisotropy", "lod_clamp", "level",
		"bias", "gradient2d", "gradient3d", "gradientcube", "min_lod_clamp", "component", "primitive_type", "index_type",
		"topology", "rounding_mode", "memory_flags", "reduction", "dextents_t", "interpolation", "interpolated",
		"_texture", "bounding_box", "curve_basis", "tensor_offset", "tensor_handle", "tensor_inline",
	}
	for _, s := range []string{"float", "half", "bfloat"} {
		types = append(types, "simdgroup_"+s+"8x8")
	}
	for _, n := range types {
		b.metal[n] = symType
	}
	for _, n := range []string{
		"vec", "packed_vec", "matrix", "array", "array_ref", "atomic", "_atomic", "uniform", "numeric_limits", "_numeric_limits_impl",
		"simdgroup_matrix", "imageblock", "texture1d", "texture1d_array", "texture2d", "texture2d_array", "texture2d_ms",
		"texture2d_ms_array", "texture3d", "texturecube", "texturecube_array", "texture_buffer", "depth2d", "depth2d_array",
		"depth2d_ms", "depth2d_ms_array", "depthcube", "depthcube_array", "patch_control_point", "visible_function_table",
		"intersection_function_table", "mesh", "object_data_ref", "mesh_grid_properties", "interpolant", "tensor", "extents",
		"dextents", "function_handle", "pair", "tuple", "initializer_list", "cooperative_tensor",
		"integral_constant", "bool_constant", "enable_if", "enable_if_t", "conditional", "conditional_t", "common_type",
		"common_type_t", "underlying_type", "underlying_type_t", "result_of", "result_of_t", "decay", "decay_t", "is_same",
		"remove_const", "remove_const_t", "remove_volatile", "remove_volatile_t", "remove_cv", "remove_cv_t", "remove_reference",
		"remove_reference_t", "remove_pointer", "remove_pointer_t", "remove_addrspace", "remove_addrspace_t", "remove_extent", "remove_extent_t", "remove_all_extents",
		"remove_all_extents_t", "remove_cvref", "remove_cvref_t", "add_const", "add_const_t", "add_volatile", "add_volatile_t",
		"add_cv", "add_cv_t", "add_lvalue_reference", "add_lvalue_reference_t", "add_rvalue_reference",
		"add_rvalue_reference_t", "add_pointer", "add_pointer_t", "make_signed", "make_signed_t", "make_unsigned",
		"make_unsigned_t", "aligned_storage", "aligned_storage_t", "aligned_union", "is_void", "is_null_pointer", "is_integral",
		"is_floating_point", "is_array", "is_pointer", "is_lvalue_reference", "is_rvalue_reference", "is_reference", "is_enum",
		"is_union", "is_class", "is_function", "is_arithmetic", "is_fundamental", "is_object", "is_scalar", "is_compound",
		"is_member_pointer", "is_member_object_pointer", "is_member_function_pointer", "is_const", "is_volatile", "is_trivial",
		"is_trivially_copyable", "is_standard_layout", "is_pod", "is_literal_type", "is_empty", "is_polymorphic", "is_final",
		"is_abstract", "is_signed", "is_unsigned", "is_constructible", "is_trivially_constructible", "is_nothrow_constructible",
		"is_default_constructible", "is_copy_constructible", "is_move_constructible", "is_assignable", "is_copy_assignable",
		"is_move_assignable", "is_destructible", "is_trivially_destructible", "is_convertible", "is_base_of", "is_aggregate",
		"alignment_of", "rank", "extent", "is_vector", "is_matrix", "vec_elements", "make_vec", "_disjunction", "_conjunction",
		"_negation", "disjunction", "conjunction", "negation", "void_t", "integer_sequence", "index_sequence",
		"make_integer_sequence", "make_index_sequence", "index_sequence_for", "type_identity", "type_identity_t",
		"intersector", "intersection_query", "intersection_result", "acceleration_structure", "is_atomic",
	} {
		if _, ok := b.metal[n]; !ok {
			b.metal[n] = symClassTemplate
		}
	}
	for _, n := range []string{
		"is_same", "is_integral", "is_floating_point", "is_arithmetic", "is_signed", "is_unsigned", "is_pointer", "is_convertible",
		"is_void", "is_const", "is_array", "is_reference", "is_enum", "is_class", "is_scalar", "is_vector", "is_base_of",
		"is_constructible", "is_trivially_copyable", "is_empty", "is_null_pointer", "is_function", "is_union", "is_volatile",
		"is_lvalue_reference", "is_rvalue_reference", "disjunction", "conjunction", "negation", "is_matrix", "is_fundamental",
		"is_object", "is_compound", "is_trivial", "is_standard_layout", "is_pod", "rank", "extent", "alignment_of",
		"is_default_constructible", "is_assignable", "is_aggregate", "vec_elements",
	} {
		b.metal[n+"_v"] = symVarTemplate
	}
	b.metal["__is_valid_simdgroup_type"] = symClassTemplate
	for _, n := range []string{
		"make_filled_simdgroup_matrix", "make_uniform", "get", "make_tuple", "forward", "move", "declval", "static_pointer_cast",
		"make_pair", "swap", "address_space_cast", "reinterpret_pointer_cast",
	} {
		b.metal[n] = symFuncTemplate
	}
	b.global["as_type"] = symFuncTemplate
	return b
})
