package gpu

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/mtl"
)

func TestConstantOf(t *testing.T) {
	le := func(c *constant, n int) []byte { return c.bytes[:n] }
	raw := func(p unsafe.Pointer, n int) []byte { return unsafe.Slice((*byte)(p), n) }
	i3, f2, u8, h := int32(-3), [2]float32{1, 2}, [3]uint8{7, 8, 9}, fp16.FromFloat32(1.5)
	for _, c := range []struct {
		value any
		want  mtl.DataType // declared
		t     mtl.DataType
		bytes []byte
	}{
		{true, 0, mtl.DataTypeBool, []byte{1}},
		{[2]bool{false, true}, 0, mtl.DataTypeBool2, []byte{0, 1}},
		{i3, 0, mtl.DataTypeInt, raw(unsafe.Pointer(&i3), 4)},
		{-3, 0, mtl.DataTypeInt, raw(unsafe.Pointer(&i3), 4)},
		{uint(5), mtl.DataTypeUChar, mtl.DataTypeUChar, []byte{5}},
		{5, mtl.DataTypeUShort, mtl.DataTypeUShort, nil},
		{[]int{1, 2}, mtl.DataTypeLong2, mtl.DataTypeLong2, nil},
		{f2, 0, mtl.DataTypeFloat2, raw(unsafe.Pointer(&f2), 8)},
		{f2[:], 0, mtl.DataTypeFloat2, raw(unsafe.Pointer(&f2), 8)},
		{u8, 0, mtl.DataTypeUChar3, []byte{7, 8, 9}},
		{h, 0, mtl.DataTypeHalf, raw(unsafe.Pointer(&h), 2)},
		{[]fp16.BFloat16{1, 2, 3, 4}, 0, mtl.DataTypeBFloat4, nil},
		{uint64(1 << 63), 0, mtl.DataTypeULong, nil},
		{[4]int64{}, 0, mtl.DataTypeLong4, make([]byte, 32)},
	} {
		got, err := constantOf(c.value, c.want)
		require.NoError(t, err, "%T", c.value)
		require.Equal(t, c.t, got.t, "%T", c.value)
		if c.bytes != nil {
			require.Equal(t, c.bytes, le(got, len(c.bytes)), "%T", c.value)
		}
	}
	for _, c := range []struct {
		value any
		want  mtl.DataType
		why   string
	}{
		{300, mtl.DataTypeUChar, "does not fit"}, {-1, mtl.DataTypeUInt, "does not fit"}, {1 << 40, 0, "does not fit"},
		{128, mtl.DataTypeChar, "does not fit"}, {uint(128), mtl.DataTypeChar, "does not fit"},
		{float32(1), mtl.DataTypeInt, "declares a int"}, {f2, mtl.DataTypeFloat, "declares a float"},
		{1.5, 0, "cannot be"}, {"x", 0, "cannot be"}, {nil, 0, "nil"}, {[1]float32{}, 0, "2 to 4"}, {[5]int32{}, 0, "2 to 4"},
		{map[int]int{}, 0, "cannot be"}, {&i3, 0, "cannot be"},
	} {
		_, err := constantOf(c.value, c.want)
		require.ErrorContains(t, err, c.why, "%T", c.value)
	}
}
