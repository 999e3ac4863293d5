package mtl

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// A message is one row of the generated table of methods.
type message struct {
	class, selector string
	form            form
	encoding        string
	kinds           string // how each parameter of the description crosses
	result          string // how the result does
	method          any    // the method as a func of its receiver, or the func of a class method
}

// A form says what a message is sent to.
type form int

const (
	instanceMethod form = iota // an object
	classMethod                // the class
	initMethod                 // what the class has allocated
)

// A mirrored is one row of the generated table of classes.
type mirrored struct {
	name, super string
	protocol    bool
	fromID      any // func(objc.ID) T
}

// An enumCase is one row of the generated table of enum cases.
type enumCase struct {
	value fmt.Stringer
	text  string
}

// A layout is one row of the generated table of structs.
type layout struct {
	value       any
	encoding    string
	size, align int
	offsets     []uintptr // of the fields
}

func TestEnumTexts(t *testing.T) {
	require.NotEmpty(t, cases)
	for _, c := range cases {
		require.Equal(t, c.text, c.value.String(), "%T %d", c.value, c.value)
	}
	for _, c := range []enumCase{
		{StorageMode(77), "StorageMode(77)"},
		{MathMode(-1), "MathMode(-1)"},
		{DeviceLocation(1<<64 - 1), "Unspecified"},
		{GPUFamilyApple7, "Apple7"},
		{LanguageVersion3_1, "3.1"},
		{CommandBufferErrorAccessRevoked, "AccessRevoked"},
		{BindingAccessReadWrite, "ReadWrite"},
		{ResourceOptions(0), "0"},
		{ResourceStorageModePrivate | ResourceHazardTrackingModeUntracked, "StorageModePrivate|HazardTrackingModeUntracked"},
		{ResourceStorageModeMemoryless | ResourceCPUCacheModeWriteCombined, "CPUCacheModeWriteCombined|StorageModeMemoryless"},
		{PipelineOption(0), "None"},
		{PipelineOptionBindingInfo | PipelineOptionBufferTypeInfo | 0x100, "BindingInfo|BufferTypeInfo|0x100"},
		{StageAll, "All"},
		{StageDispatch | StageBlit, "Dispatch|Blit"},
		{BarrierScope(8), "0x8"},
	} {
		require.Equal(t, c.text, c.value.String())
	}
}

// The memory of each struct is what its type encoding says: the same numbers at the same offsets.
func TestStructLayouts(t *testing.T) {
	require.NotEmpty(t, structs)
	for _, s := range structs {
		want, err := objctype.ParseType(s.encoding)
		require.NoError(t, err)
		typ := reflect.TypeOf(s.value)
		require.Equal(t, []int{s.size, s.align}, []int{want.Size, want.Align}, typ.Name())
		require.Equal(t, []int{s.size, s.align}, []int{int(typ.Size()), typ.Align()}, typ.Name())
		var offsets []uintptr
		for i := range typ.NumField() {
			offsets = append(offsets, typ.Field(i).Offset)
		}
		require.Equal(t, s.offsets, offsets, typ.Name())
		if !strings.Contains(s.encoding, "(") { // a union tells of its memory twice
			require.Equal(t, want.Leaves(nil, 0), leaves(typ, 0), typ.Name())
		}
	}
}

// leaves lists the numbers of a Go type as objctype lists those of an encoding.
func leaves(t reflect.Type, base int) []objctype.Leaf {
	var list []objctype.Leaf
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			list = append(list, leaves(t.Field(i).Type, base+int(t.Field(i).Offset))...)
		}
	case reflect.Array:
		for i := range t.Len() {
			list = append(list, leaves(t.Elem(), base+i*int(t.Elem().Size()))...)
		}
	default:
		kind := objctype.Uint
		switch t.Kind() {
		case reflect.Float32:
			kind = objctype.Float
		case reflect.Float64:
			kind = objctype.Double
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			kind = objctype.Int
		}
		list = append(list, objctype.Leaf{Kind: kind, Size: int(t.Size()), Offset: base})
	}
	return list
}

// Every class is one word: C arrays of objects are slices of it.
func TestClassesAreWords(t *testing.T) {
	require.NotEmpty(t, classes)
	for _, c := range classes {
		typ := reflect.TypeOf(c.fromID).Out(0)
		require.Equal(t, unsafe.Sizeof(uintptr(0)), typ.Size(), c.name)
		require.Contains(t, []string{"MTL" + typ.Name(), typ.Name()}, c.name)
	}
}

func TestMakers(t *testing.T) {
	require.Equal(t, Size{1, 2, 3}, MakeSize(1, 2, 3))
	require.Equal(t, Origin{1, 2, 3}, MakeOrigin(1, 2, 3))
	require.Equal(t, Region{Origin{4, 0, 0}, Size{5, 1, 1}}, MakeRegion1D(4, 5))
	require.Equal(t, Region{Origin{4, 5, 0}, Size{6, 7, 1}}, MakeRegion2D(4, 5, 6, 7))
	require.Equal(t, Region{Origin{4, 5, 6}, Size{7, 8, 9}}, MakeRegion3D(4, 5, 6, 7, 8, 9))
}

func TestSameLength(t *testing.T) {
	sameLength("SetBuffers", 2, 2, 2)
	require.PanicsWithValue(t, "mtl: SetBuffers: slices of 2 and 3 elements, they must have the same length", func() {
		ComputeCommandEncoder{}.SetBuffers(make([]Buffer, 2), make([]uint, 3), 0)
	})
}
