package types

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLayout checks sizes and alignments against the tables of the MSL
// specification, section 2.
func TestLayout(t *testing.T) {
	f, h, c, l, b := Basics[Float], Basics[Half], Basics[Char], Basics[Long], Basics[Bool]
	for _, tt := range []struct {
		t           Type
		size, align int64
		name        string
	}{
		{b, 1, 1, "bool"}, {c, 1, 1, "char"}, {Basics[UShort], 2, 2, "ushort"}, {Basics[Int], 4, 4, "int"}, {l, 8, 8, "long"},
		{h, 2, 2, "half"}, {Basics[BFloat], 2, 2, "bfloat"}, {f, 4, 4, "float"},
		{VectorOf(f, 2), 8, 8, "float2"}, {VectorOf(f, 3), 16, 16, "float3"}, {VectorOf(f, 4), 16, 16, "float4"},
		{VectorOf(h, 3), 8, 8, "half3"}, {VectorOf(c, 3), 4, 4, "char3"}, {VectorOf(b, 3), 4, 4, "bool3"}, {VectorOf(l, 3), 32, 32, "long3"},
		{PackedOf(f, 2), 8, 4, "packed_float2"}, {PackedOf(f, 3), 12, 4, "packed_float3"}, {PackedOf(h, 4), 8, 2, "packed_half4"},
		{MatrixOf(f, 2, 2), 16, 8, "float2x2"}, {MatrixOf(f, 3, 3), 48, 16, "float3x3"}, {MatrixOf(f, 4, 3), 64, 16, "float4x3"},
		{MatrixOf(f, 3, 2), 24, 8, "float3x2"}, {MatrixOf(h, 2, 3), 16, 8, "half2x3"}, {MatrixOf(h, 4, 4), 32, 8, "half4x4"},
		{AtomicOf(Basics[UInt]), 4, 4, "atomic_uint"},
	} {
		require.Equal(t, tt.name, tt.t.String())
		require.Equal(t, tt.size, tt.t.Size(), tt.name)
		require.Equal(t, tt.align, tt.t.Align(), tt.name)
	}
}

func TestStruct(t *testing.T) {
	f := Basics[Float]
	s := &Struct{Name: "S", Fields: []Field{
		{Name: "a", Type: Basics[Char]}, {Name: "b", Type: VectorOf(f, 3)}, {Name: "c", Type: f}, {Name: "d", Type: PackedOf(f, 3)}, {Name: "e", Type: Basics[Bool]},
	}}
	require.False(t, s.Complete())
	s.Layout(0)
	require.True(t, s.Complete())
	var offsets []int64
	for _, fd := range s.Fields {
		offsets = append(offsets, fd.Offset)
	}
	require.Equal(t, []int64{0, 16, 32, 36, 48}, offsets)
	require.EqualValues(t, 64, s.Size())
	require.EqualValues(t, 16, s.Align())
	require.Equal(t, 2, s.Field("c"))
	require.Equal(t, -1, s.Field("x"))

	u := &Struct{Name: "U", Union: true, Fields: []Field{{Name: "a", Type: Basics[Char]}, {Name: "b", Type: VectorOf(f, 2)}}}
	u.Layout(0)
	require.EqualValues(t, 8, u.Size())
	empty := &Struct{Name: "E"}
	empty.Layout(0)
	require.EqualValues(t, 1, empty.Size())
	wide := &Struct{Name: "W", Fields: []Field{{Name: "a", Type: f}}}
	wide.Layout(16)
	require.EqualValues(t, 16, wide.Size())
}

func TestSpelling(t *testing.T) {
	var tab Table
	f := Basics[Float]
	a := tab.ArrayOf(tab.ArrayOf(f, 3), 2)
	for want, ty := range map[string]Type{
		"float[2][3]":                   a,
		"device float *":                tab.PointerTo(f, Device, false, false),
		"const device float *":          tab.PointerTo(f, Device, true, false),
		"float *":                       tab.PointerTo(f, Thread, false, false),
		"device float *device *":        tab.PointerTo(tab.PointerTo(f, Device, false, false), Device, false, false),
		"threadgroup float (&)[2][3]":   tab.ReferenceTo(a, Threadgroup, false, false, false),
		"volatile device atomic_uint *": tab.PointerTo(AtomicOf(Basics[UInt]), Device, false, true),
		"float &&":                      tab.ReferenceTo(f, Thread, false, false, true),
		"array<float, 4>":               tab.NamedArrayOf(f, 4),
		"float (int)":                   &Function{Result: f, Params: []Type{Basics[Int]}},
	} {
		require.Equal(t, want, ty.String())
	}
	require.Same(t, tab.ArrayOf(f, 3), tab.ArrayOf(f, 3))
	require.Same(t, VectorOf(f, 3), VectorOf(f, 3))
	require.NotSame(t, VectorOf(f, 3), PackedOf(f, 3))
}
