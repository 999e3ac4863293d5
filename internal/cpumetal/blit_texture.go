package cpumetal

import "fmt"

// A Place is a region's corner in a texture.
type Place struct {
	Origin       Size3
	Level, Slice uint64
}

// append records a copy that do makes, of textures and buffers that are kept.
func (e *BlitEncoder) append(do func()) {
	e.cb.commands = append(e.cb.commands, command{op: opBlit, encoder: e.index, do: do})
}

// check records what is wrong with a method's arguments. It reports whether
// nothing is.
func (e *BlitEncoder) check(method string, err error) bool {
	if err != nil {
		e.fail(CodeInvalidResource, "%s %v", method, err)
	}
	return err == nil
}

// region checks a region of a texture that may be nil.
func region(which string, t *Texture, p Place, size Size3) error {
	if t == nil {
		return fmt.Errorf("the %s texture is nil", which)
	}
	if err := t.inLevel(Region{p.Origin, size}, p.Level, p.Slice); err != nil {
		return fmt.Errorf("%s: %w", which, err)
	}
	return nil
}

// rows checks a region's rows in a buffer that may be nil.
func rows(which string, b *Buffer, offset uint64, t *Texture, m *images, size Size3) error {
	if b == nil {
		return fmt.Errorf("the %s buffer is nil", which)
	}
	if err := t.layout(m, size); err != nil {
		return err
	}
	if n := t.span(*m, size); !inRange(b, offset, n) {
		return fmt.Errorf("%d bytes at offset %d are not in the %s's %d bytes", n, offset, which, b.Length())
	}
	return nil
}

// CopyBufferToTexture copies texels from a buffer.
// copyFromBuffer:sourceOffset:sourceBytesPerRow:sourceBytesPerImage:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:
func (e *BlitEncoder) CopyBufferToTexture(src *Buffer, offset, row, image uint64, size Size3, dst *Texture, at Place) {
	const method = "copyFromBuffer:…toTexture:…:"
	if !e.usable(method) {
		return
	}
	m := images{row: row, image: image}
	if !e.check(method, region("destination", dst, at, size)) || !e.check(method, rows("source", src, offset, dst, &m, size)) {
		return
	}
	e.cb.use(src)
	e.cb.useTexture(dst)
	if dst.span(m, size) == 0 {
		return
	}
	e.append(func() {
		m.mem = src.mem[offset:]
		copyImages(dst.part(at.Origin, at.Level, at.Slice), m, size, dst.texelSize())
	})
}

// CopyTextureToBuffer copies texels to a buffer.
// copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toBuffer:destinationOffset:destinationBytesPerRow:destinationBytesPerImage:
func (e *BlitEncoder) CopyTextureToBuffer(src *Texture, at Place, size Size3, dst *Buffer, offset, row, image uint64) {
	const method = "copyFromTexture:…toBuffer:…:"
	if !e.usable(method) {
		return
	}
	m := images{row: row, image: image}
	if !e.check(method, region("source", src, at, size)) || !e.check(method, rows("destination", dst, offset, src, &m, size)) {
		return
	}
	e.cb.useTexture(src)
	e.cb.use(dst)
	if src.span(m, size) == 0 {
		return
	}
	e.append(func() {
		m.mem = dst.mem[offset:]
		copyImages(m, src.part(at.Origin, at.Level, at.Slice), size, src.texelSize())
	})
}

// alike reports why texels cannot be copied from one texture to another.
func alike(src, dst *Texture) error {
	a, b := src.Info(), dst.Info()
	switch {
	case a.Size != b.Size || src.Format != dst.Format && (a.Channels != b.Channels || a.SRGB == b.SRGB):
		return fmt.Errorf("texels of format %v cannot be copied to a texture of format %v", src.Format, dst.Format)
	case src.Samples != dst.Samples:
		return fmt.Errorf("texels of %d samples cannot be copied to a texture of %d", src.Samples, dst.Samples)
	}
	return nil
}

