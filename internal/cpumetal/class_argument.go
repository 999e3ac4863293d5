package cpumetal

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// argumentObject is a MTLArgumentEncoder.
type argumentObject struct {
	label
	ArgumentEncoder
	kept objcrt.ID // the argument buffer
}

// argumentDescriptor is a MTLArgumentDescriptor.
type argumentDescriptor struct {
	data, index, length, access uintptr
	alignment, texture          uintptr
}

var argumentLazy, argumentDescriptorLazy objcrt.Lazy

func argumentClass() *objcrt.Class { return argumentLazy.Class(defineArgumentEncoder) }
func argumentDescriptorClass() *objcrt.Class {
	return argumentDescriptorLazy.Class(defineArgumentDescriptor)
}

func newArgumentObject(l *argLayout) uintptr {
	return uintptr(argumentClass().New(&argumentObject{ArgumentEncoder: ArgumentEncoder{layout: l}}))
}

// argumentEncoderOf makes the encoder of a function's [[buffer(index)]], nil if
// it has none.
func argumentEncoderOf(f *Function, index uintptr) uintptr {
	for i := range f.kernel.Args {
		if a := &f.kernel.Args[i]; a.Kind == msl.ArgBuffer && uintptr(a.Index) == index {
			return newArgumentObject(layoutOf(a.Type))
		}
	}
	return 0
}

// deviceArguments are the device's methods that make argument encoders.
func deviceArguments() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "newArgumentEncoderWithArguments:", Encoding: "@@:@", Func: func(_ *objcrt.Object, array uintptr) uintptr {
			var list []*argumentDescriptor
			for _, id := range objcrt.ArrayItems(objcrt.ID(array)) {
				if d, ok := objcrt.As[*argumentDescriptor](id); ok {
					list = append(list, d)
				}
			}
			if l := describedLayout(list); l != nil {
				return newArgumentObject(l)
			}
			return 0
		}},
		{Selector: "newArgumentEncoderWithBufferBinding:", Encoding: "@@:@", Func: func(_ *objcrt.Object, binding uintptr) uintptr {
			if a, ok := objcrt.As[*msl.Arg](objcrt.ID(binding)); ok && a.Kind == msl.ArgBuffer {
				return newArgumentObject(layoutOf(a.Type))
			}
			return 0
		}},
	}
}

// describedLayout lays out what descriptors describe, in order of their
// indices; nil if one describes what there is not.
func describedLayout(list []*argumentDescriptor) *argLayout {
	slices.SortStableFunc(list, func(a, b *argumentDescriptor) int { return int(a.index) - int(b.index) })
	l := &argLayout{align: 8}
	for _, d := range list {
		size, kind := uint64(8), slotConstant
		switch d.data {
		case dataPointer:
			kind = slotBuffer
		case dataTexture:
			kind = slotTexture
		case dataSampler:
			kind = slotSampler
		default:
			t := constantType(uint64(d.data))
			if t == nil {
				return nil
			}
			size = uint64(t.Size())
			l.align = max(l.align, uint64(t.Align()))
		}
		for i := range max(d.length, 1) {
			if i > 1<<20 {
				return nil
			}
			at := (l.size + size - 1) / size * size
			if a := uint64(d.alignment); i == 0 && a > 0 {
				at = (l.size + a - 1) / a * a
			}
			l.slots = append(l.slots, argSlot{id: uint64(d.index + i), offset: at, kind: kind})
			l.size = at + size
		}
	}
	l.size = max(1, (l.size+l.align-1)/l.align*l.align)
	return l
}

func defineArgumentDescriptor() objcrt.ClassDef {
	type T = *argumentDescriptor
	fresh := func() *argumentDescriptor { return &argumentDescriptor{texture: 2} }
	return objcrt.ClassDef{
		Name:  "MTLArgumentDescriptor",
		Alloc: func() any { return fresh() },
		Copy: func(o *objcrt.Object) any {
			d := *value[T](o)
			return &d
		},
		Methods: joinMethods(
			wordProperty("dataType", "setDataType:", "Q", func(d T) *uintptr { return &d.data }),
			wordProperty("index", "setIndex:", "Q", func(d T) *uintptr { return &d.index }),
			wordProperty("arrayLength", "setArrayLength:", "Q", func(d T) *uintptr { return &d.length }),
			wordProperty("access", "setAccess:", "Q", func(d T) *uintptr { return &d.access }),
			wordProperty("textureType", "setTextureType:", "Q", func(d T) *uintptr { return &d.texture }),
			wordProperty("constantBlockAlignment", "setConstantBlockAlignment:", "Q", func(d T) *uintptr { return &d.alignment }),
		),
		ClassMethods: []objcrt.Method{
			{Selector: "argumentDescriptor", Encoding: "@@:", Func: func(*objcrt.Object) uintptr {
				return uintptr(argumentDescriptorClass().New(fresh()))
			}},
		},
	}
}

