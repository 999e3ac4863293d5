package gpu_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// Each wrong launch is a *LaunchError from Finish, Submit and Wait alike, names the kernel and
// changes nothing.
func TestWrongLaunches(t *testing.T) {
	h := open(t)
	saxpy, volume, wide, scratch := h.pipeline(t, "saxpy"), h.pipeline(t, "volume"), h.pipeline(t, "wide"), h.pipeline(t, "scratch")
	y, x := h.floats(t, 256), h.floats(t, 256)
	two := float32(2)
	closed, err := h.dev.Buffer(64)
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	closedPipe, err := h.lib.Pipeline("inc")
	require.NoError(t, err)
	require.NoError(t, closedPipe.Close())
	bound := func(e *gpu.Encoder) {
		e.Bind(saxpy)
		e.BindBuffer(y.Buffer, 0, 0)
		e.BindBuffer(x.Buffer, 0, 1)
		e.Push(bytesOf(&two), 2)
	}
	limit := h.dev.MaxThreadsPerThreadgroup()
	for _, c := range []struct {
		name   string
		record func(e *gpu.Encoder)
		kernel string
		want   string
		is     error
	}{
		{"no pipeline", func(e *gpu.Encoder) { e.Launch(gpu.D1(1), gpu.D1(1)) }, "", "no pipeline is bound", nil},
		{"nil pipeline", func(e *gpu.Encoder) { e.Bind(nil); e.Launch(gpu.D1(1), gpu.D1(1)) }, "", "pipeline is nil", nil},
		{"closed pipeline", func(e *gpu.Encoder) { e.Bind(closedPipe) }, "inc", "closed", gpu.ErrClosed},
		{"zero grid", func(e *gpu.Encoder) { bound(e); e.Launch(gpu.D1(0), gpu.D1(64)) }, "saxpy", "grid", nil},
		{"zero Y", func(e *gpu.Encoder) { bound(e); e.Launch(gpu.D2(64, 0), gpu.D1(64)) }, "saxpy", "grid", nil},
		{"zero value grid", func(e *gpu.Encoder) { bound(e); e.Launch(gpu.Size{}, gpu.D1(64)) }, "saxpy", "grid", nil},
		{"negative grid", func(e *gpu.Encoder) { bound(e); e.Launch(gpu.D1(-5), gpu.D1(64)) }, "saxpy", "grid", nil},
		{"huge grid", func(e *gpu.Encoder) { bound(e); e.Launch(gpu.D1(1<<32), gpu.D1(64)) }, "saxpy", "4294967295", nil},
		{"too many groups", func(e *gpu.Encoder) { bound(e); e.LaunchGroups(gpu.D1(1<<30), gpu.D1(64)) }, "saxpy", "4294967295", nil},
		{"negative groups", func(e *gpu.Encoder) { bound(e); e.LaunchGroups(gpu.D1(-1), gpu.D1(64)) }, "saxpy", "grid", nil},
		{"zero groups", func(e *gpu.Encoder) { bound(e); e.LaunchGroups(gpu.D1(0), gpu.D1(64)) }, "saxpy", "grid", nil},
		{"zero group", func(e *gpu.Encoder) { bound(e); e.Launch(gpu.D1(64), gpu.D1(0)) }, "saxpy", "threadgroup", nil},
		{"negative group", func(e *gpu.Encoder) { bound(e); e.Launch(gpu.D1(64), gpu.D2(8, -8)) }, "saxpy", "threadgroup", nil},
		{"group past the pipeline's limit", func(e *gpu.Encoder) { bound(e); e.Launch(gpu.D1(4096), gpu.D2(limit.X, 2)) }, "saxpy", "limit", nil},
		{"group past the device's limit", func(e *gpu.Encoder) { bound(e); e.LaunchGroups(gpu.D1(1), gpu.D3(1, 1, limit.Z+1)) }, "saxpy", "limit", nil},
		{"nothing bound", func(e *gpu.Encoder) { e.Bind(saxpy); e.Launch(gpu.D1(64), gpu.D1(64)) }, "saxpy", "argument y at index 0 is not bound", nil},
		{"one missing", func(e *gpu.Encoder) {
			e.Bind(saxpy)
			e.BindBuffer(y.Buffer, 0, 0)
			e.Push(bytesOf(&two), 2)
			e.Launch(gpu.D1(64), gpu.D1(64))
		}, "saxpy", "argument x at index 1 is not bound", nil},
		{"nil buffer", func(e *gpu.Encoder) { bound(e); e.BindBuffer(nil, 0, 0) }, "saxpy", "buffer is nil", nil},
		{"closed buffer", func(e *gpu.Encoder) { bound(e); e.BindBuffer(closed, 0, 0) }, "saxpy", "closed", gpu.ErrClosed},
		{"offset at the end", func(e *gpu.Encoder) { bound(e); e.BindBuffer(y.Buffer, 1024, 0) }, "saxpy", "offset 1024 is past the buffer's end at 1024", nil},
		{"offset past the end", func(e *gpu.Encoder) { bound(e); e.BindBuffer(y.Buffer, 1<<62, 0) }, "saxpy", "past the buffer's end", nil},
		{"negative offset", func(e *gpu.Encoder) { bound(e); e.BindBuffer(y.Buffer, -4, 0) }, "saxpy", "negative", nil},
		{"odd offset", func(e *gpu.Encoder) { bound(e); e.BindBuffer(y.Buffer, 2, 0); e.Launch(gpu.D1(4), gpu.D1(4)) }, "saxpy", "no multiple of its alignment 4", nil},
		{"index too high", func(e *gpu.Encoder) { bound(e); e.BindBuffer(y.Buffer, 0, 31) }, "saxpy", "0 to 30", nil},
		{"negative index", func(e *gpu.Encoder) { bound(e); e.BindBuffer(y.Buffer, 0, -1) }, "saxpy", "0 to 30", nil},
		{"push at a wrong index", func(e *gpu.Encoder) { bound(e); e.Push([]byte{1, 2, 3, 4}, 99) }, "saxpy", "0 to 30", nil},
		{"empty push", func(e *gpu.Encoder) { bound(e); e.Push(nil, 2) }, "saxpy", "no bytes", nil},
		{"short push", func(e *gpu.Encoder) { bound(e); e.Push([]byte{1, 2}, 2); e.Launch(gpu.D1(4), gpu.D1(4)) }, "saxpy", "takes 4 bytes and was given 2", nil},
		{"double for float", func(e *gpu.Encoder) { bound(e); gpu.Push(e, 2.0, 2) }, "saxpy", "MSL has no double", nil},
		{"int for float", func(e *gpu.Encoder) { bound(e); gpu.Push(e, 2, 2) }, "saxpy", "int32", nil},
		{"long for float", func(e *gpu.Encoder) { bound(e); gpu.Push(e, int64(2), 2); e.Launch(gpu.D1(4), gpu.D1(4)) }, "saxpy", "takes 4 bytes and was given 8", nil},
		{"short struct", func(e *gpu.Encoder) {
			e.Bind(volume)
			e.BindBuffer(y.Buffer, 0, 0)
			gpu.Push(e, struct{ M, N uint32 }{1, 2}, 1)
			e.Launch(gpu.D1(1), gpu.D1(1))
		}, "volume", "takes 12 bytes and was given 8", nil},
		{"buffer too short for one element", func(e *gpu.Encoder) {
			e.Bind(wide)
			e.BindBuffer(y.Buffer, 1024-8, 0)
			e.Launch(gpu.D1(1), gpu.D1(1))
		}, "wide", "", nil},
		{"no threadgroup memory", func(e *gpu.Encoder) {
			e.Bind(scratch)
			e.BindBuffer(y.Buffer, 0, 0)
			e.Launch(gpu.D1(32), gpu.D1(32))
		}, "scratch", "call Threadgroup", nil},
		{"too much threadgroup memory", func(e *gpu.Encoder) { e.Bind(scratch); e.Threadgroup(h.dev.MaxThreadgroupMemory()+1, 0) }, "scratch", "limit", nil},
		{"threadgroup memory in two parts", func(e *gpu.Encoder) {
			e.Bind(scratch)
			e.BindBuffer(y.Buffer, 0, 0)
			e.Threadgroup(h.dev.MaxThreadgroupMemory(), 0)
			e.Threadgroup(16, 1)
			e.Launch(gpu.D1(32), gpu.D1(32))
		}, "scratch", "limit", nil},
		{"negative threadgroup memory", func(e *gpu.Encoder) { e.Bind(scratch); e.Threadgroup(-16, 0) }, "scratch", "negative", nil},
		{"indirect past the end", func(e *gpu.Encoder) { bound(e); e.LaunchIndirect(x.Buffer, 1024-8, gpu.D1(1)) }, "saxpy", "past the buffer's end", nil},
		{"indirect askew", func(e *gpu.Encoder) { bound(e); e.LaunchIndirect(x.Buffer, 2, gpu.D1(1)) }, "saxpy", "multiple of 4", nil},
		{"indirect nil", func(e *gpu.Encoder) { bound(e); e.LaunchIndirect(nil, 0, gpu.D1(1)) }, "saxpy", "nil", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd, enc := h.begin(t)
			c.record(enc)
			// What follows an error is not recorded, and does not hide it.
			bound(enc)
			enc.Launch(gpu.D1(256), gpu.D1(64))
			finish := enc.Finish()
			var le *gpu.LaunchError
			require.ErrorAs(t, finish, &le)
			require.Equal(t, c.kernel, le.Kernel)
			require.Contains(t, le.Reason, c.want)
			if c.is != nil {
				require.ErrorIs(t, finish, c.is)
			}
			submit := cmd.Submit()
			require.Equal(t, finish.Error(), submit.Error())
			require.Equal(t, submit, cmd.Wait())
			require.Equal(t, gpu.StatusError, cmd.Status())
			<-cmd.Done()
			require.Equal(t, make([]float32, 256), y.Slice(), "nothing ran")
		})
	}
}

