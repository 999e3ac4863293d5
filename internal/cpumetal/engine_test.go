package cpumetal

import (
	"encoding/binary"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// lowered is a pipeline of a kernel in the text form of package ir.
func lowered(t testing.TB, d *Device, text string, args []msl.Arg) *Pipeline {
	f, err := ir.Parse(text)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	program, err := simt.Compile(f)
	require.NoError(t, err)
	p := newPipeline(d, f.Name, program.Mems(), args)
	p.program = program
	p.addresses = resolvesAddresses(f)
	return p
}

const saxpyIR = `kernel "saxpy" {
	file 0 "program_source"
	mem @0 "x" buffer device index 0 size 4 align 4
	mem @1 "y" buffer device index 1 size 4 align 4
	mem @2 "a" buffer constant index 2 size 4 align 4
	%x = mem @0
	%y = mem @1
	%a = mem @2
	%zero = const i64 0
	%two = const i64 2
	%i = builtin thread_position_in_grid.x
	%i64 = zext i64 %i
	%o = shl i64 %i64, %two
	%f = load f32 constant %a[%zero + 0]
	%xv = load f32 device %x[%o + 0] !0:3:10
	%yv = load f32 device %y[%o + 0] !0:3:20
	%m = fmul f32 %f, %xv
	%s = fadd f32 %m, %yv
	store f32 device %y[%o + 0], %s !0:3:5
	break 0
}`

const foreverIR = `kernel "forever" {
	loop {
		continue 0
	}
	break 0
}`

var two = binary.NativeEndian.AppendUint32(nil, math.Float32bits(2))

// saxpy encodes y = 2x + y for the first n elements.
func saxpy(e *ComputeEncoder, p *Pipeline, x, y *Buffer, n uint64) {
	e.SetPipeline(p)
	e.SetBuffer(x, 0, 0)
	e.SetBuffer(y, 0, 1)
	e.SetBytes(two, 2)
	e.DispatchThreads(Size3{n, 1, 1}, Size3{64, 1, 1})
}

func TestEngine(t *testing.T) {
	d := SystemDevice()
	p := lowered(t, d, saxpyIR, []msl.Arg{{Name: "x", Index: 0, Used: true, Size: 4, Pointer: true}})
	const n = 1001
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(i)
	}
	x, y := floats(t, v...), floats(t, v...)
	cb := runKernel(t, func(e *ComputeEncoder) { saxpy(e, p, x, y, n) })
	require.Nil(t, cb.Err())
	for i := range n {
		require.Equal(t, float32(3*i), floatAt(y, i))
	}

	// what is outside of a buffer is not read, whatever is behind it
	q := d.NewQueue(0)
	bad, behind := q.CommandBuffer(true, 0), q.CommandBuffer(true, 0)
	encode(t, bad, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetBuffer(x, 4*(n-10), 0)
		e.SetBuffer(y, 0, 1)
		e.SetBytes(two, 2)
		e.DispatchThreads(Size3{11, 1, 1}, Size3{64, 1, 1})
	})
	encode(t, behind, func(e *ComputeEncoder) { saxpy(e, p, x, y, n) })
	gate := d.NewEvent()
	hold := q.CommandBuffer(true, 0)
	hold.WaitEvent(gate, 1)
	hold.Commit(Handler{})
	bad.Commit(Handler{})
	behind.Commit(Handler{})
	gate.Set(1)
	behind.WaitUntilCompleted()
	require.Equal(t, CodePageFault, bad.Err().Code)
	for _, part := range []string{"kernel saxpy", "read 4 bytes", "offset 40", "40 bytes", "buffer 0 (x)", "program_source:3:10", `index 10 of 10 in "x" [[buffer(0)]]`} {
		require.Contains(t, bad.Err().Text, part)
	}
	require.Equal(t, CodeAccessRevoked, behind.Err().Code)
	require.Equal(t, float32(3*20), floatAt(y, 20))
}

func TestEngineTimeout(t *testing.T) {
	d := newDevice(1 << 30)
	d.timeout = 10 * time.Millisecond
	p := lowered(t, d, foreverIR, nil)
	cb := d.NewQueue(0).CommandBuffer(true, 0)
	encode(t, cb, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.DispatchThreads(Size3{100, 1, 1}, Size3{10, 1, 1})
	})
	submit(cb)
	require.Equal(t, CodeTimeout, cb.Err().Code)
	require.Contains(t, cb.Err().Text, "kernel forever")
}

// 64 goroutines with a queue each share one device, one pipeline and the
// processors.
func TestEngineFromManyGoroutines(t *testing.T) {
	d := SystemDevice()
	p := lowered(t, d, saxpyIR, nil)
	const n = 5000
	ones := make([]float32, n)
	for i := range ones {
		ones[i] = 1
	}
	x := floats(t, ones...)
	var wg sync.WaitGroup
	for range 64 {
		y := floats(t, ones...)
		q := d.NewQueue(0)
		wg.Add(1)
		go func() {
			defer wg.Done()
			var last *CommandBuffer
			for range 5 {
				last = q.CommandBuffer(true, 0)
				encode(t, last, func(e *ComputeEncoder) {
					saxpy(e, p, x, y, n)
					saxpy(e, p, x, y, n)
				})
				last.Commit(Handler{})
			}
			last.WaitUntilCompleted()
			for i := range n {
				if floatAt(y, i) != 21 {
					t.Errorf("[%d] = %v, want 21", i, floatAt(y, i))
					return
				}
			}
		}()
	}
	wg.Wait()
	require.EqualValues(t, 1, x.refs.Load())
}
