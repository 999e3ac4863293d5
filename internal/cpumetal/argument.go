package cpumetal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// What is wrong with an argument that should be an object of this device.
var (
	errNoBuffer  = errors.New("the argument is no live MTLBuffer: was it released?")
	errNoTexture = errors.New("the argument is no live MTLTexture: was it released?")
	errNoSampler = errors.New("the argument is no live MTLSamplerState: was it released?")
)

// argSlot is what one [[id(n)]] of an argument buffer stands for.
type argSlot struct {
	id     uint64
	offset uint64
	t      types.Type // nil of a slot that a MTLArgumentDescriptor describes
	kind   slotKind
}

// slotKind is what a slot holds.
type slotKind uint8

const (
	slotConstant slotKind = iota // bytes
	slotBuffer                   // a device address
	slotTexture                  // a resource ID
	slotSampler
)

func (k slotKind) String() string {
	return [...]string{"constant data", "a buffer", "a texture", "a sampler"}[k]
}

// argLayout is how an argument buffer is laid out: as the struct in the
// kernel's source is, a pointer being a device address and a texture or sampler
// its resource ID. So a program may also write those itself.
type argLayout struct {
	slots       []argSlot // by id
	size, align uint64
}

// kindOf returns what a slot of type t holds.
func kindOf(t types.Type) slotKind {
	switch t.(type) {
	case *types.Pointer, *types.Reference:
		return slotBuffer
	case *types.Texture:
		return slotTexture
	case *types.Opaque:
		return slotSampler
	}
	return slotConstant
}

// layoutOf returns the layout of argument buffers that hold a t.
func layoutOf(t types.Type) *argLayout {
	l := &argLayout{size: uint64(t.Size()), align: uint64(t.Align())}
	next := uint64(0)
	l.add(t, 0, &next)
	slices.SortStableFunc(l.slots, func(a, b argSlot) int { return int(int64(a.id) - int64(b.id)) })
	return l
}

// add lists the slots of a t at offset; members without an id have the one
// after the member before them, and the elements of arrays one each.
func (l *argLayout) add(t types.Type, offset uint64, next *uint64) {
	switch t := t.(type) {
	case *types.Struct:
		for i := range t.Fields {
			f := &t.Fields[i]
			if f.ID >= 0 {
				*next = uint64(f.ID)
			}
			l.add(f.Type, offset+uint64(f.Offset), next)
		}
		return
	case *types.Array:
		if n := max(t.Len, 0); n < 1<<20 {
			for i := range n {
				l.add(t.Elem, offset+uint64(i*t.Elem.Size()), next)
			}
		}
		return
	}
	l.slots = append(l.slots, argSlot{*next, offset, t, kindOf(t)})
	*next++
}

// slot returns the slot of an id, nil if there is none.
func (l *argLayout) slot(id uint64) *argSlot {
	i, ok := slices.BinarySearchFunc(l.slots, id, func(s argSlot, id uint64) int { return int(int64(s.id) - int64(id)) })
	if !ok {
		return nil
	}
	return &l.slots[i]
}

// ArgumentEncoder writes resources into an argument buffer.
type ArgumentEncoder struct {
	layout *argLayout
	buffer *Buffer
	base   uint64
}

// SetBuffer makes the arguments at offset of b those that are written; nil
// takes them away. setArgumentBuffer:offset:
func (e *ArgumentEncoder) SetArgumentBuffer(b *Buffer, offset uint64) error {
	switch {
	case b == nil:
		e.buffer, e.base = nil, 0
		return nil
	case b.options.Storage() == StoragePrivate:
		return fmt.Errorf("the buffer is private: the program cannot write to it")
	case offset%e.layout.align != 0:
		return fmt.Errorf("the offset %d is no multiple of the alignment %d", offset, e.layout.align)
	case !inRange(b, offset, e.layout.size):
		return fmt.Errorf("%d bytes at offset %d are not in the buffer's %d", e.layout.size, offset, b.Length())
	}
	e.buffer, e.base = b, offset
	return nil
}

// at returns the memory of the slot of an id.
func (e *ArgumentEncoder) at(id uint64, kind slotKind) ([]byte, *argSlot, error) {
	s := e.layout.slot(id)
	switch {
	case e.buffer == nil:
		return nil, nil, fmt.Errorf("no argument buffer is set: setArgumentBuffer:offset: comes first")
	case s == nil:
		return nil, nil, fmt.Errorf("the argument buffer has no [[id(%d)]]", id)
	case s.kind != kind:
		return nil, nil, fmt.Errorf("[[id(%d)]] is %v, not %v", id, s.kind, kind)
	}
	return e.buffer.mem[e.base+s.offset : e.base+e.layout.size], s, nil
}

// set writes what stands for a resource.
func (e *ArgumentEncoder) set(id uint64, kind slotKind, word uint64) error {
	p, _, err := e.at(id, kind)
	if err == nil {
		binary.LittleEndian.PutUint64(p, word)
	}
	return err
}

// SetBuffer writes the address of a byte of b; nil writes 0.
func (e *ArgumentEncoder) SetBuffer(b *Buffer, offset, id uint64) error {
	word := uint64(0)
	if b != nil {
		if offset > b.Length() {
			return fmt.Errorf("the offset %d is past the end of the buffer's %d bytes", offset, b.Length())
		}
		word = b.address + offset
	}
	return e.set(id, slotBuffer, word)
}

// SetTexture writes the resource ID of t, which suits the slot; nil writes 0.
func (e *ArgumentEncoder) SetTexture(t *Texture, id uint64) error {
	if t == nil {
		return e.set(id, slotTexture, 0)
	}
	_, s, err := e.at(id, slotTexture)
	if err != nil {
		return err
	}
	if want, ok := s.t.(*types.Texture); ok && t.Type != want.Type {
		return fmt.Errorf("[[id(%d)]] is a texture of type %v, not %v", id, want.Type, t.Type)
	}
	return e.set(id, slotTexture, t.ID)
}

// SetSampler writes the resource ID of s, which was made for argument buffers;
// nil writes 0.
func (e *ArgumentEncoder) SetSampler(s *Sampler, id uint64) error {
	if s == nil {
		return e.set(id, slotSampler, 0)
	}
	if !s.argument {
		return fmt.Errorf("the sampler was made without supportArgumentBuffers")
	}
	return e.set(id, slotSampler, s.ID)
}

// Constant returns the memory of constant data.
func (e *ArgumentEncoder) Constant(id uint64) (unsafe.Pointer, error) {
	p, _, err := e.at(id, slotConstant)
	if err != nil {
		return nil, err
	}
	return unsafe.Pointer(unsafe.SliceData(p)), nil
}

// Nested returns an encoder for the argument buffer that the pointer at an id
// leads to, nil if it is none.
func (e *ArgumentEncoder) Nested(id uint64) *ArgumentEncoder {
	if s := e.layout.slot(id); s != nil {
		switch p := s.t.(type) {
		case *types.Pointer:
			return &ArgumentEncoder{layout: layoutOf(p.Elem)}
		case *types.Reference:
			return &ArgumentEncoder{layout: layoutOf(p.Elem)}
		}
	}
	return nil
}