func TestLaunchErrorText(t *testing.T) {
	e := &gpu.LaunchError{Kernel: "inc", Grid: gpu.D1(4096), Group: gpu.D2(64, 32), Reason: "why"}
	require.Equal(t, "gpu: launch of inc, grid 4096, group 64×32: why", e.Error())
	e = &gpu.LaunchError{Kernel: "inc", Reason: "BindBuffer at index 3: why"}
	require.Equal(t, "gpu: inc: BindBuffer at index 3: why", e.Error())
}

func TestRightLaunches(t *testing.T) {
	h := open(t)
	y, out := h.floats(t, 4096), h.uints(t, 4096)
	inc, volume, scratch, table := h.pipeline(t, "inc"), h.pipeline(t, "volume"), h.pipeline(t, "scratch"), h.pipeline(t, "table")

	t.Run("offset", func(t *testing.T) {
		cmd, enc := h.begin(t)
		enc.Bind(inc)
		enc.BindBuffer(y.Buffer, 4*4000, 0)
		enc.Launch(gpu.D1(96), gpu.D1(33))
		require.NoError(t, enc.Finish())
		require.NoError(t, cmd.Submit())
		require.NoError(t, cmd.Wait())
		for i, v := range y.All() {
			want := float32(0)
			if i >= 4000 {
				want = 1
			}
			require.Equal(t, want, v, "%d", i)
		}
	})
	t.Run("struct", func(t *testing.T) {
		cmd, enc := h.begin(t)
		enc.Bind(volume)
		enc.BindBuffer(out.Buffer, 0, 0)
		gpu.Push(enc, struct{ M, N, K uint32 }{2, 3, 7}, 1)
		enc.Launch(gpu.D1(10), gpu.D1(4))
		gpu.Push(enc, [3]uint32{1, 1, 5}, 1)
		enc.BindBuffer(out.Buffer, 40, 0)
		enc.Launch(gpu.D1(10), gpu.D1(4))
		require.NoError(t, enc.Finish())
		require.NoError(t, cmd.Submit())
		require.NoError(t, cmd.Wait())
		require.Equal(t, uint32(42), out.At(9))
		require.Equal(t, uint32(5), out.At(10))
	})
	t.Run("threadgroup memory", func(t *testing.T) {
		cmd, enc := h.begin(t)
		enc.Bind(scratch)
		enc.BindBuffer(out.Buffer, 0, 0)
		enc.Threadgroup(100*4, 0) // no multiple of 16
		enc.LaunchGroups(gpu.D1(3), gpu.D1(100))
		require.NoError(t, enc.Finish())
		require.NoError(t, cmd.Submit())
		require.NoError(t, cmd.Wait())
		for i := range 300 {
			require.Equal(t, uint32(2*(99-i%100)), out.At(i), "%d", i)
		}
	})
	t.Run("large push", func(t *testing.T) {
		data := make([]float32, 5000)
		for i := range data {
			data[i] = 1
		}
		for _, n := range []int{1024, 1025, 5000} { // 4096 bytes go inline, more do not
			require.NoError(t, h.queue.Run(background(), table, gpu.D1(3), y, data[:n], uint32(n)))
			require.Equal(t, float32(n), y.At(2))
		}
	})
	t.Run("indirect", func(t *testing.T) {
		args := h.uints(t, 4)
		copy(args.Slice(), []uint32{9, 5, 1, 1})
		clear(y.Slice())
		cmd, enc := h.begin(t)
		enc.Bind(inc)
		enc.BindBuffer(y.Buffer, 0, 0)
		enc.LaunchIndirect(args.Buffer, 4, gpu.D1(10))
		require.NoError(t, enc.Finish())
		require.NoError(t, cmd.Submit())
		require.NoError(t, cmd.Wait())
		require.Equal(t, float32(1), y.At(49))
		require.Equal(t, float32(0), y.At(50))
	})
	t.Run("concurrent encoder with a barrier", func(t *testing.T) {
		clear(y.Slice())
		cmd, err := h.queue.Commands()
		require.NoError(t, err)
		enc, err := cmd.ConcurrentEncoder()
		require.NoError(t, err)
		enc.Bind(inc)
		enc.BindBuffer(y.Buffer, 0, 0)
		for range 10 {
			enc.Launch(gpu.D1(4096), gpu.D1(256))
			enc.Barrier()
		}
		require.NoError(t, enc.Finish())
		require.NoError(t, cmd.Submit())
		require.NoError(t, cmd.Wait())
		require.Equal(t, float32(10), y.At(4095))
	})
}

