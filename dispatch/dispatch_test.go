package dispatch_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

func TestOptions(t *testing.T) {
	h := open(t, dispatch.Options{})
	for _, n := range []int{-1, 65} {
		_, err := dispatch.NewWith(h.queue, dispatch.Options{InFlight: n})
		require.ErrorContains(t, err, "InFlight")
	}
	_, err := dispatch.New(nil)
	require.ErrorContains(t, err, "nil")
	q, err := h.dev.Queue()
	require.NoError(t, err)
	require.NoError(t, q.Close())
	_, err = dispatch.New(q)
	require.ErrorIs(t, err, gpu.ErrClosed)
}

// Every way to launch does the same, with every option.
func TestEveryWay(t *testing.T) {
	for name, o := range map[string]dispatch.Options{
		"default": {}, "one": {InFlight: 1}, "many": {InFlight: 64}, "unretained": {Unretained: true},
		"concurrent": {Concurrent: true}, "labelled": {Label: "loop"}, "all": {InFlight: 2, Unretained: true, Concurrent: true, Label: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, o)
			inc, add := h.pipeline(t, "inc"), h.pipeline(t, "add")
			buf := h.floats(t, 1000)
			grid, group := gpu.D1(1000), gpu.D1(64)
			want := float32(0)
			is := func() {
				t.Helper()
				for i, v := range buf.All() {
					require.Equal(t, want, v, "%d", i)
				}
			}
			step := func(b *dispatch.Batch) {
				b.Bind(inc)
				b.BindBuffer(buf.Buffer, 0, 0)
				b.Launch(grid, group)
				b.Barrier()
			}
			require.NoError(t, h.disp.Dispatch(inc, grid, group, dispatch.Bind{Buffer: buf.Buffer}))
			want++
			is()
			require.NoError(t, h.disp.DispatchBytes(add, grid, group, bytesOf(float32(2)), 1, dispatch.Bind{Buffer: buf.Buffer}))
			want += 2
			is()
			require.NoError(t, h.disp.Batch(func(b *dispatch.Batch) {
				step(b)
				step(b)
				b.Bind(add)
				b.Push(bytesOf(float32(3)), 1)
				b.LaunchGroups(gpu.D1(10), gpu.D1(100))
			}))
			want += 5
			is()
			var futures []*dispatch.Future
			for range 10 {
				f, err := h.disp.BatchAsync(step)
				require.NoError(t, err)
				futures = append(futures, f)
			}
			for _, f := range futures {
				require.NoError(t, f.Wait())
				require.NoError(t, f.WaitContext(background()))
				<-f.Done()
				require.Positive(t, f.GPUTime())
			}
			want += 10
			is()
			gpu.AutoreleasePool(func() { require.NoError(t, h.disp.BatchRaw(step)) })
			want++
			is()
			require.NoError(t, h.disp.Pipeline(background(), 20, func(i int, b *dispatch.Batch) {
				b.Bind(add)
				b.BindBuffer(buf.Buffer, 0, 0)
				b.Push(bytesOf(float32(i)), 1)
				b.Launch(grid, group)
			}))
			want += 190
			is()
			r, err := h.disp.Record(step)
			require.NoError(t, err)
			for range 5 {
				require.NoError(t, r.Run())
			}
			futures = futures[:0]
			for range 7 {
				f, err := r.RunAsync()
				require.NoError(t, err)
				futures = append(futures, f)
			}
			for _, f := range futures {
				require.NoError(t, f.Wait())
			}
			require.NoError(t, r.Close())
			want += 12
			is()
		})
	}
}

