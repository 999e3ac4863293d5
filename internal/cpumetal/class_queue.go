package cpumetal

import (
	"math"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// queueObject is a MTLCommandQueue.
type queueObject struct {
	label
	queue *Queue
	log   objcrt.ID // MTLLogState, retained
}

var queueLazy, commandBufferLazy, encoderInfoLazy objcrt.Lazy

func queueClass() *objcrt.Class         { return queueLazy.Class(defineQueue) }
func commandBufferClass() *objcrt.Class { return commandBufferLazy.Class(defineCommandBuffer) }
func encoderInfoClass() *objcrt.Class   { return encoderInfoLazy.Class(defineEncoderInfo) }

func defineQueue() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:    "MTLCPUCommandQueue",
		Dealloc: func(o *objcrt.Object) { objcrt.Release(value[*queueObject](o).log) },
		Methods: joinMethods(labeledMethods(), localQueueMethods(), []objcrt.Method{
			{Selector: "commandBuffer", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return newCommandBuffer(o, true, 0, 0)
			}},
			{Selector: "commandBufferWithUnretainedReferences", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return newCommandBuffer(o, false, 0, 0)
			}},
			{Selector: "commandBufferWithDescriptor:", Encoding: "@@:@", Func: func(o *objcrt.Object, descriptor uintptr) uintptr {
				retain, options, log := bufferOptions(descriptor)
				return newCommandBuffer(o, retain, options, log)
			}},
			// For captures, which there are none of.
			{Selector: "insertDebugCaptureBoundary", Encoding: "v@:", Func: func(*objcrt.Object) {}},
		}),
	}
}

// bufferOptions reads a MTLCommandBufferDescriptor, which may be nil.
func bufferOptions(descriptor uintptr) (retain bool, options ErrorOptions, log objcrt.ID) {
	if d, ok := objcrt.As[*commandBufferDescriptor](objcrt.ID(descriptor)); ok {
		return d.retained != 0, ErrorOptions(d.errors), d.log
	}
	return true, 0, 0
}

func newCommandBuffer(o *objcrt.Object, retain bool, options ErrorOptions, log objcrt.ID) uintptr {
	return newCommandBufferObject(o, value[*queueObject](o).queue.CommandBuffer(retain, options), log)
}

// newCommandBufferObject makes the object of a new command buffer of the queue
// o. Its value is the CommandBuffer itself, whose Owner is the queue object,
// retained. log is the MTLLogState of its descriptor, or nil.
func newCommandBufferObject(o *objcrt.Object, cb *CommandBuffer, log objcrt.ID) uintptr {
	cb.Owner = retained(o.ID())
	if log != 0 {
		cb.LogOwner = retained(log)
		cb.SetLog(logOf(log))
	} else if q := value[*queueObject](o); q.log != 0 {
		cb.SetLog(logOf(q.log))
	}
	return uintptr(commandBufferClass().Renew(&cb.Object, cb))
}

func defineCommandBuffer() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUCommandBuffer",
		Dealloc: func(o *objcrt.Object) {
			cb := value[*CommandBuffer](o)
			cb.DropHandlers(func(h Handler) { objcrt.Release(objcrt.ID(h.A)) })
			queue, template, log := objcrt.ID(cb.Owner), objcrt.ID(cb.Replayed), objcrt.ID(cb.LogOwner)
			cb.Recycle()
			objcrt.Release(template)
			objcrt.Release(queue)
			objcrt.Release(log)
		},
		Methods: joinMethods(commandBufferState(), commandBufferEncoding(), localCommandBufferMethods()),
	}
}

