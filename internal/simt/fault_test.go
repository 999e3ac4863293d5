package simt_test

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

func TestFaultOfLoad(t *testing.T) {
	p := load(t, "saxpy")
	x, y := floats(1000), floats(900)
	before := append([]float32(nil), y...)
	l := simt.Launch{Program: p, Grid: size(1000, 1, 1), Group: size(64, 1, 1), Mems: []simt.Binding{bound(x), bound(y), bound([]float32{0.5})}}
	for range 20 {
		copy(y, before)
		f := l.Run()
		require.NotNil(t, f)
		require.Equal(t, simt.OutOfBounds, f.Kind)
		require.Equal(t, "saxpy", f.Kernel)
		require.Equal(t, 1, f.Mem)
		require.Equal(t, "y", f.Memory.Name)
		require.False(t, f.Write)
		require.EqualValues(t, 3600, f.Offset)
		require.EqualValues(t, 4, f.Len)
		require.EqualValues(t, 3600, f.Size)
		require.Equal(t, ir.Pos{File: 0, Line: 3, Col: 20}, f.Pos)
		require.Equal(t, size(4, 0, 0), f.Thread)
		require.Equal(t, size(14, 0, 0), f.Threadgroup)
		require.Equal(t, "kernel saxpy: thread (4, 0, 0) of threadgroup (14, 0, 0) read 4 bytes at offset 3600 of buffer 1 (y), which is 3600 bytes long (saxpy.metal:3:20)", f.Error())
	}
	// A buffer of which the last element is only partly there.
	l.Mems[1].Len -= 1
	require.EqualValues(t, 899*4, l.Run().Offset)
}

// access makes a kernel that does what text says; %x is thread_position_in_grid.x
// times 4, as an I64, and @0 to @3 are a buffer, threadgroup memory, thread
// memory and constant data, of 64 bytes each.
func access(t testing.TB, text string) *simt.Program {
	return compile(t, `kernel "access" {
	file 0 "access.metal"
	mem @0 "buf" buffer device index 5 size 4 align 4
	mem @1 "tg" threadgroup threadgroup index 0 size 64 align 4
	mem @2 "own" thread thread index 0 size 64 align 4
	mem @3 "tab" const constant index 0 size 64 align 4 data "`+strings.Repeat("01020304", 16)+`"
	mem @4 "arg" threadgroup_arg threadgroup index 2 size 4 align 4
	%buf = mem @0
	%tg = mem @1
	%own = mem @2
	%tab = mem @3
	%arg = mem @4
	%null = const ref 0
	%zero = const i64 0
	%one = const i64 1
	%two = const i64 2
	%i7 = const i32 7
	%i100 = const i64 100
	%i = builtin thread_position_in_grid.x
	%i64 = zext i64 %i
	%x = shl i64 %i64, %two
	%odd = ult bool %i7, %i
	`+text+`
	break 0
}`)
}