// What is wrong is a *gpu.LaunchError from every way to launch, and nothing runs.
func TestWrongBatches(t *testing.T) {
	h := open(t, dispatch.Options{})
	inc, add := h.pipeline(t, "inc"), h.pipeline(t, "add")
	buf := h.floats(t, 64)
	closed, err := h.dev.Buffer(64)
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	good := func(b *dispatch.Batch) {
		b.Bind(inc)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(64), gpu.D1(64))
	}
	for name, c := range map[string]struct {
		f    func(b *dispatch.Batch)
		want string
		is   error
	}{
		"no pipeline":    {func(b *dispatch.Batch) { b.Launch(gpu.D1(1), gpu.D1(1)) }, "no pipeline", nil},
		"nil pipeline":   {func(b *dispatch.Batch) { b.Bind(nil) }, "nil", nil},
		"nil buffer":     {func(b *dispatch.Batch) { b.BindBuffer(nil, 0, 0) }, "nil", nil},
		"closed buffer":  {func(b *dispatch.Batch) { b.BindBuffer(closed, 0, 0) }, "closed", gpu.ErrClosed},
		"unbound":        {func(b *dispatch.Batch) { b.Bind(add); b.Launch(gpu.D1(1), gpu.D1(1)) }, "is not bound", nil},
		"past the end":   {func(b *dispatch.Batch) { b.BindBuffer(buf.Buffer, 256, 0) }, "past the buffer's end", nil},
		"zero grid":      {func(b *dispatch.Batch) { good(b); b.Launch(gpu.D1(0), gpu.D1(1)) }, "grid", nil},
		"large group":    {func(b *dispatch.Batch) { good(b); b.Launch(gpu.D1(1), gpu.D1(1<<20)) }, "limit", nil},
		"groups":         {func(b *dispatch.Batch) { good(b); b.LaunchGroups(gpu.D1(1), gpu.D2(0, 1)) }, "threadgroup", nil},
		"empty push":     {func(b *dispatch.Batch) { b.Push(nil, 1) }, "no bytes", nil},
		"too much local": {func(b *dispatch.Batch) { b.Threadgroup(1<<30, 0) }, "limit", nil},
		"indirect":       {func(b *dispatch.Batch) { good(b); b.LaunchIndirect(buf.Buffer, 248, gpu.D1(1)) }, "past the buffer's end", nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := func(b *dispatch.Batch) {
				c.f(b)
				good(b)
			}
			check := func(err error) {
				t.Helper()
				var le *gpu.LaunchError
				require.ErrorAs(t, err, &le)
				require.Contains(t, le.Reason, c.want)
				if c.is != nil {
					require.ErrorIs(t, err, c.is)
				}
			}
			check(h.disp.Batch(f))
			check(h.disp.BatchRaw(f))
			_, err := h.disp.BatchAsync(f)
			check(err)
			_, err = h.disp.Record(f)
			check(err)
			check(h.disp.Pipeline(background(), 3, func(_ int, b *dispatch.Batch) { f(b) }))
			require.Equal(t, make([]float32, 64), buf.Slice(), "nothing ran")
		})
	}
	err = h.disp.Dispatch(add, gpu.D1(64), gpu.D1(64), dispatch.Bind{Buffer: buf.Buffer})
	var le *gpu.LaunchError
	require.ErrorAs(t, err, &le)
	require.Equal(t, "add", le.Kernel)
	require.ErrorContains(t, h.disp.DispatchBytes(add, gpu.D1(64), gpu.D1(64), nil, 1, dispatch.Bind{Buffer: buf.Buffer}), "no bytes")
	require.ErrorContains(t, h.disp.Pipeline(background(), -1, nil), "negative")
	require.NoError(t, h.disp.Pipeline(background(), 0, nil))
}

