package prep

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aruminium-go/aruminium/internal/msl/scan"
)

// dynamicMacros are those of which the value depends on the place of use.
var dynamicMacros = []string{
	"__LINE__", "__FILE__", "__FILE_NAME__", "__BASE_FILE__", "__COUNTER__", "__INCLUDE_LEVEL__", "__DATE__", "__TIME__",
}

// expandDynamic replaces t by the value of the macro it names.
func (p *Preprocessor) expandDynamic(t scan.Token) bool {
	name := t.Text
	t.Kind = scan.Int
	switch name {
	case "__LINE__":
		t.Text = strconv.Itoa(p.fset.Position(t.Pos).Line)
	case "__COUNTER__":
		t.Text = strconv.Itoa(p.counter)
		p.counter++
	case "__INCLUDE_LEVEL__":
		t.Text = strconv.Itoa(len(p.inputs) - 1)
	default:
		t.Kind = scan.String
		s := ""
		switch name {
		case "__FILE__":
			s = p.fset.Position(t.Pos).Filename
		case "__FILE_NAME__":
			s = p.fset.Position(t.Pos).Filename
			s = s[strings.LastIndexAny(s, `/\`)+1:]
		case "__BASE_FILE__":
			s = p.inputs[0].file.Name()
		case "__DATE__":
			s = time.Now().Format("Jan _2 2006")
		case "__TIME__":
			s = time.Now().Format("15:04:05")
		}
		t.Text = quote([]scan.Token{{Kind: scan.String, Text: s}})
	}
	p.ctx = append(p.ctx, context{toks: []scan.Token{t}})
	return p.spend(1, t.Pos)
}

// builtinMacros returns the definitions that Metal's compiler has for a
// version of the language, without those of the standard library.
func builtinMacros(version int) string {
	var b strings.Builder
	def := func(name, value string) { b.WriteString("#define " + name + " " + value + "\n") }
	cplusplus := "201402L"
	if version >= 400 {
		cplusplus = "201703L"
	}
	def("__cplusplus", cplusplus)
	def("__METAL_VERSION__", strconv.Itoa(version))
	for _, name := range []string{
		"__METAL__", "__METAL_MACOS__", "__AIR64__", "__AIR__", "__APPLE__", "__MACH__", "__LP64__", "_LP64", "__clang__", "__llvm__",
		"__GNUC__", "__STDC__", "__STDC_HOSTED__", "__LITTLE_ENDIAN__", "__CONSTANT_CFSTRINGS__",
	} {
		def(name, "1")
	}
	for _, d := range [][2]string{
		{"__CHAR_BIT__", "8"}, {"__SCHAR_MAX__", "127"}, {"__SHRT_MAX__", "32767"}, {"__INT_MAX__", "2147483647"},
		{"__LONG_MAX__", "9223372036854775807L"}, {"__SIZEOF_POINTER__", "8"}, {"__SIZEOF_SHORT__", "2"},
		{"__SIZEOF_INT__", "4"}, {"__SIZEOF_LONG__", "8"}, {"__SIZEOF_FLOAT__", "4"}, {"__SIZEOF_SIZE_T__", "8"},
		{"__ORDER_LITTLE_ENDIAN__", "1234"}, {"__ORDER_BIG_ENDIAN__", "4321"}, {"__BYTE_ORDER__", "__ORDER_LITTLE_ENDIAN__"},
		{"__FLT_MAX__", "3.40282347e+38F"}, {"__FLT_MIN__", "1.17549435e-38F"}, {"__FLT_EPSILON__", "1.19209290e-7F"},
		{"__FLT_DIG__", "6"}, {"__FLT_MANT_DIG__", "24"}, {"__FLT_RADIX__", "2"},
		{"__SIZE_TYPE__", "unsigned long"}, {"__PTRDIFF_TYPE__", "long"},
		{"__INT8_TYPE__", "signed char"}, {"__INT16_TYPE__", "short"}, {"__INT32_TYPE__", "int"}, {"__INT64_TYPE__", "long"},
		{"__UINT8_TYPE__", "unsigned char"}, {"__UINT16_TYPE__", "unsigned short"}, {"__UINT32_TYPE__", "unsigned int"},
		{"__UINT64_TYPE__", "unsigned long"},
	} {
		def(d[0], d[1])
	}
	for _, h := range []struct {
		since int
		name  string
	}{
		{310, "__HAVE_BFLOAT__"},
		{230, "__HAVE_RAYTRACING__"},
		{230, "__HAVE_SIMDGROUP_MATRIX__"},
		{200, "__HAVE_SIMDGROUP__"},
		{200, "__HAVE_QUADGROUP__"},
		{230, "__HAVE_SIMDGROUP_REDUCTION__"},
		{220, "__HAVE_SIMDGROUP_BALLOT__"},
		{240, "__HAVE_SIMDGROUP_SHUFFLE_AND_FILL__"},
		{300, "__HAVE_ATOMIC_FLOAT__"},
		{320, "__HAVE_COHERENT__"},
	} {
		if version >= h.since {
			def(h.name, "1")
		}
	}
	return b.String()
}

// hasOperator reports whether name is an operator of #if that looks like a
// macro.
func hasOperator(name string) bool {
	switch name {
	case "__has_include", "__has_include_next", "__has_attribute", "__has_cpp_attribute", "__has_builtin",
		"__has_feature", "__has_extension", "__has_warning", "__has_declspec_attribute", "__has_constexpr_builtin":
		return true
	}
	return false
}

// hasFeature answers __has_attribute(name) and its like.
func (p *Preprocessor) hasFeature(op, name string) uint64 {
	name = strings.TrimPrefix(name, "clang::")
	if len(name) > 4 && strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") {
		name = name[2 : len(name)-2]
	}
	known := false
	switch op {
	case "__has_attribute":
		known = slices.Contains(gnuAttributes, name)
	case "__has_cpp_attribute":
		known = slices.Contains(cppAttributes, name)
	case "__has_builtin":
		known = p.opts.HasBuiltin != nil && p.opts.HasBuiltin(name)
	case "__has_feature", "__has_extension":
		known = strings.HasPrefix(name, "cxx_") && !slices.Contains(cxxAbsent, name)
	}
	if known {
		return 1
	}
	return 0
}

var (
	gnuAttributes = []string{
		"always_inline", "noinline", "flatten", "unused", "used", "aligned", "packed", "pure", "const", "noreturn", "deprecated",
		"enable_if", "optnone", "annotate", "overloadable", "convergent", "noduplicate", "may_alias", "diagnose_if", "ext_vector_type",
	}
	cppAttributes = []string{
		"maybe_unused", "nodiscard", "noreturn", "fallthrough", "deprecated", "unroll", "optnone", "likely", "unlikely",
		"kernel", "vertex", "fragment", "visible", "stitchable", "host_name", "buffer", "function_constant",
	}
	cxxAbsent = []string{"cxx_exceptions", "cxx_rtti", "cxx_modules", "cxx_thread_local"}
)

// isLibraryHeader reports whether a header belongs to Metal's standard
// library, or to what comes with its compiler.
func isLibraryHeader(name string) bool {
	if rest, ok := strings.CutPrefix(name, "metal_"); ok {
		return slices.Contains(metalHeaders, rest)
	}
	if rest, ok := strings.CutPrefix(name, "simd/"); ok {
		rest, ok = strings.CutSuffix(rest, ".h")
		return ok && slices.Contains(simdHeaders, rest)
	}
	return slices.Contains(otherHeaders, name)
}

var (
	metalHeaders = []string{
		"stdlib", "types", "config", "assert", "algorithm", "array", "atomic", "command_buffer", "common", "compute", "cooperative_tensor",
		"curves", "extended_vector", "function_handle", "functional", "geometric", "graphics", "imageblocks", "indirect_command_buffer",
		"initializer_list", "integer", "interpolate", "intersection_query", "iterator", "limits", "logging", "math", "matrix", "memory",
		"mesh", "new", "numeric", "os_log", "pack", "packed_vector", "quadgroup", "raytracing", "relational", "simdgroup",
		"simdgroup_matrix", "tensor", "tessellation", "texture", "tuple", "type_traits", "uniform", "utility", "vector",
		"visible_function_table", "visible", "depth", "coherent", "primitive", "sampler", "pull_model", "interpolation", "bfloat",
	}
	simdHeaders = []string{
		"simd", "base", "types", "vector_types", "vector_make", "packed", "matrix_types", "matrix", "common", "geometry", "logic",
		"math", "conversion", "quaternion",
	}
	otherHeaders = []string{
		"TargetConditionals.h", "Availability.h", "AvailabilityMacros.h", "stdint.h", "stddef.h", "float.h", "limits.h", "stdbool.h",
		"cstdint", "cstddef", "metal",
	}
)
