package cpumetal

import (
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// bufferObject is a MTLBuffer: one reference to a Buffer.
type bufferObject struct {
	label
	*Buffer
	heap objcrt.ID // that it is of, or 0
}

// newBufferObject makes the object of a buffer, whose reference it takes.
func newBufferObject(b *Buffer) uintptr {
	if b == nil {
		return 0
	}
	return uintptr(bufferClass().New(&bufferObject{Buffer: b}))
}

// bufferOf returns the buffer of an argument, nil for nil. It reports false for
// what is no live MTLBuffer of this device.
func bufferOf(word uintptr) (*Buffer, bool) {
	if word == 0 {
		return nil, true
	}
	b, ok := objcrt.As[*bufferObject](objcrt.ID(word))
	if !ok {
		return nil, false
	}
	return b.Buffer, true
}

var bufferLazy objcrt.Lazy

func bufferClass() *objcrt.Class { return bufferLazy.Class(defineBuffer) }

func defineBuffer() objcrt.ClassDef {
	get := func(f func(b *Buffer) uint64) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr { return uintptr(f(value[*bufferObject](o).Buffer)) }
	}
	nothing := func(*objcrt.Object) {}
	return objcrt.ClassDef{
		Name: "MTLCPUBuffer",
		Dealloc: func(o *objcrt.Object) {
			b := value[*bufferObject](o)
			b.Release()
			objcrt.Release(b.heap)
		},
		Methods: append([]objcrt.Method{
			{Selector: "contents", Encoding: "^v@:", Func: func(o *objcrt.Object) uintptr {
				return pointerWord(value[*bufferObject](o).Contents())
			}},
			{Selector: "length", Encoding: "Q@:", Func: get((*Buffer).Length)},
			{Selector: "gpuAddress", Encoding: "Q@:", Func: get((*Buffer).Address)},
			{Selector: "allocatedSize", Encoding: "Q@:", Func: get((*Buffer).AllocatedSize)},
			{Selector: "resourceOptions", Encoding: "Q@:", Func: get(func(b *Buffer) uint64 { return uint64(b.Options()) })},
			{Selector: "storageMode", Encoding: "Q@:", Func: get(func(b *Buffer) uint64 { return b.Options().Storage() })},
			{Selector: "cpuCacheMode", Encoding: "Q@:", Func: get(func(b *Buffer) uint64 { return b.Options().CPUCache() })},
			{Selector: "hazardTrackingMode", Encoding: "Q@:", Func: get(func(b *Buffer) uint64 { return b.Options().HazardTracking() })},
			{Selector: "setPurgeableState:", Encoding: "Q@:Q", Func: func(o *objcrt.Object, state uintptr) uintptr {
				return uintptr(value[*bufferObject](o).SetPurgeable(uint64(state)))
			}},
			{Selector: "device", Encoding: "@@:", Func: deviceGetter},
			{Selector: "heap", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return retained(value[*bufferObject](o).heap) }},
			{Selector: "heapOffset", Encoding: "Q@:", Func: get(func(b *Buffer) uint64 { return b.heapOffset })},
			{Selector: "isAliasable", Encoding: "B@:", Func: get((*Buffer).aliasable)},
			{Selector: "makeAliasable", Encoding: "v@:", Func: func(o *objcrt.Object) { value[*bufferObject](o).MakeAliasable() }},
			{Selector: "newTextureWithDescriptor:offset:bytesPerRow:", Encoding: "@@:@QQ", Func: bufferTexture},
			// It has no views on other devices.
			{Selector: "remoteStorageBuffer", Encoding: "@@:", Func: always(0)},
			{Selector: "sparseBufferTier", Encoding: "q@:", Func: always(0)},
			// The CPU's writes are seen at once, whatever the storage mode.
			{Selector: "didModifyRange:", Encoding: "v@:{_NSRange=QQ}", Func: func(*objcrt.Object, uintptr, uintptr) {}},
			// Markers are for captures, which there are none of.
			{Selector: "addDebugMarker:range:", Encoding: "v@:@{_NSRange=QQ}", Func: func(*objcrt.Object, uintptr, uintptr, uintptr) {}},
			{Selector: "removeAllDebugMarkers", Encoding: "v@:", Func: nothing},
		}, labelMethods()...),
	}
}
