package gpu

import (
	"fmt"
	"image"
	"image/draw"
)

// Pixels of Go's image types and texels. A pixel's channels are copied as they are: those of an
// *image.NRGBA have not been multiplied by alpha, those of an *image.RGBA have, and a texture made
// of the one or the other holds just that. A kernel that blends wants to know which.

// TextureFrom makes a 2D texture of an image, which kernels may read and write. Gray, Gray16, Alpha,
// NRGBA, RGBA, NRGBA64 and RGBA64 images keep their pixels as they are, in R8Unorm, R16Unorm, A8Unorm,
// RGBA8Unorm and RGBA16Unorm; any other image is made NRGBA first, so that its channels are not
// multiplied by alpha. The caller closes the texture.
func (d *Device) TextureFrom(img image.Image) (*Texture, error) {
	if img == nil {
		return nil, fmt.Errorf("gpu: Device.TextureFrom: the image is nil")
	}
	b := img.Bounds()
	t, err := d.Texture(TextureDescriptor{Format: formatOf(img), Width: b.Dx(), Height: b.Dy()})
	if err != nil {
		return nil, err
	}
	if err := t.UploadImage(Region{}, img); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// formatOf is the format that holds an image's pixels as they are.
func formatOf(img image.Image) PixelFormat {
	switch img.(type) {
	case *image.Gray:
		return R8Unorm
	case *image.Gray16:
		return R16Unorm
	case *image.Alpha:
		return A8Unorm
	case *image.NRGBA64, *image.RGBA64:
		return RGBA16Unorm
	}
	return RGBA8Unorm
}

// pixels are an image's bytes as Go has them, and how they differ from texels.
type pixels struct {
	pix    []byte
	stride int
	size   int  // bytes of a pixel
	wide   bool // 16 bits a channel, high byte first
	kind   PixelFormat
}

func pixelsOf(img image.Image) (p pixels, ok bool) {
	switch m := img.(type) {
	case *image.Gray:
		p = pixels{m.Pix, m.Stride, 1, false, R8Unorm}
	case *image.Gray16:
		p = pixels{m.Pix, m.Stride, 2, true, R16Unorm}
	case *image.Alpha:
		p = pixels{m.Pix, m.Stride, 1, false, A8Unorm}
	case *image.NRGBA:
		p = pixels{m.Pix, m.Stride, 4, false, RGBA8Unorm}
	case *image.RGBA:
		p = pixels{m.Pix, m.Stride, 4, false, RGBA8Unorm}
	case *image.NRGBA64:
		p = pixels{m.Pix, m.Stride, 8, true, RGBA16Unorm}
	case *image.RGBA64:
		p = pixels{m.Pix, m.Stride, 8, true, RGBA16Unorm}
	default:
		return p, false
	}
	// Pix begins at the image's own corner, also of a subimage.
	return p, true
}

// swaps tells whether texels of a format have the channels of kind in the order b, g, r, a; ok is
// whether they have them at all.
func swaps(f, kind PixelFormat) (swap, ok bool) {
	switch kind {
	case RGBA8Unorm:
		switch f {
		case RGBA8Unorm, RGBA8UnormSRGB, RGBA8Uint:
			return false, true
		case BGRA8Unorm, BGRA8UnormSRGB:
			return true, true
		}
	case R8Unorm:
		return false, f == R8Unorm || f == R8UnormSRGB || f == R8Uint || f == A8Unorm
	case A8Unorm:
		return false, f == A8Unorm || f == R8Unorm || f == R8Uint
	case R16Unorm:
		return false, f == R16Unorm || f == R16Uint
	case RGBA16Unorm:
		return false, f == RGBA16Unorm || f == RGBA16Uint
	}
	return false, false
}

// imageRegion fills in a region by an image's size.
func (r Region) imageRegion(b image.Rectangle) Region {
	r.Width, r.Height, r.Depth = b.Dx(), b.Dy(), 1
	return r
}

// UploadImage copies an image to a texture, from a region's corner on; the size is the image's. The
// texture has the format that TextureFrom would give it or one with the same channels, in another
// order, as integers or as sRGB. Images of other types are converted: to NRGBA, Gray or what else the
// format holds.
func (t *Texture) UploadImage(r Region, img image.Image) error {
	if t.none() || img == nil {
		return fmt.Errorf("gpu: Texture.UploadImage: the texture or the image is nil")
	}
	b := img.Bounds()
	p, direct := pixelsOf(img)
	swap, fits := false, false
	if direct {
		swap, fits = swaps(t.Format(), p.kind)
	}
	if !fits {
		m, ok := imageFor(t.Format(), b)
		if !ok {
			return fmt.Errorf("gpu: Texture.UploadImage: texels of format %v are not pixels of an image: %w", t.Format(), ErrUnsupported)
		}
		draw.Draw(m, b, img, b.Min, draw.Src)
		p, _ = pixelsOf(m)
		swap, _ = swaps(t.Format(), p.kind)
	}
	if b.Empty() {
		return fmt.Errorf("gpu: Texture.UploadImage: the image is empty")
	}
	row := b.Dx() * p.size
	data := make([]byte, row*b.Dy())
	for y := range b.Dy() {
		line := data[y*row:][:row]
		copy(line, p.pix[y*p.stride:])
		p.reorder(line, swap)
	}
	return t.Upload(r.imageRegion(b), data)
}

// reorder turns pixels into texels, or back.
func (p *pixels) reorder(line []byte, swap bool) {
	if p.wide {
		for i := 0; i+1 < len(line); i += 2 {
			line[i], line[i+1] = line[i+1], line[i]
		}
	}
	if swap {
		for i := 0; i+3 < len(line); i += 4 {
			line[i], line[i+2] = line[i+2], line[i]
		}
	}
}

// imageFor makes an image whose pixels texels of a format are. Channels are not multiplied by alpha.
func imageFor(f PixelFormat, b image.Rectangle) (draw.Image, bool) {
	switch f {
	case RGBA8Unorm, RGBA8UnormSRGB, RGBA8Uint, BGRA8Unorm, BGRA8UnormSRGB:
		return image.NewNRGBA(b), true
	case R8Unorm, R8UnormSRGB, R8Uint:
		return image.NewGray(b), true
	case A8Unorm:
		return image.NewAlpha(b), true
	case R16Unorm, R16Uint:
		return image.NewGray16(b), true
	case RGBA16Unorm, RGBA16Uint:
		return image.NewNRGBA64(b), true
	}
	return nil, false
}

// Image copies level 0 of slice 0 to a new image: *image.NRGBA for four channels of 8 bits,
// *image.NRGBA64 for 16, *image.Gray and *image.Gray16 for one, *image.Alpha for A8Unorm. What was
// uploaded from an *image.RGBA is multiplied by alpha: give such an image to DownloadImage instead.
func (t *Texture) Image() (image.Image, error) {
	if t.none() {
		return nil, fmt.Errorf("gpu: Texture.Image: the texture is nil")
	}
	img, ok := imageFor(t.Format(), image.Rect(0, 0, t.Width(), t.Height()))
	if !ok {
		return nil, fmt.Errorf("gpu: Texture.Image: texels of format %v are not pixels of an image: %w", t.Format(), ErrUnsupported)
	}
	return img, t.DownloadImage(Region{}, img)
}

// DownloadImage copies texels to the pixels of an image, from a region's corner on; the size is the
// image's. Its type is one of those that Image makes for the format, or *image.RGBA or *image.RGBA64,
// whose pixels are then the texels as they are.
func (t *Texture) DownloadImage(r Region, dst image.Image) error {
	if t.none() || dst == nil {
		return fmt.Errorf("gpu: Texture.DownloadImage: the texture or the image is nil")
	}
	p, ok := pixelsOf(dst)
	swap, fits := swaps(t.Format(), p.kind)
	if !ok || !fits {
		return fmt.Errorf("gpu: Texture.DownloadImage: texels of format %v are not pixels of a %T", t.Format(), dst)
	}
	b := dst.Bounds()
	if b.Empty() {
		return fmt.Errorf("gpu: Texture.DownloadImage: the image is empty")
	}
	row := b.Dx() * p.size
	data := make([]byte, row*b.Dy())
	if err := t.Download(r.imageRegion(b), data); err != nil {
		return err
	}
	for y := range b.Dy() {
		line := data[y*row:][:row]
		p.reorder(line, swap)
		copy(p.pix[y*p.stride:][:row], line)
	}
	return nil
}