func TestFailuresOnTheDevice(t *testing.T) {
	h := open(t, dispatch.Options{Label: "broken"})
	h.faults(t)
	past, inc := h.pipeline(t, "past"), h.pipeline(t, "inc")
	buf := h.floats(t, 64)
	bad := func(b *dispatch.Batch) {
		b.Bind(past)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(bytesOf(uint32(1<<20)), 1)
		b.Launch(gpu.D1(64), gpu.D1(64))
	}
	check := func(err error, op string) {
		t.Helper()
		var ce *gpu.CommandError
		require.ErrorAs(t, err, &ce)
		require.ErrorIs(t, err, gpu.ErrPageFault)
		require.Equal(t, op, ce.Op)
		require.Equal(t, "broken", ce.Label)
		require.Contains(t, ce.Msg, "past")
	}
	check(h.disp.Batch(bad), "Batch")
	check(h.disp.DispatchBytes(past, gpu.D1(1), gpu.D1(1), bytesOf(uint32(1<<20)), 1, dispatch.Bind{Buffer: buf.Buffer}), "DispatchBytes")
	f, err := h.disp.BatchAsync(bad)
	require.NoError(t, err)
	check(f.Wait(), "BatchAsync")
	check(f.Wait(), "BatchAsync")
	r, err := h.disp.Record(bad)
	require.NoError(t, err)
	check(r.Run(), "Recording.Run")
	f, err = r.RunAsync()
	require.NoError(t, err)
	check(f.Wait(), "Recording.RunAsync")
	require.NoError(t, r.Close())

	// A pipeline stops after a failure and tells of the culprit; what was behind it either ran or
	// was skipped.
	recorded := 0
	err = h.disp.Pipeline(background(), 1000, func(i int, b *dispatch.Batch) {
		recorded++
		if i == 5 {
			bad(b)
			return
		}
		b.Bind(inc)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(64), gpu.D1(64))
	})
	require.ErrorIs(t, err, gpu.ErrPageFault)
	require.Less(t, recorded, 20)
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			require.True(t, errors.Is(e, gpu.ErrPageFault) || errors.Is(e, gpu.ErrSkipped), "%v", e)
		}
	}
	require.NoError(t, h.disp.Dispatch(inc, gpu.D1(64), gpu.D1(64), dispatch.Bind{Buffer: buf.Buffer}), "the dispatcher goes on")
}

func TestPanicInABatch(t *testing.T) {
	h := open(t, dispatch.Options{InFlight: 1})
	inc := h.pipeline(t, "inc")
	buf := h.floats(t, 64)
	start := live(t)
	var kept *dispatch.Batch
	bad := func(b *dispatch.Batch) {
		kept = b
		b.Bind(inc)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Launch(gpu.D1(64), gpu.D1(64))
		panic("out of the blue")
	}
	for range 10 {
		require.PanicsWithValue(t, "out of the blue", func() { h.disp.Batch(bad) })
		require.PanicsWithValue(t, "out of the blue", func() { h.disp.BatchAsync(bad) })
		require.PanicsWithValue(t, "out of the blue", func() { h.disp.Record(bad) })
		require.PanicsWithValue(t, "out of the blue", func() {
			h.disp.Pipeline(background(), 1, func(_ int, b *dispatch.Batch) { bad(b) })
		})
	}
	require.Panics(t, func() { kept.Launch(gpu.D1(1), gpu.D1(1)) })
	require.Equal(t, make([]float32, 64), buf.Slice())
	require.NoError(t, h.disp.Dispatch(inc, gpu.D1(64), gpu.D1(64), dispatch.Bind{Buffer: buf.Buffer}))
	require.Equal(t, float32(1), buf.At(63))
	settles(t, start+1) // the completion block of the queue
}

func TestBatchAfterItsFunction(t *testing.T) {
	h := open(t, dispatch.Options{})
	inc, buf := h.pipeline(t, "inc"), h.floats(t, 64)
	var kept *dispatch.Batch
	require.NoError(t, h.disp.Batch(func(b *dispatch.Batch) { kept = b }))
	for name, use := range map[string]func(){
		"Bind": func() { kept.Bind(inc) }, "BindBuffer": func() { kept.BindBuffer(buf.Buffer, 0, 0) }, "Push": func() { kept.Push([]byte{1}, 0) },
		"Threadgroup": func() { kept.Threadgroup(16, 0) }, "Launch": func() { kept.Launch(gpu.D1(1), gpu.D1(1)) },
		"LaunchGroups":   func() { kept.LaunchGroups(gpu.D1(1), gpu.D1(1)) },
		"LaunchIndirect": func() { kept.LaunchIndirect(buf.Buffer, 0, gpu.D1(1)) }, "Barrier": func() { kept.Barrier() },
	} {
		require.PanicsWithValue(t, "dispatch: Batch."+name+" after the function that records the batch has returned", use)
	}
}

