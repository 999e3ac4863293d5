package cpumetal

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/texel"
)

// Heap types, MTLHeapType.
const (
	heapAutomatic = 0
	heapPlacement = 1
)

// heapAlign is what parts of a heap begin at multiples of.
const heapAlign = 256

// Heap is memory that buffers and textures are made of. It is counted: it lives
// as long as its owner or a resource in it.
type Heap struct {
	device    *Device
	storage   *Buffer
	options   ResourceOptions
	placement bool
	refs      atomic.Int32
	purgeable atomic.Uint64

	mu    sync.Mutex
	parts []heapPart // taken, by offset
}

// heapPart is a part of a heap that a resource has to itself.
type heapPart struct {
	offset, size uint64
	owner        *Buffer
}

// NewHeap returns a heap of size bytes, owned by the caller, or why there is
// none. newHeapWithDescriptor:
func (d *Device) NewHeap(size uint64, options ResourceOptions, placement bool) (*Heap, error) {
	if size == 0 {
		return nil, fmt.Errorf("a heap has a size")
	}
	storage := d.NewBuffer(size, options)
	if storage == nil {
		return nil, fmt.Errorf("%d bytes for a heap are not to be had", size)
	}
	h := &Heap{device: d, storage: storage, options: options, placement: placement}
	h.refs.Store(1)
	h.purgeable.Store(purgeableNonVolatile)
	return h, nil
}

// Release gives up one reference; the last one frees the memory.
func (h *Heap) Release() {
	if h.refs.Add(-1) == 0 {
		h.storage.Release()
	}
}

// Size returns the heap's size, Used what its resources take.
func (h *Heap) Size() uint64 { return h.storage.Length() }

func (h *Heap) Used() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	var n uint64
	for _, p := range h.parts {
		n += p.size
	}
	return n
}

// MaxAvailable returns the size of the largest resource of an alignment that
// there is room for.
func (h *Heap) MaxAvailable(alignment uint64) uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	var most uint64
	h.gaps(max(alignment, 1), func(_, size uint64) bool {
		most = max(most, size)
		return false
	})
	return most
}

// gaps calls f for every free part, aligned, until it reports true.
func (h *Heap) gaps(alignment uint64, f func(offset, size uint64) bool) {
	at := uint64(0)
	gap := func(end uint64) bool {
		start := (at + alignment - 1) / alignment * alignment
		return start < end && f(start, end-start)
	}
	for _, p := range h.parts {
		if gap(p.offset) {
			return
		}
		at = max(at, p.offset+p.size)
	}
	gap(h.Size())
}

// take gives a part of the heap to a new buffer: the first that is free or, in
// a placement heap, the one at offset, whoever else has it.
func (h *Heap) take(size, offset uint64) (*Buffer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	whole := (size + heapAlign - 1) / heapAlign * heapAlign
	if !h.placement {
		offset = ^uint64(0)
		h.gaps(heapAlign, func(at, room uint64) bool {
			if room >= size {
				offset = at
			}
			return room >= size
		})
		if offset == ^uint64(0) {
			return nil, fmt.Errorf("the heap has no room for %d bytes", size)
		}
	}
	switch {
	case size == 0:
		return nil, fmt.Errorf("a resource of 0 bytes")
	case offset%heapAlign != 0:
		return nil, fmt.Errorf("the offset %d in a heap is no multiple of %d", offset, heapAlign)
	case !inRange(h.storage, offset, size):
		return nil, fmt.Errorf("%d bytes at offset %d are not in the heap's %d", size, offset, h.Size())
	}
	b := &Buffer{mem: h.storage.mem[offset : offset+size : offset+size], options: h.options, heap: h, heapOffset: offset}
	h.refs.Add(1)
	h.parts = append(h.parts, heapPart{offset, min(whole, h.Size()-offset), b})
	slices.SortStableFunc(h.parts, func(a, b heapPart) int {
		if a.offset < b.offset {
			return -1
		}
		return 1
	})
	return h.device.addBuffer(b), nil
}

// NewBuffer returns a buffer in the heap, whose contents are whatever was
// there. newBufferWithLength:options: and newBufferWithLength:options:offset:
func (h *Heap) NewBuffer(n uint64, options ResourceOptions, offset uint64) (*Buffer, error) {
	if options.Storage() != h.options.Storage() || options.CPUCache() != h.options.CPUCache() {
		return nil, fmt.Errorf("the storage and cache modes of a resource in a heap are the heap's")
	}
	return h.take(n, offset)
}

// NewTexture returns a texture in the heap. newTextureWithDescriptor: and
// newTextureWithDescriptor:offset:
func (h *Heap) NewTexture(desc TextureDescriptor, offset uint64) (*Texture, error) {
	if err := desc.check(); err != nil {
		return nil, err
	}
	if desc.Options.Storage() != h.options.Storage() || desc.Options.CPUCache() != h.options.CPUCache() {
		return nil, fmt.Errorf("the storage and cache modes of a resource in a heap are the heap's")
	}
	b, err := h.take(desc.bytes(), offset)
	if err != nil {
		return nil, err
	}
	t := texel.New
	if desc.Type == texel.TypeBuffer {
		t = func(s texel.Shape, mem []byte) *texel.Texture { return texel.Linear(s, mem, len(mem)) }
	}
	return newTexture(h.device, t(desc.Shape, b.mem), b, desc), nil
}

// bytes returns what a texture takes.
func (desc *TextureDescriptor) bytes() uint64 {
	if desc.Type == texel.TypeBuffer {
		return uint64(desc.Width * desc.Format.Size())
	}
	_, _, size := desc.Layout()
	return uint64(size)
}

// giveBack frees what b has of the heap.
func (h *Heap) giveBack(b *Buffer) {
	h.mu.Lock()
	h.drop(b)
	h.mu.Unlock()
	b.mem = nil
	h.Release()
}

func (h *Heap) drop(b *Buffer) {
	h.parts = slices.DeleteFunc(h.parts, func(p heapPart) bool { return p.owner == b })
}

// MakeAliasable lets resources made later have the same memory. It does
// nothing for a buffer that is in no heap.
func (b *Buffer) MakeAliasable() {
	if b.heap != nil && !b.aliased.Swap(true) {
		b.heap.mu.Lock()
		b.heap.drop(b)
		b.heap.mu.Unlock()
	}
}

func (b *Buffer) aliasable() uint64 {
	if b.aliased.Load() {
		return 1
	}
	return 0
}

// SetPurgeable is that of a buffer.
func (h *Heap) SetPurgeable(state uint64) uint64 {
	if state == purgeableKeepCurrent {
		return h.purgeable.Load()
	}
	return h.purgeable.Swap(state)
}
