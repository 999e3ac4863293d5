package cpumetal

import (
	"sync/atomic"
	"unsafe"
)

// ResourceOptions are Metal's MTLResourceOptions.
type ResourceOptions uint64

// Storage modes, MTLStorageMode.
const (
	StorageShared     = 0
	StorageManaged    = 1
	StoragePrivate    = 2
	StorageMemoryless = 3
)

// Storage returns the storage mode.
func (o ResourceOptions) Storage() uint64 { return uint64(o) >> 4 & 0xf }

// CPUCache returns the CPU cache mode.
func (o ResourceOptions) CPUCache() uint64 { return uint64(o) & 0xf }

// HazardTracking returns the hazard tracking mode: Tracked for the default, as
// for every resource that is not of a heap.
func (o ResourceOptions) HazardTracking() uint64 {
	if mode := uint64(o) >> 8 & 0x3; mode != 0 {
		return mode
	}
	return 2
}

// valid reports whether o are options a buffer can have.
func (o ResourceOptions) valid() bool {
	return o&^0x331 == 0 && o.Storage() <= StoragePrivate && uint64(o)>>8 <= 2
}

// Purgeable states, MTLPurgeableState.
const (
	purgeableKeepCurrent = 1
	purgeableNonVolatile = 2
)

// Buffer is memory that kernels reach. It is counted: it lives as long as its
// owner or a command buffer that uses it.
type Buffer struct {
	device  *Device
	mem     []byte // exactly the buffer's length
	pages   []byte // what mem is of, nil if the memory is the user's
	address uint64 // on the device
	options ResourceOptions
	heap    *Heap  // what the memory is of, nil if it is the buffer's own
	free    func() // tells the user that his memory is his again; may be nil

	heapOffset uint64
	aliased    atomic.Bool // its part of the heap may be another's

	refs      atomic.Int32
	usedBy    atomic.Uint64 // serial of the command buffer that retained it last
	purgeable atomic.Uint64
}

// NewBuffer returns a buffer of n zero bytes, owned by the caller, or nil if n
// is 0, over the limit or more than there is, or the options are none that a
// buffer can have. newBufferWithLength:options:
func (d *Device) NewBuffer(n uint64, options ResourceOptions) *Buffer {
	m := d.memory
	if n == 0 || n > m.maxBuffer || !options.valid() {
		return nil
	}
	size := (n + m.page - 1) / m.page * m.page
	if !m.reserve(size) {
		return nil
	}
	pages, err := mapPages(int(size))
	if err != nil {
		m.release(size)
		return nil
	}
	return d.addBuffer(&Buffer{mem: pages[:n:n], pages: pages, options: options})
}

// NewBufferBytes returns a buffer that holds a copy of data.
// newBufferWithBytes:length:options:
func (d *Device) NewBufferBytes(data []byte, options ResourceOptions) *Buffer {
	b := d.NewBuffer(uint64(len(data)), options)
	if b != nil {
		copy(b.mem, data)
	}
	return b
}

// NewBufferNoCopy returns a buffer that is mem itself, or nil if mem does not
// begin at a page boundary or is not whole pages, as Metal asks. free, which may
// be nil, is called once when nothing uses the memory any more.
// newBufferWithBytesNoCopy:length:options:deallocator:
func (d *Device) NewBufferNoCopy(mem []byte, options ResourceOptions, free func()) *Buffer {
	m := d.memory
	n, start := uint64(len(mem)), uint64(uintptr(unsafe.Pointer(unsafe.SliceData(mem))))
	if n == 0 || n > m.maxBuffer || n%m.page != 0 || start%m.page != 0 || !options.valid() || options.Storage() == StoragePrivate {
		return nil
	}
	return d.addBuffer(&Buffer{mem: mem, options: options, free: free})
}

func (d *Device) addBuffer(b *Buffer) *Buffer {
	b.device = d
	b.refs.Store(1)
	b.purgeable.Store(purgeableNonVolatile)
	d.memory.place(b)
	return b
}

func (b *Buffer) retain() { b.refs.Add(1) }

// tryRetain retains b unless it is on its way out.
func (b *Buffer) tryRetain() bool {
	for {
		n := b.refs.Load()
		if n <= 0 {
			return false
		}
		if b.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// Release gives up one reference; the last one frees the memory.
func (b *Buffer) Release() {
	switch left := b.refs.Add(-1); {
	case left > 0:
		return
	case left < 0:
		panic("cpumetal: buffer released more often than retained")
	}
	b.device.memory.displace(b)
	if b.pages != nil {
		b.device.memory.release(uint64(len(b.pages)))
		pages := b.pages
		b.mem, b.pages = nil, nil
		if err := unmapPages(pages); err != nil {
			panic("cpumetal: unmap: " + err.Error())
		}
	}
	if b.heap != nil {
		b.heap.giveBack(b)
	}
	if b.free != nil {
		b.free()
	}
}

// Length returns the buffer's length in bytes.
func (b *Buffer) Length() uint64 { return uint64(len(b.mem)) }

// Contents returns the buffer's memory, nil if its storage is private.
func (b *Buffer) Contents() unsafe.Pointer {
	if b.options.Storage() == StoragePrivate {
		return nil
	}
	return unsafe.Pointer(unsafe.SliceData(b.mem))
}

// Address returns the buffer's address on the device.
func (b *Buffer) Address() uint64 { return b.address }

// AllocatedSize returns the bytes of memory the buffer takes, in whole pages.
// Memory of the user's does not count in [Device.CurrentAllocatedSize].
func (b *Buffer) AllocatedSize() uint64 {
	if b.pages == nil {
		return uint64(len(b.mem))
	}
	return uint64(len(b.pages))
}

// Options returns the options the buffer was made with.
func (b *Buffer) Options() ResourceOptions { return b.options }

// SetPurgeable sets the purgeable state and returns the one before. The
// contents of the buffer are kept whatever the state is.
func (b *Buffer) SetPurgeable(state uint64) uint64 {
	if state == purgeableKeepCurrent {
		return b.purgeable.Load()
	}
	return b.purgeable.Swap(state)
}
