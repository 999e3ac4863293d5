package gpu_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// A nil object, what a call with an error returns, and a zero one give errors and zeros, not a fault of
// the runtime.
func TestNilObjects(t *testing.T) {
	t.Run("nil", func(t *testing.T) {
		noObjects(t, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, gpu.Of[float32]{})
	})
	t.Run("zero", func(t *testing.T) {
		b := &gpu.Buffer{}
		noObjects(t, &gpu.Device{}, &gpu.Queue{}, &gpu.Library{}, &gpu.Function{}, &gpu.Pipeline{}, b, nil, &gpu.Commands{}, &gpu.Encoder{},
			&gpu.Copier{}, &gpu.Fence{}, &gpu.Event{}, &gpu.SharedEvent{}, &gpu.Texture{}, &gpu.Sampler{}, gpu.Of[float32]{Buffer: b})
	})
}

func noObjects(t *testing.T, d *gpu.Device, q *gpu.Queue, l *gpu.Library, f *gpu.Function, p *gpu.Pipeline, b *gpu.Buffer, m *gpu.Memory,
	c *gpu.Commands, e *gpu.Encoder, cp *gpu.Copier, fe *gpu.Fence, ev *gpu.Event, se *gpu.SharedEvent, te *gpu.Texture, sa *gpu.Sampler, of gpu.Of[float32]) {
	second := func(_ any, err error) error { return err }
	for what, err := range map[string]error{
		"Device.Queue": second(d.Queue()), "Device.QueueWith": second(d.QueueWith(gpu.QueueOptions{})), "Device.Buffer": second(d.Buffer(1)), "Device.BufferPrivate": second(d.BufferPrivate(1)),
		"Device.BufferFrom": second(d.BufferFrom([]byte{1})), "Device.Wrap": second(d.Wrap(nil)), "Device.Compile": second(d.Compile("x")),
		"Device.Load": second(d.Load("x")), "Device.Pipeline": second(d.Pipeline(nil)), "Device.Fence": second(d.Fence()),
		"Device.Event": second(d.Event()), "Device.SharedEvent": second(d.SharedEvent()), "Device.Capture": d.Capture("x", nil),
		"Make": second(gpu.Make[float32](d, 1)), "From": second(gpu.From(d, []int32{1})), "As": second(gpu.As[int32](b)),
		"Queue.Commands": second(q.Commands()), "Queue.Sync": q.Sync(background()), "Queue.Run": q.Run(background(), p, gpu.D1(1)),
		"Library.Function": second(l.Function("f")), "Library.FunctionWith": second(l.FunctionWith("f", gpu.Constants{})),
		"Library.Pipeline": second(l.Pipeline("f")), "Buffer.Read": b.Read(nil), "Buffer.Write": b.Write(nil),
		"Commands.Encoder": second(c.Encoder()), "Commands.ConcurrentEncoder": second(c.ConcurrentEncoder()),
		"Commands.Copier": second(c.Copier()), "Commands.Signal": c.Signal(nil, 1), "Commands.Await": c.Await(nil, 1),
		"Commands.Submit": c.Submit(), "Commands.Wait": c.Wait(), "Encoder.Finish": e.Finish(), "Copier.Finish": cp.Finish(),
		"SharedEvent.Set": se.Set(1), "SharedEvent.Wait": se.Wait(1, 0),
	} {
		require.ErrorContains(t, err, "nil", what)
	}
	for _, closer := range []interface{ Close() error }{d, q, l, f, p, b, m, fe, ev, se, te, sa, of} {
		require.NoError(t, closer.Close(), "%T", closer)
	}
	require.Empty(t, d.Name())
	require.Empty(t, d.Info().Name)
	require.Zero(t, d.Raw())
	require.Zero(t, d.MaxBufferLength()+d.MaxThreadgroupMemory()+d.RecommendedMaxWorkingSetSize()+d.Allocated())
	require.Zero(t, d.MaxThreadsPerThreadgroup())
	require.False(t, d.HasUnifiedMemory())
	require.Zero(t, q.Raw())
	q.SetLabel("none")
	require.Nil(t, l.Warnings())
	require.Nil(t, l.FunctionNames())
	require.Empty(t, f.Name())
	require.Empty(t, p.Name())
	require.Zero(t, p.Raw())
	require.Zero(t, p.MaxTotalThreadsPerThreadgroup()+p.ThreadExecutionWidth()+p.StaticThreadgroupMemoryLength())
	require.Equal(t, gpu.D1(1), p.Group(gpu.D1(100)))
	for range p.Args() {
		t.Fatal("a nil pipeline has no arguments")
	}
	require.Zero(t, b.Raw())
	require.Zero(t, b.Len())
	b.SetLabel("none")
	require.Nil(t, m.Bytes())
	require.Zero(t, m.Len())
	c.SetLabel("none")
	<-c.Done()
	require.Zero(t, c.Status())
	require.Zero(t, c.GPUStartTime()+c.GPUEndTime()+c.GPUTime())
	require.Zero(t, fe.Raw()+ev.Raw()+se.Raw())
	require.Zero(t, se.Value())
	require.Nil(t, of.Slice())
	require.Zero(t, te.Raw()+sa.Raw())
	require.PanicsWithValue(t, "gpu: Encoder.Bind: the encoder is nil", func() { e.Bind(nil) })
	require.PanicsWithValue(t, "gpu: Copier.Fill: the copier is nil", func() { cp.Fill(nil, 0, 1, 0) })

	// As arguments they are as wrong.
	h := open(t)
	ok, y := h.pipeline(t, "saxpy"), h.floats(t, 10)
	require.ErrorContains(t, h.queue.Run(background(), p, gpu.D1(1), y), "the pipeline is nil")
	require.ErrorContains(t, h.queue.Run(background(), ok, gpu.D1(1), y, b, float32(1)), "the buffer is nil")
	require.ErrorContains(t, h.queue.Run(background(), ok, gpu.D1(1), y, of, float32(1)), "the buffer is nil")
	require.ErrorContains(t, h.queue.Run(background(), ok, gpu.D1(1), te, y, y, float32(1)), "the texture is nil")
	require.ErrorContains(t, h.queue.Run(background(), ok, gpu.D1(1), sa, y, y, float32(1)), "the sampler is nil")
	require.ErrorContains(t, second(h.dev.Pipeline(f)), "nil")
}