func TestFaultKinds(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"store i32 device %buf[%x + 0], %i !0:1:2", "wrote 4 bytes at offset 64 of buffer 5 (buf), which is 64 bytes long (access.metal:1:2)"},
		{"store i32 device %buf[%x + -4], %i", "thread (0, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset -4 of"},
		{"%v = load i64 device %buf[%x + 0]", "thread (15, 0, 0) of threadgroup (0, 0, 0) read 8 bytes at offset 60 of buffer 5 (buf)"},
		{"%v = load i32 device %buf[%i100 + 0]", "thread (0, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 100"},
		{"%v = load i32 threadgroup %tg[%x + 0]", "at offset 64 of threadgroup memory (tg), which is 64"},
		{"%v = load i32 threadgroup %arg[%x + 0]", "at offset 32 of threadgroup memory 2 (arg), which is 32"},
		{"%v = load i32 thread %own[%x + 0]", "at offset 64 of thread memory (own), which is 64"},
		{"%v = load i32 thread %own[%i100 + 0]", "at offset 100 of thread memory (own), which is 64"},
		{"store i32 thread %own[%i100 + 0], %i", "wrote 4 bytes at offset 100 of thread memory (own), which is 64"},
		{"%v = load i32 constant %tab[%x + 0]", "at offset 64 of constant data (tab), which is 64"},
		{"store i32 constant %tab[%x + 0], %i", "at offset 0 of constant data (tab), which is constant"},
		{"%v = load i32 device %null[%x + 0]", "at device address 0x0, where there is no buffer"},
		{"%v = load i32 device %null[%i100 + 0]", "at device address 0x64, where there is no buffer"},
		{"%v = atomic.rmw i32 device add %buf[%x + 2], %i", "atomically at offset 2 of buffer 5 (buf), which is not a multiple of 4"},
		{"%v = atomic.rmw i32 device add %buf[%one + 0], %i", "atomically at offset 1 of buffer 5 (buf), which is not a multiple of 4"},
		{"%v = atomic.rmw i32 device xor %buf[%x + 0], %i", "wrote 4 bytes at offset 64 of buffer 5 (buf)"},
		{"%v = atomic.load i32 device %buf[%x + 0]", "read 4 bytes at offset 64 of buffer 5 (buf)"},
		{"%p = mul i64 %x, %x\nstore i32 device %buf[%p + 0], %i", "thread (2, 0, 0) of threadgroup (0, 0, 0) wrote 4 bytes at offset 64 of"},
		{"%p = mul i64 %x, %x\n%v = load i32 device %buf[%p + 0]", "thread (2, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 64 of"},
		{"if %odd {\n%v = load i64 device %buf[%i100 + 0]\nyield\n} else {\nyield\n}", "thread (8, 0, 0) of threadgroup (0, 0, 0) read"},
		{"%r = select ref %odd, %null, %buf\n%v = load i32 device %r[%x + 0]", "thread (8, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at device address 0x20"},
		{"%v = load i32 device %buf[%x + 9223372036854775800]", "thread (0, 0, 0) of threadgroup (0, 0, 0) read 4 bytes at offset 9223372036854775800"},
	} {
		p := access(t, test.text)
		// The words beside the buffer must stay as they are.
		mem := make([]uint32, 16+64)
		l := simt.Launch{Program: p, Grid: size(20, 1, 1), Group: size(20, 1, 1), Mems: []simt.Binding{bound(mem[32:48]), {}, {}, {}, {Len: 32}}}
		f := l.Run()
		require.NotNil(t, f, test.text)
		require.Contains(t, f.Error(), test.want, test.text)
		for i, x := range mem {
			if i < 32 || i >= 48 {
				require.Zero(t, x)
			}
		}
	}
	// Within the active lanes all is well.
	p := access(t, "if %odd {\nyield\n} else {\nstore i32 device %buf[%x + 0], %i\nyield\n}")
	mem := make([]uint32, 8)
	l := simt.Launch{Program: p, Grid: size(20, 1, 1), Group: size(20, 1, 1), Mems: []simt.Binding{bound(mem), {}, {}, {}, {}}}
	require.Nil(t, l.Run())
	require.Equal(t, []uint32{0, 1, 2, 3, 4, 5, 6, 7}, mem)
	// No buffer at all.
	l.Mems[0] = simt.Binding{}
	f := l.Run()
	require.Equal(t, simt.Unbound, f.Kind)
	require.Contains(t, f.Error(), "buffer 5 (buf), to which no buffer is bound")
}

// TestFaultIsFirst has every group fault, in many launches at a time: the fault
// is always that of the first.
func TestFaultIsFirst(t *testing.T) {
	p := access(t, "store i32 device %buf[%x + 0], %i")
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mem := make([]uint32, 1000)
			for range 50 {
				l := simt.Launch{Program: p, Grid: size(100_000, 1, 1), Group: size(32, 1, 1), Mems: []simt.Binding{bound(mem), {}, {}, {}, {}}, Workers: 4}
				f := l.Run()
				if f == nil || f.Threadgroup.X != 31 || f.Thread.X != 8 {
					t.Errorf("fault %v", f)
				}
			}
		}()
	}
	wg.Wait()
}

