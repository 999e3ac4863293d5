package cpumetal

import (
	"math"
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

var deviceLazy objcrt.Lazy

func deviceClass() *objcrt.Class { return deviceLazy.Class(defineDevice) }

func defineDevice() objcrt.ClassDef {
	methods := []objcrt.Method{
		{Selector: "name", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[*Device](o).Name()) }},
		{Selector: "architecture", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(architectureClass().New(value[*Device](o).Architecture()))
		}},
		{Selector: "registryID", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(value[*Device](o).RegistryID())
		}},
		{Selector: "recommendedMaxWorkingSetSize", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(value[*Device](o).RecommendedMaxWorkingSetSize())
		}},
		{Selector: "currentAllocatedSize", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(value[*Device](o).CurrentAllocatedSize())
		}},
		{Selector: "maxBufferLength", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(value[*Device](o).MaxBufferLength())
		}},
		{Selector: "maxThreadgroupMemoryLength", Encoding: "Q@:", Func: always(maxThreadgroupMemory)},
		{Selector: "maxThreadsPerThreadgroup", Encoding: "{?=QQQ}@:", Func: func(_ *objcrt.Object, f *objcrt.Frame) {
			f.Ret[0], f.Ret[1], f.Ret[2] = maxThreads, maxThreads, maxThreads
		}},
		{Selector: "heapBufferSizeAndAlignWithLength:options:", Encoding: "{?=QQ}@:QQ", Func: func(o *objcrt.Object, f *objcrt.Frame) {
			page := value[*Device](o).memory.page
			f.Ret[0], f.Ret[1] = (f.Args[0]+page-1)/page*page, page
		}},
		{Selector: "sampleTimestamps:gpuTimestamp:", Encoding: "v@:^Q^Q", Func: func(_ *objcrt.Object, cpu, gpu uintptr) {
			t := uint64(now() * timestampFrequency)
			for _, out := range []uintptr{cpu, gpu} {
				if out != 0 {
					*(*uint64)(objcrt.Pointer(out)) = t
				}
			}
		}},
		{Selector: "queryTimestampFrequency", Encoding: "Q@:", Func: always(timestampFrequency)},
		{Selector: "maximumConcurrentCompilationTaskCount", Encoding: "Q@:", Func: func(*objcrt.Object) uintptr {
			return uintptr(runtime.GOMAXPROCS(0))
		}},
		{Selector: "shouldMaximizeConcurrentCompilation", Encoding: "B@:", Func: func(*objcrt.Object) uintptr {
			return boolWord(maximizeCompilation.Load())
		}},
		{Selector: "setShouldMaximizeConcurrentCompilation:", Encoding: "v@:B", Func: func(_ *objcrt.Object, on uintptr) {
			maximizeCompilation.Store(isTrue(on))
		}},
	}
	// What the device is and has not: zero and NO say so.
	for _, m := range []struct {
		encoding  string
		word      uintptr
		selectors []string
	}{
		{"B@:", 1, []string{"hasUnifiedMemory", "isHeadless", "supports32BitFloatFiltering"}},
		{"B@:", 0, []string{
			"isLowPower", "isRemovable", "supports32BitMSAA", "supportsBCTextureCompression",
			"supportsDynamicLibraries", "supportsRenderDynamicLibraries", "supportsFunctionPointers", "supportsFunctionPointersFromRender",
			"supportsPlacementSparse", "supportsPrimitiveMotionBlur", "supportsPullModelInterpolation", "supportsQueryTextureLOD",
			"supportsRaytracing", "supportsRaytracingFromRender", "supportsShaderBarycentricCoordinates", "areBarycentricCoordsSupported",
			"areProgrammableSamplePositionsSupported", "areRasterOrderGroupsSupported", "isDepth24Stencil8PixelFormatSupported",
		}},
		{"Q@:", 0, []string{
			"location", "locationNumber", "maxTransferRate", "peerGroupID", "sparseTileSizeInBytes",
		}},
		{"Q@:", 1, []string{"argumentBuffersSupport"}},  // tier 2
		{"Q@:", 2, []string{"readWriteTextureSupport"}}, // tier 2
		{"Q@:", 1024, []string{"maxArgumentBufferSamplerCount"}},
		{"I@:", 0, []string{"peerIndex", "peerCount"}},
	} {
		for _, s := range m.selectors {
			methods = append(methods, objcrt.Method{Selector: s, Encoding: m.encoding, Func: always(m.word)})
		}
	}
	no := func(*objcrt.Object, uintptr) uintptr { return 0 }
	for selector, encoding := range map[string]string{
		"supportsFamily:": "B@:q", "supportsFeatureSet:": "B@:Q",
		"supportsVertexAmplificationCount:":           "B@:Q",
		"supportsRasterizationRateMapWithLayerCount:": "B@:Q", "sparseTileSizeInBytesForSparsePageSize:": "Q@:q",
	} {
		methods = append(methods, objcrt.Method{Selector: selector, Encoding: encoding, Func: no})
	}
	methods = append(methods, deviceMakers()...)
	methods = append(methods, deviceTextures()...)
	methods = append(methods, deviceArguments()...)
	methods = append(methods, deviceLogs()...)
	methods = append(methods, deviceCounters()...)
	methods = append(methods, deviceCompilers()...)
	return objcrt.ClassDef{Name: "MTLCPUDevice", Methods: methods}
}

