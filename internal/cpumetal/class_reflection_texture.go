package cpumetal

import (
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// MTLBindingType of textures and samplers.
const (
	bindingTexture = 2
	bindingSampler = 3
)

var textureBindingLazy, samplerBindingLazy, textureReferenceLazy objcrt.Lazy

func textureBindingClass() *objcrt.Class { return textureBindingLazy.Class(defineTextureBinding) }
func samplerBindingClass() *objcrt.Class { return samplerBindingLazy.Class(defineSamplerBinding) }
func textureReferenceClass() *objcrt.Class {
	return textureReferenceLazy.Class(defineTextureReference)
}

func defineTextureBinding() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUTextureBinding",
		Methods: append(bindingMethods(bindingTexture), []objcrt.Method{
			{Selector: "textureType", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(a.Texture.Type) })},
			{Selector: "textureDataType", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(dataType(a.Texture.Elem)) })},
			{Selector: "isDepthTexture", Encoding: "B@:", Func: argGetter(func(a *msl.Arg) uintptr { return boolWord(a.Texture.Depth) })},
			{Selector: "arrayLength", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(max(a.ArrayLen, 1)) })},
		}...),
	}
}

func defineSamplerBinding() objcrt.ClassDef {
	return objcrt.ClassDef{Name: "MTLCPUSamplerBinding", Methods: bindingMethods(bindingSampler)}
}

// newTextureReference makes the MTLTextureReferenceType of a member, nil if t
// is no texture.
func newTextureReference(t types.Type) uintptr {
	if tex, ok := t.(*types.Texture); ok {
		return uintptr(textureReferenceClass().New(tex))
	}
	return 0
}

func defineTextureReference() objcrt.ClassDef {
	get := func(f func(t *types.Texture) uintptr) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr { return f(value[*types.Texture](o)) }
	}
	return objcrt.ClassDef{
		Name:  "MTLTextureReferenceType",
		Super: typeClass(),
		Alloc: func() any { return types.TextureOf(0, false, types.Basics[types.Float], types.AccessSample) },
		Methods: []objcrt.Method{
			{Selector: "textureType", Encoding: "Q@:", Func: get(func(t *types.Texture) uintptr { return uintptr(t.Type) })},
			{Selector: "textureDataType", Encoding: "Q@:", Func: get(func(t *types.Texture) uintptr { return uintptr(dataType(t.Elem)) })},
			{Selector: "isDepthTexture", Encoding: "B@:", Func: get(func(t *types.Texture) uintptr { return boolWord(t.Depth) })},
			{Selector: "access", Encoding: "Q@:", Func: get(func(t *types.Texture) uintptr {
				switch t.Access {
				case types.AccessWrite:
					return bindingAccess(msl.AccessWrite)
				case types.AccessReadWrite:
					return bindingAccess(msl.AccessReadWrite)
				}
				return bindingAccess(msl.AccessRead)
			})},
		},
	}
}