// commandBufferState are the methods that tell of a command buffer, have it run
// and wait for it.
func commandBufferState() []objcrt.Method {
	seconds := func(f func(t Times) float64) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr {
			return uintptr(math.Float64bits(f(value[*CommandBuffer](o).Times())))
		}
	}
	return []objcrt.Method{
		{Selector: "label", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[*CommandBuffer](o).Label()) }},
		{Selector: "setLabel:", Encoding: "v@:@", Func: func(o *objcrt.Object, text uintptr) {
			value[*CommandBuffer](o).SetLabel(goString(text))
		}},
		{Selector: "device", Encoding: "@@:", Func: deviceGetter},
		{Selector: "commandQueue", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
			return retained(objcrt.ID(value[*CommandBuffer](o).Owner))
		}},
		{Selector: "retainedReferences", Encoding: "B@:", Func: func(o *objcrt.Object) uintptr {
			return boolWord(value[*CommandBuffer](o).Retained())
		}},
		{Selector: "errorOptions", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(value[*CommandBuffer](o).Options())
		}},
		{Selector: "status", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(value[*CommandBuffer](o).Status())
		}},
		{Selector: "error", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
			return uintptr(errorObject(value[*CommandBuffer](o).Err()))
		}},
		{Selector: "GPUStartTime", Encoding: "d@:", Func: seconds(func(t Times) float64 { return t.GPUStart })},
		{Selector: "GPUEndTime", Encoding: "d@:", Func: seconds(func(t Times) float64 { return t.GPUEnd })},
		{Selector: "kernelStartTime", Encoding: "d@:", Func: seconds(func(t Times) float64 { return t.KernelStart })},
		{Selector: "kernelEndTime", Encoding: "d@:", Func: seconds(func(t Times) float64 { return t.KernelEnd })},
		{Selector: "enqueue", Encoding: "v@:", Func: func(o *objcrt.Object) { value[*CommandBuffer](o).Enqueue() }},
		{Selector: "commit", Encoding: "v@:", Func: func(o *objcrt.Object) { commit(o, (*CommandBuffer).Commit) }},
		{Selector: "addScheduledHandler:", Encoding: "v@:@?", Func: func(o *objcrt.Object, block uintptr) {
			value[*CommandBuffer](o).OnScheduled(blockHandler(o, block))
		}},
		{Selector: "addCompletedHandler:", Encoding: "v@:@?", Func: func(o *objcrt.Object, block uintptr) {
			value[*CommandBuffer](o).OnCompleted(blockHandler(o, block))
		}},
		{Selector: "waitUntilScheduled", Encoding: "v@:", Func: func(o *objcrt.Object) { value[*CommandBuffer](o).WaitUntilScheduled() }},
		{Selector: "waitUntilCompleted", Encoding: "v@:", Func: func(o *objcrt.Object) { value[*CommandBuffer](o).WaitUntilCompleted() }},
	}
}

// commit has a command buffer run. The queue keeps the object until it is done
// with it.
func commit(o *objcrt.Object, by func(*CommandBuffer, Handler) bool) {
	cb := value[*CommandBuffer](o)
	if cb.Status() >= StatusCommitted {
		return
	}
	objcrt.Retain(o.ID())
	if !by(cb, Handler{Func: releaseObject, A: uintptr(o.ID())}) {
		objcrt.Release(o.ID())
	}
}

// blockHandler is a handler that calls a block, which it keeps until then, with
// the command buffer.
func blockHandler(o *objcrt.Object, block uintptr) Handler {
	return Handler{Func: callBlock, A: retained(objcrt.ID(block)), B: uintptr(o.ID())}
}

// commandBufferEncoding are the methods that put something into a command
// buffer.
func commandBufferEncoding() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "computeCommandEncoder", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
			return newComputeEncoder(o, dispatchSerial)
		}},
		{Selector: "computeCommandEncoderWithDispatchType:", Encoding: "@@:Q", Func: newComputeEncoder},
		{Selector: "computeCommandEncoderWithDescriptor:", Encoding: "@@:@", Func: func(o *objcrt.Object, descriptor uintptr) uintptr {
			p, ok := objcrt.As[*pass](objcrt.ID(descriptor))
			if !ok {
				return newComputeEncoder(o, dispatchSerial)
			}
			return passed(newComputeEncoder(o, p.dispatch), p)
		}},
		{Selector: "blitCommandEncoder", Encoding: "@@:", Func: newBlitEncoder},
		{Selector: "blitCommandEncoderWithDescriptor:", Encoding: "@@:@", Func: func(o *objcrt.Object, descriptor uintptr) uintptr {
			p, ok := objcrt.As[*pass](objcrt.ID(descriptor))
			if !ok {
				return newBlitEncoder(o)
			}
			return passed(newBlitEncoder(o), p)
		}},
		{Selector: "encodeSignalEvent:value:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, event, v uintptr) {
			value[*CommandBuffer](o).SignalEvent(eventOf(event), uint64(v))
		}},
		{Selector: "encodeWaitForEvent:value:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, event, v uintptr) {
			value[*CommandBuffer](o).WaitEvent(eventOf(event), uint64(v))
		}},
		// Debug groups are for captures, which there are none of.
		{Selector: "pushDebugGroup:", Encoding: "v@:@", Func: func(*objcrt.Object, uintptr) {}},
		{Selector: "popDebugGroup", Encoding: "v@:", Func: func(*objcrt.Object) {}},
	}
}

func defineEncoderInfo() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUCommandBufferEncoderInfo",
		Methods: []objcrt.Method{
			{Selector: "label", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(value[*EncoderInfo](o).Label) }},
			{Selector: "debugSignposts", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return uintptr(stringArray(value[*EncoderInfo](o).Signposts))
			}},
			{Selector: "errorState", Encoding: "q@:", Func: func(o *objcrt.Object) uintptr {
				return uintptr(value[*EncoderInfo](o).State)
			}},
		},
	}
}
