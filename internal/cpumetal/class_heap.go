package cpumetal

import "github.com/aruminium-go/aruminium/internal/objcrt"

// heapObject is a MTLHeap: one reference to a Heap.
type heapObject struct {
	label
	*Heap
}

// heapDescriptor is a MTLHeapDescriptor.
type heapDescriptor struct {
	size, options, kind  uintptr
	sparse, sparseLimits uintptr
}

var heapLazy, heapDescriptorLazy objcrt.Lazy

func heapClass() *objcrt.Class           { return heapLazy.Class(defineHeap) }
func heapDescriptorClass() *objcrt.Class { return heapDescriptorLazy.Class(defineHeapDescriptor) }

func defineHeapDescriptor() objcrt.ClassDef {
	type T = *heapDescriptor
	bits := func(name, setter string, shift, mask uintptr) []objcrt.Method {
		return []objcrt.Method{
			{Selector: name, Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr { return value[T](o).options >> shift & mask }},
			{Selector: setter, Encoding: "v@:Q", Func: func(o *objcrt.Object, v uintptr) {
				d := value[T](o)
				d.options = d.options&^(mask<<shift) | v&mask<<shift
			}},
		}
	}
	return objcrt.ClassDef{
		Name: "MTLHeapDescriptor",
		// A heap is private and untracked unless told otherwise.
		Alloc: func() any { return &heapDescriptor{options: StoragePrivate<<4 | 1<<8} },
		Copy: func(o *objcrt.Object) any {
			d := *value[T](o)
			return &d
		},
		Methods: joinMethods(
			wordProperty("size", "setSize:", "Q", func(d T) *uintptr { return &d.size }),
			wordProperty("type", "setType:", "q", func(d T) *uintptr { return &d.kind }),
			wordProperty("resourceOptions", "setResourceOptions:", "Q", func(d T) *uintptr { return &d.options }),
			wordProperty("sparsePageSize", "setSparsePageSize:", "q", func(d T) *uintptr { return &d.sparse }),
			wordProperty("maxCompatiblePlacementSparsePageSize", "setMaxCompatiblePlacementSparsePageSize:", "q", func(d T) *uintptr { return &d.sparseLimits }),
			bits("cpuCacheMode", "setCpuCacheMode:", 0, 0xf),
			bits("storageMode", "setStorageMode:", 4, 0xf),
			bits("hazardTrackingMode", "setHazardTrackingMode:", 8, 0x3),
		),
	}
}

// newHeap is the device's newHeapWithDescriptor:.
func newHeap(o *objcrt.Object, descriptor uintptr) uintptr {
	d, ok := objcrt.As[*heapDescriptor](objcrt.ID(descriptor))
	if !ok || d.kind > heapPlacement {
		return 0
	}
	h, err := value[*Device](o).NewHeap(uint64(d.size), ResourceOptions(d.options), d.kind == heapPlacement)
	if err != nil {
		return 0
	}
	return uintptr(heapClass().New(&heapObject{Heap: h}))
}

func heapOf(word uintptr) (*Heap, bool) {
	if word == 0 {
		return nil, true
	}
	h, ok := objcrt.As[*heapObject](objcrt.ID(word))
	if !ok {
		return nil, false
	}
	return h.Heap, true
}

func defineHeap() objcrt.ClassDef {
	get := func(f func(h *Heap) uint64) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr { return uintptr(f(value[*heapObject](o).Heap)) }
	}
	options := func(f func(o ResourceOptions) uint64) func(*objcrt.Object) uintptr {
		return get(func(h *Heap) uint64 { return f(h.options) })
	}
	// Only a placement heap is told where.
	buffer := func(o *objcrt.Object, n, options, offset uintptr, placed bool) uintptr {
		h := value[*heapObject](o)
		if h.placement != placed {
			return 0
		}
		b, err := h.NewBuffer(uint64(n), ResourceOptions(options), uint64(offset))
		if err != nil {
			return 0
		}
		return uintptr(bufferClass().New(&bufferObject{Buffer: b, heap: objcrt.Retain(o.ID())}))
	}
	texture := func(o *objcrt.Object, descriptor, offset uintptr, placed bool) uintptr {
		h := value[*heapObject](o)
		desc, ok := describedTexture(descriptor)
		if !ok || h.placement != placed {
			return 0
		}
		t, err := h.NewTexture(desc, uint64(offset))
		if err != nil {
			return 0
		}
		return uintptr(textureClass().New(&textureObject{Texture: t, heap: objcrt.Retain(o.ID())}))
	}
	return objcrt.ClassDef{
		Name:    "MTLCPUHeap",
		Dealloc: func(o *objcrt.Object) { value[*heapObject](o).Release() },
		Methods: append([]objcrt.Method{
			{Selector: "device", Encoding: "@@:", Func: deviceGetter},
			{Selector: "type", Encoding: "q@:", Func: get(func(h *Heap) uint64 {
				if h.placement {
					return heapPlacement
				}
				return heapAutomatic
			})},
			{Selector: "size", Encoding: "Q@:", Func: get((*Heap).Size)},
			{Selector: "usedSize", Encoding: "Q@:", Func: get((*Heap).Used)},
			{Selector: "currentAllocatedSize", Encoding: "Q@:", Func: get((*Heap).Size)},
			{Selector: "allocatedSize", Encoding: "Q@:", Func: get(func(h *Heap) uint64 { return h.storage.AllocatedSize() })},
			{Selector: "resourceOptions", Encoding: "Q@:", Func: options(func(o ResourceOptions) uint64 { return uint64(o) })},
			{Selector: "storageMode", Encoding: "Q@:", Func: options(ResourceOptions.Storage)},
			{Selector: "cpuCacheMode", Encoding: "Q@:", Func: options(ResourceOptions.CPUCache)},
			{Selector: "hazardTrackingMode", Encoding: "Q@:", Func: options(ResourceOptions.HazardTracking)},
			{Selector: "maxAvailableSizeWithAlignment:", Encoding: "Q@:Q", Func: func(o *objcrt.Object, alignment uintptr) uintptr {
				return uintptr(value[*heapObject](o).MaxAvailable(uint64(alignment)))
			}},
			{Selector: "setPurgeableState:", Encoding: "Q@:Q", Func: func(o *objcrt.Object, state uintptr) uintptr {
				return uintptr(value[*heapObject](o).SetPurgeable(uint64(state)))
			}},
			{Selector: "newBufferWithLength:options:", Encoding: "@@:QQ", Func: func(o *objcrt.Object, n, options uintptr) uintptr {
				return buffer(o, n, options, 0, false)
			}},
			{Selector: "newBufferWithLength:options:offset:", Encoding: "@@:QQQ", Func: func(o *objcrt.Object, n, options, offset uintptr) uintptr {
				return buffer(o, n, options, offset, true)
			}},
			{Selector: "newTextureWithDescriptor:", Encoding: "@@:@", Func: func(o *objcrt.Object, descriptor uintptr) uintptr {
				return texture(o, descriptor, 0, false)
			}},
			{Selector: "newTextureWithDescriptor:offset:", Encoding: "@@:@Q", Func: func(o *objcrt.Object, descriptor, offset uintptr) uintptr {
				return texture(o, descriptor, offset, true)
			}},
		}, labelMethods()...),
	}
}
