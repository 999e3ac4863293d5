package cpumetal

import (
	"fmt"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/internal/texel"
)

// textureObject is a MTLTexture.
type textureObject struct {
	label
	*Texture
	parent objcrt.ID // the texture it is a view of, or the buffer whose memory it shares
	heap   objcrt.ID
}

// newTextureObject makes the object of a texture, whose reference it takes,
// and retains parent.
func newTextureObject(t *Texture, parent objcrt.ID) uintptr {
	return uintptr(textureClass().New(&textureObject{Texture: t, parent: objcrt.Retain(parent)}))
}

// textureOf returns the texture of an argument, nil for nil. It reports false
// for what is no live MTLTexture of this device.
func textureOf(word uintptr) (*Texture, bool) {
	if word == 0 {
		return nil, true
	}
	t, ok := objcrt.As[*textureObject](objcrt.ID(word))
	if !ok {
		return nil, false
	}
	return t.Texture, true
}

var textureLazy objcrt.Lazy

func textureClass() *objcrt.Class { return textureLazy.Class(defineTexture) }

func defineTexture() objcrt.ClassDef {
	get := func(f func(t *textureObject) uint64) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr { return uintptr(f(value[*textureObject](o))) }
	}
	storage := func(f func(b *Buffer) uint64) func(*objcrt.Object) uintptr {
		return get(func(t *textureObject) uint64 { return f(t.storage) })
	}
	options := func(f func(o ResourceOptions) uint64) func(*objcrt.Object) uintptr {
		return get(func(t *textureObject) uint64 { return f(t.options) })
	}
	nothing := func(*objcrt.Object) {}
	return objcrt.ClassDef{
		Name: "MTLCPUTexture",
		Dealloc: func(o *objcrt.Object) {
			t := value[*textureObject](o)
			t.Release()
			objcrt.Release(t.parent)
			objcrt.Release(t.heap)
		},
		Methods: joinMethods([]objcrt.Method{
			{Selector: "textureType", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return uint64(t.Type) })},
			{Selector: "pixelFormat", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return uint64(t.Format) })},
			{Selector: "width", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return uint64(t.Width) })},
			{Selector: "height", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return uint64(t.Height) })},
			{Selector: "depth", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return uint64(t.Depth) })},
			{Selector: "arrayLength", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return uint64(t.Layers) })},
			{Selector: "mipmapLevelCount", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return uint64(t.Levels) })},
			{Selector: "sampleCount", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return uint64(t.Samples) })},
			{Selector: "usage", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return t.usage })},
			{Selector: "parentRelativeLevel", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return t.level })},
			{Selector: "parentRelativeSlice", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return t.slice })},
			{Selector: "bufferOffset", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 { return t.offset })},
			{Selector: "bufferBytesPerRow", Encoding: "Q@:", Func: get(func(t *textureObject) uint64 {
				if !isBuffer(t.parent) {
					return 0
				}
				return uint64(t.Level(0).Row)
			})},
			{Selector: "allocatedSize", Encoding: "Q@:", Func: storage((*Buffer).AllocatedSize)},
			{Selector: "resourceOptions", Encoding: "Q@:", Func: options(func(o ResourceOptions) uint64 { return uint64(o) })},
			{Selector: "storageMode", Encoding: "Q@:", Func: options(ResourceOptions.Storage)},
			{Selector: "cpuCacheMode", Encoding: "Q@:", Func: options(ResourceOptions.CPUCache)},
			{Selector: "hazardTrackingMode", Encoding: "Q@:", Func: options(ResourceOptions.HazardTracking)},
			{Selector: "setPurgeableState:", Encoding: "Q@:Q", Func: func(o *objcrt.Object, state uintptr) uintptr {
				return uintptr(value[*textureObject](o).storage.SetPurgeable(uint64(state)))
			}},
			{Selector: "gpuResourceID", Encoding: "{MTLResourceID=Q}@:", Func: func(o *objcrt.Object, f *objcrt.Frame) {
				f.Ret[0] = value[*textureObject](o).ID
			}},
			{Selector: "swizzle", Encoding: "{?=CCCC}@:", Func: func(o *objcrt.Object, f *objcrt.Frame) {
				f.Ret[0] = swizzleWord(value[*textureObject](o).Swizzle)
			}},
			{Selector: "device", Encoding: "@@:", Func: deviceGetter},
			{Selector: "parentTexture", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return parentOf(value[*textureObject](o).parent, false)
			}},
			{Selector: "buffer", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return parentOf(value[*textureObject](o).parent, true)
			}},
			{Selector: "rootResource", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return retained(value[*textureObject](o).parent)
			}},
			{Selector: "heap", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return retained(value[*textureObject](o).heap) }},
			{Selector: "heapOffset", Encoding: "Q@:", Func: storage(func(b *Buffer) uint64 { return b.heapOffset })},
			{Selector: "isAliasable", Encoding: "B@:", Func: storage((*Buffer).aliasable)},
			{Selector: "makeAliasable", Encoding: "v@:", Func: func(o *objcrt.Object) { value[*textureObject](o).storage.MakeAliasable() }},
			// What this device has not: zero, NO and nil say so.
			{Selector: "isFramebufferOnly", Encoding: "B@:", Func: always(0)},
			{Selector: "isShareable", Encoding: "B@:", Func: always(0)},
			{Selector: "isSparse", Encoding: "B@:", Func: always(0)},
			{Selector: "allowGPUOptimizedContents", Encoding: "B@:", Func: always(0)},
			{Selector: "compressionType", Encoding: "q@:", Func: always(0)},
			{Selector: "sparseTextureTier", Encoding: "q@:", Func: always(0)},
			{Selector: "firstMipmapInTail", Encoding: "Q@:", Func: always(0)},
			{Selector: "tailSizeInBytes", Encoding: "Q@:", Func: always(0)},
			{Selector: "iosurface", Encoding: "^{__IOSurface=}@:", Func: always(0)},
			{Selector: "iosurfacePlane", Encoding: "Q@:", Func: always(0)},
			{Selector: "remoteStorageTexture", Encoding: "@@:", Func: always(0)},
			{Selector: "newRemoteTextureViewForDevice:", Encoding: "@@:@", Func: func(*objcrt.Object, uintptr) uintptr { return 0 }},
			{Selector: "newSharedTextureHandle", Encoding: "@@:", Func: always(0)},
			{Selector: "addDebugMarker:range:", Encoding: "v@:@{_NSRange=QQ}", Func: func(*objcrt.Object, uintptr, uintptr, uintptr) {}},
			{Selector: "removeAllDebugMarkers", Encoding: "v@:", Func: nothing},
		}, textureContents(), textureViews(), labelMethods()),
	}
}

