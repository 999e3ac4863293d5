package gpu

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/internal/texel"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// TextureType is the shape of a texture, MTLTextureType. The zero value is that of an image.
type TextureType int

const (
	Texture2D TextureType = iota
	Texture2DArray
	Texture2DMultisample
	Texture2DMultisampleArray
	Texture1D
	Texture1DArray
	Texture3D
	TextureCube
	TextureCubeArray
	TextureBuffer
)

// textureTypes are Metal's numbers.
var textureTypes = [...]texel.Type{
	Texture2D: texel.Type2D, Texture2DArray: texel.Type2DArray, Texture2DMultisample: texel.Type2DMultisample,
	Texture2DMultisampleArray: texel.Type2DMultisampleArray, Texture1D: texel.Type1D, Texture1DArray: texel.Type1DArray,
	Texture3D: texel.Type3D, TextureCube: texel.TypeCube, TextureCubeArray: texel.TypeCubeArray, TextureBuffer: texel.TypeBuffer,
}

func textureType(t mtl.TextureType) TextureType {
	for i, have := range textureTypes {
		if mtl.TextureType(have) == t {
			return TextureType(i)
		}
	}
	return TextureType(-1)
}

// String is the end of MSL's name of the type: "2d_array".
func (t TextureType) String() string {
	if t < 0 || int(t) >= len(textureTypes) {
		return fmt.Sprintf("TextureType(%d)", int(t))
	}
	return textureTypes[t].String()
}

// TextureUsage is what kernels may do with a texture, MTLTextureUsage.
type TextureUsage int

const (
	UsageRead   TextureUsage = 1  // access::read and access::sample
	UsageWrite  TextureUsage = 2  // access::write
	UsageView   TextureUsage = 16 // Texture.View with another pixel format
	UsageAtomic TextureUsage = 32 // atomic operations on texels
)

// AllMips is TextureDescriptor.Mips for as many levels as there can be: down to one texel.
const AllMips = -1

// A TextureDescriptor says how to make a texture. Format and Width are needed; what is zero
// otherwise is what a plain image has.
type TextureDescriptor struct {
	Type          TextureType
	Format        PixelFormat
	Width         int          // in texels
	Height, Depth int          // 0 is 1
	Layers        int          // of an array: its length; 0 is 1
	Mips          int          // levels: 0 is 1, see AllMips
	Samples       int          // of a multisample texture: 2, 4 or 8
	Usage         TextureUsage // 0 is UsageRead, and UsageWrite if the format can be written
	Private       bool         // for the device alone: its texels are reached by a Copier only
	Label         string
}

// shape is the descriptor with zeros filled in.
func (d *TextureDescriptor) shape() (s texel.Shape, err error) {
	if d.Type < 0 || int(d.Type) >= len(textureTypes) {
		return s, fmt.Errorf("%v is no type of textures", d.Type)
	}
	s = texel.Shape{Type: textureTypes[d.Type], Format: texel.Format(d.Format), Width: d.Width, Height: d.Height, Depth: d.Depth, Layers: d.Layers, Levels: d.Mips, Samples: d.Samples}
	for _, p := range []*int{&s.Height, &s.Depth, &s.Layers, &s.Levels, &s.Samples} {
		if *p == 0 {
			*p = 1
		}
	}
	if s.Levels == AllMips {
		s.Levels = 1
		if err := s.Check(); err != nil {
			return s, err
		}
		s.Levels = s.MaxLevels()
	}
	return s, s.Check()
}

// A Texture is an image on the device that kernels read, sample and write: a MTLTexture. It is for
// any goroutine; its texels are guarded by nothing.
type Texture struct {
	h   *texture
	net runtime.Cleanup
}

type texture struct {
	of      launch.Texture
	raw     mtl.Texture
	dev     *device
	private bool
	label   atomic.Pointer[string]
}

