package cpumetal

import "github.com/aruminium-go/aruminium/internal/objcrt"

var counterLazy, counterSetLazy, sampleBufferLazy, sampleBufferDescriptorLazy objcrt.Lazy

func counterClass() *objcrt.Class      { return counterLazy.Class(defineCounter) }
func counterSetClass() *objcrt.Class   { return counterSetLazy.Class(defineCounterSet) }
func sampleBufferClass() *objcrt.Class { return sampleBufferLazy.Class(defineSampleBuffer) }
func sampleBufferDescriptorClass() *objcrt.Class {
	return sampleBufferDescriptorLazy.Class(defineSampleBufferDescriptor)
}

// MTLCounterSamplingPointAtStageBoundary: at the ends of encoders.
const samplingAtStageBoundary = 0

// deviceCounters are the methods of a device that tell of counters.
func deviceCounters() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "counterSets", Encoding: "@@:", Func: func(*objcrt.Object) uintptr {
			return uintptr(newArray([]objcrt.ID{counterSetClass().New(timestampSet)}))
		}},
		{Selector: "supportsCounterSampling:", Encoding: "B@:Q", Func: func(_ *objcrt.Object, point uintptr) uintptr {
			return boolWord(point == samplingAtStageBoundary)
		}},
		{Selector: "newCounterSampleBufferWithDescriptor:error:", Encoding: "@@:@^@", Func: func(_ *objcrt.Object, descriptor, out uintptr) uintptr {
			d, ok := objcrt.As[*sampleBufferDescriptor](objcrt.ID(descriptor))
			if ok {
				_, ok = objcrt.As[string](d.set)
			}
			if !ok {
				storeError(out, errorf(DomainCounter, CodeSamplesInvalid, "the descriptor has no counter set of the device's"))
				return 0
			}
			s, err := NewSampleBuffer(d.label, uint64(d.count))
			if err != nil {
				storeError(out, err)
				return 0
			}
			return uintptr(sampleBufferClass().New(s))
		}},
	}
}

// The value of a counter and of a set is its name.

func nameMethod() objcrt.Method {
	return objcrt.Method{Selector: "name", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[string](o)) }}
}

func defineCounter() objcrt.ClassDef {
	return objcrt.ClassDef{Name: "MTLCPUCounter", Methods: []objcrt.Method{nameMethod()}}
}

func defineCounterSet() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUCounterSet",
		Methods: []objcrt.Method{
			nameMethod(),
			{Selector: "counters", Encoding: "@@:", Func: func(*objcrt.Object) uintptr {
				return uintptr(newArray([]objcrt.ID{counterClass().New(timestamp)}))
			}},
		},
	}
}

// sampleBufferDescriptor is a MTLCounterSampleBufferDescriptor.
type sampleBufferDescriptor struct {
	set            objcrt.ID
	label          string
	count, storage uintptr
}

func defineSampleBufferDescriptor() objcrt.ClassDef {
	type T = *sampleBufferDescriptor
	return objcrt.ClassDef{
		Name:  "MTLCounterSampleBufferDescriptor",
		Alloc: func() any { return new(sampleBufferDescriptor) },
		Copy: func(o *objcrt.Object) any {
			d := *value[T](o)
			objcrt.Retain(d.set)
			return &d
		},
		Dealloc: func(o *objcrt.Object) { objcrt.Release(value[T](o).set) },
		Methods: joinMethods(
			objectProperty("counterSet", "setCounterSet:", func(d T) *objcrt.ID { return &d.set }),
			stringProperty("label", "setLabel:", func(d T) *string { return &d.label }),
			wordProperty("sampleCount", "setSampleCount:", "Q", func(d T) *uintptr { return &d.count }),
			wordProperty("storageMode", "setStorageMode:", "Q", func(d T) *uintptr { return &d.storage }),
		),
	}
}

func defineSampleBuffer() objcrt.ClassDef {
	type T = *SampleBuffer
	return objcrt.ClassDef{
		Name: "MTLCPUCounterSampleBuffer",
		Methods: []objcrt.Method{
			{Selector: "device", Encoding: "@@:", Func: deviceGetter},
			{Selector: "label", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[T](o).label) }},
			{Selector: "sampleCount", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr { return uintptr(len(value[T](o).samples)) }},
			{Selector: "resolveCounterRange:", Encoding: "@@:{_NSRange=QQ}", Func: func(o *objcrt.Object, at, n uintptr) uintptr {
				data := value[T](o).Resolve(uint64(at), uint64(n))
				if data == nil {
					return 0
				}
				return uintptr(objcrt.NewData(data))
			}},
		},
	}
}
