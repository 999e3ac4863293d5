package gpu

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Buffer is memory that kernels read and write: a MTLBuffer. The bytes of a shared buffer are
// the CPU's as well; a private one is reached through a Copier only.
//
// A Buffer is for any goroutine, its bytes are not: work in flight may read and write them until
// its Wait returns.
type Buffer struct {
	h   *buffer
	net runtime.Cleanup
}

type buffer struct {
	of       launch.Buffer
	raw      mtl.Buffer
	dev      *device
	contents unsafe.Pointer // nil if private
	label    atomic.Pointer[string]
	exposed  atomic.Bool // a slice was handed out that may outlive the Buffer
}

// Buffer returns a zeroed buffer of n bytes that the CPU and the device share. The caller closes
// it.
func (d *Device) Buffer(n int) (*Buffer, error) {
	return d.newBuffer("Buffer", n, mtl.ResourceStorageModeShared)
}

// BufferPrivate returns a buffer of n bytes for the device alone. Its contents are undefined until
// something is written. The caller closes it.
func (d *Device) BufferPrivate(n int) (*Buffer, error) {
	return d.newBuffer("BufferPrivate", n, mtl.ResourceStorageModePrivate)
}

// BufferFrom returns a shared buffer with a copy of data. The caller closes it.
func (d *Device) BufferFrom(data []byte) (*Buffer, error) {
	if err := d.use("BufferFrom"); err != nil {
		return nil, err
	}
	defer d.done()
	if err := d.h.checkLength("Device.BufferFrom", "a buffer", len(data)); err != nil {
		return nil, err
	}
	return d.h.wrap("Device.BufferFrom", d.h.raw.NewBufferWithBytes(data, mtl.ResourceStorageModeShared), len(data))
}

// Wrap returns a shared buffer of the memory itself, without a copy: what one side writes the
// other sees. It has the memory's length. The caller closes the buffer; the memory's pages stay
// until it has done so.
func (d *Device) Wrap(m *Memory) (*Buffer, error) {
	if err := d.use("Wrap"); err != nil {
		return nil, err
	}
	defer d.done()
	if m == nil {
		return nil, errors.New("gpu: Device.Wrap: the memory is nil")
	}
	if err := d.h.checkLength("Device.Wrap", "a buffer", len(m.pages)); err != nil {
		return nil, err
	}
	if !m.life.Hold() {
		return nil, fmt.Errorf("gpu: Device.Wrap: the memory is closed: %w", ErrClosed)
	}
	drop := func(unsafe.Pointer, uint) { m.life.Drop() }
	raw := d.h.raw.NewBufferNoCopy(unsafe.Pointer(unsafe.SliceData(m.pages)), uint(len(m.pages)), mtl.ResourceStorageModeShared, drop)
	if raw.IsNil() {
		m.life.Drop()
	}
	return d.h.wrap("Device.Wrap", raw, len(m.bytes))
}

func (d *Device) newBuffer(op string, n int, mode mtl.ResourceOptions) (*Buffer, error) {
	if err := d.use(op); err != nil {
		return nil, err
	}
	defer d.done()
	if err := d.h.checkLength("Device."+op, "a buffer", n); err != nil {
		return nil, err
	}
	return d.h.wrap("Device."+op, d.h.raw.NewBuffer(uint(n), mode), n)
}

// checkLength checks how long what is to be made may be: "a buffer", or "a heap".
func (d *device) checkLength(op, what string, n int) error {
	switch {
	case n <= 0:
		return fmt.Errorf("gpu: %s: %s of %d bytes: the length must be at least 1", op, what, n)
	case n > d.limits.Buffer:
		return fmt.Errorf("gpu: %s: %s of %d bytes is past the device's MaxBufferLength of %d", op, what, n, d.limits.Buffer)
	}
	return nil
}