// Texture makes a texture. Its texels are zero, or undefined if it is private. The caller closes it.
func (d *Device) Texture(desc TextureDescriptor) (*Texture, error) {
	if err := d.use("Texture"); err != nil {
		return nil, err
	}
	defer d.done()
	md, err := desc.raw()
	if err != nil {
		return nil, fmt.Errorf("gpu: Device.Texture: %w", err)
	}
	defer md.Release()
	return d.h.wrapTexture("Device.Texture", d.h.raw.NewTexture(md), desc.Label)
}

// raw makes the MTLTextureDescriptor, which the caller releases.
func (desc *TextureDescriptor) raw() (mtl.TextureDescriptor, error) {
	s, err := desc.shape()
	if err != nil {
		return mtl.TextureDescriptor{}, err
	}
	in, _ := s.Format.Info()
	usage := desc.Usage
	if usage == 0 {
		usage = UsageRead
		if in.Write && !s.Type.Multisample() {
			usage |= UsageWrite
		}
	}
	if usage&UsageWrite != 0 && !in.Write {
		return mtl.TextureDescriptor{}, fmt.Errorf("textures of format %v cannot be written by kernels", s.Format)
	}
	if usage&UsageAtomic != 0 && !in.Atomic {
		return mtl.TextureDescriptor{}, fmt.Errorf("textures of format %v have no atomic operations", s.Format)
	}
	md := mtl.NewTextureDescriptor()
	md.SetTextureType(mtl.TextureType(s.Type))
	md.SetPixelFormat(mtl.PixelFormat(s.Format))
	md.SetWidth(uint(s.Width))
	md.SetHeight(uint(s.Height))
	md.SetDepth(uint(s.Depth))
	md.SetArrayLength(uint(s.Layers))
	md.SetMipmapLevelCount(uint(s.Levels))
	md.SetSampleCount(uint(s.Samples))
	md.SetUsage(mtl.TextureUsage(usage))
	mode := mtl.StorageModeShared
	if desc.Private {
		mode = mtl.StorageModePrivate
	}
	md.SetStorageMode(mode)
	return md, nil
}

// wrapTexture takes over raw.
func (d *device) wrapTexture(op string, raw mtl.Texture, label string) (*Texture, error) {
	if raw.IsNil() {
		return nil, fmt.Errorf("gpu: %s: the device gave no texture: %w", op, ErrMemory)
	}
	h := &texture{raw: raw, dev: d, private: raw.StorageMode() == mtl.StorageModePrivate}
	d.life.Keep()
	h.of = launch.Texture{
		Life:   launch.NewLife(func() { raw.Release(); d.life.Drop() }),
		ID:     raw.ID(),
		Device: d.limits.Device,
		Usage:  raw.Usage(),
		Shape: texel.Shape{Type: texel.Type(raw.TextureType()), Format: texel.Format(raw.PixelFormat()), Width: int(raw.Width()), Height: int(raw.Height()),
			Depth: int(raw.Depth()), Layers: int(raw.ArrayLength()), Levels: int(raw.MipmapLevelCount()), Samples: int(raw.SampleCount())},
	}
	t := &Texture{h: h}
	t.net = runtime.AddCleanup(t, func(h *texture) { forgotten(h.of.Life, "Texture", h.name()) }, h)
	if label != "" {
		t.SetLabel(label)
	}
	return t, nil
}

func (h *texture) name() string {
	if l := h.label.Load(); l != nil {
		return *l
	}
	return ""
}

func (t *Texture) shape() texel.Shape {
	if t.none() {
		return texel.Shape{}
	}
	return t.h.of.Shape
}

// Type is the texture's shape.
func (t *Texture) Type() TextureType {
	if t.none() {
		return 0
	}
	return textureType(mtl.TextureType(t.h.of.Shape.Type))
}

// Format is how its texels are stored.
func (t *Texture) Format() PixelFormat { return PixelFormat(t.shape().Format) }

// Width, Height and Depth are its size in texels.
func (t *Texture) Width() int  { return t.shape().Width }
func (t *Texture) Height() int { return t.shape().Height }
func (t *Texture) Depth() int  { return t.shape().Depth }

