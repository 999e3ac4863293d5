package simt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestNativeScanOfNeighbours scans sums of neighbours: rows are made of others, and of what a scan
// begins with, a constant.
func TestNativeScanOfNeighbours(t *testing.T) {
	const text = `kernel "scan" {
	mem @0 "in" buffer device index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 4 align 4
	%in = mem @0
	%out = mem @1
	%four = const i64 0x4
	%x = builtin thread_position_in_grid.x
	%one = const i32 0x1
	%y = add i32 %x, %one
	%z = add i32 %y, %one
	%w = zext i64 %x
	%at = mul i64 %w, %four
	%wy = zext i64 %y
	%aty = mul i64 %wy, %four
	%wz = zext i64 %z
	%atz = mul i64 %wz, %four
	%a = load i32 device %in[%at + 0]
	%b = load i32 device %in[%aty + 0]
	%c = load i32 device %in[%atz + 0]
	%d = sub i32 %a, %b
	%e = mul i32 %d, %c
	%sum = group.scan i32 add 32 %e
	%all = group.scan i32 umax 32 inclusive %b
	%f = xor i32 %sum, %all
	store i32 device %out[%at + 0], %f
	yield
}`
	in := make([]uint32, 330)
	for i := range in {
		in[i] = uint32(i*i + 3)
	}
	sameOnEngines(t, func() []uint32 {
		out := make([]uint32, 300)
		l := simt.Launch{Program: compile(t, text), Grid: size(300, 1, 1), Group: size(128, 1, 1), Mems: []simt.Binding{bound(in), bound(out)}}
		require.Nil(t, l.Run())
		return out
	}, "neighbours")
}