// A nil context is told of.
func TestNilContext(t *testing.T) {
	h := open(t)
	saxpy, y := h.pipeline(t, "saxpy"), h.floats(t, 10)
	var none context.Context
	require.ErrorContains(t, h.queue.Run(none, saxpy, gpu.D1(1), y, y, float32(1)), "the context is nil")
	require.ErrorContains(t, h.queue.Sync(none), "the context is nil")
	c, err := h.queue.Commands()
	require.NoError(t, err)
	require.NoError(t, c.Submit())
	require.ErrorContains(t, c.WaitContext(none), "the context is nil")
	require.NoError(t, c.Wait())
	require.ErrorContains(t, y.Read(nil), "the function is nil")
}

// Nil and closed arguments of Run, one too many, and numbers of another kind than the kernel's.
func TestRunArguments(t *testing.T) {
	h := open(t)
	saxpy, slow := h.pipeline(t, "saxpy"), h.pipeline(t, "slow")
	x, y := h.floats(t, 10), h.floats(t, 10)
	lib, err := h.dev.Compile("kernel void gap(device float *a [[buffer(0)]], constant uint &n [[buffer(3)]]) { a[0] = n; }")
	require.NoError(t, err)
	defer lib.Close()
	gap, err := lib.Pipeline("gap")
	require.NoError(t, err)
	defer gap.Close()
	for _, c := range []struct {
		pipe *gpu.Pipeline
		args []any
		want string
	}{
		{saxpy, []any{y, (*gpu.Of[float32])(nil), float32(1)}, "buffer is nil"},
		{saxpy, []any{y, x, float32(1), float32(2)}, "no more than 3"},
		{saxpy, []any{y, x, int32(1)}, "float32"},
		{saxpy, []any{y, x, uint32(1)}, "float32"},
		{slow, []any{y, float32(3)}, "sized integer"},
		{gap, []any{y, nil, nil, nil}, "argument 3: it is nil"},
		{gap, []any{nil, nil, nil, uint32(7)}, "argument 0: it is nil"},
	} {
		err := h.queue.Run(background(), c.pipe, gpu.D1(1), c.args...)
		var le *gpu.LaunchError
		require.ErrorAs(t, err, &le, "%v", c.args)
		require.Equal(t, c.pipe.Name(), le.Kernel)
		require.ErrorContains(t, err, c.want)
	}
	require.NoError(t, h.queue.Run(background(), gap, gpu.D1(1), y, nil, nil, 7), "nil for an index that the kernel does not have")
	require.Equal(t, float32(7), y.At(0))
}

// A very long wait is no short one.
func TestSharedEventWaitsLong(t *testing.T) {
	h := open(t)
	e, err := h.dev.SharedEvent()
	require.NoError(t, err)
	defer e.Close()
	go func() {
		time.Sleep(20 * time.Millisecond)
		_ = e.Set(1)
	}()
	require.NoError(t, e.Wait(1, math.MaxInt64))
	require.ErrorIs(t, e.Wait(2, time.Nanosecond), gpu.ErrTimeout)
	require.ErrorIs(t, e.Wait(2, math.MinInt64), gpu.ErrTimeout)
}

func TestMapFileNotThere(t *testing.T) {
	_, err := gpu.MapFile(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, gpu.ErrNotFound)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = gpu.MapFile(t.TempDir())
	require.ErrorContains(t, err, "not a regular file")
}
