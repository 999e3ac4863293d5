package cpumetal

import (
	"math"
	"os"
	"sort"
	"sync"
	"sync/atomic"
)

// memoryPool counts what is allocated, gives every buffer its range of device
// addresses and finds the buffer of an address.
type memoryPool struct {
	total     uint64 // most bytes that may be allocated at a time
	maxBuffer uint64
	page      uint64

	allocated atomic.Int64

	mu     sync.RWMutex
	next   uint64
	ranges []*Buffer // by ascending address
}

const (
	// firstAddress is where device addresses begin: small integers that a kernel
	// mistakes for addresses belong to no buffer.
	firstAddress = 1 << 32
	// addressAlign keeps ranges apart: at least this much lies unused after each.
	addressAlign = 1 << 16

	unknownMemory = 1 << 30 // where the system does not tell how much it has
)

func newMemoryPool(ram uint64) *memoryPool {
	if ram == 0 {
		ram = unknownMemory
	}
	ram = min(ram, math.MaxInt/2)
	page := uint64(os.Getpagesize())
	return &memoryPool{total: ram, maxBuffer: ram / 2 / page * page, page: page, next: firstAddress}
}

// reserve counts n bytes as allocated, if there is room for them.
func (m *memoryPool) reserve(n uint64) bool {
	if m.allocated.Add(int64(n)) > int64(m.total) {
		m.allocated.Add(-int64(n))
		return false
	}
	return true
}

func (m *memoryPool) release(n uint64) { m.allocated.Add(-int64(n)) }

// place gives b its device address. Addresses are never used twice, so a stale
// one is found out.
func (m *memoryPool) place(b *Buffer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b.address = m.next
	m.next += (uint64(len(b.mem)) + 2*addressAlign - 1) / addressAlign * addressAlign
	m.ranges = append(m.ranges, b)
}

func (m *memoryPool) displace(b *Buffer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := m.find(b.address); i >= 0 && m.ranges[i] == b {
		copy(m.ranges[i:], m.ranges[i+1:])
		m.ranges[len(m.ranges)-1] = nil
		m.ranges = m.ranges[:len(m.ranges)-1]
	}
}

// find returns the index of the last range that begins at or before address.
func (m *memoryPool) find(address uint64) int {
	return sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].address > address }) - 1
}

// lookup returns the buffer that address lies in, and the offset in it.
func (m *memoryPool) lookup(address uint64) (b *Buffer, offset uint64) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	i := m.find(address)
	if i < 0 {
		return nil, 0
	}
	b = m.ranges[i]
	if offset = address - b.address; offset >= uint64(len(b.mem)) {
		return nil, 0
	}
	return b, offset
}
