package cpumetal

import (
	"encoding/binary"
	"math"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// texture returns the texture of an argument. It records misuse and reports
// false if the argument is no live texture.
func (e *encoder) texture(method string, word uintptr) (*Texture, bool) {
	t, ok := textureOf(word)
	if !ok && e.usable(method) {
		e.fail(CodeInvalidResource, "%s: the argument %#x is no live MTLTexture: was it released?", method, word)
	}
	return t, ok
}

// sampler does so for a sampler.
func (e *encoder) sampler(method string, word uintptr) (*Sampler, bool) {
	s, ok := samplerOf(word)
	if !ok && e.usable(method) {
		e.fail(CodeInvalidResource, "%s: the argument %#x is no live MTLSamplerState: was it released?", method, word)
	}
	return s, ok
}

// useResource keeps a buffer or a texture.
func (e *encoder) useResource(method string, word uintptr) {
	if t, ok := objcrt.As[*textureObject](objcrt.ID(word)); ok {
		e.UseTexture(method, t.Texture)
		return
	}
	if b, ok := e.buffer(method, word); ok {
		e.Use(method, b)
	}
}

// useHeap keeps a heap and all that is in it.
func (e *encoder) useHeap(method string, word uintptr) {
	h, ok := heapOf(word)
	if !ok {
		if e.usable(method) {
			e.fail(CodeInvalidResource, "%s: the argument %#x is no live MTLHeap: was it released?", method, word)
		}
		return
	}
	e.UseHeap(method, h)
}

// inTable reports whether n indices from first on are among limit; it records
// misuse.
func (e *ComputeEncoder) inTable(method string, first, n uintptr, limit uintptr) bool {
	if !e.usable(method) || n == 0 {
		return false
	}
	if first >= limit || n > limit-first {
		e.fail(CodeInternal, "%s: the range {%d, %d} is not in the indices 0 to %d", method, first, n, limit-1)
		return false
	}
	return true
}

// setSampler binds a sampler, clamped otherwise if lod is not nil.
func (e *ComputeEncoder) setSampler(method string, word, index uintptr, lod []float32) {
	s, ok := e.sampler(method, word)
	switch {
	case !ok:
	case s == nil:
		e.SetSampler(nil, uint64(index))
	case lod == nil:
		e.SetSampler(&s.Sampler, uint64(index))
	default:
		e.SetSampler(s.clamped(lod[0], lod[1]), uint64(index))
	}
}

// computeTextures are the methods that set textures and samplers.
func computeTextures() []objcrt.Method {
	type T = *ComputeEncoder
	return []objcrt.Method{
		{Selector: "setTexture:atIndex:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, texture, index uintptr) {
			e := value[T](o)
			if t, ok := e.texture("setTexture:atIndex:", texture); ok {
				e.SetTexture(t, uint64(index))
			}
		}},
		{Selector: "setTextures:withRange:", Encoding: "v@:r^@{_NSRange=QQ}", Func: func(o *objcrt.Object, list, first, n uintptr) {
			const method = "setTextures:withRange:"
			e := value[T](o)
			if !e.inTable(method, first, n, maxTextures) {
				return
			}
			ids := words(list, int(n))
			if ids == nil {
				e.fail(CodeInvalidResource, "%s: the textures are NULL", method)
			}
			for i, id := range ids {
				if t, ok := e.texture(method, id); ok {
					e.SetTexture(t, uint64(first)+uint64(i))
				}
			}
		}},
		{Selector: "setSamplerState:atIndex:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, sampler, index uintptr) {
			value[T](o).setSampler("setSamplerState:atIndex:", sampler, index, nil)
		}},
		{Selector: "setSamplerState:lodMinClamp:lodMaxClamp:atIndex:", Encoding: "v@:@ffQ", Func: func(o *objcrt.Object, sampler, lo, hi, index uintptr) {
			value[T](o).setSampler("setSamplerState:lodMinClamp:lodMaxClamp:atIndex:", sampler, index, []float32{wordFloat(lo), wordFloat(hi)})
		}},
		{Selector: "setSamplerStates:withRange:", Encoding: "v@:r^@{_NSRange=QQ}", Func: func(o *objcrt.Object, list, first, n uintptr) {
			setSamplers(o, "setSamplerStates:withRange:", list, 0, 0, first, n)
		}},
		{Selector: "setSamplerStates:lodMinClamps:lodMaxClamps:withRange:", Encoding: "v@:r^@r^fr^f{_NSRange=QQ}", Func: func(o *objcrt.Object, list, lo, hi, first, n uintptr) {
			setSamplers(o, "setSamplerStates:lodMinClamps:lodMaxClamps:withRange:", list, lo, hi, first, n)
		}},
		{Selector: "useHeap:", Encoding: "v@:@", Func: func(o *objcrt.Object, heap uintptr) {
			encoderOf(o).useHeap("useHeap:", heap)
		}},
		{Selector: "useHeaps:count:", Encoding: "v@:r^@Q", Func: func(o *objcrt.Object, heaps, n uintptr) {
			for _, id := range words(heaps, int(n)) {
				encoderOf(o).useHeap("useHeaps:count:", id)
			}
		}},
	}
}

func setSamplers(o *objcrt.Object, method string, list, lo, hi, first, n uintptr) {
	e := value[*ComputeEncoder](o)
	if !e.inTable(method, first, n, maxSamplers) {
		return
	}
	ids := words(list, int(n))
	if ids == nil {
		e.fail(CodeInvalidResource, "%s: the samplers are NULL", method)
	}
	for i, id := range ids {
		var lod []float32
		if lo != 0 && hi != 0 {
			lod = []float32{floatAtWord(lo, i), floatAtWord(hi, i)}
		}
		e.setSampler(method, id, first+uintptr(i), lod)
	}
}

// floatAtWord reads element i of a C array of floats.
func floatAtWord(p uintptr, i int) float32 {
	b := objcrt.Bytes(p, 4*(i+1))[4*i:]
	return math.Float32frombits(binary.NativeEndian.Uint32(b))
}
