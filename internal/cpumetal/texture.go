package cpumetal

import (
	"fmt"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/texel"
)

// Texture usage, MTLTextureUsage.
const (
	UsageUnknown         = 0
	UsageShaderRead      = 1
	UsageShaderWrite     = 2
	UsageRenderTarget    = 4
	UsagePixelFormatView = 16
	UsageShaderAtomic    = 32
)

// TextureDescriptor says how to make a texture.
type TextureDescriptor struct {
	texel.Shape
	Options ResourceOptions
	Usage   uint64
	Swizzle texel.Swizzle
}

// Texture is memory with a format: a part of a Buffer's memory, of which it
// holds one reference. It never changes.
type Texture struct {
	*texel.Texture
	device  *Device
	storage *Buffer
	usage   uint64
	options ResourceOptions
	offset  uint64 // in storage, for a texture that shares a buffer's memory

	// Where it is a view: of the texture it is a view of.
	level, slice uint64

	usedBy atomic.Uint64 // serial of the command buffer that listed it last
}

// resourceIDs numbers textures and samplers for argument buffers. The numbers
// are never used twice, and none looks like a small integer.
var resourceIDs atomic.Uint64

const firstResource = 1 << 40

func newResourceID() uint64 { return firstResource + resourceIDs.Add(1) }

// NewTexture returns a texture of zeros, or why there is none.
// newTextureWithDescriptor:
func (d *Device) NewTexture(desc TextureDescriptor) (*Texture, error) {
	if err := desc.check(); err != nil {
		return nil, err
	}
	if desc.Type == texel.TypeBuffer {
		// A texture buffer is one row, however long.
		size := uint64(desc.Width * desc.Format.Size())
		b := d.NewBuffer(size, desc.Options)
		if b == nil {
			return nil, fmt.Errorf("%d bytes for a texture are not to be had", size)
		}
		return newTexture(d, texel.Linear(desc.Shape, b.mem, int(size)), b, desc), nil
	}
	_, _, size := desc.Layout()
	b := d.NewBuffer(uint64(size), desc.Options)
	if b == nil {
		return nil, fmt.Errorf("%d bytes for a texture are not to be had", size)
	}
	return newTexture(d, texel.New(desc.Shape, b.mem), b, desc), nil
}

func (desc *TextureDescriptor) check() error {
	switch {
	case desc.Options.Storage() == StorageMemoryless:
		return fmt.Errorf("a memoryless texture is of no use without rendering")
	case !desc.Options.valid():
		return fmt.Errorf("the resource options %#x are none that a texture can have", uint64(desc.Options))
	case desc.Usage&^(UsageShaderRead|UsageShaderWrite|UsageRenderTarget|UsagePixelFormatView|UsageShaderAtomic) != 0:
		return fmt.Errorf("the usage %#x has bits that no texture usage has", desc.Usage)
	}
	if err := desc.Shape.Check(); err != nil {
		return err
	}
	in, _ := desc.Format.Info()
	switch {
	case desc.Usage&UsageShaderWrite != 0 && !in.Write:
		return fmt.Errorf("textures of format %v cannot be written by kernels", desc.Format)
	case desc.Usage&UsageShaderAtomic != 0 && !in.Atomic:
		return fmt.Errorf("textures of format %v have no atomic operations", desc.Format)
	case desc.Usage&UsageShaderWrite != 0 && desc.Type.Multisample():
		return fmt.Errorf("textures of type %v cannot be written by kernels", desc.Type)
	}
	return nil
}

// newTexture makes a texture of storage, whose reference it takes.
func newTexture(d *Device, t *texel.Texture, storage *Buffer, desc TextureDescriptor) *Texture {
	t.ID = newResourceID()
	t.SetSwizzle(desc.Swizzle)
	made := &Texture{Texture: t, device: d, storage: storage, usage: desc.Usage, options: desc.Options}
	textures.add(t.ID, made)
	return made
}

// linearAlign is what offsets and rows of textures in buffers are multiples of.
const linearAlign = 16

// NewTexture returns a texture of one level that shares the buffer's memory
// from offset on. newTextureWithDescriptor:offset:bytesPerRow:
func (b *Buffer) NewTexture(desc TextureDescriptor, offset, row uint64) (*Texture, error) {
	if err := desc.check(); err != nil {
		return nil, err
	}
	least := uint64(desc.Width * desc.Format.Size())
	switch {
	case desc.Type != texel.Type2D && desc.Type != texel.TypeBuffer || desc.Levels != 1:
		return nil, fmt.Errorf("a texture that shares a buffer's memory is a 2D texture or texture buffer of one level, not of type %v and %d levels", desc.Type, desc.Levels)
	case offset%linearAlign != 0:
		return nil, fmt.Errorf("the offset %d of a texture in a buffer is no multiple of %d", offset, linearAlign)
	case row < least || desc.Type == texel.Type2D && row%linearAlign != 0:
		return nil, fmt.Errorf("a row of %d texels takes %d bytes, in a multiple of %d: not %d", desc.Width, least, linearAlign, row)
	case row > b.Length() || !inRange(b, offset, row*uint64(desc.Height-1)+least):
		return nil, fmt.Errorf("%d rows of %d bytes at offset %d are not in the buffer's %d bytes", desc.Height, row, offset, b.Length())
	case desc.Options.Storage() != b.options.Storage():
		return nil, fmt.Errorf("the texture's storage mode is not the buffer's")
	}
	b.retain()
	t := newTexture(b.device, texel.Linear(desc.Shape, b.mem[offset:], int(row)), b, desc)
	t.offset = offset
	return t, nil
}