// Layers is the length of an array, else 1. Mips is how many levels there are.
func (t *Texture) Layers() int { return t.shape().Layers }
func (t *Texture) Mips() int   { return t.shape().Levels }

// ResourceID is what stands for the texture in an argument buffer: eight bytes, MTLResourceID. See
// Encoder.UseTexture.
func (t *Texture) ResourceID() uint64 {
	if t.none() || !t.h.of.Hold() {
		return 0
	}
	defer t.h.of.Drop()
	return t.h.raw.GPUResourceID().Impl
}

// A Region is a box of texels of one level of one slice. A size of 0 reaches to the texture's end.
type Region struct {
	X, Y, Z              int
	Width, Height, Depth int
	Level                int
	Slice                int // of an array; of a cube its face, of a cube array six times the cube and the face
}

// in returns the region with zeros filled in, of a texture.
func (r Region) in(t *launch.Texture) (launch.Region, string) {
	w, h, d := t.Shape.LevelSize(max(0, min(r.Level, 30)))
	out := launch.Region{Origin: launch.Size{X: r.X, Y: r.Y, Z: r.Z}, Size: launch.Size{X: r.Width, Y: r.Height, Z: r.Depth}, Level: r.Level, Slice: r.Slice}
	if r.Width == 0 {
		out.Size.X = w - r.X
	}
	if r.Height == 0 {
		out.Size.Y = h - r.Y
	}
	if r.Depth == 0 {
		out.Size.Z = d - r.Z
	}
	return out, t.Check(out)
}

// Upload copies texels from data, row by row without gaps, to a region of a texture that is not
// private. No work in flight may use the region.
func (t *Texture) Upload(r Region, data []byte) error { return t.UploadRows(r, data, 0) }

// UploadRows is Upload of rows that begin rowBytes apart.
func (t *Texture) UploadRows(r Region, data []byte, rowBytes int) error {
	return t.transfer("Upload", r, data, rowBytes, func(m mtl.Region, level, slice uint, p unsafe.Pointer, row, image uint) {
		t.h.raw.ReplaceRegionInSlice(m, level, slice, p, row, image)
	})
}

// Download copies the texels of a region to data, row by row without gaps.
func (t *Texture) Download(r Region, data []byte) error { return t.DownloadRows(r, data, 0) }

// DownloadRows is Download to rows that begin rowBytes apart.
func (t *Texture) DownloadRows(r Region, data []byte, rowBytes int) error {
	return t.transfer("Download", r, data, rowBytes, func(m mtl.Region, level, slice uint, p unsafe.Pointer, row, image uint) {
		t.h.raw.GetBytesFromSlice(p, row, image, m, level, slice)
	})
}

// transfer checks a copy between a texture and memory and has do make it.
func (t *Texture) transfer(op string, r Region, data []byte, rowBytes int, do func(m mtl.Region, level, slice uint, p unsafe.Pointer, row, image uint)) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("gpu: Texture.%s: "+format, append([]any{op}, args...)...)
	}
	switch {
	case t.none():
		return fail("the texture is nil")
	case t.h.private:
		return fail("%w", ErrPrivate)
	case t.h.of.Shape.Type.Multisample():
		return fail("a multisample texture is reached by kernels only")
	case !t.h.of.Shape.Format.Valid():
		return fail("%v: %w", t.h.of.Shape.Format, ErrUnsupported)
	case !t.h.of.Hold():
		return fail("the texture is closed: %w", ErrClosed)
	}
	defer t.h.of.Drop()
	defer runtime.KeepAlive(t)
	region, why := r.in(&t.h.of)
	if why != "" {
		return fail("%s", why)
	}
	row, image, n, why := t.h.of.Rows(region.Size, rowBytes)
	switch {
	case why != "":
		return fail("%s", why)
	case len(data) < n:
		return fail("the region takes %d bytes and was given %d", n, len(data))
	}
	m := mtl.Region{Origin: mtl.MakeOrigin(uint(region.Origin.X), uint(region.Origin.Y), uint(region.Origin.Z)),
		Size: mtl.MakeSize(uint(region.Size.X), uint(region.Size.Y), uint(region.Size.Z))}
	if region.Size.Z == 1 {
		image = 0 // as Metal wants it where there is but one
	}
	do(m, uint(region.Level), uint(region.Slice), unsafe.Pointer(unsafe.SliceData(data)), uint(row), uint(image))
	runtime.KeepAlive(data)
	return nil
}

