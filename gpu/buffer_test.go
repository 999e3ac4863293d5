package gpu_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/gpu"
)

func device(t testing.TB) *gpu.Device {
	t.Helper()
	dev, err := gpu.Open()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, dev.Close()) })
	return dev
}

func TestBufferLengths(t *testing.T) {
	dev := device(t)
	most := dev.MaxBufferLength()
	for _, n := range []int{0, -1, -1 << 63} {
		_, err := dev.Buffer(n)
		require.ErrorContains(t, err, "at least 1", "%d", n)
		_, err = dev.BufferPrivate(n)
		require.ErrorContains(t, err, "at least 1", "%d", n)
		_, err = gpu.Make[float32](dev, n)
		require.ErrorContains(t, err, "at least 1", "%d", n)
	}
	for _, n := range []int{most + 1, 1<<63 - 1} {
		_, err := dev.Buffer(n)
		require.ErrorContains(t, err, "MaxBufferLength", "%d", n)
		_, err = dev.BufferPrivate(n)
		require.ErrorContains(t, err, "MaxBufferLength", "%d", n)
	}
	_, err := gpu.Make[uint64](dev, 1<<62)
	require.Error(t, err)
	_, err = gpu.MakePrivate[uint64](dev, most/8+1)
	require.ErrorContains(t, err, "MaxBufferLength")
	_, err = dev.BufferFrom(nil)
	require.ErrorContains(t, err, "at least 1")
	_, err = gpu.From(dev, []float32{})
	require.ErrorContains(t, err, "at least 1")
	for _, n := range []int{1, 3, 4095, 4096, 4097} {
		b, err := dev.Buffer(n)
		require.NoError(t, err)
		require.Len(t, b.Bytes(), n)
		require.Equal(t, make([]byte, n), b.Bytes(), "a new buffer is zeroed")
		require.NoError(t, b.Close())
	}
}

func TestBufferBytes(t *testing.T) {
	dev := device(t)
	data := []byte{1, 2, 3, 4, 5}
	b, err := dev.BufferFrom(data)
	require.NoError(t, err)
	data[0] = 9
	require.Equal(t, []byte{1, 2, 3, 4, 5}, b.Bytes(), "the buffer has a copy")
	require.NoError(t, b.Write(func(p []byte) { p[4] = 50 }))
	require.NoError(t, b.Read(func(p []byte) { require.Equal(t, []byte{1, 2, 3, 4, 50}, p) }))
	b.SetLabel("five")
	require.NotZero(t, b.Raw())
	require.NoError(t, b.Close())
	require.NoError(t, b.Close())
	require.Nil(t, b.Bytes())
	require.ErrorIs(t, b.Read(func([]byte) { t.Error("called") }), gpu.ErrClosed)
	require.ErrorIs(t, b.Write(func([]byte) { t.Error("called") }), gpu.ErrClosed)
	_, err = gpu.As[float32](b)
	require.ErrorIs(t, err, gpu.ErrClosed)
}

func TestCloseInsideRead(t *testing.T) {
	b, err := device(t).BufferFrom([]byte("kept"))
	require.NoError(t, err)
	require.NoError(t, b.Read(func(p []byte) {
		require.NoError(t, b.Close())
		require.Equal(t, "kept", string(p), "the memory stays for the call")
	}))
}

func TestPrivateBuffer(t *testing.T) {
	b, err := device(t).BufferPrivate(64)
	require.NoError(t, err)
	defer b.Close()
	require.False(t, b.Shared())
	require.Nil(t, b.Bytes())
	require.ErrorIs(t, b.Read(func([]byte) {}), gpu.ErrPrivate)
	require.ErrorIs(t, b.Write(func([]byte) {}), gpu.ErrPrivate)
	_, err = gpu.As[float32](b)
	require.ErrorIs(t, err, gpu.ErrPrivate)
	of, err := gpu.MakePrivate[uint16](device(t), 8)
	require.NoError(t, err)
	defer of.Close()
	require.Equal(t, 8, of.Len())
	require.Nil(t, of.Slice())
	require.Panics(t, func() { of.At(0) })
}

