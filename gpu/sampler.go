package gpu

import (
	"fmt"
	"math"
	"runtime"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/internal/texel"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// Filter is how texels around a coordinate become one value.
type Filter int

const (
	FilterNearest Filter = iota
	FilterLinear
)

// MipFilter is how levels of a texture are chosen.
type MipFilter int

const (
	MipNone    MipFilter = iota // level 0
	MipNearest                  // the nearest level
	MipLinear                   // between two levels
)

// AddressMode is what lies outside of a texture.
type AddressMode int

const (
	ClampToEdge       AddressMode = iota // the texel at the edge
	MirrorClampToEdge                    // the image mirrored once, then its edge
	Repeat                               // the image again and again
	MirrorRepeat                         // the same, every other time mirrored
	ClampToZero                          // zeros, with an alpha of 1 if the format has none
	ClampToBorder                        // SamplerDescriptor.Border
)

// BorderColor is the colour of ClampToBorder.
type BorderColor int

const (
	TransparentBlack BorderColor = iota
	OpaqueBlack
	OpaqueWhite
)

// CompareFunction compares a reference with a texel of a depth texture.
type CompareFunction int

const (
	CompareNever CompareFunction = iota
	CompareLess
	CompareEqual
	CompareLessEqual
	CompareGreater
	CompareNotEqual
	CompareGreaterEqual
	CompareAlways
)

// A SamplerDescriptor says how textures are sampled. The zero value takes the nearest texel of
// level 0 and clamps to the edge.
type SamplerDescriptor struct {
	Min, Mag       Filter // where the texture is made smaller, and larger
	Mip            MipFilter
	Address        AddressMode // along all axes
	S, T, R        AddressMode // along x, y and z, instead of Address where they are not 0
	Border         BorderColor
	Pixels         bool    // coordinates are in texels, not 0 to 1
	MinLOD, MaxLOD float32 // limits of the level of detail; a MaxLOD of 0 is none
	Anisotropy     int     // at most; 0 is 1
	Compare        CompareFunction
	Label          string
}

// A Sampler is a MTLSamplerState. It is for any goroutine.
type Sampler struct {
	h   *sampler
	net runtime.Cleanup
}

type sampler struct {
	of  launch.Sampler
	raw mtl.SamplerState
}

// state is the descriptor as package texel has it.
func (d *SamplerDescriptor) state() texel.SamplerState {
	or := func(a AddressMode) texel.Address {
		if a == 0 {
			a = d.Address
		}
		return texel.Address(a)
	}
	s := texel.SamplerState{Mag: texel.Filter(d.Mag), Min: texel.Filter(d.Min), Mip: texel.MipFilter(d.Mip), S: or(d.S), T: or(d.T), R: or(d.R),
		Border: texel.Border(d.Border), Pixel: d.Pixels, Compare: texel.Compare(d.Compare), MinLOD: d.MinLOD, MaxLOD: d.MaxLOD, MaxAniso: uint8(max(1, min(d.Anisotropy, 255)))}
	if s.MaxLOD == 0 {
		s.MaxLOD = math.MaxFloat32
	}
	return s
}

// Sampler makes a sampler. The caller closes it.
func (d *Device) Sampler(desc SamplerDescriptor) (*Sampler, error) {
	if err := d.use("Sampler"); err != nil {
		return nil, err
	}
	defer d.done()
	s := desc.state()
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("gpu: Device.Sampler: %w", err)
	}
	md := mtl.NewSamplerDescriptor()
	defer md.Release()
	md.SetMagFilter(mtl.SamplerMinMagFilter(s.Mag))
	md.SetMinFilter(mtl.SamplerMinMagFilter(s.Min))
	md.SetMipFilter(mtl.SamplerMipFilter(s.Mip))
	md.SetSAddressMode(mtl.SamplerAddressMode(s.S))
	md.SetTAddressMode(mtl.SamplerAddressMode(s.T))
	md.SetRAddressMode(mtl.SamplerAddressMode(s.R))
	md.SetBorderColor(mtl.SamplerBorderColor(s.Border))
	md.SetNormalizedCoordinates(!s.Pixel)
	md.SetLODMinClamp(s.MinLOD)
	md.SetLODMaxClamp(s.MaxLOD)
	md.SetMaxAnisotropy(uint(s.MaxAniso))
	md.SetCompareFunction(mtl.CompareFunction(s.Compare))
	md.SetSupportArgumentBuffers(true)
	if desc.Label != "" {
		md.SetLabel(desc.Label)
	}
	raw := d.h.raw.NewSamplerState(md)
	if raw.IsNil() {
		return nil, fmt.Errorf("gpu: Device.Sampler: the device gave no sampler: %w", ErrMemory)
	}
	dev := d.h
	dev.life.Keep()
	h := &sampler{raw: raw}
	h.of = launch.Sampler{Life: launch.NewLife(func() { raw.Release(); dev.life.Drop() }), ID: raw.ID(), Device: dev.limits.Device}
	smp := &Sampler{h: h}
	label := desc.Label
	smp.net = runtime.AddCleanup(smp, func(h *sampler) { forgotten(h.of.Life, "Sampler", label) }, h)
	return smp, nil
}

// ResourceID is what stands for the sampler in an argument buffer: eight bytes, MTLResourceID.
func (s *Sampler) ResourceID() uint64 {
	if s.none() || !s.h.of.Hold() {
		return 0
	}
	defer s.h.of.Drop()
	return s.h.raw.GPUResourceID().Impl
}

// Raw is the MTLSamplerState. The Sampler owns it: retain what is to outlive Close.
func (s *Sampler) Raw() objc.ID {
	if s.none() {
		return 0
	}
	return s.h.of.ID
}

// Close frees the sampler, or lets work in flight free it when it is done. Close may be called
// again and on nil.
func (s *Sampler) Close() error {
	if !s.none() && s.h.of.Close() {
		s.net.Stop()
	}
	return nil
}

func (s *Sampler) launchSampler() *launch.Sampler {
	if s.none() {
		return nil
	}
	return &s.h.of
}