func TestCloseOfADispatcher(t *testing.T) {
	start := live(t)
	func() {
		dev, err := gpu.Open()
		require.NoError(t, err)
		queue, err := dev.Queue()
		require.NoError(t, err)
		lib, err := dev.Compile(kernels)
		require.NoError(t, err)
		slow, err := lib.Pipeline("slow")
		require.NoError(t, err)
		buf, err := gpu.Make[float32](dev, 4096)
		require.NoError(t, err)
		disp, err := dispatch.NewWith(queue, dispatch.Options{Label: "closing"})
		require.NoError(t, err)
		step := func(b *dispatch.Batch) {
			b.Bind(slow)
			b.BindBuffer(buf.Buffer, 0, 0)
			b.Push(bytesOf(uint32(slowRounds)), 1)
			b.Launch(gpu.D1(4096), gpu.D1(256))
		}
		rec, err := disp.Record(step)
		require.NoError(t, err)
		f, err := disp.BatchAsync(step)
		require.NoError(t, err)
		g, err := rec.RunAsync()
		require.NoError(t, err)
		for _, c := range []interface{ Close() error }{disp, disp, rec, rec, buf, slow, lib, queue, dev, (*dispatch.Dispatcher)(nil), (*dispatch.Recording)(nil)} {
			require.NoError(t, c.Close())
		}
		require.NoError(t, f.Wait())
		require.NoError(t, g.Wait())
		require.ErrorIs(t, disp.Batch(step), gpu.ErrClosed)
		require.ErrorIs(t, disp.Dispatch(slow, gpu.D1(1), gpu.D1(1)), gpu.ErrClosed)
		_, err = disp.BatchAsync(step)
		require.ErrorIs(t, err, gpu.ErrClosed)
		_, err = disp.Record(step)
		require.ErrorIs(t, err, gpu.ErrClosed)
		require.ErrorIs(t, disp.Pipeline(background(), 1, func(_ int, b *dispatch.Batch) { step(b) }), gpu.ErrClosed)
		require.ErrorIs(t, rec.Run(), gpu.ErrClosed)
		_, err = rec.RunAsync()
		require.ErrorIs(t, err, gpu.ErrClosed)
		require.ErrorIs(t, rec.SetBytes(0, nil), gpu.ErrClosed)
		require.ErrorIs(t, rec.SetBuffer(0, buf.Buffer, 0), gpu.ErrClosed)
	}()
	settles(t, start)
}

