package gpu

import (
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// A Copier records copies between buffers, private ones too: a MTLBlitCommandEncoder. Its manners
// are those of an Encoder.
type Copier struct {
	c     *launch.Copier
	of    *commands
	owner *Commands
}

func (c *Copier) ready(method string) {
	if c == nil {
		panic("gpu: Copier." + method + ": the copier is nil")
	}
	if !c.c.Open() {
		panic("gpu: Copier." + method + " after Finish: open a new copier")
	}
}

// Copy copies n bytes from src at srcOff to dst at dstOff. The ranges must not overlap.
func (c *Copier) Copy(dst *Buffer, dstOff int, src *Buffer, srcOff, n int) {
	c.ready("Copy")
	c.c.Copy(dst.launchBuffer(), dstOff, src.launchBuffer(), srcOff, n)
}

// Fill sets n bytes of dst from off on to value.
func (c *Copier) Fill(dst *Buffer, off, n int, value byte) {
	c.ready("Fill")
	c.c.Fill(dst.launchBuffer(), off, n, value)
}

// WaitFence makes the copier wait until f was updated by an encoder before it.
func (c *Copier) WaitFence(f *Fence) {
	c.ready("WaitFence")
	c.c.Fence(f.object(), true)
}

// UpdateFence updates f when the copies are done.
func (c *Copier) UpdateFence(f *Fence) {
	c.ready("UpdateFence")
	c.c.Fence(f.object(), false)
}

// Finish ends the copier and returns the first error. It may be called once.
func (c *Copier) Finish() error {
	if c == nil {
		return errors.New("gpu: Copier.Finish: the copier is nil")
	}
	if !c.c.Open() {
		return fmt.Errorf("gpu: Copier.Finish: finished before: %w", ErrClosed)
	}
	c.of.copier = nil
	return public(c.c.Finish(), "Finish")
}
