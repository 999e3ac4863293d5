package simt

import (
	"fmt"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

func abreastProgram(t testing.TB, text string) *Program {
	t.Helper()
	f, err := ir.Parse(text)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	p, err := Compile(f)
	require.NoError(t, err)
	return p
}

func words(s []uint32) Binding {
	return Binding{Ptr: unsafe.Pointer(unsafe.SliceData(s)), Len: int64(4 * len(s))}
}

// Each thread writes a word at its place in the grid, which is limited to rows of
// 1024: the value of %v.
const abreastHead = `kernel "abreast" {
	mem @0 "out" buffer device index 0 size 4 align 4
	%out = mem @0
	%x = builtin thread_position_in_grid.x
	%y = builtin thread_position_in_grid.y
	%z = builtin thread_position_in_grid.z
	%row = const i32 1024
	%slice = const i32 8192
	%yy = mul i32 %y, %row
	%zz = mul i32 %z, %slice
	%xy = add i32 %x, %yy
	%id = add i32 %xy, %zz
	%wide = zext i64 %id
	%four = const i64 4
	%at = mul i64 %wide, %four
`

const abreastTail = `
	store i32 device %out[%at + 0], %v
	yield
}`

// What kernels see does not depend on whether groups run side by side.
func TestAbreast(t *testing.T) {
	bodies := map[string]company{
		`	%v = mul i32 %id, %id`: anyone,
		`	%one = const i32 1
		%v = loop %i i32 = %x, %s i32 = %y -> i32 {
			%low = and i32 %i, %row
			%zero = const i32 0
			%end = ult bool %i, %one
			if %end { break 0 %s } else { yield }
			%n = lshr i32 %i, %one
			%t = add i32 %s, %i
			continue 0 %n, %t
		}`: anyone,
		`	%a = builtin threads_per_threadgroup.x
		%b = builtin threadgroup_position_in_grid.y
		%c = builtin thread_position_in_threadgroup.y
		%d = builtin simdgroups_per_threadgroup
		%e = builtin dispatch_threads_per_threadgroup.x
		%ab = mul i32 %a, %row
		%abc = add i32 %ab, %b
		%abcd = add i32 %abc, %d
		%ce = mul i32 %c, %e
		%v = add i32 %abcd, %ce`: anyone,
	}
	for _, b := range []string{"threadgroup_position_in_grid.x", "thread_position_in_threadgroup.x", "thread_index_in_threadgroup",
		"thread_index_in_simdgroup", "simdgroup_index_in_threadgroup", "thread_index_in_quadgroup", "quadgroup_index_in_threadgroup"} {
		bodies["	%v = builtin "+b] = inLine
		bodies["	%b = builtin "+b+`
		%f = const i32 5
		%less = ult bool %b, %f
		%v = if %less -> i32 {
			%w = group.reduce i32 add 32 %b
			yield %w
		} else {
			%u = mul i32 %b, %x
			yield %u
		}`] = inLine
	}
	for body, want := range bodies {
		p, q := abreastProgram(t, abreastHead+body+abreastTail), abreastProgram(t, abreastHead+body+abreastTail)
		require.Equal(t, want, p.company, body)
		q.company = alone
		for _, c := range []struct{ grid, group Size }{
			{Size{1024, 1, 1}, Size{32, 1, 1}}, {Size{1023, 1, 1}, Size{32, 1, 1}}, {Size{1000, 3, 2}, Size{64, 1, 1}}, {Size{999, 2, 1}, Size{96, 1, 1}},
			{Size{33, 1, 1}, Size{32, 1, 1}}, {Size{100, 1, 1}, Size{1, 1, 1}}, {Size{100, 5, 1}, Size{7, 2, 1}}, {Size{65, 4, 3}, Size{8, 2, 2}},
			{Size{513, 2, 1}, Size{256, 1, 1}}, {Size{300, 2, 1}, Size{128, 1, 1}}, {Size{64, 8, 1}, Size{32, 2, 1}},
		} {
			var got [2][]uint32
			for i, p := range []*Program{p, q} {
				got[i] = make([]uint32, 4*8192)
				l := Launch{Program: p, Grid: c.grid, Group: c.group, Mems: []Binding{words(got[i])}, Engine: Interpreter}
				for range 2 { // the machine has run others before
					require.Nil(t, l.Run())
				}
			}
			if !slices.Equal(got[0], got[1]) {
				t.Errorf("%s\n%v in groups of %v differ", body, c.grid, c.group)
			}
		}
	}
}

// Kernels whose groups have memory, or could wait for others, run group by group.
func TestAlone(t *testing.T) {
	for _, body := range []string{
		`	%v = atomic.load i32 device %out[%at + 0]`,
		`	%v = atomic.rmw i32 device add %out[%at + 0], %x`,
	} {
		require.Equal(t, alone, abreastProgram(t, abreastHead+body+abreastTail).company, body)
	}
	p := abreastProgram(t, `kernel "shares" {
	mem @0 "t" threadgroup threadgroup index 0 size 4 align 4
	yield
}`)
	require.Equal(t, alone, p.company)
}

// A fault names the thread's own group.
func TestFaultsOfGroupsAbreast(t *testing.T) {
	p := abreastProgram(t, abreastHead+"	%v = builtin thread_index_in_threadgroup"+abreastTail)
	l := Launch{Program: p, Grid: Size{1024, 1, 1}, Group: Size{32, 1, 1}, Mems: []Binding{words(make([]uint32, 1000))}, Workers: 1, Engine: Interpreter}
	f := l.Run()
	require.NotNil(t, f)
	require.Equal(t, OutOfBounds, f.Kind)
	require.EqualValues(t, 4000, f.Offset)
	require.Equal(t, Size{31, 0, 0}, f.Threadgroup)
	require.Equal(t, Size{8, 0, 0}, f.Thread)
}

// Each group has its time, though they take it together.
func TestTimeAbreast(t *testing.T) {
	p := abreastProgram(t, abreastHead+`	%v = loop %i i32 = %x -> i32 {
		%no = ult bool %row, %i
		if %no { break 0 %i } else { yield }
		continue 0 %x
	}`+abreastTail)
	l := Launch{Program: p, Grid: Size{1024, 1, 1}, Group: Size{32, 1, 1}, Mems: []Binding{words(make([]uint32, 1024))}, Engine: Interpreter, Timeout: time.Millisecond}
	f := l.Run()
	require.NotNil(t, f)
	require.Equal(t, Timeout, f.Kind)
}

// What a thread costs, by the size of its group.
func BenchmarkAbreast(b *testing.B) {
	p := abreastProgram(b, abreastHead+`	%one = const i32 1
	%zero = const i32 0
	%turns = const i32 200
	%v = loop %i i32 = %zero, %s i32 = %x -> i32 {
		%end = eq bool %i, %turns
		if %end { break 0 %s } else { yield }
		%n = add i32 %i, %one
		%a = mul i32 %s, %s
		%c = xor i32 %a, %x
		%d = sub i32 %c, %i
		continue 0 %n, %d
	}`+abreastTail)
	out := words(make([]uint32, 4096))
	for _, side := range []company{alone, anyone} {
		for _, n := range []uint32{32, 64, 128, 256, 1024} {
			b.Run(fmt.Sprintf("%d/%d", n, side), func(b *testing.B) {
				p.company = side
				l := Launch{Program: p, Grid: Size{4096, 1, 1}, Group: Size{n, 1, 1}, Mems: []Binding{out}, Workers: 1, Engine: Interpreter}
				for b.Loop() {
					if f := l.Run(); f != nil {
						b.Fatal(f)
					}
				}
			})
		}
	}
}
