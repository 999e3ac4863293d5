package cpumetal

import "github.com/aruminium-go/aruminium/internal/objcrt"

// pass is what descriptors of compute and of blit passes have.
type pass struct {
	dispatch    uintptr   // MTLDispatchType, of a compute pass
	attachments objcrt.ID // passAttachments, once asked for
}

// passAttachment is where a pass samples counters, passAttachments an array of them.
type (
	passAttachment struct {
		buffer     objcrt.ID
		start, end uintptr
	}
	passAttachments [maxPassAttachments]objcrt.ID
)

const maxPassAttachments = 4

var computePassLazy, computeAttachmentLazy, computeAttachmentsLazy, blitPassLazy, blitAttachmentLazy, blitAttachmentsLazy objcrt.Lazy

func computePassClass() *objcrt.Class { return computePassLazy.Class(defineComputePass) }
func computeAttachmentClass() *objcrt.Class {
	return computeAttachmentLazy.Class(defineComputeAttachment)
}
func computeAttachmentsClass() *objcrt.Class {
	return computeAttachmentsLazy.Class(defineComputeAttachments)
}
func blitPassClass() *objcrt.Class        { return blitPassLazy.Class(defineBlitPass) }
func blitAttachmentClass() *objcrt.Class  { return blitAttachmentLazy.Class(defineBlitAttachment) }
func blitAttachmentsClass() *objcrt.Class { return blitAttachmentsLazy.Class(defineBlitAttachments) }

func defineComputePass() objcrt.ClassDef {
	def := definePass("MTLComputePassDescriptor", "computePassDescriptor", computePassClass, computeAttachmentsClass, computeAttachmentClass)
	def.Methods = append(def.Methods, wordProperty("dispatchType", "setDispatchType:", "Q", func(p *pass) *uintptr { return &p.dispatch })...)
	return def
}

func defineBlitPass() objcrt.ClassDef {
	return definePass("MTLBlitPassDescriptor", "blitPassDescriptor", blitPassClass, blitAttachmentsClass, blitAttachmentClass)
}

func defineComputeAttachment() objcrt.ClassDef {
	return defineAttachment("MTLComputePassSampleBufferAttachmentDescriptor")
}

func defineBlitAttachment() objcrt.ClassDef {
	return defineAttachment("MTLBlitPassSampleBufferAttachmentDescriptor")
}

func defineComputeAttachments() objcrt.ClassDef {
	return defineAttachments("MTLComputePassSampleBufferAttachmentDescriptorArray", computeAttachmentClass)
}

func defineBlitAttachments() objcrt.ClassDef {
	return defineAttachments("MTLBlitPassSampleBufferAttachmentDescriptorArray", blitAttachmentClass)
}

func definePass(name, maker string, class, attachments, attachment func() *objcrt.Class) objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  name,
		Alloc: func() any { return new(pass) },
		Copy: func(o *objcrt.Object) any {
			p := *value[*pass](o)
			if p.attachments != 0 {
				from, to := value[*pass](o).samples(), new(passAttachments)
				for i := range from {
					if from[i] != nil {
						a := *from[i]
						objcrt.Retain(a.buffer)
						to[i] = attachment().New(&a)
					}
				}
				p.attachments = attachments().New(to)
			}
			return &p
		},
		Dealloc: func(o *objcrt.Object) { objcrt.Release(value[*pass](o).attachments) },
		Methods: []objcrt.Method{
			{Selector: "sampleBufferAttachments", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				p := value[*pass](o)
				if p.attachments == 0 {
					p.attachments = attachments().New(new(passAttachments))
				}
				return retained(p.attachments)
			}},
		},
		ClassMethods: []objcrt.Method{
			{Selector: maker, Encoding: "@@:", Func: func(*objcrt.Object) uintptr { return uintptr(class().New(new(pass))) }},
		},
	}
}

func defineAttachment(name string) objcrt.ClassDef {
	type T = *passAttachment
	return objcrt.ClassDef{
		Name:  name,
		Alloc: func() any { return new(passAttachment) },
		Copy: func(o *objcrt.Object) any {
			a := *value[T](o)
			objcrt.Retain(a.buffer)
			return &a
		},
		Dealloc: func(o *objcrt.Object) { objcrt.Release(value[T](o).buffer) },
		Methods: joinMethods(
			objectProperty("sampleBuffer", "setSampleBuffer:", func(a T) *objcrt.ID { return &a.buffer }),
			wordProperty("startOfEncoderSampleIndex", "setStartOfEncoderSampleIndex:", "Q", func(a T) *uintptr { return &a.start }),
			wordProperty("endOfEncoderSampleIndex", "setEndOfEncoderSampleIndex:", "Q", func(a T) *uintptr { return &a.end }),
		),
	}
}

func defineAttachments(name string, attachment func() *objcrt.Class) objcrt.ClassDef {
	type T = *passAttachments
	return objcrt.ClassDef{
		Name:  name,
		Alloc: func() any { return new(passAttachments) },
		Dealloc: func(o *objcrt.Object) {
			for _, id := range value[T](o) {
				objcrt.Release(id)
			}
		},
		Methods: indexed(maxPassAttachments, func(o *objcrt.Object) []objcrt.ID { return value[T](o)[:] },
			func() objcrt.ID { return attachment().New(new(passAttachment)) }),
	}
}

// indexed returns the methods of an array of descriptors, which are made when they
// are first asked for.
func indexed(n uintptr, elements func(*objcrt.Object) []objcrt.ID, element func() objcrt.ID) []objcrt.Method {
	return []objcrt.Method{
		{Selector: "objectAtIndexedSubscript:", Encoding: "@@:Q", Func: func(o *objcrt.Object, i uintptr) uintptr {
			if i >= n {
				return 0
			}
			p := &elements(o)[i]
			if *p == 0 {
				*p = element()
			}
			return retained(*p)
		}},
		{Selector: "setObject:atIndexedSubscript:", Encoding: "v@:@Q", Func: func(o *objcrt.Object, object, i uintptr) {
			if i < n {
				p := &elements(o)[i]
				old := *p
				*p = objcrt.Retain(objcrt.ID(object))
				objcrt.Release(old)
			}
		}},
	}
}

// samples returns the attachments that there are.
func (p *pass) samples() (all [maxPassAttachments]*passAttachment) {
	if list, ok := objcrt.As[*passAttachments](p.attachments); ok {
		for i, id := range list {
			all[i], _ = objcrt.As[*passAttachment](id)
		}
	}
	return all
}

// passed has an encoder, unless it is nil, take the samples of its pass.
func passed(encoder uintptr, p *pass) uintptr {
	if e, ok := objcrt.As[encoding](objcrt.ID(encoder)); ok {
		for _, a := range p.samples() {
			if a == nil {
				continue
			}
			if s, ok := objcrt.As[*SampleBuffer](a.buffer); ok {
				e.base().Sample(s, uint64(a.start), uint64(a.end))
			}
		}
	}
	return encoder
}
