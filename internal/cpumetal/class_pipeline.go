package cpumetal

import (
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// pipelineDescriptor is a MTLComputePipelineDescriptor.
type pipelineDescriptor struct {
	label      string
	function   objcrt.ID
	buffers    objcrt.ID // MTLPipelineBufferDescriptorArray, made when asked for
	multiple   uintptr   // threadGroupSizeIsMultipleOfThreadExecutionWidth
	maxThreads uintptr
	required   Size3
	depth      uintptr
	indirect   uintptr
	binary     uintptr
	validation uintptr
}

func newPipelineDescriptor() *pipelineDescriptor { return &pipelineDescriptor{depth: 1} }

// options returns what the descriptor asks for.
func (d *pipelineDescriptor) options() PipelineOptions {
	return PipelineOptions{Label: d.label, MaxThreads: uint64(d.maxThreads), Required: d.required}
}

// Bits of MTLPipelineOption that ask for reflection.
const pipelineReflection = 1 | 2

// devicePipelines are the device's methods that make pipelines.
func devicePipelines() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "newComputePipelineStateWithFunction:error:", Encoding: "@@:@^@", Func: func(o *objcrt.Object, function, out uintptr) uintptr {
			return makePipeline(o, functionOf(function), PipelineOptions{}, 0, 0, out)
		}},
		{Selector: "newComputePipelineStateWithFunction:options:reflection:error:", Encoding: "@@:@Q^@^@", Func: func(o *objcrt.Object, function, options, reflection, out uintptr) uintptr {
			return makePipeline(o, functionOf(function), PipelineOptions{}, options, reflection, out)
		}},
		{Selector: "newComputePipelineStateWithDescriptor:options:reflection:error:", Encoding: "@@:@Q^@^@", Func: func(o *objcrt.Object, descriptor, options, reflection, out uintptr) uintptr {
			f, opts := described(descriptor)
			return makePipeline(o, f, opts, options, reflection, out)
		}},
		{Selector: "newComputePipelineStateWithFunction:completionHandler:", Encoding: "v@:@@?", Func: func(o *objcrt.Object, function, block uintptr) {
			d, f := value[*Device](o), functionOf(function)
			async(block, func() (uintptr, *Error) {
				p, err := d.NewPipeline(f, PipelineOptions{})
				return newPipelineObject(p), err
			})
		}},
		{Selector: "newComputePipelineStateWithFunction:options:completionHandler:", Encoding: "v@:@Q@?", Func: func(o *objcrt.Object, function, options, block uintptr) {
			asyncPipeline(o, functionOf(function), PipelineOptions{}, options, block)
		}},
		{Selector: "newComputePipelineStateWithDescriptor:options:completionHandler:", Encoding: "v@:@Q@?", Func: func(o *objcrt.Object, descriptor, options, block uintptr) {
			f, opts := described(descriptor)
			asyncPipeline(o, f, opts, options, block)
		}},
	}
}

// described reads a MTLComputePipelineDescriptor.
func described(descriptor uintptr) (*Function, PipelineOptions) {
	d, ok := objcrt.As[*pipelineDescriptor](objcrt.ID(descriptor))
	if !ok {
		return nil, PipelineOptions{}
	}
	return functionOf(uintptr(d.function)), d.options()
}

func makePipeline(o *objcrt.Object, f *Function, opts PipelineOptions, options, reflection, out uintptr) uintptr {
	p, err := value[*Device](o).NewPipeline(f, opts)
	storeError(out, err)
	if p != nil && reflection != 0 && options&pipelineReflection != 0 {
		objcrt.StoreOut(reflection, newReflection(p))
	}
	return newPipelineObject(p)
}

func asyncPipeline(o *objcrt.Object, f *Function, opts PipelineOptions, options, block uintptr) {
	d := value[*Device](o)
	objcrt.Retain(objcrt.ID(block))
	go func() {
		p, err := d.NewPipeline(f, opts)
		object, e := newPipelineObject(p), errorObject(err)
		var r objcrt.ID
		if p != nil && options&pipelineReflection != 0 {
			r = newReflection(p)
		}
		objcrt.CallBlock(objcrt.ID(block), object, uintptr(r), uintptr(e), 0)
		for _, id := range []objcrt.ID{objcrt.ID(block), objcrt.ID(object), r, e} {
			objcrt.Release(id)
		}
	}()
}

func newPipelineObject(p *Pipeline) uintptr {
	if p == nil {
		return 0
	}
	return uintptr(pipelineClass().New(p))
}

var pipelineLazy, pipelineDescriptorLazy, pipelineBufferLazy, pipelineBuffersLazy objcrt.Lazy

func pipelineClass() *objcrt.Class { return pipelineLazy.Class(definePipeline) }
func pipelineDescriptorClass() *objcrt.Class {
	return pipelineDescriptorLazy.Class(definePipelineDescriptor)
}
func pipelineBufferClass() *objcrt.Class  { return pipelineBufferLazy.Class(definePipelineBuffer) }
func pipelineBuffersClass() *objcrt.Class { return pipelineBuffersLazy.Class(definePipelineBuffers) }

