package simt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// Between barriers, what branches and loops give all threads alike is wanted by
// operations that are done once for the group.
const uniformResults = `kernel "uniform" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 4 align 4
	mem @2 "t" threadgroup threadgroup index 0 size 4096 align 4
	%n = mem @0
	%out = mem @1
	%t = mem @2
	%zero = const i64 0x0
	%four = const i64 0x4
	%one = const i32 0x1
	%none = const i32 0x0
	%x = builtin thread_position_in_threadgroup.x
	%wide = zext i64 %x
	%at = mul i64 %wide, %four
	%a = load i32 constant %n[%zero + 0]
	%few = ult bool %one, %a
	%b = if %few -> i32 {
		%k = load i32 constant %n[%zero + 4]
		%j = mul i32 %k, %a
		yield %j
	} else {
		yield %one
	}
	%c = loop %i i32 = %none, %s i32 = %b -> i32 {
		%more = ult bool %i, %a
		if %more { yield } else { break 0 %s }
		%u = add i32 %s, %i
		%v = add i32 %i, %one
		continue 0 %v, %u
	}
	%d = add i32 %c, %b
	%g = addr i64 %n, %zero
	%h = if %few -> i64 {
		yield %g
	} else {
		%hh = addr i64 %n, %four
		yield %hh
	}
	%p = resolve.ref ref %h
	%q = resolve.offset i64 %h
	%r = load i32 constant %p[%q + 0]
	%w = sub i32 %r, %r
	%y = add i32 %d, %w
	store i32 threadgroup %t[%at + 0], %y
	barrier threadgroup
	%e = load i32 threadgroup %t[%zero + 8]
	%f = add i32 %e, %d
	store i32 device %out[%at + 0], %f
	yield
}`

func TestNativeUniformResults(t *testing.T) {
	isa, ok := jit.Best()
	if !ok {
		t.Skip("no machine code here")
	}
	f := parse(t, uniformResults)
	_, err := jit.Compile(f, isa, jit.Size{X: 1024, Y: 1, Z: 1}, nil)
	require.NoError(t, err)
	for _, e := range []simt.Engine{simt.Interpreter, simt.Native} {
		restore := simt.Force(e, &isa, 0)
		for n, want := range map[uint32]uint32{1: 2 * (1 + 0 + 1), 5: 2 * (35 + 10 + 35)} {
			out := make([]uint32, 1024)
			l := simt.Launch{Program: compile(t, uniformResults), Grid: size(1024, 1, 1), Group: size(1024, 1, 1),
				Mems: []simt.Binding{bound([]uint32{n, 7}), bound(out), {}}}
			require.Nil(t, l.Run())
			for _, x := range out {
				require.Equal(t, want, x, "engine %v, n %d", e, n)
			}
		}
		restore()
	}
}
