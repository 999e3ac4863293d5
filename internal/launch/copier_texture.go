package launch

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

var (
	selCopyBufferToTexture = msgsend.Selector{Name: "copyFromBuffer:sourceOffset:sourceBytesPerRow:sourceBytesPerImage:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:"}
	selCopyTextureToBuffer = msgsend.Selector{Name: "copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toBuffer:destinationOffset:destinationBytesPerRow:destinationBytesPerImage:"}
	selCopyTextureRegion   = msgsend.Selector{Name: "copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:"}
	selCopyTexture         = msgsend.Selector{Name: "copyFromTexture:toTexture:"}
	selGenerateMipmaps     = msgsend.Selector{Name: "generateMipmapsForTexture:"}

	sigCopyBufferToTexture = msgsend.Signature{Encoding: "v@:@QQQ{?=QQQ}@QQ{?=QQQ}"}
	sigCopyTextureToBuffer = msgsend.Signature{Encoding: "v@:@QQ{?=QQQ}{?=QQQ}@QQQ"}
	sigCopyTextureRegion   = msgsend.Signature{Encoding: "v@:@QQ{?=QQQ}{?=QQQ}@QQ{?=QQQ}"}
)

// A Region is a box of texels of one level of one slice.
type Region struct {
	Origin, Size Size
	Level, Slice int
}

// Check reports what is wrong with a region of a texture, or "".
func (t *Texture) Check(r Region) string {
	switch {
	case r.Level < 0 || r.Level >= t.Shape.Levels:
		return fmt.Sprintf("level %d is not among the texture's %d", r.Level, t.Shape.Levels)
	case r.Slice < 0 || r.Slice >= t.Shape.Slices():
		return fmt.Sprintf("slice %d is not among the texture's %d", r.Slice, t.Shape.Slices())
	}
	w, h, d := t.Shape.LevelSize(r.Level)
	for i, n := range [3]int{w, h, d} {
		o, s := [3]int{r.Origin.X, r.Origin.Y, r.Origin.Z}[i], [3]int{r.Size.X, r.Size.Y, r.Size.Z}[i]
		if o < 0 || s < 1 || o > n || s > n-o {
			return fmt.Sprintf("%s %d to %d is empty or outside of level %d, which is %d×%d×%d", [3]string{"x", "y", "z"}[i], o, o+s, r.Level, w, h, d)
		}
	}
	return ""
}

// Rows returns the bytes from a row and from an image of a region to the next,
// and the bytes of all of it, where rows of row bytes are asked for; 0 is just
// as many as a row takes.
func (t *Texture) Rows(size Size, row int) (rowBytes, imageBytes, total int, reason string) {
	texel := t.Shape.Format.Size() * t.Shape.Samples
	least := size.X * texel
	switch {
	case row == 0:
		row = least
	case row < least:
		return 0, 0, 0, fmt.Sprintf("a row of %d texels takes %d bytes, not %d", size.X, least, row)
	}
	image := row * size.Y
	return row, image, image*(size.Z-1) + row*(size.Y-1) + least, ""
}

// texture checks and holds a texture and a region of it.
func (c *Copier) texture(op, which string, t *Texture, r *Region) bool {
	p := c.prog
	life, device := t.life()
	reason, err := p.checkObject("texture", life, device)
	if reason == "" && r != nil {
		reason = t.Check(*r)
	}
	if reason == "" && !t.Shape.Format.Valid() {
		reason = fmt.Sprintf("copies of %v are not supported", t.Shape.Format)
	}
	if reason != "" {
		p.fail(op, which+reason, err)
		return false
	}
	return true
}

// ToTexture is copyFromBuffer:…toTexture:….
func (c *Copier) ToTexture(dst *Texture, r Region, src *Buffer, off, row int) {
	const op = "CopyToTexture"
	p := c.prog
	if p.err != nil || !c.texture(op, "destination: ", dst, &r) {
		return
	}
	row, image, n, reason := dst.Rows(r.Size, row)
	if reason != "" {
		p.fail(op, reason, nil)
		return
	}
	if !c.bind(op, "source: ", src, off, n) {
		return
	}
	var f msgsend.Frame
	f.AddWord(uintptr(src.ID))
	f.AddWord(uintptr(off))
	f.AddWord(uintptr(row))
	f.AddWord(uintptr(image))
	addSize(&f, r.Size)
	f.AddWord(uintptr(dst.ID))
	f.AddWord(uintptr(r.Slice))
	f.AddWord(uintptr(r.Level))
	addSize(&f, r.Origin)
	p.send(p.list.SendFrame(0, &selCopyBufferToTexture, &sigCopyBufferToTexture, &f))
}

