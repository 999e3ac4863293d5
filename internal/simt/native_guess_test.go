package simt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// Kernels in which something seldom matters: clamps, guards, and loops of both.
var rims = map[string]string{
	"clamps": `
	%a = sub i32 %x, %d
	%b = smax i32 %a, %lo
	%c = smin i32 %b, %hi
	%e = add i32 %y, %d
	%f = umin i32 %e, %hi
	%g = umax i32 %x, %lo
	%h = mul i32 %f, %w
	%i = add i32 %h, %c
	%j = and i32 %i, %most
	%k = zext i64 %j
	%l = mul i64 %k, %four
	%m = load i32 device %in[%l + 0]
	%r = add i32 %m, %g
	store i32 device %out[%at + 0], %r
	yield`,
	"selects": `
	%a = slt bool %x, %lo
	%b = select i32 %a, %lo, %x
	%c = ult bool %hi, %b
	%e = select i32 %c, %hi, %b
	%f = sle bool %d, %y
	%g = not bool %f
	%h = select i32 %g, %d, %y
	%i = mul i32 %h, %w
	%j = add i32 %i, %e
	store i32 device %out[%at + 0], %j
	yield`,
	"guard": `
	%a = ult bool %x, %hi
	if %a { yield } else { break 0 }
	%b = ule bool %lo, %y
	%c = sle bool %y, %hi
	%e = and bool %b, %c
	%f = if %e -> i32 {
		%g = load i32 device %in[%zero + 8]
		%h = add i32 %g, %x
		yield %h
	} else {
		%i = mul i32 %x, %w
		yield %i
	}
	store i32 device %out[%at + 0], %f
	yield`,
	"either": `
	%a = ult bool %hi, %x
	%b = slt bool %y, %lo
	%c = or bool %a, %b
	if %c {
		store i32 device %out[%at + 0], %w
		break 0
	} else { yield }
	%e = ult bool %x, %lo
	%f = add i32 %x, %d
	%g = if %e -> i32 { yield %f } else { yield %y }
	store i32 device %out[%at + 0], %g
	yield`,
	"meets": `
	%p = sub i32 %x, %d
	%a = eq bool %p, %lo
	%b = eq bool %hi, %x
	%c = or bool %a, %b
	if %c {
		store i32 device %out[%at + 0], %w
		break 0
	} else { yield }
	%e = ne bool %y, %w
	%f = if %e -> i32 { yield %p } else { yield %d }
	%g = eq bool %x, %w
	%h = select i32 %g, %hi, %x
	%i = mul i32 %h, %w
	%j = add i32 %f, %i
	store i32 device %out[%at + 0], %j
	yield`,
	"written before": `
	store i32 device %out[%at + 0], %x
	%a = smax i32 %x, %lo
	%b = load i32 device %out[%at + 0]
	%c = add i32 %a, %b
	store i32 device %out[%at + 0], %c
	yield`,
	"written in the other arm": `
	%a = and i32 %x, %one
	%b = eq bool %a, %none
	if %b {
		%c = load i32 device %out[%at + 0]
		%e = add i32 %c, %d
		store i32 device %out[%at + 0], %e
		yield
	} else {
		%f = smin i32 %x, %hi
		store i32 device %out[%at + 0], %f
		yield
	}
	yield`,
	"written before a row of the grid": `
	%i = builtin thread_position_in_threadgroup.x
	%a = xor i32 %i, %w
	%b = load i32 device %out[%at + 0]
	%c = add i32 %b, %one
	store i32 device %out[%at + 0], %c
	%e = add i32 %x, %a
	%f = zext i64 %e
	%g = mul i64 %f, %four
	%h = load i32 device %in[%g + 0]
	%j = load i32 device %out[%at + 0]
	%k = add i32 %j, %h
	store i32 device %out[%at + 0], %k
	yield`,
	"loop": `
	%s = loop %n i32 = %none, %t i32 = %x -> i32 {
		%more = ult bool %n, %w
		if %more { yield } else { break 0 %t }
		%a = add i32 %x, %n
		%b = smin i32 %a, %hi
		%c = and i32 %b, %most
		%e = zext i64 %c
		%f = mul i64 %e, %four
		%g = load i32 device %in[%f + 0]
		%h = mul i32 %t, %d
		%i = add i32 %h, %g
		%next = add i32 %n, %one
		continue 0 %next, %i
	}
	store i32 device %out[%at + 0], %s
	yield`,
	"loop that writes": `
	loop %n i32 = %none {
		%more = ult bool %n, %w
		if %more { yield } else { break 0 }
		%a = add i32 %x, %n
		%b = smin i32 %a, %hi
		%c = load i32 device %out[%at + 0]
		%e = add i32 %b, %c
		store i32 device %out[%at + 0], %e
		%next = add i32 %n, %one
		continue 0 %next
	}
	yield`,
	"rows": `
	%a = udiv i32 %index, %w
	%b = urem i32 %index, %w
	%c = sub i32 %x, %d
	%e = sdiv i32 %c, %hi
	%f = srem i32 %c, %hi
	%g = mul i32 %a, %d
	%h = add i32 %g, %b
	%i = xor i32 %e, %f
	%j = add i32 %h, %i
	store i32 device %out[%at + 0], %j
	yield`,
	"powers": `
	%c3 = const i32 0x3
	%c7 = const i32 0x7
	%c255 = const i32 0xff
	%c1023 = const i32 0x3ff
	%c9 = const i32 0x9
	%c300 = const i32 0x12c
	%o = add i32 %index, %lo
	%a = lshr i32 %o, %c7
	%b = and i32 %o, %c255
	%c = lshr i32 %o, %c3
	%e = and i32 %o, %c1023
	%f = udiv i32 %o, %c300
	%g = urem i32 %o, %c300
	%h = lshr i32 %o, %c9
	%i = mul i32 %a, %d
	%j = add i32 %i, %b
	%k = xor i32 %j, %c
	%l = add i32 %k, %e
	%m = mul i32 %f, %w
	%p = add i32 %l, %m
	%q = xor i32 %p, %g
	%s = lshr i32 %o, %w
	%t = add i32 %s, %q
	%r = add i32 %t, %h
	store i32 device %out[%at + 0], %r
	yield`,
	"rows of rows": `
	%c100 = const i32 0x64
	%a = udiv i32 %index, %hi
	%b = urem i32 %index, %hi
	%c = udiv i32 %a, %d
	%e = urem i32 %a, %d
	%f = smin i32 %b, %c100
	%g = mul i32 %c, %w
	%h = add i32 %g, %e
	%i = and i32 %f, %most
	%j = zext i64 %i
	%k = mul i64 %j, %four
	%l = load i32 device %in[%k + 0]
	%m = add i32 %l, %h
	store i32 device %out[%at + 0], %m
	yield`,
	"counting": `
	%first = smax i32 %x, %lo
	%s = loop %k i32 = %first, %t i32 = %none -> i32 {
		%more = sle bool %k, %hi
		if %more { yield } else { break 0 %t }
		%a = mul i32 %t, %w
		%b = add i32 %a, %k
		%next = add i32 %k, %w
		continue 0 %next, %b
	}
	%c = ult bool %x, %hi
	if %c {
		store i32 device %out[%at + 0], %s
		yield
	} else { yield }
	yield`,
}

