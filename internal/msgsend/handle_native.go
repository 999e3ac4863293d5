//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

// A handle stands for a Go value in C memory, which the collector does not see:
// in the captured variable of a block, in the instance variable of an object.
// It is an index and a generation, so that one which has been let go of never
// means another value; 0 means none. Values are found without a lock.
type handle uint64

// handleSlot holds one value at a time.
type handleSlot struct {
	cell atomic.Pointer[handleCell]
	refs atomic.Int64
	gen  uint32 // guarded by handles.mu
	next uint32 // guarded by handles.mu
}

type handleCell struct {
	handle handle
	value  any
}

// The slots are in chunks of doubling size that never move: chunk k holds the
// slots whose index plus firstHandles has k bits more than firstHandles-1 has.
const firstHandles = 64

var handles struct {
	chunks [27]atomic.Pointer[[]handleSlot]
	live   atomic.Int64

	mu    sync.Mutex
	free  uint32 // 1 + index of the first free slot
	count uint32
}

func handleAt(index uint32) *handleSlot {
	i := index + firstHandles
	k := bits.Len32(i) - bits.Len32(firstHandles)
	p := handles.chunks[k].Load()
	if p == nil {
		return nil
	}
	return &(*p)[i-firstHandles<<k]
}

// newHandle returns a handle for a value, with one reference.
func newHandle(value any) handle {
	t := &handles
	t.mu.Lock()
	index := t.free - 1
	if t.free == 0 {
		index = t.count
		t.count++
		i := index + firstHandles
		if k := bits.Len32(i) - bits.Len32(firstHandles); t.chunks[k].Load() == nil {
			chunk := make([]handleSlot, firstHandles<<k)
			t.chunks[k].Store(&chunk)
		}
	}
	s := handleAt(index)
	t.free = s.next
	s.gen++
	h := handle(s.gen)<<32 | handle(index)
	t.mu.Unlock()
	s.refs.Store(1)
	s.cell.Store(&handleCell{h, value})
	t.live.Add(1)
	return h
}

// cell returns the cell of a live handle, else nil.
func (h handle) cell() *handleCell {
	if h == 0 {
		return nil
	}
	s := handleAt(uint32(h))
	if s == nil {
		return nil
	}
	if c := s.cell.Load(); c != nil && c.handle == h {
		return c
	}
	return nil
}

// value returns the value of a live handle, else nil.
func (h handle) value() any {
	if c := h.cell(); c != nil {
		return c.value
	}
	return nil
}

// retain adds a reference.
func (h handle) retain() {
	if h.cell() != nil {
		handleAt(uint32(h)).refs.Add(1)
	}
}

// release gives a reference back; with the last one the value is let go.
func (h handle) release() {
	if h.cell() == nil {
		return
	}
	s := handleAt(uint32(h))
	if s.refs.Add(-1) != 0 {
		return
	}
	s.cell.Store(nil)
	handles.live.Add(-1)
	t := &handles
	t.mu.Lock()
	s.next = t.free
	t.free = uint32(h) + 1
	t.mu.Unlock()
}
