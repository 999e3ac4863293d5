package shape_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/shape"
)

// Kernels whose comments tell the shapes; a value's number is its Value.
var kernels = []struct{ name, text string }{
	{"inputs", `
	%1 = builtin thread_position_in_grid.x          ; %1 +1 rows
	%2 = builtin thread_position_in_grid.y          ; %2 +0 rows
	%3 = builtin thread_position_in_threadgroup.x   ; %3 +1 rows
	%4 = builtin thread_index_in_threadgroup        ; %4 +1
	%5 = builtin thread_index_in_simdgroup          ; %5 +1 simds
	%6 = builtin simdgroup_index_in_threadgroup     ; %6 +0 simds
	%7 = builtin thread_index_in_quadgroup          ; %7 varying
	%8 = builtin threads_per_grid.x                 ; %8 uniform
	yield`},
	{"arithmetic", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin thread_position_in_grid.x
	%3 = const i32 0x6
	%4 = builtin threadgroup_position_in_grid.x
	%5 = mul i32 %1, %3          ; %5 +6
	%6 = shl i32 %5, %3          ; %6 +384
	%7 = sub i32 %6, %2          ; %7 +383 rows
	%8 = neg i32 %7              ; %8 -383 rows
	%9 = not i32 %1              ; %9 -1
	%10 = add i32 %9, %1         ; %10 uniform
	%11 = mul i32 %1, %4         ; %11 varying
	%12 = udiv i32 %1, %3        ; %12 varying
	%13 = udiv i32 %4, %3        ; %13 uniform
	%14 = stof f32 %4            ; %14 uniform
	%15 = stof f32 %1            ; %15 varying
	%16 = const i32 0x40000000
	%17 = mul i32 %1, %16        ; %17 +1073741824
	%18 = add i32 %17, %17       ; %18 -2147483648
	%19 = add i32 %18, %18       ; %19 uniform
	yield`},
	{"extensions", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin thread_position_in_grid.x
	%3 = const i32 0x4
	%4 = zext i64 %1             ; %4 +1
	%5 = sext i64 %1             ; %5 +1
	%6 = zext i64 %2             ; %6 +1 rows
	%7 = sext i64 %2             ; %7 +1 rows if sext %2 does not wrap
	%8 = add i32 %2, %3          ; %8 +1 rows
	%9 = zext i64 %8             ; %9 +1 rows if zext %8 does not wrap
	%10 = const i64 0x4
	%11 = mul i64 %9, %10        ; %11 +4 rows if zext %8 does not wrap
	%12 = add i64 %11, %4        ; %12 +5 rows if zext %8 does not wrap
	%13 = add i64 %11, %7        ; %13 varying
	%14 = trunc i32 %11          ; %14 +4 rows
	%15 = builtin threads_per_grid.x
	%16 = zext i64 %15           ; %16 uniform
	%17 = const i32 0x3ff
	%18 = and i32 %15, %17       ; %18 uniform
	%19 = add i32 %18, %1        ; %19 +1
	%20 = zext i64 %19           ; %20 +1
	%21 = sub i64 %11, %11       ; %21 varying
	%22 = neg i32 %1             ; %22 -1
	%23 = zext i64 %22           ; %23 -1 if zext %22 does not wrap
	%24 = const i32 0x7fffff00
	%25 = and i32 %15, %24       ; %25 uniform
	%26 = add i32 %25, %1        ; %26 +1
	%27 = zext i64 %26           ; %27 +1
	%28 = sext i64 %26           ; %28 +1 if sext %26 does not wrap
	%29 = trunc i16 %1           ; %29 +1
	%30 = sext i32 %29           ; %30 +1
	%31 = trunc i8 %1            ; %31 +1
	%32 = zext i32 %31           ; %32 +1 if zext %31 does not wrap
	%33 = zext i64 %32           ; %33 varying
	yield`},
	{"what stays after an if", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin threadgroup_position_in_grid.x
	%3 = builtin simdgroup_index_in_threadgroup
	%4 = const i32 0x5
	%5 = ult bool %1, %4         ; %5 varying
	%6 = ult bool %2, %4         ; %6 uniform
	%7 = ult bool %3, %4         ; %7 +0 simds
	%8, %9 = if %5 -> i32, i32 { ; %8 varying, %9 uniform
		yield %2, %2
	} else {
		yield %4, %2
	}
	%10, %11 = if %6 -> i32, i32 { ; %10 uniform, %11 varying
		yield %2, %2
	} else {
		yield %4, %1
	}
	%12 = if %7 -> i32 {         ; %12 +0 simds
		yield %2
	} else {
		yield %4
	}
	%13 = if %5 -> i32 {         ; %13 +1
		break 0
	} else {
		yield %1
	}
	%14 = select i32 %5, %2, %4  ; %14 varying
	%15 = select i32 %6, %2, %4  ; %15 uniform
	yield`},
	{"a loop of uniform turns", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin threadgroup_position_in_grid.x
	%3 = const i32 0x1
	%4 = const i32 0x0
	%10, %11 = loop %5 i32 = %4, %6 i32 = %1 -> i32, i32 { ; leave 0, %5 uniform, %6 +1, %10 uniform, %11 +1
		%7 = ult bool %5, %2     ; %7 uniform
		if %7 { yield } else { break 0 %5, %6 }
		%8 = add i32 %5, %3
		%9 = add i32 %6, %2
		continue 0 %8, %9
	}
	yield`},
	{"a loop that threads leave in different turns", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin threadgroup_position_in_grid.x
	%3 = const i32 0x1
	%4 = const i32 0x0
	%10, %11 = loop %5 i32 = %4, %6 i32 = %1 -> i32, i32 { ; leave 4, %5 uniform, %6 +1, %10 varying, %11 uniform
		%7 = ult bool %5, %1
		if %7 { yield } else { break 0 %5, %2 }
		%8 = add i32 %5, %3
		%9 = add i32 %6, %2
		continue 0 %8, %9
	}
	yield`},
	{"threads that have gone on to the next turn do not leave", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin threadgroup_position_in_grid.x
	%3 = const i32 0x1
	%4 = const i32 0x0
	%9 = loop %5 i32 = %4 -> i32 { ; leave 4, %5 uniform, %9 varying
		%6 = add i32 %5, %3
		%7 = ult bool %5, %1
		if %7 { continue 0 %6 } else { yield }
		%8 = ult bool %5, %2
		if %8 { yield } else { break 0 %5 }
		continue 0 %6
	}
	yield`},
	{"who leaves a block meets at its end", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin threadgroup_position_in_grid.x
	%3 = const i32 0x1
	%4 = const i32 0x0
	%9 = loop %5 i32 = %4 -> i32 { ; leave 0, %5 uniform, %9 uniform
		%6 = add i32 %5, %3
		%7 = ult bool %5, %1
		block { ; leave 4
			if %7 { break 0 } else { yield }
			yield
		}
		%8 = ult bool %5, %2
		if %8 { yield } else { break 0 %5 }
		continue 0 %6
	}
	yield`},
	{"who has left a loop in an earlier turn is missing", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin threadgroup_position_in_grid.x
	%3 = const i32 0x1
	%4 = const i32 0x0
	%9 = block -> i32 { ; leave 4, %9 varying
		loop %5 i32 = %4 { ; leave 4, %5 uniform
			%6 = add i32 %5, %3
			%7 = ult bool %2, %5
			if %7 { break 1 %2 } else { yield }
			%8 = ult bool %5, %1
			if %8 { break 0 } else { yield }
			continue 0 %6
		}
		yield %4
	}
	yield`},
	{"loads and threads together", `
	mem @0 "m" buffer device index 0 size 4 align 4
	mem @1 "t" thread thread index 0 size 4 align 4
	%1 = builtin thread_index_in_simdgroup
	%2 = mem @0
	%3 = mem @1
	%4 = const i64 0x0
	%5 = load i32 device %2[%4 + 0]      ; %5 uniform
	%6 = load i32 thread %3[%4 + 0]      ; %6 varying
	%7 = zext i64 %1                     ; %7 +1 simds
	%8 = load i32 device %2[%7 + 0]      ; %8 varying
	%9 = atomic.load i32 device %2[%4 + 0] ; %9 varying
	%10 = group.reduce i32 add 32 %1     ; %10 +0 simds
	%11 = group.reduce i32 add 4 %1      ; %11 varying
	%12 = group.scan i32 add 32 %1       ; %12 varying
	%13 = shuffle i32 32 %8, %5          ; %13 +0 simds
	%14 = shuffle i32 32 %8, %1          ; %14 varying
	%15 = addr i64 %2, %7                ; %15 +1 simds
	%16 = resolve.offset i64 %15         ; %16 varying
	yield`},
}

