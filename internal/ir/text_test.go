package ir_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

const everything = `kernel "every \"kind\"" {
	file 0 "program_source"
	mem @0 "a" buffer device index 3 size 4 align 4
	mem @1 "t" const constant index 0 size 4 align 1 data "00ff0e12"
	mem @2 "part" threadgroup threadgroup index 0 size 1024 align 16
	var $0 f32 "x"
	%1 = const f32 0x3f800000 ; 1
	%2 = const i64 0xffffffffffffffff ; -1
	%3 = const ref 0x0
	%4 = builtin thread_position_in_grid.x
	%5 = mem @0
	set $0, %1
	%6 = get f32 $0
	%7 = zext i64 %4
	%8 = load f32 device %5[%7 + -4] !0:3:7
	store volatile f32 device %5[%7 + 8], %8 !0:4:1
	%9 = flt bool %6, %8
	%10 = select f32 %9, %6, %8
	%11 = atomic.rmw i32 device add %5[%7 + 0], %4
	%12 = atomic.cas i32 threadgroup %5[%7 + 0], %4, %11
	atomic.store i32 device %5[%7 + 0], %12
	%13 = ballot i64 32 %9
	%14 = group.reduce f32 add 32 %10
	%15 = group.scan i32 umax 4 inclusive %4
	%16 = shuffle f32 32 %14, %4
	barrier threadgroup
	barrier simdgroup
	fence
	%17, %18 = if %9 -> f32, i32 {
		yield %8, %4
	} else {
		yield %6, %15
	}
	%19 = loop %20 i32 = %18, %21 f32 = %17 -> f32 {
		block {
			if %9 {
				break 1 %21
			} else {
				yield
			}
			if %9 {
				continue 1 %20, %16
			} else {
				break 0
			}
			yield
		}
		continue 0 %18, %21
	}
	%22 = fmul contract f32 %19, %1
	%23 = addr i64 %5, %7
	%24 = resolve.ref ref %23
	%25 = resolve.offset i64 %23
	store f32 device %24[%25 + 0], %22
	break 0
}
`

func TestTextRoundTrip(t *testing.T) {
	f, err := ir.Parse(everything)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	var b = &buffer{}
	require.NoError(t, ir.Fprint(b, f, true))
	require.Equal(t, everything, string(*b))
}

type buffer []byte

func (b *buffer) Write(p []byte) (int, error) { *b = append(*b, p...); return len(p), nil }

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{``, `want "kernel"`},
		{`kernel "k" { yield`, `want "}"`},
		{`kernel "k" { %1 = frobnicate i32 yield }`, `unknown operation "frobnicate"`},
		{`kernel "k" { %1 = add i33 %0, %0 yield }`, `unknown type "i33"`},
		{`kernel "k" { %2 = not i32 %1 yield }`, `%1 is not defined`},
		{`kernel "k" { %1 = const i32 1 %1 = const i32 1 yield }`, `repeated value %1`},
		{`kernel "k" { const i32 1 yield }`, `1 results, 0 are named`},
	} {
		_, err := ir.Parse(c.in)
		require.ErrorContains(t, err, c.want, "%s", c.in)
	}
}

func TestVerifyErrors(t *testing.T) {
	const inputs = `%1 = const i32 0x1 %2 = const bool 0x1 %3 = const f32 0x0 `
	for _, c := range []struct{ body, want string }{
		{`%4 = add i32 %1, %3 yield`, "argument 1 has type f32, want i32"},
		{`%4 = fadd i32 %1, %1 yield`, "cannot have type i32"},
		{`if %1 { yield } else { yield } yield`, "argument 0 has type i32, want bool"},
		{`if %2 { %4 = not i32 %1 yield } else { yield } %5 = not i32 %4 yield`, "not defined here"},
		{`%4 = if %2 -> i32 { yield %1 } else { yield } yield`, "gives 0 values, want 1"},
		{`continue 0 yield`, "instruction"},
		{`continue 0`, "no loop"},
		{`break 1`, "no target"},
		{`loop { yield } yield`, "ends in continue or break"},
		{`loop { } yield`, "empty"},
		{`loop %4 i32 = %1 { continue 0 %3 } yield`, "value 0 has type f32, want i32"},
		{`%4 = trunc i64 %1 yield`, "cannot make i64 of i32"},
		{`%4 = shuffle i32 16 %1, %1 yield`, "a group of 16"},
		{`%4 = mem @0 yield`, "no memory"},
		{`%4 = bitcast i32 %2 yield`, "cannot make"},
	} {
		f, err := ir.Parse(`kernel "k" { ` + inputs + c.body + ` }`)
		require.NoError(t, err, "%s", c.body)
		require.ErrorContains(t, ir.Verify(f), c.want, "%s", c.body)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(everything)
	f.Fuzz(func(t *testing.T, text string) {
		fn, err := ir.Parse(text)
		if err != nil || ir.Verify(fn) != nil {
			return
		}
		back, err := ir.Parse(fn.String())
		require.NoError(t, err)
		require.Equal(t, fn.String(), back.String())
	})
}
