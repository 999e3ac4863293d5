package launch

import (
	"fmt"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

// A slot is one BindBuffer or Push of a program that is kept, which may get another buffer or
// other bytes between runs.
type slot struct {
	rec   int
	index int
	data  []byte // a push's bytes in the arena; nil if they went into a buffer
	size  int    // of the push
	life  *Life  // what replaced the recorded buffer, held; or nil
	need  int    // bytes that the kernels launched with it take
	align int
}

func (s *slot) drop() {
	if s.life != nil {
		s.life.Drop()
		s.life = nil
	}
}

// The kinds of slot in a binding: a slot's number is shifted left by one.
const (
	slotBind = 0
	slotPush = 1
)

func (p *Program) bindBuffer(id msgsend.ID, offset, index int) {
	rec := p.send(p.list.Send(0, &selSetBuffer, uintptr(id), uintptr(offset), uintptr(index)))
	if p.keep {
		p.binds = append(p.binds, slot{rec: rec, index: index})
	}
}

func (p *Program) pushBytes(data []byte, index int) {
	data = p.bytes.copy(data)
	rec := p.send(p.list.Send(0, &selSetBytes, uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(len(data)), uintptr(index)))
	if p.keep {
		p.pushes = append(p.pushes, slot{rec: rec, index: index, data: data, size: len(data)})
	}
}

func (p *Program) pushBuffer(id msgsend.ID, size, index int) {
	rec := p.send(p.list.Send(0, &selSetBuffer, uintptr(id), 0, uintptr(index)))
	if p.keep {
		p.pushes = append(p.pushes, slot{rec: rec, index: index, size: size})
	}
}

// lastSlot is the number of the slot just recorded, as a binding has it.
func (p *Program) lastSlot(kind int) int {
	if kind == slotBind {
		return (len(p.binds)-1)<<1 | slotBind
	}
	return (len(p.pushes)-1)<<1 | slotPush
}

// needs notes what a launch takes from a slot.
func (p *Program) needs(number int, a *Arg) {
	list := p.binds
	if number&1 == slotPush {
		list = p.pushes
	}
	s := &list[number>>1]
	s.need, s.align = max(s.need, a.Size), max(s.align, a.Align)
}

// Slots is how many BindBuffers and how many Pushes were recorded.
func (p *Program) Slots() (binds, pushes int) { return len(p.binds), len(p.pushes) }

// SetBytes replaces what the slot-th Push recorded, by as many bytes.
func (p *Program) SetBytes(number int, data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if number < 0 || number >= len(p.pushes) {
		return fmt.Errorf("there is no slot %d: the recording has %d pushes", number, len(p.pushes))
	}
	s := &p.pushes[number]
	if len(data) != s.size {
		return fmt.Errorf("slot %d has %d bytes and was given %d", number, s.size, len(data))
	}
	p.stale = true
	if s.data != nil {
		copy(s.data, data)
		return nil
	}
	b, err := p.queue.bufferOf(data)
	if err != nil {
		return err
	}
	s.drop()
	s.life = b.Life
	p.list.SetWord(s.rec, 0, uintptr(b.ID))
	return nil
}

// SetBuffer replaces the buffer and the offset that the slot-th BindBuffer recorded.
func (p *Program) SetBuffer(number int, b *Buffer, offset int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if number < 0 || number >= len(p.binds) {
		return fmt.Errorf("there is no slot %d: the recording has %d bound buffers", number, len(p.binds))
	}
	s := &p.binds[number]
	if reason, err := checkRange(b, offset, max(1, s.need), p.lim.Device); reason != "" {
		if err != nil {
			return fmt.Errorf("%s: %w", reason, err)
		}
		return fmt.Errorf("%s", reason)
	}
	if s.align > 1 && offset%s.align != 0 {
		return fmt.Errorf("the offset %d is no multiple of the argument's alignment %d", offset, s.align)
	}
	if !b.Hold() {
		return fmt.Errorf("the buffer is closed: %w", ErrClosed)
	}
	s.drop()
	s.life = b.Life
	p.stale = true
	p.list.SetWord(s.rec, 0, uintptr(b.ID))
	p.list.SetWord(s.rec, 1, uintptr(offset))
	return nil
}

// holdSlots adds what has replaced recorded buffers to a flight: unlike what was recorded it may
// be replaced again while the flight is in the air. p.mu is held.
func (p *Program) holdSlots(holds []*Life) []*Life {
	for _, list := range [...][]slot{p.binds, p.pushes} {
		for i := range list {
			if l := list[i].life; l != nil {
				l.Keep()
				holds = append(holds, l)
			}
		}
	}
	return holds
}