var claim = regexp.MustCompile(`^%(\d+) (.*)$`)

func TestText(t *testing.T) {
	for _, k := range kernels {
		t.Run(k.name, func(t *testing.T) {
			f, err := ir.Parse(`kernel "k" {` + k.text + "\n}")
			require.NoError(t, err)
			require.NoError(t, ir.Verify(f))
			info := shape.Of(f)
			var constructs []*ir.Instr
			f.Body.Walk(func(in *ir.Instr) bool {
				if in.Op == ir.OpLoop || in.Op == ir.OpBlock {
					constructs = append(constructs, in)
				}
				return true
			})
			for _, line := range strings.Split(k.text, "\n") {
				code, comment, ok := strings.Cut(line, ";")
				var in *ir.Instr
				if strings.Contains(code, "loop") || strings.Contains(code, "block") {
					in, constructs = constructs[0], constructs[1:]
				}
				if !ok {
					continue
				}
				for _, c := range strings.Split(comment, ",") {
					c = strings.TrimSpace(c)
					if m := claim.FindStringSubmatch(c); m != nil {
						v, _ := strconv.Atoi(m[1])
						require.Equal(t, m[2], info.Values[v].String(), "%s", line)
						continue
					}
					require.Equal(t, c, fmt.Sprint("leave ", info.Leave(in)), "%s", line)
				}
			}
		})
	}
}

func TestAccess(t *testing.T) {
	f, err := ir.Parse(`kernel "k" {
	mem @0 "m" buffer device index 0 size 4 align 4
	%1 = builtin thread_position_in_grid.x
	%2 = mem @0
	%3 = const i64 0x4
	%4 = zext i64 %1
	%5 = mul i64 %4, %3
	%6 = load i32 device %2[%5 + 8]
	%7 = load i64 device %2[%5 + 0]
	%8 = load i32 device %2[%3 + 0]
	%9 = zext i64 %6
	%10 = load i32 device %2[%9 + 0]
	%11 = sext i64 %1
	%12 = mul i64 %11, %3
	store i32 device %2[%12 + 0], %10
	yield
}`)
	require.NoError(t, err)
	info := shape.Of(f)
	var got []string
	f.Body.Walk(func(in *ir.Instr) bool {
		if in.Op == ir.OpLoad || in.Op == ir.OpStore {
			kind, s := info.Access(in)
			got = append(got, fmt.Sprint(kind, ": ", s))
		}
		return true
	})
	require.Equal(t, []string{
		"contiguous: +4 rows",
		"strided: +4 rows",
		"broadcast: uniform",
		"general: varying",
		"contiguous: +4 rows if sext %1 does not wrap",
	}, got)
}