func defineArgumentEncoder() objcrt.ClassDef {
	type T = *argumentObject
	setBuffer := func(o *objcrt.Object, method string, buffer, offset, index uintptr) {
		b, ok := bufferOf(buffer)
		if !ok {
			raise(o, method, errNoBuffer)
		}
		raise(o, method, value[T](o).SetBuffer(b, uint64(offset), uint64(index)))
	}
	setTexture := func(o *objcrt.Object, method string, texture, index uintptr) {
		t, ok := textureOf(texture)
		if !ok {
			raise(o, method, errNoTexture)
		}
		raise(o, method, value[T](o).SetTexture(t, uint64(index)))
	}
	setSampler := func(o *objcrt.Object, method string, sampler, index uintptr) {
		s, ok := samplerOf(sampler)
		if !ok {
			raise(o, method, errNoSampler)
		}
		raise(o, method, value[T](o).SetSampler(s, uint64(index)))
	}
	setArgument := func(o *objcrt.Object, method string, buffer, offset uintptr) {
		e := value[T](o)
		b, ok := bufferOf(buffer)
		if !ok {
			raise(o, method, errNoBuffer)
		}
		raise(o, method, e.SetArgumentBuffer(b, uint64(offset)))
		old := e.kept
		e.kept = objcrt.Retain(objcrt.ID(buffer))
		objcrt.Release(old)
	}
	return objcrt.ClassDef{
		Name:    "MTLCPUArgumentEncoder",
		Dealloc: func(o *objcrt.Object) { objcrt.Release(value[T](o).kept) },
		Methods: append([]objcrt.Method{
			{Selector: "device", Encoding: "@@:", Func: deviceGetter},
			{Selector: "encodedLength", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr { return uintptr(value[T](o).layout.size) }},
			{Selector: "alignment", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr { return uintptr(value[T](o).layout.align) }},
			{Selector: "setArgumentBuffer:offset:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, buffer, offset uintptr) {
				setArgument(o, "setArgumentBuffer:offset:", buffer, offset)
			}},
			{Selector: "setArgumentBuffer:startOffset:arrayElement:", Encoding: "v@:@QQ", Func: func(o *objcrt.Object, buffer, start, element uintptr) {
				setArgument(o, "setArgumentBuffer:startOffset:arrayElement:", buffer, start+element*uintptr(value[T](o).layout.size))
			}},
			{Selector: "setBuffer:offset:atIndex:", Encoding: "v@:@QQ", Func: func(o *objcrt.Object, buffer, offset, index uintptr) {
				setBuffer(o, "setBuffer:offset:atIndex:", buffer, offset, index)
			}},
			{Selector: "setBuffers:offsets:withRange:", Encoding: "v@:r^@r^Q{_NSRange=QQ}", Func: func(o *objcrt.Object, buffers, offsets, first, n uintptr) {
				offs := words(offsets, int(n))
				for i, id := range words(buffers, int(n)) {
					setBuffer(o, "setBuffers:offsets:withRange:", id, offs[i], first+uintptr(i))
				}
			}},
			{Selector: "setTexture:atIndex:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, texture, index uintptr) {
				setTexture(o, "setTexture:atIndex:", texture, index)
			}},
			{Selector: "setTextures:withRange:", Encoding: "v@:r^@{_NSRange=QQ}", Func: func(o *objcrt.Object, list, first, n uintptr) {
				for i, id := range words(list, int(n)) {
					setTexture(o, "setTextures:withRange:", id, first+uintptr(i))
				}
			}},
			{Selector: "setSamplerState:atIndex:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, sampler, index uintptr) {
				setSampler(o, "setSamplerState:atIndex:", sampler, index)
			}},
			{Selector: "setSamplerStates:withRange:", Encoding: "v@:r^@{_NSRange=QQ}", Func: func(o *objcrt.Object, list, first, n uintptr) {
				for i, id := range words(list, int(n)) {
					setSampler(o, "setSamplerStates:withRange:", id, first+uintptr(i))
				}
			}},
			{Selector: "constantDataAtIndex:", Encoding: "^v@:Q", Func: func(o *objcrt.Object, index uintptr) uintptr {
				p, err := value[T](o).Constant(uint64(index))
				raise(o, "constantDataAtIndex:", err)
				return pointerWord(p)
			}},
			{Selector: "newArgumentEncoderForBufferAtIndex:", Encoding: "@@:Q", Func: func(o *objcrt.Object, index uintptr) uintptr {
				if e := value[T](o).Nested(uint64(index)); e != nil {
					return newArgumentObject(e.layout)
				}
				return 0
			}},
		}, labelMethods()...),
	}
}