// View returns a texture of the same memory. Slices of cubes are faces.
// newTextureViewWithPixelFormat:textureType:levels:slices:swizzle:
func (t *Texture) View(kind texel.Type, f texel.Format, level, levels, slice, slices uint64, swizzle texel.Swizzle) (*Texture, error) {
	if max(level, levels, slice, slices) > texel.MaxSize {
		return nil, fmt.Errorf("the view's levels or slices are not in the texture")
	}
	view, err := t.Texture.View(kind, f, int(level), int(levels), int(slice), int(slices), swizzle)
	if err != nil {
		return nil, err
	}
	old, _ := t.Format.Info()
	if now, _ := f.Info(); f != t.Format && t.usage&UsagePixelFormatView == 0 && !(old.Channels == now.Channels && old.SRGB != now.SRGB) {
		return nil, fmt.Errorf("a view of another format, %v, needs a texture with the usage PixelFormatView", f)
	}
	view.ID = newResourceID()
	t.storage.retain()
	made := &Texture{Texture: view, device: t.device, storage: t.storage, usage: t.usage, options: t.options, offset: t.offset, level: level, slice: slice}
	textures.add(view.ID, made)
	return made, nil
}

// Release gives up the texture's memory.
func (t *Texture) Release() {
	textures.remove(t.ID)
	t.storage.Release()
}

// Region is a box of texels, MTLRegion.
type Region struct{ Origin, Size Size3 }

// inLevel reports what is wrong with a region of a level and slice.
func (t *Texture) inLevel(r Region, level, slice uint64) error {
	switch {
	case level >= uint64(t.Levels):
		return fmt.Errorf("level %d is not among the texture's %d", level, t.Levels)
	case slice >= uint64(t.Slices()):
		return fmt.Errorf("slice %d is not among the texture's %d", slice, t.Slices())
	}
	l := t.Level(int(level))
	for i, n := range [3]int{l.Width, l.Height, l.Depth} {
		if o, s := r.Origin[i], r.Size[i]; o > uint64(n) || s > uint64(n)-o {
			return fmt.Errorf("%s %d to %d is outside of level %d, which is %d×%d×%d", [3]string{"x", "y", "z"}[i], o, o+s, level, l.Width, l.Height, l.Depth)
		}
	}
	return nil
}

// images says how the texels of a region lie in memory: texels of a row are
// neighbours, rows are row bytes apart, layers of depth image bytes.
type images struct {
	mem        []byte
	row, image uint64
}

// layout checks that mem holds the texels of a region.
func (t *Texture) layout(m *images, size Size3) error {
	least := size[0] * uint64(t.Format.Size()*t.Samples)
	switch {
	case size[1] > 1 && m.row < least || m.row != 0 && m.row < least:
		return fmt.Errorf("a row of %d texels takes %d bytes, not %d", size[0], least, m.row)
	case m.row == 0:
		m.row = least
	}
	switch {
	case m.image == 0:
		m.image = m.row * size[1]
	case size[2] > 1 && m.image < m.row*size[1]:
		return fmt.Errorf("an image of %d rows of %d bytes takes %d bytes, not %d", size[1], m.row, m.row*size[1], m.image)
	}
	return nil
}

// span returns how many bytes a region takes in memory, 0 if it is empty.
func (t *Texture) span(m images, size Size3) uint64 {
	if size[0] == 0 || size[1] == 0 || size[2] == 0 {
		return 0
	}
	return (size[2]-1)*m.image + (size[1]-1)*m.row + size[0]*uint64(t.Format.Size()*t.Samples)
}

// part returns where a region of a level of a slice lies.
func (t *Texture) part(origin Size3, level, slice uint64) images {
	l := t.Level(int(level))
	mem := t.Bytes(int(level), int(slice))
	at := int(origin[2])*l.Image + int(origin[1])*l.Row + int(origin[0])*t.Format.Size()*t.Samples
	return images{mem[at:], uint64(l.Row), uint64(l.Image)}
}

// copyImages copies a region of texels of n bytes.
func copyImages(dst, src images, size Size3, n uint64) {
	line := size[0] * n
	for z := range size[2] {
		for y := range size[1] {
			copy(dst.mem[z*dst.image+y*dst.row:][:line], src.mem[z*src.image+y*src.row:][:line])
		}
	}
}

func (t *Texture) texelSize() uint64 { return uint64(t.Format.Size() * t.Samples) }

// Replace copies from memory that holds a region's texels.
// replaceRegion:mipmapLevel:slice:withBytes:bytesPerRow:bytesPerImage:
func (t *Texture) Replace(r Region, level, slice uint64, src images) error {
	if err := t.transferable(r, level, slice, &src); err != nil {
		return err
	}
	if t.span(src, r.Size) > 0 {
		copyImages(t.part(r.Origin, level, slice), src, r.Size, t.texelSize())
	}
	return nil
}

// GetBytes copies a region's texels to memory.
// getBytes:bytesPerRow:bytesPerImage:fromRegion:mipmapLevel:slice:
func (t *Texture) GetBytes(dst images, r Region, level, slice uint64) error {
	if err := t.transferable(r, level, slice, &dst); err != nil {
		return err
	}
	if t.span(dst, r.Size) > 0 {
		copyImages(dst, t.part(r.Origin, level, slice), r.Size, t.texelSize())
	}
	return nil
}

// transferable checks a copy between a texture and the program's memory.
func (t *Texture) transferable(r Region, level, slice uint64, m *images) error {
	if t.options.Storage() == StoragePrivate {
		return fmt.Errorf("a private texture has no contents for the program: copy it with a blit encoder")
	}
	if t.Type.Multisample() {
		return fmt.Errorf("a multisample texture has no contents for the program")
	}
	if err := t.inLevel(r, level, slice); err != nil {
		return err
	}
	return t.layout(m, r.Size)
}
