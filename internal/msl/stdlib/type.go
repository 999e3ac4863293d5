package stdlib

import (
	"slices"
	"strings"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Enum is an enumeration of the library.
type Enum struct {
	Type   *types.Enum
	Names  []string
	Values []int64
}

// enums is made once: enumerations are types, which are compared by identity.
var enums = sync.OnceValue(func() map[string]*Enum {
	m := make(map[string]*Enum)
	add := func(name string, scoped bool, names string, values ...int64) {
		e := &Enum{
			Type:   &types.Enum{Name: name, Underlying: types.Basics[types.UInt], Scoped: scoped},
			Names:  strings.Fields(names),
			Values: values,
		}
		if values == nil {
			for i := range e.Names {
				e.Values = append(e.Values, int64(i))
			}
		}
		m[name] = e
	}
	add("memory_order", false, "memory_order_relaxed memory_order_acquire memory_order_release memory_order_acq_rel memory_order_seq_cst", 0, 2, 3, 4, 5)
	add("mem_flags", true, "mem_none mem_device mem_threadgroup mem_texture mem_threadgroup_imageblock mem_object_data", 0, 1, 2, 4, 8, 16)
	add("thread_scope", false, "thread_scope_thread thread_scope_threadgroup thread_scope_device thread_scope_system thread_scope_simdgroup")
	textureEnums(add)
	// The masks of SIMD groups and quads are classes with an explicit
	// conversion to and from vote_t, which is just what an enumeration has.
	add("simd_vote", true, "")
	m["simd_vote"].Type.Underlying = types.Basics[types.ULong]
	add("quad_vote", true, "")
	return m
})

// EnumNamed returns the enumeration metal::name, or nil. simd_vote and
// quad_vote are given as enumerations without enumerators.
func EnumNamed(name string) *Enum { return enums()[name] }

// MemoryOrder returns the type memory_order.
func MemoryOrder() *types.Enum { return enums()["memory_order"].Type }

// Enumerator returns the enumerator of an unscoped enumeration of the library,
// such as memory_order_relaxed.
func Enumerator(name string) (t *types.Enum, value int64, ok bool) {
	if !strings.HasPrefix(name, "memory_") && !strings.HasPrefix(name, "thread_scope_") {
		return nil, 0, false
	}
	for _, e := range []*Enum{enums()["memory_order"], enums()["thread_scope"], enums()["memory_coherence"]} {
		for i, n := range e.Names {
			if n == name {
				return e.Type, e.Values[i], true
			}
		}
	}
	return nil, 0, false
}

// ScopedEnumerator returns the name of a scoped enumeration's enumerator with
// its scope, such as mem_flags::mem_none, or "".
func ScopedEnumerator(name string) string {
	for _, e := range enums() {
		if e.Type.Scoped && len(name) > 3 && slices.Contains(e.Names, name) {
			return e.Type.Name + "::" + name
		}
	}
	return ""
}

// alias resolves the other names of scalar types.
func alias(name string) string {
	switch name {
	case "int8_t":
		return "char"
	case "uint8_t":
		return "uchar"
	case "int16_t":
		return "short"
	case "uint16_t":
		return "ushort"
	case "int32_t":
		return "int"
	case "uint32_t":
		return "uint"
	case "int64_t", "ptrdiff_t", "intptr_t":
		return "long"
	case "uint64_t", "size_t", "uintptr_t":
		return "ulong"
	}
	return name
}

// TypeNamed returns the type of that name: a scalar, vector, packed vector or
// matrix, an atomic type or an enumeration. It returns nil if there is none.
// All but the enumerations are visible without a namespace.
func TypeNamed(name string) types.Type {
	if t := scalarNamed(alias(name)); t != nil {
		return t
	}
	if rest, ok := strings.CutPrefix(name, "packed_"); ok {
		if v, ok := composite(rest).(*types.Vector); ok {
			return types.PackedOf(v.Elem, v.N)
		}
		return nil
	}
	if rest, ok := strings.CutPrefix(name, "atomic_"); ok {
		switch rest {
		case "int", "uint", "bool", "float", "long", "ulong":
			return types.AtomicOf(scalarNamed(rest))
		}
		return nil
	}
	if t := composite(name); t != nil {
		return t
	}
	if e := enums()[name]; e != nil {
		return e.Type
	}
	return nil
}

func scalarNamed(name string) *types.Basic {
	for _, b := range types.Basics[types.Void:] {
		if b.String() == name {
			return b
		}
	}
	return nil
}

// composite returns the vector or matrix called name: float4, half3x2.
func composite(name string) types.Type {
	dim := func(c byte) int {
		if '2' <= c && c <= '4' {
			return int(c - '0')
		}
		return 0
	}
	n := len(name)
	if n < 4 {
		return nil
	}
	last := dim(name[n-1])
	if last == 0 {
		return nil
	}
	if e := scalarNamed(name[:n-1]); e != nil && e.Kind != types.Void {
		return types.VectorOf(e, last)
	}
	if n > 5 && name[n-2] == 'x' && dim(name[n-3]) != 0 {
		if e := scalarNamed(name[:n-3]); e != nil && e.IsFloat() {
			return types.MatrixOf(e, dim(name[n-3]), last)
		}
	}
	return nil
}

// IsGlobal reports whether the type called name is visible outside of
// namespace metal: all but the enumerations are.
func IsGlobal(name string) bool {
	_, enum := enums()[name]
	return !enum && TypeNamed(name) != nil
}

// StructField is a member of a struct of the library.
type StructField struct {
	Name string
	Type types.Type
	Len  int64 // of an array, or 0
}

// StructFields returns the members of a struct that Metal's API and the
// library share, or nil if there is no such struct.
func StructFields(name string) []StructField {
	half, uint := types.Basics[types.Half], types.Basics[types.UInt]
	switch name {
	case "MTLQuadTessellationFactorsHalf":
		return []StructField{{"edgeTessellationFactor", half, 4}, {"insideTessellationFactor", half, 2}}
	case "MTLTriangleTessellationFactorsHalf":
		return []StructField{{"edgeTessellationFactor", half, 3}, {"insideTessellationFactor", half, 0}}
	case "MTLDispatchThreadgroupsIndirectArguments":
		return []StructField{{"threadgroupsPerGrid", uint, 3}}
	case "MTLStageInRegionIndirectArguments":
		return []StructField{{"stageInOrigin", uint, 3}, {"stageInSize", uint, 3}}
	}
	return nil
}