func TestContexts(t *testing.T) {
	h := open(t, dispatch.Options{InFlight: 1})
	slow, buf := h.pipeline(t, "slow"), h.floats(t, 4096)
	step := func(_ int, b *dispatch.Batch) {
		b.Bind(slow)
		b.BindBuffer(buf.Buffer, 0, 0)
		b.Push(bytesOf(uint32(slowRounds)), 1)
		b.Launch(gpu.D1(4096), gpu.D1(256))
	}
	ctx, cancel := context.WithCancel(background())
	f, err := h.disp.BatchAsync(func(b *dispatch.Batch) { step(0, b) })
	require.NoError(t, err)
	cancel()
	if err := f.WaitContext(ctx); err != nil {
		require.ErrorIs(t, err, context.Canceled)
	}
	require.NoError(t, f.Wait())
	require.ErrorIs(t, h.disp.Pipeline(ctx, 5, step), context.Canceled)
	ctx, cancel = context.WithCancel(background())
	err = h.disp.Pipeline(ctx, 1000, func(i int, b *dispatch.Batch) {
		step(i, b)
		if i == 3 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, h.queue.Sync(background()))
}

// The number of batches on the device never passes InFlight.
func TestInFlight(t *testing.T) {
	h := open(t, dispatch.Options{InFlight: 2})
	slow, buf := h.pipeline(t, "slow"), h.floats(t, 1024)
	var futures []*dispatch.Future
	for range 20 {
		f, err := h.disp.BatchAsync(func(b *dispatch.Batch) {
			b.Bind(slow)
			b.BindBuffer(buf.Buffer, 0, 0)
			b.Push(bytesOf(uint32(slowRounds)), 1)
			b.Launch(gpu.D1(1024), gpu.D1(256))
		})
		require.NoError(t, err)
		futures = append(futures, f)
		running := 0
		for _, f := range futures {
			select {
			case <-f.Done():
			default:
				running++
			}
		}
		require.LessOrEqual(t, running, 2)
	}
	for _, f := range futures {
		require.NoError(t, f.Wait())
	}
}

func TestManyGoroutines(t *testing.T) {
	h := open(t, dispatch.Options{})
	inc, add := h.pipeline(t, "inc"), h.pipeline(t, "add")
	var wg sync.WaitGroup
	for g := range 64 {
		wg.Go(func() {
			buf, err := gpu.Make[float32](h.dev, 100)
			if err != nil {
				t.Error(err)
				return
			}
			defer buf.Close()
			step := func(b *dispatch.Batch) {
				b.Bind(inc)
				b.BindBuffer(buf.Buffer, 0, 0)
				b.Launch(gpu.D1(100), gpu.D1(32))
			}
			rec, err := h.disp.Record(step)
			if err != nil {
				t.Error(err)
				return
			}
			defer rec.Close()
			for i := range 10 {
				var f *dispatch.Future
				if f, err = h.disp.BatchAsync(step); err == nil {
					err = f.Wait()
				}
				err = errors.Join(err, h.disp.Batch(step), rec.Run(),
					h.disp.DispatchBytes(add, gpu.D1(100), gpu.D1(32), bytesOf(float32(g)), 1, dispatch.Bind{Buffer: buf.Buffer}))
				if err != nil {
					t.Error(g, i, err)
					return
				}
			}
			for i, v := range buf.All() {
				if v != float32(30+10*g) {
					t.Errorf("goroutine %d: [%d] = %v, want %d", g, i, v, 30+10*g)
					return
				}
			}
		})
	}
	wg.Wait()
}

// Nothing is allocated per launch or per batch, and nothing is left behind.
func TestAllocations(t *testing.T) {
	h := open(t, dispatch.Options{})
	add, buf := h.pipeline(t, "add"), h.floats(t, 64)
	one := bytesOf(float32(1))
	step := func(b *dispatch.Batch) {
		for range 10 {
			b.Bind(add)
			b.BindBuffer(buf.Buffer, 0, 0)
			b.Push(one, 1)
			b.Launch(gpu.D1(64), gpu.D1(64))
		}
	}
	rec, err := h.disp.Record(step)
	require.NoError(t, err)
	defer rec.Close()
	bind := []dispatch.Bind{{Buffer: buf.Buffer}}
	for name, f := range map[string]func() error{
		"BatchAsync and Wait": func() error {
			f, err := h.disp.BatchAsync(step)
			if err != nil {
				return err
			}
			return f.Wait()
		},
		"Batch":         func() error { return h.disp.Batch(step) },
		"DispatchBytes": func() error { return h.disp.DispatchBytes(add, gpu.D1(64), gpu.D1(64), one, 1, bind...) },
		"Recording.Run": rec.Run,
		"Recording.SetBytes and Run": func() error {
			if err := rec.SetBytes(3, one); err != nil {
				return err
			}
			return rec.Run()
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 200 { // the memory that is kept reaches its size
				require.NoError(t, f())
			}
			start := live(t)
			n := testing.AllocsPerRun(300, func() {
				if err := f(); err != nil {
					t.Fatal(err)
				}
			})
			if !raceEnabled && !fixture {
				require.Zero(t, n)
			}
			settles(t, start)
		})
	}
	runtime.KeepAlive(buf)
}

// 100 000 launches in batches leave no object and no memory of the device behind.
func TestLaunchesLeaveNothing(t *testing.T) {
	h := open(t, dispatch.Options{})
	inc, buf := h.pipeline(t, "inc"), h.floats(t, 8)
	step := func(_ int, b *dispatch.Batch) {
		for range 100 {
			b.Bind(inc)
			b.BindBuffer(buf.Buffer, 0, 0)
			b.Launch(gpu.D1(8), gpu.D1(8))
		}
	}
	require.NoError(t, h.disp.Pipeline(background(), 20, step))
	start, allocated := live(t), h.dev.Allocated()
	require.NoError(t, h.disp.Pipeline(background(), 1000, step))
	settles(t, start)
	require.Equal(t, allocated, h.dev.Allocated())
	require.Equal(t, float32(102_000), buf.At(7))
}
