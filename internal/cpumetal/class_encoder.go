package cpumetal

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// MTLDispatchType.
const (
	dispatchSerial     = 0
	dispatchConcurrent = 1
)

var computeEncoderLazy, blitEncoderLazy objcrt.Lazy

func computeEncoderClass() *objcrt.Class { return computeEncoderLazy.Class(defineComputeEncoder) }
func blitEncoderClass() *objcrt.Class    { return blitEncoderLazy.Class(defineBlitEncoder) }

// newComputeEncoder makes the object of a compute encoder. Its value is the
// ComputeEncoder itself, whose Owner is the command buffer object, retained.
func newComputeEncoder(o *objcrt.Object, dispatch uintptr) uintptr {
	e := value[*CommandBuffer](o).ComputeEncoder(dispatch == dispatchConcurrent)
	if e == nil {
		return 0
	}
	e.Owner = retained(o.ID())
	return uintptr(computeEncoderClass().Renew(&e.Object, e))
}

// newBlitEncoder does the same for a blit encoder.
func newBlitEncoder(o *objcrt.Object) uintptr {
	e := value[*CommandBuffer](o).BlitEncoder()
	if e == nil {
		return 0
	}
	e.Owner = retained(o.ID())
	return uintptr(blitEncoderClass().Renew(&e.Object, e))
}

// encoding is what the encoder classes have in common.
type encoding interface{ base() *encoder }

func (e *encoder) base() *encoder { return e }

func encoderOf(o *objcrt.Object) *encoder { return value[encoding](o).base() }

// encoderMethods are those of the protocol MTLCommandEncoder, and fences.
func encoderMethods() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "label", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(encoderOf(o).Label()) }},
		{Selector: "setLabel:", Encoding: "v@:@", Func: func(o *objcrt.Object, text uintptr) { encoderOf(o).SetLabel(goString(text)) }},
		{Selector: "device", Encoding: "@@:", Func: deviceGetter},
		{Selector: "endEncoding", Encoding: "v@:", Func: func(o *objcrt.Object) { encoderOf(o).End() }},
		{Selector: "insertDebugSignpost:", Encoding: "v@:@", Func: func(o *objcrt.Object, text uintptr) { encoderOf(o).Signpost(goString(text)) }},
		{Selector: "pushDebugGroup:", Encoding: "v@:@", Func: func(o *objcrt.Object, _ uintptr) { encoderOf(o).Accept("pushDebugGroup:") }},
		{Selector: "popDebugGroup", Encoding: "v@:", Func: func(o *objcrt.Object) { encoderOf(o).Accept("popDebugGroup") }},
		{Selector: "barrierAfterQueueStages:beforeStages:", Encoding: "v@:QQ", Func: func(o *objcrt.Object, _, _ uintptr) {
			encoderOf(o).Barrier("barrierAfterQueueStages:beforeStages:")
		}},
		{Selector: "updateFence:", Encoding: "v@:@", Func: func(o *objcrt.Object, fence uintptr) {
			encoderOf(o).Fence("updateFence:", fenceOf(fence))
		}},
		{Selector: "waitForFence:", Encoding: "v@:@", Func: func(o *objcrt.Object, fence uintptr) {
			encoderOf(o).Fence("waitForFence:", fenceOf(fence))
		}},
	}
}

// buffer returns the buffer of an argument. It records misuse and reports false
// if the argument is no live buffer.
func (e *encoder) buffer(method string, word uintptr) (*Buffer, bool) {
	b, ok := bufferOf(word)
	if !ok && e.usable(method) {
		e.fail(CodeInvalidResource, "%s: the argument %#x is no live MTLBuffer: was it released?", method, word)
	}
	return b, ok
}

// words returns n words of a C array; nil if there is none.
func words(p uintptr, n int) []uintptr {
	if p == 0 || n <= 0 {
		return nil
	}
	return unsafe.Slice((*uintptr)(objcrt.Pointer(p)), n)
}

func defineComputeEncoder() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUComputeCommandEncoder",
		Dealloc: func(o *objcrt.Object) {
			e := value[*ComputeEncoder](o)
			cb := objcrt.ID(e.Owner)
			e.Recycle()
			objcrt.Release(cb)
		},
		Methods: joinMethods(encoderMethods(), computeState(), computeTextures(), computeDispatches(), computeHints()),
	}
}

// computeState are the methods that set what dispatches use.
func computeState() []objcrt.Method {
	type T = *ComputeEncoder
	return []objcrt.Method{
		{Selector: "dispatchType", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr { return boolWord(value[T](o).Concurrent()) }},
		{Selector: "setComputePipelineState:", Encoding: "v@:@", Func: func(o *objcrt.Object, pipeline uintptr) {
			p, _ := objcrt.As[*Pipeline](objcrt.ID(pipeline))
			value[T](o).SetPipeline(p)
		}},
		{Selector: "setBuffer:offset:atIndex:", Encoding: "v@:@QQ", Func: func(o *objcrt.Object, buffer, offset, index uintptr) {
			e := value[T](o)
			if b, ok := e.buffer("setBuffer:offset:atIndex:", buffer); ok {
				e.SetBuffer(b, uint64(offset), uint64(index))
			}
		}},
		{Selector: "setBufferOffset:atIndex:", Encoding: "v@:QQ", Func: func(o *objcrt.Object, offset, index uintptr) {
			value[T](o).SetBufferOffset(uint64(offset), uint64(index))
		}},
		{Selector: "setBuffers:offsets:withRange:", Encoding: "v@:r^@r^Q{_NSRange=QQ}", Func: setBuffers},
		{Selector: "setBytes:length:atIndex:", Encoding: "v@:r^vQQ", Func: func(o *objcrt.Object, data, n, index uintptr) {
			e := value[T](o)
			if data == 0 || n > maxBytes {
				e.failBytes(uint64(n), uint64(index))
				return
			}
			e.SetBytes(objcrt.Bytes(data, int(n)), uint64(index))
		}},
		{Selector: "setThreadgroupMemoryLength:atIndex:", Encoding: "v@:QQ", Func: func(o *objcrt.Object, n, index uintptr) {
			value[T](o).SetThreadgroupMemory(uint64(n), uint64(index))
		}},
	}
}