// A ViewDescriptor says which part of a texture a view shows, and as what. The zero value shows all
// of it as it is.
type ViewDescriptor struct {
	Type          TextureType // as it is for a view of the texture's own type
	Format        PixelFormat // 0 is the texture's own; another needs UsageView and texels of the same size
	Level, Levels int         // 0 levels are all from Level on
	Slice, Slices int         // 0 slices are all from Slice on; faces of a cube are slices
	Swizzle       string      // where r, g, b and a are read from, such as "bgra", "rrr1", "0001"; "" changes nothing
}

// View makes a texture of the same memory, which it keeps. The caller closes it.
func (t *Texture) View(v ViewDescriptor) (*Texture, error) {
	fail := func(format string, args ...any) (*Texture, error) {
		return nil, fmt.Errorf("gpu: Texture.View: "+format, args...)
	}
	if t.none() {
		return fail("the texture is nil")
	}
	if !t.h.of.Hold() {
		return fail("the texture is closed: %w", ErrClosed)
	}
	defer t.h.of.Drop()
	s := t.h.of.Shape
	kind, format := s.Type, s.Format
	if v != (ViewDescriptor{}) && (v.Type != 0 || v.Slices != 0) {
		if v.Type < 0 || int(v.Type) >= len(textureTypes) {
			return fail("%v is no type of textures", v.Type)
		}
		kind = textureTypes[v.Type]
	}
	if v.Format != 0 {
		format = texel.Format(v.Format)
	}
	if v.Levels == 0 {
		v.Levels = s.Levels - v.Level
	}
	if v.Slices == 0 {
		v.Slices = s.Slices() - v.Slice
	}
	swizzle, err := swizzleOf(v.Swizzle)
	if err != nil {
		return fail("%w", err)
	}
	switch {
	case v.Level < 0 || v.Levels < 1 || v.Level+v.Levels > s.Levels:
		return fail("levels %d to %d are not in the texture's %d", v.Level, v.Level+v.Levels-1, s.Levels)
	case v.Slice < 0 || v.Slices < 1 || v.Slice+v.Slices > s.Slices():
		return fail("slices %d to %d are not in the texture's %d", v.Slice, v.Slice+v.Slices-1, s.Slices())
	case format != s.Format && format.Size() != s.Format.Size():
		return fail("texels of format %v have %d bytes, and those of %v have %d", s.Format, s.Format.Size(), format, format.Size())
	case format != s.Format && t.h.of.Usage&mtl.TextureUsagePixelFormatView == 0:
		return fail("a view of another format needs a texture with UsageView")
	}
	levels := mtl.Range{Location: uint(v.Level), Length: uint(v.Levels)}
	slices := mtl.Range{Location: uint(v.Slice), Length: uint(v.Slices)}
	raw := t.h.raw.NewTextureViewWithSwizzle(mtl.PixelFormat(format), mtl.TextureType(kind), levels, slices, swizzle)
	if raw.IsNil() {
		return fail("a %v texture of format %v cannot be shown as a %v texture of format %v", s.Type, s.Format, kind, format)
	}
	return t.h.dev.wrapTexture("Texture.View", raw, "")
}