const forever = `loop %k i32 = %i7 {
		%k2 = add i32 %k, %i
		continue 0 %k2
	}`

func TestTimeout(t *testing.T) {
	p := access(t, forever)
	l := simt.Launch{Program: p, Grid: size(64, 1, 1), Group: size(64, 1, 1), Mems: make([]simt.Binding, 5), Timeout: 20 * time.Millisecond}
	f := l.Run()
	require.NotNil(t, f)
	require.Equal(t, simt.Timeout, f.Kind)
	require.Contains(t, f.Error(), "kernel access: threadgroup (0, 0, 0) did not end in time")
	// Not even with one thread in an empty loop.
	p = compile(t, `kernel "spin" {
		loop { continue 0 }
		break 0
	}`)
	l = simt.Launch{Program: p, Grid: size(1, 1, 1), Group: size(1, 1, 1), Timeout: 5 * time.Millisecond}
	require.Equal(t, simt.Timeout, l.Run().Kind)
}

// Every group ends at once, but there are more than anybody would wait for.
func TestTooManyGroups(t *testing.T) {
	empty := compile(t, `kernel "empty" { break 0 }`)
	for _, grid := range []simt.Size{size(1<<30, 1<<20, 1), size(1<<32-1, 1<<32-1, 1<<32-1)} {
		l := simt.Launch{Program: empty, Grid: grid, Group: size(4, 1, 1), Timeout: 20 * time.Millisecond}
		f := l.Run()
		require.NotNil(t, f)
		require.Equal(t, simt.Timeout, f.Kind)
		require.Contains(t, f.Error(), "kernel empty: the launch would take about ")
	}
	groups := uint32(1 << 20)
	if os.Getenv("ARUMINIUM_EXEC") != "" { // an emulator takes long
		groups >>= 6
	}
	l := simt.Launch{Program: empty, Grid: size(groups, 1, 1), Group: size(1, 1, 1), Timeout: 20 * time.Millisecond}
	require.Nil(t, l.Run(), "many times the timeout is not too much")
}

func TestStop(t *testing.T) {
	p := access(t, forever)
	var stop atomic.Bool
	l := simt.Launch{Program: p, Grid: size(6400, 1, 1), Group: size(64, 1, 1), Mems: make([]simt.Binding, 5), Timeout: time.Hour, Stop: &stop}
	go func() {
		time.Sleep(20 * time.Millisecond)
		stop.Store(true)
	}()
	require.Equal(t, simt.Stopped, l.Run().Kind)
}

func TestBadLaunch(t *testing.T) {
	p := load(t, "saxpy")
	mems := make([]simt.Binding, 3)
	for _, test := range []struct {
		l    simt.Launch
		want string
	}{
		{simt.Launch{}, "the launch has no program"},
		{simt.Launch{Program: p, Mems: mems}, "kernel saxpy: a threadgroup has no threads"},
		{simt.Launch{Program: p, Mems: mems, Group: size(1024, 2, 1)}, "kernel saxpy: a threadgroup has more than 1024 threads"},
		{simt.Launch{Program: p, Mems: mems, Group: size(1<<31, 1<<31, 1<<31)}, "kernel saxpy: a threadgroup has more than 1024 threads"},
		{simt.Launch{Program: p, Mems: mems[:2], Group: size(1, 1, 1)}, "kernel saxpy: the number of bindings is not the number of memories of the kernel"},
		{simt.Launch{Program: p, Mems: []simt.Binding{{Len: -1}, {}, {}}, Group: size(1, 1, 1)}, "kernel saxpy: a binding has a negative length"},
	} {
		f := test.l.Run()
		require.NotNil(t, f)
		require.Equal(t, simt.BadLaunch, f.Kind)
		require.Equal(t, test.want, f.Error())
	}
	l := simt.Launch{Program: p, Mems: mems, Grid: size(0, 5, 5), Group: size(1, 1, 1)}
	require.Nil(t, l.Run(), "a grid without threads")
}