func TestAs(t *testing.T) {
	dev := device(t)
	b, err := dev.Buffer(48)
	require.NoError(t, err)
	defer b.Close()

	type particle struct {
		Pos  [4]float32
		ID   uint32
		Half [2]fp16.Float16
	}
	p, err := gpu.As[particle](b)
	require.NoError(t, err)
	require.Equal(t, 2, p.Len())
	p.Slice()[1].ID = 77
	u, err := gpu.As[uint32](b)
	require.NoError(t, err)
	require.Equal(t, 12, u.Len())
	require.Equal(t, uint32(77), u.At(10))
	for i, v := range u.All() {
		require.Equal(t, u.At(i), v)
		if i == 10 {
			break
		}
	}

	as := func(err error) string { require.Error(t, err); return err.Error() }
	_, err = gpu.As[[7]float32](b)
	require.Contains(t, as(err), "no whole number")
	_, err = gpu.As[float64](b)
	require.Contains(t, as(err), "float32")
	_, err = gpu.As[int](b)
	require.Contains(t, as(err), "int32")
	_, err = gpu.As[bool](b)
	require.Contains(t, as(err), "uint8")
	_, err = gpu.As[struct{ P *int }](b)
	require.Contains(t, as(err), "field P")
	_, err = gpu.As[string](b)
	require.Contains(t, as(err), "no plain memory")
	_, err = gpu.As[struct{}](b)
	require.Contains(t, as(err), "no size")
	_, err = gpu.As[float32](nil)
	require.Contains(t, as(err), "nil")
}

func TestWrap(t *testing.T) {
	dev := device(t)
	m, err := gpu.Alloc(1000)
	require.NoError(t, err)
	a, err := dev.Wrap(m)
	require.NoError(t, err)
	b, err := dev.Wrap(m)
	require.NoError(t, err)
	require.Equal(t, 1000, a.Len())
	a.Bytes()[999] = 5
	require.Equal(t, byte(5), m.Bytes()[999], "no copy")
	require.Equal(t, byte(5), b.Bytes()[999])

	// The pages stay until the last buffer has gone.
	require.NoError(t, m.Close())
	require.Nil(t, m.Bytes())
	_, err = dev.Wrap(m)
	require.ErrorIs(t, err, gpu.ErrClosed)
	require.NoError(t, a.Close())
	require.Equal(t, byte(5), b.Bytes()[999])
	require.NoError(t, b.Close())
	_, err = dev.Wrap(nil)
	require.ErrorContains(t, err, "nil")
}

func TestWrapOfAFile(t *testing.T) {
	h := open(t)
	path := filepath.Join(t.TempDir(), "model")
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte{0, 0, 0x80, 0x3f}, 5000), 0o600)) // ones
	m, err := gpu.MapFile(path)
	require.NoError(t, err)
	defer m.Close()
	b, err := h.dev.Wrap(m)
	require.NoError(t, err)
	defer b.Close()
	require.NoError(t, h.queue.Run(background(), h.pipeline(t, "inc"), gpu.D1(5000), b))
	f, err := gpu.As[float32](b)
	require.NoError(t, err)
	for i, v := range f.All() {
		require.Equal(t, float32(2), v, "%d", i)
	}
}

// A forgotten buffer is freed and told of; one whose bytes were handed out is told of and kept.
func TestForgottenBuffers(t *testing.T) {
	start := live(t)
	var log syncBuffer
	gpu.SetLogger(slog.New(slog.NewTextHandler(&log, nil)))
	defer gpu.SetLogger(nil)
	dev := device(t)
	func() {
		b, err := dev.Buffer(64)
		require.NoError(t, err)
		b.SetLabel("lost one")
	}()
	kept := func() []byte {
		b, err := dev.Buffer(64)
		require.NoError(t, err)
		b.SetLabel("handed out")
		return b.Bytes()
	}()
	require.Eventually(t, func() bool {
		runtime.GC()
		return strings.Contains(log.String(), "lost one") && strings.Contains(log.String(), "handed out")
	}, 10*time.Second, 5*time.Millisecond)
	kept[63] = 1 // still there
	settles(t, start+2)
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
