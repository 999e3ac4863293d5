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
	%1 = builtin thread_position_in_grid.x          ; %1 +1 each
	%2 = builtin thread_position_in_grid.y          ; %2 +0 each
	%3 = builtin thread_position_in_threadgroup.x   ; %3 +1 each
	%4 = builtin thread_index_in_threadgroup        ; %4 +1 each
	%5 = builtin thread_index_in_simdgroup          ; %5 +1 each
	%6 = builtin simdgroup_index_in_threadgroup     ; %6 +0 each
	%7 = builtin thread_index_in_quadgroup          ; %7 varying
	%8 = builtin threads_per_grid.x                 ; %8 uniform
	yield`},
	{"arithmetic", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin thread_position_in_grid.x
	%3 = const i32 0x6
	%4 = builtin threadgroup_position_in_grid.x
	%5 = mul i32 %1, %3          ; %5 +6 each
	%6 = shl i32 %5, %3          ; %6 +384 each
	%7 = sub i32 %6, %2          ; %7 +383 each
	%8 = neg i32 %7              ; %8 -383 each
	%9 = not i32 %1              ; %9 -1 each
	%10 = add i32 %9, %1         ; %10 +0 each
	%11 = mul i32 %1, %4         ; %11 varying
	%12 = udiv i32 %1, %3        ; %12 varying
	%13 = udiv i32 %4, %3        ; %13 uniform
	%14 = stof f32 %4            ; %14 uniform
	%15 = stof f32 %1            ; %15 varying
	%16 = const i32 0x40000000
	%17 = mul i32 %1, %16        ; %17 varying
	yield`},
	{"what stays after an if", `
	%1 = builtin thread_index_in_threadgroup
	%2 = builtin threadgroup_position_in_grid.x
	%3 = builtin simdgroup_index_in_threadgroup
	%4 = const i32 0x5
	%5 = ult bool %1, %4         ; %5 varying
	%6 = ult bool %2, %4         ; %6 uniform
	%7 = ult bool %3, %4         ; %7 varying
	%8, %9 = if %5 -> i32, i32 { ; %8 varying, %9 varying
		yield %2, %2
	} else {
		yield %4, %2
	}
	%10, %11 = if %6 -> i32, i32 { ; %10 uniform, %11 varying
		yield %2, %2
	} else {
		yield %4, %1
	}
	%12 = if %7 -> i32 {         ; %12 varying
		yield %2
	} else {
		yield %4
	}
	%13 = if %5 -> i32 {         ; %13 varying
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
	%10, %11 = loop %5 i32 = %4, %6 i32 = %1 -> i32, i32 { ; leave together, %5 uniform, %6 +1 each, %10 uniform, %11 +1 each
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
	%10, %11 = loop %5 i32 = %4, %6 i32 = %1 -> i32, i32 { ; leave ragged, %5 uniform, %6 +1 each, %10 varying, %11 varying
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
	%9 = loop %5 i32 = %4 -> i32 { ; leave ragged, %5 varying, %9 varying
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
	%9 = loop %5 i32 = %4 -> i32 { ; leave together, %5 uniform, %9 uniform
		%6 = add i32 %5, %3
		%7 = ult bool %5, %1
		block { ; leave ragged
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
	%9 = block -> i32 { ; leave ragged, %9 varying
		loop %5 i32 = %4 { ; leave ragged, %5 uniform
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
	%7 = zext i64 %1                     ; %7 varying
	%8 = load i32 device %2[%7 + 0]      ; %8 varying
	%9 = atomic.load i32 device %2[%4 + 0] ; %9 varying
	%10 = group.reduce i32 add 32 %1     ; %10 +0 each
	%11 = group.reduce i32 add 4 %1      ; %11 varying
	%12 = group.scan i32 add 32 %1       ; %12 varying
	%13 = shuffle i32 32 %8, %5          ; %13 varying
	%14 = shuffle i32 32 %8, %1          ; %14 varying
	%15 = addr i64 %2, %7                ; %15 varying
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
			info := shape.Of(f, shape.Config{Group: shape.Runs})
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
					how := map[bool]string{false: "together", true: "ragged"}[info.Flow(in).Ragged]
					require.Equal(t, c, "leave "+how, "%s", line)
				}
			}
		})
	}
}

// A kernel in groups whose chunks are rows, or several, or a part of one.
func TestParts(t *testing.T) {
	text := `kernel "k" {
	%1 = builtin thread_position_in_threadgroup.x
	%2 = builtin thread_position_in_threadgroup.y
	%3 = const i32 0x3
	%4 = mul i32 %2, %3
	%5 = add i32 %4, %1
	%6 = zext i64 %4
	%7 = udiv i32 %2, %3
	%8 = udiv i32 %1, %3
	%9 = builtin simdgroup_index_in_threadgroup
	%10 = group.reduce i32 add 32 %1
	%11 = stof f32 %1
	%12 = group.reduce f32 add 32 %11
	yield
}`
	f, err := ir.Parse(text)
	require.NoError(t, err)
	for _, x := range []struct {
		group rect
		want  []string
	}{
		{rect{64, 2}, []string{"+1 parts 0 8 16 24", "+0", "uniform", "+0", "+1 parts 0 8 16 24", "+0", "+0", "varying", "+0", "+0", "varying", "varying"}},
		{rect{16, 4}, []string{"+1 parts 0 8 0 8", "+0 parts 0 0 1 1", "uniform", "+0 parts 0 0 3 3", "+1 parts 0 8 3 11", "+0 parts 0 0 3 3", "+0 each", "varying", "+0", "+0", "varying", "varying"}},
	} {
		info := shape.Of(f, shape.Config{Group: x.group})
		for i, want := range x.want {
			require.Equal(t, want, info.Values[i+1].String(), "%v, %%%d", x.group, i+1)
		}
	}
}

// What constructs with barriers hand on is uniform or varies, if that is asked for.
func TestLanewise(t *testing.T) {
	f, err := ir.Parse(`kernel "k" {
	%1 = builtin thread_index_in_threadgroup
	%2 = const i32 0x1
	%7, %8 = loop %3 i32 = %1, %4 i32 = %2 -> i32, i32 {
		barrier threadgroup
		%5 = add i32 %3, %2
		%6 = ult bool %4, %2
		if %6 { yield } else { break 0 %5, %4 }
		continue 0 %5, %4
	}
	yield
}`)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	for lanewise, want := range map[bool]string{false: "+1 each", true: "varying"} {
		info := shape.Of(f, shape.Config{Group: shape.Runs, Lanewise: lanewise})
		for v, want := range map[ir.Value]string{3: want, 4: "uniform", 5: want, 7: want, 8: "uniform"} {
			require.Equal(t, want, info.Values[v].String(), "lanewise %v, %%%d", lanewise, v)
		}
	}
}

// A window of values that move on by one with each turn takes no more rounds than
// one value, whichever way they move.
func TestWindow(t *testing.T) {
	for _, up := range []bool{false, true} {
		const n = 40
		var b strings.Builder
		b.WriteString("kernel \"k\" {\n\t%1 = builtin thread_index_in_threadgroup\n\t%2 = const i32 0x5\n\t%3 = mul i32 %1, %1\n\tloop %4 i32 = %2")
		for i := range n {
			fmt.Fprintf(&b, ", %%%d i32 = %%2", 5+i)
		}
		b.WriteString(" {\n\t\t%100 = add i32 %4, %2\n\t\t%101 = ult bool %100, %2\n\t\tif %101 { yield } else { break 0 }\n\t\tcontinue 0 %100")
		for i := range n {
			switch next := 5 + i + 1; {
			case up && i == 0, !up && i == n-1:
				b.WriteString(", %3")
			case up:
				fmt.Fprintf(&b, ", %%%d", next-2)
			default:
				fmt.Fprintf(&b, ", %%%d", next)
			}
		}
		b.WriteString("\n\t}\n\tyield\n}")
		f, err := ir.Parse(b.String())
		require.NoError(t, err)
		require.NoError(t, ir.Verify(f))
		info := shape.Of(f, shape.Config{Group: shape.Runs})
		require.Equal(t, "uniform", info.Values[4].String())
		for i := range n {
			require.Equal(t, "varying", info.Values[5+i].String())
		}
		require.LessOrEqual(t, info.Rounds, 4)
	}
}

func TestStride(t *testing.T) {
	f, err := ir.Parse(`kernel "k" {
	mem @0 "m" buffer device index 0 size 4 align 4
	%1 = builtin thread_position_in_grid.x
	%2 = mem @0
	%3 = const i64 0x4
	%4 = zext i64 %1
	%5 = mul i64 %4, %3
	%6 = load i32 device %2[%5 + 8]
	%7 = sext i64 %6
	%8 = add i64 %5, %3
	%9 = sub i64 %3, %5
	%10 = shl i64 %4, %3
	%11 = add i64 %7, %5
	%12 = mul i64 %4, %4
	yield
}`)
	require.NoError(t, err)
	info := shape.Of(f, shape.Config{Group: shape.Runs})
	got := map[ir.Value]string{}
	for v := ir.Value(3); v <= 12; v++ {
		if f.TypeOf(v) == ir.I64 {
			step, ok := info.Stride(v)
			got[v] = fmt.Sprint(step, " ", ok)
		}
	}
	require.Equal(t, map[ir.Value]string{
		3: "0 true", 4: "1 true", 5: "4 true", 7: "0 false", 8: "4 true", 9: "-4 true", 10: "16 true", 11: "0 false", 12: "0 false",
	}, got)
}