func isBuffer(id objcrt.ID) bool {
	if id == 0 {
		return false
	}
	_, ok := objcrt.As[*bufferObject](id)
	return ok
}

// parentOf returns the parent if it is a buffer, or if it is none.
func parentOf(id objcrt.ID, buffer bool) uintptr {
	if isBuffer(id) != buffer {
		return 0
	}
	return retained(id)
}

// regionOf reads a MTLRegion.
func regionOf(w []uint64) Region {
	return Region{Size3{w[0], w[1], w[2]}, Size3{w[3], w[4], w[5]}}
}

// textureContents are the methods that copy texels from and to the program.
func textureContents() []objcrt.Method {
	// What is wrong raises an exception, as in Metal: there is no error to give.
	replace := func(o *objcrt.Object, r Region, level, slice, p, row, image uint64) {
		t := value[*textureObject](o)
		m := images{row: row, image: image}
		err := t.transferable(r, level, slice, &m)
		if err == nil {
			m.mem = objcrt.Bytes(uintptr(p), int(t.span(m, r.Size)))
			err = t.Replace(r, level, slice, m)
		}
		raise(o, "replaceRegion:mipmapLevel:slice:withBytes:bytesPerRow:bytesPerImage:", err)
	}
	get := func(o *objcrt.Object, p, row, image uint64, r Region, level, slice uint64) {
		t := value[*textureObject](o)
		m := images{row: row, image: image}
		err := t.transferable(r, level, slice, &m)
		if err == nil {
			m.mem = objcrt.Bytes(uintptr(p), int(t.span(m, r.Size)))
			err = t.GetBytes(m, r, level, slice)
		}
		raise(o, "getBytes:bytesPerRow:bytesPerImage:fromRegion:mipmapLevel:slice:", err)
	}
	return []objcrt.Method{
		{Selector: "replaceRegion:mipmapLevel:slice:withBytes:bytesPerRow:bytesPerImage:", Encoding: "v@:{?={?=QQQ}{?=QQQ}}QQr^vQQ", Func: func(o *objcrt.Object, f *objcrt.Frame) {
			a := f.Args
			replace(o, regionOf(a), a[6], a[7], a[8], a[9], a[10])
		}},
		{Selector: "replaceRegion:mipmapLevel:withBytes:bytesPerRow:", Encoding: "v@:{?={?=QQQ}{?=QQQ}}Qr^vQ", Func: func(o *objcrt.Object, f *objcrt.Frame) {
			a := f.Args
			replace(o, regionOf(a), a[6], 0, a[7], a[8], 0)
		}},
		{Selector: "getBytes:bytesPerRow:bytesPerImage:fromRegion:mipmapLevel:slice:", Encoding: "v@:^vQQ{?={?=QQQ}{?=QQQ}}QQ", Func: func(o *objcrt.Object, f *objcrt.Frame) {
			a := f.Args
			get(o, a[0], a[1], a[2], regionOf(a[3:]), a[9], a[10])
		}},
		{Selector: "getBytes:bytesPerRow:fromRegion:mipmapLevel:", Encoding: "v@:^vQ{?={?=QQQ}{?=QQQ}}Q", Func: func(o *objcrt.Object, f *objcrt.Frame) {
			a := f.Args
			get(o, a[0], a[1], 0, regionOf(a[2:]), a[8], 0)
		}},
	}
}