const rimHead = `kernel "rim" {
	mem @0 "n" buffer constant index 0 size 4 align 4
	mem @1 "in" buffer device index 1 size 4 align 4
	mem @2 "out" buffer device index 2 size 4 align 4
	%n0 = mem @0
	%in = mem @1
	%out = mem @2
	%zero = const i64 0x0
	%four = const i64 0x4
	%none = const i32 0x0
	%one = const i32 0x1
	%most = const i32 0xff
	%lo = load i32 constant %n0[%zero + 0]
	%hi = load i32 constant %n0[%zero + 4]
	%d = load i32 constant %n0[%zero + 8]
	%w = load i32 constant %n0[%zero + 12]
	%x = builtin thread_position_in_grid.x
	%y = builtin thread_position_in_grid.y
	%wide = builtin threads_per_grid.x
	%row = mul i32 %y, %wide
	%index = add i32 %row, %x
	%far = zext i64 %index
	%at = mul i64 %far, %four
`

func TestNativeRims(t *testing.T) {
	in := make([]uint32, 1024)
	for i := range in {
		in[i] = uint32(i*i + 7)
	}
	shapes := [][2]simt.Size{
		{size(256, 1, 1), size(256, 1, 1)}, {size(300, 1, 1), size(132, 1, 1)}, {size(64, 16, 1), size(32, 8, 1)},
		{size(50, 9, 1), size(16, 8, 1)}, {size(33, 7, 1), size(8, 4, 1)},
	}
	const minus = ^uint32(0)
	limits := [][4]uint32{{0, 1000, 1, 5}, {0, 49, 1, 5}, {3, 30, 2, 3}, {40, 20, 7, 1}, {minus - 5, 5, minus, 2}, {0, minus, 3, 4}, {1 << 31, 1<<31 - 1, 0, 1}, {minus - 40, 512, 3, 128}, {7, 64, 2, 0}}
	for name, text := range rims {
		for _, sh := range shapes {
			for _, n := range limits {
				if name == "counting" && (n[1] == 1<<31-1 || n[0] == minus-5 || n[3] == 0) {
					continue // takes long
				}
				sameOnEngines(t, func() []uint32 {
					p := compile(t, rimHead+text+"\n}") // it keeps the code it has
					out := make([]uint32, sh[0].X*sh[0].Y)
					for i := range out {
						out[i] = uint32(i)
					}
					l := simt.Launch{Program: p, Grid: sh[0], Group: sh[1], Mems: []simt.Binding{bound(n[:]), bound(in), bound(out)}}
					require.Nil(t, l.Run())
					return out
				}, "%s, limits %d, grid %v", name, n, sh)
			}
		}
	}
}
