package gpu

import (
	"fmt"
	"runtime"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Heap is memory that buffers and textures are made of, without asking the system for each: a
// MTLHeap. It is for any goroutine.
type Heap struct {
	h   *heap
	net runtime.Cleanup
}

type heap struct {
	of      launch.Heap
	raw     mtl.Heap
	dev     *device
	private bool
}

// Heap makes a heap of n bytes, whose resources the CPU and the device share or, if private is
// true, are the device's alone. The caller closes it; what was made in it keeps it.
func (d *Device) Heap(n int, private bool) (*Heap, error) {
	if err := d.use("Heap"); err != nil {
		return nil, err
	}
	defer d.done()
	if err := d.h.checkLength("Device.Heap", "a heap", n); err != nil {
		return nil, err
	}
	md := mtl.NewHeapDescriptor()
	defer md.Release()
	mode := mtl.StorageModeShared
	if private {
		mode = mtl.StorageModePrivate
	}
	md.SetStorageMode(mode)
	md.SetHazardTrackingMode(mtl.HazardTrackingModeTracked)
	md.SetSize(uint(n))
	raw := d.h.raw.NewHeap(md)
	if raw.IsNil() {
		return nil, fmt.Errorf("gpu: Device.Heap: a heap of %d bytes: %w", n, ErrMemory)
	}
	dev := d.h
	dev.life.Keep()
	h := &heap{raw: raw, dev: dev, private: private}
	h.of = launch.Heap{Life: launch.NewLife(func() { raw.Release(); dev.life.Drop() }), ID: raw.ID(), Device: dev.limits.Device}
	hp := &Heap{h: h}
	hp.net = runtime.AddCleanup(hp, func(h *heap) { forgotten(h.of.Life, "Heap", "") }, h)
	return hp, nil
}

// hold keeps the heap for one call.
func (h *Heap) hold(op string) error {
	if h.none() {
		return fmt.Errorf("gpu: Heap.%s: the heap is nil", op)
	}
	if !h.h.of.Hold() {
		return fmt.Errorf("gpu: Heap.%s: the heap is closed: %w", op, ErrClosed)
	}
	return nil
}

// Buffer makes a buffer of n bytes in the heap. What is in it is undefined. The error wraps
// ErrMemory if there is no room. The caller closes it.
func (h *Heap) Buffer(n int) (*Buffer, error) {
	if err := h.hold("Buffer"); err != nil {
		return nil, err
	}
	defer h.h.of.Drop()
	if err := h.h.dev.checkLength("Heap.Buffer", "a buffer", n); err != nil {
		return nil, err
	}
	options := mtl.ResourceStorageModeShared
	if h.h.private {
		options = mtl.ResourceStorageModePrivate
	}
	return h.h.dev.wrap("Heap.Buffer", h.h.raw.NewBuffer(uint(n), options|mtl.ResourceHazardTrackingModeTracked), n)
}

// Texture makes a texture in the heap; desc.Private is the heap's. What is in it is undefined. The
// caller closes it.
func (h *Heap) Texture(desc TextureDescriptor) (*Texture, error) {
	if err := h.hold("Texture"); err != nil {
		return nil, err
	}
	defer h.h.of.Drop()
	desc.Private = h.h.private
	md, err := desc.raw()
	if err != nil {
		return nil, fmt.Errorf("gpu: Heap.Texture: %w", err)
	}
	defer md.Release()
	md.SetHazardTrackingMode(mtl.HazardTrackingModeTracked)
	return h.h.dev.wrapTexture("Heap.Texture", h.h.raw.NewTexture(md), desc.Label)
}

// Size is the heap's bytes, Used those that its resources take.
func (h *Heap) Size() int { return h.ask("Size", mtl.Heap.Size) }
func (h *Heap) Used() int { return h.ask("Used", mtl.Heap.UsedSize) }

// Available is the length of the largest buffer that there is room for.
func (h *Heap) Available() int {
	return h.ask("Available", func(raw mtl.Heap) uint { return raw.MaxAvailableSize(256) })
}

func (h *Heap) ask(op string, f func(mtl.Heap) uint) int {
	if h.hold(op) != nil {
		return 0
	}
	defer h.h.of.Drop()
	return clampInt(uint64(f(h.h.raw)))
}

// Raw is the MTLHeap. The Heap owns it: retain what is to outlive Close.
func (h *Heap) Raw() objc.ID {
	if h.none() {
		return 0
	}
	return h.h.of.ID
}

// Close ends the use of the heap. What was made in it goes on. Close may be called again and on nil.
func (h *Heap) Close() error {
	if !h.none() && h.h.of.Close() {
		h.net.Stop()
	}
	return nil
}

func (h *Heap) launchHeap() *launch.Heap {
	if h.none() {
		return nil
	}
	return &h.h.of
}