// raise reports misuse for which Metal's method has no error to give, as an
// exception.
func raise(o *objcrt.Object, method string, err error) {
	if err != nil {
		class := objcrt.ClassOf(o.ID()).Name()
		panic(&objcrt.Exception{Class: class, Selector: method, Receiver: o.ID(), Reason: fmt.Sprintf("-[%s %s]: %v", class, method, err)})
	}
}

// swizzles are those of MTLTextureSwizzle, by number.
var swizzles = [...]texel.Source{texel.Zero, texel.One, texel.Red, texel.Green, texel.Blue, texel.Alpha}

// swizzleOf reads the four bytes of a MTLTextureSwizzleChannels.
func swizzleOf(w uint64) (s texel.Swizzle) {
	for i := range s {
		if b := w >> (8 * i) & 0xff; b < uint64(len(swizzles)) {
			s[i] = swizzles[b]
		}
	}
	return s
}

func swizzleWord(s texel.Swizzle) uint64 {
	var w uint64
	for i, from := range s {
		if from == texel.Same {
			from = texel.Red + texel.Source(i)
		}
		for b, have := range swizzles {
			if have == from {
				w |= uint64(b) << (8 * i)
			}
		}
	}
	return w
}

// textureViews are the methods that make views.
func textureViews() []objcrt.Method {
	view := func(o *objcrt.Object, kind texel.Type, format, level, levels, slice, slices uint64, swizzle texel.Swizzle) uintptr {
		t := value[*textureObject](o)
		if format > uint64(^texel.Format(0)) || uint64(kind) >= uint64(texel.NumTypes) {
			return 0
		}
		v, err := t.View(kind, texel.Format(format), level, levels, slice, slices, swizzle)
		if err != nil {
			return 0
		}
		return newTextureObject(v, o.ID())
	}
	return []objcrt.Method{
		{Selector: "newTextureViewWithPixelFormat:", Encoding: "@@:Q", Func: func(o *objcrt.Object, format uintptr) uintptr {
			t := value[*textureObject](o)
			return view(o, t.Type, uint64(format), 0, uint64(t.Levels), 0, uint64(t.Slices()), texel.Swizzle{})
		}},
		{Selector: "newTextureViewWithPixelFormat:textureType:levels:slices:", Encoding: "@@:QQ{_NSRange=QQ}{_NSRange=QQ}", Func: func(o *objcrt.Object, format, kind, level, levels, slice, slices uintptr) uintptr {
			return view(o, typeOf(uint64(kind)), uint64(format), uint64(level), uint64(levels), uint64(slice), uint64(slices), texel.Swizzle{})
		}},
		{Selector: "newTextureViewWithPixelFormat:textureType:levels:slices:swizzle:", Encoding: "@@:QQ{_NSRange=QQ}{_NSRange=QQ}{?=CCCC}", Func: func(o *objcrt.Object, f *objcrt.Frame) {
			a := f.Args
			f.Ret[0] = uint64(view(o, typeOf(a[1]), a[0], a[2], a[3], a[4], a[5], swizzleOf(a[6])))
		}},
	}
}

// typeOf returns the texture type of a number, NumTypes for what is none.
func typeOf(n uint64) texel.Type { return texel.Type(min(n, uint64(texel.NumTypes))) }

// textureDescriptor is a MTLTextureDescriptor.
type textureDescriptor struct {
	kind, format           uintptr
	width, height, depth   uintptr
	levels, samples, array uintptr
	options, usage         uintptr
	swizzle                uint64
	optimized, compression uintptr
	sparsePage             uintptr
}

