package cpumetal

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// concurrently encodes n dispatches of p into a concurrent encoder, with a barrier
// before some of them. Each has its number as the width of its grid, from one on.
func concurrently(t *testing.T, cb *CommandBuffer, p *Pipeline, n uint64, barriers ...uint64) {
	t.Helper()
	e := cb.ComputeEncoder(true)
	require.NotNil(t, e)
	e.SetPipeline(p)
	for i := uint64(1); i <= n; i++ {
		for _, b := range barriers {
			if b == i {
				e.Barrier("memoryBarrierWithScope:")
			}
		}
		e.DispatchThreads(Size3{i, 1, 1}, one)
	}
	e.End()
	e.Recycle()
}

// Launches that leave processors unused run together with those that follow.
func TestLaunchesOverlap(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	d := newDevice(1 << 30)
	var here sync.WaitGroup
	here.Add(4)
	p := testPipeline(d, "meets", nil, func(l *simt.Launch) *simt.Fault {
		if l.Spare != nil {
			l.Spare()
		}
		here.Done()
		here.Wait() // for all of them
		return nil
	})
	q := d.NewQueue(0)
	for range 100 {
		cb := q.CommandBuffer(true, 0)
		concurrently(t, cb, p, 4)
		submit(cb)
		require.Nil(t, cb.Err())
		cb.Recycle()
		here.Add(4)
	}
}

// Launches that take a while one after the other are shared, too.
func TestManyLaunchesOverlap(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	d := newDevice(1 << 30)
	var here sync.WaitGroup
	here.Add(2)
	p := testPipeline(d, "takes a while", nil, func(l *simt.Launch) *simt.Fault {
		if l.Grid.X > 1 {
			here.Done()
			here.Wait()
		} else {
			time.Sleep(2 * abreastAfter)
		}
		return nil
	})
	cb := d.NewQueue(0).CommandBuffer(true, 0)
	concurrently(t, cb, p, 3)
	submit(cb)
	require.Nil(t, cb.Err())
}

// Those on both sides of a barrier do not, nor those of serial encoders, nor of two.
func TestLaunchesApart(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	d := newDevice(1 << 30)
	var ran atomic.Int64
	var seen [100]int64 // how many had ended when the i-th began
	p := testPipeline(d, "counts", nil, func(l *simt.Launch) *simt.Fault {
		seen[l.Grid.X] = ran.Load()
		if l.Spare != nil {
			l.Spare()
		}
		runtime.Gosched()
		ran.Add(1)
		return nil
	})
	q := d.NewQueue(0)
	cb := q.CommandBuffer(true, 0)
	concurrently(t, cb, p, 9, 4, 7)
	submit(cb)
	require.Nil(t, cb.Err())
	for i := int64(4); i <= 9; i++ {
		require.GreaterOrEqual(t, seen[i], (i-1)/3*3, "launch %d", i)
	}

	ran.Store(0)
	cb = q.CommandBuffer(true, 0)
	encode(t, cb, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		for i := range uint64(9) {
			e.DispatchThreads(Size3{i + 1, 1, 1}, one)
		}
	})
	concurrently(t, cb, p, 1)
	concurrently(t, cb, p, 1)
	submit(cb)
	require.Nil(t, cb.Err())
	for i := int64(2); i <= 9; i++ {
		require.Equal(t, i-1, seen[i], "launch %d", i)
	}
	require.EqualValues(t, 10, seen[1])
}

// The error is that of the first launch that failed, whichever came to its end first.
func TestFaultsAbreast(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	d := newDevice(1 << 30)
	var here sync.WaitGroup
	here.Add(2)
	p := testPipeline(d, "fails", nil, func(l *simt.Launch) *simt.Fault {
		if l.Spare != nil {
			l.Spare()
		}
		switch l.Grid.X {
		case 2:
			here.Done()
			here.Wait()
			time.Sleep(time.Millisecond) // most likely, the other is the first
			return &simt.Fault{Kind: simt.OutOfBounds, Kernel: "the second", Len: 4, Offset: 8, Size: 8}
		case 3:
			here.Done()
			here.Wait()
			return &simt.Fault{Kind: simt.Unbound, Kernel: "the third"}
		}
		return nil
	})
	cb := d.NewQueue(0).CommandBuffer(true, ErrorEncoderStatus)
	encode(t, cb, func(e *ComputeEncoder) {})
	concurrently(t, cb, p, 5)
	encode(t, cb, func(e *ComputeEncoder) {})
	after := d.NewEvent()
	cb.SignalEvent(after, 1)
	submit(cb)
	err := cb.Err()
	require.NotNil(t, err)
	require.Equal(t, CodePageFault, err.Code)
	require.Contains(t, err.Text, "the second")
	require.Equal(t, []EncoderInfo{{"", nil, EncoderCompleted}, {"", nil, EncoderFaulted}, {"", nil, EncoderPending}}, err.Encoders)
	require.EqualValues(t, 1, after.Value())
}

// Kernels of a concurrent encoder may wait for those behind them, as many as there are
// processors.
func TestKernelsOverlap(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	onTiers(t, func(t *testing.T) {
		d := newDevice(1 << 30)
		lib, err := d.NewLibrary(relay, CompileOptions{})
		require.Nil(t, err)
		p, err := d.NewPipeline(lib.Function("pass"), PipelineOptions{})
		require.Nil(t, err)
		a := d.NewBuffer(4, 0)
		require.NotNil(t, a)
		defer a.Release()
		cb := d.NewQueue(0).CommandBuffer(true, 0)
		e := cb.ComputeEncoder(true)
		e.SetPipeline(p)
		e.SetBuffer(a, 0, 0)
		for i := range 4 {
			e.SetBytes([]byte{byte(3 - i), 0, 0, 0}, 1)
			e.DispatchThreads(one, one)
		}
		e.End()
		e.Recycle()
		submit(cb)
		require.Nil(t, cb.Err())
		require.EqualValues(t, 4, word(a, 0))
	})
}