// wrap takes over raw and makes a Buffer of n bytes of it.
func (d *device) wrap(op string, raw mtl.Buffer, n int) (*Buffer, error) {
	if raw.IsNil() {
		return nil, fmt.Errorf("gpu: %s: a buffer of %d bytes: %w", op, n, ErrMemory)
	}
	b := &buffer{raw: raw, dev: d, contents: raw.Contents()}
	d.life.Keep()
	b.of = launch.Buffer{
		Life:   launch.NewLife(func() { raw.Release(); d.life.Drop() }),
		ID:     raw.ID(),
		Len:    n,
		Shared: raw.StorageMode() != mtl.StorageModePrivate,
		Device: d.limits.Device,
	}
	if !b.of.Shared {
		b.contents = nil
	}
	buf := &Buffer{h: b}
	buf.net = runtime.AddCleanup(buf, forgottenBuffer, b)
	return buf, nil
}

// forgottenBuffer frees a buffer that nobody can close any more, unless somebody may still hold
// its bytes.
func forgottenBuffer(b *buffer) {
	name := ""
	if l := b.label.Load(); l != nil {
		name = *l
	}
	if !b.exposed.Load() {
		forgotten(b.of.Life, "Buffer", name)
	} else if !b.of.Closed() {
		logger().Warn("gpu: a buffer was not closed and is lost: its bytes were handed out", "name", name, "bytes", b.of.Len)
	}
}

// Len is the buffer's length in bytes.
func (b *Buffer) Len() int {
	if b.none() {
		return 0
	}
	return b.h.of.Len
}

// Shared tells whether the CPU can reach the buffer's bytes.
func (b *Buffer) Shared() bool { return !b.none() && b.h.of.Shared }

// Bytes is the memory of a shared buffer, and nil for a private, a closed or a nil one. The slice
// is valid until Close. A buffer whose Bytes were asked for is never freed by the collector: close
// it.
func (b *Buffer) Bytes() []byte {
	if b.none() || b.h.contents == nil || b.h.of.Closed() {
		return nil
	}
	b.h.exposed.Store(true)
	return b.h.bytes()
}

func (b *buffer) bytes() []byte { return unsafe.Slice((*byte)(b.contents), b.of.Len) }

// Read calls f with the bytes of a shared buffer, which stay valid for the call even if the buffer
// is closed meanwhile; f must not keep them. The error is ErrPrivate or ErrClosed, and then f was
// not called.
func (b *Buffer) Read(f func([]byte)) error { return b.withBytes("Read", f) }

// Write is Read for a function that changes the bytes.
func (b *Buffer) Write(f func([]byte)) error { return b.withBytes("Write", f) }

func (b *Buffer) withBytes(op string, f func([]byte)) error {
	switch {
	case b.none():
		return errNone("Buffer."+op, "buffer")
	case b.h.contents == nil:
		return fmt.Errorf("gpu: Buffer.%s: %w", op, ErrPrivate)
	case f == nil:
		return fmt.Errorf("gpu: Buffer.%s: the function is nil", op)
	case !b.h.of.Hold():
		return fmt.Errorf("gpu: Buffer.%s: the buffer is closed: %w", op, ErrClosed)
	}
	defer b.h.of.Drop()
	defer runtime.KeepAlive(b)
	f(b.h.bytes())
	return nil
}

// GPUAddress is what stands for the buffer's first byte in memory that kernels read: a pointer of
// theirs. See Encoder.UseBuffer.
func (b *Buffer) GPUAddress() uint64 {
	if b.none() || !b.h.of.Hold() {
		return 0
	}
	defer b.h.of.Drop()
	return b.h.raw.GPUAddress()
}

// SetLabel names the buffer in tools and messages.
func (b *Buffer) SetLabel(label string) {
	if b.none() || !b.h.of.Hold() {
		return
	}
	defer b.h.of.Drop()
	b.h.label.Store(&label)
	b.h.raw.SetLabel(label)
}

// Raw is the MTLBuffer. The Buffer owns it: retain what is to outlive Close.
func (b *Buffer) Raw() objc.ID {
	if b.none() {
		return 0
	}
	return b.h.of.ID
}

// Close frees the buffer, or lets work in flight free it when it is done. Slices of its bytes must
// not be used after it. Close may be called again and on nil.
func (b *Buffer) Close() error {
	if !b.none() && b.h.of.Close() {
		b.net.Stop()
	}
	return nil
}

// launchBuffer is what an encoder binds; nil for nil.
func (b *Buffer) launchBuffer() *launch.Buffer {
	if b.none() {
		return nil
	}
	return &b.h.of
}