const timestampFrequency = 1e9 // ticks of sampleTimestamps a second

// maximizeCompilation is kept for who asks; compilation always uses what it can.
var maximizeCompilation atomic.Bool

// deviceMakers make queues, buffers, fences and events.
func deviceMakers() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "newCommandQueue", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newQueueObject(o, 0, 0) }},
		{Selector: "newCommandQueueWithMaxCommandBufferCount:", Encoding: "@@:Q", Func: func(o *objcrt.Object, n uintptr) uintptr {
			return newQueueObject(o, n, 0)
		}},
		{Selector: "newCommandQueueWithDescriptor:", Encoding: "@@:@", Func: func(o *objcrt.Object, descriptor uintptr) uintptr {
			d, ok := objcrt.As[*queueDescriptor](objcrt.ID(descriptor))
			if !ok {
				return newQueueObject(o, 0, 0)
			}
			return newQueueObject(o, d.count, d.log)
		}},
		{Selector: "newBufferWithLength:options:", Encoding: "@@:QQ", Func: func(o *objcrt.Object, n, options uintptr) uintptr {
			return newBufferObject(value[*Device](o).NewBuffer(uint64(n), ResourceOptions(options)))
		}},
		{Selector: "newBufferWithBytes:length:options:", Encoding: "@@:r^vQQ", Func: func(o *objcrt.Object, data, n, options uintptr) uintptr {
			d := value[*Device](o)
			if data == 0 || uint64(n) > d.MaxBufferLength() {
				return 0
			}
			return newBufferObject(d.NewBufferBytes(objcrt.Bytes(data, int(n)), ResourceOptions(options)))
		}},
		{Selector: "newBufferWithBytesNoCopy:length:options:deallocator:", Encoding: "@@:^vQQ@?", Func: func(o *objcrt.Object, data, n, options, block uintptr) uintptr {
			d := value[*Device](o)
			if data == 0 || uint64(n) > d.MaxBufferLength() {
				return 0
			}
			free := func() {
				objcrt.CallBlock(objcrt.ID(block), data, n, 0, 0)
				objcrt.Release(objcrt.ID(block))
			}
			b := d.NewBufferNoCopy(objcrt.Bytes(data, int(n)), ResourceOptions(options), free)
			if b != nil {
				objcrt.Retain(objcrt.ID(block))
			}
			return newBufferObject(b)
		}},
		{Selector: "newFence", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(fenceClass().New(&fenceObject{fence: value[*Device](o).NewFence()}))
		}},
		{Selector: "newEvent", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(eventClass().New(&eventObject{event: value[*Device](o).NewEvent()}))
		}},
		{Selector: "newSharedEvent", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(sharedEventClass().New(&eventObject{event: value[*Device](o).NewEvent()}))
		}},
		{Selector: "newSharedEventWithHandle:", Encoding: "@@:@", Func: func(_ *objcrt.Object, handle uintptr) uintptr {
			h, ok := objcrt.As[*eventHandle](objcrt.ID(handle))
			if !ok || h.event == nil {
				return 0
			}
			return uintptr(sharedEventClass().New(&eventObject{event: h.event}))
		}},
	}
}

func newQueueObject(o *objcrt.Object, n uintptr, log objcrt.ID) uintptr {
	if n > math.MaxInt32 {
		return 0
	}
	return uintptr(queueClass().New(&queueObject{queue: value[*Device](o).NewQueue(uint64(n)), log: objcrt.Retain(log)}))
}

var architectureLazy objcrt.Lazy

func architectureClass() *objcrt.Class { return architectureLazy.Class(defineArchitecture) }

func defineArchitecture() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  "MTLArchitecture",
		Alloc: func() any { return "" },
		Methods: []objcrt.Method{
			{Selector: "name", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[string](o)) }},
		},
	}
}

// pointerWord returns the word of a pointer to memory that does not move.
func pointerWord(p unsafe.Pointer) uintptr { return uintptr(p) }
