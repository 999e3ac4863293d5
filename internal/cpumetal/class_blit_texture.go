package cpumetal

import "github.com/aruminium-go/aruminium/internal/objcrt"

// sizeAt reads three words of a frame.
func sizeAt(a []uint64) Size3 { return Size3{a[0], a[1], a[2]} }

// textures returns the textures of two arguments, and whether both are live.
func (e *encoder) textures(method string, a, b uint64) (x, y *Texture, ok bool) {
	x, ok1 := e.texture(method, uintptr(a))
	y, ok2 := e.texture(method, uintptr(b))
	return x, y, ok1 && ok2
}

// blitTextures are the methods of a blit encoder that work on textures.
func blitTextures() []objcrt.Method {
	type T = *BlitEncoder
	toTexture := func(o *objcrt.Object, f *objcrt.Frame) {
		const method = "copyFromBuffer:…toTexture:…:"
		e, a := value[T](o), f.Args
		b, ok := e.buffer(method, uintptr(a[0]))
		t, ok2 := e.texture(method, uintptr(a[7]))
		if ok && ok2 && e.noOption(method, a[13:]) {
			e.CopyBufferToTexture(b, a[1], a[2], a[3], sizeAt(a[4:]), t, Place{sizeAt(a[10:]), a[9], a[8]})
		}
	}
	toBuffer := func(o *objcrt.Object, f *objcrt.Frame) {
		const method = "copyFromTexture:…toBuffer:…:"
		e, a := value[T](o), f.Args
		t, ok := e.texture(method, uintptr(a[0]))
		b, ok2 := e.buffer(method, uintptr(a[9]))
		if ok && ok2 && e.noOption(method, a[13:]) {
			e.CopyTextureToBuffer(t, Place{sizeAt(a[3:]), a[2], a[1]}, sizeAt(a[6:]), b, a[10], a[11], a[12])
		}
	}
	whole := func(method string) func(*objcrt.Object, uintptr) {
		return func(o *objcrt.Object, texture uintptr) {
			e := value[T](o)
			if t, ok := e.texture(method, texture); ok {
				e.Touch(method, t, 0, 0)
			}
		}
	}
	part := func(method string) func(*objcrt.Object, uintptr, uintptr, uintptr) {
		return func(o *objcrt.Object, texture, slice, level uintptr) {
			e := value[T](o)
			if t, ok := e.texture(method, texture); ok {
				e.Touch(method, t, uint64(level), uint64(slice))
			}
		}
	}
	return []objcrt.Method{
		{Selector: "copyFromBuffer:sourceOffset:sourceBytesPerRow:sourceBytesPerImage:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:",
			Encoding: "v@:@QQQ{?=QQQ}@QQ{?=QQQ}", Func: toTexture},
		{Selector: "copyFromBuffer:sourceOffset:sourceBytesPerRow:sourceBytesPerImage:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:options:",
			Encoding: "v@:@QQQ{?=QQQ}@QQ{?=QQQ}Q", Func: toTexture},
		{Selector: "copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toBuffer:destinationOffset:destinationBytesPerRow:destinationBytesPerImage:",
			Encoding: "v@:@QQ{?=QQQ}{?=QQQ}@QQQ", Func: toBuffer},
		{Selector: "copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toBuffer:destinationOffset:destinationBytesPerRow:destinationBytesPerImage:options:",
			Encoding: "v@:@QQ{?=QQQ}{?=QQQ}@QQQQ", Func: toBuffer},
		{Selector: "copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:",
			Encoding: "v@:@QQ{?=QQQ}{?=QQQ}@QQ{?=QQQ}", Func: func(o *objcrt.Object, f *objcrt.Frame) {
				e, a := value[T](o), f.Args
				if src, dst, ok := e.textures("copyFromTexture:…toTexture:…destinationOrigin:", a[0], a[9]); ok {
					e.CopyRegion(src, Place{sizeAt(a[3:]), a[2], a[1]}, sizeAt(a[6:]), dst, Place{sizeAt(a[12:]), a[11], a[10]})
				}
			}},
		{Selector: "copyFromTexture:sourceSlice:sourceLevel:toTexture:destinationSlice:destinationLevel:sliceCount:levelCount:",
			Encoding: "v@:@QQ@QQQQ", Func: func(o *objcrt.Object, f *objcrt.Frame) {
				e, a := value[T](o), f.Args
				if src, dst, ok := e.textures("copyFromTexture:…sliceCount:levelCount:", a[0], a[3]); ok {
					e.CopySlices(src, Place{Level: a[2], Slice: a[1]}, dst, Place{Level: a[5], Slice: a[4]}, a[6], a[7])
				}
			}},
		{Selector: "copyFromTexture:toTexture:", Encoding: "v@:@@", Func: func(o *objcrt.Object, from, to uintptr) {
			e := value[T](o)
			if src, dst, ok := e.textures("copyFromTexture:toTexture:", uint64(from), uint64(to)); ok {
				e.CopyTexture(src, dst)
			}
		}},
		{Selector: "generateMipmapsForTexture:", Encoding: "v@:@", Func: func(o *objcrt.Object, texture uintptr) {
			e := value[T](o)
			if t, ok := e.texture("generateMipmapsForTexture:", texture); ok {
				e.GenerateMipmaps(t)
			}
		}},
		{Selector: "optimizeContentsForGPUAccess:", Encoding: "v@:@", Func: whole("optimizeContentsForGPUAccess:")},
		{Selector: "optimizeContentsForCPUAccess:", Encoding: "v@:@", Func: whole("optimizeContentsForCPUAccess:")},
		{Selector: "optimizeContentsForGPUAccess:slice:level:", Encoding: "v@:@QQ", Func: part("optimizeContentsForGPUAccess:slice:level:")},
		{Selector: "optimizeContentsForCPUAccess:slice:level:", Encoding: "v@:@QQ", Func: part("optimizeContentsForCPUAccess:slice:level:")},
		{Selector: "synchronizeTexture:slice:level:", Encoding: "v@:@QQ", Func: part("synchronizeTexture:slice:level:")},
	}
}

// noOption records misuse of an option for formats that there are not.
func (e *BlitEncoder) noOption(method string, options []uint64) bool {
	if len(options) > 0 && options[0] != 0 && e.usable(method) {
		e.fail(CodeInvalidResource, "%s the option %#x is for combined depth and stencil formats, which this device has none of", method, options[0])
		return false
	}
	return true
}