func definePipeline() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUComputePipelineState",
		Methods: []objcrt.Method{
			{Selector: "label", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[*Pipeline](o).Label()) }},
			{Selector: "device", Encoding: "@@:", Func: deviceGetter},
			{Selector: "maxTotalThreadsPerThreadgroup", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
				return uintptr(value[*Pipeline](o).MaxTotalThreads())
			}},
			{Selector: "threadExecutionWidth", Encoding: "Q@:", Func: always(executionWidth)},
			{Selector: "staticThreadgroupMemoryLength", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
				return uintptr(value[*Pipeline](o).StaticThreadgroupMemory())
			}},
			{Selector: "requiredThreadsPerThreadgroup", Encoding: "{?=QQQ}@:", Func: func(o *objcrt.Object, f *objcrt.Frame) {
				r := value[*Pipeline](o).Required()
				copy(f.Ret, r[:])
			}},
			{Selector: "reflection", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return uintptr(newReflection(value[*Pipeline](o)))
			}},
			{Selector: "supportIndirectCommandBuffers", Encoding: "B@:", Func: always(0)},
			{Selector: "shaderValidation", Encoding: "q@:", Func: always(shaderValidationEnabled)},
			{Selector: "allocatedSize", Encoding: "Q@:", Func: always(0)},
			{Selector: "imageblockMemoryLengthForDimensions:", Encoding: "Q@:{?=QQQ}", Func: func(*objcrt.Object, uintptr, uintptr, uintptr) uintptr { return 0 }},
		},
	}
}

// shaderValidationEnabled is MTLShaderValidationEnabled: every access of a
// kernel is checked, always.
const shaderValidationEnabled = 1

func definePipelineDescriptor() objcrt.ClassDef {
	type T = *pipelineDescriptor
	release := func(d T) {
		objcrt.Release(d.function)
		objcrt.Release(d.buffers)
	}
	return objcrt.ClassDef{
		Name:  "MTLComputePipelineDescriptor",
		Alloc: func() any { return newPipelineDescriptor() },
		Copy: func(o *objcrt.Object) any {
			d := *value[T](o)
			objcrt.Retain(d.function)
			if d.buffers != 0 {
				d.buffers = pipelineBuffersClass().New(copyPipelineBuffers(d.buffers))
			}
			return &d
		},
		Dealloc: func(o *objcrt.Object) { release(value[T](o)) },
		Methods: joinMethods(
			stringProperty("label", "setLabel:", func(d T) *string { return &d.label }),
			objectProperty("computeFunction", "setComputeFunction:", func(d T) *objcrt.ID { return &d.function }),
			wordProperty("threadGroupSizeIsMultipleOfThreadExecutionWidth", "setThreadGroupSizeIsMultipleOfThreadExecutionWidth:", "B",
				func(d T) *uintptr { return &d.multiple }),
			wordProperty("maxTotalThreadsPerThreadgroup", "setMaxTotalThreadsPerThreadgroup:", "Q", func(d T) *uintptr { return &d.maxThreads }),
			wordProperty("maxCallStackDepth", "setMaxCallStackDepth:", "Q", func(d T) *uintptr { return &d.depth }),
			wordProperty("supportIndirectCommandBuffers", "setSupportIndirectCommandBuffers:", "B", func(d T) *uintptr { return &d.indirect }),
			wordProperty("supportAddingBinaryFunctions", "setSupportAddingBinaryFunctions:", "B", func(d T) *uintptr { return &d.binary }),
			wordProperty("shaderValidation", "setShaderValidation:", "q", func(d T) *uintptr { return &d.validation }),
			sizeProperty("requiredThreadsPerThreadgroup", "setRequiredThreadsPerThreadgroup:", func(d T) *Size3 { return &d.required }),
			[]objcrt.Method{
				{Selector: "buffers", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
					d := value[T](o)
					if d.buffers == 0 {
						d.buffers = pipelineBuffersClass().New(new(pipelineBuffers))
					}
					return retained(d.buffers)
				}},
				{Selector: "reset", Encoding: "v@:", Func: func(o *objcrt.Object) {
					d := value[T](o)
					release(d)
					*d = *newPipelineDescriptor()
				}},
			},
		),
	}
}

// pipelineBuffer is a MTLPipelineBufferDescriptor: a promise about a buffer
// that this device has no use for.
type pipelineBuffer struct{ mutability uintptr }

// pipelineBuffers is a MTLPipelineBufferDescriptorArray.
type pipelineBuffers [maxBuffers]objcrt.ID

func copyPipelineBuffers(id objcrt.ID) *pipelineBuffers {
	from, _ := objcrt.As[*pipelineBuffers](id)
	to := new(pipelineBuffers)
	for i := range from { // ranging over the elements too is more than the compiler for wasm can do
		if d, ok := objcrt.As[*pipelineBuffer](from[i]); ok {
			to[i] = pipelineBufferClass().New(&pipelineBuffer{d.mutability})
		}
	}
	return to
}

func definePipelineBuffer() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:    "MTLPipelineBufferDescriptor",
		Alloc:   func() any { return new(pipelineBuffer) },
		Copy:    func(o *objcrt.Object) any { c := *value[*pipelineBuffer](o); return &c },
		Methods: wordProperty("mutability", "setMutability:", "Q", func(d *pipelineBuffer) *uintptr { return &d.mutability }),
	}
}

func definePipelineBuffers() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  "MTLPipelineBufferDescriptorArray",
		Alloc: func() any { return new(pipelineBuffers) },
		Dealloc: func(o *objcrt.Object) {
			for _, id := range value[*pipelineBuffers](o) {
				objcrt.Release(id)
			}
		},
		Methods: indexed(maxBuffers, func(o *objcrt.Object) []objcrt.ID { return value[*pipelineBuffers](o)[:] },
			func() objcrt.ID { return pipelineBufferClass().New(new(pipelineBuffer)) }),
	}
}