func newTextureDescriptor() *textureDescriptor {
	return &textureDescriptor{kind: uintptr(texel.Type2D), format: uintptr(texel.RGBA8Unorm), width: 1, height: 1, depth: 1,
		levels: 1, samples: 1, array: 1, usage: UsageShaderRead, swizzle: swizzleWord(texel.Swizzle{}), optimized: 1}
}

// descriptor returns what a MTLTextureDescriptor describes.
func (d *textureDescriptor) descriptor() TextureDescriptor {
	size := func(v uintptr) int { return int(min(v, 1<<30)) }
	format := texel.Format(min(d.format, uintptr(^texel.Format(0))))
	return TextureDescriptor{
		Shape: texel.Shape{Type: typeOf(uint64(d.kind)), Format: format, Width: size(d.width), Height: size(d.height), Depth: size(d.depth),
			Layers: size(d.array), Levels: size(d.levels), Samples: size(d.samples)},
		Options: ResourceOptions(d.options), Usage: uint64(d.usage), Swizzle: swizzleOf(d.swizzle),
	}
}

// describedTexture reads a MTLTextureDescriptor; nil and others describe none.
func describedTexture(word uintptr) (TextureDescriptor, bool) {
	d, ok := objcrt.As[*textureDescriptor](objcrt.ID(word))
	if !ok {
		return TextureDescriptor{}, false
	}
	return d.descriptor(), true
}

var textureDescriptorLazy objcrt.Lazy

func textureDescriptorClass() *objcrt.Class {
	return textureDescriptorLazy.Class(defineTextureDescriptor)
}

// mipmaps returns how many levels a whole chain has.
func mipmaps(w, h uintptr) uintptr {
	n := uintptr(1)
	for m := max(w, h); m > 1; m >>= 1 {
		n++
	}
	return n
}

func defineTextureDescriptor() objcrt.ClassDef {
	type T = *textureDescriptor
	// The modes are bits of the options.
	bits := func(name, setter string, shift, mask uintptr) []objcrt.Method {
		return []objcrt.Method{
			{Selector: name, Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr { return value[T](o).options >> shift & mask }},
			{Selector: setter, Encoding: "v@:Q", Func: func(o *objcrt.Object, v uintptr) {
				d := value[T](o)
				d.options = d.options&^(mask<<shift) | v&mask<<shift
			}},
		}
	}
	made := func(d *textureDescriptor) uintptr { return uintptr(textureDescriptorClass().New(d)) }
	return objcrt.ClassDef{
		Name:  "MTLTextureDescriptor",
		Alloc: func() any { return newTextureDescriptor() },
		Copy: func(o *objcrt.Object) any {
			d := *value[T](o)
			return &d
		},
		Methods: joinMethods(
			wordProperty("textureType", "setTextureType:", "Q", func(d T) *uintptr { return &d.kind }),
			wordProperty("pixelFormat", "setPixelFormat:", "Q", func(d T) *uintptr { return &d.format }),
			wordProperty("width", "setWidth:", "Q", func(d T) *uintptr { return &d.width }),
			wordProperty("height", "setHeight:", "Q", func(d T) *uintptr { return &d.height }),
			wordProperty("depth", "setDepth:", "Q", func(d T) *uintptr { return &d.depth }),
			wordProperty("mipmapLevelCount", "setMipmapLevelCount:", "Q", func(d T) *uintptr { return &d.levels }),
			wordProperty("sampleCount", "setSampleCount:", "Q", func(d T) *uintptr { return &d.samples }),
			wordProperty("arrayLength", "setArrayLength:", "Q", func(d T) *uintptr { return &d.array }),
			wordProperty("resourceOptions", "setResourceOptions:", "Q", func(d T) *uintptr { return &d.options }),
			wordProperty("usage", "setUsage:", "Q", func(d T) *uintptr { return &d.usage }),
			wordProperty("allowGPUOptimizedContents", "setAllowGPUOptimizedContents:", "B", func(d T) *uintptr { return &d.optimized }),
			wordProperty("compressionType", "setCompressionType:", "q", func(d T) *uintptr { return &d.compression }),
			wordProperty("placementSparsePageSize", "setPlacementSparsePageSize:", "q", func(d T) *uintptr { return &d.sparsePage }),
			bits("cpuCacheMode", "setCpuCacheMode:", 0, 0xf),
			bits("storageMode", "setStorageMode:", 4, 0xf),
			bits("hazardTrackingMode", "setHazardTrackingMode:", 8, 0x3),
			[]objcrt.Method{
				{Selector: "swizzle", Encoding: "{?=CCCC}@:", Func: func(o *objcrt.Object, f *objcrt.Frame) { f.Ret[0] = value[T](o).swizzle }},
				{Selector: "setSwizzle:", Encoding: "v@:{?=CCCC}", Func: func(o *objcrt.Object, w uintptr) { value[T](o).swizzle = uint64(w) }},
			}),
		ClassMethods: []objcrt.Method{
			{Selector: "texture2DDescriptorWithPixelFormat:width:height:mipmapped:", Encoding: "@@:QQQB", Func: func(_ *objcrt.Object, format, w, h, mipmapped uintptr) uintptr {
				d := newTextureDescriptor()
				d.format, d.width, d.height = format, w, h
				if isTrue(mipmapped) {
					d.levels = mipmaps(w, h)
				}
				return made(d)
			}},
			{Selector: "textureCubeDescriptorWithPixelFormat:size:mipmapped:", Encoding: "@@:QQB", Func: func(_ *objcrt.Object, format, size, mipmapped uintptr) uintptr {
				d := newTextureDescriptor()
				d.kind, d.format, d.width, d.height = uintptr(texel.TypeCube), format, size, size
				if isTrue(mipmapped) {
					d.levels = mipmaps(size, size)
				}
				return made(d)
			}},
			{Selector: "textureBufferDescriptorWithPixelFormat:width:resourceOptions:usage:", Encoding: "@@:QQQQ", Func: func(_ *objcrt.Object, format, w, options, usage uintptr) uintptr {
				d := newTextureDescriptor()
				d.kind, d.format, d.width, d.options, d.usage = uintptr(texel.TypeBuffer), format, w, options, usage
				return made(d)
			}},
		},
	}
}

