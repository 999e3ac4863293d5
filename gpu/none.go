package gpu

import (
	"errors"
	"fmt"
)

// A nil object is what a call with an error has returned, a zero one no call has: both are
// none, and their methods return errors and zeros.

func (d *Device) none() bool   { return d == nil || d.h == nil }
func (q *Queue) none() bool    { return q == nil || q.h == nil }
func (l *Library) none() bool  { return l == nil || l.h == nil }
func (p *Pipeline) none() bool { return p == nil || p.h == nil }
func (b *Buffer) none() bool   { return b == nil || b.h == nil }
func (t *Texture) none() bool  { return t == nil || t.h == nil }
func (s *Sampler) none() bool  { return s == nil || s.h == nil }
func (h *Heap) none() bool     { return h == nil || h.h == nil }
func (f *Function) none() bool { return f == nil || f.h == nil }

func (c *Commands) none() bool { return c == nil || c.h == nil }
func (e *Encoder) none() bool  { return e == nil || e.e == nil }
func (c *Copier) none() bool   { return c == nil || c.c == nil }

func (f *Fence) none() bool       { return f == nil || f.o.h == nil }
func (e *Event) none() bool       { return e == nil || e.o.h == nil }
func (e *SharedEvent) none() bool { return e == nil || e.o.h == nil }

// errNone is a method's error for a receiver that is none.
func errNone(method, kind string) error {
	return fmt.Errorf("gpu: %s: the %s is nil, or no call has made it", method, kind)
}

func errNoContext(method string) error {
	return errors.New("gpu: " + method + ": the context is nil")
}
