package simt_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Threadgroup memory has a size that the compiler knows, and so have positions
// in the group: where they tell that all threads are inside, nobody looks, and
// elsewhere what is outside is found all the same.
const boundedTile = `kernel "tile" {
	mem @0 "out" buffer device index 0 size 4 align 4
	mem @1 "t" threadgroup threadgroup index 0 size %d align 4
	%%out = mem @0
	%%t = mem @1
	%%row = const i64 %#x
	%%four = const i64 0x4
	%%zero = const i64 0x0
	%%x = builtin thread_position_in_threadgroup.x
	%%y = builtin thread_position_in_threadgroup.y
	%%index = builtin thread_index_in_threadgroup
	%%y2 = zext i64 %%y
	%%at = mul i64 %%y2, %%row
	%%x2 = zext i64 %%x
	%%x4 = mul i64 %%x2, %%four
	%%to = add i64 %%at, %%x4
	store i32 threadgroup %%t[%%to + 0], %%index
	barrier threadgroup
	%%a = load i32 threadgroup %%t[%%at + 0]
	%%b = load i32 threadgroup %%t[%%x4 + 4]
	%%c = load i32 threadgroup %%t[%%zero + 8]
	%%d = add i32 %%a, %%b
	%%e = add i32 %%d, %%c
	%%index2 = zext i64 %%index
	%%place = mul i64 %%index2, %%four
	store i32 device %%out[%%place + 0], %%e
	yield
}`

func TestNativeBounds(t *testing.T) {
	faults := 0
	for _, group := range []simt.Size{size(16, 16, 1), size(16, 15, 1), size(50, 1, 1), size(8, 8, 2), size(33, 2, 1), size(32, 3, 1), size(256, 1, 1)} {
		row := int(group.X)*4 + 4
		most := row*(int(group.Y)-1) + int(group.X)*4
		for _, bytes := range []int{most + 4, most, most - 4, row, 8} {
			text := fmt.Sprintf(boundedTile, max(bytes, 4), row)
			run := func() ([]uint32, *simt.Fault) {
				out := make([]uint32, group.X*group.Y*group.Z)
				l := simt.Launch{Program: compile(t, text), Grid: group, Group: group, Mems: []simt.Binding{bound(out), {}}}
				return out, l.Run()
			}
			undo := simt.Force(simt.Interpreter, nil, 0)
			want, bad := run()
			undo()
			if bad != nil {
				faults++
			}
			for _, isa := range isas(t) {
				for _, parts := range []int{1, 2, 8} {
					undo := simt.Force(simt.Native, &isa, parts)
					got, fault := run()
					undo()
					require.Equal(t, bad == nil, fault == nil, "%v, %d bytes, %s, %d parts", group, bytes, isa, parts)
					if bad != nil {
						require.Equal(t, [3]any{bad.Kind, bad.Mem, bad.Write}, [3]any{fault.Kind, fault.Mem, fault.Write})
					}
					require.Equal(t, want, got, "%v, %d bytes, %s, %d parts", group, bytes, isa, parts)
				}
			}
		}
	}
	require.Greater(t, faults, 10)
}
