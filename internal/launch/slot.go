package launch

import (
	"fmt"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/mtl"
)

// A slot is one BindBuffer or Push of a program that is kept, which may get another buffer or
// other bytes between runs.
type slot struct {
	rec   int
	site  int     // its number among the BindBuffers and Pushes together
	data  []byte  // a push's bytes in the arena; nil if they went into a buffer
	size  int     // of the push
	buf   *Buffer // nil if there are bytes
	held  bool    // buf is held for the slot: it has replaced the recorded one
	need  int     // bytes that the kernels launched with it take
	align int
}

func (s *slot) drop() {
	if s.held {
		s.buf.Drop()
		s.buf, s.held = nil, false
	}
}

// The kinds of slot in a binding: a slot's number is shifted left by one.
const (
	slotBind = 0
	slotPush = 1
)

func (p *Program) bindBuffer(b *Buffer, offset, index int) {
	rec := p.sendBuffer(b.ID, offset, index)
	if p.keep {
		p.binds = append(p.binds, slot{rec: rec, site: p.site(), buf: b})
	}
}

// pushBytes returns where the program has its copy of the bytes.
func (p *Program) pushBytes(data []byte, index int) *byte {
	data = p.bytes.copy(data)
	rec := p.list.Add(&p.forms.setBytes, p.encoder, uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(len(data)), uintptr(index))
	if p.keep {
		p.pushes = append(p.pushes, slot{rec: rec, site: p.site(), data: data, size: len(data)})
	}
	return unsafe.SliceData(data)
}

func (p *Program) pushBuffer(b *Buffer, index int) {
	rec := p.sendBuffer(b.ID, 0, index)
	if p.keep {
		p.pushes = append(p.pushes, slot{rec: rec, site: p.site(), size: b.Len, buf: b})
	}
}

func (p *Program) sendBuffer(id msgsend.ID, offset, index int) int {
	return p.list.Add(&p.forms.setBuffer, p.encoder, uintptr(id), uintptr(offset), uintptr(index))
}

// site is the number of the next slot among all.
func (p *Program) site() int { return len(p.binds) + len(p.pushes) }

// lastSlot is the number of the slot just recorded, as a binding has it.
func (p *Program) lastSlot(kind int) int32 {
	if kind == slotBind {
		return int32(len(p.binds)-1)<<1 | slotBind
	}
	return int32(len(p.pushes)-1)<<1 | slotPush
}

// needs notes what a launch takes from a slot.
func (p *Program) needs(number int32, a *Arg) {
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
		return fmt.Errorf("there is no slot %d: the recording has %s", number, slots(len(p.pushes), "push", "pushes"))
	}
	s := &p.pushes[number]
	if len(data) != s.size {
		return fmt.Errorf("slot %d has %d bytes and was given %d", number, s.size, len(data))
	}
	if s.data != nil {
		copy(s.data, data)
		p.changeBytes(s)
		return nil
	}
	if s.held && s.buf.Alone() { // no flight has it
		copy(unsafe.Slice((*byte)(mtl.BufferFromID(s.buf.ID).Contents()), s.size), data)
		return nil
	}
	b, err := p.queue.bufferOf(data)
	if err != nil {
		return err
	}
	p.replace(s, b, 0)
	return nil
}

// SetBuffer replaces the buffer and the offset that the slot-th BindBuffer recorded.
func (p *Program) SetBuffer(number int, b *Buffer, offset int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, err := p.bindSlot(number)
	if err != nil {
		return err
	}
	if reason, err := checkBuffer(b, p.lim.Device); reason != "" {
		return because(reason, err)
	}
	if err := s.checkOffset(b, offset); err != nil {
		return err
	}
	if !b.Hold() {
		return because("the buffer is closed", ErrClosed)
	}
	p.replace(s, b, offset)
	return nil
}

// SetOffset replaces the offset that the slot-th BindBuffer recorded, of the buffer that is there.
func (p *Program) SetOffset(number, offset int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, err := p.bindSlot(number)
	if err != nil {
		return err
	}
	if err := s.checkOffset(s.buf, offset); err != nil {
		return err
	}
	p.list.SetWord(s.rec, 1, uintptr(offset))
	p.changeBuffer(s, s.buf.ID, offset)
	return nil
}

func (p *Program) bindSlot(number int) (*slot, error) {
	if number < 0 || number >= len(p.binds) {
		return nil, fmt.Errorf("there is no slot %d: the recording has %s", number, slots(len(p.binds), "bound buffer", "bound buffers"))
	}
	return &p.binds[number], nil
}

// slots counts what a recording has of a kind.
func slots(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + many
	case 1:
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// checkOffset checks what the kernels launched with the slot want of a buffer from an offset on.
func (s *slot) checkOffset(b *Buffer, offset int) error {
	if reason := checkSpan(b, offset, max(1, s.need)); reason != "" {
		return because(reason, nil)
	}
	if s.align > 1 && offset%s.align != 0 {
		return fmt.Errorf("the offset %d is no multiple of the argument's alignment %d", offset, s.align)
	}
	return nil
}

// because makes an error of what a check has found.
func because(reason string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", reason, err)
	}
	return fmt.Errorf("%s", reason)
}

// replace makes b, which is held for the slot, the slot's buffer. p.mu is held.
func (p *Program) replace(s *slot, b *Buffer, offset int) {
	if !s.held {
		p.replaced = append(p.replaced, s)
	}
	s.drop()
	s.buf, s.held = b, true
	p.list.SetWord(s.rec, 0, uintptr(b.ID))
	p.list.SetWord(s.rec, 1, uintptr(offset))
	p.changeBuffer(s, b.ID, offset)
}

// holdSlots adds what has replaced recorded buffers to a flight: unlike what was recorded it may
// be replaced again while the flight is in the air. p.mu is held.
func (p *Program) holdSlots(holds []*Life) []*Life {
	for _, s := range p.replaced {
		s.buf.Keep()
		holds = append(holds, s.buf.Life)
	}
	return holds
}