func setBuffers(o *objcrt.Object, buffers, offsets, first, n uintptr) {
	const method = "setBuffers:offsets:withRange:"
	e := value[*ComputeEncoder](o)
	if !e.usable(method) || n == 0 {
		return
	}
	if first >= maxBuffers || n > maxBuffers-first {
		e.fail(CodeInternal, "%s: the range {%d, %d} is not in the buffer indices 0 to %d", method, first, n, maxBuffers-1)
		return
	}
	ids, offs := words(buffers, int(n)), words(offsets, int(n))
	if ids == nil || offs == nil {
		e.fail(CodeInvalidResource, "%s: buffers or offsets are NULL", method)
		return
	}
	for i := range ids {
		if b, ok := e.buffer(method, ids[i]); ok {
			e.SetBuffer(b, uint64(offs[i]), uint64(first)+uint64(i))
		}
	}
}

// computeDispatches are the methods that run kernels.
func computeDispatches() []objcrt.Method {
	type T = *ComputeEncoder
	return []objcrt.Method{
		{Selector: "dispatchThreads:threadsPerThreadgroup:", Encoding: "v@:{?=QQQ}{?=QQQ}", Func: func(o *objcrt.Object, x, y, z, gx, gy, gz uintptr) {
			value[T](o).DispatchThreads(size3(x, y, z), size3(gx, gy, gz))
		}},
		{Selector: "dispatchThreadgroups:threadsPerThreadgroup:", Encoding: "v@:{?=QQQ}{?=QQQ}", Func: func(o *objcrt.Object, x, y, z, gx, gy, gz uintptr) {
			value[T](o).DispatchThreadgroups(size3(x, y, z), size3(gx, gy, gz))
		}},
		{Selector: "dispatchThreadgroupsWithIndirectBuffer:indirectBufferOffset:threadsPerThreadgroup:", Encoding: "v@:@Q{?=QQQ}",
			Func: func(o *objcrt.Object, buffer, offset, gx, gy, gz uintptr) {
				e := value[T](o)
				if b, ok := e.buffer("dispatchThreadgroupsWithIndirectBuffer:indirectBufferOffset:threadsPerThreadgroup:", buffer); ok {
					e.DispatchIndirect(b, uint64(offset), size3(gx, gy, gz))
				}
			}},
	}
}

// computeHints are the methods that tell what depends on what, and which resources
// kernels reach.
func computeHints() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "memoryBarrierWithScope:", Encoding: "v@:Q", Func: func(o *objcrt.Object, _ uintptr) {
			encoderOf(o).Barrier("memoryBarrierWithScope:")
		}},
		{Selector: "memoryBarrierWithResources:count:", Encoding: "v@:r^@Q", Func: func(o *objcrt.Object, _, _ uintptr) {
			encoderOf(o).Barrier("memoryBarrierWithResources:count:")
		}},
		{Selector: "useResource:usage:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, resource, _ uintptr) {
			encoderOf(o).useResource("useResource:usage:", resource)
		}},
		{Selector: "useResources:count:usage:", Encoding: "v@:r^@QQ", Func: func(o *objcrt.Object, resources, n, _ uintptr) {
			e := encoderOf(o)
			for _, id := range words(resources, int(n)) {
				e.useResource("useResources:count:usage:", id)
			}
		}},
	}
}

func defineBlitEncoder() objcrt.ClassDef {
	type T = *BlitEncoder
	return objcrt.ClassDef{
		Name: "MTLCPUBlitCommandEncoder",
		Dealloc: func(o *objcrt.Object) {
			e := value[T](o)
			cb := objcrt.ID(e.Owner)
			e.Recycle()
			objcrt.Release(cb)
		},
		Methods: joinMethods(encoderMethods(), blitTextures(), []objcrt.Method{
			{Selector: "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:", Encoding: "v@:@Q@QQ",
				Func: func(o *objcrt.Object, src, srcOff, dst, dstOff, n uintptr) {
					const method = "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:"
					e := value[T](o)
					s, ok1 := e.buffer(method, src)
					d, ok2 := e.buffer(method, dst)
					if ok1 && ok2 {
						e.Copy(s, uint64(srcOff), d, uint64(dstOff), uint64(n))
					}
				}},
			{Selector: "fillBuffer:range:value:", Encoding: "v@:@{_NSRange=QQ}C", Func: func(o *objcrt.Object, buffer, offset, n, v uintptr) {
				e := value[T](o)
				if b, ok := e.buffer("fillBuffer:range:value:", buffer); ok {
					e.Fill(b, uint64(offset), uint64(n), byte(v))
				}
			}},
			// The CPU sees what kernels write, whatever the storage mode.
			{Selector: "synchronizeResource:", Encoding: "v@:@", Func: func(o *objcrt.Object, _ uintptr) {
				encoderOf(o).Accept("synchronizeResource:")
			}},
		}),
	}
}
