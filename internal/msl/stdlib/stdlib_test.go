package stdlib

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

func signature(f *Func) string {
	s := f.Name + "("
	for _, p := range f.Params {
		s += fmt.Sprintf("%s %v,", p.Type, p.Out)
	}
	return s + ")"
}

func TestOverloads(t *testing.T) {
	names := Names()
	require.True(t, slices.IsSorted(names))
	require.Equal(t, names, slices.Compact(slices.Clone(names)))
	for _, name := range names {
		for _, mode := range []sem.Mode{sem.Default, sem.Fast, sem.Precise} {
			list := Lookup(name, mode)
			if mode == sem.Default {
				require.NotEmpty(t, list, name)
			}
			seen := make(map[string]bool)
			for _, f := range list {
				s := signature(f)
				require.False(t, seen[s], s)
				seen[s] = true
				require.NotNil(t, f.Result, s)
				for _, p := range f.Params {
					require.NotNil(t, p.Type, s)
					if mode != sem.Default {
						require.NotContains(t, p.Type.String(), "half", s)
					}
				}
			}
		}
	}
	require.Nil(t, Lookup("nothing", sem.Default))
}

func TestSignatures(t *testing.T) {
	for _, tt := range []struct {
		name  string
		count int
		has   string
	}{
		{"sin", 8, "sin(float3 false,)"},
		{"frexp", 8, "frexp(half2 false,int2 true,)"},
		{"min", 40, "min(ulong4 false,ulong4 false,)"},
		{"absdiff", 32, "absdiff(char2 false,char2 false,)"},
		{"dot", 6, "dot(half4 false,half4 false,)"},
		{"cross", 2, "cross(float3 false,float3 false,)"},
		{"select", 48, "select(bool2 false,bool2 false,bool2 false,)"},
		{"transpose", 18, "transpose(float4x2 false,)"},
		{"simd_sum", 32, "simd_sum(uchar3 false,)"},
		{"atomic_fetch_add_explicit", 7, "atomic_fetch_add_explicit(volatile threadgroup atomic_int * false,int false,memory_order false,)"},
	} {
		list := Lookup(tt.name, sem.Default)
		require.Len(t, list, tt.count, tt.name)
		require.True(t, slices.ContainsFunc(list, func(f *Func) bool { return signature(f) == tt.has }), tt.has)
	}
}

func TestTypeNamed(t *testing.T) {
	for name, want := range map[string]string{
		"float": "float", "size_t": "ulong", "int8_t": "char", "uint64_t": "ulong", "half3": "half3", "packed_uchar4": "packed_uchar4",
		"float4x3": "float4x3", "bfloat2x2": "bfloat2x2", "atomic_uint": "atomic_uint", "mem_flags": "mem_flags", "bool4": "bool4",
	} {
		ty := TypeNamed(name)
		require.NotNil(t, ty, name)
		require.Equal(t, want, ty.String())
		require.Equal(t, name != "mem_flags", IsGlobal(name), name)
	}
	for _, name := range []string{"", "float5", "float1", "int2x2", "packed_float", "packed_float2x2", "atomic_half", "void4", "double", "x"} {
		require.Nil(t, TypeNamed(name), name)
	}
	require.Same(t, TypeNamed("float4"), types.Type(types.VectorOf(types.Basics[types.Float], 4)))
	_, v, ok := Enumerator("memory_order_seq_cst")
	require.True(t, ok)
	require.EqualValues(t, 5, v)
}

func TestMacros(t *testing.T) {
	seen := make(map[string]bool)
	for _, m := range Macros {
		require.False(t, seen[m.Name], m.Name)
		seen[m.Name] = true
		require.NotEmpty(t, m.Value)
	}
}