// CopyRegion copies texels from one texture to another.
// copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:
func (e *BlitEncoder) CopyRegion(src *Texture, from Place, size Size3, dst *Texture, to Place) {
	const method = "copyFromTexture:…toTexture:…destinationOrigin:"
	if !e.usable(method) || !e.check(method, region("source", src, from, size)) || !e.check(method, region("destination", dst, to, size)) ||
		!e.check(method, alike(src, dst)) {
		return
	}
	e.cb.useTexture(src)
	e.cb.useTexture(dst)
	if size[0] == 0 || size[1] == 0 || size[2] == 0 {
		return
	}
	e.append(func() {
		copyImages(dst.part(to.Origin, to.Level, to.Slice), src.part(from.Origin, from.Level, from.Slice), size, src.texelSize())
	})
}

// CopySlices copies whole levels of slices.
// copyFromTexture:sourceSlice:sourceLevel:toTexture:destinationSlice:destinationLevel:sliceCount:levelCount:
func (e *BlitEncoder) CopySlices(src *Texture, from Place, dst *Texture, to Place, slices, levels uint64) {
	const method = "copyFromTexture:…sliceCount:levelCount:"
	if !e.usable(method) {
		return
	}
	if slices > 1<<16 || levels > 32 {
		e.fail(CodeInvalidResource, "%s %d slices of %d levels are not in the textures", method, slices, levels)
		return
	}
	for slice := range slices {
		for level := range levels {
			a, b := Place{Level: from.Level + level, Slice: from.Slice + slice}, Place{Level: to.Level + level, Slice: to.Slice + slice}
			if !e.check(method, region("source", src, a, Size3{})) || !e.check(method, region("destination", dst, b, Size3{})) {
				return
			}
			s, d := src.Level(int(a.Level)), dst.Level(int(b.Level))
			if s.Width != d.Width || s.Height != d.Height || s.Depth != d.Depth {
				e.fail(CodeInvalidResource, "%s level %d of the source is %d×%d×%d, level %d of the destination %d×%d×%d",
					method, a.Level, s.Width, s.Height, s.Depth, b.Level, d.Width, d.Height, d.Depth)
				return
			}
			e.CopyRegion(src, a, Size3{uint64(s.Width), uint64(s.Height), uint64(s.Depth)}, dst, b)
		}
	}
}

// CopyTexture copies a whole texture to one of the same shape.
// copyFromTexture:toTexture:
func (e *BlitEncoder) CopyTexture(src, dst *Texture) {
	const method = "copyFromTexture:toTexture:"
	if !e.usable(method) || !e.check(method, region("source", src, Place{}, Size3{})) || !e.check(method, region("destination", dst, Place{}, Size3{})) {
		return
	}
	if src.Slices() != dst.Slices() || src.Levels != dst.Levels {
		e.fail(CodeInvalidResource, "%s the source has %d slices of %d levels, the destination %d of %d", method, src.Slices(), src.Levels, dst.Slices(), dst.Levels)
		return
	}
	e.CopySlices(src, Place{}, dst, Place{}, uint64(src.Slices()), uint64(src.Levels))
}

// GenerateMipmaps makes the levels of a texture from its first.
// generateMipmapsForTexture:
func (e *BlitEncoder) GenerateMipmaps(t *Texture) {
	const method = "generateMipmapsForTexture:"
	if !e.usable(method) || !e.check(method, region("argument", t, Place{}, Size3{})) {
		return
	}
	if in := t.Info(); !in.Filter || in.Depth || t.Levels < 2 {
		e.fail(CodeInvalidResource, "%s a texture of format %v and %d levels: it takes a colour format that can be filtered and more than one level", method, t.Format, t.Levels)
		return
	}
	e.cb.useTexture(t)
	e.append(t.GenerateMipmaps)
}

// Touch takes the optimize… and synchronize… methods of a level of a texture,
// which have nothing to do here.
func (e *BlitEncoder) Touch(method string, t *Texture, level, slice uint64) {
	if e.usable(method) && e.check(method, region("argument", t, Place{Level: level, Slice: slice}, Size3{})) {
		e.cb.useTexture(t)
	}
}
