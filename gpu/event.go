package gpu

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Fence orders encoders whose resources Metal does not track: a MTLFence. It is for any
// goroutine.
type Fence struct{ o object }

// An Event orders work across the queues of one device: a MTLEvent. Its value only grows. It is
// for any goroutine.
type Event struct{ o object }

// A SharedEvent is an Event that the CPU can read, set and wait for: a MTLSharedEvent. It is for
// any goroutine.
type SharedEvent struct{ o object }

// object is what fences and events have in common.
type object struct {
	h   *launch.Object
	net runtime.Cleanup
}

func (d *device) newObject(raw mtl.Object) object {
	d.life.Keep()
	return object{h: &launch.Object{
		Life:   launch.NewLife(func() { raw.Release(); d.life.Drop() }),
		ID:     raw.ID(),
		Device: d.limits.Device,
	}}
}

// Fence makes a fence. The caller closes it.
func (d *Device) Fence() (*Fence, error) {
	if err := d.use("Fence"); err != nil {
		return nil, err
	}
	defer d.done()
	raw := d.h.raw.NewFence()
	if raw.IsNil() {
		return nil, fmt.Errorf("gpu: Device.Fence: the device gave none: %w", ErrUnsupported)
	}
	f := &Fence{d.h.newObject(raw.Object)}
	f.o.net = runtime.AddCleanup(f, func(h *launch.Object) { forgotten(h.Life, "Fence", "") }, f.o.h)
	return f, nil
}

// Event makes an event whose value is 0. The caller closes it.
func (d *Device) Event() (*Event, error) {
	if err := d.use("Event"); err != nil {
		return nil, err
	}
	defer d.done()
	raw := d.h.raw.NewEvent()
	if raw.IsNil() {
		return nil, fmt.Errorf("gpu: Device.Event: the device gave none: %w", ErrUnsupported)
	}
	e := &Event{d.h.newObject(raw.Object)}
	e.o.net = runtime.AddCleanup(e, func(h *launch.Object) { forgotten(h.Life, "Event", "") }, e.o.h)
	return e, nil
}

// SharedEvent makes a shared event whose value is 0. The caller closes it.
func (d *Device) SharedEvent() (*SharedEvent, error) {
	if err := d.use("SharedEvent"); err != nil {
		return nil, err
	}
	defer d.done()
	raw := d.h.raw.NewSharedEvent()
	if raw.IsNil() {
		return nil, fmt.Errorf("gpu: Device.SharedEvent: the device gave none: %w", ErrUnsupported)
	}
	e := &SharedEvent{d.h.newObject(raw.Object)}
	e.o.net = runtime.AddCleanup(e, func(h *launch.Object) { forgotten(h.Life, "SharedEvent", "") }, e.o.h)
	return e, nil
}

// close ends the owner's use.
func (o *object) close() {
	if o.h.Close() {
		o.net.Stop()
	}
}

// Raw is the MTLFence. The Fence owns it: retain what is to outlive Close.
func (f *Fence) Raw() objc.ID {
	if f.none() {
		return 0
	}
	return f.o.h.ID
}

// Close ends the use of the fence; what is in flight keeps it. Close may be called again and on
// nil.
func (f *Fence) Close() error {
	if !f.none() {
		f.o.close()
	}
	return nil
}

func (f *Fence) object() *launch.Object {
	if f.none() {
		return nil
	}
	return f.o.h
}

// Raw is the MTLEvent. The Event owns it: retain what is to outlive Close.
func (e *Event) Raw() objc.ID {
	if e.none() {
		return 0
	}
	return e.o.h.ID
}

// Close ends the use of the event; what is in flight keeps it. Close may be called again and on
// nil.
func (e *Event) Close() error {
	if !e.none() {
		e.o.close()
	}
	return nil
}

// Raw is the MTLSharedEvent. The SharedEvent owns it: retain what is to outlive Close.
func (e *SharedEvent) Raw() objc.ID {
	if e.none() {
		return 0
	}
	return e.o.h.ID
}

// Close ends the use of the event; what is in flight keeps it. Close may be called again and on
// nil.
func (e *SharedEvent) Close() error {
	if !e.none() {
		e.o.close()
	}
	return nil
}

// use holds the event for one call, or says why it cannot be used.
func (e *SharedEvent) use(op string) error {
	if e.none() {
		return fmt.Errorf("gpu: SharedEvent.%s: the event is nil", op)
	}
	if !e.o.h.Hold() {
		return fmt.Errorf("gpu: SharedEvent.%s: the event is closed: %w", op, ErrClosed)
	}
	return nil
}

// Value is the event's value now; 0 if it is closed.
func (e *SharedEvent) Value() uint64 {
	if e.use("Value") != nil {
		return 0
	}
	defer e.o.h.Drop()
	return mtl.SharedEventFromID(e.o.h.ID).SignaledValue()
}

// Set sets the event's value to v, as Commands.Signal does when the device reaches it. Let values
// grow: a wait is over once the value is large enough, and does not see one that fell again.
func (e *SharedEvent) Set(v uint64) error {
	if err := e.use("Set"); err != nil {
		return err
	}
	defer e.o.h.Drop()
	mtl.SharedEventFromID(e.o.h.ID).SetSignaledValue(v)
	return nil
}

// Wait waits until the event's value is at least v, or until d has passed: then the error is
// ErrTimeout. Work that failed need not signal, and its signal tells nothing of
// the failure, so wait for Commands where you can.
func (e *SharedEvent) Wait(v uint64, d time.Duration) error {
	if err := e.use("Wait"); err != nil {
		return err
	}
	defer e.o.h.Drop()
	ms := max(0, d/time.Millisecond)
	if d > ms*time.Millisecond {
		ms++ // not less than d
	}
	if !mtl.SharedEventFromID(e.o.h.ID).WaitUntilSignaledValue(v, uint64(ms)) {
		return fmt.Errorf("gpu: SharedEvent.Wait: the value is below %d after %v: %w", v, d, ErrTimeout)
	}
	return nil
}

// A Signal is an Event or a SharedEvent.
type Signal interface{ signal() *launch.Object }

func (e *Event) signal() *launch.Object {
	if e.none() {
		return nil
	}
	return e.o.h
}

func (e *SharedEvent) signal() *launch.Object {
	if e.none() {
		return nil
	}
	return e.o.h
}

// Signal sets the event to value when everything recorded before it is done. It is recorded
// between encoders.
func (c *Commands) Signal(e Signal, value uint64) error { return c.event("Signal", e, value, false) }

// Await keeps what is recorded after it from running before the event's value is at least value.
// It is recorded between encoders.
func (c *Commands) Await(e Signal, value uint64) error { return c.event("Await", e, value, true) }

func (c *Commands) event(op string, e Signal, value uint64, wait bool) error {
	if err := c.mayOpen(op); err != nil {
		return err
	}
	if e == nil {
		return errors.New("gpu: Commands." + op + ": the event is nil")
	}
	c.h.prog.Event(op, e.signal(), value, wait)
	return public(c.h.prog.Err(), op)
}
