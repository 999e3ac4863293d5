package gpu_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

func TestOpenAndAll(t *testing.T) {
	dev, err := gpu.Open()
	require.NoError(t, err)
	defer dev.Close()
	all, err := gpu.All()
	require.NoError(t, err)
	names := []string{}
	for _, d := range all {
		names = append(names, d.Name())
		require.NoError(t, d.Close())
	}
	require.Contains(t, names, dev.Name())
	require.Positive(t, dev.MaxBufferLength())
	require.Positive(t, dev.RecommendedMaxWorkingSetSize())
	require.Positive(t, dev.MaxThreadgroupMemory())
}

func TestInfo(t *testing.T) {
	dev, err := gpu.Open()
	require.NoError(t, err)
	defer dev.Close()
	info := dev.Info()
	require.Equal(t, dev.Name(), info.Name)
	require.Equal(t, !apple, info.CPU)
	require.Regexp(t, "^0x[0-9a-f]{1,16}$", info.RegistryID)
	require.Equal(t, dev.MaxBufferLength(), info.Limits.MaxBufferLength)
	require.NotEmpty(t, info.LanguageVersion)
	require.Subset(t, gpu.FamilyNames(), info.Families)
	text, err := json.Marshal(info)
	require.NoError(t, err)
	var back gpu.Info
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, info, back)
}

func TestFromRaw(t *testing.T) {
	dev, err := gpu.Open()
	require.NoError(t, err)
	queue, err := dev.Queue()
	require.NoError(t, err)
	before := live(t)

	d, q, err := gpu.FromRawWithQueue(dev.Raw(), queue.Raw())
	require.NoError(t, err)
	require.Equal(t, dev.Name(), d.Name())
	// The originals may go: both were retained.
	require.NoError(t, queue.Close())
	require.NoError(t, dev.Close())
	b, err := d.Buffer(64)
	require.NoError(t, err)
	cmd, err := q.Commands()
	require.NoError(t, err)
	c, err := cmd.Copier()
	require.NoError(t, err)
	c.Fill(b, 0, 64, 7)
	require.NoError(t, c.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	require.Equal(t, byte(7), b.Bytes()[63])

	_, err = gpu.FromRaw(0)
	require.ErrorContains(t, err, "nil")
	_, err = gpu.FromRaw(b.Raw())
	require.ErrorContains(t, err, "no MTLDevice")
	_, _, err = gpu.FromRawWithQueue(d.Raw(), 0)
	require.ErrorContains(t, err, "queue is nil")
	_, _, err = gpu.FromRawWithQueue(d.Raw(), b.Raw())
	require.ErrorContains(t, err, "no MTLCommandQueue")

	require.NoError(t, b.Close())
	require.NoError(t, q.Close())
	require.NoError(t, d.Close())
	settles(t, before)
}

func TestCloseOfADeviceWithChildren(t *testing.T) {
	start := live(t)
	dev, err := gpu.Open()
	require.NoError(t, err)
	queue, err := dev.Queue()
	require.NoError(t, err)
	lib, err := dev.Compile(kernels)
	require.NoError(t, err)
	fn, err := lib.Function("inc")
	require.NoError(t, err)
	pipe, err := dev.Pipeline(fn)
	require.NoError(t, err)
	buf, err := gpu.Make[float32](dev, 100)
	require.NoError(t, err)

	require.NoError(t, dev.Close())
	require.NoError(t, dev.Close())
	require.NoError(t, fn.Close())
	require.NoError(t, lib.Close())
	for name, use := range map[string]func() error{
		"Buffer":      func() error { _, err := dev.Buffer(4); return err },
		"Queue":       func() error { _, err := dev.Queue(); return err },
		"Compile":     func() error { _, err := dev.Compile(kernels); return err },
		"Pipeline":    func() error { _, err := dev.Pipeline(fn); return err },
		"BufferFrom":  func() error { _, err := dev.BufferFrom([]byte{1}); return err },
		"Event":       func() error { _, err := dev.Event(); return err },
		"SharedEvent": func() error { _, err := dev.SharedEvent(); return err },
		"Fence":       func() error { _, err := dev.Fence(); return err },
		"Capture":     func() error { return dev.Capture("x", func() error { return nil }) },
		"Function":    func() error { _, err := lib.Function("inc"); return err },
	} {
		require.ErrorIs(t, use(), gpu.ErrClosed, name)
	}
	require.Nil(t, lib.FunctionNames())

	// What was made works on.
	require.NoError(t, queue.Run(background(), pipe, gpu.D1(100), buf))
	require.Equal(t, float32(1), buf.At(99))
	require.NoError(t, buf.Close())
	require.NoError(t, pipe.Close())
	require.NoError(t, queue.Close())
	settles(t, start)
}

func TestNilReceivers(t *testing.T) {
	for name, closer := range map[string]interface{ Close() error }{
		"Device": (*gpu.Device)(nil), "Queue": (*gpu.Queue)(nil), "Buffer": (*gpu.Buffer)(nil), "Of": gpu.Of[float32]{},
		"Library": (*gpu.Library)(nil), "Function": (*gpu.Function)(nil), "Pipeline": (*gpu.Pipeline)(nil),
		"Memory": (*gpu.Memory)(nil), "Fence": (*gpu.Fence)(nil), "Event": (*gpu.Event)(nil), "SharedEvent": (*gpu.SharedEvent)(nil),
	} {
		require.NoError(t, closer.Close(), name)
	}
	var d *gpu.Device
	_, err := d.Buffer(4)
	require.ErrorContains(t, err, "device is nil")
	var q *gpu.Queue
	_, err = q.Commands()
	require.ErrorContains(t, err, "queue is nil")
	require.Error(t, q.Run(background(), nil, gpu.D1(1)))
	var b *gpu.Buffer
	require.Zero(t, b.Len())
	require.Nil(t, b.Bytes())
	require.False(t, b.Shared())
	require.Error(t, b.Read(func([]byte) {}))
	b.SetLabel("none")
	var l *gpu.Library
	_, err = l.Function("x")
	require.ErrorContains(t, err, "library is nil")
}

func TestCaptureWithoutOne(t *testing.T) {
	if apple {
		t.Skip("this system can capture")
	}
	dev, err := gpu.Open()
	require.NoError(t, err)
	defer dev.Close()
	called := false
	require.ErrorContains(t, dev.Capture("trace.gputrace", nil), "the function is nil")
	err = dev.Capture("trace.gputrace", func() error { called = true; return nil })
	require.ErrorIs(t, err, gpu.ErrUnsupported)
	require.False(t, called)
}

func TestAutoreleasePool(t *testing.T) {
	ran := false
	gpu.AutoreleasePool(func() { ran = true })
	require.True(t, ran)
}
