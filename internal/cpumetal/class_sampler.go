package cpumetal

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// samplerDescriptor is a MTLSamplerDescriptor.
type samplerDescriptor struct {
	label         string
	mag, min, mip uintptr
	s, t, r       uintptr
	border        uintptr
	compare       uintptr
	reduction     uintptr
	anisotropy    uintptr
	normalized    uintptr
	average       uintptr
	argument      uintptr
	minLOD        uintptr
	maxLOD        uintptr
	bias          uintptr
}

func newSamplerDescriptor() *samplerDescriptor {
	return &samplerDescriptor{anisotropy: 1, normalized: 1, maxLOD: floatWord(math.MaxFloat32)}
}

// state returns what a MTLSamplerDescriptor describes.
func (d *samplerDescriptor) state() texel.SamplerState {
	b := func(w uintptr) uint8 { return uint8(min(w, 255)) }
	return texel.SamplerState{Mag: texel.Filter(b(d.mag)), Min: texel.Filter(b(d.min)), Mip: texel.MipFilter(b(d.mip)),
		S: texel.Address(b(d.s)), T: texel.Address(b(d.t)), R: texel.Address(b(d.r)), Border: texel.Border(b(d.border)),
		Pixel: d.normalized == 0, Compare: texel.Compare(b(d.compare)), Reduction: texel.Reduction(b(d.reduction)),
		MinLOD: wordFloat(d.minLOD), MaxLOD: wordFloat(d.maxLOD), MaxAniso: b(max(d.anisotropy, 1)), Bias: wordFloat(d.bias)}
}

var samplerDescriptorLazy, samplerLazy objcrt.Lazy

func samplerDescriptorClass() *objcrt.Class {
	return samplerDescriptorLazy.Class(defineSamplerDescriptor)
}
func samplerClass() *objcrt.Class { return samplerLazy.Class(defineSampler) }

func defineSamplerDescriptor() objcrt.ClassDef {
	type T = *samplerDescriptor
	word := func(name, setter string, at func(T) *uintptr) []objcrt.Method {
		return wordProperty(name, setter, "Q", at)
	}
	return objcrt.ClassDef{
		Name:  "MTLSamplerDescriptor",
		Alloc: func() any { return newSamplerDescriptor() },
		Copy: func(o *objcrt.Object) any {
			d := *value[T](o)
			return &d
		},
		Methods: joinMethods(
			stringProperty("label", "setLabel:", func(d T) *string { return &d.label }),
			word("magFilter", "setMagFilter:", func(d T) *uintptr { return &d.mag }),
			word("minFilter", "setMinFilter:", func(d T) *uintptr { return &d.min }),
			word("mipFilter", "setMipFilter:", func(d T) *uintptr { return &d.mip }),
			word("sAddressMode", "setSAddressMode:", func(d T) *uintptr { return &d.s }),
			word("tAddressMode", "setTAddressMode:", func(d T) *uintptr { return &d.t }),
			word("rAddressMode", "setRAddressMode:", func(d T) *uintptr { return &d.r }),
			word("borderColor", "setBorderColor:", func(d T) *uintptr { return &d.border }),
			word("compareFunction", "setCompareFunction:", func(d T) *uintptr { return &d.compare }),
			word("reductionMode", "setReductionMode:", func(d T) *uintptr { return &d.reduction }),
			word("maxAnisotropy", "setMaxAnisotropy:", func(d T) *uintptr { return &d.anisotropy }),
			wordProperty("normalizedCoordinates", "setNormalizedCoordinates:", "B", func(d T) *uintptr { return &d.normalized }),
			wordProperty("lodAverage", "setLodAverage:", "B", func(d T) *uintptr { return &d.average }),
			wordProperty("supportArgumentBuffers", "setSupportArgumentBuffers:", "B", func(d T) *uintptr { return &d.argument }),
			wordProperty("lodMinClamp", "setLodMinClamp:", "f", func(d T) *uintptr { return &d.minLOD }),
			wordProperty("lodMaxClamp", "setLodMaxClamp:", "f", func(d T) *uintptr { return &d.maxLOD }),
			wordProperty("lodBias", "setLodBias:", "f", func(d T) *uintptr { return &d.bias }),
		),
	}
}

// samplerOf returns the sampler of an argument, nil for nil. It reports false
// for what is no live MTLSamplerState of this device.
func samplerOf(word uintptr) (*Sampler, bool) {
	if word == 0 {
		return nil, true
	}
	return objcrt.As[*Sampler](objcrt.ID(word))
}

func defineSampler() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:    "MTLCPUSamplerState",
		Dealloc: func(o *objcrt.Object) { value[*Sampler](o).Release() },
		Methods: []objcrt.Method{
			{Selector: "label", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[*Sampler](o).label) }},
			{Selector: "device", Encoding: "@@:", Func: deviceGetter},
			{Selector: "gpuResourceID", Encoding: "{MTLResourceID=Q}@:", Func: func(o *objcrt.Object, f *objcrt.Frame) {
				f.Ret[0] = value[*Sampler](o).ID
			}},
		},
	}
}

// newSampler is the device's newSamplerStateWithDescriptor:.
func newSampler(o *objcrt.Object, descriptor uintptr) uintptr {
	d, ok := objcrt.As[*samplerDescriptor](objcrt.ID(descriptor))
	if !ok {
		return 0
	}
	s, err := value[*Device](o).NewSampler(d.state(), d.label, d.argument != 0)
	if err != nil {
		return 0
	}
	return uintptr(samplerClass().New(s))
}