func TestRun(t *testing.T) {
	h := open(t)
	saxpy, volume, slow := h.pipeline(t, "saxpy"), h.pipeline(t, "volume"), h.pipeline(t, "slow")
	y, x, out := h.floats(t, 100), h.floats(t, 100), h.uints(t, 100)
	for i := range 100 {
		y.Slice()[i], x.Slice()[i] = 1, float32(i)
	}
	require.NoError(t, h.queue.Run(background(), saxpy, gpu.D1(100), y, x.Buffer, float32(2)))
	require.Equal(t, float32(199), y.At(99))
	require.NoError(t, h.queue.Run(background(), volume, gpu.D1(100), out, struct{ M, N, K uint32 }{2, 3, 4}))
	require.Equal(t, uint32(24), out.At(99))
	require.NoError(t, h.queue.Run(background(), volume, gpu.D1(100), out, []uint32{5, 5, 5}))
	require.Equal(t, uint32(125), out.At(99))
	require.NoError(t, h.queue.Run(background(), slow, gpu.D1(100), y, 3), "an int takes the size of the kernel's uint")

	n := 5
	for _, c := range []struct {
		pipe *gpu.Pipeline
		grid gpu.Size
		args []any
		want string
	}{
		{saxpy, gpu.D1(100), []any{y, x}, "argument a at index 2 is not bound"},
		{saxpy, gpu.D1(100), []any{y, x, 2}, "float32(2)"},
		{saxpy, gpu.D1(100), []any{y, x, 2.0}, "float32"},
		{saxpy, gpu.D1(100), []any{y, x, "2"}, "string"},
		{saxpy, gpu.D1(100), []any{y, x, nil}, "argument 2: it is nil"},
		{saxpy, gpu.D1(100), []any{y, (*gpu.Buffer)(nil), float32(2)}, "nil"},
		{saxpy, gpu.D1(100), []any{y, gpu.Of[float32]{}, float32(2)}, "nil"},
		{slow, gpu.D1(100), []any{y, &n}, "Go pointer"},
		{slow, gpu.D1(100), []any{y, -1}, "does not fit"},
		{slow, gpu.D1(100), []any{y, 1 << 40}, "does not fit"},
		{slow, gpu.D1(100), []any{y, uint64(1)}, "takes 4 bytes and was given 8"},
		{slow, gpu.D1(100), []any{y, []int{1}}, "int32"},
		{slow, gpu.D1(100), []any{y, []uint32{}}, "no bytes"},
		{slow, gpu.D1(0), []any{y, uint32(1)}, "grid"},
		{nil, gpu.D1(1), nil, "pipeline is nil"},
	} {
		err := h.queue.Run(background(), c.pipe, c.grid, c.args...)
		var le *gpu.LaunchError
		require.ErrorAs(t, err, &le, "%v", c.args)
		require.Contains(t, err.Error(), c.want)
	}
	many := make([]any, 40)
	for i := range many {
		many[i] = y
	}
	require.ErrorContains(t, h.queue.Run(background(), saxpy, gpu.D1(1), many...), "the kernel takes no more than 3")
}