// swizzleOf reads a swizzle such as "bgra".
func swizzleOf(text string) (mtl.TextureSwizzleChannels, error) {
	if text == "" {
		text = "rgba"
	}
	var c [4]mtl.TextureSwizzle
	for i := range c {
		if len(text) != 4 {
			return mtl.TextureSwizzleChannels{}, fmt.Errorf("the swizzle %q has not four channels", text)
		}
		switch text[i] {
		case '0':
			c[i] = mtl.TextureSwizzleZero
		case '1':
			c[i] = mtl.TextureSwizzleOne
		case 'r':
			c[i] = mtl.TextureSwizzleRed
		case 'g':
			c[i] = mtl.TextureSwizzleGreen
		case 'b':
			c[i] = mtl.TextureSwizzleBlue
		case 'a':
			c[i] = mtl.TextureSwizzleAlpha
		default:
			return mtl.TextureSwizzleChannels{}, fmt.Errorf("%q in the swizzle %q is none of r, g, b, a, 0 and 1", text[i], text)
		}
	}
	return mtl.TextureSwizzleChannels{Red: c[0], Green: c[1], Blue: c[2], Alpha: c[3]}, nil
}

// Texture makes a texture that shares the buffer's memory from an offset on, in rows of rowBytes:
// Width × Format.Size bytes or more. Offset and rowBytes are multiples of 256, or of what the device
// asks for. It has one level and keeps the memory. The caller closes it.
func (b *Buffer) Texture(desc TextureDescriptor, offset, rowBytes int) (*Texture, error) {
	fail := func(format string, args ...any) (*Texture, error) {
		return nil, fmt.Errorf("gpu: Buffer.Texture: "+format, args...)
	}
	if b.none() {
		return fail("the buffer is nil")
	}
	if !b.h.of.Hold() {
		return fail("the buffer is closed: %w", ErrClosed)
	}
	defer b.h.of.Drop()
	desc.Private = !b.h.of.Shared
	md, err := desc.raw()
	if err != nil {
		return fail("%w", err)
	}
	defer md.Release()
	s, _ := desc.shape()
	align := int(b.h.dev.raw.MinimumLinearTextureAlignment(mtl.PixelFormat(s.Format)))
	least := s.Width * s.Format.Size()
	switch {
	case s.Type != texel.Type2D && s.Type != texel.TypeBuffer || s.Levels != 1:
		return fail("it is a 2D texture or a texture buffer of one level, not a %v texture of %d", s.Type, s.Levels)
	case offset < 0 || align > 0 && offset%align != 0:
		return fail("the offset %d is no multiple of the device's %d", offset, align)
	case rowBytes < least || align > 0 && s.Type == texel.Type2D && rowBytes%align != 0:
		return fail("a row of %d texels takes %d bytes, in a multiple of %d, not %d", s.Width, least, align, rowBytes)
	case rowBytes > b.h.of.Len || offset > b.h.of.Len || (s.Height-1)*rowBytes+least > b.h.of.Len-offset:
		return fail("%d rows of %d bytes from offset %d go past the buffer's end at %d", s.Height, rowBytes, offset, b.h.of.Len)
	}
	return b.h.dev.wrapTexture("Buffer.Texture", b.h.raw.NewTexture(md, uint(offset), uint(rowBytes)), desc.Label)
}

// SetLabel names the texture in tools and messages.
func (t *Texture) SetLabel(label string) {
	if t.none() || !t.h.of.Hold() {
		return
	}
	defer t.h.of.Drop()
	t.h.label.Store(&label)
	t.h.raw.SetLabel(label)
}

// Raw is the MTLTexture. The Texture owns it: retain what is to outlive Close.
func (t *Texture) Raw() objc.ID {
	if t.none() {
		return 0
	}
	return t.h.of.ID
}

// Close frees the texture, or lets work in flight free it when it is done. Close may be called
// again and on nil.
func (t *Texture) Close() error {
	if !t.none() && t.h.of.Close() {
		t.net.Stop()
	}
	return nil
}

// launchTexture is what an encoder binds; nil for nil.
func (t *Texture) launchTexture() *launch.Texture {
	if t.none() {
		return nil
	}
	return &t.h.of
}