// deviceTextures are the device's methods that make textures, samplers and heaps.
func deviceTextures() []objcrt.Method {
	none := func(*objcrt.Object, uintptr) uintptr { return 0 }
	return []objcrt.Method{
		{Selector: "newTextureWithDescriptor:", Encoding: "@@:@", Func: func(o *objcrt.Object, descriptor uintptr) uintptr {
			desc, ok := describedTexture(descriptor)
			if !ok {
				return 0
			}
			t, err := value[*Device](o).NewTexture(desc)
			if err != nil {
				return 0
			}
			return newTextureObject(t, 0)
		}},
		{Selector: "newSamplerStateWithDescriptor:", Encoding: "@@:@", Func: newSampler},
		{Selector: "newHeapWithDescriptor:", Encoding: "@@:@", Func: newHeap},
		{Selector: "minimumLinearTextureAlignmentForPixelFormat:", Encoding: "Q@:Q", Func: func(*objcrt.Object, uintptr) uintptr { return linearAlign }},
		{Selector: "minimumTextureBufferAlignmentForPixelFormat:", Encoding: "Q@:Q", Func: func(*objcrt.Object, uintptr) uintptr { return linearAlign }},
		{Selector: "heapTextureSizeAndAlignWithDescriptor:", Encoding: "{?=QQ}@:@", Func: func(_ *objcrt.Object, f *objcrt.Frame) {
			if desc, ok := describedTexture(uintptr(f.Args[0])); ok && desc.check() == nil {
				f.Ret[0], f.Ret[1] = desc.bytes(), heapAlign
			}
		}},
		{Selector: "supportsTextureSampleCount:", Encoding: "B@:Q", Func: func(_ *objcrt.Object, n uintptr) uintptr {
			return boolWord(n == 1 || n == 2 || n == 4 || n == 8)
		}},
		{Selector: "newSharedTextureWithDescriptor:", Encoding: "@@:@", Func: none},
		{Selector: "newSharedTextureWithHandle:", Encoding: "@@:@", Func: none},
		{Selector: "newTextureWithDescriptor:iosurface:plane:", Encoding: "@@:@^{__IOSurface=}Q", Func: func(*objcrt.Object, uintptr, uintptr, uintptr) uintptr { return 0 }},
	}
}

// bufferTexture makes a texture that shares a buffer's memory.
func bufferTexture(o *objcrt.Object, descriptor, offset, row uintptr) uintptr {
	desc, ok := describedTexture(descriptor)
	if !ok {
		return 0
	}
	t, err := value[*bufferObject](o).NewTexture(desc, uint64(offset), uint64(row))
	if err != nil {
		return 0
	}
	return newTextureObject(t, o.ID())
}

// floatWord and wordFloat carry a float in a word.
func floatWord(x float32) uintptr { return uintptr(*(*uint32)(unsafe.Pointer(&x))) }

func wordFloat(w uintptr) float32 {
	u := uint32(w)
	return *(*float32)(unsafe.Pointer(&u))
}