// What a kernel does wrong comes back from the wait with what, where and how.
func TestFaults(t *testing.T) {
	h := open(t)
	h.faults(t)
	for _, c := range []struct {
		kernel string
		args   func(a gpu.Of[float32]) []any
		is     error
		words  []string
	}{
		{"past", func(a gpu.Of[float32]) []any { return []any{a, uint32(1 << 20)} }, gpu.ErrPageFault, []string{"past", "a"}},
		{"past", func(a gpu.Of[float32]) []any { return []any{a, uint32(61)} }, gpu.ErrPageFault, []string{"past"}},
		{"before", func(a gpu.Of[float32]) []any { return []any{h.floats(t, 64), a, uint32(1 << 31)} }, gpu.ErrPageFault, []string{"before", "in"}},
	} {
		a := h.floats(t, 64)
		err := h.queue.Run(background(), h.pipeline(t, c.kernel), gpu.D1(64), c.args(a)...)
		var ce *gpu.CommandError
		require.ErrorAs(t, err, &ce)
		require.ErrorIs(t, err, c.is)
		require.Equal(t, "Run", ce.Op)
		require.Equal(t, "MTLCommandBufferErrorDomain", ce.Domain)
		require.Positive(t, ce.Code)
		require.Len(t, ce.Encoders, 1)
		require.Equal(t, gpu.EncoderFaulted, ce.Encoders[0].State)
		for _, w := range c.words {
			require.Contains(t, ce.Msg, w)
		}
		require.True(t, strings.HasPrefix(err.Error(), "gpu: Run: "), fmt.Sprint(err))

		// The device and the queue go on.
		require.NoError(t, h.queue.Run(background(), h.pipeline(t, "inc"), gpu.D1(64), h.floats(t, 64)))
	}
}

func TestAKernelThatNeverEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as the device allows a kernel")
	}
	h := open(t)
	h.faults(t)
	err := h.queue.Run(background(), h.pipeline(t, "forever"), gpu.D1(64), h.uints(t, 64))
	var ce *gpu.CommandError
	require.ErrorAs(t, err, &ce)
	require.ErrorIs(t, err, gpu.ErrTimeout)
	require.Contains(t, ce.Msg, "forever")
}