func TestCompileErrors(t *testing.T) {
	f := ir.NewFunc("k")
	b := ir.NewBuilder(f)
	b.Set(b.Var(ir.I32, "v"), b.I32(1))
	b.Finish()
	_, err := simt.Compile(f)
	require.EqualError(t, err, `simt: kernel k: variable "v" has not been promoted to values`)
	f = ir.NewFunc("k")
	b = ir.NewBuilder(f)
	b.Emit(ir.OpSin, ir.F32, b.F32(1))
	b.Finish()
	_, err = simt.Compile(f)
	require.EqualError(t, err, "simt: kernel k: operation sin has not been expanded")
}

// TestHelpersLeave checks that no goroutine stays once all is quiet.
func TestHelpersLeave(t *testing.T) {
	p := load(t, "mandelbrot")
	out := make([]int32, 256*256)
	l := simt.Launch{Program: p, Grid: size(256, 256, 1), Group: size(16, 16, 1), Mems: []simt.Binding{bound(out), bound([]uint32{256})}, Workers: 4}
	before := runtime.NumGoroutine()
	for range 4 {
		require.Nil(t, l.Run())
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before+runtime.GOMAXPROCS(0))
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; { // Eventually has a goroutine of its own
		require.True(t, time.Now().Before(end), "%d goroutines, %d before", runtime.NumGoroutine(), before)
		time.Sleep(20 * time.Millisecond)
	}
}

func TestNoAllocation(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	p := load(t, "tiled")
	const n = 64
	a, b, c := floats(n*n), floats(n*n), make([]float32, n*n)
	for _, workers := range []int{1, 4} {
		l := simt.Launch{Program: p, Grid: size(n, n, 1), Group: size(16, 16, 1), Workers: workers,
			Mems: []simt.Binding{bound(a), bound(b), bound(c), bound([]uint32{n}), {}, {}}}
		require.Zero(t, testing.AllocsPerRun(200, func() {
			if f := l.Run(); f != nil {
				panic(f)
			}
		}))
	}
}

// TestConcurrent launches one program from many goroutines.
func TestConcurrent(t *testing.T) {
	p := load(t, "tiled")
	const n = 32
	a, b := floats(n*n), floats(n*n + 1)[1:]
	want := matmul(a, b, n)
	var wg sync.WaitGroup
	for range 16 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c := make([]float32, n*n)
			for range 10 {
				clear(c)
				l := simt.Launch{Program: p, Grid: size(n, n, 1), Group: size(16, 16, 1), Mems: []simt.Binding{bound(a), bound(b), bound(c), bound([]uint32{n}), {}, {}}}
				if f := l.Run(); f != nil {
					t.Error(f)
				}
				for i := range c {
					if c[i] != want[i] {
						t.Errorf("element %d is %v, not %v", i, c[i], want[i])
						return
					}
				}
			}
		}()
	}
	wg.Wait()
}

// TestRacingKernel runs a kernel whose threadgroups disturb each other. Its
// result is anyone's guess, but it is no race of the Go program.
func TestRacingKernel(t *testing.T) {
	p := access(t, `%k = and i64 %x, %i100
	%v = load i32 device %buf[%k + 0]
	%w = load i32 device %buf[%x + 0]
	%s = add i32 %v, %w
	if %odd {
		store i32 device %buf[%k + 0], %s
		store i32 device %buf[%x + 0], %s
		store i32 device %buf[%zero + 0], %s
		yield
	} else {
		yield
	}`)
	mem := make([]uint32, 100_000)
	l := simt.Launch{Program: p, Grid: size(100_000, 1, 1), Group: size(64, 1, 1), Mems: []simt.Binding{bound(mem), {}, {}, {}, {}}, Workers: 4}
	for range 4 {
		require.Nil(t, l.Run())
	}
}

func TestTooMuchThreadMemory(t *testing.T) {
	p := compile(t, `kernel "big" {
	mem @0 "own" thread thread index 0 size 8388608 align 4
	break 0
}`)
	l := simt.Launch{Program: p, Grid: size(1024, 1, 1), Group: size(1024, 1, 1), Mems: make([]simt.Binding, 1)}
	require.EqualError(t, l.Run(), "kernel big: the threads of a threadgroup have too much memory of their own")
}
