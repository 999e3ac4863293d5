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
	if c.none() {
		panic("gpu: Copier." + method + ": the copier is nil")
	}
	if !c.c.Open() {
		panic("gpu: Copier." + method + " after Finish: open a new copier")
	}
}

// SetLabel names the copier in tools, in errors and in EncoderTimes.
func (c *Copier) SetLabel(label string) {
	c.ready("SetLabel")
	c.c.Label(label)
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

// CopyToTexture copies texels from a buffer, from off on in rows of rowBytes (0: without gaps), to
// a region of a texture.
func (c *Copier) CopyToTexture(dst *Texture, r Region, src *Buffer, off, rowBytes int) {
	c.ready("CopyToTexture")
	if region, ok := c.region("CopyToTexture", dst, r); ok {
		c.c.ToTexture(dst.launchTexture(), region, src.launchBuffer(), off, rowBytes)
	}
}

// CopyFromTexture copies the texels of a region to a buffer, from off on in rows of rowBytes (0:
// without gaps).
func (c *Copier) CopyFromTexture(dst *Buffer, off, rowBytes int, src *Texture, r Region) {
	c.ready("CopyFromTexture")
	if region, ok := c.region("CopyFromTexture", src, r); ok {
		c.c.FromTexture(dst.launchBuffer(), off, rowBytes, src.launchTexture(), region)
	}
}

// CopyTexture copies all of src, every level and slice, to dst, which has the same shape and format.
func (c *Copier) CopyTexture(dst, src *Texture) {
	c.ready("CopyTexture")
	c.c.Texture(dst.launchTexture(), src.launchTexture())
}

// CopyTextureRegion copies a region of src to dst, whose region at gives the place and the level and
// slice, not the size.
func (c *Copier) CopyTextureRegion(dst *Texture, at Region, src *Texture, r Region) {
	c.ready("CopyTextureRegion")
	if region, ok := c.region("CopyTextureRegion", src, r); ok {
		to := launch.Region{Origin: launch.Size{X: at.X, Y: at.Y, Z: at.Z}, Level: at.Level, Slice: at.Slice}
		c.c.TextureRegion(dst.launchTexture(), to, src.launchTexture(), region)
	}
}

// GenerateMips makes every level but the first of the one before it, each texel the mean of those
// it stands for.
func (c *Copier) GenerateMips(t *Texture) {
	c.ready("GenerateMips")
	c.c.GenerateMipmaps(t.launchTexture())
}

// region fills in the zeros of a region.
func (c *Copier) region(op string, t *Texture, r Region) (launch.Region, bool) {
	if t.none() {
		c.c.Fail(op, "the texture is nil")
		return launch.Region{}, false
	}
	region, why := r.in(&t.h.of)
	if why != "" {
		c.c.Fail(op, why)
	}
	return region, why == ""
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
	if c.none() {
		return errors.New("gpu: Copier.Finish: the copier is nil")
	}
	if !c.c.Open() {
		return fmt.Errorf("gpu: Copier.Finish: finished before: %w", ErrClosed)
	}
	c.of.copier = nil
	return public(c.c.Finish(), "Finish")
}