// FromTexture is copyFromTexture:…toBuffer:….
func (c *Copier) FromTexture(dst *Buffer, off, row int, src *Texture, r Region) {
	const op = "CopyFromTexture"
	p := c.prog
	if p.err != nil || !c.texture(op, "source: ", src, &r) {
		return
	}
	row, image, n, reason := src.Rows(r.Size, row)
	if reason != "" {
		p.fail(op, reason, nil)
		return
	}
	if !c.bind(op, "destination: ", dst, off, n) {
		return
	}
	var f msgsend.Frame
	f.AddWord(uintptr(src.ID))
	f.AddWord(uintptr(r.Slice))
	f.AddWord(uintptr(r.Level))
	addSize(&f, r.Origin)
	addSize(&f, r.Size)
	f.AddWord(uintptr(dst.ID))
	f.AddWord(uintptr(off))
	f.AddWord(uintptr(row))
	f.AddWord(uintptr(image))
	p.send(p.list.SendFrame(0, &selCopyTextureToBuffer, &sigCopyTextureToBuffer, &f))
}

// TextureRegion is copyFromTexture:…toTexture:destinationSlice:….
func (c *Copier) TextureRegion(dst *Texture, to Region, src *Texture, r Region) {
	const op = "CopyTextureRegion"
	p := c.prog
	to.Size = r.Size
	if p.err != nil || !c.texture(op, "source: ", src, &r) || !c.texture(op, "destination: ", dst, &to) {
		return
	}
	if reason := copyable(dst, src); reason != "" {
		p.fail(op, reason, nil)
		return
	}
	var f msgsend.Frame
	f.AddWord(uintptr(src.ID))
	f.AddWord(uintptr(r.Slice))
	f.AddWord(uintptr(r.Level))
	addSize(&f, r.Origin)
	addSize(&f, r.Size)
	f.AddWord(uintptr(dst.ID))
	f.AddWord(uintptr(to.Slice))
	f.AddWord(uintptr(to.Level))
	addSize(&f, to.Origin)
	p.send(p.list.SendFrame(0, &selCopyTextureRegion, &sigCopyTextureRegion, &f))
}

// copyable tells why texels cannot be copied from one texture to another.
func copyable(dst, src *Texture) string {
	switch {
	case dst.Shape.Format != src.Shape.Format:
		return fmt.Sprintf("a copy from the format %v to %v: it changes nothing, so they must be the same", src.Shape.Format, dst.Shape.Format)
	case dst.Shape.Samples != src.Shape.Samples:
		return fmt.Sprintf("a copy from %d samples a texel to %d", src.Shape.Samples, dst.Shape.Samples)
	}
	return ""
}

// Texture is copyFromTexture:toTexture:.
func (c *Copier) Texture(dst, src *Texture) {
	const op = "CopyTexture"
	p := c.prog
	if p.err != nil || !c.texture(op, "source: ", src, nil) || !c.texture(op, "destination: ", dst, nil) {
		return
	}
	reason := copyable(dst, src)
	if a, b := dst.Shape, src.Shape; reason == "" && (a.Type != b.Type || a.Width != b.Width || a.Height != b.Height || a.Depth != b.Depth ||
		a.Layers != b.Layers || a.Levels != b.Levels) {
		reason = "the textures have different shapes: copy regions"
	}
	if reason != "" {
		p.fail(op, reason, nil)
		return
	}
	p.list.SendTo(p.encoder, &selCopyTexture, uintptr(src.ID), uintptr(dst.ID))
}

// GenerateMipmaps is generateMipmapsForTexture:.
func (c *Copier) GenerateMipmaps(t *Texture) {
	const op = "GenerateMipmaps"
	p := c.prog
	if p.err != nil || !c.texture(op, "", t, nil) {
		return
	}
	if in, _ := t.Shape.Format.Info(); t.Shape.Levels < 2 || !in.Filter || in.Depth {
		p.fail(op, fmt.Sprintf("a texture of format %v and %d levels: it takes a colour format that can be filtered and more than one level", t.Shape.Format, t.Shape.Levels), nil)
		return
	}
	p.list.SendTo(p.encoder, &selGenerateMipmaps, uintptr(t.ID))
}
